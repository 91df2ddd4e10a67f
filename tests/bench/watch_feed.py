"""What the bench of `watch` publishes, and where to: a folder, the fake of Pub/Sub, or a Kafka broker, both started here."""

import contextlib
import datetime as dt
import json
import os
import pathlib
import random
import sys
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from watch_lake import long_stories  # noqa: E402

from tests.engines import servers  # noqa: E402

SHARE_AGAIN = 0.05
"""Of all messages: sent a second time, some messages later. Another twelfth are copies and new versions (see generated_stories)."""

AGAIN_AFTER = 50

Message = tuple[str, bytes]
"""A key, unique for each new message and the same for one sent again: guid and version; and the line itself."""


class Feed(Protocol):
    """Somewhere to publish to, and what `wirelake watch` is called with to read there."""

    arguments: Sequence[str]
    environment: dict[str, str]

    def publish(self, messages: Sequence[Message]) -> None:
        """Returns when all of them are with the broker."""
        ...


def messages(count: int, seed: int) -> Iterator[Message]:
    """Stories of today as lines, each dated at the moment it is taken."""
    chance = random.Random(seed)
    sent: list[Message] = []
    for row in long_stories(count, seed):
        if sent and chance.random() < SHARE_AGAIN:
            yield chance.choice(sent[-AGAIN_AFTER:])
            continue
        now = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
        guid = f"{row['guid']}:{seed}"
        message = (f"{guid} {row['version']}", json.dumps({**row, "guid": guid, "date": now}).encode() + b"\n")
        sent = [*sent[-AGAIN_AFTER:], message]
        yield message


@contextlib.contextmanager
def opened(kind: str, folder: pathlib.Path) -> Iterator[Feed]:
    """A feed of a kind, its server with it. Raises MissingError where its server cannot be had."""
    folder.mkdir(parents=True, exist_ok=True)
    if kind == "folder":
        yield _Folder(folder)
        return
    start = {"pubsub": servers.pubsub, "kafka": servers.kafka}[kind]
    with start(folder) as server:
        yield _PubSub(server.address) if kind == "pubsub" else _Kafka(server.address)


class _Folder:
    def __init__(self, folder: pathlib.Path) -> None:
        self._folder, self._number = folder / "in", 0
        self._folder.mkdir()
        # Files come by rename, whole: there is nothing to settle.
        self.arguments = [str(self._folder), "--settle", "0", "--move-to", str(folder / "done"), "--keep-raw"]
        self.environment: dict[str, str] = {}

    def publish(self, messages: Sequence[Message]) -> None:
        for _, data in messages:
            self._number += 1
            half = self._folder / f".{self._number}"
            half.write_bytes(data)
            os.rename(half, self._folder / f"{self._number:08d}.jsonl")


class _PubSub:
    def __init__(self, address: str) -> None:
        import grpc
        from google.pubsub_v1.services.publisher import PublisherClient
        from google.pubsub_v1.services.publisher.transports import PublisherGrpcTransport
        from google.pubsub_v1.services.subscriber import SubscriberClient
        from google.pubsub_v1.services.subscriber.transports import SubscriberGrpcTransport

        self.arguments = ["pubsub://bench/wire"]
        self.environment = {"PUBSUB_EMULATOR_HOST": address}
        self._topic = "projects/bench/topics/wire"
        channel = grpc.insecure_channel(address)
        self._publisher = PublisherClient(transport=PublisherGrpcTransport(host=address, channel=channel))
        self._publisher.create_topic(name=self._topic)
        subscriber = SubscriberClient(transport=SubscriberGrpcTransport(host=address, channel=channel))
        name = "projects/bench/subscriptions/wire"
        subscriber.create_subscription(request={"name": name, "topic": self._topic, "ack_deadline_seconds": 60})

    def publish(self, messages: Sequence[Message]) -> None:
        for start in range(0, len(messages), 500):
            self._publisher.publish(topic=self._topic, messages=[{"data": data} for _, data in messages[start : start + 500]])


class _Kafka:
    def __init__(self, address: str) -> None:
        from confluent_kafka import Producer
        from confluent_kafka.admin import AdminClient, NewTopic

        self.arguments = [f"kafka://{address}/wire"]
        self.environment = {}
        admin = AdminClient({"bootstrap.servers": address, "log_level": 0})  # kept: what it is asked ends with it
        for made in admin.create_topics([NewTopic("wire", 2, 1)]).values():
            made.result(30)
        self._producer: Any = Producer(
            {"bootstrap.servers": address, "linger.ms": 0, "log_level": 0, "queue.buffering.max.messages": 1_000_000}
        )

    def publish(self, messages: Sequence[Message]) -> None:
        for key, data in messages:
            self._producer.produce("wire", data, key=key.encode())
        if self._producer.flush(60):
            raise RuntimeError("the broker did not take all messages within a minute")
