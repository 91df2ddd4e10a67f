"""`wirelake ingest` on any engine, what a lake holds then, and stories that are told apart, put together and killed."""

import datetime as dt
import json
import pathlib
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from pipelines.errors import UsageError
from pipelines.lake import open_lake
from tests.bench import generated_stories
from tests.campaign import stories
from tests.pipelines.asking import asked

ROOT = pathlib.Path(__file__).resolve().parents[2]
SEEDS = ROOT / "seeds"

_Found = TypeVar("_Found")

_FROM_RUN = frozenset(("run", "received_at"))
_VIEWS = ("stories", "latest", "entities", "quotes", "sketches", "notices", "deliveries", "rejected")
_KILLED = 0.02
"""Of all stories: killed by a later piece, half of them before they came."""


_AGAIN = 0.03
"""Of all stories: sent twice."""


def ingest(lake: pathlib.Path | str, source: pathlib.Path | str, *options: str) -> "subprocess.CompletedProcess[str]":
    """One `wirelake ingest` in a process of its own."""
    command = [sys.executable, "-m", "pipelines", "ingest", str(source), "--lake", str(lake), "--quiet", *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=900, check=False)


def taken(lake: pathlib.Path | str, source: pathlib.Path | str, *options: str) -> None:
    """The same, which has to succeed."""
    done = ingest(lake, source, *options)
    assert done.returncode == 0, done.stderr


def views(lake: pathlib.Path | str) -> dict[str, list[str]]:
    """All rows of a lake's views and of its sketches and rejections, without what tells one run from another: ids of runs, and moments of
    today. A delivery brought a story or brought it again: which of two it was depends on what came first."""
    today = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)

    def kept(row: dict[str, Any]) -> dict[str, Any]:
        if row.get("outcome") == "again":
            row["outcome"] = "story"
        return {key: value for key, value in row.items() if key not in _FROM_RUN and not (isinstance(value, dt.datetime) and value > today)}

    opened = open_lake(lake)
    try:
        tables = {name: opened.connection.sql(f"from {name}").to_arrow_table().to_pylist() for name in _VIEWS}
    finally:
        opened.close()
    return {name: sorted(repr(kept(row)) for row in rows) for name, rows in tables.items()}


def count(lake: pathlib.Path | str, view: str) -> int:
    """How many rows a view of a lake has; none before there is a lake."""
    try:
        return len(asked(lake, f"select run from {view}"))
    except UsageError:
        return 0


def pieces(messages: Sequence[bytes]) -> int:
    """How many deliveries there are of messages, a piece a line."""
    return sum(len(each.splitlines()) for each in messages)


def holds_once(lake: pathlib.Path, messages: Sequence[bytes]) -> bool:
    """Whether a lake has all stories of messages of `tests.campaign.stories`, each once, and no other."""
    expected = stories.Expected.of({("", str(number)): each for number, each in enumerate(messages)})
    return sorted(asked(lake, "select provider, guid, version from stories")) == sorted(expected.stories)


def until(found: Callable[[], _Found], process: "subprocess.Popen[Any]", seconds: float = 300) -> _Found:
    """What `found` gives as soon as it is something, while a process lives."""
    end = time.monotonic() + seconds
    while not (value := found()):
        assert process.poll() is None
        assert time.monotonic() < end
        time.sleep(0.2)
    return value


def lines(count: int, seed: int = 1) -> Iterator[bytes]:
    """JSON lines of `count` stories with repetitions, exact copies, republications, versions and kills."""
    chance = random.Random(seed)
    killing: list[dict[str, object]] = []
    for row in generated_stories.generate(count, seed):
        if chance.random() < _KILLED:
            kill = {"guid": row["guid"], "version": 9_999_999, "pubstatus": "canceled", "signal": "kill", "body": f"Kill {row['guid']}."}
            kill |= {"headline": f"KILL {row['title']}", "published_at": f"{row['date'][:10]}T23:00:00Z", "provider": row.get("provider")}
            if chance.random() < 0.5:
                yield _line(kill)
            else:
                killing.append(kill)
        yield _line(row)
        if chance.random() < _AGAIN:
            yield _line(row)
        if killing and chance.random() < 0.1:
            yield _line(killing.pop(0))
    yield from map(_line, killing)


def _line(row: dict[str, object]) -> bytes:
    return json.dumps({key: value for key, value in row.items() if value is not None}).encode() + b"\n"
