"""Looking into the lake from a worker: Parquet parts whose paths the driver took from the log.

A part never changes and its name is never used again, so what was read of it once is true for good: the process keeps, for each part,
which row has which key (of `sketches`, which every round compares with many, the rows as well), and a round that follows others reads only
the parts that are new. Bounded: parts that were not asked for lately
are forgotten, and read again when they are."""

import collections
import dataclasses
import functools
import json
import threading
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from apache_beam.io.filesystem import CompressionTypes
from apache_beam.io.filesystems import FileSystems

from schemas import TABLES, Row

KEYS = {
    "ids": ("story_id", "chain", "cluster_id"),
    "sketches": ("content_hash", "story_id", "keys", "title_keys"),
    "deliveries": ("message_id", "source_uri"),
    "notices": ("story_id", "guid", "content_hash", "chain", "title_keys"),
    "runs": ("run",),
}
"""The columns of each table that can be asked by. A binary one holds several keys a row: little-endian unsigned 32-bit integers."""

_NOT_KEPT = ("run", "date", "country")
_WHOLE = {"sketches": pa.schema([field.with_nullable(True) for field in TABLES["sketches"].arrow_schema() if field.name not in _NOT_KEPT])}
"""Tables of which the rows are kept, and the columns that are."""

_FEW = 4
"""Rows of a part up to which each is cut out for itself; more are cheaper to gather."""

KEPT_BYTES = 640 * 2**20
"""Of keys and rows, in a process: 12 bytes a key and some 600 bytes a sketch, so half a million stories within the reach of a new one."""


@dataclasses.dataclass(frozen=True)
class LakeParts:
    """What a run may look up: paths of `ids` by bucket, of `sketches` by date (ISO), of `notices` and of `runs`."""

    ids: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    sketches: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    notices: tuple[str, ...] = ()
    runs: tuple[str, ...] = ()
    stored: str | None = None
    """The file that holds all this: then only its name travels to workers, and each process reads it once."""

    def stored_in(self, path: str) -> "LakeParts":
        """The same, kept in a file that workers can read. Raises OSError."""
        kept = {"ids": dict(self.ids), "sketches": dict(self.sketches), "notices": self.notices, "runs": self.runs}
        with FileSystems.create(path, mime_type="application/json", compression_type=CompressionTypes.UNCOMPRESSED) as handle:
            handle.write(json.dumps(kept).encode())
        return dataclasses.replace(self, stored=path)

    def __reduce__(self) -> tuple[Any, ...]:
        if self.stored:
            return _stored, (self.stored,)
        return LakeParts, (self.ids, self.sketches, self.notices, self.runs)


@functools.lru_cache(maxsize=2)
def _stored(path: str) -> LakeParts:
    with FileSystems.open(path, compression_type=CompressionTypes.UNCOMPRESSED) as handle:
        kept = json.loads(handle.read())
    by_key = {name: {key: tuple(paths) for key, paths in kept[name].items()} for name in ("ids", "sketches")}
    return LakeParts(**by_key, notices=tuple(kept["notices"]), runs=tuple(kept["runs"]), stored=path)


def look_up(table: str, paths: Iterable[str], column: str, values: Collection[str], columns: list[str]) -> list[Row]:
    """The rows of some parts of `table` whose `column` (one of `KEYS`) is one of `values`. A column that an old part lacks is null.

    Raises OSError for a part that cannot be read."""
    if not values:
        return []
    wanted = np.sort(_hashes(list(values)))
    hits = [(path, rows) for path in paths if len(rows := _keys(table, path)[column].rows_of(wanted))]
    # Two texts may have one hash: the text decides.
    return [row for row in _read(table, hits, list({*columns, column})) if row[column] in values]


def look_up_any(
    table: str, paths: Iterable[str], column: str, values: npt.NDArray[np.uint32], columns: list[str], most: int | None = None
) -> list[Row]:
    """The rows of some parts whose binary `column` holds one at least of the values; those that more than `most` rows hold are left out.

    Raises OSError for a part that cannot be read."""
    wanted = np.unique(values).astype(np.int64)
    if not len(wanted):
        return []
    total = np.zeros(len(wanted), np.int64)
    parts = []
    for path in paths:
        keys = _keys(table, path)[column]
        counts = keys.counts_of(wanted)
        if counts is not None:
            total += counts
            parts.append((path, keys, counts > 0))
    good = total > 0 if most is None else total <= most
    hits = [(path, rows) for path, keys, held in parts if len(rows := keys.rows_of(wanted[held & good]))]
    return _read(table, hits, columns)


@dataclasses.dataclass(frozen=True)
class _Keys:
    """One column of one part: hashes in order, and the row of each."""

    hashes: npt.NDArray[np.int64]
    rows: npt.NDArray[np.uint32]

    @classmethod
    def of(cls, column: pa.ChunkedArray) -> "_Keys":
        # A text that stands in many rows (the URI of a line file) is hashed once.
        coded = column.combine_chunks().dictionary_encode()
        valid = np.flatnonzero(coded.is_valid().to_numpy(zero_copy_only=False))
        codes = coded.indices.drop_null().to_numpy()
        hashes = _hashes(coded.dictionary.to_pylist())[codes]
        order = np.argsort(hashes, kind="stable")
        return cls(hashes[order], valid[order].astype(np.uint32))

    @classmethod
    def held_in(cls, column: pa.ChunkedArray) -> "_Keys":
        """Of a binary column: every integer that a row holds."""
        held = column.combine_chunks()
        sizes = pc.fill_null(pc.binary_length(held), 0).to_numpy() // 4
        keys = np.frombuffer(b"".join(each for each in held.to_pylist() if each), "<u4").astype(
            np.int64
        )  # 0 is none, and is asked for by none
        order = np.argsort(keys, kind="stable")
        return cls(keys[order], np.repeat(np.arange(len(held), dtype=np.uint32), sizes)[order])

    @property
    def nbytes(self) -> int:
        return int(self.hashes.nbytes + self.rows.nbytes)

    def counts_of(self, wanted: npt.NDArray[np.int64]) -> npt.NDArray[np.int64] | None:
        """How many rows hold each; null where none holds any."""
        spans = self._spans(wanted)
        return None if spans is None else spans[1] - spans[0]

    def rows_of(self, wanted: npt.NDArray[np.int64]) -> npt.NDArray[np.uint32]:
        spans = self._spans(wanted)
        if spans is None:
            return self.rows[:0]
        first, last = spans
        return np.unique(np.concatenate([self.rows[first[at] : last[at]] for at in np.flatnonzero(last > first)]))

    def _spans(self, wanted: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]] | None:
        """From where to where each stands; null where none does, as with most parts."""
        first = np.searchsorted(self.hashes, wanted, "left")
        if not len(self.hashes) or not (self.hashes.take(first, mode="clip") == wanted).any():
            return None
        return first, np.searchsorted(self.hashes, wanted, "right")


def _hashes(texts: list[str]) -> npt.NDArray[np.int64]:
    """Python's own hash: of this process alone, like all that is kept here."""
    return np.fromiter(map(hash, texts), dtype=np.int64, count=len(texts))


class _Kept:
    """The keys of parts, up to `KEPT_BYTES`, those asked for last."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._parts: collections.OrderedDict[str, _Part] = collections.OrderedDict()
        self._bytes = 0

    def get(self, path: str) -> "_Part | None":
        with self._lock:
            part = self._parts.get(path)
            if part:
                self._parts.move_to_end(path)
            return part

    def put(self, path: str, part: "_Part") -> None:
        with self._lock:
            if path in self._parts:
                return
            self._parts[path] = part
            self._bytes += part.nbytes
            while self._bytes > KEPT_BYTES and len(self._parts) > 1:
                self._bytes -= self._parts.popitem(last=False)[1].nbytes


@dataclasses.dataclass(frozen=True)
class _Part:
    """What is kept of a part."""

    keys: dict[str, _Keys]
    rows: pa.RecordBatch | None

    @property
    def nbytes(self) -> int:
        return sum(each.nbytes for each in self.keys.values()) + (self.rows.nbytes if self.rows is not None else 0)


_kept = _Kept()


def _keys(table: str, path: str) -> dict[str, _Keys]:
    return _part(table, path).keys


def _part(table: str, path: str) -> _Part:
    part = _kept.get(path)
    if part is None:
        with pq.ParquetFile(path) as file:
            there = file.schema_arrow.names
            kept = _WHOLE.get(table)
            rows = file.read([name for name in (kept.names if kept else KEYS[table]) if name in there])
        missing = pa.chunked_array([pa.nulls(rows.num_rows, pa.string())])
        keys = {name: _keys_of(rows[name] if name in there else missing) for name in KEYS[table]}
        part = _Part(keys, _batch_of(rows, kept) if kept else None)
        _kept.put(path, part)
    return part


def _keys_of(column: pa.ChunkedArray) -> _Keys:
    return _Keys.held_in(column) if pa.types.is_binary(column.type) else _Keys.of(column)


def _batch_of(rows: pa.Table, schema: pa.Schema) -> pa.RecordBatch:
    """All rows in the columns of a schema, null where they lack one."""
    columns = [
        rows[field.name].cast(field.type).combine_chunks() if field.name in rows.column_names else pa.nulls(rows.num_rows, field.type)
        for field in schema
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


_Hits = list[tuple[str, npt.NDArray[np.uint32]]]
"""Parts, and which of their rows."""


def _read(table: str, hits: _Hits, columns: list[str]) -> list[Row]:
    schema = _WHOLE.get(table)
    if schema is None or not hits:
        return [row for path, rows in hits for row in _read_part(path, rows, columns)]
    batches = [batch for path, rows in hits for batch in _taken(_part(table, path).rows, rows)]
    names = [name for name in columns if name in schema.names]
    missing = dict.fromkeys(set(columns) - set(names))
    return [{**row, **missing} for row in pa.Table.from_batches(batches, schema).select(names).to_pylist()]


def _taken(batch: pa.RecordBatch, rows: npt.NDArray[np.uint32]) -> list[pa.RecordBatch]:
    if len(rows) > _FEW:
        return [batch.take(pa.array(rows))]
    return [batch.slice(row, 1) for row in rows.tolist()]


def _read_part(path: str, rows: npt.NDArray[np.uint32], columns: list[str]) -> list[Row]:
    """Some rows of a part, in order: only the row groups that hold them are read."""
    found: list[Row] = []
    with pq.ParquetFile(path) as part:
        names = [name for name in columns if name in part.schema_arrow.names]
        missing = dict.fromkeys(set(columns) - set(names))
        start = 0
        for group in range(part.num_row_groups):
            stop = start + part.metadata.row_group(group).num_rows
            inside = rows[(rows >= start) & (rows < stop)]
            if len(inside):
                taken = part.read_row_group(group, names).take(pa.array(inside.astype(np.int64) - start))
                found += [{**row, **missing} for row in taken.to_pylist()]
            start = stop
    return found
