"""Counts models/quotations.tsv: `python -m transforms.models.build_quotations ANNOTATED.jsonl.gz SPACY_MODEL`.

The rows are stories whose quotations were annotated by hand: `{id, text, quotes: [{frags: [[start, end]], speaker_frags: [[start,
end]]}]}`, offsets into the text. The package finds the quotations of each text, alone and with the parses of a spaCy pipeline; one is
right where half of its words or more are those of an annotated one, and the two speakers share a word, if one was annotated. No text goes
into the table, only how often each kind of quotation was right."""

import collections
import gzip
import json
import pathlib
import re
import sys
from collections.abc import Iterator

from schemas import Row
from transforms.text.annotate import locate, tag
from transforms.text.clauses.assemble import More
from transforms.text.clauses.paragraph import Paragraph
from transforms.text.clauses.sentence import Clause
from transforms.text.confidence import Key, keys, sort_of_speaker
from transforms.text.quotes import agreed_quotes
from transforms.text.spacy_clauses import UNUSED, clauses_in

TABLE = pathlib.Path(__file__).with_name("quotations.tsv")
LEAST = 40
"""Quotations of a sort from which it has a row of its own."""

WEIGHT = 10
"""How many quotations of its rule stand behind the share of a sort, so that a few lucky ones do not make it certain."""

_WORD = re.compile(r"\w+")
_SMALL = frozenset("the a an of and in at for to on by from with s mr mrs ms dr who that which his her their its".split())
_HEAD = """# How often quotations of a type, by a rule and with a sort of speaker, were right; quotations.card.md is its card.
# type	rule	speaker	parse	share	counted
"""
Counts = collections.defaultdict[Key, list[float]]


def main(path: str, model: str) -> None:
    """Writes the table and prints it."""
    counts: Counts = collections.defaultdict(lambda: [0.0, 0.0])
    stories = [json.loads(line) for line in gzip.decompress(pathlib.Path(path).read_bytes()).splitlines()]
    for more in (None, _parser(model)):
        for story in stories:
            for known, right in judged(story, more):
                for key in dict.fromkeys(known):
                    if more is None or key[1] == "parse" or key[3] != "none":
                        counts[key][0] += 1
                        counts[key][1] += right
    lines = [
        f"{'	'.join(key)}	{_share(counts, key):.3f}	{int(counts[key][0])}\n" for key in sorted(counts) if _is_kept(counts, key)
    ]
    TABLE.write_text(_HEAD + "".join(lines), encoding="utf-8")
    print("".join(lines), end="")


def _parser(model: str) -> More:
    """Contents by the parses of a spaCy pipeline, one paragraph at a time."""
    import spacy

    nlp = spacy.load(model, exclude=UNUSED)

    def more(p: Paragraph) -> list[Clause]:
        return clauses_in(nlp(re.sub(r"\s", " ", p.body[p.starts[0] : p.ends[-1]])), p, p.starts[0])

    return more


def judged(story: Row, more: More | None = None) -> Iterator[tuple[list[Key], bool]]:
    """The quotations that the package finds in a story: the rows of the table that each counts for, and whether it is right."""
    text = story["text"]
    known = [(_words(text, quote["frags"]), _names(text, quote["speaker_frags"])) for quote in story["quotes"]]
    known += [(_words(text, [frag]), names) for quote, (_, names) in zip(story["quotes"], known, strict=True) for frag in quote["frags"]]
    entities, _ = tag({"body": text}, locate({"body": text}))
    for row, agreed in agreed_quotes(text, entities, fragments=False, more=more):
        words = _words(text, [(frag["span_start"], frag["span_end"]) for frag in row["frags"]])
        shared, names = max(
            ((len(words & other) / max(1, len(words | other)), names) for other, names in known), default=(0.0, set()), key=_first
        )
        speaker = _names(text, [(row["speaker_start"], row["speaker_end"])]) if row["speaker"] else set()
        right = shared >= 0.5 and (not names or bool(names & speaker))
        yield keys(row["type"], row["rule"], sort_of_speaker(row["speaker_type"]), agreed), right


def _first(pair: tuple[float, set[str]]) -> float:
    return pair[0]


def _words(text: str, spans: list[tuple[int, int]] | list[list[int]]) -> set[int]:
    """The places of the words of spans."""
    return {word.start() for start, end in spans for word in _WORD.finditer(text, start, end)}


def _names(text: str, spans: list[tuple[int, int]] | list[list[int]]) -> set[str]:
    """The words of a speaker, small ones left out where it has others."""
    words = {word.lower() for start, end in spans for word in _WORD.findall(text[start:end])}
    return words - _SMALL or words


def _share(counts: Counts, key: Key) -> float:
    """The share of right ones, drawn towards that of the key above."""
    number, right = counts[key]
    above = counts.get((*key[:2], "*", key[3]) if key[2] != "*" else (key[0], "*", "*", "none"), [0.0, 0.0])
    return (right + WEIGHT * (above[1] / above[0] if above[0] else 0)) / (number + (WEIGHT if above[0] else 0))


def _is_kept(counts: Counts, key: Key) -> bool:
    return counts[key][0] >= LEAST or key[1] == "*"


if __name__ == "__main__":
    main(*sys.argv[1:])
