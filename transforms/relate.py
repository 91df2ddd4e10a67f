"""Relate: clusters over the run's new stories and what the lake has of their kind; what that changes for older stories."""

import dataclasses
import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import apache_beam as beam
import pyarrow as pa

from schemas import Row, decode, encode
from transforms.batch_rows import BatchRows, Rows
from transforms.candidates import New, Reach, Surroundings, surroundings, whole_reach
from transforms.fn import Fn
from transforms.neighbours import SKETCHES, Neighbours, sketch_table
from transforms.part_index import LakeParts
from transforms.run_index import SCHEMAS, IndexRun, parts_of_run
from transforms.text.notices import killed, names_of
from transforms.text.relations import STATE, Evidence, Pair, age, components, relate


@dataclasses.dataclass(eq=False)
class Relate(beam.PTransform):
    """Elements, with what makes rows of `ids`, `sketches` and `notices` of the new stories in them, to (table, row): `ids` with their
    clusters, `states` for the run's own stories, `updates`, with their new `ids`, for stories of earlier runs whose place changed.

    A run of few stories is decided in one go. Of a large one the stories are told apart by the first digits of their chains, and each lot
    looks outward from its stories, into the lake and into an index of the run: what one cluster needs is held together, and no more. A
    cluster that several lots touch they all decide alike, and one of them tells what it changes."""

    run: str
    parts: LakeParts
    rows: Rows
    gone: tuple[Row, ...] = ()
    """Rows of `ids` of stories that this run takes out of the lake."""
    digits: int = 0
    """Of a chain, by which stories are told apart."""
    index: str = ""
    """The folder in which a large run's index is made."""

    def expand(self, stories: beam.PCollection[Any]) -> beam.PCollection[tuple[str, Row]]:
        """Wires the decision."""
        keyed = stories | "BatchByLot" >> BatchRows(self.rows, _Lot(self.digits), SCHEMAS)
        if self.gone:
            leaving = [(row["chain"][: self.digits], ("gone", encode([row], SCHEMAS["ids"]))) for row in self.gone]
            keyed = (keyed, stories.pipeline | "Gone" >> beam.Create(leaving)) | "WithGone" >> beam.Flatten()
        lots = keyed | "GroupByLot" >> beam.GroupByKey()
        if not self.digits:
            return lots | "Decide" >> beam.ParDo(_Decide(self.run, self.parts, self.gone))
        indexed = stories | "IndexRun" >> IndexRun(self.index, self.rows)
        return lots | "Decide" >> beam.ParDo(_Decide(self.run, self.parts, self.gone), beam.pvalue.AsList(indexed))


@dataclasses.dataclass(frozen=True)
class _Lot:
    digits: int

    def __call__(self, _kind: str, row: Row) -> str:
        return str(row["chain"] or "")[: self.digits]


class _Decide(Fn):
    def __init__(self, run: str, parts: LakeParts, gone: tuple[Row, ...]) -> None:
        self._run, self._parts, self._gone = run, parts, gone

    def process(
        self, element: tuple[str, Iterable[tuple[str, bytes]]], indexed: list[tuple[str, str]] | None = None
    ) -> Iterator[tuple[str, Row]]:
        buffers: dict[str, list[bytes]] = {"ids": [], "sketches": [], "notices": [], "gone": []}
        for kind, buffer in element[1]:
            buffers[kind].append(buffer)
        ids, notices, gone = (decode(buffers[kind]).to_pylist() if buffers[kind] else [] for kind in ("ids", "notices", "gone"))
        sketches = decode(buffers["sketches"]).select(SKETCHES.names).cast(SKETCHES) if buffers["sketches"] else sketch_table()
        new = New(ids, sketches, notices)
        if indexed is None:
            yield from decide(new, self._run, self._parts, gone)
        elif ids or gone:  # a notice without a guid may lie in a lot without its story, which finds it
            yield from decide_lot(new, self._run, self._parts, gone, parts_of_run(indexed), {row["story_id"]: row for row in self._gone})


def decide(new: New, run: str, parts: LakeParts, gone: Collection[Row] = ()) -> Iterator[tuple[str, Row]]:
    """Rows that follow from new stories beside the lake, which `gone` (rows of `ids`) leave."""
    yield from decided(new, surroundings(new, parts, list(gone)), run, {row["story_id"] for row in gone})


def decide_lot(
    new: New, run: str, parts: LakeParts, gone: list[Row], others: LakeParts, leaving: Mapping[str, Row]
) -> Iterator[tuple[str, Row]]:
    """What `decide` gives of all stories of a run, as far as some of them are to tell it: of themselves, and of each older story whose
    place changes where the least story of the run that reaches it is theirs. `others` and `leaving` as in `whole_reach`."""
    reach = whole_reach(new, gone, parts, others, leaving)
    own = {row["story_id"] for row in (*new.ids, *gone)}
    left = {row["story_id"] for row in reach.gone}
    known = Known.of(reach.new, reach.around)
    tells = _tellers(reach, known)
    fresh = {row["story_id"] for row in reach.new.ids}
    for table, row in decided(reach.new, reach.around, run, left, known):
        story_id = row["story_id"]
        if (story_id if story_id in fresh else tells[story_id]) in own:
            yield table, row


def _tellers(reach: Reach, known: "Known") -> dict[str, str]:
    """For each story, the least of those that come or leave among all that reach it."""
    changing = {row["story_id"] for row in (*reach.new.ids, *reach.gone)}
    rows = {row["story_id"]: row for row in (*reach.around.members, *reach.new.ids)}
    pairs = [pair for pair in (*known.same, *known.held) if pair[0] in changing or pair[1] in changing]
    tells: dict[str, str] = {}
    for group in components(rows, [*pairs, *known.named(rows)]):
        ids = [row["story_id"] for row in group]
        least = min((story_id for story_id in ids if story_id in changing), default="")
        tells |= dict.fromkeys(ids, least)
    return tells


def decided(
    new: New, around: Surroundings, run: str, gone: Collection[str] = (), known: "Known | None" = None
) -> Iterator[tuple[str, Row]]:
    """Rows that follow from new stories beside what they may touch, of which `gone` (story ids) leave the lake; `known`: `Known.of` both,
    where the caller has it."""
    known = known or Known.of(new, around)
    fresh = {row["story_id"] for row in new.ids}
    before = relate(around.members, known.evidence(fresh, ())) if around.members else {}
    old = [row for row in around.members if row["story_id"] not in gone]
    # What leaves and comes again with the same text is there.
    after = relate([*old, *new.ids], known.evidence(set(gone) - fresh, fresh))
    for row in new.ids:
        state = after[row["story_id"]]
        yield "ids", {**row, "cluster_id": state["cluster_id"], "run": run}
        yield "states", state_row(row, state, run)
    for row in old:
        state = after[row["story_id"]]
        # The lake may still hold what an earlier release decided: then a head is another one for the whole cluster.
        if state != before[row["story_id"]] or state["cluster_id"] != row["cluster_id"]:
            yield "updates", state_row(row, state, run)
            yield "ids", {**row, "cluster_id": state["cluster_id"], "run": run}


@dataclasses.dataclass(frozen=True)
class Known:
    """What sketches and notices say of stories, whichever of them are there."""

    neighbours: Neighbours
    same: list[Pair]
    held: list[Pair]
    notices: list[Row]
    stories: dict[str, Row]
    """What of each sketch is no sketch, by story_id."""

    @classmethod
    def of(cls, new: New, around: Surroundings) -> "Known":
        """Of all pairs those count of which one at least is new or a member."""
        sketches, notices = pa.concat_tables([around.sketches, new.sketches]), [*around.notices, *new.notices]
        neighbours = Neighbours.of(sketches)
        same, held = neighbours.related({row["story_id"] for row in (*around.members, *new.ids)})
        wanted = _WITH_NOTICES if notices else _DATED
        return cls(neighbours, same, held, notices, {row["story_id"]: row for row in sketches.select(wanted).to_pylist()})

    def evidence(self, without: Collection[str], new: Collection[str]) -> Evidence:
        """The evidence without some stories and their notices. Which old ones are one story was decided when the later of them came; what
        holds what is looked at again, since the answer is the earliest of several."""
        ages = {story_id: age(row) for story_id, row in self.stories.items() if story_id not in without}
        holds: dict[str, str] = {}
        for roundup, story in self.held:
            if roundup in ages and story in ages and (roundup not in holds or ages[story] < ages[holds[roundup]]):
                holds[roundup] = story
        same = [pair for pair in self.same if (pair[0] in new or pair[1] in new) and not (pair[0] in without or pair[1] in without)]
        notices = [row for row in self.notices if row["story_id"] not in without]
        withdrawn = killed(notices, [self.stories[story_id] for story_id in ages]) if notices else {}
        return Evidence(same, holds, self.neighbours.marked, withdrawn, self.neighbours.similarities)

    def named(self, members: Collection[str]) -> Iterator[Pair]:
        """Pairs of members that a notice may be about, its own story among them."""
        by_name: dict[str | int, list[str]] = {}
        for story_id, row in self.stories.items() if self.notices else ():
            if story_id in members:
                for name in names_of(row):
                    by_name.setdefault(name, []).append(story_id)
        for notice in self.notices:
            meant = [story_id for name in names_of(notice) for story_id in by_name.get(name, ())]
            yield from itertools.pairwise([*meant, *([notice["story_id"]] if notice["story_id"] in members else ())])


_DATED = ["story_id", "published_at", "published_precision"]
_WITH_NOTICES = [*_DATED, "chain", "signal", "title_keys"]


def state_row(row: Row, state: Row, run: str) -> Row:
    """A row of `updates`, from one of `ids` and what `relate` says of the story."""
    return {"story_id": row["story_id"], "date": row["date"], "country": row["country"], "run": run, **{key: state[key] for key in STATE}}
