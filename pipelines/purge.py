"""Text removed for good: stories from every table, their kept bytes and payloads, and the files that held them."""

import collections
import dataclasses
import datetime as dt
import secrets
import time
from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.errors import UsageError, plainly
from pipelines.lake.commit import Plan, commit, staging_folder
from pipelines.lake.merge import Merged
from pipelines.lake.parts import stage_rows
from pipelines.lake.place import remove_tree
from pipelines.lake.rewrite import parts_with, rewrite
from pipelines.lake.tables import Tables, existing_lake
from pipelines.lake.turns import Turns
from pipelines.lake.wipe import wipe
from pipelines.metrics import NO_PIECES
from pipelines.options import seconds
from pipelines.record import Recorder
from pipelines.replace import drop_stories, stories_of, together
from pipelines.scrub import Item, item_of, scrubbed
from schemas import Row
from transforms.candidates import New
from transforms.ledger import rejection
from transforms.relate import decide
from transforms.text.formats.pieces import PURGED
from transforms.text.identity import hash128

_STORIES_A_RUN = 5_000


@dataclasses.dataclass(frozen=True)
class Wanted:
    """What is to go: exactly one of these. `before` is a publication date (UTC)."""

    guid: str | None = None
    story: str | None = None
    provider: str | None = None
    before: dt.date | None = None

    def __post_init__(self) -> None:
        given = [name for name, value in dataclasses.asdict(self).items() if value not in (None, "")]
        if len(given) != 1:
            raise UsageError("purge takes exactly one of --guid, --story, --provider and --before")

    def matches(self) -> pc.Expression:
        """The stories to go, as a filter on `stories`."""
        if self.before:
            return pc.field("date") < self.before
        if self.story:
            return pc.starts_with(pc.field("story_id"), self.story)
        return pc.field("guid") == self.guid if self.guid else pc.field("provider") == self.provider


@dataclasses.dataclass
class Report:
    """What a purge removed."""

    stories: int = 0
    deliveries: int = 0
    raw_items: int = 0
    """Rows of `raw` that are gone or hold less than before, and payloads of `rejected` that are gone."""
    payloads: int = 0
    notices: int = 0
    runs: list[str] = dataclasses.field(default_factory=list)
    dry_run: bool = False
    seconds: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """All fields, for a program."""
        return dataclasses.asdict(self)

    def join(self, other: "Report") -> None:
        """Counts what another report counts in."""
        for name in ("stories", "deliveries", "raw_items", "payloads", "notices", "runs"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def lines(self) -> list[str]:
        """The summary."""
        if not (self.stories or self.raw_items or self.payloads):
            return ["nothing of that is in the lake"]
        stories = "1 story" if self.stories == 1 else f"{self.stories} stories"
        lines = [f"{stories} {'would be ' if self.dry_run else ''}removed for good"]
        if not self.dry_run:
            lines.append(f"  {self.deliveries} deliveries say so, {self.raw_items} kept items and {self.payloads} payloads are gone")
            lines.append(f"  {self.notices} notices keep them from coming in again")
        return lines


def purge(lake: str, wanted: Wanted, *, reason: str | None = None, lock_wait: float = 60.0, dry_run: bool = False) -> Report:
    """Removes stories with all that is kept of them, under the lake's lock from its beginning to its end. A notice with ids and `reason`
    stays for each, and keeps a re-delivery out.

    Raises UsageError where there is no lake or a story id is unknown or not the only one that begins so, LockedError, WirelakeError."""
    begun = time.monotonic()
    seconds("--lock-wait", lock_wait)
    tables = existing_lake(lake)
    report = Report(dry_run=dry_run)
    turns = Turns(tables.lake, lock_wait, tables)

    def work(tables: Tables) -> None:
        stories = _stories(tables, wanted)
        if dry_run:
            report.stories = len(stories)
            return
        for batch in _batches(sorted(stories)) if stories else [()]:
            of_batch = _Run(tables, wanted, {story_id: stories[story_id] for story_id in batch}, reason).commit()
            report.join(of_batch)
        wipe(tables)

    with plainly(tables.lake):
        turns.take(work)
    report.seconds = time.monotonic() - begun
    return report


def _stories(tables: Tables, wanted: Wanted) -> dict[str, Row]:
    columns = ["story_id", "provider", "guid", "content_hash"]
    rows = tables.dataset("stories").to_table(columns=columns, filter=wanted.matches()).to_pylist()
    if wanted.story and len(rows) != 1:
        found = "no story" if not rows else "more than one story"
        raise UsageError(f"{wanted.story}: {found} of the lake has an id that begins so; `wirelake query` finds it")
    return {row["story_id"]: row for row in rows}


def _batches(stories: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(stories), _STORIES_A_RUN):
        yield stories[start : start + _STORIES_A_RUN]


class _Run:
    """One run: some stories, and what is kept of them."""

    def __init__(self, tables: Tables, wanted: Wanted, stories: dict[str, Row], reason: str | None) -> None:
        self._tables, self._wanted, self._stories, self._reason, self._report = tables, wanted, stories, reason, Report()
        self._begun = time.monotonic()
        self._run, self._now = secrets.token_hex(16), dt.datetime.now(dt.UTC)
        self._staging = staging_folder(tables.lake, self._run)
        self._guid = wanted.guid.encode() if wanted.guid else None
        self._purged: dict[Item, set[int]] = collections.defaultdict(set)
        self._deliveries: list[Row] = []

    def commit(self) -> Report:
        """Stages and commits it, where there is anything to do; what it removed."""
        self._staging.mkdir(parents=True, exist_ok=True)
        try:
            gone = stories_of(self._tables.lookup(), self._stories)
            steps = [drop_stories(self._tables, gone, self._run, self._staging), self._related(gone), self._of_deliveries()]
            steps += [self._of_raw(), self._of_rejected(), self._notices()]
        except BaseException:
            remove_tree(self._staging)
            raise
        done = together(steps)
        if not (done.parts or done.retired):
            remove_tree(self._staging)
            return self._report
        plan = Plan(self._run, "purge", self._now, done.parts, (), NO_PIECES, done.retired)
        number = commit(self._tables, plan)
        Recorder().record(self._tables, plan, number, time.monotonic() - self._begun)
        self._report.stories += len(gone)
        self._report.runs.append(self._run)
        return self._report

    def _staged(self, name: str, rows: Iterable[Row]) -> Merged:
        return Merged(stage_rows(name, rows, self._run, self._staging))

    def _related(self, gone: list[Row]) -> Merged:
        """What changes for the stories that stay in the clusters of those that go."""
        decided = list(decide(New(), self._run, self._tables.lookup(), gone)) if gone else []
        return together(self._staged(name, (row for table, row in decided if table == name)) for name in ("updates", "ids"))

    def _of_deliveries(self) -> Merged:
        paths = parts_with(self._tables, "deliveries", "story_id", self._stories)
        return rewrite(self._tables, paths, self._forgotten, self._run, self._staging)

    def _forgotten(self, rows: pa.Table) -> pa.Table:
        """Deliveries of what is gone: the input stays known, and a message's attributes, which may hold text, go."""
        changed = []
        for row in rows.to_pylist():
            if row["story_id"] in self._stories:
                self._purged[item_of(row)].add(row["piece"])
                self._deliveries.append(row)
                row = {**row, "outcome": "rejected", "story_id": None, "reason": PURGED, "attributes": None}
            changed.append(row)
        return pa.Table.from_pylist(changed, schema=rows.schema)

    def _of_raw(self) -> Merged:
        def change(rows: pa.Table) -> pa.Table:
            left, touched = scrubbed(rows, self._purged, self._guid)
            self._report.raw_items += touched
            return left

        hashes = {item[3] for item in self._purged if item[3]}
        paths = set(parts_with(self._tables, "raw", "sha256", hashes))
        if self._guid:
            paths.update(f"raw/{path}" for path in self._tables.part_sizes("raw"))
        return rewrite(self._tables, sorted(paths), change, self._run, self._staging)

    def _of_rejected(self) -> Merged:
        """Payloads of other pieces of the same items, and those that hold the guid; and a row for each delivery that is rejected now."""
        self._report.deliveries += len(self._deliveries)
        same = {(row["source_uri"], row["place"]) for row in self._deliveries}
        paths = parts_with(self._tables, "rejected", "source_uri", {uri for uri, _ in same})
        if self._guid:
            paths = [f"rejected/{path}" for path in sorted(self._tables.part_sizes("rejected"))]

        def change(rows: pa.Table) -> pa.Table:
            changed = []
            for row in rows.to_pylist():
                payload = row["payload"] or b""
                if (row["source_uri"], row["place"]) in same or (self._guid and self._guid in payload):
                    self._report.payloads += bool(payload)
                    row = {**row, "payload": None, "payload_cut": False, "detail": PURGED}
                changed.append(row)
            return pa.Table.from_pylist(changed, schema=rows.schema)

        rewritten = rewrite(self._tables, paths, change, self._run, self._staging)
        detail = f"{PURGED}: {self._reason}" if self._reason else PURGED
        rejections = (rejection(row, "purge", PURGED, detail, self._run) for row in self._deliveries)
        return together([rewritten, self._staged("rejected", rejections)])

    def _notices(self) -> Merged:
        makers = {row["story_id"]: row["delivery_id"] for row in self._deliveries if row["outcome"] == "story"}
        rows = [
            {
                "notice_id": hash128(["purge", story_id, self._run]),
                "kind": "purge",
                "provider": story["provider"],
                "guid": story["guid"] if self._wanted.guid else None,
                "issued_at": self._now,
                "story_id": story_id,
                "content_hash": story["content_hash"],
                "reason": self._reason,
                "delivery_id": makers[story_id],
                "run": self._run,
                "received_on": self._now.date(),
            }
            for story_id, story in sorted(self._stories.items())
        ]
        self._report.notices += len(rows)
        return self._staged("notices", rows)
