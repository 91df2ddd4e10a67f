"""THE pipeline: inputs of one bounded run to staged parts of every table. Read it top to bottom."""

import dataclasses
import datetime as dt
from collections.abc import Iterable

import apache_beam as beam

from pipelines.sources.inputs import Input, ReadInputs
from pipelines.sources.kept import Kept, ReadKept
from schemas import Row
from transforms.annotate_ahead import AnnotateAhead
from transforms.batch_rows import Rows
from transforms.clean import Clean
from transforms.deduplicate import Deduplicate
from transforms.extract_quotes import ExtractQuotes
from transforms.give import Give
from transforms.ledger import Failure, failure_rows
from transforms.locate import Locate
from transforms.outputs import Outputs
from transforms.parse import Parse
from transforms.part_index import LakeParts
from transforms.relate import Relate
from transforms.rows import id_rows, story_rows
from transforms.select import Select
from transforms.sketch_stories import SketchStories
from transforms.tag_entities import TagEntities
from transforms.tally import COUNTS
from transforms.text.annotate import OWN, Choices
from transforms.write_parts import WriteManifest, WriteParts

_SPREAD_BYTES = 2**20
"""Inputs of less than this are read faster by one worker than spread over several."""

_UNCUT_BYTES = 2**23
"""Of an input that cannot be cut: from here on what it holds is worth a shuffle."""

_LARGE_BYTES = 2**26
"""Of inputs: less cannot make a part that is too large for a worker."""

_FEW = 1_000
"""Inputs: so many may be part of the graph."""

_LOT_BYTES = 8 * 2**20
"""Of inputs, whose stories are put into clusters in one go."""


@dataclasses.dataclass(frozen=True)
class Round:
    """One bounded run: its id, its moment, where its parts are staged, and what it may look up in the lake."""

    run: str
    now: dt.datetime
    staging: str
    parts: LakeParts
    keep_raw: bool = False
    """Whether the items' own bytes become rows of `raw`."""
    raw: frozenset[str] | None = None
    """Hashes of the items of which it does so; null for all."""
    kept: bool = False
    """Whether its inputs are parts of `raw`, not what sources gave."""
    chosen: frozenset[str] | None = None
    """Ids of the deliveries that the run replaces, of all that its inputs hold; null where it replaces none and takes all."""
    gone: tuple[Row, ...] = ()
    """Rows of `ids` of stories that it takes out of the lake."""
    choices: Choices = OWN
    """How the stories are annotated."""
    apart: bool = False
    """Whether its workers are processes of an engine, to which large inputs are spread."""


def build(pipeline: beam.Pipeline, inputs: Iterable[Input | Kept], this: Round) -> None:
    """Wires the run. When it has ended, `staging` holds its parts and their manifest; the lake is as it was."""
    inputs = list(inputs)
    weight = weight_of(inputs)
    given = pipeline | "Inputs" >> Give(inputs, weight >= _SPREAD_BYTES, f"{this.staging}/{_INPUTS}" if len(inputs) > _FEW else None)
    read = given | "Read" >> (ReadKept() if this.kept else ReadInputs(this.run, this.now))
    items = read["items"] | "Spread" >> beam.Reshuffle() if this.apart and any(map(_is_uncut, inputs)) else read["items"]
    parsed = items | "Parse" >> Parse(this.run, this.keep_raw, this.raw)
    cleaned = parsed["pieces"] | "Clean" >> Clean(this.run, this.now)
    chosen, failed, left = _select(cleaned["cleaned"], [stage["failed"] for stage in (read, parsed, cleaned)], this)
    unique = chosen | "Deduplicate" >> Deduplicate(this.parts, frozenset(row["story_id"] for row in this.gone))
    tag, quote = TagEntities(this.choices.names), ExtractQuotes(this.choices.names or "", this.choices.quotes, this.choices.fragments)
    sketch, locate = SketchStories(), Locate()
    ahead = unique["batches"] | "AnnotateAhead" >> AnnotateAhead(tuple(each.step for each in (sketch, locate, tag, quote)))
    sketched = ahead | "SketchStories" >> sketch
    located = sketched["batches"] | "Locate" >> locate
    tagged = located["batches"] | "TagEntities" >> tag
    quoted = tagged["batches"] | "ExtractQuotes" >> quote
    relate = Relate(this.run, this.parts, id_rows, this.gone, _digits(weight), f"{this.staging}/{_INDEX}")
    related = quoted["batches"] | "Relate" >> relate

    failed = [*failed, *(stage["failed"] for stage in (unique, sketched, located, tagged, quoted))] | "Failed" >> beam.Flatten()
    written = {
        "Stories": quoted["batches"],
        "Related": related,
        "Again": unique["again"],
        "Failed": failed,
        "Raw": parsed["raw"],
    } | "WriteParts" >> WriteParts(this.staging, this.run, _ROWS, cuts=weight >= _LARGE_BYTES)
    (written, read[COUNTS], parsed[COUNTS], *left) | "Close" >> WriteManifest(this.staging)


_INPUTS = "inputs"
"""The file in a run's staging folder that holds a long list of its inputs."""

_INDEX = "index"
"""The folder in a run's staging folder that holds what its workers look up of each other's stories."""


def weight_of(inputs: Iterable[Input | Kept]) -> int:
    """About how many unpacked bytes some inputs hold."""
    return sum(getattr(each, "weight", _SPREAD_BYTES) for each in inputs)


def _is_uncut(each: Input | Kept) -> bool:
    """Whether one worker reads so much of an input that others should go on with it."""
    return isinstance(each, Input) and each.stop is None and each.weight >= _UNCUT_BYTES


def _digits(weight: int) -> int:
    """How many hexadecimal digits tell lots of some `_LOT_BYTES` apart."""
    bits = ((max(1, weight) - 1) // _LOT_BYTES).bit_length()
    return -(-bits // 4)


def _select(cleaned: Outputs, failed: list[Outputs], this: Round) -> tuple[Outputs, list[Outputs], list[Outputs]]:
    """What a run that replaces takes of what it found, failures apart, and the counts of what it leaves."""
    if this.chosen is None:
        return cleaned, failed, []
    good = cleaned | "Select" >> Select(this.chosen)
    bad = failed | "FailedEarly" >> beam.Flatten() | "SelectFailed" >> Select(this.chosen)
    return good["chosen"], [bad["chosen"]], [good[COUNTS], bad[COUNTS]]


def _failure_rows(failure: Failure) -> list[tuple[str, Row]]:
    delivery, rejected = failure_rows(failure)
    return [("deliveries", delivery), ("rejected", rejected)]


_ROWS: dict[str, Rows] = {
    "Stories": story_rows,
    "Related": lambda row: [row],
    "Again": lambda row: [("deliveries", row)],
    "Failed": _failure_rows,
    "Raw": lambda row: [("raw", row)],
}
"""What makes (table, row) of what each branch carries."""
