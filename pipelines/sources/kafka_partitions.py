"""A Kafka topic partition by partition, each read from an offset: for a stream, whose readers have no part in the group's rebalancing.

What the group has committed is, for each partition, the offset before which everything is in the lake."""

import collections
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pipelines.sources import kafka
from pipelines.sources.feeds import Read
from pipelines.sources.inputs import Input

if TYPE_CHECKING:
    from confluent_kafka import Consumer, TopicPartition

_OFFSET_INVALID = -1001
"""librdkafka's word for a group that has committed nothing."""


def open_partitions(url: str) -> "Partitions":
    """The partitions of `kafka://HOST:PORT/TOPIC?group=NAME`. Raises as `kafka.open_kafka`."""
    signs = kafka.Signs()
    return Partitions(*kafka.connected(url, signs.note), signs)


class _Marks:
    """What is in the lake of one partition: everything before `low`, and some stretches beyond it, by the offset they begin at."""

    def __init__(self, low: int) -> None:
        self.low = low
        self._begins: dict[int, int] = {}
        """Of each message that was read: the position before it. Between two messages may lie offsets without one."""
        self._done: dict[int, int] = {}

    def read(self, begin: int, offset: int) -> None:
        self._begins[offset] = begin

    def done(self, offset: int) -> None:
        begin = self._begins.pop(offset, None)
        if begin is not None:
            self._done[begin] = offset + 1
        while self.low in self._done:
            self.low = self._done.pop(self.low)


class Partitions:
    """A topic, one consumer for each partition that is read and one that commits for the group."""

    def __init__(self, uri: str, topic: str, settings: dict[str, Any], committer: "Consumer", signs: kafka.Signs) -> None:
        self.uri = uri
        self._topic, self._settings, self._committer, self._signs = topic, settings, committer, signs
        self._lock = threading.Lock()
        self._consumers: dict[int, tuple[Consumer, int]] = {}
        """With the offset that each reads next."""
        self._marks: dict[int, _Marks] = {}

    def splits(self) -> list[tuple[str, int]]:
        """Each partition, with the offset that the group has committed, or its first."""
        from confluent_kafka import KafkaException, TopicPartition

        try:
            found = self._committer.list_topics(self._topic, timeout=kafka.LOOK_SECONDS).topics[self._topic]
            places = [TopicPartition(self._topic, number) for number in sorted(found.partitions)]
            committed = self._committer.committed(places, timeout=kafka.LOOK_SECONDS)
            starts = [self._first(each) if each.offset == _OFFSET_INVALID else each.offset for each in committed]
        except KafkaException as error:
            raise kafka.told(self.uri, error.args[0]) from error
        self._marks = {place.partition: _Marks(start) for place, start in zip(places, starts, strict=True)}
        return [(str(place.partition), start) for place, start in zip(places, starts, strict=True)]

    def _first(self, place: "TopicPartition") -> int:
        """The first offset that the broker has of a partition. Raises KafkaException."""
        return int(self._committer.get_watermark_offsets(place, timeout=kafka.LOOK_SECONDS)[0])

    def read(self, split: str, position: int, wait: float) -> list[Read]:
        """As `Feed.read`; positions are offsets. Raises AwayError while no broker answers, and UsageError where the topic is gone or may
        not be read."""
        from confluent_kafka import KafkaError

        partition = int(split)
        consumer = self._at(partition, position)
        found: list[Read] = []
        batch = consumer.consume(kafka.BATCH, wait)
        for message in batch:
            if error := message.error():
                if error.code() != KafkaError._PARTITION_EOF:
                    raise kafka.told(self.uri, error)
                continue
            offset = int(message.offset() or 0)
            with self._lock:
                self._marks[partition].read(position, offset)
            position = offset + 1
            found.append((position, kafka.input_of(self.uri, message)))
        self._consumers[partition] = consumer, position
        if not found:
            self._signs.look_into(self._committer, self.uri, self._topic)
        return found

    def _at(self, partition: int, position: int) -> "Consumer":
        """The consumer of a partition, set to an offset."""
        from confluent_kafka import Consumer, TopicPartition

        consumer, stands = self._consumers.get(partition, (None, -1))
        if consumer is None:
            consumer = Consumer(self._settings, logger=kafka.silent)
        if stands != position:
            consumer.assign([TopicPartition(self._topic, partition, position)])
            self._consumers[partition] = consumer, position
        return consumer

    def give_back(self, split: str, inputs: Sequence[Input]) -> None:
        """As `Feed.give_back`: who reads on says from which offset."""

    def acknowledge(self, inputs: Sequence[Input]) -> None:
        """As `Feed.acknowledge`: commits for each partition the offset before which all is in the lake."""
        from confluent_kafka import TopicPartition

        places: dict[int, list[int]] = collections.defaultdict(list)
        for each in inputs:
            partition, offset = kafka.place(each)
            places[partition].append(offset)
        with self._lock:
            for partition, offsets in places.items():
                for offset in sorted(offsets):
                    self._marks[partition].done(offset)
            due = [TopicPartition(self._topic, partition, self._marks[partition].low) for partition in places]
        for error in kafka.refused(self._committer, due):
            raise kafka.told(self.uri, error)

    def close(self) -> None:
        """Ends all consumers. Raises nothing."""
        for consumer, _ in self._consumers.values():
            consumer.close()
        self._committer.close()
