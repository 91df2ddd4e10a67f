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
        (b"%PDF-1.4", "not_text"),
    ],
)
def test_refuses_what_has_no_words_or_is_another_format(data: bytes, reason: str) -> None:
    with pytest.raises(RefusedError) as refused:
        parse_text(Document(data, "a.txt"))
    assert refused.value.reason == reason
