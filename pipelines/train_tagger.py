"""Trains the tagger of English names: `python -m pipelines.train_tagger --help`.

Two steps, so that the slow one is done once: `teach` has a spaCy pipeline label texts (needs the extra `spacy`), `fit` fits the weights to
those labels. The same inputs give the same bytes on the same machine."""

import argparse
import gzip
import json
import logging
import pathlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from pipelines import tagger_examples, tagger_fit, tagger_swaps, tagger_teacher, tagger_words
from transforms.text.tagger import MODEL, Tagger
from transforms.text.tagger_kernel import LABELS

BITS = 18
"""The weights have 2**18 rows: one more doubles them for 0.2 points."""
SEED = 0
COPIES = 0.5
"""Share of the texts that are learnt once more with other names."""
OUT = pathlib.Path(__file__).parents[1] / "transforms" / "models" / MODEL

_log = logging.getLogger("train_tagger")


def teach(model: str, texts: Sequence[pathlib.Path], folder: pathlib.Path) -> None:
    """Writes to `folder` what a spaCy pipeline finds in texts (labels.jsonl.gz: {id, text, ents}) and the classes of its words.

    model: a pipeline's path or name, with word vectors. texts: files of JSON lines with `text`, gzipped or not."""
    folder.mkdir(parents=True, exist_ok=True)
    nlp = tagger_teacher.load_teacher(model)
    with gzip.GzipFile(folder / tagger_teacher.LABELS, "wb", mtime=0) as out:
        for number, row in enumerate(tagger_teacher.taught(nlp, tagger_teacher.texts_of(texts)), 1):
            out.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
            if number % 1000 == 0:
                _log.info("%d texts", number)
    words, rows = tagger_teacher.word_vectors(nlp)
    fine, coarse = tagger_words.word_classes(np.asarray(nlp.vocab.vectors.data, np.float32))
    np.savez_compressed(folder / tagger_teacher.CLASSES, words=np.array(words), fine=fine[rows].astype(np.uint16), coarse=coarse)


def fit(folder: pathlib.Path, out: pathlib.Path) -> None:
    """Fits the tagger to the labels in `folder`, which `teach` wrote, and writes the model file `out`."""
    with np.load(folder / tagger_teacher.CLASSES, allow_pickle=False) as classes:
        words = tagger_words.word_table(dict(zip(classes["words"].tolist(), classes["fine"].tolist(), strict=True)))
        arrays: dict[str, Any] = {**words, "coarse": classes["coarse"].astype(np.uint8)}
    empty: dict[str, Any] = {"weights": np.zeros((1, LABELS), np.int8), "moves": np.zeros((LABELS, LABELS), np.int32)}
    tables = Tagger.of({**arrays, **empty})
    chance = np.random.default_rng(SEED)
    names = tagger_swaps.Names(chance)
    documents = []
    with gzip.open(folder / tagger_teacher.LABELS, "rt", encoding="utf-8") as rows:
        for line in rows:
            row = json.loads(line)
            text, entities = tagger_examples.joined(row["text"], chance), row["ents"]
            documents.append(tagger_examples.document(text, entities, (tables.keys, tables.table), BITS))
            if chance.random() < COPIES:
                copy = tagger_swaps.swapped(text, entities, names)
                documents.append(tagger_examples.document(*copy, (tables.keys, tables.table), BITS))
    _log.info("%d texts and copies, %d tokens near capitals", len(documents), sum(len(d.ends) for d in documents))
    weights, moves = tagger_fit.quantised(*tagger_fit.fit(documents, BITS, SEED))
    np.savez_compressed(out, weights=weights, moves=moves, **arrays)
    _log.info("%s: %.1f MB", out, out.stat().st_size / 1e6)


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs one step."""
    parser = argparse.ArgumentParser(prog="python -m pipelines.train_tagger", description=__doc__.partition("\n")[0] if __doc__ else None)
    steps = parser.add_subparsers(dest="step", required=True)
    step = steps.add_parser("teach", help="label texts with a spaCy pipeline (about 2 minutes for a million words)")
    step.add_argument("--model", required=True, help="a spaCy pipeline with vectors, by path or name; its licence must let labels go on")
    step.add_argument("--labels", required=True, type=pathlib.Path, metavar="DIR", help="the folder to write to")
    step.add_argument("texts", nargs="+", type=pathlib.Path, metavar="FILE", help="JSON lines with `text`, gzipped or not")
    step = steps.add_parser("fit", help="fit the weights to those labels (about 5 minutes on one core)")
    step.add_argument("--labels", required=True, type=pathlib.Path, metavar="DIR", help="the folder that `teach` wrote")
    step.add_argument("--out", default=OUT, type=pathlib.Path, metavar="FILE", help="the model file; by default the package's own")
    given = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    if given.step == "teach":
        teach(given.model, given.texts, given.labels)
    else:
        fit(given.labels, given.out)


if __name__ == "__main__":
    main()
