"""Small parts put together as a feed goes on: a round each second leaves 86,400 parts a day in a partition that every round touches.

Parts have a level, the number of times that their rows were rewritten: 0 for what a run wrote. When a partition of a table has `FAN_IN`
parts of a level, they become one of the next. A row is rewritten at most `LEVELS` times, and a partition has at most `FAN_IN` - 1 parts of
each level but the last, besides those that came since the last look: ten to the fifth is more rounds than a day has seconds. The level
stands at the end of a part's name, before the suffix.

New parts are made beside the rounds, while messages are waited for, and held in memory: a run that commits takes along what is ready. On
the disk they would be copies that no log names, which a purge that comes meanwhile must not leave behind."""

import collections
import concurrent.futures
import contextlib
import dataclasses
import itertools
import re
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from pipelines.lake.parts import pack_part, read_parts
from pipelines.lake.place import Folder
from pipelines.lake.tables import Tables
from transforms import store
from transforms.write_parts import staged_at

FAN_IN = 10
LEVELS = 5
MOST = 1_500
"""Parts put together at one look, those of the most crowded partitions first: what an archive left is worked off look by look."""

EVERY = 8
"""Runs between two looks. Readers that hold a snapshot lose parts at once and seldom, not a few in every second."""

LARGEST = 64 * 2**20
"""Bytes of a part from which on it is left as it is."""

_LEVEL = re.compile(r"-(\d)\.parquet$")


Groups = dict[tuple[str, int], list[str]]
"""Paths of parts (relative to the lake), by their folder and level."""


@dataclasses.dataclass(frozen=True)
class Merged:
    """New parts, staged, and the paths (relative to the lake) of those that they replace."""

    parts: tuple[dict[str, Any], ...] = ()
    retired: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class _Ready:
    """A part that is made and lies nowhere yet, its name without the run that it begins with; and those that it replaces."""

    part: dict[str, Any]
    data: pa.Buffer
    old: tuple[str, ...]


class Merger:
    """Merges for a process that makes run after run. What was there before its first run is merged with that run."""

    def __init__(self, lake: Folder) -> None:
        self._lake = lake
        self._thread = concurrent.futures.ThreadPoolExecutor(1, "wirelake-merge")
        self._work: concurrent.futures.Future[list[_Ready]] | None = None
        self._runs = 0
        self._closed = False

    def look(self, tables: Tables) -> None:
        """Counts a run that is committed; every so often, begins to merge what is due."""
        self._runs += 1
        if self._runs % EVERY == 0 and self._work is None:
            self._begin(tables)

    def _begin(self, tables: Tables) -> None:
        groups = due(tables)
        self._work = self._thread.submit(self._made, groups) if groups else None

    def _made(self, groups: Groups) -> list[_Ready]:
        ready, size = [], 0
        for (folder, at), paths in groups.items():
            if size >= LARGEST or self._closed:  # what is left is found by the next look
                break
            with contextlib.suppress(FileNotFoundError):  # another process replaced one of them
                part, data = pack_part(together(self._lake, paths), folder, at + 1, "")
                ready.append(_Ready(part, data, tuple(paths)))
                size += part["size"]
        return ready

    def taken(self, tables: Tables, run: str, staging: Folder) -> Merged:
        """What is ready, written into the staging folder of a run that is about to commit on these tables. Raises OSError."""
        if not self._runs:
            self._begin(tables)
        elif self._work and not self._work.done():
            return Merged()
        if self._work is None:
            return Merged()
        work, self._work = self._work, None
        ready = work.result()
        live = {name: tables.part_sizes(name).keys() for name in {each.part["table"] for each in ready}}
        good = [each for each in ready if all(path.split("/", 1)[1] in live[each.part["table"]] for path in each.old)]
        parts = tuple(_named(each.part, run) for each in good)
        for part, each in zip(parts, good, strict=True):
            store.write(staged_at(str(staging), part["path"]), each.data)
        return Merged(parts, tuple(path for each in good for path in each.old))

    def close(self) -> None:
        """Ends the work that is under way; nobody will take it."""
        self._closed = True
        self._thread.shutdown()


def _named(part: dict[str, Any], run: str) -> dict[str, Any]:
    """A part with the run that takes it along in its name."""
    folder, _, name = part["path"].rpartition("/")
    return {**part, "path": f"{folder}/{run}{name}"}


def level(path: str) -> int:
    """How often the rows of a part were rewritten, by its name."""
    found = _LEVEL.search(path)
    return int(found[1]) if found else 0


def due(tables: Tables) -> Groups:
    """Parts to put together."""
    found: dict[tuple[str, int], list[str]] = collections.defaultdict(list)
    for name in tables.names():
        for path, size in tables.part_sizes(name).items():
            if size < LARGEST and level(path) < LEVELS:
                found[f"{name}/{path}".rpartition("/")[0], level(path)].append(f"{name}/{path}")
    crowded = sorted((key for key in found if len(found[key]) >= FAN_IN), key=lambda key: (-len(found[key]), key))
    taken = itertools.accumulate(len(found[key]) for key in crowded)
    return {key: sorted(found[key]) for key, total in zip(crowded, taken, strict=True) if total <= MOST or key == crowded[0]}


def together(lake: Folder, paths: Sequence[str]) -> pa.Table:
    """The rows of several parts of a table (paths relative to the lake) for a part that replaces them. Raises OSError."""
    rows = read_parts(lake, paths)
    if "plan" in rows.column_names:  # claims, of finished runs all of them: nobody will need their plans
        rows = rows.set_column(rows.schema.get_field_index("plan"), "plan", pa.array([""] * rows.num_rows))
    return rows
