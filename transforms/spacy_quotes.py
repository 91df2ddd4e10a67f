"""Quotations by a spaCy pipeline of the user's choice: the quality tier behind `--quotes spacy:MODEL`."""

import bisect
import re
from collections.abc import Mapping, Sequence
from typing import Any

from transforms.spacy_pipelines import pipeline
from transforms.text.clauses.assemble import More
from transforms.text.clauses.paragraph import Paragraph
from transforms.text.clauses.sentence import Clause
from transforms.text.quotes import cue_paragraphs
from transforms.text.spacy_clauses import UNUSED, clauses_in

LONGEST = 10_000
"""Characters of a paragraph above which it is none of news: lists and tables that lost their line breaks."""
_SPACE = re.compile(r"\s")


class SpacyClauses:
    """Finds contents with one English spaCy pipeline that has a parser."""

    def __init__(self, model: str) -> None:
        """model: a pipeline's name or path, as `spacy.load` takes it."""
        self._model = model

    def finders(self, stories: Sequence[Mapping[str, Any]]) -> list[More]:
        """For each story what `find_quotes` asks about its paragraphs; those of all stories are parsed at once."""
        bodies = [story.get("body") or "" for story in stories]
        languages = [story.get("language") for story in stories]
        chosen = [
            [(start, end) for start, end in cue_paragraphs(body, language) if end - start <= LONGEST]
            for body, language in zip(bodies, languages, strict=True)
        ]
        # A line break within a paragraph is a blank to a reader, and a word of its own to spaCy.
        texts = [_SPACE.sub(" ", body[start:end]) for body, spans in zip(bodies, chosen, strict=True) for start, end in spans]
        with pipeline(self._model).docs(texts, UNUSED) as docs:
            return [_Parsed([start for start, _ in spans], [next(docs) for _ in spans]) for spans in chosen]


class _Parsed:
    """The parsed paragraphs of one story, by where they begin."""

    def __init__(self, starts: list[int], docs: list[Any]) -> None:
        self._starts, self._docs = starts, docs

    def __call__(self, p: Paragraph) -> list[Clause]:
        """The contents of a paragraph; none where it was not parsed."""
        at = bisect.bisect_right(self._starts, p.starts[0]) - 1
        if at < 0 or p.starts[-1] >= self._starts[at] + len(self._docs[at].text):
            return []
        return clauses_in(self._docs[at], p, self._starts[at])
