"""Verbs by which a clause is told from a noun phrase, without a parser."""

from transforms.text.clauses.paragraph import Paragraph
from transforms.text.clauses.words import FINITE, PAST, PRONOUN, VERB
from transforms.text.lexicons import grammar

_NEAR = 12
"""Tokens after the start of a clause in which its verb stands, where a noun phrase is as likely."""
_FAR = 25
"""The same where a clause is the likelier."""


def finite(p: Paragraph, at: int) -> bool:
    """Whether a token is a finite verb for certain; `'s` is one after a pronoun only."""
    return always_finite(p, at) or (
        p.low[at] == "'s" and bool(p.bits[at] & FINITE) and (p.has(at - 1, PRONOUN) or p.word(at - 1) in grammar("clause_start"))
    )


def always_finite(p: Paragraph, at: int) -> bool:
    """Whether a token is a finite verb whatever stands before it: `'s` is not."""
    return bool(p.bits[at] & FINITE) and p.low[at] != "'s"


def verb_among(p: Paragraph, low: int, high: int) -> bool:
    """Whether a finite verb, or what looks like one, stands among tokens."""
    return any(finite(p, at) or p.bits[at] & (PAST | VERB) for at in range(low, high))


def is_clause(p: Paragraph, k: int, high: int) -> bool:
    """Whether something like a subject and a finite verb begins at a token."""
    if high - k < 3:
        return False
    return p.has(k, PRONOUN) or p.low[k] in grammar("clause_start") or verb_among(p, k + 1, min(high, k + _FAR))


def verb_is_near(p: Paragraph, k: int, high: int) -> bool:
    """Whether a finite verb follows a token soon, before any comma or `to`."""
    stop = next((at for at in range(k + 1, min(high, k + _NEAR)) if p.low[at] in (",", "to")), min(high, k + _NEAR))
    return verb_among(p, k + 1, stop)
