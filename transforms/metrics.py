"""Counters for an engine's own page. wirelake's figures never come from here: engines count retried bundles again."""

import functools

from apache_beam.metrics import Metrics
from apache_beam.metrics.metric import Metrics as _Metrics


@functools.cache
def _counter(namespace: str, name: str) -> _Metrics.DelegatingCounter:
    return Metrics.counter(namespace, name)


def count(namespace: str, name: str, by: int = 1) -> None:
    """Adds to the counter `name` of the namespace (a composite's name)."""
    _counter(namespace, name).inc(by)
