"""Builds ../text/data/plain_words.txt: `python transforms/models/build_plain_words.py FILE...`.

FILE: JSON lines with `text`, gzipped, of English news whose licence lets a list of its words go on (the shipped list: Wikinews of
2019-2020, CC BY 2.5, and the public-domain text of the Groningen Meaning Bank). Same inputs, same bytes."""

import collections
import gzip
import json
import pathlib
import re
import sys

OUT = pathlib.Path(__file__).parent.parent / "text" / "data" / "plain_words.txt"
WORD = re.compile(r"(?<![\w-])[a-z]{3,}(?![\w-])")
LEAST = 4
"""How often a word must stand in lower case; fewer are misprints and names."""

HEADER = """\
# Common words of English, in lower case: a name in capitals made of them is a label or a crosshead and not an unknown town.
# Words seen at least four times in lower case in Wikinews of 2019-2020 (CC BY 2.5) and the text of the Groningen Meaning Bank
# (public domain); written by transforms/models/build_plain_words.py.
"""


def main(paths: list[str]) -> None:
    """Reads the texts of all files and writes the list."""
    counts: collections.Counter[str] = collections.Counter()
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                counts.update(WORD.findall(json.loads(line)["text"]))
    words = sorted(word for word, count in counts.items() if count >= LEAST)
    OUT.write_text(HEADER + "\n".join(words) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
