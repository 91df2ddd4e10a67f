"""What the tagger sees of each token: hashes of its form, its neighbours, the run of capitals it stands in, what lists say of it, and what
the rest of the document says of the same word. Compiled; the weights are fitted to these very numbers (pipelines/train_tagger.py)."""

import numba as nb
import numpy as np

from transforms.text.tagger_tokens import (
    CAPITAL,
    CAPITALS,
    I32,
    MARK,
    NUMBER,
    U8,
    U32,
    U64,
    WORD,
    hashed,
    hashed_lower,
    looked_up,
    mix,
)

MOST = 80
"""Room for the features of one token; the base ones and those of the document are written apart, each within it."""

COUNTRY, DEMONYM, REGION, CITY, METONYM, GIVEN, SURNAME, ORG_LAST, ORG_FIRST, SUFFIX, TITLE, FACILITY, ENGLISH, FUNCTION, ROLE = (
    1 << bit for bit in range(15)
)
"""What lists say of a word, as bits; names of several words have the first five."""
_PLACES = np.uint32(COUNTRY | DEMONYM | REGION | CITY | METONYM)
LIST_BITS, FINE_BITS, COARSE_BITS = 15, 10, 7

FINE, COARSE = 1 << FINE_BITS, 1 << COARSE_BITS
"""Classes of words by their use (k-means of word vectors), and classes of those classes. Class 0 is for unknown words."""
_FINE_MASK = np.uint32(FINE - 1)
_FINE_SHIFT, _COARSE_SHIFT = np.uint32(LIST_BITS), np.uint32(LIST_BITS + FINE_BITS)
_LISTS = np.uint32((1 << LIST_BITS) - 1)

_GAP = 4
"""So far apart two capitalised words may stand for the words between them to belong to one name (Bank of the West)."""
_STOP, _EXCLAMATION, _QUESTION, _COLON, _HYPHEN = 46, 33, 63, 58, 45

_OUTSIDE, _TYPES, _SINGLE = 0, 5, 3
_UNSEEN = 5
"""Place of O among the types when they are counted."""

U = np.uint64

Tokens = tuple[int, I32, I32, U8, U8, U64, U64, U32, U32, U8, U8, U8, U8, I32, I32]
"""The tokens of a text, as `tagger_kernel.tokens_of` gives them: count, starts, ends, shapes, breaks, and the columns of `describe`."""


@nb.njit(nogil=True)
def describe(
    text: U32, lower: U32, count: int, starts: I32, ends: I32, shapes: U8, breaks: U8, keys: U32, table: U32,
    forms: U64, small: U64, words: U32, lists: U32, near: U8, opens: U8, headed: U8, seen: U8, firsts: I32, lasts: I32,
) -> None:  # fmt: skip
    """Fills what tokens are by themselves: `forms` and `small` (hashes of the word and of its lower case), `words` (of the table), `lists`
    (bits of names of one word, and shifted by LIST_BITS those of names of several), `near` (2 with a capital, 1 between two such, 0 no
    part of a name), `opens` (1 after the end of a sentence), `headed` (2 in a line of capitals, 1 in a headline, else 0),
    `seen` (1 where the word stands in lower case too, + 2 where it has a capital inside a sentence), `firsts` and `lasts` (first and last
    token of the capitalised words side by side around each, or itself where it has no capital)."""
    last = -_GAP - 1
    opening = True
    for i in range(count):
        forms[i] = hashed(text, starts[i], ends[i])
        small[i] = hashed_lower(text, starts[i], ends[i], lower)
        words[i] = looked_up(keys, table, small[i])
        lists[i] = words[i] & _LISTS if shapes[i] != MARK else np.uint32(0)
        near[i] = 0
        if breaks[i]:
            last, opening = i - _GAP - 1, True
        shape = shapes[i]
        if shape != WORD and shape != MARK and shape != NUMBER:
            near[i] = 2
            if 1 < i - last <= _GAP:
                for between in range(last + 1, i):
                    near[between] = 1
            last = i
        opens[i] = 1 if opening else 0
        code = text[starts[i]]
        if i > 1 and shape == WORD and text[starts[i - 1]] == _HYPHEN and near[i - 2] and ends[i - 2] + 1 == ends[i - 1] == starts[i]:
            near[i - 1] = near[i] = 1  # Koh Yu-hwan
        if shape != MARK:
            opening = False
        elif code in (_STOP, _EXCLAMATION, _QUESTION, _COLON):
            opening = True
        elif code != 34 and code != 39 and code != 40 and (code < 0x2018 or code > 0x201F):
            opening = False
    _mark_lines(count, shapes, breaks, headed)
    _mark_names(count, forms, small, near, breaks, keys, table, lists)
    _mark_seen(count, small, shapes, opens, headed, near, seen)
    _mark_runs(count, breaks, near, firsts, lasts)


@nb.njit(nogil=True)
def _mark_lines(count: int, shapes: U8, breaks: U8, headed: U8) -> None:
    begin = 0
    while begin < count:
        end, capitals, initials, others = begin, 0, 0, 0
        while end < count and (end == begin or not breaks[end]):
            capitals += shapes[end] == CAPITALS
            initials += shapes[end] == CAPITAL
            others += shapes[end] == WORD
            end += 1
        kind = 0
        if capitals >= 3 and capitals > 2 * (others + initials):
            kind = 2
        elif capitals + initials >= 3 and capitals + initials > 2 * others:
            kind = 1
        headed[begin:end] = kind
        begin = end


@nb.njit(nogil=True)
def _mark_names(count: int, forms: U64, small: U64, near: U8, breaks: U8, keys: U32, table: U32, lists: U32) -> None:
    """Bits of names of two and three words, on each of their words."""
    shift = np.uint32(LIST_BITS)
    for i in range(count - 1):
        if near[i] != 2 or not near[i + 1] or breaks[i + 1]:
            continue
        pair = mix(small[i], small[i + 1])
        found = looked_up(keys, table, pair) & _PLACES
        size = 2
        if i + 2 < count and near[i + 2] and not breaks[i + 2]:
            longer = looked_up(keys, table, mix(pair, small[i + 2])) & _PLACES
            if longer:
                found, size = longer, 3
        if found:
            for j in range(i, i + size):
                lists[j] |= found << shift


@nb.njit(nogil=True)
def _mark_seen(count: int, small: U64, shapes: U8, opens: U8, headed: U8, near: U8, seen: U8) -> None:
    size = 16
    while size < 2 * count + 2:
        size *= 2
    keys, kinds = np.zeros(size, np.uint64), np.zeros(size, np.uint8)
    for i in range(count):
        if shapes[i] != MARK and (shapes[i] == WORD or near[i] == 2) and not headed[i]:
            slot = slot_of(keys, small[i])
            keys[slot] = small[i]
            if shapes[i] == WORD:
                kinds[slot] |= 1
            elif not opens[i]:
                kinds[slot] |= 2
    for i in range(count):
        seen[i] = kinds[slot_of(keys, small[i])] if near[i] == 2 else 0


@nb.njit(nogil=True)
def slot_of(keys: U64, value: np.uint64) -> int:
    """Place of a hash in an open table, or the free place where it belongs."""
    last = len(keys) - 1
    slot = int(value >> U(9)) & last
    while keys[slot] != U(0) and keys[slot] != value:
        slot = (slot + 1) & last
    return slot


@nb.njit(nogil=True)
def base_features(text: U32, lower: U32, tokens: Tokens, i: int, mask: np.uint64, out: U64) -> int:
    """Writes the features of a token that need no look at the rest of the document; how many there are."""
    count, starts, ends, shapes, breaks, forms, small, words, lists, _, opens, headed, seen, firsts, lasts = tokens
    p1 = i > 0 and not breaks[i]
    p2 = p1 and i > 1 and not breaks[i - 1]
    q1 = i + 1 < count and not breaks[i + 1]
    q2 = q1 and i + 2 < count and not breaks[i + 2]
    word, before, behind = small[i], small[i - 1] if p1 else U(11), small[i + 1] if q1 else U(13)
    before2, behind2 = small[i - 2] if p2 else U(12), small[i + 2] if q2 else U(14)
    shape = U(shapes[i])
    left, right = U(shapes[i - 1]) if p1 else U(9), U(shapes[i + 1]) if q1 else U(9)
    left2, right2 = U(shapes[i - 2]) if p2 else U(9), U(shapes[i + 2]) if q2 else U(9)
    head, opening = U(headed[i]), U(opens[i])
    first, last = firsts[i], lasts[i]
    outer_left = small[first - 1] if first > 0 and not breaks[first] else U(21)
    outer_right = small[last + 1] if last + 1 < count and not breaks[last + 1] else U(22)
    place = U(min(i - first, 3) * 4 + min(last - i, 3))
    put = shape * U(64)

    out[0] = mix(forms[i], U(1))
    out[1] = mix(word, U(2) + opening * U(64) + head * U(256) + put * U(16))
    out[2] = mix(before, U(3))
    out[3] = mix(behind, U(4))
    out[4] = mix(before2, U(5))
    out[5] = mix(behind2, U(6))
    out[6] = mix(mix(before, word), U(7))
    out[7] = mix(mix(word, behind), U(8))
    out[8] = mix(mix(before, behind), U(9) + put)
    out[9] = mix(mix(before2, before), U(10) + put)
    out[10] = mix(mix(behind, behind2), U(11) + put)
    out[11] = mix(word, U(12))
    out[12] = mix(shape * U(16) + opening * U(4) + head, U(14))
    out[13] = mix(left * U(16) + shape * U(256) + right + opening * U(8192) + head * U(65536), U(15))
    out[14] = mix((left2 * U(16) + left) * U(16) + shape * U(4096) + right * U(65536) + right2 * U(1 << 20), U(16))
    size = ends[i] - starts[i]
    out[15] = mix(U(min(size, 12)) * U(16) + shape, U(17))
    out[16] = mix(outer_left, U(18) + place * U(64))
    out[17] = mix(outer_right, U(19) + place * U(64))
    out[18] = mix(mix(outer_left, outer_right), U(20) + place * U(64))
    out[19] = mix(place + head * U(16) + shape * U(64), U(21))
    out[20] = mix(small[last], U(22) + place * U(64))
    out[21] = mix(small[first], U(23) + place * U(64))
    further_left = small[first - 2] if first > 1 and not breaks[first] and not breaks[first - 1] else U(27)
    further_right = small[last + 2] if last + 2 < count and not breaks[last + 1] and not breaks[last + 2] else U(28)
    out[22] = mix(mix(further_left, outer_left), U(27) + place * U(64))
    out[23] = mix(mix(outer_right, further_right), U(28) + place * U(64))
    known = U(seen[i])
    out[24] = mix(known * U(16) + opening * U(4) + head, U(29) + put)
    out[25] = mix(mix(U(seen[first]) * U(16) + U(opens[first]) * U(4) + head, place), U(54) + put)
    n = 26
    for length in range(1, min(size, 5)):
        tail = hashed_lower(text, ends[i] - length, ends[i], lower)
        out[n] = mix(hashed(text, starts[i], starts[i] + length), U(24) + U(length) * U(64))
        out[n + 1] = mix(tail, U(25) + U(length) * U(64))
        n += 2
    ending = hashed_lower(text, ends[i] - 3, ends[i], lower) if size > 3 else word
    out[n] = mix(mix(ending, small[last]), U(26) + place * U(64))
    n += 1

    unknown = np.uint32(0)
    own = words[i]
    one, two = words[i - 1] if p1 else unknown, words[i + 1] if q1 else unknown
    three, four = words[i - 2] if p2 else unknown, words[i + 2] if q2 else unknown
    around = words[first - 1] if first > 0 and not breaks[first] else unknown
    beyond = words[last + 1] if last + 1 < count and not breaks[last + 1] else unknown
    c0, c1, c2 = _coarse(own), _coarse(one), _coarse(two)
    out[n] = mix(_fine(own), U(30) + put)
    out[n + 1] = mix(_fine(one), U(31) + left * U(64))
    out[n + 2] = mix(_fine(two), U(32) + right * U(64))
    out[n + 3] = mix(c0, U(33) + put)
    out[n + 4] = mix(_coarse(three), U(36))
    out[n + 5] = mix(_coarse(four), U(37))
    out[n + 6] = mix(c1 * U(1024) + c0, U(38) + put)
    out[n + 7] = mix(c0 * U(1024) + c2, U(39) + put)
    out[n + 8] = mix(c1 * U(1024) + c2, U(40) + put)
    out[n + 9] = mix(_coarse(words[last]), U(41) + place * U(64))
    out[n + 10] = mix(_fine(around), U(42) + place * U(64))
    out[n + 11] = mix(_fine(beyond), U(43) + place * U(64))
    out[n + 12] = mix(_coarse(around) * U(1024) + _coarse(beyond), U(44) + place * U(64))
    out[n + 13] = mix(_coarse(words[first]) * U(1024) + _coarse(words[last]), U(45) + place * U(64))
    n += 14

    g0, g1, g2 = U(lists[i]), U(lists[i - 1]) if p1 else U(0), U(lists[i + 1]) if q1 else U(0)
    out[n] = mix(g0, U(46) + put)
    out[n + 1] = mix(g1, U(47))
    out[n + 2] = mix(g2, U(48))
    out[n + 3] = mix(mix(g1, g0), U(49))
    out[n + 4] = mix(mix(g0, g2), U(50))
    out[n + 5] = mix(mix(mix(g1, g0), g2), U(51) + place * U(64))
    out[n + 6] = mix(mix(U(lists[first]), U(lists[last])), U(52) + place * U(64))
    out[n + 7] = mix(mix(U(lists[last]), c1), U(53) + place * U(64))
    out[n + 8] = U(99)
    n += 9
    _fold(out, n, mask)
    return n


@nb.njit(nogil=True)
def document_features(
    count: int, breaks: U8, firsts: I32, lasts: I32, opens: U8, headed: U8, shapes: U8, elsewhere: U8, longer: U8, i: int,
    mask: np.uint64, out: U64,
) -> int:  # fmt: skip
    """Writes the features of a token that `recall` gives; how many there are."""
    p1, q1 = i > 0 and not breaks[i], i + 1 < count and not breaks[i + 1]
    own, left, right = U(elsewhere[i]), U(elsewhere[i - 1]) if p1 else U(0), U(elsewhere[i + 1]) if q1 else U(0)
    whole = U(longer[i])
    first, last = firsts[i], lasts[i]
    place = U(min(i - first, 3) * 4 + min(last - i, 3))
    out[0] = mix(own, U(60))
    out[1] = mix(own, U(61) + U(shapes[i]) * U(64) + place * U(4096))
    out[2] = mix(whole, U(62))
    out[3] = mix(whole * U(1024) + own, U(63) + place * U(64))
    out[4] = mix(left * U(1024) + own, U(64) + place * U(4096))
    out[5] = mix(own * U(1024) + right, U(65) + place * U(4096))
    out[6] = mix(whole, U(66) + U(opens[i]) * U(64) + place * U(4096) + U(headed[i]) * U(1 << 20))
    _fold(out, 7, mask)
    return 7


@nb.njit(nogil=True)
def _fold(out: U64, count: int, mask: np.uint64) -> None:
    for index in range(count):
        out[index] = (out[index] ^ (out[index] >> U(32))) & mask


@nb.njit(nogil=True)
def _fine(value: np.uint32) -> np.uint64:
    return U((value >> _FINE_SHIFT) & _FINE_MASK)


@nb.njit(nogil=True)
def _coarse(value: np.uint32) -> np.uint64:
    return U(value >> _COARSE_SHIFT)


@nb.njit(nogil=True)
def _mark_runs(count: int, breaks: U8, near: U8, firsts: I32, lasts: I32) -> None:
    for i in range(count):
        firsts[i] = firsts[i - 1] if i > 0 and near[i] == 2 and near[i - 1] == 2 and not breaks[i] else i
    for i in range(count - 1, -1, -1):
        lasts[i] = lasts[i + 1] if i + 1 < count and near[i] == 2 and near[i + 1] == 2 and not breaks[i + 1] else i


@nb.njit(nogil=True)
def recall(count: int, forms: U64, small: U64, shapes: U8, labels: U8, elsewhere: U8, longer: U8) -> None:
    """Fills what the other places of a document say of the same word: `elsewhere` is the commonest type there (1 + 4 * type, + 1 where it
    is not the only one, + 2 where it is and was seen twice; 0 nowhere), `longer` the commonest type of longer names with the word in
    them (1 + type, 0 for none). labels: those of a first pass."""
    size = 16
    while size < 2 * count + 2:
        size *= 2
    keys, tally, slots = np.zeros(size, np.uint64), np.zeros((size, 11), np.int32), np.empty(count, np.int64)
    for i in range(count):
        slots[i] = -1
        if shapes[i] == WORD or shapes[i] == MARK or shapes[i] == NUMBER:
            continue
        # Capitals are a word of their own: UN is not Mr Un.
        value = forms[i] if shapes[i] == CAPITALS else small[i]
        slot = slot_of(keys, value)
        keys[slot], slots[i] = value, slot
        kind = _UNSEEN if labels[i] == _OUTSIDE else (labels[i] - 1) // 4
        tally[slot, kind] += 1
        if labels[i] != _OUTSIDE and (labels[i] - 1) % 4 != _SINGLE:
            tally[slot, 6 + kind] += 1
    for i in range(count):
        elsewhere[i] = longer[i] = 0
        if slots[i] < 0:
            continue
        own = _UNSEEN if labels[i] == _OUTSIDE else (labels[i] - 1) // 4
        best, most, total = _commonest(tally[slots[i], :6], own)
        if best >= 0:
            elsewhere[i] = 1 + 4 * best + (1 if most < total else 2 if most > 1 else 0)
        part = own if labels[i] != _OUTSIDE and (labels[i] - 1) % 4 != _SINGLE else -1
        longer[i] = 1 + _commonest(tally[slots[i], 6:], part)[0]


@nb.njit(nogil=True)
def _commonest(tally: I32, own: int) -> tuple[int, int, int]:
    """The commonest kind (-1 for none) with its times and those of all, one time of `own` left out."""
    best, most, total = -1, 0, 0
    for kind in range(len(tally)):
        times = tally[kind] - (kind == own)
        total += times
        if times > most:
            best, most = kind, times
    return best, most, total
