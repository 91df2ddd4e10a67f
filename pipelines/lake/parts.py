"""Parts that lie in the lake, read again and written anew."""

import collections
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipelines.lake.tables import ALL_TABLES, RUNS
from schemas import Row
from transforms.write_parts import in_order, part_name, partition_path, partition_values, write_part


def read_part(lake: Path, path: str) -> pa.Table:
    """The rows of a part (`path` relative to the lake) in the columns of today; one that an old part lacks is null. Raises OSError."""
    schema = ALL_TABLES[path.split("/", 1)[0]].file_schema()
    with pq.ParquetFile(lake / path) as part:
        rows = part.read()
    for field in schema:
        if field.name not in rows.column_names:
            rows = rows.append_column(field, pa.nulls(rows.num_rows, field.type))
    return rows.select(schema.names).cast(schema)


def has_any(path: Path, column: str, values: pa.Array | pa.ChunkedArray) -> bool:
    """Whether a part has a row whose `column` is one of `values`; one that lacks the column has none. Reads that one column."""
    with pq.ParquetFile(path) as part:
        return column in part.schema_arrow.names and bool(pc.any(pc.is_in(part.read([column])[column], value_set=values)).as_py())


def stage_part(rows: pa.Table, folder: str, level: int, run: str, staging: Path, *, dense: bool = False) -> dict[str, Any]:
    """Writes rows as a part for `folder` (relative to the lake) into a run's staging folder; the part's descriptor. `dense` packs it well
    however few its rows are. Raises OSError."""
    name = folder.split("/", 1)[0]
    rows = in_order(name, rows)
    path = f"{folder}/{part_name(run, rows, level)}"
    size = write_part(f"{staging}/{path}", rows, dense=dense or name == "raw")
    part = {"table": name, "path": path, "partition": partition_values(folder), "size": size, "rows": rows.num_rows, "counts": {}}
    if name == RUNS:
        part["numbers"] = [rows["number"][0].as_py(), rows["number"][-1].as_py()]
    return part


def stage_rows(name: str, rows: Iterable[Row], run: str, staging: Path) -> tuple[dict[str, Any], ...]:
    """Writes new rows of a table into a run's staging folder, a part for each partition; their descriptors. Raises OSError."""
    by_folder: dict[str, list[Row]] = collections.defaultdict(list)
    for row in rows:
        by_folder[partition_path(name, row)].append(row)
    schema = ALL_TABLES[name].file_schema()
    tables = {folder: pa.Table.from_pylist(some, schema=schema) for folder, some in sorted(by_folder.items())}
    return tuple(stage_part(some, folder, 0, run, staging) for folder, some in tables.items())
