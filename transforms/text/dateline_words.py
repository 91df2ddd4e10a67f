"""What the dateline grammar knows of the world: towns, regions and words that no place is called."""

import functools
import unicodedata
from pathlib import Path

from transforms.text.lexicons import read_rows, word_list

_REMEMBERED = 4096
"""Answers kept: the datelines of a day's wire name a few hundred places."""

_MODELS = Path(__file__).parent.parent / "models"


_STOPS = str.maketrans({".": " ", "-": " ", "’": "'"})


def fold(name: str) -> str:
    """A name as a key: no case, accents, stops or double spaces; hyphens are spaces ('ST. PÖLTEN' and 'St Polten' are one)."""
    plain = name.casefold()
    if not plain.isascii():
        plain = "".join(char for char in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(char))
    return " ".join(plain.translate(_STOPS).split())


@functools.cache
def _towns() -> tuple[dict[str, str], frozenset[str]]:
    """Folded name -> usual spelling, of the towns of models/places_cities.tsv and their other spellings, the larger town first; and
    the folded names of those that are plainly towns."""
    towns: dict[str, str] = {}
    plain: set[str] = set()
    others: list[tuple[str, bool]] = []
    with (_MODELS / "places_cities.tsv").open(encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("#"):
                continue
            row = line.rstrip("\n").split("\t")
            name, population, flags = row[_NAME], int(row[_POPULATION]), row[_FLAGS]
            is_plain = "c" in flags or population >= _METROPOLIS or (population >= _CITY and not flags)
            key = fold(name)
            if towns.setdefault(key, name) is name and is_plain:
                plain.add(key)
            if len(row) > _SPELLINGS and row[_SPELLINGS]:
                others.extend((other, is_plain) for other in row[_SPELLINGS].split("|") if len(other) >= _SHORTEST_SPELLING)
    for other, is_plain in others:
        key = fold(other)
        if towns.setdefault(key, other) is other and is_plain:
            plain.add(key)
    return towns, frozenset(plain)


_NAME, _POPULATION, _FLAGS, _SPELLINGS = 1, 6, 7, 8
"""Columns of models/places_cities.tsv; its flags say c capital, w common word, s surname, g given name."""

_SHORTEST_SPELLING = 3
"""Shorter other spellings are codes."""

_METROPOLIS = 1_000_000
_CITY = 100_000
"""Where a name in capitals before a colon may be a speaker's or a label ('JACKSON: ...'), only a city of this size counts, and one
whose name is also a person's or a common word only as a metropolis or capital."""


@functools.cache
def _regions() -> frozenset[str]:
    """Folded names and abbreviations of regions and countries."""
    names = {name for row in read_rows("regions.tsv") for name in (row[0], *(row[3].split(",") if len(row) > 3 else ()))}
    names.update(row[0] for row in read_rows("country_names.tsv"))
    with (_MODELS / "places_countries.tsv").open(encoding="utf-8") as lines:
        names.update(line.split("\t")[1] for line in lines if not line.startswith("#"))
    return frozenset(fold(name) for name in names if name)


@functools.lru_cache(_REMEMBERED)
def town(name: str) -> str | None:
    """The usual spelling of a town's name ('ZURICH' -> 'Zürich'); None for one that is not known."""
    return _towns()[0].get(fold(name))


def is_plain_town(name: str) -> bool:
    """True for a capital, a metropolis, or a city whose name is neither a person's nor a common word."""
    return fold(name) in _towns()[1]


@functools.lru_cache(_REMEMBERED)
def is_region(name: str) -> bool:
    """True for the name or abbreviation of a state, province or country: 'Wis.', 'S.D.', 'Alberta', 'Japan'."""
    return fold(name) in _regions()


def is_label_word(word: str) -> bool:
    """True for a word that heads lists, labels and crossheads and is no part of a place's name: 'UPDATE', 'NEEDS', 'Monday'."""
    return word.strip(".,:'’").casefold() in word_list("label_words.txt")


def is_outlet_word(text: str) -> bool:
    """True for what stands in the agency's brackets and names none: 'Agencies', 'Staff', 'News Desk'."""
    return all(word.strip(".").casefold() in _OUTLET_WORDS for word in text.replace("/", " ").split())


_OUTLET_WORDS = frozenset(
    {"agency", "agencies", "staff", "news", "bureau", "desk", "web", "reporter", "correspondent", "report", "reports", "online"}
)


def may_be_town(name: str) -> bool:
    """Whether a name in capitals that no table knows can be a town's: long enough not to be initials ('NATO'), at most three words, and
    neither made of common words ('NOW OPEN') nor ending with one that no town ends with ('WASHINGTON POST')."""
    words = [word.strip(".,:'’").casefold() for word in name.split()]
    if len(name) < _SHORTEST_UNKNOWN or len(words) > _MOST_WORDS:
        return False
    plain = word_list("english_words.txt")
    generic = word_list("place_generics.txt")
    common = [word in plain for word in words]
    if words[-1] in generic:
        return len(words) > 1
    return not common[-1] and not all(common)


_SHORTEST_UNKNOWN = 5
_MOST_WORDS = 3
