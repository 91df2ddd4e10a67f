"""The words of data/furniture.tsv, by kind, and the signals they give."""

import functools
import re
from collections.abc import Sequence

from transforms.text.lexicons import read_rows


@functools.cache
def forms(kind: str) -> dict[str, str | None]:
    """The forms of one kind in data/furniture.tsv, each with its signal."""
    rows = (([*row, "", ""])[:3] for row in read_rows("furniture.tsv"))
    return {form: signal or None for name, form, signal in rows if name == kind}


def any_of(kind: str) -> str:
    """The forms of a kind as alternatives of a pattern, the longest first."""
    return "|".join(re.escape(form) for form in sorted(forms(kind), key=lambda form: (-len(form), form)))


_STRENGTH = ("kill", "hold", "correction", "repeat", "update", "urgent", "alert", "exclusive", "advisory", "factbox", "brief")
"""Which of several signals a story keeps: what changes the readers' trust first."""


def strongest(signals: Sequence[str | None]) -> str | None:
    """The signal that matters most; None where there is none."""
    found = [signal for signal in signals if signal]
    return min(found, key=lambda signal: _STRENGTH.index(signal) if signal in _STRENGTH else len(_STRENGTH), default=None)
