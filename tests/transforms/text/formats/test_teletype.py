import datetime as dt
import re

import pytest

from transforms.text.formats import teletype
from transforms.text.parsed import Parsed, RefusedError, When

OPENING = re.compile(rb"\x01")


def test_messages_end_at_their_mark_or_at_the_next_one() -> None:
    assert teletype.messages(b"before\x01one\x04between\x01two\x01three", OPENING, b"\x04") == [b"\x01one\x04", b"\x01two", b"\x01three"]
    assert teletype.messages(b"no mark", OPENING) == [b"no mark"]


def test_more_messages_than_a_day_has_are_refused() -> None:
    with pytest.raises(RefusedError, match="too_large"):
        teletype.messages(b"\x01" * (teletype.MAX_MESSAGES + 1), OPENING)


def test_plain_text_has_no_control_characters() -> None:
    assert teletype.plain_text(b"a\rb\r\nc\n\x01\x02d\x1f\x7fe\tf") == "a\nb\nc\n  d  e\tf"


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("212101 GMT Nov 18", dt.datetime(2018, 11, 21, 21, 1, tzinfo=dt.UTC)),
        ("101137 GMT Dez 18", dt.datetime(2018, 12, 10, 11, 37, tzinfo=dt.UTC)),
        ("312330 EST Dec 1999", dt.datetime(2000, 1, 1, 4, 30, tzinfo=dt.UTC)),
        ("AFP 191205 JUN 71", dt.datetime(1971, 6, 19, 12, 5, tzinfo=dt.UTC)),
        ("191205 GMT Jun 24 201206 GMT Jun 24", dt.datetime(2024, 6, 20, 12, 6, tzinfo=dt.UTC)),
        ("311205 GMT Jun 24", None),
        ("191205 GMT Foo 24", None),
        ("191205", None),
        ("", None),
    ],
)
def test_times_of_trailers(text: str, at: dt.datetime | None) -> None:
    assert teletype.filed(text) == (When(at, "minute") if at else None)


def test_a_later_take_was_not_first_made_when_it_was_sent() -> None:
    when = When(dt.datetime(2024, 6, 19, tzinfo=dt.UTC), "minute")
    first, later, dateless = Parsed(format="x"), Parsed(format="x", signal="update"), Parsed(format="x")
    teletype.set_date(first, when)
    teletype.set_date(later, when)
    teletype.set_date(dateless, None)
    assert (first.firstcreated, later.firstcreated, later.versioncreated) == (when.at, None, when.at)
    assert dateless == Parsed(format="x")


@pytest.mark.parametrize(
    ("text", "signal"),
    [
        ("1ST LEAD", "update"),
        ("1st Ld-Writethru", "update"),
        ("2ndlead", "update"),
        ("3rd Add", "update"),
        ("KILL KILL KILL", "kill"),
        ("Kill", "kill"),
        ("Withhold", "hold"),
        ("Corrective", "correction"),
        ("EIL", "urgent"),
        ("(Wiederholung)", "repeat"),
        ("(Achtung)", None),
        ("1200", None),
        ("", None),
        (None, None),
    ],
)
def test_signals_of_take_keys(text: str | None, signal: str | None) -> None:
    assert teletype.signal_of(text) == signal


def test_the_notebook_is_not_for_print_and_the_sign_off_is_no_note() -> None:
    lines = ["Text.", "", "# Notebook", "", "## Internet", "- link", "* * * *", "", "dpa ab cd", ""]
    assert teletype.without_notebook(lines) == (["Text.", "", "", "dpa ab cd"], ["# Notebook", "## Internet", "- link"])
    assert teletype.without_notebook(["Text.", "dpa ab cd"]) == (["Text.", "dpa ab cd"], [])


def test_paragraphs_by_indents() -> None:
    assert teletype.by_indent(["", "   One", "goes on.", "   Two."]) == ["", "", "   One", "goes on.", "", "   Two."]
    assert teletype.by_indent(["One", "   a row"]) == ["One", "   a row"]
