"""Capitalised words and the runs they stand in: where names may be."""

import functools
import re
from collections.abc import Sequence
from typing import NamedTuple

from transforms.text.lexicons import word_list

_ABBREVIATIONS = frozenset(
    "Mr Mrs Ms Dr Sen Rep Gov Gen Lt Col Capt Sgt Maj Adm Brig Cpl Pvt Cmdr Prof Rev St Mt Ft Jr Sr Inc Corp Co Cos Ltd".split()
)
"""Short forms whose full stop belongs to them and does not end a sentence."""

_ARTICLES = frozenset(("al-", "el-", "ul-", "ad-", "ar-", "as-", "an-", "at-"))
"""Arabic articles: in lower case before a capital they belong to the name (al-Assad)."""

MAX_WORDS = 12
"""A longer run of capitalised words is a headline or a table, not a name."""


class Word(NamedTuple):
    """One capitalised word: `text[start:end] == text_of_it`, possessive 's left out."""

    start: int
    end: int
    text: str


class Run(NamedTuple):
    """Capitalised words with one space between them, and whether the run opens a sentence."""

    words: list[Word]
    opens: bool


@functools.cache
def upper_class() -> str:
    """All capital letters of the Basic Multilingual Plane as the inside of a regular expression's character class."""
    parts: list[tuple[int, int]] = []
    for code in range(0x41, 0x10000):
        if chr(code).isupper():
            if parts and parts[-1][1] == code - 1:
                parts[-1] = (parts[-1][0], code)
            else:
                parts.append((code, code))
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in parts)


@functools.cache
def _run_pattern() -> re.Pattern[str]:
    """Begins with the set of capitals, which lets the engine skip everything else quickly; the look behind comes after it."""
    upper = upper_class()
    # Hyphens, ampersands and inner apostrophes join (AT&T, Yu-hwan), a possessive does not; full stops join single letters (U.S.).
    rest = rf"\w*(?:(?:[-&]|['’](?![sS](?!\w)))\w+)*(?:\.[{upper}](?!\w))*\.?"
    return re.compile(rf"[{upper}](?<!\w.){rest}(?:[ \u00a0](?:(?:al|el|ul|ad|ar|as|an|at)-)?[{upper}]{rest})*")


_SENTENCE_BREAK = frozenset(".!?:;\n\"“”„«»'‘’([—–-•*|/`")
"""A capital after one of these (white space aside) says nothing: a sentence or an item begins."""


def capital_runs(text: str) -> list[Run]:
    """Runs of capitalised words in a text, in order; a run of more than MAX_WORDS is left out.

    An adjective's tail ends a run: of 'Seoul-based' the word is 'Seoul'."""
    runs: list[Run] = []
    for match in _run_pattern().finditer(text):
        start = match.start()
        pieces = match[0].replace("\u00a0", " ").split(" ")
        if len(pieces) > MAX_WORDS:
            continue
        if text[start - 3 : start] in _ARTICLES and not text[start - 4 : start - 3].isalnum():
            pieces[0] = text[start - 3 : start] + pieces[0]
            start -= 3
        before = start - 1
        while before >= 0 and text[before] == " ":
            before -= 1
        _split(pieces, start, before < 0 or text[before] in _SENTENCE_BREAK, runs)
    return runs


def _split(pieces: list[str], at: int, opens: bool, runs: list[Run]) -> None:
    """Adds the words of one match to `runs`: a full stop that is no abbreviation's, or an adjective's tail, ends a run."""
    tails = word_list("hyphen_tails.txt")
    words: list[Word] = []
    for piece in pieces:
        word, ends, begins = piece, False, False
        if piece[-1] == "." and not (len(piece) == 2 or piece[:-1] in _ABBREVIATIONS or "." in piece[:-1]):
            word, ends, begins = piece[:-1], True, True
        if "-" in word:
            head, _, tail = word.rpartition("-")
            if tail in tails or (len(tail) > 3 and tail.endswith("ed")):
                if words:
                    runs.append(Run(words, opens))
                    words, opens = [], False
                word, ends = head, True
        words.append(Word(at, at + len(word), word))
        at += len(piece) + 1
        if ends:
            runs.append(Run(words, opens))
            words, opens = [], begins
    if words:
        runs.append(Run(words, opens))


_ENGLISH = tuple(f" {word} " for word in ("the", "of", "and", "to", "said", "from", "with", "that", "its"))
ENGLISH_SHARE = 0.03
"""Share of the words of `_ENGLISH` above which a text is English: news copy has 15 to 25 %, other languages under 1 %."""
SAMPLE = 3000
"""Characters of a text that are read to tell whether it is English."""
LEAST_WORDS = 12
"""Words below which a text is too short to tell its language."""
NOUN_SHARE, NOUN_WORDS = 0.15, 20
"""Share of runs of capitalised words inside sentences from which nouns have capitals, in a text of so many words at least: English news
copy has 6 to 12 %, German 18 to 30 %. Copy full of names passes it too, which is why a text must not be English either."""


def is_english(text: str) -> bool:
    """Whether a text may be English, by its small words (words are counted by the blanks between them); a text too short to tell is taken
    for English."""
    text = text[:SAMPLE]
    words = text.count(" ")
    if words < LEAST_WORDS:
        return True
    least, found = ENGLISH_SHARE * words, 0
    for word in _ENGLISH:
        found += text.count(word)
        if found >= least:
            return True
    return False


def nouns_capitalised(text: str, runs: Sequence[Run]) -> bool:
    """Whether a text writes its nouns with capitals as German does, so that a capital is no sign of a name. runs: `capital_runs(text)`."""
    words = text.count(" ")
    if words < NOUN_WORDS or len(runs) < NOUN_SHARE * words:
        return False
    return sum(not run.opens for run in runs) >= NOUN_SHARE * words and not is_english(text)
