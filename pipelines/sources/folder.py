"""A local folder as a feed: every state of every file once, when it has settled; files that were taken stay, or move elsewhere.

Nothing is kept but in memory: what a new process finds it hands out again, by name, size and mark, and the ledger knows the rest."""

import collections
import contextlib
import dataclasses
import enum
import errno
import fcntl
import hashlib
import itertools
import logging
import os
import shutil
import signal
import time
from collections.abc import Sequence
from pathlib import Path

from pipelines.errors import UsageError
from pipelines.lake import durable
from pipelines.sources import files
from pipelines.sources.inputs import UNREADABLE, AwayError, Input, local_path

_LOG = logging.getLogger("wirelake.folder")

_PAUSE = 0.2
"""Seconds between two looks at a small folder."""

_SHARE = 0.1
"""How much of the time goes into listing a large one, at most: listing 100,000 files takes half a second on two cores."""

_TRY_AGAIN = 60.0
"""Seconds until files that could not be moved are tried again."""

_State = tuple[int, str]
"""Size and mark, as `files.state` has them."""


class _Phase(enum.Enum):
    NEW = enum.auto()
    """It has not settled."""
    READY = enum.auto()
    """It stands in line."""
    OUT = enum.auto()
    """It was handed out, at least the first slice of it."""
    DONE = enum.auto()
    """All of it is in the lake."""
    STUCK = enum.auto()
    """The same, and it could not be moved."""


@dataclasses.dataclass(slots=True)
class _File:
    """One state of a file that lies there."""

    state: _State
    since: float
    """Since when it stands still, by `time.monotonic`."""
    phase: _Phase = _Phase.NEW
    left: set[tuple[int, int | None]] | None = None
    """Slices (start, stop) that were not acknowledged."""


def open_folder(path: str, *, settle: float = 2.0, move_to: str | None = None) -> "Folder":
    """The folder at a path or a file URL, as a source. Files that are in the lake stay, or move to `move_to` under their own path;
    that folder is made where it is missing, and may lie in the one that is watched.

    A file has settled when it has not changed for `settle` seconds and nobody has it open for writing. The first time that it is seen its
    modification time tells since when, so the clock of a file server must not be behind ours by more than this; after that only what is
    seen counts.

    Raises UsageError where the folder is none, may not be read or is part of a lake, or where files cannot be moved to `move_to`."""
    folder = os.path.abspath(local_path(path))
    if not os.path.isdir(folder):
        raise UsageError(
            f"{path}: " + ("not a folder; give a folder to watch" if os.path.exists(folder) else "no such folder; check the path")
        )
    if not os.access(folder, os.R_OK | os.X_OK):
        raise UsageError(f"{path}: permission to read it is missing; run as a user who may, or change its mode")
    if files.in_lake(os.path.join(folder, "any")):
        raise UsageError(f"{path}: a lake, or part of one; watch the folder that stories are put into")
    return Folder(folder, settle, _checked_target(move_to, folder) if move_to is not None else None)


def _checked_target(move_to: str, folder: str) -> str:
    target, here = os.path.realpath(local_path(move_to)), os.path.realpath(folder)
    if os.path.commonpath([target, here]) == target:
        raise UsageError(f"--move-to {move_to} holds the folder that is watched, what is moved there would come again; give another one")
    try:
        os.makedirs(target, exist_ok=True)
    except OSError as error:
        raise UsageError(f"--move-to {move_to} cannot be made: {error.strerror}; give a folder, or a path for one") from error
    if not os.access(target, os.W_OK | os.X_OK):
        raise UsageError(f"--move-to {move_to}: permission to write there is missing; run as a user who may, or change its mode")
    # What lies in the watched folder is listed under that folder's name, which may lead through links.
    inside = os.path.commonpath([target, here]) == here
    return os.path.join(folder, os.path.relpath(target, here)) if inside else target


class Folder:
    """A `Source` of the files of a tree, as `files.paths` lists it. Made by `open_folder`. Its memory is what lies in the folder."""

    def __init__(self, path: str, settle: float, move_to: str | None) -> None:
        self.uri = files.uri_of(path)
        self._path, self._settle, self._move_to = path, settle, move_to
        self._files: dict[str, _File] = {}
        self._unsettled: list[str] = []
        self._line: collections.deque[str] = collections.deque()
        self._slices: collections.deque[Input] = collections.deque()  # of one file, the last that left the line
        self._unlisted: set[str] = set()
        self._next_listing = self._next_look = self._next_try = 0.0

    def pull(self, most: int, most_bytes: int, wait: float) -> list[Input]:
        """Settled files, or slices of them, that were not handed out in their present state; see `Source.pull`.

        Raises AwayError while the folder itself cannot be listed."""
        end = time.monotonic() + wait
        while True:
            if taken := self._take(most, most_bytes):
                return taken
            now = time.monotonic()
            if now >= self._next_look:
                self._look(now)
            elif now >= end:
                return []
            else:
                time.sleep(min(end, self._next_look) - now)

    def acknowledge(self, inputs: Sequence[Input]) -> None:
        """Tells that inputs are in the lake. A file all of whose slices are is moved, if files are to move. One that has changed since
        it was read is a new state: it stays and is handed out again. So does a file that cannot be moved, a link, and what could not be
        read; the first is told in the log. Raises nothing."""
        for each in inputs:
            path = local_path(each.uri)
            known = self._files.get(path)
            if known is None or known.left is None or known.state != (each.size, each.mark):
                continue
            known.left.discard((each.start, each.stop))
            if not known.left:
                known.phase, known.left = _Phase.DONE, None
                self._put_away(path, known)

    def close(self) -> None:
        """Does nothing: nobody waits for what was not acknowledged."""

    def _take(self, most: int, most_bytes: int) -> list[Input]:
        taken: list[Input] = []
        weight = 0
        while len(taken) < most and (each := self._next()):
            if taken and weight + each.weight > most_bytes:
                self._slices.appendleft(each)
                break
            taken.append(each)
            weight += each.weight
        return taken

    def _next(self) -> Input | None:
        """The next slice in line, of a file that is still as it was when it settled. Any other is looked at anew."""
        while self._slices or self._line:
            if self._slices:
                each = self._slices.popleft()
                path = local_path(each.uri)
                if files.state(path) == (each.size, each.mark):
                    return each
                self._slices.clear()
                self._changed(path)
                continue
            path = self._line.popleft()
            known = self._files.get(path)
            if known and known.phase is _Phase.READY:
                size, mark = known.state
                self._slices.extend(files.slices(Input(files.uri_of(path), size=size, mark=mark, weight=size)))
                known.phase, known.left = _Phase.OUT, {(each.start, each.stop) for each in self._slices}
        return None

    def _look(self, now: float) -> None:
        """Lists the tree where that is due, else looks only at what has not settled: a large tree must not keep small news waiting."""
        try:
            os.stat(self._path)
        except OSError as error:
            raise self._away(error) from error
        if now >= self._next_listing:
            self._list(now)
            self._next_listing = _pause_after(now)
            self._next_look = time.monotonic() + _PAUSE
        else:
            seen = {path: self._seen(path, now) for path in self._unsettled}
            self._files.update({path: known for path, known in seen.items() if known})
            self._unsettled = [path for path, known in seen.items() if known and known.phase is _Phase.NEW]
            self._next_look = _pause_after(now)
        if not self._unsettled or self._next_look > self._next_listing:
            self._next_look = self._next_listing

    def _list(self, now: float) -> None:
        unlisted: set[str] = set()

        def problem(error: OSError) -> None:
            if error.filename in (None, self._path):
                raise self._away(error) from error
            if not isinstance(error, FileNotFoundError):
                unlisted.add(error.filename)
                if error.filename not in self._unlisted:
                    _LOG.warning("%s cannot be listed, what lies there waits: %s", files.uri_of(error.filename), error.strerror)

        paths = files.paths(self._path, self._move_to or "", problem)
        self._files = {path: known for path in paths if (known := self._seen(path, now))}
        self._unlisted = unlisted
        self._unsettled = [path for path, known in self._files.items() if known.phase is _Phase.NEW]
        if now >= self._next_try:
            self._next_try = now + _TRY_AGAIN
            for path, known in [each for each in self._files.items() if each[1].phase is _Phase.STUCK]:
                self._put_away(path, known)

    def _seen(self, path: str, now: float) -> _File | None:
        """What is known of a file after a look at it; it gets in line when it has settled. None where it is gone."""
        state = files.state(path)
        if state is None:
            return None
        known = self._files.get(path)
        if known is None:
            known = _File(state, now - max(0.0, _age(state)))
        elif known.state != state:
            known = _File(state, now)
        if known.phase is _Phase.NEW and now - known.since >= self._settle and not _being_written(path):
            known.phase = _Phase.READY
            self._line.append(path)
        return known

    def _changed(self, path: str) -> None:
        """Lets a file that is another one by now begin to settle."""
        if state := files.state(path):
            self._files[path] = _File(state, time.monotonic())
        else:
            self._files.pop(path, None)

    def _away(self, error: OSError) -> AwayError:
        """The error to raise. All that lies there comes again when it is back: what was handed out of it may not have been read."""
        self._files.clear()
        self._slices.clear()
        return AwayError(f"{self.uri} cannot be listed: {error.strerror or error}")

    def _put_away(self, path: str, known: _File) -> None:
        """Moves a file that is in the lake away, where that was asked for and can be, and where it is not another one by now."""
        if files.state(path) != known.state or (self._move_to is not None and _being_written(path)):
            self._changed(path)
            return
        if self._move_to is None or known.state[1].startswith(UNREADABLE) or os.path.islink(path):
            return
        try:
            _move(path, os.path.join(self._move_to, os.path.relpath(path, self._path)), known.state)
        except OSError as error:
            if known.phase is not _Phase.STUCK:
                _LOG.warning("%s is in the lake and cannot be moved, it stays: %s", files.uri_of(path), error.strerror or error)
            known.phase = _Phase.STUCK
        else:
            self._files.pop(path, None)


def _pause_after(begun: float) -> float:
    """When to look again, after a look that began then and ends now."""
    now = time.monotonic()
    return now + max(_PAUSE, (now - begun) * (1 / _SHARE - 1))


def _being_written(path: str) -> bool:
    """Whether some process has a file open for writing, however long ago it last wrote: then Linux refuses a lease for reading
    (`fcntl(2)`, F_SETLEASE). False where nobody can tell: a file of another user, a file system of the network."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        fcntl.fcntl(handle, fcntl.F_SETSIG, signal.SIGURG)  # who opens it now waits for us, and we get this: a process ignores it
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        return error.errno == errno.EAGAIN
    finally:
        os.close(handle)
    return False


def _age(state: _State) -> float:
    """Seconds since a file was modified, by its own time; below 0 where that lies ahead. 0 for what cannot be read."""
    mark = state[1]
    return time.time() - int(mark) / 1e9 if mark.isdecimal() else 0.0


def _move(source: str, target: str, state: _State) -> None:
    """Moves a file to `target`, or to a free name that begins like it: nothing is overwritten. A file that somebody puts in the place of
    this one in that very moment stays there. Raises OSError; then the file is where it was."""
    place = _reserved(target, state)
    try:
        try:
            _rename(source, place, state)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            _carry(source, place, state)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(place)
        raise


def _rename(source: str, place: str, state: _State) -> bool:
    """Renames a file, unless it is another one by then: what was renamed without having been read goes back, and `place` is free."""
    os.rename(source, place)
    if files.state(place) == state:
        return True
    os.rename(place, _reserved(source, state))
    return False


def _carry(source: str, place: str, state: _State) -> None:
    """Copies a file into a reserved place of another file system, and takes it away when the copy is safe."""
    token = hashlib.blake2b(os.fsencode(source), digest_size=8).hexdigest()  # the same again after a crash: no second half copy
    copy, aside = (os.path.join(os.path.dirname(path), f".wirelake-{token}") for path in (place, source))
    try:
        shutil.copyfile(source, copy)
        with contextlib.suppress(OSError):  # a file system may not know owners or times
            shutil.copystat(source, copy)
        durable.sync([Path(copy)])
        os.rename(copy, place)
        durable.sync_names([Path(place)])
        if _rename(source, aside, state):
            os.unlink(aside)
        else:
            os.unlink(place)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(copy)


def _reserved(target: str, state: _State) -> str:
    """Makes an empty file to be replaced, at `target` or at the first name that is free: with the file's mark, then with a number."""
    os.makedirs(os.path.dirname(target), exist_ok=True)
    marked = f"{target}.{state[1]}"
    for place in itertools.chain([target, marked], (f"{marked}-{number}" for number in itertools.count(2))):
        with contextlib.suppress(FileExistsError):
            os.close(os.open(place, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            return place
    raise AssertionError("unreachable: numbers do not end")
