"""Give: what the driver knows, as a collection."""

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any

import apache_beam as beam

from transforms.fn import Fn


@dataclasses.dataclass(eq=False)
class Give(beam.PTransform):
    """Values to a collection of them, as `beam.Create`, of which the two functions that it wraps in DoFns are inspected for a fifth of the
    time that a round of few stories takes."""

    values: Sequence[Any]
    spread: bool = False
    """Whether several workers take them: worth it where there is much work in each."""

    def expand(self, begin: beam.pvalue.PBegin) -> beam.PCollection[Any]:
        """Wires the values."""
        given = begin | "Impulse" >> beam.Impulse() | "Give" >> beam.ParDo(_Give(self.values))
        return given | "Spread" >> beam.Reshuffle() if self.spread else given


class _Give(Fn):
    def __init__(self, values: Sequence[Any]) -> None:
        self._values = list(values)

    def process(self, _element: bytes) -> Iterator[Any]:
        yield from self._values
