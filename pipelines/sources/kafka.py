"""A Kafka topic as a source. What a consumer group has committed is what is in the lake."""

import collections
import dataclasses
import datetime as dt
import json
import logging
import re
import time
import urllib.parse
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from pipelines.errors import UsageError, WirelakeError
from pipelines.sources.inputs import AwayError, Input

if TYPE_CHECKING:
    from confluent_kafka import Consumer, KafkaError, Message, TopicPartition

GROUP = "wirelake"
"""The consumer group of a URL that names none."""

_URL = re.compile(r"(kafka://([^/?#@,\s]+:\d+(?:,[^/?#@,\s]+:\d+)*)/([\w.-]+))(?:\?group=([^&#\s]+))?", re.ASCII)
BATCH = 100
_FLOWING_SECONDS = 0.02
"""How long to wait for a full batch once something came: a backlog brings one sooner."""

LOOK_SECONDS = 3.0
_OPEN_SECONDS = 10.0

_SETTINGS = {
    "auto.offset.reset": "earliest",
    "enable.auto.commit": False,
    "enable.auto.offset.store": False,
    # What waits in the client, whatever the backlog: about 8 MiB, looked at again soon after it was full.
    "queued.max.messages.kbytes": 8 * 2**10,
    "queued.min.messages": 10_000,
    "fetch.max.bytes": 4 * 2**20,
    "fetch.queue.backoff.ms": 10,
    # Kafka's own least: how long the partitions of a process that was killed stay with nobody.
    "session.timeout.ms": 6_000,
    "heartbeat.interval.ms": 2_000,
    # A run may wait for the lake's lock; a consumer that takes longer than this loses its partitions, and gets them and the messages again.
    "max.poll.interval.ms": 1_800_000,
    "socket.timeout.ms": 10_000,
    "reconnect.backoff.max.ms": 5_000,
}

silent = logging.getLogger(f"{__name__}.client")
silent.addHandler(logging.NullHandler())
silent.propagate = False


def open_kafka(url: str) -> "Kafka":
    """The source of `kafka://HOST:PORT/TOPIC`, with `?group=NAME` where the consumer group is not `wirelake`; HOST:PORT may be several
    with commas between.

    Raises UsageError for a malformed URL, without the client library, and for a topic that does not exist or may not be read; AwayError
    where no broker answers."""
    signs = Signs()
    uri, topic, _, consumer = connected(url, signs.note)
    return Kafka(uri, topic, consumer, signs)


def connected(url: str, note: "Callable[[KafkaError], None]" = lambda _error: None) -> "tuple[str, str, dict[str, Any], Consumer]":
    """The URI of a topic without its group, its name, the settings of clients, and one of them that has found it; `note` hears of troubles
    with brokers. Raises as `open_kafka`."""
    match = _URL.fullmatch(url)
    if not match:
        raise UsageError(f"{url}: no topic; write kafka://HOST:PORT/TOPIC, with ?group=NAME for another group than {GROUP}")
    uri, servers, topic, group = match.groups()
    try:
        from confluent_kafka import Consumer, KafkaException
    except ImportError as error:
        raise UsageError(f"{url}: the client of Kafka is missing; pip install wirelake[kafka]") from error
    settings = {**_SETTINGS, "bootstrap.servers": servers, "group.id": urllib.parse.unquote(group or GROUP), "error_cb": note}
    consumer = Consumer(settings, logger=silent)
    try:
        _look_up(consumer, topic, _OPEN_SECONDS)
    except KafkaException as error:
        consumer.close()
        raise told(uri, error.args[0]) from error
    return uri, topic, settings, consumer


def _look_up(consumer: "Consumer", topic: str, seconds: float) -> None:
    """Asks the brokers about the topic. Raises KafkaException."""
    from confluent_kafka import KafkaException

    found = consumer.list_topics(topic, timeout=seconds).topics[topic]
    if found.error:
        raise KafkaException(found.error)


def told(uri: str, error: "KafkaError") -> WirelakeError:
    """What an error of the client means, as one sentence: AwayError where the same may succeed later."""
    from confluent_kafka import KafkaError

    if error.code() in (KafkaError.UNKNOWN_TOPIC_OR_PART, KafkaError._UNKNOWN_TOPIC, KafkaError._UNKNOWN_PARTITION):
        return UsageError(f"{uri}: no such topic; create it, or check the name")
    if "AUTHORIZATION" in error.name() or "AUTHENTICATION" in error.name():
        return UsageError(f"{uri}: may not be read; give the user the right to read the topic and the group ({error.str()})")
    if error.fatal():
        return WirelakeError(f"{uri}: Kafka's client gave up ({error.str()}); start again")
    return AwayError(f"{uri}: Kafka does not answer for now ({error.name()}: {error.str()})")


@dataclasses.dataclass
class Signs:
    """Whether the client said, since it was last looked into, that something is wrong with the brokers."""

    seen: bool = False

    def note(self, _error: "KafkaError") -> None:
        """Hears of a trouble: a client's `error_cb`."""
        self.seen = True

    def look_into(self, consumer: "Consumer", uri: str, topic: str) -> None:
        """Asks the brokers something where there was a sign: what the client says about connections comes late, and never that they are
        back. Raises what `told` makes of their silence."""
        from confluent_kafka import KafkaException

        if not self.seen:
            return
        try:
            _look_up(consumer, topic, LOOK_SECONDS)
        except KafkaException as error:
            raise told(uri, error.args[0]) from error
        self.seen = False


@dataclasses.dataclass
class _Partition:
    """Offsets of one partition that is ours: handed out and not acknowledged, and the highest acknowledged."""

    handed: set[int] = dataclasses.field(default_factory=set)
    highest: int = -1

    def next(self) -> int:
        """From where a consumer that knows nothing has to read."""
        return min([self.highest + 1, *self.handed])


class Kafka:
    """A topic, read as one member of a consumer group. Not for more than one thread at a time."""

    def __init__(self, uri: str, topic: str, consumer: "Consumer", signs: Signs) -> None:
        self.uri = uri
        self._topic, self._consumer, self._signs = topic, consumer, signs
        self._buffer: collections.deque[Input] = collections.deque()
        self._partitions: dict[int, _Partition] = {}
        consumer.subscribe([topic], on_revoke=self._forget, on_lost=self._forget)

    def pull(self, most: int, most_bytes: int, wait: float) -> list[Input]:
        """As `Source.pull`; goes on within `wait` while a backlog comes in. Raises AwayError while no broker answers, and UsageError
        where the topic is gone or may not be read."""
        self._gather(most, most_bytes, wait)
        if not self._buffer:
            self._signs.look_into(self._consumer, self.uri, self._topic)
        return list(self._handed_out(most, most_bytes))

    def _gather(self, most: int, most_bytes: int, wait: float) -> None:
        end = time.monotonic() + wait
        asked, patience = (BATCH, _FLOWING_SECONDS) if self._buffer else (1, wait)
        while len(self._buffer) < most and sum(each.weight for each in self._buffer) < most_bytes:
            batch = self._consumer.consume(asked, patience)
            now = dt.datetime.now(dt.UTC)
            self._buffer.extend(input_of(self.uri, each, now) for each in batch if not each.error())
            self._raise_for(batch)
            if len(batch) < asked or time.monotonic() >= end:
                break
            asked, patience = BATCH, _FLOWING_SECONDS

    def _raise_for(self, batch: Sequence["Message"]) -> None:
        from confluent_kafka import KafkaError

        for error in filter(None, (each.error() for each in batch)):
            if error.code() != KafkaError._MAX_POLL_EXCEEDED:  # the group goes on without us until this very call: we join again
                raise told(self.uri, error)

    def _handed_out(self, most: int, most_bytes: int) -> Iterator[Input]:
        count = weight = 0
        while self._buffer and count < most and (count == 0 or weight + self._buffer[0].weight <= most_bytes):
            each = self._buffer.popleft()
            count, weight = count + 1, weight + each.weight
            partition, offset = place(each)
            self._partitions.setdefault(partition, _Partition()).handed.add(offset)
            yield each

    def acknowledge(self, inputs: Sequence[Input]) -> None:
        """As `Source.acknowledge`: commits, for each partition, the offset before which all that was handed out is acknowledged. What
        could not be said when it raises is said by the next call."""
        from confluent_kafka import TopicPartition

        for each in inputs:
            partition, offset = place(each)
            state = self._partitions.get(partition)
            if state and offset in state.handed:
                state.handed.remove(offset)
                state.highest = max(state.highest, offset)
        due = [TopicPartition(self._topic, number, state.next()) for number, state in self._partitions.items() if state.highest >= 0]
        if not due:
            return
        for error in refused(self._consumer, due):
            self._raise_unless_lost(error)

    def _raise_unless_lost(self, error: "KafkaError") -> None:
        """A commit is refused when the partition went to another consumer meanwhile: that one gets the messages again."""
        from confluent_kafka import KafkaError

        lost = KafkaError.ILLEGAL_GENERATION, KafkaError.UNKNOWN_MEMBER_ID, KafkaError.REBALANCE_IN_PROGRESS, KafkaError._ASSIGNMENT_LOST
        if error.code() not in lost:
            raise told(self.uri, error)

    def close(self) -> None:
        """Leaves the group, so that another consumer goes on at once with what is not acknowledged. Raises nothing."""
        self._consumer.close()

    def _forget(self, _consumer: "Consumer", partitions: Sequence["TopicPartition"]) -> None:
        """Partitions that are no longer ours: whoever has them next gets all that is not committed."""
        gone = {each.partition for each in partitions}
        for partition in gone:
            self._partitions.pop(partition, None)
        self._buffer = collections.deque(each for each in self._buffer if place(each)[0] not in gone)


def refused(consumer: "Consumer", offsets: "Sequence[TopicPartition]") -> "list[KafkaError]":
    """Commits offsets for the group of a client; what the brokers, or their absence, have against it."""
    from confluent_kafka import KafkaException

    try:
        return [each.error for each in consumer.commit(offsets=list(offsets), asynchronous=False) or [] if each.error]
    except KafkaException as error:
        return [error.args[0]]


def place(message: Input) -> tuple[int, int]:
    """Partition and offset."""
    partition, _, offset = (message.message_id or "").partition(":")
    return int(partition), int(offset)


def input_of(uri: str, message: "Message", now: dt.datetime | None = None) -> Input:
    """A message as an input, pulled `now`."""
    data, key = message.value() or b"", message.key()
    return Input(
        uri,
        size=len(data),
        weight=len(data),
        message_id=f"{message.partition()}:{message.offset()}",
        ordering_key=None if key is None else _text(key),
        attributes=_attributes(message.headers()),
        received_at=now or dt.datetime.now(dt.UTC),
        data=data,
    )


def _attributes(headers: Any) -> str | None:
    """Headers as a JSON object; of those with one name the last counts, as in Kafka's own clients."""
    return json.dumps({name: _text(value or b"") for name, value in headers}, ensure_ascii=False, sort_keys=True) if headers else None


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("utf-8", "backslashreplace")
