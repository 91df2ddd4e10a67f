"""The bench of continuous mode: `python tests/bench/watch.py [--source pubsub|kafka|folder]`.

On a lake that holds a month of stories and a day that came round by round, `wirelake watch` takes a feed of so many messages a second,
while a reader looks five times a second. Prints how long it takes from a message's publication until a query shows its story, what that
costs, and how the lake looks afterwards; then how fast a backlog is taken, against `wirelake ingest` of the same stories in the same run.

Ends with 1 where half of the messages take 2 s or longer, one in a hundred 5 s or longer, or a partition has 60 parts or more."""

import argparse
import collections
import contextlib
import dataclasses
import json
import os
import pathlib
import platform
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any

import watch_feed
import watch_lake

from tests.engines.install import MissingError  # watch_feed made it known where that is

ROOT = pathlib.Path(__file__).resolve().parents[2]
READER = pathlib.Path(__file__).with_name("watch_reader.py")
LAUNCH = ROOT / "tests" / "engines" / "launch.py"
"""Makes a process end with the bench, also where that is killed."""

MEDIAN_SECONDS, SLOWEST_SECONDS, MOST_PARTS = 2.0, 5.0, 60
"""What the guarantees of `watch` say: of half of all messages, of 99 in 100, and of a partition."""

LOOK_SECONDS = 0.2
DRAIN_LOOK_SECONDS = 1.0
"""How often the reader looks: beside a backlog, which is a matter of minutes, less often, and beside `ingest` as beside `watch`."""

COLD_SECONDS, LAST_SECONDS, DRAIN_SECONDS = 120, 60, 3_600
"""How long is waited for the first message, for the last one, and for a backlog."""

FEED_SEED, BACKLOG_SEED = 11, 21


@dataclasses.dataclass(frozen=True)
class Ended:
    """A process of wirelake that has ended: its report, seconds by the clock and of all cores, and what it held at most."""

    report: dict[str, Any]
    seconds: float
    cpu_seconds: float
    peak_mb: float


class FailedError(RuntimeError):
    """A process that did not do what it was started for."""


def main(arguments: list[str] | None = None) -> int:
    """Runs the bench; the exit code."""
    options = _options(arguments)
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}")
    with contextlib.ExitStack() as stack:
        work = pathlib.Path(options.work or stack.enter_context(tempfile.TemporaryDirectory(prefix="wirelake-bench-")))
        work.mkdir(parents=True, exist_ok=True)
        lake = watch_lake.made(work, options.stories, options.days, options.rounds)
        own = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="run-", dir=work)))
        good = _feed(lake, own, options)
        if options.backlog:
            _drain(lake, own, options)
    return 0 if good else 1


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Latency and speed of wirelake watch.")
    parser.add_argument("--source", choices=["pubsub", "kafka", "folder"], default="pubsub")
    parser.add_argument("--rate", type=float, default=20, help="messages a second, at random moments")
    parser.add_argument("--seconds", type=float, default=60, help="how long the feed goes on")
    parser.add_argument("--stories", type=int, default=200_000, help="stories that the lake holds before")
    parser.add_argument("--days", type=int, default=30, help="days that they were published on; with 3 all are within reach of a new one")
    parser.add_argument("--rounds", type=int, default=2_000, help="commits in which those of the last day came")
    parser.add_argument("--backlog", type=int, default=20_000, help="messages that wait when the second watch starts; 0 leaves it out")
    parser.add_argument("--work", default=None, help="a folder that keeps the lake for the next time")
    return parser.parse_args(arguments)


class Watcher:
    """`wirelake watch`, as a process of its own."""

    def __init__(self, lake: pathlib.Path, feed: watch_feed.Feed, folder: pathlib.Path) -> None:
        self._begun = time.monotonic()
        self._out, self._complaints = (folder / "watch.out").open("w+"), (folder / "watch.err").open("w+")
        launch = [sys.executable, "-IS", str(LAUNCH), str(os.getpid())]
        command = [*launch, sys.executable, "-m", "pipelines", "watch", *feed.arguments, "--lake", str(lake), "--json"]
        environment = {**os.environ, **feed.environment}
        self._process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=self._out, stderr=self._complaints)

    def cpu_seconds(self) -> float:
        """Of all cores so far."""
        fields = pathlib.Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def check(self) -> None:
        """Raises FailedError where it has ended."""
        if self._process.poll() is not None:
            raise FailedError(f"watch ended with {self._process.returncode}:\n{self._said()}")

    def stop(self) -> Ended:
        """Asks it to leave, and waits. Raises FailedError where it does not end well."""
        self.check()
        self._process.send_signal(signal.SIGTERM)
        _, status, usage = os.wait4(self._process.pid, 0)
        seconds = time.monotonic() - self._begun
        self._process.returncode = os.waitstatus_to_exitcode(status)
        if self._process.returncode:
            raise FailedError(f"watch ended with {self._process.returncode}:\n{self._said()}")
        self._out.seek(0)
        return Ended(json.loads(self._out.read()), seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)

    def kill(self) -> None:
        """Ends it in any case."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._out.close()
        self._complaints.close()

    def _said(self) -> str:
        self._complaints.seek(0)
        return self._complaints.read()[-3000:]


class Reader:
    """The reader's process, and what it has seen: the first moment of each key, looks, and questions that were put again."""

    def __init__(self, lake: pathlib.Path, look: float) -> None:
        self.seen: dict[str, float] = {}
        self.looks = self.asked = 0
        command = [sys.executable, str(READER), str(lake), str(look)]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert self._process.stdout
        self._process.stdout.readline()  # it has opened the lake
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            told = json.loads(line)
            self.looks += told["looks"]
            self.asked += told["asked"]
            for key in told["keys"]:
                self.seen.setdefault(key, told["at"])

    def wait_for(self, keys: set[str], seconds: float, watcher: Watcher) -> None:
        """Returns when all keys are visible. Raises FailedError where that takes longer than so many seconds."""
        end = time.monotonic() + seconds
        while missing := keys - self.seen.keys():
            watcher.check()
            if self._process.poll() is not None:
                raise FailedError(f"the reader ended with {self._process.returncode}")
            if time.monotonic() > end:
                raise FailedError(f"{len(missing)} stories are not visible after {seconds:g} s, {min(missing)!r} among them")
            time.sleep(0.05)

    def close(self) -> None:
        """Ends it."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(30)
        self._thread.join(30)


@contextlib.contextmanager
def _running(lake: pathlib.Path, feed: watch_feed.Feed, folder: pathlib.Path, look: float) -> Iterator[tuple[Watcher, Reader]]:
    with contextlib.closing(Reader(lake, look)) as reader, contextlib.ExitStack() as stack:
        watcher = Watcher(lake, feed, folder)
        stack.callback(watcher.kill)
        yield watcher, reader


def _feed(origin: pathlib.Path, folder: pathlib.Path, options: argparse.Namespace) -> bool:
    """Measures the feed; whether all that is promised held."""
    lake = watch_lake.copied(origin, folder / "lake")
    count = int(options.rate * options.seconds)
    messages = watch_feed.messages(count + 1, FEED_SEED)
    with watch_feed.opened(options.source, folder / "feed") as feed, _running(lake, feed, folder, LOOK_SECONDS) as (watcher, reader):
        first = next(messages)
        begun = time.time()
        feed.publish([first])
        reader.wait_for({first[0]}, COLD_SECONDS, watcher)
        print(f"\nstart of watch until its first story is visible: {reader.seen[first[0]] - begun:.1f} s")
        before, cpu_before = time.monotonic(), watcher.cpu_seconds()
        published = _publish(feed, messages, options.rate)
        published.pop(first[0], None)  # it was sent again
        reader.wait_for(set(published), LAST_SECONDS, watcher)
        seconds, cpu = time.monotonic() - before, watcher.cpu_seconds() - cpu_before
        ended = watcher.stop()
    waits = sorted(reader.seen[key] - at for key, at in published.items())
    median, slowest = _share(waits, 0.5), _share(waits, 0.99)
    rounds = len(ended.report["runs"]) - 1
    folder_name, parts = _most_parts(lake)
    told = f"{count} messages at {options.rate:g} a second, {len(published)} of them new"
    print(f"{options.source}, {told}; a lake of {options.stories:,} stories:")
    print(f"  published to visible  p50 {median:.2f} s  p90 {_share(waits, 0.9):.2f} s  p99 {slowest:.2f} s  max {waits[-1]:.2f} s")
    work = f"{rounds / seconds:.2f} rounds/s, {count / rounds:.1f} messages each"
    print(f"  watch  {work}  cpu {cpu / seconds:.0%} of a core  peak {ended.peak_mb:.0f} MiB")
    print(f"  reader  {reader.looks / seconds:.1f} looks/s, asked again {reader.asked - reader.looks} times in {reader.looks}")
    print(f"  most parts of a partition  {parts} ({folder_name})", flush=True)
    _settled(lake)
    shutil.rmtree(lake)
    return kept(median, slowest, parts)


def kept(median: float, slowest: float, parts: int) -> bool:
    """Whether what is promised holds, of seconds and of the parts of the most crowded partition."""
    return median < MEDIAN_SECONDS and slowest < SLOWEST_SECONDS and parts < MOST_PARTS


def _publish(feed: watch_feed.Feed, messages: Iterator[watch_feed.Message], rate: float) -> dict[str, float]:
    """Publishes each after a random pause; when each new one was."""
    chance = random.Random(1)
    published: dict[str, float] = {}
    due = time.monotonic()
    while True:
        due += chance.expovariate(rate)
        time.sleep(max(0.0, due - time.monotonic()))
        message = next(messages, None)  # only now: it is dated when it is taken
        if message is None:
            return published
        published.setdefault(message[0], time.time())
        feed.publish([message])


def _share(waits: Sequence[float], share: float) -> float:
    return waits[min(len(waits) - 1, int(len(waits) * share))]


def _most_parts(lake: pathlib.Path) -> tuple[str, int]:
    from pipelines.lake.tables import Tables

    tables = Tables(lake)
    counts = collections.Counter(str(path.parent.relative_to(lake)) for name in tables.names() for path in tables.paths(name))
    return counts.most_common(1)[0]


def _settled(lake: pathlib.Path) -> None:
    """Raises FailedError where the lake is not sound after the feed."""
    from pipelines.doctor import examine

    if problems := examine(lake).problems:
        raise FailedError(f"the lake is not sound after the feed: {problems[0]}")


def _drain(origin: pathlib.Path, folder: pathlib.Path, options: argparse.Namespace) -> None:
    messages = list(watch_feed.messages(options.backlog, BACKLOG_SEED))
    new = {key for key, _ in messages}
    lake = watch_lake.copied(origin, folder / "lake")
    with watch_feed.opened(options.source, folder / "backlog") as feed:
        feed.publish(messages)
        begun = time.time()
        with _running(lake, feed, folder, DRAIN_LOOK_SECONDS) as (watcher, reader):
            reader.wait_for(new, DRAIN_SECONDS, watcher)
            watched = watcher.stop()
        seconds = max(reader.seen[key] for key in new) - begun
    _settled(lake)
    lines = folder / "backlog.jsonl"
    lines.write_bytes(b"".join(data for _, data in messages))
    lake = watch_lake.copied(origin, folder / "lake")
    with contextlib.closing(Reader(lake, DRAIN_LOOK_SECONDS)):
        ingested = _ingest(lines, lake)
    print(f"\na backlog of {len(messages):,} messages, {len(new):,} of them new:")
    for name, took, peak in (("watch", seconds, watched.peak_mb), ("ingest", ingested.seconds, ingested.peak_mb)):
        print(f"  {name:<7} {len(messages) / took:7.1f} messages/s  {took:7.1f} s  peak {peak:6.0f} MiB")
    print(f"  watch takes {seconds / ingested.seconds:.2f} times as long, in {len(watched.report['runs'])} runs", flush=True)


def _ingest(lines: pathlib.Path, lake: pathlib.Path) -> Ended:
    begun = time.monotonic()
    command = [sys.executable, "-m", "pipelines", "ingest", str(lines), "--lake", str(lake), "--keep-raw", "--json"]
    with tempfile.TemporaryFile("w+") as out:
        child = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise FailedError(f"ingest ended with {child.returncode}")
        out.seek(0)
        return Ended(json.loads(out.read()), time.monotonic() - begun, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (FailedError, MissingError) as error:
        sys.exit(f"bench: {error}")
