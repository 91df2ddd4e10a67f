"""The steps of a stream, on TestStream: what is committed, when it is acknowledged, and what its readers do."""

import datetime as dt
import json

import apache_beam as beam
import pytest
from apache_beam.io.restriction_trackers import OffsetRange
from apache_beam.options.pipeline_options import PipelineOptions, StandardOptions
from apache_beam.testing import test_stream
from apache_beam.utils.timestamp import Timestamp

from pipelines import stream as streaming
from pipelines.errors import UsageError, WirelakeError
from pipelines.options import settings_from
from pipelines.sources.feeds import Whole
from pipelines.sources.inputs import AwayError, Input
from pipelines.sources.kafka_partitions import _Marks
from pipelines.watch import Stop
from tests.pipelines.asking import asked
from transforms import annotate_batches

NOW = dt.datetime.now(dt.UTC)
"""Messages that came more than a month ago are not looked for."""


def message(number, **changes):
    row = {"guid": f"urn:{number}", "headline": f"Headline {number}", "body": f"Body of story {number}.", "provider": "TST"}
    row |= {"published_at": NOW.isoformat()} | changes
    data = json.dumps(row).encode()
    moment = NOW + dt.timedelta(seconds=number)
    return Input("kafka://h:1/t", size=len(data), weight=len(data), message_id=f"0:{number}", data=data, received_at=moment)


class Feed:
    """Notes what is acknowledged, and whether the lake had it by then."""

    uri = "kafka://h:1/t"

    def __init__(self, lake):
        self.lake, self.acknowledged = lake, []

    def acknowledge(self, inputs):
        there = {row[0] for row in asked(self.lake, "select message_id from deliveries")}
        assert there >= {each.message_id for each in inputs}
        self.acknowledged += [each.message_id for each in inputs]

    def close(self):
        pass


@pytest.fixture
def running(tmp_path):
    lake = tmp_path / "lake"
    made = streaming.Running(Feed(lake), settings_from(["kafka://h:1/t"], lake=str(lake)), Stop())
    streaming._running["key"] = made
    made.begin()
    yield made
    del streaming._running["key"]
    made.close()


def run(events, settings=None):
    """The steps after the readers, over what a test says comes when."""
    options = PipelineOptions()
    options.view_as(StandardOptions).streaming = True
    with beam.Pipeline("BundleBasedDirectRunner", options=options) as pipeline:
        inputs = pipeline | events
        streaming.annotate(inputs, settings or settings_from(["kafka://h:1/t"], lake="lake"))
        streaming.commit(inputs, "key")


def coming():
    return test_stream.TestStream(coder=beam.coders.PickleCoder())


def test_messages_out_of_order_and_twice_are_in_the_lake_once(running):
    """The version that comes first is the newer one."""
    run(
        coming()
        .advance_watermark_to(Timestamp(1_000))
        .add_elements([message(2, guid="urn:1", version=2), message(3)])
        .add_elements([message(3), message(1, version=1)])
        .advance_watermark_to_infinity()
    )
    lake = running.feed.lake
    assert asked(lake, "select message_id, outcome from deliveries order by 1") == [("0:1", "story"), ("0:2", "story"), ("0:3", "story")]
    assert asked(lake, "select guid, version, is_latest from stories order by 1, 2") == [
        ("urn:1", 1, False),
        ("urn:1", 2, True),
        ("urn:3", None, True),
    ]
    assert sorted(set(running.feed.acknowledged)) == ["0:1", "0:2", "0:3"]
    assert asked(lake, "select distinct kind from runs") == [("stream",)]


def test_a_watermark_that_stands_still_holds_nothing(running):
    """Of a source where nothing comes."""
    run(coming().advance_watermark_to(Timestamp(0)).add_elements([message(1)]).advance_processing_time(5).add_elements([message(2)]))
    assert running.feed.acknowledged == ["0:1", "0:2"]


def test_a_story_that_is_days_late_goes_to_its_own_date_and_is_counted(running):
    then = NOW - dt.timedelta(days=9)
    late = message(2, published_at=then.isoformat())
    run(coming().advance_watermark_to(Timestamp(int(NOW.timestamp()))).add_elements([message(1), late]).advance_watermark_to_infinity())
    dates = asked(running.feed.lake, "select guid, date::text from stories order by 1")
    assert dates == [("urn:1", f"{NOW:%Y-%m-%d}"), ("urn:2", f"{then:%Y-%m-%d}")]
    assert running.report.late == 1


def test_what_another_message_says_twice_is_again(running):
    twin = message(2, guid="urn:1", headline="Headline 1", body="Body of story 1.")
    run(coming().add_elements([message(1)]).add_elements([twin]).advance_watermark_to_infinity())
    assert asked(running.feed.lake, "select outcome from deliveries order by message_id") == [("story",), ("again",)]


def test_the_round_finds_what_was_annotated_before_it(running, monkeypatch):
    """The steps before the commit are not for nothing."""
    found, remember = [], annotate_batches.remember

    def noted(text, results):
        found.extend((text, kind) for kind in results)
        remember(text, results)

    monkeypatch.setattr(annotate_batches, "remember", noted)
    run(coming().add_elements([message(77, body="A text that no other test has.")]).advance_watermark_to_infinity())
    assert asked(running.feed.lake, "select count(*) from stories") == [(1,)]
    assert len(found) == len(set(found)) == 4


def test_after_a_commit_that_failed_nothing_is_committed_or_acknowledged(running, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pipelines.rounds.commit", full)
    with pytest.raises(WirelakeError, match="the disk is full"):
        running.commit([message(1)])
    monkeypatch.undo()
    with pytest.raises(WirelakeError, match="the disk is full"):
        running.commit([message(2)])
    assert running.stop
    assert running.feed.acknowledged == []


def test_no_more_is_read_than_may_wait(running, monkeypatch):
    monkeypatch.setattr(streaming, "MOST_WAITING", 2)
    given = [message(number) for number in range(5)]
    running.feed.read = lambda _split, position, _wait: [(number + 1, given[number]) for number in range(position, min(position + 2, 5))]
    position = 0
    while found := running.next("0", position):
        position = found[0]
        running.claimed("0")
    assert position == 2
    running.commit(given[:2])
    assert running.next("0", 2)[1] == given[2]


def test_a_source_that_is_away_is_told_once_and_waited_for(running, caplog):
    answers = [AwayError("the broker does not answer"), AwayError("the broker does not answer"), [], [(1, message(0))]]

    def read(_split, _position, _wait):
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    running.feed.read = read
    found = [running.next("0", 0) for _ in range(4)]
    assert found == [None, None, None, (1, message(0))]
    assert [record.message.partition(";")[0] for record in caplog.records] == ["the broker does not answer", f"{Feed.uri} answers again"]


def test_a_source_that_is_gone_ends_the_stream(running):
    def read(*_):
        raise UsageError("no such topic")

    running.feed.read = read
    with pytest.raises(UsageError):
        running.next("0", 0)
    assert running.stop
    with pytest.raises(UsageError, match="no such topic"):
        running.commit([message(1)])


def test_a_reader_is_not_cut_in_the_middle_of_what_never_ends():
    tracker = streaming._Endless(OffsetRange(5, streaming._END))
    assert tracker.try_claim(5)
    assert tracker.try_split(0.5) is None
    assert tracker.try_split(0) == (OffsetRange(5, 6), OffsetRange(6, streaming._END))
    assert not tracker.try_claim(6)


class Source:
    uri = "folder"

    def __init__(self, inputs):
        self.inputs = inputs

    def pull(self, most, _most_bytes, _wait):
        taken, self.inputs = self.inputs[:most], self.inputs[most:]
        return taken


def test_what_a_whole_source_gave_and_nobody_took_is_given_again():
    inputs = [message(number) for number in range(4)]
    feed = Whole(Source(inputs), 3, 10**6)
    assert feed.read("", 7, 0) == [(8, inputs[0]), (9, inputs[1]), (10, inputs[2])]
    feed.give_back("", inputs[1:3])
    assert feed.read("", 8, 0) == [(9, inputs[1]), (10, inputs[2])]
    assert feed.read("", 10, 0) == [(11, inputs[3])]


def test_an_offset_is_committed_when_all_before_it_are_in_the_lake():
    marks = _Marks(10)
    for begin, offset in ((10, 10), (11, 13), (14, 14)):  # between two messages may lie offsets without one
        marks.read(begin, offset)
    for done, low in ((14, 10), (10, 11), (13, 15), (13, 15)):
        marks.done(done)
        assert marks.low == low
