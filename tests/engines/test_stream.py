"""`stream` on Prism: every message once in the lake, also over SIGKILLs; the lake of `ingest`."""

import contextlib
import random
import signal
import subprocess
import sys
import time

import pytest

from pipelines import doctor
from tests.campaign import stories
from tests.engines import lakes
from tests.engines.feeds import Sent, create_subscription, create_topic, publish_kafka, publish_pubsub
from tests.engines.fixtures import LONG, feed_of
from tests.engines.lakes import pieces

KILLS = 10 if LONG else 2
BATCH = 60
"""Messages between two kills."""


@contextlib.contextmanager
def streaming(source, lake, prism):
    command = [sys.executable, "-m", "pipelines", "stream", source, "--lake", str(lake), "--settle", "0", "--prism_location", str(prism)]
    with subprocess.Popen(command, cwd=lakes.ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture(params=["kafka", "pubsub", "folder"] if LONG else ["kafka", "pubsub"])
def source(request, tmp_path):
    """A feed, and what publishes to it. Kafka's has a partition where nothing comes."""
    return feed_of(request.param, request, tmp_path / "in", partitions=3)


def test_every_message_is_in_the_lake_once_over_kills(prism, source, tmp_path):
    url, publish = source
    lake, feed, chance = tmp_path / "lake", stories.messages(5), random.Random(5)
    messages = []
    for _ in range(KILLS):
        with streaming(url, lake, prism) as process:
            before = lakes.count(lake, "runs")
            messages += (batch := [next(feed) for _ in range(BATCH)])
            publish(batch)
            lakes.until(lambda before=before: lakes.count(lake, "runs") > before, process)
            messages += (batch := [next(feed) for _ in range(BATCH)])
            publish(batch)
            time.sleep(chance.uniform(0.0, 1.5))
            process.send_signal(signal.SIGKILL)
    with streaming(url, lake, prism) as process:
        lakes.until(lambda: lakes.count(lake, "deliveries") >= pieces(messages), process)
        time.sleep(2)  # what came again would be taken now
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0, process.stderr.read()
    assert lakes.count(lake, "deliveries") == pieces(messages)
    assert lakes.holds_once(lake, messages)
    assert not doctor.examine(lake).problems


def test_the_lake_is_that_of_ingest_and_what_was_read_is_committed_before_it_ends(prism, kafka_server, tmp_path):
    lines = list(lakes.lines(400 if not LONG else 5_000))
    (tmp_path / "all.jsonl").write_bytes(b"".join(lines))
    lakes.taken(tmp_path / "here", tmp_path / "all.jsonl")
    url = create_topic(kafka_server.address, partitions=2)
    publish_kafka(url, [Sent(each, key=str(number)) for number, each in enumerate(lines)])
    with streaming(url, tmp_path / "there", prism) as process:
        lakes.until(lambda: lakes.count(tmp_path / "there", "deliveries") >= len(lines), process)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0, process.stderr.read()
        assert process.stderr.read() == ""
    here, there = lakes.views(tmp_path / "here"), lakes.views(tmp_path / "there")
    for view in ("stories", "latest", "entities", "quotes", "sketches"):
        assert there[view] == here[view]
    assert len(there["deliveries"]) == len(here["deliveries"])


def test_messages_that_another_puller_held_come_when_it_lets_go(prism, pubsub_server, tmp_path):
    from google.pubsub_v1 import SubscriberClient

    url = create_subscription(deadline=10)
    name = "projects/{}/subscriptions/{}".format(*url.removeprefix("pubsub://").split("/"))
    feed = stories.messages(9)
    messages = [next(feed) for _ in range(30)]
    publish_pubsub(url, [Sent(each) for each in messages])
    with SubscriberClient() as other:
        held = other.pull(subscription=name, max_messages=10, timeout=10).received_messages
    assert held
    with streaming(url, tmp_path / "lake", prism) as process:
        lakes.until(lambda: lakes.count(tmp_path / "lake", "deliveries") >= pieces(messages), process, 120)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    assert lakes.count(tmp_path / "lake", "deliveries") == pieces(messages)


def test_what_cannot_be_is_told_in_a_line(prism, tmp_path):
    def said(*words):
        command = [sys.executable, "-m", "pipelines", "stream", *map(str, words), "--lake", str(tmp_path / "lake")]
        done = subprocess.run(command, cwd=lakes.ROOT, capture_output=True, text=True, check=False, timeout=120)
        assert len(done.stderr.strip().splitlines()) == 1
        return done.returncode, done.stderr

    assert said(tmp_path, "--runner", "DirectRunner")[0] == 2
    assert said(tmp_path / "none", "--prism_location", prism)[0] == 2
    code, told = said(tmp_path, "--prism_location", prism, "--environment_type", "DOCKER")
    assert code == 2
    assert "LOOPBACK" in told
    code, told = said(tmp_path, "--prism_location", tmp_path / "none")
    assert code == 2
    assert "Prism" in told
