"""Clean: pieces to stories, validated against the contract."""

import dataclasses
import datetime as dt
from collections.abc import Iterator
from typing import Any

import apache_beam as beam

from schemas import Row, Story
from transforms.fn import Fn
from transforms.ledger import Failure, refusal
from transforms.metrics import count
from transforms.outputs import Outputs
from transforms.parse import Piece
from transforms.text import identity
from transforms.text.cleaning import clean, load


@dataclasses.dataclass(frozen=True)
class Cleaned:
    """A story and its delivery, as rows."""

    story: Row
    delivery: Row


@dataclasses.dataclass(eq=False)
class Clean(beam.PTransform):
    """Piece to Cleaned; `failed` Failure. `now` bounds the dates that are believed."""

    run: str
    now: dt.datetime

    def expand(self, pieces: beam.PCollection[Piece]) -> Outputs:
        """Wires the cleaner."""
        return pieces | "CleanPiece" >> beam.ParDo(_CleanPiece(self.run, self.now)).with_outputs("failed", main="cleaned")


class _CleanPiece(Fn):
    def __init__(self, run: str, now: dt.datetime) -> None:
        self._run, self._now = run, now

    def setup(self) -> None:
        load()

    def process(self, element: Piece) -> Iterator[Any]:
        try:
            story = story_row(element, self._run, self._now)
        except Exception as error:  # noqa: BLE001 - one bad item never stops the others
            count("Clean", "failed")
            payload = element.parsed.body.encode("utf-8", "backslashreplace")
            yield beam.pvalue.TaggedOutput("failed", Failure("clean", refusal(error), element.delivery, payload))
            return
        yield Cleaned(story, {**element.delivery, "versioncreated": story["versioncreated"]})


def story_row(piece: Piece, run: str, now: dt.datetime) -> Row:
    """A valid row of `stories` from a piece; countries and relations are still open. Raises RefusedError or ValidationError."""
    row = clean(piece.parsed, piece.origin, now)
    row["run"] = run
    row["content_hash"] = identity.content_hash(row)
    row["story_id"] = row["cluster_id"] = identity.story_id(row)
    return Story.model_validate(row).model_dump()
