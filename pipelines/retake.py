"""Sources read again for one publication date, or one after another for many."""

import dataclasses
import datetime as dt
from collections.abc import Iterable

import pyarrow.compute as pc

from pipelines.errors import first_line
from pipelines.lake.tables import Tables
from pipelines.options import Settings, days
from pipelines.replace import Replacing, stories_of
from pipelines.rounds import Rounds
from pipelines.runs import Progress, Report, chunk_by_chunk, inputs_of
from pipelines.sources.inputs import Input
from pipelines.survey import Found
from schemas import Row
from transforms.part_index import LakeParts, look_up

_LEDGER = ["delivery_id", "outcome", "story_id", "source_uri", "input_start", "input_sha256", "raw_sha256", "received_at"]


def ingest_date(settings: Settings, date: dt.date, progress: Progress | None = None) -> Report:
    """Reads all sources, whether or not the ledger has them. Pieces whose story is published on `date` (UTC), or was by the lake, replace
    their rows; others are counted `other_date` and left. Raises as `runs.ingest` does."""

    def take(rounds: Rounds, chunk: list[Input], tables: Tables) -> Report:
        return _take(rounds, tables, chunk, date)

    return chunk_by_chunk(settings, inputs_of(settings), take, progress, f"{date}: ")


def _take(rounds: Rounds, tables: Tables, chunk: list[Input], date: dt.date) -> Report:
    parts = tables.lookup()
    known = look_up(
        "deliveries", tables.by_partition("deliveries", "received_on").values(), "source_uri", {each.uri for each in chunk}, _LEDGER
    )
    inputs = [_with_moments(each, known) for each in chunk]
    found = rounds.survey(tables, inputs)
    old, chosen = _chosen(found, known, parts, date)
    raw = frozenset(piece.raw_sha256 for piece in found if piece.delivery_id in chosen and piece.raw_sha256)
    replacing = Replacing.of(old, parts, chosen)
    if not (chosen or old):
        return Report(pieces=len(found), other_date=len(found))
    report = Report()
    report.add(rounds.run(tables, inputs, replacing, raw - _kept(tables, raw)))
    return report


def _with_moments(each: Input, known: Iterable[Row]) -> Input:
    """The input with when its bytes first came: a story without a date of its own keeps the date that follows from it."""
    mine = [row for row in known if (row["source_uri"], row["input_start"]) == (each.uri, each.start) and row["input_sha256"]]
    first = {row["input_sha256"]: row["received_at"] for row in sorted(mine, key=lambda row: row["received_at"], reverse=True)}
    return dataclasses.replace(each, first_received=tuple(first.items()))


def _chosen(found: list[Found], known: list[Row], parts: LakeParts, date: dt.date) -> tuple[list[Row], frozenset[str]]:
    """Rows of the ledger to replace, and the deliveries to take. What the same bytes do not give any more is replaced by nothing."""
    was = {row["story_id"] for row in stories_of(parts, {row["story_id"] for row in known if row["story_id"]}) if row["date"] == date}
    on_date = {row["delivery_id"] for row in known if row["story_id"] in was}
    ids = {piece.delivery_id for piece in found}
    read = {piece.source for piece in found}
    chosen = frozenset(piece.delivery_id for piece in found if piece.date == date.isoformat() or piece.delivery_id in on_date)
    vanished = {
        row["delivery_id"]
        for row in known
        if row["delivery_id"] in on_date - ids and (row["source_uri"], row["input_start"], row["input_sha256"]) in read
    }
    old = {row["delivery_id"]: row for row in known if row["delivery_id"] in chosen | vanished}
    return list(old.values()), chosen


def _kept(tables: Tables, wanted: frozenset[str]) -> frozenset[str]:
    """Hashes of items whose bytes the lake has already."""
    if "raw" not in tables.names() or not wanted:
        return frozenset()
    rows = tables.dataset("raw").to_table(columns=["sha256"], filter=pc.field("sha256").isin(sorted(wanted)))
    return frozenset(rows["sha256"].to_pylist())


@dataclasses.dataclass
class Backfill:
    """What a backfill did: the report of each date, or the sentence that it failed with."""

    reports: dict[str, Report] = dataclasses.field(default_factory=dict)
    failed: dict[str, str] = dataclasses.field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """All fields, for a program."""
        return {"reports": {date: report.as_json() for date, report in self.reports.items()}, "failed": self.failed}

    def lines(self) -> list[str]:
        """A line a date, then what failed."""
        lines = [
            f"{date}  {each.stories:>8} stories {each.again:>8} again {each.rejected:>8} rejected {each.other_date:>8} of other dates"
            for date, each in self.reports.items()
        ]
        lines += [f"{date}  failed: {sentence}" for date, sentence in self.failed.items()]
        return lines


def backfill(settings: Settings, first: dt.date, last: dt.date, progress: Progress | None = None) -> Backfill:
    """`ingest_date` for each date from `first` to `last`; one that fails does not stop the others. Raises UsageError where there is none
    between them, and for sources that cannot be."""
    dates = days(first, last)
    inputs_of(settings)
    done = Backfill()
    for date in dates:
        try:
            done.reports[date.isoformat()] = ingest_date(settings, date, progress)
        except Exception as error:  # noqa: BLE001 - whatever a day fails with, the next one is tried, and it is told
            done.failed[date.isoformat()] = first_line(error) or type(error).__name__
    return done
