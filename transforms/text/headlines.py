"""Headlines: marks of version and urgency before them, and the signals they give."""

import functools
import re

from transforms.text.furniture_words import any_of, forms, strongest


@functools.cache
def _prefix() -> re.Pattern[str]:
    words = any_of("prefix")
    numbered = r"(?:\d{1,2}(?:ST|ND|RD|TH|st|nd|rd|th)? ?)?"
    return re.compile(
        rf"(?:\(|\*{{1,3}}\s?)?{numbered}({words})(?: ?\d{{1,3}})?(?:\)\s*[-–—:]?\s*|\s?(?:[-–—:]|\*{{1,3}})\s?|\s?/\s)(?=\S)"
        rf"|{numbered}-?((?:LD|Ld|LEAD|Lead)-?(?:WRITETHRU|Writethru)|WRITETHRU|Writethru)\s?[-–—:,]\s?(?=\S)"
        rf"|\({numbered}(LEAD|LD|URGENT|UPDATE|UPDATED|CORRECTED|CORRECTION|Achtung|RPT|WRITETHRU)(?: ?\d)?\)\s*"
    )


def split_prefix(headline: str) -> tuple[str, str, str | None]:
    """A headline's marks of version and urgency, the headline without them, and their signal.

    ('UPDATE 2-', 'Kim meets Putin', 'update'); several in a row are all taken ('RPT-UPDATE 2-'). A kill keeps its headline whole:
    without 'STORY WITHDRAWN' it would read as the news that was withdrawn."""
    position = 0
    signals: list[str | None] = []
    while len(signals) < _PREFIXES and (match := _prefix().match(headline, position)) and match.end() < len(headline):
        word = match.group(1) or match.group(2) or match.group(3)
        signals.append(forms("prefix").get(word.upper(), "update" if word[0] in "LUW" or word == "Writethru" else None))
        position = match.end()
    signal = strongest(signals)
    if signal == "kill":
        position = 0
    return headline[:position].strip(), headline[position:], signal


_PREFIXES = 4
"""More marks in a row than any desk sets."""
