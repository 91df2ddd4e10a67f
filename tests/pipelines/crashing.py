"""Children that die: functions for forked processes, which inherit the imports and none of the test's threads."""

import os
import random
import signal
import sys
import time
from pathlib import Path

from pipelines.errors import WirelakeError
from pipelines.lake import durable
from tests import forked


def in_child(function, *arguments, timeout=120):
    """Exit code of a call in a child of its own: negative where a signal ended it."""
    child = start(function, *arguments)
    child.join(timeout)
    assert child.exitcode is not None, "the child hangs"
    return child.exitcode


def start(function, *arguments):
    child = forked.process(function, *arguments)
    child.start()
    return child


class RandomKills:
    """Kills at random moments of what children do: `count` of them, and more until most children died of it. How long they take, at first
    `seconds`, is learnt as they go: machines have other work too."""

    def __init__(self, count, seconds, seed):
        self._count, self._longest, self._chance = count, seconds, random.Random(seed)
        self._killed = self._tried = 0

    def __iter__(self):
        """The numbers of the children to start."""
        while self._tried < self._count or self._killed <= self._count // 2:
            assert self._tried < 5 * self._count, "most children must die in their run, else this proves nothing"
            yield self._tried

    def kill(self, child):
        moment = self._chance.uniform(0, self._longest)
        time.sleep(moment)
        child.kill()
        child.join(30)
        self._tried += 1
        if child.exitcode == -signal.SIGKILL:
            self._killed += 1
            self._longest = max(self._longest, 1.25 * moment)
        else:
            self._longest = moment


def ingest(lake, *sources, lock_wait=60.0, said=None):
    """One ingest; its exit code is that of the command, and what it says is in a file, by default beside the lake."""
    from pipelines import options, runs

    try:
        runs.ingest(options.settings_from([str(source) for source in sources], lake=str(lake), lock_wait=lock_wait))
    except WirelakeError as error:
        Path(said or f"{lake}.said").write_text(str(error))
        sys.exit(error.exit_code)


def ingest_and_die(lake, source, point):
    """An ingest that is killed (SIGKILL) when it reaches its `point`-th step of the commit."""
    steps = _Steps(point)
    durable.reached = steps
    ingest(lake, source)


def ingest_and_die_at(lake, source, name):
    """An ingest that is killed when it first reaches the step of that name."""

    def reached(step):
        if step == name:
            os.kill(os.getpid(), signal.SIGKILL)

    durable.reached = reached
    ingest(lake, source)


def ingest_and_wait_at(lake, source, name, flag):
    """An ingest that makes the file `flag` when it first reaches the step of that name, and goes on when it is gone. What it fails with
    stands beside it."""
    waited = []

    def reached(step):
        if step == name and not waited:
            waited.append(step)
            Path(flag).touch()
            while Path(flag).exists():
                time.sleep(0.05)

    durable.reached = reached
    ingest(lake, source, said=f"{flag}.said")


def ingest_and_count(lake, source, out):
    """An ingest that writes the names of all the steps of its commit to the file `out`."""
    steps = _Steps(None)
    durable.reached = steps
    ingest(lake, source)
    Path(out).write_text("\n".join(steps.seen))


def ingest_on_full_disk(lake, source, point):
    """An ingest whose disk is full from its `point`-th step of the commit on."""
    steps = _Steps(point, full=True)
    durable.reached = steps
    ingest(lake, source)


class _Steps:
    def __init__(self, point, full=False):
        self.point, self.full, self.seen = point, full, []

    def __call__(self, name):
        if self.point is not None and len(self.seen) == self.point:
            if self.full:
                raise OSError(28, "No space left on device")
            os.kill(os.getpid(), signal.SIGKILL)
        self.seen.append(name)


def compact(lake):
    """One compact of all that is due, in one run."""
    from pipelines.lake import compact as compacting

    compacting._TURN_SECONDS, compacting._LONGEST_PAUSE = 600.0, 0.0  # however slow the machine: the same steps
    compacting.compact(str(lake))


def compact_and_die(lake, point):
    """A compact that is killed when it reaches its `point`-th step of the commit."""
    durable.reached = _Steps(point)
    compact(lake)


def compact_and_count(lake, out):
    """A compact that writes the names of all the steps of its commit to the file `out`."""
    steps = _Steps(None)
    durable.reached = steps
    compact(lake)
    Path(out).write_text("\n".join(steps.seen))


def compact_until(stop, lake):
    """Compacts again and again, in short runs, until the file `stop` is there; the parts that it replaced are written to it."""
    from pipelines.lake import compact as compacting

    compacting._TURN_SECONDS, compacting._LONGEST_PAUSE, compacting.MANY = 0.0, 0.02, 3
    replaced = 0
    while not Path(stop).exists():
        replaced += compacting.compact(str(lake)).parts_before
    Path(stop).write_text(str(replaced))


def ingest_each(stop, lake, *sources):
    """Several ingests, one after the other; then makes the file `stop`."""
    for source in sources:
        ingest(lake, source)
    Path(stop).touch()
