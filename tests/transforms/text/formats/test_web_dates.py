"""Moments as pages write them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.text.formats.web_dates import has_zone, web_date
from transforms.text.parsed import When


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2024-03-05T10:00:00+01:00", When(utc(2024, 3, 5, 9))), ("2024-03-05", When(utc(2024, 3, 5), "day")),
        ("2024-3-5 4:00:00 -0600", When(utc(2024, 3, 5, 10))), ("2024/03/05 10:00", When(utc(2024, 3, 5, 10), "minute")),
        ("Tue, 05 Mar 2024 10:00:00 GMT", When(utc(2024, 3, 5, 10))), ("Tue, 05 Mar 2024 10:00:00 +0100", When(utc(2024, 3, 5, 9))),
        ("Tue Mar 05 2024 10:00:58 GMT+0000 (UTC)", When(utc(2024, 3, 5, 10, 0, 58))),
        ("5 Mar 2024 10:02 GMT", When(utc(2024, 3, 5, 10, 2), "minute")),
        ("March 5, 2024 at 9:45 pm EST", When(utc(2024, 3, 6, 2, 45), "minute")), ("5. März 2024", When(utc(2024, 3, 5), "day")),
        ("Published 10:02 AM EST Mar 5, 2024", When(utc(2024, 3, 5, 15, 2), "minute")), ("Publié le 5 mars 2024", When(utc(2024, 3, 5),
        "day")),
        ("5 March 2024 12:00 AM", When(utc(2024, 3, 5), "minute")), ("0001-01-01T00:00:00Z", None), ("1970-01-01", None),
        ("soon", None), ("", None),
        (None, None), ("2024-02-31", None), ("5 March 2024 and 6 March 2024", None), ("2024-03-05 25:61", None), ("1 ago", None),
    ],
)  # fmt: skip
def test_dates(text: str | None, wanted: When | None) -> None:
    assert web_date(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"), [("2024-03-05T10:00Z", True), ("2024-03-05 10:00 -0600", True), ("10:00 EST", True), ("2024-03-05T10:00", False)]
)
def test_zones(text: str, wanted: bool) -> None:
    assert has_zone(text) is wanted


@given(st.text(alphabet="0123456789:-/.,+ TZapmAPMGUECSMarchäé\n", max_size=60) | st.text(max_size=40))
def test_any_text_is_a_moment_or_none(text: str) -> None:
    found = web_date(text)
    assert found is None or found.at.tzinfo is not None
