"""Files as a source: what there is, in slices of bounded size, and reading it on workers.

A local path is listed by the operating system (any name, no pattern characters to escape); a pattern or a URL by Beam's
`FileSystems`. An input is named by its absolute path or URL for good; size and modification time tell whether it changed."""

import dataclasses
import datetime as dt
import functools
import hashlib
import io
import itertools
import os
import stat
import urllib.parse
from collections.abc import Iterable, Iterator
from typing import IO, Any

import apache_beam as beam
from apache_beam.io.filesystem import CompressionTypes
from apache_beam.io.filesystems import FileSystems

from pipelines.errors import UsageError
from schemas import Origin, RawItem
from transforms.ledger import Failure, delivery
from transforms.outputs import Outputs
from transforms.text import containers
from transforms.text.parsed import RefusedError

SLICE_BYTES = 4 * 2**20
"""An input larger than this is read in slices, where its kind allows: no run holds more of it than a few slices."""

_PEEK = 2**16
_DIGEST_BLOCK = 2**20
_FILE_URL = "file://"
_UNREADABLE = "unreadable"
_BRIEF = 120


@dataclasses.dataclass(frozen=True)
class Input:
    """One slice of one input (most inputs are one slice): `start` and `stop` as in `containers.unpack`.

    `weight` is about how many unpacked bytes it holds. `known_sha256` is what the ledger has for this very slice."""

    uri: str
    start: int = 0
    stop: int | None = None
    size: int | None = None
    mark: str | None = None
    weight: int = 0
    known_sha256: tuple[str, ...] = ()


def find(sources: Iterable[str]) -> Iterator[Input]:
    """All inputs of files, folders (whole trees; hidden files, pipes and lakes left out) and patterns, in a fixed order, each once.

    Raises UsageError for a source that does not exist, is no file or folder, may not be read, or matches nothing."""
    seen: set[str] = set()
    for source in sources:
        for found in _find_one(source):
            if found.uri not in seen:
                seen.add(found.uri)
                yield from _slices(found)


def _find_one(source: str) -> Iterator[Input]:
    if "://" in source and not source.startswith(_FILE_URL):
        yield from _match(source)
        return
    path = _local_path(source)
    if os.path.isdir(path):
        yield from _tree(path)
    elif os.path.exists(path):
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise UsageError(f"{source}: neither a file nor a folder; give a path to read stories from")
        if not os.access(path, os.R_OK):
            raise UsageError(f"{source}: permission to read it is missing; run as a user who may, or change its mode")
        yield _local(path)
    elif any(mark in source for mark in "*?["):
        yield from _match(os.path.abspath(path))
    else:
        raise UsageError(f"{source}: no such file or folder; check the path")


def _tree(folder: str) -> Iterator[Input]:
    for root, folders, names in os.walk(folder):
        if _is_lake(root):
            folders[:] = []
            continue
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = os.path.join(root, name)
            if not name.startswith(".") and _may_be_read(path):
                yield _local(path)


@functools.lru_cache(maxsize=1024)
def _is_lake(folder: str) -> bool:
    """Whether a folder is a lake: what wirelake wrote is never its input, wherever the lake lies."""
    return os.path.isdir(os.path.join(folder, "runs", "_delta_log"))


def _in_lake(path: str) -> bool:
    parents = itertools.accumulate(os.path.dirname(path).split(os.sep), lambda one, other: f"{one}{os.sep}{other}")
    return any(_is_lake(parent) for parent in parents if parent)


def _may_be_read(path: str) -> bool:
    """Whether opening a path ends: a file, or a link to one or to nothing. A pipe or a device would keep a run waiting for ever."""
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except OSError:
        return os.path.islink(path) or os.path.exists(path)


def _local(path: str) -> Input:
    """A local file with what tells it from a changed one. One that cannot be read has a mark of its own: it is reported once, and
    again when it can be read."""
    absolute = os.path.abspath(path)
    try:
        known = os.stat(absolute)
    except OSError:
        return Input(_uri(absolute), size=0, mark=f"{_UNREADABLE} missing")
    readable = os.access(absolute, os.R_OK)
    mark = str(known.st_mtime_ns) if readable else f"{_UNREADABLE} {known.st_mtime_ns}"
    return Input(_uri(absolute), size=known.st_size, mark=mark, weight=known.st_size)


def _match(pattern: str) -> Iterator[Input]:
    try:
        found = FileSystems.match([pattern])[0].metadata_list
    except Exception as error:  # each store's client has errors of its own: an unknown scheme, no client, no answer
        raise UsageError(
            f"{pattern}: cannot be listed; a URL needs the file system of Beam that knows it, installed and set up ({_brief(error)})"
        ) from error
    if not found:
        raise UsageError(f"{pattern}: matches no file; check the pattern")
    for metadata in sorted(found, key=lambda each: each.path):
        if "://" not in metadata.path:
            if _may_be_read(metadata.path) and not _in_lake(metadata.path):
                yield _local(metadata.path)
        else:
            mark = str(metadata.last_updated_in_seconds) if metadata.last_updated_in_seconds else None
            yield Input(metadata.path, size=metadata.size_in_bytes, mark=mark, weight=metadata.size_in_bytes)


def _brief(error: Exception) -> str:
    first = str(error).strip().partition("\n")[0]
    return f"{type(error).__name__}: {first[:_BRIEF]}"


def _uri(path: str) -> str:
    """A local path as text. A name that is no UTF-8 is given as a percent-encoded file URL."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return _FILE_URL + urllib.parse.quote(os.fsencode(path))
    return path


def _local_path(uri: str) -> str:
    if uri.startswith(_FILE_URL):
        return os.fsdecode(urllib.parse.unquote_to_bytes(uri.removeprefix(_FILE_URL)))
    return uri


def open_input(uri: str) -> IO[bytes]:
    """A seekable stream of an input's stored bytes. Raises OSError."""
    if "://" in uri and not uri.startswith(_FILE_URL):
        return FileSystems.open(uri, compression_type=CompressionTypes.UNCOMPRESSED)
    return open(_local_path(uri), "rb")


def _slices(found: Input) -> Iterator[Input]:
    """The input itself, or slices of it where it is large and of a kind that can be read in parts."""
    if (found.size or 0) <= SLICE_BYTES // 8:
        yield found
        return
    try:
        with open_input(found.uri) as stream:
            ends = list(_slice_ends(stream, found.size or 0))
    except (OSError, EOFError, RefusedError, ValueError):  # reading it on a worker will say what is wrong
        ends = []
    if len(ends) <= 1:
        yield found
        return
    start = 0
    for stop, weight in ends:
        yield dataclasses.replace(found, start=start, stop=stop, weight=weight)
        start = stop


def _slice_ends(stream: IO[bytes], size: int) -> Iterator[tuple[int, int]]:
    """Where each slice stops, and its weight in bytes; nothing where the input has no parts."""
    head = stream.read(_PEEK)
    stream.seek(0)
    kind = containers.kind_of(head)
    if kind == "gzip":
        size = containers.unpacked_size_of_lines(stream)
        kind = "lines" if size else "whole"
    if kind == "lines":
        for start in range(0, size, SLICE_BYTES):
            stop = min(start + SLICE_BYTES, size)
            yield stop, stop - start
    elif kind == "zip":
        weight = count = 0
        for count, member_size in enumerate(containers.member_sizes(stream), 1):
            weight += member_size
            if weight >= SLICE_BYTES:
                yield count, weight
                weight = 0
        if weight:
            yield count, weight


@dataclasses.dataclass(eq=False)
class ReadInputs(beam.PTransform):
    """Inputs to raw items, on workers. Main output RawItem; `failed` Failure, for what cannot be read; `already` the inputs
    that changed by date only: their bytes are those that the ledger has.

    `received_at` is the moment of this run: the source sets it once, everything after keeps it."""

    run: str
    received_at: dt.datetime

    def expand(self, inputs: beam.PCollection[Input]) -> Outputs:
        """Wires the reader."""
        return inputs | "ReadInput" >> beam.ParDo(_ReadInput(self.run, self.received_at)).with_outputs("failed", "already", main="items")


class _ReadInput(beam.DoFn):
    def __init__(self, run: str, received_at: dt.datetime) -> None:
        self._run, self._received_at = run, received_at

    def process(self, element: Input) -> Iterator[Any]:
        origin = Origin(
            source_uri=element.uri,
            input_start=element.start,
            input_stop=element.stop,
            input_size=element.size,
            input_mark=element.mark,
            received_at=self._received_at,
        )
        try:
            with open_input(element.uri) as stream:
                digest = _digest(stream, element)
                if digest in element.known_sha256:
                    yield beam.pvalue.TaggedOutput("already", element.uri)
                    return
                origin = origin.model_copy(update={"input_sha256": digest})
                for item in containers.unpack(stream, element.start, element.stop):
                    here = origin.model_copy(update={"place": containers.printable(item.place)})
                    if item.refused:
                        yield beam.pvalue.TaggedOutput("failed", Failure("read", item.refused, delivery(here, self._run), item.data))
                    else:
                        yield RawItem.model_construct(origin=here, data=item.data)
        except OSError as error:
            if not (element.mark or "").startswith(_UNREADABLE):
                # It could be read when it was listed, and may be again: without a mark the ledger lets the next run try.
                origin = origin.model_copy(update={"input_mark": None})
            refused = RefusedError("unreadable", f"{element.uri} cannot be read: {error.strerror or error}")
            yield beam.pvalue.TaggedOutput("failed", Failure("read", refused, delivery(origin, self._run), b""))


def _digest(stream: IO[bytes], element: Input) -> str:
    """sha256 of the stored bytes; for a slice of a large input, of the whole input's size and mark with the slice's place: such an
    input is not read once more to tell that a touched copy is the same."""
    if element.stop is not None:
        return hashlib.sha256(repr((element.size, element.mark, element.start, element.stop)).encode()).hexdigest()
    digest = hashlib.sha256()
    while block := stream.read(_DIGEST_BLOCK):
        digest.update(block)
    stream.seek(0, io.SEEK_SET)
    return digest.hexdigest()
