"""One run over all, many runs in any order and a backfill from the newest to the oldest make the same lake of the generated stories."""

import gzip
import json
import os
import random

import pytest

from pipelines import ingest, runs
from pipelines.lake import open_lake
from pipelines.options import settings_from
from tests.quality import gold
from transforms.text.relations import STATE

LONG = bool(os.environ.get("WIRELAKE_LONG"))
CLUSTERS = 4_000 if LONG else 220
RUNS = 12 if LONG else 4
STATES = f"select story_id, {', '.join(STATE)} from stories order by story_id"


@pytest.fixture(scope="module")
def stories():
    """Lines of whole clusters and of hard negatives, by the time of publication."""
    lines = gzip.decompress(gold.path("dedup/generated_dev.jsonl.gz").read_bytes()).splitlines(keepends=True)
    rows = [(json.loads(line), line) for line in lines]
    several = sorted({row["cluster"] for row, _ in rows if row["relation"] not in ("single", "original")})
    chosen = set(random.Random(7).sample(several, min(CLUSTERS, len(several))))
    kept = [(row["published"], line) for row, line in rows if row["cluster"] in chosen]
    return [line for _, line in sorted(kept)]


@pytest.fixture(scope="module")
def whole(stories, tmp_path_factory):
    return states(tmp_path_factory.mktemp("whole"), [stories])


def states(folder, batches):
    for number, batch in enumerate(batches):
        file = folder / f"{number}.jsonl"
        file.write_bytes(b"".join(batch))
        runs.ingest(settings_from([str(file)], lake=str(folder / "lake")))
    lake = open_lake(folder / "lake")
    try:
        return lake.connection.sql(STATES).fetchall()
    finally:
        lake.close()


def cut(lines):
    size = -(-len(lines) // RUNS)
    return [lines[start : start + size] for start in range(0, len(lines), size)]


def test_the_sample_holds_every_relation(whole):
    relations = {row[4] for row in whole}
    assert relations >= {None, "republication", "version"}
    assert len({row[1] for row in whole}) < len(whole)


def test_a_backfill_from_the_newest_to_the_oldest_is_equal(stories, whole, tmp_path):
    assert states(tmp_path, cut(stories[::-1])) == whole


@pytest.mark.parametrize("seed", range(3 if LONG else 1))
def test_runs_in_any_order_are_equal(stories, whole, tmp_path, seed):
    shuffled = random.Random(seed).sample(stories, len(stories))
    assert states(tmp_path, cut(shuffled)) == whole


def test_stories_told_apart_by_lots_are_equal(stories, whole, tmp_path, monkeypatch):
    monkeypatch.setattr(ingest, "_LOT_BYTES", 2**12)
    shuffled = random.Random(5).sample(stories, len(stories))
    assert ingest._digits(sum(map(len, stories)) // 2) == 2
    assert states(tmp_path, [shuffled[::2], shuffled[1::2]]) == whole
