"""Relate: clusters over the run's new stories and what the lake has of their kind; what that changes for older stories."""

import dataclasses
import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

import apache_beam as beam
import numpy as np
import numpy.typing as npt

from schemas import TABLES, Row, decode, encode
from transforms.batch_rows import BatchRows, Rows
from transforms.fn import Fn
from transforms.part_index import LakeParts, look_up, look_up_any
from transforms.text.neighbours import COLUMNS, Neighbours
from transforms.text.notices import killed
from transforms.text.pairs import MOST_SHARED
from transforms.text.relations import DAY, STATE, WINDOW, Evidence, near, relate

_IDS = TABLES["ids"].arrow_schema()
_SCHEMAS = {name: TABLES[name].arrow_schema() for name in ("ids", "sketches", "notices")}
_COLUMNS = _IDS.names
_REACH = (WINDOW + 2 * DAY).days


@dataclasses.dataclass(eq=False)
class Relate(beam.PTransform):
    """Elements, with what makes rows of `ids`, `sketches` and `notices` of the new stories in them, to (table, row): `ids` with their
    clusters, `states` for the run's own stories, `updates`, with their new `ids`, for stories of earlier runs whose place changed."""

    run: str
    parts: LakeParts
    rows: Rows
    gone: tuple[Row, ...] = ()
    """Rows of `ids` of stories that this run takes out of the lake."""

    def expand(self, stories: beam.PCollection[Any]) -> beam.PCollection[tuple[str, Row]]:
        """Wires the decision: one key, since what passes is about a kilobyte a story of one bounded run."""
        keyed = stories | "BatchAll" >> BatchRows(self.rows, _one_key, _SCHEMAS)
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
        rows: dict[str, list[Row]] = {"ids": [], "sketches": [], "notices": [], "gone": []}
        for kind, buffer in element[1]:
            rows[kind] += decode([buffer]).to_pylist()
        yield from decide(New(rows["ids"], rows["sketches"], rows["notices"]), self._run, self._parts, rows["gone"])


@dataclasses.dataclass(frozen=True)
class New:
    """New stories: their rows of `ids`, of `sketches`, and of `notices` where they kill."""

    ids: list[Row] = dataclasses.field(default_factory=list)
    sketches: list[Row] = dataclasses.field(default_factory=list)
    notices: list[Row] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True)
class Surroundings:
    """What of the lake new stories may touch: `members`, rows of `ids` of whole clusters; `sketches` of those and of all that may hold
    them, be held by them or be killed beside them; `notices` that may be about any of all these."""

    members: list[Row] = dataclasses.field(default_factory=list)
    sketches: list[Row] = dataclasses.field(default_factory=list)
    notices: list[Row] = dataclasses.field(default_factory=list)


def decide(new: New, run: str, parts: LakeParts, gone: Sequence[Row] = ()) -> Iterator[tuple[str, Row]]:
    """Rows that follow from new stories beside the lake, which `gone` (rows of `ids`) leave."""
    yield from decided(new, surroundings(new, parts, gone), run, {row["story_id"] for row in gone})


def decided(new: New, around: Surroundings, run: str, gone: Collection[str] = ()) -> Iterator[tuple[str, Row]]:
    """Rows that follow from new stories beside what they may touch, of which `gone` (story ids) leave the lake."""
    # Most new stories touch none: then there is nothing to compare the sketches around them for.
    before = relate(around.members, _evidence(around.sketches, around.notices, around.members, ())) if around.members else {}
    old, sketches, notices = (
        [row for row in rows if row["story_id"] not in gone] for rows in (around.members, around.sketches, around.notices)
    )
    members = [*old, *new.ids]
    evidence = _evidence([*sketches, *new.sketches], [*notices, *new.notices], members, {row["story_id"] for row in new.ids})
    after = relate(members, evidence)
    for row in new.ids:
        state = after[row["story_id"]]
        yield "ids", {**row, "cluster_id": state["cluster_id"], "run": run}
        yield "states", _state(row, state, run)
    for row in old:
        state = after[row["story_id"]]
        if state != before[row["story_id"]]:
            yield "updates", _state(row, state, run)
            yield "ids", {**row, "cluster_id": state["cluster_id"], "run": run}


def _evidence(sketches: list[Row], notices: list[Row], members: list[Row], new: Collection[str]) -> Evidence:
    """What sketches and notices say of some stories (rows of `ids`). Which old ones are one story was decided when the later of them came;
    what holds what is looked at again, since the answer is the earliest of several."""
    neighbours = Neighbours.of(sketches)
    same, held = neighbours.related({row["story_id"] for row in members})
    ages = {row["story_id"]: (row["published_at"], row["story_id"]) for row in sketches}
    holds: dict[str, str] = {}
    for roundup, story in held:
        if roundup not in holds or ages[story] < ages[holds[roundup]]:
            holds[roundup] = story
    fresh = [pair for pair in same if pair[0] in new or pair[1] in new]
    return Evidence(fresh, holds, neighbours.marked, killed(notices, sketches), neighbours.similarities)


def _state(row: Row, state: Row, run: str) -> Row:
    return {"story_id": row["story_id"], "date": row["date"], "country": row["country"], "run": run, **{key: state[key] for key in STATE}}


def surroundings(new: New, parts: LakeParts, gone: Sequence[Row] = ()) -> Surroundings:
    """What new stories, and stories that leave the lake (rows of `ids`), may touch: the clusters of their chains, of equal texts within the
    window, of what shares a key and is one story, holds them or is held, and of what a notice about them names."""
    own = {row["story_id"] for row in new.sketches}
    rows = [*new.ids, *gone]
    known = [*new.sketches, *_sketches_of(list(gone), parts)]
    named = _named_by([*new.notices, *_notices_about(known, parts)], parts)
    close = [*_sharing(known, parts), *named]
    same, held = Neighbours.of([*known, *close]).related({row["story_id"] for row in known}, across=True)
    touched = ({story_id for pair in (*same, *held) for story_id in pair} | {row["story_id"] for row in named}) - own
    chains = {row["chain"] for row in rows}
    ids: list[Row] = []
    for bucket in sorted({row["bucket"] for row in rows}):
        ids += ids_of(parts, bucket, "chain", chains)
    by_story = {row["story_id"]: row for row in close}
    ids += _ids_of_stories([by_story[story_id] for story_id in touched if story_id in by_story], parts)
    members = _members({row["cluster_id"] for row in newest(ids, parts)} | _clusters_with_text(rows, parts), parts)
    inside = _sketches_of(members, parts)
    notices = _notices_about([*known, *inside], parts)
    around = {row["story_id"]: row for row in (*close, *_sharing(inside, parts), *_named_by(notices, parts), *inside)}
    return Surroundings(members, [row for story_id, row in around.items() if story_id not in own], notices)


def _notices_about(sketches: list[Row], parts: LakeParts) -> list[Row]:
    """Notices of the lake that may act on stories, given by their sketches."""
    if not parts.notices or not sketches:
        return []
    found = look_up("notices", parts.notices, "chain", {row["chain"] for row in sketches}, _NOTICE)
    found += look_up_any("notices", parts.notices, "title_keys", _title_keys(sketches), _NOTICE)
    return list({row["notice_id"]: row for row in found if row["kind"] != "purge"}.values())


_NOTICE = ["notice_id", "kind", "story_id", "chain", "title_keys", "issued_at"]


def _named_by(notices: list[Row], parts: LakeParts) -> list[Row]:
    """Sketches of the lake that notices may name."""
    dates = {row["issued_at"].date() for row in notices if row["title_keys"]}
    return look_up_any("sketches", _paths_near(dates, parts), "title_keys", _title_keys(notices), _READ) if dates else []


def _title_keys(rows: list[Row]) -> npt.NDArray[np.uint32]:
    keys = np.frombuffer(b"".join(row["title_keys"] or b"" for row in rows), "<u4")
    return keys[keys > 0]


def _members(clusters: set[str], parts: LakeParts) -> list[Row]:
    found: list[Row] = []
    for bucket in sorted(parts.ids) if clusters else ():
        found += ids_of(parts, bucket, "cluster_id", clusters)
    return [row for row in newest(found, parts) if row["cluster_id"] in clusters]


def _ids_of_stories(rows: Iterable[Row], parts: LakeParts) -> list[Row]:
    """Rows of `ids` of stories, given by rows with `story_id` and `chain`."""
    buckets: dict[str, set[str]] = {}
    for row in rows:
        buckets.setdefault(row["chain"][0], set()).add(row["story_id"])
    found: list[Row] = []
    for bucket, story_ids in sorted(buckets.items()):
        found += ids_of(parts, bucket, "story_id", story_ids)
    return found


def _sketches_of(rows: list[Row], parts: LakeParts) -> list[Row]:
    """The sketches of stories of the lake, given by rows with `story_id` and `date`."""
    by_date: dict[str, set[str]] = {}
    for row in rows:
        by_date.setdefault(row["date"].isoformat(), set()).add(row["story_id"])
    found = []
    for date, story_ids in sorted(by_date.items()):
        rows_of_date = look_up("sketches", parts.sketches.get(date, ()), "story_id", story_ids, _READ)
        found += [{**row, "date": dt.date.fromisoformat(date)} for row in rows_of_date]
    return found


_READ = ["keys", "chain", *COLUMNS]


def _sharing(sketches: list[Row], parts: LakeParts) -> list[Row]:
    """Sketches of the lake that share a key with one of some, of the dates that the window reaches from them."""
    keyed = [row for row in sketches if row["keys"]]
    if not keyed:
        return []
    keys = np.concatenate([np.frombuffer(row["keys"], "<u4") for row in keyed])
    return look_up_any("sketches", _paths_near({row["date"] for row in keyed}, parts), "keys", keys, _READ, 4 * MOST_SHARED)


def _paths_near(dates: set[dt.date], parts: LakeParts) -> list[str]:
    """Parts of `sketches` of all dates that the window reaches from some."""
    near_by = {date + dt.timedelta(days=days) for date in dates for days in range(-_REACH, _REACH + 1) if _possible(date, days)}
    return [path for date in sorted(near_by) for path in parts.sketches.get(date.isoformat(), ())]


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
    paths = _paths_near({row["date"] for row in new}, parts)
    columns = ["story_id", "chain", "content_hash", "published_at", "published_precision"]
    copies = look_up("sketches", paths, "content_hash", by_hash, columns)
    twins = [row for row in copies if any(near(row, other) for other in by_hash[row["content_hash"]])]
    return {row["cluster_id"] for row in newest(_ids_of_stories(twins, parts), parts)}


def _possible(date: dt.date, days: int) -> bool:
    return dt.date.min.toordinal() <= date.toordinal() + days <= dt.date.max.toordinal()


def ids_of(parts: LakeParts, bucket: str, column: str, values: Collection[str]) -> list[Row]:
    """The rows of a bucket of `ids` whose `column` is one of `values`, of every run that wrote one."""
    columns = [name for name in _COLUMNS if name != "bucket"]
    return [{**row, "bucket": bucket} for row in look_up("ids", parts.ids.get(bucket, ()), column, values, columns)]
