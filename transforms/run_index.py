"""IndexRun: the new stories of a large run as parts that all its workers look into, as into the lake."""

import collections
import dataclasses
import functools
from collections.abc import Iterable, Iterator
from typing import Any

import apache_beam as beam

from schemas import TABLES, Row, decode
from transforms.batch_rows import BatchRows, Rows
from transforms.fn import Fn
from transforms.part_index import LakeParts
from transforms.write_parts import in_order, part_path, write_part

SCHEMAS = {name: TABLES[name].arrow_schema() for name in ("ids", "sketches", "notices")}
"""Of the rows by which new stories are related to others."""

_OUTER = {"ids": "bucket", "sketches": "date", "notices": "received_on"}


@dataclasses.dataclass(eq=False)
class IndexRun(beam.PTransform):
    """Elements, with what makes rows of `ids`, `sketches` and `notices` of them, to (group, path) of parts in `folder`. A bundle that is
    tried again writes the same parts."""

    folder: str
    rows: Rows

    def expand(self, stories: beam.PCollection[Any]) -> beam.PCollection[tuple[str, str]]:
        """Wires the shuffle by bucket of `ids` and by date."""
        grouped = stories | "BatchByGroup" >> BatchRows(self.rows, _group, SCHEMAS) | "GroupByGroup" >> beam.GroupByKey()
        return grouped | "WriteIndex" >> beam.ParDo(_Write(self.folder))


def _group(kind: str, row: Row) -> str:
    return f"{kind}/{row[_OUTER[kind]]}"


class _Write(Fn):
    def __init__(self, folder: str) -> None:
        self._folder = folder

    def process(self, element: tuple[str, Iterable[tuple[str, bytes]]]) -> Iterator[tuple[str, str]]:
        group, buffers = element
        rows = in_order(group.split("/", 1)[0], decode(buffer for _, buffer in buffers))
        path = f"{self._folder}/{part_path(group, 'index', rows)}"
        write_part(path, rows)
        yield group, path


def parts_of_run(indexed: Iterable[tuple[str, str]]) -> LakeParts:
    """What `IndexRun` wrote, to look into: the same object for the same parts."""
    return _parts(tuple(sorted(indexed)))


@functools.lru_cache(maxsize=2)
def _parts(indexed: tuple[tuple[str, str], ...]) -> LakeParts:
    groups: dict[str, dict[str, tuple[str, ...]]] = collections.defaultdict(dict)
    for group, path in indexed:
        table, _, key = group.partition("/")
        groups[table][key] = (*groups[table].get(key, ()), path)
    return LakeParts(groups["ids"], groups["sketches"], tuple(path for paths in groups["notices"].values() for path in paths))
