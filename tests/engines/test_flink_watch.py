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
from tests.engines.feeds import Sent, create_subscription, create_topic, publish_kafka, publish_pubsub
from tests.pipelines.asking import asked

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


def pieces(messages):
    return sum(len(each.splitlines()) for each in messages)


@pytest.fixture
def messages():
    feed = stories.messages(3)
    return [next(feed) for _ in range(2 * MESSAGES)]


LONG = bool(os.environ.get("WIRELAKE_LONG"))


@pytest.fixture(params=["kafka", "pubsub", "folder"] if LONG else ["kafka"])
def source(request, tmp_path):
    """A feed: its URL, and what publishes to it."""
    if request.param == "folder":
        folder = tmp_path / "in"
        folder.mkdir()

        def write(batch):
            for each in batch:
                number = len(list(folder.iterdir()))
                (folder / f"{number}.jsonl").write_bytes(each)

        return str(folder), write
    if request.param == "kafka":
        url = create_topic(request.getfixturevalue("kafka_server").address)
        return url, lambda batch: publish_kafka(url, [Sent(each) for each in batch])
    request.getfixturevalue("pubsub_server")
    url = create_subscription()
    return url, lambda batch: publish_pubsub(url, [Sent(each) for each in batch])


def test_a_round_is_a_job_and_one_whose_driver_was_killed_is_taken_again(flink, source, messages, tmp_path):
    url, publish = source
    lake, done = tmp_path / "lake", flink.overview()["jobs-finished"]
    with watching(url, lake, flink.options()) as watch:
        publish(messages[:MESSAGES])
        lakes.until(lambda: counts(lake) == (pieces(messages[:MESSAGES]), 1), watch)
        publish(messages[MESSAGES:])
        lakes.until(lambda: flink.overview()["jobs-running"], watch)
        watch.send_signal(signal.SIGKILL)
    with watching(url, lake, flink.options()) as watch:
        lakes.until(lambda: counts(lake)[0] == pieces(messages), watch)
        time.sleep(2)  # what came again would be taken now
        watch.send_signal(signal.SIGTERM)
        assert watch.wait(120) == 0
    assert counts(lake) == (pieces(messages), 2)
    # The job that outlived its driver ended well and committed nothing; what it staged lies there for a day.
    assert flink.overview()["jobs-finished"] - done == 3
    assert len(os.listdir(lake / "_staging")) == 1
    found = asked(lake, "select provider, guid, version from stories")
    assert sorted(found) == sorted(stories.Expected.of({("", str(number)): each for number, each in enumerate(messages)}).stories)
