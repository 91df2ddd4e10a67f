"""Candidates: what new stories may touch, found by looking outward from them, in the lake and among the others of their run."""

import dataclasses
import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from schemas import TABLES, Row
from transforms.neighbours import Neighbours, integers, once, sketch_table
from transforms.part_index import LakeParts, look_up, look_up_any, lots_with_keys, sketches_with, sketches_with_keys
from transforms.text.pair_search import MOST_SHARED
from transforms.text.relations import DAY, WINDOW, near

_IDS = TABLES["ids"].arrow_schema().names


@dataclasses.dataclass(frozen=True)
class New:
    """New stories: their rows of `ids`, of `sketches`, and of `notices` where they kill."""

    ids: list[Row] = dataclasses.field(default_factory=list)
    sketches: pa.Table = dataclasses.field(default_factory=sketch_table)
    notices: list[Row] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True)
class Surroundings:
    """What of the lake new stories may touch: `members`, rows of `ids` of whole clusters; `sketches` of those and of all that are one story
    with them, hold them, are held by them or may be killed beside them; `notices` that may be about any of all these."""

    members: list[Row] = dataclasses.field(default_factory=list)
    sketches: pa.Table = dataclasses.field(default_factory=sketch_table)
    notices: list[Row] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True)
class Reach:
    """New stories with what they may touch, and rows of `ids` of those of the lake that leave it."""

    new: New
    around: Surroundings
    gone: Sequence[Row]


def whole_reach(new: New, gone: Sequence[Row], parts: LakeParts, run: LakeParts, leaving: Mapping[str, Row]) -> Reach:
    """Some new stories, and some that leave (rows of `ids`), with all others of their run that may come into a cluster with them, by
    however many steps, and with what they all touch in the lake.

    `run` has all new stories of the run, each a cluster of its own; `leaving` all that leave (rows of `ids`), by story_id."""
    gone = list(gone)
    while True:
        new = dataclasses.replace(new, notices=_once([*new.notices, *_notices_about(new.sketches, run)]))
        around = surroundings(new, parts, gone)
        known, left = {row["story_id"] for row in new.ids}, {row["story_id"] for row in gone}
        members = [row["story_id"] for row in around.members]
        touching = pa.concat_tables([new.sketches, _those(around.sketches, members)])
        beside = surroundings(New([*new.ids, *around.members], touching, [*new.notices, *around.notices]), run)
        more = [row for row in beside.members if row["story_id"] not in known]
        gone += [leaving[story_id] for story_id in members if story_id in leaving and story_id not in left]
        if not more and len(gone) == len(left):
            sketches = _those(pa.concat_tables([around.sketches, beside.sketches]), known, out=True)
            return Reach(new, Surroundings(around.members, sketches, _once([*around.notices, *beside.notices])), gone)
        sketches = pa.concat_tables([new.sketches, _those(beside.sketches, [row["story_id"] for row in more])])
        new = New([*new.ids, *more], sketches, new.notices)


def _once(notices: list[Row]) -> list[Row]:
    return list({row["notice_id"]: row for row in notices}.values())


def surroundings(new: New, parts: LakeParts, gone: Sequence[Row] = ()) -> Surroundings:
    """What new stories, and stories that leave the lake (rows of `ids`), may touch: the clusters of their chains, of equal texts within the
    window, of what shares a key and is one story, holds them or is held, and of what a notice about them names."""
    own = set(new.sketches["story_id"].to_pylist())
    rows = [*new.ids, *gone]
    known = pa.concat_tables([new.sketches, _sketches_of(list(gone), parts)])
    named = _named_by([*new.notices, *_notices_about(known, parts)], parts)
    close = _those(pa.concat_tables([_related(known, parts), named]), own, out=True)
    chains = {row["chain"] for row in rows}
    ids: list[Row] = []
    for bucket in sorted({row["bucket"] for row in rows}):
        ids += ids_of(parts, bucket, "chain", chains)
    ids += _ids_of_stories(close.select(["story_id", "chain"]).to_pylist(), parts)
    members = _members({row["cluster_id"] for row in newest(ids, parts)} | _clusters_with_text(rows, parts), parts)
    inside = _sketches_of(members, parts)
    notices = _notices_about(pa.concat_tables([known, inside]), parts)
    around = pa.concat_tables([close, _related(inside, parts), _named_by(notices, parts), inside])
    return Surroundings(members, _those(around, own, out=True), notices)


def _those(sketches: pa.Table, story_ids: Collection[str], *, out: bool = False) -> pa.Table:
    """The sketches of some stories, each once; with `out`, those of all others."""
    there = pc.is_in(sketches["story_id"], pa.array(story_ids, pa.string()))
    return once(sketches.filter(pc.invert(there) if out else there))


def _notices_about(sketches: pa.Table, parts: LakeParts) -> list[Row]:
    """Notices of the lake that may act on stories, given by their sketches."""
    if not parts.notices or not len(sketches):
        return []
    found = look_up("notices", [parts.notices], "chain", set(sketches["chain"].to_pylist()), _NOTICE)
    found += look_up_any("notices", [parts.notices], "title_keys", _title_keys(sketches["title_keys"]), _NOTICE)
    return _once([row for row in found if row["kind"] != "purge"])


_NOTICE = ["notice_id", "kind", "story_id", "chain", "title_keys", "issued_at"]


def _named_by(notices: list[Row], parts: LakeParts) -> pa.Table:
    """Sketches of the lake that notices may name."""
    dates = {row["issued_at"].date() for row in notices if row["title_keys"]}
    keys = _title_keys(pa.array([row["title_keys"] for row in notices], pa.binary()))
    return sketches_with_keys(_groups_near(dates, parts), "title_keys", keys)


def _title_keys(held: pa.Array | pa.ChunkedArray) -> npt.NDArray[np.uint32]:
    keys, _ = integers(held)
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


def _sketches_of(rows: list[Row], parts: LakeParts) -> pa.Table:
    """The sketches of stories of the lake, given by rows with `story_id` and `date`."""
    dates = sorted({row["date"].isoformat() for row in rows})
    return sketches_with([parts.sketches.get(date, ()) for date in dates], "story_id", {row["story_id"] for row in rows})


def _related(sketches: pa.Table, parts: LakeParts) -> pa.Table:
    """Sketches of the lake that are one story with one of some, hold one or are held by one. Of what shares a key with them, which may be
    all of a busy feed's window, no more is held at a time than one lot."""
    keyed = sketches.filter(sketches["keys"].is_valid())
    if not len(keyed):
        return sketch_table()
    own = set(keyed["story_id"].to_pylist())
    dates = set(keyed["published_at"].cast(pa.date32()).to_pylist())
    near_by = _groups_near(dates, parts, by_day=_any_by_day(keyed))
    found = [sketch_table()]
    with lots_with_keys(near_by, "keys", integers(keyed["keys"])[0], _FAR_MORE * MOST_SHARED) as lots:
        for lot in lots:
            reached = _reached(lot, keyed)
            same, held = Neighbours.of(pa.concat_tables([keyed, reached])).related(own, across=True)
            found.append(_those(reached, {story_id for pair in (*same, *held) for story_id in pair} - own))
    return pa.concat_tables(found)


def _reached(found: pa.Table, keyed: pa.Table) -> pa.Table:
    """Those of `found` that the window reaches from some sketches: whole dates go up to two days further, half of what a dense feed has."""
    reach = WINDOW + DAY * _any_by_day(keyed)
    span = pc.min_max(keyed["published_at"]).as_py()
    slack = pc.if_else(pc.equal(found["published_precision"], "day"), pa.scalar(DAY), pa.scalar(0 * DAY))
    late = pc.greater_equal(pc.add(found["published_at"], slack), pa.scalar(span["min"] - reach, found["published_at"].type))
    early = pc.less_equal(pc.subtract(found["published_at"], slack), pa.scalar(span["max"] + reach, found["published_at"].type))
    return found.filter(pc.and_(late, early))


def _any_by_day(sketches: pa.Table) -> bool:
    """Whether one of some stories is known by the day alone, which widens its window."""
    return bool(pc.any(pc.equal(sketches["published_precision"], "day")).as_py())


_FAR_MORE = 4
"""Keys that so many times more stories hold than are compared by one are of no use to find any."""


def _groups_near(dates: set[dt.date], parts: LakeParts, *, by_day: bool = True) -> list[Sequence[str]]:
    """Parts of `sketches` of all dates that the window reaches from stories of some, by date. `by_day`: whether one of them may be known by
    the day alone; of any other that is asked for always."""
    reach = (WINDOW + DAY * (1 + by_day)).days
    near_by = {date + dt.timedelta(days=days) for date in dates for days in range(-reach, reach + 1) if _possible(date, days)}
    return [parts.sketches.get(date.isoformat(), ()) for date in sorted(near_by)]


def newest(rows: list[Row], parts: LakeParts) -> list[Row]:
    """Each story once: the row that the run with the greatest number wrote."""
    by_story: dict[str, dict[str, Row]] = {}
    for row in rows:
        by_story.setdefault(row["story_id"], {})[row["run"]] = row
    runs = {run for several in by_story.values() if len(several) > 1 for run in several}
    numbers = {row["run"]: row["number"] for row in look_up("runs", [parts.runs], "run", runs, ["number"])}
    return [several[max(several, key=numbers.__getitem__) if len(several) > 1 else next(iter(several))] for several in by_story.values()]


def _clusters_with_text(new: list[Row], parts: LakeParts) -> set[str]:
    by_hash: dict[str, list[Row]] = {}
    for row in new:
        by_hash.setdefault(row["content_hash"], []).append(row)
    near_by = _groups_near({row["date"] for row in new}, parts, by_day=any(row["published_precision"] == "day" for row in new))
    columns = ["story_id", "chain", "content_hash", "published_at", "published_precision"]
    copies = look_up("sketches", near_by, "content_hash", by_hash, columns)
    twins = [row for row in copies if any(near(row, other) for other in by_hash[row["content_hash"]])]
    return {row["cluster_id"] for row in newest(_ids_of_stories(twins, parts), parts)}


def _possible(date: dt.date, days: int) -> bool:
    return dt.date.min.toordinal() <= date.toordinal() + days <= dt.date.max.toordinal()


def ids_of(parts: LakeParts, bucket: str, column: str, values: Collection[str]) -> list[Row]:
    """The rows of a bucket of `ids` whose `column` is one of `values`, of every run that wrote one."""
    columns = [name for name in _IDS if name != "bucket"]
    return [{**row, "bucket": bucket} for row in look_up("ids", [parts.ids.get(bucket, ())], column, values, columns)]
