"""Small parts put together as a feed goes on: a round each second leaves 86,400 parts a day in a partition that every round touches.

Parts have a level, the number of times that their rows were rewritten: 0 for what a run wrote. When a partition of a table has `FAN_IN`
parts of a level, they become one of the next. A row is rewritten at most `LEVELS` times, and a partition has at most `FAN_IN` - 1 parts of
each level but the last, besides those that came since the last look: ten to the fifth is more rounds than a day has seconds. The level
stands at the end of a part's name, before the suffix."""

import collections
import dataclasses
import itertools
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipelines.lake.parts import read_part, stage_part
from pipelines.lake.tables import Tables

FAN_IN = 10
LEVELS = 5
MOST = 1_500
"""Parts put together at one look, those of the most crowded partitions first: what an archive left is worked off look by look."""

EVERY = 8
"""Runs between two looks. Readers that hold a snapshot lose parts at once and seldom, not a few in every second."""

LARGEST = 64 * 2**20
"""Bytes of a part from which on it is left as it is."""

_LEVEL = re.compile(r"-(\d)\.parquet$")


@dataclasses.dataclass(frozen=True)
class Merged:
    """New parts, staged, and the paths (relative to the lake) of those that they replace."""

    parts: tuple[dict[str, Any], ...] = ()
    retired: tuple[str, ...] = ()


class Pace:
    """When to look for parts to merge: at the first run, then every `EVERY` runs."""

    def __init__(self) -> None:
        self._runs = 0

    def step(self, tables: Tables, run: str, staging: Path) -> Merged:
        """Counts a run; every so often, merges what is due into its staging folder."""
        self._runs += 1
        return merge(tables, due(tables), run, staging) if self._runs % EVERY == 1 else Merged()


def level(path: str) -> int:
    """How often the rows of a part were rewritten, by its name."""
    found = _LEVEL.search(path)
    return int(found[1]) if found else 0


def due(tables: Tables) -> dict[tuple[str, int], list[str]]:
    """Parts to put together (paths relative to the lake), by folder and their level."""
    found: dict[tuple[str, int], list[str]] = collections.defaultdict(list)
    for name in tables.names():
        for path, size in tables.part_sizes(name).items():
            if size < LARGEST and level(path) < LEVELS:
                found[f"{name}/{path}".rpartition("/")[0], level(path)].append(f"{name}/{path}")
    crowded = sorted((key for key in found if len(found[key]) >= FAN_IN), key=lambda key: (-len(found[key]), key))
    taken = itertools.accumulate(len(found[key]) for key in crowded)
    return {key: sorted(found[key]) for key, total in zip(crowded, taken, strict=True) if total <= MOST or key == crowded[0]}


def merge(tables: Tables, parts: dict[tuple[str, int], list[str]], run: str, staging: Path) -> Merged:
    """Writes each group of parts as one. Raises OSError."""
    new = tuple(stage_part(together(tables.lake, paths), folder, at + 1, run, staging) for (folder, at), paths in parts.items())
    return Merged(new, tuple(path for paths in parts.values() for path in paths))


def together(lake: Path, paths: Iterable[str]) -> pa.Table:
    """The rows of several parts of a table (paths relative to the lake) for a part that replaces them. Raises OSError."""
    rows = pa.concat_tables([read_part(lake, path) for path in paths])
    if "plan" in rows.column_names:  # claims, of finished runs all of them: nobody will need their plans
        rows = rows.set_column(rows.schema.get_field_index("plan"), "plan", pa.array([""] * rows.num_rows))
    return rows
