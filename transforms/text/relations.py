"""Clusters of stories: which are one story told again, which is the head, which version is the newest. Pure and order-free."""

import dataclasses
import datetime as dt
import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from schemas import Row

WINDOW = dt.timedelta(hours=72)
"""Two texts are compared only when published within this time of each other."""

DAY = dt.timedelta(days=1)
"""A story dated by the day alone widens the window by one."""

STATE = ("cluster_id", "is_head", "is_latest", "relation", "related_to", "similarity", "superseded_by", "killed_by")
"""What is known about a story only through others: the columns of `updates`."""

_LONG_AGO = dt.datetime.min.replace(tzinfo=dt.UTC)


Pair = tuple[str, str]


Likeness = tuple[float, float]
"""How much of both texts is the same, and how probably they are one story."""


def _unknown(_pairs: Sequence[Pair]) -> Mapping[Pair, Likeness]:
    return {}


@dataclasses.dataclass(frozen=True)
class Evidence:
    """What is known about stories beside their rows: pairs that are one story, roundups with what they hold (the earliest), stories that
    say of themselves that they are told again, notices (rows of `notices`) by the stories that they withdraw, and how alike any pair is."""

    same: Sequence[Pair] = ()
    holds: Mapping[str, str] = dataclasses.field(default_factory=dict)
    marked: frozenset[str] = frozenset()
    killed: Mapping[str, Row] = dataclasses.field(default_factory=dict)
    similarities: Callable[[Sequence[Pair]], Mapping[Pair, Likeness]] = _unknown


def relate(members: Iterable[Row], evidence: Evidence = Evidence()) -> dict[str, Row]:
    """The state of every member, by story_id. `members` are rows of `ids`, each story once, whole clusters at a time.

    One cluster holds all versions of a chain, all equal texts within `WINDOW`, what is one story by the evidence, and what an earlier run
    joined (equal `cluster_id`)."""
    rows = {row["story_id"]: row for row in members}
    states: dict[str, Row] = {}
    for component in components(rows, evidence.same):
        states.update(_cluster(component, evidence))
    return states


def components(rows: Mapping[str, Row], same: Iterable[Pair]) -> list[list[Row]]:
    """Rows of `ids` by story_id, told apart into those that hang together: by chain, cluster or text, or by one of the pairs."""
    parent = {story_id: story_id for story_id in rows}

    def root(story_id: str) -> str:
        while parent[story_id] != story_id:
            parent[story_id] = parent[parent[story_id]]
            story_id = parent[story_id]
        return story_id

    known = (pair for pair in same if pair[0] in rows and pair[1] in rows)
    for one, other in itertools.chain(_edges(rows.values()), known):
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
        copies.sort(key=lambda row: (row["published_at"], row["story_id"]))
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


def age(row: Row, marked: Collection[str] = ()) -> tuple[dt.datetime, bool, str]:
    """The order of age of stories, by `published_at`, `published_precision` and `story_id`. One that is dated by the day alone is as old as
    that day's end: a newspaper's copy is not older than the wire's story of that morning. Of one moment, those that say that they are told
    again (`marked`) are the younger."""
    at = row["published_at"]
    return at + DAY if row["published_precision"] == "day" else at, row["story_id"] in marked, row["story_id"]


def _version(row: Row) -> tuple[int, dt.datetime, dt.datetime, str]:
    """Order of versions: (version, versioncreated); where a wire gives neither, the later published."""
    version = -1 if row["version"] is None else row["version"]
    return version, row["versioncreated"] or _LONG_AGO, row["published_at"], row["story_id"]


def _cluster(rows: list[Row], evidence: Evidence) -> dict[str, Row]:
    rows = sorted(rows, key=lambda row: age(row, evidence.marked))
    head = rows[0]
    chains: dict[str, list[Row]] = {}
    for row in rows:
        chains.setdefault(row["chain"], []).append(row)
    for versions in chains.values():
        versions.sort(key=_version)
    lines = _lines(chains, head, evidence.marked)
    first_with_text: dict[str, Row] = {}
    for row in rows:
        first_with_text.setdefault(row["content_hash"], row)
    alike = _likeness(rows, chains, first_with_text, evidence)
    kills = _kills(rows, evidence.killed)
    states = {}
    for line in lines:
        newest = line[-1]
        for index, row in enumerate(line):
            state = {
                "cluster_id": head["story_id"],
                "is_head": row is head,
                "is_latest": row is newest and line is lines[0],
                "relation": None,
                "related_to": None,
                "similarity": None,
                "superseded_by": None if row is newest else newest["story_id"],
                "killed_by": kills.get(row["story_id"]),
            }
            original = first_with_text[row["content_hash"]]
            if index:
                state.update(relation="version", related_to=line[index - 1]["story_id"])
            elif original["chain"] != row["chain"]:
                state.update(relation="exact", related_to=original["story_id"], similarity=1.0)
            elif row is not head:
                state.update(_retold(row, alike, head))
            elif row["story_id"] in evidence.holds:
                state.update(relation="contains", related_to=evidence.holds[row["story_id"]])
            states[row["story_id"]] = state
    return states


def _lines(chains: dict[str, list[Row]], head: Row, marked: frozenset[str]) -> list[list[Row]]:
    """Chains as lines of versions, the head's first. A later chain of the head's provider that says that it is told again (UPDATE 2,
    CORRECTED) goes on with the head's line, though the wire gave it an identity of its own."""
    first = list(chains[head["chain"]])
    others = []
    for chain, versions in sorted(chains.items(), key=lambda each: min(age(row, marked) for row in each[1])):
        if chain == head["chain"]:
            continue
        if head["provider"] and versions[0]["provider"] == head["provider"] and versions[0]["story_id"] in marked:
            first += versions
        else:
            others.append(versions)
    return [first, *others]


def _kills(rows: list[Row], killed: Mapping[str, Row]) -> dict[str, str]:
    """By which notice each story of a cluster is withdrawn: its own, or the earliest that withdraws one of the others; for what one may not
    show, one may not show in another's copy."""
    notices = [killed[row["story_id"]] for row in rows if row["story_id"] in killed]
    if not notices:
        return {}
    first = min(notices, key=lambda row: (row["issued_at"], row["notice_id"]))
    itself = {row["story_id"] for row in notices}
    named = {row["story_id"]: killed.get(row["story_id"], first)["story_id"] for row in rows}
    return {story_id: notice for story_id, notice in named.items() if story_id not in itself}


MOST_COMPARED = 64
"""Stories of a cluster, the earliest, among which that is looked for which a later one retells."""


def _likeness(
    rows: list[Row], chains: dict[str, list[Row]], first_with_text: dict[str, Row], evidence: Evidence
) -> dict[str, list[tuple[Likeness, Row]]]:
    """How alike each first version that is no exact copy is to the earlier stories of its cluster."""
    places = {row["story_id"]: place for place, row in enumerate(rows)}
    wanted: list[tuple[Row, Row]] = []
    for versions in chains.values():
        row = versions[0]
        if first_with_text[row["content_hash"]]["chain"] == row["chain"]:
            earlier = rows[: min(places[row["story_id"]], MOST_COMPARED)]
            wanted += [(row, other) for other in earlier if other["chain"] != row["chain"]]
    known = evidence.similarities([(row["story_id"], other["story_id"]) for row, other in wanted]) if wanted else {}
    found: dict[str, list[tuple[Likeness, Row]]] = {}
    for row, other in wanted:
        likeness = known.get((row["story_id"], other["story_id"]))
        if likeness is not None:
            found.setdefault(row["story_id"], []).append((likeness, other))
    return found


def _retold(row: Row, alike: dict[str, list[tuple[Likeness, Row]]], head: Row) -> Row:
    """What a story that is neither the head nor a copy retells: the most similar of the earlier ones, the earliest of several."""
    found = alike.get(row["story_id"])
    likeness, original = max(found, key=lambda each: each[0]) if found else ((None, None), head)
    same_provider = row["provider"] is not None and row["provider"] == original["provider"]
    return {"relation": "version" if same_provider else "republication", "related_to": original["story_id"], "similarity": likeness[1]}
