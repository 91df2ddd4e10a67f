"""Where the campaign publishes to: a folder, Google's fake of Pub/Sub, a Kafka broker. Each knows what it was given, gives some of it
again, and tells at the end what is not acknowledged."""

import collections
import contextlib
import os
import pathlib
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from pipelines.sources import kafka
from tests.engines import servers
from tests.engines.feeds import Sent, create_subscription, create_topic, publish_kafka, publish_pubsub

KINDS = ("folder", "pubsub", "kafka", "ingest")

_SETTLE = 1.0
_CHUNK = 20
"""Files that one run of `ingest` takes here: many commits for a kill to come between."""

_SECONDS = 10.0

Taken = dict[tuple[str, str | None], bytes]


class Feed(Protocol):
    """A feed under test."""

    environment: Mapping[str, str]
    constants: Mapping[str, Any]
    server: servers.Server | None

    def command(self, *, last: bool) -> list[str]:
        """A command line without `--lake`; `last` for the one that is to take what is left."""
        ...

    def publish(self, messages: Sequence[bytes]) -> None:
        """Returns when the other side has all of them."""
        ...

    def disturb(self) -> None:
        """Makes something come again, or come to somebody else, where the source knows such things."""
        ...

    def taken(self) -> Taken:
        """What was published: bytes by source URI and message id."""
        ...

    def left(self) -> list[str]:
        """What should be acknowledged and is not."""
        ...


@contextlib.contextmanager
def opened(kind: str, folder: pathlib.Path) -> Iterator[Feed]:
    """A feed of one of `KINDS`, with its server. Raises MissingError where that cannot be had."""
    folder.mkdir(parents=True)
    if kind == "pubsub":
        with servers.pubsub(folder) as server:
            yield _PubSub(server)
    elif kind == "kafka":
        with servers.kafka(folder) as server:
            yield _Kafka(server)
    else:
        yield (_Ingest if kind == "ingest" else _Folder)(folder)


class _Folder:
    environment: Mapping[str, str] = {}
    constants: Mapping[str, Any] = {}
    server: servers.Server | None = None
    slow = 0.1
    """Share of the files that are written in place."""

    def __init__(self, folder: pathlib.Path) -> None:
        self._in, self._done = folder / "in", folder / "done"
        self._in.mkdir()
        self._taken: Taken = {}

    def command(self, *, last: bool) -> list[str]:
        """Half of the lives leave files where they are: the next one gets them all again."""
        moving = ["--move-to", str(self._done)] if last or random.random() < 0.5 else []
        return ["watch", str(self._in), "--settle", str(_SETTLE), "--keep-raw", *moving]

    def publish(self, messages: Sequence[bytes]) -> None:
        for data in messages:
            name = f"{len(self._taken):06d}.jsonl"
            self._taken[str(self._in / name), None] = data
            if random.random() < self.slow:
                self._write_slowly(self._in / name, data)
            else:
                (self._in / f".{name}").write_bytes(data)
                os.rename(self._in / f".{name}", self._in / name)

    def _write_slowly(self, path: pathlib.Path, data: bytes) -> None:
        """In place, in two halves: it is to be left alone until it has settled. Under a load that stops this process for that long, the
        file is given as whole: `watch` would be right to take the half."""
        begun = time.monotonic()
        with path.open("wb") as out:
            out.write(data[: len(data) // 2])
            out.flush()
            time.sleep(_SETTLE / 5)
            out.write(data[len(data) // 2 :])
        if time.monotonic() - begun > _SETTLE * 0.8:
            raise RuntimeError(f"{path}: the machine is too busy to write a file within {_SETTLE} s; run again")

    def disturb(self) -> None:
        """A file of another time, with the same bytes."""
        with contextlib.suppress(FileNotFoundError, IndexError):
            os.utime(random.choice([path for path in self._in.iterdir() if path.name[0] != "."]))

    def taken(self) -> Taken:
        return dict(self._taken)

    def left(self) -> list[str]:
        """Files that were not moved, and those whose bytes are not where they were moved to."""
        here = [str(path) for path in self._in.iterdir() if path.stat().st_size]
        there = collections.Counter(path.read_bytes() for path in self._done.rglob("*") if path.is_file() and path.stat().st_size)
        lost = collections.Counter(self._taken.values()) - there
        return here + ([f"the bytes of {lost.total()} files are not in {self._done}"] if lost and not here else [])


class _Ingest(_Folder):
    slow = 0.0  # `ingest` takes files as they are
    constants = {"pipelines.runs.CHUNK_INPUTS": _CHUNK}

    def command(self, *, last: bool) -> list[str]:
        return ["ingest", str(self._in), "--keep-raw"]

    def left(self) -> list[str]:
        return []


class _PubSub:
    constants: Mapping[str, Any] = {}

    def __init__(self, server: servers.Server) -> None:
        self.server = None  # it keeps all in memory: the consumers are killed
        self.environment = {"PUBSUB_EMULATOR_HOST": server.address}
        os.environ.update(self.environment)
        self._url = create_subscription(deadline=3)
        self._taken: Taken = {}

    def command(self, *, last: bool) -> list[str]:
        return ["watch", self._url]

    def publish(self, messages: Sequence[bytes]) -> None:
        ids = publish_pubsub(self._url, [Sent(data) for data in messages])
        self._taken |= {(self._url, message_id): data for message_id, data in zip(ids, messages, strict=True)}

    def disturb(self) -> None:
        """Another client of the subscription takes some, and gives them back or forgets them."""
        with self._client() as client:
            found = client.pull(subscription=self._name, max_messages=10, return_immediately=True, timeout=_SECONDS).received_messages
            ack_ids = [each.ack_id for each in found]
            if ack_ids and random.random() < 0.7:
                client.modify_ack_deadline(subscription=self._name, ack_ids=ack_ids, ack_deadline_seconds=0, timeout=_SECONDS)

    def taken(self) -> Taken:
        return dict(self._taken)

    def left(self) -> list[str]:
        time.sleep(4.0)  # what somebody still holds comes back after its deadline
        with self._client() as client:
            found = client.pull(subscription=self._name, max_messages=100, return_immediately=True, timeout=_SECONDS).received_messages
        return [each.message.message_id for each in found]

    @property
    def _name(self) -> str:
        project, name = self._url.removeprefix("pubsub://").split("/")
        return f"projects/{project}/subscriptions/{name}"

    def _client(self) -> Any:
        from google.pubsub_v1 import SubscriberClient

        return SubscriberClient()


class _Kafka:
    environment: Mapping[str, str] = {}
    # Else each life would wait 6 s until the group has given up the one before.
    constants = {"pipelines.sources.kafka._SETTINGS": {**kafka._SETTINGS, "session.timeout.ms": 1_500, "heartbeat.interval.ms": 400}}

    def __init__(self, server: servers.Server) -> None:
        self.server: servers.Server | None = server
        self._url = create_topic(server.address, partitions=2)

    def command(self, *, last: bool) -> list[str]:
        """Some lives are of a group that knows nothing: the whole topic comes again."""
        again = not last and random.random() < 0.1
        return ["watch", f"{self._url}?group=g{random.randrange(10**9)}" if again else self._url]

    def publish(self, messages: Sequence[bytes]) -> None:
        publish_kafka(self._url, [Sent(data) for data in messages])

    def disturb(self) -> None:
        """Nothing: see `command`."""

    def taken(self) -> Taken:
        """What the topic holds, read by a consumer of its own."""
        with self._consumer("reader") as consumer:
            ends = self._ends(consumer)
            taken: Taken = {}
            while len(taken) < sum(ends.values()):
                for message in consumer.consume(1_000, _SECONDS):
                    assert not message.error(), message.error()
                    taken[self._url, f"{message.partition()}:{message.offset()}"] = message.value()
        return taken

    def left(self) -> list[str]:
        from confluent_kafka import TopicPartition

        with self._consumer(kafka.GROUP) as consumer:
            ends = self._ends(consumer)
            committed = consumer.committed([TopicPartition(self._topic, number) for number in ends], timeout=_SECONDS)
        return [f"{each.partition}:{each.offset}" for each in committed if each.offset != ends[each.partition] and ends[each.partition]]

    @property
    def _topic(self) -> str:
        return self._url.rpartition("/")[2]

    @contextlib.contextmanager
    def _consumer(self, group: str) -> Iterator[Any]:
        from confluent_kafka import Consumer

        address = self._url.split("/")[2]
        consumer = Consumer({"bootstrap.servers": address, "group.id": group, "enable.auto.commit": False, "log_level": 0})
        try:
            yield consumer
        finally:
            consumer.close()

    def _ends(self, consumer: Any) -> dict[int, int]:
        """The next offset of each partition; the consumer reads them from their beginnings."""
        from confluent_kafka import TopicPartition

        places = [TopicPartition(self._topic, number, 0) for number in (0, 1)]
        consumer.assign(places)
        return {each.partition: consumer.get_watermark_offsets(each, timeout=_SECONDS)[1] for each in places}
