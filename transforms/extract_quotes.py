"""ExtractQuotes: quotations of each story with their speakers."""

import dataclasses
import functools

import apache_beam as beam

from transforms.annotate_batches import AnnotateBatches
from transforms.deduplicate import Held
from transforms.outputs import Outputs
from transforms.spacy_quotes import SpacyClauses
from transforms.text.annotate import ClauseFinder, quote_all


@dataclasses.dataclass(eq=False)
class ExtractQuotes(beam.PTransform):
    """Batches of Held with their `quotes` (rows without ids); `failed` Failure. After TagEntities: speakers are resolved by its names."""

    names: str = ""
    """What found the names, where it is not the package's own tagger."""
    spacy: str | None = None
    """The name or path of an English spaCy pipeline whose parses add to what the package's own patterns find."""
    fragments: bool = False
    """Whether quoted words that are nobody's speech are rows too."""

    @property
    def step(self) -> AnnotateBatches:
        """The work on a batch."""
        finder = SpacyClauses(self.spacy) if self.spacy else None
        work = functools.partial(extract_quotes, finder=finder, fragments=self.fragments)
        return AnnotateBatches(work, "quotes", repr((self.names, self.spacy, self.fragments)))

    def expand(self, batches: beam.PCollection[list[Held]]) -> Outputs:
        """Wires the extractor."""
        return batches | self.step


def extract_quotes(batch: list[Held], finder: ClauseFinder | None = None, fragments: bool = False) -> None:
    """Finds the quotations of each story."""
    rows = quote_all([held.story for held in batch], [held.entities for held in batch], finder, fragments)
    for held, quotes in zip(batch, rows, strict=True):
        held.quotes = quotes
