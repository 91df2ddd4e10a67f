"""What tells whether a full stop ends a sentence."""

import bisect
import re
from collections.abc import Sequence

from transforms.text.quote_regions import Region

_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Lt|Col|Capt|Sgt|Maj|Prof|Rev|St|No|vs|Inc|Corp|Co|Ltd|Jr|Sr|Hon)|\b[^\W\d_])\.$"
)
_LONGEST_ABBREVIATION = 6


def ends_in_abbreviation(text: str, low: int, end: int) -> bool:
    """Whether the full stop before `end` belongs to a short form or an initial (of `text[low:end]`)."""
    return _ABBREVIATION.search(text, max(low, end - _LONGEST_ABBREVIATION), end) is not None


class Sentences:
    """The sentences of one body by its quoted regions, which are those of depth 0."""

    def __init__(self, regions: Sequence[Region]) -> None:
        self._starts = [r.start for r in regions]
        self._ends = [r.end for r in regions]

    def quoted(self, at: int) -> bool:
        """Whether a place lies within quotation marks."""
        index = bisect.bisect_right(self._starts, at) - 1
        return index >= 0 and at < self._ends[index]
