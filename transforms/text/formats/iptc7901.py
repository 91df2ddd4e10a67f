"""IPTC 7901, the teletype message of European agencies (dpa, AFP, Reuters, ATS, APA, NTB ...), with its control characters or without.

    SOH eca0124 3 i 93  dpa 1888      service letters and number, priority, category, words, further identification
    Yemen/conflict/                   slug line(s)
    STX EXTRA                         take key(s), headline (ends in ` =`), byline, text
    ETX 212101 GMT Nov 18             day, hour and minute, zone, month, year
    EOT

Priority is IPTC's urgency, 1 to 9. Identity: letters and number start again every day, so the guid is both with the day of the
trailer ('eca0124-20181121'); a message without a date has none. What stands after the notebook's heading is not for publication:
it becomes the ed-note."""

import re

from transforms.text import furniture
from transforms.text.agencies import agency_named
from transforms.text.datelines import split_dateline
from transforms.text.formats import Format, teletype
from transforms.text.formats.document import Document
from transforms.text.formats.fields import urgency
from transforms.text.furniture_words import strongest
from transforms.text.parsed import Parsed

_OPENING = re.compile(rb"\x01(?=[\s\x7f\x00]{0,8}[A-Za-z]{1,6} ?\d{1,6}\b)")
_HEADER = re.compile(
    r"([A-Za-z]{1,6}) ?(\d{1,6})"  # service and number
    r"(?:[ \t]+(\d)(?=\s))?"  # priority
    r"(?:[ \t]+([A-Za-z][A-Za-z0-9/]{0,5})(?=\s|$))?"  # category
    r"(?:[ \t]+(\d{1,6})(?=\s|$))?"  # words
    r"[ \t]*(.*)"
)
_BARE = re.compile(r"([A-Za-z]{2,4}\d{3,6})[ \t]+\d[ \t]+[A-Za-z]{1,3}[ \t]+\d{1,5}[ \t]+[A-Za-z]{2,8}[ \t]+\d{3,4}[ \t]*\r?(?:\n|\r)")
_TRAILER_LINE = re.compile(r"\W*(?:[A-Za-z/-]{2,12}\s)?\s*\d{6}\s*[A-Z]{0,4}\s+[^\W\d_]{3,9}\.?\s+(?:\d{4}|\d\d)\W*")

_HEADLINE = 300
_HEADLINE_LINES = 4
"""Longest headline that is not closed by its mark, in characters and in wrapped lines."""

_LONGEST_HEADER = 200

_CATEGORIES = {
    "dpa": {
        "i": "international", "pl": "politics", "wi": "economy", "sp": "sport", "ku": "culture", "vm": "miscellaneous",
        "rs": "editorial service",
    },
}  # fmt: skip
"""Categories by agency, where they are known: dpa's Ressorts."""


def sniff(document: Document) -> bool:
    """Whether it begins as a message (DEL, NUL, blanks and line ends may stand before), or as one that has lost its control characters."""
    data = document.data[:4096].lstrip(teletype.IGNORED)
    if data.startswith(b"\x01"):
        return _OPENING.match(data) is not None and b"\x02" in data
    return _is_bare(document)


def _is_bare(document: Document) -> bool:
    return is_bare(document.start, document.data[-_TRAILED:].decode("latin-1"))


_TRAILED = 400
"""Bytes at the end in which the trailer of a message stands."""


def is_bare(start: str, end: str) -> bool:
    """Whether a text is a message without its control characters: a line with service and number, priority, category, words, agency and
    number on top, and the trailer at the end. With the first alone it is a page as any other."""
    return _BARE.match(start) is not None and any(map(_TRAILER_LINE.fullmatch, re.split(r"[\r\n]+", end)))


def parse(document: Document) -> list[Parsed]:
    """The stories of one or more messages. Raises RefusedError (`empty`, and those of `decode`)."""
    if _is_bare(document):
        teletype.check_size(document.data)
        return [teletype.with_words(parse_bare(teletype.plain_text(document.data)))]
    return teletype.stories(FORMAT.name, teletype.messages(document.data, _OPENING, b"\x04"), _message)


def _message(data: bytes) -> Parsed:
    head, _, rest = data.partition(b"\x02")
    text, _, trailer = rest.partition(b"\x03")
    top = teletype.plain_text(head).strip().split("\n")
    return _story(top[0], top[1:], teletype.plain_text(text).split("\n"), teletype.plain_text(trailer))


def parse_bare(text: str) -> Parsed:
    """The story of a message without control characters: header, slug lines, text, trailer, told apart by what they look like."""
    header, *lines = text.strip().split("\n")
    start = 0
    while start < len(lines) and (not lines[start].strip() or _is_slug(lines[start].strip())):
        start += 1
    end = next((index for index in range(len(lines) - 1, start, -1) if _TRAILER_LINE.fullmatch(lines[index])), len(lines))
    return _story(header, lines[:start], lines[start:end], "\n".join(lines[end:]))


def _is_slug(line: str) -> bool:
    mark = furniture.mark_of(line)
    return mark is not None and mark.kind == "slugline"


def _story(header: str, slugs: list[str], lines: list[str], trailer: str) -> Parsed:
    parsed = Parsed(format=FORMAT.name)
    match = _HEADER.match(header[:_LONGEST_HEADER].strip())
    service, number, priority, category, words, more = match.groups() if match else ("", "", None, None, None, header.strip())
    slug, _, version = " ".join(line.strip() for line in slugs if line.strip()).partition(",")  # AFP: 'France-politics,2ndlead'
    parsed.slugline = slug.strip() or None
    if "/" in slug:
        parsed.keywords = [word.strip() for word in slug.split("/") if word.strip()]
    parsed.urgency = urgency(priority)
    parsed.provider = _agency(more) or _agency(trailer)
    if category:
        names = _CATEGORIES.get(parsed.provider or "", {})
        parsed.subjects = [{"code": f"iptc7901:{category}", "name": names.get(category.lower())}]
    rest = _read_top(parsed, lines)
    parsed.signal = strongest([parsed.signal, teletype.signal_of(version)])
    running, notes = teletype.without_notebook(rest)
    parsed.body = "\n".join(teletype.by_indent(running)).strip("\n")
    parsed.ednote = "\n".join(notes) or None
    when = teletype.filed(trailer)
    teletype.set_date(parsed, when)
    parsed.guid = teletype.daily_guid(service, number, when) if number else None
    about = {
        "service": service,
        "number": number,
        "category": category,
        "words": words,
        "version": version,
        "source_number": more,
        "trailer": trailer,
    }
    parsed.extra |= {name: value.strip() for name, value in about.items() if value and value.strip()}
    return parsed


def _agency(text: str) -> str | None:
    """The agency that the further identification or the trailer begins with: 'dpa 1888', 'AFP-AB12', 'AFP 191205 JUN 24'."""
    match = re.match(r"\s*([A-Za-z]{2,12})\b", text)
    return agency_named(match.group(1)) if match else None


def _read_top(parsed: Parsed, lines: list[str]) -> list[str]:
    """Sets take key, headline and byline from the first lines of the text; the lines that are left."""
    takes: list[str] = []
    headline: list[str] = []
    notes: list[str] = []
    index = 0
    while index < len(lines):
        line = lines[index].strip()
        mark = furniture.mark_of(line) if line else None
        if not line:
            if headline:
                break
        elif not headline and (teletype.is_take_key(line) or _is_label(line, lines[index + 1 :])):
            takes.append(line)
        elif not headline and mark and mark.kind in ("ednote", "embargo"):
            notes += [line, ""]
        elif mark and mark.kind == "byline":
            parsed.byline = mark.text
        elif (mark and mark.kind != "slugline") or split_dateline(line) or (headline and lines[index].startswith(("  ", "\t"))):
            break  # a note, an embargo, the text: cleaning knows them
        elif headline and headline[-1].endswith("="):
            break
        else:
            headline.append(line)
        index += 1
    parsed.extra |= {"take_key": " ".join(takes)} if takes else {}
    parsed.signal = teletype.signal_of(*takes)
    if _is_headline(headline):
        parsed.headline = furniture.bare(" ".join(headline)).strip()
        return [*notes, *lines[index:]]
    return [*notes, *headline, *lines[index:]]


def _is_label(line: str, after: list[str]) -> bool:
    """A line of few capitals above a headline that is not in capitals ('FEATURE'), or one in brackets ('(Achtung: neu: Zitat)')."""
    following = after[0].strip() if after else ""
    if line.endswith("=") or not following:
        return False
    if line[0] == "(" and line[-1] == ")":
        return len(line) <= _LABEL and furniture.trash_before(f"{line} x") is None
    return line.isupper() and len(line.split()) <= 3 and not following.isupper()


_LABEL = 70


def _is_headline(lines: list[str]) -> bool:
    text = " ".join(lines)
    if not text or text.endswith("="):
        return bool(text)
    return len(text) <= _HEADLINE and len(lines) <= _HEADLINE_LINES and not furniture.ends_sentence(text)


FORMAT = Format(name="iptc7901", sniff=sniff, parse=parse, order=20)
