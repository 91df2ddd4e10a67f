"""The country of a dateline's place: of its region where one is given, else of the country or city of its name."""

import functools

from transforms.text.gazetteer import (
    DIVIDED,
    NAMESAKE,
    Sense,
    cities_by_name,
    countries_by_name,
    dateline_cities,
    fold,
    region_abbreviations,
    regions_by_name,
    rows,
)
from transforms.text.local_places import region_of
from transforms.text.places import find_places

MISSPELT_LENGTH, MISSPELT_CITY = 5, 300_000
"""A misspelt dateline is looked for among names of this length and cities of this size."""
SEATS = {"UNITED NATIONS": "US", "ABOARD AIR FORCE ONE": "US"}
"""Datelines that are no town: the headquarters at New York."""


def dateline_country(city: str | None, region: str | None, text: str = "") -> str | None:
    """Country of a dateline's place: by its region or country where one is given (None where that is not known: the town is then
    guesswork), else a country of that name, else the largest city of that name (GeoNames; capitals first), else the large city that
    the name misses by one slip. None where it names no place (an agency alone) or nothing is known of it.

    text: the story, which may say that a namesake is meant (BIRMINGHAM, where it names Alabama and no place in Britain)."""
    name = " ".join(fold((city or "").split("/")[0]).upper().split()).strip(" .-*")
    if not name:
        return None
    if region and region.strip(" .,-"):
        return region_country(region, name)
    if name in SEATS:
        return SEATS[name]
    if name in _countries_in_capitals():
        return _countries_in_capitals()[name]
    if name in _regions_in_capitals():
        return _namesake_in(text, name, _regions_in_capitals()[name], is_region=True)
    if name in _foreign_names():
        return _foreign_names()[name]
    if name in dateline_cities():
        return _namesake_in(text, name, dateline_cities()[name].country)
    sense = _misspelt(name)
    return sense.country if sense else None


def _namesake_in(text: str, name: str, country: str, *, is_region: bool = False) -> str:
    """The country of the namesake that a text means by a dateline without its state: of a city whose state it names (of a state's or
    province's own name, whose country it names), while it names no place in `country`; else that country itself."""
    namesakes = _namesakes(name, country)
    if not text or not namesakes:
        return country
    places = find_places(text)
    if any(place.country == country for place in places):
        return country
    if is_region:
        named = {place.country for place in places}
        return next((sense.country for sense in namesakes if sense.country in named), country)
    states = {regions_by_name().get(place.canonical) for place in places if place.kind == "region"}
    where = {(state.country, state.admin1) for state in states if state is not None}
    return next((sense.country for sense in namesakes if region_of(sense) in where), country)


@functools.lru_cache(4096)
def _namesakes(name: str, country: str) -> tuple[Sense, ...]:
    """Cities of a dateline's name in other countries, the largest first; those a NAMESAKE smaller than the city that is meant without
    a word of where it lies are left out."""
    cities, _ = cities_by_name().get(name.title(), ((), ""))
    city = dateline_cities().get(name)
    least = city.size // NAMESAKE if city is not None and city.country == country else 0
    return tuple(sense for sense in cities if sense.country != country and sense.size >= least)


def region_country(region: str, city: str) -> str | None:
    """The country a dateline's second part lies in or is, the last of several first ('BC, Canada'). What may be both (Georgia, Jersey)
    is the one that has the city, whose name is folded and in capitals."""
    parts = [part for part in region.split(",") if part.strip(" .-")]
    return next((found for part in (region, *reversed(parts)) if (found := _region_country(part, city))), None)


def _region_country(region: str, city: str) -> str | None:
    short = region.strip(" .-")
    for spelled in (region.strip(), short, short + "."):
        if spelled in region_abbreviations():
            return _meant(spelled, city)
    name = fold(short).upper()
    country = _one_of_two(name, city) or _countries_in_capitals().get(name) or _foreign_names().get(name)
    state = _regions_in_capitals().get(name) or _abbreviations_in_capitals().get(name)
    if country and state and country != state:
        place = dateline_cities().get(city)
        return country if place is not None and place.country == country else state
    return country or state or (_begun(name) if region.rstrip().endswith(".") else None)


def _one_of_two(name: str, city: str) -> str | None:
    """The country of a name that two bear (Congo): the one that has the city, else the first."""
    halves = DIVIDED.get(name.title())
    if halves is None or halves[0] not in countries_by_name():
        return None
    codes = [countries_by_name()[half][0] for half in halves]
    place = dateline_cities().get(city)
    return place.country if place is not None and place.country in codes else codes[0]


SHORTEST = 3
"""Letters of a region's name that are enough to know it by in an abbreviation of the writer's own."""


def _begun(name: str) -> str | None:
    """The country of the regions whose names begin so, where it is one: `Dela.`"""
    found = {country for region, country in _regions_in_capitals().items() if region.startswith(name)}
    return found.pop() if len(name) >= SHORTEST and len(found) == 1 else None


@functools.lru_cache(256)
def _meant(abbreviation: str, city: str) -> str:
    """The country of a region's abbreviation; of those that two countries have (WA), the one where the city of the name lies."""
    first = region_abbreviations()[abbreviation].country
    place = dateline_cities().get(city)
    others = {row[1] for row in rows("transforms.text.data", "regions.tsv") if abbreviation in row[3].split(",")}
    return place.country if place is not None and place.country in others else first


@functools.cache
def _foreign_names() -> dict[str, str]:
    """Names of cities as datelines in other scripts have them."""
    return {fold(name).upper(): code for code, names in rows("transforms.text.data", "dateline_names.tsv") for name in names.split("|")}


@functools.cache
def _countries_in_capitals() -> dict[str, str]:
    return {fold(name).upper(): code for name, (code, _, _) in countries_by_name().items()}


@functools.cache
def _regions_in_capitals() -> dict[str, str]:
    return {fold(name).upper(): sense.country for name, sense in regions_by_name().items()}


@functools.cache
def _abbreviations_in_capitals() -> dict[str, str]:
    return {short.upper().rstrip("."): sense.country for short, sense in region_abbreviations().items()}


def _misspelt(name: str) -> Sense | None:
    """The large city that a dateline's name misses by one letter too few, too many or wrong, or by two swapped: old wires were keyed
    by hand (`WASHINGON`, `MAIMI`). Short names are left alone, and so are names that miss two cities."""
    if not MISSPELT_LENGTH <= len(name) <= 40:
        return None
    found = {sense for spelled, sense in _large_cities() if spelled[0] == name[0] and _one_slip(name, spelled)}
    return found.pop() if len(found) == 1 else None


@functools.cache
def _large_cities() -> list[tuple[str, Sense]]:
    return [(name, sense) for name, sense in dateline_cities().items() if sense.size >= MISSPELT_CITY and len(name) >= MISSPELT_LENGTH]


def _one_slip(one: str, two: str) -> bool:
    if abs(len(one) - len(two)) > 1:
        return False
    start = 0
    while start < min(len(one), len(two)) and one[start] == two[start]:
        start += 1
    a, b = one[start:], two[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
