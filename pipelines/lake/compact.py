"""Compact: few parts instead of many, updates written into the stories they are about, strays and outlived log files removed.

It goes in short runs. Each takes the lock, decides anew what is due, and commits what it has after `_TURN_SECONDS`: a feed goes on beside
it, and what is done stays done when the process dies. Only parts that lay there when it began, and those that it wrote itself, are a reason
to rewrite anything: beside a feed that never rests it comes to an end."""

import contextlib
import dataclasses
import datetime as dt
import json
import secrets
import time
from collections.abc import Collection, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines import memory
from pipelines.errors import WirelakeError, plainly
from pipelines.lake import merge
from pipelines.lake.commit import Plan, commit, staging_folder
from pipelines.lake.parts import has_any, stage_part
from pipelines.lake.place import Folder, is_outlived, remove_tree
from pipelines.lake.tables import RUNS, Tables, existing_lake
from pipelines.lake.turns import Turns
from pipelines.metrics import NO_PIECES
from pipelines.options import seconds
from pipelines.record import Recorder
from transforms.part_index import look_up
from transforms.text.relations import STATE

MANY = 8
"""Small parts of a table that make a partition due while its day goes on; when it is over, two are enough."""

_MOST_BYTES = 16 * 2**20
"""Of parts that become one: it bounds memory, and how long the lock is held for it."""

_MOST_PARTS = 200

_TURN_SECONDS = 0.4
"""After so long a run ends with the part at hand."""

_LONGEST_PAUSE = 0.5
"""Seconds. A pause between two runs lasts as long as the last one, and no longer than this: a writer that waits for the lock asks for it
that often (see `durable.locked`), and gets it."""

Sizes = dict[str, int]
"""Bytes of parts, by their paths relative to the lake."""


@dataclasses.dataclass
class Report:
    """What `compact` did."""

    partitions: int = 0
    runs: int = 0
    parts_before: int = 0
    """Parts that were replaced, and `parts_after` those that replace them; with their bytes."""
    parts_after: int = 0
    bytes_before: int = 0
    bytes_after: int = 0
    updates_folded: int = 0
    """Rows of `updates` that are in their stories now, or that a newer row had replaced."""
    strays_removed: int = 0
    recovered: int | None = None
    seconds: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """All fields, for a program."""
        return dataclasses.asdict(self)

    def lines(self) -> list[str]:
        """The summary, at most four lines."""
        lines = []
        if self.recovered:
            lines.append(f"finished run {self.recovered}, which another process had left in the middle of its commit")
        if self.runs:
            lines.append(f"partitions compacted: {self.partitions}, in {self.seconds:.1f} s (runs: {self.runs})")
            lines.append(f"  {self.parts_before} parts of {self.bytes_before} bytes became {self.parts_after} of {self.bytes_after}")
            lines.append(f"  {self.updates_folded} updates written into their stories")
        else:
            lines.append("nothing to compact")
        if self.strays_removed:
            lines.append(f"  {self.strays_removed} stray files removed")
        return lines


def compact(lake: str, *, date: dt.date | None = None, lock_wait: float = 60.0) -> Report:
    """Compacts all partitions that have many parts or updates, or with `date` those of that date that have more than one part or updates;
    `ids` and `runs`, which have no dates, where they have many parts. Then removes strays older than a day and log files that a checkpoint
    has replaced.

    Raises UsageError where there is no lake, LockedError, and WirelakeError where the lake cannot be read or written. What was committed
    before stays; the same call again goes on from there."""
    begun = time.monotonic()
    seconds("--lock-wait", lock_wait)
    tables = existing_lake(lake)
    work = _Compaction(tables, date, lock_wait)
    with plainly(tables.lake):
        while work.run():
            memory.give_back()
        work.remove_strays()
        work.clean_logs()
    report = work.report()
    report.seconds = time.monotonic() - begun
    return report


@dataclasses.dataclass
class _Staged:
    """What a run has staged so far, and when it is to end."""

    lake: Folder
    run: str
    until: float
    parts: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    retired: Sizes = dataclasses.field(default_factory=dict)
    folded: int = 0

    @property
    def is_full(self) -> bool:
        return bool(self.retired) and time.monotonic() > self.until

    def replace(self, old: Sizes, folder: str, rows: pa.Table) -> None:
        """Parts by one of these rows; by none where there are no rows."""
        if rows.num_rows:
            self.parts.append(stage_part(rows, folder, merge.LEVELS, self.run, staging_folder(self.lake, self.run), dense=True))
        self.retired |= old


class _Compaction:
    """One `compact`: what it found, what it wrote."""

    def __init__(self, tables: Tables, date: dt.date | None, lock_wait: float) -> None:
        self._lake, self._date = tables.lake, date
        self._turns = Turns(tables.lake, lock_wait, tables)
        self._recorder, self._report = Recorder(), Report()
        self._before: frozenset[str] = frozenset()
        """Every part that lay there when it began."""
        self._runs: set[str] = set()
        self._partitions: set[str] = set()
        self._written: Sizes = {}

    def report(self) -> Report:
        after = {"parts_after": len(self._written), "bytes_after": sum(self._written.values())}
        return dataclasses.replace(
            self._report, runs=len(self._runs), partitions=len(self._partitions), recovered=self._turns.recovered, **after
        )

    def run(self) -> bool:
        """One run over what is due, and the pause after it; whether there was anything."""
        begun = time.monotonic()
        staged = self._turns.take(self._committed)
        if not staged:
            return False
        self._count(staged)
        time.sleep(min(time.monotonic() - begun, _LONGEST_PAUSE))
        return True

    def _committed(self, tables: Tables) -> _Staged | None:
        begun = time.monotonic()
        staged = _Staged(self._lake, secrets.token_hex(16), begun + _TURN_SECONDS)
        staging = staging_folder(self._lake, staged.run)
        now = dt.datetime.now(dt.UTC)
        try:
            for partition, found in sorted(self._found(tables).items()):
                self._stage(tables, partition, found, now.date(), staged)
                if staged.is_full:
                    break
        except BaseException:
            remove_tree(staging)
            raise
        if not staged.retired:
            return None
        plan = Plan(staged.run, "compact", now, tuple(staged.parts), (), NO_PIECES, tuple(staged.retired))
        self._turns.own = commit(tables, plan)
        self._recorder.record(tables, plan, self._turns.own, time.monotonic() - begun)
        return staged

    def _found(self, tables: Tables) -> dict[str, dict[str, Sizes]]:
        """All live parts, by partition (the part of their path between table and name) and table."""
        found: dict[str, dict[str, Sizes]] = {}
        for name in tables.names():
            for path, size in tables.part_sizes(name).items():
                found.setdefault(path.rpartition("/")[0], {}).setdefault(name, {})[f"{name}/{path}"] = size
        if not self._before:
            self._before = frozenset(path for by_table in found.values() for sizes in by_table.values() for path in sizes)
        return found

    def _stage(self, tables: Tables, partition: str, found: dict[str, Sizes], today: dt.date, staged: _Staged) -> None:
        """Stages what is due of a partition until the time is up."""
        key, _, value = partition.split("/")[0].partition("=")
        dated = key in ("date", "received_on")
        if dated and self._date and value != self._date.isoformat():
            return
        few = 2 if dated and (self._date or value < today.isoformat()) else MANY
        due = {}
        for name, sizes in found.items():
            small = {path: size for path, size in sizes.items() if size < merge.LARGEST and self._is_known(path)}
            due[name] = small if len(small) >= few else {}
        due.pop("updates", None)
        if any(map(self._is_known, found.get("updates", ()))):
            self._fold(tables, partition, found, due.pop("stories", {}), staged)
        for name, sizes in sorted(due.items()):
            for group in _groups(sizes, ()):
                if staged.is_full:
                    return
                rows = merge.together(self._lake, list(group))
                staged.replace(group, f"{name}/{partition}".rstrip("/"), _newest(rows, tables) if name == "ids" else rows)

    def _is_known(self, path: str) -> bool:
        return path in self._before or self._is_own(path)

    def _is_own(self, path: str) -> bool:
        return path.rpartition("/")[2].partition("-")[0] in self._runs

    def _fold(self, tables: Tables, partition: str, found: dict[str, Sizes], due: Sizes, staged: _Staged) -> None:
        """Stages parts of `stories` with their updates in them, and what is left of the updates: what the time was too short for, what
        came since for stories in new parts, and a row whose story is nowhere. All updates of the partition are read, those that came
        since too: an older row that stayed would hide what was written."""
        stories, updates = found.get("stories", {}), found["updates"]
        rows = merge.together(self._lake, list(updates))
        newest = left = _newest(rows, tables)
        changed = {path for path in stories if path in self._before and has_any(self._lake / path, "story_id", newest["story_id"])}
        for group in _groups(due | {path: stories[path] for path in changed}, changed):
            if staged.is_full:
                break
            old = merge.together(self._lake, list(group))
            staged.replace(group, f"stories/{partition}", _with_updates(old, left))
            left = left.filter(pc.invert(pc.is_in(left["story_id"], value_set=old["story_id"])))
        if left.num_rows < newest.num_rows or sum(map(self._is_known, updates)) > 1:
            staged.replace(updates, f"updates/{partition}", left)
            staged.folded += rows.num_rows - left.num_rows

    def _count(self, staged: _Staged) -> None:
        self._partitions |= {path.partition("/")[2].rpartition("/")[0] for path in staged.retired}
        before = {path: size for path, size in staged.retired.items() if not self._is_own(path)}
        self._report.parts_before += len(before)
        self._report.bytes_before += sum(before.values())
        self._report.updates_folded += staged.folded
        self._runs.add(staged.run)
        self._written = {path: size for path, size in self._written.items() if path not in staged.retired}
        self._written |= {part["path"]: part["size"] for part in staged.parts}

    def remove_strays(self) -> None:
        """Deletes parts that no log names and that are older than a day. Every claim is finished then: nothing waits for them."""
        old = _strays(self._turns.take(lambda tables: tables))  # a look into every folder takes a while: without the lock
        if old:
            with self._turns.turn() as tables:
                old.difference_update(*(tables.paths(name) for name in tables.names()))
                for path in old:
                    path.unlink(missing_ok=True)
        self._report.strays_removed = len(old)

    def clean_logs(self) -> None:
        """Makes checkpoints of what was committed since the last ones, and deletes log files that they replace, once these are older than
        a table's log is kept: none of a version that follows, of which a reader may need the one before (see `Tables.step_back`)."""
        with self._turns.turn() as tables:
            handles = [tables.handle(name) for name in tables.names()]
            for name, handle in zip(tables.names(), handles, strict=True):
                if _checkpointed(self._lake / name) < handle.version():
                    handle.create_checkpoint()
        for handle in handles:  # after a day of many commits it takes a while: without the lock
            handle.cleanup_metadata()


def _groups(sizes: Sizes, also_alone: Collection[str]) -> Iterator[Sizes]:
    """Parts to put together, small ones with small ones. A part that finds no company is left out, unless it is one of `also_alone`."""
    group: Sizes = {}
    for path, size in sorted(sizes.items(), key=lambda each: (each[1], each[0])):
        if len(group) == _MOST_PARTS or sum(group.values()) + size > _MOST_BYTES:
            if len(group) > 1 or not group.keys().isdisjoint(also_alone):
                yield group
            group = {}
        group[path] = size
    if len(group) > 1 or not group.keys().isdisjoint(also_alone):
        yield group


def _newest(rows: pa.Table, tables: Tables) -> pa.Table:
    """Each story once: of several rows that of the run with the greatest number."""
    codes = rows["story_id"].combine_chunks().dictionary_encode().indices.to_numpy()
    several = pa.array(np.bincount(codes)[codes] > 1)
    runs = set(rows["run"].filter(several).to_pylist())
    found = look_up(RUNS, [[str(path) for path in tables.paths(RUNS)]], "run", runs, ["number"])
    numbers = {row["run"]: row["number"] for row in found}
    if runs - numbers.keys():
        raise WirelakeError(f"{tables.lake / RUNS} has no row for a run that wrote other rows; run `wirelake doctor`")
    ages = np.fromiter((numbers.get(run, 0) for run in rows["run"].to_pylist()), np.int64, rows.num_rows)
    order = np.lexsort((ages, codes))
    is_last = np.append(codes[order][1:] != codes[order][:-1], True)
    return rows.take(np.sort(order[is_last]))


def _with_updates(stories: pa.Table, updates: pa.Table) -> pa.Table:
    """Stories with the columns of `STATE` as their update has them, where there is one."""
    at = pc.index_in(stories["story_id"], value_set=updates["story_id"])
    for name in STATE:
        changed = pc.if_else(at.is_valid(), updates[name].take(at), stories[name])
        stories = stories.set_column(stories.schema.get_field_index(name), stories.schema.field(name), changed)
    return stories


def _strays(tables: Tables) -> set[Folder]:
    """Parts that no log names and that nobody wrote to for a day."""
    found = set()
    for name in tables.names():
        for path in tables.unlogged(name):
            with contextlib.suppress(FileNotFoundError):  # replaced by a run of this moment
                if is_outlived(path):
                    found.add(path)
    return found


def _checkpointed(table: Folder) -> int:
    """The version of a table's newest checkpoint; -1 before the first."""
    try:
        return int(json.loads((table / "_delta_log" / "_last_checkpoint").read_bytes())["version"])
    except FileNotFoundError:
        return -1
