"""Speed and quality of names on one core: `python tests/bench/names.py [--seconds 3] [--spacy MODEL] [FILE ...]`.

Each FILE holds JSON lines with `text` (by default the free corpora of `../shared`). Texts go from their characters to entities with
canonical names and countries (`annotate.locate` and `annotate.tag`), over and over, in turns with the names of a spaCy pipeline alone;
the rate is the median of the turns. With --spacy the linked names of Reuters-128 are also scored: ours, the pipeline's, and the pipeline's
after the rules that make the names of a document agree.

Ends with 1 where fewer than 120,000 words a second are read, or fewer than ten times the pipeline's."""

import argparse
import gzip
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from typing import Any

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
TEXTS = (SHARED / "corpora" / "wikinews_2019_2020_cc_by.jsonl.gz", SHARED / "eval" / "entities" / "linked_reuters128.jsonl.gz")
LINKED = SHARED / "eval" / "entities" / "linked_reuters128.jsonl.gz"
LEAST, TIMES = 120_000.0, 10.0
"""Words a second that have to be read, and how many times the peer's that is."""
PEER_TEXTS = 150
"""Texts that the peer reads in one turn: it is slow."""

Entities = list[dict[str, Any]]


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
        texts = [row["text"] for row in _rows(path)]
        ours, theirs = measure(texts, options.seconds, peer)
        said = f"; spaCy's names alone {theirs:8,.0f} ({ours / theirs:5.1f} times as fast)" if theirs else ""
        print(f"{path.name:<40} {len(texts):5} texts  {ours:9,.0f} words/s{said}", flush=True)
        if ours < LEAST:
            slow.append(f"{path.name}: {ours:,.0f} words a second, fewer than {LEAST:,.0f}")
        if theirs and ours < TIMES * theirs:
            slow.append(f"{path.name}: {ours / theirs:.1f} times the peer's speed, less than {TIMES:g}")
    print(f"memory at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MiB, the peer's included")
    if peer and LINKED.exists():
        for name, found in (("ours", _ours), ("spaCy", peer), ("spaCy, made to agree", _agreed(peer))):
            print(f"{name:<22} {linked(found)}", flush=True)
    print("\n".join(slow))
    return 1 if slow else 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Words a second from text to entities, one core.")
    parser.add_argument("files", nargs="*", type=pathlib.Path, metavar="FILE", help="JSON lines with `text`, gzipped or not")
    parser.add_argument("--seconds", type=float, default=3.0, help="how long each file is measured")
    parser.add_argument("--spacy", metavar="MODEL", help="a spaCy pipeline by name or path, the peer")
    return parser.parse_args(arguments)


def _rows(path: pathlib.Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def measure(texts: Sequence[str], seconds: float, peer: Callable[[str], Entities] | None) -> tuple[float, float | None]:
    """Words a second of ours and of the peer, medians of turns."""
    few = texts[:PEER_TEXTS]
    _turn(few, _ours)
    turns: list[tuple[float, float | None]] = []
    started = time.perf_counter()
    while len(turns) < 3 or time.perf_counter() - started < seconds:
        turns.append((_turn(texts, _ours), _turn(few, peer) if peer else None))
    return statistics.median(rate for rate, _ in turns), statistics.median(rate or 0 for _, rate in turns) or None


def _turn(texts: Sequence[str], found: Callable[[str], object]) -> float:
    words = sum(len(text.split()) for text in texts)
    started = time.process_time()
    for text in texts:
        found(text)
    return words / (time.process_time() - started)


def _ours(text: str) -> Entities:
    from transforms.text.annotate import locate, tag

    story = {"body": text}
    rows, _ = tag(story, locate(story))
    return [{"start": row["span_start"], "end": row["span_end"], "type": row["type"]} for row in rows]


def _peer(model: str | None) -> Callable[[str], Entities] | None:
    """The names of a spaCy pipeline, nothing else of it being run."""
    if model is None:
        print("no peer: name a spaCy pipeline with --spacy to measure beside it")
        return None
    try:
        import spacy
    except ImportError:
        print("no peer: spaCy is not installed")
        return None
    from transforms.spacy_names import UNUSED
    from transforms.text.spacy_labels import SPACY_TYPES, trimmed

    nlp = spacy.load(model, exclude=UNUSED)

    def found(text: str) -> Entities:
        names = [ent for ent in nlp(text).ents if ent.label_ in SPACY_TYPES]
        spans = [(*trimmed(text, ent.start_char, ent.end_char), SPACY_TYPES[ent.label_]) for ent in names]
        return [{"start": start, "end": end, "type": kind} for start, end, kind in spans]

    return found


def _agreed(peer: Callable[[str], Entities]) -> Callable[[str], Entities]:
    from transforms.text.tagger import Span, tagger

    def found(text: str) -> Entities:
        return [span._asdict() for span in tagger().agreed(text, [Span(**entity) for entity in peer(text)])]

    return found


def linked(found: Callable[[str], Entities]) -> str:
    """What the scorer says of a tagger's names in Reuters-128."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        for row in _rows(LINKED):
            file.write(json.dumps({"entities": found(row["text"])}) + "\n")
        file.flush()
        command = [sys.executable, "-B", str(LINKED.parent / "score.py"), str(LINKED), file.name]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
