"""What the formats of the teletype age share: messages in a stream, control characters, times, take keys, notes that are not for print."""

import datetime as dt
import re
from collections.abc import Callable

from transforms.text import furniture
from transforms.text.calendar_words import month_of
from transforms.text.decode import decode
from transforms.text.formats.items import read_each
from transforms.text.furniture_words import strongest
from transforms.text.parsed import Parsed, RefusedError, When

IGNORED = b"\xef\xbb\xbf\x7f\x00 \r\n\t"
"""What may stand before the first message: fill characters of the line, and the byte order mark of an editor."""

MAX_MESSAGE_BYTES = 8 * 2**20
"""One message: no line was ever that fast, and no story is that long."""

MAX_MESSAGES = 20_000
"""Messages of one input: the largest agencies send some 5,000 a day."""

_BLANKED = bytes(0x20 if byte == 0x7F or (byte < 0x20 and byte not in b"\t\n") else byte for byte in range(256))
"""Bytes, those of control characters as blanks."""

_ZONES = {
    "": 0, "GMT": 0, "UTC": 0, "UT": 0, "Z": 0, "WET": 0,
    "BST": 60, "WEST": 60, "CET": 60, "MEZ": 60, "CEST": 120, "MESZ": 120, "EET": 120, "EEST": 180, "MSK": 180,
    "IST": 330, "HKT": 480, "SGT": 480, "JST": 540, "KST": 540, "AEST": 600, "AEDT": 660, "NZST": 720, "NZDT": 780,
    "EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360, "PST": -480, "PDT": -420,
}  # fmt: skip
"""Minutes east of Greenwich of the zones that desks write in their trailers."""

_FILED = re.compile(r"(?<!\d)(\d\d)(\d\d)(\d\d)\s*([A-Z]{1,4})?\s+([^\W\d_]{3,9})\.?\s+(\d{4}|\d\d)(?!\d)")
_TRAILER = 1000
"""Characters of a trailer that are looked at."""

_CENTURY_ENDS = 70
"""Two digits of a year from here on are of the twentieth century, as in POSIX."""


def messages(data: bytes, opening: re.Pattern[bytes], end: bytes | None = None) -> list[bytes]:
    """The messages of a stream: each from where `opening` matches to the next one, or to the mark `end` where that comes first;
    the whole where it matches nowhere. Raises RefusedError (`too_large`)."""
    starts = [match.start() for match in opening.finditer(data)] or [0]
    if len(starts) > MAX_MESSAGES:
        raise RefusedError("too_large", f"the input holds {len(starts)} messages, more than {MAX_MESSAGES}")
    found = []
    for start, stop in zip(starts, [*starts[1:], len(data)], strict=True):
        piece = data[start:stop]
        found.append(piece[: piece.find(end) + len(end)] if end and end in piece else piece)
    return found


def stories(name: str, found: list[bytes], read: Callable[[bytes], Parsed]) -> list[Parsed]:
    """The story that `read` makes of each message. Of several, each keeps its own bytes, and one that is refused costs the others nothing.

    Raises RefusedError for one alone, as `read` does, and where it has no words (`empty`)."""

    def story(data: bytes) -> list[Parsed]:
        check_size(data)
        return [with_words(read(data))]

    told = read_each(name, found, story, bytes)
    if len(found) > 1:
        for parsed, data in zip(told, found, strict=True):
            parsed.payload = data
    return told


def with_words(parsed: Parsed) -> Parsed:
    """The same. Raises RefusedError (`empty`) where neither headline nor text has a word."""
    if not any(char.isalnum() for char in f"{parsed.headline or ''}{parsed.body}"):
        raise RefusedError("empty", "the message has neither a headline nor a text")
    return parsed


def check_size(data: bytes) -> None:
    """Raises RefusedError (`too_large`) for a message beyond any story's size, before much is made of it."""
    if len(data) > MAX_MESSAGE_BYTES:
        raise RefusedError("too_large", f"the message has {len(data)} bytes, more than {MAX_MESSAGE_BYTES}")


def plain_text(data: bytes) -> str:
    r"""Text of bytes that may hold control characters, which end up as blanks; `\r`, `\n` and `\r\n` alike as `\n`. Raises RefusedError."""
    # not by regular expressions: they keep every piece of fifty megabytes of short lines
    return decode(data.replace(b"\r\n", b"\n").replace(b"\n\r", b"\n").replace(b"\r", b"\n").translate(_BLANKED))


def full_year(year: str) -> int:
    """The year of two or four digits."""
    number = int(year)
    if len(year) > 2:
        return number
    return number + (1900 if number >= _CENTURY_ENDS else 2000)


def filed(text: str) -> When | None:
    """The last time of a trailer, `ddhhmm [zone] month yy` ('242200 GMT Jun 17'), in UTC; None where there is none.

    Without a zone, or with one that is not known, it is taken for GMT: IPTC 7901 asks for it."""
    for day, hour, minute, zone, month, year in reversed(_FILED.findall(text[-_TRAILER:])):
        number = month_of(month)
        if number is None:
            continue
        offset = dt.timezone(dt.timedelta(minutes=_ZONES.get(zone, 0)))
        try:
            at = dt.datetime(full_year(year), number, int(day), int(hour), int(minute), tzinfo=offset)
        except ValueError:
            continue
        return When(at.astimezone(dt.UTC), "minute")
    return None


def set_date(parsed: Parsed, when: When | None) -> None:
    """Sets when this version was sent, which is when it was published; a story that is no later take was first made then, too."""
    if when is None:
        return
    parsed.published = when
    parsed.versioncreated = when.at
    if parsed.signal not in ("update", "correction", "repeat", "kill", "hold"):
        parsed.firstcreated = when.at


def daily_guid(service: str, number: str, when: When | None) -> str | None:
    """An identity from service letters and number, which every desk starts again each day (or when they have run out): with the day.

    Without a day there is none: another story's number would make it a version of that story."""
    if when is None:
        return None
    return f"{service.lower()}{number}-{when.at:%Y%m%d}"


def is_take_key(line: str) -> bool:
    """Whether a line says which take this is, and nothing else: '2ND LEAD', '(Achtung)', 'EXTRA'."""
    mark = furniture.mark_of(line) if line else None
    return mark is not None and mark.kind == "ednote" and len(line) <= _TAKE_KEY and ":" not in line


_TAKE_KEY = 40


def signal_of(*texts: str | None) -> str | None:
    """The signal of take keys and headlines: '1ST LEAD' gives update, 'KILL' kill, '1st Ld-Writethru' update."""
    found: list[str | None] = []
    for text in texts:
        line = (text or "").strip(" ()=,")
        mark = furniture.mark_of(line) if line else None
        found.append(mark.signal if mark else None)
        if match := _LATER.search(line):
            found.append(_LATER_SIGNALS.get(match.group(1).casefold(), "update"))
    return strongest(found)


_LATER = re.compile(
    r"\b(?:\d{1,2}(?:st|nd|rd|th)[ -]?)?(Ld|Lead|Writethru|Kill|Withhold|Corrective|Correction|CORR|Sub|Adds?|Insert)\b", re.IGNORECASE
)
_LATER_SIGNALS = {"kill": "kill", "withhold": "hold", "corrective": "correction", "correction": "correction", "corr": "correction"}
"""The words of AP's version field: a lead, write-through, sub, add or insert is an update of what came before."""


def by_indent(lines: list[str]) -> list[str]:
    """Lines with a blank one before each that is indented, where the first of the text is: so AFP and Reuters mark a paragraph."""
    first = next((line for line in lines if line.strip()), "")
    if not first.startswith(_INDENTS):
        return lines
    return [each for line in lines for each in (("", line) if line.startswith(_INDENTS) else (line,))]


_INDENTS = ("  ", "\t")


def without_notebook(lines: list[str]) -> tuple[list[str], list[str]]:
    """The lines for print, and those after the heading from which on nothing is; a sign-off at the end stays with the first."""
    start = next((index for index, line in enumerate(lines) if line.strip() and furniture.opens_notebook(line.strip())), len(lines))
    running, notes = lines[:start], [line.strip() for line in lines[start:]]
    while notes and not notes[-1]:
        notes.pop()
    if notes and "@" not in notes[-1] and furniture.is_signoff(notes[-1]):
        running = [*running, "", notes.pop()]
    return running, [line for line in notes if line and not furniture.is_rule(line)]
