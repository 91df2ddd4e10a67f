"""Locate: the countries that each story is about, and the one it is filed under in the lake."""

import dataclasses
from typing import cast

import apache_beam as beam

from transforms.annotate_batches import AnnotateBatches
from transforms.deduplicate import Held
from transforms.outputs import Outputs
from transforms.text.annotate import Located, locate


@dataclasses.dataclass(eq=False)
class Locate(beam.PTransform):
    """Batches of Held with the story's `countries` and `country`, and with the places of its body; `failed` Failure.

    Before TagEntities: a square that is in no table lies in the story's country."""

    @property
    def step(self) -> AnnotateBatches:
        """The work on a batch."""
        return AnnotateBatches(locate_stories, "located", then=_file)

    def expand(self, batches: beam.PCollection[list[Held]]) -> Outputs:
        """Wires the decision."""
        return batches | self.step


def locate_stories(batch: list[Held]) -> None:
    """Weighs the places of each story."""
    for held in batch:
        held.located = locate(held.story)


def _file(held: Held) -> None:
    located = cast(Located, held.located)
    held.story.update(countries=located.countries, country=located.country)
