"""Faults over runs on Flink: `python -m tests.engines.faults [--kills N] [--seed N] [--home DIR] [--json]`.

New files come, and `wirelake ingest` takes them by jobs of a Flink cluster. At a random moment of each run a TaskManager, a worker, Beam's
job server or the command itself is killed by SIGKILL, and what serves is started again. A run that fails is followed by another, which has
to finish what is left, while a reader asks all the time. At the end all that came must be in the lake once. Exits 1 where it is not."""

import argparse
import collections
import contextlib
import dataclasses
import json
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time
from typing import Any

from pipelines.doctor import examine
from tests.campaign import checks, reader, stories
from tests.campaign.lives import start_beside
from tests.engines.flink_cluster import Cluster
from tests.engines.lakes import ROOT

TARGETS = ("task manager", "worker", "job server", "driver")
_MESSAGES = (20, 60)
"""Least and most of a run."""

_FIRST_RUN = 30.0
"""Seconds that a run takes, as long as nobody has seen one: at least, since a kill that comes when all is over is none."""

_PATIENCE = 600.0
"""Seconds in which a run must have ended, the restarts of its job included."""

_TRIES = 3
"""Undisturbed runs in which all that was left must be taken: the first may wait in vain for slots that a job without a driver holds."""


@dataclasses.dataclass
class Figures:
    """What happened."""

    kills: collections.Counter[str] = dataclasses.field(default_factory=collections.Counter)
    finished: collections.Counter[str] = dataclasses.field(default_factory=collections.Counter)
    """Runs that ended well although something was killed, by what."""
    outlived: int = 0
    """Jobs that were still running when their driver was gone."""
    stories: int = 0
    looks: int = 0
    globs: int = 0
    seconds: float = 0.0
    lost: int = 0
    doubled: int = 0
    problems: list[str] = dataclasses.field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """All fields, for a program."""
        return {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}

    def lines(self) -> list[str]:
        """For a person."""
        kills = ", ".join(f"{number} of a {target} ({self.finished[target]} runs ended well)" for target, number in self.kills.items())
        return [
            f"{self.kills.total()} kills in {self.seconds:.0f} s: {kills}; {self.outlived} jobs outlived their driver",
            f"{self.stories} stories; {self.looks} looks, {self.globs} plain globs",
            f"lost {self.lost}, doubled {self.doubled}, problems {len(self.problems)}",
            *(f"! {problem}" for problem in self.problems),
        ]


class Faults:
    """One lake, filled by runs on one cluster."""

    def __init__(self, cluster: Cluster, home: pathlib.Path, seed: int) -> None:
        self.figures = Figures()
        self._cluster, self._home, self._lake, self._in = cluster, home, home / "lake", home / "in"
        self._in.mkdir(parents=True)
        self._chance = random.Random(seed)
        self._feed = stories.messages(seed)
        self._taken: dict[tuple[str, str | None], bytes] = {}
        self._longest = _FIRST_RUN

    def run(self, kills: int) -> Figures:
        """The whole of it."""
        begun = time.monotonic()
        seen, ended = self._home / "seen.json", self._home / "ended"
        beside = start_beside(reader.read_until, str(ended), str(seen), str(self._lake))
        while self.figures.kills.total() < kills:
            self._publish()
            self._one(min(TARGETS, key=lambda target: self.figures.kills[target]))
        self._finish()
        time.sleep(2 * reader.PAUSE)
        ended.touch()
        beside.join(60)
        self._judge(reader.Seen(**json.loads(seen.read_text())))
        self.figures.seconds = time.monotonic() - begun
        return self.figures

    def _publish(self) -> None:
        for _ in range(self._chance.randint(*_MESSAGES)):
            path = self._in / f"{len(self._taken):06d}.jsonl"
            self._taken[str(path), None] = data = next(self._feed)
            path.write_bytes(data)

    def _start(self) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "pipelines", "ingest", str(self._in), "--lake", str(self._lake), "--quiet", "--keep-raw"]
        return subprocess.Popen([*command, *self._cluster.options()], cwd=ROOT, stderr=subprocess.PIPE, text=True)

    def _one(self, target: str) -> None:
        """A run in which something is killed."""
        begun = time.monotonic()
        driver = self._start()
        try:
            driver.communicate(timeout=self._chance.uniform(2.0, self._longest))
            was_there = False
        except subprocess.TimeoutExpired:
            was_there = self._kill(target, driver)
        try:
            said = driver.communicate(timeout=_PATIENCE)[1]
        except subprocess.TimeoutExpired:
            driver.kill()
            said = driver.communicate()[1]
            self._problem(f"a run did not end in {_PATIENCE:.0f} s after the {target} was killed: {said[-500:]}")
        if was_there:
            self.figures.kills[target] += 1
            self.figures.finished[target] += driver.returncode == 0
        elif driver.returncode == 0:
            self._longest = time.monotonic() - begun
        if driver.returncode not in (0, 1, -signal.SIGKILL):
            self._problem(f"a run ended with {driver.returncode}: {said[-500:]}")
        if driver.returncode == 1 and len(said.strip().splitlines()) != 1:
            self._problem(f"a run that failed says more than a sentence: {said[-2000:]}")

    def _kill(self, target: str, driver: "subprocess.Popen[str]") -> bool:
        """Whether there was something to kill."""
        if target == "driver":
            driver.kill()
            driver.wait()
            self.figures.outlived += self._cluster.overview()["jobs-running"]
        elif target == "worker":
            while not (workers := self._cluster.workers()):
                if driver.poll() is not None:
                    return False
                time.sleep(0.2)
            self._chance.choice(workers).kill()
        else:
            server = self._cluster.job_server if target == "job server" else self._chance.choice(self._cluster.task_managers)
            server.kill()
            time.sleep(self._chance.uniform(0.1, 2.0))
            server.start()
            self._cluster.await_task_managers()
        return True

    def _finish(self) -> None:
        """Takes what is left; nothing is killed here."""
        for _ in range(_TRIES):
            driver = self._start()
            said = driver.communicate(timeout=_PATIENCE)[1]
            if driver.returncode == 0:
                return
        self._problem(f"{_TRIES} undisturbed runs failed: {said[-500:]}")

    def _judge(self, seen: reader.Seen) -> None:
        figures, expected = self.figures, stories.Expected.of(self._taken)
        verdict = checks.at_the_end(self._lake, expected)
        figures.stories, figures.looks, figures.globs = len(expected.stories), seen.looks, seen.globs
        figures.lost, figures.doubled = verdict.lost, verdict.doubled
        figures.problems += [*verdict.problems, *seen.problems, *(f"doctor: {problem}" for problem in examine(self._lake).problems)]

    def _problem(self, sentence: str) -> None:
        self.figures.problems.append(sentence)
        print(f"! {sentence}", file=sys.stderr, flush=True)


def main(arguments: list[str] | None = None, cluster: Cluster | None = None) -> int:
    """The command, on a cluster that runs or on one of its own; its exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[2], prog="python -m tests.engines.faults")
    parser.add_argument("--kills", type=int, default=30, help="SIGKILLs in all (30)")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="of the feed and the moments")
    parser.add_argument("--home", type=pathlib.Path, help="keeps lake and logs in this new folder")
    parser.add_argument("--json", action="store_true", help="the figures as one JSON object")
    chosen = parser.parse_args(arguments)
    home = chosen.home or pathlib.Path(tempfile.mkdtemp(prefix="wirelake-faults-"))
    print(f"seed {chosen.seed}, {home}", file=sys.stderr, flush=True)
    (home / "flink").mkdir(parents=True)
    with contextlib.nullcontext(cluster) if cluster else Cluster(home / "flink") as running:
        figures = Faults(running, home, chosen.seed).run(chosen.kills)
    print(json.dumps(figures.as_json()) if chosen.json else "\n".join(figures.lines()), flush=True)
    return 1 if figures.problems else 0


if __name__ == "__main__":
    sys.exit(main())
