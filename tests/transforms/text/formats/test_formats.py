import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.text.formats import formats, parse, sniff
from transforms.text.formats.document import Document
from transforms.text.parsed import Parsed, RefusedError


def test_plain_text_is_asked_last_and_takes_everything() -> None:
    found = formats()
    assert found[-1].name == "text"
    assert found[-1].sniff(Document(b""))
    assert len({item.name for item in found}) == len(found)


@pytest.mark.parametrize(
    ("data", "name", "wanted"),
    [
        (b"SEOUL - Kim met Putin.", "story.txt", "text"),
        (b"SEOUL - Kim met Putin.", "story.json", "text"),
        (b'{"headline": "A", "body": "B"}', "story.txt", "jsonl"),
        (b'\xef\xbb\xbf  {"body": "B"}', "", "jsonl"),
        (b"no json", "wire.jsonl!@1048", "jsonl"),
        (b"{curly} start of a text", "story.txt", "text"),
        (b"", "", "text"),
    ],
)
def test_content_decides_and_the_name_breaks_ties(data: bytes, name: str, wanted: str) -> None:
    assert sniff(Document(data, name)).name == wanted


@given(st.one_of(st.binary(max_size=300), st.text(max_size=200).map(str.encode)), st.sampled_from(["", "a.txt", "a.jsonl", "a.json"]))
def test_any_bytes_are_items_or_refused(data: bytes, name: str) -> None:
    try:
        found = parse(data, name)
    except RefusedError as error:
        assert error.reason  # noqa: PT017
    else:
        assert found
        assert all(isinstance(item, Parsed) for item in found)
