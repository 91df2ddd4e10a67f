"""Sketches as the lake has them, compared: which stories are one, and which hold which."""

import concurrent.futures
import dataclasses
import functools
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from schemas import TABLES, Row
from transforms.text import verdicts
from transforms.text.pair_search import candidates
from transforms.text.pairs import FEATURES, I64, U32, Sketches, features, interleaved
from transforms.text.relations import DAY, WINDOW
from transforms.text.sketch import SKETCH_VERSION

ARRAYS = ("shingles", "numbers", "headline", "lead", "names")
_COLUMNS = (
    *("story_id", "chain", "evolved_chain", "provider", "published_at", "published_precision", "sketch_version", "signal", "title_keys"),
    *("keys", *ARRAYS),
)
SKETCHES = pa.schema([TABLES["sketches"].arrow_schema().field(name).with_nullable(True) for name in _COLUMNS])
"""What is read of `sketches`."""

_MARKED = pa.array(["update", "correction", "repeat"])
"""Signals of a story that says of itself that it is told again."""

_DIGITS = 4
"""Of a similarity: the last ones of a floating-point number may differ between machines."""

_MICROSECONDS = 1_000_000

_PAIRS_A_LOT = 2**14
"""Whose features are held at once, some 3 MB: there are a hundred times more pairs than are one story."""


def sketch_table(rows: Iterable[Row] = ()) -> pa.Table:
    """Rows of `sketches` as a table of what is read of them; null where one lacks it."""
    return pa.Table.from_pylist(list(rows), schema=SKETCHES)


def once(sketches: pa.Table) -> pa.Table:
    """Each story once, in the order of `story_id`."""
    ids = np.array(sketches["story_id"].to_pylist(), dtype=object)
    return sketches.take(pa.array(np.unique(ids, return_index=True)[1])) if len(ids) else sketches


@dataclasses.dataclass(frozen=True)
class Neighbours:
    """Sketches of stories, by story_id in order."""

    ids: list[str]
    stories: Sketches
    linked: frozenset[tuple[int, int]] = frozenset()
    """Places of two stories of which one says that it comes from the other's chain, in order."""

    @classmethod
    def of(cls, sketches: pa.Table) -> Self:
        """Those rows (of `SKETCHES`) that have a sketch of today's version, each story once."""
        valid = pc.and_(pc.equal(sketches["sketch_version"], SKETCH_VERSION), sketches["shingles"].is_valid())
        table = once(sketches if pc.all(valid, skip_nulls=False).as_py() else sketches.filter(valid))
        slack = pc.equal(table["published_precision"], "day").to_numpy().astype(np.int64) * int(DAY.total_seconds())
        marked = pc.or_(pc.is_in(table["signal"], _MARKED), table["evolved_chain"].is_valid())
        providers = pc.fill_null(table["provider"], "").combine_chunks().dictionary_encode().indices
        stories = Sketches(
            *interleaved([integers(table[name]) for name in ARRAYS]),
            table["published_at"].cast(pa.int64()).to_numpy() // _MICROSECONDS,
            slack,
            providers.to_numpy().astype(np.int64),
            marked.to_numpy().astype(np.bool_),
        )
        return cls(table["story_id"].to_pylist(), stories, frozenset(_linked(table)))

    def related(self, new: Collection[str], across: bool = False) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """Pairs of ids that are one story, and pairs (roundup, story) of which the first holds the second: of all that share a key within
        the window and of which one at least is `new` (with `across`, one alone)."""
        fresh = np.array([story_id in new for story_id in self.ids], np.bool_)
        left, right = candidates(self.stories, fresh, int(WINDOW.total_seconds()), across)
        lots = [slice(start, start + _PAIRS_A_LOT) for start in range(0, len(left), _PAIRS_A_LOT)]
        # The kernel leaves other threads free to run.
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as threads:
            judged = list(threads.map(lambda lot: self._judged(left[lot], right[lot]), lots))
        same = [(self.ids[one], self.ids[other]) for alike, _ in judged for one, other in alike]
        return same, [self._ordered(one, other) for _, holding in judged for one, other in holding]

    def _judged(self, left: I64, right: I64) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        """Of some pairs of places, those that are one story and those of which one holds the other."""
        found = features(self.stories, left, right)
        same = verdicts.same_story(found, verdicts.similarity(found), self._are_linked(left, right))
        held = verdicts.contains(found)
        alike, holding = (list(zip(left[which].tolist(), right[which].tolist(), strict=True)) for which in (same, held))
        return alike, holding

    @property
    def marked(self) -> frozenset[str]:
        """Stories that say of themselves that they are told again."""
        return frozenset(story_id for story_id, marked in zip(self.ids, self.stories.marked.tolist(), strict=True) if marked)

    def _are_linked(self, left: I64, right: I64) -> npt.NDArray[np.bool_]:
        if not self.linked:
            return np.zeros(len(left), np.bool_)
        return np.array([pair in self.linked for pair in zip(left.tolist(), right.tolist(), strict=True)], np.bool_)

    def _ordered(self, one: int, other: int) -> tuple[str, str]:
        sizes = self.stories.offsets[:, 1] - self.stories.offsets[:, 0]
        return (self.ids[one], self.ids[other]) if sizes[one] > sizes[other] else (self.ids[other], self.ids[one])

    @functools.cached_property
    def _places(self) -> Mapping[str, int]:
        return {story_id: index for index, story_id in enumerate(self.ids)}

    def similarities(self, pairs: Sequence[tuple[str, str]]) -> dict[tuple[str, str], tuple[float, float]]:
        """How much of both texts of each pair of ids is the same, and how probably they are one story (each 0..1); pairs without two
        sketches are left out."""
        place = self._places
        known = [pair for pair in pairs if pair[0] in place and pair[1] in place]
        left: I64 = np.array([place[one] for one, _ in known], np.int64)
        right: I64 = np.array([place[other] for _, other in known], np.int64)
        found = features(self.stories, left, right)
        rounded = (np.round(values, _DIGITS).tolist() for values in (found[:, FEATURES.index("jaccard")], verdicts.similarity(found)))
        return dict(zip(known, zip(*rounded, strict=True), strict=True))


def integers(column: pa.Array | pa.ChunkedArray) -> tuple[U32, I64]:
    """The little-endian unsigned 32-bit integers of all rows of a binary column, and how many each row has: none where it is null."""
    chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    held = [pc.fill_null(chunk, b"") if chunk.null_count else chunk for chunk in chunks if len(chunk)]
    sizes = [pc.binary_length(chunk).to_numpy().astype(np.int64) // 4 for chunk in held]
    # Of all chunks one copy alone: there are a hundred thousand stories in the window of a large feed.
    values = np.concatenate([np.zeros(0, np.uint8), *map(_bytes_of, held)])
    return values.view("<u4"), np.concatenate([np.zeros(0, np.int64), *sizes])


def _bytes_of(chunk: pa.Array) -> npt.NDArray[np.uint8]:
    first, last = np.frombuffer(chunk.buffers()[1], "<i4", len(chunk) + 1, chunk.offset * 4)[[0, -1]].tolist()
    return np.frombuffer(chunk.buffers()[2] or b"", np.uint8)[first:last]


def _linked(table: pa.Table) -> Iterator[tuple[int, int]]:
    evolved = table["evolved_chain"]
    if evolved.null_count == len(evolved):
        return
    places: dict[str, list[int]] = {}
    for place, chain in enumerate(table["chain"].to_pylist()):
        places.setdefault(chain, []).append(place)
    for place, chain in enumerate(evolved.to_pylist()):
        for other in places.get(chain, ()):
            yield min(place, other), max(place, other)
