"""Where sentences begin and end around quotations."""

import bisect
import re
from collections.abc import Sequence

from transforms.text.quote_regions import Region

REACH = 260
"""Characters around a quotation in which its attribution lies; nothing farther away is looked at."""

_SENTENCE_END = re.compile(r"[.!?]+[\"”»’')\]]*(?=\s+[\"“„«‘'(\[]*[^\Wa-z_]|\s*$)")
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Lt|Col|Capt|Sgt|Maj|Prof|Rev|St|No|vs|Inc|Corp|Co|Ltd|Jr|Sr|Hon)|\b[^\W\d_])\.$"
)
_LONGEST_ABBREVIATION = 6


def ends_in_abbreviation(text: str, low: int, end: int) -> bool:
    """Whether the full stop before `end` belongs to a short form or an initial (of `text[low:end]`)."""
    return _ABBREVIATION.search(text, max(low, end - _LONGEST_ABBREVIATION), end) is not None


class Sentences:
    """The sentences of one body; a full stop inside a quotation that goes on ends none."""

    def __init__(self, body: str, regions: Sequence[Region]) -> None:
        self.body = body
        self._starts = [r.start for r in regions]
        self._ends = [r.end for r in regions]

    def start(self, at: int, low: int) -> int:
        """Start of the sentence that holds `at`, at most REACH before it and not before `low`."""
        begin = max(low, at - REACH)
        start = begin
        for match in _SENTENCE_END.finditer(self.body, begin, at):
            if match.end() < at and not self._goes_on(match.start()) and not ends_in_abbreviation(self.body, begin, match.start() + 1):
                start = match.end()
        while start < at and self.body[start].isspace():
            start += 1
        return start

    def end(self, start: int, limit: int) -> int:
        """Where the sentence that holds `start` ends, its full stop left out, at most `limit`."""
        for match in _SENTENCE_END.finditer(self.body, start, limit):
            if not ends_in_abbreviation(self.body, start, match.start() + 1):
                return match.start()
        return limit

    def quoted(self, at: int) -> bool:
        """Whether a place lies within quotation marks."""
        index = bisect.bisect_right(self._starts, at) - 1
        return index >= 0 and at < self._ends[index]

    def _goes_on(self, at: int) -> bool:
        """Whether a full stop stands inside a quotation and does not end it."""
        index = bisect.bisect_right(self._starts, at) - 1
        return index >= 0 and at < self._ends[index] - 2
