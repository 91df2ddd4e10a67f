"""The campaign in short, as a command; and that what it checks can fail."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
from collections import Counter

import duckdb
import pytest

from pipelines import options, runs
from pipelines.lake import open_lake
from tests.campaign import checks, feeds, reader, stories

ROOT = pathlib.Path(__file__).resolve().parents[2]
KILLS = 8

BREAKS = {
    "a story twice": "insert into stories from stories limit 1",
    "a version of a story twice": "insert into stories select * replace ('other' as story_id) from stories limit 1",
    "a delivery twice": "insert into deliveries from deliveries limit 1",
    "a piece of an input delivered twice": "insert into deliveries select * replace ('other' as delivery_id) from deliveries limit 1",
    "a story brought by two deliveries": "update deliveries set outcome = 'story' where outcome = 'again'",
    "a delivery of no story": "delete from stories where guid = (select min(guid) from stories)",
    "a story that no delivery brought": "delete from deliveries where outcome = 'story'",
    "a failed delivery without its rejection": "update rejected set delivery_id = 'other'",
    "rejections of no delivery": "insert into rejected from rejected",
    "an entity of no story": "update entities set story_id = 'other'",
    "a quote of no story": "update quotes set story_id = 'other'",
    "an update of no story": "update updates set country = 'XX'",
    "stories and sketches differ": "insert into sketches from sketches",
    "stories and ids differ": "update ids set story_id = 'other'",
    "kept bytes are missing": "delete from raw",
    "numbers of runs have gaps": "update runs set number = 3 where number = 2",
    "a run twice": "update runs set run = 'one'",
    "runs tell of other stories": "update runs set stories = 0",
    "runs tell of other pieces": "update runs set pieces = 0",
    "a row of an unknown run": "update runs set run = 'other' where number = 1",
    "two stories of a cluster are latest": "update latest set cluster_id = 'other'",
    "a cluster without its latest": "delete from latest",
    "an older version is latest": "update stories set version = version + 1",
    "a cluster has not one head": "update stories set is_head = false",
}
"""What makes each check of the views fail."""


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """A lake of two runs, and what it must hold."""
    home = tmp_path_factory.mktemp("campaign")
    feed, taken = stories.messages(7), {}
    for name in ("one.jsonl", "two.jsonl"):
        (home / name).write_bytes(b"".join(next(feed) for _ in range(60)))
        taken[str(home / name), None] = (home / name).read_bytes()
        runs.ingest(options.settings_from([str(home / name)], lake=str(home / "lake"), keep_raw=True))
    return home / "lake", stories.Expected.of(taken)


@pytest.fixture
def lake(sound, tmp_path):
    """A copy of the sound one, to be broken."""
    return shutil.copytree(sound[0], tmp_path / "lake")


def a_part(lake, table="stories"):
    return min(lake.glob(f"{table}/*=*/**/*.parquet"))


def test_a_short_campaign_loses_and_doubles_nothing(tmp_path):
    command = [sys.executable, "-X", "faulthandler", "-m", "tests.campaign"]
    options = ["--kills", str(KILLS), "--json", "--home", str(tmp_path / "home")]
    with subprocess.Popen([*command, *options], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as campaign:
        try:
            out, said = campaign.communicate(timeout=400)
        except subprocess.TimeoutExpired:
            campaign.send_signal(signal.SIGABRT)  # then it says where each of its threads is
            out, said = campaign.communicate()
    skipped = [line for line in said.splitlines() if "skipped:" in line]
    assert campaign.returncode == 0 or (skipped and os.environ.get("CI") != "true"), out + said
    told = json.loads(out)
    assert len(told) + len(skipped) == len(feeds.KINDS)
    for kind, figures in told.items():
        assert figures["verdict"] == {"lost": 0, "doubled": 0, "problems": []}
        assert figures["seen"]["problems"] == []
        assert sum(figures["kills"].values()) == sum(figures["phases"].values()) >= KILLS // len(feeds.KINDS)
        assert set(figures["kills"]) == {kind, "compact"}
        assert figures["messages"] > 10
        assert figures["seen"]["looks"] > 2
        assert figures["seen"]["stories"] > 10
    if skipped:
        pytest.skip("; ".join(skipped))


def test_a_sound_lake_has_no_problem(sound):
    verdict = checks.at_the_end(*sound)
    assert (verdict.lost, verdict.doubled, verdict.problems) == (0, 0, [])


def test_every_check_of_the_views_can_fail(sound):
    assert BREAKS.keys() == checks.VIEWS.keys()
    opened = open_lake(sound[0])
    tables = ("stories", "latest", "deliveries", "rejected", "entities", "quotes", "updates", "sketches", "ids", "raw", "runs")
    kept = {name: opened.connection.sql(f"from {name}").to_arrow_table() for name in tables}
    opened.close()
    for what, statement in BREAKS.items():
        with duckdb.connect() as connection:
            for name, rows in kept.items():
                connection.register(f"_{name}", rows)
                connection.execute(f"create table {name} as from _{name}")
            assert checks.wrong_in_views(connection) == []
            connection.execute(statement)
            assert any(problem.startswith(f"views: {what} (") for problem in checks.wrong_in_views(connection)), what


def test_a_message_that_is_not_there_is_lost_and_one_that_nobody_sent_is_doubled(sound):
    lake, expected = sound
    key = next(iter(expected.pieces))
    more = stories.Expected({**expected.pieces, ("elsewhere", None): 1}, expected.stories | {("TST", "g", 1)}, expected.rejected)
    assert checks.at_the_end(lake, more).lost == 2
    fewer = stories.Expected({**expected.pieces, key: expected.pieces[key] - 1}, expected.stories, expected.rejected - 1)
    verdict = checks.at_the_end(lake, fewer)
    assert (verdict.lost, verdict.doubled) == (0, 1)
    assert [problem.split(":")[0] for problem in verdict.problems] == ["deliveries", "rejected"]


def test_a_part_that_lies_there_twice_is_found_at_the_end(sound, lake):
    part = a_part(lake)
    shutil.copy(part, part.with_name(f"other-{part.name}"))
    verdict = checks.at_the_end(lake, sound[1])
    assert verdict.doubled > 0
    assert {problem.split(":")[0] for problem in verdict.problems} == {"stories", "plain glob of stories", "doctor"}


def test_a_reader_tells_of_rows_that_stay_double_and_not_of_those_being_replaced(lake, monkeypatch):
    part = a_part(lake)
    twin = pathlib.Path(shutil.copy(part, part.with_name(f"other-{part.name}")))
    looking = reader.Reader(lake)
    looking.look()
    looking.look()
    assert (looking.seen.replaced, looking.seen.problems) == (2, [])
    monkeypatch.setattr(reader, "LONGEST_REPLACING", 0.0)
    looking.look()
    assert "twice" in looking.seen.problems[0]
    looking.seen.problems.clear()
    twin.unlink()
    looking.look()
    assert looking.seen.problems == []
    looking.close()


def test_a_reader_tells_of_half_files_and_missing_rows(lake):
    looking = reader.Reader(lake)
    looking.look()
    assert (looking.seen.looks, looking.seen.globs, looking.seen.problems) == (1, 2, [])
    half = a_part(lake).with_name("half.parquet")
    half.write_bytes(a_part(lake).read_bytes()[:-8])
    looking._look_at_glob("stories")
    half.unlink()
    a_part(lake, "deliveries").rename(lake / "away.parquet")
    looking._look_at_glob("deliveries")
    half_file, missing = looking.seen.problems
    assert "plain glob of stories" in half_file
    assert "committed rows are missing" in missing
    looking.close()


def test_a_reader_tells_of_rows_and_runs_that_were_there(lake):
    looking = reader.Reader(lake)
    looking.look()
    looking._known["stories"].add("one more")
    looking._numbers += 1
    looking._look_at_views(looking._lake)
    assert [problem.partition(": ")[2] for problem in looking.seen.problems] == [
        "views: 1 rows of stories were there and are not",
        "views: 3 runs became 2",
    ]
    looking.close()


def test_the_feed_repeats_copies_updates_and_breaks_and_is_the_same_for_a_seed():
    feed = [data for data, _ in zip(stories.messages(5), range(400), strict=False)]
    assert feed == [data for data, _ in zip(stories.messages(5), range(400), strict=False)]
    rows = [row for data in feed for row in stories._parsed(data)]
    named = Counter((row["provider"], row["version"] > 1) for row in rows if row)
    assert min(named["TST", False], named["TST", True], named["OTH", False]) > 10
    assert rows.count(None) > 10
    expected = stories.Expected.of({("feed", str(number)): data for number, data in enumerate(feed)})
    assert expected.rejected == rows.count(None)
    assert len(expected.stories) < sum(named.values())
    assert not any(data.startswith(b"{broken") for data in feed)
