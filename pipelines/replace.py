"""What a run that replaces deliveries does to the rows that they left: the run takes in what they come to now, this takes out the rest."""

import dataclasses
from collections.abc import Collection, Iterable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.lake.merge import Merged
from pipelines.lake.parts import read_staged, stage_rows
from pipelines.lake.place import Folder
from pipelines.lake.rewrite import Change, parts_with, rewrite, without
from pipelines.lake.tables import Tables
from schemas import Row
from transforms.candidates import ids_of, newest
from transforms.ledger import rejection
from transforms.part_index import LakeParts

OF_A_STORY = ("entities", "quotes", "sketches", "updates", "stories")
"""Tables with rows of a story, by its date and country, in the order of a commit."""


@dataclasses.dataclass(frozen=True)
class Replacing:
    """Deliveries that a run replaces: their rows of `deliveries` as they are, and of `ids` for the stories that they made."""

    old: tuple[Row, ...]
    gone: tuple[Row, ...]
    chosen: frozenset[str] | None = None
    """Of all pieces that the run finds, the ids of the deliveries that it takes; null for all."""

    @classmethod
    def of(cls, old: Iterable[Row], parts: LakeParts, chosen: frozenset[str] | None = None) -> "Replacing":
        """From rows of `deliveries` (delivery_id, outcome, story_id)."""
        old = tuple(old)
        return cls(old, tuple(stories_of(parts, {row["story_id"] for row in old if row["outcome"] == "story"})), chosen)

    def taken_out(self, tables: Tables, parts: Iterable[dict[str, Any]], run: str, staging: Folder) -> Merged:
        """Stages what is left of the parts that hold these rows, once the run has staged `parts`. Every other row that refers to a story
        that is gone refers to what its maker came to now, or to nothing."""
        came = {row["delivery_id"]: row for row in _staged(staging, parts, "deliveries", ["delivery_id", "outcome", "story_id", "reason"])}
        makers = [row for row in self.old if row["outcome"] == "story"]
        now_is = {row["story_id"]: came.get(row["delivery_id"]) for row in makers}
        moved = {story: new for story, new in now_is.items() if new is None or new["story_id"] != story}
        deliveries = frozenset(row["delivery_id"] for row in self.old)
        done = [drop_stories(tables, self.gone, run, staging)]
        touched = {*parts_with(tables, "deliveries", "delivery_id", deliveries), *parts_with(tables, "deliveries", "story_id", moved)}
        referring = _References(moved, deliveries)
        done.append(rewrite(tables, sorted(touched), referring.change, run, staging))
        rejections = parts_with(tables, "rejected", "delivery_id", deliveries)
        done.append(rewrite(tables, rejections, without("delivery_id", deliveries), run, staging))
        done.append(referring.rejections(run, staging))
        return together(done)


def stories_of(parts: LakeParts, stories: Collection[str]) -> list[Row]:
    """The newest rows of `ids` of some stories, wherever they are."""
    return newest([row for bucket in sorted(parts.ids) for row in ids_of(parts, bucket, "story_id", stories)], parts)


def drop_stories(tables: Tables, gone: Collection[Row], run: str, staging: Folder) -> Merged:
    """Stages what is left without some stories (rows of `ids`) in the tables that hold them."""
    ids = {row["story_id"] for row in gone}
    folders = {f"{name}/date={row['date']}/country={row['country']}" for row in gone for name in OF_A_STORY}
    folders |= {f"ids/bucket={row['bucket']}" for row in gone}
    done = []
    for name in (*OF_A_STORY, "ids"):
        paths = parts_with(tables, name, "story_id", ids, folders)
        done.append(rewrite(tables, paths, without("story_id", ids), run, staging))
    return together(done)


def together(several: Iterable[Merged]) -> Merged:
    """New and retired parts of several steps as one."""
    several = list(several)
    return Merged(tuple(part for each in several for part in each.parts), tuple(path for each in several for path in each.retired))


def _staged(staging: Folder, parts: Iterable[dict[str, Any]], name: str, columns: list[str]) -> list[Row]:
    found = [read_staged(staging, part, columns) for part in parts if part["table"] == name]
    return [row for rows in found for row in rows.to_pylist()]


class _References:
    """Deliveries of stories that are gone, by other inputs: they get what the story's maker came to."""

    def __init__(self, moved: dict[str, Row | None], replaced: frozenset[str]) -> None:
        self._moved = moved
        self._leave_out: Change = without("delivery_id", replaced)
        self._rejected: list[Row] = []

    def change(self, rows: pa.Table) -> pa.Table:
        left = self._leave_out(rows)
        if not pc.any(pc.is_in(left["story_id"], pa.array(sorted(self._moved), pa.string()))).as_py():
            return left
        return pa.Table.from_pylist([self._moved_row(row) for row in left.to_pylist()], schema=left.schema)

    def _moved_row(self, row: Row) -> Row:
        if row["story_id"] not in self._moved:
            return row
        new = self._moved[row["story_id"]]
        if new and new["story_id"]:
            return {**row, "story_id": new["story_id"]}
        reason = (new and new["reason"]) or "gone"
        self._rejected.append({**row, "reason": reason})
        return {**row, "outcome": "rejected", "story_id": None, "reason": reason}

    def rejections(self, run: str, staging: Folder) -> Merged:
        """Rows of `rejected` for those that are no story any more; their bytes are not at hand."""
        return Merged(stage_rows("rejected", (_rejection(row, run) for row in self._rejected), run, staging))


def _rejection(row: Row, run: str) -> Row:
    detail = f"the same story by another delivery was read again and is none ({row['reason']})"
    return rejection(row, "deduplicate", row["reason"], detail, run)
