"""The language of a text, by py3langid (BSD; a naive Bayes model over byte n-grams for 100 languages)."""

import functools
from typing import Any

_ENOUGH = 300
"""Characters fed to the model: on 1,000 stories two answers differ from those of 600 characters, which cost 1.7 times as much."""

_LEAST = 20
"""Letters below which the model guesses at random ('AFP', 'MORE')."""

_SURE = 0.4
"""Least probability of the first guess; below it the text is no running text of one language (tables, codes, three words)."""

_DOUBTED = {"pcm": 0.9, "zxx": 2.0}
"""Labels that need more: Nigerian Pidgin is what tables of English abbreviations look like ('Shr 41 cts vs 35 cts'), and `zxx`
stands for no language at all."""


@functools.cache
def _model() -> Any:
    """The model, read once a process: its import and its tables take a tenth of a second."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def language_of(text: str) -> str | None:
    """The ISO 639-1 code of the text's language; None where there is too little to tell."""
    sample = text[:_ENOUGH]
    if sum(map(str.isalpha, sample)) < _LEAST:
        return None
    code, probability = _model().classify(sample)
    return str(code) if probability >= _DOUBTED.get(code, _SURE) else None
