"""How sure a quotation is: the share of quotations of its kind that are right, as counted on annotated stories.

The table is models/quotations.tsv; its card says what was counted and how it is built anew."""

import functools

from transforms.text.gazetteer import rows

_WHATEVER = "*"


def confidence(kind: str, rule: str, speaker: str) -> float:
    """0 to 1: the share of quotations of this type (`direct` ...), rule and sort of speaker (as of `sort_of_speaker`) whose words and
    speaker are right; that of the rule, or of the type, where too few of the sort were counted."""
    table = _table()
    keys = ((kind, rule, speaker), (kind, rule, _WHATEVER), (kind, _WHATEVER, _WHATEVER))
    return next((table[key] for key in keys if key in table), 0.0)


def sort_of_speaker(speaker_type: str | None) -> str:
    """What tells most about whether a speaker is right: `name`, `pronoun`, `description`, or `none` where nobody was found."""
    if speaker_type is None:
        return "none"
    return speaker_type if speaker_type in ("pronoun", "description") else "name"


@functools.cache
def _table() -> dict[tuple[str, str, str], float]:
    return {(kind, rule, speaker): float(share) for kind, rule, speaker, share, _ in rows("transforms.models", "quotations.tsv")}
