"""A story's text cut into pieces at every edge of a name or a quotation, for a page that shows them.

Offsets in the lake count code points, JavaScript counts UTF-16: so the cutting is done here."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

Piece = str | list[object]
"""Plain words, or `[words, number of the name or -1, numbers of the quotations]`; the last is left out where there is none."""

_BREAK = "\n\n"


class Mark(NamedTuple):
    """Characters `start` to `end` of a text, and the number of what they are."""

    start: int
    end: int
    number: int


def paragraphs(body: str, names: Iterable[Mark], quotes: Iterable[Mark]) -> list[tuple[int, list[Piece]]]:
    """Every paragraph as where it begins in `body` and its pieces, whose words together are the paragraph.

    Marks may lie in one another and overlap, and go on over paragraphs; of names the shortest holds. What of a mark lies outside the
    text is left out."""
    names, quotes = _within(names, len(body)), _within(quotes, len(body))
    found: list[tuple[int, list[Piece]]] = []
    spans = list(_spans(body))
    cuts = sorted({edge for mark in [*names, *quotes] for edge in mark[:2]} | {edge for span in spans for edge in span})
    ahead = _Open(names), _Open(quotes)
    at = 0
    for start, end in spans:
        while cuts[at] < start:
            at += 1
        pieces: list[Piece] = []
        while cuts[at] < end:
            pieces.append(_piece(body[cuts[at] : cuts[at + 1]], *(marks.over(cuts[at]) for marks in ahead)))
            at += 1
        found.append((start, pieces))
    return found


def _within(marks: Iterable[Mark], length: int) -> list[Mark]:
    clipped = (Mark(max(0, mark.start), min(length, mark.end), mark.number) for mark in marks)
    return sorted(mark for mark in clipped if mark.start < mark.end)


def _spans(body: str) -> Iterator[tuple[int, int]]:
    """Where the paragraphs lie."""
    start = 0
    while start < len(body):
        end = body.find(_BREAK, start)
        end = len(body) if end < 0 else end
        if end > start:
            yield start, end
        start = end + len(_BREAK)


class _Open:
    """Marks in the order of their starts, asked for one place after the other."""

    def __init__(self, marks: Sequence[Mark]) -> None:
        self._marks, self._next, self._open = marks, 0, list[Mark]()

    def over(self, place: int) -> list[Mark]:
        """Those that lie over the character at a place, the earliest first."""
        while self._next < len(self._marks) and self._marks[self._next].start <= place:
            self._open.append(self._marks[self._next])
            self._next += 1
        self._open = [mark for mark in self._open if mark.end > place]
        return self._open


def _piece(words: str, names: list[Mark], quotes: list[Mark]) -> Piece:
    if not names and not quotes:
        return words
    name = min(names, key=lambda mark: mark.end - mark.start).number if names else -1
    return [words, name, [mark.number for mark in quotes]] if quotes else [words, name]
