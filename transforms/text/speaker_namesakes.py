"""Whether a surname alone says who speaks, where a story names two who bear it."""

import functools

from schemas import Row
from transforms.text.canonical import Person
from transforms.text.gazetteer import countries_by_name, people_names, regions_by_name
from transforms.text.lexicons import english_words, known_names
from transforms.text.name_forms import parts_of, same_given
from transforms.text.persons import is_kin
from transforms.text.speaker_cast import Cast

_MENTIONS_READ = 6
"""Mentions of one person that are read for a role."""


class Namesakes:
    """The persons of one body who share a surname."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self._others: dict[str, list[str]] = {}

    def meant(self, index: int) -> str | None:
        """Whom the mention of a person means, by the canonical name; None where that is not certain. A surname alone means the person to
        whom it was given where nobody else in the story bears it, others are brought in as relatives or come after the story has called
        that person so, or a title tells them apart."""
        entity = self.cast.entities[index]
        name = str(entity["canonical"])
        core = parts_of(entity["text"].split()).core
        if len(core) > 1 or core != [_names(name)[1]]:
            return name
        others = [other for other in self._bearers(name) if not self._is_relative(other)]
        if len(others) == 1 and not _names(name)[0]:
            return others[0]
        return name if not others or self._is_certain(entity, name, others) else None

    def _is_certain(self, entity: Row, name: str, others: list[str]) -> bool:
        if self._is_called_so(name, min(map(self._introduced, others))):
            return True
        gender = self.cast.title_gender(entity["span_start"])
        if gender:
            return all(self.cast.gender(other) not in ("", gender) for other in others)
        role = entity["role"]
        return role is not None and self._has_role(name, role) and not any(self._has_role(other, role) for other in others)

    def _bearers(self, name: str) -> list[str]:
        """The others in the story who have the surname of a person."""
        known = self._others.get(name)
        if known is None:
            given, surname = _names(name)
            known = self._others[name] = [
                other
                for other, (first, last) in ((other, _names(other)) for other in self.cast.by_name)
                if first and last == surname and not same_given(given, first)
            ]
        return known

    def _is_called_so(self, name: str, before: int) -> bool:
        """Whether the story calls a person by the surname alone between the full name and a place."""
        after = self._introduced(name)
        return any(after < self.cast.starts[index] < before and not self._is_full(index) for index in self.cast.by_name[name])

    def _introduced(self, name: str) -> int:
        """Where a person is first named in full."""
        return next((self.cast.starts[index] for index in self.cast.by_name[name] if self._is_full(index)), len(self.cast.body))

    def _is_relative(self, name: str) -> bool:
        entity = self.cast.entities[self.cast.by_name[name][0]]
        return is_kin(self.cast.body, entity["span_start"], entity["span_end"])

    def _has_role(self, name: str, role: str) -> bool:
        mentions = self.cast.by_name[name][:_MENTIONS_READ]
        return any(self.cast.entities[index]["role"] == role and self._is_full(index) for index in mentions)

    def _is_full(self, index: int) -> bool:
        return len(parts_of(self.cast.entities[index]["text"].split()).core) > 1


@functools.lru_cache(4096)
def _names(name: str) -> tuple[str, str]:
    """The folded given name and surname of a full name; the first is empty where a word only stands before a surname at the start of a
    sentence or headline (`Interestingly Roe`), both are for a name of one word."""
    words = name.split()
    person = Person(words, 0)
    if len(person.core) == 1:
        return "", ""
    given, surname = (person.core[-1], person.core[0]) if person.surname_first else (person.core[0], person.core[-1])
    return "" if _is_no_given_name(words[0].rstrip(",.")) else given, surname


def _is_no_given_name(word: str) -> bool:
    low = word.lower()
    if "g" in people_names().get(low, ""):
        return False
    common = low in english_words() or low.endswith("ly")
    return common or word in known_names() or word in regions_by_name() or word in countries_by_name()
