"""Whether what stands between quotation marks is speech: by its words, its end and where it stands."""

from transforms.text.clauses.paragraph import Paragraph
from transforms.text.clauses.verbs import finite
from transforms.text.clauses.words import CAPITAL, MARK, PREPOSITION, STOP, WORD

SPEECH, LIKELY, PHRASE = "speech", "likely", "phrase"
"""Kinds of quoted regions: words that are speech by their number; few words that end as speech does, which an attribution beside them makes
speech; a phrase, title or nickname, which is no quotation of its own."""

SPEECH_WORDS = 4
"""Words from which a quoted region is speech wherever it stands."""
_PHRASE = 3
"""Tokens of a single quoted word, its marks included."""
_SMALL = 3
"""Letters of words that titles may leave in lower case."""
_ENDS = frozenset((",", "?", "!", ".", "…", "..."))


def kind_of(p: Paragraph, index: int) -> str:
    """What a quoted region is, by its words and its end."""
    low, high = p.regions[index]
    words = sum(1 for at in range(low, high) if p.bits[at] & WORD)
    last = next((p.low[at] for at in range(high - 1, low, -1) if not p.bits[at] & MARK), "")
    ends = last in _ENDS or p.comma(high)
    # German nouns have capitals as the words of a title have.
    if _is_title(p, low, high) and (p.english or not ends):
        return PHRASE
    if words >= SPEECH_WORDS or (words > 1 and not p.quoted[index].closed):
        return SPEECH
    return LIKELY if ends else PHRASE


def _is_title(p: Paragraph, low: int, high: int) -> bool:
    """Whether every longer word of a region is capitalised: the name of a show or a book, a crosshead."""
    long = 0
    for at in range(low, high):
        if p.bits[at] & WORD and len(p.low[at]) > _SMALL:
            if not p.bits[at] & CAPITAL:
                return False
            long += 1
    if any(finite(p, at) for at in range(low, high)):
        return False
    return long > 2 or (long > 0 and (p.has(low - 1, PREPOSITION) or p.word(low - 1) == "'s" or high - low == len(p)))


def goes_on(p: Paragraph, index: int) -> bool:
    """Whether a region of few words is a paragraph, or a sentence after another region: `"...," he said. "We are hopeful."`"""
    low, high = p.regions[index]
    if high - low == len(p):
        return True
    return index > 0 and low == p.sentence(low)[0] and p.has(high - 2, STOP) and high - low > _PHRASE


def stands_alone(p: Paragraph, index: int) -> bool:
    """Whether a region without an attribution of its own is a sentence of its own, or what a colon announces."""
    low = p.regions[index][0]
    return low - p.sentence(low)[0] <= 1 or p.low[low - 1] == ":"
