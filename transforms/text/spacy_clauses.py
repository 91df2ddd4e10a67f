"""What was said in a paragraph, by the dependency parse of an English spaCy pipeline: the quality tier behind the patterns of `clauses`.

The labels are those of spaCy's English pipelines (ClearNLP's: https://spacy.io/models/en). A way of reporting speech is here where at least
60 % of what it adds to the patterns is right on news copy. Examples have the content in square brackets. Nothing here imports spaCy."""

import bisect
import dataclasses
from collections.abc import Iterator
from typing import Any

from transforms.text.clauses.paragraph import Paragraph
from transforms.text.clauses.phrases import Phrase
from transforms.text.clauses.sentence import Clause
from transforms.text.clauses.usable import cue_at
from transforms.text.clauses.words import WORD, cues

UNUSED = (
    "tagger", "morphologizer", "lemmatizer", "trainable_lemmatizer", "attribute_ruler", "senter",
    "ner", "entity_ruler", "span_ruler", "entity_linker", "spancat", "textcat", "textcat_multilabel",
)  # fmt: skip
"""Components that no parse depends on."""

_RULE = "parse"
_LEAST = 2
"""Tokens of a content."""
_SUBJECTS = frozenset(("nsubj", "nsubjpass", "csubj", "expl"))
_RELATIVE = frozenset(("who", "which", "that"))
_SHARE_SUBJECT = frozenset(("conj", "advcl", "xcomp", "parataxis", "dep", "pcomp", "prep"))
"""Relations of a verb without a subject to one whose subject is its own: `X came and said`, `X left, saying`, `X refused to say`."""
_LONGEST_CHAIN = 6
"""Verbs between a verb of speech and its subject."""
_OF_NOUN = frozenset(("relcl", "acl"))
"""Relations of a verb to a noun that it describes (`a report that says`): who speaks there is as often another as not."""
_UNSURE = frozenset(("advcl", "xcomp", "ccomp", "pcomp"))
"""Relations in which a verb reports speech only where the patterns take it for one that does."""
_CLAUSE_AFTER_NOUN = frozenset(("relcl", "acl", "advcl", "parataxis", "ccomp"))
"""What follows a noun and does not name the speaker."""
_OBJECT_REPORTS = frozenset("acknowledge announce cite criticise criticize decry denounce describe explain mention note point".split())
"""Verbs whose object alone tells what was said: `cited the delays`. Of `confirm`, `claim`, `report` and `suggest` about half of the objects
do; those of `deny`, `praise` and `repeat` are what others said or did."""
_LOOSE = frozenset((",", ":", ";", ".", "-", "--", "—", "–", "and", "but"))
"""Tokens at the edges of a content that are no part of it."""


def clauses_in(doc: Any, p: Paragraph, start: int) -> list[Clause]:
    """Contents with their cues and speakers; they may overlap.

    doc: the parse of the paragraph's text; start: where in the body that text begins; p: the same paragraph as tokens of our own."""
    found: list[Clause] = []
    words = _Words(doc, p, start)
    for token in doc:
        if token.lower_ in cues():
            at = words.place(token.i)
            if p.free(at) and p.low[at] == token.lower_:
                found += _of_verb(words, token, at)
    return found


@dataclasses.dataclass(frozen=True, slots=True)
class _Words:
    """Tokens of a parse beside those of the paragraph; spaCy cuts some words further, and others less."""

    doc: Any
    p: Paragraph
    start: int

    def place(self, number: int) -> int:
        """The paragraph's token that holds the first character of a parsed one."""
        return max(0, bisect.bisect_right(self.p.starts, self.doc[number].idx + self.start) - 1)

    def span(self, low: int, high: int) -> Phrase:
        """Parsed tokens as tokens of the paragraph, loose ones at the edges left out."""
        p, last = self.p, self.doc[high - 1]
        start, end = self.place(low), bisect.bisect_left(p.starts, last.idx + self.start + len(last))
        while start < end and p.low[start] in _LOOSE and p.free(start):
            start += 1
        while start < end and p.low[end - 1] in _LOOSE and p.free(end - 1):
            end -= 1
        return start, end


@dataclasses.dataclass(frozen=True, slots=True)
class _Verb:
    """A verb of speech: its parsed token and its place in the paragraph, who speaks (the first parsed token, and the phrase); whether
    `usable.cue_at` takes it for a verb of speech too."""

    words: _Words
    token: Any
    at: int
    subject: int
    speaker: Phrase
    usable: bool

    def clauses(self, start: int, end: int) -> Iterator[Clause]:
        """A content of this verb, unless it is too short."""
        if end - start >= _LEAST:
            width = 2 if cues()[self.token.lower_].verb == "point" else 1
            yield Clause(start, end, (self.at, self.at + width), self.speaker, _RULE)


def _of_verb(words: _Words, token: Any, at: int) -> list[Clause]:
    noun = speaker_of(token)
    if noun is None or token.dep_ in _OF_NOUN:
        return []
    low, high = noun_phrase(noun)
    speaker = words.span(low, high)
    if speaker[0] == speaker[1]:
        return []
    verb = _Verb(words, token, at, low, speaker, cue_at(words.p, at) is not None)
    if any(child.dep_ == "ccomp" for child in token.rights):
        return list(_after(verb))
    return [*_before(verb), *_as_reported(verb), *_object(verb)]


def _after(verb: _Verb) -> Iterator[Clause]:
    """The residents had been told by the council [the road was safe]."""
    p, token = verb.words.p, verb.token
    if not verb.usable and token.dep_ in _UNSURE:
        return
    for head in token.rights:
        if head.dep_ != "ccomp" or not any(child.dep_ in _SUBJECTS for child in head.children):
            continue
        start, end = verb.words.span(max(head.left_edge.i, token.i + 1), head.right_edge.i + 1)
        leads = all(p.free(between) and p.low[between] not in (";", "(") for between in range(verb.at + 1, start))
        if leads and start > verb.speaker[0]:
            yield from verb.clauses(start, end)


def _before(verb: _Verb) -> Iterator[Clause]:
    """[Nobody who worked there was hurt], the minister of the interior said on Monday."""
    token = verb.token
    heads = [child for child in token.lefts if child.dep_ == "ccomp"]
    if token.dep_ == "parataxis":
        heads.append(token.head)
    for head in heads:
        low = head.left_edge.i
        first = min(token.i, verb.subject) if verb.subject > low else token.i
        high = min(first, head.right_edge.i + 1)
        if low < high and not low <= verb.subject < high:
            start, end = verb.words.span(low, high)
            if _belongs(verb, start, end):
                yield from verb.clauses(start, end)


def _belongs(verb: _Verb, start: int, end: int) -> bool:
    """Whether a content before a verb is the verb's: the parser neither joined two sentences nor overlooked a quotation after the verb."""
    p, at = verb.words.p, verb.at
    after = at + 2 if p.word(at + 1) in (",", ":") else at + 1
    if after < len(p) and not p.free(after):
        return False
    if all(not p.free(place) or not p.bits[place] & WORD for place in range(start, end)):
        return True
    attribution = min(at, verb.speaker[0]) if verb.speaker[0] >= end else at
    return verb.usable and [p.low[place] for place in range(end, attribution) if p.free(place)] in ([], [","])


def _as_reported(verb: _Verb) -> Iterator[Clause]:
    """As the paper first reported on Monday, [nobody was hurt]."""
    token, head = verb.token, verb.token.head
    is_as = token.dep_ == "advcl" and verb.usable and any(child.lower_ == "as" for child in token.lefts)
    if is_as and token.right_edge.i < min(head.i, head.right_edge.i):
        yield from verb.clauses(*verb.words.span(token.right_edge.i + 1, head.right_edge.i + 1))


def _object(verb: _Verb) -> Iterator[Clause]:
    """The minister criticized [the club for its silence], citing [the delays]."""
    rights = list(verb.token.rights) if verb.usable and cues()[verb.token.lower_].verb in _OBJECT_REPORTS else []
    reasons = [child.right_edge.i for child in rights if child.dep_ == "prep" and child.lower_ in ("as", "for")]
    for child in rights:
        if child.dep_ == "dobj":
            yield from verb.clauses(*verb.words.span(child.left_edge.i, max([child.right_edge.i, *reasons]) + 1))


def speaker_of(verb: Any) -> Any | None:
    """The noun that names who speaks, as a parsed token; None where nobody does (`it was said`).

    The verb's own subject; of a passive who stands behind `by`; of a verb that shares another's subject that one's: `X left, | saying`."""
    token = verb
    for _ in range(_LONGEST_CHAIN):
        passive = False
        for child in token.children:
            if child.dep_ == "nsubj" or (child.dep_ == "nsubjpass" and token is not verb):
                return token.head if child.lower_ in _RELATIVE and token.dep_ == "relcl" else child
            passive = passive or child.dep_ == "nsubjpass"
        agent = next((noun for by in token.children if by.dep_ == "agent" for noun in by.children if noun.dep_ == "pobj"), None)
        if agent is not None or passive or token.dep_ not in _SHARE_SUBJECT:
            return agent
        token = token.head
    return None


def noun_phrase(noun: Any) -> tuple[int, int]:
    """The parsed tokens of a noun and what belongs to its name: `Roe, a doctor in Oslo, | who saw it`."""
    high = noun.i + 1
    for child in noun.rights:
        if child.dep_ in _CLAUSE_AFTER_NOUN:
            break
        high = child.right_edge.i + 1
    while high > noun.i + 1 and noun.doc[high - 1].is_punct:
        high -= 1
    return noun.left_edge.i, high
