"""Numbers for a run's manifest, one entry a bundle and name. What a runner tries again it counts again in its metrics, not here."""

import collections
import json
from collections.abc import Iterator

import apache_beam as beam

from transforms.batch_rows import at_the_end

COUNTS = "counts"
"""The output that entries of the manifest go to."""


class Tally:
    """The counts of one bundle, for a DoFn that makes one in `start_bundle`."""

    def __init__(self) -> None:
        self._counts: collections.Counter[str] = collections.Counter()

    def add(self, name: str, number: int = 1) -> None:
        """Counts up."""
        self._counts[name] += number

    def entries(self) -> Iterator[beam.pvalue.TaggedOutput]:
        """What `finish_bundle` yields: entries of the manifest, JSON, on the output `COUNTS`."""
        for name, number in self._counts.items():
            yield beam.pvalue.TaggedOutput(COUNTS, at_the_end(json.dumps({"count": [name, number]})))
