"""SketchStories: what duplicate decisions read of each story instead of its text."""

import dataclasses

import apache_beam as beam

from transforms.annotate_batches import AnnotateBatches
from transforms.deduplicate import Held
from transforms.outputs import Outputs
from transforms.text.sketch_kernel import sketches


@dataclasses.dataclass(eq=False)
class SketchStories(beam.PTransform):
    """Batches of Held with their `sketch`; `failed` Failure."""

    @property
    def step(self) -> AnnotateBatches:
        """The work on a batch."""
        return AnnotateBatches(sketch_stories, "sketch")

    def expand(self, batches: beam.PCollection[list[Held]]) -> Outputs:
        """Wires the kernel."""
        return batches | self.step


def sketch_stories(batch: list[Held]) -> None:
    """Sketches each story's headline and body."""
    found = sketches([(held.story["headline"] or "", held.story["body"]) for held in batch])
    for held, sketch in zip(batch, found, strict=True):
        held.sketch = sketch
