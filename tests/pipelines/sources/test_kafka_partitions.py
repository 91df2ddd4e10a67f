"""Partitions of a Kafka topic, each read from an offset, against a real broker."""

import contextlib
import time

import pytest

from pipelines.sources import kafka
from pipelines.sources.inputs import AwayError
from pipelines.sources.kafka_partitions import open_partitions
from tests.engines.feeds import Sent, create_topic, publish_kafka, sized


def once_there(ask, seconds=25.0):
    """The first answer of a broker that was started just now, or that is no error."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(AwayError):
            if answer := ask():
                return answer
    raise TimeoutError


def read(feed, split, position, count, seconds=20.0):
    """What comes in a partition from an offset on: so many, or what came within the time; and the offset after it."""
    found, end = [], time.monotonic() + seconds
    while len(found) < count and time.monotonic() < end:
        batch = feed.read(split, position, 0.5)
        found += [each.data for _, each in batch]
        position = batch[-1][0] if batch else position
    return found, position


def test_a_broker_that_is_killed_is_away_and_then_each_partition_goes_on_where_it_stood(kafka_server, monkeypatch):
    monkeypatch.setattr(kafka, "LOOK_SECONDS", 1.0)
    topic = create_topic(kafka_server.address, partitions=2)
    sent = [each.data for each in sized(4, 100)]
    publish_kafka(topic, map(Sent, sent), partition=0)
    with contextlib.closing(open_partitions(topic)) as feed:
        assert once_there(feed.splits) == [("0", 0), ("1", 0)]
        found, position = read(feed, "0", 0, 4)
        assert found == sent
        assert feed.read("1", 0, 0.1) == [], "where nothing comes nobody is away"
        kafka_server.kill()
        try:
            with pytest.raises(AwayError, match="Kafka does not answer for now"):
                read(feed, "0", position, 1)
        finally:
            kafka_server.start()
        publish_kafka(topic, [Sent(b"after")], partition=0)
        publish_kafka(topic, [Sent(b"the other")], partition=1)
        for split, stood, wanted in (("0", position, b"after"), ("1", 0, b"the other")):
            (came,) = once_there(lambda split=split, stood=stood: feed.read(split, stood, 1.0))
            assert came[1].data == wanted
