"""Names of one document made to agree, compiled: a form has one type, a surname is what its full name is, a name is one wherever it stands.

It works on tokens and their labels (`tagger_kernel`), so that the tagger and the labels it is taught by go through the same rules."""

import numba as nb
import numpy as np

from transforms.text.tagger_features import CITY, COUNTRY, DEMONYM, GIVEN, LIST_BITS, METONYM, ORG_LAST, REGION, SUFFIX, SURNAME, slot_of
from transforms.text.tagger_kernel import TYPES
from transforms.text.tagger_tokens import I32, U8, U32, U64, looked_up, mix

PER, ORG, LOC, NORP, MISC = range(5)
_TYPES = len(TYPES)
MOST_WORDS = 7
"""Tokens of the longest name that is looked for elsewhere in the document."""
LEAST_CHARACTERS = 4
"""Characters of the shortest such name; shorter ones are words and initials too often."""
LEAST_SURNAME = 3
"""Characters of the shortest surname that is a name wherever it stands."""
_PERSON_WORDS = 5
"""Tokens of the longest full name whose last word is a surname."""

U = np.uint64
_BITS = np.uint32((1 << LIST_BITS) - 1)


@nb.njit(nogil=True)
def spans_of(count: int, labels: U8, breaks: U8) -> tuple[int, I32]:
    """Names as rows of (first token, last token, type)."""
    spans, found, first = np.empty((count, 3), np.int32), 0, 0
    for i in range(count):
        if labels[i] == 0:
            continue
        part = (labels[i] - 1) % 4
        if part == 0 or part == 3:
            first = i
        if part >= 2:
            spans[found, 0], spans[found, 1], spans[found, 2] = first, i, (labels[i] - 1) // 4
            found += 1
    return found, spans


@nb.njit(nogil=True)
def on_tokens(count: int, starts: I32, ends: I32, near: U8, names: I32) -> I32:
    """Names given as (start, end, type), sorted, as rows of (first token, last token, type): each on all the tokens it touches, without
    those that touch one of another name or one that is no part of a name."""
    spans, found, at = np.empty((len(names), 3), np.int32), 0, 0
    for index in range(len(names)):
        while at < count and ends[at] <= names[index, 0]:
            at += 1
        last, fits = at, True
        while last < count and starts[last] < names[index, 1]:
            fits = fits and near[last] > 0
            last += 1
        if fits and last > at:
            spans[found, 0], spans[found, 1], spans[found, 2] = at, last - 1, names[index, 2]
            found += 1
            at = last
    return spans[:found]


@nb.njit(nogil=True)
def _chain(hashes: U64, first: int, last: int) -> np.uint64:
    value = hashes[first]
    for i in range(first + 1, last + 1):
        value = mix(value, hashes[i])
    return value


@nb.njit(nogil=True)
def _listed(small: U64, first: int, last: int, keys: U32, table: U32) -> int:
    """Type of a name that the tables of countries, peoples and states hold; -1 for none."""
    if last - first > 2:
        return -1
    bits = looked_up(keys, table, _chain(small, first, last)) & _BITS
    if bits & np.uint32(DEMONYM):
        return NORP
    if bits & np.uint32(COUNTRY):
        return LOC
    if bits & np.uint32(REGION) and not bits & np.uint32(GIVEN | SURNAME | METONYM):
        return LOC
    if bits & np.uint32(CITY) and first < last and not bits & np.uint32(METONYM):
        return LOC
    return -1


@nb.njit(nogil=True)
def _ends_as_firm(small: U64, first: int, last: int, keys: U32, table: U32) -> bool:
    """Whether a name's last word is a company's suffix, or another word of organisations and the first is no place's name."""
    ending = looked_up(keys, table, small[last])
    if ending & np.uint32(SUFFIX):
        return True
    place = looked_up(keys, table, small[first]) & np.uint32(COUNTRY | REGION | CITY | METONYM)
    return ending & np.uint32(ORG_LAST) != 0 and place == 0


@nb.njit(nogil=True)
def _majority(votes: I32, otherwise: int) -> int:
    """The type with most votes; `otherwise` where two have as many."""
    best, most, second = otherwise, -1, -1
    for kind in range(_TYPES):
        if votes[kind] > most:
            best, second, most = kind, most, votes[kind]
        elif votes[kind] > second:
            second = votes[kind]
    return best if most > second else otherwise


@nb.njit(nogil=True)
def agree(
    count: int, starts: I32, ends: I32, breaks: U8, near: U8, forms: U64, small: U64, keys: U32, table: U32, found: int, spans: I32
) -> tuple[int, I32]:
    """The spans of a document after the rules, in the order of the text.

    keys, table: the tagger's words, by `filled`."""
    size = 16
    while size < 4 * (found + 1):
        size *= 2
    seen, votes = np.zeros(size, np.uint64), np.zeros((size, _TYPES), np.int32)
    surnames, is_surname = np.zeros(size, np.uint64), np.zeros(size, np.uint8)
    firms, is_firm = np.zeros(size, np.uint64), np.zeros(size, np.uint8)
    fixed = np.zeros(found, np.uint8)
    for index in range(found):
        first, last = spans[index, 0], spans[index, 1]
        kind = _listed(small, first, last, keys, table)
        if kind >= 0:
            spans[index, 2], fixed[index] = kind, 1
        slot = slot_of(seen, _chain(small, first, last))
        seen[slot] = _chain(small, first, last)
        votes[slot, spans[index, 2]] += 1
        if spans[index, 2] == PER and 1 <= last - first < _PERSON_WORDS:
            slot = slot_of(surnames, forms[last])
            surnames[slot], is_surname[slot] = forms[last], 1
        if spans[index, 2] == ORG and first < last and _ends_as_firm(small, first, last, keys, table):
            slot = slot_of(firms, forms[first])
            firms[slot], is_firm[slot] = forms[first], 1
    for index in range(found):
        first, last = spans[index, 0], spans[index, 1]
        if fixed[index]:
            continue
        if first == last and is_surname[slot_of(surnames, forms[first])]:
            spans[index, 2] = PER
        elif first == last and is_firm[slot_of(firms, forms[first])]:
            spans[index, 2] = ORG
        else:
            spans[index, 2] = _majority(votes[slot_of(seen, _chain(small, first, last))], spans[index, 2])
    return _completed(count, starts, ends, breaks, near, forms, found, spans, size)


@nb.njit(nogil=True)
def _completed(count: int, starts: I32, ends: I32, breaks: U8, near: U8, forms: U64, found: int, spans: I32, size: int) -> tuple[int, I32]:
    """The spans and, between them, the same names and the surnames of persons where they were missed."""
    known, kinds = np.zeros(2 * size, np.uint64), np.zeros(2 * size, np.uint8)
    longest = 0
    for index in range(found):
        first, last, kind = spans[index]
        if kind == PER and 1 <= last - first < _PERSON_WORDS and ends[last] - starts[last] >= LEAST_SURNAME and near[last] == 2:
            slot = slot_of(known, forms[last])
            if known[slot] == U(0):
                known[slot], kinds[slot] = forms[last], PER
                longest = max(longest, 1)
        if last - first < MOST_WORDS and ends[last] - starts[first] >= LEAST_CHARACTERS and near[first] == 2:
            value = _chain(forms, first, last)
            slot = slot_of(known, value)
            known[slot], kinds[slot] = value, kind
            longest = max(longest, last - first + 1)
    if longest == 0:
        return found, spans
    out, made, index, i = np.empty((count, 3), np.int32), 0, 0, 0
    while i < count:
        if index < found and spans[index, 0] == i:
            out[made] = spans[index]
            made += 1
            i = spans[index, 1] + 1
            index += 1
            continue
        limit = min(spans[index, 0] if index < found else count, i + longest)
        taken, kind = _longest_name(i, limit, breaks, forms, known, kinds) if near[i] == 2 else (0, 0)
        if taken:
            out[made, 0], out[made, 1], out[made, 2] = i, i + taken - 1, kind
            made += 1
        i += max(taken, 1)
    return made, out


@nb.njit(nogil=True)
def _longest_name(first: int, limit: int, breaks: U8, forms: U64, known: U64, kinds: U8) -> tuple[int, int]:
    """Tokens and type of the longest known name that begins at a token and ends before `limit`; no tokens for none."""
    value, taken, kind = forms[first], 0, 0
    for last in range(first, limit):
        if last > first:
            if breaks[last]:
                break
            value = mix(value, forms[last])
        slot = slot_of(known, value)
        if known[slot] == value:
            taken, kind = last - first + 1, int(kinds[slot])
    return taken, kind
