"""Parts with some of their rows changed or left out: what a run that replaces stories does to what lies in the lake."""

from collections.abc import Callable, Collection, Iterable

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.lake.merge import Merged, level
from pipelines.lake.parts import has_any, read_parts, stage_part
from pipelines.lake.place import Folder
from pipelines.lake.tables import Tables

Change = Callable[[pa.Table], pa.Table]
"""From the rows of a part to what stays of them; the same object where nothing changes."""


def rewrite(tables: Tables, paths: Iterable[str], change: Change, run: str, staging: Folder) -> Merged:
    """Stages parts (paths relative to the lake) as `change` leaves them; one that stays as it is is passed over, one that
    loses all rows is only retired. A part keeps its level: a rewritten one is not merged sooner. Raises OSError."""
    new, retired = [], []
    for path in paths:
        before = read_parts(tables.lake, [path])
        after = change(before)
        if after is before or after.equals(before):
            continue
        retired.append(path)
        if after.num_rows:
            new.append(stage_part(after, path.rpartition("/")[0], level(path), run, staging))
    return Merged(tuple(new), tuple(retired))


def parts_with(tables: Tables, name: str, column: str, values: Collection[str], folders: Collection[str] | None = None) -> list[str]:
    """Live parts of a table (paths relative to the lake) with a row whose `column` is one of `values`; of all its parts, or of those in
    some folders (`stories/date=.../country=..`). Reads that one column."""
    wanted = pa.array(sorted(values), pa.string())
    found = []
    for path in sorted(tables.part_sizes(name)):
        inside = f"{name}/{path}"
        if folders is not None and inside.rpartition("/")[0] not in folders:
            continue
        if has_any(tables.lake / inside, column, wanted):
            found.append(inside)
    return found


def without(column: str, values: Collection[str]) -> Change:
    """Leaves out the rows whose `column` is one of `values`."""
    unwanted = pa.array(sorted(values), pa.string())

    def change(rows: pa.Table) -> pa.Table:
        hit = pc.is_in(rows[column], unwanted)
        return rows.filter(pc.invert(hit)) if pc.any(hit).as_py() else rows

    return change
