"""Whether a text is English, by its small words, and what a capital is."""

import functools
import re

from transforms.text.lexicons import english_words

_ENGLISH = tuple(f" {word} " for word in ("the", "of", "and", "to", "said", "from", "with", "that", "its"))
ENGLISH_SHARE = 0.03
"""Share of the words of `_ENGLISH` above which a text is English: news copy has 15 to 25 %, other languages under 1 %."""
SAMPLE = 3000
"""Characters of a text that are read to tell whether it is English."""
SHORT = 50
"""Words below which a text may lack the small words of English by chance."""
MOSTLY = 0.5
"""Share of a short text's words in lower case that English has, from which it is English whatever else is said: of 76,000 short texts of
English news all have it but tables of abbreviations, and no other language has a text with it."""
_FOREIGN = frozenset(
    "la el del pero der das und ist zu mit le les et des est une los las en y il di che un og er det af var het een niet em je na się "
    "и в на och att som för av inte nicht ein eine auf dem den im von für dans sur au pour se si da oder aus bei ja oli että não "
    "dos um van zijn voor met naar ikke til på med är ett".split()
)
"""Small words of other languages; those that English has as well (`men`, `die`, `per`) say nothing."""
_LOWER_WORD = re.compile(r"(?<![\w'’.@/-])[^\W\d_]+(?!\w)")
_NO_LANGUAGE = frozenset(("", "en", "mis", "mul", "pcm", "und", "zxx"))
"""Codes that say nothing against English: its own and that of its creole, for which tables are taken, and those of ISO 639 for several
languages, for none and for one unknown."""


def is_english(text: str, language: str | None = None) -> bool:
    """Whether a text may be English, by its small words (words are counted by the blanks between them); a text too short to tell is of
    the language that is said, if its words are not English, and without one English.

    language: the code that the story's sender gave, or that was guessed."""
    text = text[:SAMPLE]
    words = text.count(" ")
    if words < SHORT:
        return _is_short_english(text, language)
    least, found = ENGLISH_SHARE * words, 0
    for word in _ENGLISH:
        found += text.count(word)
        if found >= least:
            return True
    return False


def _is_short_english(text: str, language: str | None) -> bool:
    """Whether a short text is English: most of its words in lower case are, or nothing says that it is of another language."""
    words = [word for word in _LOWER_WORD.findall(text) if word.islower()]
    strange = [word for word in words if word not in english_words()]
    if len(words) - len(strange) >= MOSTLY * len(words):
        return True
    if language is not None and language.partition("-")[0].lower() not in _NO_LANGUAGE:
        return False
    return not any(word in _FOREIGN or not word.isascii() for word in strange)


@functools.cache
def upper_class() -> str:
    """All capital letters of the Basic Multilingual Plane as the inside of a regular expression's character class."""
    parts: list[tuple[int, int]] = []
    for code in range(0x41, 0x10000):
        if chr(code).isupper():
            if parts and parts[-1][1] == code - 1:
                parts[-1] = (parts[-1][0], code)
            else:
                parts.append((code, code))
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in parts)
