"""Dates in text and names, and the ladder to the date of publication."""

import datetime as dt
import pathlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.text.datelines import split_dateline
from transforms.text.dates import date_in_name, find_dates, publication_date, weekdays_in
from transforms.text.parsed import When

NOW = dt.datetime(2024, 7, 1, 12, 0, tzinfo=dt.UTC)
RECEIVED = dt.datetime(2024, 6, 30, 8, 30, 15, tzinfo=dt.UTC)
SEEDS = pathlib.Path(__file__).parents[3] / "seeds"


@pytest.mark.parametrize(
    "written",
    [
        "19 June 2024",
        "June 19, 2024",
        "June 19 2024",
        "June 19th, 2024",
        "19th of June 2024",
        "19 Jun. 2024",
        "JUNE 19, 2024",
        "Jun 19, 2024",
        "19. Juni 2024",
        "19 juin 2024",
        "19 de junio de 2024",
        "19 de junio del 2024",
        "19 giugno 2024",
        "19 de junho de 2024",
        "19 juni 2024",
        "2024-06-19",
        "2024-06-19T10:15:00Z",
        "2024/06/19",
        "2024.06.19",
        "19.06.2024",
        "19.6.2024",
        "19/06/2024",
        "06/19/2024",
        "2024年6月19日",
    ],
)
def test_a_date_in_any_of_the_languages(written: str) -> None:
    text = f"On {written} they met."
    (found,) = find_dates(text)
    assert found.date == dt.date(2024, 6, 19)
    assert text[found.start : found.end] == written.removesuffix("T10:15:00Z")


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("le 1er juillet 2024", dt.date(2024, 7, 1)),
        ("1º de julho de 2024", dt.date(2024, 7, 1)),
        ("3. März 2021", dt.date(2021, 3, 3)),
        ("15 août 2019", dt.date(2019, 8, 15)),
        ("2 dicembre 1999", dt.date(1999, 12, 2)),
        ("Sept. 3, 2015", dt.date(2015, 9, 3)),
        ("29 February 2024", dt.date(2024, 2, 29)),
    ],
)
def test_ordinals_accents_and_abbreviations(written: str, date: dt.date) -> None:
    assert [found.date for found in find_dates(written)] == [date]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "in June 2024",
        "the 2024 campaign",
        "30 February 2024",
        "31/31/2024",
        "03/04/2024",
        "19 people in 2024",
        "call 20240619",
        "June 19",
    ],
)
def test_what_is_no_whole_date(text: str) -> None:
    assert find_dates(text) == []


def test_several_dates_in_their_order() -> None:
    found = find_dates("From 24 February 2022 to June 19, 2024, and 2024-07-01.")
    assert [each.date for each in found] == [dt.date(2022, 2, 24), dt.date(2024, 6, 19), dt.date(2024, 7, 1)]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("told him on Wednesday during a visit", {2}),
        ("am Mittwochabend und montags", {0, 2}),
        ("mercredi et Sonntag", {2, 6}),
        ("el miércoles", {2}),
        ("mercoledì sera", {2}),
        ("nesta quarta-feira (19)", {2}),
        ("The Sun sat on the Mon river", set()),
        ("", set()),
    ],
)
def test_days_of_the_week(text: str, days: set[int]) -> None:
    assert weekdays_in(text) == days


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("20240619.txt", dt.date(2024, 6, 19)),
        ("/in/AFP20240619T101500Z-kim.xml", dt.date(2024, 6, 19)),
        ("2024-06-19-kim-putin.html", dt.date(2024, 6, 19)),
        ("https://example.org/2024/06/19/kim", dt.date(2024, 6, 19)),
        ("stories/2024_06_19.json", dt.date(2024, 6, 19)),
        ("in/2024-06-18/story-20240619.txt", dt.date(2024, 6, 19)),
        ("000_19efda94ec1e927b.txt", None),
        ("20240619101500.txt", None),
        ("120240619.txt", None),
        ("a20240619bc3f77.txt", None),
        ("2024-13-19.txt", None),
        ("20240230.txt", None),
        ("20240619-and-2024-02-31.txt", dt.date(2024, 6, 19)),
        ("", None),
    ],
)
def test_a_date_in_a_name(name: str, date: dt.date | None) -> None:
    assert date_in_name(name) == date


def ladder(
    published: When | None = None, paragraph: str = "", texts: list[str] | None = None, name: str = "", now: dt.datetime = NOW
) -> tuple[dt.datetime, str, str]:
    """The ladder with the dateline of `paragraph`, as a tuple."""
    found = publication_date(published, split_dateline(paragraph), texts or [], paragraph, name, RECEIVED, now)
    return found.at, found.precision, found.basis


def day(year: int, month: int, number: int) -> dt.datetime:
    return dt.datetime(year, month, number, tzinfo=dt.UTC)


def test_metadata_is_the_first_rung_and_comes_out_in_utc() -> None:
    at = dt.datetime(2024, 6, 20, 1, 30, tzinfo=dt.timezone(dt.timedelta(hours=9)))
    expected = dt.datetime(2024, 6, 19, 16, 30, tzinfo=dt.UTC)
    assert ladder(When(at, "minute"), "PARIS, May 3, 2024 (AFP) - The", name="20240101.txt") == (expected, "minute", "metadata")


def test_a_full_date_in_the_dateline_is_the_second() -> None:
    assert ladder(None, "PARIS, May 3, 2024 (AFP) - The", ["3 June 2024"], "20240101.txt") == (day(2024, 5, 3), "day", "dateline")


def test_a_date_that_the_weekday_confirms_is_the_third() -> None:
    lede = "SEOUL - They met on Wednesday."
    assert ladder(None, lede, ["A caption of 19 June 2024. Picture: A", lede], "20240101.txt") == (day(2024, 6, 19), "day", "text")
    assert ladder(None, lede, ["A caption of 18 June 2024.", lede], "20240101.txt") == (day(2024, 1, 1), "day", "name")


def test_the_first_text_with_a_confirmed_date_decides_and_its_latest_date() -> None:
    lede = "SEOUL - They met on Wednesday."
    assert ladder(None, lede, ["on 12 June 2024 and 19 June 2024", "on 26 June 2024"])[0] == day(2024, 6, 19)


def test_history_is_not_news() -> None:
    lede = "SEOUL - They met on Thursday."
    assert ladder(None, lede, ["since 18 June 2024", lede, "the invasion of 24 February 2022"])[2] == "receipt"


def test_the_day_of_the_dateline_is_confirmed_by_a_date_with_a_year() -> None:
    lede = "SEOUL, June 19 (Yonhap) -- They met on Tuesday."
    assert ladder(None, lede, ["on 18 June 2024", "on 19 June 2024"]) == (day(2024, 6, 19), "day", "text")


def test_the_name_is_the_fourth_and_receipt_the_last() -> None:
    assert ladder(None, "SEOUL - They met.", ["on 19 June 2024"], "in/20240618.txt") == (day(2024, 6, 18), "day", "name")
    assert ladder(None, "SEOUL - They met.", ["on 19 June 2024"], "story.txt") == (RECEIVED, "second", "receipt")


@pytest.mark.parametrize("at", [day(1899, 12, 31), day(2024, 7, 4), day(9999, 12, 31)])
def test_impossible_dates_leave_it_to_the_next_rung(at: dt.datetime) -> None:
    assert ladder(When(at))[2] == "receipt"
    assert ladder(name=f"{at:%Y%m%d}.txt")[2] == "receipt"
    assert ladder(None, f"PARIS, May 3, {at.year} (AFP) - The" if at.year != 2024 else "PARIS, July 4, 2024 (AFP) - The")[2] == "receipt"


def test_two_days_ahead_are_a_clock_and_not_an_error() -> None:
    assert ladder(When(day(2024, 7, 3)))[2] == "metadata"


def test_the_story_among_the_seeds() -> None:
    lines = (SEEDS / "000_19efda94ec1e927b.txt").read_text(encoding="utf-8").splitlines()
    caption, lede = lines[2], lines[3]
    dateline = split_dateline(lede)
    assert dateline is not None
    assert (dateline.text, dateline.city, dateline.agency) == ("SEOUL -", "Seoul", None)
    assert [line for line in lines if split_dateline(line)] == [lede]
    found = publication_date(None, dateline, [caption, *lines[3:]], lede, "000_19efda94ec1e927b.txt", RECEIVED, NOW)
    assert (found.at, found.precision, found.basis) == (day(2024, 6, 19), "day", "text")


@given(st.text(), st.text())
def test_any_text_is_taken(text: str, name: str) -> None:
    for found in find_dates(text):
        assert 0 <= found.start < found.end <= len(text)
    weekdays_in(text)
    date_in_name(name)
    found_at = publication_date(None, split_dateline(text), [text], text, name, RECEIVED, NOW).at
    assert found_at.tzinfo is dt.UTC


@given(st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)))
def test_every_date_is_found_as_it_is_written(date: dt.date) -> None:
    for pattern in ("%-d %B %Y", "%B %-d, %Y", "%Y-%m-%d", "%d.%m.%Y", "%b %d, %Y"):
        assert [found.date for found in find_dates(f"on {date.strftime(pattern)}, they")] == [date]
    assert date_in_name(f"in/{date:%Y%m%d}.xml") == date
