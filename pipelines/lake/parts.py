"""Parts that lie in the lake, read again and written anew."""

import collections
from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from pipelines.lake.place import Folder, tree
from pipelines.lake.tables import ALL_TABLES, RUNS
from schemas import Row
from transforms import store
from transforms.write_parts import in_order, packed, part_path, partition_path, partition_values, staged_at

_FORMAT = ds.ParquetFileFormat()


def read_parts(lake: Folder, paths: Sequence[str]) -> pa.Table:
    """The rows of parts of one table (`paths` relative to the lake) in the columns of today; one that an old part lacks is null.

    By one call of Arrow's scanner, which opens the files on threads of its own: to open them here would hold up the rounds of a feed,
    beside which they are read, ten times as long. Raises OSError."""
    schema = ALL_TABLES[paths[0].split("/", 1)[0]].file_schema()
    files = tree(lake)
    fragments = [_FORMAT.make_fragment(path, files) for path in paths]
    return ds.FileSystemDataset(fragments, schema, _FORMAT, files).to_table()


def read_staged(staging: Folder, part: dict[str, Any], columns: Sequence[str] | None = None) -> pa.Table:
    """The rows of a part (its descriptor) that a run has staged; all columns, or some. Raises OSError."""
    with store.parquet(staged_at(str(staging), part["path"])) as staged:
        return staged.read(columns)


def has_any(path: Folder, column: str, values: pa.Array | pa.ChunkedArray) -> bool:
    """Whether a part has a row whose `column` is one of `values`; one that lacks the column has none. Reads that one column."""
    with store.parquet(str(path)) as part:
        return column in part.schema_arrow.names and bool(pc.any(pc.is_in(part.read([column])[column], value_set=values)).as_py())


def stage_part(rows: pa.Table, folder: str, level: int, run: str, staging: Folder, *, dense: bool = False) -> dict[str, Any]:
    """Writes rows as a part for `folder` (relative to the lake) into a run's staging folder; the part's descriptor. `dense` packs it well
    however few its rows are. Raises OSError."""
    part, data = pack_part(rows, folder, level, run, dense=dense)
    store.write(staged_at(str(staging), part["path"]), data)
    return part


def pack_part(rows: pa.Table, folder: str, level: int, run: str, *, dense: bool = False) -> tuple[dict[str, Any], pa.Buffer]:
    """The descriptor of a part and its bytes, nothing of it written."""
    name = folder.split("/", 1)[0]
    rows = in_order(name, rows)
    data = packed(rows, dense=dense or name == "raw")
    path = part_path(folder, run, rows, level)
    part = {"table": name, "path": path, "partition": partition_values(folder), "size": data.size, "rows": rows.num_rows, "counts": {}}
    if name == RUNS:
        part["numbers"] = [rows["number"][0].as_py(), rows["number"][-1].as_py()]
    return part, data


def stage_rows(name: str, rows: Iterable[Row], run: str, staging: Folder) -> tuple[dict[str, Any], ...]:
    """Writes new rows of a table into a run's staging folder, a part for each partition; their descriptors. Raises OSError."""
    by_folder: dict[str, list[Row]] = collections.defaultdict(list)
    for row in rows:
        by_folder[partition_path(name, row)].append(row)
    schema = ALL_TABLES[name].file_schema()
    tables = {folder: pa.Table.from_pylist(some, schema=schema) for folder, some in sorted(by_folder.items())}
    return tuple(stage_part(some, folder, 0, run, staging) for folder, some in tables.items())
