"""The tables of places, read once a process, and the automata that find their names in text.

Sources: transforms/models/places_*.tsv (GeoNames, CLDR, iso-codes; see places.card.md) and the hand-written lists under data/.
"""

import functools
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from importlib import resources
from typing import Any, Literal, NamedTuple

import ahocorasick

from transforms.text.lexicons import word_list

Kind = Literal["country", "demonym", "city", "region", "metonym"]

LARGE_CITY = 100_000
"""From this size (or as a capital) a city is known well enough to be named alone, though it is a surname too: London, Dallas."""
FAMOUS_CITY = 2_000_000
"""From this size (or as a capital) a city needs no look at the words around it."""
CAPITAL_WEIGHT = 4
"""A capital stands alone in copy where a namesake of up to four times its size comes with its state (San Jose, Kingston)."""
INITIALS = re.compile(r"(?:[NSDR]\.|W\. ?)[A-Z][a-z]?\.")
"""Abbreviations of states that are clear without a comma before them: N.Y., S.C., D.C., W.Va."""
NAMESAKE = 10
"""A city this many times larger than its namesake is meant, whatever else the story names; below it the story decides."""
NAMESAKES = 6
"""Cities of one name that are kept apart, the largest first."""
MIN_CITY_NAME = 4
"""City names of three letters and fewer are mostly syllables of other names; those that matter are in city_names.tsv."""


POSTAL = {
    "CA": dict(zip(("01", "02", "03", "04", "05", "07", "08", "09", "10", "11", "12", "13", "14"),
                   ("AB", "BC", "MB", "NB", "NL", "NS", "ON", "PE", "QC", "SK", "YT", "NT", "NU"), strict=True)),
    "AU": dict(zip(("01", "02", "03", "04", "05", "06", "07", "08"), ("ACT", "NSW", "NT", "QLD", "SA", "TAS", "VIC", "WA"), strict=True)),
}  # fmt: skip
"""GeoNames' numbers of first-level divisions as the posts of Canada and Australia write them, and regions.tsv; of the United States
GeoNames has the post's letters itself."""

DIVIDED = {name: (f"South {name}", f"North {name}") for name in ("Korea", "Korean", "Koreans")} | {
    "Congo": ("Democratic Republic of the Congo", "Republic of the Congo")
}
"""Names that two states bear, with the full names of both, the one that copy means without more words first (see `shared_names`)."""
PEOPLES = {"Congolese": ("CG", ""), "Georgians": ("US", "GA")}
"""Names of peoples that are another country's as well, or those of another country's state: that country, and the state."""


class Sense(NamedTuple):
    """One place that a name may mean."""

    kind: Kind
    country: str
    canonical: str
    geonames_id: int | None = None
    admin1: str = ""
    size: int = 0
    lat: float | None = None
    lon: float | None = None


class Entry(NamedTuple):
    """What the automaton knows of one name: its senses, the likeliest first, and the doubts about it (see `places`)."""

    name: str
    senses: tuple[Sense, ...]
    large: bool = True
    famous: bool = True
    word: bool = False
    surname: bool = False
    given: bool = False
    abbreviation: bool = False

    @property
    def plain(self) -> bool:
        """True where nothing about the name needs a look at its context."""
        return len(self.senses) == 1 and self.famous and not (self.word or self.surname or self.given or self.abbreviation)

    @property
    def has_city(self) -> bool:
        """True where the name may be a town's: a town is the first sense, or follows a state of its name."""
        return self.senses[0].kind == "city" or self.senses[-1].kind == "city"

    @property
    def alone_in(self) -> str | None:
        """The country of a large town whose name nothing else bears, namesakes a NAMESAKE smaller apart; None for others."""
        first = self.senses[0]
        if first.kind != "city" or not self.large or self.word or self.surname or self.given:
            return None
        alone = all(s.country == first.country or s.size * NAMESAKE <= first.size for s in self.senses[1:])
        return first.country if alone else None


def rows(package: str, name: str) -> Iterator[list[str]]:
    """Rows of a table of the package: tab-separated, comments and blank lines left out."""
    text = resources.files(package).joinpath(name).read_text(encoding="utf-8")
    return (line.split("\t") for line in text.split("\n") if line and line[0] != "#")


_LETTERS = str.maketrans("øØłŁđĐßæÆœŒıðÐþÞ‘’ʻ", "oOlLdDsaAoOidDtT'''")


def fold(name: str) -> str:
    """The name without accents and with a straight apostrophe."""
    if name.isascii():
        return name
    return "".join(c for c in unicodedata.normalize("NFD", name.translate(_LETTERS)) if not unicodedata.combining(c))


@functools.cache
def words_beside() -> dict[str, frozenset[str]]:
    """Role (preposition, locative, place) -> the words that have it beside a name of a place."""
    return {role: frozenset(words.split()) for role, words in rows("transforms.text.data", "place_words.tsv")}


STILL_NAMES = frozenset({"april", "august", "jan", "june", "may", "will"})
"""Names of so many people that they count, though a sentence may open with them."""


@functools.cache
def _openers() -> frozenset[str]:
    return frozenset(word_list("function_words.txt")) - STILL_NAMES


@functools.cache
def people_names() -> dict[str, str]:
    """Lower-case name -> 'g', 's' or 'gs' (given name, surname): US Census 1990, and given names of other languages.

    Not what opens English sentences: somebody is called In, and `In Paris` is nobody."""
    known = {row[0]: row[1] for row in rows("transforms.models", "person_names.tsv")}
    for name, _, _ in rows("transforms.text.data", "given_names_europe.tsv"):
        known[name] = "g" + known.get(name, "")
    return {name: kinds for name, kinds in known.items() if name not in _openers()}


@functools.cache
def genders() -> dict[str, str]:
    """Lower-case given name -> gender of nearly all who bear it, m or f; names of both are left out. Sources as of `people_names`."""
    tables = (("transforms.models", "person_names.tsv"), ("transforms.text.data", "given_names_europe.tsv"))
    return {row[0]: row[2] for table in tables for row in rows(*table) if row[2] and row[0] not in _openers()}


@functools.cache
def city_table() -> list[tuple[Sense, str, str]]:
    """Every city, the largest first: its sense, flags and other spellings (parted by |)."""
    out = []
    for gid, name, country, admin1, lat, lon, population, flags, others in rows("transforms.models", "places_cities.tsv"):
        size = int(population) * (CAPITAL_WEIGHT if "c" in flags else 1)
        # One string for each code instead of one a row: half of the table's memory.
        division = sys.intern(POSTAL.get(country, {}).get(admin1, admin1))
        sense = Sense("city", sys.intern(country), name, int(gid), division, size, float(lat), float(lon))
        out.append((sense, sys.intern(flags), others))
    return out


@functools.cache
def capitals() -> frozenset[int]:
    """GeoNames ids of the capitals of states and territories."""
    return frozenset(sense.geonames_id for sense, flags, _ in city_table() if "c" in flags and sense.geonames_id is not None)


@functools.cache
def towns_by_name() -> dict[str, str]:
    """Name of a smaller town -> rows of places_towns.tsv of that name without it, one a line. `towns` reads them."""
    out: dict[str, str] = {}
    for gid, name, *where in rows("transforms.models", "places_towns.tsv"):
        row = "\t".join((gid, *where))
        out[name] = f"{out[name]}\n{row}" if name in out else row
    return out


@functools.lru_cache(4096)
def towns(name: str) -> tuple[Sense, ...]:
    """The smaller towns of a name, the largest first; their population is not known."""
    out = []
    for row in towns_by_name().get(name, "").splitlines():
        gid, country, admin1, lat, lon = row.split("\t")
        out.append(Sense("city", country, name, int(gid), POSTAL.get(country, {}).get(admin1, admin1), 0, float(lat), float(lon)))
    return tuple(out)


@functools.cache
def _coordinates() -> dict[int, tuple[float, float]]:
    found = {sense.geonames_id: (sense.lat, sense.lon) for name in towns_by_name() for sense in towns.__wrapped__(name)}
    capitals: dict[str, tuple[float | None, float | None]] = {}
    for sense, flags, _ in reversed(city_table()):
        found[sense.geonames_id] = (sense.lat, sense.lon)
        if "c" in flags:
            capitals[sense.country] = (sense.lat, sense.lon)
    for code, gid, _ in countries_by_name().values():
        if code in capitals:
            found[gid] = capitals[code]
    return {gid: (lat, lon) for gid, (lat, lon) in found.items() if gid is not None and lat is not None and lon is not None}


def coordinates(geonames_id: int) -> tuple[float, float] | None:
    """Latitude and longitude in degrees of a city, a town or a country (its capital's) by its GeoNames id, as `entities` have it; None
    for an id that the tables lack. Source: GeoNames (places.card.md)."""
    return _coordinates().get(geonames_id)


@functools.cache
def countries_by_name() -> dict[str, tuple[str, int | None, str]]:
    """Name of a country, official, common, historic or foreign -> code, GeoNames id, usual English name."""
    built = [(name, code, int(gid), language) for code, name, language, gid in rows("transforms.models", "places_countries.tsv")]
    ids = {code: gid for _, code, gid, _ in built}
    usual = {code: name for name, code, _, language in built if language == "usual"}
    out: dict[str, tuple[str, int | None, str]] = {}
    for name, code, era, _ in rows("transforms.text.data", "country_names.tsv"):
        out[name] = (code, ids.get(code), name if era == "historic" else usual.get(code, name))
    for name, code, gid, language in built:
        if language in ("usual", "en") or name not in regions_by_name():
            out.setdefault(name, (code, gid, usual.get(code, name)))
    return out


@functools.cache
def regions_by_name() -> dict[str, Sense]:
    """Full name of a region -> its sense; `admin1` is the postal abbreviation of a state or province, where there is one."""
    out = {}
    for name, country, _, abbreviations in rows("transforms.text.data", "regions.tsv"):
        postal = abbreviations.rsplit(",", 1)[-1]
        out[name] = Sense("region", country, name, admin1=postal if postal.isupper() and "." not in postal else "")
    return out


@functools.cache
def region_abbreviations() -> dict[str, Sense]:
    """'Wis.', 'B.C.', 'TX' -> the region. One that means two regions keeps the first of the table (US states come first)."""
    out: dict[str, Sense] = {}
    for name, _, _, abbreviations in rows("transforms.text.data", "regions.tsv"):
        for abbreviation in abbreviations.split(","):
            if abbreviation:
                out.setdefault(abbreviation, regions_by_name()[name])
    return out


def _umlauts(name: str) -> str:
    """German letters as agencies without them write: Düsseldorf, Duesseldorf."""
    for letter, letters in zip("äöüÄÖÜß", ("ae", "oe", "ue", "Ae", "Oe", "Ue", "ss"), strict=True):
        name = name.replace(letter, letters)
    return name


@functools.cache
def cities_by_name() -> dict[str, tuple[list[Sense], str]]:
    """Name as written in English copy -> cities of the name, the largest first, and the flags of the name."""
    out: dict[str, tuple[list[Sense], str]] = {}
    others = {(name, country) for _, name, country in rows("transforms.text.data", "city_names.tsv")}
    wanted: dict[tuple[str, str], tuple[Sense, str]] = {}
    for sense, flags, _ in city_table():
        name = sense.canonical
        if (name, sense.country) in others:
            wanted.setdefault((name, sense.country), (sense, flags))
        for spelling in (name,) if name.isascii() else dict.fromkeys((name, fold(name), _umlauts(name))):
            known = out.get(spelling)
            if known is None:
                out[spelling] = ([sense], flags)
            elif len(known[0]) < NAMESAKES:
                known[0].append(sense)
    for spelling, name, country in rows("transforms.text.data", "city_names.tsv"):
        sense, flags = wanted[name, country]
        senses, _ = out.setdefault(spelling, ([], "c" if "c" in flags else ""))
        senses.insert(0, sense)
    for senses, _ in out.values():
        if len(senses) > 1:
            senses.sort(key=_size, reverse=True)
    return out


def _size(sense: Sense) -> int:
    return sense.size


def _settlements_and_regions() -> dict[str, Entry | None]:
    people = people_names()
    out: dict[str, Entry | None] = {}
    written = {spelling for spelling, _, _ in rows("transforms.text.data", "city_names.tsv")}
    for name, (senses, flags) in cities_by_name().items():
        if len(name) < MIN_CITY_NAME and name not in written:
            continue
        large = senses[0].size >= LARGE_CITY or "c" in flags
        famous = senses[0].size >= FAMOUS_CITY or "c" in flags
        out[name] = Entry(name, tuple(senses), large, famous, "w" in flags, "s" in flags, "g" in flags)
    for name, region in regions_by_name().items():
        known = out.get(name)
        cities = known.senses if known else ()
        # A state is told from its country's capital by the words beside it: `in Washington` is in the city.
        is_capital = bool(cities) and cities[0][:3] == ("city", region.country, name) and cities[0].geonames_id in capitals()
        out[name] = Entry(name, (*cities, region) if is_capital else (region, *cities), given="g" in people.get(name.lower(), ""))
    for name, states in rows("transforms.models", "places_counties.tsv"):
        out[name] = Entry(name, (Sense("region", "US", name, admin1=states),))
    return out


def _countries_and_peoples() -> dict[str, Entry | None]:
    people = people_names()
    out: dict[str, Entry | None] = {}
    for name, (code, gid, usual) in countries_by_name().items():
        country = Sense("country", code, usual, gid)
        state = regions_by_name().get(name)
        states = (state,) if state is not None and state.country != code else ()
        kind = people.get(name.lower(), "")
        out[name] = Entry(name, (country, *states), surname="s" in kind, given="g" in kind)
    for form, code, plural in rows("transforms.text.data", "demonyms.tsv"):
        for spelled in filter(None, (form, plural)):
            second = PEOPLES.get(spelled)
            others = (Sense("demonym", second[0], spelled, admin1=second[1]),) if second else ()
            out[spelled] = Entry(spelled, (Sense("demonym", code, form), *others))
    for name, halves in DIVIDED.items():
        out[name] = Entry(name, tuple(entry.senses[0] for half in halves if (entry := out[half]) is not None))
    return out


@functools.cache
def never_places() -> frozenset[str]:
    """Names of places that are not looked for."""
    return frozenset(name for name, rule in rows("transforms.text.data", "place_stop.tsv") if rule == "never")


@functools.cache
def entries() -> dict[str, Entry | None]:
    """Every name that is looked for in text; None is a phrase that swallows the names in it and means no place."""
    out = _settlements_and_regions() | _countries_and_peoples()
    for name, code, _ in rows("transforms.text.data", "metonyms.tsv"):
        out[name] = Entry(name, (Sense("metonym", code, name),))
    for phrase, code in rows("transforms.text.data", "place_phrases.tsv"):
        out[phrase] = Entry(phrase, (Sense("metonym", code, phrase),)) if code else None
    for name, rule in rows("transforms.text.data", "place_stop.tsv"):
        entry = out.get(name)
        if rule == "never":
            out.pop(name, None)
        elif entry is not None:
            out[name] = entry._replace(word=True, large=False, famous=False)
    for short, region in region_abbreviations().items():
        out.setdefault(short, Entry(short, (region,), abbreviation=not INITIALS.fullmatch(short)))
    for name, entry in list(out.items()):
        if entry is None or entry.senses[0].kind != "city" or (entry.large and not entry.word and len(name) >= MIN_CITY_NAME):
            out.setdefault(name.upper(), entry)
    return out


def _built(names: Iterable[str]) -> Any:
    built = ahocorasick.Automaton()
    for name in names:
        entry = entries()[name]
        built.add_word(name, (len(name), entry, entry is not None and entry.plain))
    built.make_automaton()
    return built


@functools.cache
def automaton() -> Any:
    """Finds the names as written in running text; countries, peoples, regions and large cities also all in capitals. Each gives its length,
    its entry and whether that is plain. Without the names of `accented_automaton`."""
    return _built(name for name in entries() if name[0].isascii())


@functools.cache
def accented_automaton() -> Any:
    """The same for names that begin with another letter than those of ASCII: fifty first letters more, at each of which a search looks for
    every character of a text, make it slower by a half."""
    return _built(name for name in entries() if not name[0].isascii())


@functools.cache
def accented_letters() -> re.Pattern[str]:
    """Where a name of `accented_automaton` may begin."""
    return re.compile(f"[{re.escape(''.join(sorted({name[0] for name in entries() if not name[0].isascii()})))}]")


@functools.cache
def dateline_cities() -> dict[str, Sense]:
    """Folded upper-case spelling -> the city that a dateline means by it; a name counts five times as much as another spelling."""
    out: dict[str, tuple[int, Sense]] = {}
    for sense, _, others in city_table():
        for spelling in {fold(sense.canonical).upper(), _umlauts(sense.canonical).upper()}:
            if spelling not in out or out[spelling][0] < sense.size:
                out[spelling] = (sense.size, sense)
        for other in others.split("|") if others else ():
            spelling = fold(other).upper()
            if spelling not in out or out[spelling][0] < sense.size // 5:
                out[spelling] = (sense.size // 5, sense)
    for spelling, (senses, _) in cities_by_name().items():
        if spelling.isascii() and fold(senses[0].canonical) != spelling:
            out[spelling.upper()] = (senses[0].size, senses[0])
    return {spelling: sense for spelling, (_, sense) in out.items()}
