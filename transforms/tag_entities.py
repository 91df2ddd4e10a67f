"""TagEntities: people, organisations and places of each story."""

import dataclasses
from typing import cast

import apache_beam as beam

from schemas import Row
from transforms.annotate_batches import AnnotateBatches
from transforms.deduplicate import Held
from transforms.outputs import Outputs
from transforms.spacy_names import SpacyNames
from transforms.text.annotate import Located, tag_all


@dataclasses.dataclass(eq=False)
class TagEntities(beam.PTransform):
    """Batches of Held with their `entities` (rows without ids) and the story's `entities_tier`; `failed` Failure. After Locate.

    spacy: the name or path of a spaCy pipeline that finds the names of stories in its language; by default the package's tagger does."""

    spacy: str | None = None

    @property
    def step(self) -> AnnotateBatches:
        """The work on a batch."""
        return AnnotateBatches(_Tag(SpacyNames(self.spacy) if self.spacy else None), "named", self.spacy or "", _file)

    def expand(self, batches: beam.PCollection[list[Held]]) -> Outputs:
        """Wires the tagger."""
        return batches | self.step


class _Tag:
    """Finds the names of each story of a batch."""

    def __init__(self, tagger: SpacyNames | None) -> None:
        self._tagger = tagger

    def __call__(self, batch: list[Held]) -> None:
        located = [cast(Located, held.located) for held in batch]
        for held, named in zip(batch, tag_all([held.story for held in batch], located, self._tagger), strict=True):
            held.named = named


def _file(held: Held) -> None:
    held.entities, held.story["entities_tier"] = cast(tuple[list[Row], str], held.named)
