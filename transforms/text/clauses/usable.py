"""Whether a form of a verb of speech reports speech where it stands."""

from transforms.text.clauses.paragraph import Paragraph
from transforms.text.clauses.verbs import verb_is_near
from transforms.text.clauses.words import ADVERB, CAPITAL, COLLECTIVE, DETERMINER, FINITE, MARK, PRONOUN, STOP, Cue, cues
from transforms.text.lexicons import foreign_cues, grammar

ACCORDING = Cue("according", "according", False)

_BE = frozenset("was were is are be been being".split())
_SPEAKS_IN_PASSIVE = "quote"
"""The verb whose passive has a speaker for its subject: `was quoted as saying`."""
_BARE = frozenset("say think argue believe insist claim note contend suggest predict".split())
"""Verbs whose base form alone (`they say`) reports speech; of others it is more often a noun or an infinitive."""
_NO_SPEECH_BEFORE = frozenset(("worth", "aside", "without"))
"""`worth noting`, `that said aside`, `it goes without saying`."""
_CLAUSE_STARTS = frozenset(("the", "there", "his", "her", "its", "their"))


def cue_at(p: Paragraph, at: int) -> Cue | None:
    """The verb of speech that token `at` is, or None where it is quoted, a noun, or part of another verb."""
    if at not in p.cues:
        p.cues[at] = _usable(p, at) if p.free(at) else None
    return p.cues[at]


def _usable(p: Paragraph, at: int) -> Cue | None:
    word = p.low[at]
    if word == "according":
        return ACCORDING if p.word(at + 1) == "to" and p.word(at + 2) not in ("plan", "schedule") else None
    if not p.english and (verb := foreign_cues().get(word)):
        return Cue(verb, "say", False)
    cue = cues().get(word)
    if cue is None:
        return None
    if cue.verb == "point":
        return cue if p.word(at + 1) == "out" else None
    leads = p.word(at + 1) in ("that", ":") or p.has(at + 1, MARK) or p.has(at - 1, PRONOUN | MARK)
    if _is_other(p, at, cue) or _is_noun(p, at, cue, leads) or not _has_content(p, at, cue, leads):
        return None
    return cue


def _is_other(p: Paragraph, at: int, cue: Cue) -> bool:
    """Whether a form is part of a passive (`was added`), of a name (`the Report`), or of a set phrase (`all told,`)."""
    before = p.word(at - 1)
    if before in _BE and cue.verb != _SPEAKS_IN_PASSIVE and not p.low[at].endswith("ing"):
        return True
    if p.bits[at] & CAPITAL and at != p.sentence(at)[0] and not p.words[at].isupper():
        return True
    return before in _NO_SPEECH_BEFORE or (before == "all" and p.word(at + 1) == ",")


def _is_noun(p: Paragraph, at: int, cue: Cue, leads: bool) -> bool:
    """Whether a form is a noun where it stands: `the claims that were made`, `Roe's report`, `to point`."""
    word, before, after = p.low[at], p.word(at - 1), p.word(at + 1)
    if cue.is_noun:
        if before in _BE or (after == "that" and p.has(at + 2, FINITE)):
            return True
        ends_clause = p.has(at - 1, CAPITAL) and (p.has(at + 1, STOP) or p.comma(at + 1))
        if not (leads or ends_clause or _verb_between(p, at)):
            return True
    owned = before == "'s" and not p.has(at - 2, PRONOUN)
    return (owned or before in grammar("clause_noun_before")) and not word.endswith("ing")


def _has_content(p: Paragraph, at: int, cue: Cue, leads: bool) -> bool:
    """Whether what a verb needs stands beside it: `that` with a base form, a clause after `think`, a mark or a pronoun with weak verbs."""
    word, before, after = p.low[at], p.word(at - 1), p.word(at + 1)
    if (
        word == cue.verb
        and cue.verb not in _BARE
        and not word.endswith("ed")
        and not (after == "that" or before in ("to", "and") or (cue.is_noun and _verb_between(p, at)))
    ):
        return False
    if before == "to" and cue.verb != "say" and after != "that":
        return False
    if cue.verb in ("think", "believe"):
        return leads or after == "," or p.has(at + 1, FINITE) or verb_is_near(p, at + 1, len(p))
    return cue.kind != "that" or leads or after == ","


def _verb_between(p: Paragraph, at: int) -> bool:
    """Whether a form that may be a noun stands between a subject and a clause: `X claims the vote was lost`, `aides report there were`."""
    before = p.word(at - 1)
    subject = p.has(at - 1, CAPITAL | COLLECTIVE) or (before.endswith("s") and before.isalpha() and not p.has(at - 1, DETERMINER))
    return subject and (p.has(at + 1, PRONOUN) or p.word(at + 1) in _CLAUSE_STARTS)


def is_participle(p: Paragraph, at: int) -> bool:
    """Whether a cue in -ing goes on with a sentence (`X left, saying ...`), unlike `is saying` and `has been saying`."""
    if not p.low[at].endswith("ing"):
        return False
    before = at - 1
    while before >= 0 and p.has(before, ADVERB) and p.low[before] not in _BE:
        before -= 1
    return p.word(before) not in _BE
