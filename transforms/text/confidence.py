"""How sure a quotation is: the share of quotations of its kind that are right, as counted on annotated stories.

The table is models/quotations.tsv; its card says what was counted and how it is built anew."""

import functools
from collections.abc import Iterable

from transforms.text.gazetteer import rows

_WHATEVER = "*"
_PARSE = {None: "none", True: "agrees", False: "differs"}
Key = tuple[str, str, str, str]


def confidence(kind: str, rule: str, speaker: str, agreed: bool | None = None) -> float:
    """0 to 1: the share of quotations of this type (`direct` ...), rule and sort of speaker (as of `sort_of_speaker`) whose words and
    speaker are right, told apart by whether a dependency parse agrees, where there is one; that of the rule, or of the type, where too few
    of the sort were counted."""
    return share_of(keys(kind, rule, speaker, agreed))


def share_of(keys: Iterable[Key]) -> float:
    """The share of the first of these rows that the table has; 0 where it has none."""
    table = _table()
    return next((table[key] for key in keys if key in table), 0.0)


def keys(kind: str, rule: str, speaker: str, agreed: bool | None) -> list[Key]:
    """The rows of the table that may tell how sure a quotation is, the closest first."""
    parse = _PARSE[agreed]
    return [
        (kind, rule, speaker, parse),
        (kind, rule, _WHATEVER, parse),
        (kind, rule, _WHATEVER, "none"),
        (kind, _WHATEVER, _WHATEVER, "none"),
    ]


def sort_of_speaker(speaker_type: str | None) -> str:
    """What tells most about whether a speaker is right: `name`, `pronoun`, `description`, or `none` where nobody was found."""
    if speaker_type is None:
        return "none"
    return speaker_type if speaker_type in ("pronoun", "description") else "name"


@functools.cache
def _table() -> dict[Key, float]:
    return {(row[0], row[1], row[2], row[3]): float(row[4]) for row in rows("transforms.models", "quotations.tsv")}
