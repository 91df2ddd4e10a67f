"""Every engine makes the same lake of stories with copies, versions and kills that come in several runs; so does `watch`."""

import signal
import subprocess
import sys

import pytest

from tests.engines import lakes
from tests.engines.fixtures import LONG

STORIES, SECONDS = (20_000, 1_800) if LONG else (1_200, 300)
RUNS = 2


@pytest.fixture(scope="module")
def feed(tmp_path_factory):
    """A folder of files: all that comes, some stories not before their kills and some versions not before the next."""
    folder = tmp_path_factory.mktemp("feed")
    lines = list(lakes.lines(STORIES))
    for number in range(RUNS):
        (folder / f"{number}.jsonl").write_bytes(b"".join(lines[number::RUNS]))
    return folder


@pytest.fixture(scope="module")
def here(feed, tmp_path_factory):
    """What the lake of DirectRunner shows."""
    return lakes.views(ingested(tmp_path_factory.mktemp("here") / "lake", feed))


def ingested(lake, feed, *options):
    for file in sorted(feed.iterdir()):
        lakes.taken(lake, file, *options)
    return lake


def test_the_lake_holds_what_is_told_apart(feed, here):
    shown = [row.split(", ") for row in here["stories"]]
    lines = sum(len(file.read_bytes().splitlines()) for file in feed.iterdir())
    assert len(here["deliveries"]) == lines > len(shown) > len(here["latest"]) > 0
    stories = "\n".join(here["stories"])
    assert all(f"'relation': '{relation}'" in stories for relation in ("exact", "republication", "version"))
    assert "'signal': 'kill'" in stories
    assert stories.count("'killed_by': None") < len(here["stories"])


def test_prism_makes_the_same_lake(prism, feed, here, tmp_path):
    assert lakes.views(ingested(tmp_path / "lake", feed, "--runner", "PrismRunner", "--prism_location", str(prism))) == here


def test_flink_makes_the_same_lake(flink, feed, here, tmp_path):
    assert lakes.views(ingested(tmp_path / "lake", feed, *flink.options())) == here


def test_watch_makes_the_same_lake(feed, here, tmp_path):
    lake = tmp_path / "lake"
    command = [sys.executable, "-m", "pipelines", "watch", str(feed), "--lake", str(lake), "--settle", "0", "--round-inputs", "1"]
    with subprocess.Popen(command, cwd=lakes.ROOT, stdout=subprocess.DEVNULL) as watching:
        try:
            lakes.until(lambda: lakes.count(lake, "deliveries") == len(here["deliveries"]), watching, SECONDS)
            watching.send_signal(signal.SIGTERM)
            assert watching.wait(60) == 0
        finally:
            watching.kill()
    assert lakes.views(lake) == here
