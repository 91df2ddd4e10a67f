"""From the code points of a text to labelled tokens, compiled: two passes of a linear-chain model over the tokens near capitals.

The second pass adds what the first found in the rest of the document to the sums of the first; both have the same weights. Labels are
0 (no name) and 1 + 4 * type + part, part being B, I, E or S: begin, inside and end of a name, or a name of one token."""

import numba as nb
import numpy as np
import numpy.typing as npt

from transforms.text.tagger_features import MOST, Tokens, base_features, describe, document_features, recall
from transforms.text.tagger_tokens import I32, U8, U32, U64, tokenise

I8 = npt.NDArray[np.int8]
I16 = npt.NDArray[np.int16]

TYPES = ("PER", "ORG", "LOC", "NORP", "MISC")
LABELS = 1 + 4 * len(TYPES)
WIDTH = 32
"""Columns of the weights in memory: the labels, and zeros up to a power of two, so that a row is added in one step of the processor."""
LONGEST = 4000
"""Tokens of one stretch that are decoded together; a longer one is a table, and is cut there."""
_NEVER = -(1 << 28)


@nb.njit(nogil=True)
def allowed(before: int, after: int) -> bool:
    """Whether one label may follow another."""
    part = (after - 1) % 4
    inner = after > 0 and (part == 1 or part == 2)
    if before > 0 and (before - 1) % 4 < 2:
        return inner and (before - 1) // 4 == (after - 1) // 4
    return not inner


@nb.njit(nogil=True)
def _predecessors() -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """For each label those that may stand before it, and how many."""
    lists, sizes = np.zeros((LABELS, LABELS), np.int64), np.zeros(LABELS, np.int64)
    for after in range(LABELS):
        for before in range(LABELS):
            if allowed(before, after):
                lists[after, sizes[after]] = before
                sizes[after] += 1
    return lists, sizes


@nb.njit(nogil=True)
def _add(weights: I8, features: U64, count: int, total: I16) -> None:
    for index in range(count):
        row = features[index]
        for label in range(WIDTH):
            total[label] += np.int16(weights[row, label])


@nb.njit(nogil=True)
def _decode(
    sums: I16,
    first: int,
    length: int,
    moves: I32,
    lists: npt.NDArray[np.int64],
    sizes: npt.NDArray[np.int64],
    back: U8,
    labels: U8,
    at: int,
) -> None:
    """Writes the best labels of `length` tokens from `at` on, whose sums are rows of `sums` from `first` on."""
    current, following = np.zeros(LABELS, np.int32), np.zeros(LABELS, np.int32)
    for label in range(LABELS):
        current[label] = moves[0, label] + sums[first, label] if allowed(0, label) else _NEVER
    for step in range(1, length):
        for label in range(LABELS):
            best, chosen = np.int32(-(1 << 30)), 0
            for index in range(sizes[label]):
                before = lists[label, index]
                value = current[before] + moves[before, label]
                if value > best:
                    best, chosen = value, before
            following[label] = best + sums[first + step, label]
            back[step, label] = chosen
        current[:] = following
    best, chosen = np.int32(-(1 << 30)), 0
    for label in range(LABELS):
        if allowed(label, 0) and current[label] + moves[label, 0] > best:
            best, chosen = current[label] + moves[label, 0], label
    for step in range(length - 1, -1, -1):
        labels[at + step] = chosen
        chosen = back[step, chosen]


@nb.njit(nogil=True)
def _decode_all(count: int, near: U8, breaks: U8, rows: I32, sums: I16, moves: I32, labels: U8) -> None:
    """Decodes every stretch of tokens near capitals; all others are no names."""
    lists, sizes = _predecessors()
    back = np.zeros((LONGEST, LABELS), np.uint8)
    i = 0
    while i < count:
        labels[i] = 0
        if not near[i]:
            i += 1
            continue
        end = i + 1
        while end < count and near[end] and not breaks[end] and end - i < LONGEST:
            end += 1
        _decode(sums, rows[i], end - i, moves, lists, sizes, back, labels, i)
        i = end


@nb.njit(nogil=True)
def tokens_of(text: U32, kinds: U8, lower: U32, short: U32, shorts: U32, keys: U32, table: U32) -> Tokens:
    """The tokens of a text and what they are by themselves: count, starts, ends, shapes, breaks, and the columns of `describe`.

    short, shorts: the abbreviations; keys, table: the words; both by `filled`."""
    size = len(text) + 1
    starts, ends, shapes, breaks = np.empty(size, np.int32), np.empty(size, np.int32), np.empty(size, np.uint8), np.empty(size, np.uint8)
    count = tokenise(text, kinds, short, shorts, starts, ends, shapes, breaks)
    forms, small = np.empty(count, np.uint64), np.empty(count, np.uint64)
    words, lists = np.empty(count, np.uint32), np.empty(count, np.uint32)
    near, opens, headed = np.empty(count, np.uint8), np.empty(count, np.uint8), np.empty(count, np.uint8)
    seen, firsts, lasts = np.empty(count, np.uint8), np.empty(count, np.int32), np.empty(count, np.int32)
    describe(
        text, lower, count, starts, ends, shapes, breaks, keys, table, forms, small, words, lists, near, opens, headed, seen, firsts, lasts
    )
    return (
        count, starts[:count].copy(), ends[:count].copy(), shapes[:count].copy(), breaks[:count].copy(), forms, small, words, lists, near,
        opens, headed, seen, firsts, lasts,
    )  # fmt: skip


@nb.njit(nogil=True)
def label_tokens(
    text: U32, kinds: U8, lower: U32, short: U32, shorts: U32, keys: U32, table: U32, weights: I8, moves: I32
) -> tuple[int, I32, I32, U8, U8, U8, U64, U64, U8]:
    """Tokens and their labels: count, starts, ends, shapes, breaks, near, hashes of forms and of lower case, labels.

    short, shorts, keys, table: as in `tokens_of`; weights: a row of WIDTH for each feature; moves[before, after]."""
    tokens = tokens_of(text, kinds, lower, short, shorts, keys, table)
    count, starts, ends, shapes, breaks, forms, small, _, _, near, opens, headed, _, firsts, lasts = tokens
    labels = np.empty(count, np.uint8)
    rows, chosen = np.empty(count, np.int32), 0
    for i in range(count):
        rows[i] = chosen
        chosen += near[i] > 0
    sums, features, mask = np.zeros((chosen, WIDTH), np.int16), np.empty(MOST, np.uint64), np.uint64(len(weights) - 1)
    for i in range(count):
        if near[i]:
            found = base_features(text, lower, tokens, i, mask, features)
            _add(weights, features, found, sums[rows[i]])
    _decode_all(count, near, breaks, rows, sums, moves, labels)
    elsewhere, longer = np.empty(count, np.uint8), np.empty(count, np.uint8)
    recall(count, forms, small, shapes, labels, elsewhere, longer)
    for i in range(count):
        if near[i]:
            found = document_features(count, breaks, firsts, lasts, opens, headed, shapes, elsewhere, longer, i, mask, features)
            _add(weights, features, found, sums[rows[i]])
    _decode_all(count, near, breaks, rows, sums, moves, labels)
    return count, starts, ends, shapes, breaks, near, forms, small, labels
