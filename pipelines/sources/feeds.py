"""What a stream reads: a source split into parts, each read from a position of its own, and acknowledged by the commit alone."""

import threading
from collections.abc import Sequence
from typing import Protocol

from pipelines.sources.inputs import Input, Source

Read = tuple[int, Input]
"""An input, and the position after it."""


class Feed(Protocol):
    """A source for several readers at once. What was read and not acknowledged when the process ends is read again by the next one."""

    uri: str

    def splits(self) -> list[tuple[str, int]]:
        """Its parts, each with the position from which on nothing is in the lake. Raises AwayError."""
        ...

    def read(self, split: str, position: int, wait: float) -> list[Read]:
        """What comes next in a part; waits up to `wait` seconds for the first. For one thread a part. Raises AwayError while the other
        side does not answer."""
        ...

    def give_back(self, split: str, inputs: Sequence[Input]) -> None:
        """Takes back what was read and will not be used: it is read again."""
        ...

    def acknowledge(self, inputs: Sequence[Input]) -> None:
        """Tells that some inputs are in the lake. Raises AwayError; the same call again says it."""
        ...

    def close(self) -> None:
        """Lets go of what was read and not acknowledged. Raises nothing."""
        ...


class Whole:
    """A source that has no parts, a folder or a subscription: what it hands out is remembered by itself, and positions only count."""

    def __init__(self, source: Source, most: int, most_bytes: int) -> None:
        """Hands out at most so many inputs at a time, of about so many bytes."""
        self.uri = source.uri
        self._source, self._most, self._most_bytes = source, most, most_bytes
        self._lock = threading.Lock()
        self._returned: list[Input] = []

    def splits(self) -> list[tuple[str, int]]:
        """The whole."""
        return [("", 0)]

    def read(self, _split: str, position: int, wait: float) -> list[Read]:
        """As `Feed.read`."""
        with self._lock:
            found, self._returned = self._returned or self._source.pull(self._most, self._most_bytes, wait), []
        return list(enumerate(found, position + 1))

    def give_back(self, _split: str, inputs: Sequence[Input]) -> None:
        """As `Feed.give_back`."""
        with self._lock:
            self._returned = [*inputs, *self._returned]

    def acknowledge(self, inputs: Sequence[Input]) -> None:
        """As `Feed.acknowledge`."""
        with self._lock:
            self._source.acknowledge(inputs)

    def close(self) -> None:
        """As `Feed.close`."""
        self._source.close()
