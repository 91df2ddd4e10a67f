"""Runs: which inputs are new, in chunks of bounded size, each one round of the pipeline that is balanced and committed."""

import collections
import contextlib
import dataclasses
import datetime as dt
import gc
import itertools
import json
import secrets
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import apache_beam as beam
import pyarrow as pa
import pyarrow.compute as pc
from apache_beam.options.pipeline_options import PipelineOptions

from pipelines.errors import WirelakeError
from pipelines.ingest import Round, build
from pipelines.lake import durable
from pipelines.lake.commit import Plan, commit, recover, staging_folder
from pipelines.lake.tables import Tables, local_lake
from pipelines.options import Settings, pipeline_options
from pipelines.sources import files
from pipelines.sources.files import Input
from transforms.write_parts import MANIFEST

CHUNK_BYTES = files.SLICE_BYTES
"""Unpacked bytes of one run: memory stays what this takes, however large the whole input is."""

CHUNK_INPUTS = 5_000

Progress = Callable[[int, int, str], None]
"""Called with bytes done, bytes in all, and a word on what is at work."""

_OUTCOMES = {"story": "stories", "again": "again", "rejected": "rejected", "not_text": "not_text"}


@dataclasses.dataclass
class Report:
    """What an ingest did: pieces by outcome, inputs that were taken before (`already`), its runs, its time in seconds."""

    pieces: int = 0
    stories: int = 0
    again: int = 0
    rejected: int = 0
    not_text: int = 0
    already: int = 0
    inputs: int = 0
    runs: list[str] = dataclasses.field(default_factory=list)
    rejected_reasons: dict[str, int] = dataclasses.field(default_factory=dict)
    recovered: int | None = None
    seconds: float = 0.0
    dry_run: bool = False

    def add(self, counts: dict[str, int], reasons: dict[str, int]) -> None:
        """Counts one more run in."""
        for name, number in counts.items():
            setattr(self, name, getattr(self, name) + number)
        for reason, number in reasons.items():
            self.rejected_reasons[reason] = self.rejected_reasons.get(reason, 0) + number

    @property
    def rejected_share(self) -> float:
        """Rejected pieces among all that were found; pictures and the like are not rejected."""
        return self.rejected / self.pieces if self.pieces else 0.0

    def as_json(self) -> dict[str, Any]:
        """All fields, for a program."""
        return dataclasses.asdict(self)

    def lines(self) -> list[str]:
        """The summary, at most ten lines."""
        lines = []
        if self.recovered:
            lines.append(f"finished run {self.recovered}, which another process had left in the middle of its commit")
        if not self.inputs:
            return [*lines, "no file was found there; nothing was written"]
        if not self.pieces and self.already == self.inputs:
            return [*lines, f"nothing new: all {self.inputs} inputs are in the lake already; nothing was written"]
        would = "would be " if self.dry_run else ""
        lines.append(f"{self.inputs} inputs, {self.already} of them taken before; {self.pieces} pieces found in {self.seconds:.1f} s")
        lines.append(f"  {self.stories:>8} new stories {would}written")
        lines.append(f"  {self.again:>8} again (the story is in the lake)")
        if self.not_text:
            lines.append(f"  {self.not_text:>8} not text")
        lines.append(f"  {self.rejected:>8} rejected")
        if self.rejected_reasons:
            worst = sorted(self.rejected_reasons.items(), key=lambda each: (-each[1], each[0]))
            lines.append("           " + ", ".join(f"{reason} {number}" for reason, number in worst[:6]))
        return lines


def ingest(settings: Settings, progress: Progress | None = None) -> Report:
    """Takes what is new in the sources into the lake.

    Raises UsageError for a source that cannot be, LockedError, and WirelakeError where the disk is full, the lake is of a newer
    schema, or a run does not balance. What was committed before stays; the same call again goes on from there."""
    begun = time.monotonic()
    inputs = list(files.find(settings.sources))
    report = Report(inputs=len(inputs), dry_run=settings.dry_run)
    lake = local_lake(settings.lake)
    total, done = sum(each.weight for each in inputs), 0
    if progress:
        progress(0, total, f"{len(inputs)} inputs")
    ledger: Ledger | None = None
    with _plainly(lake):
        for chunk in _chunks(inputs):
            with _tables(lake, settings, report) as tables:
                if ledger is None or ledger.version != tables.version("deliveries"):
                    ledger = Ledger.read(tables, (each.uri for each in inputs))
                new = [each for each in map(ledger.looked_up, chunk) if each]
                report.already += len(chunk) - len(new)
                if new:
                    _one_run(tables, new, settings, report)
                    ledger = dataclasses.replace(ledger, version=tables.version("deliveries"))
            done += sum(each.weight for each in chunk)
            if progress:
                progress(done, total, f"{report.stories} stories")
            gc.collect()
            pa.default_memory_pool().release_unused()
    report.seconds = time.monotonic() - begun
    return report


@contextlib.contextmanager
def _tables(lake: Path, settings: Settings, report: Report) -> Iterator[Tables]:
    """The lake's tables for one run, under the lock, with what a dead run left finished. A dry run takes them as they are."""
    if settings.dry_run:
        yield Tables(lake)
        return
    with durable.locked(lake, settings.lock_wait):
        tables = Tables(lake)
        tables.create()
        report.recovered = recover(tables) or report.recovered
        yield tables


def _chunks(inputs: Iterable[Input]) -> Iterator[list[Input]]:
    chunk: list[Input] = []
    weight = 0
    for each in inputs:
        if chunk and (weight + each.weight > CHUNK_BYTES or len(chunk) >= CHUNK_INPUTS):
            yield chunk
            chunk, weight = [], 0
        chunk.append(each)
        weight += each.weight
    if chunk:
        yield chunk


def _one_run(tables: Tables, inputs: list[Input], settings: Settings, report: Report) -> None:
    """One round: stage, balance, commit. A dry run stages beside the lake's disk and leaves the lake as it is."""
    run, now = secrets.token_hex(16), dt.datetime.now(dt.UTC)
    staging = Path(tempfile.mkdtemp(prefix="wirelake-")) if settings.dry_run else staging_folder(tables.lake, run)
    staging.mkdir(parents=True, exist_ok=True)
    try:
        _run_pipeline(inputs, Round(run, now, str(staging), tables.lookup()), pipeline_options(settings))
        manifest = _manifest(staging)
        counts, reasons = balanced(manifest)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    report.add(counts, reasons)
    if counts["pieces"] and not settings.dry_run:
        parts = tuple(entry["part"] for entry in manifest if "part" in entry)
        commit(tables, Plan(run, "ingest", now, parts, tuple((each.uri, each.start, each.stop) for each in inputs), counts))
        report.runs.append(run)
    else:
        shutil.rmtree(staging, ignore_errors=True)


def _run_pipeline(inputs: list[Input], this: Round, options: PipelineOptions) -> None:
    pipeline = beam.Pipeline(options=options)
    build(pipeline, inputs, this)
    pipeline.run().wait_until_finish()


def _manifest(staging: Path) -> list[dict[str, Any]]:
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
    counts = {column: outcomes[outcome] for outcome, column in _OUTCOMES.items()}
    counts |= {"pieces": found["pieces"], "already": found["already"]}
    told = {
        "pieces found and deliveries": (found["pieces"], rows["deliveries"]),
        "deliveries of new stories and stories": (outcomes["story"], rows["stories"]),
        "stories and sketches": (rows["stories"], rows["sketches"]),
        "failed deliveries and rejections": (outcomes["rejected"] + outcomes["not_text"], rows["rejected"]),
    }
    for what, (one, other) in told.items():
        if one != other:
            raise WirelakeError(f"the run does not balance: {what} are {one} and {other}; nothing was written to the lake")
    reasons.pop("not_text", None)
    return counts, dict(reasons)


@dataclasses.dataclass(frozen=True)
class Ledger:
    """What `deliveries` has of the inputs of this call, at one version of that table."""

    version: int | None
    marks: frozenset[tuple[str, int, int | None, int | None, str | None]]
    digests: dict[tuple[str, int, int | None], tuple[str, ...]]

    @classmethod
    def read(cls, tables: Tables, uris: Iterable[str]) -> "Ledger":
        """Reads the ledger's rows of some inputs. What could not be read then is no knowledge: it is tried again."""
        columns = ["source_uri", "input_start", "input_stop", "input_size", "input_mark", "input_sha256"]
        version = tables.version("deliveries")
        if version is None:
            return cls(None, frozenset(), {})
        known = pc.field("source_uri").isin(list(set(uris))) & (pc.field("input_sha256").is_valid() | pc.field("input_mark").is_valid())
        rows = tables.dataset("deliveries").to_table(columns=columns, filter=known).group_by(columns).aggregate([])
        marks, digests = set(), collections.defaultdict(set)
        for uri, start, stop, size, mark, sha256 in zip(*(rows[name].to_pylist() for name in columns), strict=True):
            marks.add((uri, start, stop, size, mark))
            if sha256:
                digests[uri, start, stop].add(sha256)
        return cls(version, frozenset(marks), {key: tuple(sorted(found)) for key, found in digests.items()})

    def looked_up(self, each: Input) -> Input | None:
        """The input with what is known of its bytes; None where size and mark tell that the ledger has it."""
        if each.mark is not None and (each.uri, each.start, each.stop, each.size, each.mark) in self.marks:
            return None
        return dataclasses.replace(each, known_sha256=self.digests.get((each.uri, each.start, each.stop), ()))


@contextlib.contextmanager
def _plainly(lake: Path) -> Iterator[None]:
    """Turns what the disk says, through whatever engine, into one sentence."""
    try:
        yield
    except WirelakeError:
        raise
    except Exception as error:
        if any(isinstance(link, KeyboardInterrupt) or "KeyboardInterrupt" in str(link) for link in itertools.islice(_chain(error), 10)):
            raise KeyboardInterrupt from error  # engines wrap it as they wrap any error of a worker
        text = " ".join(str(link) for link in itertools.islice(_chain(error), 10))
        if any(sign in text for sign in ("No space left", "os error 28", "Disk quota")):
            raise WirelakeError(f"{lake}: the disk is full; make room and run again, what was committed is safe") from error
        if any(sign in text for sign in ("Permission denied", "Read-only file system", "Not a directory", "File exists")):
            raise WirelakeError(f"{lake}: may not be written to; check that it is a folder, its owner, mode and mount") from error
        raise


def _chain(error: BaseException) -> Iterator[BaseException]:
    link: BaseException | None = error
    while link is not None:
        yield link
        link = link.__cause__ or link.__context__
