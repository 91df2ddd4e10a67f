"""Runs: which inputs are new, in chunks of bounded size, each one round of the pipeline that is balanced and committed."""

import collections
import dataclasses
import functools
import math
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from apache_beam.io.filesystems import FileSystems

from pipelines import memory
from pipelines.errors import plainly
from pipelines.lake.place import lake_at
from pipelines.lake.tables import RUNS, Tables
from pipelines.ledger import Ledger
from pipelines.options import Settings, pipeline_options
from pipelines.rounds import Done, Rounds
from pipelines.sources import files
from pipelines.sources.inputs import Input
from transforms.text.formats.pieces import PURGED

CHUNK_BYTES = files.SLICE_BYTES
"""Unpacked bytes of one run: memory stays what this takes, however large the whole input is."""

CHUNK_INPUTS = 5_000

ENGINE_BYTES, ENGINE_INPUTS = 2**30, 100_000
"""The same on an engine, whose job takes half a minute to start and is spread over workers: no worker holds more of it than a lot, a bucket
of `ids` or a part."""

_Each = TypeVar("_Each")

Progress = Callable[[int, int, str], None]
"""Called with bytes done, bytes in all, and a word on what is at work."""


@dataclasses.dataclass
class Report:
    """What an ingest did: pieces by outcome, inputs that were taken before (`already`), its runs, its time in seconds."""

    pieces: int = 0
    stories: int = 0
    again: int = 0
    rejected: int = 0
    not_text: int = 0
    already: int = 0
    other_date: int = 0
    late: int = 0
    inputs: int = 0
    runs: list[str] = dataclasses.field(default_factory=list)
    rejected_reasons: dict[str, int] = dataclasses.field(default_factory=dict)
    recovered: int | None = None
    seconds: float = 0.0
    dry_run: bool = False

    def add(self, done: Done) -> None:
        """Counts one more run in."""
        report = Report(rejected_reasons=done.reasons, runs=[] if done.number is None else [done.run])
        for name, number in done.counts.items():
            setattr(report, name, number)
        self.join(report)

    def join(self, other: "Report") -> None:
        """Counts what another report counts in."""
        for field in dataclasses.fields(self):
            if field.type is int:
                setattr(self, field.name, getattr(self, field.name) + getattr(other, field.name))
        self.rejected_reasons = dict(collections.Counter(self.rejected_reasons) + collections.Counter(other.rejected_reasons))
        self.runs += other.runs

    @property
    def rejected_share(self) -> float:
        """Rejected pieces among all that were found; pictures and the like are not rejected, and what was purged is kept out on purpose."""
        return (self.rejected - self.rejected_reasons.get(PURGED, 0)) / self.pieces if self.pieces else 0.0

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
        found = f"{_counted(self.pieces, 'piece')} found in {self.seconds:.1f} s"
        lines.append(f"{_counted(self.inputs, 'input')}, {self.already} of them taken before; {found}")
        lines.append(f"  {self.stories:>8} new stories {would}written")
        lines.append(f"  {self.again:>8} again (the story is in the lake)")
        if self.other_date:
            lines.append(f"  {self.other_date:>8} of other dates, left as they are")
        if self.not_text:
            lines.append(f"  {self.not_text:>8} not text")
        lines.append(f"  {self.rejected:>8} rejected")
        if self.rejected_reasons:
            worst = sorted(self.rejected_reasons.items(), key=lambda each: (-each[1], each[0]))
            rest = sum(number for _, number in worst[6:])
            lines.append(
                "           " + ", ".join(f"{reason} {number}" for reason, number in [*worst[:6], *([("others", rest)] if rest else [])])
            )
        return lines


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


Take = Callable[[Rounds, list[Input], Tables], Report]
"""What becomes of one chunk of inputs, on the tables of its turn; `inputs` of its report are those that it found more."""


def ingest(settings: Settings, progress: Progress | None = None) -> Report:
    """Takes what is new in the sources into the lake.

    Raises UsageError for a source that cannot be, LockedError, and WirelakeError where the disk is full, the lake is of a newer
    schema, or a run does not balance. What was committed before stays; the same call again goes on from there."""
    inputs = inputs_of(settings, whole_gzip=not settings.in_process)
    ledger: Ledger | None = None
    read_at = 0

    def take(rounds: Rounds, chunk: list[Input], tables: Tables) -> Report:
        nonlocal ledger, read_at
        if ledger is None or tables.done(RUNS) != read_at:
            ledger, read_at = Ledger.read(tables, (each.uri for each in inputs)), tables.done(RUNS)
        parts = [part for each in chunk for part in (files.slices(each) if ledger.has_parts_of(each) else [each])]
        new = [each for each in map(ledger.looked_up, parts) if each]
        report = Report(inputs=len(parts) - len(chunk), already=len(parts) - len(new))
        if new:
            done = rounds.run(tables, new)
            report.add(done)
            read_at = done.number or read_at  # of these inputs nobody asks again
        return report

    return chunk_by_chunk(settings, inputs, take, progress, most=None if settings.in_process else (ENGINE_BYTES, ENGINE_INPUTS))


def inputs_of(settings: Settings, *, whole_gzip: bool = False) -> list[Input]:
    """All inputs of the sources, as `files.find` gives them. Raises as it does."""
    # As for the lake (see `Rounds`).
    FileSystems.set_options(pipeline_options(settings))
    return list(files.find(settings.sources, whole_gzip=whole_gzip))


def chunk_by_chunk(
    settings: Settings,
    inputs: list[Input],
    take: Take,
    progress: Progress | None,
    label: str = "",
    most: tuple[int, int] | None = None,
) -> Report:
    """Inputs through `take` in chunks of bounded size (`most` bytes and inputs; of a run in the process, where it is not said), each under
    the lock; `label` stands before the count that `progress` is told. Raises what `take` raises; what was committed before stays."""
    begun = time.monotonic()
    report = Report(inputs=len(inputs), dry_run=settings.dry_run)
    lake = lake_at(settings.lake)
    total, done = sum(each.weight for each in inputs), 0
    if progress:
        progress(0, total, f"{label}{len(inputs)} inputs")
    rounds = Rounds(lake, settings, "ingest")
    with plainly(lake):
        for chunk in grouped(((each, each.weight) for each in inputs), *(most or (CHUNK_BYTES, CHUNK_INPUTS))):
            report.join(rounds.take(functools.partial(take, rounds, chunk)))
            report.recovered = rounds.recovered
            done += sum(each.weight for each in chunk)
            if progress:
                progress(done, total, f"{label}{report.stories} stories")
            memory.give_back(for_good=True)
    report.seconds = time.monotonic() - begun
    return report


def grouped(weighed: Iterable[tuple[_Each, int]], most_bytes: int, most: float = math.inf) -> Iterator[list[_Each]]:
    """Things with their bytes in groups that one run takes: bounded by their bytes and their number, never empty."""
    group: list[_Each] = []
    weight = 0
    for each, size in weighed:
        if group and (weight + size > most_bytes or len(group) >= most):
            yield group
            group, weight = [], 0
        group.append(each)
        weight += size
    if group:
        yield group
