"""Relate: clusters over the run's new stories and what the lake has of their kind; what that changes for older stories."""

import dataclasses
import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from typing import Any

import apache_beam as beam

from schemas import TABLES, Row, decode, encode
from transforms.batch_rows import BatchRows, Rows
from transforms.fn import Fn
from transforms.part_index import LakeParts, look_up
from transforms.text.relations import DAY, STATE, WINDOW, near, relate

_IDS = TABLES["ids"].arrow_schema()
_COLUMNS = _IDS.names


@dataclasses.dataclass(eq=False)
class Relate(beam.PTransform):
    """Elements, with what makes ("ids", new row of `ids`) of each, to (table, row): `ids` with their clusters, `states` for the run's own
    stories, and `updates`, with their new `ids`, for stories of earlier runs whose place in a cluster changed."""

    run: str
    parts: LakeParts
    ids: Rows
    gone: tuple[Row, ...] = ()
    """Rows of `ids` of stories that this run takes out of the lake."""

    def expand(self, stories: beam.PCollection[Any]) -> beam.PCollection[tuple[str, Row]]:
        """Wires the decision: one key, since what passes is a few hundred bytes a story of one bounded run."""
        keyed = stories | "BatchAll" >> BatchRows(self.ids, _one_key, {"ids": _IDS})
        if self.gone:
            gone = stories.pipeline | "Gone" >> beam.Create([("", ("gone", encode(list(self.gone), _IDS)))])
            keyed = (keyed, gone) | "WithGone" >> beam.Flatten()
        return keyed | "GroupAll" >> beam.GroupByKey() | "Decide" >> beam.ParDo(_Decide(self.run, self.parts))


def _one_key(_kind: str, _row: Row) -> str:
    return ""


class _Decide(Fn):
    def __init__(self, run: str, parts: LakeParts) -> None:
        self._run, self._parts = run, parts

    def process(self, element: tuple[str, Iterable[tuple[str, bytes]]]) -> Iterator[tuple[str, Row]]:
        new: list[Row] = []
        gone: list[Row] = []
        for kind, buffer in element[1]:
            (gone if kind == "gone" else new).extend(decode([buffer]).to_pylist())
        old = candidates([*new, *gone], self._parts)
        yield from decide(new, old, self._run, {row["story_id"] for row in gone})


def decide(new: list[Row], old: list[Row], run: str, gone: Collection[str] = ()) -> Iterator[tuple[str, Row]]:
    """Rows that follow from new stories beside the clusters of old ones they may touch, of which `gone` (story ids) leave the lake. What
    comes in and out are rows of `ids`."""
    before = relate(old)
    old = [row for row in old if row["story_id"] not in gone]
    after = relate([*old, *new])
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
        ids += ids_of(parts, bucket, "chain", chains)
    clusters = {row["cluster_id"] for row in newest(ids, parts)} | _clusters_with_text(new, parts)
    found = []
    for bucket in sorted(parts.ids) if clusters else ():
        found += ids_of(parts, bucket, "cluster_id", clusters)
    return [row for row in newest(found, parts) if row["cluster_id"] in clusters]


def newest(rows: list[Row], parts: LakeParts) -> list[Row]:
    """Each story once: the row that the run with the greatest number wrote."""
    by_story: dict[str, list[Row]] = {}
    for row in rows:
        by_story.setdefault(row["story_id"], []).append(row)
    runs = {row["run"] for several in by_story.values() if len(several) > 1 for row in several}
    numbers = {row["run"]: row["number"] for row in look_up("runs", parts.runs, "run", runs, ["number"])}
    return [several[0] if len(several) == 1 else max(several, key=lambda row: numbers[row["run"]]) for several in by_story.values()]


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
    copies = look_up("sketches", paths, "content_hash", by_hash, columns)
    twins = [row for row in copies if any(near(row, other) for other in by_hash[row["content_hash"]])]
    buckets: dict[str, set[str]] = {}
    for row in twins:
        buckets.setdefault(row["chain"][0], set()).add(row["story_id"])
    rows: list[Row] = []
    for bucket, story_ids in sorted(buckets.items()):
        rows += ids_of(parts, bucket, "story_id", story_ids)
    return {row["cluster_id"] for row in newest(rows, parts)}


def _possible(date: dt.date, days: int) -> bool:
    return dt.date.min.toordinal() <= date.toordinal() + days <= dt.date.max.toordinal()


def ids_of(parts: LakeParts, bucket: str, column: str, values: Collection[str]) -> list[Row]:
    """The rows of a bucket of `ids` whose `column` is one of `values`, of every run that wrote one."""
    columns = [name for name in _COLUMNS if name != "bucket"]
    return [{**row, "bucket": bucket} for row in look_up("ids", parts.ids.get(bucket, ()), column, values, columns)]
