"""Texts with labels as the tagger's features, ready to fit."""

import dataclasses
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numba as nb
import numpy as np
import numpy.typing as npt

from transforms.text.consistency import agree, on_tokens
from transforms.text.tagger import abbreviations, as_rows
from transforms.text.tagger_features import MOST, base_features, document_features, recall
from transforms.text.tagger_kernel import LONGEST, tokens_of
from transforms.text.tagger_tokens import I32, U8, U32, U64, characters, codes_of

I64 = npt.NDArray[np.int64]

DOCUMENT_FEATURES = 7
JOINED = 0.6
"""Share of the line breaks after the end of a sentence that are taken for blanks: corpora with a sentence a line must not teach that
nothing ever stands before a sentence."""
_SENTENCE_END = re.compile(r"(?<=[.!?\"”])\n(?=\S)")


@dataclasses.dataclass(eq=False)
class Document:
    """The tokens of one text near capitals (`rows` of them), and what is kept to look at it as a whole."""

    count: int
    breaks: U8
    near: U8
    opens: U8
    headed: U8
    firsts: I32
    lasts: I32
    shapes: U8
    forms: U64
    small: U64
    labels: U8
    """Of all tokens, what is taught."""
    features: I32
    ends: I64
    """Where the features of each row end."""
    stretches: I64
    """Rows of (first row, row after the last) that are decoded together."""


@nb.njit()
def _extract(
    text: U32, kinds: U8, lower: U32, short: U32, shorts: U32, keys: U32, table: U32, mask: np.uint64
) -> tuple[int, I32, I32, U8, U8, U64, U64, U8, U8, U8, I32, I32, I32, I64, I64]:
    tokens = tokens_of(text, kinds, lower, short, shorts, keys, table)
    count, starts, ends, shapes, breaks, forms, small, _, _, near, opens, headed, _, firsts, lasts = tokens
    rows = 0
    for i in range(count):
        rows += near[i] > 0
    features, stops, stretches = np.empty(rows * MOST, np.int32), np.empty(rows, np.int64), np.empty((rows, 2), np.int64)
    out, row, end, stretch = np.empty(MOST, np.uint64), 0, 0, 0
    for i in range(count):
        if not near[i]:
            continue
        if i > 0 and near[i - 1] and not breaks[i] and row - stretches[stretch - 1, 0] < LONGEST:
            stretches[stretch - 1, 1] = row + 1
        else:
            stretches[stretch, 0], stretches[stretch, 1] = row, row + 1
            stretch += 1
        found = base_features(text, lower, tokens, i, mask, out)
        for index in range(found):
            features[end + index] = np.int32(out[index])
        end += found
        stops[row] = end
        row += 1
    return (
        count, starts, ends, breaks, shapes, forms, small, near, opens, headed, firsts, lasts,
        features[:end].copy(), stops, stretches[:stretch].copy(),
    )  # fmt: skip


@nb.njit()
def _recalled(
    count: int,
    forms: U64,
    small: U64,
    shapes: U8,
    labels: U8,
    breaks: U8,
    near: U8,
    opens: U8,
    headed: U8,
    firsts: I32,
    lasts: I32,
    mask: np.uint64,
) -> I32:
    elsewhere, longer, out = np.empty(count, np.uint8), np.empty(count, np.uint8), np.empty(MOST, np.uint64)
    recall(count, forms, small, shapes, labels, elsewhere, longer)
    found = np.empty((count, DOCUMENT_FEATURES), np.int32)
    row = 0
    for i in range(count):
        if near[i]:
            document_features(count, breaks, firsts, lasts, opens, headed, shapes, elsewhere, longer, i, mask, out)
            for index in range(DOCUMENT_FEATURES):
                found[row, index] = np.int32(out[index])
            row += 1
    return found[:row].copy()


def joined(text: str, chance: np.random.Generator) -> str:
    """The text with some of its lines joined to paragraphs; its length stays."""
    return _SENTENCE_END.sub(lambda match: " " if chance.random() < JOINED else "\n", text)


def document(text: str, entities: Sequence[Mapping[str, Any]], table: tuple[U32, U32], bits: int) -> Document:
    """One text and its names ({start, end, type}) as features of 2**bits rows of weights. table: `word_table` as `filled`.

    Names are made to agree first. Those that begin or end inside a token are given the whole of it; what no token near a capital covers is
    left out."""
    count, starts, ends, breaks, shapes, forms, small, near, opens, headed, firsts, lasts, features, stops, stretches = _extract(
        codes_of(text), *characters(), *abbreviations(), *table, np.uint64((1 << bits) - 1)
    )
    given = as_rows([(entity["start"], entity["end"], entity["type"]) for entity in entities])
    given = on_tokens(count, starts, ends, near, given)
    found, agreed = agree(count, starts, ends, breaks, near, forms, small, *table, len(given), given)
    labels = np.zeros(count, np.uint8)
    for first, last, kind in agreed[:found].tolist():
        label = 1 + 4 * kind
        labels[first : last + 1] = label + 1
        labels[first], labels[last] = label, label + 2
        if first == last:
            labels[first] = label + 3
    return Document(count, breaks, near, opens, headed, firsts, lasts, shapes, forms, small, labels, features, stops, stretches)


def recalled(given: Document, labels: U8, bits: int) -> I32:
    """The features of the document for each row, after a first pass that gave `labels` to its rows."""
    whole = np.zeros(given.count, np.uint8)
    whole[given.near > 0] = labels
    return _recalled(
        given.count,
        given.forms,
        given.small,
        given.shapes,
        whole,
        given.breaks,
        given.near,
        given.opens,
        given.headed,
        given.firsts,
        given.lasts,
        np.uint64((1 << bits) - 1),
    )
