"""Brokers and runners as fixtures: one of each in a session, made when the first test asks for it."""

import os
import pathlib
from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest

from tests.engines import servers

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
def prism() -> pathlib.Path:
    """The program of Beam's Prism."""
    return _made(servers.prism)


def _made(make: Callable[..., _Made], *folder: pathlib.Path) -> _Made:
    try:
        return make(*folder)
    except servers.MissingError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(error))
