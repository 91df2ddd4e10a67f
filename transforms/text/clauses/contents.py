"""Where what was said begins: after the words between a verb of speech and its content."""

from transforms.text.clauses.paragraph import Paragraph
from transforms.text.clauses.verbs import finite, verb_among
from transforms.text.clauses.words import ADVERB, BREAK, CAPITAL, DETERMINER, FINITE, MARK, OBJECT, PREPOSITION, PRONOUN, TIME, WORD

_STEPS = 4
"""Adverbs, times and phrases between a verb and its content; no sentence of wire copy has more."""
_PHRASE = 16
"""Tokens of one such phrase (`in a statement on Monday`)."""
_ADDRESSEE = 9
"""Tokens of those whom somebody tells something (`a crowd of supporters in the town of Tarnby`)."""
_IN_ADDRESSEE = frozenset(("of", "and", "'s", "&"))
_NO_ADDRESSEE = DETERMINER | PREPOSITION | FINITE | BREAK
"""Words at which those end who are told something."""
_OPEN_CONTENT = frozenset(("that", "why", "how", "whether"))
"""Words at which a content begins, whatever stands before them."""
JOINING = frozenset(("but", "and", "still", "meanwhile", ","))
"""What may stand at the front of a sentence before its own clause."""
_OPEN_NUMBERS = "($£€[#@"


def after_cue(p: Paragraph, at: int, high: int, kind: str) -> int:
    """Where the content of a forward clause begins, after a verb whose next token is `at`: after the addressee of a verb of the kind
    `tell`, adverbs and times, phrases such as `in a statement on Monday`, a colon, or a comma before quotation marks or `that`; `high`
    where all that follows belongs to the verb."""
    k = _after_addressee(p, at, high) if kind == "tell" else at
    for _ in range(_STEPS):
        if k >= high:
            return high
        end = _after_step(p, k, high)
        if end is None:
            break
        k = end
    if k < high and p.free(k) and (p.low[k] == ":" or (p.low[k] == "," and k + 1 < high and _opens(p, k + 1))):
        k += 1
    return k


def _opens(p: Paragraph, at: int) -> bool:
    """Whether a content begins at a token for certain: quotation marks, or `that`."""
    return not p.free(at) or p.low[at] == "that"


def _after_step(p: Paragraph, k: int, high: int) -> int | None:
    """After one adverb, time or phrase; None where none stands there."""
    if p.bits[k] & TIME or (p.bits[k] & ADVERB and p.free(k) and not p.bits[k] & FINITE and p.low[k] != "not"):
        return k + 1
    if p.bits[k] & PREPOSITION and p.free(k) and not p.has(k + 1, FINITE) and p.word(k + 1) not in ("least", "most"):
        return _after_phrase(p, k, high)
    return None


def _after_addressee(p: Paragraph, begin: int, high: int) -> int:
    """After those whom somebody tells something: `told | AFP`, `told | a crowd of supporters`."""
    if begin >= high or not p.free(begin) or p.low[begin] in ("that", ",", ":"):
        return begin
    stop = min(high, begin + _ADDRESSEE)
    for at in range(begin + 1, stop):
        if not p.free(at) or p.low[at] in ("that", ",") or finite(p, at):
            if _opens(p, at) or (p.low[at] == "," and at + 1 < high and not p.free(at + 1)):
                return at
            break
    if p.bits[begin] & OBJECT and not p.bits[begin] & CAPITAL:
        return begin + 1
    determined = bool(p.bits[begin] & DETERMINER)
    k = first = begin + determined
    plain = determined or not p.has(first, CAPITAL)
    while k < stop and p.free(k) and not (k > first and p.bits[k] & PRONOUN):
        named = p.bits[k] & (CAPITAL | OBJECT) or p.low[k] in _IN_ADDRESSEE
        if k > first and not named and (not plain or p.bits[k] & _NO_ADDRESSEE or not p.bits[k] & WORD):
            break
        if plain and k > first and p.bits[k] & CAPITAL and not p.bits[k - 1] & CAPITAL and p.low[k - 1] not in _IN_ADDRESSEE:
            break
        k += 1
    return k


def _after_phrase(p: Paragraph, k: int, high: int) -> int | None:
    """Where a phrase that a preposition opens ends; None where it does not end before a content."""
    stop = min(high, k + _PHRASE)
    for at in range(k + 1, stop):
        if not p.free(at) or p.low[at] == "," or finite(p, at):
            break
        if p.low[at] in _OPEN_CONTENT:
            return at
    for at in range(k + 1, stop):
        if p.low[at] == ":" or _opens(p, at):
            return at
        if p.bits[at] & TIME:
            return at + 1
        if p.low[at] == "," and p.word(at + 1) != "the":
            return at + 1 if at + 1 < high and _opens(p, at + 1) else None
        if p.bits[at] & PRONOUN and at - k > 1:
            return at
    return high if k + _PHRASE >= high else None


def after_adverbial(p: Paragraph, k: int, high: int) -> int:
    """After a phrase such as `during a visit to Oslo`, up to the next comma, where it holds no verb; else `k`."""
    if not p.has(k, PREPOSITION) or not p.free(k):
        return k
    end = comma_after(p, k, high)
    return k if verb_among(p, k, end) or any(not p.free(at) for at in range(k, end)) else end


def comma_after(p: Paragraph, k: int, high: int) -> int:
    """The next comma outside quotation marks, or `high`."""
    return next((at for at in range(k, high) if p.comma(at)), high)


def first_word(p: Paragraph, at: int, high: int) -> int:
    """The first token of a sentence's own clause: conjunctions and marks at its front left out."""
    while at < high and (p.low[at] in JOINING or (not p.bits[at] & (WORD | MARK) and p.low[at] not in _OPEN_NUMBERS)):
        at += 1
    return at
