"""What the annotating composites share: work on a batch of stories, of which a bad one does not stop the others. A copy costs nothing."""

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import apache_beam as beam

from transforms.deduplicate import Held, of_batches
from transforms.fn import Fn
from transforms.ledger import Failure, refusal
from transforms.metrics import count
from transforms.outputs import Outputs
from transforms.recent import Recent
from transforms.text.annotate import load

Work = Callable[[list[Held]], None]
"""Sets `result` of the stories of a batch. Done twice it gives the same; stories of one text have equal results."""


@dataclasses.dataclass(eq=False)
class AnnotateBatches(beam.PTransform):
    """Batches of Held through `work`; `failed` Failure, one for every delivery of a story that `work` raises on."""

    work: Work
    result: str
    """The attribute of Held that `work` sets."""
    how: str = ""
    """What else the result follows from, besides the story's text: the name of a model."""
    then: Callable[[Held], None] | None = None
    """Called on every story that has its result, found or remembered."""

    def expand(self, batches: beam.PCollection[list[Held]]) -> Outputs:
        """Wires the work."""
        annotate = beam.ParDo(_Annotate(self.work, self.result, self.how, self.then)).with_outputs("failed", main="batches")
        annotated = batches | "Annotate" >> annotate
        of_batches(annotated["batches"])
        return annotated


class _Annotate(Fn):
    def __init__(self, work: Work, result: str, how: str = "", then: Callable[[Held], None] | None = None) -> None:
        self._work, self._result, self._kind, self._then = work, result, (result, how), then

    def setup(self) -> None:
        load()

    def process(self, element: list[Held]) -> Iterator[Any]:
        waiting = self._waiting(element)
        errors = self._errors([copies[0] for copies in waiting.values()])
        for text, copies in waiting.items():
            if error := errors.get(id(copies[0])):
                for failure in (failure for copy in copies for failure in _failures(copy, error)):
                    yield beam.pvalue.TaggedOutput("failed", failure)
                continue
            found = getattr(copies[0], self._result)
            remember(text, {self._kind: found})
            for copy in copies[1:]:
                setattr(copy, self._result, found)
        bad = {id(copy) for copies in waiting.values() if id(copies[0]) in errors for copy in copies}
        good = [held for held in element if id(held) not in bad]
        if self._then:
            for held in good:
                self._then(held)
        yield good

    def _waiting(self, batch: list[Held]) -> dict[str, list[Held]]:
        """The stories that nothing is remembered of, copies together; the others have their results."""
        waiting: dict[str, list[Held]] = {}
        for held in batch:
            found = _recent.get(held.text) or {}
            if self._kind in found:
                setattr(held, self._result, found[self._kind])
            else:
                waiting.setdefault(held.text, []).append(held)
        return waiting

    def _errors(self, stories: list[Held]) -> dict[int, Exception]:
        """Does the work; what it raises on some of the stories, by `id`."""
        try:
            self._work(stories)
        except Exception:  # noqa: BLE001 - one bad story never stops the others: find it
            return {id(held): error for held in stories if (error := self._alone(held))}
        return {}

    def _alone(self, held: Held) -> Exception | None:
        try:
            self._work([held])
        except Exception as error:  # noqa: BLE001 - as above
            count("Annotate", "failed")
            return error
        return None


_recent = Recent()
"""By `Held.text`: results by their names and what else they follow from."""

Found = dict[tuple[str, str], Any]


def remember(text: str, found: Found) -> None:
    """Has results of a story, by their names and what else they follow from, for all stories of this text that come soon."""
    _recent.put(text, {**(_recent.get(text) or {}), **found})


def is_remembered(text: str) -> bool:
    """Whether anything is."""
    return _recent.get(text) is not None


def _failures(held: Held, error: Exception) -> list[Failure]:
    payload = held.story["body"].encode()
    return [Failure("annotate", refusal(error), delivery, payload) for delivery in held.deliveries]
