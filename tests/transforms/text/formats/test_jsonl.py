import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.text.formats.document import Document
from transforms.text.formats.fields import moment
from transforms.text.formats.jsonl import parse_object
from transforms.text.parsed import Parsed, RefusedError, When


def story(**fields: Any) -> Parsed:
    (item,) = parse_object(Document(json.dumps({"headline": "A headline"} | fields).encode(), "a.jsonl"))
    return item


def refusal(data: bytes) -> RefusedError:
    with pytest.raises(RefusedError) as refused:
        parse_object(Document(data, "a.jsonl"))
    return refused.value


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)  # type: ignore[arg-type,misc]


def test_every_documented_field() -> None:
    item = story(
        id=7, provider="AFP", guid="g", version="3", pubstatus="usable", signal="update", urgency=2, embargoed="2024-06-19T10:00:00+02:00",
        slugline="S", deck="D", byline="B", creditline="C", dateline="SEOUL -", located="Seoul", body="T", published_at="2024-06-19T10:00Z",
        versioncreated="2024-06-19T10:00:01.5Z", firstcreated="2024-06-18", received_at="2024-06-19 10:01:00", language="en", genre="N",
        usageterms="U", copyright="R", ednote="E", subjects=["11000000", {"code": "medtop:1", "name": "war"}], keywords=["k"],
        captions=["one", {"text": "two", "credit": "AFP"}],
    )  # fmt: skip
    assert item == Parsed(
        format="jsonl", layout="body", source_id="7", provider="AFP", guid="g", version=3, signal="update", urgency=2,
        embargoed=utc(2024, 6, 19, 8), slugline="S", headline="A headline", deck="D", byline="B", creditline="C", dateline="SEOUL -",
        located="Seoul", body="T", published=When(utc(2024, 6, 19, 10), "minute"), versioncreated=utc(2024, 6, 19, 10, 0, 1, 500000),
        firstcreated=utc(2024, 6, 18), received_at=utc(2024, 6, 19, 10, 1), language="en", genre="N", usageterms="U", copyright="R",
        ednote="E", subjects=[{"code": "11000000", "name": None}, {"code": "medtop:1", "name": "war"}], keywords=["k"],
        captions=[{"text": "one", "credit": None}, {"text": "two", "credit": "AFP"}],
    )  # fmt: skip


def test_aliases_serve_where_the_first_name_is_absent() -> None:
    (item,) = parse_object(Document(b'{"title": "T", "text": "B", "slug": "S", "date": "2024-06-19", "received": "2024-06-20"}', ""))
    assert (item.headline, item.body, item.slugline) == ("T", "B", "S")
    assert item.published == When(utc(2024, 6, 19), "day")
    assert item.received_at == utc(2024, 6, 20)


def test_unknown_fields_and_unused_aliases_are_kept() -> None:
    item = story(title="Other", url="https://example.org", desk={"name": "Asia"}, empty=None)
    assert item.extra == {"title": "Other", "url": "https://example.org", "desk": {"name": "Asia"}}


@pytest.mark.parametrize("text", ["", "  ", "until told otherwise"])
def test_an_embargo_that_says_no_moment_withholds(text: str) -> None:
    item = story(embargoed=text)
    assert (item.pubstatus, item.embargoed) == ("withheld", None)
    assert item.extra.get("embargoed", "").strip() == text.strip()


def test_a_canceled_story_stays_canceled_under_an_embargo() -> None:
    assert story(pubstatus="stat:cancelled", embargoed="").pubstatus == "canceled"


def test_a_date_that_cannot_be_read_is_kept_beside() -> None:
    item = story(published_at="next Friday")
    assert item.published is None
    assert item.extra == {"published_at": "next Friday"}


def test_an_urgency_outside_the_scale_is_kept_beside() -> None:
    item = story(urgency=0)
    assert (item.urgency, item.extra) == (None, {"urgency": 0})


@pytest.mark.parametrize(
    "fields",
    [
        {"headline": ["a"]}, {"body": 3}, {"version": "two"}, {"version": True}, {"version": 1.5}, {"pubstatus": "gone"},
        {"urgency": "high"},
        {"published_at": 1718791200}, {"embargoed": False}, {"keywords": [1]}, {"captions": "one"}, {"captions": [{"credit": "x"}]},
        {"subjects": [{"name": "x"}]}, {"id": 1.5}, {"id": True},
    ],
)  # fmt: skip
def test_a_field_of_a_wrong_type_is_refused_by_name(fields: dict[str, Any]) -> None:
    error = refusal(json.dumps({"headline": "A", "body": "B"} | fields).encode())
    assert error.reason == "bad_field"
    assert next(iter(fields)) in error.detail


@pytest.mark.parametrize("data", [b"{", b"[]", b'"text"', b"", b"12", b'{"a": 1,}', b"[" * 100_000, b'{"a":' * 100_000])
def test_no_json_object_is_refused(data: bytes) -> None:
    assert refusal(data).reason == "bad_json"


@pytest.mark.parametrize("data", [b"{}", b'{"id": "1"}', b'{"headline": " ", "body": "\\n"}', b'{"body": null}'])
def test_an_object_without_a_word_is_refused(data: bytes) -> None:
    assert refusal(data).reason == "empty"


def test_raw_line_breaks_inside_strings_are_read() -> None:
    (item,) = parse_object(Document(b'{"body": "one\ntwo\t\xe2\x80\xa8three"}', ""))
    assert item.body.split() == ["one", "two", "three"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2024-06-19T08:00:00Z", When(utc(2024, 6, 19, 8))),
        ("2024-06-19 08:00:00", When(utc(2024, 6, 19, 8))),
        ("20240619T080000+0900", When(utc(2024, 6, 18, 23))),
        ("2024-06-19T08:00:00.123456789-05:30", When(utc(2024, 6, 19, 13, 30, 0, 123456))),
        ("2024-06-19T08:00", When(utc(2024, 6, 19, 8), "minute")),
        ("2024-06-19", When(utc(2024, 6, 19), "day")),
        ("20240619", When(utc(2024, 6, 19), "day")),
        ("2024-02-30", None),
        ("2024-06-19T25:00", None),
        ("0001-01-01T00:00:00+23:00", None),
        ("19.06.2024", None),
        ("", None),
    ],
)
def test_dates(text: str, wanted: When | None) -> None:
    assert moment(text) == wanted


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
field_names = st.sampled_from(
    ["headline", "body", "embargoed", "version", "urgency", "captions", "subjects", "published", "pubstatus", "id", "x"]
)


@given(st.dictionaries(field_names, json_values, max_size=6))
def test_any_object_is_a_story_or_refused(fields: dict[str, Any]) -> None:
    try:
        (item,) = parse_object(Document(json.dumps(fields).encode(), ""))
    except RefusedError as error:
        assert error.reason in ("bad_field", "empty", "bad_json")  # noqa: PT017
    else:
        assert item.format == "jsonl"
