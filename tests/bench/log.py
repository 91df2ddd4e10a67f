"""The bench of the lake's logs: `python tests/bench/log.py [--commits 100000]`.

Commits rounds of one story each, as `watch` makes them: a round is one commit to each of eight tables, and every eighth puts small parts
together. Prints meanwhile what a commit costs and how the logs grow, and at the end how long it takes to open the lake: `open_lake`, in a
fresh process that has imported it, the median of five.

Ends with 1 where that is 0.2 s or more."""

import argparse
import contextlib
import dataclasses
import datetime as dt
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import watch_lake

ROOT = pathlib.Path(__file__).resolve().parents[2]
OPEN_SECONDS = 0.2
OPENINGS = 5
TOLD = 10
"""How often the state of the logs is printed."""

TEMPLATES = 200

_OPEN = """
import sys, time
from pipelines.lake import open_lake
begun = time.perf_counter()
open_lake(sys.argv[1])
print(time.perf_counter() - begun)
"""


@dataclasses.dataclass(frozen=True)
class Logs:
    """How a lake's logs look: over all tables but for `runs`, and the most of any table."""

    commits: int
    files: int
    most_files: int
    mb: float
    parts: int
    most_parts: int
    runs: int
    """Rows of `runs`."""

    @classmethod
    def of(cls, lake: pathlib.Path) -> "Logs":
        """Looks at them on the disk."""
        from pipelines.lake.tables import RUNS, Tables

        tables = Tables(lake)
        files = {name: list((lake / name / "_delta_log").iterdir()) for name in tables.names()}
        parts = {name: len(tables.paths(name)) for name in tables.names()}
        return cls(
            commits=sum(tables.versions().values()),
            files=sum(map(len, files.values())),
            most_files=max(map(len, files.values())),
            mb=sum(path.stat().st_size for paths in files.values() for path in paths) / 1e6,
            parts=sum(parts.values()),
            most_parts=max(parts.values()),
            runs=tables.dataset(RUNS).count_rows(),
        )

    def line(self) -> str:
        """For people."""
        return (
            f"{self.commits:>8,} commits  log files {self.files:>6,} (of one table {self.most_files:,})  {self.mb:6.1f} MB"
            f"  live parts {self.parts:>4} (of one table {self.most_parts})"
        )


def main(arguments: list[str] | None = None) -> int:
    """Runs the bench; the exit code."""
    parser = argparse.ArgumentParser(description="How a lake opens after many commits.")
    parser.add_argument("--commits", type=int, default=100_000, help="of all tables together")
    parser.add_argument("--work", default=None, help="where the lake is put meanwhile")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="wirelake-bench-", dir=options.work) as folder:
        work = pathlib.Path(folder)
        lake = work / "lake"
        templates = watch_lake.templates_of(work, TEMPLATES)
        _commit(lake, templates, options.commits)
        took = opening(lake)
        print(f"{Logs.of(lake).runs:,} rows in runs; opened in {took:.3f} s (less than {OPEN_SECONDS} is promised)")
    return 0 if took < OPEN_SECONDS else 1


def _commit(lake: pathlib.Path, templates: watch_lake.Templates, commits: int) -> None:
    from pipelines.lake.tables import Tables

    tables = Tables(lake)
    tables.create()
    today = dt.datetime.now(dt.UTC).date()
    rounds = range(commits)  # more than are needed: most make eight commits
    steps = [commits * step // TOLD for step in range(1, TOLD + 1)]
    begun, before = time.monotonic(), 0
    with watch_lake.without_sync(), contextlib.closing(watch_lake.rounds_of(tables, templates, rounds, today, commits)) as made:
        for number in made:
            done = sum(tables.versions().values())
            if done >= steps[0]:
                milliseconds = (time.monotonic() - begun) / (number - before) * 1e3
                print(f"{Logs.of(lake).line()}  {milliseconds:.0f} ms a round", flush=True)
                begun, before = time.monotonic(), number
                steps = [step for step in steps if step > done]
                if not steps:
                    return


def opening(lake: pathlib.Path) -> float:
    """Seconds that opening takes."""
    command = [sys.executable, "-c", _OPEN, str(lake)]
    return statistics.median(
        float(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout) for _ in range(OPENINGS)
    )


if __name__ == "__main__":
    sys.exit(main())
