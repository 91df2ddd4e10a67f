"""Looking into the lake from a worker: Parquet parts whose paths the driver took from the log.

Callers give the paths in groups: all parts of a bucket of `ids`, of a date of `sketches`. What is known of a group stays in the process
(see `key_index`), and a round that follows others reads only the parts that are new. Bounded: groups that were not asked for lately are
forgotten, and read again when they are."""

import collections
import contextlib
import dataclasses
import json
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from schemas import Row
from transforms import store
from transforms.key_index import Index, hashes
from transforms.neighbours import SKETCHES, sketch_table

KEPT_BYTES = 640 * 2**20
"""Of keys and rows, in a process: 8 to 12 bytes a key and some 700 bytes a sketch; about the stories within the reach of a new one where
half a million are."""

SPARED_BYTES = 64 * 2**20
"""Above so many, groups go that the last `IDLE` looks into their table did not ask for: a feed leaves dates behind."""

IDLE = 32
"""Looks into one table: a chunk of a large run looks into `sketches` some six times."""

LOT_ROWS = 2**13
"""Of sketches that are compared at once: some 6 MB, of which a comparison makes several copies."""

Groups = Iterable[Sequence[str]]
"""Paths of parts, group by group."""


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
        store.write(path, json.dumps(kept).encode())
        return _remembered(path, dataclasses.replace(self, stored=path))

    def __reduce__(self) -> tuple[Any, ...]:
        if self.stored:
            return _stored, (self.stored,)
        return LakeParts, (self.ids, self.sketches, self.notices, self.runs)


_read: dict[str, LakeParts] = {}
"""The last that was stored or read in this process, by its path."""


def _remembered(path: str, parts: LakeParts) -> LakeParts:
    _read.clear()
    _read[path] = parts
    return parts


def _stored(path: str) -> LakeParts:
    if known := _read.get(path):
        return known
    kept = json.loads(store.read(path))
    by_key = {name: {key: tuple(paths) for key, paths in kept[name].items()} for name in ("ids", "sketches")}
    return _remembered(path, LakeParts(**by_key, notices=tuple(kept["notices"]), runs=tuple(kept["runs"]), stored=path))


def look_up(table: str, groups: Groups, column: str, values: Collection[str], columns: Sequence[str]) -> list[Row]:
    """The rows of some parts of `table` whose `column` (one of `key_index.KEYS`) is one of `values`: it and other columns, null where an
    old part lacks one.

    Raises OSError for a part that cannot be read."""
    return [row for rows in _with_texts(table, groups, column, values, columns) for row in rows.to_pylist()]


def look_up_any(table: str, groups: Groups, column: str, values: npt.NDArray[np.uint32], columns: Sequence[str]) -> list[Row]:
    """The rows of some parts whose binary `column` holds one at least of the values.

    Raises OSError for a part that cannot be read."""
    return [row for rows in _with_keys(table, groups, column, values, columns) for row in rows.to_pylist()]


def sketches_with(groups: Groups, column: str, values: Collection[str]) -> pa.Table:
    """The sketches of some parts whose `column` is one of `values`. Raises as `look_up` does."""
    found = _with_texts("sketches", groups, column, values, SKETCHES.names)
    return pa.concat_tables([sketch_table(), *(rows.select(SKETCHES.names) for rows in found)])


def sketches_with_keys(groups: Groups, column: str, values: npt.NDArray[np.uint32]) -> pa.Table:
    """The sketches of some parts whose binary `column` holds one at least of the values. Raises as `look_up` does."""
    return pa.concat_tables([sketch_table(), *_with_keys("sketches", groups, column, values, SKETCHES.names)])


@contextlib.contextmanager
def lots_with_keys(groups: Groups, column: str, values: npt.NDArray[np.uint32], most: int) -> Iterator[Iterator[pa.Table]]:
    """What `sketches_with_keys` gives, without values that more than `most` rows hold, and in tables of some `LOT_ROWS`, one at a time.
    Other threads wait until the context ends."""
    with _kept.lock:
        yield _in_lots(_read_with_keys("sketches", groups, column, values, SKETCHES.names, most))


def _in_lots(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    lot: list[pa.Table] = []
    for table in tables:
        lot.append(table)
        if sum(map(len, lot)) >= LOT_ROWS:
            yield pa.concat_tables(lot)
            lot = []
    if lot:
        yield pa.concat_tables(lot)


def _with_texts(table: str, groups: Groups, column: str, values: Collection[str], columns: Sequence[str]) -> list[pa.Table]:
    if not values:
        return []
    asked = list(set(values))
    wanted, named = np.unique(hashes(asked)), list(dict.fromkeys([*columns, column]))
    with _kept.lock:
        found = [rows for index in _kept.of(table, groups) for rows in index.read(np.unique(index.hits(column, wanted)[1]), named)]
    # Two texts may have one hash: the text decides.
    return [rows.filter(pc.is_in(rows[column], pa.array(asked))) for rows in found]


def _with_keys(table: str, groups: Groups, column: str, values: npt.NDArray[np.uint32], columns: Sequence[str]) -> list[pa.Table]:
    with _kept.lock:
        return list(_read_with_keys(table, groups, column, values, columns))


def _read_with_keys(
    table: str, groups: Groups, column: str, values: npt.NDArray[np.uint32], columns: Sequence[str], most: int | None = None
) -> Iterator[pa.Table]:
    wanted = np.unique(values)
    if not len(wanted):
        return
    hits = [(index, *index.hits(column, wanted)) for index in _kept.of(table, groups)]
    total = sum((np.bincount(which, minlength=len(wanted)) for _, which, _ in hits), np.zeros(len(wanted), np.int64))
    good = np.ones(len(wanted), np.bool_) if most is None else total <= most
    for index, which, rows in hits:
        there = np.unique(rows[good[which]])
        for start in range(0, len(there), LOT_ROWS):
            yield from index.read(there[start : start + LOT_ROWS], columns)


class _Kept:
    """The indexes of groups of parts, those asked for last."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        """To be held from `of` to the last use of what it gives."""
        self._groups: collections.OrderedDict[tuple[str, str], Index] = collections.OrderedDict()
        self._looks: collections.Counter[str] = collections.Counter()
        """Into each table."""
        self._asked: dict[tuple[str, str], int] = {}
        """The look into its table that asked for a group last."""

    def of(self, table: str, groups: Groups) -> Iterator[Index]:
        self._looks[table] += 1
        for paths in groups:
            if paths:
                yield self._of(table, paths)

    def _of(self, table: str, paths: Sequence[str]) -> Index:
        name = (table, _folder(table, paths[0]))
        index = self._groups.setdefault(name, Index(table))
        self._groups.move_to_end(name)
        self._asked[name] = self._looks[table]
        if index.bring(paths):
            self._forget()
        return index

    def _forget(self) -> None:
        """Drops groups while there is too much, those first that were not asked for longest."""
        held = sum(each.nbytes for each in self._groups.values())
        for name in [*self._groups][:-1]:
            idle = self._looks[name[0]] - self._asked[name] > IDLE
            if held > (SPARED_BYTES if idle else KEPT_BYTES):
                held -= self._groups.pop(name).nbytes
                del self._asked[name]


def _folder(table: str, path: str) -> str:
    """What a group is known by: the folder of the table's outer partition."""
    lake, found, inside = path.rpartition(f"/{table}/")
    return f"{lake}{found}{inside.split('/', 1)[0]}" if found and "/" in inside else path.rpartition("/")[0]


_kept = _Kept()
