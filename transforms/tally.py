"""Entries of a run's manifest. Numbers are one a bundle and name: what a runner tries again it counts again in its metrics, not here."""

import collections
import json
from collections.abc import Iterator
from typing import Any

import apache_beam as beam

from transforms.batch_rows import at_the_end

COUNTS = "counts"
"""The output that entries of the manifest go to."""

Entry = tuple[str, str]
"""What is told as JSON, under the one key that gathers all entries: what describes a run grows with its partitions, not with its rows."""


def entry(**told: Any) -> Entry:
    """One entry of the manifest."""
    return "", json.dumps(told, sort_keys=True)


class Tally:
    """The counts of one bundle, for a DoFn that makes one in `start_bundle`. There is one always: a run that finds nothing tells so."""

    def __init__(self) -> None:
        self._counts: collections.Counter[str] = collections.Counter(pieces=0)

    def add(self, name: str, number: int = 1) -> None:
        """Counts up."""
        self._counts[name] += number

    def entries(self) -> Iterator[beam.pvalue.TaggedOutput]:
        """What `finish_bundle` yields: entries of the manifest on the output `COUNTS`."""
        for name, number in self._counts.items():
            yield beam.pvalue.TaggedOutput(COUNTS, at_the_end(entry(count=[name, number])))
