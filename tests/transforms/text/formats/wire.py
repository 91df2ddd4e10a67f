"""What the tests of the wire formats share: documents read, items cleaned, samples damaged."""

import copy
import datetime as dt
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import strategies as st

from schemas import Origin
from transforms.text.cleaning import clean
from transforms.text.formats import Format, parse, sniff
from transforms.text.formats.document import Document
from transforms.text.parsed import Parsed, RefusedError

NOW = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)
ORIGIN = Origin(source_uri="/wire/item", received_at=NOW)

LEDE = "The harbour of the island opened on Tuesday after a winter of repairs, the port office said."
SECOND = "Fishermen had waited since October, and two ferries left before noon."
BODY = f"{LEDE}\n\n{SECOND}"


def as_bytes(given: Any) -> bytes:
    if isinstance(given, bytes):
        return given
    return (given if isinstance(given, str) else json.dumps(given)).encode()


def items(given: Any, name: str) -> list[Parsed]:
    """The items of a document that must be sniffed as format `name`. What is no text or bytes becomes JSON."""
    document = Document(as_bytes(given))
    found = sniff(document)
    assert found.name == name
    return found.parse(document)


def refusal(given: Any) -> str:
    with pytest.raises(RefusedError) as refused:
        parse(as_bytes(given))
    return refused.value.reason


def row(parsed: Parsed) -> dict[str, Any]:
    return clean(parsed, ORIGIN, NOW)


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)  # type: ignore[arg-type,misc]


def check(data: bytes, wire_format: Format) -> None:
    """Whatever `data` is: items, and of each text a row; or refused. Any other exception is a defect."""
    document = Document(data)
    if not wire_format.sniff(document):
        return
    try:
        found = wire_format.parse(document)
    except RefusedError as refused:
        assert refused.reason  # noqa: PT017
        return
    assert found
    for each in found:
        if each.item_kind == "text" and not each.refused:
            try:
                assert row(each)["format"] == wire_format.name
            except RefusedError as refused:
                assert refused.reason  # noqa: PT017


def ends(parse: Callable[[Document], list[Parsed]], data: bytes) -> None:
    """Whatever `data` is, sniffed or not: items, or refused with a reason."""
    try:
        found = parse(Document(data))
    except RefusedError as refused:
        assert refused.reason  # noqa: PT017
    else:
        assert found
        assert all(isinstance(item, Parsed) for item in found)


PIECES = st.sampled_from(
    [b"<", b">", b'"', b"'", b"&", b"&nbsp;", b"&#0;", b"&#xD800;", b"<br/>", b"<![CDATA[", b"]]>", b"<!--", b"<?x ?>", b"{", b"}", b"[",
     b"]", b",", b":", b"\\", b"\\ud800", b"\x00", b"\xff", b"\xed\xa0\x80", b"\n\n", b"null", b"1e999", b""]
)  # fmt: skip


@st.composite
def damaged(draw: Callable[[Any], Any], sample: bytes) -> bytes:
    """The sample with some stretches cut, repeated, moved or overwritten."""
    data = sample
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        stop = min(len(data), start + draw(st.sampled_from([0, 1, 5, 40, 400])))
        piece = draw(PIECES | st.binary(max_size=3) | st.just(data[start:stop] * 2))
        to = draw(st.sampled_from([start, start, start, 0, len(data)]))
        rest = data[:start] + data[stop:]
        data = rest[:to] + piece + rest[to:]
    return data[: draw(st.integers(0, len(data)))] if draw(st.integers(0, 9)) == 0 else data


JSON: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, False, 0, -1, 11, 1e308, float("inf"), 10**30, "", " ", "x", "\ud800", "\x00", "<p>", "<p>a</p>", "2024-02-30", "9" * 30,
     [], {}, [[]], [None], [1], ["a"], [{}], [{"value": 3}], [{"name": ["a"]}], {"a": 1}, {"name": 1}, {"uri": {}}, {"value": []}]
)  # fmt: skip


@st.composite
def damaged_json(draw: Callable[[Any], Any], sample: Any) -> bytes:
    """The sample with some of its values replaced by others of any type."""
    value = copy.deepcopy(sample)
    for _ in range(draw(st.integers(1, 4))):
        places = list(_places(value))
        if not places:
            break
        holder, key = places[draw(st.integers(0, len(places) - 1))]
        holder[key] = copy.deepcopy(draw(JSON))
    return json.dumps(value).encode()


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield value, key
        yield from _places(value[key])
