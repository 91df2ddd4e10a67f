"""Kafka as a source, against a real broker."""

import json
import subprocess
import sys
import time

import psutil
import pytest

from pipelines.errors import UsageError
from pipelines.sources import kafka
from pipelines.sources.inputs import AwayError
from pipelines.sources.kafka import open_kafka
from tests.engines import servers
from tests.engines.feeds import Sent, create_topic, publish_kafka, sized

PLENTY = 2**30


@pytest.fixture
def opened():
    """Opens sources, and closes them after the test."""
    sources = []

    def open_one(url):
        sources.append(open_kafka(url))
        return sources[-1]

    yield open_one
    for source in sources:
        source.close()


@pytest.fixture
def topic(kafka_server):
    """The URL of a topic of one partition."""
    return create_topic(kafka_server.address)


def pulled(source, count, seconds=20.0):
    """So many inputs, or what came within the time."""
    inputs, end = [], time.monotonic() + seconds
    while len(inputs) < count and time.monotonic() < end:
        inputs += source.pull(count - len(inputs), PLENTY, 0.5)
    return inputs


def offsets(inputs):
    return [int(each.message_id.partition(":")[2]) for each in inputs]


def test_a_message_keeps_its_bytes_key_and_headers(topic, opened):
    publish_kafka(topic, [Sent(b"\x00caf\xe9", "Genève", {"z": "1", "desk": "é"}), Sent(b"plain"), Sent(None, "AFP")])
    first, second, tombstone = pulled(opened(topic), 3)
    assert (first.uri, first.message_id, first.data, first.size, first.weight) == (topic, "0:0", b"\x00caf\xe9", 5, 5)
    assert (first.ordering_key, first.attributes) == ("Genève", '{"desk": "é", "z": "1"}')
    assert first.received_at.utcoffset().total_seconds() == 0
    assert (second.message_id, second.data, second.ordering_key, second.attributes) == ("0:1", b"plain", None, None)
    assert (tombstone.message_id, tombstone.data, tombstone.size, tombstone.ordering_key) == ("0:2", b"", 0, "AFP")


def test_keys_and_headers_that_are_no_utf8_are_written_with_backslashes(topic, opened):
    from confluent_kafka import Producer

    producer = Producer({"bootstrap.servers": topic.split("/")[2]})
    producer.produce(
        topic.rpartition("/")[2], b"x", key=b"\xff", headers=[("h", b"\xfe"), ("none", None), ("twice", b"1"), ("twice", b"2")]
    )
    assert producer.flush(10) == 0
    message = pulled(opened(topic), 1)[0]
    assert (message.ordering_key, json.loads(message.attributes)) == ("\\xff", {"h": "\\xfe", "none": "", "twice": "2"})


def test_a_partition_is_read_in_its_order_in_pulls_of_the_asked_size(topic, opened):
    publish_kafka(topic, sized(250, 1000))
    source = opened(topic)
    inputs = pulled(source, 1)
    for most, most_bytes, expected in ((120, PLENTY, 120), (100, 2500, 2), (1, 10, 1), (PLENTY, PLENTY, 126)):
        inputs += (got := source.pull(most, most_bytes, 5.0))
        assert len(got) == expected
    assert offsets(inputs) == list(range(250))
    begun = time.monotonic()
    assert source.pull(10, PLENTY, 0.2) == []
    assert 0.2 <= time.monotonic() - begun < 2


def test_nothing_is_committed_beyond_what_is_not_acknowledged(topic, opened):
    publish_kafka(topic, sized(10, 100))
    source = opened(topic)
    inputs = pulled(source, 10)
    source.acknowledge(inputs[5:])
    source.close()
    source = opened(topic)
    again = pulled(source, 10)
    assert offsets(again) == list(range(10))
    source.acknowledge([*again[:3], *again[6:8]])
    source.acknowledge(again[4:6])
    source.close()
    source = opened(topic)
    rest = pulled(source, 7)
    assert offsets(rest) == list(range(3, 10))
    source.acknowledge(rest)
    source.close()
    assert opened(topic).pull(10, PLENTY, 2.0) == []


def test_each_group_reads_all(topic, opened):
    publish_kafka(topic, sized(3, 100))
    source = opened(topic)
    source.acknowledge(pulled(source, 3))
    other = opened(f"{topic}?group=another%20one")
    assert other.uri == topic, "the same message has the same name in every group"
    assert offsets(pulled(other, 3)) == [0, 1, 2]


def test_what_a_killed_process_held_comes_again(topic, opened):
    publish_kafka(topic, sized(20, 100))
    code = (
        "import sys, time; from pipelines.sources.kafka import open_kafka; source = open_kafka(sys.argv[1]); held = []\n"
        "while len(held) < 20: held += source.pull(7, 2**30, 1.0)\n"
        "source.acknowledge(held[:5]); print(len(held), flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, topic], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
        assert child.stdout.readline() == b"20\n"
        child.kill()
    assert offsets(pulled(opened(topic), 15)) == list(range(5, 20))


def test_a_partition_that_goes_to_another_takes_what_was_held_with_it(kafka_server, opened):
    topic = create_topic(kafka_server.address, partitions=2)
    for partition in (0, 1):
        publish_kafka(topic, sized(10, 100), partition=partition)
    first = opened(topic)
    held = pulled(first, 6)  # the other 14 are in the source's buffer
    second, again = opened(topic), []
    taken = pulled(second, 1, seconds=3)
    assert taken == [], "it has to wait for the first to let go"
    for _ in range(60):
        again += first.pull(100, PLENTY, 0.1)
        taken += second.pull(100, PLENTY, 0.1)
        if len(taken) >= 10 and len(again) >= 10:
            break
    mine, theirs = {each.message_id[0] for each in again}, {each.message_id[0] for each in taken}
    assert (offsets(again), offsets(taken), mine | theirs) == ([*range(10)], [*range(10)], {"0", "1"})
    first.acknowledge([*held, *again])  # of what it had of the other partition, nothing is committed
    first.close()
    second.close()
    left = pulled(opened(topic), 11, seconds=4)
    assert sorted(each.message_id for each in left) == sorted(each.message_id for each in taken)


def test_a_run_that_takes_too_long_for_kafka_gets_its_messages_again(topic, opened, monkeypatch):
    brief = {"session.timeout.ms": 1_000, "heartbeat.interval.ms": 300, "max.poll.interval.ms": 1_500}
    monkeypatch.setattr(kafka, "_SETTINGS", {**kafka._SETTINGS, **brief})
    publish_kafka(topic, sized(3, 100))
    source = opened(topic)
    inputs = pulled(source, 3)
    time.sleep(3)
    source.acknowledge(inputs)  # too late, and no error
    assert offsets(pulled(source, 3)) == [0, 1, 2]


def test_a_backlog_stays_with_the_broker(kafka_server, opened):
    topic = create_topic(kafka_server.address, partitions=3)
    publish_kafka(topic, sized(3_000, 30_000))
    before = psutil.Process().memory_info().rss
    source = opened(topic)
    assert len(pulled(source, 1)) == 1
    time.sleep(1)  # long enough to fetch all of it
    assert psutil.Process().memory_info().rss - before < 40 * 2**20  # of 90 MB


def test_twenty_thousand_messages_drain_at_thousands_a_second(kafka_server, opened):
    topic = create_topic(kafka_server.address, partitions=3)
    publish_kafka(topic, sized(20_000, 3_000))
    source = opened(topic)
    source.acknowledge(pulled(source, 1))
    begun, counts = time.monotonic(), []
    while sum(counts) < 19_999 and time.monotonic() < begun + 30:
        inputs = source.pull(5_000, PLENTY, 5.0)
        counts.append(len(inputs))
        source.acknowledge(inputs)
    assert sum(counts) == 19_999
    assert max(counts) > 2_000
    assert time.monotonic() - begun < 7  # 0.7 s on two idle cores


def test_a_large_message_gets_through(kafka_server, opened):
    topic = create_topic(kafka_server.address, max_message_bytes=str(12 * 2**20))
    publish_kafka(topic, sized(2, 10 * 2**20))
    source = opened(topic)
    assert [each.size for each in pulled(source, 1) + pulled(source, 1)] == [10 * 2**20, 10 * 2**20]


def test_a_broker_that_is_killed_is_away_until_it_is_back(topic, kafka_server, opened, monkeypatch):
    monkeypatch.setattr(kafka, "LOOK_SECONDS", 1.0)
    monkeypatch.setattr(kafka, "_OPEN_SECONDS", 0.5)
    monkeypatch.setattr(kafka, "_SETTINGS", {**kafka._SETTINGS, "session.timeout.ms": 2_000, "heartbeat.interval.ms": 500})
    publish_kafka(topic, sized(4, 100))
    source = opened(topic)
    inputs = pulled(source, 4)
    source.acknowledge(inputs[:1])
    kafka_server.kill()
    try:
        with pytest.raises(AwayError, match="Kafka does not answer for now"):
            pulled(source, 1)
        with pytest.raises(AwayError, match="Kafka does not answer for now"):
            source.acknowledge(inputs)
        with pytest.raises(AwayError, match="Kafka does not answer for now"):
            open_kafka(topic)
    finally:
        kafka_server.start()
    publish_kafka(topic, [Sent(b"after")])
    seen, end = [], time.monotonic() + 25
    while b"after" not in [each.data for each in seen] and time.monotonic() < end:
        try:
            seen += source.pull(10, PLENTY, 0.5)
            source.acknowledge(seen)
        except AwayError:
            time.sleep(0.2)
    assert seen
    assert seen[-1].data == b"after"
    assert {*offsets(inputs), *offsets(seen)} == {0, 1, 2, 3, 4}
    source.close()
    assert opened(topic).pull(10, PLENTY, 2.0) == []


def test_an_idle_topic_is_not_away(topic, opened):
    source = opened(topic)
    source._signs.seen = True  # as after a connection that was closed and opened again
    assert pulled(source, 1, seconds=1.0) == []
    assert not source._signs.seen, "the broker was asked, and not at every pull"


@pytest.mark.parametrize(
    "path",
    [
        "",
        "kafka://",
        "kafka://h/t",
        "kafka://h:1",
        "kafka://h:1/",
        "kafka://h:1/t/u",
        "kafka://h:1/t?x=1",
        "kafka://h:1/t?group=",
        "kafka://h:p/t",
    ],
)
def test_a_malformed_url_is_refused(path):
    with pytest.raises(UsageError, match="write kafka://HOST:PORT/TOPIC"):
        open_kafka(path)


def test_a_topic_that_does_not_exist_is_refused_and_not_made(kafka_server):
    for _ in range(2):
        with pytest.raises(UsageError, match=r"/missing: no such topic; create it"):
            open_kafka(f"kafka://{kafka_server.address}/missing")


def test_several_brokers_may_be_named(topic, opened):
    publish_kafka(topic, [Sent(b"x")])
    uri = topic.replace("kafka://", f"kafka://127.0.0.1:{servers.free_port()},")
    assert [each.uri for each in pulled(opened(uri), 1)] == [uri]


def test_without_the_client_library_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "confluent_kafka", None)
    with pytest.raises(UsageError, match=r"pip install wirelake\[kafka\]"):
        open_kafka("kafka://h:1/t")


def test_the_client_says_nothing_of_its_own(capfd, monkeypatch):
    monkeypatch.setattr(kafka, "_OPEN_SECONDS", 0.5)
    with pytest.raises(AwayError):
        open_kafka(f"kafka://127.0.0.1:{servers.free_port()}/t")
    assert capfd.readouterr() == ("", "")
