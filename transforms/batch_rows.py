"""Rows to keyed buffers: what every shuffle of ours carries."""

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import apache_beam as beam
import pyarrow as pa
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.windowed_value import WindowedValue

from schemas import Row, encode

Key = Callable[[str, Row], str]
"""From the name of a schema and a row of it to the key of the shuffle."""

Rows = Callable[[Any], Iterable[tuple[str, Row]]]
"""From an element to its rows, each with the name of its schema."""

_ROWS_A_BUFFER = 512
_END = GlobalWindow().max_timestamp()


def at_the_end(value: Any) -> WindowedValue:
    """A value as `finish_bundle` may yield it, in the global window."""
    return WindowedValue(value, _END, [GlobalWindow()])


@dataclasses.dataclass(eq=False)
class BatchRows(beam.PTransform):
    """Elements to (key, (kind, bytes)): the rows of a bundle with one key and kind, `schemas.encode`d together.

    A shuffle costs by the element, not by the byte: this makes few elements of many rows. For the global window."""

    rows: Rows
    key: Key
    schemas: dict[str, pa.Schema]

    def expand(self, elements: beam.PCollection[Any]) -> beam.PCollection[tuple[str, tuple[str, bytes]]]:
        """Wires the batching."""
        batch = beam.ParDo(_Batch(self.rows, self.key, self.schemas)).with_output_types(tuple[str, tuple[str, bytes]])
        return elements | "Batch" >> batch


class _Batch(beam.DoFn):
    def __init__(self, rows: Rows, key: Key, schemas: dict[str, pa.Schema]) -> None:
        self._rows, self._key, self._schemas = rows, key, schemas
        self._held: dict[tuple[str, str], list[Row]] = {}

    def start_bundle(self) -> None:
        self._held = {}

    def process(self, element: Any) -> Iterator[tuple[str, tuple[str, bytes]]]:
        for kind, row in self._rows(element):
            key = self._key(kind, row)
            rows = self._held.setdefault((key, kind), [])
            rows.append(row)
            if len(rows) >= _ROWS_A_BUFFER:
                del self._held[key, kind]
                yield self._buffer(key, kind, rows)

    def finish_bundle(self) -> Iterator[WindowedValue]:
        for (key, kind), rows in self._held.items():
            yield at_the_end(self._buffer(key, kind, rows))
        self._held = {}

    def _buffer(self, key: str, kind: str, rows: list[Row]) -> tuple[str, tuple[str, bytes]]:
        return key, (kind, encode(rows, self._schemas[kind]))
