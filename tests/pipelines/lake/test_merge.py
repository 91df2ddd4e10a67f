"""Small parts merged beside the runs of a feed."""

import threading

import pytest

from pipelines.lake import compact as compacting
from pipelines.lake import durable, merge
from pipelines.lake.tables import Tables
from pipelines.watch import Stop, watch
from tests.pipelines.asking import asked, settings
from tests.pipelines.feeds import Feed, message

RUN = "ef" * 16


@pytest.fixture
def lake(tmp_path, monkeypatch):
    """Six runs of one story each, none of them merged."""
    monkeypatch.setattr(merge, "FAN_IN", 100)
    stop = Stop()
    watch(Feed([[message(str(number), dateline="OSLO")] for number in range(6)], stop), settings(tmp_path / "lake"), stop, round_seconds=0)
    monkeypatch.setattr(merge, "FAN_IN", 3)
    assert len(Tables(tmp_path / "lake").paths("stories")) == 6
    return tmp_path / "lake"


def test_what_is_ready_waits_for_a_run_and_nothing_waits_for_it(lake, tmp_path, monkeypatch):
    gate, made = threading.Event(), merge.Merger._made
    monkeypatch.setattr(merge.Merger, "_made", lambda *arguments: gate.wait(10) and made(*arguments))
    monkeypatch.setattr(merge, "EVERY", 1)
    merger, tables = merge.Merger(lake), Tables(lake)
    merger.look(tables)
    assert merger.taken(tables, RUN, tmp_path) == merge.Merged()
    gate.set()
    merger._work.result(10)
    merged = merger.taken(tables, RUN, tmp_path)
    assert len([part for part in merged.parts if part["table"] == "stories"]) == 1
    assert {path.rpartition("/")[2] for path in (part["path"] for part in merged.parts)} == {
        path.name for path in tmp_path.glob("*.parquet")
    }
    assert merger.taken(tables, RUN, tmp_path) == merge.Merged()
    merger.close()


def test_a_part_that_was_replaced_meanwhile_is_not_replaced_again(lake, tmp_path, monkeypatch):
    monkeypatch.setattr(merge, "EVERY", 1)
    merger, tables = merge.Merger(lake), Tables(lake)
    merger.look(tables)
    ready = merger._work.result(10)
    assert ready
    monkeypatch.setattr(compacting, "MANY", 3)
    assert compacting.compact(str(lake)).parts_before
    tables.refresh()
    assert merger.taken(tables, RUN, tmp_path).retired == ()
    assert list(tmp_path.glob("*.parquet")) == []
    merger.look(tables)  # what it reads now is gone from the disk, or new
    merger.close()
    assert asked(lake, "select count(*), count(distinct story_id) from stories") == [(6, 6)]


def test_nothing_of_it_lies_on_the_disk_before_a_run_takes_it(lake, monkeypatch):
    """A purge that comes meanwhile would leave its text there."""
    before = {path for path in lake.rglob("*") if path.is_file()}
    monkeypatch.setattr(merge, "EVERY", 1)
    merger = merge.Merger(lake)
    merger.look(Tables(lake))
    assert merger._work.result(10)
    assert {path for path in lake.rglob("*") if path.is_file()} == before
    merger.close()


def test_a_run_that_dies_before_its_claim_leaves_no_merged_part(lake, monkeypatch):
    """Parts of `runs` go to their place before the claim, which they cannot wait for."""

    def die(point):
        if point == "runs rewritten":
            raise RuntimeError("dead")

    stop = Stop()
    with monkeypatch.context() as patch:
        patch.setattr(durable, "reached", die)
        with pytest.raises(RuntimeError, match="dead"):
            watch(Feed([[message("7")]], stop), settings(lake), stop, round_seconds=0)
    assert len(list((lake / "runs").glob("*.parquet"))) > len(Tables(lake).paths("runs"))
    stop = Stop()
    monkeypatch.setattr(merge, "FAN_IN", 100)
    watch(Feed([[message("7")]], stop), settings(lake), stop, round_seconds=0)
    plain = f"select count(*), count(distinct number) from read_parquet('{lake}/runs/*.parquet', union_by_name=true)"
    assert asked(lake, plain) == [(7, 7)]


def test_a_merge_that_failed_is_told_once(lake, tmp_path, monkeypatch):
    def full(*_arguments):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(merge, "together", full)
        merger, tables = merge.Merger(lake), Tables(lake)
        with pytest.raises(OSError, match="No space"):
            merger.taken(tables, RUN, tmp_path)
    assert merger.taken(tables, RUN, tmp_path).retired
    merger.close()
