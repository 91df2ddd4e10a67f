"""Select: of all pieces of some inputs, those that a run replaces."""

import dataclasses
from collections.abc import Iterator
from typing import Any

import apache_beam as beam

from transforms.clean import Cleaned
from transforms.fn import Fn
from transforms.ledger import Failure
from transforms.outputs import Outputs
from transforms.tally import COUNTS, Tally


@dataclasses.dataclass(eq=False)
class Select(beam.PTransform):
    """Cleaned, or Failure, to those whose delivery is chosen; `counts` entries of the manifest: how many are left as they are."""

    chosen: frozenset[str]
    """Ids of deliveries."""

    def expand(self, pieces: beam.PCollection[Any]) -> Outputs:
        """Wires the choice."""
        return pieces | "Choose" >> beam.ParDo(_Choose(self.chosen)).with_outputs(COUNTS, main="chosen")


class _Choose(Fn):
    def __init__(self, chosen: frozenset[str]) -> None:
        self._chosen = chosen
        self._tally = Tally()

    def start_bundle(self) -> None:
        self._tally = Tally()

    def process(self, element: Cleaned | Failure) -> Iterator[Cleaned | Failure]:
        if element.delivery["delivery_id"] in self._chosen:
            yield element
        else:
            self._tally.add("other_date")

    def finish_bundle(self) -> Iterator[beam.pvalue.TaggedOutput]:
        yield from self._tally.entries()
