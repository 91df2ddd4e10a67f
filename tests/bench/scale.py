"""The bench of scale: `python tests/bench/scale.py [--sizes 10000,100000,1000000] [--engine STORIES]`.

Ingests generated stories of a month, each size in a fresh process into a lake of its own, and prints stories/s and peak memory; then how
many bytes of a story each shuffle carries; then, with `--engine`, how long a job of so many stories takes on a Flink cluster with one
TaskManager and with two, start-up left out.

Ends with 1 where the slowest size from ten thousand on is more than 15 % slower than the fastest, each by the pace of the machine while it
ran (`pace.py`), or memory grows by more than 1.3 times."""

import argparse
import os
import pathlib
import platform
import subprocess
import sys
import tempfile

import generated_stories
import run

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHUFFLES = pathlib.Path(__file__).with_name("shuffled_bytes.py")

DAYS = 30
SLOWER = 0.85
"""The least share of the best rate that every size has to reach."""


def main(arguments: list[str] | None = None) -> int:
    """Runs the bench; the exit code."""
    parser = argparse.ArgumentParser(description="Speed, memory and bytes shuffled, by the number of stories.")
    parser.add_argument("--sizes", type=run.sizes, default=[10_000, 100_000, 1_000_000], help="numbers of stories, with commas between")
    parser.add_argument("--sample", type=int, default=5_000, help="stories for the bytes by shuffle")
    parser.add_argument("--engine", type=int, default=0, help="stories for a job on one TaskManager and on two; 0 leaves it out")
    parser.add_argument("--work", default=None, help="where stories and lakes are put meanwhile")
    options = parser.parse_args(arguments)
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}")
    with tempfile.TemporaryDirectory(prefix="wirelake-bench-", dir=options.work) as folder:
        work = pathlib.Path(folder)
        runs = {size: _ingested(work, size) for size in sorted(options.sizes)}
        _shuffled(work, options.sample)
        if options.engine:
            _on_an_engine(work, options.engine)
    return verdict(runs)


def month(work: pathlib.Path, size: int) -> pathlib.Path:
    """A file of so many stories of a month."""
    generated_stories.STORIES_A_DAY = max(1, size // DAYS)
    return run.stories(work, size)


def _ingested(work: pathlib.Path, size: int) -> run.Measured:
    month(work, size)
    measured = run.ingested(work, size, repeats=1)
    (work / f"stories-{size}.jsonl").unlink()
    return measured


def _shuffled(work: pathlib.Path, sample: int) -> None:
    said = subprocess.run(
        [sys.executable, str(SHUFFLES), str(month(work, sample)), str(work / "shuffled"), str(sample)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    print(f"\nBytes of a story in each shuffle, {sample:,} stories\n{said.stdout.rstrip()}")


def _on_an_engine(work: pathlib.Path, stories: int) -> None:
    sys.path.insert(0, str(ROOT))
    from tests.engines.flink_cluster import Cluster
    from tests.engines.lakes import taken

    (work / "flink").mkdir()
    print(f"\nJobs of {stories:,} stories on Flink, whose two TaskManagers share as many cores", flush=True)
    source, seconds = month(work, stories), {}
    with Cluster(work / "flink") as cluster:
        taken(work / "warm", month(work, 64), *cluster.options())
        for parallelism in (1, 2):
            taken(work / f"flink-{parallelism}", source, *cluster.options(parallelism=parallelism))
            job = max(cluster.ask("jobs/overview")["jobs"], key=lambda job: job["start-time"])
            seconds[parallelism] = job["duration"] / 1000
            print(
                f"  {parallelism} TaskManager(s)  {seconds[parallelism]:7.1f} s  {stories / seconds[parallelism]:7.0f} stories/s",
                flush=True,
            )
    print(f"  two are {seconds[1] / seconds[2]:.2f} times as fast as one")


def verdict(runs: dict[int, run.Measured]) -> int:
    """Whether rates and memory stay as they are from ten thousand stories on: 0, else 1."""
    rates = {size: size / measured.seconds * measured.pace for size, measured in runs.items() if size >= run.FLAT_FROM}
    if not rates:
        return 0
    memory = {size: runs[size].peak_mb for size in rates}
    slowest, grown = min(rates.values()) / max(rates.values()), max(memory.values()) / memory[min(memory)]
    print("\nat the usual pace: " + ", ".join(f"{rate:,.0f} stories/s of {size:,}" for size, rate in sorted(rates.items())))
    print(f"the slowest size has {slowest:.2f} of the best rate (at least {SLOWER})")
    print(f"memory grows {grown:.2f} times (at most {run.MAX_GROWTH})")
    return 0 if slowest >= SLOWER and grown <= run.MAX_GROWTH else 1


if __name__ == "__main__":
    sys.exit(main())
