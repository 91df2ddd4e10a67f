"""Floors of duplicates: what the exact layer, identifiers and equal texts, puts together."""

import pytest

from pipelines import runs
from pipelines.lake import open_lake
from pipelines.options import settings_from
from tests.quality import gold

STORIES = "dedup/generated_dev.jsonl.gz"
CLUSTERS = "select source_id as id, cluster_id as cluster from deliveries join stories using (story_id)"
SHARES = {"pairwise precision": r"^pairwise P ([\d.]+)", "exact links": r"^ +exact +parent links recovered .* = ([\d.]+)$"}


@pytest.mark.parametrize("floor", gold.floors("dedup"), ids=str)
def test_clusters_hold_their_floors(floor, measured, say):
    gold.hold(floor, measured(floor.corpus), say)


def measure(corpus, folder):
    assert corpus == "generated"
    lake = folder / "lake"
    runs.ingest(settings_from([str(gold.path(STORIES))], lake=str(lake)))
    opened = open_lake(lake)
    try:
        found = opened.connection.sql(CLUSTERS).fetchall()
    finally:
        opened.close()
    printed = gold.scored(STORIES, ({"id": story, "cluster": cluster} for story, cluster in found), folder)
    return {score: 100 * value for score, value in gold.numbers(printed, SHARES).items()}
