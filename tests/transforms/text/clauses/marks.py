"""Sentences with what is to be found in them marked: [what was said], {the speaker}, <the cue>."""

from transforms.text.clauses.paragraph import Paragraph
from transforms.text.clauses.patterns import PATTERNS, noun
from transforms.text.clauses.sentence import Clause, Sentence, Verb
from transforms.text.quote_regions import quote_regions

PAIRS = ("[]", "{}", "<>")


def unmarked(text):
    return text.translate(dict.fromkeys(map(ord, "".join(PAIRS))))


def within(text, pair):
    """The marked stretches of a text, nesting of other pairs allowed: `[{Roe} said]` holds `Roe said` and `Roe`."""
    return [unmarked(part.partition(pair[1])[0]) for part in text.split(pair[0])[1:]]


def expected(text):
    """Contents, speaker and cue of a marked text."""
    contents, speakers, cues = (within(text, pair) for pair in PAIRS)
    return contents, speakers, cues


def paragraph(text, english=True):
    """A text as one paragraph; marks are taken away."""
    body = unmarked(text)
    return Paragraph(body, 0, len(body), [region for region in quote_regions(body) if region.depth == 0], english)


def words(p, phrase):
    """The text of a pair of tokens."""
    low, high = phrase
    return p.body[p.starts[low] : p.ends[high - 1]] if low < high else ""


def place(p, word):
    """The first token that is a word."""
    return p.words.index(word)


def decided(pattern, text):
    """What a pattern gives for the verbs of a paragraph whose clauses it decides: those that no pattern before it took."""
    p = paragraph(text)
    given: list[Clause] = []
    for low, high in p.sentences:
        sentence = Sentence(p, low, high)
        sentence.found += noun(sentence)
        for number in range(len(sentence.cues)):
            verb = Verb(sentence, number)
            for each in PATTERNS:
                clauses = each(sentence, verb)
                if clauses is not None:
                    given += clauses if each is pattern else []
                    sentence.found += clauses
                    break
    return found_in(p, given)


def found_in(p, clauses):
    """Contents of clauses, their speakers and their cues, each cue once, as `expected` has them."""
    cues = list(dict.fromkeys(clause.cue for clause in clauses))
    speakers = [next(clause.speaker for clause in clauses if clause.cue == cue) for cue in cues]
    return (
        [words(p, (clause.start, clause.end)).strip(" ,") for clause in clauses],
        [words(p, speaker) for speaker in speakers if speaker],
        [words(p, cue) for cue in cues],
    )
