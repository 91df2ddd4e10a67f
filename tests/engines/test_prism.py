"""`ingest` on Prism, Beam's own portable runner, is the same run as in the process: code, options, exit codes and lake."""

import psutil

from pipelines.lake.tables import Tables
from tests.engines import lakes


def on(prism):
    return ["--runner", "PrismRunner", "--prism_location", str(prism)]


def test_the_seeds_make_the_same_lake(prism, tmp_path):
    for lake, options in ((tmp_path / "here", []), (tmp_path / "there", on(prism))):
        lakes.taken(lake, lakes.SEEDS, *options)
    here = lakes.views(tmp_path / "here")
    assert lakes.views(tmp_path / "there") == here
    assert here.keys() >= {"stories", "entities", "quotes", "deliveries", "rejected"}
    assert not [each for each in psutil.process_iter(["exe"]) if each.info["exe"] == str(prism)]


def test_exit_codes_are_the_same(prism, tmp_path):
    (tmp_path / "bad.jsonl").write_text("{no story\n" * 3)
    assert lakes.ingest(tmp_path / "lake", tmp_path / "bad.jsonl", "--max-rejected", "0", *on(prism)).returncode == 3
    misspelt = lakes.ingest(tmp_path / "lake", lakes.SEEDS, "--runner", "PrismRunner", "--prism_locaton", str(prism))
    assert misspelt.returncode == 2
    assert "--prism_locaton" in misspelt.stderr


def test_a_runner_that_cannot_start_writes_nothing(tmp_path):
    done = lakes.ingest(tmp_path / "lake", lakes.SEEDS, "--runner", "PrismRunner", "--prism_location", str(tmp_path / "none"))
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert not Tables(tmp_path / "lake").paths("stories")
