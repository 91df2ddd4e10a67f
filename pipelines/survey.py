"""What some inputs hold, before anything is decided: each piece with the date of its story. Half of the pipeline, and no part written."""

import dataclasses
import datetime as dt
import json
from collections.abc import Iterable, Iterator

import apache_beam as beam

from pipelines.errors import WirelakeError
from pipelines.sources.inputs import Input, ReadInputs
from transforms import store
from transforms.clean import Clean, Cleaned
from transforms.fn import Fn
from transforms.ledger import Failure
from transforms.parse import Parse


@dataclasses.dataclass(frozen=True)
class Found:
    """A piece: its delivery, the input that holds it (URI, start, sha256), its item's hash, and its story's date; null where it is none."""

    delivery_id: str
    source: tuple[str, int, str | None]
    raw_sha256: str | None
    date: str | None


def survey(inputs: Iterable[Input], run: str, now: dt.datetime, path: str, pipeline: beam.Pipeline) -> list[Found]:
    """All pieces of some inputs, found by a pipeline, empty as yet, that leaves them in the file `path`. Raises WirelakeError where it left
    none, and what the runner raises."""
    read = pipeline | "Inputs" >> beam.Create(list(inputs)) | "Read" >> ReadInputs(run, now)
    parsed = read["items"] | "Parse" >> Parse(run)
    cleaned = parsed["pieces"] | "Clean" >> Clean(run, now)
    pieces = {"Unread": read["failed"], "Unparsed": parsed["failed"], "Unclean": cleaned["failed"], "Clean": cleaned["cleaned"]}
    found = [each | f"{name}Rows" >> beam.Map(_row) for name, each in pieces.items()]
    seed = pipeline | "Seed" >> beam.Create([("", "")])
    (*found, seed) | "Flatten" >> beam.Flatten() | "Gather" >> beam.GroupByKey() | "Write" >> beam.ParDo(_Write(path))
    pipeline.run().wait_until_finish()
    try:
        rows = json.loads(store.read(path))
    except OSError as error:
        raise WirelakeError(f"the runner reported success and left no {path}; nothing was written to the lake; run again") from error
    return [Found(delivery_id, (uri, start, sha256), raw, date) for delivery_id, uri, start, sha256, raw, date in rows]


def _row(piece: Cleaned | Failure) -> tuple[str, str]:
    row = piece.delivery
    date = piece.story["date"].isoformat() if isinstance(piece, Cleaned) else None
    keys = ("delivery_id", "source_uri", "input_start", "input_sha256", "raw_sha256")
    return "", json.dumps([*(row[key] for key in keys), date])


class _Write(Fn):
    def __init__(self, path: str) -> None:
        self._path = path

    def process(self, element: tuple[str, Iterable[str]]) -> Iterator[str]:
        store.write(self._path, f"[{','.join(row for row in element[1] if row)}]".encode())
        yield self._path
