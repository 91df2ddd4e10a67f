"""Runs one after another: what is new, what was there, what a later run says about an earlier one's stories."""

import json
import os
import shutil

import duckdb
import pytest
from deltalake import DeltaTable

from pipelines import runs
from pipelines.doctor import examine
from pipelines.errors import LockedError, UsageError, WirelakeError
from pipelines.lake import durable, open_lake, printed_views
from pipelines.lake.tables import Tables
from pipelines.options import settings_from
from pipelines.rounds import Rounds, balanced
from pipelines.runs import ingest
from tests.pipelines import crashing
from tests.pipelines.asking import asked
from tests.pipelines.lines import story, write_lines


@pytest.fixture
def lake(tmp_path):
    return tmp_path / "lake"


def take(lake, *sources, **settings):
    return ingest(settings_from([str(source) for source in sources], lake=str(lake), **settings))


def test_the_same_inputs_again_write_nothing_and_say_so(lake, tmp_path):
    source = write_lines(tmp_path / "a.jsonl", [story("1"), story("2")])
    first = take(lake, source)
    assert (first.pieces, first.stories, first.already) == (2, 2, 0)
    before = {path: path.stat().st_mtime_ns for path in lake.rglob("*") if path.is_file() and path.name != "_lock"}
    again = take(lake, source)
    assert (again.pieces, again.already, again.runs) == (0, 1, [])
    assert "nothing was written" in again.lines()[0]
    assert {path: path.stat().st_mtime_ns for path in lake.rglob("*") if path.is_file() and path.name != "_lock"} == before


def test_a_touched_file_with_the_same_bytes_is_taken_as_before(lake, tmp_path):
    source = write_lines(tmp_path / "a.jsonl", [story("1")])
    take(lake, source)
    os.utime(source, (1, 1))
    again = take(lake, source)
    assert (again.pieces, again.already, again.runs) == (0, 1, [])


def test_a_changed_file_is_read_again_and_old_lines_are_no_second_stories(lake, tmp_path):
    source = write_lines(tmp_path / "a.jsonl", [story("1")])
    take(lake, source)
    write_lines(source, [story("1"), story("2")])
    report = take(lake, source)
    assert (report.pieces, report.stories, report.again) == (2, 1, 1)
    assert asked(lake, "select outcome, count(*) from deliveries group by 1 order by 1") == [("again", 1), ("story", 2)]
    assert asked(lake, "select count(*), count(distinct story_id) from stories") == [(2, 2)]


def test_one_story_under_two_names_has_two_deliveries(lake, tmp_path):
    text = "OSLO, March 4 (AFP) - Ferries stayed in port on Monday because of ice, the coast guard said.\n"
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(text)
    report = take(lake, tmp_path / "a.txt", tmp_path / "b.txt")
    assert (report.stories, report.again) == (1, 1)
    (tmp_path / "c.txt").write_text(text)
    assert take(lake, tmp_path / "c.txt").again == 1
    assert asked(lake, "select count(*), count(distinct story_id) from deliveries join stories using (story_id)") == [(3, 1)]


def test_of_several_deliveries_the_earliest_created_gives_the_metadata(lake, tmp_path):
    later = story("x", guid="g", versioncreated="2024-03-04T12:00:00Z", keywords=["later"])
    earlier = story(
        "y", guid="g", versioncreated="2024-03-04T11:00:00Z", keywords=["earlier"], headline=later["headline"], body=later["body"]
    )
    take(lake, write_lines(tmp_path / "a.jsonl", [later, earlier]))
    assert asked(lake, "select keywords from stories") == [(["earlier"],)]
    assert asked(lake, "select source_id, outcome from deliveries order by 1") == [("x", "again"), ("y", "story")]


def test_a_later_version_changes_what_is_latest_at_once(lake, tmp_path):
    take(lake, write_lines(tmp_path / "a.jsonl", [story("1", guid="g", version=1)]))
    take(lake, write_lines(tmp_path / "b.jsonl", [story("2", guid="g", version=2, published_at="2024-03-05T01:00:00Z")]))
    assert asked(lake, "select version, is_latest, is_head, relation, superseded_by is not null from stories order by 1") == [
        (1, False, True, None, True),
        (2, True, False, "version", False),
    ]
    assert asked(lake, "select version from latest") == [(2,)]
    assert asked(lake, "select count(distinct cluster_id) from stories") == [(1,)]
    take(lake, write_lines(tmp_path / "c.jsonl", [story("0", guid="g", version=0)]))
    assert asked(lake, "select version from latest") == [(2,)]


def test_an_earlier_copy_that_comes_later_becomes_the_head(lake, tmp_path):
    one = story("1", guid="g1")
    take(lake, write_lines(tmp_path / "a.jsonl", [one, story("3")]))
    other = {**one, "id": "2", "guid": "g2", "published_at": "2024-03-03T22:00:00Z"}
    take(lake, write_lines(tmp_path / "b.jsonl", [other]))
    rows = asked(lake, "select guid, is_head, is_latest, relation, similarity from stories where guid is not null order by guid")
    assert rows == [("g1", False, False, "exact", 1.0), ("g2", True, True, None, None)]
    assert asked(lake, "select guid from latest where guid is not null") == [("g2",)]
    assert asked(lake, "select count(*) from updates") == [(1,)]


def test_withheld_and_embargoed_versions_hide_the_whole_story(lake, tmp_path):
    rows = [story("1", guid="g", version=1), story("2", guid="h", version=1), story("3", guid="i", embargoed="2999-01-01T00:00:00Z")]
    take(lake, write_lines(tmp_path / "a.jsonl", rows))
    assert asked(lake, "select guid from latest order by 1") == [("g",), ("h",)]
    later = {"published_at": "2024-03-04T12:00:00Z", "version": 2}
    take(
        lake,
        write_lines(
            tmp_path / "b.jsonl", [story("4", guid="g", pubstatus="canceled", **later), story("5", guid="h", embargoed="", **later)]
        ),
    )
    assert asked(lake, "select guid from latest") == []
    assert asked(lake, "select count(*) from stories") == [(5,)]


def test_chunks_give_the_same_lake_as_one_run(lake, tmp_path, monkeypatch):
    rows = [story(str(number), guid=f"g{number % 7}", version=number // 7) for number in range(30)]
    rows += [{**rows[3], "id": "copy", "guid": "copy"}]
    source = write_lines(tmp_path / "a.jsonl", rows)
    question = (
        "select source_id, cluster_id, is_head, is_latest, relation, related_to from stories join deliveries using (story_id) order by 1"
    )
    assert len(take(lake, source).runs) == 1
    whole = asked(lake, question)
    monkeypatch.setattr("pipelines.sources.files.SLICE_BYTES", 1500)
    monkeypatch.setattr(runs, "CHUNK_BYTES", 3000)
    assert len(take(tmp_path / "other", source).runs) > 2
    assert asked(tmp_path / "other", question) == whole


def test_a_dry_run_counts_and_leaves_no_story(lake, tmp_path):
    source = write_lines(tmp_path / "a.jsonl", [story("1"), "{broken"])
    report = take(lake, source, dry_run=True)
    assert (report.stories, report.rejected, report.runs) == (1, 1, [])
    assert not lake.exists()
    assert take(lake, source).stories == 1
    more = write_lines(tmp_path / "b.jsonl", [story("1"), story("2")])
    before = sorted(lake.rglob("*"))
    with durable.locked(lake, 0):
        report = take(lake, more, dry_run=True, lock_wait=0)
    assert (report.stories, report.again, report.runs) == (1, 1, [])
    assert sorted(lake.rglob("*")) == before


def test_a_lake_held_by_another_writer_is_waited_for_and_then_given_up(lake, tmp_path):
    source = write_lines(tmp_path / "a.jsonl", [story("1")])
    with durable.locked(lake, 0), pytest.raises(LockedError, match=rf"process {os.getpid()}.*--lock-wait") as raised:
        take(lake, source, lock_wait=0.2)
    assert raised.value.exit_code == 4
    assert take(lake, source).stories == 1


def test_two_writers_at_once_both_succeed(lake, tmp_path):
    shared = [story(f"both-{number}") for number in range(20)]
    sources = [write_lines(tmp_path / f"{name}.jsonl", [story(name), *shared]) for name in ("a", "b")]
    children = [crashing.start(crashing.ingest, lake, source) for source in sources]
    for child in children:
        child.join(120)
    assert [child.exitcode for child in children] == [0, 0]
    assert asked(lake, "select count(*), count(distinct story_id) from stories") == [(22, 22)]
    assert asked(lake, "select outcome, count(*) from deliveries group by 1 order by 1") == [("again", 20), ("story", 22)]
    assert asked(lake, "select number from runs order by 1") == [(1,), (2,)]


def test_a_lake_of_a_newer_schema_is_refused(lake, tmp_path):
    source = write_lines(tmp_path / "a.jsonl", [story("1")])
    take(lake, source)
    DeltaTable(str(lake / "runs")).alter.set_table_properties({"wirelake.schema": "99"}, raise_if_not_exists=False)
    for call in (lambda: take(lake, source), lambda: open_lake(lake)):
        with pytest.raises(WirelakeError, match=r"schema 99 .* install a newer wirelake"):
            call()


def test_a_table_that_another_tool_compacts_stays_right(lake, tmp_path):
    for number in range(4):
        take(lake, write_lines(tmp_path / f"{number}.jsonl", [story(str(number), guid="g", version=number, dateline="OSLO")]))
    reader = open_lake(lake)
    question = "select version, is_latest from stories order by 1"
    expected = [(0, False), (1, False), (2, False), (3, True)]
    assert reader.connection.sql(question).fetchall() == expected
    for name in ("stories", "deliveries", "ids", "updates"):
        table = DeltaTable(str(lake / name))
        table.optimize.compact()
        table.vacuum(retention_hours=0, enforce_retention_duration=False, dry_run=False)
    assert reader.ask(lambda connection: connection.sql(question).fetchall()) == expected
    reader.close()
    log = "".join(path.read_text() for path in (lake / "stories" / "_delta_log").glob("*.json"))
    assert "Dredgers cleared" not in log, "text in the log's statistics would outlive a purge"
    report = take(
        lake, write_lines(tmp_path / "5.jsonl", [story("5", guid="g", version=5), story("1", guid="g", version=1, dateline="OSLO")])
    )
    assert (report.stories, report.again) == (1, 1)
    assert asked(lake, question) == [*[(version, False) for version in range(4)], (5, True)]


def test_a_table_compacted_between_claim_and_commit_is_finished(lake, tmp_path):
    for number in range(3):
        take(lake, write_lines(tmp_path / f"{number}.jsonl", [story(str(number), dateline="OSLO")]))
    source = write_lines(tmp_path / "last.jsonl", [story("last", dateline="OSLO")])
    shutil.copytree(lake, tmp_path / "copy")
    assert crashing.in_child(crashing.ingest_and_count, tmp_path / "copy", source, tmp_path / "steps") == 0
    steps = (tmp_path / "steps").read_text().splitlines()
    assert crashing.in_child(crashing.ingest_and_die, lake, source, steps.index("put stories")) < 0
    DeltaTable(str(lake / "stories")).optimize.compact()
    assert take(lake, source).recovered == 4
    assert asked(lake, "select count(*), count(distinct story_id) from stories") == [(4, 4)]


@pytest.mark.parametrize(
    ("lake", "says"),
    [("http://host/lake", "of this machine or in an object store"), ("lake%20", "cannot hold a percent sign"), ("", "is empty")],
)
def test_a_lake_that_cannot_be_there_is_refused(tmp_path, monkeypatch, lake, says):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=says):
        take(lake, write_lines(tmp_path / "a.jsonl", [story("1")]))
    assert [path.name for path in tmp_path.iterdir()] == ["a.jsonl"]


def test_a_lake_whose_path_is_odd_works_like_any(tmp_path):
    lake = tmp_path / "l a k=e é'[1]#?"
    take(lake, write_lines(tmp_path / "a.jsonl", [story("1", guid="g", version=1)]))
    take(lake, write_lines(tmp_path / "b.jsonl", [story("2", guid="g", version=2)]))
    assert asked(lake, "select version, is_latest from stories order by 1") == [(1, False), (2, True)]


def test_a_lake_path_that_is_a_file_is_one_sentence(tmp_path):
    (tmp_path / "lake").write_text("not a folder")
    with pytest.raises(WirelakeError, match="may not be written to"):
        take(tmp_path / "lake", write_lines(tmp_path / "a.jsonl", [story("1")]))


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root")
def test_a_full_disk_is_one_sentence_and_what_was_committed_is_safe(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    if os.system(f"mount -t tmpfs -o size=600k tmpfs {disk}") != 0:
        pytest.skip("this machine lets nobody mount a small disk")
    try:
        take(disk / "lake", write_lines(tmp_path / "a.jsonl", [story("1")]))
        many = [story(f"m{number}", body=os.urandom(2000).hex()) for number in range(200)]
        source = write_lines(tmp_path / "b.jsonl", many)
        with pytest.raises(WirelakeError, match="the disk is full"):
            take(disk / "lake", source)
        assert asked(disk / "lake", "select count(*) from stories") == [(1,)]
        assert os.system(f"mount -o remount,size=50m {disk}") == 0
        assert take(disk / "lake", source).stories == 200
    finally:
        os.system(f"umount {disk}")


def test_a_run_that_does_not_balance_is_refused():
    part = {"table": "stories", "rows": 2, "counts": {}}
    deliveries = {"table": "deliveries", "rows": 3, "counts": {"story": 2, "rejected": 1}}
    rest = [{"part": {"table": "sketches", "rows": 2, "counts": {}}}, {"part": {"table": "rejected", "rows": 1, "counts": {"bomb": 1}}}]
    good = [{}, {"count": ["pieces", 3]}, {"part": part}, {"part": deliveries}, *rest]
    counts = {"stories": 2, "again": 0, "rejected": 1, "not_text": 0, "pieces": 3, "already": 0, "other_date": 0}
    assert balanced(good) == (counts, {"bomb": 1})
    for entry, wrong in ((1, {"count": ["pieces", 4]}), (2, {"part": {**part, "rows": 1}}), (5, {})):
        with pytest.raises(WirelakeError, match="does not balance"):
            balanced([wrong if index == entry else each for index, each in enumerate(good)])


def test_a_missing_input_does_not_hide_what_was_read(lake, tmp_path):
    (tmp_path / "in").mkdir()
    write_lines(tmp_path / "in" / "a.jsonl", [story("1")])
    (tmp_path / "in" / "gone").symlink_to(tmp_path / "nowhere")
    report = take(lake, tmp_path / "in")
    assert (report.stories, report.rejected, report.rejected_reasons) == (1, 1, {"unreadable": 1})
    again = take(lake, tmp_path / "in")
    assert (again.already, again.pieces, again.runs) == (2, 0, [])
    (tmp_path / "nowhere").write_text(json.dumps(story("2")))
    assert take(lake, tmp_path / "in").stories == 1


def test_the_snapshot_of_a_reader_does_not_move_until_it_is_refreshed(lake, tmp_path):
    take(lake, write_lines(tmp_path / "a.jsonl", [story("1")]))
    reader = open_lake(lake)
    take(lake, write_lines(tmp_path / "b.jsonl", [story("2")]))
    assert reader.connection.sql("select count(*) from stories").fetchall() == [(1,)]
    reader.refresh()
    assert reader.connection.sql("select count(*) from stories").fetchall() == [(2,)]
    reader.close()


def test_a_reader_whose_next_versions_are_gone_from_the_logs_comes_to_the_newest(lake, tmp_path):
    take(lake, write_lines(tmp_path / "0.jsonl", [story("0", guid="g", version=0)]))
    reader = open_lake(lake)
    for number in (1, 2):
        take(lake, write_lines(tmp_path / f"{number}.jsonl", [story(str(number), guid="g", version=number)]))
    for name in Tables(lake).names():
        DeltaTable(str(lake / name)).create_checkpoint()
        for log in (lake / name / "_delta_log").glob("0*.json"):
            log.unlink()
    reader.refresh()
    assert reader.connection.sql("select version, is_latest from stories order by 1").fetchall() == [(0, False), (1, False), (2, True)]
    reader.close()


def test_a_reader_follows_a_lake_that_was_made_anew(lake, tmp_path):
    one, other = write_lines(tmp_path / "a.jsonl", [story("1")]), write_lines(tmp_path / "b.jsonl", [story("2")])
    take(lake, one)
    reader = open_lake(lake)
    shutil.rmtree(lake)
    take(lake, other)
    reader.refresh()
    assert reader.connection.sql("select headline from stories").fetchall() == [("Harbour 2",)]
    reader.close()


def test_printed_views_answer_as_the_connection_does(lake, tmp_path):
    take(lake, write_lines(tmp_path / "a.jsonl", [story("1", guid="g", version=1), story("2", dateline="WINDHOEK")]))
    for count, name in ((0, None), (1, "b")):
        if name:
            take(lake, write_lines(tmp_path / "b.jsonl", [story("3", guid="g", version=2)]))
        with duckdb.connect() as plain:
            plain.execute(printed_views(lake))
            for view in ("stories", "latest", "deliveries", "entities", "quotes", "rejected", "runs"):
                question = f"select * exclude (run) from {view} order by all"
                assert plain.execute(question).fetchall() == asked(lake, question), (view, count)
            assert len(plain.execute("select entities, quotes from story_full").fetchall()) == 2 + count


def test_an_installation_that_is_broken_fails_the_run_and_rejects_no_story(lake, tmp_path, monkeypatch):
    def broken():
        raise LookupError("the table of places is cut")

    monkeypatch.setattr("transforms.annotate_batches.load", broken)
    source = write_lines(tmp_path / "a.jsonl", [story("1")])
    with pytest.raises(Exception, match="the table of places is cut"):
        take(lake, source)
    monkeypatch.undo()
    assert take(lake, source).stories == 1


def test_the_plan_of_a_run_names_its_inputs_and_its_parts(lake, tmp_path):
    source = write_lines(tmp_path / "a.jsonl", [story("1")])
    take(lake, source)
    plan = json.loads(str(Tables(lake).last_claim()["plan"]))
    assert plan["inputs"] == [[str(source), 0, None]]
    assert list(plan["tables"])[-3:] == ["stories", "ids", "deliveries"]
    parts = [part for parts in plan["tables"].values() for part in parts]
    assert all((lake / part["path"]).stat().st_size == part["size"] for part in parts)
    assert Tables(lake).unfinished() is None


def test_an_interrupt_that_an_engine_wrapped_is_an_interrupt(lake, tmp_path, monkeypatch):
    def interrupted(*_):
        raise RuntimeError("KeyboardInterrupt [while running 'Clean/CleanPiece']") from KeyboardInterrupt()

    monkeypatch.setattr(Rounds, "_execute", interrupted)
    with pytest.raises(KeyboardInterrupt):
        take(lake, write_lines(tmp_path / "a.jsonl", [story("1")]))
    assert list((lake / "_staging").iterdir()) == []


def test_an_empty_folder_says_that_nothing_was_found(lake, tmp_path):
    (tmp_path / "in").mkdir()
    assert take(lake, tmp_path / "in").lines() == ["no file was found there; nothing was written"]


def test_the_doctor_names_what_is_wrong_and_goes_on(lake, tmp_path):
    take(lake, write_lines(tmp_path / "a.jsonl", [story("1", dateline="OSLO"), story("2")]))
    assert examine(lake).problems == []
    one, other = sorted(lake.glob("stories/date=*/country=*/*.parquet"))
    one.unlink()
    (part,) = lake.glob("deliveries/received_on=*/*.parquet")
    part.write_bytes(part.read_bytes()[:100])
    found = examine(lake)
    told = " | ".join(found.problems)
    assert f"stories: 1 parts that the log names are missing: {one.relative_to(lake / 'stories')}" in told
    assert "deliveries: 1 parts have another size" in told
    assert found.tables["sketches"]["rows"] == 2
    assert other.exists()
    log = lake / "quotes" / "_delta_log" / "00000000000000000000.json"
    log.write_text("garbage")
    assert any("quotes" in problem and "cannot be read" in problem for problem in examine(lake).problems)
    with pytest.raises(WirelakeError, match=r"quotes.* cannot be read"):
        open_lake(lake)
