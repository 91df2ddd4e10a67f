"""What one word may be in a clause: a set of bits, looked up once for every different word."""

import functools
import re
from typing import NamedTuple

from transforms.text.lexicons import foreign_cues, grammar, pronouns, read_rows

PRONOUN, ADVERB, FINITE, TIME, DETERMINER, PREPOSITION, BREAK, CUE = (1 << n for n in range(8))
WORD, CAPITAL, MARK, STOP, OBJECT, COLLECTIVE, PAST, JOINER, VERB, SHORT = (1 << n for n in range(8, 18))
"""PRONOUN: one that can be a subject. ADVERB: may stand between a subject and its verb (auxiliaries too). FINITE: a verb form that has a
subject. TIME: a weekday or the like. BREAK: ends a noun phrase to its left. CUE: a form of a verb of speech. WORD: begins with a letter or
figure. MARK: a quotation mark. STOP: a mark that may end a sentence. OBJECT: a pronoun or noun to whom somebody speaks. COLLECTIVE: a plain
noun for people or papers that speak. PAST: looks like a past tense. JOINER: stands before a participle that goes on with a sentence.
VERB: a common verb by its form. SHORT: ends with the full stop of a short form."""

_SETS = {
    "clause_adverb": ADVERB,
    "clause_finite": FINITE,
    "clause_time": TIME,
    "clause_determiner": DETERMINER,
    "clause_preposition": PREPOSITION,
    "clause_break": BREAK,
    "clause_addressee": OBJECT,
    "clause_collective": COLLECTIVE,
    "clause_joiner": JOINER,
    "clause_verb": VERB,
}
_CONTRACTED = ("'s", "'d", "'ll", "'re", "'ve", "'m")
_NAMES_TOO = frozenset(("will", "may", "mark", "might"))
"""Verbs that are names when they are capitalised."""
_MARKS = frozenset(("\"", "“", "”", "„", "‟", "«", "»", "''", "``", "‘", "’", "‚", "‛", "‹", "›", "'"))  # fmt: skip
_NEGATED = re.compile(r"\w+n't")
_PAST = re.compile(r"[a-z]+ed")
_REMEMBERED = 1 << 16


class Cue(NamedTuple):
    """A verb of speech as the lexicon has it: its base form, its class and whether this form of it may also be a noun."""

    verb: str
    kind: str
    is_noun: bool


@functools.cache
def cues() -> dict[str, Cue]:
    """Form of an English verb of speech -> what it is. The classes are explained in `data/speech_cues.tsv`."""
    found: dict[str, Cue] = {}
    for row in read_rows("speech_cues.tsv"):
        if row[2] == "en":
            nouns = row[4].split() if len(row) > 4 else []
            found.update((form, Cue(row[0], row[3], form in nouns)) for form in row[1].split())
    return found


@functools.cache
def _known(english: bool) -> dict[str, int]:
    return _english() if english else _foreign()


def _english() -> dict[str, int]:
    known: dict[str, int] = {}
    for name, bit in _SETS.items():
        for word in grammar(name):
            known[word] = known.get(word, 0) | bit
    for word in pronouns(True):
        known[word] = known.get(word, 0) | PRONOUN
        for ending in _CONTRACTED:
            known[word + ending] = PRONOUN | FINITE
    for word in (*cues(), "according"):
        known[word] = known.get(word, 0) | CUE
    return known


def _foreign() -> dict[str, int]:
    """The words of languages other than English, of which direct speech alone is looked for; English verbs count as well."""
    known = dict.fromkeys((*cues(), *foreign_cues()), CUE)
    known.update(dict.fromkeys(grammar("foreign_auxiliary"), ADVERB))
    for word in pronouns(False):
        known[word] = known.get(word, 0) | PRONOUN
    known.update(dict.fromkeys(grammar("foreign_article"), DETERMINER))
    return known


class _Looks(dict[str, tuple[str, int]]):
    """Token as it stands in a text -> itself in lower case with straight apostrophes, and its bits. Filled as tokens are asked for."""

    def __init__(self, english: bool) -> None:
        self._english = english

    def __missing__(self, word: str) -> tuple[str, int]:
        if len(self) > _REMEMBERED:
            self.clear()
        low = word.lower().replace("’", "'")
        look = self[word] = low, _bits(word, low, self._english)
        return look


@functools.cache
def looks(english: bool) -> _Looks:
    """What tokens are in a clause of English, or of other languages."""
    return _Looks(english)


def _bits(word: str, low: str, english: bool) -> int:
    if word in _MARKS:
        return MARK
    found = _known(english).get(low, 0)
    first = word[0]
    if word[-1] == "." and len(word) > 2:
        found |= SHORT
    if not first.isalnum():
        return found | STOP if first in ".!?…" else found
    found |= WORD
    if first.isupper():
        found |= CAPITAL
        if low in _NAMES_TOO:
            found &= ~(FINITE | ADVERB)
    if not english:
        return found
    if low.endswith("ly") and len(low) > 4:
        found |= ADVERB
    if _NEGATED.fullmatch(low):
        found |= FINITE | ADVERB
    if _PAST.fullmatch(word):
        found |= PAST
    return found
