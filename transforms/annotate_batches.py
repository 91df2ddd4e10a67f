"""What the annotating composites share: work on a batch of stories, of which a bad one does not stop the others."""

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import apache_beam as beam

from transforms.deduplicate import Held
from transforms.fn import Fn
from transforms.ledger import Failure, refusal
from transforms.metrics import count
from transforms.outputs import Outputs
from transforms.text.annotate import load

Work = Callable[[list[Held]], None]
"""Completes the stories of a batch in place. Done twice it gives the same."""


@dataclasses.dataclass(eq=False)
class AnnotateBatches(beam.PTransform):
    """Batches of Held through `work`; `failed` Failure, one for every delivery of a story that `work` raises on."""

    work: Work

    def expand(self, batches: beam.PCollection[list[Held]]) -> Outputs:
        """Wires the work."""
        return batches | "Annotate" >> beam.ParDo(_Annotate(self.work)).with_outputs("failed", main="batches")


class _Annotate(Fn):
    def __init__(self, work: Work) -> None:
        self._work = work

    def setup(self) -> None:
        load()

    def process(self, element: list[Held]) -> Iterator[Any]:
        try:
            self._work(element)
        except Exception:  # noqa: BLE001 - one bad story never stops the others: find it
            good, failures = [], []
            for held in element:
                failed = self._alone(held)
                failures += failed
                if not failed:
                    good.append(held)
            for failure in failures:
                yield beam.pvalue.TaggedOutput("failed", failure)
            yield good
        else:
            yield element

    def _alone(self, held: Held) -> list[Failure]:
        try:
            self._work([held])
        except Exception as error:  # noqa: BLE001 - as above
            count("Annotate", "failed")
            payload = held.story["body"].encode()
            return [Failure("annotate", refusal(error), delivery, payload) for delivery in held.deliveries]
        return []
