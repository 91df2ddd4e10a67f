"""Which rows of a group of Parquet parts have which key. Of `sketches`, which every round compares with many, the rows as well.

A part never changes and its name is never used again, so what was read of it once is true for good. A group moves forward: parts come, and
parts that were put together go. Keys lie in sorted segments, rows in blocks; new ones begin one of their own, and neighbours of like size
are merged, so that there are few to search, and each key is moved a few times in all."""

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from schemas import TABLES, Contract, Run
from transforms import store
from transforms.neighbours import SKETCHES, integers

KEYS = {
    "ids": ("story_id", "chain", "cluster_id"),
    "sketches": ("content_hash", "story_id", "keys", "title_keys"),
    "deliveries": ("message_id", "source_uri"),
    "notices": ("story_id", "guid", "content_hash", "chain", "title_keys"),
    "runs": ("run",),
}
"""The columns of each table that can be asked by. A binary one holds several keys a row: little-endian unsigned 32-bit integers."""

_MODELS: dict[str, type[Contract]] = {**TABLES, "runs": Run}
_WHOLE = {"sketches": SKETCHES.append(pa.field("content_hash", pa.string()))}
"""Tables of which the rows are kept, and the columns that are."""

_LIKE = 4
"""Neighbours are merged where the earlier is less than so many times as large."""

_LARGEST = 2**29
"""Bytes of a block from which on it is left as it is: a column of Arrow's `binary` holds 2 GiB."""

_Sized = TypeVar("_Sized", bound="_Segment | pa.RecordBatch")

Numbers = npt.NDArray[np.int64]


def hashes(texts: Sequence[str]) -> Numbers:
    """Python's own hash: of this process alone, like all that is kept here."""
    return np.fromiter(map(hash, texts), dtype=np.int64, count=len(texts))


@dataclasses.dataclass(frozen=True)
class _Segment:
    """Keys of one column in order, and the row of each."""

    keys: npt.NDArray[Any]
    rows: npt.NDArray[np.uint32]

    @classmethod
    def ordered(cls, keys: npt.NDArray[Any], rows: npt.NDArray[np.uint32]) -> "_Segment":
        order = np.argsort(keys, kind="stable")
        return cls(keys[order], rows[order])

    def __len__(self) -> int:
        return len(self.keys)

    @property
    def nbytes(self) -> int:
        return int(self.keys.nbytes + self.rows.nbytes)

    def plus(self, other: "_Segment") -> "_Segment":
        return _Segment.ordered(np.concatenate((self.keys, other.keys)), np.concatenate((self.rows, other.rows)))

    def hits(self, wanted: npt.NDArray[Any]) -> tuple[Numbers, npt.NDArray[np.uint32]]:
        """Which of the wanted keys (different ones, in order) stand in which rows."""
        first = np.searchsorted(self.keys, wanted, "left")
        there = np.flatnonzero(self.keys.take(first, mode="clip") == wanted)
        times = np.searchsorted(self.keys, wanted[there], "right") - first[there]
        inside = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
        return np.repeat(there, times), self.rows[np.repeat(first[there], times) + inside]


class Index:
    """The keys of one group of parts of a table. Rows are numbered as their parts came."""

    def __init__(self, table: str) -> None:
        self._table = table
        self._parts: dict[str, tuple[int, int]] = {}
        """First and last row (exclusive) of each path, in the order of rows."""
        self._live = np.zeros(0, np.bool_)
        self._segments: dict[str, list[_Segment]] = {name: [] for name in KEYS[table]}
        self._blocks: list[pa.RecordBatch] = []
        self._seen: Sequence[str] = ()

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        keys = sum(segment.nbytes for segments in self._segments.values() for segment in segments)
        return int(keys + sum(block.nbytes for block in self._blocks) + self._live.nbytes)

    def bring(self, paths: Sequence[str]) -> bool:
        """Moves the group to these parts; whether any are new. Raises OSError for a part that cannot be read."""
        if paths is self._seen:
            return False
        there = set(paths)
        for path in self._parts.keys() - there:
            first, last = self._parts.pop(path)
            self._live[first:last] = False
        fresh = [path for path in paths if path not in self._parts]
        if fresh:
            self._add(fresh)
        if 2 * np.count_nonzero(self._live) < len(self._live):
            self._renumber()
        self._seen = paths
        return bool(fresh)

    def _add(self, paths: list[str]) -> None:
        tables = [_part(self._table, path) for path in paths]
        ends = len(self._live) + np.cumsum([0, *map(len, tables)])
        together = pa.concat_tables(tables).combine_chunks()
        rows = np.arange(ends[0], ends[-1], dtype=np.uint32)
        for name, segments in self._segments.items():
            _push(segments, _segment(together[name], rows), _Segment.plus)
        if self._table in _WHOLE:
            for batch in together.to_batches():
                _push(self._blocks, batch, _one_block, lambda block: int(block.nbytes) < _LARGEST)
        self._parts |= {path: (int(ends[place]), int(ends[place + 1])) for place, path in enumerate(paths)}
        self._live = np.concatenate((self._live, np.ones(len(rows), np.bool_)))

    def _renumber(self) -> None:
        """Forgets the rows of parts that are gone."""
        numbers: Numbers = np.cumsum(self._live) - self._live
        for segments in self._segments.values():
            kept = [self._live[segment.rows] for segment in segments]
            segments[:] = [
                _Segment(segment.keys[live], numbers[segment.rows[live]].astype(np.uint32))
                for segment, live in zip(segments, kept, strict=True)
            ]
        masks = np.split(self._live, np.cumsum([len(block) for block in self._blocks]))
        self._blocks = [block.filter(pa.array(live)) for block, live in zip(self._blocks, masks, strict=False)]
        start = np.append(numbers, np.count_nonzero(self._live)).tolist()
        self._parts = {path: (start[first], start[first] + last - first) for path, (first, last) in self._parts.items()}
        self._live = np.ones(int(np.count_nonzero(self._live)), np.bool_)

    def hits(self, column: str, wanted: npt.NDArray[Any]) -> tuple[Numbers, npt.NDArray[np.uint32]]:
        """Rows that have keys, each with its key's index in `wanted` (different keys, in order: `hashes` of texts; of a binary column what
        it holds)."""
        found = [segment.hits(wanted) for segment in self._segments[column] if len(segment)]
        if not found:
            return np.zeros(0, np.int64), np.zeros(0, np.uint32)
        which, rows = (np.concatenate(each) for each in zip(*found, strict=True))
        live = self._live[rows]
        return which[live], rows[live]

    def read(self, rows: npt.NDArray[np.uint32], columns: Sequence[str]) -> list[pa.Table]:
        """Columns of some rows (in order), null where their part lacks one. Raises OSError for a part that cannot be read."""
        if not len(rows):
            return []
        if self._table in _WHOLE:
            ends = np.cumsum([0, *map(len, self._blocks)])
            inside = np.split(rows, np.searchsorted(rows, ends[1:-1]))
            taken = [
                block.take(pa.array(each - first))
                for block, first, each in zip(self._blocks, ends.tolist(), inside, strict=False)
                if len(each)
            ]
            return [pa.Table.from_batches(taken).select(columns)]
        found = []
        for path, (first, last) in self._parts.items():
            start, stop = np.searchsorted(rows, [first, last]).tolist()
            if stop > start:
                found.append(_read_part(self._table, path, rows[start:stop].astype(np.int64) - first, columns))
        return found


def _push(parts: list[_Sized], part: _Sized, join: Callable[[_Sized, _Sized], _Sized], small: Callable[[_Sized], bool] = bool) -> None:
    """Adds a part at the end, and joins neighbours while the earlier is small and not much larger than the later."""
    if not len(part):
        return
    parts.append(part)
    while len(parts) > 1 and len(parts[-2]) < _LIKE * len(parts[-1]) and small(parts[-2]):
        last = parts.pop()
        parts[-1] = join(parts[-1], last)


def _one_block(one: pa.RecordBatch, other: pa.RecordBatch) -> pa.RecordBatch:
    return pa.concat_batches([one, other])


def _fields(table: str, names: Sequence[str]) -> pa.Schema:
    return pa.schema([_MODELS[table].arrow_schema().field(name).with_nullable(True) for name in names])


def _part(table: str, path: str) -> pa.Table:
    """What is kept of a part, or indexed; null where it lacks a column."""
    schema = _WHOLE.get(table) or _fields(table, KEYS[table])
    with store.parquet(path) as file:
        return _widened(file.read([name for name in schema.names if name in file.schema_arrow.names]), schema)


def _widened(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    there = rows.column_names
    columns = [rows[field.name].cast(field.type) if field.name in there else pa.nulls(rows.num_rows, field.type) for field in schema]
    return pa.table(columns, schema=schema)


def _segment(column: pa.ChunkedArray, rows: npt.NDArray[np.uint32]) -> _Segment:
    held = column.combine_chunks()
    if pa.types.is_binary(held.type):
        keys, sizes = integers(held)
        return _Segment.ordered(keys, np.repeat(rows, sizes))  # a key of 0 is none, and is asked for by none
    # A text that stands in many rows (the URI of a line file) is hashed once.
    coded = held.dictionary_encode()
    valid = np.flatnonzero(coded.is_valid().to_numpy(zero_copy_only=False))
    return _Segment.ordered(hashes(coded.dictionary.to_pylist())[coded.indices.drop_null().to_numpy()], rows[valid])


def _read_part(table: str, path: str, rows: Numbers, columns: Sequence[str]) -> pa.Table:
    """Some rows of a part, in order: only the row groups that hold them are read."""
    found = []
    with store.parquet(path) as part:
        names = [name for name in columns if name in part.schema_arrow.names]
        start = 0
        for group in range(part.num_row_groups):
            stop = start + part.metadata.row_group(group).num_rows
            inside = rows[(rows >= start) & (rows < stop)]
            if len(inside):
                found.append(part.read_row_group(group, names).take(pa.array(inside - start)))
            start = stop
    return _widened(pa.concat_tables(found), _fields(table, columns))
