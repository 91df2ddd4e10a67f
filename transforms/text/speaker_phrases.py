"""What a noun phrase that names a speaker is made of: whose name is its head, and the words that only say more of them."""

import bisect
import functools
import re

from schemas import Row
from transforms.text.lexicons import grammar, titles
from transforms.text.roles import is_role_noun, role_ahead
from transforms.text.speaker_cast import Cast, is_owner, noun_gender

_WORD = re.compile(r"[^\W_](?:[\w]|[-’'](?=\w))*")
_FOR = re.compile(r"\b(?:for|of|to|by|with|at|from|in)\s+(?:the\s+|a\s+)?$")
_HEAD_END = re.compile(r"[,(;:—–\n\"“”]|\s-\s|\s(?:who|which|whose|whom|that|when|while|where)\s")
"""Where the head of a noun phrase ends and what says more of it begins."""
_NEXT = re.compile(r"\s+([^\W_][\w.’'-]*)")
_SUFFIXES = frozenset(("Jr", "Jr.", "Sr", "Sr.", "II", "III", "IV"))
_SEVERAL = re.compile(r"(?:\s*,)?\s+(?:and|or|nor)\s+\w")
_ANOTHER = re.compile(r",\s[^,\n\"“”]{2,120},\s+and\s+(?=[^\W\d_a-z])")
"""An apposition before another speaker: `Roe, the chancellor, and Poe`."""
_BOTH = frozenset(("both", "neither", "either", "some", "many", "several", "most", "other", "few"))
"""First words of a phrase that means several speakers."""
_AGE = re.compile(r",\s+(?:aged\s+)?\d{1,3}(?=[,.])")
_BRACKETED = re.compile(r"\s\([^()\s,]{1,16}(?:\)|$)")
"""A word in brackets, also where they are not closed in what is read."""
_APPOSED = re.compile(r"(?:\s\([^()\n]{1,24}\))?\s*[,—–]\s+(.+)", re.DOTALL)
_CLAUSE = re.compile(r",?(?<!\s)\s+(?:who|which|whose|whom)\s|(?<!\s)\s+[—–]")
_INTRODUCED = re.compile(r":\s*[\"“«‘']")
_PAUSE = re.compile(r"[.;]|,(?!\s*(?:[\"“«‘]|''|``))|\s*$|\s*\n|\s+(?:on|in|at|during|after|by|last|this|earlier|later|yesterday|today)\s")
"""What follows a verb of speech where nothing that is said follows."""
PARTIES = {"democrat": "D", "republican": "R"}
"""Members of a party -> its letter after a name (`Roe (D-Ohio)`)."""
_NAME_REACH = 500
"""Characters after the start of a noun phrase in which a name can be its head."""
_APPOSITION_REACH = 130
"""Characters after the start of a description in which the name that it goes with begins."""


@functools.cache
def _foreign_for() -> re.Pattern[str]:
    """The same where the text is not English; a name's own particle (Ursula von der Leyen) stands inside it."""
    return re.compile(rf"\b(?:{'|'.join(sorted(grammar('foreign_of')))}|for|to|by|with|at|from|in)\s+(?:la\s+|l['’])?$")


def head_words(words: list[str]) -> list[str]:
    """The words of a role or a description up to what it is of: `prime minister` of `prime minister of the island`."""
    end = next((at for at, word in enumerate(words) if at and word in grammar("after_head")), len(words))
    return words[:end]


def head_noun(words: list[str]) -> str:
    """The noun of a description, in lower case: `director` of `the former director of the institute`."""
    return head_words(words)[-1].lower() if words else ""


def is_person_noun(word: str) -> bool:
    """Whether a noun in lower case is a person's."""
    return is_role_noun(word) or bool(noun_gender(word)) or word in grammar("person_noun")


def _singular(word: str) -> str:
    return f"{word[:-3]}y" if word.endswith("ies") else word.removesuffix("s")


class Phrases:
    """The noun phrases of one body."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.body, self.entities, self.english = cast, cast.body, cast.entities, cast.english

    def named(self, start: int, end: int) -> int | None:
        """The entity that a noun phrase names, its head: no owner or employer of whom it describes, and none of several; of other languages
        than English a person wherever it stands."""
        owned_by = _FOR if self.english else _foreign_for()
        stop = _HEAD_END.search(self.body, start, end) if self.english else None
        stop_at = stop.start() if stop is not None else end
        high = bisect.bisect_left(self.cast.starts, min(stop_at, start + _NAME_REACH))
        fallback: int | None = None
        for index in range(bisect.bisect_left(self.cast.starts, start), high):
            entity = self.entities[index]
            close = entity["span_end"]
            owner = is_owner(self.body, close) and close + 2 < end
            if owner or owned_by.search(self.body, start, entity["span_start"]) is not None:
                continue
            if self.english and (self._several(start, index, end) or self._governed(start, index)):
                return None
            if entity["type"] == "PER" and not (self.english and self._qualifies(entity, stop_at)):
                return index
            if entity["text"].lower() in PARTIES:
                continue
            if fallback is None and entity["type"] not in ("PER", "MISC") and not self._describes(entity, end):
                fallback = index
        return fallback

    def _several(self, start: int, index: int, end: int) -> bool:
        """Whether the phrase names others beside an entity: `Roe and Poe`, `both Roe and his aides`, `Roe, Poe and Tarn`."""
        if self.body[start : start + 8].split(" ")[0].lower() in _BOTH:
            return True
        while True:
            close = self.entities[index]["span_end"]
            if _SEVERAL.match(self.body, close, end) is not None:
                return True
            another = _ANOTHER.match(self.body, close, end)
            if another is not None and self.cast.person_between(another.end(), min(end, another.end() + _LONGEST_TITLE)):
                return True
            index += 1
            if close + 2 >= end or self.body[close : close + 2] != ", " or not self._is_next(index, close + 2):
                return False

    def _is_next(self, index: int, at: int) -> bool:
        """Whether an entity begins at a place."""
        return index < len(self.entities) and bool(self.entities[index]["span_start"] == at)

    def _governed(self, start: int, index: int) -> bool:
        """Whether a preposition governs a name (`a report of the aide Ana Roe`); none of a title does (`Secretary of State Roe`), nor one
        whose own name goes before (`the head of the Tarnby Institute Ana Roe`)."""
        at = self.entities[index]["span_start"]
        before = self.entities[index - 1] if index else None
        words = _WORD.findall(self.body, start, at)
        for position in range(1, len(words)):
            if words[position] in grammar("after_head") and words[position] != "and":
                if words[position - 1][0].isupper() and words[min(position + 1, len(words) - 1)][0].isupper():
                    continue
                own = (
                    before is not None
                    and before["span_start"] > start
                    and before["type"] in ("ORG", "LOC")
                    and before["span_end"] == at - 1
                )
                if not (own and is_person_noun(words[position - 1])):
                    return True
        return False

    def _qualifies(self, entity: Row, end: int) -> bool:
        """Whether a person's name only says whose the noun after it is: 'Roe campaign', 'Roe spokesman Boris Poe'."""
        match = _NEXT.match(self.body, entity["span_end"], end)
        if match is None or match[1] in _SUFFIXES:
            return False
        word = match[1]
        if word[0].isupper():
            return self.cast.person_between(match.start(1), end)
        return word in grammar("of_person") or is_person_noun(word) or is_person_noun(_singular(word))

    def _describes(self, entity: Row, end: int) -> bool:
        """Whether a name only qualifies the noun after it: 'Interior Ministry spokesman', 'Russian officials'; not the acronym in brackets
        after it."""
        bracket = _BRACKETED.match(self.body, entity["span_end"], end)
        rest = self.body[bracket.end() if bracket is not None else entity["span_end"] : end].split(",")[0]
        return bool(_WORD.search(rest))

    def in_apposition(self, start: int, end: int) -> int | None:
        """The person whose name follows the description that begins at `start`: `said the school's founder, Ana Roa`."""
        for index in range(bisect.bisect_left(self.cast.starts, start), len(self.entities)):
            entity = self.entities[index]
            at = entity["span_start"]
            if at > start + _APPOSITION_REACH:
                return None
            if entity["type"] != "PER" or is_owner(self.body, entity["span_end"]):
                continue
            comma = self.body.find(",", start, at)
            if not self.english:
                return index if comma == at - 2 and "\n" not in self.body[start:at] else None
            ahead = role_ahead(self.body, at, entity["span_end"])
            if ahead is not None and ahead[0] == start:
                return index
            if comma < 0 or entity["span_end"] > end:
                return None
            described = is_person_noun(head_noun(_WORD.findall(self.body, start, comma)))
            return index if described and (comma == at - 2 or self._has_own_role(comma + 1, at)) else None
        return None

    def ending(self, start: int, end: int) -> int | None:
        """The entity that ends a mention which took in what goes before the speaker: `in a statement, Ana Roe`. None where what goes before
        is a speaker itself: `a woman in Tarnby, Norway`."""
        index = bisect.bisect_left(self.cast.starts, end) - 1
        if index < 0 or not self.english:
            return None
        entity = self.entities[index]
        comma = self.body.rfind(",", start, entity["span_start"])
        if entity["span_end"] != end or entity["type"] == "MISC" or comma < 0:
            return None
        title = _WORD.findall(self.body, comma, entity["span_start"])
        if len(title) > _MOST_ROLE_WORDS or not all(word[0].isupper() or is_person_noun(word) for word in title):
            return None
        stop = _HEAD_END.search(self.body, start, end)
        head = head_noun(_WORD.findall(self.body, start, stop.start() if stop is not None else end))
        return None if is_person_noun(head) or is_person_noun(_singular(head)) or head in grammar("body_noun") else index

    def _has_own_role(self, start: int, at: int) -> bool:
        """Whether what stands between a comma and a name says who that is: `another man, his cousin Boris Poe`, `the minister, Mr. Poe`."""
        words = _WORD.findall(self.body, start, at)
        if not 0 < len(words) <= _MOST_ROLE_WORDS:
            return False
        return is_person_noun(words[-1].lower()) or words[-1] in titles() or f"{words[-1]}." in titles()

    def affiliation(self, index: int, end: int) -> str | None:
        """What the story says of a person at a mention that ends at `end`: its role; where none is known or it is cut short at an
        abbreviation, the apposition that the mention itself has."""
        entity = self.entities[index]
        role: str | None = entity["role"]
        age = _AGE.match(self.body, entity["span_end"], end)
        match = _APPOSED.match(self.body, age.end() if age is not None else entity["span_end"], end)
        if match is None or not self.english:
            return role
        apposed = _CLAUSE.split(" " + match[1], maxsplit=1)[0].strip(" ,")
        first = apposed.partition(" ")[0]
        if role is not None:
            return apposed if apposed.startswith(f"{role}.") else role
        words = _WORD.findall(apposed)
        known = first in grammar("one_person") or first == "then" or any(map(is_role_noun, words[:4]))
        return apposed if known and first not in grammar("not_apposition") - grammar("one_person") and len(words) > 1 else None

    def addressee(self, cue: tuple[int, int] | None) -> str | None:
        """The person whose name follows the verb of speech: `he told Roe`, `he told President Roe`."""
        if cue is None:
            return None
        index = bisect.bisect_left(self.cast.starts, cue[1])
        if index == len(self.entities) or self.entities[index]["type"] != "PER" or self.cast.starts[index] - cue[1] > _LONGEST_TITLE:
            return None
        between = self.body[cue[1] : self.entities[index]["span_start"]].split()
        return str(self.entities[index]["canonical"]) if all(word[0].isupper() for word in between) else None

    def ends_speech(self, start: int, cue: tuple[int, int] | None) -> bool:
        """Whether a speaker and the verb of speech stand after what is said or amid it: `Roe will lose, he said.`; not in front of it:
        `When Roe lost, he said it was over`, `After that, he said: "..."`; nor after a quotation that a colon leads in already."""
        before = self.body[max(0, start - 4) : start].rstrip()
        if cue is None or cue[0] < start or not before:
            return False
        if before[-1] in "\"”’'»":
            first = self.cast.sentence_starts[self.cast.sentence(start) - 1]
            return _INTRODUCED.search(self.body, first, start) is None
        return before[-1] == "," and _PAUSE.match(self.body, cue[1]) is not None

    def described_end(self, start: int, end: int) -> int:
        """Where a description ends: before a comma, a list of speakers apart, and before a clause."""
        if not self.english:
            cut = self.body.find(",", start, end)
            return cut if cut > start else end
        for match in _HEAD_END.finditer(self.body, start + 1, end):
            if match[0] == "," and _ANOTHER.match(self.body, match.start(), end) is not None:
                return end
            if match[0] != "," or " and " not in self.body[match.end() : end] or self._is_clause(match.end(), end):
                return start + len(self.body[start : match.start()].rstrip())
        return end

    def _is_clause(self, start: int, end: int) -> bool:
        """Whether what follows a comma says more of a description, and is no further item of a list."""
        words = _WORD.findall(self.body, start, end)
        return bool(words) and (words[0] in grammar("one_person") or words[0] in grammar("not_apposition") or len(words) > _LONGEST_LIST)


_MOST_ROLE_WORDS = 4
"""Words of a role that stands before a name in apposition."""
_LONGEST_TITLE = 40
"""Characters between a verb of speech and the name of who is told."""
_LONGEST_LIST = 10
"""Words after a comma that are the rest of a list of speakers."""
