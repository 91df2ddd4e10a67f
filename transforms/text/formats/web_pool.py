"""Processes that read pages and feeds, kept from one to the next: as many as threads ask at once, at most as many as there are cores."""

import atexit
import contextlib
import os
import pickle
import signal
import subprocess
import sys
import threading
from typing import IO, cast

from transforms.text.formats import web_worker
from transforms.text.frames import PIPE, READY, receive, send
from transforms.text.parsed import Parsed, RefusedError

SECONDS = 20.0
"""Processor time for one document: a hundred times what the slowest ordinary page takes."""

_MOST = min(4, os.cpu_count() or 1)
_DOCUMENTS_EACH = 20_000
"""Documents after which a process is replaced, so that nothing it holds on to can grow for ever."""


class _Worker:
    """One process, asked by one thread at a time."""

    def __init__(self) -> None:
        path = os.pathsep.join(entry or os.getcwd() for entry in sys.path)
        self._process = subprocess.Popen(  # noqa: S603 - this very program, and nothing of what is read
            [sys.executable, "-P", "-m", web_worker.__name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pipesize=PIPE,
            env={**os.environ, "PYTHONPATH": path},
        )
        self.documents = 0
        self._requests = cast(IO[bytes], self._process.stdin)
        self._replies = cast(IO[bytes], self._process.stdout)
        if receive(self._replies) != READY:
            raise RuntimeError(f"the process that reads pages and feeds did not start: it ended with {self.end()}")

    def ask(self, request: bytes) -> bytes | None:
        """The answer; None where the process has ended over it."""
        self.documents += 1
        try:
            send(self._requests, request)
            return receive(self._replies)
        except OSError:
            return None

    def end(self) -> int:
        """Ends the process; its exit code, or the negative number of the signal that ended it before."""
        with contextlib.suppress(OSError):  # it is gone, and what was written to it with it
            self._requests.close()
        self._replies.close()
        try:
            return self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()

    def forget(self) -> None:
        """Lets go of a process that belongs to the one which this was forked from."""
        self._process.returncode = 0
        self._requests.close()
        self._replies.close()


class _Pool:
    def __init__(self) -> None:
        self._places = threading.BoundedSemaphore(_MOST)
        self._lock = threading.Lock()
        self._idle: list[_Worker] = []

    def ask(self, request: bytes) -> list[Parsed] | RefusedError:
        with self._places:
            # A process may have been ended by somebody while it waited, or by want of memory: that is tried once more.
            for _ in range(2):
                worker = self._take()
                try:
                    answer = worker.ask(request)
                except BaseException:  # this thread was interrupted: what is answered later would be taken for another's
                    worker.end()
                    raise
                if answer is not None:
                    self._give_back(worker)
                    found: list[Parsed] | RefusedError = pickle.loads(answer)  # noqa: S301 - of our own process
                    return found
                ended = worker.end()
                if ended == -signal.SIGPROF:
                    return RefusedError("too_slow", "the reading took longer than it may and was ended")
            return RefusedError("unreadable", f"the process that read the document was ended twice over it (by {ended})")

    def _take(self) -> _Worker:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        return _Worker()

    def _give_back(self, worker: _Worker) -> None:
        if worker.documents >= _DOCUMENTS_EACH:
            worker.end()
            return
        with self._lock:
            self._idle.append(worker)

    def end(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.end()

    def forget(self) -> None:
        for worker in self._idle:
            worker.forget()


_pool = _Pool()


def read(kind: str, *arguments: object, seconds: float = SECONDS) -> list[Parsed]:
    """The items of a document, a `page` or a `feed`, read within a time of the processor.

    Raises RefusedError (`too_slow`, `unreadable`, and those of `read_page` and `read_feed`)."""
    answer = _pool.ask(pickle.dumps((kind, arguments, seconds)))
    if isinstance(answer, RefusedError):
        raise answer
    return answer


def _forked() -> None:
    """A forked process has no threads of its own yet and must not share its parent's pipes."""
    global _pool
    _pool.forget()
    _pool = _Pool()


os.register_at_fork(after_in_child=_forked)
atexit.register(lambda: _pool.end())
