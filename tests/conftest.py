"""Fixtures for all tests."""

from tests.engines.fixtures import kafka_server, prism, pubsub_server

__all__ = ["kafka_server", "prism", "pubsub_server"]
