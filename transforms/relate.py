"""Relate: clusters over the run's new stories and what the lake has of their kind; what that changes for older stories."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator

import apache_beam as beam
import pyarrow as pa
import pyarrow.compute as pc

from schemas import TABLES, Row, decode
from transforms.batch_rows import BatchRows
from transforms.read_parts import LakeParts, read_parts
from transforms.text.relations import DAY, STATE, WINDOW, near, relate

_IDS = TABLES["ids"].arrow_schema()
_COLUMNS = _IDS.names


@dataclasses.dataclass(eq=False)
class Relate(beam.PTransform):
    """("ids", new row of `ids`) to (table, row): `ids` with their clusters, `states` for the run's own stories, and `updates`, with their
    new `ids`, for stories of earlier runs whose place in a cluster changed."""

    run: str
    parts: LakeParts

    def expand(self, ids: beam.PCollection[tuple[str, Row]]) -> beam.PCollection[tuple[str, Row]]:
        """Wires the decision: one key, since what passes is a few hundred bytes a story of one bounded run."""
        return (
            ids
            | "BatchAll" >> BatchRows(_one_key, {"ids": _IDS})
            | "GroupAll" >> beam.GroupByKey()
            | "Decide" >> beam.ParDo(_Decide(self.run, self.parts))
        )


def _one_key(_kind: str, _row: Row) -> str:
    return ""


class _Decide(beam.DoFn):
    def __init__(self, run: str, parts: LakeParts) -> None:
        self._run, self._parts = run, parts

    def process(self, element: tuple[str, Iterable[tuple[str, bytes]]]) -> Iterator[tuple[str, Row]]:
        new = decode(buffer for _, buffer in element[1]).to_pylist()
        yield from decide(new, candidates(new, self._parts), self._run)


def decide(new: list[Row], old: list[Row], run: str) -> Iterator[tuple[str, Row]]:
    """Rows that follow from new stories beside the clusters of old ones they may touch; all are rows of `ids`."""
    before, after = relate(old), relate([*old, *new])
    for row in new:
        state = after[row["story_id"]]
        yield "ids", {**row, "cluster_id": state["cluster_id"], "run": run}
        yield "states", _state(row, state, run)
    for row in old:
        state = after[row["story_id"]]
        if state != before[row["story_id"]]:
            yield "updates", _state(row, state, run)
            yield "ids", {**row, "cluster_id": state["cluster_id"], "run": run}


def _state(row: Row, state: Row, run: str) -> Row:
    return {"story_id": row["story_id"], "date": row["date"], "country": row["country"], "run": run, **{key: state[key] for key in STATE}}


def candidates(new: list[Row], parts: LakeParts) -> list[Row]:
    """Whole clusters of the lake that a new story may join: by chain, and by equal text within the window."""
    chains = {row["chain"] for row in new}
    ids: list[Row] = []
    for bucket in sorted({row["bucket"] for row in new}):
        ids += _ids(parts, bucket, pc.field("chain").isin(list(chains)))
    clusters = {row["cluster_id"] for row in newest(ids, parts)} | _clusters_with_text(new, parts)
    found = []
    for bucket in sorted(parts.ids) if clusters else ():
        found += _ids(parts, bucket, pc.field("cluster_id").isin(list(clusters)))
    return [row for row in newest(found, parts) if row["cluster_id"] in clusters]


def newest(rows: list[Row], parts: LakeParts) -> list[Row]:
    """Each story once: the row that the run with the greatest number wrote."""
    latest: dict[str, Row] = {}
    for row in sorted(rows, key=lambda row: parts.numbers[row["run"]]):
        latest[row["story_id"]] = row
    return list(latest.values())


def _clusters_with_text(new: list[Row], parts: LakeParts) -> set[str]:
    by_hash: dict[str, list[Row]] = {}
    for row in new:
        by_hash.setdefault(row["content_hash"], []).append(row)
    reach = WINDOW + 2 * DAY
    dates: set[dt.date] = set()
    for date in {row["date"] for row in new}:
        dates.update(date + dt.timedelta(days=days) for days in range(-reach.days, reach.days + 1) if _possible(date, days))
    paths = [path for date in sorted(dates) for path in parts.sketches.get(date.isoformat(), ())]
    columns = ["story_id", "chain", "content_hash", "published_at", "published_precision"]
    copies: pa.Table = read_parts(paths, columns, pc.field("content_hash").isin(list(by_hash)))
    twins = [row for row in copies.to_pylist() if any(near(row, other) for other in by_hash[row["content_hash"]])]
    buckets: dict[str, list[str]] = {}
    for row in twins:
        buckets.setdefault(row["chain"][0], []).append(row["story_id"])
    rows: list[Row] = []
    for bucket, story_ids in sorted(buckets.items()):
        rows += _ids(parts, bucket, pc.field("story_id").isin(story_ids))
    return {row["cluster_id"] for row in newest(rows, parts)}


def _possible(date: dt.date, days: int) -> bool:
    return dt.date.min.toordinal() <= date.toordinal() + days <= dt.date.max.toordinal()


def _ids(parts: LakeParts, bucket: str, keep: pc.Expression) -> list[Row]:
    columns = [name for name in _COLUMNS if name != "bucket"]
    return [{**row, "bucket": bucket} for row in read_parts(parts.ids.get(bucket, ()), columns, keep).to_pylist()]
