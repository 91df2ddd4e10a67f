"""What can go wrong in a way the user can act on: one sentence each, with the exit code of the command."""

import contextlib
import itertools
import re
from collections.abc import Iterator


class WirelakeError(Exception):
    """Base of all errors that a command reports as one sentence. `str(error)` is that sentence, without a full stop or a name before it."""

    exit_code = 1


class UsageError(WirelakeError):
    """What was asked for cannot be: a missing path, an unknown flag, a value out of range."""

    exit_code = 2


class TooManyRejectedError(WirelakeError):
    """More of the pieces were rejected than `--max-rejected` allows."""

    exit_code = 3


class LockedError(WirelakeError):
    """Another writer held the lake for longer than `--lock-wait`."""

    exit_code = 4


class OvertakenError(LockedError):
    """Another writer committed first: what was planned stands on what the lake was before."""


def first_line(told: object) -> str:
    """The first line of what a library says of an error: what goes on below it is for its own log."""
    return str(told).strip().partition("\n")[0]


def first_paragraph(told: object) -> str:
    """The same with what stands directly below it, such as a hint, as one line; what comes after an empty line is left out."""
    return " ".join(str(told).strip().partition("\n\n")[0].split("\n"))


_STORE_SIGNS = ("AWS Error", "Generic S3 error", "Generic GCS error", "ObjectStore", "Could not connect", "error sending request", "GCS")
"""In what libraries say of a store: Arrow, deltalake."""

_BRIEF = 200
_DRAWN = re.compile(r"\x1b\[\d+m|\u21b3")


@contextlib.contextmanager
def plainly(lake: object) -> Iterator[None]:
    """Turns what the disk or the store under a lake (its path or URL) says, through whatever engine, into one sentence. Raises
    WirelakeError, and what is neither."""
    try:
        yield
    except WirelakeError:
        raise
    except Exception as error:
        if any(isinstance(link, KeyboardInterrupt) or "KeyboardInterrupt" in str(link) for link in itertools.islice(_chain(error), 10)):
            raise KeyboardInterrupt from error  # engines wrap it as they wrap any error of a worker
        text = " ".join(str(link) for link in itertools.islice(_chain(error), 10))
        if any(sign in text for sign in ("No space left", "os error 28", "Disk quota")):
            raise WirelakeError(f"{lake}: the disk is full; make room and run again, what was committed is safe") from error
        if any(sign in text for sign in ("Permission denied", "Read-only file system", "Not a directory", "File exists")):
            raise WirelakeError(f"{lake}: may not be written to; check that it is a folder, its owner, mode and mount") from error
        if "://" in str(lake) and any(sign in text for sign in _STORE_SIGNS):
            raise WirelakeError(
                f"{lake}: the store does not do what it is asked ({_in_a_line(error)}); check that it runs, its address, bucket "
                "and keys; what was committed is safe, run again"
            ) from error
        raise


def _in_a_line(error: Exception) -> str:
    """What deltalake says over several lines, drawn as a tree in colours."""
    return " ".join(_DRAWN.sub("", str(error)).split())[:_BRIEF]


def _chain(error: BaseException) -> Iterator[BaseException]:
    link: BaseException | None = error
    while link is not None:
        yield link
        link = link.__cause__ or link.__context__
