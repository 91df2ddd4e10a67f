"""`watch` on a Flink cluster: each round a job; acknowledged after the commit, also where a round's driver was killed."""

import contextlib
import os
import signal
import subprocess
import sys
import time

import pytest

from tests.campaign import stories
from tests.engines import lakes
from tests.engines.fixtures import LONG, feed_of
from tests.engines.lakes import pieces

MESSAGES = 40


@contextlib.contextmanager
def watching(source, lake, options):
    command = [sys.executable, "-m", "pipelines", "watch", source, "--lake", str(lake), "--settle", "0", "--round-seconds", "1", *options]
    with subprocess.Popen(command, cwd=lakes.ROOT, stdout=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.kill()


def counts(lake):
    """Pieces, and runs, that the lake holds."""
    return lakes.count(lake, "deliveries"), lakes.count(lake, "runs")


@pytest.fixture
def messages():
    feed = stories.messages(3)
    return [next(feed) for _ in range(2 * MESSAGES)]


@pytest.fixture(params=["kafka", "pubsub", "folder"] if LONG else ["kafka"])
def source(request, tmp_path):
    """A feed, and what publishes to it."""
    return feed_of(request.param, request, tmp_path / "in")


def test_a_round_is_a_job_and_one_whose_driver_was_killed_is_taken_again(flink, source, messages, tmp_path):
    url, publish = source
    lake, done = tmp_path / "lake", flink.overview()["jobs-finished"]
    with watching(url, lake, flink.options(parallelism=1)) as watch:
        publish(messages[:MESSAGES])
        lakes.until(lambda: counts(lake) == (pieces(messages[:MESSAGES]), 1), watch)
        publish(messages[MESSAGES:])
        lakes.until(lambda: flink.overview()["jobs-running"], watch)
        watch.send_signal(signal.SIGKILL)
    with watching(url, lake, flink.options(parallelism=1)) as watch:
        lakes.until(lambda: counts(lake)[0] == pieces(messages), watch)
        time.sleep(2)  # what came again would be taken now
        watch.send_signal(signal.SIGTERM)
        assert watch.wait(120) == 0
    assert counts(lake) == (pieces(messages), 2)
    # The job that outlived its driver ended well and committed nothing; what it staged lies there for a day.
    assert flink.overview()["jobs-finished"] - done == 3
    assert len(os.listdir(lake / "_staging")) == 1
    assert lakes.holds_once(lake, messages)
