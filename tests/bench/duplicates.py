"""Duplicates beside what others use: `python tests/bench/duplicates.py [--stories FILE]`.

Signs, joins and verifies the stories of a file (by default the generated ones of `../shared/eval/dedup`, cleaned as `ingest` cleans them)
and prints stories a second and, where rows have a `cluster`, how well they are put together: pairwise F1, and the share of stories that
belong to nobody and were joined with something. Beside it, in the same run and on the same texts, what is installed of the peers:
datasketch and rensa (MinHash of word 5-grams, Jaccard .5), and datasketch with the parameters of datatrove (5-grams, 14 buckets of 8).
`pip install datasketch rensa` puts them there."""

import argparse
import collections
import dataclasses
import datetime as dt
import gzip
import importlib.util
import json
import pathlib
import re
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

ROOT = pathlib.Path(__file__).resolve().parents[2]
GOLD = ROOT.parent / "shared" / "eval" / "dedup" / "generated_dev.jsonl.gz"
NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
GRAM = 5

Pairs = Iterable[tuple[int, int]]


@dataclasses.dataclass(frozen=True)
class Story:
    """A cleaned story, the row that its sketch is kept in, and what is known of it."""

    text: str
    sketch: dict[str, Any]
    cluster: str | None
    is_alone: bool


def main(arguments: list[str] | None = None) -> int:
    """Runs the bench; the exit code."""
    parser = argparse.ArgumentParser(description="Duplicates found, and how fast, beside other tools.")
    parser.add_argument(
        "--stories", type=pathlib.Path, default=GOLD, help="JSON lines, gzipped or not; `cluster` and `relation` are used where there"
    )
    options = parser.parse_args(arguments)
    if not options.stories.exists():
        print(f"{options.stories} is not there: name a file of stories")
        return 2
    sys.path.insert(0, str(ROOT))
    stories = list(cleaned(options.stories))
    print(f"{len(stories):,} stories of {sum(len(story.text.split()) for story in stories) / len(stories):.0f} words")
    for name, find in found_tools():
        find(stories[:200])  # compiled, imported
        started = time.process_time()
        pairs = list(find(stories))
        print(f"{name:<44} {len(stories) / (time.process_time() - started):9,.0f} stories/s a core   {quality(stories, pairs)}", flush=True)
    return 0


def cleaned(path: pathlib.Path) -> Iterable[Story]:
    """The stories of a file as the pipeline has them, without what it refuses."""
    from schemas import Origin
    from transforms.text import cleaning, formats
    from transforms.text.parsed import RefusedError

    data = path.read_bytes()
    for number, line in enumerate((gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).splitlines()):
        given = json.loads(line)
        try:
            (parsed,) = formats.parse(line, "stories.jsonl")
            row = cleaning.clean(parsed, Origin(source_uri="", received_at=NOW), NOW)
        except RefusedError:
            continue
        alone = given.get("relation") in ("hardneg", "single")
        yield Story(f"{row['headline'] or ''}\n{row['body']}", {**row, "story_id": f"{number:032x}"}, given.get("cluster"), alone)


def found_tools() -> Iterable[tuple[str, Callable[[Sequence[Story]], Pairs]]]:
    """Ours, and those of the peers that are installed."""
    yield "wirelake", ours
    if importlib.util.find_spec("datasketch"):
        yield "datasketch, 128 permutations, Jaccard .5", lambda stories: datasketch_pairs(stories, 128, threshold=0.5)
        yield "datasketch, datatrove's 14 buckets of 8", lambda stories: datasketch_pairs(stories, 112, params=(14, 8))
    if importlib.util.find_spec("rensa"):
        yield "rensa, 128 permutations, Jaccard .5", rensa_pairs


def ours(stories: Sequence[Story]) -> Pairs:
    """Sketches, keys, features and verdicts."""
    from transforms.neighbours import ARRAYS, Neighbours, sketch_table
    from transforms.text.sketch import SKETCH_VERSION
    from transforms.text.sketch_kernel import sketches

    found = []
    for start in range(0, len(stories), 256):
        batch = stories[start : start + 256]
        for story, sketch in zip(batch, sketches([(each.sketch["headline"] or "", each.sketch["body"]) for each in batch]), strict=True):
            arrays = {name: getattr(sketch, name).tobytes() for name in ARRAYS}
            chain = {"chain": story.sketch["story_id"], "evolved_chain": None}
            found.append({**story.sketch, **chain, **arrays, "sketch_version": SKETCH_VERSION})
    place = {row["story_id"]: index for index, row in enumerate(found)}
    same, _ = Neighbours.of(sketch_table(found)).related(set(place))
    return [(place[one], place[other]) for one, other in same]


def grams(text: str) -> set[str]:
    """Word 5-grams in lower case, as the peers' own guides make them."""
    words = re.findall(r"\w+", text.lower())
    return {" ".join(words[index : index + GRAM]) for index in range(max(1, len(words) - GRAM + 1))}


def datasketch_pairs(stories: Sequence[Story], permutations: int, **how: Any) -> Pairs:
    """Pairs that datasketch's index returns."""
    from datasketch import MinHash, MinHashLSH  # type: ignore[import-not-found]

    index = MinHashLSH(num_perm=permutations, **how)
    for number, story in enumerate(stories):
        signature = MinHash(num_perm=permutations)
        signature.update_batch([gram.encode() for gram in grams(story.text)])
        yield from ((int(other), number) for other in index.query(signature))
        index.insert(str(number), signature)


def rensa_pairs(stories: Sequence[Story]) -> Pairs:
    """Pairs that share a band of rensa's index and are as alike by its estimate."""
    from rensa import RMinHash, RMinHashLSH  # type: ignore[import-not-found]

    index = RMinHashLSH(threshold=0.5, num_perm=128, num_bands=32)
    signatures = []
    for number, story in enumerate(stories):
        signature = RMinHash(num_perm=128, seed=42)
        signature.update(list(grams(story.text)))
        yield from ((other, number) for other in index.query(signature) if signatures[other].jaccard(signature) >= 0.5)
        index.insert(number, signature)
        signatures.append(signature)


def quality(stories: Sequence[Story], pairs: Pairs) -> str:
    """Pairwise F1 of the clusters that pairs make, and the share of lone stories in a cluster with others; empty without gold."""
    if any(story.cluster is None for story in stories):
        return ""
    parent = list(range(len(stories)))

    def root(number: int) -> int:
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    for one, other in pairs:
        parent[root(one)] = root(other)
    made = collections.Counter(root(number) for number in range(len(stories)))
    gold = collections.Counter(story.cluster for story in stories)
    both = collections.Counter((root(number), story.cluster) for number, story in enumerate(stories))
    right, found, wanted = (sum(count * (count - 1) / 2 for count in counts.values()) for counts in (both, made, gold))
    lone = [number for number, story in enumerate(stories) if story.is_alone]
    joined = sum(made[root(number)] > 1 for number in lone) / max(1, len(lone))
    return f"pairwise F1 {2 * right / max(1.0, found + wanted):.3f}   lone stories joined {100 * joined:4.1f} %"


if __name__ == "__main__":
    sys.exit(main())
