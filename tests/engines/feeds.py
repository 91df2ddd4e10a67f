"""Topics and messages for tests and benches, on the servers of `tests.engines.servers`."""

import dataclasses
import random
import uuid
from collections.abc import Iterable, Iterator, Mapping

PROJECT = "wirelake-tests"
_CALL_BYTES = 3 * 2**20
"""Bytes published in one call: the fake takes no request above 4 MiB."""

_CALL_MESSAGES = 1_000
_SECONDS = 30.0


@dataclasses.dataclass(frozen=True)
class Sent:
    """A message to publish. Only Kafka knows one without data."""

    data: bytes | None
    key: str | None = None
    attributes: Mapping[str, str] | None = None


def sized(count: int, size: int) -> list[Sent]:
    """So many messages of so many bytes, no two alike, that do not compress."""
    draw = random.Random(count)
    return [Sent(b"%012d" % number + draw.randbytes(max(0, size - 12))) for number in range(count)]


def create_subscription(*, ordered: bool = False, deadline: int = 10) -> str:
    """A subscription to a topic of its own on the fake that PUBSUB_EMULATOR_HOST names: its URL. `deadline` in seconds; the fake takes
    shorter ones than the service's 10."""
    from google.pubsub_v1 import PublisherClient, SubscriberClient

    name = f"s-{uuid.uuid4().hex}"
    with PublisherClient() as publisher, SubscriberClient() as subscriber:
        publisher.create_topic(name=_topic(name), timeout=_SECONDS)
        subscriber.create_subscription(
            request={
                "name": f"projects/{PROJECT}/subscriptions/{name}",
                "topic": _topic(name),
                "ack_deadline_seconds": deadline,
                "enable_message_ordering": ordered,
            },
            timeout=_SECONDS,
        )
    return f"pubsub://{PROJECT}/{name}"


def publish_pubsub(url: str, messages: Iterable[Sent]) -> list[str]:
    """Publishes to the topic of a subscription that `create_subscription` made; the ids in the same order."""
    from google.pubsub_v1 import PublisherClient
    from google.pubsub_v1.types import PublishRequest

    ids: list[str] = []
    with PublisherClient() as publisher:
        for call in _calls(messages):
            request = PublishRequest.pb()(topic=_topic(url.rpartition("/")[2]))
            for each in call:
                request.messages.add(data=each.data, ordering_key=each.key or "", attributes=each.attributes or {})
            ids += publisher.publish(request=PublishRequest.wrap(request), timeout=_SECONDS).message_ids
    return ids


def create_topic(address: str, *, partitions: int = 1, **settings: str) -> str:
    """A topic on a Kafka broker: its URL. Settings are Kafka's, with `_` for `.`."""
    from confluent_kafka.admin import AdminClient, NewTopic

    name = f"t-{uuid.uuid4().hex}"
    topic = NewTopic(name, num_partitions=partitions, config={key.replace("_", "."): value for key, value in settings.items()})
    client = AdminClient(_client(address))  # it ends, and its calls with it, when nothing names it
    client.create_topics([topic], operation_timeout=_SECONDS)[name].result(_SECONDS)
    return f"kafka://{address}/{name}"


def publish_kafka(url: str, messages: Iterable[Sent], *, partition: int | None = None) -> None:
    """Publishes to the topic of a URL, to the given partition or to one by key, and returns when the broker has all."""
    from confluent_kafka import Producer

    address, _, topic = url.partition("?")[0].removeprefix("kafka://").partition("/")
    producer = Producer({**_client(address), "linger.ms": 5, "message.max.bytes": 16 * 2**20, "queue.buffering.max.kbytes": 2**20})
    where = {} if partition is None else {"partition": partition}
    for count, each in enumerate(messages):
        producer.produce(topic, each.data, each.key, headers=dict(each.attributes or {}), **where)
        if count % _CALL_MESSAGES == 0:
            producer.poll(0)
    assert producer.flush(_SECONDS) == 0, f"{url}: the broker did not take all messages"


def _client(address: str) -> dict[str, str | int]:
    return {"bootstrap.servers": address, "log_level": 0}


def _topic(name: str) -> str:
    return f"projects/{PROJECT}/topics/{name}"


def _calls(messages: Iterable[Sent]) -> Iterator[list[Sent]]:
    call: list[Sent] = []
    weight = 0
    for each in messages:
        size = len(each.data or b"")
        if call and (weight + size > _CALL_BYTES or len(call) >= _CALL_MESSAGES):
            yield call
            call, weight = [], 0
        call.append(each)
        weight += size
    if call:
        yield call
