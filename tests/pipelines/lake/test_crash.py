"""A writer killed anywhere: what readers see in the middle, and what the next run makes of it."""

import os
import random
import shutil
import signal
import time

import duckdb
import polars
import pytest

from pipelines.doctor import examine
from pipelines.lake import commit, open_lake
from pipelines.lake.tables import ALL_TABLES, Tables
from tests.pipelines import crashing
from tests.pipelines.lines import story, write_lines

LONG = os.environ.get("WIRELAKE_LONG") == "1"
RANDOM_KILLS = 200 if LONG else 10
STORIES_AND_STATE = (
    "select source_id, date, country, headline, cluster_id, is_head, is_latest, relation, related_to, superseded_by "
    "from stories join deliveries using (story_id) order by all"
)


BEFORE = [
    story("a1", guid="g-a", version=1, dateline="OSLO"),
    story("b1", guid="g-b", version=1, dateline="WINDHOEK"),
]
AFTER = [
    story("a2", guid="g-a", version=2, dateline="OSLO", published_at="2024-03-04T11:00:00Z"),
    story("c1", guid="g-c", version=1, body=BEFORE[1]["body"], headline=BEFORE[1]["headline"], published_at="2024-03-04T09:00:00Z"),
    "{broken",
]


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A lake of one run, the file of a second one, the states before and after it, and the steps of its commit."""
    home = tmp_path_factory.mktemp("crash")
    first, second = write_lines(home / "first.jsonl", BEFORE), write_lines(home / "second.jsonl", AFTER)
    assert crashing.in_child(crashing.ingest, home / "base", first) == 0
    before = answers(home / "base")
    shutil.copytree(home / "base", home / "whole")
    begun = time.monotonic()
    assert crashing.in_child(crashing.ingest_and_count, home / "whole", second, home / "steps") == 0
    seconds = time.monotonic() - begun
    return {
        "home": home, "first": first, "second": second, "before": before, "after": answers(home / "whole"),
        "steps": (home / "steps").read_text().splitlines(), "seconds": seconds,
    }  # fmt: skip


def answers(lake):
    """All that the views say, without what differs from run to run."""
    with_lake = open_lake(lake)
    try:
        return {
            "stories": with_lake.connection.sql(STORIES_AND_STATE).fetchall(),
            "latest": with_lake.connection.sql("select headline, version from latest order by all").fetchall(),
            "deliveries": with_lake.connection.sql("select place, outcome, reason from deliveries order by all").fetchall(),
            "rejected": with_lake.connection.sql("select place, reason, stage from rejected order by all").fetchall(),
            "entities": with_lake.connection.sql("select story_id, span_start, text from entities order by all").fetchall(),
            "runs": with_lake.connection.sql("select number, pieces, stories from runs order by all").fetchall(),
        }
    finally:
        with_lake.close()


def glob_rows(lake, table):
    """A table as a plain glob of its Parquet files reads it, `runs` (no partitions) too."""
    keys = ALL_TABLES[table].partition_by
    pattern = "/".join([str(lake / table), *(f"{key}=*" for key in keys), "*.parquet"])
    if not list(lake.glob(f"{table}/{'/'.join(f'{key}=*' for key in keys)}/*.parquet")):
        return []
    columns = "story_id" if table == "stories" else "delivery_id"
    return [row[0] for row in duckdb.sql(f"select {columns} from read_parquet('{pattern}', hive_partitioning=true) order by 1").fetchall()]


def check_in_the_middle(lake, world, committed):
    assert answers(lake) in (world["before"], world["after"])
    for table in ("stories", "deliveries"):
        seen = glob_rows(lake, table)
        assert len(seen) == len(set(seen)), f"{table}: a row twice"
        assert committed[table] <= set(seen), f"{table}: a committed row is missing"


def check_after_the_next_run(lake, world):
    assert crashing.in_child(crashing.ingest, lake, world["second"]) == 0
    assert answers(lake) == world["after"]
    assert sorted(glob_rows(lake, "stories")) == sorted(set(glob_rows(lake, "stories")))
    tables = Tables(lake)
    for table in ALL_TABLES:
        assert polars.read_delta(str(lake / table)).height == tables.dataset(table).count_rows()
    assert examine(lake).problems == []


def committed_rows(lake):
    return {table: set(glob_rows(lake, table)) for table in ("stories", "deliveries")}


def test_the_second_run_changes_older_rows_and_rejects_a_line(world):
    """Else the crashes below would prove nothing about updates and rejections."""
    assert any(step == "put updates" for step in world["steps"])
    assert any(step == "put rejected" for step in world["steps"])
    assert world["before"]["latest"] == [("Harbour a1", 1), ("Harbour b1", 1)]
    assert world["after"]["latest"] == [("Harbour a2", 2), ("Harbour b1", 1)]
    assert len(world["after"]["stories"]) == 4


def test_a_kill_at_every_step_of_the_commit_keeps_the_promises(world, tmp_path):
    assert len(world["steps"]) > 20
    seen = set()
    for point, step in enumerate(world["steps"]):
        if step in seen and not LONG:
            continue  # the n-th part of a table is like its first
        seen.add(step)
        lake = tmp_path / f"at-{point}"
        shutil.copytree(world["home"] / "base", lake)
        committed = committed_rows(lake)
        assert crashing.in_child(crashing.ingest_and_die, lake, world["second"], point) == -signal.SIGKILL, step
        check_in_the_middle(lake, world, committed)
        check_after_the_next_run(lake, world)
        shutil.rmtree(lake)


def test_kills_at_random_moments_keep_the_promises(world, tmp_path):
    kills = crashing.RandomKills(RANDOM_KILLS, 1.1 * world["seconds"], seed=20240619)
    for attempt in kills:
        lake = tmp_path / f"random-{attempt}"
        shutil.copytree(world["home"] / "base", lake)
        committed = committed_rows(lake)
        kills.kill(crashing.start(crashing.ingest, lake, world["second"]))
        check_in_the_middle(lake, world, committed)
        check_after_the_next_run(lake, world)
        shutil.rmtree(lake)


def test_kills_while_a_lake_is_being_made_leave_one_that_the_next_run_completes(world, tmp_path):
    chance = random.Random(19)
    for attempt in range(RANDOM_KILLS // 2):
        lake = tmp_path / f"new-{attempt}"
        child = crashing.start(crashing.ingest, lake, world["first"])
        while child.is_alive() and not (lake / "_lock").exists():
            time.sleep(0.005)
        time.sleep(chance.uniform(0, 0.5))
        child.kill()
        child.join(30)
        assert crashing.in_child(crashing.ingest, lake, world["first"]) == 0
        assert answers(lake) == world["before"]
        assert examine(lake).problems == []


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.8])
def test_a_disk_that_is_full_in_the_commit_ends_in_one_sentence_and_nothing_is_lost(world, tmp_path, share):
    point = int(share * len(world["steps"]))
    shutil.copytree(world["home"] / "base", tmp_path / "lake")
    committed = committed_rows(tmp_path / "lake")
    assert crashing.in_child(crashing.ingest_on_full_disk, tmp_path / "lake", world["second"], point) == 1
    assert "the disk is full" in (tmp_path / "lake.said").read_text()
    check_in_the_middle(tmp_path / "lake", world, committed)
    check_after_the_next_run(tmp_path / "lake", world)


def test_staging_of_a_run_that_was_never_claimed_is_set_aside_and_deleted_after_a_day(world, tmp_path):
    lake = tmp_path / "lake"
    shutil.copytree(world["home"] / "base", lake)
    assert crashing.in_child(crashing.ingest_and_die, lake, world["second"], 0) == -signal.SIGKILL
    (left,) = (lake / "_staging").iterdir()
    assert crashing.in_child(crashing.ingest, lake, world["second"]) == 0
    (aside,) = (lake / "_staging").iterdir()
    assert aside.name == f"_aside-{left.name}"
    yesterday = time.time() - 25 * 3600
    os.utime(aside, (yesterday, yesterday))
    assert crashing.in_child(crashing.ingest, lake, world["second"]) == 0
    assert list((lake / "_staging").iterdir()) == []


def test_staging_of_a_job_that_may_outlive_its_driver_stays_where_it_is_for_a_day(world, tmp_path):
    lake = tmp_path / "lake"
    shutil.copytree(world["home"] / "base", lake)
    assert crashing.in_child(crashing.ingest_and_die, lake, world["second"], 0) == -signal.SIGKILL
    (left,) = (lake / "_staging").iterdir()
    (left / commit.JOB).touch()
    assert crashing.in_child(crashing.ingest, lake, world["second"]) == 0
    assert list((lake / "_staging").iterdir()) == [left]
    assert examine(lake).problems == []
    yesterday = time.time() - 25 * 3600
    os.utime(left, (yesterday, yesterday))
    assert crashing.in_child(crashing.ingest, lake, world["second"]) == 0
    assert list((lake / "_staging").iterdir()) == []
