"""AnnotateAhead: a share of the annotators' work, done by helpers."""

import dataclasses
import functools
from collections.abc import Iterator
from typing import Any

import apache_beam as beam

from schemas import Row
from transforms.annotate_batches import AnnotateBatches, Found, is_remembered, remember
from transforms.batch_rows import at_the_end
from transforms.deduplicate import Held, of_batches
from transforms.fn import Fn
from transforms.helpers import Share

Steps = tuple[AnnotateBatches, ...]


@dataclasses.dataclass(eq=False)
class AnnotateAhead(beam.PTransform):
    """Batches of Held as they are, in another order. What the steps after it look for in their stories helpers have found where they had
    room; it is remembered as that of a copy is. Without helpers it does nothing."""

    steps: Steps

    def expand(self, batches: beam.PCollection[list[Held]]) -> beam.PCollection[list[Held]]:
        """Wires the share."""
        return of_batches(batches | "Share" >> beam.ParDo(_Ahead(self.steps)))


@dataclasses.dataclass(frozen=True)
class _Job:
    stories: dict[str, Row]
    """By their texts."""
    batch: list[Held]

    def __getstate__(self) -> dict[str, Any]:
        """What a helper needs of it."""
        return {"stories": self.stories, "batch": []}


class _Ahead(Fn):
    def __init__(self, steps: Steps) -> None:
        self._steps = steps

    def start_bundle(self) -> None:
        self._share: Share[_Job, dict[str, Found]] = Share(functools.partial(_find, self._steps))

    def process(self, element: list[Held]) -> Iterator[Any]:
        new = {held.text: held.story for held in element if not is_remembered(held.text)}
        for job, found in self._share.give(_Job(new, element)):
            yield _known(job, found)

    def finish_bundle(self) -> Iterator[Any]:
        for job, found in self._share.rest():
            yield at_the_end(_known(job, found))


def _known(job: _Job, found: dict[str, Found] | None) -> list[Held]:
    for text, results in (found or {}).items():
        remember(text, results)
    return job.batch


def _find(steps: Steps, job: _Job) -> dict[str, Found]:
    """What all steps find, by text. Raises what one of them raises."""
    held = {text: Held(story, []) for text, story in job.stories.items()}
    found: dict[str, Found] = {text: {} for text in held}
    for step in steps:
        step.work(list(held.values()))
        for text, each in held.items():
            found[text][step.result, step.how] = getattr(each, step.result)
            if step.then:
                step.then(each)
    return found
