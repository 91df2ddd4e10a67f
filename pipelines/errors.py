"""What can go wrong in a way the user can act on: one sentence each, with the exit code of the command."""


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


def first_line(told: object) -> str:
    """The first line of what a library says of an error: what goes on below it is for its own log."""
    return str(told).strip().partition("\n")[0]
