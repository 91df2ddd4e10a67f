"""Records of a WARC file by fastwarc, one after the other, whole files or gzipped record by record (as CC-NEWS is).

Only records with something to read are given: answers, resources and texts made from them. What stands about them (requests, metadata,
answers that came before) is nobody's story. Where the file is broken, reading goes on with the next record that can be found."""

import zlib
from collections.abc import Iterator
from typing import IO, Any, NamedTuple

from transforms.text.parsed import RefusedError

_BLOCK = 2**16
_GZIP = b"\x1f\x8b\x08"
_RECORD = b"\nWARC/1."
_MOST_BREACHES = 1_000
_FIRST_RECORDS = 2**20
"""A file that is packed record by record has its second within this: the first is some lines on how the file was made."""
_KEPT = 64 * 2**10
_PANIC = "PanicException"
"""What a fault in fastwarc's own code comes as; no Exception, and not to be imported from anywhere."""


class Record(NamedTuple):
    """One record: its name, its head and payload as they stood; or why it cannot be read, with what there is of it."""

    name: str
    data: bytes
    refused: RefusedError | None = None


def is_warc(head: bytes) -> bool:
    """Whether a file begins as a WARC file does (unpacked)."""
    return head.lstrip(b"\r\n")[:6] in (b"WARC/1", b"WARC/0")


def is_packed_by_record(stream: IO[bytes]) -> bool:
    """Whether a gzipped file can be read in parts: a further record than its first is packed on its own."""
    return _member(stream, 1, _FIRST_RECORDS) is not None


def records(stream: IO[bytes], longest: int, start: int = 0, stop: int | None = None) -> Iterator[Record]:
    """The records of a seekable stream, gzipped or not. One of more than `longest` bytes is refused.

    With `start` and `stop` only those of some bytes of a file that is packed record by record: from the first that is packed on its own at
    `start` or later, up to the first of which the same is true of `stop`. Parts that follow one another hold each record once.

    Raises nothing for any content, only the stream's own OSError."""
    stream.seek(0)
    is_gzip = stream.read(len(_GZIP)) == _GZIP
    is_part = bool(start) or stop is not None
    end = None if stop is None else _member(stream, stop)
    begin: int | None = _member(stream, start) if start else 0
    names: set[str] | None = None if is_part else set()
    first = begin
    for _ in range(_MOST_BREACHES):
        if begin is None or begin == end:
            return
        watched = _Watched(stream, begin, end)
        after, count = begin, 0
        try:
            for record in _iterator(watched):
                count += 1
                at = begin + record.stream_pos
                after = at + (0 if is_gzip else record.content_length)
                yield _read(record, at, longest, names)
            return
        except BaseException as error:
            if watched.failed or not (isinstance(error, OSError | ValueError | RuntimeError) or type(error).__name__ == _PANIC):
                raise
            if count or begin == first:
                yield Record(f"@{after}", _some(stream, after), RefusedError("broken_warc", f"the archive is broken: {str(error)[:200]}"))
        begin = _next(stream, after + 1, _GZIP if is_gzip else _RECORD, end)


def _member(stream: IO[bytes], start: int, within: int | None = None) -> int | None:
    """Where the first record begins, from `start` on, that is packed on its own; None where there is none (`within` so many bytes).

    What marks the beginning of gzip may stand by chance in what is packed: it counts where a record comes out."""
    stop = None if within is None else start + within
    at = _next(stream, start, _GZIP, stop)
    while at is not None:
        stream.seek(at)
        try:
            if is_warc(zlib.decompressobj(wbits=31).decompress(stream.read(_BLOCK), 16)):
                return at
        except zlib.error:
            pass
        at = _next(stream, at + 1, _GZIP, stop)
    return None


class _Watched:
    """A stream from some place on, to its end or to another place, which tells its own failures from those of what is in it."""

    def __init__(self, stream: IO[bytes], start: int, end: int | None) -> None:
        stream.seek(start)
        self._stream, self._start, self._end = stream, start, end
        self.failed = False

    def tell(self) -> int:
        """Where reading has come to, from where it began."""
        return self._stream.tell() - self._start

    def read(self, size: int = -1) -> bytes:
        """As a stream does."""
        try:
            if self._end is not None:
                left = self._end - self._stream.tell()
                size = left if size < 0 else min(size, left)
            return self._stream.read(size)
        except OSError:
            self.failed = True
            raise


def _iterator(stream: Any) -> Iterator[Any]:
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    wanted = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.conversion
    records: Iterator[Any] = iter(ArchiveIterator(stream, record_types=wanted, parse_http=False))
    return (record for record in records if not (record.headers.get("WARC-Target-URI") or "").startswith("dns:"))


def _read(record: Any, at: int, longest: int, names: set[str] | None) -> Record:
    """The record, by a name that is not among `names`; without them, of a part of a file, by one that has its place as well."""
    name = (record.headers.get("WARC-Record-ID") or "").strip("<> ")
    if names is None or not name or name in names:
        name = f"{name}@{at}"
    if names is not None:
        names.add(name)
    fields = b"".join(key + b": " + value + b"\r\n" for key, value in record.headers.items_bytes())
    head = b"WARC/1.0\r\n" + fields + b"\r\n"
    if record.content_length > longest:
        return Record(name, head + record.reader.read(_KEPT), RefusedError("too_large", f"the record has more than {longest} bytes"))
    payload = record.reader.read()
    if "Content-Length" not in record.headers:
        return Record(name, head, RefusedError("broken_warc", "the head of the record is cut"))
    if len(payload) < record.content_length:
        detail = f"the record ends after {len(payload)} of {record.content_length} bytes"
        return Record(name, head + payload[:_KEPT], RefusedError("broken_warc", detail))
    return Record(name, head + payload)


def _some(stream: IO[bytes], start: int) -> bytes:
    stream.seek(start)
    return stream.read(_KEPT)


def _next(stream: IO[bytes], start: int, mark: bytes, stop: int | None = None) -> int | None:
    """Where the next record may begin; None where there is none (before `stop`)."""
    stream.seek(start)
    kept, position = b"", start
    while (stop is None or position < stop) and (block := stream.read(_BLOCK)):
        searched = kept + block
        found = searched.find(mark)
        if found >= 0:
            at = position - len(kept) + found + (1 if mark[:1] == b"\n" else 0)
            return at if stop is None or at < stop else None
        kept = searched[-len(mark) + 1 :]
        position += len(block)
    return None
