"""Whom a description means that names nobody: `the president`, `the Oslo professor`, `the 45-year-old`, `the Democrat`, `the ministry`."""

import bisect
import functools
import re

from transforms.text.lexicons import grammar, read_rows, titles
from transforms.text.roles import is_role_noun
from transforms.text.speaker_cast import Cast, noun_gender
from transforms.text.speaker_phrases import PARTIES, head_words, is_person_noun
from transforms.text.speaker_pronouns import Pronouns

_WORD = re.compile(r"[^\W_](?:[\w.&]|[-’'](?=\w))*")
_AGE = re.compile(r"(\d{1,3})-year-old$")
_AGE_AFTER = re.compile(r"(?:,| \()\s?(\d{1,3})[,.)]")
_CONTEXT = 40
"""Characters before a name in which its title and whose it is stand."""
_REACH = 1500
"""Characters, about six wire paragraphs, in which 'the company' means the organisation last named, 'the nurse' one called 'a nurse'."""
_NEAR = 500
"""Characters, about two wire paragraphs, in which a description most often means who was named."""
_MOST_WORDS = 6
"""Words of a description that can mean somebody named before; a longer one brings in somebody new."""


@functools.cache
def _kinds() -> dict[str, frozenset[str]]:
    return {noun: frozenset((noun, *words.split(" "))) for noun, words in read_rows("role_kinds.tsv")}


@functools.cache
def _ranks() -> frozenset[str]:
    """Words in lower case that make one title another: `Prime`, `Foreign`, `Vice`."""
    return frozenset(word for title in titles() for word in title.lower().split(" ")[:-1]) - {"of"} | {"former"}


def _is_owned(words: list[str]) -> bool:
    """Whether a description says whose somebody is: `Ana Roe's lawyer`."""
    return any(word.endswith(("'s", "’s")) for word in words[:-1])


class Descriptions:
    """Resolves the descriptions of one body."""

    def __init__(self, cast: Cast, pronouns: Pronouns) -> None:
        self.cast, self.pronouns = cast, pronouns
        self._parties: dict[tuple[str, str], bool] = {}
        self._roles: dict[str, tuple[set[str], set[str]]] = {}

    def resolve(self, start: int, end: int) -> str | None:
        """The person or organisation that the description at a place means, by its canonical name; None where it is nobody's who is
        named, one of several, or somebody new (`a witness`, `his lawyer`, `officials`). Pronouns after it mean the same."""
        words = _WORD.findall(self.cast.body, start, end)
        phrase = head_words(words[1:])
        if not phrase or words[len(phrase) + 1 :][:1] == ["and"]:
            return None
        head, opener = phrase[-1].lower(), words[0].lower()
        found = self._definite(start, head, phrase) if opener == "the" and len(phrase) <= _MOST_WORDS else None
        if found in self.cast.by_name:
            self.cast.add(start, found)
        elif found is None and is_person_noun(head) and (opener in grammar("one_person") or _is_owned(words)):
            self.cast.add(start, None, noun_gender(head))
        return found

    def _definite(self, start: int, head: str, phrase: list[str]) -> str | None:
        """Whom 'the' with these words means."""
        age = _AGE.match(head)
        if age is not None:
            return self._aged(age[1])
        if head in PARTIES:
            return self._of_party(start, head, phrase)
        if head in grammar("body_noun"):
            return self._body(start, head)
        if is_role_noun(head) or head in _kinds() or head in grammar("epithet"):
            return self._in_role(start, head, phrase)
        return None

    def _aged(self, age: str) -> str | None:
        """The person whose age the story says, if it is one's alone."""
        found = self._ages.get(age, set())
        return next(iter(found)) if len(found) == 1 else None

    @functools.cached_property
    def _ages(self) -> dict[str, set[str]]:
        """Age -> the persons of whom the story says it: `Roe, 45,`."""
        out: dict[str, set[str]] = {}
        for entity in self.cast.entities:
            age = _AGE_AFTER.match(self.cast.body, entity["span_end"]) if entity["type"] == "PER" else None
            if age is not None:
                out.setdefault(age[1], set()).add(str(entity["canonical"]))
        return out

    def _of_party(self, at: int, head: str, phrase: list[str]) -> str | None:
        """A person whose party the story says: whom a pronoun here would mean, else the last one named before. Whom a pronoun would mean,
        too, where the last one is not said to be of that state (`the Ohio Republican`)."""
        cast = self.cast
        meant = self.pronouns.person(at, "")
        if meant is not None and self._has_party(meant, head):
            return meant
        for index in range(bisect.bisect_left(cast.starts, at) - 1, -1, -1):
            entity = cast.entities[index]
            name = str(entity["canonical"])
            if entity["span_start"] < at - _REACH:
                break
            if entity["type"] == "PER" and not cast.sentences.quoted(entity["span_start"]) and self._has_party(name, head):
                around = [cast.body[max(0, s - _CONTEXT) : s + _CONTEXT] for s in (cast.starts[each] for each in cast.by_name[name])]
                fits = all(any(word in text for text in around) for word in phrase[:-1] if word[0].isupper())
                return name if fits or meant is None else meant
        return None

    def _has_party(self, name: str, head: str) -> bool:
        known = self._parties.get((name, head))
        if known is None:
            known = self._parties[name, head] = self._said_of_party(name, head)
        return known

    def _said_of_party(self, name: str, head: str) -> bool:
        """Whether the story says that a person is of a party, by its letter, in the role or before the name."""
        body, letter = self.cast.body, PARTIES[head]
        for index in self.cast.by_name[name]:
            entity = self.cast.entities[index]
            if body.startswith((f" ({letter})", f" ({letter}-", f", {letter}-"), entity["span_end"]):
                return True
            before = body[max(0, entity["span_start"] - _CONTEXT) : entity["span_start"]]
            if head in (entity["role"] or "").lower() or head in before.lower():
                return True
        return False

    def _in_role(self, at: int, head: str, phrase: list[str]) -> str | None:
        """The person of a role: the one whom most of the words fit, of several whom a pronoun here would mean, else the last one named
        before. Whom a pronoun would mean, if the story says no role of that person, where it says nobody's so, or one's who is far away
        or not of that country or party. An epithet (`the billionaire`) is always such a pronoun."""
        cast = self.cast
        meant = self.pronouns.person(at, noun_gender(head))
        if head in grammar("epithet"):
            return meant
        best: tuple[int, bool, int] | None = None
        found: str | None = None
        modifiers = [word.lower() for word in phrase[:-1]]
        for name, indices in cast.by_name.items():
            fit = self._fit(name, indices, head, modifiers)
            if fit is not None:
                last = bisect.bisect_left(indices, bisect.bisect_left(cast.starts, at)) - 1
                near = cast.starts[indices[last]] if last >= 0 else -1
                if best is None or (fit, name == meant, near) > best:
                    best, found = (fit, name == meant, near), name
        if meant is None or found == meant or head in grammar("unnamed"):
            return found
        if self._is_stranger(at, head):
            return found
        if found is None:
            taken = any(head in heads for _, heads in self._roles.values()) and "former" not in modifiers
            return None if head in grammar("office") and (taken or self._roles[meant][1]) else meant
        strange = any(word[0].isupper() and word.lower() not in self._roles[found][0] for word in phrase[:-1])
        far = best is not None and best[2] < at - _NEAR
        return meant if (strange or far) and head not in grammar("office") and not self._roles[meant][1] else found

    def _said_of(self, indices: list[int]) -> tuple[set[str], set[str]]:
        """The words of a person's roles and before the names that have them, and those of the roles' heads."""
        cast = self.cast
        said: set[str] = set()
        heads: set[str] = set()
        for index in indices:
            role = cast.entities[index]["role"]
            if role:
                start = cast.entities[index]["span_start"]
                words = _WORD.findall(role.lower())
                said.update(words)
                said.update(_WORD.findall(cast.body[max(0, start - _CONTEXT) : start].lower()))
                heads.update(head_words(words))
        return said, heads

    def _fit(self, name: str, indices: list[int], head: str, modifiers: list[str]) -> int | None:
        """How many words of a description fit a person, less those that its role has more of; None where the role is another."""
        known = self._roles.get(name)
        if known is None:
            known = self._roles[name] = self._said_of(indices)
        said, heads = known
        wanted = _kinds().get(head) or frozenset((head,))
        if wanted.isdisjoint(heads) or not _ranks().intersection(modifiers) <= said:
            return None
        gender = noun_gender(head)
        if gender and self.cast.gender(name) not in ("", gender):
            return None
        return sum(word in said for word in modifiers) - len((heads & _ranks()).difference(modifiers))

    def _is_stranger(self, at: int, head: str) -> bool:
        """Whether the story brought in somebody of that noun without a name: `a nurse`."""
        return (
            re.search(
                rf"\b(?<!, )(?:[Aa]n?|[Oo]ne|[Aa]nother)\s+(?:[\w.-]+\s+){{0,4}}{re.escape(head)}\b",
                self.cast.body[max(0, at - _REACH) : at],
            )
            is not None
        )

    def _body(self, at: int, head: str) -> str | None:
        """The organisation before a place that has the noun in its name; of nouns that are in few names, the last one."""
        cast = self.cast
        last: str | None = None
        for index in range(bisect.bisect_left(cast.starts, at) - 1, -1, -1):
            entity = cast.entities[index]
            if entity["span_start"] < at - _REACH:
                break
            if entity["type"] != "ORG" or cast.sentences.quoted(entity["span_start"]):
                continue
            name = str(entity["canonical"])
            if head in name.lower().split(" "):
                return name
            if last is None and entity["span_start"] > at - _NEAR and not cast.is_told(index):
                last = name
        return last if head in grammar("any_body") else None
