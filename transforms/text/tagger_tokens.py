"""Tokens of a text with their offsets and shapes, compiled. A text is an array of its code points, so offsets count characters."""

import functools
import unicodedata

import numba as nb
import numpy as np
import numpy.typing as npt

U8 = npt.NDArray[np.uint8]
U32 = npt.NDArray[np.uint32]
U64 = npt.NDArray[np.uint64]
I32 = npt.NDArray[np.int32]

OTHER, LOWER, UPPER, DIGIT, SPACE, NEWLINE, LETTER = range(7)
"""Kinds of characters: punctuation and symbols, letters with and without case."""

WORD, CAPITAL, CAPITALS, MIXED, NUMBER, ALPHANUMERIC, MARK, INITIAL, DOTTED = range(9)
"""Shapes of tokens: town, Town, TOWN, eTown, 12, G20, punctuation, J., U.S."""

ABBREVIATIONS = (
    "Mr Mrs Ms Dr St Gen Sen Rep Gov Col Lt Capt Sgt Maj Jan Feb Mar Apr Jun Jul Aug Sept Sep Oct Nov Dec Prof Rev Hon Messrs Mt Ft No vs"
).split()
"""Words that keep the full stop after them."""
FINAL_ABBREVIATIONS = (
    "Inc Corp Co Ltd Jr Sr Bros Calif Fla Tex Mass Pa Ill Mich Ga Va Wash Ariz Colo Conn Md Minn Mo Tenn Wis Ore Ala Ark Ky La Okla"
).split()
"""Words that keep it inside a sentence: they stand last in a name, so that before a capital the stop ends the sentence."""
_LONGEST_ABBREVIATION = 6

_BASIS, _PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)
_GOLDEN, _MIX = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)
_S29, _S31, _S32 = np.uint64(29), np.uint64(31), np.uint64(32)
_PLANE = 0x10000
_STOP, _APOSTROPHE, _CURLY, _HYPHEN, _AMPERSAND, _COMMA = 46, 39, 0x2019, 45, 38, 44


@functools.cache
def characters() -> tuple[U8, U32]:
    """Kind and lower case of every code point of the Basic Multilingual Plane; of others every one is OTHER."""
    kinds, lower = np.zeros(_PLANE, np.uint8), np.arange(_PLANE, dtype=np.uint32)
    for code in range(_PLANE):
        letter = chr(code)
        category = unicodedata.category(letter)
        if category[0] in "LM":
            kinds[code] = UPPER if category in ("Lu", "Lt") else LOWER if category == "Ll" or category[0] == "M" else LETTER
            small = letter.lower()
            if len(small) == 1:
                lower[code] = ord(small)
        elif category == "Nd":
            kinds[code] = DIGIT
        elif letter in "\n\r\x0b\x0c\x85\u2028\u2029":
            kinds[code] = NEWLINE
        elif letter.isspace():
            kinds[code] = SPACE
    return kinds, lower


def codes_of(text: str) -> U32:
    """The code points of a text, lone surrogates included."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


@nb.njit(cache=True, nogil=True)
def mix(one: np.uint64, other: np.uint64) -> np.uint64:
    """A hash of two values; their order counts."""
    value = (one ^ (other * _GOLDEN)) * _MIX
    return value ^ (value >> _S29)


@nb.njit(cache=True, nogil=True)
def hashed(text: U32, start: int, end: int) -> np.uint64:
    """The hash of a stretch as it is written."""
    value = _BASIS
    for index in range(start, end):
        value = (value ^ np.uint64(text[index])) * _PRIME
    return value ^ (value >> _S31)


@nb.njit(cache=True, nogil=True)
def hashed_lower(text: U32, start: int, end: int, lower: U32) -> np.uint64:
    """The hash of a stretch in lower case."""
    value = _BASIS
    for index in range(start, end):
        code = text[index]
        value = (value ^ np.uint64(lower[code] if code < _PLANE else code)) * _PRIME
    return value ^ (value >> _S31)


@nb.njit(cache=True, nogil=True)
def filled(hashes: U64, values: U32) -> tuple[U32, U32]:
    """An open hash table of the upper halves of hashes; the values of one hash are joined by `or`."""
    size = 16
    while size < 2 * len(hashes):
        size *= 2
    keys, table = np.zeros(size, np.uint32), np.zeros(size, np.uint32)
    for index in range(len(hashes)):
        key = np.uint32(hashes[index] >> _S32)
        slot = np.int64(key) & (size - 1)
        while keys[slot] != 0 and keys[slot] != key:
            slot = (slot + 1) & (size - 1)
        keys[slot] = key
        table[slot] |= values[index]
    return keys, table


@nb.njit(cache=True, nogil=True)
def looked_up(keys: U32, table: U32, value: np.uint64) -> np.uint32:
    """What a table of `filled` holds for a hash; 0 for nothing."""
    key = np.uint32(value >> _S32)
    last = len(keys) - 1
    slot = np.int64(key) & last
    while keys[slot] != 0:
        if keys[slot] == key:
            return table[slot]
        slot = (slot + 1) & last
    return np.uint32(0)


@nb.njit(cache=True, nogil=True)
def _kind(text: U32, index: int, end: int, kinds: U8) -> int:
    if index >= end:
        return SPACE
    code = text[index]
    return kinds[code] if code < _PLANE else OTHER


@nb.njit(cache=True, nogil=True)
def _is_letter(kind: int) -> bool:
    return kind in (LOWER, UPPER, LETTER)


@nb.njit(cache=True, nogil=True)
def _is_possessive(text: U32, index: int, end: int, kinds: U8) -> bool:
    """Whether an apostrophe begins a possessive 's."""
    if index + 1 >= end or (text[index + 1] | 32) != 115:
        return False
    kind = _kind(text, index + 2, end, kinds)
    return not _is_letter(kind) and kind != DIGIT


@nb.njit(cache=True, nogil=True)
def _end_of_mark(text: U32, start: int, end: int, kinds: U8) -> int:
    """Where a token of punctuation ends: 's after a word, a run of hyphens or of full stops, else one character."""
    code = text[start]
    after_word = start > 0 and _kind(text, start - 1, end, kinds) < SPACE
    if code in (_APOSTROPHE, _CURLY) and after_word and _is_possessive(text, start, end, kinds):
        return start + 2
    index = start + 1
    if code in (_HYPHEN, _STOP):
        while index < end and text[index] == code:
            index += 1
    return index


@nb.njit(cache=True, nogil=True)
def _joined(text: U32, start: int, index: int, end: int, kinds: U8) -> bool:
    """Whether a mark inside a word belongs to it: O'Neill, AT&T, 3.5, U.S., DSMN.AS."""
    code = text[index]
    before, after = _kind(text, index - 1, end, kinds), _kind(text, index + 1, end, kinds)
    if code == _STOP and _is_letter(before) and _is_letter(after):
        single = index - start == 1 or text[index - 2] == _STOP
        return single or (before == UPPER and after == UPPER and _kind(text, index - 2, end, kinds) == UPPER)
    if code in (_APOSTROPHE, _CURLY):
        return _is_letter(before) and _is_letter(after) and not _is_possessive(text, index, end, kinds)
    if code == _AMPERSAND:
        return before == UPPER and after == UPPER
    return (code in (_COMMA, _STOP)) and before == DIGIT and after == DIGIT


@nb.njit(cache=True, nogil=True)
def _opens_sentence(text: U32, index: int, end: int, kinds: U8) -> bool:
    """Whether what follows is the end of the line, or a capital after blanks."""
    while index < end and _kind(text, index, end, kinds) == SPACE:
        index += 1
    kind = _kind(text, index, end, kinds)
    return index >= end or kind in (NEWLINE, UPPER)


@nb.njit(cache=True, nogil=True)
def _word(text: U32, start: int, end: int, kinds: U8, keys: U32, table: U32) -> tuple[int, int]:
    """Where the word at a place ends, and its shape."""
    upper, small, digits, inner, dots, index = 0, 0, 0, False, 0, start
    while index < end:
        kind = _kind(text, index, end, kinds)
        if kind == UPPER:
            upper += 1
            inner = inner or index > start
        elif kind == DIGIT:
            digits += 1
        elif kind in (LOWER, LETTER):
            small += 1
        elif kind == OTHER and index > start and _joined(text, start, index, end, kinds):
            dots += text[index] == _STOP and digits == 0
        else:
            break
        index += 1
    if index < end and text[index] == _STOP:
        if dots > 0 and text[index - 2] == _STOP:
            return index + 1, DOTTED
        if index - start == 1 and upper == 1:
            return index + 1, INITIAL
        if upper > 0 and _keeps_stop(text, start, index, end, kinds, keys, table):
            index += 1
    return index, DOTTED if dots > 0 else _shape(upper, small, digits, inner)


@nb.njit(cache=True, nogil=True)
def _keeps_stop(text: U32, start: int, index: int, end: int, kinds: U8, keys: U32, table: U32) -> bool:
    """Whether a full stop belongs to the word before it, as an abbreviation's does."""
    if index - start > _LONGEST_ABBREVIATION:
        return False
    known = looked_up(keys, table, hashed(text, start, index))
    return known == 1 or (known == 2 and not _opens_sentence(text, index + 1, end, kinds))


@nb.njit(cache=True, nogil=True)
def _shape(upper: int, small: int, digits: int, inner: bool) -> int:
    """The shape of a word of so many letters and digits; inner: whether a capital stands inside."""
    if digits > 0:
        return NUMBER if upper + small == 0 else ALPHANUMERIC
    if upper == 0:
        return WORD
    if small == 0:
        return CAPITALS if upper > 1 else CAPITAL
    return MIXED if inner else CAPITAL


@nb.njit(cache=True, nogil=True)
def tokenise(text: U32, kinds: U8, keys: U32, table: U32, starts: I32, ends: I32, shapes: U8, breaks: U8) -> int:
    """Writes the tokens of a text: their offsets, shapes, and 1 where a line begins; how many there are.

    keys, table: the abbreviations, by `filled`."""
    count, index, line, end = 0, 0, 1, len(text)
    while index < end:
        kind = _kind(text, index, end, kinds)
        if kind in (NEWLINE, SPACE):
            if kind == NEWLINE:
                line = 1
            index += 1
            continue
        starts[count] = index
        if kind == OTHER:
            index, shapes[count] = _end_of_mark(text, index, end, kinds), MARK
        else:
            index, shapes[count] = _word(text, index, end, kinds, keys, table)
        ends[count], breaks[count] = index, line
        line = 0
        count += 1
    return count
