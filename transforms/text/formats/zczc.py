"""Copy between ZCZC and NNNN, as desks send it from their editing systems to printers and to each other.

Three forms are known by their lines; a desk's own choice of marks is told by what stands behind them:

* Field lines, each with a mark in front (AAP and its customers):
  `%A` or `$A` category, `#` slug (or `:` where no line has `#`), `$` or `^` headline, `:` or `=` take key, `*07000000` or
  `+07000000` IPTC subject, `*X` `*T` text or table, `~` genre, `@` place, `&` service level. Racing copy has only a slug and a
  take key or a date: see `racing`.
* Tagged lines: `AN#` accession number, `KN#` service, `PD#` date and time, `CO#` company, `SO#` source, `BY#` byline, `KY#` keywords,
  `TI#` headline, `AB#` abstract, `TX#` text.
* None of them: the story is read as a page, or as the IPTC 7901 message that it is.

Nothing here is unique for ever but an accession number, so only that gives a guid."""

import datetime as dt
import re

from transforms.text.agencies import agency_named
from transforms.text.dates import find_dates
from transforms.text.formats import Format, iptc7901, racing, teletype
from transforms.text.formats.document import Document
from transforms.text.parsed import Parsed, When

_OPENING = re.compile(rb"(?:\A|(?<=[\x00-\x20\x7f]))ZCZC(?=[\x00-\x20\x7f]|\Z)", re.IGNORECASE)
_SNIFFED = re.compile(r"\W{0,40}(?:\w{1,8}[ \t]+\d{1,6}[^\w]{1,8})?ZCZC(?=[\x00-\x20\x7f]|\Z)", re.IGNORECASE)
_STARTS_WITHIN = 40
_END = re.compile(r"^[ \t]*N{4}\b", re.MULTILINE)
_TAGGED = re.compile(r"([A-Z]{2})#(.*)")
_FIELD = re.compile(r"([%#$:*~@^=+&])(?! )(.*)")
_ROUTING = re.compile(r"(?:HH|FF|QQ) ?\w{2,12}")
_TIME = re.compile(r"(?<!\d)(\d\d?)[:.](\d\d)(?:[:.](\d\d))?(?!\d)")
_LINES = 500
_TOP = 60
"""Lines on top that may be fields."""

_VALUE = 250
"""Longest value of a field line: headlines of some 100 characters."""


def sniff(document: Document) -> bool:
    """Whether ZCZC stands in the first 40 characters, with nothing before it but control characters, marks or a line's number."""
    match = _SNIFFED.match(document.head)
    return match is not None and match.end() <= _STARTS_WITHIN + len("ZCZC")


def parse(document: Document) -> list[Parsed]:
    """The stories of one or more messages. Raises RefusedError (`empty`, and those of `decode`)."""
    data = document.data if b"\x00" not in document.data else document.text.encode()
    return teletype.stories(FORMAT.name, teletype.messages(data, _OPENING), _message)


def _message(data: bytes) -> Parsed:
    text = teletype.plain_text(data)
    if end := _END.search(text):
        text = text[: end.start()]
    first, _, rest = text.partition("\n")
    header = first.strip()[len("ZCZC") :].strip()
    if iptc7901.is_bare(rest.lstrip(), rest[-400:]):
        parsed = iptc7901.parse_bare(rest)
    else:
        parsed = Parsed(format=FORMAT.name)
        lines = rest.split("\n", _LINES)  # the last one holds all that are left
        if not _read_tagged(parsed, lines):
            _read_fields(parsed, lines)
        if parsed.published is None:
            teletype.set_date(parsed, teletype.filed("\n".join(parsed.body.rsplit("\n", 3)[1:])))
    parsed.provider = parsed.provider or (agency_named(header) if header else None)
    parsed.extra |= {"header": header} if header else {}
    return parsed


# ---------------------------------------------------------------------------------------------------------------------- tagged lines


def _read_tagged(parsed: Parsed, lines: list[str]) -> bool:
    """Reads `AN#...` lines; whether the message has them."""
    start = next((index for index, line in enumerate(lines) if line.strip()), 0)
    if start >= len(lines) or not _TAGGED.match(lines[start].strip()):
        return False
    tags: dict[str, list[str]] = {}
    current = ""
    for line in lines[start:]:
        match = _TAGGED.match(line.strip()) if current != "TX" else None
        if match:
            current = match.group(1)
            tags.setdefault(current, []).append(match.group(2))
        else:
            tags[current].append(line)
    values = {tag: "\n".join(found).strip() for tag, found in tags.items()}
    parsed.headline = _one_line(values.pop("TI", ""))
    parsed.deck = _one_line(values.pop("AB", ""))
    parsed.byline = _one_line(values.pop("BY", ""))
    parsed.body = values.pop("TX", "")
    parsed.guid = _one_line(values.pop("AN", ""))
    parsed.provider = _one_line(values.pop("KN", ""))
    parsed.keywords = list(dict.fromkeys(f"{values.pop('KY', '')} {values.pop('CO', '')}".split()))
    teletype.set_date(parsed, _moment(values.get("PD", "")))
    parsed.extra |= {tag: value for tag, value in values.items() if any(map(str.isalnum, value)) and (tag != "PD" or not parsed.published)}
    return True


def _one_line(text: str) -> str | None:
    return " ".join(text.split()) or None


def _moment(text: str) -> When | None:
    """'06 June 2016 14:00:00'; no zone is written, so it is taken for UTC."""
    found = find_dates(text)
    if not found:
        return None
    date = found[0].date
    time = _TIME.search(text, found[0].end)
    hour, minute, second = (int(part or 0) for part in time.groups()) if time else (0, 0, 0)
    try:
        at = dt.datetime(date.year, date.month, date.day, hour, minute, second, tzinfo=dt.UTC)
    except ValueError:
        time, at = None, dt.datetime(date.year, date.month, date.day, tzinfo=dt.UTC)
    return When(at, "day" if time is None else "second" if time.group(3) else "minute")


# ----------------------------------------------------------------------------------------------------------------------- field lines


def _read_fields(parsed: Parsed, lines: list[str]) -> None:
    """Reads the lines with a mark in front; the body is what comes after them."""
    pairs: list[tuple[str, str]] = []
    index = 0
    while index < min(len(lines), _TOP):
        line = lines[index].strip()
        match = _FIELD.fullmatch(line)
        if match and len(line) <= _VALUE and _fits(match.group(1), match.group(2)):
            pairs.append((match.group(1), match.group(2).strip()))
        elif _ROUTING.fullmatch(line) and "routing" not in parsed.extra:
            parsed.extra["routing"] = line
        elif line or pairs:
            break
        index += 1
    has_slug = any(mark == "#" for mark, _ in pairs)
    for mark, value in pairs:
        if value:
            _put(parsed, mark, value, has_slug)
    take_key = parsed.extra.get("take_key")
    parsed.signal = teletype.signal_of(take_key)
    parsed.body = "\n".join(lines[index:]).strip("\n")
    if parsed.headline is None:
        racing.read(parsed, take_key)
    if parsed.headline is None:
        parsed.layout = "page"


def _fits(mark: str, value: str) -> bool:
    """Whether the value is one that the mark stands before, so that a bullet or a hashtag of the text is no field."""
    if mark in "%&":
        return len(value) <= 3
    if mark in "*+":
        return re.fullmatch(r"\d{8}|[A-Za-z]?", value) is not None
    return True


def _put(parsed: Parsed, mark: str, value: str, has_slug: bool) -> None:
    if mark == "%" or (mark == "$" and len(value) <= 2):
        parsed.subjects.append({"code": f"anpa:{value.lower()}", "name": None})
        parsed.extra["category"] = value
    elif mark in "$^":
        parsed.headline = value
    elif mark == "#" or (mark == ":" and not has_slug):
        parsed.slugline = value
    elif mark in ":=":
        parsed.extra["take_key"] = value
    elif mark in "*+" and len(value) > 1:
        parsed.subjects.append({"code": value, "name": None})
    elif mark == "~":
        parsed.genre = value
    elif mark == "@":
        parsed.located = value
    else:
        parsed.extra["service_level" if mark == "&" else "layout"] = value


FORMAT = Format(name="zczc", sniff=sniff, parse=parse, order=30)
