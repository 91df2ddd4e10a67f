"""Dates: absolute ones in running text and in names, days of the week, and the ladder to a story's publication date."""

import dataclasses
import datetime as dt
import re
from collections.abc import Iterable, Iterator
from typing import Literal

from schemas.story import DateBasis
from transforms.text.calendar_words import month_of, weekday_of
from transforms.text.datelines import Dateline
from transforms.text.parsed import When


@dataclasses.dataclass(frozen=True)
class FoundDate:
    """An absolute date and where it stands: `text[start:end]`."""

    date: dt.date
    start: int
    end: int


@dataclasses.dataclass(frozen=True)
class Publication:
    """When a story was published: UTC, how finely it is known, and the rung of the ladder that says so."""

    at: dt.datetime
    precision: Literal["second", "minute", "day"]
    basis: DateBasis


EARLIEST = dt.date(1900, 1, 1)
"""Earlier dates are not dates of publication but misprints or history."""

AHEAD = dt.timedelta(days=2)
"""How far after now a date may lie: time zones and clocks that are wrong by a day."""

# Every absolute date has a year of four digits, so the years of a text are found first and the words around each are read.
# (Looking back comes after two digits: so the search leaps to a 1 or 2.)
_ANY_YEAR = re.compile(r"(?:1[89]|20)(?<!\d\d\d)\d\d(?!\d)")
_MONTH = r"[^\W\d_]{3,11}"
_DAY_MONTH = re.compile(
    rf"(?<![\d.,])(\d{{1,2}})(?:st|nd|rd|th|er|\.|º|°|ª)?\s*(?:(?:de|of|di|den)\s|d['’])?\s*({_MONTH})\.?,?\s*(?:(?:de|del|do|of)\s)?\s*\Z"
)
_MONTH_DAY = re.compile(rf"(?<!\w)({_MONTH})\.?\s*(\d{{1,2}})(?:\s?[-–]\s?\d{{1,2}})?(?:st|nd|rd|th)?\s*,?\s*\Z")
_NUMBERS_BEFORE = re.compile(r"(?<![\d./-])(\d{1,2})([./-])(\d{1,2})\2\Z")
_ISO_AFTER = re.compile(r"([-/.])(\d{1,2})\1(\d{1,2})(?![\d]|[./-]\d)")
_CJK_AFTER = re.compile(r"\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日")
_REACH = 34
"""Characters before a year in which its day and month stand: '30th of September, '."""


def find_dates(text: str) -> list[FoundDate]:
    """Absolute dates (day, month and year) in the order they stand, in the languages of data/months.tsv and in numbers:
    2024-06-19, 2024/06/19, 19.06.2024, and 19/06/2024 where only one reading is a date. Impossible dates are none."""
    return list(_dates(text))


def _dates(text: str) -> Iterator[FoundDate]:
    for match in _ANY_YEAR.finditer(text):
        found = _date_at(text, match)
        if found is not None:
            yield found


def _date_at(text: str, match: re.Match[str]) -> FoundDate | None:
    year, start, end = int(match.group()), match.start(), match.end()
    after = _ISO_AFTER.match(text, end) or _CJK_AFTER.match(text, end)
    if after:
        month, day = after.groups()[-2:]
        return _found(year, int(month), int(day), start, after.end())
    low = max(0, start - _REACH)
    before = text[low:start]
    if numbers := _NUMBERS_BEFORE.search(before):
        return _numeric(year, int(numbers[1]), int(numbers[3]), numbers[2], low + numbers.start(), end)
    if (words := _DAY_MONTH.search(before)) and (number := month_of(words[2])):
        return _found(year, number, int(words[1]), low + words.start(), end)
    if (words := _MONTH_DAY.search(before)) and (number := month_of(words[1])):
        return _found(year, number, int(words[2]), low + words.start(), end)
    return None


def _numeric(year: int, first: int, second: int, mark: str, start: int, end: int) -> FoundDate | None:
    """Numbers before the year: with full stops the day comes first; with slashes only where one of them is over 12, or both are alike."""
    if mark == "." or first > _MONTHS or first == second:
        return _found(year, second, first, start, end)
    return _found(year, first, second, start, end) if second > _MONTHS else None


_MONTHS = 12


def _found(year: int, month: int, day: int, start: int, end: int) -> FoundDate | None:
    date = _day(year, month, day)
    return FoundDate(date, start, end) if date else None


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


_LETTERS = re.compile(r"[^\W\d_]+(?:-feira)?")


def weekdays_in(text: str) -> set[int]:
    """The days of the week named in a text, 0 for Monday, in the languages of data/weekdays.tsv."""
    return {day for match in _LETTERS.finditer(text) if (day := weekday_of(match.group())) is not None}


_IN_NAME = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<mark>[-/_.]?)(?P<m>0[1-9]|1[0-2])(?P=mark)(?P<d>0[1-9]|[12]\d|3[01])(?!\d)")
_RUN_BEFORE = re.compile(r"[0-9A-Za-z]*\Z")
_RUN_AFTER = re.compile(r"[0-9A-Za-z]*")


def date_in_name(uri_or_path: str) -> dt.date | None:
    """The date in a file's name, path or URI: 20240619, 2024-06-19, 2024/06/19, 2024_06_19; the last where there are several,
    for the file says more than its folders. Digits inside a longer run of digits or inside a hash are none."""
    name = uri_or_path[-_LONGEST_NAME:]
    for match in reversed(list(_IN_NAME.finditer(name))):
        if not match["mark"] and _in_hash(name, match):
            continue
        date = _day(int(match["y"]), int(match["m"]), int(match["d"]))
        if date:
            return date
    return None


def _in_hash(text: str, match: re.Match[str]) -> bool:
    """True where letters mixed with more digits touch the eight digits: 'a20240619bc3f'. A time after 'T' is no hash."""
    before = _RUN_BEFORE.search(text[max(0, match.start() - _HASH) : match.start()])
    after = _RUN_AFTER.match(text, match.end())
    around = (before.group() if before else "") + ("" if after is None or _TIME.match(after.group()) else after.group())
    return any(char.isdigit() for char in around)


_LONGEST_NAME = 4096
"""Characters of a path, as on Linux; of a longer name the end is read."""

_HASH = 64
_TIME = re.compile(r"[Tt]\d{4,6}[Zz]?\Z")


def publication_date(
    published: When | None,
    dateline: Dateline | None,
    texts: list[str],
    dateline_paragraph: str,
    name: str,
    received_at: dt.datetime,
    now: dt.datetime,
    event_day: dt.date | None = None,
) -> Publication:
    """A story's publication date by the first rung that gives one:

    `metadata`; `dateline` with day, month and year; `text`, an absolute date in `texts` (captions first, then body paragraphs) that the
    dateline or its paragraph confirms; `name`, the file's; `metadata` again, the day of the event that the file's header announces, where
    it was received on that day or later; `receipt`. Dates before 1900 or more than two days after `now` are refused."""
    if published is not None and is_possible(published.at.astimezone(dt.UTC).date(), now):
        return Publication(published.at.astimezone(dt.UTC), published.precision, "metadata")
    if dateline is not None and dateline.year and dateline.month and dateline.day:
        date = _day(dateline.year, dateline.month, dateline.day)
        if date and is_possible(date, now):
            return Publication(_midnight(date), "day", "dateline")
    date = _confirmed(dateline, texts, dateline_paragraph, now)
    if date:
        return Publication(_midnight(date), "day", "text")
    date = date_in_name(name)
    if date and is_possible(date, now):
        return Publication(_midnight(date), "day", "name")
    if event_day and EARLIEST <= event_day <= received_at.astimezone(dt.UTC).date():
        return Publication(_midnight(event_day), "day", "metadata")
    return Publication(received_at.astimezone(dt.UTC), "second", "receipt")


def is_possible(date: dt.date, now: dt.datetime) -> bool:
    """Whether a date is believed: from 1900 to two days after `now`."""
    return EARLIEST <= date <= (now.astimezone(dt.UTC) + AHEAD).date()


def _midnight(date: dt.date) -> dt.datetime:
    return dt.datetime(date.year, date.month, date.day, tzinfo=dt.UTC)


def _confirmed(dateline: Dateline | None, texts: Iterable[str], paragraph: str, now: dt.datetime) -> dt.date | None:
    """The date in the first text that has one which the dateline confirms: it is the dateline's own month and day, or, where the
    dateline has none, its weekday is named in the dateline's paragraph. Wire copy names the day of its news by its weekday, and is
    published that day or within the six after it; a date of another week that falls on the same weekday is older, so the latest counts."""
    day = (dateline.month, dateline.day) if dateline is not None and dateline.month and dateline.day else None
    weekdays: set[int] = set() if day else weekdays_in(paragraph)
    if not day and not weekdays:
        return None
    newest = EARLIEST
    for text in texts:
        dates = [found.date for found in _dates(text) if is_possible(found.date, now)]
        newest = max([newest, *dates])
        agreeing = [date for date in dates if ((date.month, date.day) == day if day else date.weekday() in weekdays)]
        if agreeing and max(agreeing) >= newest - _NEWS:
            return max(agreeing)
    return None


_NEWS = dt.timedelta(days=7)
"""A date this much older than another one named before it is history, whatever its weekday."""
