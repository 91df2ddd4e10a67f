"""Lives of commands: `wirelake` in processes that are killed, and what is known of the moment at which they were.

A process is forked from a server that has all modules imported: to start Python and import Beam takes seconds, in which a kill proves
nothing. What runs then is the command itself, `pipelines.cli.main` with a command line. Hooks tell how far it is, in memory that outlives
it, and may end it by SIGKILL at a step of its own."""

import dataclasses
import importlib
import mmap
import multiprocessing
import multiprocessing.connection
import os
import pathlib
import random
import signal
import struct
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tests import forked

PHASES = ("start", "recovery", "pull", "pipeline", "rewriting", "commit", "committed", "acknowledgement")
"""How far a command is: `committed` is from the end of a commit to the acknowledgement."""

_POLLING = threading.Lock()
"""Held where exit codes are read. A code can be read once, every start of a process reads those of all that have ended, and of two threads
at it the later would find nothing, which `multiprocessing` gives as 255."""

_COUNTS = ("phase", "steps", "commits", "already", "recovered")
_SHAPE = struct.Struct(f"{len(_COUNTS)}q")


@dataclasses.dataclass(frozen=True)
class End:
    """Where a command ends itself by SIGKILL: at the `number`-th time (from 0) that it reaches `point`, or any point where that is None."""

    point: str | None
    number: int


@dataclasses.dataclass(frozen=True)
class Order:
    """A command line, and under which circumstances it runs. `constants` are values of modules: `module.NAME`."""

    arguments: Sequence[str]
    log: pathlib.Path
    end: End | None = None
    environment: Mapping[str, str] = dataclasses.field(default_factory=dict)
    constants: Mapping[str, Any] = dataclasses.field(default_factory=dict)


class Life:
    """One process of a command."""

    def __init__(self, order: Order) -> None:
        memory = order.log.with_suffix(".counts")
        memory.write_bytes(bytes(_SHAPE.size))
        with memory.open("r+b") as shared:
            self._map = mmap.mmap(shared.fileno(), _SHAPE.size)
        self.log = order.log
        self.began = time.monotonic()
        self.process = forked.process(_live, order, str(memory))
        with _POLLING:
            self.process.start()

    def count(self, name: str) -> int:
        """One of the counts that the process keeps: `steps`, `commits`, `already` (inputs that the ledger had), `recovered`."""
        return int(_SHAPE.unpack(self._map[:])[_COUNTS.index(name)])

    @property
    def phase(self) -> str:
        """How far it is, or was when it ended."""
        return PHASES[self.count("phase")]

    def ended(self, seconds: float | None) -> int | None:
        """Its exit code, below 0 for a signal, or None where it lives for longer than that."""
        multiprocessing.connection.wait([self.process.sentinel], seconds)
        with _POLLING:
            return self.process.exitcode

    def kill(self) -> int:
        """Ends it by SIGKILL where it still lives; the exit code either way."""
        with _POLLING:
            self.process.kill()
        return int(self.ended(None) or 0)

    def ask_to_leave(self, seconds: float) -> int | None:
        """SIGTERM; its exit code, or None where it does not leave within the time."""
        with _POLLING:
            self.process.terminate()
        return self.ended(seconds)

    def said(self) -> str:
        """The end of what it printed."""
        return self.log.read_text(errors="replace")[-1500:]


def start_beside(function: Callable[..., None], *arguments: Any) -> Any:
    """A function in a forked process that dies with this one."""
    process = forked.process(_beside, function, *arguments)
    with _POLLING:
        process.start()
    return process


def _beside(function: Callable[..., None], *arguments: Any) -> None:
    _die_with_starter()
    function(*arguments)


def _die_with_starter() -> None:
    """Ends this process when the campaign has ended, however it did."""
    starter = multiprocessing.parent_process()
    assert starter

    def follow() -> None:
        multiprocessing.connection.wait([starter.sentinel])
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=follow, daemon=True).start()


def _live(order: Order, memory: str) -> None:
    _die_with_starter()
    log = os.open(order.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.update(order.environment)
    random.seed()
    for name, value in order.constants.items():
        module, _, constant = name.rpartition(".")
        setattr(importlib.import_module(module), constant, value)
    with open(memory, "r+b") as shared:
        _Hooks(mmap.mmap(shared.fileno(), _SHAPE.size), order.end).install()
    from pipelines import cli

    code = cli.main(list(order.arguments))
    sys.stdout.flush()
    os._exit(code)  # what the libraries do at the end of Python is not ours to test


class _Hooks:
    """Counts what a command does, and ends it where it is to end."""

    def __init__(self, shared: mmap.mmap, end: End | None) -> None:
        self._shared, self._end = shared, end
        self._reached: dict[str, int] = {}

    def _add(self, name: str, number: int = 1) -> None:
        at = 8 * _COUNTS.index(name)
        value = struct.unpack_from("q", self._shared, at)[0]
        struct.pack_into("q", self._shared, at, value + number)

    def _phase(self, name: str) -> None:
        struct.pack_into("q", self._shared, 0, PHASES.index(name))

    def _point(self, name: str) -> None:
        self._add("steps")
        for key in ("", name):
            if self._end and key == (self._end.point or "") and self._reached.get(key, 0) == self._end.number:
                os.kill(os.getpid(), signal.SIGKILL)
            self._reached[key] = self._reached.get(key, 0) + 1

    def install(self) -> None:
        from pipelines import ledger, rounds, watch
        from pipelines.lake import compact, durable, turns

        def step(point: str) -> None:
            self._phase("commit")
            self._point(point)

        durable.reached = step
        self._around(rounds.Rounds, "_execute", "pipeline", None)
        self._around(compact._Compaction, "_stage", "rewriting", None)
        for module in (rounds, compact):
            self._around(module, "commit", None, "committed", lambda _: self._add("commits"))
        self._around(turns, "recover", "recovery", None, lambda number: self._add("recovered", bool(number)))
        self._around(ledger.Ledger, "looked_up", None, None, lambda found: self._add("already", found is None))
        self._around(watch, "open_source", None, None, self._on_source)

    def _on_source(self, source: Any) -> None:
        if source is None:  # it was asked to stop before there was one
            return
        self._around(source, "pull", "pull", None)
        self._around(source, "acknowledge", "acknowledgement", None)

    def _around(self, owner: Any, name: str, before: str | None, after: str | None, told: Callable[[Any], None] | None = None) -> None:
        """Tells of a call when it begins, by a phase and a point of that name, and when it has ended."""
        wrapped = getattr(owner, name)

        def call(*arguments: Any, **named: Any) -> Any:
            if before:
                self._phase(before)
                self._point(before)
            result = wrapped(*arguments, **named)
            if told:
                told(result)
            if after:
                self._phase(after)
            if before or after:
                self._point(after or f"after {before}")
            return result

        setattr(owner, name, call)
