"""Brokers and runners as fixtures: one of each in a session, made when the first test asks for it."""

import os
import pathlib
from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest

from tests.engines import install, servers
from tests.engines.flink_cluster import Cluster

_Made = TypeVar("_Made")


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
    """The program of Beam's Prism."""
    return _made(servers.prism)


@pytest.fixture(scope="session")
def flink(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A Flink cluster with Beam's job server. A test that kills a part of it starts it again."""
    with _made(Cluster, tmp_path_factory.mktemp("flink")) as cluster:
        yield cluster


def _made(make: Callable[..., _Made], *folder: pathlib.Path) -> _Made:
    try:
        return make(*folder)
    except install.MissingError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(error))
