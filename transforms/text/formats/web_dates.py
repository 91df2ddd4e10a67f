"""Moments as web pages write them: ISO 8601 more or less, RFC 822, scripts' own form, or a date in words."""

import datetime as dt
import re

from transforms.text.calendar_words import month_of
from transforms.text.dates import find_dates
from transforms.text.formats import fields
from transforms.text.parsed import When

_EARLIEST = 1990
"""The first web page. What is earlier (`0001-01-01`, 1970) is an empty field of somebody's database."""

_LONGEST = 100
_LOOSE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T,\s]+(?:at )?(.*))?", re.DOTALL)
_DAY_FIRST = re.compile(
    r"(?:[^\W\d_]+\.?,?\s+)?(\d{1,2})(?:st|nd|rd|th)?[\s-]+([^\W\d_]{3,})\.?,?[\s-]+(\d{4}),?(?:[\sT,]+(?:at )?(.*))?", re.DOTALL
)
_MONTH_FIRST = re.compile(
    r"(?:[^\W\d_]+\.?,?\s+)?([^\W\d_]{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4}),?(?:\s+(?:at )?(.*))?", re.DOTALL
)
_CLOCK = re.compile(r"[^\d]{0,3}(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*([ap]\.?m\.?)?\s*\(?(.*?)\)?\s*", re.IGNORECASE | re.DOTALL)
_SOMEWHERE = re.compile(r"(?<![\d:])\d{1,2}:\d\d(?::\d\d)?(?!\d)\s*(?:[ap]\.?m\.?)?\s*(?:[A-Z]{2,4}\b)?", re.IGNORECASE)
_ZONE = re.compile(r"(?:GMT|UTC)?\s*(?:(Z|GMT|UTC|UT)|([+-])\s?(\d{1,2}):?(\d\d)?)?(?:\s*\(.*)?", re.IGNORECASE)
_NAMED_ZONES = {
    "est": -5,
    "edt": -4,
    "cst": -6,
    "cdt": -5,
    "mst": -7,
    "mdt": -6,
    "pst": -8,
    "pdt": -7,
    "cet": 1,
    "cest": 2,
    "bst": 1,
    "msk": 3,
}
"""Those that mean one thing in news; IST is India's, Ireland's and Israel's."""


def web_date(text: str | None) -> When | None:
    """A moment as UTC with its precision; None where the text is none, or one before the web was.

    Without a zone it is taken as UTC: sites that leave it out mostly mean it."""
    if not text:
        return None
    text = " ".join(text.split())[:_LONGEST]
    when = fields.moment(text) or _loose(text)
    return when if when and when.at.year >= _EARLIEST else None


def has_zone(text: str | None) -> bool:
    """Whether a moment says its zone."""
    return bool(text and re.search(r"(?:Z|[+-]\d\d:?\d\d|\b(?:GMT|UTC|UT|[ECMP][SD]T|CES?T))\)?$", text.strip()))


def _loose(text: str) -> When | None:
    if match := _LOOSE.fullmatch(text):
        year, month, day, clock = match.groups()
        return _when(int(year), int(month), int(day), clock)
    if match := _DAY_FIRST.fullmatch(text):
        day, name, year, clock = match.groups()
    elif match := _MONTH_FIRST.fullmatch(text):
        name, day, year, clock = match.groups()
    else:
        return _in_words(text)
    if clock and not _CLOCK.fullmatch(clock):
        return _in_words(text)
    number = month_of(name)
    return _when(int(year), number, int(day), clock) if number else None


def _in_words(text: str) -> When | None:
    """The one date of a line in words, with the time that stands beside it ('Published 10:02 AM EST Nov 19, 2019')."""
    found = find_dates(text)
    if not found or any(other.date != found[0].date for other in found[1:]):
        return None
    day = found[0].date
    rest = f"{text[: found[0].start]} | {text[found[0].end :]}"
    match = _SOMEWHERE.search(rest)
    return _when(day.year, day.month, day.day, match.group() if match else None)


def _when(year: int, month: int, day: int, clock: str | None) -> When | None:
    match = _CLOCK.fullmatch(clock) if clock else None
    try:
        if match is None:
            return When(dt.datetime(year, month, day, tzinfo=dt.UTC), "day")
        hour, minute, second, half, zone = match.groups()
        hours = int(hour) % 12 + (12 if half[0] in "pP" else 0) if half else int(hour)
        local = dt.datetime(year, month, day, hours, int(minute), int(second or 0), tzinfo=_zone(zone))
        return When(local.astimezone(dt.UTC), "minute" if second is None else "second")
    except (ValueError, OverflowError):
        return None


def _zone(text: str) -> dt.tzinfo:
    if (hours := _NAMED_ZONES.get(text.lower().strip(" .,"))) is not None:
        return dt.timezone(dt.timedelta(hours=hours))
    match = _ZONE.fullmatch(text)
    if match is None or match[2] is None:
        return dt.UTC
    offset = dt.timedelta(hours=int(match[3]), minutes=int(match[4] or 0))
    return dt.timezone(offset if match[2] == "+" else -offset)
