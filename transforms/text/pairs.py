"""Pairs of stories: which share a key, and the features by which two sketches are compared. Compiled; a pair's features are the same from
either side. `verdicts` says what follows from them."""

import dataclasses
from collections.abc import Sequence

import numba as nb
import numpy as np
import numpy.typing as npt

from transforms.text.sketch import KEYS, MAX_SHINGLES, Sketch

U32 = npt.NDArray[np.uint32]
I64 = npt.NDArray[np.int64]
F64 = npt.NDArray[np.float64]
Place = int | np.int64

FEATURES = (
    "containment", "jaccard", "log_shared", "log_smaller", "numbers_agree", "numbers", "numbers_missing", "headline_least", "headline_most",
    "log_gap", "same_provider", "marked", "agreement", "names_agree", "names_missing", "lead", "headline_numbers_missing",
    "numbers_density", "numbers_jaccard", "size_ratio",
)  # fmt: skip
"""In the order of the kernel's columns. `containment` is what the smaller sketch shares with the other; `numbers_density` the numbers to a
shingle in the text that has fewer; `size_ratio` the smaller's shingles to the larger's."""

OVERLAP = 0.25
"""Share of the shorter text (`containment`) below which nothing else is looked at: a line that stands below every story of a service is a
key that strangers share, and takes less. What a wire says of two stories (this one comes from that one) is believed from here on as well:
guids are mistyped, and templates name the last day's story as their source."""

MOST_SHARED = 2**12
"""A key that more stories of a window share says nothing: comparing them all would take the run. Which are passed over then depends on what
is known when a story comes, so this is far above what a service publishes in a window."""

_WORDS = 32
"""Of 64 marks each: stories of 96 shingles that share none share 4 of 2,048 marks by chance, a quarter are 24."""

_KINDS = 5
_SHINGLES, _NUMBERS, _HEADLINE, _LEAD, _NAMES = range(_KINDS)
_MOST_COUNTED = 10
_HOUR = 3600.0
_HALF, _LOW = np.uint64(32), np.uint64(0xFFFFFFFF)
_ALL = np.uint32(0xFFFFFFFF)
_EVEN = np.uint32(0xFFFFFFFE)


@dataclasses.dataclass(frozen=True)
class Sketches:
    """Many stories' sketches as arrays: `values[offsets[i, k] : offsets[i, k + 1]]` is kind k of story i, in the order of Sketch's fields.

    `published` are seconds since 1970, `slack` the seconds by which the window is wider for stories known to the day alone, `provider` any
    number that tells providers apart, `marked` whether a story says that it is a version (UPDATE, CORRECTED)."""

    values: U32
    offsets: I64
    published: I64
    slack: I64
    provider: I64
    marked: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.published)

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return sum(getattr(self, field.name).nbytes for field in dataclasses.fields(self))


def gathered(
    sketches: Sequence[Sketch], published: Sequence[int], slack: Sequence[int], provider: Sequence[int], marked: Sequence[bool]
) -> Sketches:
    """Sketches and what else a decision looks at, side by side."""
    kinds = [[getattr(sketch, field.name) for sketch in sketches] for field in dataclasses.fields(Sketch)]
    columns = [(np.concatenate([np.zeros(0, np.uint32), *kind]), np.array([len(each) for each in kind], np.int64)) for kind in kinds]
    values, offsets = interleaved(columns)
    times, slacks, providers = (np.array(each, np.int64) for each in (published, slack, provider))
    return Sketches(values, offsets, times, slacks, providers, np.array(marked, np.bool_))


def interleaved(columns: Sequence[tuple[U32, I64]]) -> tuple[U32, I64]:
    """`values` and `offsets` of Sketches, from each kind's values of all stories, and how many of them each story has."""
    sizes = np.stack([each for _, each in columns], axis=1)
    ends = np.zeros(sizes.size + 1, np.int64)
    np.cumsum(sizes.ravel(), out=ends[1:])
    offsets = ends[np.arange(len(sizes))[:, None] * _KINDS + np.arange(_KINDS + 1)]
    values = np.empty(ends[-1], np.uint32)
    for kind, (held, size) in enumerate(columns):
        first = np.cumsum(size) - size
        values[np.repeat(offsets[:, kind] - first, size) + np.arange(len(held))] = held
    return values, offsets


def candidates(
    stories: Sketches, new: npt.NDArray[np.bool_], window: int, across: bool = False, most: int = MOST_SHARED
) -> tuple[I64, I64]:
    """Indices of pairs, each once, in order and the smaller first, that share a key within the window (seconds) and `OVERLAP` of the
    shorter text, and of which one at least is `new`; with `across`, of which one alone is. Keys that more than `most` share are passed
    over."""
    return _candidates(stories.values, stories.offsets, stories.published, stories.slack, new.astype(np.bool_), window, across, most)


@nb.njit(cache=True, nogil=True)
def _candidates(
    values: U32, offsets: I64, published: I64, slack: I64, new: npt.NDArray[np.bool_], window: int, across: bool, most: int
) -> tuple[I64, I64]:
    # Stories are gone through by time, and what is looked at of each lies in that order: those that share a key with one come from side to
    # side of these arrays, where the cost is to fetch, not to compare.
    order = np.argsort(published)
    times, slacks, fresh = published[order], slack[order], new[order]
    starts, ends = offsets[order, 0], offsets[order, 1]
    packed = _by_key(values, starts, ends)
    telling = _telling(packed, times, window, most)
    furthest = window + (2 * slack.max() if len(slack) else 0)
    marks, hidden = _marks(values, starts, ends)
    sizes, last = ends - starts, values[np.maximum(ends, 1) - 1]
    met = np.full(len(order), -1, np.int64)  # with whom a story was compared last
    others = np.empty(len(order), np.int64)
    pairs = np.empty(max(16, len(order)), np.uint64)
    found = 0
    for one in range(len(order)):
        if not fresh[one]:
            continue
        keys = values[starts[one] : min(ends[one], starts[one] + KEYS)]
        count = _meet(packed, telling, times, slacks, fresh, window, furthest, across, one, keys, met, others)
        count = _likely(values, starts, sizes, last, marks, hidden, one, others, count)
        for other in others[:count]:
            left, right = min(order[one], order[other]), max(order[one], order[other])
            shared, smaller, _ = _overlap(values, offsets, left, right)
            if shared >= OVERLAP * smaller:
                if found == len(pairs):
                    pairs = np.concatenate((pairs, np.empty(found, np.uint64)))
                pairs[found] = np.uint64(left) << _HALF | np.uint64(right)
                found += 1
    different = np.sort(pairs[:found])
    return (different >> _HALF).astype(np.int64), (different & _LOW).astype(np.int64)


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


def features(stories: Sketches, left: I64, right: I64) -> F64:
    """The features of pairs, a row each, in the order of `FEATURES`."""
    out = np.empty((len(left), len(FEATURES)), np.float64)
    _features(stories.values, stories.offsets, stories.published, stories.provider, stories.marked, left, right, out)
    return out


@nb.njit(cache=True, nogil=True)
def _shared(values: U32, one: int, one_end: int, other: int, other_end: int, mask: np.uint32) -> int:
    """How many values two sorted stretches share, looked at through a mask."""
    count = 0
    while one < one_end and other < other_end:
        left, right = values[one] & mask, values[other] & mask
        count += left == right
        one += left <= right
        other += right <= left
    return count


@nb.njit(cache=True, nogil=True)
def _below(values: U32, start: int, end: int, bound: np.uint32) -> int:
    """Where the values of a sorted stretch end that are no greater than a bound."""
    while start < end:
        middle = (start + end) // 2
        if values[middle] > bound:
            end = middle
        else:
            start = middle + 1
    return end


@nb.njit(cache=True, nogil=True)
def _holds(values: U32, start: int, end: int, value: np.uint32) -> bool:
    found = False
    for index in range(start, end):
        found = found or values[index] & _EVEN == value
    return found


@nb.njit(cache=True, nogil=True)
def _covered(values: U32, offsets: I64, one: int, other: int) -> float:
    """The share of a headline's words that the other's headline, lead or names have; 1 for a headline without words."""
    words = covered = 0
    for index in range(offsets[one, _HEADLINE], offsets[one, _HEADLINE + 1]):
        if values[index] & np.uint32(1):
            continue
        words += 1
        covered += _holds(values, offsets[other, _HEADLINE], offsets[other, _NAMES + 1], values[index])
    return covered / words if words else 1.0


@nb.njit(cache=True, nogil=True)
def _headline_numbers(values: U32, offsets: I64, story: int, other: int) -> tuple[int, int]:
    """How many numbers a headline has, and how many of them the other's has too."""
    numbers = shared = 0
    for index in range(offsets[story, _HEADLINE], offsets[story, _HEADLINE + 1]):
        if values[index] & np.uint32(1):
            numbers += 1
            for place in range(offsets[other, _HEADLINE], offsets[other, _HEADLINE + 1]):
                shared += values[place] == values[index]
    return numbers, shared


@nb.njit(cache=True, nogil=True)
def _agreement(values: U32, offsets: I64, one: int, other: int, kind: int) -> tuple[int, int]:
    """How many values of a kind the two share, and how many the one with fewer has."""
    first, first_end, second, second_end = offsets[one, kind], offsets[one, kind + 1], offsets[other, kind], offsets[other, kind + 1]
    return _shared(values, first, first_end, second, second_end, _ALL), min(first_end - first, second_end - second)


@nb.njit(cache=True, nogil=True)
def _comparable(values: U32, offsets: I64, one: Place, other: Place) -> tuple[int, int, int, int]:
    """The stretches of two stories' shingles that can be compared: a sample of the smallest hashes says nothing about greater ones, so both
    up to where both are whole."""
    a, a_end, b, b_end = offsets[one, 0], offsets[one, 1], offsets[other, 0], offsets[other, 1]
    if a_end - a == MAX_SHINGLES:
        b_end = _below(values, b, b_end, values[a_end - 1])
    if offsets[other, 1] - b == MAX_SHINGLES:
        a_end = _below(values, a, a_end, values[offsets[other, 1] - 1])
    return a, a_end, b, b_end


@nb.njit(cache=True, nogil=True)
def _overlap(values: U32, offsets: I64, one: Place, other: Place) -> tuple[int, int, int]:
    """How many shingles two stories share, how many the one with fewer has, and how many both have together; of those that can be
    compared."""
    a, a_end, b, b_end = _comparable(values, offsets, one, other)
    shared = _shared(values, a, a_end, b, b_end, _ALL)
    return shared, max(1, min(a_end - a, b_end - b)), a_end - a + b_end - b - shared


@nb.njit(cache=True, nogil=True)
def _features(
    values: U32, offsets: I64, published: I64, provider: I64, marked: npt.NDArray[np.bool_], left: I64, right: I64, out: F64
) -> None:
    for pair in range(len(left)):
        one, other = left[pair], right[pair]
        shared, smaller, together = _overlap(values, offsets, one, other)
        numbers, fewest = _agreement(values, offsets, one, other, _NUMBERS)
        names, fewest_names = _agreement(values, offsets, one, other, _NAMES)
        lead, shorter_lead = _agreement(values, offsets, one, other, _LEAD)
        forth, back = _covered(values, offsets, one, other), _covered(values, offsets, other, one)
        heads, heads_shared = _headline_numbers(values, offsets, one, other)
        heads = min(heads, _headline_numbers(values, offsets, other, one)[0])
        row = out[pair]
        row[0] = shared / smaller
        row[1] = shared / max(1, together)
        row[2] = np.log1p(shared)
        row[3] = np.log1p(smaller)
        row[4] = numbers / fewest if fewest else 1.0
        row[5] = min(fewest, _MOST_COUNTED)
        row[6] = min(fewest - numbers, _MOST_COUNTED)
        row[7] = min(forth, back)
        row[8] = max(forth, back)
        row[9] = np.log1p(abs(published[one] - published[other]) / _HOUR)
        row[10] = provider[one] == provider[other]
        row[11] = marked[one] or marked[other]
        row[12] = (numbers + 1) / (fewest + 2) * row[0]
        row[13] = names / fewest_names if fewest_names else 1.0
        row[14] = min(fewest_names - names, _MOST_COUNTED)
        row[15] = lead / max(1, shorter_lead)
        row[16] = heads - heads_shared
        one_numbers, other_numbers = offsets[one, 2] - offsets[one, 1], offsets[other, 2] - offsets[other, 1]
        one_size, other_size = max(1, offsets[one, 1] - offsets[one, 0]), max(1, offsets[other, 1] - offsets[other, 0])
        row[17] = min(one_numbers / one_size, other_numbers / other_size)
        row[18] = numbers / (one_numbers + other_numbers - numbers) if one_numbers + other_numbers else 1.0
        row[19] = min(one_size, other_size) / max(one_size, other_size)
