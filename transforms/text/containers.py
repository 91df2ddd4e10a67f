"""Containers: what is inside gzip, zip, tar, WARC and line files, item by item, within limits that a bomb cannot pass."""

import dataclasses
import gzip
import io
import json
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Any, cast

from transforms.text import tar, warc
from transforms.text.parsed import RefusedError

MAX_ITEM_BYTES = 64 * 2**20
"""One item unpacked. The largest wire files seen are packages of a few megabytes; CC-NEWS pages end at 1 MiB."""

MAX_UNPACKED_BYTES = 64 * 2**30
"""All of one input unpacked: far beyond a day of the world's wires, and well within what a worker can stream."""

MAX_RATIO = 200
"""Unpacked to packed. News text packs 3-6 times, repetitive tables 30-50; deflate itself ends at 1,032."""

RATIO_FROM_BYTES = 4 * 2**20
"""The ratio is looked at from here on: a small file of blanks is no bomb."""

MAX_MEMBERS = 100_000
MAX_DEPTH = 3
KEPT_OF_A_REFUSED_ITEM = 64 * 2**10

_ARCHIVES = ("gzip", "zip", "tar", "warc")
_BLOCK = 2**16
_LINES_LOOKED_AT = 8


@dataclasses.dataclass(frozen=True)
class Unpacked:
    """One item of a container: where it lay, its bytes; or, where `refused` says why it cannot be read, what there is of them."""

    place: str
    data: bytes
    refused: RefusedError | None = None


def kind_of(head: bytes) -> str:
    """`gzip`, `zip`, `tar`, `warc`, `lines` or `whole`, from the first 64 KiB of an input. Names are not looked at."""
    if head[:2] == b"\x1f\x8b":
        return "gzip"
    if head[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return "zip"
    if tar.is_tar(head):
        return "tar"
    if warc.is_warc(head):
        return "warc"
    return "lines" if _is_line_file(head) else "whole"


def _is_line_file(head: bytes) -> bool:
    """One JSON object a line. A pretty-printed object is no line file; a broken line among good ones does not hide the rest."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text.startswith(b"{"):
        return False
    lines = [line.strip() for line in text.split(b"\n", _LINES_LOOKED_AT)]
    objects = sum(line.startswith(b"{") and line.endswith(b"}") for line in lines[:_LINES_LOOKED_AT])
    if objects >= 2:
        return True
    first, complete = lines[0], len(lines) > 1
    if not complete:
        # One line, cut where the head ends or whole: a single object is a line file of one line.
        return len(head) >= _BLOCK or _is_object(first)
    return _is_object(first)


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def full_name(source_uri: str, place: str) -> str:
    """An item's name, by which a format may tell what it is: its input's, with its place where it has one."""
    return f"{source_uri}!{place}" if place else source_uri


def unpack(stream: IO[bytes], start: int = 0, stop: int | None = None) -> Iterator[Unpacked]:
    """All items of a seekable stream, or those of a slice of it.

    `start` and `stop` count bytes of an unpacked line file (lines that begin there), members of a zip, and bytes of a WARC file that is
    packed record by record (records that begin there); others have no slices.
    What cannot be read comes as a refused item: this function raises nothing for any content, only the stream's own OSError."""
    yield from _Unpacker().items(stream, "", start, stop, depth=0)


class _Unpacker:
    """One walk through an input, with what is left of its budget."""

    def __init__(self) -> None:
        self.left = MAX_UNPACKED_BYTES

    def items(self, stream: IO[bytes], place: str, start: int, stop: int | None, depth: int) -> Iterator[Unpacked]:
        stream.seek(0)
        head = stream.read(_BLOCK)
        stream.seek(0)
        kind = kind_of(head)
        if depth > MAX_DEPTH and kind in _ARCHIVES:
            yield Unpacked(place, head, RefusedError("bomb", f"archives nested more than {MAX_DEPTH} deep"))
        elif kind == "gzip":
            yield from self._gzip(stream, place, start, stop, depth)
        elif kind == "zip":
            yield from self._zip(stream, place, start, stop, depth)
        elif kind == "tar":
            yield from self._tar(stream, place, depth)
        elif kind == "warc":
            yield from self._warc(stream, place)
        elif kind == "lines":
            yield from self._lines(stream, place, start, stop)
        else:
            yield self._whole(stream, place)

    def _whole(self, stream: IO[bytes], place: str) -> Unpacked:
        data = stream.read(MAX_ITEM_BYTES + 1)
        if len(data) > MAX_ITEM_BYTES:
            return Unpacked(place, data[:KEPT_OF_A_REFUSED_ITEM], _too_large())
        return Unpacked(place, data)

    def _lines(self, stream: IO[bytes], place: str, start: int, stop: int | None) -> Iterator[Unpacked]:
        offset = _skip(stream, start)
        while stop is None or offset < stop:
            line = stream.readline(MAX_ITEM_BYTES + 1)
            if not line:
                return
            at, offset = offset, offset + len(line)
            here = _inside(place, f"@{at}")
            if len(line) > MAX_ITEM_BYTES:
                rest = line
                while rest and not rest.endswith(b"\n"):
                    rest = stream.readline(_BLOCK)
                    offset += len(rest)
                yield Unpacked(here, line[:KEPT_OF_A_REFUSED_ITEM], _too_large())
            elif words := line.strip(b"\r\n\t \xef\xbb\xbf"):
                whole = words.startswith(b"{") and words.endswith(b"}")
                yield Unpacked(
                    here, line, None if whole else RefusedError("bad_json", "the line is no JSON object, as other lines of its file are")
                )

    def _gzip(self, stream: IO[bytes], place: str, start: int, stop: int | None, depth: int) -> Iterator[Unpacked]:
        packed = _size(stream)
        with gzip.GzipFile(fileobj=stream) as unzipped:
            bounded = io.BufferedReader(_Bounded(unzipped, packed, self), _BLOCK)
            seen = 0
            try:
                kind = kind_of(bounded.peek(_BLOCK)[:_BLOCK])
                if kind in ("lines", "tar"):
                    found = self._lines(bounded, place, start, stop) if kind == "lines" else self._tar(bounded, place, depth)
                    for item in found:
                        yield item
                        seen += 1
                    return
                if kind == "warc":
                    # fastwarc unpacks it itself: one record after the other is packed, and it can go on after a broken one.
                    yield from self._warc(stream, place, start, stop)
                    return
                whole = self._whole(bounded, place)
            except (EOFError, zlib.error, gzip.BadGzipFile) as error:
                yield Unpacked(
                    _inside(place, "@end") if seen else place, b"", RefusedError("broken_gzip", f"the gzip data is broken: {error}")
                )
                return
            except RefusedError as refused:
                yield Unpacked(_inside(place, "@end") if seen else place, b"", refused)
                return
        if whole.refused or kind_of(whole.data[:_BLOCK]) == "whole":
            yield whole
        else:
            yield from self.items(io.BytesIO(whole.data), place, start, stop, depth + 1)

    def _zip(self, stream: IO[bytes], place: str, start: int, stop: int | None, depth: int) -> Iterator[Unpacked]:
        try:
            archive = zipfile.ZipFile(stream)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            stream.seek(0)
            kept = stream.read(KEPT_OF_A_REFUSED_ITEM)
            yield Unpacked(place, kept, RefusedError("broken_zip", f"the zip archive cannot be opened: {error}"))
            return
        with archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            if len(members) > MAX_MEMBERS:
                yield Unpacked(place, b"", RefusedError("bomb", f"a zip of {len(members)} members, more than {MAX_MEMBERS}"))
                return
            if not members:
                yield Unpacked(place, b"", RefusedError("empty", "the zip archive holds no file"))
            for member in members[start:stop]:
                yield from self._member(archive, member, _inside(place, member.filename), depth)

    def _tar(self, stream: IO[bytes], place: str, depth: int) -> Iterator[Unpacked]:
        found = False
        try:
            for member in tar.members(stream, MAX_ITEM_BYTES, MAX_MEMBERS):
                found = True
                here = _inside(place, member.name)
                if member.refused or len(member.data) > MAX_ITEM_BYTES:
                    yield Unpacked(here, member.data[:KEPT_OF_A_REFUSED_ITEM], member.refused or _too_large())
                elif kind_of(member.data[:_BLOCK]) == "whole":
                    yield Unpacked(here, member.data)
                else:
                    yield from self.items(io.BytesIO(member.data), here, 0, None, depth + 1)
        except RefusedError as refused:
            yield Unpacked(_inside(place, "@end") if found else place, b"", refused)
            return
        if not found:
            yield Unpacked(place, b"", RefusedError("empty", "the tar archive holds no file"))

    def _warc(self, stream: IO[bytes], place: str, start: int = 0, stop: int | None = None) -> Iterator[Unpacked]:
        found = False
        for record in warc.records(stream, MAX_ITEM_BYTES, start, stop):
            found = True
            self.left -= len(record.data)
            if self.left < 0:
                yield Unpacked(_inside(place, record.name), b"", _unpacks_to_too_much())
                return
            yield Unpacked(_inside(place, record.name), record.data, record.refused)
        if not found:
            yield Unpacked(place, b"", RefusedError("empty", "the archive holds no answer of a server"))

    def _member(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, place: str, depth: int) -> Iterator[Unpacked]:
        data = b""
        try:
            with archive.open(member) as opened:
                bounded = io.BufferedReader(_Bounded(opened, member.compress_size, self), _BLOCK)
                data = bounded.read(MAX_ITEM_BYTES + 1)
        except RefusedError as refused:
            yield Unpacked(place, data, refused)
            return
        except RuntimeError as error:  # zipfile's word for a member that is encrypted
            yield Unpacked(place, data, RefusedError("encrypted", f"the member cannot be read: {error}"))
            return
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
            yield Unpacked(place, data, RefusedError("broken_zip", f"the member cannot be read: {error}"))
            return
        if len(data) > MAX_ITEM_BYTES:
            yield Unpacked(place, data[:KEPT_OF_A_REFUSED_ITEM], _too_large())
        elif kind_of(data[:_BLOCK]) == "whole":
            yield Unpacked(place, data)
        else:
            yield from self.items(io.BytesIO(data), place, 0, None, depth + 1)


class _Bounded(io.RawIOBase):
    """An unpacking stream that refuses to give more than a bomb's share."""

    def __init__(self, inner: IO[bytes] | gzip.GzipFile, packed: int, walk: _Unpacker) -> None:
        self._inner = cast(gzip.GzipFile, inner)  # a zip's member reads the same way
        self._packed, self._walk, self._given = packed, walk, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer)
        data = self._inner.read1(len(view))  # not `read`: what comes before a breach is worth having
        self._given += len(data)
        self._walk.left -= len(data)
        if self._given > RATIO_FROM_BYTES and self._given > MAX_RATIO * max(self._packed, 1):
            raise RefusedError("bomb", f"it unpacks to more than {MAX_RATIO} times its size")
        if self._walk.left < 0:
            raise _unpacks_to_too_much()
        view[: len(data)] = data
        return len(data)


def _skip(stream: IO[bytes], start: int) -> int:
    """Moves to the first line that begins at `start` or later; its offset."""
    if start == 0:
        return 0
    left = start - 1
    if stream.seekable():
        stream.seek(left)
    else:
        while left > 0:
            left -= len(stream.read(min(left, _BLOCK))) or left
    return start - 1 + len(stream.readline())


def _size(stream: IO[bytes]) -> int:
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    return size


def _inside(place: str, inner: str) -> str:
    return f"{place}!{inner}" if place else inner


def _too_large() -> RefusedError:
    return RefusedError("too_large", f"the item has more than {MAX_ITEM_BYTES} bytes")


def _unpacks_to_too_much() -> RefusedError:
    return RefusedError("bomb", f"the input unpacks to more than {MAX_UNPACKED_BYTES} bytes")


def kind_in_gzip(stream: IO[bytes]) -> str:
    """What `kind_of` says of what a gzip holds; `whole` where that cannot be read."""
    try:
        with gzip.GzipFile(fileobj=stream) as unzipped:
            return kind_of(unzipped.read(_BLOCK))
    except (EOFError, zlib.error, gzip.BadGzipFile):
        return "whole"


def unpacked_size_of_lines(stream: IO[bytes]) -> int:
    """How many bytes a gzipped line file unpacks to (by unpacking it).

    Broken data ends the count: the lines before it can be read. Raises RefusedError for a bomb."""
    packed = _size(stream)
    with gzip.GzipFile(fileobj=stream) as unzipped:
        bounded = io.BufferedReader(_Bounded(unzipped, packed, _Unpacker()), _BLOCK)
        size = 0
        try:
            while block := bounded.read1(_BLOCK):
                size += len(block)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            # One byte more than was seen: the last slice then meets the breach and reports it.
            return size + 1
    return size


def member_sizes(stream: IO[bytes]) -> list[int]:
    """Declared unpacked sizes of a zip's members, folders left out; empty where it cannot be opened."""
    try:
        with zipfile.ZipFile(stream) as archive:
            return [member.file_size for member in archive.infolist() if not member.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return []


def printable(name: str) -> str:
    """The name of a file or of a member as text that can be stored: what is no valid text in it is shown escaped."""
    return name.encode("utf-8", "backslashreplace").decode()
