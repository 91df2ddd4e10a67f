"""What the benches of names and of quotations share: which texts are read, by whom, and how fast."""

import argparse
import importlib.util
import pathlib
import resource
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
TEXTS = (SHARED / "corpora" / "wikinews_2019_2020_cc_by.jsonl.gz", SHARED / "eval" / "entities" / "linked_reuters128.jsonl.gz")
"""The free corpora."""

_TURNS = 3
"""That each reader takes at least."""
_WARM = 20
"""Items that each reads before it is timed: tables are loaded and code is compiled."""


class Reader(NamedTuple):
    """What is timed: `read` is called with every item, which together have so many `units` (words, tokens)."""

    read: Callable[[Any], object]
    items: Sequence[Any]
    units: int


def rates(readers: Sequence[Reader], seconds: float) -> list[float]:
    """Units a second of processor time for each reader: medians of the turns that they take after one another for some seconds."""
    for reader in readers:
        for item in reader.items[:_WARM]:
            reader.read(item)
    turns: list[list[float]] = []
    started = time.perf_counter()
    while len(turns) < _TURNS or time.perf_counter() - started < seconds:
        turns.append([_turn(reader) for reader in readers])
    return [statistics.median(turn) for turn in zip(*turns, strict=True)]


def _turn(reader: Reader) -> float:
    started = time.process_time()
    for item in reader.items:
        reader.read(item)
    return reader.units / (time.process_time() - started)


def options_of(arguments: list[str] | None, description: str, peer: str, texts: Sequence[pathlib.Path]) -> argparse.Namespace:
    """The options of a bench: `files` (of `texts` those that there are, where none is named), `seconds`, and `spacy`, which names a
    pipeline that is a `peer`. Ends with 2 where there is nothing to measure."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("files", nargs="*", type=pathlib.Path, metavar="FILE", help="JSON lines with `text`, gzipped or not")
    parser.add_argument("--seconds", type=float, default=3.0, help="how long each file is measured")
    parser.add_argument("--spacy", metavar="MODEL", help=f"{peer} by name or path, the peer")
    options = parser.parse_args(arguments)
    options.files = options.files or [path for path in texts if path.exists()]
    if not options.files:
        print("nothing to measure: name a file of JSON lines with `text`")
        sys.exit(2)
    return options


def pipeline_of(model: str | None, load: Callable[[str], Any]) -> Any:
    """The peer's pipeline, if one was named and spaCy is there; None, and says so, where not."""
    if model is None:
        print("no peer: name a spaCy pipeline with --spacy to measure beside it")
        return None
    if importlib.util.find_spec("spacy") is None:
        print("no peer: spaCy is not installed")
        return None
    return load(model)


def print_memory() -> None:
    """The most that the process has held."""
    print(f"memory at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MiB, the peer's included")
