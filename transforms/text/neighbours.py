"""Rows of `sketches` set beside each other: which are one story, which holds which, how much alike two are. Pure and order-free."""

import dataclasses
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Self

import numpy as np
import numpy.typing as npt

from schemas import Row
from transforms.text import verdicts
from transforms.text.pairs import FEATURES, I64, Sketches, candidates, features, gathered
from transforms.text.relations import DAY, WINDOW
from transforms.text.sketch import SKETCH_VERSION, Sketch

ARRAYS = ("shingles", "numbers", "headline", "lead", "names")
COLUMNS = (
    *("story_id", "chain", "evolved_chain", "provider", "published_at", "published_precision", "sketch_version", "signal", "title_keys"),
    *ARRAYS,
)
"""What is read of a sketch."""

_MARKED = frozenset(("update", "correction", "repeat"))
"""Signals of a story that says of itself that it is told again."""

_DIGITS = 4
"""Of a similarity: the last ones of a floating-point number may differ between machines."""


@dataclasses.dataclass(frozen=True)
class Neighbours:
    """Sketches of stories, by story_id in order."""

    ids: list[str]
    stories: Sketches
    linked: frozenset[tuple[int, int]] = frozenset()
    """Places of two stories of which one says that it comes from the other's chain, in order."""

    @classmethod
    def of(cls, rows: Iterable[Row]) -> Self:
        """Those rows that have a sketch of today's version, each story once."""
        kept = {row["story_id"]: row for row in rows if row["sketch_version"] == SKETCH_VERSION and row["shingles"] is not None}
        ordered = [kept[story_id] for story_id in sorted(kept)]
        providers = {name: number for number, name in enumerate(sorted({row["provider"] or "" for row in ordered}))}
        stories = gathered(
            [Sketch(*(np.frombuffer(row[name] or b"", "<u4") for name in ARRAYS)) for row in ordered],
            [int(row["published_at"].timestamp()) for row in ordered],
            [int(DAY.total_seconds()) if row["published_precision"] == "day" else 0 for row in ordered],
            [providers[row["provider"] or ""] for row in ordered],
            [row["signal"] in _MARKED or row["evolved_chain"] is not None for row in ordered],
        )
        return cls([row["story_id"] for row in ordered], stories, frozenset(_linked(ordered)))

    def related(self, new: Collection[str], across: bool = False) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """Pairs of ids that are one story, and pairs (roundup, story) of which the first holds the second: of all that share a key within
        the window and of which one at least is `new` (with `across`, one alone)."""
        fresh = np.array([story_id in new for story_id in self.ids], np.bool_)
        left, right = candidates(self.stories, fresh, int(WINDOW.total_seconds()), across)
        found = features(self.stories, left, right)
        same = verdicts.same_story(found, verdicts.similarity(found), self._are_linked(left, right))
        held = verdicts.contains(found)
        pairs = [(self.ids[one], self.ids[other]) for one, other in zip(left[same].tolist(), right[same].tolist(), strict=True)]
        return pairs, [self._ordered(one, other) for one, other in zip(left[held].tolist(), right[held].tolist(), strict=True)]

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

    def similarities(self, pairs: Sequence[tuple[str, str]]) -> dict[tuple[str, str], tuple[float, float]]:
        """How much of both texts of each pair of ids is the same, and how probably they are one story (each 0..1); pairs without two
        sketches are left out."""
        place: Mapping[str, int] = {story_id: index for index, story_id in enumerate(self.ids)}
        known = [pair for pair in pairs if pair[0] in place and pair[1] in place]
        left: I64 = np.array([place[one] for one, _ in known], np.int64)
        right: I64 = np.array([place[other] for _, other in known], np.int64)
        found = features(self.stories, left, right)
        rounded = (np.round(values, _DIGITS).tolist() for values in (found[:, FEATURES.index("jaccard")], verdicts.similarity(found)))
        return dict(zip(known, zip(*rounded, strict=True), strict=True))


def _linked(rows: Sequence[Row]) -> Iterator[tuple[int, int]]:
    places: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        places.setdefault(row["chain"], []).append(place)
    for place, row in enumerate(rows):
        for other in places.get(row["evolved_chain"], ()):
            yield min(place, other), max(place, other)
