"""Files as a source: what there is, in slices of bounded size.

A local path is listed by the operating system (any name, no pattern characters to escape); a pattern or a URL by Beam's
`FileSystems`. An input is named by its absolute path or URL for good; size and modification time tell whether it changed."""

import dataclasses
import functools
import itertools
import math
import os
import stat
import urllib.parse
from collections.abc import Callable, Iterable, Iterator
from typing import IO

from apache_beam.io.filesystems import FileSystems

from pipelines.errors import UsageError, first_line
from pipelines.sources.inputs import FILE_URL, UNREADABLE, Input, local_path, open_input
from transforms.text import containers, warc
from transforms.text.parsed import RefusedError

SLICE_BYTES = 4 * 2**20
"""An input larger than this is read in slices, where its kind allows: no run holds more of it than a few slices."""

_PEEK = 2**16
_PACKED = 4
"""About how many bytes one of a packed archive of pages holds."""
_PAGE = 16
"""Of so many bytes of a web page at least one is its story's: of pages of news sites some fifty are."""
_PAGES = (".html", ".htm", ".xhtml")
_BRIEF = 120
_EXTRAS = {"s3": "wirelake[s3]", "gs": "apache-beam[gcp]"}
"""What is installed to read from a store."""


def find(sources: Iterable[str], *, whole_gzip: bool = False) -> Iterator[Input]:
    """All inputs of files, folders (whole trees, as `paths` lists them; no pipes) and patterns, in a fixed order, each once; large ones in
    `slices`.

    Raises UsageError for a source that does not exist, is no file or folder, may not be read, or matches nothing."""
    seen: set[str] = set()
    for source in sources:
        for found in _find_one(source):
            if found.uri not in seen:
                seen.add(found.uri)
                yield from slices(found, whole_gzip=whole_gzip)


def _find_one(source: str) -> Iterator[Input]:
    if "://" in source and not source.startswith(FILE_URL):
        yield from _match(source)
        return
    path = local_path(source)
    if os.path.isdir(path):
        yield from _inputs(paths(path))
    elif os.path.exists(path):
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise UsageError(f"{source}: neither a file nor a folder; give a path to read stories from")
        if not os.access(path, os.R_OK):
            raise UsageError(f"{source}: permission to read it is missing; run as a user who may, or change its mode")
        yield from _inputs([path])
    elif any(mark in source for mark in "*?["):
        yield from _match(os.path.abspath(path))
    else:
        raise UsageError(f"{source}: no such file or folder; check the path")


def paths(folder: str, left_out: str = "", problem: Callable[[OSError], None] | None = None) -> Iterator[str]:
    """Paths of what lies in a tree, in a fixed order, without hidden files and folders, lakes, and the folder `left_out`.

    `problem` is called for each folder that cannot be listed, with its `filename`; by default it is passed over."""
    for root, folders, names in os.walk(folder, onerror=problem):
        if is_lake(root):
            folders[:] = []
            continue
        folders[:] = sorted(name for name in folders if not name.startswith(".") and os.path.join(root, name) != left_out)
        yield from (os.path.join(root, name) for name in sorted(names) if not name.startswith("."))


def is_lake(folder: str) -> bool:
    """Whether a folder is a lake: what wirelake wrote is never its input, wherever the lake lies."""
    return os.path.isdir(os.path.join(folder, "runs", "_delta_log"))


_is_known_lake = functools.lru_cache(maxsize=1024)(is_lake)


def in_lake(path: str) -> bool:
    """Whether a file of this absolute path is part of a lake."""
    parents = itertools.accumulate(os.path.dirname(path).split(os.sep), lambda one, other: f"{one}{os.sep}{other}")
    return any(_is_known_lake(parent) for parent in parents if parent)


def _inputs(local_paths: Iterable[str]) -> Iterator[Input]:
    return (found for found in map(local, local_paths) if found)


def local(path: str) -> Input | None:
    """A local file as an input, not sliced; None where `state` has none."""
    absolute = os.path.abspath(path)
    known = state(absolute)
    return Input(uri_of(absolute), size=known[0], mark=known[1], weight=known[0]) if known else None


def state(path: str) -> tuple[int, str] | None:
    """Size and mark of a local file: what tells it from a changed one. A file that cannot be read, and a link to nothing, has a mark of
    its own: it is reported once, and again when it can be read.

    None for what is gone, and for what is no file: opening a pipe or a device would keep a run waiting for ever."""
    try:
        known = os.stat(path)
    except FileNotFoundError:
        return (0, f"{UNREADABLE} missing") if os.path.islink(path) else None
    except OSError:
        return 0, f"{UNREADABLE} missing"
    if not stat.S_ISREG(known.st_mode):
        return None
    readable = os.access(path, os.R_OK)
    return known.st_size, str(known.st_mtime_ns) if readable else f"{UNREADABLE} {known.st_mtime_ns}"


def _match(pattern: str) -> Iterator[Input]:
    """What matches a pattern or a URL; a URL that ends with a slash is a folder, whose whole tree is meant."""
    try:
        found = FileSystems.match([f"{pattern}**" if "://" in pattern and pattern.endswith("/") else pattern])[0].metadata_list
    except Exception as error:  # each store's client has errors of its own: an unknown scheme, no client, no answer
        needed = _EXTRAS.get(pattern.partition("://")[0], "the file system of Beam that knows it")
        raise UsageError(f"{pattern}: cannot be listed; such a URL needs {needed}, installed and set up ({_brief(error)})") from error
    if not found:
        raise UsageError(f"{pattern}: matches no file; check the pattern")
    for metadata in sorted(found, key=lambda each: each.path):
        if "://" not in metadata.path:
            if not in_lake(metadata.path):
                yield from _inputs([metadata.path])
        else:
            mark = str(metadata.last_updated_in_seconds) if metadata.last_updated_in_seconds else None
            yield Input(metadata.path, size=metadata.size_in_bytes, mark=mark, weight=metadata.size_in_bytes)


def _brief(error: Exception) -> str:
    return f"{type(error).__name__}: {first_line(error)[:_BRIEF]}"


def uri_of(path: str) -> str:
    """A local path as text, what `local_path` takes back. A name that is no UTF-8 is given as a percent-encoded file URL."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return FILE_URL + urllib.parse.quote(os.fsencode(path))
    return path


def slices(found: Input, *, whole_gzip: bool = False) -> Iterator[Input]:
    """The input itself, or slices of it where it is large and of a kind that can be read in parts. A gzipped line file can, but each part
    unpacks all before it, and who cuts it unpacks all of it: `whole_gzip` leaves it whole. Pages weigh what they leave."""
    if found.uri.lower().endswith(_PAGES):
        found = dataclasses.replace(found, weight=-(-found.weight // _PAGE))
    if (found.size or 0) <= SLICE_BYTES // 8:
        yield found
        return
    try:
        with open_input(found.uri) as stream:
            ends = list(_slice_ends(stream, found.size or 0, whole_gzip))
    except (OSError, EOFError, RefusedError, ValueError):  # reading it on a worker will say what is wrong
        ends = []
    if len(ends) <= 1:
        yield dataclasses.replace(found, weight=ends[0][1]) if ends else found
        return
    start = 0
    for stop, weight in ends:
        yield dataclasses.replace(found, start=start, stop=stop, weight=weight)
        start = stop


def _slice_ends(stream: IO[bytes], size: int, whole_gzip: bool) -> Iterator[tuple[int, int]]:
    """Where each slice stops, and its weight in bytes; nothing where the input has no parts."""
    head = stream.read(_PEEK)
    stream.seek(0)
    kind = containers.kind_of(head)
    if kind == "lines":
        yield from _steps(size)
    elif kind == "gzip":
        kind = containers.kind_in_gzip(stream)
        if kind == "lines" and whole_gzip:
            yield size, _PACKED * size
        elif kind == "lines":
            yield from _steps(containers.unpacked_size_of_lines(stream))
        elif kind == "warc" and warc.is_packed_by_record(stream):
            yield from _steps(size, _PACKED / _PAGE)
    elif kind == "zip":
        weight = count = 0
        for count, member_size in enumerate(containers.member_sizes(stream), 1):
            weight += member_size
            if weight >= SLICE_BYTES:
                yield count, weight
                weight = 0
        if weight:
            yield count, weight


def _steps(size: int, weight: float = 1) -> Iterator[tuple[int, int]]:
    """Slices of so many bytes, of which each weighs so much."""
    for start in range(0, size, SLICE_BYTES):
        stop = min(start + SLICE_BYTES, size)
        yield stop, math.ceil(weight * (stop - start))
