"""One name for every person and organisation of a story."""

import re
from collections.abc import Sequence

_SUFFIXES = frozenset(("Jr", "Jr.", "Sr", "Sr.", "II", "III", "IV"))
_GAPS = re.compile(r"[\s-]+")
_NOT_LETTERS = re.compile(r"[\W_]+")

MAX_NAMESAKES = 20
"""Persons of one surname that a story keeps apart; a list of more is a table."""
PARAGRAPH_REACH = 400
"""Characters, about two wire paragraphs: within them a surname shared by two goes to who was just introduced."""


def _fold(word: str) -> str:
    return _NOT_LETTERS.sub("", word).casefold()


class Person:
    """A person: the fullest form of the name, its folded words, and where it first stood in full."""

    __slots__ = ("first_at", "folded", "gender", "last_at", "mentions", "name")

    def __init__(self, words: Sequence[str], at: int) -> None:
        self.name = " ".join(words)
        self.gender = ""
        self.folded = [_fold(w) for w in words if w not in _SUFFIXES] or [_fold(w) for w in words]
        self.first_at = at
        self.last_at = at
        self.mentions = 1

    @property
    def particles(self) -> str:
        """The small words before the surname, with a space after them ('von der '); empty for most."""
        words = self.name.split(" ")
        first = len(words) - 1
        while first > 0 and words[first - 1].islower():
            first -= 1
        return "".join(f"{word} " for word in words[first:-1])

    @property
    def surname_first(self) -> bool:
        """Whether the family name may stand first: three words or a hyphen in the given name (Kim Jong Un, Park Geun-hye)."""
        given = self.name.split(" ")[1:]
        return len(given) == 2 or (len(given) == 1 and re.fullmatch(r"[^\W\d_]+-[a-z][^\W\d_]+", given[0]) is not None)


class People:
    """The persons of one story. Full names are added first, in the order of the text; short forms are then looked up."""

    def __init__(self) -> None:
        self.persons: list[Person] = []
        self._by_key: dict[str, Person] = {}
        self._by_last: dict[str, list[Person]] = {}
        self._by_first: dict[str, list[Person]] = {}

    def add(self, words: Sequence[str], at: int) -> Person:
        """The person of a full name (two words or more); a new one where nobody of that name is known yet."""
        folded = [_fold(w) for w in words if w not in _SUFFIXES]
        key = "".join(folded)
        person = self._by_key.get(key) or self._same_person(folded)
        if person is None:
            person = Person(words, at)
            self.persons.append(person)
            for table, word in ((self._by_last, person.folded[-1]), (self._by_first, person.folded[0])):
                namesakes = table.setdefault(word, [])
                if len(namesakes) < MAX_NAMESAKES:
                    namesakes.append(person)
        else:
            person.last_at = at
            person.mentions += 1
            if len(folded) > len(person.folded):
                person.name, person.folded = " ".join(words), folded
        self._by_key[key] = person
        return person

    def _same_person(self, folded: list[str]) -> Person | None:
        """A known person with the same surname whose first name is the same, or its initial; a middle name more or less changes nothing."""
        if len(folded) < 2:
            return None
        for person in self._by_last.get(folded[-1], ()):
            one, other = person.folded[0], folded[0]
            if one == other and (len(folded) == 2 or len(person.folded) == 2 or folded == person.folded):
                return person
            if one and other and one[0] == other[0] and 1 in (len(one), len(other)):
                return person
            if len(folded) < len(person.folded) and person.folded[-len(folded) :] == folded:
                return person
        return None

    def find(self, words: Sequence[str], at: int) -> Person | None:
        """The person meant by a short form at a place in the text: by surname, else by family name that stands first, else by given name.

        Of several who share it: who was named in full within PARAGRAPH_REACH before; else who came first in the story."""
        folded = [_fold(w) for w in words if w not in _SUFFIXES]
        if not folded or not folded[-1]:
            return None
        if len(folded) > 1:
            return self._by_key.get("".join(folded)) or self._same_person(folded)
        word = folded[0]
        fits = list(self._by_last.get(word, ())) + [p for p in self._by_first.get(word, ()) if p.surname_first]
        if not fits:
            fits = self._by_first.get(word, [])
            if len(fits) > 1:
                return None
        if len(fits) < 2:
            return fits[0] if fits else None
        near = [p for p in fits if p.last_at <= at and at - p.last_at < PARAGRAPH_REACH and p.first_at == p.last_at]
        return max(near, key=lambda p: p.last_at) if near else min(fits, key=lambda p: p.first_at)


def initials(name: str) -> set[str]:
    """The acronyms that a name of several words may have: the first letters of its capitalised words, and of all its words."""
    words = [w for w in _GAPS.split(name) if w]
    if len(words) < 2:
        return set()
    return {"".join(w[0] for w in words if w[0].isupper()), "".join(w[0] for w in words).upper()}
