"""Rows to keyed buffers: what every shuffle of ours carries."""

import dataclasses
from collections.abc import Callable, Iterator

import apache_beam as beam
import pyarrow as pa
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.windowed_value import WindowedValue

from schemas import Row, encode

Key = Callable[[str, Row], str]
"""From the name of a schema and a row of it to the key of the shuffle."""

_ROWS_A_BUFFER = 512
_END = GlobalWindow().max_timestamp()


@dataclasses.dataclass(eq=False)
class BatchRows(beam.PTransform):
    """(kind, row) to (key, (kind, bytes)): the rows of a bundle with one key and kind, `schemas.encode`d together.

    A shuffle costs by the element, not by the byte: this makes few elements of many rows. For the global window."""

    key: Key
    schemas: dict[str, pa.Schema]

    def expand(self, rows: beam.PCollection[tuple[str, Row]]) -> beam.PCollection[tuple[str, tuple[str, bytes]]]:
        """Wires the batching."""
        return rows | "Batch" >> beam.ParDo(_Batch(self.key, self.schemas)).with_output_types(tuple[str, tuple[str, bytes]])


class _Batch(beam.DoFn):
    def __init__(self, key: Key, schemas: dict[str, pa.Schema]) -> None:
        self._key, self._schemas = key, schemas
        self._held: dict[tuple[str, str], list[Row]] = {}

    def start_bundle(self) -> None:
        self._held = {}

    def process(self, element: tuple[str, Row]) -> Iterator[tuple[str, tuple[str, bytes]]]:
        kind, row = element
        key = self._key(kind, row)
        rows = self._held.setdefault((key, kind), [])
        rows.append(row)
        if len(rows) >= _ROWS_A_BUFFER:
            del self._held[key, kind]
            yield self._buffer(key, kind, rows)

    def finish_bundle(self) -> Iterator[WindowedValue]:
        for (key, kind), rows in self._held.items():
            yield WindowedValue(self._buffer(key, kind, rows), _END, [GlobalWindow()])
        self._held = {}

    def _buffer(self, key: str, kind: str, rows: list[Row]) -> tuple[str, tuple[str, bytes]]:
        return key, (kind, encode(rows, self._schemas[kind]))
