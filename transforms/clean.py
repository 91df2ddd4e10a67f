"""Clean: pieces to stories, validated against the contract."""

import dataclasses
import datetime as dt
import functools
import itertools
from collections.abc import Iterator
from typing import Any

import apache_beam as beam

from schemas import Row, Story
from transforms import helpers
from transforms.batch_rows import at_the_end
from transforms.fn import Fn
from transforms.helpers import Share
from transforms.ledger import Failure, refusal
from transforms.metrics import count
from transforms.outputs import Outputs
from transforms.parse import Piece
from transforms.text import identity
from transforms.text.cleaning import clean, load
from transforms.text.parsed import RefusedError


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


_PIECES_A_LOT = 64
"""What a helper cleans at once."""


class _CleanPiece(Fn):
    def __init__(self, run: str, now: dt.datetime) -> None:
        self._run, self._now = run, now

    def setup(self) -> None:
        load()

    def start_bundle(self) -> None:
        self._lot: list[Piece] = []
        self._share: Share[list[Piece], list[_Outcome]] = Share(functools.partial(_clean_all, self._run, self._now))

    def process(self, element: Piece) -> Iterator[Any]:
        self._lot.append(element)
        if len(self._lot) >= (_PIECES_A_LOT if helpers.there_are() else 1):
            yield from self._given()

    def finish_bundle(self) -> Iterator[Any]:
        last = [*self._given(), *itertools.chain.from_iterable(itertools.starmap(self._done, self._share.rest()))]
        for each in last:
            if isinstance(each, beam.pvalue.TaggedOutput):
                yield beam.pvalue.TaggedOutput(each.tag, at_the_end(each.value))
            else:
                yield at_the_end(each)

    def _given(self) -> Iterator[Any]:
        lot, self._lot = self._lot, []
        for job, outcomes in self._share.give(lot):
            yield from self._done(job, outcomes)

    def _done(self, lot: list[Piece], outcomes: "list[_Outcome] | None") -> Iterator[Any]:
        for piece, outcome in zip(lot, outcomes or _clean_all(self._run, self._now, lot), strict=True):
            if isinstance(outcome, RefusedError):
                count("Clean", "failed")
                payload = piece.parsed.body.encode("utf-8", "backslashreplace")
                yield beam.pvalue.TaggedOutput("failed", Failure("clean", outcome, piece.delivery, payload))
            else:
                yield Cleaned(outcome, {**piece.delivery, "versioncreated": outcome["versioncreated"]})


_Outcome = Row | RefusedError


def _clean_all(run: str, now: dt.datetime, pieces: list[Piece]) -> list[_Outcome]:
    return [_outcome(run, now, piece) for piece in pieces]


def _outcome(run: str, now: dt.datetime, piece: Piece) -> _Outcome:
    try:
        return story_row(piece, run, now)
    except Exception as error:  # noqa: BLE001 - one bad item never stops the others
        return refusal(error)


def story_row(piece: Piece, run: str, now: dt.datetime) -> Row:
    """A valid row of `stories` from a piece; countries and relations are still open. Raises RefusedError or ValidationError."""
    row = clean(piece.parsed, piece.origin, now)
    row["run"] = run
    row["content_hash"] = identity.content_hash(row)
    row["story_id"] = row["cluster_id"] = identity.story_id(row)
    return Story.model_validate(row).model_dump()
