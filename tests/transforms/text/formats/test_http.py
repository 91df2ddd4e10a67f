"""Answers of servers as crawlers keep them: what their heads say reaches the item, and their payload is read by its own format."""

import datetime as dt
import gzip
import io
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.text.formats import http, parse
from transforms.text.formats.document import Document
from transforms.text.parsed import Parsed, RefusedError

SENTENCE = "Der Hafen von Zürich ist am Dienstag nach elf Wochen wieder geöffnet worden, teilte das Büro mit. "
PAGE = (
    "<!doctype html><html lang='de'><head><title>Hafen offen</title></head>"
    f"<body><article><h1>Hafen offen</h1><p>{SENTENCE * 6}</p></article></body></html>"
)
WARC = (
    b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: 2024-03-05T10:00:00Z\r\nWARC-Target-URI: https://example.org/hafen\r\n"
    b"Content-Type: application/http; msgtype=response\r\n\r\n"
)


def answer(payload: bytes, content_type: str = "text/html; charset=iso-8859-1", status: str = "200 OK", more: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\n{more}\r\n".encode() + payload


def item(data: bytes) -> Parsed:
    (found,) = parse(data)
    return found


def refusal(data: bytes) -> str:
    with pytest.raises(RefusedError) as refused:
        parse(data)
    return refused.value.reason


def test_the_heads_say_encoding_address_and_when_it_was_fetched() -> None:
    found = item(WARC + answer(PAGE.encode("latin-1")))
    assert (found.format, found.headline, found.language) == ("html", "Hafen offen", "de")
    assert found.body.startswith("Der Hafen von Zürich")
    assert found.extra == {"url": "https://example.org/hafen"}
    assert found.received_at == dt.datetime(2024, 3, 5, 10, tzinfo=dt.UTC)


def chunked(data: bytes) -> bytes:
    pieces = [data[start : start + 100] for start in range(0, len(data), 100)]
    return b"".join(b"%x;x=y\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def brotli(data: bytes) -> bytes:
    from fastwarc.stream_io import BrotliWriter

    out = io.BytesIO()
    writer = BrotliWriter(out)
    writer.write(data)
    writer.close()
    return out.getvalue()


PACKED = PAGE.encode("latin-1")


@pytest.mark.parametrize(
    ("payload", "more"),
    [
        (gzip.compress(PACKED), "Content-Encoding: gzip\r\n"), (zlib.compress(PACKED), "Content-Encoding: deflate\r\n"),
        (zlib.compress(PACKED)[2:-4], "Content-Encoding: deflate\r\n"), (brotli(PACKED), "Content-Encoding: br\r\n"),
        (chunked(PACKED), "Transfer-Encoding: chunked\r\n"),
        (chunked(gzip.compress(PACKED)), "Content-Encoding: x-gzip\r\nTransfer-Encoding: chunked\r\n"),
        (PACKED, "Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"), (PACKED, "Content-Encoding: identity\r\n"),
        (gzip.compress(PACKED)[:-9], "Content-Encoding: gzip\r\n"), (PACKED, "X-Folded: a\r\n  b\r\n"),
    ],
)  # fmt: skip
def test_what_it_was_packed_in_for_the_way_is_undone(payload: bytes, more: str) -> None:
    assert item(WARC + answer(payload, more=more)).body.startswith("Der Hafen von Zürich")


def test_line_feeds_alone_are_read() -> None:
    assert item((WARC + answer(PACKED)).replace(b"\r\n", b"\n")).headline == "Hafen offen"


@pytest.mark.parametrize(
    ("payload", "content_type", "wanted"),
    [
        (b'{"headline": "One", "body": "Two"}', "application/json", "jsonl"), (b"Plain words.", "text/plain", "text"),
        (b"<rss><channel><item><title>One</title></item></channel></rss>", "text/html", "feed"),
        (f"<head><title>x</title></head><p>{SENTENCE * 6}".encode(), "text/html; charset=utf-8", "html"),
    ],
)  # fmt: skip
def test_a_payload_is_read_by_its_own_format_and_told_its_address(payload: bytes, content_type: str, wanted: str) -> None:
    found = item(WARC + answer(payload, content_type))
    assert (found.format, found.extra["url"]) == (wanted, "https://example.org/hafen")


def test_a_resource_has_no_head_of_a_server() -> None:
    data = b"WARC/1.1\r\nWARC-Type: resource\r\nContent-Type: text/html\r\n\r\n" + PAGE.encode()
    assert item(data).headline == "Hafen offen"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (answer(PACKED, status="404 Not Found"), "http_status"), (answer(b"", status="301 Moved"), "http_status"),
        (answer(b"\x89PNG", "image/png"), "not_text"), (answer(b"\xff\xd8\xff\xe0", "text/html"), "not_text"),
        (answer(b"a{}", "text/css"), "not_text"), (answer(b"x()", "application/javascript"), "not_text"), (answer(b""), "empty"),
        (answer(answer(PACKED)), "broken_http"), (b"HTTP/1.1 200 OK\r\nContent-Type: text/html", "broken_http"),
        (WARC + b"GET / HTTP/1.1\r\n\r\n", "broken_http"), (answer(PACKED, more="Content-Encoding: rot13\r\n"), "broken_http"),
        (WARC[:60], "broken_http"),
    ],
)  # fmt: skip
def test_what_is_no_story_is_refused(data: bytes, reason: str) -> None:
    assert refusal(data) == reason


def test_a_payload_that_unpacks_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "MAX_PAYLOAD_BYTES", 10_000)
    assert refusal(answer(gzip.compress(b"\0" * 1_000_000), more="Content-Encoding: gzip\r\n")) == "bomb"


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([b"HTTP/1.1 200 OK\r\n", WARC, WARC[:-2], b"WARC/1.0\r\n"]),
    st.sampled_from(
        [b"", b"Content-Encoding: gzip\r\n", b"Content-Encoding: br\r\n", b"Transfer-Encoding: chunked\r\n", b"Content-Encoding: zstd\r\n"]
    ),
    st.binary(max_size=60),
)
def test_any_answer_is_an_item_or_refused(start: bytes, more: bytes, rest: bytes) -> None:
    try:
        assert http.parse_answer(Document(start + more + b"\r\n" + rest))
    except RefusedError as error:
        assert error.reason  # noqa: PT017
