"""Compact: every view says the same before and after, beside readers and writers, and however it ends."""

import datetime as dt
import json
import os
import shutil
import signal
import time

import deltalake
import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines import cli, options, runs
from pipelines.doctor import examine
from pipelines.lake import compact as compacting
from pipelines.lake import durable, merge, open_lake
from pipelines.lake.commit import Plan, commit, staging_folder
from pipelines.lake.compact import compact
from pipelines.lake.parts import stage_part
from pipelines.lake.tables import ALL_TABLES, Tables
from pipelines.metrics import NO_PIECES
from schemas import TABLES
from tests.pipelines import crashing
from tests.pipelines.lines import story, write_lines

LONG = os.environ.get("WIRELAKE_LONG") == "1"
RANDOM_KILLS = 100 if LONG else 6
RUNS = 8
VIEWS = ("stories", "latest", "entities", "quotes", "sketches", "deliveries", "rejected", "raw", "notices", "story_full")
"""Views that no compact may change; of `ids` older rows go, `updates` empties, and `runs` grows."""

NEWEST_IDS = (
    "select * exclude (number) from (select i.*, r.number from ids i join runs r using (run)) "
    "qualify number = max(number) over (partition by story_id)"
)
TOLD = "select * from runs where kind <> 'compact' order by number"


def batch(number):
    """What run `number` takes: a new version of one story, a story of its own, one of the next day, a copy now and then."""
    said = f'"The water rose {number} metres," Mayor Ana Ruiz of Oslo said on Monday.'
    rows = [
        story(f"a{number}", guid="g-a", version=number + 1, dateline="OSLO"),
        story(f"b{number}", guid=f"g-b{number}", dateline="WINDHOEK", body=said),
        story(f"c{number}", guid=f"g-c{number}", dateline="OSLO", published_at="2024-03-05T10:00:00Z"),
    ]
    if number % 3 == 2:
        rows += [{**story("b0"), **batch(0)[1], "id": f"d{number}", "guid": f"g-d{number}"}, "{broken"]
    return rows


def take(lake, source):
    runs.ingest(options.settings_from([str(source)], lake=str(lake), keep_raw=True))


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A lake of `RUNS` runs, and files for some more."""
    home = tmp_path_factory.mktemp("compact")
    files = [write_lines(home / f"{number}.jsonl", batch(number)) for number in range(RUNS + 3)]
    for source in files[:RUNS]:
        take(home / "base", source)
    return {"base": home / "base", "more": files[RUNS:], "before": answers(home / "base")}


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch):
    monkeypatch.setattr(compacting, "_LONGEST_PAUSE", 0.0)


@pytest.fixture
def lake(world, tmp_path):
    shutil.copytree(world["base"], tmp_path / "lake")
    return tmp_path / "lake"


def asked(lake, sql):
    opened = open_lake(lake)
    try:
        return opened.ask(lambda connection: connection.sql(sql).fetchall())
    finally:
        opened.close()


def answers(lake, views=VIEWS):
    """All rows of views, of `ids` and of `runs`, and the names, types and order of their columns."""
    opened = open_lake(lake)
    try:
        return opened.ask(lambda connection: _said(connection, views))
    finally:
        opened.close()


def same_stories(lake, world):
    """Whether the views that a run changes one after the other say what they said: a shorter look than `answers`."""
    said = answers(lake, ("stories", "latest", "deliveries"))
    return said == {name: world["before"][name] for name in said}


def _said(connection, views):
    said = {}
    for name, sql in {**{view: f"from {view}" for view in views}, "ids": NEWEST_IDS, "runs": TOLD}.items():
        relation = connection.sql(sql)
        said[name] = list(zip(relation.columns, map(str, relation.types), strict=True)), sorted(map(repr, relation.fetchall()))
    return said


def globbed(lake, table):
    """The ids in a table as a plain glob reads it."""
    keys = "/".join(f"{key}=*" for key in ALL_TABLES[table].partition_by)
    column = "story_id" if table == "stories" else "delivery_id"
    rows = duckdb.sql(f"select {column} from read_parquet('{lake / table / keys}/*.parquet', hive_partitioning=true)")
    return sorted(row[0] for row in rows.fetchall())


def parts(lake, table):
    return sorted(Tables(lake).part_sizes(table))


def check_whole(lake, world):
    """A lake that is compacted and says what it said."""
    assert answers(lake) == world["before"]
    for table in ("stories", "deliveries"):
        assert globbed(lake, table) == globbed(world["base"], table)
    assert parts(lake, "updates") == []
    assert examine(lake).problems == []


def test_what_is_compacted_here_is_of_every_kind(world):
    """Else the tests below would prove nothing."""
    assert all(rows for name, (_, rows) in world["before"].items() if name != "notices")
    assert asked(world["base"], "select count(*) - count(distinct story_id) > 5, count(*) > 10 from updates") == [(True, True)]
    assert asked(world["base"], "select count(*) - count(distinct story_id) > 5 from ids") == [(True,)]


def test_every_view_says_the_same_and_parts_are_few(lake, world):
    before = {table: parts(lake, table) for table in ALL_TABLES}
    report = compact(str(lake))
    check_whole(lake, world)
    after = {table: parts(lake, table) for table in ALL_TABLES}
    for table, keys in {"stories": 3, "entities": 3, "quotes": 3, "sketches": 3, "updates": 0}.items():
        assert len(after[table]) <= keys < len(before[table]), table
    assert asked(lake, "select count(*) = count(distinct story_id) from ids where chain[1] in (select chain[1] from ids)") == [(True,)]
    assert all(merge.level(path) == merge.LEVELS for path in after["stories"])
    assert asked(lake, "select kind, pieces, stories from runs where number > 8") == [("compact", 0, 0)] * report.runs
    assert report.updates_folded == Tables(world["base"]).dataset("updates").count_rows()
    rewritten = {table: set(before[table]) - set(after[table]) for table in ALL_TABLES}
    assert report.parts_before == sum(map(len, rewritten.values()))
    sizes = {table: Tables(lake).part_sizes(table) for table in ALL_TABLES if table != "runs"}
    assert report.bytes_after >= sum(size for table in sizes for path, size in sizes[table].items() if path not in before[table])


def test_a_second_call_finds_nothing_and_writes_nothing(lake, capsys):
    assert cli.main(["compact", "--lake", str(lake), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["runs"] > 0
    versions, files = Tables(lake).versions(), sorted(lake.rglob("*.*"))
    assert cli.main(["compact", "--lake", str(lake)]) == 0
    assert capsys.readouterr().out == "nothing to compact\n"
    assert Tables(lake).versions() == versions
    assert sorted(lake.rglob("*.*")) == files


def test_a_row_keeps_the_run_that_wrote_it(lake, world):
    compact(str(lake))
    written = "select story_id, run from stories order by 1"
    assert asked(lake, written) == asked(world["base"], written)
    (path, *_) = (lake / "stories").glob("date=*/country=NO/*.parquet")
    assert path.name[:32] not in {run for _, run in asked(lake, written)}


def test_what_comes_later_is_related_as_if_nothing_was_compacted(lake, world, tmp_path):
    shutil.copytree(world["base"], tmp_path / "other")
    related = (
        "select guid, version, cluster_id, is_head, is_latest, relation, related_to, superseded_by from stories order by all",
        "select outcome, story_id, place from deliveries order by all",
    )
    for source in world["more"][:2]:
        compact(str(lake))
        take(lake, source)
        take(tmp_path / "other", source)
        for sql in related:
            assert asked(lake, sql) == asked(tmp_path / "other", sql)
    compact(str(lake))
    assert asked(lake, related[0]) == asked(tmp_path / "other", related[0])


def test_a_date_limits_it_to_its_partitions(lake, world):
    before = {table: parts(lake, table) for table in ALL_TABLES}
    compact(str(lake), date=dt.date(2024, 3, 5))
    after = {table: parts(lake, table) for table in ALL_TABLES}
    for table in ("stories", "sketches"):
        assert [path for path in after[table] if "2024-03-05" not in path] == [path for path in before[table] if "2024-03-05" not in path]
        assert len([path for path in after[table] if "2024-03-05" in path]) == 1
    assert after["updates"] == before["updates"]  # all of them are of the day before
    assert after["deliveries"] == before["deliveries"]
    assert answers(lake) == world["before"]
    compact(str(lake), date=dt.datetime.now(dt.UTC).date())
    assert len(parts(lake, "deliveries")) == len(parts(lake, "raw")) == 1 < len(parts(lake, "stories"))
    assert answers(lake) == world["before"]


def test_a_day_that_goes_on_waits_until_its_parts_are_many(lake, monkeypatch):
    """Receipts are of today; each run left a part."""
    monkeypatch.setattr(compacting, "MANY", RUNS + 1)
    compact(str(lake))
    assert len(parts(lake, "deliveries")) == RUNS
    monkeypatch.setattr(compacting, "MANY", RUNS)
    compact(str(lake))
    assert len(parts(lake, "deliveries")) == 1


def test_runs_that_end_after_every_part_say_the_same_in_between(lake, world, monkeypatch):
    monkeypatch.setattr(compacting, "_TURN_SECONDS", 0.0)
    monkeypatch.setattr(compacting, "_MOST_PARTS", 4)
    run, seen = compacting._Compaction.run, []

    def watched(self):
        done = run(self)
        seen.append(len(parts(lake, "updates")))
        if seen[-1] == 1 or len(seen) % 5 == 0:
            assert same_stories(lake, world)
        return done

    monkeypatch.setattr(compacting._Compaction, "run", watched)
    report = compact(str(lake))
    assert report.runs == len(seen) - 1 > 12
    assert 1 in seen, "no run left updates for the next"
    check_whole(lake, world)


def test_beside_a_feed_it_ends_and_leaves_what_came_since(lake, world, tmp_path, monkeypatch):
    """First older updates are merged, so that a part that it did not know holds rows that are older than those of one that it knew; when
    these are in their stories, new ones come between its runs. The views are those of a lake that is left alone."""
    monkeypatch.setattr(compacting, "_TURN_SECONDS", 0.0)
    shutil.copytree(world["base"], tmp_path / "other")
    for source in world["more"]:
        take(tmp_path / "other", source)
    run, left = compacting._Compaction.run, [*world["more"]]
    last = max(parts(lake, "updates"), key=lambda path: (lake / "updates" / path).stat().st_mtime)

    def beside(self):
        done = run(self)
        if self._turns.own == RUNS + 1:
            merge_updates(lake, last)
        elif left and last not in parts(lake, "updates"):
            assert len(left) < len(world["more"]) or answers(lake, ["stories"])["stories"] == world["before"]["stories"]
            take(lake, left.pop(0))
        return done

    monkeypatch.setattr(compacting._Compaction, "run", beside)
    compact(str(lake))
    assert left == []
    sql = "select * exclude (run, received_at) from stories order by story_id"
    assert asked(lake, sql) == asked(tmp_path / "other", sql)
    assert parts(lake, "updates")
    monkeypatch.undo()
    compact(str(lake))
    assert asked(lake, sql) == asked(tmp_path / "other", sql)
    assert parts(lake, "updates") == []


def merge_updates(lake, but):
    """What a run of `watch` does to crowded partitions, here to all parts but one."""
    with durable.locked(lake, 5):
        tables = Tables(lake)
        run, by_folder = f"{tables.done('runs'):032}", {}
        for path in tables.part_sizes("updates").keys() - {but}:
            by_folder.setdefault(f"updates/{path}".rpartition("/")[0], []).append(f"updates/{path}")
        staging = staging_folder(lake, run)
        new = [stage_part(merge.together(lake, paths), folder, 1, run, staging) for folder, paths in by_folder.items()]
        commit_parts(tables, run, new, [path for paths in by_folder.values() for path in paths])


def commit_parts(tables, run, new, retired):
    commit(tables, Plan(run, "watch", dt.datetime.now(dt.UTC), tuple(new), (), NO_PIECES, tuple(retired)))


def test_an_update_of_a_story_that_is_nowhere_is_kept(lake, world):
    run = "cd" * 16
    with durable.locked(lake, 5):
        tables = Tables(lake)
        (one, *_) = tables.dataset("updates").to_table().to_pylist()
        nowhere = [{**one, "story_id": "0" * 32, "run": run}]
        rows = pa.Table.from_pylist(nowhere, schema=TABLES["updates"].file_schema())
        part = stage_part(rows, f"updates/date={one['date']}/country={one['country']}", 0, run, staging_folder(lake, run))
        commit_parts(tables, run, [part], [])
    compact(str(lake))
    assert asked(lake, "select story_id, run from updates") == [("0" * 32, run)]
    assert answers(lake)["stories"] == world["before"]["stories"]
    assert compact(str(lake)).runs == 0


@pytest.fixture(scope="module")
def steps(world, tmp_path_factory):
    """The steps of the commit of one compact."""
    home = tmp_path_factory.mktemp("steps")
    shutil.copytree(world["base"], home / "lake")
    assert crashing.in_child(crashing.compact_and_count, home / "lake", home / "steps") == 0
    return (home / "steps").read_text().splitlines()


def begun(lake):
    """A compact in a child that has just taken the lock."""
    child = crashing.start(crashing.compact, lake)
    while child.is_alive() and (lake / "_lock").read_text().strip() != str(child.pid):
        time.sleep(0.002)
    return child


def check_after_a_kill(lake, world):
    """What the glob shows twice until the next run is what the run was replacing."""
    assert same_stories(lake, world)
    for table in ("stories", "deliveries"):
        assert set(globbed(lake, table)) == set(globbed(world["base"], table))
    compact(str(lake))
    check_whole(lake, world)


def test_a_kill_at_every_step_of_the_commit_keeps_the_promises(world, steps, tmp_path):
    """In short: of its tables the one that loses its parts, the one that is rewritten with them, and the last but one."""
    seen = set()
    for point, step in enumerate(steps):
        table = step.partition(" ")[2]
        if not LONG and (step in seen or table not in ("", "claim", "updates", "stories", "ids")):
            continue  # the n-th part of a table is like its first
        seen.add(step)
        lake = tmp_path / f"at-{point}"
        shutil.copytree(world["base"], lake)
        assert crashing.in_child(crashing.compact_and_die, lake, point) == -signal.SIGKILL, step
        check_after_a_kill(lake, world)
        shutil.rmtree(lake)
    assert {"claimed", "before updates", "put stories", "after ids", "retired"} <= seen


def test_kills_at_random_moments_keep_the_promises(world, tmp_path):
    shutil.copytree(world["base"], tmp_path / "timed")
    child, at = begun(tmp_path / "timed"), time.monotonic()
    child.join(60)
    seconds = time.monotonic() - at
    kills = crashing.RandomKills(RANDOM_KILLS, 0.9 * seconds, seed=20240619)
    for attempt in kills:
        lake = tmp_path / f"random-{attempt}"
        shutil.copytree(world["base"], lake)
        kills.kill(begun(lake))
        check_after_a_kill(lake, world)
        shutil.rmtree(lake)


def test_a_reader_beside_a_writer_and_a_compact_sees_whole_runs_only(lake, world, tmp_path):
    told = "select guid, version, is_latest, superseded_by, cluster_id, relation, date, country from stories order by all"
    shutil.copytree(world["base"], tmp_path / "other")
    states = [asked(tmp_path / "other", told)]
    for source in world["more"][:2]:
        take(tmp_path / "other", source)
        states.append(asked(tmp_path / "other", told))
    stop = tmp_path / "stop"
    children = [crashing.start(crashing.compact_until, stop, lake), crashing.start(crashing.ingest_each, stop, lake, *world["more"][:2])]
    try:
        at = asked_often = 0
        reader = open_lake(lake)
        while not stop.exists():
            seen = reader.ask(lambda connection: connection.sql(told).fetchall())
            assert seen in states[at:]
            at, asked_often = states.index(seen), asked_often + 1
            reader.refresh()
        reader.close()
    finally:
        stop.touch()
        for child in children:
            child.join(60)
    assert [child.exitcode for child in children] == [0, 0]
    assert asked_often > 5
    assert int(stop.read_text()) > 50
    compact(str(lake))
    assert asked(lake, told) == states[-1]
    assert parts(lake, "updates") == []
    assert examine(lake).problems == []


def test_strays_of_yesterday_go_and_younger_ones_stay(lake, world):
    (live, *_) = sorted((lake / "stories").glob("date=*/country=NO/*.parquet"))
    run = (lake / "runs" / f"{'e' * 32}-1.parquet", next((lake / "runs").glob("*.parquet")))
    young, old = live.with_name("young.parquet"), live.with_name("old.parquet")
    for stray, like in ((young, live), (old, live), run):
        shutil.copy(like, stray)
    yesterday = time.time() - 25 * 3600
    for path in (old, run[0], *(lake / "deliveries").glob("*/*.parquet")):
        os.utime(path, (yesterday, yesterday))
    aside = lake / "_staging" / "_aside-x"
    aside.mkdir(parents=True)
    os.utime(aside, (yesterday, yesterday))
    report = compact(str(lake))
    assert report.strays_removed == 2
    assert report.lines()[-1] == "  2 stray files removed"
    assert young.exists()
    assert not any(path.exists() for path in (old, run[0], aside))
    assert answers(lake) == world["before"]


def aged_logs(lake):
    hours_ago = time.time() - 2 * 3600
    for path in lake.glob("*/_delta_log/*"):
        os.utime(path, (hours_ago, hours_ago))


def test_logs_are_checkpointed_and_what_the_checkpoint_replaces_goes(lake, world):
    kept = deltalake.DeltaTable(str(lake / "stories"))
    compact(str(lake))
    aged_logs(lake)
    assert compact(str(lake)).runs == 0
    for table in ALL_TABLES:
        newest = f"{deltalake.DeltaTable(str(lake / table)).version():020d}"
        log = {path.name for path in (lake / table / "_delta_log").iterdir()}
        assert log == {f"{newest}.json", f"{newest}.checkpoint.parquet", "_last_checkpoint"}, table
    assert answers(lake) == world["before"]
    kept.update_incremental()  # a process that has it open goes on
    assert kept.version() == Tables(lake).version("stories")
    take(lake, world["more"][0])
    assert asked(lake, "select max(version) from stories") == [(RUNS + 1,)]


def rewritten_log(table, change):
    """The first entry of a table's log, its metadata changed: as an older wirelake had made it."""
    path = table / "_delta_log" / f"{0:020d}.json"
    entries = [json.loads(line) for line in path.read_text().splitlines()]
    for entry in entries:
        if "metaData" in entry:
            change(entry["metaData"])
    path.write_text("".join(json.dumps(entry) + "\n" for entry in entries))


def test_tables_of_an_older_lake_get_the_settings_of_today(lake, world):
    for table in ALL_TABLES:
        rewritten_log(lake / table, lambda metadata: metadata["configuration"].pop("delta.logRetentionDuration"))
    compact(str(lake))
    for table in ALL_TABLES:
        today, now = (deltalake.DeltaTable(str(at / table)).metadata().configuration for at in (world["base"], lake))
        assert now == today
    assert answers(lake) == world["before"]


def test_a_lake_without_the_newest_columns_is_compacted(lake, world):
    lost = {"runs": ["other_date", "late"], "deliveries": ["ordering_key", "attributes"]}
    for table, columns in lost.items():
        rewritten_log(lake / table, lambda metadata, columns=columns: _without(metadata, columns))
        for path in (lake / table).rglob("*.parquet"):
            with pq.ParquetFile(path) as part:
                rows = part.read()
            pq.write_table(rows.drop_columns(columns), path)
    compact(str(lake))
    assert asked(lake, "select distinct ordering_key, attributes from deliveries") == [(None, None)]
    others = [view for view in VIEWS if view != "deliveries"]
    said = answers(lake, others)
    assert all(said[view] == world["before"][view] for view in [*others, "ids"])
    kept = "select * exclude (ordering_key, attributes) from deliveries order by delivery_id"
    assert asked(lake, kept) == asked(world["base"], kept)
    assert asked(lake, "select count(*), count(late) from runs where kind = 'ingest'") == [(RUNS, 0)]


def _without(metadata, columns):
    schema = json.loads(metadata["schemaString"])
    schema["fields"] = [field for field in schema["fields"] if field["name"] not in columns]
    metadata["schemaString"] = json.dumps(schema)


def test_exit_codes(lake, tmp_path, capsys):
    assert cli.main(["compact", "--lake", str(tmp_path / "none")]) == 2
    assert not (tmp_path / "none").exists()
    assert cli.main(["compact", "--lake", str(lake), "--date", "tomorrow"]) == 2
    assert cli.main(["compact", "--lake", str(lake), "--lock-wait", "-1"]) == 2
    with durable.locked(lake, 1):
        assert cli.main(["compact", "--lake", str(lake), "--lock-wait", "0"]) == 4
    capsys.readouterr()
    assert cli.main(["compact", "--lake", str(lake), "--quiet"]) == 0
    assert capsys.readouterr().out == ""
