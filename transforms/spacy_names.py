"""Names by a spaCy pipeline of the user's choice: the quality tier behind `--entities spacy:MODEL`."""

from collections.abc import Mapping, Sequence
from typing import Any

from transforms.spacy_pipelines import pipeline
from transforms.text.languages import language_of
from transforms.text.spacy_labels import UNUSED, names_in
from transforms.text.tagger import Span, tagger
from transforms.text.tokens import is_english


class SpacyNames:
    """Finds names with one spaCy pipeline."""

    tier = "spacy"

    def __init__(self, model: str) -> None:
        """model: a pipeline's name or path, as `spacy.load` takes it."""
        self._model = model

    def spans(self, stories: Sequence[Mapping[str, Any]]) -> list[list[Span] | None]:
        """The names of each story's body, in order, none overlapping; None for a story that is not of the pipeline's language, or longer
        than it takes."""
        loaded = pipeline(self._model)
        nlp = loaded.nlp
        found: list[list[Span] | None] = [None] * len(stories)
        bodies = [story.get("body") or "" for story in stories]
        chosen = [
            at
            for at, story in enumerate(stories)
            if len(bodies[at]) <= nlp.max_length and _language(story, bodies[at], nlp.lang) == nlp.lang
        ]
        with loaded.docs([bodies[at] for at in chosen], UNUSED) as docs:
            for at, doc in zip(chosen, docs, strict=True):
                found[at] = tagger().agreed(bodies[at], names_in(doc, bodies[at]))
        return found


def _language(story: Mapping[str, Any], body: str, wanted: str) -> str | None:
    """The language of a story as far as it matters: English by its small words, which are surer than a guess."""
    if is_english(body, story.get("language")):
        return "en"
    given = story.get("language") or language_of(body)
    code = given.partition("-")[0].lower() if given else None
    return None if wanted == "en" else code
