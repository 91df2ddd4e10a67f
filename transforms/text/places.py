"""Places in running text: which name, where it stands, which country.

Longest names win, then the words around a name decide whether it is a person, a common word or which of several places it is."""

import bisect
import functools
import heapq
from collections.abc import Sequence
from typing import Any, NamedTuple

from transforms.text.calendar_words import is_calendar_word
from transforms.text.gazetteer import (
    NAMESAKE,
    Entry,
    Kind,
    Sense,
    accented_automaton,
    accented_letters,
    automaton,
    people_names,
    words_beside,
)
from transforms.text.lexicons import cue_forms, grammar, titles
from transforms.text.local_places import at_home, find_counties, find_towns, home_regions, region_of

_BLANKS = str.maketrans("\n\r\t\xa0\u202f’", "     '")
_WORD_END = ".,;:!?'\")"
HOME_NAMESAKE = 6
"""The same where only the dateline speaks for the smaller one: Geneva is in Switzerland in copy from Washington."""
CLEARLY_LOCAL = 3.0
"""Votes (see `local_places`) from which Paris is the one in Texas, and Lebanon the one in Ohio."""
TOWN_WORDS = 3
"""Most words of a town's name that is read from the state after it (`West Palm Beach, Fla.`)."""


class Place(NamedTuple):
    """One mention: `text[span_start:span_end] == text`."""

    span_start: int
    span_end: int
    text: str
    kind: Kind
    country: str
    geonames_id: int | None
    canonical: str


class _Match(NamedTuple):
    start: int
    end: int
    entry: Entry
    plain: bool


def _matches(text: str) -> list[_Match]:
    """Names at word boundaries, longest first from the left."""
    out = _found(text, automaton())
    if text.isascii() or not accented_letters().search(text):
        return out
    return _merged(out, _found(text, accented_automaton()))


def _merged(matches: list[_Match], first: list[_Match]) -> list[_Match]:
    """Two lists in the order of the text made one; where they overlap, `first` stands."""
    out: list[_Match] = []
    at = 0
    for match in matches:
        while at < len(first) and first[at].end <= match.start:
            out.append(first[at])
            at += 1
        if at == len(first) or match.end <= first[at].start:
            out.append(match)
    return out + first[at:]


def _found(text: str, names: Any) -> list[_Match]:
    """What one automaton finds at word boundaries, short forms of states only where they stand as such."""
    out, size = [], len(text)
    for last, (length, entry, plain) in names.iter_long(text):
        start, end = last + 1 - length, last + 1
        if entry is None or (start and text[start - 1].isalnum()) or (end < size and text[end].isalnum()):
            continue
        if entry.abbreviation and not _is_abbreviation(text, start, end):
            continue
        if start and text[start - 1] == "<" and end - start <= _TICKER and text[start:end].isupper():
            continue
        out.append(_Match(start, end, entry, plain))
    return out


def _is_abbreviation(text: str, start: int, end: int) -> bool:
    """Whether a short form of a state stands as one: after a town and a comma, after a politician's party (`D-Pa.`), or with a full stop
    and before a word in lower case, with which no sentence begins (`Ill. man found`)."""
    if text[start - 2 : start] in (", ", "D-", "R-"):
        return True
    if text[end - 1] != "." or end - start <= _LETTER or text[start - 2 : start - 1].isdigit():
        return False
    return text[end : end + 1] == " " and text[end + 1 : end + 2].islower()


_TICKER = 5
"""Most letters of a share's ticker, which wires put between angle brackets: `UNION CARBIDE <UK>`."""
_LETTER = 2
"""Length of a letter with a full stop, which is an initial."""


def _word_before(text: str, start: int) -> str:
    """The word that stands directly before, parted by one blank; '' where there is none."""
    if start < 2 or text[start - 1] != " ":
        return ""
    return text[text.rfind(" ", 0, start - 1) + 1 : start - 1]


def _word_after(text: str, end: int) -> str:
    """The word that stands directly after, parted by one blank; '' where there is none."""
    if text[end : end + 1] != " ":
        return ""
    stop = text.find(" ", end + 1)
    return text[end + 1 : stop if stop > 0 else len(text)].rstrip(_WORD_END)


class _Reader:
    """The rules for doubtful names in one text; remembers which names it has found to be people and which places."""

    def __init__(self, text: str, matches: Sequence[_Match], home: str | None) -> None:
        self.text = text
        self.matches = matches
        self.home = home
        self.seen: dict[str, int] = {}
        self.named: dict[str, set[str]] = {}
        self.people: set[str] = set()
        self.towns: set[str] = set()
        for match in matches:
            if match.plain:
                country = match.entry.senses[0].country
                self.seen[country] = self.seen.get(country, 0) + 1
                self.named.setdefault(country, set()).add(match.entry.name)
        self.regions = home_regions({match.entry.name for match in matches}, home)
        self._local: dict[str, Sense | None] = {}

    def local(self, entry: Entry) -> Sense | None:
        """The town of the name in the states that the text is about."""
        if not self.regions:
            return None
        if entry.name not in self._local:
            self._local[entry.name] = at_home(entry, self.regions)
        return self._local[entry.name]

    def sense(self, index: int) -> Sense | None:
        """Which place the doubtful name means, None where it means none."""
        match = self.matches[index]
        entry = match.entry
        after = self._region_after(index) if entry.has_city else None
        if after is not None and entry.senses[0].kind != "city" and not _other_state(entry.senses, after):
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
        """The state of a name that is first its country's capital (Washington): after `the state of` or a town in it, before `state`."""
        match = self.matches[index]
        if match.entry.senses[0].kind != "city" or match.entry.senses[-1].kind != "region":
            return None
        state, before = match.entry.senses[-1], self.matches[index - 1] if index else None
        if self.text.endswith("state of ", 0, match.start) or _word_after(self.text, match.end) == "state":
            return state
        if before is None or match.start - before.end != 2 or self.text[before.end] != ",":
            return None
        return state if any((s.country, s.admin1) == (state.country, state.admin1) for s in before.entry.senses) else None

    def _is_local_town(self, match: _Match) -> bool:
        """Whether a name that would be too doubtful elsewhere is a town in a text about its state: not a person's, nor with another
        capitalised word after it where it may be a person's or a common word."""
        entry = match.entry
        if entry.name in self.people:
            return False
        before, after = _word_before(self.text, match.start), _word_after(self.text, match.end)
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

    def _is_place(self, match: _Match) -> bool:
        entry = match.entry
        before, after = _word_before(self.text, match.start), _word_after(self.text, match.end)
        if self._is_person(entry, before, after):
            self.people.add(entry.name)
            return False
        supported = before in words_beside()["locative" if entry.famous else "preposition"]
        if entry.name in self.people:
            return supported
        if entry.senses[0].kind != "city" or entry.famous or self.text[match.start + 1].isupper():
            return True
        return self._is_town(entry, before, after, supported)

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
            return self._country_or_state(senses)
        stated = _stated(senses, after) if after is not None else None
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

    def _country_or_state(self, senses: tuple[Sense, ...]) -> Sense:
        """Georgia: the country where the story names its people or towns or comes from there, or names other countries but not the
        state's; else the state. Korea: the first of the two, unless the story names only the other or comes from there."""
        country = senses[0]
        states = [s for s in senses if s.kind == "region"]
        others = [s for s in senses[1:] if s.kind != "region"]
        if self.seen.get(country.country) or country.country == self.home:
            return country
        if states and (self.seen.get(states[0].country) or states[0].country == self.home or not self.seen):
            return states[0]
        return next((s for s in others if self.seen.get(s.country)), None) or next((s for s in others if s.country == self.home), country)

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

    @staticmethod
    def _is_person(entry: Entry, before: str, after: str) -> bool:
        """Part of a person's name: 'Michael Jordan', 'Sen. Houston', 'J. London', 'Paris Smith'."""
        if (entry.surname or not entry.famous) and before[:1].isupper():
            initial = len(before) == 2 and before[1] == "."
            if initial or before in titles() or "g" in people_names().get(before.lower(), ""):
                return True
        if entry.given and after[:1].isupper():
            return after.lower() not in words_beside()["place"] and "s" in people_names().get(after.lower(), "")
        return False


def _other_state(senses: tuple[Sense, ...], after: Sense) -> bool:
    """Whether what follows a state's name says that the town of the name is meant: `Victoria, British Columbia`."""
    return after.country != senses[0].country and any(s.kind == "city" and s.country == after.country for s in senses)


def _stated(senses: tuple[Sense, ...], after: Sense) -> Sense | None:
    """The town that lies in the state or country that follows its name."""
    there = [s for s in senses if s.country == after.country and s.kind == "city"]
    exact = [s for s in there if after.kind == "region" and s.admin1 == after.admin1]
    if exact or there:
        return (exact or there)[0]
    return Sense("city", after.country, senses[0].canonical) if after.kind == "region" else None


def _town_before(text: str, start: int, free: int) -> int | None:
    """Where the unknown town begins that stands before a state: 'Clear Lake, Iowa'. `free` is the end of the place before it."""
    begin, words = start - 2, 0
    while words < TOWN_WORDS:
        blank = text.rfind(" ", max(free, begin - 24), begin)
        word = text[blank + 1 : begin]
        if (
            not word[:1].isupper()
            or not word.replace("'", "").replace("-", "").replace(".", "").isalpha()
            or word in words_beside()["preposition"]
            or is_calendar_word(word)
        ):
            break
        if blank + 1 < free or blank < 0:
            return None
        begin, words = blank, words + 1
        if text[blank - 1 : blank] in _WORD_END:
            break
    first = text[begin + 1 : start - 2].split(" ", 1)[0].lower()
    return begin + 1 if words and "g" not in people_names().get(first, "") else None


@functools.lru_cache(maxsize=512)
def headline_places(headline: str) -> tuple[Place, ...]:
    """`find_places` of a headline, which several ask for: those of the last batches of stories are remembered."""
    return tuple(find_places(headline))


def find_places(text: str, home: str | None = None) -> list[Place]:
    """Mentions of countries, peoples, cities, regions and seats of government in the order of the text, none overlapping.

    home: the country that the text comes from (its dateline's); of several places of one name and of like size it prefers the one there.
    Names all in capitals are read too. Offsets are those of `text` as given; line ends within a name do no harm."""
    flat = text.translate(_BLANKS)
    matches = _matches(flat)
    reader = _Reader(flat, matches, home)
    out: list[Place] = []
    for index, (start, end, entry, plain) in enumerate(matches):
        known = plain and not (reader.regions and entry.senses[0].kind == "country")
        sense = entry.senses[0] if known else reader.sense(index)
        if sense is None:
            continue
        if sense.admin1 and sense.kind == "region" and flat[start - 2 : start] == ", ":
            free = out[-1].span_end if out else 0
            if out and free == start - 2 and out[-1].kind == "country" and entry.abbreviation:
                out[-1] = out[-1]._replace(kind="city", country=sense.country, geonames_id=None, canonical=out[-1].text)
            elif free != start - 2 and (town := _town_before(flat, start, free)) is not None:
                name = text[town : start - 2]
                out.append(Place(town, start - 2, name, "city", sense.country, None, name))
        out.append(Place(start, end, text[start:end], sense.kind, sense.country, sense.geonames_id, sense.canonical))
    return _with_towns(text, flat, out, reader) if reader.regions else out


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
            out.append(Place(start, end, text[start:end], sense.kind, sense.country, sense.geonames_id, sense.canonical))
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
        if place.kind == "city" and _word_before(text, place.span_start) in words_beside()["locative"]:
            return place.country
    return fallback


_NEAREST = 30
"""Mentions of places before a facility that are looked through for the town."""
