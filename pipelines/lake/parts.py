"""Parts that lie in the lake, read again and written anew."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.lake.tables import ALL_TABLES, RUNS
from transforms.write_parts import in_order, part_name, write_part


def read_part(lake: Path, path: str) -> pa.Table:
    """The rows of a part (`path` relative to the lake) in the columns of today; one that an old part lacks is null. Raises OSError."""
    schema = ALL_TABLES[path.split("/", 1)[0]].file_schema()
    with pq.ParquetFile(lake / path) as part:
        rows = part.read()
    for field in schema:
        if field.name not in rows.column_names:
            rows = rows.append_column(field, pa.nulls(rows.num_rows, field.type))
    return rows.select(schema.names).cast(schema)


def stage_part(rows: pa.Table, folder: str, level: int, run: str, staging: Path, *, dense: bool = False) -> dict[str, Any]:
    """Writes rows as a part for `folder` (relative to the lake) into a run's staging folder; the part's descriptor. `dense` packs it well
    however few its rows are. Raises OSError."""
    name = folder.split("/", 1)[0]
    rows = in_order(name, rows)
    path = f"{folder}/{part_name(run, rows, level)}"
    size = write_part(f"{staging}/{path}", rows, dense=dense or name == "raw")
    values = dict(key.split("=", 1) for key in folder.split("/")[1:])
    part = {"table": name, "path": path, "partition": values, "size": size, "rows": rows.num_rows, "counts": {}}
    if name == RUNS:
        part["numbers"] = [rows["number"][0].as_py(), rows["number"][-1].as_py()]
    return part
