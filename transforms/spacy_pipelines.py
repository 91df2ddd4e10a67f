"""spaCy pipelines of the user's choice, loaded once in a process, whatever they are used for. The extra `spacy` installs spaCy; a pipeline,
with its licence, is the user's."""

import contextlib
import re
import threading
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from transforms.text.spacy_clauses import UNUSED as UNUSED_BY_CLAUSES
from transforms.text.spacy_labels import UNUSED as UNUSED_BY_NAMES

BATCH = 32
"""Texts that spaCy reads at once."""
_SURROGATES = re.compile("[\ud800-\udfff]")


class Pipeline:
    """A pipeline and the lock under which it is used: Beam's threads share it, and spaCy promises nothing to threads."""

    def __init__(self, model: str) -> None:
        import spacy

        self.nlp = spacy.load(model, exclude=[name for name in UNUSED_BY_NAMES if name in UNUSED_BY_CLAUSES])
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def docs(self, texts: Sequence[str], unused: Collection[str]) -> Iterator[Iterator[Any]]:
        """The texts as the pipeline reads them without the components `unused`, in order; offsets are those of the texts."""
        readable = [_SURROGATES.sub("?", text) for text in texts]
        with self._lock, contextlib.closing(self.nlp.pipe(readable, batch_size=BATCH, disable=list(unused))) as docs:
            yield docs


_loaded: dict[str, Pipeline] = {}
_loading = threading.Lock()


def pipeline(model: str) -> Pipeline:
    """The pipeline of a name or path, as `spacy.load` takes it, which stays in the process; raises what that does.

    Beam's `Shared` would keep one of two alone: names and quotations by different pipelines would load them anew for every batch."""
    with _loading:
        if model not in _loaded:
            _loaded[model] = Pipeline(model)
        return _loaded[model]
