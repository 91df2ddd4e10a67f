"""The subject of a sentence, for verbs of speech that have none of their own."""

from transforms.text.clauses.contents import comma_after
from transforms.text.clauses.paragraph import Paragraph
from transforms.text.clauses.words import ADVERB, BREAK, CAPITAL, DETERMINER, FINITE, MARK, PAST, PREPOSITION, PRONOUN, TIME, VERB, WORD
from transforms.text.lexicons import grammar

DASHES = frozenset(("—", "--", "–", "―", "-"))

_JOINING = frozenset("and or but so yet meanwhile still however".split())
"""Words that join a sentence to the one before."""
_DATELINE = 8
"""Tokens in which the dash of a dateline stands (`OSLO, Norway (AP) —`)."""
_IN_SUBJECT = frozenset(("of", "for", "and", "'s"))
_PLAIN_WORDS = 3
"""Tokens of a subject that an article opens and that has no name (`the old bridge`)."""


def after_dateline(p: Paragraph, low: int, high: int) -> int:
    """The token after the dash of a dateline, or the start of the sentence."""
    for at in range(low, min(high, low + _DATELINE)):
        if p.low[at] in DASHES:
            return at + 1
        if p.bits[at] & WORD and not p.bits[at] & CAPITAL and not p.low[at][0].isdigit():
            break
    return low


def subject_of_sentence(p: Paragraph, low: int, high: int) -> tuple[int, int] | None:
    """The first noun phrase of a sentence as tokens, after a phrase or clause that comes before it (`In Oslo on Monday, X ...`)."""
    at = after_dateline(p, low, high)
    while at < high and (p.low[at] in _JOINING or not p.bits[at] & (WORD | MARK)):
        at += 1
    first = _after_front(p, at, high)
    if first is None or first >= high or not p.free(first):
        return None
    if p.bits[first] & PRONOUN:
        return first, first + 1
    end = _end(p, first, high)
    names = any(p.bits[i] & CAPITAL and (i > first or p.low[i] not in grammar("clause_no_name")) for i in range(first, end))
    return (first, end) if names or (end > first and p.bits[first] & DETERMINER) else None


def _after_front(p: Paragraph, at: int, high: int) -> int | None:
    """After the phrases and adverbs before a subject; None where no comma ends them."""
    if at < high and (p.low[at] in grammar("clause_front") or p.bits[at] & PREPOSITION or p.low[at].endswith("ing")):
        while True:
            at = comma_after(p, at, high) + 1
            if at > high:
                return None
            if not (at < high and (p.low[at] in grammar("clause_front") or p.bits[at] & TIME or p.comma(at + 1))):
                break
    while at < high and p.bits[at] & ADVERB and p.comma(at + 1):
        at += 2
    return at


def _end(p: Paragraph, first: int, high: int) -> int:
    """Where the noun phrase ends that begins a clause: names and the small words between them, or an article with a few words."""
    determined, end = p.bits[first] & DETERMINER, first
    while end < high and p.free(end):
        kind = p.bits[end]
        named = p.low[end] in _IN_SUBJECT or (kind & CAPITAL and not kind & PRONOUN)
        plain = (
            determined
            and end < first + _PLAIN_WORDS
            and kind & WORD
            and not kind & (FINITE | BREAK | (VERB | PAST if end > first + 1 else 0))
        )
        if not (named or plain or end == first):
            break
        end += 1
    while end > first and p.low[end - 1] != "'s" and (p.low[end - 1] in _IN_SUBJECT or not p.bits[end - 1] & WORD):
        end -= 1
    return end
