"""Which stories share a key and a part of their text: of millions of pairs, those that are worth their features. Compiled."""

import concurrent.futures
import os

import numba as nb
import numpy as np
import numpy.typing as npt

from transforms.text.pairs import I64, OVERLAP, U32, Sketches, overlap
from transforms.text.sketch import KEYS, MAX_SHINGLES

MOST_SHARED = 2**12
"""A key that more stories of a window share says nothing: comparing them all would take the run. Which are passed over then depends on what
is known when a story comes, so this is far above what a service publishes in a window."""

_WORDS = 32
"""Of 64 marks each: stories of 96 shingles that share none share 4 of 2,048 marks by chance, a quarter are 24."""

_LEAST_A_THREAD = 64
"""Stories whose pairs are looked for by one thread; for fewer a second is not worth its start."""

_HALF, _LOW = np.uint64(32), np.uint64(0xFFFFFFFF)


def candidates(
    stories: Sketches, new: npt.NDArray[np.bool_], window: int, across: bool = False, most: int = MOST_SHARED
) -> tuple[I64, I64]:
    """Indices of pairs, each once, in order and the smaller first, that share a key within the window (seconds) and `OVERLAP` of the
    shorter text, and of which one at least is `new`; with `across`, of which one alone is. Keys that more than `most` share are passed
    over."""
    ready = _ready(stories.values, stories.offsets, stories.published, stories.slack, new.astype(np.bool_), window, most)
    ones = np.flatnonzero(new[ready[0]])
    threads = min(os.cpu_count() or 1, len(ones) // _LEAST_A_THREAD + 1)

    def found(those: I64) -> npt.NDArray[np.uint64]:
        return _found(stories.values, stories.offsets, window, across, those, *ready)

    if threads == 1:
        pairs = found(ones)
    else:
        with concurrent.futures.ThreadPoolExecutor(threads) as pool:
            pairs = np.concatenate(list(pool.map(found, (ones[first::threads].copy() for first in range(threads)))))
    pairs.sort()
    return (pairs >> _HALF).astype(np.int64), (pairs & _LOW).astype(np.int64)


@nb.njit(cache=True, nogil=True)
def _ready(
    values: U32, offsets: I64, published: I64, slack: I64, new: npt.NDArray[np.bool_], window: int, most: int
) -> tuple[I64, I64, I64, npt.NDArray[np.bool_], I64, I64, npt.NDArray[np.uint64], npt.NDArray[np.bool_], npt.NDArray[np.uint64], I64]:
    """The order of stories in time, and what is looked at of each, in that order: those that share a key with one come from side to side of
    these arrays, where the cost is to fetch, not to compare."""
    order = np.argsort(published)
    times, slacks, fresh = published[order], slack[order], new[order]
    starts, ends = offsets[order, 0], offsets[order, 1]
    packed = _by_key(values, starts, ends)
    telling = _telling(packed, times, window, most)
    marks, hidden = _marks(values, starts, ends)
    return order, times, slacks, fresh, starts, ends, packed, telling, marks, hidden


@nb.njit(cache=True, nogil=True)
def _found(
    values: U32,
    offsets: I64,
    window: int,
    across: bool,
    ones: I64,
    order: I64,
    times: I64,
    slacks: I64,
    fresh: npt.NDArray[np.bool_],
    starts: I64,
    ends: I64,
    packed: npt.NDArray[np.uint64],
    telling: npt.NDArray[np.bool_],
    marks: npt.NDArray[np.uint64],
    hidden: I64,
) -> npt.NDArray[np.uint64]:
    """Both numbers of each pair in one, for stories at the places `ones` of what `_ready` gave."""
    furthest = window + (2 * slacks.max() if len(slacks) else 0)
    sizes, last = ends - starts, values[np.maximum(ends, 1) - 1]
    met = np.full(len(order), -1, np.int64)  # with whom a story was compared last
    others = np.empty(len(order), np.int64)
    pairs = np.empty(max(16, len(ones)), np.uint64)
    found = 0
    for one in ones:
        keys = values[starts[one] : min(ends[one], starts[one] + KEYS)]
        count = _meet(packed, telling, times, slacks, fresh, window, furthest, across, one, keys, met, others)
        count = _likely(values, starts, sizes, last, marks, hidden, one, others, count)
        for other in others[:count]:
            left, right = min(order[one], order[other]), max(order[one], order[other])
            shared, smaller, _ = overlap(values, offsets, left, right)
            if shared >= OVERLAP * smaller:
                if found == len(pairs):
                    pairs = np.concatenate((pairs, np.empty(found, np.uint64)))
                pairs[found] = np.uint64(left) << _HALF | np.uint64(right)
                found += 1
    return pairs[:found]


@nb.njit(cache=True, nogil=True)
def _meet(
    packed: npt.NDArray[np.uint64],
    telling: npt.NDArray[np.bool_],
    times: I64,
    slacks: I64,
    fresh: npt.NDArray[np.bool_],
    window: int,
    furthest: int,
    across: bool,
    one: int,
    keys: U32,
    met: I64,
    others: I64,
) -> int:
    """Puts the stories into `others` that share one of its `keys` with a story, within the window, each once; how many. No two stories are
    `furthest` seconds apart and in one window."""
    count = 0
    for key in keys:
        here = np.searchsorted(packed, np.uint64(key) << _HALF | np.uint64(one))
        if not telling[here]:
            continue
        for step in (-1, 1):
            place = here + step
            while 0 <= place < len(packed) and packed[place] >> _HALF == np.uint64(key):
                other, told = np.int64(packed[place] & _LOW), telling[place]
                place += step
                apart = abs(times[one] - times[other])
                if apart > furthest:
                    break
                if met[other] == one or not told or (fresh[other] and (across or step < 0)):
                    continue
                met[other] = one
                if apart <= window + slacks[one] + slacks[other]:
                    others[count] = other
                    count += 1
    return count


@nb.njit(cache=True, nogil=True)
def _by_key(values: U32, starts: I64, ends: I64) -> npt.NDArray[np.uint64]:
    """Key and number of the story of every key of every story (whose shingles lie from its start to its end) in one number, sorted."""
    packed = np.empty(np.minimum(ends - starts, KEYS).sum(), np.uint64)
    at = 0
    for story in range(len(starts)):
        for place in range(starts[story], min(ends[story], starts[story] + KEYS)):
            packed[at] = np.uint64(values[place]) << _HALF | np.uint64(story)
            at += 1
    packed.sort()
    return packed


@nb.njit(cache=True, nogil=True)
def _telling(packed: npt.NDArray[np.uint64], times: I64, window: int, most: int) -> npt.NDArray[np.bool_]:
    """For which keys of which stories (`packed`, with their `times` in order) no more than `most` stories with that key lie within the
    window."""
    telling = np.ones(len(packed), np.bool_)
    start = 0
    while start < len(packed):
        end = start
        while end < len(packed) and packed[end] >> _HALF == packed[start] >> _HALF:
            end += 1
        if end - start > most:
            here = times[(packed[start:end] & _LOW).astype(np.int64)]
            near = np.searchsorted(here, here + window, "right") - np.searchsorted(here, here - window, "left")
            telling[start:end] = near <= most
        start = end
    return telling


@nb.njit(cache=True, nogil=True)
def _marks(values: U32, starts: I64, ends: I64) -> tuple[npt.NDArray[np.uint64], I64]:
    """Each story's shingles as marks in a bitmap, and how many of them found their place marked: two stories share no more shingles than
    marks and the fewer of those. Most that share a key are told apart by that, many times faster than by their shingles."""
    marks = np.zeros((len(starts), _WORDS), np.uint64)
    hidden = np.zeros(len(starts), np.int64)
    for story in range(len(starts)):
        for place in range(starts[story], ends[story]):
            word, bit = (values[place] >> np.uint32(6)) % np.uint32(_WORDS), np.uint64(1) << np.uint64(values[place] & np.uint32(63))
            hidden[story] += marks[story, word] & bit != 0
            marks[story, word] |= bit
    return marks, hidden


@nb.njit(cache=True, nogil=True)
def _likely(
    values: U32, starts: I64, sizes: I64, last: U32, marks: npt.NDArray[np.uint64], hidden: I64, one: int, others: I64, count: int
) -> int:
    """Moves those to the front of the first `count` of `others` that share `OVERLAP` with a story for all that their marks say; how many.

    They share no more than so many; no share of it, then, where both have more that can be compared: all of those that end below 96, and of
    others up to the `last` of a sample. A loop of its own without calls in it, since calls for each pair cost more than all of it."""
    kept = 0
    for other in others[:count]:
        shared = np.uint64(min(hidden[one], hidden[other]))
        for word in range(_WORDS):
            bits = marks[one, word] & marks[other, word]
            bits -= bits >> np.uint64(1) & np.uint64(0x5555555555555555)
            bits = (bits & np.uint64(0x3333333333333333)) + (bits >> np.uint64(2) & np.uint64(0x3333333333333333))
            bits = bits + (bits >> np.uint64(4)) & np.uint64(0x0F0F0F0F0F0F0F0F)
            shared += bits * np.uint64(0x0101010101010101) >> np.uint64(56)
        most = int(shared / OVERLAP)
        if (
            sizes[one] > most
            and sizes[other] > most
            and (sizes[other] < MAX_SHINGLES or values[starts[one] + most] <= last[other])
            and (sizes[one] < MAX_SHINGLES or values[starts[other] + most] <= last[one])
        ):
            continue
        others[kept] = other
        kept += 1
    return kept
