"""Clusters: every story so far, and what changes about which of them when facts come, one at a time or many, in any order."""

import collections
import dataclasses
from collections.abc import Iterable, Iterator

from schemas import Row
from transforms.neighbours import Neighbours, sketch_table
from transforms.relate import Known, state_row
from transforms.text.notices import REACH, names_of, title_keys_of
from transforms.text.relations import DAY, Pair, near, relate


@dataclasses.dataclass(frozen=True)
class Facts:
    """Rows of `ids` and `sketches` of the same stories, of `notices`, and pairs of story ids as `Neighbours.related` gives them: those that
    are one story, and (roundup, story) where the first holds the second."""

    ids: list[Row] = dataclasses.field(default_factory=list)
    sketches: list[Row] = dataclasses.field(default_factory=list)
    notices: list[Row] = dataclasses.field(default_factory=list)
    same: list[Pair] = dataclasses.field(default_factory=list)
    held: list[Pair] = dataclasses.field(default_factory=list)


class Clusters:
    """Stories with their places, kept whole: nothing is ever forgotten.

    A fact that is known changes nothing, so facts may come twice; a pair may come before its stories."""

    def __init__(self, run: str) -> None:
        self._run = run
        self._rows: dict[str, Row] = {}
        """Rows of `ids`, with the clusters that their stories are in now."""
        self._sketches: dict[str, Row] = {}
        self._states: dict[str, Row] = {}
        self._notices: dict[str, Row] = {}
        self._pairs: set[tuple[str, Pair]] = set()
        self._waiting: set[tuple[str, Pair]] = set()
        """Pairs of which a story is not there yet."""
        self._holds: dict[str, set[str]] = collections.defaultdict(set)
        self._members: dict[str, set[str]] = collections.defaultdict(set)
        self._copies: dict[str, list[str]] = collections.defaultdict(list)
        self._named: dict[str | int, set[str]] = collections.defaultdict(set)
        """Stories by their chains and the keys of their titles."""
        self._noticed: dict[str | int, set[str]] = collections.defaultdict(set)
        """Notices by the same."""

    def take(self, facts: Facts) -> tuple[Facts, list[tuple[str, Row]]]:
        """Those of the facts that are new, and (table, row) of what follows from them: `ids` of each story that is new or whose place
        changed, with its cluster; `states` for a new one, `updates` for another."""
        new = self._unknown(facts)
        for row, sketch in zip(new.ids, new.sketches, strict=True):
            self._add(row, sketch)
        for notice in new.notices:
            self._notices[notice["notice_id"]] = notice
            for name in names_of(notice):
                self._noticed[name].add(notice["notice_id"])
        came = [row["story_id"] for row in new.ids]
        same, held = self._ready(new)
        touched = {*came, *(story_id for pair in same for story_id in pair), *(roundup for roundup, _ in held)}
        touched.update(mate for story_id in came for mate in self._mates(story_id))
        notices = {row["notice_id"] for row in new.notices}.union(*map(self._notices_about, came))
        touched.update(story_id for notice_id in notices for story_id in self._meant(notice_id))
        return new, list(self._placed(touched, same))

    def _unknown(self, facts: Facts) -> Facts:
        sketches = {row["story_id"]: row for row in facts.sketches}
        ids = {row["story_id"]: row for row in facts.ids if row["story_id"] not in self._rows}
        notices = {row["notice_id"]: row for row in facts.notices if row["notice_id"] not in self._notices}
        pairs = {
            kind: [pair for pair in dict.fromkeys(found) if (kind, pair) not in self._pairs]
            for kind, found in (("same", facts.same), ("held", facts.held))
        }
        return Facts(list(ids.values()), [sketches[story_id] for story_id in ids], list(notices.values()), pairs["same"], pairs["held"])

    def _add(self, row: Row, sketch: Row) -> None:
        story_id = row["story_id"]
        self._rows[story_id] = {**row, "cluster_id": story_id, "run": self._run}
        self._sketches[story_id] = sketch
        self._members[story_id].add(story_id)
        self._copies[row["content_hash"]].append(story_id)
        for name in names_of(sketch):
            self._named[name].add(story_id)

    def _ready(self, new: Facts) -> tuple[list[Pair], list[Pair]]:
        """Pairs, new or waiting, of which now both stories are there."""
        came = {*(("same", pair) for pair in new.same), *(("held", pair) for pair in new.held)}
        self._pairs |= came
        self._waiting |= came
        ready = {each for each in self._waiting if each[1][0] in self._rows and each[1][1] in self._rows}
        self._waiting -= ready
        held = [pair for kind, pair in ready if kind == "held"]
        for roundup, story_id in held:
            self._holds[roundup].add(story_id)
        return [pair for kind, pair in ready if kind == "same"], held

    def _mates(self, story_id: str) -> Iterator[str]:
        """The other versions of a story's chain, and equal texts within the window."""
        row = self._rows[story_id]
        yield from self._named[row["chain"]]
        yield from (other for other in self._copies[row["content_hash"]] if near(row, self._rows[other]))

    def _notices_about(self, story_id: str) -> set[str]:
        return set().union(*(self._noticed.get(name, ()) for name in names_of(self._sketches[story_id])))

    def _meant(self, notice_id: str) -> Iterator[str]:
        """Stories that a notice may act on: `killed` says on which of them it does."""
        notice = self._notices[notice_id]
        yield from self._named.get(notice["chain"], ())
        for key in filter(None, title_keys_of(notice)):
            for story_id in self._named.get(key, ()):
                if abs(self._rows[story_id]["published_at"] - notice["issued_at"]) <= REACH + DAY:
                    yield story_id

    def _placed(self, touched: Iterable[str], same: list[Pair]) -> Iterator[tuple[str, Row]]:
        """What changes in the clusters of some stories, when some pairs are one."""
        members = sorted(set().union(*(self._members[self._rows[story_id]["cluster_id"]] for story_id in touched)))
        if not members:
            return
        after = relate([self._rows[story_id] for story_id in members], self._known(members, same).evidence((), set(members)))
        for story_id in members:
            row, state, before = self._rows[story_id], after[story_id], self._states.get(story_id)
            if state != before:
                self._members[row["cluster_id"]].discard(story_id)
                self._members[state["cluster_id"]].add(story_id)
                self._rows[story_id] = {**row, "cluster_id": state["cluster_id"]}
                self._states[story_id] = state
                yield "ids", self._rows[story_id]
                yield "updates" if before else "states", state_row(row, state, self._run)

    def _known(self, members: list[str], same: list[Pair]) -> Known:
        notices: set[str] = set().union(*map(self._notices_about, members))
        held = [(roundup, story_id) for roundup in members for story_id in self._holds.get(roundup, ())]
        named = (story_id for notice_id in notices for story_id in self._meant(notice_id))
        around = {*members, *(story_id for _, story_id in held), *named}
        return Known(
            Neighbours.of(sketch_table(self._sketches[story_id] for story_id in members)),
            same,
            held,
            [self._notices[notice_id] for notice_id in sorted(notices)],
            {story_id: self._sketches[story_id] for story_id in sorted(around)},
        )
