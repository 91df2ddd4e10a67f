"""Processes forked from a server that has imported what they need and loaded the tables: a process has one such server, whoever asks."""

import multiprocessing
import os

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(
    [
        "apache_beam.runners.portability.fn_api_runner",
        "pipelines.cli",
        "pipelines.lake.compact",
        "pipelines.options",
        "pipelines.retake",
        "pipelines.runs",
        "pipelines.watch",
        "pipelines.sources.folder",
        "pipelines.sources.kafka",
        "pipelines.sources.pubsub",
        "confluent_kafka",
        "google.pubsub_v1",
        "tests.campaign.lives",
        "tests.campaign.reader",
        "tests.pipelines.crashing",
        "tests.warm",
    ]
)


def process(function, *arguments):
    """A call in a process of its own, not started, with the environment that this process has now; the server has that of its start."""
    return _CONTEXT.Process(target=_call, args=(dict(os.environ), function, arguments))


def _call(environment, function, arguments):
    os.environ.clear()
    os.environ.update(environment)
    function(*arguments)
