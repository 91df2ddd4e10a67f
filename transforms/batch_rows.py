"""Rows to keyed buffers: what every shuffle of ours carries."""

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import apache_beam as beam
import pyarrow as pa
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.windowed_value import WindowedValue

from schemas import Row, encode
from transforms.fn import Fn
from transforms.outputs import Outputs

Key = Callable[[str, Row], str]
"""From the name of a schema and a row of it to the key of the shuffle."""

Rows = Callable[[Any], Iterable[tuple[str, Row]]]
"""From an element to its rows, each with the name of its schema."""

Refused = Callable[[Row, Exception], Any]

_NO_PLACE = (ValueError, TypeError, OverflowError)
"""What Arrow raises, besides its own errors, for a value that a column cannot hold: a text that is no Unicode, a number too large."""

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
    refused: Refused | None = None
    """What becomes, on the output `failed`, of a row that has no place in its columns (then there are two outputs, `batches` the main
    one); without it such a row fails the run."""

    def expand(self, elements: beam.PCollection[Any]) -> Outputs:
        """Wires the batching."""
        batch = beam.ParDo(_Batch(self.rows, self.key, self.schemas, self.refused))
        if self.refused:
            return elements | "Batch" >> batch.with_outputs("failed", main="batches")
        return elements | "Batch" >> batch.with_output_types(tuple[str, tuple[str, bytes]])


class _Batch(Fn):
    def __init__(self, rows: Rows, key: Key, schemas: dict[str, pa.Schema], refused: Refused | None) -> None:
        self._rows, self._key, self._schemas, self._refused = rows, key, schemas, refused
        self._held: dict[tuple[str, str], list[Row]] = {}

    def start_bundle(self) -> None:
        self._held = {}

    def process(self, element: Any) -> Iterator[Any]:
        for kind, row in self._rows(element):
            key = self._key(kind, row)
            rows = self._held.setdefault((key, kind), [])
            rows.append(row)
            if len(rows) >= _ROWS_A_BUFFER:
                del self._held[key, kind]
                yield from self._buffers(key, kind, rows)

    def finish_bundle(self) -> Iterator[Any]:
        for (key, kind), rows in self._held.items():
            for each in self._buffers(key, kind, rows):
                if isinstance(each, beam.pvalue.TaggedOutput):
                    yield beam.pvalue.TaggedOutput(each.tag, at_the_end(each.value))
                else:
                    yield at_the_end(each)
        self._held = {}

    def _buffers(self, key: str, kind: str, rows: list[Row]) -> Iterator[Any]:
        try:
            yield key, (kind, encode(rows, self._schemas[kind]))
        except _NO_PLACE as error:
            if not self._refused:
                raise
            if len(rows) == 1:
                yield beam.pvalue.TaggedOutput("failed", self._refused(rows[0], error))
                return
            for row in rows:
                yield from self._buffers(key, kind, [row])
