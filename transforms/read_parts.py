"""Looking into the lake from a worker: Parquet parts whose paths the driver took from the log."""

import dataclasses
from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from schemas import TABLES

_SCHEMA = pa.unify_schemas([TABLES["ids"].file_schema(), TABLES["sketches"].file_schema()])


@dataclasses.dataclass(frozen=True)
class LakeParts:
    """What a run may look up: paths of `ids` by bucket and of `sketches` by date (ISO), and every run's number."""

    ids: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    sketches: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    numbers: Mapping[str, int] = dataclasses.field(default_factory=dict)


def read_parts(paths: Sequence[str], columns: list[str], keep: pc.Expression) -> pa.Table:
    """The rows of `ids` or `sketches` parts for which `keep` holds; a column that an old part lacks is null."""
    schema = pa.schema([_SCHEMA.field(name) for name in columns])
    if not paths:
        return schema.empty_table()
    return ds.dataset(list(paths), schema=_SCHEMA, format="parquet").to_table(columns=columns, filter=keep)
