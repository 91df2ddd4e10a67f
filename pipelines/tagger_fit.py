"""Fitting of the tagger: a linear-chain conditional random field by stochastic gradients (AdaGrad), compiled."""

import dataclasses
from collections.abc import Sequence

import numba as nb
import numpy as np
import numpy.typing as npt

from pipelines.tagger_examples import DOCUMENT_FEATURES, Document, recalled
from transforms.text.tagger_kernel import LABELS, allowed

F32 = npt.NDArray[np.float32]
I8 = npt.NDArray[np.int8]
I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]
U8 = npt.NDArray[np.uint8]

COLUMNS = 24
"""Columns of the weights while they are fitted: the labels, up to a multiple of the processor's step."""
LONGEST = 200
"""Tokens of a stretch that are learnt from; longer ones are lists."""
_FLOOR = np.float32(1e-30)
"""Added to sums of the forward pass, which may vanish for what the model holds impossible."""
_LEAST_STEP = 1e-5
"""A smaller step of a move is none."""
_REFRESH = 16
"""Stretches for which the moves' exponentials are kept: they change slowly."""
FOLDS = 3
FIRST_ROUNDS, ROUNDS = 3, 5
RUNS = 2
"""Fits of different seeds whose weights are averaged."""
RATE, DROPPED, DECAY = 0.2, 0.2, 1e-6


@dataclasses.dataclass(frozen=True, eq=False)
class Examples:
    """The documents side by side: features of each row from ends[row] to ends[row + 1], its document's, its label."""

    features: I32
    ends: I64
    labels: U8
    stretches: I64
    fold: I64
    """Of each stretch."""

    @classmethod
    def of(cls, documents: Sequence[Document], seed: int) -> "Examples":
        """All documents, each in one of FOLDS folds by chance."""
        rows = np.cumsum([0] + [len(d.ends) for d in documents])
        begins = np.cumsum([0] + [len(d.features) for d in documents])
        folds = np.random.default_rng(seed).integers(0, FOLDS, len(documents))
        return cls(
            np.concatenate([d.features for d in documents]),
            np.concatenate([[0], *(d.ends + begin for d, begin in zip(documents, begins[:-1], strict=True))]).astype(np.int64),
            np.concatenate([d.labels[d.near > 0] for d in documents]),
            np.concatenate([d.stretches + row for d, row in zip(documents, rows[:-1], strict=True)]),
            np.repeat(folds, [len(d.stretches) for d in documents]),
        )


@nb.njit(fastmath=True)
def _score(rows: I32, weights: F32, rest: float, score: F32) -> None:
    """Fills one token's score of each label: e to the power of the sum of its features' weights, the greatest sum being 0."""
    width = weights.shape[1]
    score[:] = 0
    for row in rows:
        for k in range(width):
            score[k] += weights[row, k]
    peak = score[0]
    for k in range(LABELS):
        peak = max(peak, score[k])
    for k in range(width):
        score[k] = np.exp((score[k] - peak) * rest) if k < LABELS else 0


@nb.njit(fastmath=True)
def _sums(size: int, score: F32, grown: F32, ahead: F32, behind: F32, total: F32) -> None:
    """The forward and backward sums of a stretch of `size` tokens, scaled so that ahead * behind are the labels' probabilities."""
    for t in range(size):
        total[t] = 0
        for q in range(LABELS):
            value = np.float32(0)
            if t == 0:
                value = grown[0, q]
            else:
                for p in range(LABELS):
                    value += ahead[t - 1, p] * grown[p, q]
            ahead[t, q] = value * score[t, q] + _FLOOR
            total[t] += ahead[t, q]
        for q in range(LABELS):
            ahead[t, q] /= total[t]
    part = _FLOOR
    for p in range(LABELS):
        part += ahead[size - 1, p] * grown[p, 0]
    for p in range(LABELS):
        behind[size - 1, p] = grown[p, 0] / part
    for t in range(size - 2, -1, -1):
        for p in range(LABELS):
            value = np.float32(0)
            for q in range(LABELS):
                value += grown[p, q] * score[t + 1, q] * behind[t + 1, q]
            behind[t, p] = value / total[t + 1]


@nb.njit(fastmath=True)
def _learn(rows: I32, slope: F32, weights: F32, squares: F32, rate: float, decay: float) -> None:
    """One step of AdaGrad for the features of a token."""
    for row in rows:
        for k in range(weights.shape[1]):
            step = slope[k] + decay * weights[row, k]
            squares[row, k] += step * step
            weights[row, k] -= rate * step / np.sqrt(squares[row, k])


@nb.njit(fastmath=True)
def _learn_moves(earlier: int, wanted: int, shares: F32, part: F32, may: F32, moves: F32, squares: F32, rate: float) -> None:
    """The same for the moves to a token. shares[p, q] / part: how probable the move is."""
    for p in range(LABELS):
        for q in range(LABELS):
            if may[p, q] == 0:
                continue
            step = shares[p, q] / part
            if p == earlier and q == wanted:
                step -= 1
            if abs(step) > _LEAST_STEP:
                squares[p, q] += step * step
                moves[p, q] -= rate * step / np.sqrt(squares[p, q])


@nb.njit()
def _kept(features: I32, extra: I32, dropped: float, kept: I32, most: int) -> int:
    """Writes the features that are not dropped by chance from `most` on; how many there are then."""
    for feature in features:
        if np.random.random() >= dropped:
            kept[most] = feature
            most += 1
    for feature in extra:
        if np.random.random() >= dropped:
            kept[most] = feature
            most += 1
    return most


@nb.njit(fastmath=True)
def _round(
    stretches: I64, order: I64, ends: I64, features: I32, extra: I32, labels: U8,
    weights: F32, squares: F32, moves: F32, move_squares: F32, may: F32, rate: float, dropped: float, decay: float, seed: int,
) -> None:  # fmt: skip
    """One round over the stretches in `order`; a number of 2 * stretch + 1 means it with the features of its document."""
    np.random.seed(seed)
    width = weights.shape[1]
    score, ahead, behind = (
        np.zeros((LONGEST, width), np.float32),
        np.zeros((LONGEST, width), np.float32),
        np.zeros((LONGEST, width), np.float32),
    )
    total, slope, grown = np.zeros(LONGEST, np.float32), np.zeros(width, np.float32), np.zeros((LABELS, LABELS), np.float32)
    shares, kept, marks = np.zeros((LABELS, LABELS), np.float32), np.zeros(LONGEST * 100, np.int32), np.zeros(LONGEST + 1, np.int64)
    rest = 1 / (1 - dropped)
    for turn in range(len(order)):
        if turn % _REFRESH == 0:
            grown[:] = np.exp(moves) * may
        stretch, whole = order[turn] >> 1, order[turn] & 1
        begin = stretches[stretch, 0]
        size = min(stretches[stretch, 1] - begin, LONGEST)
        for t in range(size):
            row = begin + t
            own = extra[row] if whole else extra[0, :0]
            marks[t + 1] = _kept(features[ends[row] : ends[row + 1]], own, dropped, kept, marks[t])
            _score(kept[marks[t] : marks[t + 1]], weights, rest, score[t])
        _sums(size, score, grown, ahead, behind, total)
        for t in range(size):
            for k in range(LABELS):
                slope[k] = ahead[t, k] * behind[t, k]
            slope[labels[begin + t]] -= 1
            _learn(kept[marks[t] : marks[t + 1]], slope, weights, squares, rate, decay)
            if t > 0:
                for p in range(LABELS):
                    for q in range(LABELS):
                        shares[p, q] = ahead[t - 1, p] * grown[p, q] * score[t, q] * behind[t, q]
                _learn_moves(labels[begin + t - 1], labels[begin + t], shares, total[t], may, moves, move_squares, rate)


@nb.njit(fastmath=True)
def _best(stretches: I64, chosen: I64, ends: I64, features: I32, weights: F32, moves: F32, may: F32, labels: U8) -> None:
    """Writes the best labels of the chosen stretches, without features of their documents."""
    width = weights.shape[1]
    current, following, score = np.zeros(LABELS, np.float32), np.zeros(LABELS, np.float32), np.zeros(width, np.float32)
    for stretch in chosen:
        begin, end = stretches[stretch]
        back = np.zeros((end - begin, LABELS), np.uint8)
        for row in range(begin, end):
            score[:] = 0
            for j in range(ends[row], ends[row + 1]):
                for k in range(width):
                    score[k] += weights[features[j], k]
            for q in range(LABELS):
                best, kept = np.float32(-1e30), 0
                for p in range(LABELS):
                    if may[p, q] > 0 and (row > begin or p == 0):
                        value = (current[p] if row > begin else np.float32(0)) + moves[p, q]
                        if value > best:
                            best, kept = value, p
                following[q], back[row - begin, q] = best + score[q], kept
            current[:] = following
        best, kept = np.float32(-1e30), 0
        for p in range(LABELS):
            if may[p, 0] > 0 and current[p] + moves[p, 0] > best:
                best, kept = current[p] + moves[p, 0], p
        for row in range(end - 1, begin - 1, -1):
            labels[row] = kept
            kept = back[row - begin, kept]


def _may() -> F32:
    return np.array([[allowed(p, q) for q in range(LABELS)] for p in range(LABELS)], np.float32)


def _fit(given: Examples, extra: I32, visits: I64, bits: int, rounds: int, seed: int) -> tuple[F32, F32]:
    weights, squares = np.zeros((1 << bits, COLUMNS), np.float32), np.ones((1 << bits, COLUMNS), np.float32)
    moves, move_squares = np.zeros((LABELS, LABELS), np.float32), np.ones((LABELS, LABELS), np.float32)
    chance, may = np.random.default_rng(seed), _may()
    for number in range(rounds):
        order = chance.permutation(visits)
        _round(
            given.stretches, order, given.ends, given.features, extra, given.labels,
            weights, squares, moves, move_squares, may, RATE, DROPPED, DECAY, seed * 100 + number,
        )  # fmt: skip
    return weights, moves


def first_labels(given: Examples, bits: int, seed: int) -> U8:
    """The labels of every row by a model that has not seen its document."""
    labels = np.zeros(len(given.labels), np.uint8)
    none = np.zeros((1, DOCUMENT_FEATURES), np.int32)
    for fold in range(FOLDS):
        visits = 2 * np.flatnonzero(given.fold != fold)
        weights, moves = _fit(given, none, visits, bits, FIRST_ROUNDS, seed + fold)
        _best(given.stretches, np.flatnonzero(given.fold == fold), given.ends, given.features, weights, moves, _may(), labels)
    return labels


def fit(documents: Sequence[Document], bits: int, seed: int) -> tuple[F32, F32]:
    """Weights (2**bits rows, a column a label) and moves, fitted to documents with and without what the rest of each says."""
    given = Examples.of(documents, seed)
    first = first_labels(given, bits, seed)
    rows = np.cumsum([0] + [len(d.ends) for d in documents])
    extra = np.concatenate([recalled(d, first[a:b], bits) for d, a, b in zip(documents, rows[:-1], rows[1:], strict=True)])
    fits = [_fit(given, extra, np.arange(2 * len(given.stretches)), bits, ROUNDS, seed + 10 + run) for run in range(RUNS)]
    return sum(weights for weights, _ in fits)[:, :LABELS] / RUNS, sum(moves for _, moves in fits) / RUNS  # type: ignore[index,return-value]


def quantised(weights: F32, moves: F32) -> tuple[I8, I32]:
    """Weights as whole numbers from -127 to 127 and moves in the same scale; the largest ten-thousandth of the weights is cut off."""
    scale = 127 / np.percentile(np.abs(weights[weights != 0]), 99.99)
    return np.clip(np.rint(weights * scale), -127, 127).astype(np.int8), np.rint(moves * scale).astype(np.int32)
