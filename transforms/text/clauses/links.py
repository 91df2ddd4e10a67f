"""Whose words a quoted region holds: the attribution before it, after it, or around it."""

import dataclasses

from transforms.text.clauses.paragraph import Paragraph
from transforms.text.clauses.phrases import Phrase, core_of, left_of, quoted_person, right_of
from transforms.text.clauses.subjects import DASHES, subject_of_sentence
from transforms.text.clauses.usable import cue_at
from transforms.text.clauses.verbs import always_finite, verb_among
from transforms.text.clauses.words import ADVERB, CAPITAL, CUE, DETERMINER, FINITE, PAST, PREPOSITION, PRONOUN, STOP, TIME, VERB, WORD
from transforms.text.lexicons import grammar

_REACH = 45
"""Tokens around a quoted region in which its speaker and the verb before it stand."""
_AFTER_REACH = 34
"""Tokens after a quoted region in which the verb of its attribution stands: a name with a long apposition has some twenty."""
_NAME = 9
"""Tokens of a speaker before a verb that is no verb of speech."""
_NEAR = 5
"""Tokens around a region of few words in which a verb of speech makes it speech."""
_SIGNED = 14
"""Tokens of a name after a dash."""


@dataclasses.dataclass(frozen=True, slots=True)
class Link:
    """An attribution as tokens: who, and the cue; `rule` names where it stands."""

    speaker: Phrase
    cue: Phrase
    rule: str


def is_near(p: Paragraph, index: int, link: Link) -> bool:
    """Whether an attribution stands so near to a region of few words that it makes them speech."""
    low, high = p.regions[index]
    return link.rule == "after" or -_NEAR <= link.cue[0] - high <= _NEAR or 0 <= low - link.cue[1] < _NEAR


def has_attribution(p: Paragraph, low: int, high: int) -> bool:
    """Whether tokens are a quoted region and its attribution: `"...," said a witness`."""
    region = p.region[low]
    if region < 0 or p.regions[region][1] >= high:
        return False
    link = _after(p, p.regions[region][1])
    return link is not None and link.cue[1] <= high


def link_of(p: Paragraph, index: int, owner: Link | None) -> Link | None:
    """The attribution of a quoted region in its own sentence or right after it; `owner` is that of a clause which holds nothing else."""
    low, high = p.regions[index]
    if owner is not None and low - owner.cue[1] in (0, 1):
        return owner
    return _right_before(p, low) or _after(p, high) or _dash(p, high) or owner or _before(p, low) or _colon(p, low)


def _right_before(p: Paragraph, low: int) -> Link | None:
    """Roe said, "...": Roe told reporters that "...": the verb stands right before the mark and its comma, colon or `that`."""
    at = low - 2
    if at < 0 or p.low[low - 1] not in (":", ",", "that") or p.low[at].endswith("ing") or not p.free(at):
        return None
    cue = cue_at(p, at)
    if not p.bits[at] & CUE or cue is None or cue.verb == "according":
        return None
    speaker = left_of(p, at, p.sentence(low)[0])
    return Link(speaker, (at, at + 1), "before") if speaker and p.low[speaker[0]] != "that" else None


def _after(p: Paragraph, high: int) -> Link | None:
    """ "...," said Roe, a teacher. | "...," Roe, a teacher, told AFP. | "...," according to Roe. | "...," he riffed."""
    at = high
    if p.word(at) in (",", *DASHES):
        at += 1
    if at >= len(p) or not p.free(at):
        return None
    return _verb_first(p, at) or _subject_first(p, high, at) or _any_verb(p, high, at)


def _verb_first(p: Paragraph, at: int) -> Link | None:
    """| said Roe, a teacher. | according to Roe."""
    stop = min(len(p), at + _REACH)
    if not p.english:
        return _foreign_verb_first(p, at, stop)
    if not p.bits[at] & CUE or (p.low[at].endswith("ing") and p.low[at] != "according"):
        return None
    cue = cue_at(p, at)
    width = 2 if cue is not None and cue.verb == "according" else 1
    speaker = right_of(p, at + width, stop)
    if speaker is None or p.low[speaker[0]] == "that" or not (cue or p.bits[speaker[0]] & (CAPITAL | DETERMINER | PRONOUN)):
        return None
    return Link(speaker, (at, at + width), "after")


def _subject_first(p: Paragraph, high: int, at: int) -> Link | None:
    """| Roe, a teacher, told AFP. Where the quotation ends with a full stop only if nothing was said after the verb."""
    ended = p.low[high - 2] == "." and p.has(at, CAPITAL)
    for verb in range(at + 1, min(len(p), at + _AFTER_REACH)):
        if not p.free(verb) or p.low[verb] == ";" or (p.bits[verb] & STOP and not p.initial(verb)):
            return None
        if not p.bits[verb] & CUE or p.low[verb].endswith("ing") or not (cue_at(p, verb) or p.low[verb] in ("said", "says", "continued")):
            continue
        if ended and not p.has(verb + 1, STOP | TIME | PREPOSITION):
            return None
        if _inside_aside(p, at, verb):
            continue
        if person := quoted_person(p, verb):
            return Link(person, (verb, verb + 1), "after")
        speaker = left_of(p, verb, at)
        if speaker and speaker[0] <= at + 1:
            return Link(speaker, (verb, verb + 1), "after")
        names = p.bits[at] & (CAPITAL | DETERMINER) or p.low[at] == "one"
        return Link((at, verb), (verb, verb + 1), "after") if names and not _has_verb(p, at, verb) else None
    return None


def _any_verb(p: Paragraph, high: int, at: int) -> Link | None:
    """| the governor riffed. Any verb, after a quotation that fills its sentence and ends with a comma, question or exclamation mark."""
    low = p.regions[p.region[high - 1]][0]
    if low != p.sentence(low)[0] or not (p.low[high - 2] in (",", "?", "!") or p.comma(high)):
        return None
    if not p.bits[at] & (CAPITAL | DETERMINER | PRONOUN):
        return None
    for verb in range(at + 1, min(len(p), at + _NAME)):
        if not p.bits[verb] & WORD or p.bits[verb] & (CUE | FINITE):
            return None
        if p.bits[verb] & (PAST | VERB) and not p.bits[verb] & CAPITAL:
            return Link((at, verb), (verb, verb + 1), "after")
    return None


def _inside_aside(p: Paragraph, low: int, verb: int) -> bool:
    """Whether a verb stands inside a clause that a comma has opened after the speaker: `X, who | says little, told AFP`."""
    before = verb - 1
    while before > low and p.bits[before] & ADVERB:
        before -= 1
    commas = sum(1 for at in range(low, verb) if p.comma(at))
    return commas % 2 == 1 and not p.comma(before)


def _foreign_verb_first(p: Paragraph, at: int, stop: int) -> Link | None:
    """| a déclaré Roe. | dit-elle. | selon Roe. The verb after its auxiliaries, in languages other than English."""
    if p.low[at] in grammar("foreign_according"):
        return _foreign_according(p, at, stop, "after")
    verb = at
    while verb < stop and p.bits[verb] & ADVERB:
        verb += 1
    if verb >= stop or not (cue_at(p, verb) or (verb > at and p.low[verb] == "-")):
        return None
    after = verb + 1
    while after < stop and p.low[after] in ("-", "t"):
        after += 1
    if after > verb + 1 and (p.has(after, PRONOUN) or p.word(after) == "il"):  # An article in Italian.
        return Link((after, after + 1), (at, after + 1), "after")
    speaker = right_of(p, after, stop)
    return Link(speaker, (at, verb + 1), "after") if speaker else None


def _foreign_according(p: Paragraph, at: int, stop: int, rule: str) -> Link | None:
    """| selon la ministre | laut Roe | según Roe: before a name or an article, since some of these words are others too (`segundo`)."""
    speaker = right_of(p, at + 1, stop) if p.has(at + 1, CAPITAL | DETERMINER) else None
    return Link(speaker, (at, at + 1), rule) if speaker else None


def _has_verb(p: Paragraph, low: int, high: int) -> bool:
    return any(always_finite(p, at) and not p.bits[at] & ADVERB for at in range(low, high))


def _dash(p: Paragraph, high: int) -> Link | None:
    """ "..." - Maria Roe, teacher. | "..." - Maria Roe, on what comes next."""
    if p.word(high) not in DASHES or not p.has(high + 1, CAPITAL):
        return None
    end = high + 1
    while end < len(p) and end - high < _SIGNED and p.free(end) and (p.bits[end] & CAPITAL or p.low[end] in ("of", "de", "la", ".")):
        end += 1
    if end < len(p) and p.low[end] not in (".", ","):
        return None
    return Link((high + 1, end), (high, high + 1), "dash")


def _before(p: Paragraph, low: int) -> Link | None:
    """Roe told reporters in Oslo on Monday, when it rained, that the plan was "...": the nearest verb before, in the same sentence."""
    start = p.sentence(low)[0]
    if not p.english and p.low[start] in grammar("foreign_according") and p.word(low - 1) in (",", ":"):
        return _foreign_according(p, start, low, "before")
    for at in range(low - 1, max(-1, low - _REACH), -1):
        if at < start and p.word(at + 1) != ":":
            break
        cue = cue_at(p, at) if p.bits[at] & CUE else None
        if cue is None:
            continue
        if cue.verb == "according":
            speaker = right_of(p, at + 2, low)
            if speaker:
                return Link(speaker, (at, at + 2), "before")
            continue
        speaker = left_of(p, at, start) or (subject_of_sentence(p, start, at) if at > start else None)
        if speaker:
            return Link(speaker, (at, at + 1), "before")
    return None


def _colon(p: Paragraph, low: int) -> Link | None:
    """Roe: "..." | Roe delivered a blunt message: "..." The subject of the sentence, where it has a verb."""
    if p.word(low - 1) != ":" or low < 2:
        return None
    start = p.sentence(low)[0]
    if verb_among(p, start, low - 1):
        speaker = subject_of_sentence(p, start, low - 1)
    else:
        begin = core_of(p, low - 1, start)
        speaker = (begin, low - 1) if begin is not None else None
    return Link(speaker, (low - 1, low), "colon") if speaker else None
