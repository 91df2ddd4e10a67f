"""Give: what the driver knows, as a collection."""

import dataclasses
import pickle
from collections.abc import Iterator, Sequence
from typing import Any

import apache_beam as beam

from transforms import store
from transforms.fn import Fn


@dataclasses.dataclass(eq=False)
class Give(beam.PTransform):
    """Values to a collection of them, as `beam.Create`, of which the two functions that it wraps in DoFns are inspected for a fifth of the
    time that a round of few stories takes."""

    values: Sequence[Any]
    spread: bool = False
    """Whether several workers take them: worth it where there is much work in each."""

    path: str | None = None
    """A file to keep them in: then they are not part of the graph, which is sent whole to an engine and to each of its workers."""

    def expand(self, begin: beam.pvalue.PBegin) -> beam.PCollection[Any]:
        """Wires the values. Raises OSError where the file cannot be written."""
        if self.path:
            store.write(self.path, pickle.dumps(list(self.values)))
        give = beam.ParDo(_GiveKept(self.path) if self.path else _Give(self.values))
        given = begin | "Impulse" >> beam.Impulse() | "Give" >> give
        return given | "Spread" >> beam.Reshuffle() if self.spread else given


class _Give(Fn):
    def __init__(self, values: Sequence[Any]) -> None:
        self._values = list(values)

    def process(self, _element: bytes) -> Iterator[Any]:
        yield from self._values


class _GiveKept(Fn):
    def __init__(self, path: str) -> None:
        self._path = path

    def process(self, _element: bytes) -> Iterator[Any]:
        yield from pickle.loads(store.read(self._path))  # noqa: S301 - the driver of this very run wrote it
