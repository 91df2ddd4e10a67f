"""`ingest` on Prism, Beam's own portable runner, is the same run as in the process: code, options, exit codes and lake."""

import datetime as dt
import pathlib
import subprocess
import sys

import psutil
import pyarrow.dataset as ds

from pipelines.lake.tables import Tables

ROOT = pathlib.Path(__file__).resolve().parents[2]
FROM_RUN = frozenset(("run", "received_at"))
TABLES = ("stories", "entities", "quotes", "sketches", "notices", "ids", "deliveries", "rejected")
SEEDS = ROOT / "seeds"


def ingest(lake, source, *options):
    command = [sys.executable, "-m", "pipelines", "ingest", str(source), "--lake", str(lake), "--quiet", *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False)


def on(prism):
    return ["--runner", "PrismRunner", "--prism_location", str(prism)]


def rows(lake, since):
    """All rows of a lake by table, without what tells one run from another: its id, and moments after `since`."""

    def kept(row):
        return {key: value for key, value in row.items() if key not in FROM_RUN and not (isinstance(value, dt.datetime) and value > since)}

    tables, found = Tables(lake), {}
    for name in TABLES:
        if paths := tables.paths(name):
            each = ds.dataset([str(path) for path in paths]).to_table().to_pylist()
            found[name] = sorted(repr(kept(row)) for row in each)
    return found


def test_the_seeds_make_the_same_lake(prism, tmp_path):
    since = dt.datetime.now(dt.UTC)
    for lake, options in ((tmp_path / "here", []), (tmp_path / "there", on(prism))):
        done = ingest(lake, SEEDS, *options)
        assert done.returncode == 0, done.stderr
    here = rows(tmp_path / "here", since)
    assert rows(tmp_path / "there", since) == here
    assert here.keys() >= {"stories", "entities", "quotes", "deliveries", "rejected"}
    assert not [each for each in psutil.process_iter(["exe"]) if each.info["exe"] == str(prism)]


def test_copies_versions_and_later_runs_make_the_same_lake(prism, generated_lines, tmp_path):
    since = dt.datetime.now(dt.UTC)
    for number, lines in enumerate((generated_lines[::2], generated_lines[1::2])):
        file = tmp_path / f"{number}.jsonl"
        file.write_bytes(b"".join(lines))
        for lake, options in ((tmp_path / "here", []), (tmp_path / "there", on(prism))):
            done = ingest(lake, file, *options)
            assert done.returncode == 0, done.stderr
    assert rows(tmp_path / "there", since) == rows(tmp_path / "here", since)


def test_exit_codes_are_the_same(prism, tmp_path):
    (tmp_path / "bad.jsonl").write_text("{no story\n" * 3)
    assert ingest(tmp_path / "lake", tmp_path / "bad.jsonl", "--max-rejected", "0", *on(prism)).returncode == 3
    misspelt = ingest(tmp_path / "lake", SEEDS, "--runner", "PrismRunner", "--prism_locaton", str(prism))
    assert misspelt.returncode == 2
    assert "--prism_locaton" in misspelt.stderr


def test_a_runner_that_cannot_start_writes_nothing(tmp_path):
    done = ingest(tmp_path / "lake", SEEDS, "--runner", "PrismRunner", "--prism_location", str(tmp_path / "none"))
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert not Tables(tmp_path / "lake").paths("stories")
