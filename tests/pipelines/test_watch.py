"""The loop of `watch`, over a source in the process: what is acknowledged, and when; what comes again; who is waited for."""

import json
import logging
import os
import signal

import pytest

from pipelines import watch as watching
from pipelines.doctor import examine
from pipelines.errors import UsageError
from pipelines.lake import merge
from pipelines.lake import tables as tables_module
from pipelines.lake.tables import Tables
from pipelines.sources import files
from pipelines.sources.inputs import AwayError, Input
from pipelines.watch import Stop, watch
from tests.pipelines.asking import asked, settings
from tests.pipelines.feeds import NOW, Feed, message
from tests.pipelines.lines import story, write_lines

COUNTS = "(select count(*) from stories), (select count(*) from deliveries), (select count(*) from runs)"
NOTHING = b'{"id": "3"}'
"""A line in which there is no story."""


@pytest.fixture
def lake(tmp_path):
    return tmp_path / "lake"


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch):
    monkeypatch.setattr(watching, "_FIRST_PAUSE", 0.001)


def watched(lake, batches, *, feed=None, **changes):
    """One watch over some batches; the feed and the report."""
    stop = Stop()
    made = feed(batches, stop) if feed else Feed(batches, stop)
    return made, watch(made, settings(lake, **changes), stop, round_seconds=0)


def test_messages_become_stories_with_what_their_broker_said(lake):
    one = message("1", dateline="OSLO")
    other = message("2")
    feed, report = watched(lake, [[one], [other, message("3", NOTHING)]])
    assert feed.acknowledged == ["1", "2", "3"]
    assert feed.closed
    assert (report.pieces, report.stories, report.rejected, len(report.runs)) == (3, 2, 1, 2)
    assert asked(lake, f"select source_uri, message_id, outcome, received_at = '{NOW}' from deliveries order by message_id") == [
        ("test://feed", "1", "story", True), ("test://feed", "2", "story", True), ("test://feed", "3", "rejected", True)
    ]  # fmt: skip
    assert asked(lake, "select message_id, data from raw order by 1") == [("1", one.data), ("2", other.data), ("3", NOTHING)]
    assert asked(lake, "select kind, pieces from runs order by number") == [("watch", 1), ("watch", 2)]


def test_a_message_that_comes_again_changes_nothing_and_is_acknowledged(lake):
    watched(lake, [[message("1")]])
    versions = Tables(lake).versions()
    feed, report = watched(lake, [[message("1")], [message("1")]])
    assert feed.acknowledged == ["1", "1"]
    assert (report.already, report.pieces, report.runs) == (2, 0, [])
    assert Tables(lake).versions() == versions


def test_a_message_twice_in_one_round_is_one_delivery(lake):
    _, report = watched(lake, [[message("1"), message("1")]])
    assert (report.inputs, report.already, report.pieces) == (2, 1, 1)


def test_the_same_id_with_other_bytes_is_another_message(lake):
    """A topic that was made anew counts its offsets from the start."""
    watched(lake, [[message("0:0", story("old"))]])
    _, report = watched(lake, [[message("0:0", story("new"))]])
    assert report.stories == 1
    assert asked(lake, "select count(*) from deliveries") == [(2,)]


def test_the_same_story_in_another_message_is_one_story_with_two_deliveries(lake):
    watched(lake, [[message("1", story("a"))], [message("2", story("a"))]])
    assert asked(lake, "select message_id, outcome from deliveries order by 1") == [("1", "story"), ("2", "again")]
    assert asked(lake, "select count(*) from stories") == [(1,)]


def test_nothing_is_acknowledged_that_is_not_in_the_lake(lake, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pipelines.rounds.commit", full)
    feed = Feed([[message("1")]], Stop())
    with pytest.raises(Exception, match="disk is full"):
        watch(feed, settings(lake), Stop(), round_seconds=0)
    assert feed.acknowledged == []
    assert feed.closed


def test_a_source_that_is_away_is_waited_for_with_one_line_in_the_log(lake, caplog):
    caplog.set_level(logging.INFO, "wirelake.watch")
    feed, report = watched(lake, [[message("1")]], feed=lambda batches, stop: Feed(batches, stop, away=[1, 1, 1], forgetful=[1, 1]))
    assert feed.acknowledged == ["1"]
    assert report.stories == 1
    said = [record.getMessage() for record in caplog.records]
    assert [line.partition(";")[0] for line in said if "waiting" in line] == ["the broker at test://feed does not answer"] * 2
    assert len(said) == 4
    assert all("answers again" in line for line in said[1::2])


def test_pauses_grow_and_a_stop_ends_them(lake, monkeypatch):
    monkeypatch.setattr(watching, "_FIRST_PAUSE", 1.0)
    stop, pauses = Stop(), []

    def wait(seconds):
        pauses.append(seconds)
        if len(pauses) == 8:
            stop.ask()

    monkeypatch.setattr(stop, "wait", wait)
    report = watch(Feed([], stop, away=[1] * 100), settings(lake), stop, round_seconds=0)
    assert pauses == [1, 2, 4, 8, 16, 30, 30, 30]
    assert report.pieces == 0


def test_a_signal_finishes_the_round_and_leaves(lake):
    stop = Stop()
    feed = Feed([[message(str(number))] for number in range(50)], stop)
    with watching.stopped_by_signals(stop):
        watch(feed, settings(lake), stop, round_seconds=0, told=lambda _done: os.kill(os.getpid(), signal.SIGTERM))
    assert feed.acknowledged == ["0"]
    assert asked(lake, "select count(*) from stories") == [(1,)]
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL


def test_a_round_takes_no_more_than_its_bounds(lake, monkeypatch):
    monkeypatch.setattr(watching, "CHUNK_BYTES", 10_000)
    stop = Stop()
    feed = Feed([[message("1")], [message("2")]], stop)
    report = watch(feed, settings(lake), stop, round_inputs=2, round_seconds=5)
    assert len(report.runs) == 1
    assert feed.pulls[:2] == [(2, 10_000), (1, 10_000 - message("1").weight)]


def test_late_stories_are_counted(lake):
    _, report = watched(lake, [[message("1", published_at="2024-03-04T10:00:00Z")]])
    assert report.late == 1
    assert asked(lake, "select late from runs") == [(1,)]


def test_parts_stay_few_and_no_row_is_rewritten_more_than_five_times(lake, monkeypatch):
    """With a fan-in of three and a look every second round, 40 rounds reach the second level."""
    monkeypatch.setattr(merge, "FAN_IN", 3)
    monkeypatch.setattr(merge, "EVERY", 2)
    batches = [[message(str(number), guid=f"g{number % 7}", version=number // 7 + 1, dateline="OSLO")] for number in range(40)]
    rewritten = {}

    def told(done):
        for part in done.parts:
            rewritten[part["path"]] = merge.level(part["path"])
        assert not any((lake / path).exists() for path in done.retired)

    stop = Stop()
    report = watch(Feed(batches, stop), settings(lake), stop, round_seconds=0, told=told)
    assert report.stories == 40
    assert 2 <= max(rewritten.values()) <= merge.LEVELS
    tables = Tables(lake)
    for name in ("stories", "runs", "deliveries", "entities", "sketches"):
        assert len(tables.paths(name)) < 12, name
    assert asked(lake, "select count(*), count(distinct story_id) from stories") == [(40, 40)]
    assert asked(lake, "select count(*), max(number) from runs") == [(40, 40)]
    assert asked(lake, "select count(*) from latest") == [(7,)]
    assert examine(lake).problems == []
    plain = f"select count(*) from read_parquet('{lake}/stories/date=*/*/*.parquet', hive_partitioning=true)"
    assert asked(lake, plain) == [(40,)]


def test_merging_goes_on_where_another_process_left(lake, monkeypatch):
    monkeypatch.setattr(merge, "FAN_IN", 2)
    for number in range(6):
        watched(lake, [[message(str(number))]])
    assert len(Tables(lake).paths("stories")) < 4
    assert asked(lake, "select count(*) from stories") == [(6,)]


def test_what_came_before_a_source_went_away_is_taken_first(lake):
    class Leaving(Feed):
        def pull(self, most, most_bytes, wait):
            if len(self.pulls) == 1:
                self.away.append(1)
            return super().pull(most, most_bytes, wait)

    stop = Stop()
    feed = Leaving([[message("1")], [message("2")]], stop)
    watch(feed, settings(lake), stop, round_seconds=5, round_inputs=2)
    assert feed.acknowledged == ["1", "2"]


def test_a_file_that_could_be_listed_and_not_read_is_not_acknowledged(lake, tmp_path):
    good = tmp_path / "good.jsonl"
    write_lines(good, [story("1")])
    there, gone = [next(files.find([str(good)])), Input(str(tmp_path / "gone.jsonl"), size=5, mark="1", weight=5)]
    stop, acknowledged = Stop(), []

    class Files(Feed):
        def acknowledge(self, inputs):
            acknowledged.extend(each.uri for each in inputs)

    report = watch(Files([[there, gone]], stop), settings(lake), stop, round_seconds=0)
    assert report.rejected_reasons == {"unreadable": 1}
    assert acknowledged == [str(good)]


def test_figures_are_written_after_every_run(lake):
    watched(lake, [[message("1")], [message("2")]])
    found = json.loads((lake / "_metrics" / "metrics.json").read_text())
    assert (found["last"]["number"], found["last"]["stories"], found["totals"]["stories"]) == (2, 1, 2)
    assert "wirelake_late_stories_total 2" in (lake / "_metrics" / "wirelake.prom").read_text().replace(".0", "")


def test_a_source_that_does_not_answer_when_it_is_opened_is_waited_for(monkeypatch, tmp_path):
    answers = iter([AwayError("no broker answers"), AwayError("no broker answers"), "source"])

    def opened(*_):
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(watching, "_opened", opened)
    assert watching.open_source("kafka://localhost:1/wires", Stop(), settle=0, move_to=None) == "source"
    stop = Stop()
    stop.ask()
    answers = iter([AwayError("no broker answers")])
    assert watching.open_source("kafka://localhost:1/wires", stop, settle=0, move_to=None) is None


@pytest.mark.parametrize(
    ("name", "said"), [("ftp://host/x", "watch takes a folder"), ("pubsub://only", "pubsub://"), ("/no/such/folder", "no such")]
)
def test_a_source_that_cannot_be_is_refused(name, said):
    with pytest.raises(UsageError, match=said):
        watching.open_source(name, Stop(), settle=0, move_to=None)


def test_files_are_moved_from_a_folder_alone(tmp_path):
    with pytest.raises(UsageError, match="no folder"):
        watching.open_source("kafka://localhost:1/wires", Stop(), settle=0, move_to=str(tmp_path))


def test_logs_stay_short_and_the_version_before_an_unfinished_run_can_be_read(lake, monkeypatch):
    """However long ago the last run was: a log is shortened when a run is finished, not while it is in its commit."""
    monkeypatch.setattr(tables_module, "_CHECKPOINT_COMMITS", 4)
    monkeypatch.setitem(tables_module._LOG_SETTINGS, "delta.logRetentionDuration", "interval 0 seconds")
    batches = [[message(str(number), dateline="OSLO")] for number in range(12)]
    seen = []

    def look(point):
        if point == "before deliveries":
            seen.append(asked(lake, f"select {COUNTS}"))

    monkeypatch.setattr("pipelines.lake.durable.reached", look)
    watched(lake, batches[:11])
    monkeypatch.setattr("pipelines.lake.durable.reached", lambda _point: None)
    assert seen == [[(number,) * 3] for number in range(11)], "in the middle of a commit, the moment before it"
    for table in ("stories", "runs", "deliveries"):
        files = [path.name for path in (lake / table / "_delta_log").glob("0*.json")]
        assert len(files) <= 5, files
    watched(lake, batches[11:])
    assert asked(lake, "select count(*) from stories") == [(12,)]
