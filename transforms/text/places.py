"""Places in running text: which name, where it stands, which country.

Longest names win, then the words around a name decide whether it is a person, a common word or which of several places it is."""

import bisect
import functools
import heapq
import re
from collections.abc import Sequence
from typing import NamedTuple

from transforms.text.gazetteer import NAMESAKE, Entry, Kind, Sense, entries, words_beside
from transforms.text.lexicons import cue_forms, grammar, titles
from transforms.text.local_places import at_home, find_counties, find_towns, home_regions, region_of, town_in
from transforms.text.name_bearers import (
    Bearer,
    given_alone,
    is_person,
    is_word_in,
    may_be_surname,
    names_alone,
    opens_sentence,
    word_after,
    word_before,
)
from transforms.text.place_matches import BLANKS, Match, find_matches
from transforms.text.roles import has_age
from transforms.text.shared_names import meant
from transforms.text.stated_towns import in_state, other_state, town_before, town_stated

HOME_NAMESAKE = 6
"""The same where only the dateline speaks for the smaller one: Geneva is in Switzerland in copy from Washington."""
CLEARLY_LOCAL = 3.0
"""Votes (see `local_places`) from which Paris is the one in Texas, and Lebanon the one in Ohio."""


class Place(NamedTuple):
    """One mention: `text[span_start:span_end] == text`."""

    span_start: int
    span_end: int
    text: str
    kind: Kind
    country: str
    geonames_id: int | None
    canonical: str


class _Reader:
    """The rules for doubtful names in one text; remembers which names it has found to be people, common words and places."""

    def __init__(self, text: str, matches: Sequence[Match], home: str | None, town: str | None, *, is_headline: bool) -> None:
        self.text = text
        self.matches = matches
        self.home = home
        self.is_headline = is_headline
        self.town = town.casefold() if town and home else None
        self.seen: dict[str, int] = {}
        self.named: dict[str, set[str]] = {}
        self.people: set[str] = set()
        self.words: set[str] = set()
        self.towns: set[str] = set()
        for match in matches:
            if match.plain:
                country = match.entry.senses[0].country
                self.seen[country] = self.seen.get(country, 0) + 1
                self.named.setdefault(country, set()).add(match.entry.name)
        self.regions = home_regions({match.entry.name for match in matches}, home)
        self._local: dict[str, Sense | None] = {}
        self._words: dict[str, bool] = {}
        self.stated: dict[str, Sense] = {}

    def local(self, entry: Entry) -> Sense | None:
        """The town of the name in the states that the text is about."""
        if not self.regions:
            return None
        if entry.name not in self._local:
            self._local[entry.name] = at_home(entry, self.regions)
        return self._local[entry.name]

    def bearers(self) -> dict[str, Bearer]:
        """The names that stand in the text for a person or a common word; not a country's that the text speaks of by other names."""
        known = {name: entry for name in self.people if (entry := entries().get(name)) is not None}
        people = (name for name, entry in known.items() if entry.senses[0].kind != "country" or not self._otherwise_named(entry))
        out: dict[str, Bearer] = dict.fromkeys(people, "person")
        return out | dict.fromkeys(self.words, "word")

    def is_doubtful(self, entry: Entry) -> bool:
        """Whether a name that elsewhere needs no look around it does in this text: a country's that is a word here, or may be a town's in
        the text's own state, and that of a town which the text comes from or has named with its state."""
        if entry.name in self.stated or (self.town is not None and entry.name.casefold() == self.town):
            return True
        return entry.senses[0].kind == "country" and (bool(self.regions) or self._may_be_word(entry))

    def _otherwise_named(self, entry: Entry) -> bool:
        """Whether the text comes from what the name mostly means, or names it by another name."""
        country = entry.senses[0].country
        return country == self.home or bool(self.named.get(country, set()) - {entry.name})

    def _may_be_word(self, entry: Entry) -> bool:
        """Whether the text has a country's name as a common word too (a turkey), and no other name of the country. A headline is too short
        to say so."""
        if self.is_headline:
            return False
        if entry.name not in self._words:
            self._words[entry.name] = is_word_in(self.text, entry.name) and not self._otherwise_named(entry)
        return self._words[entry.name]

    def sense(self, index: int) -> Sense | None:
        """Which place the doubtful name means, None where it means none."""
        match, entry = self.matches[index], self.matches[index].entry
        if entry.senses[0].kind == "country" and self._may_be_word(entry) and opens_sentence(self.text, match.start):
            self.words.add(entry.name)
            return None
        found = self._sense(index)
        if found is None or self._otherwise_named(entry):
            return found
        if entry.name in self.stated:
            return self.stated[entry.name]
        of_dateline = entry.name.casefold() == self.town and found.country != self.home
        return town_in(entry.name, str(self.home), self.regions) if of_dateline else found

    def _sense(self, index: int) -> Sense | None:
        """The same by the words around the name alone."""
        match = self.matches[index]
        entry = match.entry
        after = self._region_after(index) if entry.has_city else None
        if after is not None and entry.senses[0].kind != "city" and not other_state(entry.senses, after):
            after = None
        stated = after is not None and after.kind == "region"
        local = self.local(entry) if after is None else None
        if not stated and not entry.abbreviation and not self._is_place(match):
            return local if local is not None and self._is_local_town(match) else None
        self.towns.add(entry.name)
        if local is not None and self._means_local(entry, local):
            return local
        if state := self._state(index):
            return state
        return self._choose(entry.senses, after) if after is not None or len(entry.senses) > 1 else entry.senses[0]

    def _state(self, index: int) -> Sense | None:
        """The state of a name that is first its country's capital or a country (Washington, Georgia): after `the state of` or a town in
        it, before `state`."""
        match = self.matches[index]
        if match.entry.senses[0].kind not in ("city", "country") or match.entry.senses[-1].kind != "region":
            return None
        state, before = match.entry.senses[-1], self.matches[index - 1] if index else None
        if self.text.endswith("state of ", 0, match.start) or word_after(self.text, match.end) == "state":
            return state
        if before is None or self.text[before.end : min(match.start, before.end + _LINK)] not in (", ", " in "):
            return None
        towns = (s for s in before.entry.senses if s.kind != "demonym")
        return state if any((s.country, s.admin1) == (state.country, state.admin1) for s in towns) else None

    def _is_local_town(self, match: Match) -> bool:
        """Whether a name that would be too doubtful elsewhere is a town in a text about its state: not a person's, nor with another
        capitalised word after it where it may be a person's or a common word."""
        entry = match.entry
        if entry.name in self.people:
            return False
        before, after = word_before(self.text, match.start), word_after(self.text, match.end)
        if not (entry.word or entry.surname or entry.given) or after.lower() in words_beside()["place"]:
            return True
        return not (before[:1].isupper() or after[:1].isupper() or after in cue_forms() or after in grammar("people_verb"))

    def _means_local(self, entry: Entry, local: Sense) -> bool:
        """Whether a name means the town in the text's own state: where nothing speaks for the larger place of the name. A country's or a
        world city's name does only in a text that is clearly local; a country's only where no other country is named either."""
        first = entry.senses[0]
        if first == local or first.country == self.home or (first.country == local.country and first.kind != "city"):
            return False
        if first.country != local.country:
            if self.named.get(first.country, set()) - {entry.name}:
                return False
            region = region_of(local)
            votes = self.regions.get(region, 0.0) if region is not None else 0.0
            if first.kind != "city":
                return votes >= CLEARLY_LOCAL and not any(c != local.country and names - {entry.name} for c, names in self.named.items())
            return votes >= CLEARLY_LOCAL or not entry.famous
        return True

    def _region_after(self, index: int) -> Sense | None:
        """The state or country that follows after a comma: 'Paris, Texas'."""
        if index + 1 < len(self.matches):
            here, following = self.matches[index], self.matches[index + 1]
            if following.start - here.end == 2 and self.text[here.end] == ",":
                for sense in reversed(following.entry.senses):
                    if sense.kind in ("region", "country"):
                        return sense
        return None

    def _is_place(self, match: Match) -> bool:
        entry = match.entry
        before, after = word_before(self.text, match.start), word_after(self.text, match.end)
        if is_person(entry, before, after) or self._is_given(entry, after):
            if not self._is_country_alone(match, before, after):
                self.people.add(entry.name)
            return False
        supported = before in words_beside()["locative" if entry.famous else "preposition"]
        if entry.name in self.people:
            return supported
        if entry.senses[0].kind != "city" or entry.famous or self.text[match.start + 1].isupper():
            return True
        return self._is_town(entry, before, after, supported)

    def _is_country_alone(self, match: Match, before: str, after: str) -> bool:
        """Whether a given name is the country's where it stands alone: where it does so before the person comes, or where the person has a
        title, whom one calls by the surname (`Minister Israel Katz`, then Katz and Israel)."""
        entry = match.entry
        if not entry.given or entry.senses[0].kind != "country" or not after[:1].isupper() or entry.name in self.aged:
            return False
        alone = self.alone.get(entry.name)
        return alone is not None and (before in titles() or alone < match.start)

    @functools.cached_property
    def alone(self) -> dict[str, int]:
        """See `given_alone`."""
        return given_alone(self.text, self.matches)

    def _is_given(self, entry: Entry, after: str) -> bool:
        """Whether a country's name is a given name before a surname that no list has: the surname stands alone elsewhere in the text, or
        an age behind the given name, while nothing in the text speaks for the country."""
        if not entry.given or len(entry.senses) > 1 or entry.senses[0].kind != "country" or not may_be_surname(after):
            return False
        if after not in self.names_alone and entry.name not in self.aged:
            return False
        return not self._otherwise_named(entry) and entry.name not in self.gone_to

    @functools.cached_property
    def gone_to(self) -> set[str]:
        """The names before which a word says that one is or goes there: they are places, whoever else bears them."""
        return {match.entry.name for match in self.matches if word_before(self.text, match.start) in words_beside()["locative"]}

    @functools.cached_property
    def aged(self) -> set[str]:
        """The names behind which an age stands (`Jordan, 26, said`)."""
        return {match.entry.name for match in self.matches if has_age(self.text, match.end)}

    @functools.cached_property
    def names_alone(self) -> frozenset[str]:
        """See `names_alone`."""
        return names_alone(self.text)

    def _is_town(self, entry: Entry, before: str, after: str, supported: bool) -> bool:
        """A town that is neither a capital nor of millions: not in a longer name, and where it is small or its name is also a word or a
        surname, with a preposition before it, or known from earlier in the text, or in a country that the text names."""
        in_longer_name = after[:1].isupper() and after.lower() not in words_beside()["place"] and not supported
        if in_longer_name or (not entry.large and before[:1].isupper() and not supported):
            return False
        if entry.large or supported:
            return True
        doubtful = entry.word or entry.surname or entry.given
        return not doubtful and (entry.name in self.towns or bool(self.seen.get(entry.senses[0].country)))

    def _choose(self, senses: tuple[Sense, ...], after: Sense | None) -> Sense:
        """Which of several places is meant: by the state that follows it, else by size, else by the country the story comes from and
        those that it names."""
        first = senses[0]
        if first.kind in ("country", "demonym"):
            return meant(senses, self.home, self.clearly_named)
        stated = town_stated(senses, after) if after is not None else None
        if stated is not None:
            return stated
        if self.seen.get(first.country) or first.country == self.home:
            return first
        others = [s for s in senses if s.country != first.country and s.size * NAMESAKE > first.size]
        seen = max(others, key=lambda s: self.seen.get(s.country, 0), default=first)
        if self.seen.get(seen.country):
            return seen
        at_home = next((s for s in others if s.country == self.home and s.size * HOME_NAMESAKE > first.size), None)
        if at_home is not None or not others:
            return at_home or first
        hinted = max(others, key=lambda s: self.hints.get(s.country, 0))
        return hinted if self.hints.get(hinted.country, 0) > self.hints.get(first.country, 0) else first

    @functools.cached_property
    def clearly_named(self) -> dict[str, set[str]]:
        """Country -> the names that speak for it whatever else the text names: those without doubt, large towns, and of a country and a
        state of one name that of the country where ministers or a parliament follow (`Georgia's foreign minister`)."""
        out = {country: set(names) for country, names in self.named.items()}
        for match in self.matches:
            first = match.entry.senses[0]
            ministers = first.kind == "country" and len(match.entry.senses) > 1 and _MINISTERS.match(self.text, match.end)
            country = first.country if ministers else match.entry.alone_in
            if country is not None:
                out.setdefault(country, set()).add(match.entry.name)
        return out

    @functools.cached_property
    def hints(self) -> dict[str, int]:
        """Country -> how many of its large towns the text names whose names no other town of nearly their size has: they speak for a
        country where nothing else does."""
        out: dict[str, int] = {}
        for match in self.matches:
            country = match.entry.alone_in
            if country is not None:
                out[country] = out.get(country, 0) + 1
        return out


_LINK = 5
"""Characters between a town and its state that are read."""
_MINISTERS = re.compile(r"(?:'s)?(?: [\w-]{2,20}){0,2} (?:[Mm]inisters?|[Pp]arliament)\b")


@functools.lru_cache(maxsize=512)
def headline_places(headline: str) -> tuple[Place, ...]:
    """`find_places` of a headline, which several ask for: those of the last batches of stories are remembered."""
    return tuple(read_places(headline, is_headline=True)[0])


def find_places(text: str, home: str | None = None, town: str | None = None) -> list[Place]:
    """Mentions of countries, peoples, cities, regions and seats of government in the order of the text, none overlapping.

    home: the country that the text comes from (its dateline's); of several places of one name and of like size it prefers the one there.
    town: the place there that it comes from; its name means it. Names all in capitals are read too. Offsets are those of `text` as given;
    line ends within a name do no harm."""
    return read_places(text, home, town)[0]


def read_places(
    text: str, home: str | None = None, town: str | None = None, *, is_headline: bool = False
) -> tuple[list[Place], dict[str, Bearer]]:
    """`find_places`, and the names of places that stand in the text for a person or a common word."""
    flat = text.translate(BLANKS)
    matches = find_matches(flat)
    reader = _Reader(flat, matches, home, town, is_headline=is_headline)
    out: list[Place] = []
    for index, (start, end, entry, plain) in enumerate(matches):
        sense = entry.senses[0] if plain and not reader.is_doubtful(entry) else reader.sense(index)
        if sense is None:
            continue
        if sense.admin1 and sense.kind == "region" and flat[start - 2 : start] == ", ":
            free = out[-1].span_end if out else 0
            if out and free == start - 2 and out[-1].kind == "country":
                town_there = in_state(out[-1].text, sense, is_sure=entry.abbreviation, is_listed=word_after(flat, end) in ("and", "or"))
                if town_there is not None:
                    reader.stated[matches[index - 1].entry.name] = town_there
                    out[-1] = _placed(out[-1].span_start, out[-1].text, town_there)
            elif free != start - 2 and (unknown := town_before(flat, start, free)) is not None:
                name = text[unknown : start - 2]
                out.append(Place(unknown, start - 2, name, "city", sense.country, None, name))
        out.append(_placed(start, text[start:end], sense))
    places = _with_towns(text, flat, out, reader) if reader.regions else out
    return places, reader.bearers()


def _placed(start: int, name: str, sense: Sense) -> Place:
    """A mention with what it means."""
    return Place(start, start + len(name), name, sense.kind, sense.country, sense.geonames_id, sense.canonical)


def _with_towns(text: str, flat: str, places: list[Place], reader: _Reader) -> list[Place]:
    """The places and, where none of them stands, the smaller towns of the text's own states and the counties of a list; a town's longer
    name replaces a place within it (`St. Paris`)."""
    out: list[Place] = []
    at = 0
    for start, end, sense in heapq.merge(find_counties(flat, reader.regions), find_towns(flat, reader.regions)):
        while at < len(places) and places[at].span_end <= start:
            out.append(places[at])
            at += 1
        inside = at
        while inside < len(places) and start <= places[inside].span_start and places[inside].span_end <= end:
            inside += 1
        taken = inside < len(places) and places[inside].span_start < end
        longer = all(end - start > place.span_end - place.span_start for place in places[at:inside])
        if not taken and longer and (not out or out[-1].span_end <= start):
            at = inside
            out.append(_placed(start, text[start:end], sense))
    return out + places[at:]


def country_within(places: Sequence[Place], start: int, end: int) -> str | None:
    """The country of the places within a span, as an organisation's name has them (`Shreveport Police Department`, `Bank of Tokyo`); None
    where it has none or those of several countries (`Canada-U.S. Council`). places: in the order of the text."""
    index = bisect.bisect_left(places, start, key=lambda place: place.span_start)
    found: set[str] = set()
    while index < len(places) and places[index].span_end <= end:
        found.add(places[index].country)
        index += 1
    return found.pop() if len(found) == 1 else None


def facility_country(text: str, start: int, places: Sequence[Place], fallback: str | None = None) -> str | None:
    """Country of a square, street, airport or the like that is in no table and begins at `start`: that of the nearest town named
    before it as a place to be in or to go to ('to Pyongyang', not 'Moscow said'), else `fallback` (the story's country)."""
    end = bisect.bisect_right(places, start, key=lambda place: place.span_end)
    for place in reversed(places[max(0, end - _NEAREST) : end]):
        if place.kind == "city" and word_before(text, place.span_start) in words_beside()["locative"]:
            return place.country
    return fallback


_NEAREST = 30
"""Mentions of places before a facility that are looked through for the town."""
