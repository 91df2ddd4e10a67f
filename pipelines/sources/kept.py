"""Items that the lake kept: rows of `raw` as a source, with all that was known of them when they came."""

import dataclasses
from collections.abc import Iterator

import apache_beam as beam

from schemas import Origin, RawItem, Row
from transforms import store
from transforms.fn import Fn
from transforms.outputs import Outputs
from transforms.tally import COUNTS

_ORIGIN = list(Origin.model_fields)


@dataclasses.dataclass(frozen=True)
class Kept:
    """Some rows of a part of `raw`."""

    path: str
    rows: tuple[int, ...]


@dataclasses.dataclass(eq=False)
class ReadKept(beam.PTransform):
    """Kept to RawItem, with the outputs of ReadInputs; nothing of it fails or is left out."""

    def expand(self, kept: beam.PCollection[Kept]) -> Outputs:
        """Wires the reader."""
        return kept | "ReadKeptItems" >> beam.ParDo(_ReadKept()).with_outputs("failed", COUNTS, main="items")


class _ReadKept(Fn):
    def process(self, element: Kept) -> Iterator[RawItem]:
        with store.parquet(element.path) as part:
            rows = part.read().take(list(element.rows))
        for row in rows.to_pylist():
            yield RawItem(origin=origin_of(row), data=row["data"], sha256=row["sha256"])


def origin_of(row: Row) -> Origin:
    """Where an item came from, by its row of `raw`; one of an older lake lacks some columns."""
    known = {name: row.get(name) for name in _ORIGIN}
    return Origin(**{**known, "input_start": row.get("input_start") or 0})
