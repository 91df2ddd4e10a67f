"""What engines are made of, installed once into a cache folder: `.cache/engines` in the project, or what WIRELAKE_ENGINES names."""

import contextlib
import fcntl
import hashlib
import os
import pathlib
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence

HERE = pathlib.Path(__file__).resolve().parent
CACHE = pathlib.Path(os.environ.get("WIRELAKE_ENGINES") or HERE.parents[1] / ".cache" / "engines").resolve()

BEAM_VERSION = HERE / "beam" / "version.txt"
"""Of Beam's programs that are written in Go: that of the package in `setup.py`."""

_INSTALL_SECONDS = 900


class MissingError(Exception):
    """A program that an engine is installed with is not on this machine; the sentence says what to install."""


def beam_version() -> str:
    """As Go names it: `v2.77.0`."""
    return BEAM_VERSION.read_text(encoding="utf-8").strip()


def need(what: str, install: str, *programs: str) -> None:
    """Raises MissingError, with what to install, where one of some programs cannot be called."""
    if not all(map(shutil.which, programs)):
        raise MissingError(f"{what} for tests needs {install}: install it and see that {' and '.join(programs)} can be called")


def run(command: Sequence[str], folder: pathlib.Path) -> None:
    """A command of an install, in a folder. Raises CalledProcessError with the end of what it said."""
    done = subprocess.run(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=_INSTALL_SECONDS,
        check=False,
    )
    if done.returncode:
        raise subprocess.CalledProcessError(done.returncode, command, done.stdout.decode(errors="replace")[-3000:])


def cached(name: str, recipe: Sequence[pathlib.Path], make: Callable[[pathlib.Path], None]) -> pathlib.Path:
    """The folder of an engine, made where it is missing or its recipe changed; it has its name only when it is complete."""
    digest = hashlib.sha256(b"\0".join(path.read_bytes() for path in recipe)).hexdigest()
    folder = CACHE / f"{name}-{digest[:12]}"
    with _one_at_a_time(name):
        if not folder.is_dir():
            part = CACHE / f"{name}.part"
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir()
            make(part)
            part.rename(folder)
    return folder


@contextlib.contextmanager
def _one_at_a_time(name: str) -> Iterator[None]:
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
