"""Brokers and runners as fixtures: one of each in a session, made when the first test asks for it."""

import os
import pathlib
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import pytest

from tests.engines import install, programs, servers
from tests.engines.feeds import Sent, create_subscription, create_topic, publish_kafka, publish_pubsub
from tests.engines.flink_cluster import Cluster

LONG = bool(os.environ.get("WIRELAKE_LONG"))
"""Whether tests take all the time they need: WIRELAKE_LONG=1."""

_Made = TypeVar("_Made")
_Publish = Callable[[Sequence[bytes]], None]


@pytest.fixture(scope="session")
def pubsub_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[servers.Server]:
    """Google's fake of Pub/Sub; PUBSUB_EMULATOR_HOST names it for this process and its children as long as it runs."""
    with _made(servers.pubsub, tmp_path_factory.mktemp("pubsub")) as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("PUBSUB_EMULATOR_HOST", server.address)
        yield server


@pytest.fixture(scope="session")
def kafka_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[servers.Server]:
    """A Kafka broker. A test that kills it starts it again."""
    with _made(servers.kafka, tmp_path_factory.mktemp("kafka")) as server:
        yield server


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[servers.Server]:
    """MinIO, which speaks S3. A test that kills or pauses it starts it again."""
    with _made(servers.minio, tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture(scope="session")
def prism() -> pathlib.Path:
    """The program of Beam's Prism, which Beam starts and ends."""
    return _made(programs.prism)


@pytest.fixture(scope="session")
def flink(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A Flink cluster with Beam's job server. A test that kills a part of it starts it again."""
    with _made(Cluster, tmp_path_factory.mktemp("flink")) as cluster:
        yield cluster


def feed_of(kind: str, request: pytest.FixtureRequest, folder: pathlib.Path, *, partitions: int = 1) -> tuple[str, _Publish]:
    """A feed of its own (`kafka`, `pubsub`, `folder`): its URL, and what publishes to it. The last of several partitions stays empty."""
    if kind == "folder":
        folder.mkdir()
        return str(folder), lambda batch: _write(folder, batch)
    if kind == "kafka":
        topic = create_topic(request.getfixturevalue("kafka_server").address, partitions=partitions)
        return topic, lambda batch: _spread(topic, batch, max(1, partitions - 1))
    request.getfixturevalue("pubsub_server")
    subscription = create_subscription()

    def publish(batch: Sequence[bytes]) -> None:
        publish_pubsub(subscription, [Sent(each) for each in batch])

    return subscription, publish


def _write(folder: pathlib.Path, batch: Sequence[bytes]) -> None:
    for each in batch:
        (folder / f".{len(list(folder.iterdir()))}").write_bytes(each)
    for path in folder.glob(".*"):
        path.rename(folder / f"{path.name[1:]}.jsonl")


def _spread(topic: str, batch: Sequence[bytes], partitions: int) -> None:
    for partition in range(partitions):
        publish_kafka(topic, [Sent(each) for each in batch[partition::partitions]], partition=partition)


def s3_flags(server: servers.Server) -> list[str]:
    """Beam's flags for the object store of `s3_server`."""
    user = ["--s3_access_key_id", servers.MINIO_USER, "--s3_secret_access_key", servers.MINIO_USER]
    return ["--s3_endpoint_url", f"http://{server.address}", *user, "--s3_region_name", servers.MINIO_REGION]


def s3_environment(server: servers.Server) -> dict[str, str]:
    """The same as environment variables, for whatever speaks to S3."""
    keys = {"AWS_ACCESS_KEY_ID": servers.MINIO_USER, "AWS_SECRET_ACCESS_KEY": servers.MINIO_USER, "AWS_REGION": servers.MINIO_REGION}
    return {**keys, "AWS_ENDPOINT_URL": f"http://{server.address}"}


def _made(make: Callable[..., _Made], *folder: pathlib.Path) -> _Made:
    try:
        return make(*folder)
    except install.MissingError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(error))
