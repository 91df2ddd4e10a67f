"""Texts that no editor would send, for `quotes_fuzz.py`: sentences that report speech in every way, the sample stories and generated ones,
changed by rule. Text n of a seed is the same one on every machine."""

import functools
import pathlib
import random
import re
from collections.abc import Callable, Sequence

ROOT = pathlib.Path(__file__).resolve().parents[2]
LONGEST = 10_000
"""Characters of a text, those of a long wire story."""
HUGE = 0.01
"""The share of texts in which a stretch is said over until they are that long."""
MOST_CHANGES = 6
GENERATED = 60
"""Generated stories that are mutated."""

SENTENCES = (
    '"We will not go to the meeting," Maria Tarn said on Monday.',
    "“They need it,” Ko Yu-min, polar studies emeritus professor at Tarnby University, told AFP.",
    '"The bridge is shut," said Maria Tarn, a harbour pilot in Oslo. "Nobody told us why."',
    "The ministry said that nobody was hurt, adding it was too late to turn back and insisting that the mayor had known.",
    "According to the Tarnby Herald, a weekly, the vote will be held again in May.",
    "The talks, the minister said, would go on until Friday.",
    "Nobody was hurt, the minister told reporters in Oslo on Monday, when it rained.",
    "As Mr. Roe pointed out, the U.S. had never signed it.",
    'He described the claims as a "bad joke" and dismissed the rebels\' claim that hundreds had died.',
    "She said: 'We were promised \"a new start\" and got none of it.'",
    "„Wir gehen nicht nach Hause“, sagte Maria Tarn am Montag in Hamburg.",
    "« Nous irons à Oslo », a déclaré Maria Tarn, ministre de la Pêche. « C'est tout », dit-elle.",
    "»Das ist alles«, so der Sprecher der Behörde.",
    "– Det er kaldt, og vi venter, sier Maria Tarn til NTB.\n\n– Kommer toget? spør hun, og en annen svarer: – Nei.",
    "ROE: Did you see the report? TARN: I did, and I said so.",
    "Roe: 'We will go home'",
    "In a statement on Tuesday, the Workers' Union said:",
    '"The first shift will not come back to the yard before the money is on the table.',
    "``We ran,'' said one of them, who gave her name as Ana. ``Then the roof came down.''",
    "Asked whether she would stand again, Tarn, 45, of the Farmers' Party (FP), said she had not decided.",
    "Saying that the river was too high, the captain refused to sail; the owner, however, said he would.",
    "The man he told was late. What she says is true, but it was not said aloud, all told.",
    "“It is 5'10\" wide,” he said -- or so the '90s manual claims -- “and 12\" deep”.",
    '"Is it over?" she asked. "No!" - Kari Berg, on the strike.',
    "He said she said they said it was said that he had said so, she said, he added, they noted, sources told police told Roe.",
    "OSLO, Norway (AP) — Officials warned Sunday that “rivers” would rise; “we are watching,” one said…",
    "El alcalde dijo: «No hay agua». “Nos vamos”, añadió Ana Roe.",
    "The company, which denied the report, believes the suit is without merit, its lawyer wrote in an e-mail (seen by dpa).",
)
"""One for each way of reporting speech, some that look as if, some in other languages."""

MARKS = ('"', "“", "”", "„", "‟", "«", "»", "''", "``", "'", "‘", "’", "‚", "‛", "‹", "›", "“ ", " ”", ',"', '."', "”“", "'\"")
WORDS = (
    " said ", " says that ", ", according to ", " told AFP ", ", he added", "who said ", " : ", ":", ", ", ". ", ";", " that ", " to say ",
    "-year-old ", " he ", " I ", " they ", " it ", "'s ", " (", ") ", " — ", "--", "...", "?!", " and ", "U.S. ", "Mr. ", "saying ",
)  # fmt: skip
ODD = (
    "\ud800", "\udfff", "\ud83d", "\u0301", "e\u0301\u0323", "\u200b", "\u200d", "\ufeff", "\u00ad", "\u00a0", "\u202f", "\u3000", "\u202e",
    "\u2066", "\u05e9\u05dc\u05d5\u05dd", "\u0645\u0631\u062d\u0628\u0627 ", "👩\u200d👩\u200d👧", "🇳🇴", "İ", "ß", "ǅ", "ŉ", "ſ",
    "٣", "²", "Ⅷ", "「", "」", "\x00", "\x1c", "\x85", "\t", "_", "\u2028", "\ufffd", "&quot;", "<p>", "你好，", "ｓａｉｄ",
)  # fmt: skip
BREAKS = ("\n", "\n\n", "\r\n", "\r", "\n \n", "\x0b", "\x0c", "\u2028", "\u2029", "\x85", " ", "")

_TOKEN = re.compile(r"\s+|\w+|[^\w\s]")
_ANY_MARK = re.compile("[\"“”„‟«»‘’‚‛‹›']|``")

Change = Callable[[str, random.Random], str]


class Texts:
    """The mutated texts of a seed, by number."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.stories = [*_sample_stories(), *_generated_stories()]

    def text(self, number: int) -> str:
        """Text `number`: some sentences, or a story or a part of one, with a few changes."""
        chance = random.Random(f"{self.seed}-{number}")
        text = self._plain(chance)
        for _ in range(chance.randint(0, MOST_CHANGES)):
            text = chance.choice(CHANGES)(text, chance)
        if chance.random() < HUGE:
            text = said_over(text, chance)
        return text[:LONGEST]

    def _plain(self, chance: random.Random) -> str:
        if chance.random() < 0.6:
            return chance.choice((" ", " ", "\n", "\n\n")).join(chance.choices(SENTENCES, k=chance.randint(1, 7)))
        story = chance.choice(self.stories)
        first = chance.randrange(len(story))
        return "\n\n".join(story[first : first + chance.randint(1, 6)])


@functools.cache
def _sample_stories() -> list[list[str]]:
    """The paragraphs of the sample stories; their bytes read as UTF-8, whatever they are."""
    texts = [path.read_text(encoding="utf-8", errors="surrogateescape") for path in sorted((ROOT / "seeds").glob("*.txt"))]
    return [paragraphs for text in texts if (paragraphs := [part for part in re.split(r"\n\s*\n|\n(?=[\"“A-Z])", text) if part.strip()])]


@functools.cache
def _generated_stories() -> list[list[str]]:
    from tests.bench.generated_stories import generate

    return [row["body"].split("\n\n") for row in generate(GENERATED)]


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text) or [""]


def _some(tokens: Sequence[str], chance: random.Random) -> tuple[int, int]:
    """A stretch of tokens, more often short than long."""
    first = chance.randrange(len(tokens))
    return first, min(len(tokens), first + int(chance.paretovariate(0.8)))


def deleted(text: str, chance: random.Random) -> str:
    """Without some tokens."""
    tokens = _tokens(text)
    first, end = _some(tokens, chance)
    return "".join(tokens[:first] + tokens[end:])


def letter_deleted(text: str, chance: random.Random) -> str:
    """Without one character."""
    at = chance.randrange(len(text) + 1)
    return text[:at] + text[at + 1 :]


def doubled(text: str, chance: random.Random) -> str:
    """With some tokens twice or more."""
    tokens = _tokens(text)
    first, end = _some(tokens, chance)
    return "".join(tokens[:end] + tokens[first:end] * chance.randint(1, 4) + tokens[end:])


def swapped(text: str, chance: random.Random) -> str:
    """With two tokens in each other's place."""
    tokens = _tokens(text)
    one, other = chance.randrange(len(tokens)), chance.randrange(len(tokens))
    tokens[one], tokens[other] = tokens[other], tokens[one]
    return "".join(tokens)


def _inserted(text: str, chance: random.Random, pieces: Sequence[str]) -> str:
    """With one to four pieces at any places."""
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(text) + 1)
        text = text[:at] + chance.choice(pieces) + text[at:]
    return text


def marks_inserted(text: str, chance: random.Random) -> str:
    """With quotation marks."""
    return _inserted(text, chance, MARKS)


def words_inserted(text: str, chance: random.Random) -> str:
    """With words that report speech, and what stands around them."""
    return _inserted(text, chance, WORDS)


def odd_inserted(text: str, chance: random.Random) -> str:
    """With characters that few texts have."""
    return _inserted(text, chance, ODD)


def marks_removed(text: str, chance: random.Random) -> str:
    """Without some of its quotation marks, or without any."""
    share = chance.choice((0.3, 1.0))
    return _ANY_MARK.sub(lambda mark: "" if chance.random() < share else mark[0], text)


def marks_changed(text: str, chance: random.Random) -> str:
    """With all its quotation marks of other kinds, one or many."""
    kinds = chance.sample(MARKS, chance.randint(1, 3))
    return _ANY_MARK.sub(lambda _: chance.choice(kinds), text)


def case_changed(text: str, chance: random.Random) -> str:
    """With the case of some tokens, or of all, changed."""
    tokens = _tokens(text)
    first, end = _some(tokens, chance) if chance.random() < 0.7 else (0, len(tokens))
    change = chance.choice((str.upper, str.lower, str.title, str.swapcase))
    return "".join([*tokens[:first], *map(change, tokens[first:end]), *tokens[end:]])


def breaks_changed(text: str, chance: random.Random) -> str:
    """With other line breaks: for those it has, or for some or all of its spaces."""
    to, share = chance.choice(BREAKS), chance.choice((0.05, 0.2, 1.0))
    pattern = r"\s*\n\s*" if "\n" in text and chance.random() < 0.6 else " "
    return re.sub(pattern, lambda space: to if chance.random() < share else space[0], text)


def cut_off(text: str, chance: random.Random) -> str:
    """With its end or its start lost."""
    at = chance.randrange(len(text) + 1)
    return text[:at] if chance.random() < 0.7 else text[at:]


def said_over(text: str, chance: random.Random) -> str:
    """With a stretch said over until the text is as long as they come."""
    if chance.random() < 0.3:
        piece = chance.choice((*MARKS, *WORDS, *ODD, "a", "A", " ", "\n", "said, ", '"a" ', "he said ", "He said. "))
    else:
        tokens = _tokens(text)
        first, end = _some(tokens, chance)
        piece = "".join(tokens[first:end])
    at = chance.randrange(len(text) + 1)
    times = max(1, (LONGEST - len(text)) // max(1, len(piece)))
    return text[:at] + piece * times + text[at:]


CHANGES: tuple[Change, ...] = (
    deleted,
    letter_deleted,
    doubled,
    swapped,
    marks_inserted,
    words_inserted,
    odd_inserted,
    marks_removed,
    marks_changed,
    case_changed,
    breaks_changed,
    cut_off,
)
"""Each is as likely."""
