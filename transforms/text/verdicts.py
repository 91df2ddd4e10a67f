"""What two sketches' features say: the same story, one that holds the other, or nothing.

The regression's weights and its threshold are models/duplicates.tsv (its card says what they were learnt on). Three rules stand beside
it: how much two texts must have in common, what two of one agency that are mostly figures must agree in, and what makes a roundup."""

import dataclasses
import functools

import numpy as np
import numpy.typing as npt

from transforms.text.pairs import F64, FEATURES, OVERLAP

_FIGURES = 0.12
"""Numbers to a shingle from which on a text is a table: fixings, results, weather (running copy has a third of it)."""

_SAME_FIGURES = 0.6
"""Share of all their numbers in which two such texts of one agency must agree: the next hour's has other ones."""

_HELD = 0.7
_HALF_AS_LONG = 0.5
_OTHER_LEAD = 0.3
_OTHER_HEADLINE = 0.5
_ENOUGH = np.log1p(12)
"""A roundup holds most of another story that is half as long or less, of a dozen shingles (about forty words) and more, and begins and is
titled otherwise: a paper that cuts a story keeps its beginning or its title."""

Flags = npt.NDArray[np.bool_]
_COLUMN = {name: index for index, name in enumerate(FEATURES)}


@dataclasses.dataclass(frozen=True)
class Model:
    """The regression: a weight for each of the features that have one, the intercept, and the least probability of a duplicate."""

    weights: F64
    intercept: float
    threshold: float


@functools.cache
def model() -> Model:
    """The model of the package."""
    from transforms.text.gazetteer import rows

    table = {row[0]: float(row[1]) for row in rows("transforms.models", "duplicates.tsv")}
    return Model(np.array([table.get(name, 0.0) for name in FEATURES]), table["intercept"], table["threshold"])


def similarity(features: F64) -> F64:
    """The probability (0..1) of each pair that both are one story."""
    found = model()
    return 1.0 / (1.0 + np.exp(-(features @ found.weights + found.intercept)))


def same_story(features: F64, probability: F64, linked: Flags) -> Flags:
    """Which pairs are one story told again; of `linked` ones the wire says so, and their texts need only overlap, as all must."""
    overlap = features[:, _COLUMN["containment"]] >= OVERLAP
    return overlap & ((probability >= model().threshold) | linked) & ~templates_differ(features) & ~contains(features)


def templates_differ(features: F64) -> Flags:
    """Which pairs are two fillings of one agency's template: their headlines have other numbers, or they are tables of other figures.

    A headline that says that it is a version (UPDATE 2, CORRECTED) may change its figures."""
    one_agency = features[:, _COLUMN["same_provider"]] > 0
    other_headline = features[:, _COLUMN["headline_numbers_missing"]] > 0
    tables = features[:, _COLUMN["numbers_density"]] > _FIGURES
    other_figures = features[:, _COLUMN["numbers_jaccard"]] < _SAME_FIGURES
    unmarked = features[:, _COLUMN["marked"]] == 0
    return one_agency & unmarked & (other_headline | (tables & other_figures))


def contains(features: F64) -> Flags:
    """Which pairs are a roundup and a story that it holds: related, not one."""
    return (
        (features[:, _COLUMN["containment"]] >= _HELD)
        & (features[:, _COLUMN["size_ratio"]] <= _HALF_AS_LONG)
        & (features[:, _COLUMN["lead"]] < _OTHER_LEAD)
        & (features[:, _COLUMN["headline_least"]] < _OTHER_HEADLINE)
        & (features[:, _COLUMN["log_smaller"]] >= _ENOUGH)
    )
