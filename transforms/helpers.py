"""Helpers: processes beside this one that take a share of its work, for a runner that works in one process alone.

Nothing depends on them: what they have no room for, fail at or are gone over is done here. A bundle's results are the same with and
without them, in another order."""

import atexit
import collections
import concurrent.futures
import contextlib
import functools
import os
import pathlib
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import IO, Any, Generic, TypeVar, cast

from transforms.text.frames import PIPE, READY, receive, send

_MOST = 3
"""More have nothing to do: what this process keeps for itself takes a quarter of the time of all."""

_AHEAD = 2
"""Pieces of work that a helper has at once: one in its hands and one to go on with."""

_Job = TypeVar("_Job")
_Result = TypeVar("_Result")


class _Helper:
    """One process, and a thread that hears it."""

    def __init__(self) -> None:
        path = os.pathsep.join(entry or os.getcwd() for entry in sys.path)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "transforms.helper"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,  # a buffer has a lock, which would stay locked in a process that is forked while the thread reads
            pipesize=PIPE,
            env={**os.environ, "PYTHONPATH": path},
        )
        self._requests, self._replies = cast(IO[bytes], self._process.stdin), cast(IO[bytes], self._process.stdout)
        self._asked: collections.deque[concurrent.futures.Future[bytes]] = collections.deque()
        self._ready = self.gone = False
        self._opened = threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._hear, name="wirelake-helper", daemon=True)
        self._thread.start()

    def _hear(self) -> None:
        with contextlib.suppress(OSError, ValueError):  # it is gone, or was ended
            self._ready = receive(self._replies) == READY
            self._opened.set()
            while self._ready and (answer := receive(self._replies)) is not None:
                self._asked.popleft().set_result(answer)
        with self._lock:
            self.gone = True
        self._opened.set()
        while self._asked:
            self._asked.popleft().set_result(b"")

    def ask(self, request: Callable[[], bytes]) -> concurrent.futures.Future[bytes] | None:
        """The answer to come, empty where none came; None where it has no room. One thread at a time."""
        if not self._ready or len(self._asked) >= _AHEAD:
            return None
        answer: concurrent.futures.Future[bytes] = concurrent.futures.Future()
        message = request()
        with self._lock:
            if self.gone:
                return None
            self._asked.append(answer)
        with contextlib.suppress(OSError):  # the thread hears of it too
            send(self._requests, message)
        return answer

    def ready(self, timeout: float) -> bool:
        """Waits until it works; whether it does."""
        return self._opened.wait(timeout) and self._ready

    def cpu_seconds(self) -> float:
        """Processor time of all its threads so far; 0 where the system does not tell."""
        try:
            fields = pathlib.Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        except OSError:
            return 0.0

    def end(self) -> None:
        """Ends the process, whatever it does: nobody waits for its answer any more."""
        self._process.kill()
        self._process.wait()
        self._thread.join()
        for pipe in (self._requests, self._replies):
            with contextlib.suppress(OSError):  # what was written last and not read
                pipe.close()

    def forget(self) -> None:
        """Lets go of a process that belongs to the one which this was forked from."""
        self._process.returncode = 0
        self._requests.close()
        self._replies.close()


_helpers: list[_Helper] = []
_lock = threading.Lock()


def start() -> None:
    """Has a helper for every core but one, started now or before. They work as soon as they have read their tables."""
    with _lock:
        wanted = min(_MOST, _cores() - 1)
        for helper in [helper for helper in _helpers if helper.gone]:
            helper.end()
            _helpers.remove(helper)
        while len(_helpers) < wanted:
            _helpers.append(_Helper())


def there_are() -> bool:
    """Whether any were started in this process, and not ended."""
    return bool(_helpers)


def ready(timeout: float) -> int:
    """Waits until all that were started work; their number. Raises TimeoutError."""
    if not all(helper.ready(timeout) for helper in _helpers):
        raise TimeoutError(f"helpers were not ready after {timeout:g} s")
    return len(_helpers)


def cpu_seconds() -> float:
    """Processor time of all helpers so far."""
    return sum(helper.cpu_seconds() for helper in _helpers)


def _cores() -> int:
    with contextlib.suppress(AttributeError):  # where the system cannot give a process some cores only
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def end() -> None:
    """Ends all helpers."""
    with _lock:
        for helper in _helpers:
            helper.end()
        _helpers.clear()


class Share(Generic[_Job, _Result]):
    """The jobs of one bundle, of which helpers take what they have room for: `work`, importable by its name, done once or twice alike."""

    def __init__(self, work: Callable[[_Job], _Result]) -> None:
        self._work = work
        self._given: collections.deque[tuple[_Job, concurrent.futures.Future[bytes]]] = collections.deque()

    def give(self, job: _Job) -> Iterator[tuple[_Job, _Result | None]]:
        """Gives a job away or, where nobody has room, back without a result; and those whose results have come since."""
        if answer := _offered(self._work, job):
            self._given.append((job, answer))
        else:
            yield job, None
        while self._given and self._given[0][1].done():
            yield self._taken()

    def rest(self) -> Iterator[tuple[_Job, _Result | None]]:
        """All others, waited for."""
        while self._given:
            yield self._taken()

    def _taken(self) -> tuple[_Job, _Result | None]:
        job, answer = self._given.popleft()
        told = answer.result()
        return job, pickle.loads(told) if told else None  # noqa: S301 - of our own process


def _offered(work: Callable[[Any], Any], job: Any) -> concurrent.futures.Future[bytes] | None:
    if not _helpers:
        return None
    request = functools.cache(lambda: pickle.dumps((work, job), pickle.HIGHEST_PROTOCOL))
    with _lock:
        answers = (helper.ask(request) for helper in _helpers)
        return next((answer for answer in answers if answer), None)


def _forked() -> None:
    """A forked process has none of these threads and must not share its parent's pipes."""
    global _lock
    _lock = threading.Lock()
    for helper in _helpers:
        helper.forget()
    _helpers.clear()


os.register_at_fork(after_in_child=_forked)
atexit.register(end)
