"""Sketches side by side, and the features by which a pair of them is compared. Compiled; a pair's features are the same from either side.
`pair_search` says which pairs are compared, `verdicts` what follows."""

import dataclasses
from collections.abc import Sequence

import numba as nb
import numpy as np
import numpy.typing as npt

from transforms.text.sketch import MAX_SHINGLES, Sketch

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

_KINDS = 5
_SHINGLES, _NUMBERS, _HEADLINE, _LEAD, _NAMES = range(_KINDS)
_MOST_COUNTED = 10
_HOUR = 3600.0
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
        _put(values, offsets[:, kind].copy(), held, size)
    return values, offsets


@nb.njit(cache=True, nogil=True)
def _put(values: U32, starts: I64, held: U32, sizes: I64) -> None:
    """Puts the values of each story, which lie one after the other in `held`, where they start: what numpy needs for it is four times as
    large as they are."""
    first = 0
    for story in range(len(sizes)):
        values[starts[story] : starts[story] + sizes[story]] = held[first : first + sizes[story]]
        first += sizes[story]


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
def overlap(values: U32, offsets: I64, one: Place, other: Place) -> tuple[int, int, int]:
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
        shared, smaller, together = overlap(values, offsets, one, other)
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
