"""Builds ../text/data/english_words.txt: `python transforms/models/build_words.py FILE...`.

FILE: JSON lines with `text`, gzipped, of English news whose licence lets a list of its words go on (the shipped list: Wikinews of
2019-2020, CC BY 2.5, and the public-domain text of the Groningen Meaning Bank). Same inputs, same bytes."""

import collections
import gzip
import json
import pathlib
import re
import sys

OUT = pathlib.Path(__file__).parent.parent / "text" / "data" / "english_words.txt"
WORD = re.compile(r"(?<![\w-])[A-Za-z][a-z]{3,}(?![\w-])")
"""Words of four letters on: shorter ones are as often a syllable of a foreign name (Kim, Han, Lee)."""
TEXTS = 4
"""In how many texts a word must stand in lower case; fewer are misprints and names."""
CAPITALS = 4
"""A word that has a capital more than four times as often as not is a name first."""

HEADER = """\
# English words that are written in lower case: a capitalised name that holds one is rarely a person's, and a name in capitals made
# of them is a label or a crosshead, not an unknown town. Distilled from Wikinews 2019-2020 (CC BY 2.5, https://en.wikinews.org/) and
# the Groningen Meaning Bank (public-domain news text); written by transforms/models/build_words.py, which has the rule.
"""


def main(paths: list[str]) -> None:
    """Reads the texts of all files and writes the list."""
    lower: collections.Counter[str] = collections.Counter()
    capital: collections.Counter[str] = collections.Counter()
    texts: collections.Counter[str] = collections.Counter()
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                found = WORD.findall(json.loads(line)["text"])
                small = [word for word in found if word[0].islower()]
                lower.update(small)
                texts.update(set(small))
                capital.update(word.lower() for word in found if word[0].isupper())
    words = sorted(word for word in texts if texts[word] >= TEXTS and capital[word] < CAPITALS * lower[word])
    OUT.write_text(HEADER + "\n".join(words) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
