"""The sample of the generated development set over which equal lakes are shown, and what a lake says of it."""

import gzip
import json
import os
import random

from pipelines import runs
from pipelines.lake import open_lake
from pipelines.options import settings_from
from tests.quality import gold
from transforms.text.relations import STATE

LONG = bool(os.environ.get("WIRELAKE_LONG"))
CLUSTERS = 4_000 if LONG else 220
STATES = f"select story_id, {', '.join(STATE)} from stories order by story_id"


def sample():
    """Lines of whole clusters and of hard negatives, by the time of publication."""
    lines = gzip.decompress(gold.path("dedup/generated_dev.jsonl.gz").read_bytes()).splitlines(keepends=True)
    rows = [(json.loads(line), line) for line in lines]
    several = sorted({row["cluster"] for row, _ in rows if row["relation"] not in ("single", "original")})
    chosen = set(random.Random(7).sample(several, min(CLUSTERS, len(several))))
    kept = [(row["published"], line) for row, line in rows if row["cluster"] in chosen]
    return [line for _, line in sorted(kept)]


def states(folder, batches):
    """(story_id, *STATE) of all stories, after a run for each batch of lines."""
    for number, batch in enumerate(batches):
        file = folder / f"{number}.jsonl"
        file.write_bytes(b"".join(batch))
        runs.ingest(settings_from([str(file)], lake=str(folder / "lake")))
    lake = open_lake(folder / "lake")
    try:
        return lake.connection.sql(STATES).fetchall()
    finally:
        lake.close()
