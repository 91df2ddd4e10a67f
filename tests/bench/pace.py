"""How fast the machine is just now.

A shared machine may need twice the time for the same work, for minutes on end, so what was measured in two of its phases is compared only
by what a work that is always the same, the yardstick, took meanwhile."""

import re
import statistics
import threading
import time
from typing import Self

YARDSTICK = 0.0040
"""Seconds of the yardstick on the machine for which limits in seconds were chosen, when nothing else ran there."""
EVERY = 1.0
"""Seconds between two samples: one in 250 of the time of one core."""

_WORD = re.compile(r"\w+(?:[-.&]\w+)*|[^\w\s]")
_COPY = 'The minister told reporters in Oslo on Monday that "nobody was hurt," he said. ' * 400


def yardstick() -> float:
    """Processor time, in seconds, of matches of an expression, each looked up and kept: work of the kind that reading text is."""
    started = time.thread_time()
    seen: dict[str, int] = {}
    for match in _WORD.finditer(_COPY):
        word = match[0].lower()
        seen[word] = seen.get(word, match.start()) + len(word)
    return time.thread_time() - started


def slowness() -> float:
    """How many times slower than usual the machine is at this moment; 1 where it is not."""
    return max(1.0, yardstick() / YARDSTICK)


class Pace:
    """Takes samples in a thread of its own while the block runs."""

    def __init__(self, every: float = EVERY) -> None:
        self.every = every
        self.samples: list[tuple[float, float]] = []
        """When (by `time.perf_counter`), and what the yardstick took."""
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _sample(self) -> None:
        while True:
            self.samples.append((time.perf_counter(), yardstick()))
            if self._ended.wait(self.every):
                return

    def of_last(self, seconds: float) -> float:
        """What the yardstick took in the last so many seconds, on average, as a multiple of what it usually takes."""
        until = self.samples[-1][0]
        return statistics.fmean(took for at, took in self.samples if at >= until - seconds) / YARDSTICK
