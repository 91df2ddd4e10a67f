"""Fixtures for all tests."""

import sys
from collections.abc import Iterator

import pytest

from tests.engines.fixtures import flink, kafka_server, prism, pubsub_server, s3_server

__all__ = ["flink", "kafka_server", "prism", "pubsub_server", "s3_server"]


@pytest.fixture(autouse=True)
def _no_helpers_are_left() -> Iterator[None]:
    """Helpers that a large run started know nothing of what the next test patches."""
    yield
    if helpers := sys.modules.get("transforms.helpers"):
        helpers.end()
