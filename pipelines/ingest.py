"""THE pipeline: inputs of one bounded run to staged parts of every table. Read it top to bottom."""

import dataclasses
import datetime as dt
import json
from collections.abc import Iterable

import apache_beam as beam

from pipelines.sources.files import Input, ReadInputs
from schemas import Row
from transforms.clean import Clean
from transforms.deduplicate import Deduplicate, Held
from transforms.extract_quotes import ExtractQuotes
from transforms.ledger import Failure, failure_rows
from transforms.locate import Locate
from transforms.parse import Parse
from transforms.read_parts import LakeParts
from transforms.relate import Relate
from transforms.rows import id_row, story_rows
from transforms.tag_entities import TagEntities
from transforms.write_parts import WriteManifest, WriteParts


@dataclasses.dataclass(frozen=True)
class Round:
    """One bounded run: its id, its moment, where its parts are staged, and what it may look up in the lake."""

    run: str
    now: dt.datetime
    staging: str
    parts: LakeParts


def build(pipeline: beam.Pipeline, inputs: Iterable[Input], this: Round) -> None:
    """Wires the run. When it has ended, `staging` holds its parts and their manifest; the lake is as it was."""
    read = pipeline | "Inputs" >> beam.Create(list(inputs)) | "Spread" >> beam.Reshuffle() | "Read" >> ReadInputs(this.run, this.now)
    parsed = read["items"] | "Parse" >> Parse(this.run)
    cleaned = parsed["pieces_of_text"] | "Clean" >> Clean(this.run, this.now)
    unique = cleaned["cleaned"] | "Deduplicate" >> Deduplicate(this.parts)
    located = unique["batches"] | "Locate" >> Locate()
    tagged = located["batches"] | "TagEntities" >> TagEntities()
    quoted = tagged["batches"] | "ExtractQuotes" >> ExtractQuotes()
    stories = quoted["batches"] | "Stories" >> beam.FlatMap(list).with_output_types(Held)
    related = stories | "Ids" >> beam.Map(id_row) | "Relate" >> Relate(this.run, this.parts)

    failed = [stage["failed"] for stage in (read, parsed, cleaned, located, tagged, quoted)] | "Failed" >> beam.Flatten()
    rows = {
        "Stories": stories | "StoryRows" >> beam.FlatMap(story_rows),
        "Related": related,
        "Again": unique["again"] | "AgainRows" >> beam.Map(_of_table, "deliveries"),
        "Failed": failed | "FailedRows" >> beam.FlatMap(_failure_rows),
        "Raw": parsed["raw"] | "RawRows" >> beam.Map(_of_table, "raw"),
    }
    written = rows | "WriteParts" >> WriteParts(this.staging, this.run)
    counts = (
        (parsed["pieces"], read["failed"] | "Unread" >> beam.Map(_one)) | "Pieces" >> beam.Flatten() | "Found" >> _Total("pieces"),
        read["already"] | "Unchanged" >> beam.Map(_one) | "Already" >> _Total("already"),
    )
    (written, *counts) | "Manifest" >> beam.Flatten() | "Close" >> WriteManifest(this.staging)


def _of_table(row: Row, table: str) -> tuple[str, Row]:
    return table, row


def _failure_rows(failure: Failure) -> list[tuple[str, Row]]:
    delivery, rejected = failure_rows(failure)
    return [("deliveries", delivery), ("rejected", rejected)]


def _one(_element: object) -> int:
    return 1


@dataclasses.dataclass(eq=False)
class _Total(beam.PTransform):
    """Numbers to one entry of the manifest."""

    name: str

    def expand(self, numbers: beam.PCollection[int]) -> beam.PCollection[str]:
        total = numbers | "Sum" >> beam.CombineGlobally(sum).without_defaults()
        return total | "Entry" >> beam.Map(_count_entry, self.name)


def _count_entry(total: int, name: str) -> str:
    return json.dumps({"count": [name, total]})
