"""A news ticker: headlines in capitals on one line, apart by two stars ('FIRST HEADLINE ** SECOND **').

It is one story with a paragraph a headline; the line has neither headline nor date of its own."""

import re

from transforms.text.formats import Format
from transforms.text.formats.document import Document
from transforms.text.parsed import Parsed, RefusedError

_STARS = re.compile(r"\*\*+")
_LEAST = 3
"""Headlines of the shortest ticker."""

_CAPITALS = 0.8
"""Least share of capitals among its letters: a name may keep its small ones ('McDONALD', 'iPHONE')."""


def sniff(document: Document) -> bool:
    """Whether the input begins with at least three short pieces in capitals between double stars."""
    pieces = [piece for part in _STARS.split(document.start[:2000]) if (piece := part.strip())][: 2 * _LEAST]
    if len(pieces) < _LEAST or any(len(piece) > 150 or "\n\n" in piece for piece in pieces[:_LEAST]):
        return False
    letters = [char for char in "".join(pieces) if char.isalpha()]
    return sum(map(str.isupper, letters)) >= max(_LEAST, _CAPITALS * len(letters))


def parse(document: Document) -> list[Parsed]:
    """The ticker as one story. Raises RefusedError (`empty`, and those of `decode`)."""
    headlines = [" ".join(piece.split()) for piece in _STARS.split(document.text)]
    headlines = [piece for piece in headlines if any(map(str.isalnum, piece))]
    if not headlines:
        raise RefusedError("empty", "the ticker holds no headline")
    return [Parsed(format=FORMAT.name, genre="ticker", body="\n\n".join(headlines), extra={"headlines": len(headlines)})]


FORMAT = Format(name="ticker", sniff=sniff, parse=parse, order=70)
