"""Calendars as CSV, the form that Outlook and Google write and read: an event a row.

The header names the columns; known are Subject, Start Date, Start Time, End Date, End Time, All day event, Description, Location,
Private and UID. Whether 3/9/2018 is in March or September is told by the file: a number over 12 decides, else the reading in which the rows
are in order, else Outlook's (month first). Times have no zone and are kept as they are written, in `extra`.

A UID is the guid. Events of the Australian Bureau of Statistics begin with their catalogue number and end in their period
('4307.0.55.001 Apparent Consumption of Alcohol, Australia, 2016-17'), which together are the identity that its users know:
urn:www.abs.gov.au:4307.0.55.001-2016-17."""

import csv
import datetime as dt
import io
import itertools
import re

from transforms.text.formats import Format
from transforms.text.formats.document import Document
from transforms.text.formats.fields import instant
from transforms.text.parsed import Parsed, RefusedError

MAX_EVENTS = 50_000
_HEADER = re.compile(r'"?subject"?[,;\t].*?"?start date"?\s*(?:[,;\t]|$)', re.IGNORECASE | re.MULTILINE)
_NUMBERS = re.compile(r"(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})")
_CATALOGUE = re.compile(r"(\d{4}\.\d(?:\.\d\d\.\d{3})?) \S.*,\s*([^,()]*\d{4}[^,()]*?)\s*(?:\([^()]*\))?")


def sniff(document: Document) -> bool:
    """Whether the first line names the columns Subject and Start Date."""
    first = document.start.partition("\n")[0].replace("\r", "\n").partition("\n")[0]
    return _HEADER.match(first) is not None


def parse(document: Document) -> list[Parsed]:
    """The events of a calendar. Raises RefusedError (`empty`, `bad_csv`, `too_large`, and those of `decode`)."""
    text = document.text.lstrip("\n ")
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text), delimiter=max(",;\t", key=first.count))
    try:
        columns = [name.strip().casefold() for name in next(reader)]
        filled = (row for row in reader if any(map(str.strip, row)))
        rows = [dict(zip(columns, map(str.strip, row), strict=False)) for row in itertools.islice(filled, MAX_EVENTS + 1)]
    except (csv.Error, StopIteration) as error:
        raise RefusedError("bad_csv", f"the calendar's rows cannot be read: {error}") from error
    if len(rows) > MAX_EVENTS:
        raise RefusedError("too_large", f"the calendar has more than {MAX_EVENTS} events")
    if not rows:
        raise RefusedError("empty", "the calendar holds no event")
    month_first = _month_first([row.get("start date", "") for row in rows])
    return [_event(row, month_first) for row in rows]


def _event(row: dict[str, str], month_first: bool) -> Parsed:
    subject = row.get("subject", "")
    parsed = Parsed(format=FORMAT.name, item_kind="event", headline=subject or None, body=row.get("description", ""))
    parsed.guid = row.get("uid") or _catalogue_guid(subject)
    parsed.located = row.get("location") or None
    for name in ("start", "end"):
        day = _date(row.get(f"{name} date", ""), month_first)
        if day:
            time = row.get(f"{name} time", "")
            parsed.extra[name] = f"{day.isoformat()} {time}".strip()
    known = {"subject", "start date", "start time", "end date", "end time", "description", "location", "uid"}
    parsed.extra |= {name: value for name, value in row.items() if name and name not in known and value}
    parsed.payload = ",".join(row.values()).encode()
    return parsed


def _catalogue_guid(subject: str) -> str | None:
    match = _CATALOGUE.fullmatch(subject)
    if match is None:
        return None
    return f"urn:www.abs.gov.au:{match.group(1)}-{'-'.join(match.group(2).split())}"


def _month_first(texts: list[str]) -> bool:
    """Whether the month stands before the day in these dates."""
    pairs = [(int(match[1]), int(match[2])) for text in texts if (match := _NUMBERS.match(text)) and len(match[1]) <= 2]
    if any(first > 12 for first, _ in pairs) or not pairs:
        return False
    if any(second > 12 for _, second in pairs):
        return True
    by_reading = {reading: [_date(text, reading) or dt.date.min for text in texts] for reading in (True, False)}
    return by_reading[True] == sorted(by_reading[True]) or by_reading[False] != sorted(by_reading[False])


def _date(text: str, month_first: bool) -> dt.date | None:
    at = instant(text)
    if at is not None:
        return at.date()
    match = _NUMBERS.match(text)
    if match is None:
        return None
    first, second, year = (int(match[index]) for index in (1, 2, 3))
    day, month = (second, first) if month_first else (first, second)
    try:
        return dt.date(year if year > 99 else 2000 + year, month, day)
    except ValueError:
        return None


FORMAT = Format(name="calendar", sniff=sniff, parse=parse, order=60)
