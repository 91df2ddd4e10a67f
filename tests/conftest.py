"""Fixtures for all tests."""

from tests.engines.fixtures import kafka_server, pubsub_server

__all__ = ["kafka_server", "pubsub_server"]
