"""The crash campaign: `python -m tests.campaign [--kills N] [--only KIND] [--seed N] [--home DIR]`.

For each kind of feed, messages are published without a pause, with repetitions, new versions, copies and broken ones. Meanwhile the command
that takes them (`watch` of a folder, of Google's fake of Pub/Sub, of a Kafka broker; `ingest` in small chunks) and `compact` beside it are
killed by SIGKILL at random moments and started again, the Kafka broker too, and a reader asks all the time. Then what is left is taken, and
everything that was published must be in the lake once, for every kind of reader. Exits 1 where anything was lost, doubled, or not exact."""

import argparse
import collections
import dataclasses
import json
import pathlib
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any

ROOT = pathlib.Path(__file__).resolve().parents[2]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from pipelines.doctor import examine  # noqa: E402
from pipelines.lake import open_lake  # noqa: E402
from tests.campaign import checks, feeds, reader, stories  # noqa: E402
from tests.campaign.lives import End, Life, Order, start_beside  # noqa: E402
from tests.engines.install import MissingError  # noqa: E402

KILLS = 240
_OF_COMPACT = 0.3
"""Share of the kills that are for `compact`."""

_AT_A_STEP = 0.4
"""Share of the lives that end at a step of their own, at most `_STEPS` of all or `_TIMES` of one; the others at a moment of ours."""

_STEPS, _TIMES = 160, 3
_POINTS = (
    "claimed",
    "before deliveries",
    "finished",
    "retired",
    "committed",
    "acknowledgement",
    "after acknowledgement",
    "pipeline",
    "rewriting",
)
_FIRST_LIVES = 3
"""Lives of a few seconds, the lake being made; the next one shows how long a life must be to commit something."""

_SHORTEST, _LONGEST = 2.0, 25.0
_EACH = 0.15
"""Seconds between two publications, of 1 to 5 messages."""

_BROKER_KILLS = 0.06
"""Of a Kafka broker, for each kill of a command."""

_PATIENCE = 180.0
"""Seconds in which a feed that nobody kills must be taken."""


@dataclasses.dataclass
class Figures:
    """What happened over one kind of feed."""

    kills: collections.Counter[str] = dataclasses.field(default_factory=collections.Counter)
    phases: collections.Counter[str] = dataclasses.field(default_factory=collections.Counter)
    lives: int = 0
    ended: collections.Counter[str] = dataclasses.field(default_factory=collections.Counter)
    broker_kills: int = 0
    recovered: int = 0
    already: int = 0
    messages: int = 0
    seconds: float = 0.0
    seen: reader.Seen = dataclasses.field(default_factory=reader.Seen)
    verdict: checks.Verdict = dataclasses.field(default_factory=checks.Verdict)

    def count(self, life: Life) -> None:
        """Takes in what a life that has ended did."""
        self.lives += 1
        self.recovered += life.count("recovered")
        self.already += life.count("already")

    @property
    def problems(self) -> list[str]:
        return self.verdict.problems + self.seen.problems

    def as_json(self) -> dict[str, Any]:
        """All fields, for a program."""
        counters = {name: dict(getattr(self, name)) for name in ("kills", "phases", "ended")}
        return dataclasses.asdict(dataclasses.replace(self, **dict.fromkeys(counters))) | counters

    def lines(self, kind: str) -> list[str]:
        phases = ", ".join(f"{phase} {number}" for phase, number in self.phases.most_common())
        kills = " and ".join(f"{number} of {name}" for name, number in self.kills.items())
        seen, ended = self.seen, self.ended.total()
        return [
            f"{kind}: {self.kills.total()} kills of a live process in {self.seconds:.0f} s ({kills}); {self.broker_kills} of the broker",
            f"  in: {phases}",
            f"  {self.lives} lives, {ended} ended by themselves; {self.recovered} runs recovered, {self.already} inputs came again",
            f"  {self.messages} messages, {seen.stories} stories; {seen.looks} looks, {seen.asked_again} more at a vacuumed version",
            f"  {seen.globs} plain globs, {seen.globs_again} more that lost a file; {seen.replaced} saw old and new parts together, for "
            f"{seen.longest_replacing:.0f} s at most",
            f"  lost {self.verdict.lost}, doubled {self.verdict.doubled}, problems {len(self.problems)}",
            *(f"  ! {problem}" for problem in self.problems),
        ]


class Campaign:
    """One kind of feed, one lake."""

    def __init__(self, kind: str, home: pathlib.Path, kills: int, seed: int) -> None:
        self.figures = Figures()
        self._kind, self._home, self._lake = kind, home, home / "lake"
        self._wanted = {"compact": round(kills * _OF_COMPACT)}
        self._wanted[kind] = kills - self._wanted["compact"]
        self._seed = seed
        self._chance = random.Random(seed)
        self._stop = threading.Event()
        self._is_taken_from = True
        self._logs = 0

    def run(self) -> Figures:
        """The whole of it. Raises MissingError where the feed's server cannot be had."""
        begun = time.monotonic()
        self._home.mkdir(parents=True, exist_ok=True)
        with feeds.opened(self._kind, self._home / "feed") as feed:
            self._feed = feed
            seen, ended = self._home / "seen.json", self._home / "ended"
            beside = start_beside(reader.read_until, str(ended), str(seen), str(self._lake))
            publishing = self._thread(self._publish)
            killing = [self._thread(self._kill_the_taker), self._thread(self._kill_compact)]
            while any(thread.is_alive() for thread in killing):
                self._is_taken_from = killing[0].is_alive()
                self._kill_the_broker()
            self._stop.set()
            publishing.join()
            self._drain()
            time.sleep(2 * reader.PAUSE)
            ended.touch()
            beside.join(60)
            if beside.exitcode != 0:
                self._problem(f"the reader ended with {beside.exitcode}")
            self.figures.seen = reader.Seen(**json.loads(seen.read_text()))
            self._judge()
        self.figures.seconds = time.monotonic() - begun
        return self.figures

    def _thread(self, work: Callable[[], None]) -> threading.Thread:
        def told() -> None:
            try:
                work()
            except Exception:  # noqa: BLE001 - told at the end, like all that is wrong
                self._problem(f"{work.__name__}: {traceback.format_exc()}")

        thread = threading.Thread(target=told, daemon=True)
        thread.start()
        return thread

    def _problem(self, sentence: str) -> None:
        self.figures.verdict.problems.append(sentence)
        print(f"  ! {sentence}", file=sys.stderr, flush=True)

    def _publish(self) -> None:
        messages = stories.messages(self._seed)
        while not self._stop.wait(_EACH):
            self._feed.publish([next(messages) for _ in range(random.randint(1, 5))])
            if random.random() < 0.1:
                self._feed.disturb()

    def _life(self, arguments: list[str], end: End | None = None, *, last: bool = False) -> Life:
        """A life under the feed's constants, the last as everybody has it: small chunks would take a backlog too slowly."""
        self._logs += 1
        log = self._home / f"{self._logs:04d}-{arguments[0]}.log"
        order = Order([*arguments, "--lake", str(self._lake)], log, end, self._feed.environment, {} if last else self._feed.constants)
        return Life(order)

    def _end(self) -> End | None:
        if self._chance.random() >= _AT_A_STEP:
            return None
        if self._chance.random() < 0.5:
            return End(None, self._chance.randrange(_STEPS))
        return End(self._chance.choice(_POINTS), self._chance.randrange(_TIMES))

    def _killed(self, name: str, arguments: list[str], longest: float) -> tuple[Life, int]:
        """A life that ends by SIGKILL, of itself or by us, unless its work is done before; its exit code."""
        end = self._end()
        life = self._life(arguments, end)
        code = life.ended(longest * 1.5 if end else self._chance.uniform(0, longest))
        if code is None:
            code = life.kill()
        self._account(name, arguments, life, code)
        return life, code

    def _account(self, name: str, arguments: list[str], life: Life, code: int) -> None:
        """Counts a life that is over. What goes on for ever must not end by itself, and what ends must end well."""
        self.figures.count(life)
        if code == -signal.SIGKILL:
            self.figures.kills[name] += 1
            self.figures.phases[f"{arguments[0]} {life.phase}"] += 1
            return
        self.figures.ended[f"{arguments[0]} {code}"] += 1
        if code or arguments[0] == "watch":
            self._problem(f"{' '.join(arguments)} ended with {code} ({life.phase}): {life.said()}")
            self._stop.wait(1.0)

    def _kill_the_taker(self) -> None:
        longest, lives = _SHORTEST, 0
        while self.figures.kills[self._kind] < self._wanted[self._kind]:
            if lives == min(_FIRST_LIVES, self._wanted[self._kind] // 3):
                longest = self._time_of_a_life()
            lives += 1
            self._killed(self._kind, self._feed.command(last=False), longest)

    def _time_of_a_life(self) -> float:
        """Seconds in which a life commits for the first time, and something over; that one is killed too."""
        begun = time.monotonic()
        command = self._feed.command(last=False)
        life = self._life(command)
        while not life.count("commits") and life.ended(0.05) is None and time.monotonic() - begun < _PATIENCE:
            pass
        longest = min(max(1.7 * (time.monotonic() - begun), _SHORTEST), _LONGEST)
        self._account(self._kind, command, life, life.kill())
        return longest

    def _kill_compact(self) -> None:
        longest = _SHORTEST
        first = self._lake / "runs" / "_delta_log" / f"{1:020d}.json"
        while self._is_taken_from and not first.exists():
            time.sleep(0.1)
        while self.figures.kills["compact"] < self._wanted["compact"]:
            if self._is_ahead():
                self._stop.wait(0.1)
                continue
            life, code = self._killed("compact", ["compact"], longest)
            if code != -signal.SIGKILL:
                longest = min(max(1.2 * (time.monotonic() - life.began), 0.9 * longest), _LONGEST)
                self._stop.wait(self._chance.uniform(0, 3.0))  # something is to be there again

    def _is_ahead(self) -> bool:
        """Whether `compact` was killed often enough, as far as the other has come: it is to be beside that to the end."""
        kills, wanted = self.figures.kills, self._wanted
        return self._is_taken_from and kills["compact"] * wanted[self._kind] > (kills[self._kind] + 1) * wanted["compact"]

    def _kill_the_broker(self) -> None:
        """On the main thread, with which a server dies: kills the broker when it is its turn, and starts it again."""
        server = self._feed.server
        if server and self.figures.kills.total() * _BROKER_KILLS > self.figures.broker_kills + 0.5:
            server.kill()
            time.sleep(self._chance.uniform(0.2, 2.0))
            server.start()
            self.figures.broker_kills += 1
        time.sleep(0.2)

    def _drain(self) -> None:
        """Takes what is left, leaves on SIGTERM, compacts: nobody is killed here."""
        taken = self._feed.taken()
        self.figures.messages = len(taken)
        expected = stories.Expected.of(taken)
        command = self._feed.command(last=True)
        life = self._life(command, last=True)
        if command[0] == "ingest":
            code = life.ended(_PATIENCE)
        else:
            until = time.monotonic() + _PATIENCE
            while self._pieces() < sum(expected.pieces.values()) and time.monotonic() < until and life.ended(0.5) is None:
                pass
            life.ended(2.0)  # the last acknowledgement, and more than once what may come again
            code = life.ask_to_leave(60.0)
        self.figures.count(life)
        if code != 0:
            life.kill()
            self._problem(f"{' '.join(command)} ended with {code}, undisturbed: {life.said()}")
        self.figures.verdict.problems += [f"drained: doctor: {problem}" for problem in examine(self._lake).problems]
        for left in self._feed.left():
            self._problem(f"not acknowledged: {left}")
        life = self._life(["compact"])
        if (code := life.ended(_PATIENCE)) != 0:
            self._problem(f"compact ended with {code}, undisturbed: {life.kill()} {life.said()}")
        self.figures.count(life)
        self._expected = expected

    def _pieces(self) -> int:
        opened = open_lake(self._lake)
        try:
            return checks.count(opened.connection, "select count(*) from deliveries")
        finally:
            opened.close()

    def _judge(self) -> None:
        verdict = checks.at_the_end(self._lake, self._expected)
        verdict.problems = self.figures.verdict.problems + verdict.problems
        self.figures.verdict = verdict


def main(arguments: list[str] | None = None) -> int:
    """The command; its exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[2], prog="python -m tests.campaign")
    parser.add_argument("--kills", type=int, default=KILLS, help=f"SIGKILLs in all ({KILLS})")
    parser.add_argument("--only", choices=feeds.KINDS, action="append", help="only this kind of feed")
    parser.add_argument(
        "--seed", type=int, default=random.randrange(10**6), help="of the feed and the moments; what the machine adds stays"
    )
    parser.add_argument(
        "--home", type=pathlib.Path, help="keeps lakes and logs in this new folder; else they are kept where something is wrong"
    )
    parser.add_argument("--json", action="store_true", help="the figures as one JSON object")
    chosen = parser.parse_args(arguments)
    kinds = chosen.only or list(feeds.KINDS)
    home = chosen.home or pathlib.Path(tempfile.mkdtemp(prefix="wirelake-campaign-"))
    print(f"seed {chosen.seed}, {home}", file=sys.stderr, flush=True)
    wrong, kills, told = 0, 0, {}
    for number, kind in enumerate(kinds):
        share = chosen.kills // len(kinds) + (number < chosen.kills % len(kinds))
        try:
            figures = Campaign(kind, home / kind, share, chosen.seed + number).run()
        except MissingError as error:
            print(f"{kind}: skipped: {error}", file=sys.stderr, flush=True)
            wrong += 1
            continue
        print("\n".join(figures.lines(kind)), file=sys.stderr if chosen.json else sys.stdout, flush=True)
        told[kind] = figures.as_json()
        kills += figures.kills.total()
        wrong += bool(figures.problems)
    if chosen.json:
        print(json.dumps(told))
    else:
        print(f"{kills} kills: {'something is wrong, see ' + str(home) if wrong else 'lost 0, doubled 0'}")
    if not wrong and not chosen.home:
        shutil.rmtree(home)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
