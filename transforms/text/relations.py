"""Clusters of stories: which are one story told again, which is the head, which version is the newest. Pure and order-free."""

import datetime as dt
from collections.abc import Iterable, Iterator

from schemas import Row

WINDOW = dt.timedelta(hours=72)
"""Two texts are compared only when published within this time of each other."""

DAY = dt.timedelta(days=1)
"""A story dated by the day alone widens the window by one."""

STATE = ("cluster_id", "is_head", "is_latest", "relation", "related_to", "similarity", "superseded_by", "killed_by")
"""What is known about a story only through others: the columns of `updates`."""

_LONG_AGO = dt.datetime.min.replace(tzinfo=dt.UTC)


def relate(members: Iterable[Row]) -> dict[str, Row]:
    """The state of every member, by story_id. `members` are rows of `ids`, each story once, whole clusters at a time.

    One cluster holds all versions of a chain, all equal texts within `WINDOW`, and what an earlier run joined (equal `cluster_id`)."""
    rows = {row["story_id"]: row for row in members}
    states: dict[str, Row] = {}
    for component in _components(rows):
        states.update(_cluster(component))
    return states


def _components(rows: dict[str, Row]) -> list[list[Row]]:
    parent = {story_id: story_id for story_id in rows}

    def root(story_id: str) -> str:
        while parent[story_id] != story_id:
            parent[story_id] = parent[parent[story_id]]
            story_id = parent[story_id]
        return story_id

    for one, other in _edges(rows.values()):
        low, high = sorted((root(one), root(other)))
        parent[high] = low
    groups: dict[str, list[Row]] = {}
    for story_id, row in rows.items():
        groups.setdefault(root(story_id), []).append(row)
    return list(groups.values())


def _edges(rows: Iterable[Row]) -> Iterator[tuple[str, str]]:
    first: dict[tuple[str, str], str] = {}
    texts: dict[str, list[Row]] = {}
    for row in rows:
        story_id = row["story_id"]
        for key in (("chain", row["chain"]), ("cluster", row["cluster_id"])):
            yield first.setdefault(key, story_id), story_id
        texts.setdefault(row["content_hash"], []).append(row)
    for copies in texts.values():
        copies.sort(key=_age)
        start = 0
        for index, other in enumerate(copies):
            while other["published_at"] - copies[start]["published_at"] > WINDOW + 2 * DAY:
                start += 1
            for one in copies[start:index]:
                if near(one, other):
                    yield one["story_id"], other["story_id"]


def near(one: Row, other: Row) -> bool:
    """Whether two stories were published closely enough to be compared."""
    window = WINDOW + DAY * ((one["published_precision"] == "day") + (other["published_precision"] == "day"))
    return abs(one["published_at"] - other["published_at"]) <= window


def _age(row: Row) -> tuple[dt.datetime, str]:
    return row["published_at"], row["story_id"]


def _version(row: Row) -> tuple[int, dt.datetime, dt.datetime, str]:
    """Order of versions: (version, versioncreated); where a wire gives neither, the later published."""
    version = -1 if row["version"] is None else row["version"]
    return version, row["versioncreated"] or _LONG_AGO, row["published_at"], row["story_id"]


def _cluster(rows: list[Row]) -> dict[str, Row]:
    head = min(rows, key=_age)
    chains: dict[str, list[Row]] = {}
    for row in rows:
        chains.setdefault(row["chain"], []).append(row)
    first_with_text: dict[str, Row] = {}
    for row in sorted(rows, key=_age):
        first_with_text.setdefault(row["content_hash"], row)
    states = {}
    for chain, versions in chains.items():
        versions.sort(key=_version)
        newest = versions[-1]
        for index, row in enumerate(versions):
            state = {
                "cluster_id": head["story_id"],
                "is_head": row is head,
                "is_latest": row is newest and chain == head["chain"],
                "relation": None,
                "related_to": None,
                "similarity": None,
                "superseded_by": None if row is newest else newest["story_id"],
                "killed_by": None,
            }
            original = first_with_text[row["content_hash"]]
            if index:
                state.update(relation="version", related_to=versions[index - 1]["story_id"])
            elif original["chain"] != chain:
                state.update(relation="exact", related_to=original["story_id"], similarity=1.0)
            states[row["story_id"]] = state
    return states
