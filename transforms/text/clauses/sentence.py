"""A sentence with its verbs of speech, as the patterns see it, and what they give."""

import dataclasses

from transforms.text.clauses.contents import after_cue, first_word
from transforms.text.clauses.paragraph import Paragraph
from transforms.text.clauses.phrases import Phrase, left_of, quoted_person
from transforms.text.clauses.subjects import DASHES, after_dateline, subject_of_sentence
from transforms.text.clauses.usable import cue_at, is_participle
from transforms.text.clauses.words import ADVERB, CUE
from transforms.text.lexicons import grammar


@dataclasses.dataclass(slots=True)
class Clause:
    """What was said (`start`, `end`), its cue and the words that name the speaker, as tokens of a paragraph; by which rule. `agreed`:
    whether a parse found the same, None where there is none."""

    start: int
    end: int
    cue: Phrase
    speaker: Phrase | None
    rule: str
    agreed: bool | None = None


class Sentence:
    """Tokens `low` to `high` of a paragraph; `end` leaves its full stop out.

    `cues` are its usable verbs of speech (token, verb), `reports` the tokens of those that may report without quotation marks, `found` what
    the patterns gave so far."""

    __slots__ = ("cues", "end", "found", "high", "low", "p", "reports")

    def __init__(self, p: Paragraph, low: int, high: int) -> None:
        self.p, self.low, self.high = p, low, high
        self.end = high
        while self.end > low and p.low[self.end - 1] in (".", "!", "?") and p.free(self.end - 1):
            self.end -= 1
        self.cues = [(at, cue) for at in range(low, high) if p.bits[at] & CUE and (cue := cue_at(p, at))]
        self.found: list[Clause] = []
        self.reports = [at for at, cue in self.cues if cue.kind not in ("quote", "according")]

    def front(self) -> int:
        """Where the first clause of the sentence begins."""
        return first_word(self.p, after_dateline(self.p, self.low, self.high), self.high)

    def reports_within(self, low: int, high: int) -> bool:
        """Whether a verb of speech among tokens has a content of its own."""
        return any(low <= clause.cue[0] < high and clause.rule != "noun" for clause in self.found)


class Verb:
    """The `number`-th usable verb of speech of a sentence, at token `at`.

    `span` is the cue; `participle` whether it goes on with the sentence (`..., saying`), `bare` whether with the sentence's subject,
    `joined` whether a conjunction joins it to another verb; `subject` its own subject to the left, `content` where its content would
    begin."""

    __slots__ = ("at", "bare", "content", "cue", "joined", "number", "participle", "sentence", "span", "subject")

    def __init__(self, s: Sentence, number: int) -> None:
        p, (at, cue) = s.p, s.cues[number]
        self.sentence, self.number, self.at, self.cue = s, number, at, cue
        self.participle = is_participle(p, at)
        before = at
        while before > s.low and p.bits[before - 1] & ADVERB:
            before -= 1
        self.joined = not self.participle and before > s.low and p.low[before - 1] in ("and", "but", "or")
        self.bare = self.participle and (at == s.low or p.low[before - 1] in grammar("clause_joiner") or p.low[before - 1] in DASHES)
        according = cue.kind == "according"
        self.subject = None if self.joined or self.bare or according else left_of(p, at, s.low)
        self.span = (at, at + (2 if according or cue.verb == "point" else 1))
        self.content = self.span[1] if according else after_cue(p, self.span[1], s.high, cue.kind)

    def clause(self, start: int, end: int, speaker: Phrase | None, rule: str) -> Clause:
        """A clause of this verb."""
        return Clause(start, end, self.span, speaker, rule)

    def speaker(self) -> tuple[Phrase | None, str]:
        """Whose words follow the verb, and the name of the rule: its own subject; that of the sentence for a participle; that of the verb
        to which it is joined."""
        p = self.sentence.p
        if self.participle and (
            p.low[self.at - 1] == "as" or self.subject is None or self.bare or p.low[self.subject[1] - 1] in grammar("clause_document")
        ):
            return self._subject_of_participle(), "participle"
        if self.joined or (self.subject is None and p.has(self.at - 1, ADVERB)):
            return self._subject_of_joined(), "joined"
        return self.subject, "forward"

    def _subject_of_participle(self) -> Phrase | None:
        """The speaker of the clause before in this sentence, the subject of the verb before, or that of the sentence."""
        s = self.sentence
        if self.number and s.p.low[self.at - 1] == "as" and (person := quoted_person(s.p, s.cues[self.number - 1][0])):
            return person
        for clause in reversed(s.found):
            if clause.speaker:
                return clause.speaker
        return left_of(s.p, s.cues[self.number - 1][0], s.low) if self.number else subject_of_sentence(s.p, s.low, self.at)

    def _subject_of_joined(self) -> Phrase | None:
        """The subject of the verb of speech that this one is joined to."""
        s = self.sentence
        if not self.number:
            return subject_of_sentence(s.p, s.low, self.at)
        before = s.cues[self.number - 1][0]
        known = next((clause for clause in reversed(s.found) if clause.cue[0] == before), None)
        return known.speaker if known else left_of(s.p, before, s.low)
