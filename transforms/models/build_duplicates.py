"""Fits models/duplicates.tsv: `python -m transforms.models.build_duplicates GENERATED.jsonl.gz`.

The rows are generated stories with their clusters (`{id, cluster, headline, body, provider, published, ...}`), cleaned as `ingest` cleans
them. All pairs that share a key are examples; the regression is logistic with a quadratic penalty, solved by Newton's method, so that
the same rows give the same table on any machine."""

import datetime as dt
import gzip
import itertools
import json
import pathlib
import sys

import numpy as np

from schemas import Origin, Row
from transforms.text import cleaning, formats
from transforms.text.pairs import F64, FEATURES, I64, Sketches, features, gathered
from transforms.text.relations import WINDOW
from transforms.text.sketch import KEYS
from transforms.text.sketch_kernel import sketches

TABLE = pathlib.Path(__file__).with_name("duplicates.tsv")
THRESHOLD = 0.8
"""Where hard negatives of the development set stay apart (2.3 % are merged) and republications come together (99.5 %)."""

PENALTY = 30.0
"""Of the squared weights of standardised features, on some 18,000 pairs: less of it fits the generator's habits."""

_UNWEIGHTED = frozenset(("numbers_density", "numbers_jaccard", "size_ratio"))
_STEPS = 100
_SETTLED = 1e-9
_BATCH = 256
_NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
_HEAD = """# Weights of the logistic regression by which two stories are one; duplicates.card.md is its card.
# feature	weight
"""


def main(path: str) -> None:
    """Writes the table and prints how the examples come out."""
    given = [json.loads(line) for line in gzip.decompress(pathlib.Path(path).read_bytes()).splitlines()]
    stories = [_cleaned(row) for row in given]
    found = [each for start in range(0, len(stories), _BATCH) for each in sketches([_text(row) for row in stories[start : start + _BATCH]])]
    providers = {name: number for number, name in enumerate(dict.fromkeys(row["provider"] for row in stories))}
    together = gathered(
        found,
        [int(row["published_at"].timestamp()) for row in stories],
        [0] * len(stories),
        [providers[row["provider"]] for row in stories],
        [bool(row["signal"]) for row in stories],
    )
    left, right = _sharing_a_key(together)
    examples = features(together, left, right)
    same = np.array([given[one]["cluster"] == given[other]["cluster"] for one, other in zip(left.tolist(), right.tolist(), strict=True)])
    used = [index for index, name in enumerate(FEATURES) if name not in _UNWEIGHTED]
    weights, intercept = fit(examples[:, used], same.astype(np.float64))
    rows = [
        *((FEATURES[index], weight) for index, weight in zip(used, weights, strict=True)),
        ("intercept", intercept),
        ("threshold", THRESHOLD),
    ]
    TABLE.write_text(_HEAD + "".join(f"{name}\t{value:.4f}\n" for name, value in rows), encoding="utf-8")
    right_ones = ((examples[:, used] @ weights + intercept > np.log(THRESHOLD / (1 - THRESHOLD))) == same).mean()
    print(f"{len(same)} pairs, {same.sum()} of them of one story; {100 * right_ones:.1f} % decided rightly")


def _sharing_a_key(stories: Sketches) -> tuple[I64, I64]:
    """All pairs within the window that share a key, with those that have too little in common to be one story: what strangers look like is
    learnt from them."""
    by_key: dict[int, list[int]] = {}
    for story, first in enumerate(stories.offsets[:, 0].tolist()):
        for key in stories.values[first : min(first + KEYS, stories.offsets[story, 1])].tolist():
            by_key.setdefault(key, []).append(story)
    pairs = {pair for several in by_key.values() for pair in itertools.combinations(several, 2)}
    left, right = np.array(sorted(pairs), np.int64).T
    near = np.abs(stories.published[left] - stories.published[right]) <= WINDOW.total_seconds()
    return left[near], right[near]


def _cleaned(given: Row) -> Row:
    (parsed,) = formats.parse(json.dumps(given).encode(), "generated.jsonl")
    return cleaning.clean(parsed, Origin(source_uri="", received_at=_NOW), _NOW)


def _text(row: Row) -> tuple[str, str]:
    return row["headline"] or "", row["body"]


def fit(examples: F64, same: F64) -> tuple[F64, float]:
    """Weights and intercept of a logistic regression over examples (a row each) and whether each is one story (0 or 1)."""
    mean, spread = examples.mean(0), examples.std(0) + 1e-9
    standard = np.column_stack([(examples - mean) / spread, np.ones(len(examples))])
    penalty = np.eye(standard.shape[1]) * PENALTY
    penalty[-1, -1] = 0
    weights = np.zeros(standard.shape[1])
    for _ in range(_STEPS):
        probability = 1 / (1 + np.exp(-standard @ weights))
        slope = standard.T @ (probability - same) + penalty @ weights
        curve = (standard * (probability * (1 - probability))[:, None]).T @ standard + penalty
        step = np.linalg.solve(curve, slope)
        weights -= step
        if np.abs(step).max() < _SETTLED:
            break
    scaled = weights[:-1] / spread
    return scaled, float(weights[-1] - (scaled * mean).sum())


if __name__ == "__main__":
    main(sys.argv[1])
