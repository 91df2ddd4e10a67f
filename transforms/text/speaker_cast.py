"""Who appears in a story: the persons that its sentences name, in their order, with what tells which of them a later word means."""

import bisect
import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from schemas import Row
from transforms.text.canonical import Person
from transforms.text.gazetteer import genders, people_names
from transforms.text.lexicons import cue_forms, foreign_cues, grammar, titles
from transforms.text.quote_regions import Region
from transforms.text.roles import is_role_noun, role_after
from transforms.text.sentences import Sentences, ends_in_abbreviation

ASKED, SPEAKS, SUBJECT, TOPIC, OBJECT, OWNER = 5, 4, 3, 2, 1, 0
"""How a name stands in its sentence: as who is asked and answers next, with a verb of speech, with another, as a possessor that opens it
(`Roe's car stopped`), or is brought in at its end (`it worries Ana Roe, a lawyer.`), elsewhere, as another possessor."""

_SENTENCE = re.compile(r"\n\s*|[.!?][\"”’')\]]*\s+(?=[^\sa-z])")
_AFTER = re.compile(
    r"(?:\s\([^()\n]{1,24}\))?(?:,[^\n\"“”;:]{2,160}?,|\s[—–-]\s[^\n\"“”—–]{2,160}\s[—–-])?"
    r"\s+(?:also |later |then |has |had |have |\w{2,12}ly |himself |herself )*([a-z]+)\b"
)
"""The verb after a name, an apposition between."""
_INVERTED = re.compile(r"[,\"“”'’]\s+([a-z]+)\s+(?:[\w.’'-]+\s+){0,6}$")
"""The verb of speech that goes before its subject, after a quotation: `, said police chief `."""
_LEFT = re.compile(r"([a-z]+)\s+(?:[^\W\d_a-z][\w.-]*\s+){0,3}$")
"""The nearest word in lower case before a name and its title."""
_PRONOUN = re.compile(r"[HhSs](?<!\w.)(?:(?<=[Hh])e|(?<=[Ss])he)\b")
"""`he` and `she`; a set of first letters is what `re` looks for fastest."""
_GENDERED = re.compile(r"\b(he|him|his|himself|she|hers?|herself)\b")
_REACH_OF_GENDER = 120
"""Characters after a name in which a pronoun with nobody else named before it tells the gender."""
_MENTIONS_READ = 6
"""Mentions of one person that are read for it."""
_TITLE_REACH = 24


PRONOUN, FOUND, STRANGER = -1, -2, -3
"""Kinds of events that are no names: a pronoun, a description that was found to mean a person, and one of somebody without a name."""


class Event(NamedTuple):
    """A place where the text means a person, in a sentence of a number: number of the `entity`, else PRONOUN, FOUND or STRANGER; of a
    pronoun or a stranger the gender."""

    at: int
    sentence: int
    entity: int
    canonical: str | None
    gender: str


@functools.lru_cache(65536)
def _given_gender(name: str) -> str:
    if " " in name:
        return Person(name.split(" "), 0).likely_gender
    return genders().get(name.lower(), "") if people_names().get(name.lower()) == "g" else ""


@functools.cache
def _gendered_nouns() -> dict[str, str]:
    return dict.fromkeys(grammar("male"), "m") | dict.fromkeys(grammar("female"), "f")


def noun_gender(word: str) -> str:
    """The gender that a noun in lower case says: `spokeswoman` f, `king` m; empty for most."""
    known = _gendered_nouns().get(word)
    if known is None and word.endswith("man") and is_role_noun(word):
        return "f" if word.endswith("woman") else "m"
    return known or ""


def is_owner(body: str, end: int) -> bool:
    """Whether a name that ends at a place is a possessor: `Roe's`, `the rebels' `."""
    return body.startswith(("'s", "’s", "' ", "’ "), end)


class Cast:
    """The persons of one body. What costs is made when it is first asked for."""

    def __init__(self, body: str, entities: Sequence[Row], regions: Sequence[Region], english: bool) -> None:
        self.body, self.entities, self.english = body, entities, english
        self.sentences = Sentences(regions)
        self.cues = cue_forms() if english else cue_forms() | foreign_cues()
        self.spoke: set[int] = set()
        """Entities that were found to be speakers."""
        self.last: tuple[int, str, str | None] | None = None
        """Place, type and canonical name of the last speaker mentioned outside quotation marks."""
        self._events: list[Event] | None = None
        self._standing: dict[int, int] = {}
        self._gender: dict[str, str] = {}

    @functools.cached_property
    def starts(self) -> list[int]:
        """Where entities start."""
        return [entity["span_start"] for entity in self.entities]

    @functools.cached_property
    def sentence_starts(self) -> list[int]:
        """Where sentences start, those in quotations too."""
        body = self.body
        return [0] + [
            match.end()
            for match in _SENTENCE.finditer(body)
            if body[match.start()] != "." or not ends_in_abbreviation(body, 0, match.start() + 1)
        ]

    @functools.cached_property
    def by_name(self) -> dict[str, list[int]]:
        """Canonical name of a person -> indices of its mentions."""
        out: dict[str, list[int]] = {}
        for index, entity in enumerate(self.entities):
            if entity["type"] == "PER":
                out.setdefault(entity["canonical"], []).append(index)
        return out

    def person_between(self, start: int, end: int) -> bool:
        """Whether a person's name stands in a stretch."""
        low, high = bisect.bisect_left(self.starts, start), bisect.bisect_left(self.starts, end)
        return any(entity["type"] == "PER" for entity in self.entities[low:high])

    def sentence(self, at: int) -> int:
        """Number of the sentence that holds a place."""
        return bisect.bisect_right(self.sentence_starts, at)

    def before(self, at: int) -> Iterator[Event]:
        """Persons and pronouns before a place, the nearest first, none within quotation marks."""
        events = self._made()
        for position in range(bisect.bisect_left(events, (at,)) - 1, -1, -1):
            yield events[position]

    def add(self, at: int, canonical: str | None, gender: str = "") -> None:
        """Puts in a description of a speaker: of a person, or of somebody without a name, perhaps of a gender."""
        for event in self._unquoted([(at, STRANGER if canonical is None else FOUND, canonical, gender)]):
            bisect.insort(self._made(), event)

    def _made(self) -> list[Event]:
        if self._events is None:
            persons = ((index, entity) for index, entity in enumerate(self.entities) if entity["type"] == "PER")
            named = [(entity["span_start"], index, entity["canonical"], "") for index, entity in persons]
            spoken = [(m.start(), PRONOUN, None, "f" if m[0][0] in "Ss" else "m") for m in _PRONOUN.finditer(self.body)]
            self._events = sorted(self._unquoted(named + spoken))
        return self._events

    def _unquoted(self, places: Iterable[tuple[int, int, str | None, str]]) -> list[Event]:
        return [
            Event(at, self.sentence(at), entity, canonical, gender)
            for at, entity, canonical, gender in places
            if not self.sentences.quoted(at)
        ]

    def standing(self, index: int) -> int:
        """How the name of an entity stands in its sentence."""
        if index in self.spoke:
            return SPEAKS
        known = self._standing.get(index)
        if known is None:
            known = self._standing[index] = self._stands(self.entities[index])
        return known

    def _stands(self, entity: Row) -> int:
        body, start, end = self.body, entity["span_start"], entity["span_end"]
        first = self.sentence_starts[self.sentence(start) - 1]
        left = _LEFT.search(body, max(first, start - 80), start)
        if is_owner(body, end):
            return TOPIC if left is None else OWNER
        after = _AFTER.match(body, end, end + 220)
        verb = after[1] if after is not None else ""
        before = left[1] if left is not None else ""
        left_at = left.start() if left is not None else 0
        if before in grammar("asked"):
            return ASKED
        if before == "for" and body[left_at - 3 : left_at].lower() == "as ":
            return SUBJECT
        if before == "to" and body[left_at - 10 : left_at].lower() == "according ":
            return SPEAKS
        governed = before in grammar("governs") and not self._in_title(left_at, start)
        if not governed and verb in self.cues and not is_role_noun(verb):
            return SPEAKS
        inverted = _INVERTED.search(body, max(0, start - 80), start)
        if inverted is not None and inverted[1] in self.cues and not governed:
            return SPEAKS
        if before == "with" and verb.endswith("ing"):
            return SUBJECT
        if governed or (left is not None and (not verb or verb in grammar("no_verb"))):
            return TOPIC if self._brought_in(entity) else OBJECT
        return SUBJECT

    def _brought_in(self, entity: Row) -> bool:
        """Whether a name is a person's first, and an apposition after it ends the sentence: who is brought in so speaks next."""
        if self.starts[self.by_name.get(entity["canonical"], [0])[0]] != entity["span_start"] or " " not in entity["text"]:
            return False
        apposition = role_after(self.body, entity["span_end"])
        return apposition is not None and self.body[apposition[1] : apposition[1] + 1] in (".", "\n", "")

    def _in_title(self, at: int, start: int) -> bool:
        """Whether a preposition belongs to the title before a name: `Secretary of State Roe`, not `an aide of President Roe`."""
        between = self.body[at:start].split()[1:]
        before = self.body[max(0, at - _TITLE_REACH) : at].split()
        return bool(between) and between[-1] not in titles() and bool(before) and before[-1][0].isupper()

    def is_told(self, index: int) -> bool:
        """Whether a name stands right after a verb of speech: `told Agence Tarn`."""
        start = self.entities[index]["span_start"]
        left = _LEFT.search(self.body, max(0, start - 40), start)
        return left is not None and left[1] in self.cues

    def gender(self, name: str) -> str:
        """m or f where a person's title, given name, role or pronouns in the story say so."""
        known = self._gender.get(name)
        if known is None:
            known = self._gender[name] = self._by_title(name) or _given_gender(name) or self._by_role(name) or self._by_pronouns(name)
        return known

    def _by_title(self, name: str) -> str:
        genders = (self.title_gender(self.entities[index]["span_start"]) for index in self.by_name.get(name, ())[:_MENTIONS_READ])
        return next(filter(None, genders), "")

    def title_gender(self, start: int) -> str:
        """m or f where a title right before a place says so."""
        words = self.body[max(0, start - _TITLE_REACH) : start].split(" ")
        return titles().get(words[-2], ("", ""))[1] if len(words) > 1 and not words[-1] else ""

    def _by_role(self, name: str) -> str:
        for index in self.by_name.get(name, ()):
            role = self.entities[index]["role"]
            for word in role.lower().split(" ") if role else ():
                if word in grammar("after_head"):
                    break
                gender = noun_gender(word.rstrip(","))
                if gender:
                    return gender
        return ""

    def _by_pronouns(self, name: str) -> str:
        votes = 0
        for index in self.by_name.get(name, ())[:_MENTIONS_READ]:
            end = self.entities[index]["span_end"]
            match = _GENDERED.search(self.body, end, end + _REACH_OF_GENDER)
            if self.standing(index) < SUBJECT or match is None or self.sentences.quoted(match.start()) != self.sentences.quoted(end):
                continue
            between = self.entities[index + 1 : bisect.bisect_left(self.starts, match.start())]
            if all(entity["type"] != "PER" for entity in between) and "\n" not in self.body[end : match.start()]:
                votes += 1 if match[1][0] == "h" and match[1] not in ("her", "hers", "herself") else -1
        return "m" if votes > 0 else "f" if votes < 0 else ""
