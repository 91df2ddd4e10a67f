import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.text.formats.wire import utc
from transforms.text.formats import fields
from transforms.text.parsed import Parsed, When

HELSINKI = fields.time_zone("Europe/Helsinki")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2024-06-19T10:00:00", When(utc(2024, 6, 19, 7))),  # Finnish summer
        ("2024-01-19T10:00:00", When(utc(2024, 1, 19, 8))),  # and winter
        ("2024-06-19T10:00:00Z", When(utc(2024, 6, 19, 10))),
        ("2024-06-19T10:00+01:00", When(utc(2024, 6, 19, 9), "minute")),
        ("2024-06-19T10:00:00+02", When(utc(2024, 6, 19, 8))),
        ("2024-06-19 10:00:00 GMT", When(utc(2024, 6, 19, 10))),
        ("2024-06-19", When(utc(2024, 6, 19), "day")),
        (" 20240619T100000,5Z ", When(utc(2024, 6, 19, 10, 0, 0, 500000))),
        ("2024-06-19T10:00:00+99:00", None),
        ("9999-12-31T23:59:59-10:00", None),
        ("2024-13-01", None),
        ("YYYYMMDD000000-HHMM", None),
        (" ", None),
        (None, None),
    ],
)
def test_moments_without_a_zone_are_the_agencys(text: str | None, wanted: When | None) -> None:
    assert fields.moment(text, HELSINKI) == wanted
    assert fields.instant(text, HELSINKI) == (wanted.at if wanted else None)


@pytest.mark.parametrize(
    ("given_", "wanted"),
    [(3, 3), (3.0, 3), ("3", 3), ("DS02299380", 2299380), ("1U", 1), ("007", 7), (0, 0), (1.5, None), (True, None), (None, None), ("",
    None),
     ("x", None), ([1], None), ({}, None), (1e300, None), (float("nan"), None), (float("inf"), None), (10**30, None), (1 << 63, None),
     ((1 << 63) - 1, (1 << 63) - 1), ("2024-06-19T08:00:00.000+02:00", None)],
)  # fmt: skip
def test_versions(given_: object, wanted: int | None) -> None:
    assert fields.version(given_) == wanted


@pytest.mark.parametrize(
    ("given_", "wanted"),
    [
        (1, 1),
        ("9", 9),
        ("04", 4),
        (3.0, 3),
        (" 5 ", 5),
        (0, None),
        (10, None),
        (11, None),
        (-1, None),
        ("", None),
        (None, None),
        (True, None),
    ],
)
def test_urgencies(given_: object, wanted: int | None) -> None:
    assert fields.urgency(given_) == wanted


@pytest.mark.parametrize(
    ("word", "wanted"),
    [("stat:usable", "usable"), ("stat:withheld", "withheld"), ("STAT:Canceled", "canceled"), ("Cancelled", "canceled"), ("Usable",
    "usable"),
     ("http://cv.iptc.org/newscodes/pubstatusg2/withheld", "withheld"), ("Embargoed", "withheld"), ("gone", None), (" ", None), (None,
     None)],
)  # fmt: skip
def test_publishing_statuses(word: str | None, wanted: str | None) -> None:
    assert fields.pubstatus(word) == wanted


@pytest.mark.parametrize(
    ("word", "wanted", "kept"), [("stat:canceled", "canceled", {}), ("stat:odd", "usable", {"pubstatus": "stat:odd"}), ("", "usable", {})]
)
def test_an_unknown_status_is_kept_beside(word: str, wanted: str, kept: dict[str, str]) -> None:
    parsed = Parsed(format="x")
    fields.set_status(parsed, word)
    assert (parsed.pubstatus, parsed.extra) == (wanted, kept)


@pytest.mark.parametrize(
    ("text", "status", "at", "kept"),
    [
        (None, "usable", None, None),
        ("2024-06-19T10:00:00", "usable", utc(2024, 6, 19, 7), None),
        ("", "withheld", None, None),
        (" ", "withheld", None, None),
        ("after the vote", "withheld", None, "after the vote"),
    ],
)
def test_an_embargo_holds_until_its_moment_or_until_told_otherwise(
    text: str | None, status: str, at: dt.datetime | None, kept: str | None
) -> None:
    for setter in (fields.set_embargo, fields.set_json_embargo):
        parsed = Parsed(format="x")
        setter(parsed, text, HELSINKI)
        assert (parsed.pubstatus, parsed.embargoed, parsed.extra.get("embargoed")) == (status, at, kept)


@pytest.mark.parametrize("value", [True, 0, 1718791200, {}, ["2024-06-19"]])
def test_an_embargo_of_another_type_withholds_and_is_kept(value: object) -> None:
    parsed = Parsed(format="x")
    fields.set_json_embargo(parsed, value)
    assert (parsed.pubstatus, parsed.extra) == ("withheld", {"embargoed": value})


def test_false_is_no_embargo() -> None:
    parsed = Parsed(format="x")
    fields.set_json_embargo(parsed, False)
    assert (parsed.pubstatus, parsed.extra) == ("usable", {})


def test_an_embargo_does_not_bring_a_canceled_story_back() -> None:
    parsed = Parsed(format="x", pubstatus="canceled")
    fields.set_embargo(parsed, "")
    assert parsed.pubstatus == "canceled"


@pytest.mark.parametrize(
    ("codes", "wanted"),
    [(["sig:update"], "update"), (["sig:update", "sig:correction"], "correction"), (["dpaednoterole:repetition"], "repeat"),
     (["Kill", None, "sig:correction"], "kill"), (["http://cv.iptc.org/newscodes/signal/correction"], "correction"), (["sig:atomicnews"],
     None),
     ([None, ""], None)],
)  # fmt: skip
def test_the_strongest_signal_is_kept(codes: list[str | None], wanted: str | None) -> None:
    assert fields.signal(*codes) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("DEU", "DE"), ("de", "DE"), ("Germany", "DE"), ("NORWAY", "NO"), ("XX", None), ("", None), (None, None), ("Atlantis", None)],
)
def test_countries(text: str | None, wanted: str | None) -> None:
    assert fields.country(text) == wanted


@pytest.mark.parametrize(
    ("code", "wanted"),
    [("04000000", "subj:04000000"), (" 20001065 ", "medtop:20001065"), ("medtop:20001065", "medtop:20001065"), ("POL", "POL")],
)
def test_bare_subject_codes_get_their_scheme(code: str, wanted: str) -> None:
    assert fields.iptc_subject(code) == wanted


def test_the_first_text_with_a_word() -> None:
    assert fields.first(None, "", " - ", "a", "b") == "a"
    assert fields.first(None, " ") is None


@given(st.none() | st.text() | st.integers() | st.floats() | st.booleans() | st.lists(st.integers(), max_size=2))
def test_any_value_is_read_or_nothing(value: Any) -> None:
    fields.version(value)
    fields.urgency(value)
    text = value if isinstance(value, str) else None
    fields.moment(text)
    fields.pubstatus(text)
    fields.country(text)
    fields.signal(text)
