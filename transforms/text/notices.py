"""Kills, cancels and holds: which stories are one, and what they act on. Pure and order-free.

An agency names what it withdraws by the guid, or in words: by the slug or the headline of the story (dpa `KILL KILL KILL`, Reuters
`STORY WITHDRAWN`). A guid is without doubt and without limit of time; words act within 48 hours, before and after."""

import datetime as dt
import functools
import re
from collections.abc import Iterable, Mapping

import numpy as np

from schemas import Row
from transforms.text.furniture_words import forms, pattern
from transforms.text.relations import DAY
from transforms.text.sketch import word_hash

REACH = dt.timedelta(hours=48)
"""How far from its own time a notice in words acts."""

_WORD = re.compile(r"[^\W_]+")
_SIGNALS = {"kill": "kill", "hold": "hold"}


def kind_of(story: Row) -> str | None:
    """Of a row with `pubstatus` and `signal`: `cancel`, `kill` or `hold` where the story is a notice, else null."""
    return "cancel" if story["pubstatus"] == "canceled" else _SIGNALS.get(story["signal"] or "")


def signal_of(note: str | None, body: str) -> str | None:
    """`kill` where a note to editors withdraws the story that carries it ('MANDATORY KILL', 'This story has been withdrawn'), or where a
    text that is short enough for a notice says that a kill is mandatory (AP); else null."""
    if note and pattern("kill_note").search(note):
        return "kill"
    return "kill" if len(body) <= _NOTICE and _MANDATORY.search(body) else None


_MANDATORY = re.compile(r"\b(?:kill is mandatory|mandatory kill)\b", re.IGNORECASE)
_NOTICE = 1_500
"""Characters of the longest text that is a notice; a story about a withdrawal is longer."""


def title_keys(story: Row) -> bytes | None:
    """Keys of what a story can be named by, of a row with `provider`, `slugline` and `headline`: the slug's and the headline's, in this
    order; null without a provider, for an agency kills only its own."""
    if not story["provider"]:
        return None
    names = [("slug", _folded(story["slugline"])), ("headline", _without_marks(_folded(story["headline"])))]
    keys = [word_hash(f"{kind} {story['provider'].casefold()} {name}") >> 32 if name else 0 for kind, name in names]
    return np.array(keys, "<u4").tobytes() if any(keys) else None


def _folded(text: str | None) -> str:
    return " ".join(_WORD.findall(text.casefold())) if text else ""


@functools.cache
def _marks() -> re.Pattern[str]:
    words = {_folded(form) for kind in ("prefix", "take") for form, signal in forms(kind).items() if signal in _SIGNALS}
    return re.compile(rf"(?:(?:{'|'.join(sorted(words, key=lambda word: (-len(word), word)))}) )+")


def _without_marks(headline: str) -> str:
    """A folded headline without the words of a kill before it."""
    match = _marks().match(headline)
    return headline[match.end() :] if match else headline


def killed(notices: Iterable[Row], stories: Iterable[Row]) -> dict[str, Row]:
    """Which stories are withdrawn, by story_id, and the earliest notice that does it.

    `notices` are rows of `notices`, `stories` rows of `sketches`: all that share a chain or a key with one of them. A notice acts on the
    other versions of its own chain; one that has none, on what it names. Of several stories that a slug fits, those count whose headline
    fits as well; where none's does, all of them: a kill is mandatory, and too much withheld is mended sooner than a withdrawn story shown.
    """
    found: dict[str, Row] = {}
    stories = list(stories)
    for notice in sorted(notices, key=lambda row: (row["issued_at"], row["notice_id"])):
        if notice["kind"] != "purge":
            for row in _meant(notice, [row for row in stories if row["story_id"] != notice["story_id"]]):
                found.setdefault(row["story_id"], notice)
    return found


def _meant(notice: Row, stories: list[Row]) -> list[Row]:
    """The stories that a notice acts on."""
    versions = [row for row in stories if notice["chain"] and row["chain"] == notice["chain"]]
    if versions or notice["kind"] == "cancel":
        return versions
    slug, headline = title_keys_of(notice)
    near = [row for row in stories if row["signal"] not in _SIGNALS and _is_near(notice, row)]
    by_headline = [row for row in near if headline and headline == title_keys_of(row)[1]]
    return by_headline or [row for row in near if slug and slug == title_keys_of(row)[0]]


def title_keys_of(row: Mapping[str, bytes | None]) -> tuple[int, int]:
    """The keys of a row's slug and headline; 0 for none."""
    keys = np.frombuffer(row["title_keys"] or bytes(8), "<u4")
    return int(keys[0]), int(keys[1])


def names_of(row: Row) -> list[str | int]:
    """What tells whom a notice is about: of a row of `notices` or `sketches`, its chain and the keys of its titles."""
    return [name for name in (row["chain"], *title_keys_of(row)) if name]


def _is_near(notice: Row, story: Row) -> bool:
    reach = REACH + (DAY if story["published_precision"] == "day" else dt.timedelta(0))
    return abs(story["published_at"] - notice["issued_at"]) <= reach
