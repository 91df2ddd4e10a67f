"""WriteParts: rows to Parquet parts in staging, sorted, one a partition, and the manifest that lists them."""

import collections
import dataclasses
import functools
import hashlib
import itertools
import json
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

import apache_beam as beam
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from schemas import TABLES, Contract, Row, Run, decode, stream
from transforms import store
from transforms.batch_rows import BatchRows, Rows, at_the_end
from transforms.fn import Fn
from transforms.helpers import Share
from transforms.outputs import Inputs
from transforms.tally import Entry, entry
from transforms.text.relations import STATE

STAGING = "_staging"
"""The folder of a lake in which each run that is not committed yet has one of its own."""

MANIFEST = "manifest.json"

PART_BYTES = 2**26
"""Of rows as they are shuffled: some thousand stories with all that is known of them, several times what their part has on disk."""

_PIECE = "#"
_APART = ("delivery_id", "story_id", "notice_id", "sha256")
"""What tells rows apart, the first that they have."""

_SORT = {"stories": ("published_at", "story_id"), "sketches": ("published_at", "story_id"), "runs": ("number",)}
_MODELS: dict[str, type[Contract]] = {**TABLES, "runs": Run}
_ROW_GROUP_ROWS = 16_384
_FEW_ROWS = 256
_SCHEMAS = {name: model.arrow_schema() for name, model in TABLES.items()} | {"states": TABLES["updates"].arrow_schema()}


@dataclasses.dataclass(eq=False)
class WriteParts(beam.PTransform):
    """Collections, by a name for each, with what makes (table, row) of their elements, to entries of the manifest: descriptors of parts.
    `states` are no table: they complete the run's own rows of `stories`.

    Parts lie in `staging`, named as they will be in the lake, `<run>-<hash of all rows>`: a bundle that is tried again writes the
    same part. Idempotent; what a dead attempt left beside them is never listed."""

    staging: str
    run: str

    rows: dict[str, Rows]
    cuts: bool = False
    """Whether a partition may be too large for one worker: then it becomes several parts, each of some `PART_BYTES`."""

    def expand(self, inputs: Inputs) -> beam.PCollection[Entry]:
        """Wires the one shuffle of finished rows, by partition. Rows are batched before they are flattened: what a flatten
        holds between stages it pickles."""
        batches = [each | f"Batch{name}" >> BatchRows(self.rows[name], _folder, _SCHEMAS) for name, each in inputs.items()]
        flat = batches | "Flatten" >> beam.Flatten()
        if self.cuts:
            sizes = flat | "Measure" >> beam.ParDo(_Measure()).with_output_types(tuple[str, int]) | "Add" >> beam.CombinePerKey(sum)
            large = sizes | "Large" >> beam.ParDo(_Large(PART_BYTES)).with_output_types(tuple[str, int])
            flat = flat | "Cut" >> beam.ParDo(_Cut(), beam.pvalue.AsDict(large)).with_output_types(tuple[str, tuple[str, bytes]])
        return (
            flat
            | "GroupByPartition" >> beam.GroupByKey()
            | "WritePart" >> beam.ParDo(_WritePart(self.staging, self.run)).with_output_types(Entry)
        )


@dataclasses.dataclass(eq=False)
class WriteManifest(beam.PTransform):
    """Collections of entries (`{"part": ...}` or `{"count": [name, n]}`) to one `manifest.json` in `staging`. What
    reads and parses counts in every bundle, so there are entries in any case: a run without a manifest did not end."""

    staging: str

    def expand(self, entries: Inputs) -> beam.PCollection[str]:
        """Wires the gathering."""
        return entries | "Flatten" >> beam.Flatten() | "Gather" >> beam.GroupByKey() | "Write" >> beam.ParDo(_WriteManifest(self.staging))


def _folder(kind: str, row: Row) -> str:
    return partition_path("stories" if kind == "states" else kind, row)


def partition_path(table: str, row: Row) -> str:
    """Where a row belongs, relative to the lake: `stories/date=2024-06-19/country=KP`."""
    return _path(table, *[row[key] for key in TABLES[table].partition_by])


@functools.lru_cache(maxsize=4096)
def _path(table: str, *values: object) -> str:
    # A run has a hundred times more rows than partitions.
    return "/".join([table, *(f"{key}={value}" for key, value in zip(TABLES[table].partition_by, values, strict=True))])


def partition_values(folder: str) -> dict[str, str]:
    """What the path of a partition says: `{"date": "2024-06-19", "country": "KP"}`."""
    return dict(key.split("=", 1) for key in folder.split("/")[1:])


class _Measure(Fn):
    def process(self, element: tuple[str, tuple[str, bytes]]) -> Iterator[tuple[str, int]]:
        yield element[0], len(element[1][1])


class _Large(Fn):
    """Partitions of more than some bytes, with the number of parts that they become."""

    def __init__(self, most: int) -> None:
        self._most = most

    def process(self, element: tuple[str, int]) -> Iterator[tuple[str, int]]:
        folder, size = element
        if size > self._most:
            yield folder, -(-size // self._most)


class _Cut(Fn):
    """Buffers of large partitions to smaller ones, told apart by what follows `_PIECE` in their key. A story and its
    state stay together."""

    def process(self, element: tuple[str, tuple[str, bytes]], large: dict[str, int]) -> Iterator[tuple[str, tuple[str, bytes]]]:
        folder, (kind, buffer) = element
        count = large.get(folder)
        if not count:
            yield element
            return
        rows = decode([buffer])
        name = next(name for name in _APART if name in rows.column_names)
        piece = pa.array([zlib.crc32(str(value).encode()) % count for value in rows[name].to_pylist()])
        for each in pc.unique(piece).to_pylist():
            yield f"{folder}{_PIECE}{each}", (kind, stream(rows.filter(pc.equal(piece, each))).to_pybytes())


@dataclasses.dataclass(frozen=True)
class _Partition:
    folder: str
    buffers: list[tuple[str, bytes]]


class _WritePart(Fn):
    def __init__(self, staging: str, run: str) -> None:
        self._staging, self._run = staging, run

    def start_bundle(self) -> None:
        self._share: Share[_Partition, Entry] = Share(functools.partial(_write_partition, self._staging, self._run))

    def process(self, element: tuple[str, Iterable[tuple[str, bytes]]]) -> Iterator[Entry]:
        yield from itertools.starmap(self._written, self._share.give(_Partition(element[0], list(element[1]))))

    def finish_bundle(self) -> Iterator[Any]:
        yield from map(at_the_end, itertools.starmap(self._written, self._share.rest()))

    def _written(self, partition: _Partition, done: Entry | None) -> Entry:
        return done or _write_partition(self._staging, self._run, partition)


def _write_partition(staging: str, run: str, partition: _Partition) -> Entry:
    folder = partition.folder.partition(_PIECE)[0]
    table = folder.split("/", 1)[0]
    by_kind: dict[str, list[bytes]] = collections.defaultdict(list)
    for kind, buffer in partition.buffers:
        by_kind[kind].append(buffer)
    rows = decode(by_kind[table])
    if "states" in by_kind:
        rows = with_states(rows, decode(by_kind["states"]).to_pylist())
    rows = in_order(table, rows)
    path = part_path(folder, run, rows)
    size = write_part(staged_at(staging, path), rows, dense=table == "raw")
    values = partition_values(folder)
    part = {"table": table, "path": path, "partition": values, "size": size, "rows": rows.num_rows, "counts": _counts(table, rows)}
    return entry(part=part)


def with_states(stories: pa.Table, states: list[Row]) -> pa.Table:
    """The stories with the columns of `STATE` replaced by what Relate decided."""
    by_id = {state["story_id"]: state for state in states}
    decided = [by_id[story_id] for story_id in stories["story_id"].to_pylist()]
    for name in STATE:
        field = stories.schema.field(name)
        column = pa.array([state[name] for state in decided], type=field.type)
        stories = stories.set_column(stories.schema.get_field_index(name), field, column)
    return stories


def in_order(table: str, rows: pa.Table) -> pa.Table:
    """Rows in the one order that a part of this table has, without the columns that its path tells."""
    names = _MODELS[table].file_schema().names
    keys = _SORT.get(table) or [name for name in names if not pa.types.is_nested(rows.schema.field(name).type)]
    return rows.select(names).sort_by([(name, "ascending") for name in keys]).combine_chunks()


def part_path(folder: str, run: str, rows: pa.Table, level: int = 0) -> str:
    """Where a part of a partition will lie, relative to the lake. Its name tells the run that writes it, a hash of its partition and its
    rows, and its level where they were rewritten: no other part of any table has that name."""
    digest = hashlib.blake2b(folder.encode(), digest_size=8)
    digest.update(stream(rows))
    name = f"{run}-{digest.hexdigest()}"
    return f"{folder}/{name}-{level}.parquet" if level else f"{folder}/{name}.parquet"


def staged_name(path: str) -> str:
    """What a part is called in its run's staging folder, all in one: to make a folder for each costs more than to write a small part."""
    return path.rpartition("/")[2]


def staged_at(staging: str, path: str) -> str:
    """Where a part (`path` relative to the lake) waits for its run's commit: in the staging folder, or, in an object store, where a
    rename is a copy, in its place already."""
    if store.is_object(staging):
        return f"{staging.rpartition(f'/{STAGING}/')[0]}/{path}"
    return f"{staging}/{staged_name(path)}"


def write_part(path: str, rows: pa.Table, *, dense: bool = False) -> int:
    """Packs rows (see `packed`) and writes the part; its size in bytes. Raises OSError."""
    data = packed(rows, dense=dense)
    store.write(path, data)
    return int(data.size)


def packed(rows: pa.Table, *, dense: bool = False) -> pa.Buffer:
    """The bytes of a part. `dense` packs it by zstd however few its rows are.

    A part of many rows is packed by zstd, with dictionaries, statistics, and a bloom filter on `story_id`. A part of few rows, of which a
    run over many dates and countries makes thousands, is read whole by whoever reads it: setting all that up would take two thirds of its
    time."""
    few = rows.num_rows < _FEW_ROWS
    bloom = {"story_id": {"ndv": _ROW_GROUP_ROWS}} if "story_id" in rows.column_names and rows.num_rows >= _ROW_GROUP_ROWS else None
    sink = pa.BufferOutputStream()
    pq.write_table(
        rows,
        sink,
        compression="snappy" if few and not dense else "zstd",
        use_dictionary=not few,
        write_statistics=not few,
        row_group_size=_ROW_GROUP_ROWS,
        bloom_filter_options=bloom,
    )
    return sink.getvalue()


def _counts(table: str, rows: pa.Table) -> dict[str, int]:
    """What the run's balance and report need of a part: outcomes of deliveries, reasons of rejections."""
    column = {"deliveries": "outcome", "rejected": "reason"}.get(table)
    if not column:
        return {}
    return {str(each["values"]): int(each["counts"]) for each in pc.value_counts(rows[column]).to_pylist()}


class _WriteManifest(Fn):
    def __init__(self, staging: str) -> None:
        self._staging = staging

    def process(self, element: tuple[str, Iterable[str]]) -> Iterator[str]:
        path = f"{self._staging}/{MANIFEST}"
        store.write(path, json.dumps([json.loads(told) for told in sorted(element[1])]).encode())
        yield path
