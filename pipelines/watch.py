"""Continuous mode: small bounded runs over a source that goes on, in a process that stays warm; acknowledged after the commit.

What is pulled and not committed when the process dies comes again, and what is committed and not acknowledged comes again and is found in
the ledger: each message takes effect once."""

import dataclasses
import datetime as dt
import gc
import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import TypeVar

from pipelines import memory
from pipelines.errors import UsageError, plainly
from pipelines.lake.place import lake_at
from pipelines.lake.tables import Tables
from pipelines.ledger import Ledger
from pipelines.options import Settings
from pipelines.rounds import Done, Rounds
from pipelines.runs import CHUNK_BYTES, Report
from pipelines.sources.inputs import AwayError, Input, Source

logger = logging.getLogger("wirelake.watch")

ROUND_INPUTS = 2_000
"""A round begins when so many inputs have come, or `CHUNK_BYTES` of them, or `ROUND_SECONDS` after the first."""

ROUND_SECONDS = 0.05

ENGINE_ROUND_INPUTS, ENGINE_ROUND_BYTES = 50_000, 2**26
"""The same on an engine, where a round takes half a minute however little it holds. The messages pass through this process."""

_LONGEST_WAIT = 0.5
"""Seconds in a pull when nothing comes: how soon a signal is noticed."""

_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
"""Seconds between two attempts to reach a source that is away: doubled each time."""

_SWEEP_ROUNDS = 50

_Given = TypeVar("_Given")

Told = Callable[[Done], None]
"""Called after every run."""


class Stop:
    """Whether to leave after the commit that is under way."""

    def __init__(self) -> None:
        self._asked = threading.Event()

    def ask(self) -> None:
        """Leaves as soon as the current run is committed and acknowledged."""
        self._asked.set()

    def __bool__(self) -> bool:
        return self._asked.is_set()

    def wait(self, seconds: float) -> None:
        """A pause that ends when it is asked."""
        self._asked.wait(seconds)


@contextmanager
def stopped_by_signals(stop: Stop) -> Iterator[None]:
    """SIGTERM and SIGINT ask to stop; the same a second time ends the process as usual, which is safe too."""

    def ask(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, before[number])
        stop.ask()

    before = {int(number): signal.signal(number, ask) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def open_source(name: str, stop: Stop, *, settle: float, move_to: str | None) -> Source | None:
    """The source of that name: `pubsub://PROJECT/SUBSCRIPTION`, `kafka://HOST:PORT/TOPIC`, or a folder, for which alone `settle`
    (seconds) and `move_to` are. One that does not answer is waited for; null where it is to stop meanwhile.

    Raises UsageError for one that cannot be: malformed, missing, without its client library."""
    return Away(name, stop).reached(lambda: _opened(name, settle, move_to))


def _opened(name: str, settle: float, move_to: str | None) -> Source:
    scheme = name.partition("://")[0] if "://" in name else ""
    if scheme in ("pubsub", "kafka") and move_to is not None:
        raise UsageError(f"--move-to moves files that are done: {name} is no folder")
    if scheme == "pubsub":
        from pipelines.sources.pubsub import open_pubsub

        return open_pubsub(name)
    if scheme == "kafka":
        from pipelines.sources.kafka import open_kafka

        return open_kafka(name)
    if scheme and scheme != "file":
        raise UsageError(f"{name}: watch takes a folder, pubsub://PROJECT/SUBSCRIPTION or kafka://HOST:PORT/TOPIC")
    from pipelines.sources.folder import open_folder

    return open_folder(name, settle=settle, move_to=move_to)


def watch(
    source: Source,
    settings: Settings,
    stop: Stop,
    *,
    round_inputs: int | None = None,
    round_seconds: float = ROUND_SECONDS,
    told: Told | None = None,
) -> Report:
    """Takes what comes from `source` into the lake until `stop` is asked; what it did in all.

    Raises as `runs.ingest` does; what was not committed then stays with the source."""
    begun = time.monotonic()
    report = Report()
    lake = lake_at(settings.lake)
    most, most_bytes = (ROUND_INPUTS, CHUNK_BYTES) if settings.in_process else (ENGINE_ROUND_INPUTS, ENGINE_ROUND_BYTES)
    most = round_inputs or most
    rounds = Rounds(lake, settings, "watch", merges=True)
    away = Away(source.uri, stop)
    try:
        with plainly(lake), rounds.turn():  # the lake is made, and what a dead run left is finished, before anything comes
            pass
        while not stop:
            inputs = away.reached(lambda: _gathered(source, stop, most, most_bytes, round_seconds))
            if not inputs:
                continue
            with plainly(lake):
                taken = take(rounds, inputs, report, told)
            away.reached(lambda taken=taken: source.acknowledge(taken))  # type: ignore[misc]
    finally:
        rounds.close()
        gc.unfreeze()
        source.close()
    report.recovered = rounds.recovered
    report.seconds = time.monotonic() - begun
    return report


def _gathered(source: Source, stop: Stop, most: int, most_bytes: int, seconds: float) -> list[Input]:
    """What a round takes: all that is there, and what comes within `seconds` of the first."""
    inputs = source.pull(most, most_bytes, _LONGEST_WAIT)
    end = time.monotonic() + seconds
    while inputs and not stop:
        left, room = end - time.monotonic(), most_bytes - sum(each.weight for each in inputs)
        if left <= 0 or len(inputs) >= most or room <= 0:
            break
        try:
            inputs += source.pull(most - len(inputs), room, left)
        except AwayError:  # what came before is taken first; the next pull says it again
            break
    return inputs


def take(rounds: Rounds, inputs: Sequence[Input], report: Report, told: Told | None) -> list[Input]:
    """One round: what the lake does not have of some inputs. Those that are in it then, or were: a file that could be listed and not read
    stays where it is, for another time."""

    def round_on(tables: Tables) -> tuple[int, Done | None, set[tuple[str, int]]]:
        ledger = Ledger.look_up(tables, inputs, dt.datetime.now(dt.UTC).date())
        known = {(each.uri, each.message_id, each.start, each.stop): ledger.looked_up(each) for each in inputs}
        new = [each for each in known.values() if each]
        done = rounds.run(tables, new) if new else None
        if not done or not done.reasons.get("unreadable"):
            return len(new), done, set()
        after = Ledger.look_up(tables, new, dt.datetime.now(dt.UTC).date())
        return len(new), done, {(each.uri, each.start) for each in new if each.data is None and after.looked_up(each)}

    new, done, unread = rounds.take(round_on)
    report.inputs += len(inputs)
    report.already += len(inputs) - new
    if done:
        report.add(done)
        if told:
            told(done)
        if len(report.runs) % _SWEEP_ROUNDS == 1:
            # Off what stays for good (word lists, models) the collector is kept after the first round: it would take most of its time.
            memory.give_back(for_good=len(report.runs) == 1)
    return [each for each in inputs if (each.uri, each.start) not in unread]


@dataclasses.dataclass
class Away:
    """Waits for a source that does not answer, with growing pauses, and says so once."""

    uri: str
    stop: Stop

    def reached(self, attempt: Callable[[], _Given]) -> _Given | None:
        """What `attempt` gives when it succeeds; null where it is to stop meanwhile."""
        pause, since = _FIRST_PAUSE, time.monotonic()
        failed = False
        while True:
            try:
                found = attempt()
            except AwayError as error:
                if not failed:
                    logger.warning("%s; waiting for it", error)
                failed = True
                if self.stop:
                    return None
                self.stop.wait(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
            else:
                if failed:
                    logger.warning("%s answers again after %.0f s", self.uri, time.monotonic() - since)
                return found
