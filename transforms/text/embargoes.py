"""Lines of copy that hold their story back, and until when: 'EMBARGOED UNTIL 0001 GMT June 2, 2030', 'Sperrfrist: 02.06.2030, 12:00 Uhr'.

Of two readings the later one counts: a story that is shown an hour late harms nobody."""

import datetime as dt
import re
import zoneinfo
from collections.abc import Iterator

from transforms.text.dates import find_dates
from transforms.text.furniture_words import pattern

DAY_ENDS = dt.timedelta(days=1, hours=12)
"""From midnight UTC of a day that is named without a time: 12:00 UTC of the next one, when the day is over everywhere on earth."""

_LONGEST = 300
"""Characters of a line that are looked at; longer ones are running text."""

_LINE = 240
"""Longest line on top of a story that is an embargo."""

NO_EMBARGO = re.compile(r"NOT (?:INTENDED )?FOR (?:\w+,? (?:or )?){0,4}DISTRIBUTION\b|EMBARGO (?:IS |HAS BEEN )?LIFTED\b", re.IGNORECASE)
"""Lines that speak to desks as an embargo does and hold nothing back."""

_SENTENCE = re.compile(r"(?:\A|[.!?;:]\s+|\n)\s*")

_HOURS = {
    "GMT": 0, "UTC": 0, "UT": 0, "Z": 0, "WET": 0, "BST": 1, "WEST": 1, "CET": 1, "MEZ": 1, "CEST": 2, "MESZ": 2, "EET": 2, "SAST": 2,
    "EEST": 3, "MSK": 3, "PKT": 5, "WIB": 7, "HKT": 8, "SGT": 8, "AWST": 8, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11, "NZST": 12,
    "NZDT": 13, "AST": -4, "ADT": -3, "EST": -5, "EDT": -4, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}  # fmt: skip
"""Zones that mean one thing, hours ahead of UTC. CST is left to the names below: Chicago's, not China's, in copy."""

_NAMED = {
    "ET": "America/New_York", "CT": "America/Chicago", "CST": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles",
    "EASTERN": "America/New_York", "CENTRAL": "America/Chicago", "PACIFIC": "America/Los_Angeles", "LONDON": "Europe/London",
    "PARIS": "Europe/Paris", "BERLIN": "Europe/Berlin", "BRUSSELS": "Europe/Brussels", "GENEVA": "Europe/Zurich",
}  # fmt: skip
"""Zones that are named by their place or leave summer time open."""

_ZONES = "|".join(sorted({*_HOURS, *_NAMED}, key=lambda name: (-len(name), name)))
_ZONE = (
    rf"(?:\s?(?:(?P<offset>(?:GMT|UTC)?\s?[+-]\d{{1,2}}(?::?\d\d)?)(?!\d)|[(]?(?P<zone>{_ZONES})\b"
    r"|(?!UHR\b|HRS?\b|MON|TUE|WED|THU|FRI|SAT|SUN|ON\b|OF\b|AT\b|NOT\b|FOR\b)(?P<unknown>(?-i:[A-Z]{2,5}))\b))?"
)
_HALF = r"(?:\s?(?P<half>[ap])\.?\s?m\b\.?)"
_UNIT = r"(?:uhr|hrs?|hours?|heures?|horas?|ore|h)\b\.?"
_BEFORE = r"(?:\bat|\bum|\bab|\balle(?: ore)?|\bore|\bà|\ba las?|\bàs|\bkl\.?|\bklo)"
_TIMES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<![\d.:])(?P<hour>\d{{1,2}})\s?[:.h]\s?(?P<minute>\d\d)(?:[:.]\d\d)?(?![\d:]){_HALF}?(?:\s?{_UNIT})?{_ZONE}",
        rf"(?<![\d.:])(?P<hour>\d{{1,2}}){_HALF}{_ZONE}",
        rf"(?<![\d.:])(?P<hour>\d\d)(?P<minute>\d\d)(?!\d)(?:\s?{_UNIT})?{_ZONE}",
        rf"(?<![\d.:])(?P<hour>\d{{1,2}})\s?(?:{_UNIT}|o['’]clock\b){_ZONE}",
        rf"{_BEFORE}\s(?P<hour>\d{{1,2}})(?![\d.,:]){_ZONE}",
        rf"(?<![\d.:])(?P<hour>\d{{1,2}})\s(?P<zone>{_ZONES})\b",
        rf"\b(?:12 )?(?P<noon>noon|midday|mittags?|midi|mediodía|mezzogiorno)\b{_ZONE}",
    )
)
"""Ways to write a time of day, the plainest first; the first that is found is the line's way."""


def is_embargo(line: str) -> bool:
    """Whether a line holds the story back ('EMBARGOED UNTIL ...', 'Sperrfrist: ...', 'Eds: Embargoed until ...')."""
    return len(line) <= _LINE and pattern("embargo").match(line) is not None


def held(note: str, zone: dt.tzinfo = dt.UTC) -> tuple[bool, dt.datetime | None]:
    """Whether a sentence of a note to editors holds the story, and the latest moment (UTC) that one names; None where none does."""
    found = [
        note[sentence.end() : sentence.end() + _LONGEST]
        for sentence in _SENTENCE.finditer(note)
        if pattern("embargo").match(note, sentence.end())
    ]
    return bool(found), max((at for each in found if (at := embargo_of(each, zone))), default=None)


def embargo_of(line: str, zone: dt.tzinfo = dt.UTC) -> dt.datetime | None:
    """The moment (UTC) until which a line holds its story, None where it names no day with its year.

    A time without a zone is in `zone`. A day without a time, or with one that cannot be read, holds until `DAY_ENDS`. The last moment
    counts where there are several."""
    if len(line) > _LONGEST:
        return None
    found = find_dates(line)
    if not found:
        return None
    rest = line
    for each in reversed(found):
        rest = f"{rest[: each.start]} | {rest[each.end :]}"
    moments = [moment for each in found for moment in _moments(each.date, rest, zone)]
    return max(moments)


def _moments(date: dt.date, rest: str, zone: dt.tzinfo) -> Iterator[dt.datetime]:
    """The readings of a day with the times of day in the rest of its line."""
    midnight = dt.datetime(date.year, date.month, date.day)
    times = next((found for pattern in _TIMES if (found := list(pattern.finditer(rest)))), [])
    for time in times:
        hours = _time_of(time)
        here = _zone_of(time, zone)
        if hours is None or here is None:
            break
        yield ((midnight + hours).replace(tzinfo=here)).astimezone(dt.UTC)
    else:
        if times:
            return
    yield midnight.replace(tzinfo=dt.UTC) + DAY_ENDS


def _time_of(match: re.Match[str]) -> dt.timedelta | None:
    """The time of day of a match; None for one that no clock shows."""
    found = match.groupdict()
    if found.get("noon"):
        return dt.timedelta(hours=12)
    hour, minute = int(found["hour"]), int(found.get("minute") or 0)
    half = found.get("half")
    if half:
        if not 1 <= hour <= _NOON:
            return None
        hour = hour % _NOON + (_NOON if half in "pP" else 0)
    is_time = minute < _MINUTES and (hour < _MIDNIGHT or (hour == _MIDNIGHT and minute == 0))
    return dt.timedelta(hours=hour, minutes=minute) if is_time else None


_NOON, _MIDNIGHT, _MINUTES = 12, 24, 60


def _zone_of(match: re.Match[str], zone: dt.tzinfo) -> dt.tzinfo | None:
    """The zone behind a time; `zone` where none is written, None for one that is not known here."""
    found = match.groupdict()
    if offset := found.get("offset"):
        digits = re.sub(r"[^\d+-]", "", offset)
        hours, minutes = (int(digits[1:]), 0) if len(digits) <= _SHORT_OFFSET else (int(digits[1:-2]), int(digits[-2:]))
        if hours > _FARTHEST or minutes >= _MINUTES:
            return None
        east = dt.timedelta(hours=hours, minutes=minutes)
        return dt.timezone(east if digits[0] == "+" else -east)
    name = (found.get("zone") or "").upper()
    if name in _HOURS:
        return dt.timezone(dt.timedelta(hours=_HOURS[name]))
    if name:
        return zoneinfo.ZoneInfo(_NAMED[name])
    return None if found.get("unknown") else zone


_SHORT_OFFSET = 3
_FARTHEST = 14
"""'+2', '+02' have hours alone; no clock on earth is more than 14 hours ahead."""
