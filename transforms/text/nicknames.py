"""Names with a nickname between given name and surname, `Kenji "Bull" Mori`: made whole where a tagger stops at the quotation marks."""

import bisect
import functools
import re
from collections.abc import Iterable, Sequence

from transforms.text.lexicons import english_words, facility_words, org_words, titles
from transforms.text.name_rules import name_pattern
from transforms.text.roles import is_role_noun
from transforms.text.tagger import Span

_REACH = 40
"""Characters before a nickname in which the given name stands."""


def with_nicknames(body: str, spans: Iterable[Span]) -> list[Span]:
    """The spans of a body's names, in order, none overlapping, where a person's that ends at a nickname, or begins behind it, has all of
    the name."""
    out = list(spans)
    for nickname in _nickname().finditer(body):
        before = _before().search(body, max(0, nickname.start() - _REACH), nickname.start())
        if before is None:
            continue
        start, end = before.start(), nickname.end()
        low, high = _within(out, start, end)
        touched = out[low:high]
        if any(span.start < start or span.end > end for span in touched):
            continue
        given = any(span.type == "PER" and span.start == start for span in touched)
        surname = any(span.type == "PER" and span.end == end for span in touched)
        if (given and not _is_common(nickname["last"])) or (surname and not _is_common(before["first"])):
            out[low:high] = [Span(start, end, "PER")]
    return out


def _within(spans: Sequence[Span], start: int, end: int) -> tuple[int, int]:
    """The places of the spans that share characters with a stretch."""
    low = bisect.bisect_right(spans, start, key=lambda span: span.end)
    return low, max(low, bisect.bisect_left(spans, end, key=lambda span: span.start))


def _is_common(word: str) -> bool:
    """Whether a word with a capital is a title, a role or another common word, or one of organisations and buildings: `The`, `Actor`."""
    low = word.lower()
    known = low in english_words() or is_role_noun(low) or word in titles() or f"{word}." in titles()
    return known or word in facility_words() or any(word in org_words(place) for place in ("first", "last", "suffix"))


@functools.cache
def _nickname() -> re.Pattern[str]:
    """A word or two between marks, and the surname; what it begins with are the marks, which `re` looks for fastest."""
    name = name_pattern()
    closed = "|".join(f"(?<={mark}){name}(?: {name})?{closing}" for mark, closing in ('""', "“”", "‘’", "''"))
    return re.compile(rf"[\"“‘'](?:{closed}) (?P<last>{name})")


@functools.cache
def _before() -> re.Pattern[str]:
    """The given name before a nickname, perhaps with an initial."""
    return re.compile(rf"(?<![\w-])(?P<first>{name_pattern()})(?: [A-Z]\.)? \Z")
