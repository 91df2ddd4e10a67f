"""Speed of quotations on one core: `python tests/bench/quotes.py [--seconds 3] [--spacy MODEL] [FILE ...]`.

Each FILE holds JSON lines with `text` (by default the free corpora of `../shared`, and its annotated quotations). Texts are read over and
over, in turns: by `find_quotes` alone, their names found beforehand; by `annotate`, which finds places and names as well; and with --spacy
by the dependency parser of a spaCy pipeline, without which extractors that rest on a parse find nothing. A rate is the median of the
turns; tokens are words and marks.

Ends with 1 where `find_quotes` reads fewer than 150,000 tokens a second."""

import argparse
import gzip
import json
import os
import pathlib
import re
import resource
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
TEXTS = (
    SHARED / "corpora" / "wikinews_2019_2020_cc_by.jsonl.gz",
    SHARED / "eval" / "entities" / "linked_reuters128.jsonl.gz",
    SHARED / "eval" / "quotes" / "dev.jsonl.gz",
)
LEAST = 150_000.0
"""Tokens a second that have to be read."""
PEER_TEXTS = 20
"""Texts that the peer reads in one turn: it is slow."""
PARSING = ("tok2vec", "transformer", "parser")
"""Components of a spaCy pipeline that a parse depends on."""

_TOKEN = re.compile(r"\w+|[^\w\s]")

Story = dict[str, Any]


def main(arguments: list[str] | None = None) -> int:
    """Runs the bench; the exit code."""
    options = _options(arguments)
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.path.insert(0, str(ROOT))
    files = options.files or [path for path in TEXTS if path.exists()]
    if not files:
        print("nothing to measure: name a file of JSON lines with `text`")
        return 2
    peer = _peer(options.spacy)
    slow = []
    for path in files:
        stories = _stories(path)
        quotes, everything, parse = measure(stories, options.seconds, peer)
        said = f"; spaCy's parse alone {parse:7,.0f} ({quotes / parse:.0f} times as fast)" if parse else ""
        print(f"{path.name:<40} {len(stories):5} texts  {quotes:9,.0f} tokens/s; with names {everything:9,.0f}{said}", flush=True)
        if quotes < LEAST:
            slow.append(f"{path.name}: {quotes:,.0f} tokens a second, fewer than {LEAST:,.0f}")
    print(f"memory at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MiB, the peer's included")
    print("\n".join(slow))
    return 1 if slow else 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Tokens a second from text to quotations, one core.")
    parser.add_argument("files", nargs="*", type=pathlib.Path, metavar="FILE", help="JSON lines with `text`, gzipped or not")
    parser.add_argument("--seconds", type=float, default=3.0, help="how long each file is measured")
    parser.add_argument("--spacy", metavar="MODEL", help="a spaCy pipeline with a parser, by name or path, the peer")
    return parser.parse_args(arguments)


def _stories(path: pathlib.Path) -> list[Story]:
    """The texts of a file with the names found in them."""
    from transforms.text.annotate import locate, tag

    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        stories = [{"body": json.loads(line)["text"]} for line in lines]
    return [{**story, "entities": tag(story, locate(story))[0]} for story in stories]


def measure(stories: Sequence[Story], seconds: float, peer: Callable[[Story], object] | None) -> tuple[float, float, float | None]:
    """Tokens a second of `find_quotes`, of `annotate` and of the peer, medians of turns."""
    few = stories[:PEER_TEXTS]
    for read in (_quotes, _everything, *([peer] if peer else [])):
        _turn(few, read)
    turns: list[tuple[float, float, float]] = []
    started = time.perf_counter()
    while len(turns) < 3 or time.perf_counter() - started < seconds:
        turns.append((_turn(stories, _quotes), _turn(stories, _everything), _turn(few, peer) if peer else 0.0))
    quotes, everything, parse = map(statistics.median, zip(*turns, strict=True))
    return quotes, everything, parse or None


def _turn(stories: Sequence[Story], read: Callable[[Story], object]) -> float:
    tokens = sum(len(_TOKEN.findall(story["body"])) for story in stories)
    started = time.process_time()
    for story in stories:
        read(story)
    return tokens / (time.process_time() - started)


def _quotes(story: Story) -> object:
    from transforms.text.quotes import find_quotes

    return find_quotes(story["body"], story["entities"])


def _everything(story: Story) -> object:
    from transforms.text.annotate import annotate

    return annotate([{"body": story["body"]}])


def _peer(model: str | None) -> Callable[[Story], object] | None:
    """The parser of a spaCy pipeline, nothing else of it being run."""
    if model is None:
        print("no peer: name a spaCy pipeline with --spacy to measure beside it")
        return None
    try:
        import spacy
    except ImportError:
        print("no peer: spaCy is not installed")
        return None
    nlp = spacy.load(model)
    if "parser" not in nlp.pipe_names:
        print(f"no peer: {model} has no parser")
        return None
    nlp.select_pipes(enable=[name for name in PARSING if name in nlp.pipe_names])
    return lambda story: nlp(story["body"])


if __name__ == "__main__":
    sys.exit(main())
