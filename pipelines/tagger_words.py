"""The words that the tagger knows: what the package's lists say of them, and their class by use."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from transforms.text import tagger_features as bits
from transforms.text.gazetteer import entries, people_names
from transforms.text.lexicons import facility_words, org_words, titles, word_list
from transforms.text.tagger import token_offsets, word_hash

MOST_WORDS = 3
"""Words of the longest name of a place that is looked up."""
ROUNDS = 25
"""Rounds of k-means; the classes hardly change after twenty."""
_PLACES = {"country": bits.COUNTRY, "demonym": bits.DEMONYM, "region": bits.REGION, "city": bits.CITY, "metonym": bits.METONYM}

Floats = npt.NDArray[np.float32]


def _listed() -> Iterator[tuple[str, int]]:
    """Names and words of the package's lists, each with its bit."""
    for name, entry in entries().items():
        if entry is not None:
            for sense in entry.senses:
                yield name, _PLACES[sense.kind]
    for name, kinds in people_names().items():
        yield name, (bits.GIVEN if "g" in kinds else 0) | (bits.SURNAME if "s" in kinds else 0)
    for place, bit in (("last", bits.ORG_LAST), ("suffix", bits.SUFFIX), ("first", bits.ORG_FIRST)):
        yield from ((word, bit) for word in org_words(place))
    yield from ((word, bits.TITLE) for word in titles())
    yield from ((word, bits.FACILITY) for word in facility_words())
    for name, bit in (("english_words.txt", bits.ENGLISH), ("function_words.txt", bits.FUNCTION), ("role_nouns.txt", bits.ROLE)):
        yield from ((word, bit) for word in word_list(name))


def word_table(classes: Mapping[str, int]) -> dict[str, npt.NDArray[Any]]:
    """The table of words as arrays of a model file: `hashes` (upper halves, in order, as differences), `lists` (their bits), `fine`.

    classes: word in lower case -> its fine class."""
    lists: dict[int, int] = defaultdict(int)
    fine: dict[int, int] = defaultdict(int)
    for name, bit in _listed():
        if len(token_offsets(name)) <= MOST_WORDS:
            lists[int(word_hash(name)) >> 32] |= bit
    for word, number in classes.items():
        fine[int(word_hash(word)) >> 32] = number
    keys = sorted({*lists, *fine} - {0})
    return {
        "hashes": np.diff(np.array(keys, np.uint64), prepend=np.uint64(0)).astype(np.uint32),
        "lists": np.array([lists.get(key, 0) for key in keys], np.uint16),
        "fine": np.array([fine.get(key, 0) for key in keys], np.uint16),
    }


def classes_of(vectors: Floats, number: int, seed: int) -> tuple[npt.NDArray[np.int64], Floats]:
    """Classes of vectors by the direction they point in (k-means on the sphere), 0 to number - 1, and their centres."""
    chance = np.random.default_rng(seed)
    rows = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
    centres = rows[chance.choice(len(rows), number, replace=False)]
    best = np.zeros(len(rows), np.int64)
    for _ in range(ROUNDS):
        best = np.argmax(rows @ centres.T, axis=1)
        totals = np.zeros_like(centres)
        np.add.at(totals, best, rows)
        empty = np.bincount(best, minlength=number) == 0
        totals[empty] = rows[chance.choice(len(rows), int(empty.sum()), replace=False)]
        centres = totals / np.maximum(np.linalg.norm(totals, axis=1, keepdims=True), 1e-6)
    return best, centres.astype(np.float32)


def word_classes(vectors: Floats) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Fine class of each vector, from 1 on, and the coarse class of each fine one (both have 0 for words that are not known)."""
    fine, centres = classes_of(vectors, bits.FINE - 1, seed=0)
    coarse, _ = classes_of(centres, bits.COARSE - 1, seed=1)
    return fine + 1, np.concatenate(([0], coarse + 1))
