"""Labels to teach the tagger: what a spaCy pipeline finds in texts, made to agree within each document, and classes of its word vectors."""

import gzip
import json
import pathlib
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from transforms.text.spacy_labels import UNUSED, names_in

LABELS, CLASSES = "labels.jsonl.gz", "classes.npz"
_WORD = re.compile(r"[a-z\u00c0-\u024f][a-z0-9\u00c0-\u024f.'&]*")


def texts_of(paths: Sequence[pathlib.Path]) -> Iterator[dict[str, Any]]:
    """Rows {id, text} of files of JSON lines, gzipped or not."""
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                yield {"id": row.get("id"), "text": row["text"]}


def load_teacher(model: str) -> Any:
    """The spaCy pipeline at a path or by a name, with nothing but what its names need."""
    import spacy

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return spacy.load(model, exclude=UNUSED)


def taught(nlp: Any, rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Rows with `ents` {start, end, type} as the pipeline finds them."""
    pairs = ((row["text"], row) for row in rows)
    for doc, row in nlp.pipe(pairs, as_tuples=True, batch_size=64):
        yield {**row, "ents": [{"start": start, "end": end, "type": kind} for start, end, kind in names_in(doc, row["text"])]}


def word_vectors(nlp: Any) -> tuple[list[str], Any]:
    """Words in lower case that the pipeline has vectors for, in order, and the row of each among its vectors."""
    rows: dict[str, int] = {}
    for key, row in nlp.vocab.vectors.key2row.items():
        word = nlp.vocab.strings[key]
        lower = word.lower()
        if _WORD.fullmatch(lower) and (lower == word or lower not in rows):
            rows[lower] = row
    words = sorted(rows)
    return words, [rows[word] for word in words]
