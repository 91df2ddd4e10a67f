import pytest

from transforms.text.formats.document import Document
from transforms.text.formats.text import parse_text
from transforms.text.parsed import RefusedError


def test_a_text_is_one_page() -> None:
    (item,) = parse_text(Document("Zoë’s headline\n\nThe text.".encode(), "a.txt"))
    assert (item.format, item.layout, item.item_kind) == ("text", "page", "text")
    assert item.body == "Zoë’s headline\n\nThe text."


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \n---\n", "empty"),
        (b"<?xml version='1.0'?><x/>", "unknown_format"),
        (b"<!DOCTYPE html><p>x", "unknown_format"),
        (b"<report><line>Ships are back.</line></report>", "unknown_format"),
        (b"<!-- made by hand --><x:report a='1'>Ships are back.</x:report>", "unknown_format"),
        (b"<report><line>Ships are ba", "unknown_format"),
        (b"<report/>", "unknown_format"),
        (b"%PDF-1.4", "not_text"),
    ],
)
def test_refuses_what_has_no_words_or_is_another_format(data: bytes, reason: str) -> None:
    with pytest.raises(RefusedError) as refused:
        parse_text(Document(data, "a.txt"))
    assert refused.value.reason == reason


@pytest.mark.parametrize("text", ["<URGENT> Ships are back.", "<p>Ships are back.</p>", "<b>Ships</b>\n\nThey are back.", "< 5 ships"])
def test_marks_in_copy_are_no_document(text: str) -> None:
    (item,) = parse_text(Document(text.encode(), "a.txt"))
    assert item.body == text


def test_many_remarks_take_no_time() -> None:
    for piece in ("<!-- a -->", "<!-- a", "<? a ?>", "<a "):
        parse_text(Document((piece * 20_000 + " word").encode(), "a.txt"))
