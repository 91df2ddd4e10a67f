"""Names in text that writes all its nouns with capitals, as German does.

There a capital is no sign of a name: what is left as evidence is a table (places, titles, known names and given names), a company's
suffix, an acronym, and a verb of saying right before the words (`sagte Roe`)."""

import re
from collections.abc import Sequence

from transforms.text.lexicons import grammar
from transforms.text.mentions import Mention
from transforms.text.places import Place
from transforms.text.reader import Reader, is_acronym
from transforms.text.tokens import Run, Word

_WORDS_BEFORE = re.compile(r"(?:\b([^\W\d_]+)[ \u00a0])?\b([^\W\d_]+)[ \u00a0]$")
_LONGEST_VERB = 24
_MAX_NAME_WORDS = 4


def spoken_by(body: str, start: int) -> bool:
    """Whether a verb of saying stands right before a name: `sagte Roe`. Verbs that take objects do not count (`forderte Hilfe`)."""
    match = _WORDS_BEFORE.search(body, max(0, start - _LONGEST_VERB), start)
    return match is not None and match[2] in grammar("noun_saying")


def described_speaker(body: str, start: int) -> bool:
    """Whether a verb of saying and an article stand before the words, so that the first of them says what the speaker is:
    `sagte der Vogelkundler Roe`."""
    match = _WORDS_BEFORE.search(body, max(0, start - _LONGEST_VERB), start)
    return match is not None and match[1] in grammar("noun_saying") and match[2] in grammar("foreign_article")


class CapitalNounReader(Reader):
    """The rules over one body whose nouns have capitals."""

    def __init__(self, body: str, places: Sequence[Place]) -> None:
        super().__init__(body, places)
        self.small = grammar("noun_small")
        self.spoken: set[str] = set()
        self.title_ends = tuple(grammar("noun_title_ending"))

    def read(self, runs: Sequence[Run]) -> tuple[list[Mention], list[Mention]]:
        """As in other text; who is said to say something by the surname alone is a person with the first name too."""
        self.spoken = {run.words[-1].text for run in runs if spoken_by(self.body, run.words[0].start)}
        return super().read(runs)

    def _classify(self, run: Run) -> Mention | None:
        """As in other text, without the small words that have a capital only because they open the sentence."""
        start = 0
        while run.opens and start < len(run.words) and run.words[start].text.lower() in self.small:
            start += 1
        return super()._classify(Run(run.words[start:], run.opens and not start)) if start < len(run.words) else None

    def _joins(self, before: Run, gap: str, run: Run) -> bool:
        """As in other text, but an article between two nouns joins nothing (`Angaben der Polizei`)."""
        first = gap.strip().split(" ")[0]
        return first not in grammar("noun_article") and super()._joins(before, gap, run)

    def _title_size(self, words: Sequence[Word]) -> int:
        """Titles of the tables, and compounds that end in an office (`Polizeisprecher`)."""
        size = super()._title_size(words)
        if size or len(words) < 2:
            return size
        return 1 if words[0].text.lower().endswith(self.title_ends) else 0

    def _single(self, words: Sequence[Word], opens: bool) -> Mention | None:
        """A word by itself: an acronym, a name after a verb of speech; else only the story's persons can tell."""
        mention = super()._single(words, opens)
        if mention is not None and not mention.type and spoken_by(self.body, mention.start):
            mention.type = "PER"
        return mention

    def _several(self, words: Sequence[Word], opens: bool) -> Mention | None:
        """Several words: a person from the first given name on or after a title or a verb of speech, or a name with an acronym in it."""
        for index in range(len(words) - 1):
            if self._given(words[index]) and words[index].start not in self.place_at:
                return self._person(words[index:])
        for index in range(1, len(words)):
            if self._title_size(words[index - 1 :]):
                return self._person(words[index:])
        if spoken_by(self.body, words[0].start) or words[-1].text in self.spoken:
            return self._person(words)
        if described_speaker(self.body, words[0].start) and words[1].start not in self.place_at:
            return self._person(words[1:])
        if self.all_capitals(words):
            return None
        if is_acronym(words[0].text) and len(words) < _MAX_NAME_WORDS:
            return Mention(words, "ORG", opens)
        return next((Mention([word], "ORG") for word in words if is_acronym(word.text)), None)

    def _person(self, words: Sequence[Word]) -> Mention | None:
        name = self._until_junk(words)[:_MAX_NAME_WORDS]
        return Mention(name, "PER") if name else None

    def kinds_of_singles(self, waiting: Sequence[Mention]) -> dict[str, str]:
        """No word is a name because it has a capital."""
        return {}
