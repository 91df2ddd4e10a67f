"""A lake in an object store: the same lake as in a folder, also when writers die, meet, or the store is away for a while."""

import subprocess
import sys
import time
import uuid

import boto3
import pytest

from pipelines import doctor, options, runs
from pipelines.lake import durable, place
from pipelines.lake.tables import Tables
from tests.engines import lakes
from tests.engines.fixtures import LONG, s3_environment, s3_flags
from tests.engines.servers import MINIO_USER
from tests.pipelines import crashing

STEPS = ("before claim", "claimed", "before stories", "finished") if LONG else ("before claim", "claimed")
"""Of a commit in a store: where a writer may die, or another one come between."""


@pytest.fixture(scope="module")
def store(s3_server):
    """The environment of anyone who uses a store of their own."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in s3_environment(s3_server).items():
            patch.setenv(name, value)
        yield s3_server


@pytest.fixture
def lake(store):
    bucket = f"b-{uuid.uuid4().hex}"
    boto3.client("s3").create_bucket(Bucket=bucket)
    return f"s3://{bucket}/a/lake"


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    """A local lake of the seeds."""
    lake = tmp_path_factory.mktemp("here") / "lake"
    lakes.taken(lake, lakes.SEEDS)
    return lakes.views(lake)


@pytest.fixture(scope="module")
def feed(tmp_path_factory):
    """Two halves of some stories, and a local lake of both."""
    folder = tmp_path_factory.mktemp("feed")
    lines = list(lakes.lines(60))
    for name, part in (("one", lines[::2]), ("other", lines[1::2])):
        (folder / f"{name}.jsonl").write_bytes(b"".join(part))
    for name in ("one", "other"):
        lakes.taken(folder / "lake", folder / f"{name}.jsonl")
    return folder / "one.jsonl", folder / "other.jsonl", lakes.views(folder / "lake")


def command(*words):
    words = [sys.executable, "-m", "pipelines", *map(str, words)]
    done = subprocess.run(words, cwd=lakes.ROOT, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def ingest(lake, *sources):
    return runs.ingest(options.settings_from([str(source) for source in sources], lake=lake))


def same(there, here):
    """Every view but the deliveries, whose URIs are those of the files."""
    return {name: there[name] for name in there} == here


def test_every_command_works_on_it_as_on_a_folder(lake, here, tmp_path):
    assert command("ingest", lakes.SEEDS, "--lake", lake, "--keep-raw")[0] == 0
    assert same(lakes.views(lake), here)
    assert "nothing new" in command("ingest", lakes.SEEDS, "--lake", lake)[1]
    code, said, _ = command("query", "--lake", lake, "--csv", "select count(*) as n from stories")
    assert (code, int(said.split()[1])) == (0, len(here["stories"]))
    assert command("doctor", "--lake", lake)[0] == 0
    assert command("compact", "--lake", lake)[0] == 0
    today = time.strftime("%Y-%m-%d", time.gmtime())
    assert command("reprocess", "--lake", lake, "--from", today, "--to", today)[0] == 0
    assert lakes.views(lake)["stories"] == here["stories"]
    code, _, said = command("views", "--lake", lake)
    assert code == 2
    assert "wirelake query" in said
    assert command("purge", "--provider", "AFP", "--lake", lake)[0] == 0
    assert lakes.count(lake, "stories where provider = 'AFP'") == 0
    assert lakes.count(lake, "stories") > 0
    assert not doctor.examine(lake).problems


def test_workers_of_a_cluster_hear_of_the_store_by_flags_and_write_there(flink, store, lake, here):
    """Their environment says nothing of it."""
    with pytest.MonkeyPatch.context() as patch:
        for name in s3_environment(store):
            patch.delenv(name)
        lakes.taken(lake, lakes.SEEDS, *flink.options(), *s3_flags(store))
    assert same(lakes.views(lake), here)
    assert not doctor.examine(lake).problems


def test_a_feed_goes_there_beside_another_writer(lake, feed, tmp_path):
    """Round after round; who finds its number taken plans its round again."""
    lines = feed[0].read_bytes().splitlines(keepends=True)
    (tmp_path / "in").mkdir()
    words = [sys.executable, "-m", "pipelines", "watch", tmp_path / "in", "--lake", lake, "--settle", "0"]
    with subprocess.Popen(words, cwd=lakes.ROOT, stdout=subprocess.PIPE) as watch:
        try:
            for start in range(0, len(lines), 10):
                (tmp_path / f"{start}.jsonl").write_bytes(b"".join(lines[start : start + 10]))
                (tmp_path / f"{start}.jsonl").rename(tmp_path / "in" / f"{start}.jsonl")
                before = lakes.count(lake, "deliveries")
                if start == 10:
                    ingest(lake, feed[1])
                lakes.until(lambda before=before: lakes.count(lake, "deliveries") > before, watch)
            lakes.until(lambda: lakes.count(lake, "deliveries") == len(feed[2]["deliveries"]), watch)
            watch.terminate()
            assert watch.wait(60) == 0
        finally:
            watch.kill()
    assert lakes.views(lake)["stories"] == feed[2]["stories"]
    assert not doctor.examine(lake).problems


def test_compact_puts_parts_together_and_changes_no_answer(lake, feed):
    for source in feed[:2]:
        ingest(lake, source)
    before = sum(len(Tables(lake).paths(name)) for name in ("stories", "entities"))
    assert command("compact", "--lake", lake)[0] == 0
    assert sum(len(Tables(lake).paths(name)) for name in ("stories", "entities")) < before
    assert same(lakes.views(lake), feed[2])


@pytest.mark.parametrize("step", STEPS)
def test_a_writer_that_dies_leaves_a_whole_lake_and_the_next_one_goes_on(step, lake, feed):
    one, other, expected = feed
    ingest(lake, one)
    before = lakes.views(lake)
    assert crashing.in_child(crashing.ingest_and_die_at, lake, other, step) < 0
    seen = lakes.views(lake)
    assert seen in (before, expected)
    ingest(lake, other)
    assert lakes.views(lake) == expected
    assert not doctor.examine(lake).problems


@pytest.mark.parametrize("step", STEPS)
def test_two_writers_at_once_take_everything_once(step, lake, feed, monkeypatch):
    """The other one comes in the middle of a commit: it finishes what is claimed, or comes first."""
    one, other, expected = feed
    waiting = [other]

    def reached(name):
        if name == step and waiting:
            ingest(lake, waiting.pop())

    monkeypatch.setattr(durable, "reached", reached)
    report = ingest(lake, one)
    assert not waiting
    assert report.pieces
    assert lakes.views(lake) == expected
    assert not doctor.examine(lake).problems
    assert strays(lake) == []


def test_many_writers_take_everything_once(lake, feed):
    lines = feed[0].read_bytes().splitlines(keepends=True)
    children = []
    for number in range(3):
        own = feed[0].with_name(f"part-{number}.jsonl")
        own.write_bytes(b"".join(lines[number::3]))
        children.append(crashing.start(crashing.ingest, lake, own, feed[1]))
    for child in children:
        child.join(240)
    assert [child.exitcode for child in children] == [0, 0, 0]
    assert lakes.views(lake)["stories"] == feed[2]["stories"]
    assert not doctor.examine(lake).problems


def test_what_a_dead_writer_left_in_place_goes_with_a_purge_and_a_live_ones_stays(lake, feed):
    one, other, _ = feed
    ingest(lake, one)
    time.sleep(1.1)  # a store tells times by the second
    ingest(lake, other)
    own = other.with_name("again.jsonl")
    own.write_bytes(other.read_bytes())
    assert crashing.in_child(crashing.ingest_and_die_at, lake, own, "before claim") < 0
    left = strays(lake)
    assert left
    assert not doctor.examine(lake).problems
    assert command("purge", "--guid", "nobody:has:this", "--lake", lake)[0] == 0
    assert strays(lake) == left
    time.sleep(1.1)
    ingest(lake, own)
    assert command("purge", "--guid", "nobody:has:this", "--lake", lake)[0] == 0
    assert strays(lake) == []


def strays(lake):
    tables = Tables(lake)
    return [str(path) for name in tables.names() for path in tables.unlogged(name)]


@pytest.mark.parametrize("step", ["staged", "claimed"])
def test_a_store_that_is_away_for_a_while_is_waited_for(step, store, lake, feed, tmp_path):
    one, other, expected = feed
    ingest(lake, one)
    child = crashing.start(crashing.ingest_and_wait_at, lake, other, step, str(tmp_path / "flag"))
    store_gone(store, tmp_path / "flag")
    time.sleep(5)
    store.start()
    child.join(240)
    assert child.exitcode == 0
    assert lakes.views(lake) == expected
    assert not doctor.examine(lake).problems


def test_a_store_that_stays_away_is_told_in_a_sentence_and_the_next_run_goes_on(store, lake, feed, tmp_path):
    one, other, expected = feed
    ingest(lake, one)
    child = crashing.start(ingest_impatiently, lake, other, str(tmp_path / "flag"))
    store_gone(store, tmp_path / "flag")
    try:
        child.join(300)
        assert child.exitcode == 1
    finally:
        store.start()
    said = (tmp_path / "flag.said").read_text()
    assert "the store does not do what it is asked" in said
    assert "run again" in said
    assert MINIO_USER not in said
    assert ingest(lake, other).recovered == 2
    assert lakes.views(lake) == expected


def ingest_impatiently(lake, source, flag):
    """The child of the test above: it gives the store up after some seconds."""
    place._DELTA_RETRIES["retry_timeout"] = "5s"
    crashing.ingest_and_wait_at(lake, source, "claimed", flag)


def store_gone(store, flag):
    """Ends the store when the writer has made its flag, and lets it go on."""
    end = time.monotonic() + 120
    while not flag.exists():
        assert time.monotonic() < end
        time.sleep(0.05)
    store.kill()
    flag.unlink()


def test_a_bucket_without_a_lake_is_told(lake):
    code, _, said = command("query", "--lake", lake, "select 1")
    assert code == 2
    assert "there is no lake here" in said
