"""Forms of names compared: accents, hyphens, initials, particles, suffixes, nicknames and spellings that mean the same person."""

import functools
import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from transforms.text.gazetteer import genders
from transforms.text.lexicons import read_rows, word_list

SUFFIXES = frozenset(("jr", "sr", "ii", "iii", "iv"))
_NOT_LETTERS = re.compile(r"[\W_]+")
_POSSESSIVE = re.compile(r"['’]s$")
_ARTICLE = re.compile(r"^(?:al|el|ad|an|ar|as|ash|at|az)[-‐‑–’'](?=\w{3})", re.IGNORECASE)
"""The Arabic article before a name, which half of the wires leave out: al-Assad, as-Sisi, ash-Sharaa."""
_INITIALS = re.compile(r"(?:[^\W\d_]\.-?){2,}[^\W\d_]?")
_UNMARKED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŋ": "n"})
"""Letters that Unicode does not take apart into a plain letter and its mark."""
_ENDING = re.compile(r"(?:iy|yy|ij|yi|ii|ey|ei|ie|i)$")
_DOUBLE = re.compile(r"(.)\1+")
LEAST_LOOSE = 5
"""Letters of the shortest name whose spellings are compared loosely: Lee and Ley are two."""


@functools.lru_cache(65536)
def fold(word: str) -> str:
    """A word without case, accents and everything that is no letter or digit: `Jong-un` and `Jong Un` are made of the same letters."""
    word = word.casefold()
    if not word.isascii():
        word = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c)).translate(_UNMARKED)
    return _NOT_LETTERS.sub("", word)


@functools.lru_cache(65536)
def loose(folded: str) -> str:
    """A folded word as romanisations vary it: letters doubled or not, and all the endings of `Zelenskiy`, `Zelensky`, `Sergei` one."""
    return _DOUBLE.sub(r"\1", _ENDING.sub("y", folded))


@functools.cache
def _particles() -> frozenset[str]:
    return word_list("particles.txt")


_LEAST_SHORTENED = 3
"""Letters by which a given name is longer than its first part that stands for it: Stan for Stanislav, but not Carl for Carlos."""


NICKNAME_MARKS = frozenset("\"“'‘(")
"""Marks before a nickname that stands between given name and surname."""


class Parts(NamedTuple):
    """A person's name taken apart. `core`: its folded words, those of initials one by one, without particles and suffix."""

    core: list[str]
    particles: str
    suffix: str


def parts_of(words: Sequence[str]) -> Parts:
    """Takes the words of a person's name apart."""
    core: list[str] = []
    particles, suffix = "", ""
    for index, word in enumerate(words):
        folded = fold(word)
        if word[0] in NICKNAME_MARKS and 0 < index < len(words) - 1:
            continue
        if index and folded in SUFFIXES:
            suffix = folded
        elif index < len(words) - 1 and _is_particle(word, folded, index):
            particles += folded
        elif "." in word and _INITIALS.fullmatch(word):
            core.extend(folded)
        else:
            folded = fold(without_article(_POSSESSIVE.sub("", word)))
            if folded:
                core.append(folded)
    return Parts(core, particles, suffix)


def without_article(word: str) -> str:
    """A word without the Arabic article that is joined to it: `al-Assad`."""
    return _ARTICLE.sub("", word, count=1) if len(word) > _ARTICLE_ROOM else word


_ARTICLE_ROOM = 5
"""Characters of the shortest word that may have an article before it."""


_GIVEN = frozenset(("al", "e", "i", "y"))
"""Particles that are given names or initials where they open a name with a capital."""


def _is_particle(word: str, folded: str, index: int) -> bool:
    """Whether a word joins the parts of a name: one in lower case, or the first, if it is not rather a given name (`Al`)."""
    return folded in _particles() and (word[0].islower() or (index == 0 and folded not in _GIVEN))


@functools.cache
def _nicknames() -> dict[str, frozenset[str]]:
    return {row[0]: frozenset(row[1].split(" ")) for row in read_rows("nicknames.tsv")}


def same_given(one: str, other: str) -> bool:
    """Whether two folded given names may be one person's: the same, a spelling or nickname of it, or its initial."""
    if one == other:
        return True
    if not one or not other:
        return False
    if 1 in (len(one), len(other)):
        return one[0] == other[0]
    if min(len(one), len(other)) >= LEAST_LOOSE and loose(one) == loose(other):
        return True
    brief, whole = sorted((one, other), key=len)
    if len(brief) > 2 and len(whole) - len(brief) >= _LEAST_SHORTENED and whole.startswith(brief):
        return {genders().get(one, ""), genders().get(other, "")} != {"m", "f"}
    short, full = _nicknames().get(one, frozenset()), _nicknames().get(other, frozenset())
    return other in short or one in full or not short.isdisjoint(full)


@functools.cache
def family_first() -> frozenset[str]:
    """Folded family names of peoples who put them first: Chinese, Korean, Vietnamese, Cambodian."""
    return word_list("family_first.txt")
