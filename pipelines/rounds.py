"""Rounds: bounded runs over one lake, one after another in a process that stays warm. Each stages, balances and commits."""

import collections
import contextlib
import dataclasses
import datetime as dt
import json
import secrets
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import apache_beam as beam
from apache_beam.io.filesystems import FileSystems

from pipelines import memory
from pipelines.engines import carry_out, runner_of
from pipelines.errors import WirelakeError
from pipelines.ingest import Round, build, weight_of
from pipelines.lake import merge
from pipelines.lake.commit import JOB, Plan, commit, staging_folder
from pipelines.lake.place import Folder, remove_tree
from pipelines.lake.tables import Tables
from pipelines.lake.turns import Turns
from pipelines.metrics import OUTCOMES
from pipelines.options import Settings, pipeline_options
from pipelines.record import Recorder
from pipelines.replace import Replacing
from pipelines.scrub import scrub_staged
from pipelines.sources.inputs import Input, spooled
from pipelines.sources.kept import Kept
from pipelines.survey import Found, survey
from transforms import helpers
from transforms.text.formats.pieces import PURGED
from transforms.write_parts import MANIFEST

SPOOL = "messages"
"""The file in a run's staging folder that holds the bytes of its messages."""

PARTS = "parts.json"
"""The file beside it that holds what the run may look up."""

NOTHING = Replacing((), ())

_Result = TypeVar("_Result")

_LATE = dt.timedelta(days=1)

_HELPED_BYTES = 2**21
"""Runs over less have ended before helpers are ready, which read tables for some seconds."""


@dataclasses.dataclass(frozen=True)
class Done:
    """A run that has ended. `number` is null where it had nothing to commit."""

    run: str
    number: int | None
    counts: dict[str, int]
    """pieces, stories, again, rejected, not_text, already, other_date, late."""
    reasons: dict[str, int]
    """Rejected pieces by reason."""
    parts: tuple[dict[str, Any], ...] = ()
    retired: tuple[str, ...] = ()


class Rounds:
    """The runs of one command: opens the lake once, and before each run reads only what others committed meanwhile."""

    def __init__(self, lake: Folder, settings: Settings, kind: str, *, merges: bool = False) -> None:
        """`merges`: every few runs one also puts small parts together (see `pipelines.lake.merge`), so that a feed keeps files few; then
        it is to be closed."""
        self.lake, self.settings = lake, settings
        # What an object store asks for may be said by flags of Beam, which hears of them here before it has a pipeline.
        FileSystems.set_options(pipeline_options(settings))
        memory.keep_large_apart()
        self._kind = kind
        self._turns = Turns(lake, settings.lock_wait)
        self._recorder = Recorder()
        self._merger = merge.Merger(lake) if merges and not settings.dry_run else None

    def close(self) -> None:
        """Ends what is under way beside the runs."""
        if self._merger:
            self._merger.close()

    @property
    def recovered(self) -> int | None:
        """The number of the last run of another process that was finished here."""
        return self._turns.recovered

    @contextlib.contextmanager
    def turn(self) -> Iterator[Tables]:
        """The lake's tables, under the lock, with what a dead run left finished: to look at them. A dry run takes them as they are."""
        if self.settings.dry_run:
            yield Tables(self.lake)
            return
        with self._turns.turn() as tables:
            yield tables

    def take(self, work: Callable[[Tables], _Result]) -> _Result:
        """What `work`, with at most one run in it, comes to in a turn; as `Turns.take` does it. A dry run takes the lake as it is."""
        return work(Tables(self.lake)) if self.settings.dry_run else self._turns.take(work)

    def survey(self, tables: Tables, inputs: list[Input]) -> list[Found]:
        """What some inputs hold, before a run over them. Raises WirelakeError."""
        run, now = secrets.token_hex(16), dt.datetime.now(dt.UTC)
        staging = self._staging(tables, run)
        try:
            return survey(inputs, run, now, f"{staging}/survey.json", self._pipeline())
        finally:
            remove_tree(staging)

    def _staging(self, tables: Tables, run: str) -> Folder:
        """A new folder that workers can write to; that of a dry run does not lie in the lake."""
        if self.settings.dry_run:
            return Path(tempfile.mkdtemp(prefix="wirelake-"))
        staging = staging_folder(tables.lake, run)
        staging.mkdir(parents=True)
        if not self.settings.in_process:
            (staging / JOB).touch()
        return staging

    def run(
        self,
        tables: Tables,
        inputs: list[Input] | list[Kept],
        replacing: Replacing = NOTHING,
        raw: frozenset[str] | None = None,
    ) -> Done:
        """One run over some inputs, on the tables of its turn. A dry run stages beside the lake's disk and leaves the lake as it is. With
        `raw` (hashes of items), of the bytes that would be kept only those are.

        Raises WirelakeError where it does not balance; then nothing was written."""
        run, now, begun = secrets.token_hex(16), dt.datetime.now(dt.UTC), time.monotonic()
        dry = self.settings.dry_run
        staging = self._staging(tables, run)
        try:
            kept = [each for each in inputs if isinstance(each, Kept)]
            given = [each for each in inputs if isinstance(each, Input)]
            keep_raw = any(each.message_id for each in given) if self.settings.keep_raw is None else self.settings.keep_raw
            moved = kept or spooled(given, str(staging / SPOOL))
            parts_of_lake = tables.lookup().stored_in(str(staging / PARTS))
            this = Round(
                run,
                now,
                str(staging),
                parts_of_lake,
                keep_raw=keep_raw and not kept,
                raw=raw,
                kept=bool(kept),
                chosen=replacing.chosen,
                gone=replacing.gone,
                choices=self.settings.choices,
                apart=not self.settings.in_process,
            )
            self._execute(moved, this, staging)
            manifest = read_manifest(staging)
            counts, reasons = balanced(manifest)
            parts = [entry["part"] for entry in manifest if "part" in entry]
            if keep_raw and reasons.get(PURGED):
                parts = scrub_staged(parts, run, staging)
            counts["late"] = _late(parts, now.date())
            merged = merge.Merged()
            if self._merger:
                merged = self._merger.taken(tables, run, staging)
            if replacing.old and not dry:
                merged = replacing.taken_out(tables, parts, run, staging)
        except BaseException:
            if not (staging / JOB).exists():
                remove_tree(staging)
            raise
        number = None
        if (parts or merged.retired) and not dry:
            read = tuple((each.message_id or each.uri, each.start, each.stop) for each in given)
            plan = Plan(run, self._kind, now, (*parts, *merged.parts), read, counts, merged.retired)
            number = self._turns.own = commit(tables, plan)
            self._recorder.record(tables, plan, number, time.monotonic() - begun, reasons)
            parts += merged.parts
            if self._merger:
                self._merger.look(tables)
        else:
            remove_tree(staging)
        return Done(run, number, counts, reasons, tuple(parts), merged.retired)

    def _execute(self, inputs: Sequence[Input | Kept], this: Round, staging: Folder) -> None:
        if self.settings.in_process and weight_of(inputs) >= _HELPED_BYTES:
            helpers.start()
        pipeline = self._pipeline()
        build(pipeline, inputs, this)
        if self.settings.in_process:
            pipeline.run().wait_until_finish()
        else:
            carry_out(pipeline, ended=lambda: (staging / JOB).unlink(missing_ok=True))

    def _pipeline(self) -> beam.Pipeline:
        """An empty one, for the runner of these settings."""
        runner = None if self.settings.in_process else runner_of(self.settings.runner)
        return beam.Pipeline(runner, pipeline_options(self.settings))


def _late(parts: Iterable[dict[str, Any]], today: dt.date) -> int:
    """Stories published before the day before they were received."""
    before = (today - _LATE).isoformat()
    return sum(part["rows"] for part in parts if part["table"] == "stories" and part["partition"]["date"] < before)


def read_manifest(staging: Folder) -> list[dict[str, Any]]:
    """What a pipeline staged. Raises WirelakeError where it left no manifest."""
    try:
        return list(json.loads((staging / MANIFEST).read_bytes()))
    except FileNotFoundError:
        raise WirelakeError("the runner reported success and left no manifest; nothing was written to the lake; run again") from None


def balanced(manifest: Iterable[dict[str, Any]]) -> tuple[dict[str, int], dict[str, int]]:
    """Counts of a run and reasons of its rejections, from its manifest. Raises WirelakeError where pieces found, deliveries,
    stories and rejections do not add up."""
    found: collections.Counter[str] = collections.Counter()
    rows: collections.Counter[str] = collections.Counter()
    outcomes: collections.Counter[str] = collections.Counter()
    reasons: collections.Counter[str] = collections.Counter()
    for entry in manifest:
        if "count" in entry:
            found[entry["count"][0]] += entry["count"][1]
        elif "part" in entry:
            part = entry["part"]
            rows[part["table"]] += part["rows"]
            {"deliveries": outcomes, "rejected": reasons}.get(part["table"], collections.Counter()).update(part["counts"])
    counts = {column: outcomes[outcome] for outcome, column in OUTCOMES.items()}
    counts |= {name: found[name] for name in ("pieces", "already", "other_date")}
    told = {
        "pieces found and deliveries": (found["pieces"], rows["deliveries"] + found["other_date"]),
        "deliveries of new stories and stories": (outcomes["story"], rows["stories"]),
        "stories and sketches": (rows["stories"], rows["sketches"]),
        "failed deliveries and rejections": (outcomes["rejected"] + outcomes["not_text"], rows["rejected"]),
    }
    for what, (one, other) in told.items():
        if one != other:
            raise WirelakeError(f"the run does not balance: {what} are {one} and {other}; nothing was written to the lake")
    reasons.pop("not_text", None)
    return counts, dict(reasons)
