"""The disk under a lake: one writer at a time, and bytes that are there after the power fails. An object store has no lock, and keeps
what it was given."""

import concurrent.futures
import contextlib
import fcntl
import functools
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from pipelines.errors import LockedError
from pipelines.lake.place import Folder

_LOCK = "_lock"
_FIRST_PAUSE, _LONGEST_PAUSE = 0.01, 0.5

_Each = TypeVar("_Each")


@contextlib.contextmanager
def locked(lake: Folder, wait: float) -> Iterator[None]:
    """Holds the lake's one lock. It is the operating system's (`flock`): free the moment its holder dies. In an object store there is none:
    there a claim is refused where another came first (see `pipelines.lake.turns`).

    Raises LockedError when another writer keeps it for longer than `wait` seconds."""
    if not isinstance(lake, Path):
        yield
        return
    lake.mkdir(parents=True, exist_ok=True)
    with open(lake / _LOCK, "a+") as handle:
        _acquire(handle.fileno(), lake, wait)
        handle.seek(0)
        handle.truncate()
        handle.write(f"{os.getpid()}\n")
        handle.flush()
        yield


def _acquire(descriptor: int, lake: Path, wait: float) -> None:
    end, pause = time.monotonic() + wait, _FIRST_PAUSE
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            left = end - time.monotonic()
            if left <= 0:
                holder = os.pread(descriptor, 32, 0).decode(errors="replace").strip() or "unknown"
                raise LockedError(
                    f"{lake} is held by another writer (process {holder}) for more than {wait:g} s; wait for it or raise --lock-wait"
                ) from None
            time.sleep(min(pause, left))
            pause = min(pause * 2, _LONGEST_PAUSE)
        else:
            return


_MANY_FILES = 512
_THREADS = 8
"""A disk takes several requests together: eight files at once take hardly longer than one."""


def sync(paths: Iterable[Folder]) -> None:
    """Forces files, and the folders that name them, to disk. A path that is gone is passed over: it was moved on since."""
    files = [path for path in paths if isinstance(path, Path)]
    if len(files) > _MANY_FILES:
        os.sync()  # one wait for all: a wait for each of thousands of small parts takes longer than to write them
        return
    _fsync_all(files, os.O_RDONLY)
    sync_names(files)


def sync_names(paths: Iterable[Folder]) -> None:
    """Forces the folders that name some files to disk, for files that were renamed into them."""
    folders = {path.parent for path in paths if isinstance(path, Path)}
    if len(folders) > _MANY_FILES:
        os.sync()
        return
    _fsync_all(sorted(folders), os.O_RDONLY | os.O_DIRECTORY)


def _fsync_all(paths: Sequence[Path], flags: int) -> None:
    side_by_side(functools.partial(_fsync, flags=flags), paths)


def side_by_side(work: Callable[[_Each], None], over: Sequence[_Each]) -> None:
    """Calls `work`, which mostly waits for the disk and itself calls nothing side by side, on each of some things. Returns when all calls
    have ended; then raises what the first of them did that failed."""
    if len(over) == 1:
        work(over[0])
        return
    calls = [_threads(os.getpid()).submit(work, each) for each in over]
    interrupt = None
    while not all(call.done() for call in calls):
        try:
            concurrent.futures.wait(calls)
        except KeyboardInterrupt as error:  # who holds the lock must not let go of it while a call is still at work
            interrupt = error
    if interrupt:
        raise interrupt
    for call in calls:
        call.result()


@functools.lru_cache(maxsize=1)
def _threads(_process: int) -> concurrent.futures.ThreadPoolExecutor:
    """They stay: to start eight for every wait would take longer than it. A forked child inherits the object and none of its threads."""
    return concurrent.futures.ThreadPoolExecutor(_THREADS, "wirelake-disk")


def _fsync(path: Path, flags: int) -> None:
    with contextlib.suppress(FileNotFoundError):
        descriptor = os.open(path, flags)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def write_whole(path: Folder, data: bytes) -> None:
    """Makes or replaces a file at once: a reader sees the old or the new, never a half. It is not forced to disk. Raises OSError."""
    if not isinstance(path, Path):
        path.write_bytes(data)
        return
    with whole(path) as part:
        part.write_bytes(data)


@contextlib.contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Where to write what takes the place of a file at once when the context ends well, and is gone where it does not. Raises OSError."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        yield part
        part.replace(path)
    except BaseException as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename in (part, str(part)):
            error.filename = str(path)  # which the user knows
        raise


Reached = Callable[[str], None]


def reached(_point: str) -> None:
    """Called at every step of a commit. Does nothing: tests put a crash in its place."""
