"""Local news: the states that a text is about, and the towns there that only its readers know.

A local paper writes `Paris` and means the one in its own county. The names of a text, taken together, say which state that is: its own
name, its counties, and the towns, of which each may lie in many states but all in few (the idea of local lexicons: Lieberman, Samet,
Sankaranarayanan, "Geotagging with local lexicons to build indexes for textually-specified spatial data", ICDE 2010).
"""

import functools
import itertools
import re
from collections.abc import Container, Iterable, Iterator
from typing import NamedTuple

from transforms.text.gazetteer import Entry, Sense, cities_by_name, entries, never_places, people_names, towns, towns_by_name, words_beside
from transforms.text.lexicons import titles, word_list

Region = tuple[str, str]
"""Country and state; the state is '' in countries that are small enough to be one."""

STATES = frozenset({"US", "CA", "AU"})
"""Countries whose states are told apart."""
WHOLE = frozenset({"GB", "IE", "NZ"})
"""Countries taken as one. Of no others are smaller towns in the table."""

NAMED = 2.0
"""A vote of a state's own name, or of a county's that no other state has; a town that lies in two states gives each a half."""
DOUBTFUL = 0.5
"""Of a vote by a name that may be a person's or a common word."""
LEAST, NEAR = 2.0, 0.6
"""Votes that make a text local, and the share of the first state's that the second needs: papers at a border read both."""
MOST = 2
"""States that a local text is about; one that names more is not local."""


def region_of(sense: Sense) -> Region | None:
    """The region of a place, None for one of other countries or of an unknown state."""
    if sense.country in STATES:
        return (sense.country, sense.admin1) if sense.admin1 else None
    return (sense.country, "") if sense.country in WHOLE else None


@functools.lru_cache(65536)
def _votes(name: str) -> tuple[tuple[Region, float], ...]:
    """What a name of the gazetteer says of the regions it may stand for."""
    entry = entries()[name]
    if entry is None or entry.senses[0].kind not in ("region", "city"):
        return ()
    first = entry.senses[0]
    if first.kind == "region":
        codes = first.admin1.split(",") if first.country in STATES else [""]
        if first.country not in STATES | WHOLE or (first.country in STATES and not first.admin1):
            return ()
        return tuple(((first.country, code), NAMED / len(codes)) for code in codes)
    places = [*entry.senses, *towns(name)]
    where = dict.fromkeys(region_of(sense) or (sense.country, "*") for sense in places)
    weight = DOUBTFUL if entry.word or entry.surname or entry.given else 1.0
    return tuple((region, weight / len(where)) for region in where if region[1] != "*")


def home_regions(names: Iterable[str], home: str | None = None) -> dict[Region, float]:
    """The regions that a text with these names of the gazetteer is about, with their votes: one or two, or none. home: the country that
    the text comes from; its regions alone count then."""
    votes: dict[Region, float] = {}
    if home is not None and home not in STATES and home not in WHOLE:
        return votes
    for name in names:
        for region, weight in _votes(name):
            votes[region] = votes.get(region, 0.0) + weight
    if not votes:
        return votes
    least = max(LEAST, NEAR * max(votes.values()))
    found = {region: vote for region, vote in votes.items() if vote >= least}
    if len(found) > MOST:
        return {}
    return found if home is None else {region: vote for region, vote in found.items() if region[0] == home}


def towns_of(name: str) -> Iterator[Sense]:
    """The cities and the smaller towns of a name, the largest first."""
    cities, _ = cities_by_name().get(name, ((), ""))
    return itertools.chain(cities, towns(name))


def at_home(entry: Entry, regions: Container[Region]) -> Sense | None:
    """The town of a name in a text's own regions; also of a name that is a country's as well."""
    return next((sense for sense in towns_of(entry.name) if region_of(sense) in regions), None)


def town_in(name: str, country: str, regions: Container[Region]) -> Sense:
    """The town of a name in a country, which a dateline says there is: the one in a text's own regions, else the only one; of several it
    is not said which."""
    there = [sense for sense in towns_of(name) if sense.country == country]
    local = next((sense for sense in there if region_of(sense) in regions), None)
    return local or (there[0] if len(there) == 1 else Sense("city", country, name))


class Town(NamedTuple):
    """A place that the gazetteer's automaton does not look for."""

    start: int
    end: int
    sense: Sense


_RUN = re.compile(r"(?<![\w&'.-])[A-Z][\w'-]{1,24}\.?(?: [A-Z][\w'-]{1,24}\.?){0,3}")
_LONG_FORMS = {"St.": ("Saint", "St."), "Mt.": ("Mount",), "Ft.": ("Fort",)}
TOWN_WORDS = 3


@functools.cache
def _first_words() -> frozenset[str]:
    """First words of towns' names, as written and all in capitals: what begins with none of them needs no look."""
    found = {name.partition(" ")[0] for name in towns_by_name()} | set(_LONG_FORMS)
    return frozenset(found | {word.upper() for word in found})


def find_towns(text: str, regions: Container[Region]) -> Iterator[Town]:
    """Smaller towns of the regions in the order of the text, the longest name first; `text` has blanks for white space."""
    firsts = _first_words()
    for run in _RUN.finditer(text):
        words = run[0].split(" ")
        start, at = run.start(), 0
        while at < len(words):
            size = 1
            if words[at] in firsts or words[at].removesuffix(".").removesuffix("'s") in firsts:
                for size in range(min(TOWN_WORDS, len(words) - at), 0, -1):
                    town = _town(text, start, " ".join(words[at : at + size]), regions)
                    if town is not None:
                        yield town
                        break
            start += sum(map(len, words[at : at + size])) + size
            at += size


_COUNTY = re.compile(r"[A-Z][\w'-]{1,24}(?: [A-Z][\w'-]{1,24})?")
_COUNTIES = re.compile(rf"(?:{_COUNTY.pattern}(?:, and |, | and )){{1,12}}{_COUNTY.pattern} [Cc]ounties\b")


def find_counties(text: str, regions: Container[Region]) -> Iterator[Town]:
    """The counties of a list in the order of the text: `Clay, Swift and Wilkin counties`."""
    if "ounties" not in text:
        return
    for listed in _COUNTIES.finditer(text):
        for county in _COUNTY.finditer(text, listed.start(), listed.end() - len(" counties")):
            entry = entries().get(f"{county[0]} County")
            if entry is not None and any(("US", code) in regions for code in entry.senses[0].admin1.split(",")):
                yield Town(county.start(), county.end(), entry.senses[0])


def _town(text: str, start: int, name: str, regions: Container[Region]) -> Town | None:
    """The town of the regions that a name at `start` is, its possessive and its full stop left out."""
    name = name.removesuffix(".").removesuffix("'s")
    for spelled in _spellings(name):
        if spelled in towns_by_name() and spelled not in never_places():
            sense = next((sense for sense in towns(spelled) if region_of(sense) in regions), None)
            if sense is not None and _stands_for_town(text, start, start + len(name), name):
                return Town(start, start + len(name), sense)
    return None


def _spellings(name: str) -> list[str]:
    """A name as the table may have it: `Mt. Pleasant`, `MOUNT PLEASANT`."""
    first, blank, rest = name.partition(" ")
    found = [name, *(f"{long} {rest}" for long in _LONG_FORMS.get(first, ()) if blank)]
    return [*found, *(each.title() for each in found)] if name.isupper() and len(name) > 3 else found


_SIDE = 40
"""Characters before and after a name that are read."""
_AFTER = re.compile(r"(?:'s)? ([\w'-]+)")


def _stands_for_town(text: str, start: int, end: int, name: str) -> bool:
    """Whether the words around a name leave it a town: a person's name beside it does not, and one that is a word or a name of persons
    needs a preposition of place before it or a word of places after it."""
    before = text[max(0, start - _SIDE) : start].rsplit(" ", 2)[-2:]
    word = before[0] if len(before) == 2 and not before[1] else ""
    match = _AFTER.match(text, end, end + _SIDE)
    after = match[1] if match else ""
    beside = words_beside()
    if word in beside["preposition"] or after.lower() in beside["place"] or after in beside["resident"]:
        return True
    if word[:1].isupper() and word.lower() not in word_list("function_words.txt"):
        return False
    if after[:1].isupper() or (len(word) == 2 and word[1] == ".") or word in titles() or "g" in people_names().get(word.lower(), ""):
        return False
    first = name.partition(" ")[0].lower()
    return first not in people_names() and (first != name.lower() or first not in word_list("english_words.txt"))
