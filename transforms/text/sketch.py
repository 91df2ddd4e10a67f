"""A story's sketch: what duplicate decisions read instead of its text. The plain form of the rules; `sketch_kernel` is the fast one.

Text becomes canonical tokens (case, possessives, thousands commas, units, spelling and function words folded away, see
data/fold_words.tsv), tokens become shingles of three; every token and shingle is a hash of our own with fixed constants, so that
sketches made anywhere at any time can be compared. `SKETCH_VERSION` names the rules: a change of any is another version."""

import dataclasses
import functools
import re
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from transforms.text.lexicons import read_rows

SKETCH_VERSION = 1

SHINGLE = 3
"""Tokens of a shingle, function words left out: as much as five words of running text."""

MAX_SHINGLES = 96
"""Shingles kept: the smallest hashes of a longer text, which are a fair sample of it (bottom-k sampling, Broder 1997). More of them
change no decision on the development set, and cost memory."""

KEYS = 16
"""Of these, the smallest are the keys that two stories must share one of to be compared."""

MAX_NUMBERS, MAX_HEADLINE, LEAD, MAX_NAMES = 48, 24, 20, 16
"""Most numbers, words of the headline, tokens of the lead and names that are kept."""

U32 = npt.NDArray[np.uint32]

_MASK = (1 << 64) - 1
_FNV_BASIS, _FNV_PRIME = 0xCBF29CE484222325, 0x100000001B3
"""FNV-1a, 64 bits (Fowler, Noll, Vo; public domain)."""
_MIX_A, _MIX_B = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
"""The finalizer of splitmix64 (Steele, Lea, Flood 2014; public domain)."""
_FIRST, _SECOND = 0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93
"""Odd constants that keep the places of a shingle's tokens apart."""
_YEARS = re.compile(r"(?:19|20)\d\d")
SHORT = 2
"""A point after a word this short ends no sentence: 'Mr.', 'U.S.', 'St.'."""


@dataclasses.dataclass(frozen=True)
class Sketch:
    """Sorted arrays of 32-bit hashes. `headline` has its words as even and its numbers as odd values."""

    shingles: U32
    numbers: U32
    headline: U32
    lead: U32
    names: U32


def mix64(value: int) -> int:
    """A 64-bit value scattered over all bits."""
    value = ((value ^ (value >> 30)) * _MIX_A) & _MASK
    value = ((value ^ (value >> 27)) * _MIX_B) & _MASK
    return value ^ (value >> 31)


def word_hash(word: str) -> int:
    """The 64-bit hash of a token's UTF-8 bytes."""
    value = _FNV_BASIS
    for byte in word.encode():
        value = ((value ^ byte) * _FNV_PRIME) & _MASK
    return value


@functools.cache
def folds() -> dict[int, int]:
    """Hash of every form of data/fold_words.tsv to the hash of what it is folded to; 0 where it is left out."""
    return {word_hash(row[0]): word_hash(row[1]) if len(row) > 1 and row[1] else 0 for row in read_rows("fold_words.tsv")}


# What a code point is. The kernel tells the same from UTF-8 bytes.


def is_digit(char: str) -> bool:
    """ASCII digits; those of other scripts are letters here."""
    return "0" <= char <= "9"


def is_ideograph(char: str) -> bool:
    """Kana and Chinese characters: scripts without spaces, in which each character is a token."""
    return 0x3040 <= ord(char) <= 0x9FFF or 0xF900 <= ord(char) <= 0xFAFF or 0x20000 <= ord(char) <= 0x3FFFF


def is_letter(char: str) -> bool:
    """Anything else that words are made of: ASCII letters, and what is neither punctuation nor sign in the blocks above."""
    code = ord(char)
    if code < 0x80:
        return "a" <= char <= "z" or "A" <= char <= "Z"
    if code < 0xC0 or code in (0xD7, 0xF7) or 0x2000 <= code <= 0x303F or 0xFE00 <= code <= 0xFFFF or code >= 0x1F000:
        return False
    return not is_ideograph(char)


@dataclasses.dataclass(frozen=True)
class _Token:
    hash: int
    is_number: bool = False
    is_year: bool = False
    is_name: bool = False


def tokens(folded: str, original: str) -> Iterator[_Token]:
    """The canonical tokens of a text. `original` has the same characters before folding, or is `folded` itself: then there are no names.

    A name begins with a capital and opens no sentence. A point ends none after a word of two letters ('Mr.')."""
    index, opens = 0, True
    while index < len(folded):
        char = folded[index]
        if is_digit(char):
            index, word = _number(folded, index)
            yield _Token(mix64(word_hash(word)), is_number=True, is_year=_YEARS.fullmatch(word) is not None)
            opens = False
        elif is_ideograph(char):
            index += 1
            yield _Token(mix64(word_hash(char)))
            opens = False
        elif is_letter(char):
            start = index
            index, word = _word(folded, index)
            value = word_hash(word)
            value = folds().get(value, value)
            if value:
                yield _Token(mix64(value), is_name=original[start] != folded[start] and not opens)
            opens = False
            if len(word) <= SHORT and index < len(folded) and folded[index] == ".":
                index += 1
        else:
            opens = opens or char in ".!?:\n"
            index += 1


def _number(text: str, index: int) -> tuple[int, str]:
    """A number from its first digit on: thousands commas left out, decimal points kept ('1,500.25')."""
    word = ""
    while index < len(text):
        char = text[index]
        if is_digit(char):
            word += char
        elif char in ",." and index + 1 < len(text) and is_digit(text[index + 1]):
            word += char if char == "." else ""
        else:
            break
        index += 1
    return index, word


def _word(text: str, index: int) -> tuple[int, str]:
    """A word from its first letter on: points between single letters and apostrophes are left out, a possessive 's is dropped."""
    word, since_point = "", 0

    def letter_at(position: int) -> bool:
        return position < len(text) and is_letter(text[position])

    while index < len(text):
        char = text[index]
        if is_letter(char):
            word, since_point = word + char, since_point + 1
        elif char == "." and since_point == 1 and letter_at(index + 1) and not letter_at(index + 2):
            since_point = 0
        elif char in "'’" and letter_at(index + 1):
            if text[index + 1] == "s" and not letter_at(index + 2):
                return index + 2, word
        else:
            break
        index += 1
    return index, word


def _shifting() -> str:
    """Characters whose folded form is of another length, in characters or in UTF-8."""
    planes = map(chr, (*range(0x80, 0xD800), *range(0xE000, 0x1E960)))  # no letter beyond has two cases
    folded = ((char, char.casefold()) for char in planes)
    return "".join(char for char, other in folded if len(other) != 1 or len(other.encode()) != len(char.encode()))


_SHIFTS = re.compile(f"[{_shifting()}]")
"""After one of these, a text and its folded form lie no longer side by side."""


def folded_pair(text: str) -> tuple[str, str]:
    """A text folded, and the text itself where both lie side by side character by character and byte by byte, else the folded one twice."""
    folded = text.casefold()
    return folded, text if text.isascii() or _SHIFTS.search(text) is None else folded


def sketch(headline: str, body: str) -> Sketch:
    """The sketch of a story: its headline and its cleaned body."""
    title = list(tokens(*folded_pair(headline)))
    text = list(tokens(*folded_pair(body)))
    hashes = [token.hash for token in text]
    shingles = {_shingle(*hashes[index : index + SHINGLE]) for index in range(len(hashes) - SHINGLE + 1)}
    if not shingles and hashes:
        shingles = {_shingle(*([0] * SHINGLE + hashes)[-SHINGLE:])}
    words = [token.hash for token in text if not token.is_number]
    return Sketch(
        shingles=_smallest(shingles, MAX_SHINGLES),
        numbers=_smallest({token.hash >> 32 for token in text if token.is_number and not token.is_year}, MAX_NUMBERS),
        headline=_smallest({token.hash >> 32 & ~1 | token.is_number for token in title}, MAX_HEADLINE),
        lead=_smallest({value >> 32 for value in words[:LEAD]}, LEAD),
        names=_smallest({token.hash >> 32 for token in text if token.is_name}, MAX_NAMES),
    )


def _shingle(first: int, second: int, third: int) -> int:
    turned = ((second << 21) | (second >> 43)) & _MASK
    return mix64((first * _FIRST + turned * _SECOND + third) & _MASK) >> 32


def _smallest(values: set[int], most: int) -> U32:
    return np.array(sorted(values)[:most], dtype=np.uint32)
