"""Speech that a paragraph announces: transcripts, headlines, and a colon at its end."""

import collections
import re
from collections.abc import Set

from transforms.text.clauses.paragraph import Paragraph
from transforms.text.clauses.phrases import Phrase, left_of
from transforms.text.clauses.sentence import Clause
from transforms.text.clauses.subjects import subject_of_sentence
from transforms.text.clauses.words import CUE, MARK
from transforms.text.dateline_words import is_label_word, is_plain_town

_NAME_WORDS = 4
"""Tokens of a name before the colon of a transcript."""
_TURN = re.compile(r"^([A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*){0,3}):(?=\s)", re.MULTILINE)
_TURNS = 3
"""Paragraphs that open with a name and a colon in a transcript, at least."""
_TITLE_WORDS = 8
"""Tokens of a name before the colon of a headline."""


def transcript(p: Paragraph, turns: Set[str]) -> Clause | None:
    """ROE: [We will see.] A paragraph that opens with a name in capitals and a colon, or with one of `turns`, and is no quotation. A town
    that opens only this one is where its news is from."""
    first = 1 if p.has(0, MARK) else 0
    colon = next((at for at in range(first + 1, min(len(p), first + _NAME_WORDS + 1)) if p.low[at] == ":"), None)
    if colon is None or colon + 1 >= len(p):
        return None
    name = p.body[p.starts[first] : p.ends[colon - 1]]
    labels = any(is_label_word(p.words[at]) for at in range(first, colon))
    in_capitals = len(p.words[first]) > 2 and not labels and all(p.words[at].isupper() or p.low[at] == "." for at in range(first, colon))
    if not in_capitals and (name not in turns or p.has(colon + 1, MARK)):
        return None
    if is_plain_town(name) and not _comes_again(p.body, f"{name}:"):  # a digest's `CAIRO: A ferry ...`
        return None
    return Clause(colon + 1, len(p), (colon, colon + 1), (first, colon), "transcript")


def _comes_again(body: str, label: str) -> bool:
    """Whether a label stands in a body more than once; it stops at the second."""
    return body.find(label, body.find(label) + 1) > 0


def turns_of(body: str) -> Set[str]:
    """The names that open paragraphs of a transcript, before a colon: those of at least `_TURNS` paragraphs, one of them twice."""
    named = collections.Counter(_TURN.findall(body))
    return named.keys() if named.total() >= _TURNS and max(named.values()) > 1 else frozenset()


def headline(p: Paragraph) -> list[Clause]:
    """Roe: ['We will go home']. The first paragraph, as headlines attribute."""
    colon = next((at for at in range(1, min(len(p), _TITLE_WORDS)) if p.low[at] == ":"), None)
    if colon is None or colon + 2 >= len(p) or p.words[colon + 1] not in ("‘", "'", "’"):
        return []
    if not all(p.words[at][0].isupper() or p.low[at] in (".", "of") for at in range(colon)):
        return []
    return [Clause(colon + 1, len(p), (colon, colon + 1), (0, colon), "colon")]


def colon_source(p: Paragraph) -> tuple[Phrase, Phrase] | None:
    """Who speaks in the paragraph below one that ends with a colon, and the cue: its last verb of speech, or else the colon itself."""
    last = len(p) - 1
    if last < 2 or p.low[last] != ":":
        return None
    low = p.sentence(last)[0]
    for at in range(last - 1, low, -1):
        if p.bits[at] & CUE and p.free(at) and p.low[at] != "according":
            speaker = left_of(p, at, low) or subject_of_sentence(p, low, at)
            if speaker:
                return speaker, (at, at + 1)
            break
    subject = subject_of_sentence(p, low, last)
    return (subject, (last, last + 1)) if subject else None
