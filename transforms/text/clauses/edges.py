"""Where what was said ends: the right edge of a content."""

from collections.abc import Sequence

from transforms.text.clauses.contents import comma_after
from transforms.text.clauses.paragraph import Paragraph
from transforms.text.clauses.verbs import verb_among
from transforms.text.clauses.words import ADVERB, PREPOSITION, PRONOUN, TIME
from transforms.text.lexicons import grammar

_SPEECH = 6
"""Tokens of a quoted region, its marks included, from which it is speech; what follows belongs to the verb (`said "...," on Monday`)."""
_NEXT_CUE = 9
"""Tokens after a comma within which a verb of speech makes the comma the end of what was said before it."""
_GOES_ON = frozenset(("that", "which", "who", "where", "whose", "whom"))
"""Words after a comma that go on with the same clause, even where a verb of speech follows."""
_OWN_WORDS = frozenset(("a", "an", "which", "however"))
"""Words after a comma with which the writer more often than not goes on in words of his own."""
_ENDING = frozenset((",", ";", "and", "but", "while"))
"""Tokens before which a content may end."""
_COMMENT_HEADS = frozenset("that of move sign reference claim position reversal departure".split())


def right_edge(p: Paragraph, k: int, high: int, cues: Sequence[int]) -> int:
    """Where a content ends that begins at token `k`, at most `high`: before the next speaker's part, a participle that adds to it, or a
    comment of the writer. cues: the usable verbs of speech of the sentence."""
    if p.region[k] >= 0 and p.regions[p.region[k]][0] == k:
        end = p.regions[p.region[k]][1]
        if end - k >= _SPEECH and end < high and p.bits[end] & (PREPOSITION | TIME) and not verb_among(p, end, comma_after(p, end, high)):
            return end
    for at in range(k + 1, high - 1):
        if p.region[at] >= 0:
            closing = at == p.regions[p.region[at]][1] - 1 and at - 1 > k and p.low[at - 1] in (",", ".")
            if closing and (p.low[at + 1] in grammar("clause_participle") or _turns(p, at, high, cues)):
                return at + 1
        elif p.low[at] in _ENDING and _ends_at(p, at, high, cues):
            return at
    return high if high - 1 <= k or p.low[high - 1] != ";" or not p.free(high - 1) else high - 1


def _ends_at(p: Paragraph, at: int, high: int, cues: Sequence[int]) -> bool:
    """Whether a content ends before a token outside quotation marks."""
    word = p.low[at]
    if word == ",":
        return _comments(p, at + 1) or _turns(p, at, high, cues)
    return word == ";" or (word in ("and", "but", "while") and (_verb_follows(p, at, cues) or _declines(p, at)))


def _turns(p: Paragraph, comma: int, high: int, cues: Sequence[int]) -> bool:
    """Whether a verb of speech follows a comma so closely that its clause begins there."""
    if comma + 1 >= high or p.low[comma + 1] in _GOES_ON:
        return False
    near = next((at for at in cues if comma < at <= comma + _NEXT_CUE), None)
    return near is not None and not any(p.low[at] == "," for at in range(comma + 1, near - 1))


def _comments(p: Paragraph, at: int) -> bool:
    """Whether the writer goes on after a comma: `, adding ...`, `, as did ...`, `, but he ...`, `, a claim that ...`."""
    word, after = p.low[at], p.word(at + 1)
    if word in grammar("clause_participle") or word in _OWN_WORDS:
        return True
    if word.endswith("ly") and p.bits[at] & ADVERB:
        return after.endswith("ing")
    if word == "as":
        return after in ("has", "have", "did", "does", "do", "is", "was", "well")
    if word in ("but", "and"):
        return after in ("he", "she")
    return word in ("one", "something") and after in _COMMENT_HEADS


def _verb_follows(p: Paragraph, at: int, cues: Sequence[int]) -> bool:
    """Whether a conjunction joins another verb of speech: `... and added that`, `but he insisted`."""
    near = next((cue for cue in cues if at < cue <= at + 3), None)
    return near is not None and all(p.bits[between] & (ADVERB | PRONOUN) for between in range(at + 1, near))


def _declines(p: Paragraph, at: int) -> bool:
    """Whether the writer goes on with what the speaker did not say: `but declined to`, `but did not elaborate`, `but gave no details`."""
    if p.low[at] != "but":
        return False
    after = p.word(at + 1)
    return after in ("declined", "refused", "gave", "offered", "provided") or (after in ("did", "would") and p.word(at + 2) == "not")
