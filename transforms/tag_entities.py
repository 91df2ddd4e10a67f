"""TagEntities: people, organisations and places of each story."""

import dataclasses
from typing import cast

import apache_beam as beam

from transforms.annotate_batches import AnnotateBatches
from transforms.deduplicate import Held
from transforms.outputs import Outputs
from transforms.text.annotate import Located, tag


@dataclasses.dataclass(eq=False)
class TagEntities(beam.PTransform):
    """Batches of Held with their `entities` (rows without ids); `failed` Failure. After Locate."""

    def expand(self, batches: beam.PCollection[list[Held]]) -> Outputs:
        """Wires the tagger."""
        return batches | AnnotateBatches(tag_entities)


def tag_entities(batch: list[Held]) -> None:
    """Finds the names of each story."""
    for held in batch:
        held.entities = tag(held.story, cast(Located, held.located))
