"""Deduplicate: one story for each `story_id`, whatever the number of its deliveries, within the run and against the lake."""

import dataclasses
import datetime as dt
import functools
import pickle
from collections.abc import Iterable, Iterator
from typing import Any

import apache_beam as beam
import pyarrow as pa

from schemas import Delivery, Row, Story, decode
from transforms.batch_rows import BatchRows
from transforms.clean import Cleaned
from transforms.fn import Fn
from transforms.ledger import Failure, refusal, settled
from transforms.outputs import Outputs
from transforms.part_index import LakeParts, look_up
from transforms.recent import text_key
from transforms.text import identity
from transforms.text.annotate import Located
from transforms.text.formats.pieces import PURGED
from transforms.text.parsed import RefusedError
from transforms.text.sketch import Sketch

STORIES_A_BATCH = 64
"""What annotators take at once: enough to fill their loops, little enough to hold."""

_NOTICE = ["notice_id", "kind", "provider", "guid", "story_id", "content_hash"]
_LATE = dt.datetime.max.replace(tzinfo=dt.UTC)
SCHEMA = pa.schema(
    [pa.field("story", pa.struct(list(Story.arrow_schema()))), pa.field("delivery", pa.struct(list(Delivery.arrow_schema())))]
)


@dataclasses.dataclass
class Held:
    """A story that is new to the lake, with all its deliveries in this run (the first made it) and what is found in it."""

    story: Row
    deliveries: list[Row]
    entities: list[Row] = dataclasses.field(default_factory=list)
    quotes: list[Row] = dataclasses.field(default_factory=list)
    located: Located | None = None
    """From Locate to TagEntities; no column."""
    named: tuple[list[Row], str] | None = None
    """From TagEntities: the names, and what found them; no column."""
    sketch: Sketch | None = None
    """From SketchStories on."""

    @functools.cached_property
    def text(self) -> str:
        """A hash of all that annotators read of the story."""
        return text_key(self.story)


class _HeldCoder(beam.coders.PickleCoder):
    """Pickles, as Beam would of its own accord, which asks for the sizes of the first elements of every collection, and some later ones,
    for its own page: to find them it would pickle most of a run's stories."""

    def estimate_size(self, value: Held) -> int:
        return len(value.story["body"])

    def _create_impl(self) -> Any:
        return beam.coders.coder_impl.CallbackCoderImpl(pickle.dumps, pickle.loads, self.estimate_size)


beam.coders.registry.register_coder(Held, _HeldCoder)


def of_batches(batches: beam.PCollection[list[Held]]) -> beam.PCollection[list[Held]]:
    """The collection, whose elements Beam takes for batches of Held: of its own accord it would take them for anything."""
    batches.element_type = beam.typehints.List[Held]
    return batches


@dataclasses.dataclass(eq=False)
class Deduplicate(beam.PTransform):
    """Cleaned to batches of Held; `again` rows of `deliveries` for stories that the lake has; `failed` Failure, for those that were purged
    from it."""

    parts: LakeParts
    gone: frozenset[str] = frozenset()
    """Ids of stories that this run takes out of the lake: they are not known."""

    def expand(self, cleaned: beam.PCollection[Cleaned]) -> Outputs:
        """Wires the shuffle by chain: all deliveries and versions of a story meet in one bucket of `ids`."""
        keyed = cleaned | "BatchByBucket" >> BatchRows(_rows, _bucket, {"cleaned": SCHEMA}, _refused)
        keep = beam.ParDo(_KeepFirst(self.parts, self.gone)).with_outputs("again", "failed", main="batches")
        kept = keyed["batches"] | "GroupByBucket" >> beam.GroupByKey() | "KeepFirst" >> keep
        failed = (keyed["failed"], kept["failed"]) | "Failed" >> beam.Flatten()
        return {"batches": of_batches(kept["batches"]), "again": kept["again"], "failed": failed}


def _rows(cleaned: Cleaned) -> list[tuple[str, Row]]:
    return [("cleaned", {"story": cleaned.story, "delivery": cleaned.delivery})]


def _refused(row: Row, error: Exception) -> Failure:
    return Failure("deduplicate", refusal(error), row["delivery"], row["story"]["body"].encode("utf-8", "backslashreplace"))


def _bucket(_kind: str, row: Row) -> str:
    return identity.chain(row["story"])[0]


class _KeepFirst(Fn):
    def __init__(self, parts: LakeParts, gone: frozenset[str]) -> None:
        self._parts, self._gone = parts, gone

    def process(self, element: tuple[str, Iterable[tuple[str, bytes]]]) -> Iterator[Any]:
        bucket, buffers = element
        rows, purged = taken(decode(buffer for _, buffer in buffers).to_pylist(), self._parts)
        for row, notice in purged:
            refused = RefusedError(PURGED, f"the story was purged from the lake: notice {notice}")
            yield beam.pvalue.TaggedOutput("failed", Failure("deduplicate", refused, row["delivery"], b""))
        wanted = list({row["story"]["story_id"] for row in rows})
        known = look_up("ids", [self._parts.ids.get(bucket, ())], "story_id", wanted, ["story_id"])
        held, again = keep_first(rows, {row["story_id"] for row in known} - self._gone)
        for row in again:
            yield beam.pvalue.TaggedOutput("again", row)
        for start in range(0, len(held), STORIES_A_BATCH):
            yield held[start : start + STORIES_A_BATCH]


def taken(rows: list[Row], parts: LakeParts) -> tuple[list[Row], list[tuple[Row, str]]]:
    """Rows {story, delivery} that may come in, and those that no purge lets in again, each with its notice."""
    if not parts.notices:
        return rows, []
    notices: list[Row] = []
    for column in ("story_id", "guid", "content_hash"):
        values = {row["story"][column] for row in rows if row["story"][column]}
        notices += look_up("notices", [parts.notices], column, values, _NOTICE)
    purges = [notice for notice in notices if notice["kind"] == "purge"]
    good, bad = [], []
    for row in rows:
        notice = next((notice for notice in purges if _forbids(notice, row["story"])), None)
        if notice:
            bad.append((row, notice["notice_id"]))
        else:
            good.append(row)
    return good, bad


def _forbids(notice: Row, story: Row) -> bool:
    if notice["story_id"] == story["story_id"]:
        return True
    if notice["provider"] != story["provider"]:
        return False
    return notice["content_hash"] == story["content_hash"] or (notice["guid"] is not None and notice["guid"] == story["guid"])


def keep_first(rows: list[Row], known: set[str]) -> tuple[list[Held], list[Row]]:
    """Stories to keep and deliveries of stories in `known`, from rows {story, delivery} in any order.

    Of several deliveries of a story the one with the smallest (versioncreated, delivery_id) gives the metadata."""
    rows = sorted(rows, key=lambda row: (row["delivery"]["versioncreated"] or _LATE, row["delivery"]["delivery_id"]))
    held: dict[str, Held] = {}
    again = []
    for row in rows:
        story, story_id = row["story"], row["story"]["story_id"]
        if story_id in known:
            again.append(settled(row["delivery"], "again", story_id))
        elif story_id in held:
            held[story_id].deliveries.append(settled(row["delivery"], "again", story_id))
        else:
            held[story_id] = Held(story, [settled(row["delivery"], "story", story_id)])
    return [held[story_id] for story_id in sorted(held)], again
