"""`ingest` on a real Flink cluster is the same run as in the process: code, options, exit codes and lake."""

import contextlib
import os
import signal
import subprocess
import sys

import psutil

from pipelines.lake.tables import Tables
from tests.engines import lakes
from tests.engines.test_servers import ended


def test_the_runner_starts_its_own_job_service_and_gives_the_exit_codes_of_any_run(flink, tmp_path):
    (tmp_path / "bad.jsonl").write_text("{no story\n" * 3)
    runner = ["--runner", "FlinkRunner", "--flink_master", flink.master, "--flink_job_server_jar", str(flink.job_server_jar)]
    bad = lakes.ingest(tmp_path / "lake", tmp_path / "bad.jsonl", "--max-rejected", "0", *runner, *flink.worker_options(parallelism=1))
    assert bad.returncode == 3, bad.stderr
    assert len(lakes.views(tmp_path / "lake")["rejected"]) == 1
    misspelt = lakes.ingest(tmp_path / "lake", lakes.SEEDS, "--runner", "FlinkRunner", "--flink_mastr", flink.master)
    assert misspelt.returncode == 2
    assert "--flink_mastr: did you mean --flink_master?" in misspelt.stderr


def test_the_seeds_make_the_same_lake_and_workers_get_the_package_by_setup_file(flink, tmp_path):
    """Their Python has Beam and no wirelake."""
    options = flink.options(bare=True)
    imported = subprocess.run(
        [flink.bare_python, "-c", "import apache_beam, pipelines"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "No module named 'pipelines'" in imported.stderr
    lakes.taken(tmp_path / "there", lakes.SEEDS, *options, "--setup_file", str(lakes.ROOT / "setup.py"))
    lakes.taken(tmp_path / "here", lakes.SEEDS)
    assert lakes.views(tmp_path / "there") == lakes.views(tmp_path / "here")


def test_a_cluster_that_is_not_there_is_told_in_a_line(flink, tmp_path):
    options = flink.options()
    options[options.index("--job_endpoint") + 1] = "127.0.0.1:1"
    done = lakes.ingest(tmp_path / "lake", lakes.SEEDS, *options, "--job_server_timeout", "2")
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert not Tables(tmp_path / "lake").paths("stories")


def test_all_that_was_started_ends_with_the_process_that_started_it(flink, tmp_path):
    """Also workers, which a TaskManager starts and leaves behind when it is killed."""
    code = (
        "import pathlib, sys, time; from tests.engines import lakes; from tests.engines.flink_cluster import Cluster\n"
        "cluster = Cluster(pathlib.Path(sys.argv[1]))\n"
        "with cluster: lakes.ingest(pathlib.Path(sys.argv[2]), lakes.SEEDS, *cluster.options())"
    )
    cluster = tmp_path / "cluster"
    cluster.mkdir()
    with subprocess.Popen([sys.executable, "-c", code, str(cluster), str(tmp_path / "lake")], cwd=lakes.ROOT) as starter:
        workers = lakes.until(lambda: _of("sdk_worker_main", below=starter.pid), starter)
        started = [*workers, *_below(starter.pid)]
        assert len(started) > 5
        os.kill(starter.pid, signal.SIGKILL)
    assert all(ended(each.pid, 30) for each in started)


def _below(pid):
    return psutil.Process(pid).children(recursive=True)


def _of(word, below):
    found = []
    for each in _below(below):
        with contextlib.suppress(psutil.NoSuchProcess):  # it ended meanwhile
            if any(word in argument for argument in each.cmdline()):
                found.append(each)
    return found
