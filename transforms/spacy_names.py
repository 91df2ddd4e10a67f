"""Names by a spaCy pipeline of the user's choice: the quality tier behind `--entities spacy:MODEL`. The extra `spacy` installs spaCy; the
pipeline, with its licence, is the user's."""

import contextlib
import re
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from apache_beam.utils import shared

from transforms.text.languages import language_of
from transforms.text.spacy_labels import UNUSED, names_in
from transforms.text.tagger import Span, tagger
from transforms.text.tokens import is_english

BATCH = 32
"""Texts that spaCy reads at once."""
_SURROGATES = re.compile("[\ud800-\udfff]")


class _Loaded:
    """A pipeline and the lock under which it is used: Beam's threads share it, and spaCy promises nothing to threads."""

    def __init__(self, model: str) -> None:
        import spacy

        self.nlp = spacy.load(model, exclude=UNUSED)
        self.lock = threading.Lock()


class SpacyNames:
    """Finds names with one spaCy pipeline, which a process loads once, however many workers' threads it has."""

    tier = "spacy"

    def __init__(self, model: str) -> None:
        """model: a pipeline's name or path, as `spacy.load` takes it."""
        self._model = model
        self._shared = shared.Shared()

    def _loaded(self) -> Any:
        return self._shared.acquire(lambda: _Loaded(self._model), tag=self._model)

    def load(self) -> None:
        """Loads the pipeline, so that what is wrong with it fails at once. Raises what `spacy.load` does."""
        self._loaded()

    def spans(self, stories: Sequence[Mapping[str, Any]]) -> list[list[Span] | None]:
        """The names of each story's body, in order, none overlapping; None for a story that is not of the pipeline's language, or longer
        than it takes."""
        loaded = self._loaded()
        nlp = loaded.nlp
        found: list[list[Span] | None] = [None] * len(stories)
        bodies = [story.get("body") or "" for story in stories]
        chosen = [
            at
            for at, story in enumerate(stories)
            if len(bodies[at]) <= nlp.max_length and _language(story, bodies[at], nlp.lang) == nlp.lang
        ]
        texts = [_SURROGATES.sub("?", bodies[at]) for at in chosen]
        with loaded.lock, contextlib.closing(nlp.pipe(texts, batch_size=BATCH)) as docs:
            for at, doc in zip(chosen, docs, strict=True):
                found[at] = tagger().agreed(bodies[at], names_in(doc, bodies[at]))
        return found


def _language(story: Mapping[str, Any], body: str, wanted: str) -> str | None:
    """The language of a story as far as it matters: English by its small words, which are surer than a guess."""
    if is_english(body):
        return "en"
    given = story.get("language") or language_of(body)
    code = given.partition("-")[0].lower() if given else None
    return None if wanted == "en" else code
