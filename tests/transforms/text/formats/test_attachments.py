import gzip

import pytest

from transforms.text.formats.attachments import Attachment, items_of
from transforms.text.parsed import Parsed, RefusedError


def parse(data: bytes, name: str) -> list[Parsed]:
    if data == b"bad":
        raise RefusedError("bad_json", "it is bad")
    return [Parsed(format="text", body=data.decode(), extra={"place": name})]


@pytest.mark.parametrize(
    ("name", "kind", "item_kind"),
    [
        ("a", "image/png", "picture"),
        ("a.JPG", "application/octet-stream", "picture"),
        ("a.mov", "x/y", "video"),
        (None, "audio/x", "audio"),
    ],
)
def test_what_is_no_text_is_an_item_of_its_kind(name: str | None, kind: str, item_kind: str) -> None:
    (item,) = items_of(Attachment(name, kind, b"\x00"), parse)
    assert (item.item_kind, item.refused, item.payload, item.extra.get("name")) == (item_kind, None, b"\x00", name)


@pytest.mark.parametrize(
    ("name", "kind", "data", "reason"),
    [
        ("a.pdf", "application/octet-stream", b"%PDF", "not_text"),
        ("a.docx", "application/zip", b"PK", "not_text"),
        ("a.ics", "text/calendar", b"x", "not_text"),
        ("a.xml", "text/xml", b"bad", "bad_json"),
        ("a", "application/vnd.ms-excel", b"x", "not_text"),
    ],
)
def test_what_cannot_be_read_is_refused_and_not_lost(name: str, kind: str, data: bytes, reason: str) -> None:
    (item,) = items_of(Attachment(name, kind, data), parse)
    assert item.refused
    assert (item.refused[0], item.payload, item.extra) == (reason, data, {"name": name, "content_type": kind})


def test_texts_packed_or_not_are_parsed_with_their_place() -> None:
    (item,) = items_of(Attachment("a.txt", "text/plain", b"words"), parse)
    assert (item.body, item.extra, item.payload) == ("words", {"place": "a.txt", "name": "a.txt"}, b"words")
    (item,) = items_of(Attachment("a.gz", "application/gzip", gzip.compress(b"words")), parse)
    assert (item.body, item.payload) == ("words", b"words")
