import datetime as dt
import time
import zoneinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.text.embargoes import embargo_of

BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(2030, 6, *parts, tzinfo=dt.UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("line", "moment"),
    [
        ("EMBARGOED UNTIL 0001 GMT June 2, 2030", utc(2, 0, 1)),
        ("Sperrfrist: 02.06.2030, 12:00 Uhr", utc(2, 10)),
        ("Sperrfrist: Sonntag, 2. Juni 2030, 12 Uhr MEZ", utc(2, 11)),
        ("Sperrfrist 2. Juni 2030, 24.00 Uhr", utc(2, 22)),
        ("Embargo: 2030-06-02 10:00", utc(2, 8)),
        ("Embargo: 2030-06-02T10:00:00-05:00", utc(2, 15)),
        ("NOT FOR PUBLICATION BEFORE 0900 GMT 2 June 2030", utc(2, 9)),
        ("HOLD FOR RELEASE 6 a.m. EST Monday June 3, 2030", utc(3, 11)),
        ("Embargoed until noon ET, June 2, 2030", utc(2, 16)),
        ("Not before 12:01 a.m. Eastern on June 2, 2030", utc(2, 4, 1)),
        ("Embargoed to 00:01hrs BST on Sunday 2 June 2030", utc(1, 23, 1)),
        ("SOUS EMBARGO jusqu'au 2 juin 2030 à 14h30", utc(2, 12, 30)),
        ("EMBARGADO hasta el 2 de junio de 2030 a las 10:00 CET", utc(2, 9)),
        ("SOTTO EMBARGO fino alle ore 12 del 2 giugno 2030", utc(2, 10)),
    ],
)
def test_a_day_with_its_time(line: str, moment: dt.datetime) -> None:
    assert embargo_of(line, BERLIN) == moment


@pytest.mark.parametrize("line", ["until June 2, 2030", "until midnight June 2, 2030", "2 June 2030, 25:99", "10:00 XQZ 2 June 2030"])
def test_a_day_without_a_time_that_can_be_read_holds_until_it_is_over_everywhere(line: str) -> None:
    assert embargo_of(line, BERLIN) == utc(3, 12)


def test_the_last_of_several_moments_counts() -> None:
    assert embargo_of("until June 2, 2030 0900 GMT, issued June 1, 2030") == utc(2, 9)


@pytest.mark.parametrize("line", ["EMBARGOED", "until 0900 GMT June 2", "until June 31, 2030", "x" * 500 + " June 2, 2030"])
def test_what_names_no_day_says_no_moment(line: str) -> None:
    assert embargo_of(line) is None


@given(st.text(alphabet="0123456789:. hapmGMTUhr+-,Juni", max_size=300))
def test_any_line_is_taken(line: str) -> None:
    found = embargo_of(f"{line} June 2, 2030")
    assert found is None or found.tzinfo is dt.UTC


@pytest.mark.parametrize("piece", ["1", "12 ", "12:", "00", " ", "+1", "GMT ", "2030 "])
def test_hostile_lines_take_no_time(piece: str) -> None:
    started = time.process_time()
    for _ in range(20):
        embargo_of((piece * 300)[:280] + "June 2, 2030")
    assert time.process_time() - started < 1.0
