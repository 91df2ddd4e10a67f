"""ANPA 1312 (1979, again 84-2), the high-speed wire format of North American agencies.

    SYN SYN SOH s0284 US _-----                       service level and number, selector of the receivers
    r s DC4 DC2 BC-Wild-Card     08-18 0123           priority, category, format, version and keyword, date, words
    STX ^BC-Wild Card,<                               keyword line; `^` opens a line, `<` or `=` ends one that is no running text
    ^Headline<  ^Eds: ...<  ^By NAME=                 headline, advisories, byline
    TAB Text                                          a paragraph
    TAB ETX AP-WF-08-18-19 2017GMT<                   agency, wire and time
    FF EOT

The priority letter becomes IPTC's urgency by the meaning that ANPA 1312 and AP's technical guide give it (see `_URGENCIES`); the
category letter is the subject `anpa:s`. The slug is the keyword of the header without the cycle before it (BC- both cycles, AM- and
PM- the morning and evening papers, AP- all), 24 characters at most as it is sent; the keyword line is kept in `extra`.
Identity: service and number start again every day, so the guid is both with the day of the trailer ('s0284-20190818'); without a
trailer there is none."""

import datetime as dt
import re

from transforms.text import furniture
from transforms.text.agencies import agency_named
from transforms.text.formats import Format, teletype
from transforms.text.formats.anpa_text import Line, lines_of, paragraphs
from transforms.text.formats.document import Document
from transforms.text.furniture_words import strongest
from transforms.text.parsed import Parsed, When

_OPENING = re.compile(rb"(?:\x16{1,4}\x01|\x01(?=[a-zA-Z]\d{4}[^\n\x02]{0,40}\x1f))")
_FIRST = re.compile(rb"\x16*\x01\s*([a-zA-Z]?)(\d{3,5})\x1f?([^\r\n]*)")
_HEADER = re.compile(
    rb"[ \t]*([a-zA-Z])[ \t]+([a-zA-Z])[ \t]*([\x11-\x14]*)[ \t]*(.*?)(?:[ \t]+(\d\d?)-(\d\d?))?(?:[ \t]+(\d{1,6}))?[ \t]*\r*\Z"
)
_UNOPENED = re.compile(rb"^(?=[^\s^][^\n]*[<=]\r*$)", re.MULTILINE)
_TRAILER = re.compile(r"([A-Z]{2,4})-([A-Z0-9]{1,4})-(\d\d)-(\d\d)-(\d\d) (\d\d)(\d\d)(GMT|UTC|EDT|EST)?")
_CYCLE = re.compile(r"(?:BC|AM|PM|AP)-", re.IGNORECASE)
_ROUTED = re.compile(r"\*\w+")
_COUNT = re.compile(r",\s*\d{1,5}\s*$")
_PICTURES = re.compile(r"(?i:(?:AP )?(?:photos?|graphics?|video))\b[^a-z]*")
_NOTE = re.compile(r"(?:Eds\b|Editors?\b|EDITOR'S NOTE|Attn\b|With AP)", re.IGNORECASE)
_TOP = 16
"""Lines above the text that are looked at; AP's longest tops (slug, headline, summary, notes, bylines) have ten."""

_SUMMARY = 600
_LONGEST_TOP = 1000
_LONGEST_HEADER = 200

_URGENCIES = {"f": 1, "b": 2, "u": 3, "r": 5, "d": 7, "a": 8, "s": 8, "w": 8, "x": 8, "h": 8}
"""ANPA 1312: flash; bulletin, also kills; urgent, also all corrections; regular; deferred; advances for a weekday, a Sunday, the
weekend, release at will, hold. IPTC: 1 flash, 2 and 3 urgent, 5 ordinary, 8 least."""

_CATEGORIES = {
    "a": "domestic general news", "b": "special events", "c": "features", "d": "food", "e": "entertainment", "f": "financial",
    "i": "international", "k": "commentary", "l": "lifestyle", "n": "state and regional", "o": "weather", "p": "national politics",
    "q": "sports scores", "r": "racing", "s": "sports", "t": "travel", "v": "advisories", "w": "Washington",
}  # fmt: skip
"""ANPA 1312's category letters, as AP uses them."""


def sniff(document: Document) -> bool:
    """Whether it begins with SYN SYN SOH, or with SOH, a service letter, its number and US (blanks, NUL and DEL may stand before)."""
    data = document.data[:4096].lstrip(teletype.IGNORED)
    return data.startswith((b"\x16\x01", b"\x16\x16\x01")) or (data.startswith(b"\x01") and _OPENING.match(data) is not None)


def parse(document: Document) -> list[Parsed]:
    """The stories of one or more messages. Raises RefusedError (`empty`, and those of `decode`)."""
    return teletype.stories(FORMAT.name, teletype.messages(document.data, _OPENING, b"\x04"), _message)


def _message(data: bytes) -> Parsed:
    story, _, trailer = data.partition(b"\x03")
    head, _, text = story.partition(b"\x02")
    parsed = Parsed(format=FORMAT.name)
    kept: dict[str, str | None] = {}
    first, *others = head.split(b"\n", 1)
    header, _, early = (others[0] if others else b"").lstrip(b"\r\n").partition(b"\n")
    service, number = "", ""
    if match := _FIRST.match(first):
        service, number = match.group(1).decode().lower(), match.group(2).decode()
        kept |= {"service": service, "number": number, "selector": _text(match.group(3)[:_LONGEST_HEADER])}
    keyword = _read_header(parsed, kept, header.rstrip(b"\r"))
    when = _sent(parsed, kept, teletype.plain_text(trailer))
    # Between header and STX stands nothing; what a relay put there, or all where it lost the STX, is text.
    _read_text(parsed, kept, _UNOPENED.sub(b"^", early) + text, keyword)
    teletype.set_date(parsed, when)
    parsed.guid = teletype.daily_guid(service, number, when) if number else None
    parsed.extra |= {name: value for name, value in kept.items() if value}
    return parsed


def _text(data: bytes) -> str:
    return " ".join(teletype.plain_text(data).split())


def _read_header(parsed: Parsed, kept: dict[str, str | None], header: bytes) -> str:
    """Sets what the second line says; the keyword as it is sent, cycle included."""
    match = _HEADER.match(header[:_LONGEST_HEADER])
    if match is None:
        kept["header"] = _text(header[:_LONGEST_HEADER])
        return ""
    priority, category = match.group(1).decode().lower(), match.group(2).decode().lower()
    keyword, month, day, words = (_text(match.group(index) or b"") for index in (4, 5, 6, 7))
    parsed.urgency = _URGENCIES.get(priority)
    parsed.subjects = [{"code": f"anpa:{category}", "name": _CATEGORIES.get(category)}]
    slug, _, version = keyword.partition(",")
    parsed.slugline = _CYCLE.sub("", slug, count=1).strip() or None
    cycle = _CYCLE.match(keyword)
    kept |= {
        "priority": priority, "category": category, "words": words, "header_date": f"{month}-{day}" if day else None,
        "cycle": cycle.group().rstrip("-") if cycle else None, "version": version.strip(" ,") if any(map(str.isalpha, version)) else None,
        "layout": "table" if b"\x13" not in match.group(3) and b"\x14" in match.group(3) else None,
    }  # fmt: skip
    return keyword


def _sent(parsed: Parsed, kept: dict[str, str | None], trailer: str) -> When | None:
    """The time of the trailer 'AP-WF-08-29-16 1626GMT<' (month, day, year), and the agency before it."""
    match = _TRAILER.search(trailer[:_LONGEST_TOP])
    if match is None:
        return teletype.filed(trailer)
    agency, wire, month, day, year, hour, minute, zone = match.groups()
    parsed.provider = agency_named(agency)
    kept["wire"] = f"{agency}-{wire}"
    hours = {"EST": -5, "EDT": -4}.get(zone or "", 0)
    try:
        at = dt.datetime(
            teletype.full_year(year), int(month), int(day), int(hour), int(minute), tzinfo=dt.timezone(dt.timedelta(hours=hours))
        )
    except ValueError:
        kept["trailer"] = match.group()
        return None
    return When(at.astimezone(dt.UTC), "minute")


def _read_text(parsed: Parsed, kept: dict[str, str | None], text: bytes, keyword: str) -> None:
    """Sets keyword line, headline, notes and byline from the lines on top, and the body from the rest."""
    lines = lines_of(text)
    notes: list[str] = []
    held: list[Line] = []
    index = 0
    while index < min(len(lines), _TOP) and lines[index].is_top and len(lines[index].text) <= _LONGEST_TOP:
        line = lines[index].text
        if not line or _ROUTED.fullmatch(line):
            kept["routing"] = line or kept.get("routing")
        elif index < _KEYWORD_LINES and "keyword_line" not in kept and _is_keyword(line, keyword):
            _put_keyword(kept, line)
        elif _PICTURES.fullmatch(line):
            kept["pictures"] = line
        elif _NOTE.match(line):
            notes.append(line)
        elif not _put_top(parsed, kept, held, lines[index]):
            break
        index += 1
    parsed.ednote = "\n".join(notes) or None
    signals = [teletype.signal_of(kept.get("version"), *(line.text for line in held)), *map(_corrected, notes)]
    parsed.signal = strongest(signals) or _signal_of_priority(kept)
    parsed.body = paragraphs([*held, *lines[index:]])


def _put_top(parsed: Parsed, kept: dict[str, str | None], held: list[Line], line: Line) -> bool:
    """Sets headline, summary or byline; whether the line is any of them, or an embargo or the like, which cleaning knows (`held`)."""
    mark = furniture.mark_of(line.text)
    if mark and mark.kind == "byline" and parsed.byline is None:
        parsed.byline = mark.text
    elif mark and mark.kind not in ("slugline", "deck", "creditline"):
        held.append(line)
    elif parsed.byline:
        if not _is_title_of_writer(line.text):
            return False
        kept["byline_title"] = line.text
    elif parsed.headline is None:
        parsed.headline = line.text
    elif parsed.deck is None and len(line.text) <= _SUMMARY:
        parsed.deck = line.text
    else:
        return False
    return True


_KEYWORD_LINES = 3


def _is_keyword(line: str, keyword: str) -> bool:
    """Whether a line is the keyword in full: 'BC-10 Things to Know-Today,364' over the header's 'BC-10ThingstoKnow-Today'."""
    wanted, found = ("".join(filter(str.isalnum, text)).casefold() for text in (keyword, line))
    return bool(_CYCLE.match(line)) or (len(wanted) > 2 and found.startswith(wanted))


def _put_keyword(kept: dict[str, str | None], line: str) -> None:
    """The keyword line, and the version that it names: 'BC-US--Storm, 2nd Ld-Writethru,620'."""
    kept["keyword_line"] = line
    bare = _COUNT.sub("", line)
    _, comma, version = bare.partition(",")
    if comma and any(map(str.isalpha, version)):
        kept["version"] = version.strip(" ,")


def _is_title_of_writer(line: str) -> bool:
    """'Associated Press Writer', 'AP Sports Writer', 'For The Associated Press', a paper's name under the byline."""
    return agency_named(line) is not None or re.search(r"\b(?:Writers?|Editors?|Press|Correspondents?|Columnist|Staff)\b", line) is not None


def _corrected(note: str) -> str | None:
    """'Eds: CORRECTS spelling of Example' is a correction, whatever else the take is."""
    return "correction" if re.search(r"\b(?:CORRECT(?:S|ED|ION)|Correct(?:s|ed|ion))\b", note) else None


def _signal_of_priority(kept: dict[str, str | None]) -> str | None:
    """What the priority says where no version does: flash and bulletin are urgent; `u` has every correction too, so it says nothing."""
    return "urgent" if kept.get("priority") in ("f", "b") else None


FORMAT = Format(name="anpa", sniff=sniff, parse=parse, order=10)
