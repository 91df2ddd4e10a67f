"""An answer over HTTP as a crawler kept it, perhaps with the head of its WARC record before it.

The head says what the payload alone does not: the address, when it was fetched, the encoding. What is in the payload is read by its own
format; an HTML page is told of its address and encoding as well."""

import dataclasses
import io
import re
import zlib
from collections.abc import Callable
from typing import IO

from transforms.text import formats
from transforms.text.formats import Format, fields, page
from transforms.text.formats.document import Document
from transforms.text.parsed import Parsed, RefusedError

MAX_PAYLOAD_BYTES = 64 * 2**20
"""As an item of a container: what a payload may unpack to."""

_HEAD = re.compile(rb"\s{0,8}(?:WARC/[01]\.\d+\r?\n|HTTP/[0-9.]{1,4} \d{3})")
_END = re.compile(rb"\r?\n\r?\n")
_LONGEST_HEAD = 2**16
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_NOT_TEXT = re.compile(
    r"(?:image|video|audio|font)/|application/(?:pdf|zip|octet-stream|font|x-font|wasm)|text/(?:css|javascript)|.*javascript"
)
_PAGES = ("text/html", "application/xhtml+xml")
_REDIRECTS = range(300, 400)
_OK = (200, 203, 206)


@dataclasses.dataclass
class _Answer:
    """What the heads say, and the payload."""

    payload: bytes
    url: str | None = None
    fetched: str | None = None
    status: int = 200
    content_type: str = ""
    encodings: tuple[str, ...] = ()

    @property
    def charset(self) -> str | None:
        match = _CHARSET.search(self.content_type)
        return match.group(1) if match else None

    @property
    def kind(self) -> str:
        return self.content_type.partition(";")[0].strip().lower()


def _sniff(document: Document) -> bool:
    return _HEAD.match(document.data) is not None


def parse_answer(document: Document) -> list[Parsed]:
    """The items of an answer. Raises RefusedError (`http_status`, `not_text`, `broken_http`, `bomb`, and those of the payload's format)."""
    answer = _answer(document.data)
    if answer.status not in _OK:
        word = "a redirect" if answer.status in _REDIRECTS else "no success"
        raise RefusedError("http_status", f"the answer has the status {answer.status}: {word}, and no story")
    if _NOT_TEXT.match(answer.kind):
        raise RefusedError("not_text", f"the answer is {answer.kind[:80]}")
    inner = Document(_decoded(answer), document.name)
    found = formats.sniff(inner)
    if found.name == FORMAT.name:
        raise RefusedError("broken_http", "the payload of the answer is an answer again")
    if page.is_page(inner) or (answer.kind in _PAGES and found.name == "text"):
        items = page.parse_page(inner.data, answer.charset, answer.url)
    else:
        items = found.parse(inner)
    for item in items:
        if answer.url:
            item.extra.setdefault("url", answer.url)
        item.received_at = item.received_at or fields.instant(answer.fetched)
    return items


def _answer(data: bytes) -> _Answer:
    answer = _Answer(data.lstrip(b"\r\n \t"))
    if answer.payload.startswith(b"WARC/"):
        _, warc, answer.payload = _split(answer.payload)
        answer.url = warc.get("warc-target-uri", "").strip("<> ") or None
        answer.fetched = warc.get("warc-date")
        if "application/http" not in warc.get("content-type", "") and not answer.payload.startswith(b"HTTP/"):
            answer.content_type = warc.get("content-type", "")
            return answer
    first, http, answer.payload = _split(answer.payload)
    status = re.match(r"HTTP/[\d.]+ (\d{3})", first)
    if status is None:
        raise RefusedError("broken_http", "the answer does not begin with a status")
    answer.status = int(status.group(1))
    answer.content_type = http.get("content-type", "")
    coded = f"{http.get('content-encoding', '')},{http.get('transfer-encoding', '')}".lower()
    answer.encodings = tuple(name for each in coded.split(",") if (name := each.strip()) and name != "identity")
    return answer


def _split(data: bytes) -> tuple[str, dict[str, str], bytes]:
    """First line and fields of a head, and what follows it."""
    end = _END.search(data, 0, _LONGEST_HEAD)
    if end is None:
        raise RefusedError("broken_http", "the head of the answer has no end")
    lines = re.sub(r"\r?\n[ \t]+", " ", data[: end.start()].decode("utf-8", "replace")).splitlines()
    named = (line.partition(":") for line in lines[1:])
    return lines[0] if lines else "", {name.strip().lower(): value.strip() for name, _, value in named}, data[end.end() :]


# ------------------------------------------------------------------------------------------------------------------ encodings


def _decoded(answer: _Answer) -> bytes:
    """The payload without what it was packed in for the way, undone from the last to the first. Crawls keep the head as it was also
    where they have unpacked the payload."""
    payload = answer.payload
    for name in reversed(answer.encodings):
        decoder = _DECODERS.get(name.removeprefix("x-"))
        if decoder is None:
            raise RefusedError("broken_http", f"the payload is packed in a way that is not known here: {name[:40]!r}")
        payload = decoder(payload)
        if len(payload) > MAX_PAYLOAD_BYTES:
            raise RefusedError("bomb", f"the payload unpacks to more than {MAX_PAYLOAD_BYTES} bytes")
    return payload


def _chunked(data: bytes) -> bytes:
    """The chunks put together; as it is where there are none, and up to where the last one is cut."""
    pieces: list[bytes] = []
    position = 0
    while match := _CHUNK.match(data, position):
        size = int(match.group(1), 16)
        if size == 0:
            break
        pieces.append(data[match.end() : match.end() + size])
        position = match.end() + size
        position += 2 if data[position : position + 2] == b"\r\n" else 1 if data[position : position + 1] == b"\n" else 0
    return b"".join(pieces) if pieces else data


_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,200})?\r?\n")


def _inflated(data: bytes) -> bytes:
    """gzip, zlib or raw deflate, up to where it is cut; as it is where it is none of them."""
    for width in (zlib.MAX_WBITS | 32, -zlib.MAX_WBITS):
        unpacker = zlib.decompressobj(width)
        try:
            return unpacker.decompress(data, MAX_PAYLOAD_BYTES + 1)
        except zlib.error:
            continue
    return data


def _by_fastwarc(name: str) -> Callable[[bytes], bytes]:
    """What the standard library cannot unpack, by the reader that fastwarc has for it."""

    def unpacked(data: bytes) -> bytes:
        from fastwarc import stream_io

        reader: IO[bytes] = getattr(stream_io, name)(io.BytesIO(data))
        try:
            return reader.read(MAX_PAYLOAD_BYTES + 1)
        except (OSError, ValueError):
            return data

    return unpacked


_DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "chunked": _chunked, "gzip": _inflated, "deflate": _inflated, "br": _by_fastwarc("BrotliReader"), "zstd": _by_fastwarc("ZstdReader"),
}  # fmt: skip

FORMAT = Format(name="http", sniff=_sniff, parse=parse_answer, order=5)
