"""Whether a text is English, by its small words, and what a capital is."""

import functools

_ENGLISH = tuple(f" {word} " for word in ("the", "of", "and", "to", "said", "from", "with", "that", "its"))
ENGLISH_SHARE = 0.03
"""Share of the words of `_ENGLISH` above which a text is English: news copy has 15 to 25 %, other languages under 1 %."""
SAMPLE = 3000
"""Characters of a text that are read to tell whether it is English."""
LEAST_WORDS = 12
"""Words below which a text is too short to tell its language."""
SHORT = 50
"""Words below which a text may lack the small words of English by chance, and is of another language only if it has some of its own."""
_FOREIGN = tuple(
    f" {word} "
    for word in (
        "la el del por pero der das und ist zu mit le les et des est une los que las en y il di che un og er det af på var men het een "
        "niet em não com je na się w z и в на"
    ).split()
)
"""Small words of other languages that are no words or parts of names in English."""


def is_english(text: str) -> bool:
    """Whether a text may be English, by its small words (words are counted by the blanks between them); a text too short to tell is taken
    for English."""
    text = text[:SAMPLE]
    words = text.count(" ")
    if words < LEAST_WORDS:
        return True
    least, found = ENGLISH_SHARE * words, 0
    for word in _ENGLISH:
        found += text.count(word)
        if found >= least:
            return True
    return words < SHORT and not any(word in text for word in _FOREIGN)


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
