"""Floors of duplicates: what is put together, and what is kept apart."""

import collections
import datetime as dt

import pytest

from pipelines import runs
from pipelines.lake import open_lake
from pipelines.options import settings_from
from schemas import Origin
from tests.quality import gold
from transforms.neighbours import ARRAYS, Neighbours, sketch_table
from transforms.text import cleaning
from transforms.text.parsed import Parsed, RefusedError
from transforms.text.sketch import SKETCH_VERSION
from transforms.text.sketch_kernel import sketches

GENERATED = "dedup/generated_dev.jsonl.gz"
PAIRS, STORIES_OF_PAIRS = "dedup/real_pairs_dev.jsonl.gz", "dedup/real_pairs_dev_stories.jsonl.gz"
REUTERS = "country/reuters_train.jsonl.gz"
CLUSTERS = "select source_id as id, cluster_id as cluster from deliveries join stories using (story_id)"
SHARES = {
    "pairwise F1": r"^pairwise P .* F1 ([\d.]+)",
    "pairwise precision": r"^pairwise P ([\d.]+)",
    "exact links": r"^ +exact +parent links recovered .* = ([\d.]+)$",
    "republication links": r"^ +republication +parent links recovered .* = ([\d.]+)$",
    "version links": r"^ +version +parent links recovered .* = ([\d.]+)$",
}
MERGED = {"merged": r"hard negatives wrongly merged \(FM\) \d+/\d+ = ([\d.]+)"}


@pytest.mark.parametrize("floor", gold.floors("dedup"), ids=str)
def test_clusters_hold_their_floors(floor, measured, say):
    gold.hold(floor, measured(floor.corpus), say)


def test_templates_of_one_agency_do_not_chain():
    """A year's worth of one agency's fixings, results and tables, with the news between them: no cluster has more than a dozen stories."""
    rows = [row for each in gold.rows(REUTERS) if (row := sketched(each))]
    assert len(rows) > 14_000
    same, _ = Neighbours.of(sketch_table(rows)).related({row["story_id"] for row in rows})
    assert len(same) > 500
    linked = collections.defaultdict(set)
    for one, other in same:
        linked[one].add(other)
        linked[other].add(one)
    assert max(len(reached(story, linked)) for story in linked) <= 12


def sketched(given):
    """A row as `sketches` has it; none for a story without a text or a date."""
    try:
        at = dt.datetime.strptime(given["date"].strip().split(".")[0], "%d-%b-%Y %H:%M:%S").replace(tzinfo=dt.UTC)
        row = cleaning.clean(Parsed(format="jsonl", headline=given["title"], body=given["body"]), Origin(source_uri="", received_at=at), at)
    except (ValueError, RefusedError):
        return None
    story = {**row, "story_id": f"{int(given['id']):032x}", "provider": "Reuters", "published_at": at, "published_precision": "second"}
    (sketch,) = sketches([(row["headline"] or "", row["body"])])
    known = {"chain": story["story_id"], "evolved_chain": None, "sketch_version": SKETCH_VERSION}
    return {**story, **known, **{name: getattr(sketch, name).tobytes() for name in ARRAYS}}


def reached(story, linked):
    found, ahead = {story}, [story]
    while ahead:
        new = linked[ahead.pop()] - found
        found |= new
        ahead += new
    return found


def measure(corpus, folder):
    if corpus == "pairs":
        found = asked(gold.path(STORIES_OF_PAIRS), folder, CLUSTERS)
        printed = gold.scored(PAIRS, ({"id": int(story), "cluster": cluster} for story, cluster in found), folder)
        return {"F1": 100 * gold.numbers(printed, {"F1": r"^real pairs: .* F1 ([\d.]+)"})["F1"]}
    found = asked(gold.path(GENERATED), folder, CLUSTERS)
    printed = gold.scored(GENERATED, ({"id": story, "cluster": cluster} for story, cluster in found), folder)
    shares = {score: 100 * value for score, value in gold.numbers(printed, SHARES).items()}
    return shares | {"hard negatives apart": 100 * (1 - gold.numbers(printed, MERGED)["merged"])}


def asked(source, folder, sql):
    """The answer of a lake of one source."""
    lake = folder / "lake"
    runs.ingest(settings_from([str(source)], lake=str(lake)))
    opened = open_lake(lake)
    try:
        return opened.connection.sql(sql).fetchall()
    finally:
        opened.close()
