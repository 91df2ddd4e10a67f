"""One name for every person of a story: full names that mean the same person are put together, and short forms find theirs."""

import bisect
from collections.abc import Iterable, Sequence

from transforms.text.gazetteer import genders, people_names
from transforms.text.name_forms import LEAST_LOOSE, NICKNAME_MARKS, SUFFIXES, Parts, family_first, fold, loose, parts_of, same_given

MAX_NAMESAKES = 20
"""Persons of one surname that a story keeps apart; a list of more is a table."""
PARAGRAPH_REACH = 400
"""Characters, about two wire paragraphs: within them a surname shared by two goes to who was just introduced."""
SENTENCE_REACH = 150
"""Characters, about a sentence: within them it goes to who was just named in full, introduced before or not."""
_LEAST_INNER = 3


class Person:
    """A person: the fullest form of the name, its folded words, and where it stood in full."""

    __slots__ = ("at", "core", "gender", "is_kin", "name", "particles", "suffix", "words")

    def __init__(self, words: Sequence[str], at: int) -> None:
        self.words = list(words)
        self.name = " ".join(words)
        core, _, self.suffix = parts_of(words)
        self.core = core or [""]
        self.particles = _particles_of(words)
        self.gender = ""
        """m or f where a title says so."""
        self.is_kin = False
        """Whether the story brings the person in as somebody's relative, who bears the surname too."""
        self.at = [at]
        """Where the person was named in full, in the order of the text."""

    @property
    def surname_first(self) -> bool:
        """Whether the family name stands first: three words, a hyphen in the given name (Kim Jong Un, Park Geun-hye), or a family name of
        those peoples (Xi Jinping)."""
        given = self.words[1:]
        if len(given) == 1:
            first, _, second = given[0].partition("-")
            return (bool(first) and second[:1].islower()) or self.core[0] in family_first()
        return len(given) == 2 and len(self.core) == 3 and len(self.core[1]) > 1

    @property
    def likely_gender(self) -> str:
        """The gender that a title says, else that of the given name; empty where neither does."""
        return self.gender or ("" if self.surname_first else genders().get(self.core[0], ""))

    def take(self, words: Sequence[str], at: int) -> None:
        """Another full mention, whose form becomes the name where it is fuller."""
        self.at.append(at)
        other = Person(words, at)
        if other._rank() > self._rank():
            self.words, self.name, self.core = other.words, other.name, other.core
            self.particles, self.suffix = other.particles, other.suffix

    def _rank(self) -> tuple[bool, int, bool, bool]:
        return len(self.core[0]) > 1, len(self.core), bool(self.suffix), not self.name.isupper()


def _particles_of(words: Sequence[str]) -> str:
    """The small words before the surname, with a space after them ('von der '); empty for most."""
    last = len(words) - 1
    while last > 0 and fold(words[last]) in SUFFIXES:
        last -= 1
    first = last
    while first > 0 and words[first - 1][:1].islower():
        first -= 1
    return "".join(f"{word} " for word in words[first:last])


class People:
    """The persons of one story. Full names are added first, in the order of the text; short forms are then looked up."""

    def __init__(self) -> None:
        self.persons: list[Person] = []
        self._by_key: dict[str, Person] = {}
        self._by_last: dict[str, list[Person]] = {}
        self._by_first: dict[str, list[Person]] = {}
        self._by_inner: dict[str, list[Person]] = {}
        self._by_loose: dict[str, list[Person]] = {}

    def add(self, words: Sequence[str], at: int) -> Person:
        """The person of a full name (two words or more); a new one where nobody of that name is known yet."""
        parts = parts_of(words)
        key = "".join(parts.core) + parts.suffix
        person = self._by_key.get(key) or self._same_person(parts)
        if person is None:
            person = Person(words, at)
            self.persons.append(person)
        else:
            person.take(words, at)
        self._index(person, parts)
        self._by_key[key] = person
        for word in words[1:-1]:
            if word[0] in NICKNAME_MARKS and parts.core:
                self._by_key.setdefault(fold(word) + parts.core[-1], person)
        if len(parts.core) > 1:
            for turned in ((*parts.core[1:], parts.core[0]), (parts.core[-1], *parts.core[:-1])):
                self._by_key.setdefault("".join(turned) + parts.suffix, person)
        return person

    def _index(self, person: Person, parts: Parts) -> None:
        core = parts.core
        if not core:
            return
        _put(self._by_last, core[-1], person)
        if parts.particles:
            _put(self._by_last, parts.particles + core[-1], person)
        _put(self._by_first, core[0], person)
        for word in core[1:-1]:
            if len(word) >= _LEAST_INNER:
                _put(self._by_inner, word, person)
        if len(core[-1]) >= LEAST_LOOSE:
            _put(self._by_loose, loose(core[-1]), person)

    def _same_person(self, parts: Parts) -> Person | None:
        """A known person with the same surname whose given names agree: the same ones, their initials or short forms, one more or less.

        Of several whom an initial fits none is meant."""
        core = parts.core
        if len(core) < 2:
            return None
        namesakes = self._by_last.get(core[-1]) or (self._by_loose.get(loose(core[-1])) if len(core[-1]) >= LEAST_LOOSE else None) or []
        fits = [person for person in namesakes if _agree(person, parts)]
        exact = [person for person in fits if person.core[0] == core[0]]
        return (exact or fits)[0] if fits and (exact or len(fits) == 1) else None

    def find(self, words: Sequence[str], at: int, gender: str = "") -> Person | None:
        """The person meant by a short form at a place in the text: by surname, else by family name that stands first, else by given name,
        else by a name in the middle (Lula), else by another spelling of the surname. gender: m or f, where a title says so.

        Of several who share it: whom gender and suffix fit; of those, who was named in full within SENTENCE_REACH before or introduced
        within PARAGRAPH_REACH, if not as a relative, to whom the surname alone is rarely left; else who came first in the story."""
        parts = parts_of(words)
        if not parts.core:
            return None
        if len(parts.core) > 1:
            return self._by_key.get("".join(parts.core) + parts.suffix) or self._same_person(parts)
        word = parts.core[0]
        fits = _once([*self._by_last.get(word, ()), *(p for p in self._by_first.get(word, ()) if p.surname_first)])
        if not fits:
            fits = self._by_first.get(word) or [p for p in self._by_inner.get(word, ()) if p.at[0] < at]
            if not fits and len(word) >= LEAST_LOOSE:
                fits = self._by_loose.get(loose(word), [])
            if len(fits) > 1:
                return None
        if gender:
            fits = [p for p in fits if (p.likely_gender if len(fits) > 1 else p.gender) in ("", gender)]
        if len(fits) > 1:
            fits = [p for p in fits if p.suffix == parts.suffix] or fits
        return _nearest(fits, at) if len(fits) > 1 else fits[0] if fits else None

    def bears(self, words: Sequence[str]) -> bool:
        """Whether a short form is the surname of somebody in the story; particles before it and an article in it count for nothing."""
        core = parts_of(words).core
        return len(core) == 1 and core[0] in self._by_last


def _put(table: dict[str, list[Person]], word: str, person: Person) -> None:
    known = table.setdefault(word, [])
    if len(known) < MAX_NAMESAKES and person not in known:
        known.append(person)


def _once(persons: Iterable[Person]) -> list[Person]:
    return list(dict.fromkeys(persons))


def _agree(person: Person, parts: Parts) -> bool:
    """Whether a known person of the same surname may bear the name."""
    core, known = parts.core, person.core
    if parts.suffix != person.suffix and ((parts.suffix and person.suffix) or core == known):
        return False
    given, own = core[:-1], known[:-1]
    if len(given) != len(own) and (own[-len(given) :] == given or (own and given[-len(own) :] == own and own[0] not in people_names())):
        return True
    if not own or not same_given(given[0], own[0]):
        return False
    return all(one[0] == other[0] and (one == other or 1 in (len(one), len(other))) for one, other in zip(given[1:], own[1:], strict=False))


def _nearest(fits: Sequence[Person], at: int) -> Person:
    near: list[tuple[int, Person]] = []
    for person in fits:
        before = bisect.bisect_right(person.at, at)
        if before and not person.is_kin:
            last = person.at[before - 1]
            if at - last < (PARAGRAPH_REACH if before == 1 else SENTENCE_REACH):
                near.append((last, person))
    return max(near, key=lambda found: found[0])[1] if near else min(fits, key=lambda person: (person.is_kin, person.at[0]))
