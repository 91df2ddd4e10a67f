"""Speed and quality of names on one core: `python tests/bench/names.py [--seconds 3] [--spacy MODEL] [FILE ...]`.

Each FILE holds JSON lines with `text` (by default the free corpora of `../shared`). Texts go from their characters to entities with
canonical names and countries (`annotate.locate` and `annotate.tag`), over and over, in turns with the names of a spaCy pipeline alone;
the rate is the median of the turns. With --spacy the linked names of Reuters-128 are also scored: ours, the pipeline's, and the pipeline's
after the rules that make the names of a document agree.

Ends with 1 where fewer than 120,000 words a second are read, or fewer than ten times the pipeline's."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from typing import Any

if __package__:
    from tests.bench.rates import ROOT, TEXTS, Reader, options_of, pipeline_of, print_memory, rates
else:  # started as a script
    from rates import ROOT, TEXTS, Reader, options_of, pipeline_of, print_memory, rates

LINKED = TEXTS[1]
LEAST, TIMES = 120_000.0, 10.0
"""Words a second that have to be read, and how many times the peer's that is."""
PEER_TEXTS = 150
"""Texts that the peer reads in one turn: it is slow."""

Entities = list[dict[str, Any]]


def main(arguments: list[str] | None = None) -> int:
    """Runs the bench; the exit code."""
    options = options_of(arguments, "Words a second from text to entities, one core.", "a spaCy pipeline", TEXTS)
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.path.insert(0, str(ROOT))
    from pipelines.tagger_teacher import texts_of

    peer = _peer(options.spacy)
    slow = []
    for path in options.files:
        texts = [row["text"] for row in texts_of([path])]
        ours, *theirs = rates([_reader(_ours, texts), *([_reader(peer, texts[:PEER_TEXTS])] if peer else [])], options.seconds)
        said = f"; spaCy's names alone {theirs[0]:8,.0f} ({ours / theirs[0]:5.1f} times as fast)" if theirs else ""
        print(f"{path.name:<40} {len(texts):5} texts  {ours:9,.0f} words/s{said}", flush=True)
        if ours < LEAST:
            slow.append(f"{path.name}: {ours:,.0f} words a second, fewer than {LEAST:,.0f}")
        if theirs and ours < TIMES * theirs[0]:
            slow.append(f"{path.name}: {ours / theirs[0]:.1f} times the peer's speed, less than {TIMES:g}")
    print_memory()
    if peer and LINKED.exists():
        for name, found in (("ours", _ours), ("spaCy", peer), ("spaCy, made to agree", _agreed(peer))):
            print(f"{name:<22} {linked(found)}", flush=True)
    print("\n".join(slow))
    return 1 if slow else 0


def _reader(found: Callable[[str], object], texts: Sequence[str]) -> Reader:
    return Reader(found, texts, sum(len(text.split()) for text in texts))


def _ours(text: str) -> Entities:
    from transforms.text.annotate import locate, tag

    story = {"body": text}
    rows, _ = tag(story, locate(story))
    return [{"start": row["span_start"], "end": row["span_end"], "type": row["type"]} for row in rows]


def _peer(model: str | None) -> Callable[[str], Entities] | None:
    """The names of a spaCy pipeline, nothing else of it being run."""
    from pipelines.tagger_teacher import load_teacher
    from transforms.text.spacy_labels import names_in

    nlp = pipeline_of(model, load_teacher)
    if nlp is None:
        return None
    return lambda text: [{"start": start, "end": end, "type": kind} for start, end, kind in names_in(nlp(text), text)]


def _agreed(peer: Callable[[str], Entities]) -> Callable[[str], Entities]:
    from transforms.text.tagger import Span, tagger

    def found(text: str) -> Entities:
        return [span._asdict() for span in tagger().agreed(text, [Span(**entity) for entity in peer(text)])]

    return found


def linked(found: Callable[[str], Entities]) -> str:
    """What the scorer says of a tagger's names in Reuters-128."""
    from pipelines.tagger_teacher import texts_of

    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        for row in texts_of([LINKED]):
            file.write(json.dumps({"entities": found(row["text"])}) + "\n")
        file.flush()
        command = [sys.executable, "-B", str(LINKED.parent / "score.py"), str(LINKED), file.name]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
