"""The sketches of many stories in one pass over their bytes, compiled. The rules are those of `sketch`, which says what and why; a property
test holds the two equal."""

import functools
from collections.abc import Sequence

import numba as nb
import numpy as np
import numpy.typing as npt

from transforms.text import sketch as rules
from transforms.text.sketch import Sketch

_TABLE_BITS = 12

U8 = npt.NDArray[np.uint8]
U32 = npt.NDArray[np.uint32]
U64 = npt.NDArray[np.uint64]

_OTHER, _LETTER, _DIGIT, _IDEOGRAPH = 0, 1, 2, 3

_FNV_BASIS, _FNV_PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)
_MIX_A, _MIX_B = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_FIRST, _SECOND = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93)
_S21, _S27, _S30, _S31, _S32, _S43 = (np.uint64(bits) for bits in (21, 27, 30, 31, 32, 43))
_ZERO, _ONE = np.uint64(0), np.uint64(1)
_SLOT = np.uint64(20)
_SHORT = rules.SHORT
_SHINGLES, _NUMBERS, _HEADLINE, _LEAD, _NAMES = rules.MAX_SHINGLES, rules.MAX_NUMBERS, rules.MAX_HEADLINE, rules.LEAD, rules.MAX_NAMES


@functools.cache
def _table() -> tuple[U64, U64]:
    """The folded words as an open hash table: hashes, and what each is folded to."""
    size = 1 << _TABLE_BITS
    keys, values = np.zeros(size, np.uint64), np.zeros(size, np.uint64)
    for key, value in rules.folds().items():
        slot = (key >> int(_SLOT)) & (size - 1)
        while keys[slot]:
            slot = (slot + 1) & (size - 1)
        keys[slot], values[slot] = key, value
    return keys, values


@nb.njit(cache=True, nogil=True)
def _mix64(value: np.uint64) -> np.uint64:
    value = (value ^ (value >> _S30)) * _MIX_A
    value = (value ^ (value >> _S27)) * _MIX_B
    return value ^ (value >> _S31)


@nb.njit(cache=True, nogil=True)
def _kind(text: U8, index: int, end: int) -> tuple[int, int]:
    """What the character at a byte is, and how many bytes it has."""
    byte = text[index]
    if byte < 0x80:
        if 97 <= byte <= 122 or 65 <= byte <= 90:
            return _LETTER, 1
        return (_DIGIT if 48 <= byte <= 57 else _OTHER), 1
    size = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
    if index + size > end:
        return _OTHER, 1
    if size == 2:
        code = (byte & 0x1F) << 6 | (text[index + 1] & 0x3F)
    elif size == 3:
        code = (byte & 0x0F) << 12 | (text[index + 1] & 0x3F) << 6 | (text[index + 2] & 0x3F)
    else:
        code = (byte & 0x07) << 18 | (text[index + 1] & 0x3F) << 12 | (text[index + 2] & 0x3F) << 6 | (text[index + 3] & 0x3F)
    if 0x3040 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or 0x20000 <= code <= 0x3FFFF:
        return _IDEOGRAPH, size
    if code < 0xC0 or code == 0xD7 or code == 0xF7 or 0x2000 <= code <= 0x303F or 0xFE00 <= code <= 0xFFFF or code >= 0x1F000:
        return _OTHER, size
    return _LETTER, size


@nb.njit(cache=True, nogil=True)
def _letter_size(text: U8, index: int, end: int) -> int:
    """Bytes of the letter at a byte; 0 where none is."""
    if index >= end:
        return 0
    kind, size = _kind(text, index, end)
    return size if kind == _LETTER else 0


@nb.njit(cache=True, nogil=True)
def _number(text: U8, index: int, end: int) -> tuple[int, np.uint64, bool]:
    """Where the number at a byte ends, its hash, and whether it is a year."""
    value, digits, century, points = _FNV_BASIS, 0, 0, 0
    while index < end:
        byte = text[index]
        if 48 <= byte <= 57:
            if digits < 2:
                century = century * 10 + byte - 48
            digits += 1
            value = (value ^ np.uint64(byte)) * _FNV_PRIME
        elif (byte == 44 or byte == 46) and index + 1 < end and 48 <= text[index + 1] <= 57:
            if byte == 46:
                points += 1
                value = (value ^ np.uint64(byte)) * _FNV_PRIME
        else:
            break
        index += 1
    return index, _mix64(value), digits == 4 and points == 0 and (century == 19 or century == 20)


@nb.njit(cache=True, nogil=True)
def _apostrophe_size(text: U8, index: int, end: int) -> int:
    """Bytes of the apostrophe at a byte, straight or curly; 0 where none is."""
    if text[index] == 39:
        return 1
    return 3 if text[index] == 0xE2 and index + 2 < end and text[index + 1] == 0x80 and text[index + 2] == 0x99 else 0


@nb.njit(cache=True, nogil=True)
def _word(text: U8, index: int, end: int) -> tuple[int, np.uint64, int]:
    """Where the word at a byte ends, its hash before folding, and its letters."""
    value, letters, since_point = _FNV_BASIS, 0, 0
    while index < end:
        size = _letter_size(text, index, end)
        if size:
            for place in range(size):
                value = (value ^ np.uint64(text[index + place])) * _FNV_PRIME
            letters += 1
            since_point += 1
            index += size
            continue
        if text[index] == 46 and since_point == 1:
            following = _letter_size(text, index + 1, end)
            if following == 0 or _letter_size(text, index + 1 + following, end):
                break
            since_point = 0
            index += 1
            continue
        size = _apostrophe_size(text, index, end)
        if size == 0 or _letter_size(text, index + size, end) == 0:
            break
        if text[index + size] == 115 and _letter_size(text, index + size + 1, end) == 0:
            return index + size + 1, value, letters
        index += size
    return index, value, letters


@nb.njit(cache=True, nogil=True)
def _folded(value: np.uint64, keys: U64, values: U64) -> np.uint64:
    """The hash of what a word is folded to; 0 where it is left out."""
    mask = np.uint64(len(keys) - 1)
    slot = (value >> _SLOT) & mask
    while keys[slot] != _ZERO:
        if keys[slot] == value:
            return values[slot]
        slot = (slot + _ONE) & mask
    return value


@nb.njit(cache=True, nogil=True)
def _scan(text: U8, original: U8, start: int, end: int, keys: U64, values: U64, hashes: U64, kinds: U8) -> int:
    """Writes the hashes of a segment's tokens, and 1 for a number, 3 for a year, 4 for a name, else 0; how many there are."""
    index, count, opens = start, 0, True
    while index < end:
        kind, size = _kind(text, index, end)
        if kind == _OTHER:
            byte = text[index]
            opens = opens or byte == 46 or byte == 33 or byte == 63 or byte == 58 or byte == 10
            index += size
            continue
        if kind == _DIGIT:
            index, hashes[count], is_year = _number(text, index, end)
            kinds[count] = 3 if is_year else 1
            count += 1
        elif kind == _IDEOGRAPH:
            value = _FNV_BASIS
            for place in range(size):
                value = (value ^ np.uint64(text[index + place])) * _FNV_PRIME
            hashes[count], kinds[count] = _mix64(value), 0
            count += 1
            index += size
        else:
            capital = False
            for place in range(size):
                capital = capital or original[index + place] != text[index + place]
            index, value, letters = _word(text, index, end)
            value = _folded(value, keys, values)
            if value != _ZERO:
                hashes[count], kinds[count] = _mix64(value), 4 if capital and not opens else 0
                count += 1
            if letters <= _SHORT and index < end and text[index] == 46:
                index += 1
        opens = False
    return count


@nb.njit(cache=True, nogil=True)
def _keep(found: U32, count: int, out: U32, most: int) -> int:
    """Writes the smallest different values in order; how many there are."""
    ordered = np.sort(found[:count])
    kept = 0
    for index in range(count):
        if kept < most and (index == 0 or ordered[index] != ordered[index - 1]):
            out[kept] = ordered[index]
            kept += 1
    return kept


@nb.njit(cache=True, nogil=True)
def _kernel(
    text: U8, original: U8, offsets: npt.NDArray[np.int64], keys: U64, values: U64, out: U32, counts: npt.NDArray[np.int32]
) -> None:
    """Fills a row of `out` and of `counts` for each story: segments 2i (headline) and 2i + 1 (body) of the text."""
    longest = 1
    for segment in range(len(offsets) - 1):
        longest = max(longest, offsets[segment + 1] - offsets[segment] + 1)
    hashes, kinds, found = np.empty(longest, np.uint64), np.empty(longest, np.uint8), np.empty(longest, np.uint32)
    for story in range(len(counts)):
        begin = 0
        count = _scan(text, original, offsets[2 * story], offsets[2 * story + 1], keys, values, hashes, kinds)
        for index in range(count):
            word = np.uint32(hashes[index] >> _S32)
            found[index] = (word & np.uint32(0xFFFFFFFE)) | np.uint32(kinds[index] & 1)
        headline = _keep(found, count, out[story, _SHINGLES + _NUMBERS :], _HEADLINE)
        count = _scan(text, original, offsets[2 * story + 1], offsets[2 * story + 2], keys, values, hashes, kinds)
        made = 0
        for index in range(2, count):
            turned = (hashes[index - 1] << _S21) | (hashes[index - 1] >> _S43)
            found[made] = np.uint32(_mix64(hashes[index - 2] * _FIRST + turned * _SECOND + hashes[index]) >> _S32)
            made += 1
        if made == 0 and count > 0:
            second = hashes[count - 2] if count > 1 else _ZERO
            turned = (second << _S21) | (second >> _S43)
            found[0] = np.uint32(_mix64(turned * _SECOND + hashes[count - 1]) >> _S32)
            made = 1
        counts[story, 0] = _keep(found, made, out[story], _SHINGLES)
        begin = _SHINGLES
        made = 0
        for index in range(count):
            if kinds[index] == 1:
                found[made] = np.uint32(hashes[index] >> _S32)
                made += 1
        counts[story, 1] = _keep(found, made, out[story, begin:], _NUMBERS)
        begin += _NUMBERS
        counts[story, 2] = headline
        begin += _HEADLINE
        made = 0
        for index in range(count):
            if kinds[index] & 1 == 0 and made < _LEAD:
                found[made] = np.uint32(hashes[index] >> _S32)
                made += 1
        counts[story, 3] = _keep(found, made, out[story, begin:], _LEAD)
        begin += _LEAD
        made = 0
        for index in range(count):
            if kinds[index] == 4:
                found[made] = np.uint32(hashes[index] >> _S32)
                made += 1
        counts[story, 4] = _keep(found, made, out[story, begin:], _NAMES)


_STARTS = tuple(int(start) for start in np.cumsum([0, _SHINGLES, _NUMBERS, _HEADLINE, _LEAD, _NAMES]))


def sketches(stories: Sequence[tuple[str, str]]) -> list[Sketch]:
    """The sketches of (headline, body), in the same order."""
    pairs = [rules.folded_pair(text) for story in stories for text in story]
    folded = [one.encode("utf-8", "replace") for one, _ in pairs]
    original = [one if given is text else given.encode("utf-8", "replace") for one, (text, given) in zip(folded, pairs, strict=True)]
    offsets = np.zeros(len(folded) + 1, np.int64)
    np.cumsum([len(each) for each in folded], out=offsets[1:])
    out = np.empty((len(stories), _STARTS[-1]), np.uint32)
    counts = np.zeros((len(stories), len(_STARTS) - 1), np.int32)
    _kernel(np.frombuffer(b"".join(folded), np.uint8), np.frombuffer(b"".join(original), np.uint8), offsets, *_table(), out, counts)
    return [
        Sketch(*(row[start : start + count].copy() for start, count in zip(_STARTS, kept, strict=False)))
        for row, kept in zip(out, counts.tolist(), strict=True)
    ]
