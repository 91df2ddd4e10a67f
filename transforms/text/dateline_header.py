"""The inside of a dateline: places, region and date, before the agency and the dash."""

import dataclasses
import re

from transforms.text.agencies import agency_in, agency_spelled
from transforms.text.calendar_words import month_of, weekday_of
from transforms.text.dateline_words import is_label_word, is_region, town
from transforms.text.lexicons import word_list


@dataclasses.dataclass(frozen=True)
class Header:
    """What a header says; `agency` is one that stands bare at its end ('Nov 26 AFP')."""

    places: tuple[str, ...]
    region: str | None = None
    month: int | None = None
    day: int | None = None
    year: int | None = None
    agency: str | None = None


_MONTH = r"[^\W\d_]{3,11}"
_DATE = re.compile(
    rf"(?:^|[\s,.])(?:(?P<month>{_MONTH})\.?\s{{0,2}}(?P<day>\d{{1,2}})|(?P<day2>\d{{1,2}})(?:\.|º|°|er)?\s?(?:de\s|di\s|d['’])?(?P<month2>{_MONTH}))\.?"
    r"(?:\s?,?\s(?:de\s)?(?P<year>\d{4}))?[\s.,]*\Z"
)
_NUMERIC_DATE = re.compile(r"(?:^|[\s,])(?P<day>\d{1,2})(?P<mark>[-./])(?P<month>\d{1,2})(?P=mark)(?P<year>\d{4})[\s.,]*\Z")
_LOOSE_DATE = re.compile(rf"(?:^|[\s,])(?P<month>{_MONTH})\.?(?:\s+[\dOlI]{{1,2}})?[\s.,]*\Z")
_NUMBERS = re.compile(r"\d")
_LAST_WORD = re.compile(r"[\s,](?P<word>[^\s,]{2,14})\.?\s*\Z")
_SPACES = re.compile(r"\s+")

PLACE_CHARS = 60
"""The longest place a dateline may have."""

_PLACE_WORDS = 6

# Small words inside the names of places; they stay small in normal case.
_SMALL = word_list("place_particles.txt")


def read_header(text: str, *, lenient: bool = False) -> Header | None:
    """Places, region, date and bare agency of a header such as 'CLEAR LAKE, Iowa, Dec 23'; None for words that are no header.

    `lenient` is for a field that is known to be a dateline: any case, misspelled months, no look at what kind of words they are."""
    rest = _SPACES.sub(" ", text).strip(" ,*")
    agency, rest = _bare_agency(rest)
    date, rest = _date(rest, lenient)
    places, region = _places(rest, lenient)
    if places is None:
        return None
    if not places and not (date or lenient):
        return None
    month, day, year = date or (None, None, None)
    return Header(places, region, month, day, year, agency)


def _bare_agency(text: str) -> tuple[str | None, str]:
    """'Nov 26 AFP' -> AFP. After a place alone it must not be part of the place ('SANTA ANA')."""
    last = _LAST_WORD.search(text)
    if last is None:
        return None, text
    word, before = last["word"], text[: last.start()].rstrip(" ,.")
    agency = agency_spelled(word)
    if agency is None or word.isdigit() or not before:
        return None, text
    if before[-1].isdigit() or text[last.start()] == ",":
        return agency, before
    if not is_region(word) and town(text) is None and town(before) is not None:
        return agency, before
    return None, text


def _date(text: str, lenient: bool) -> tuple[tuple[int | None, int | None, int | None] | None, str]:
    """Month, day and year at the end of a header, and what stands before them."""
    found = _DATE.search(text)
    if found:
        month = month_of(found["month"] or found["month2"]) or (_misspelled(found["month"] or found["month2"]) if lenient else None)
        day = int(found["day"] or found["day2"])
        if month and 1 <= day <= _LAST_DAY:
            year = int(found["year"]) if found["year"] else None
            return (month, day, year), _without_weekday(text[: found.start()])
    numeric = _NUMERIC_DATE.search(text)
    if numeric and 1 <= int(numeric["month"]) <= _LAST_MONTH and 1 <= int(numeric["day"]) <= _LAST_DAY:
        return (int(numeric["month"]), int(numeric["day"]), int(numeric["year"])), _without_weekday(text[: numeric.start()])
    head, comma, tail = text.rpartition(",")
    if comma and (month := month_of(tail.strip())):
        return (month, None, None), _without_weekday(head)
    if lenient:
        loose = _LOOSE_DATE.search(text)
        if loose and (month_of(loose["month"]) or _misspelled(loose["month"])) and town(text) is None:
            return (month_of(loose["month"]) or _misspelled(loose["month"]), None, None), _without_weekday(text[: loose.start()])
    return None, _without_weekday(text)


_LAST_DAY = 31
_LAST_MONTH = 12


def _without_weekday(text: str) -> str:
    """'SYDNEY, Tuesday' -> 'SYDNEY'."""
    head, comma, tail = text.rstrip(" ,-").rpartition(",")
    return head.rstrip(" ,") if comma and weekday_of(tail.strip(" .")) is not None else text.strip(" ,-")


def _misspelled(word: str) -> int | None:
    """A month's English name with letters missing, doubled or exchanged: 'Apri', 'Marchg', 'Macrh'."""
    folded = word.casefold()
    for month, name in enumerate(_ENGLISH, 1):
        if len(folded) >= _SHORTEST_CUT and (name.startswith(folded) or folded[:-1] == name):
            return month
        if len(folded) == len(name) and sum(a != b for a, b in zip(folded, name, strict=True)) <= _MOST_WRONG:
            return month
    return None


_ENGLISH = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
_SHORTEST_CUT = 3
_MOST_WRONG = 2


def _places(text: str, lenient: bool) -> tuple[tuple[str, ...] | None, str | None]:
    """Places and region of what is left; (None, None) for words that are neither."""
    parts = [part.strip(" -") for part in text.split(",")]
    parts = [part for part in parts if part]
    if not parts:
        return (), None
    if len(parts) > _MOST_PARTS:
        return None, None
    bracket = _BRACKETED.fullmatch(parts[0]) if lenient else None
    first, regions = (bracket[1], [bracket[2].strip()]) if bracket else _trailing_region(parts[0])
    regions += parts[1:]
    places = tuple(piece.strip() for piece in first.split("/") if piece.strip())
    names = [*places, *(region.removeprefix("the ") for region in regions)]
    if not places or not all(_is_name(name, lenient) for name in names):
        return None, None
    if any(_is_phrase(place) for place in places):
        return None, None
    if not lenient and (agency_in(first) or (_is_label(places) and not (regions and is_region(regions[-1])))):
        return None, None
    return places, ", ".join(regions) or None


_MOST_PARTS = 4
_BRACKETED = re.compile(r"([^()\[\]]*[^()\[\]\s])\s?[(\[]([^()\[\]]+)[)\]]")
"""A place with its region in brackets, before the date: a field of metadata may have it in any script."""


def _is_phrase(place: str) -> bool:
    """'THROUGH JULY 5', 'AS OF JUNE 2', 'GAMES UNTIL JULY 5': words that end as no name of a place does."""
    last = place.rsplit(" ", 1)[-1].casefold()
    return last in word_list("function_words.txt") and month_of(last) is None and town(place) is None and not is_region(place)


def _trailing_region(text: str) -> tuple[str, list[str]]:
    """'FARMINGTON Conn.' -> 'FARMINGTON', ['Conn.']; a town of that whole name stays whole ('Mexico City')."""
    words = text.split(" ")
    regions: list[str] = []
    while len(words) > 1 and town(" ".join(words)) is None and is_region(words[-1]) and town(" ".join(words[:-1])) is not None:
        regions.insert(0, words.pop())
    if not regions and len(words) > _PAIR and is_region(words[-1]) and is_region(words[-2]):
        regions = [words[-2], words[-1]]
        words = words[:-2]
    return " ".join(words), regions


_PAIR = 2


def _is_name(name: str, lenient: bool) -> bool:
    words = name.split()
    if len(name) > PLACE_CHARS or len(words) > _PLACE_WORDS or _NUMBERS.search(name):
        return False
    if lenient:
        return any(char.isalpha() for char in name)
    return not words[0][0].islower() and all(_is_name_word(word) for word in words)


def _is_name_word(word: str) -> bool:
    first = word.lstrip("('\"")[:1]
    if not first.isalpha():
        return False
    return (
        not first.islower()
        or word.casefold() in _SMALL
        or word[:2] in {"d'", "l'", "d’", "l’"}
        or word.startswith(("al-", "el-", "ad-", "ar-"))
    )


def _is_label(places: tuple[str, ...]) -> bool:
    return any(is_label_word(word) for place in places for word in place.split() if word.casefold() not in _SMALL and town(place) is None)


def is_capitals(places: tuple[str, ...]) -> bool:
    """True where places are written in capitals, as English wire copy does ('McLEAN' too)."""
    letters = [char for place in places for char in place if char.isalpha()]
    return bool(letters) and sum(char.isupper() for char in letters) >= _CAPITALS * len(letters) and len(letters) > 1


_CAPITALS = 0.7
"""Share of capitals: names keep small letters in capitals ('McLEAN', 'N'DJAMENA', 'RIO de JANEIRO')."""


def usual_case(place: str) -> str:
    """A place as normal text writes it: 'RIO DE JANEIRO' -> 'Rio de Janeiro'; mixed case stays as it is."""
    known = town(place)
    if known is not None and known.casefold() == place.casefold():
        return known
    if not (place.isupper() or place.islower()):
        return place
    words = _PIECES.split(place)
    cased = [_cased(word, first=index == 0, joined=index > 0 and words[index - 1] != " ") for index, word in enumerate(words)]
    return "".join(cased)


_PIECES = re.compile(r"([ \xa0/-])")
_NO_CAPITAL = re.compile(r"(?:d|l)['’](?=\w{2})")
_ELISION = re.compile(r"^(\w['’])(\w{2})")


def _cased(word: str, *, first: bool, joined: bool) -> str:
    low = word.lower()
    if not first and (low in _SMALL and low != "la"):
        return low
    if joined and low in _SMALL:
        return low
    if not first and _NO_CAPITAL.match(low):
        return low[:2] + low[2:3].upper() + low[3:]
    cased = low[:1].upper() + low[1:]
    return _ELISION.sub(lambda match: match[1] + match[2].capitalize(), cased)
