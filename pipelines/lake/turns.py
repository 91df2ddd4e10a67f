"""Turns of one writer at a lake: it is opened once, and before each turn only what others committed meanwhile is read.

On a local lake a turn has the lock. In an object store there is none: whoever claims a run's number first has it, everyone else is
refused and plans its turn again on what the lake is then."""

import contextlib
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from deltalake.exceptions import DeltaError

from pipelines.errors import OvertakenError
from pipelines.lake import durable
from pipelines.lake.commit import recover
from pipelines.lake.place import Folder
from pipelines.lake.tables import RUNS, Tables

_TRIES = 20
_LONGEST_PAUSE = 5.0
"""Seconds between two tries, at most: a time by chance, so that two writers do not meet again and again."""

_Result = TypeVar("_Result")


class Turns:
    """The turns of one process."""

    def __init__(self, lake: Folder, wait: float, tables: Tables | None = None) -> None:
        """`wait`: seconds for the lock. `tables` that are open already are moved forward."""
        self.lake, self._wait, self._tables = lake, wait, tables
        self.own = 0
        """The number of the last run that this process committed: set by who commits."""
        self.recovered: int | None = None
        """The number of the last run of another process that was finished here."""

    @contextlib.contextmanager
    def turn(self) -> Iterator[Tables]:
        """The lake's tables, under the lock, with what a dead run left finished. Raises LockedError, WirelakeError."""
        with durable.locked(self.lake, self._wait):
            tables = self._refreshed()
            if tables.done(RUNS) != self.own or not self.own:
                self.recovered = recover(tables) or self.recovered
            try:
                yield tables
            except BaseException:
                self._tables = None  # it may stand anywhere between two states
                raise

    def take(self, work: Callable[[Tables], _Result]) -> _Result:
        """What `work` comes to in a turn. Where another writer came first it is called again, in another turn: it must have no effect
        but by the run that it commits. Raises what it raises, and OvertakenError where others came first time after time."""
        for tried in range(_TRIES):
            with contextlib.suppress(OvertakenError), self.turn() as tables:
                return self._fenced(tables, work)
            time.sleep(random.uniform(0, min(_LONGEST_PAUSE, 0.1 * 2**tried)))  # noqa: S311 - not a secret
        raise OvertakenError(
            f"{self.lake}: others committed first {_TRIES} times; let one writer at a time work on this lake, and run again"
        )

    def _fenced(self, tables: Tables, work: Callable[[Tables], _Result]) -> _Result:
        if isinstance(self.lake, Path):
            return work(tables)
        number = tables.done(RUNS)
        try:
            return work(tables)
        except OvertakenError:
            raise
        except Exception as error:
            # What it looked into may be gone because another writer replaced it.
            if _is_behind(tables, number):
                raise OvertakenError(f"{self.lake}: another writer committed first; run again") from error
            raise

    def _refreshed(self) -> Tables:
        if self._tables is None:
            self._tables = Tables(self.lake)
            self._tables.create()
        elif not self.own or not self._tables.has_run(self.own):
            self._tables.refresh()
            self._tables.create()
        return self._tables


def _is_behind(tables: Tables, number: int) -> bool:
    """Whether another writer claimed a run after this one, which the tables stand at. False where the store does not say."""
    try:
        return tables.done(RUNS) == number and not tables.has_run(number)
    except (OSError, DeltaError):
        return False
