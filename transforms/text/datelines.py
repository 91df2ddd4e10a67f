"""The dateline at the start of a story: where it was filed, when and by which agency.

The grammar, as agencies and papers write it:

    [(AGENCY) -] place[/place] [, region or country] [, month day[, year] | day month [year]]
        [(AGENCY[/desk]) | /AGENCY/ | AGENCY] [- | -- | – | — | _ | .- | :]

What is in brackets may be missing, so a header counts only with evidence: an agency, a date, a region, capitals, or a town that is
known. All work is on the first characters of a paragraph; one anchored pattern sends ordinary paragraphs away."""

import dataclasses
import re

from transforms.text.agencies import agency_in
from transforms.text.dateline_header import Header, is_capitals, read_header, usual_case
from transforms.text.dateline_words import is_label_word, is_outlet_word, is_plain_town, is_region, may_be_town, town


@dataclasses.dataclass(frozen=True)
class Dateline:
    """A dateline. `text` is as it stood, its dash included; `paragraph[end:]` is the lede without it.

    `places` are as they stood, `city` the first of them as normal text writes it. `month`, `day` and `year` are null where it has none;
    `agency` has its canonical name, or stands as written where it is not a known one."""

    text: str
    places: tuple[str, ...]
    region: str | None
    month: int | None
    day: int | None
    year: int | None
    agency: str | None
    end: int

    @property
    def city(self) -> str | None:
        """The first place in normal case: 'LA CROSSE' -> 'La Crosse'."""
        return usual_case(self.places[0]) if self.places else None


LONGEST = 120
"""Characters of a paragraph in which a dateline must end: place 60, region and date, agency."""

# A word with a capital (or of a script without case), a small word inside a place's name, a day's number.
_WORD = r"[^\W\d_a-zß-öø-ÿ](?:[\w'’.&}]|-(?=\w))*+"
_SMALL = (
    r"(?:d['’]|l['’]|al-|el-|de|del|da|do|dos|das|di|du|des|la|le|les|am|an|der|den|im|in|on|of|upon|sur|sous|en|and|und|y|et|ob|nad"
    r"|aan|op)\b"
)

# Where a dateline may start: words of a place, then what can follow a place. Possessive: a paragraph without one costs one pass.
_START = re.compile(
    rf"[\s*>•]*+(?:[(\[][^\W\d_]|(?:{_WORD}|\d)"
    rf"(?:[ \xa0]?\d++|[ \xa0]{{1,2}}(?:{_WORD}|{_SMALL})|/{_WORD})*+"
    rf"\s?\s?(?:[(\[/:–—―_-]|\.-|,\s*+(?:{_WORD}|\d|the\s|\w{{3,11}}\.?\s\d)))"
)

_BRACKET = r"\s?[(\[](?P<inner>[^()\[\]\n]{2,40})[)\]]"
_SLASHES = r"\s?/(?P<slashes>[^/()\n]{2,40})/"
_DASH = r"(?:--?|[–—―]|__?)"
# What may end a header, in the order tried at each place: an agency in brackets or slashes with or without a dash, a dash, a colon.
_STOP = re.compile(
    rf"(?:{_BRACKET}|{_SLASHES})(?P<after>[.,]?\s?(?:{_DASH}|:)|\.)?(?=[\s\w\"“”„'‘’«»]|$)"
    rf"|(?P<dash>\s{_DASH}|\.-|(?P<tight_dash>(?<=\d){_DASH}|(?<=[^\W\d_a-zß-öø-ÿ.])(?:--|[–—])|(?<=\.)(?:--|[–—])))(?=[\s\w\"“”„'‘’«<]|$)"
    r"|(?P<colon>:)(?=\s)"
)
_LEADING = re.compile(
    rf"\s*(?:[(\[](?P<inner>[^()\[\]\n]{{2,40}})[)\]]|(?P<bare>[A-Za-z][\w.-]{{1,14}}))\s?\.?(?:\s{_DASH}(?=\s)|(?<=[)\]]){_DASH}|:)\s*"
)
_MORE = re.compile(r"\s?[(\[]|,\s?(?:\d|\w{3,11}\.?\s\d)")
_SPACE = re.compile(r"\s*")
_OUTLET = re.compile(r"[A-Z][\w.&'’/-]*(?: [A-Z0-9&][\w.&'’/-]*){0,4}\Z")
_SITE = re.compile(r"[\w.-]+\.(?:com|org|net|co|news|tv)\b", re.IGNORECASE)


def split_dateline(paragraph: str) -> Dateline | None:
    """The dateline at the start of a paragraph, or None. Any string is accepted."""
    if chinese := _chinese(paragraph):
        return chinese
    if not _START.match(paragraph, 0, LONGEST):
        return None
    head = paragraph[:LONGEST]
    leading = _leading(head)
    at = leading.end if leading else len(head) - len(head.lstrip(" \t\r\n\xa0*>•"))
    found = _split_from(paragraph, head, at)
    if leading is None:
        return found
    if found is None:
        return leading
    return dataclasses.replace(found, text=paragraph[: found.end].strip(), agency=found.agency or leading.agency)


_CHINESE_AGENCIES = {
    "新华社": "Xinhua", "新華社": "Xinhua", "法新社": "AFP", "路透社": "Reuters", "美联社": "AP", "共同社": "Kyodo", "韩联社": "Yonhap",
    "塔斯社": "TASS", "德新社": "dpa", "埃菲社": "EFE", "安莎社": "ANSA", "合众国际社": "UPI", "中新社": "中新社", "中央社": "中央社",
}  # fmt: skip
_CHINESE_AGENCY = "|".join(_CHINESE_AGENCIES)
_CHINESE = re.compile(
    rf"\s*(?P<before>{_CHINESE_AGENCY})?(?P<place>[\u4e00-\u9fff]{{2,8}}?)\s?(?:(?P<year>\d{{4}})年)?(?P<month>\d{{1,2}})月(?P<day>\d{{1,2}})日"
    rf"(?:[上下]午)?[电電](?:\s?[（(](?P<inner>[^（）()]{{2,40}})[)）])?(?:\s?(?:[—－―]{{1,3}}|--|[:：]))?\s*"
)
"""'新华社北京6月1日电（记者王明）', '北京6月1日电（新华社）——': agency, place, date and the word for a dispatch."""


def _chinese(paragraph: str) -> Dateline | None:
    """The dateline of Chinese copy."""
    match = _CHINESE.match(paragraph, 0, LONGEST)
    if match is None:
        return None
    agency = _CHINESE_AGENCIES.get(match["before"] or match["inner"] or "")
    month, day = int(match["month"]), int(match["day"])
    if not (1 <= month <= _MONTHS and 1 <= day <= _DAYS):
        return None
    year = int(match["year"]) if match["year"] else None
    return Dateline(match.group().strip(), (match["place"],), None, month, day, year, agency, match.end())


_MONTHS, _DAYS = 12, 31


def _split_from(paragraph: str, head: str, start: int) -> Dateline | None:
    region = None
    at = start
    text_start = start
    header_end = None
    for _ in range(_MOST_STOPS):
        stop = _STOP.search(head, at)
        if stop is None:
            return None
        inner = stop["inner"] or stop["slashes"]
        if stop["inner"] and region is None and not agency_in(inner) and (is_region(inner) or _MORE.match(head, stop.end("inner") + 1)):
            region, header_end, at = inner.strip(), stop.start(), stop.end("inner") + 1
            continue
        if stop["slashes"] and not agency_in(inner):
            at = stop.start() + 1
            continue
        rest = head[start:header_end] + head[at : stop.start()] if header_end is not None else head[start : stop.start()]
        header = read_header(rest)
        if header is None:
            return None
        header = dataclasses.replace(header, region=header.region or region)
        end = _SPACE.match(paragraph, stop.end())
        lede_at = end.end() if end else stop.end()
        agency = _accepted(header, stop, paragraph, lede_at)
        if agency is None:
            return None
        text = paragraph[text_start : stop.end()].strip()
        return _dateline(header, text, agency or header.agency, lede_at)
    return None


_MOST_STOPS = 4
"""'A/B/C (Region) (agency)': more marks than that are not one header."""


def _dateline(header: Header, text: str, agency: str | None, end: int) -> Dateline:
    return Dateline(text, header.places, header.region, header.month, header.day, header.year, agency, end)


def _leading(head: str) -> Dateline | None:
    """An agency in front: '(ANSA) - ', '(CNN) -- ', 'AFP - '."""
    match = _LEADING.match(head)
    if not match:
        return None
    named = match["inner"] or match["bare"]
    agency = agency_in(named)
    if match["bare"] and ":" in match.group():
        return None
    if agency is None and match["inner"] and _SITE.match(named):
        agency = named
    if agency is None or (match["bare"] and (head[match.end() : match.end() + 1].islower() or town(named))):
        return None
    return Dateline(match.group().strip(), (), None, None, None, None, agency, match.end())


def _accepted(header: Header, stop: re.Match[str], paragraph: str, lede_at: int) -> str | None:
    """The agency of a header that is a dateline ('' for none), None for a header that is no dateline."""
    inner = stop["inner"] or stop["slashes"]
    follows = paragraph[lede_at : lede_at + 1]
    if inner:
        return _accepted_bracket(header, inner, bool(stop["after"]) and stop["after"] != ".", follows, stop["slashes"] is not None)
    if not header.places:
        return None
    if header.agency:
        return "" if stop["dash"] or stop["colon"] else None
    capitals = is_capitals(header.places) and not paragraph[lede_at : lede_at + 40].isupper()
    known = town(header.places[0]) is not None
    known_region = _is_known_region(header.region)
    if stop["colon"]:
        return "" if capitals and is_plain_town(header.places[0]) and not is_label_word(header.places[0]) else None
    if header.day is not None:
        return "" if capitals or known or known_region else None
    if capitals and (known or known_region):
        return ""
    if not follows or follows.islower():
        return None
    if known or known_region:
        return "" if header.region is None or known_region else None
    return (
        "" if capitals and not stop["tight_dash"] and header.region is None and all(may_be_town(place) for place in header.places) else None
    )


def _accepted_bracket(header: Header, inner: str, dashed: bool, follows: str, slashed: bool) -> str | None:
    agency = agency_in(inner)
    placed = bool(header.places)
    capitals = is_capitals(header.places)
    known = placed and town(header.places[0]) is not None
    if agency:
        if slashed or header.day is not None:
            return agency
        # 'Agence France-Presse (AFP) said', 'the Palestinian Authority (PA) - which': a name and its initials are no dateline.
        if follows.islower() and not (dashed and (capitals or known)):
            return None
        return agency if dashed or (placed and (capitals or known or _is_known_region(header.region))) else None
    if not dashed or not (_OUTLET.match(inner) or _SITE.match(inner)):
        return None
    if header.day is not None or capitals or known or _is_known_region(header.region):
        return "" if is_outlet_word(inner) else inner.strip()
    return None


def _is_known_region(region: str | None) -> bool:
    return region is not None and all(is_region(part) for part in region.split(","))


_FIELD_AGENCY = re.compile(r"[\s.,]*(?:[(\[](?P<inner>[^()\[\]]{2,40})[)\]]|/(?P<slashes>[^/]{2,40})/)[\s.]*\Z")
_FIELD_TAIL = re.compile(r"[\s:_–—―-]+\Z")
_FIELD_CUT = re.compile(rf"\s{_DASH}\s")
_FIELD_ISO = re.compile(
    r"(?P<year>(?:19|20)\d\d)(?P<mark>-?)(?P<month>0[1-9]|1[0-2])(?P=mark)(?P<day>0[1-9]|[12]\d|3[01])(?:[T ].*)?\Z", re.DOTALL
)
_FIELD_JUNK = re.compile(r"^(?:[\s*>•_-]+|(?:RPT|CORRECTED|REFILE)\s*-+\s*)+")


def parse_dateline(field: str) -> Dateline | None:
    """The dateline that a metadata field holds: 'SALVADOR, Feb 26 -', 'SEOUL', 'WASHINGTON, March 3 (AP)'. None where it names
    neither a place nor a date nor an agency. More is allowed than in running text: the field says that it is one."""
    text = field.strip()
    if not text or len(text) > _LONGEST_FIELD:
        return None
    found = split_dateline(text)
    if found is not None and found.end >= len(text):
        return dataclasses.replace(found, text=text, end=len(field))
    if day := _FIELD_ISO.match(text):
        return Dateline(text, (), None, int(day["month"]), int(day["day"]), int(day["year"]), None, len(field))
    rest = _FIELD_TAIL.sub("", _FIELD_JUNK.sub("", text))
    agency = region = None
    for _ in range(2):
        bracket = _FIELD_AGENCY.search(rest)
        if not bracket:
            break
        inner = bracket["inner"] or bracket["slashes"]
        if agency or (is_region(inner) and not agency_in(inner)):
            region = inner.strip()
        else:
            agency = agency_in(inner) or inner.strip()
        rest = rest[: bracket.start()]
    header = read_header(rest, lenient=True) or read_header(_FIELD_CUT.split(rest)[0], lenient=True)
    if header is None or not (header.places or header.month or agency):
        return None
    header = dataclasses.replace(header, region=header.region or region)
    return _dateline(header, text, agency or header.agency, len(field))


_LONGEST_FIELD = 200
"""Longer fields are sentences."""
