"""What the campaign publishes: stories with versions, copies, repetitions and broken ones; and what must become of any set of messages."""

import dataclasses
import datetime as dt
import json
import random
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tests.bench.syllables import ENDINGS, SYLLABLES

DATELINES = ("OSLO", "WINDHOEK", "LIMA")
FIRST = dt.datetime(2024, 3, 4, 10, tzinfo=dt.UTC)

_NEW, _VERSION, _AGAIN, _COPY = 0.62, 0.14, 0.14, 0.06
"""Shares of what is published; the rest is broken."""

_LOOK_BACK = 300
_SEVERAL = 0.08
"""How likely one more line is in a message."""

_BROKEN = b"{broken"

_FRAMES = (
    "The {} of {} told the {} on Monday that its {} had {} the {}.",
    "Officials in {} said a {} was seen near the {} and the {} before {} closed.",
    "A {} between {} and {} will bring {} to the {} of {}.",
    "Nobody expected the {} to reach {}, but {} and {} were ready with a {}.",
    "More than {} {} were counted in {}, the {} said, and {} followed.",
)

Row = dict[str, Any]
Story = tuple[str, str, int]
"""Provider, guid and version."""


def messages(seed: int) -> Iterator[bytes]:
    """Without end: JSON lines, most of them one story."""
    chance, rows = random.Random(seed), _rows(seed)
    while True:
        lines = [next(rows)]
        while lines[-1].startswith(_BROKEN) or chance.random() < _SEVERAL:
            lines.append(next(rows))
        yield b"".join(reversed(lines))  # a broken line is never the first: alone it would be no line, but text


def _rows(seed: int) -> Iterator[bytes]:
    chance = random.Random(f"rows {seed}")
    newest: dict[str, Row] = {}
    sent: list[bytes] = []
    number = 0
    while True:
        number += 1
        kind = chance.random()
        if kind < _NEW or not newest:
            row = _story(f"{seed}-{number}", chance)
            newest[row["guid"]] = row
        elif kind < _NEW + _VERSION:
            old = newest[chance.choice(list(newest)[-_LOOK_BACK:])]
            at = dt.datetime.fromisoformat(old["published_at"]) + dt.timedelta(minutes=5)
            body = f"{old['body']}\n\n{_sentences(1, chance)}"
            row = {**old, "version": old["version"] + 1, "body": body, "published_at": at.isoformat()}
            newest[row["guid"]] = row
        elif kind < _NEW + _VERSION + _AGAIN:
            yield chance.choice(sent[-_LOOK_BACK:])
            continue
        elif kind < _NEW + _VERSION + _AGAIN + _COPY:
            old = newest[chance.choice(list(newest)[-_LOOK_BACK:])]
            at = dt.datetime.fromisoformat(old["published_at"]) + dt.timedelta(hours=1)
            row = {**old, "provider": "OTH", "guid": f"copy-{seed}-{number}", "version": 1, "published_at": at.isoformat()}
        else:
            yield _BROKEN + b" %d\n" % number
            continue
        sent.append(json.dumps(row).encode() + b"\n")
        yield sent[-1]


def _story(name: str, chance: random.Random) -> Row:
    at = FIRST + dt.timedelta(minutes=chance.randint(0, 20 * 60))
    quoted = f'"We saw the {_word(chance)} and the {_word(chance)} here," said Dalia {_word(chance).capitalize()}, a farmer.'
    return {
        "id": name,
        "provider": "TST",
        "guid": f"g-{name}",
        "version": 1,
        "published_at": at.isoformat(),
        "headline": " ".join(_word(chance) for _ in range(5)).capitalize(),
        "dateline": chance.choice(DATELINES),
        "body": f"{_sentences(5, chance)}\n\n{quoted}",
    }


def _sentences(count: int, chance: random.Random) -> str:
    frames = (chance.choice(_FRAMES) for _ in range(count))
    return " ".join(frame.format(*(_word(chance) for _ in range(frame.count("{}")))) for frame in frames)


def _word(chance: random.Random) -> str:
    return chance.choice(SYLLABLES) + chance.choice(SYLLABLES) + chance.choice(ENDINGS)


@dataclasses.dataclass(frozen=True)
class Expected:
    """What a lake must hold of some messages, in whatever order and how often they came."""

    pieces: Mapping[tuple[str, str | None], int]
    """How many pieces each input holds, by source URI and message id."""
    stories: frozenset[Story]
    rejected: int

    @classmethod
    def of(cls, taken: Mapping[tuple[str, str | None], bytes]) -> "Expected":
        """From the bytes of each input."""
        stories, rejected = set(), 0
        for row in (row for data in taken.values() for row in _parsed(data)):
            if row is None:
                rejected += 1
            else:
                stories.add((row["provider"], row["guid"], row["version"]))
        return cls({key: len(data.splitlines()) for key, data in taken.items()}, frozenset(stories), rejected)

    @property
    def latest(self) -> set[Story]:
        """A row for each chain, at its newest version; the copies of the other provider are in the clusters of what they copy."""
        newest: dict[tuple[str, str], int] = {}
        for provider, guid, version in self.stories:
            if provider == "TST":
                newest[provider, guid] = max(version, newest.get((provider, guid), 0))
        return {(provider, guid, version) for (provider, guid), version in newest.items()}


def _parsed(data: bytes) -> Iterable[Row | None]:
    for line in data.splitlines():
        yield None if line.startswith(_BROKEN) else json.loads(line)
