"""Names as spaCy's pipelines find them, and what their labels (OntoNotes' and CoNLL's) mean here."""

from collections.abc import Iterator
from typing import Any

UNUSED = ("tagger", "morphologizer", "parser", "lemmatizer", "trainable_lemmatizer", "attribute_ruler", "senter")
"""Components that no name depends on."""

SPACY_TYPES = {
    "PERSON": "PER",
    "PER": "PER",
    "ORG": "ORG",
    "GPE": "LOC",
    "LOC": "LOC",
    "FAC": "LOC",
    "NORP": "NORP",
    "EVENT": "MISC",
    "LANGUAGE": "MISC",
    "WORK_OF_ART": "MISC",
    "PRODUCT": "MISC",
    "LAW": "MISC",
    "MISC": "MISC",
}
"""Label -> type of an entity; labels of numbers, dates and amounts are no names."""

_ARTICLES = ("the ", "The ", "THE ", "a ", "A ", "An ")
_POSSESSIVES = ("'s", "’s", "'S", "'", "’")


def names_in(doc: Any, text: str) -> Iterator[tuple[int, int, str]]:
    """The names that a pipeline found in a text: start, end, type."""
    for ent in doc.ents:
        if ent.label_ in SPACY_TYPES:
            yield *trimmed(text, ent.start_char, ent.end_char), SPACY_TYPES[ent.label_]


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A span without a leading article, a possessive and white space."""
    for article in _ARTICLES:
        if text.startswith(article, start, end) and end - start > len(article):
            start += len(article)
            break
    for tail in _POSSESSIVES:
        if text.endswith(tail, start, end) and end - start > len(tail):
            end -= len(tail)
            break
    while end > start and text[end - 1].isspace():
        end -= 1
    while start < end and text[start].isspace():
        start += 1
    return start, end
