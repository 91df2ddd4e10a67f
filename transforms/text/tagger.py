"""The tagger: names of English text and their types, from the code points of the text to spans in one compiled pass.

What it knows is transforms/models/tagger.npz (see tagger.card.md), which `python -m pipelines.train_tagger` writes."""

import dataclasses
import functools
import logging
import zlib
from collections.abc import Callable, Iterable, Mapping
from importlib import resources
from typing import Any, NamedTuple, Self

import numba as nb
import numpy as np
import numpy.typing as npt
from numba.core import event

from transforms.text import consistency, tagger_features, tagger_kernel, tagger_tokens
from transforms.text.consistency import agree, on_tokens, spans_of
from transforms.text.tagger_features import FINE_BITS, LIST_BITS
from transforms.text.tagger_kernel import I8, LABELS, TYPES, WIDTH, label_tokens, tokens_of
from transforms.text.tagger_tokens import (
    ABBREVIATIONS,
    FINAL_ABBREVIATIONS,
    I32,
    U8,
    U32,
    characters,
    codes_of,
    filled,
    hashed,
    hashed_lower,
    mix,
    tokenise,
)

MODEL = "tagger.npz"


class Span(NamedTuple):
    """A name: `text[start:end]`, and its type (PER, ORG, LOC, NORP or MISC)."""

    start: int
    end: int
    type: str


def word_hash(name: str) -> np.uint64:
    """The hash under which the table of words holds a name of one to three words, which are those of the tokeniser."""
    _, lower = characters()
    value = np.uint64(0)
    for index, (start, end) in enumerate(token_offsets(name)):
        word = hashed_lower(codes_of(name), start, end, lower)
        value = np.uint64(mix(np.uint64(value), np.uint64(word))) if index else np.uint64(word)
    return value


@functools.cache
def abbreviations() -> tuple[U32, U32]:
    """The words that keep their full stop, as a table: 1 always, 2 inside sentences."""
    codes = [codes_of(word) for word in (*ABBREVIATIONS, *FINAL_ABBREVIATIONS)]
    hashes = np.array([hashed(code, 0, len(code)) for code in codes], np.uint64)
    return filled(hashes, np.array([1] * len(ABBREVIATIONS) + [2] * len(FINAL_ABBREVIATIONS), np.uint32))


def token_offsets(text: str) -> list[tuple[int, int]]:
    """Where the tokens of a text begin and end."""
    codes = codes_of(text)
    size = len(codes) + 1
    starts, ends = np.empty(size, np.int32), np.empty(size, np.int32)
    count = tokenise(codes, characters()[0], *abbreviations(), starts, ends, np.empty(size, np.uint8), np.empty(size, np.uint8))
    return list(zip(starts[:count].tolist(), ends[:count].tolist(), strict=True))


@dataclasses.dataclass(frozen=True, eq=False)
class Tagger:
    """Weights and tables, ready to tag."""

    weights: I8
    """A row of WIDTH columns for each feature."""
    moves: I32
    """moves[before, after]: what following is worth, in the scale of the weights."""
    keys: U32
    table: U32

    @classmethod
    def of(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> Self:
        """The tagger of the arrays of a model file: `weights`, `moves`, `hashes` and `values` of words, `coarse` classes of fine ones."""
        wide = np.zeros((len(arrays["weights"]), WIDTH), np.int8)
        wide[:, :LABELS] = arrays["weights"]
        values = arrays["lists"].astype(np.uint32)
        fine = arrays["fine"].astype(np.uint32)
        values |= fine << LIST_BITS | arrays["coarse"].astype(np.uint32)[fine] << (LIST_BITS + FINE_BITS)
        # Only the upper halves are kept, and in order: as differences they pack well.
        hashes = np.cumsum(arrays["hashes"].astype(np.uint64)) << np.uint64(32)
        return cls(wide, np.ascontiguousarray(arrays["moves"], np.int32), *filled(hashes, values))

    def spans(self, text: str) -> list[Span]:
        """The names of a text, in order, none overlapping."""
        if not text:
            return []
        found = _tag(codes_of(text), *characters(), *abbreviations(), self.keys, self.table, self.weights, self.moves)
        return [Span(start, end, TYPES[kind]) for start, end, kind in found.tolist()]

    def agreed(self, text: str, spans: Iterable[tuple[int, int, str]]) -> list[Span]:
        """Names that another tagger found in a text, after the rules that make the names of a document agree."""
        given = as_rows(spans)
        if not len(given):
            return []
        found = _agree(codes_of(text), *characters(), *abbreviations(), self.keys, self.table, given)
        return [Span(start, end, TYPES[kind]) for start, end, kind in found.tolist()]


def as_rows(spans: Iterable[tuple[int, int, str]]) -> I32:
    """Names (start, end, type) as rows of whole numbers, sorted."""
    rows = sorted((start, end, TYPES.index(kind)) for start, end, kind in spans)
    return np.array(rows, np.int32).reshape(-1, 3)


def _kernels(stamp: int) -> tuple[Callable[..., I32], Callable[..., I32]]:
    """The compiled functions. stamp: changes with their sources; a variable of the outer function is part of the key under which numba
    keeps compiled code, the sources of what they call are not."""

    @nb.njit(cache=True, nogil=True)
    def tag(text: U32, kinds: U8, lower: U32, short: U32, shorts: U32, keys: U32, table: U32, weights: I8, moves: I32) -> I32:
        """Names as rows of (start, end, type), offsets in characters."""
        assert stamp >= 0  # noqa: S101 - it has to be used to be part of the key
        count, starts, ends, _, breaks, near, forms, small, labels = label_tokens(
            text, kinds, lower, short, shorts, keys, table, weights, moves
        )
        found, spans = spans_of(count, labels, breaks)
        found, spans = agree(count, starts, ends, breaks, near, forms, small, keys, table, found, spans)
        for index in range(found):
            spans[index, 0], spans[index, 1] = starts[spans[index, 0]], ends[spans[index, 1]]
        return spans[:found]

    @nb.njit(cache=True, nogil=True)
    def settle(text: U32, kinds: U8, lower: U32, short: U32, shorts: U32, keys: U32, table: U32, names: I32) -> I32:
        """Names as rows of (start, end, type), made to agree."""
        assert stamp >= 0  # noqa: S101 - as above
        count, starts, ends, _, breaks, forms, small, _, _, near, _, _, _, _, _ = tokens_of(text, kinds, lower, short, shorts, keys, table)
        spans = on_tokens(count, starts, ends, near, names)
        found, spans = agree(count, starts, ends, breaks, near, forms, small, keys, table, len(spans), spans)
        for index in range(found):
            spans[index, 0], spans[index, 1] = starts[spans[index, 0]], ends[spans[index, 1]]
        return spans[:found]

    return tag, settle


def _stamp() -> int:
    """A number that changes with the sources of the compiled functions."""
    sources = (consistency, tagger_features, tagger_kernel, tagger_tokens)
    return zlib.crc32(
        b"".join(resources.files("transforms.text").joinpath(f"{m.__name__.rpartition('.')[2]}.py").read_bytes() for m in sources)
    )


_tag, _agree = _kernels(_stamp())


class Saying(event.Listener):
    """Says, once, that functions are compiled: not that loading takes long, as it does where many processes share the cores."""

    said = False

    def on_start(self, event: event.Event) -> None:
        """A function begins to be compiled."""
        if not self.said:
            logging.getLogger(__name__).warning("compiling the tagger, which is done once on a machine")
        self.said = True

    def on_end(self, event: event.Event) -> None:
        """It has ended, of which nothing is said."""


@functools.cache
def tagger() -> Tagger:
    """The tagger of the package, loaded once a process. Compiles it at the very first use on a machine, and says so."""
    with resources.files("transforms.models").joinpath(MODEL).open("rb") as file:
        loaded = Tagger.of(np.load(file, allow_pickle=False))
    with event.install_listener("numba:compile", Saying()):
        loaded.spans("Kari Berg spoke in Oslo.")
    return loaded
