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


@functools.cache
def pattern(name: str) -> re.Pattern[str]:
    """The patterns that are made of the word lists, compiled when first needed."""
    text, flags = {
        "byline": (rf"(?:{any_of('byline')}|BY|VON) (?=[^\W\d_a-zß-öø-ÿ])", 0),
        "trash": (rf"\((?:In [^()]{{3,60}}?,? )?({any_of('trash')})\b[^()]*(?:\([^()]*\)[^()]*)*(?:\)|\Z)", re.IGNORECASE),
        "take": (rf"(?:\W*(?:\d{{1,2}}(?:st|nd|rd|th|\.)?[ -]?)?(?:{any_of('take')}|ld|net|add|writethru)\b[ \d-]*)+\W*", re.IGNORECASE),
        "take_word": (rf"\b(?:{any_of('take')})\b", re.IGNORECASE),
        "note": (rf"(?:{any_of('note')})\s?(?:[:=_–—]|-\s|\.:)", re.IGNORECASE),
        "embargo": (
            rf"\W{{0,4}}(?:(?:{any_of('note')})\s?[:.=_–—-]+\s?)?"
            r"(?:(?:this|the|the following) [a-z]{4,12},? (?:is|are|remains?|must be) (?:strictly )?)?"
            # The noun alone may begin a headline ('Embargo strains Havana'): a sign or a figure has to follow.
            rf"(?:(?:{any_of('embargo')})\b|EMBARGO\b(?=\W*\Z|\s?[:/–—(\[*-]|[^\n]*\d))"
            rf"(?!\s+(?:{any_of('no_embargo')})\b|[^.!?;]{{0,40}}\b(?:{any_of('embargo_over')})\b)"
            r"(?!\W{1,2}(?:(?:or|publication|release)\W{1,2}){0,3}distribution\b)",  # of shares, and in some countries
            re.IGNORECASE,
        ),
        "kill_note": (rf"(?:\A|[.!?;:\n]\s+)[\s(*]{{0,4}}(?:{any_of('kill_note')})\b|\A\W*(?:KILL\W*)+\Z", re.IGNORECASE),
        "credit": (
            r"(?:^|(?<=[.!?…)\]\"”’|])\s?|\s?[\[(|/–—-]\s?|\s(?=[A-Z][a-z]{3,}:))"  # nothing of its own sentence may stand before
            rf"(?:(?:{any_of('credit')})\s?(?::|by\b|©|courtesy(?: of)?\b|via\b|\|)\s*)"
            r"([^\W_a-zß-öø-ÿ@©][^.()\[\]:]{1,80}(?:\.[a-z]{2,3}\b)?(?:\([^()]{1,40}\))?)[)\].\s]*$",
            0,
        ),
        "caption": (rf"(?:{any_of('caption')})(?!\w)", 0),
        "desk": (rf"\(*\s*(?:[\w’'&.,-]+ ){{0,5}}?(?:{any_of('desk')})\b[^()]{{0,60}}?(?:\bby\b|\bvon\b|\bpar\b|\bpor\b|:)", re.IGNORECASE),
        "desk_line": (
            rf"(?:additional |further |extra )?(?:{any_of('desk')})\b(?: and [\w ]{{3,20}})? (?:by|von|par|por) (?-i:[A-Z])"
            r"(?![^.]*, (?:the|a|an|it|he|she|they|there|we)\b)",  # 'Reported by X, the figures show ...' is a sentence
            re.IGNORECASE,
        ),
        "desk_tail": (
            rf"(?<=[.!?\"”’»)]) ?(\((?:[\w’'&.-]+ ){{0,3}}?(?:{any_of('desk')})\b[^()]{{0,60}}?\b(?:by|von|par|por)\b.{{1,400}}\))$",
            re.IGNORECASE,
        ),
        "tail": (rf"(?<=[.!?\"”’»)]) ?({any_of('tail')})$", 0),
        "notebook": (rf"\W*(?:{any_of('notebook')})", re.IGNORECASE),
        "page": (rf"(?:{any_of('page')})(?!\w)", 0),
        "media": (rf"(?:\((?:{any_of('media')})\)\s?){{1,6}}", re.IGNORECASE),
    }[name]
    return re.compile(text, flags)


_STRENGTH = ("kill", "hold", "correction", "repeat", "update", "urgent", "alert", "exclusive", "advisory", "factbox", "brief")
"""Which of several signals a story keeps: what changes the readers' trust first."""


def strongest(signals: Sequence[str | None]) -> str | None:
    """The signal that matters most; None where there is none."""
    found = [signal for signal in signals if signal]
    return min(found, key=lambda signal: _STRENGTH.index(signal) if signal in _STRENGTH else len(_STRENGTH), default=None)
