"""A table's live parts as an Arrow dataset, with what their paths tell about their rows.

deltalake makes one as well (`to_pyarrow_dataset`), in a time that grows with the log: 85 ms for 2,300 parts, each time, where this takes
12 ms and, for parts that it knows, less. And its file system is a Python object, which Arrow's read-ahead threads call after a query with
LIMIT has its rows, also while the interpreter ends: 15 of 20 such processes crashed or hung."""

import datetime as dt
import functools
from collections.abc import Mapping

import pyarrow as pa
import pyarrow.dataset as ds

from pipelines.lake.place import Folder, tree

_FORMAT = ds.ParquetFileFormat()


class Fragments:
    """The parts of one table that were opened. A part never changes, so a snapshot that follows takes over what the last one had."""

    def __init__(self, folder: Folder, schema: pa.Schema) -> None:
        self._schema = schema
        self._files = tree(folder)
        self._known: dict[str, ds.Fragment] = {}

    def dataset(self, parts: Mapping[str, ds.Expression | None]) -> ds.Dataset:
        """The rows of some parts (paths relative to the table), in the columns of today: one that an old part lacks is null. What is said
        of a part is true of all its rows, and saves reading it."""
        self._known = {path: self._known.get(path) or self._made(path, told) for path, told in parts.items()}
        return ds.FileSystemDataset(list(self._known.values()), self._schema, _FORMAT, self._files)

    def _made(self, path: str, told: ds.Expression | None) -> ds.Fragment:
        for folder in path.split("/")[:-1]:
            here = _inside(folder, pa.types.is_date(self._schema.field(folder.partition("=")[0]).type))
            told = here if told is None else told & here
        return _FORMAT.make_fragment(path, self._files, told)


@functools.lru_cache(maxsize=10_000)
def _inside(folder: str, is_date: bool) -> ds.Expression:
    """What a folder (`country=KP`) says of the rows in it."""
    key, _, value = folder.partition("=")
    return ds.field(key) == pa.scalar(dt.date.fromisoformat(value) if is_date else value)
