"""ExtractQuotes: quotations of each story with their speakers."""

import dataclasses

import apache_beam as beam

from transforms.annotate_batches import AnnotateBatches
from transforms.deduplicate import Held
from transforms.outputs import Outputs
from transforms.text.annotate import quote


@dataclasses.dataclass(eq=False)
class ExtractQuotes(beam.PTransform):
    """Batches of Held with their `quotes` (rows without ids); `failed` Failure. After TagEntities: speakers are resolved by its names."""

    names: str = ""
    """What found the names, where it is not the package's own tagger."""

    def expand(self, batches: beam.PCollection[list[Held]]) -> Outputs:
        """Wires the extractor."""
        return batches | AnnotateBatches(extract_quotes, "quotes", self.names)


def extract_quotes(batch: list[Held]) -> None:
    """Finds the quotations of each story."""
    for held in batch:
        held.quotes = quote(held.story, held.entities)
