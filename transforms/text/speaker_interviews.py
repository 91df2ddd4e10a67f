"""Who 'I' and 'you' are where a body is an interview, set as questions and answers."""

import functools
from collections import Counter

from transforms.text.quote_regions import paragraph_spans
from transforms.text.speaker_cast import Cast

MIN_QUESTIONS = 2
"""Paragraphs that end in a question mark, of an interview at least."""
MIN_SHARE = 0.25
"""Share of them among the paragraphs where what comes before the first does not call it an interview."""

MIN_NAMED = 0.5
"""Share of the person interviewed among the mentions of persons before the first question."""


class Interview:
    """The questions of one body and who answers them, if it is an interview."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast

    def first_person(self, at: int) -> str | None:
        """Whom 'I' outside quotation marks means: in an answer the person interviewed; None elsewhere, as it may be who wrote the story."""
        questions, answering = self._read
        return None if answering is None or at < questions[0][1] or self._asks(at) else answering

    def second_person(self, at: int) -> str | None:
        """Whom 'you' outside quotation marks means: in a question the person interviewed; None elsewhere."""
        return self._read[1] if self._asks(at) else None

    def _asks(self, at: int) -> bool:
        return any(start <= at < end for start, end in self._read[0])

    @functools.cached_property
    def _read(self) -> tuple[list[tuple[int, int]], str | None]:
        """The questions, and the person whom the text before the first of them names in every second mention of a person, at least."""
        cast = self.cast
        paragraphs = paragraph_spans(cast.body)
        questions = [(start, end) for start, end in paragraphs if cast.body[start:end].rstrip().endswith("?")]
        if len(questions) < MIN_QUESTIONS:
            return [], None
        first = questions[0][0]
        if len(questions) < MIN_SHARE * len(paragraphs) and "interview" not in cast.body[:first].lower():
            return [], None
        named = Counter(name for name, indices in cast.by_name.items() for index in indices if cast.starts[index] < first)
        name, times = named.most_common(1)[0] if named else (None, 0)
        return questions, name if times >= MIN_NAMED * named.total() else None
