"""What a run did, for a monitoring system: `metrics.json`, and `wirelake.prom` in Prometheus' text format 0.0.4.

The second is for the textfile collector of Prometheus' node_exporter. Counters are sums over `runs`, a table that only grows: they go on
where they were after a restart, in whatever process, and never fall. Why pieces were rejected is not in `runs`, so that is a gauge of the
last run alone."""

import collections
import dataclasses
import datetime as dt
import typing
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pipelines.forms import json_line
from pipelines.lake.durable import write_whole
from pipelines.lake.place import Folder
from schemas import Run

FOLDER = "_metrics"
"""The folder in the lake that the two files are written to."""

JSON_FILE, PROM_FILE = "metrics.json", "wirelake.prom"

_KINDS = typing.get_args(Run.model_fields["kind"].annotation)
OUTCOMES = {"story": "stories", "again": "again", "rejected": "rejected", "not_text": "not_text"}
"""From the outcome of a delivery to the name of its count."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Counts:
    """Counts as `runs` has them; see `schemas.Run`."""

    pieces: int = 0
    stories: int = 0
    again: int = 0
    rejected: int = 0
    not_text: int = 0
    already: int = 0
    other_date: int = 0
    late: int = 0


COUNTS = tuple(field.name for field in dataclasses.fields(_Counts))
"""Names of the counts, the same in `Measured`, `Totals` and the table `runs`."""

NO_PIECES = dict.fromkeys(COUNTS, 0)
"""The counts of a run that takes nothing in."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Measured(_Counts):
    """One finished run. `kind` is that of `runs`; `seconds` is from its start to the end of its commit."""

    run: str
    number: int
    kind: str
    started_at: dt.datetime
    seconds: float
    rejected_reasons: Mapping[str, int] = dataclasses.field(default_factory=dict)
    """Rejected pieces by reason."""
    parts_written: int = 0
    parts_retired: int = 0
    """Parts that others took the place of."""
    bytes_written: int = 0
    oldest: dt.date | None = None
    """The least date of publication of its new stories; null without a story."""
    newest: dt.date | None = None

    @property
    def stories_per_second(self) -> float:
        """New stories by the time of the run."""
        return self.stories / self.seconds if self.seconds > 0 else 0.0


@dataclasses.dataclass(frozen=True, kw_only=True)
class Totals(_Counts):
    """All runs of a lake: their counts summed, how many there were of each kind, and when the last of each ended."""

    runs: Mapping[str, int] = dataclasses.field(default_factory=dict)
    last_at: Mapping[str, dt.datetime] = dataclasses.field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Any]]) -> "Totals":
        """The sum of rows of `runs`, in any order; a null count is 0. `plan` and `run` need not be there."""
        counts: collections.Counter[str] = collections.Counter()
        runs: collections.Counter[str] = collections.Counter()
        last_at: dict[str, dt.datetime] = {}
        for row in rows:
            counts.update({name: row[name] or 0 for name in COUNTS})
            runs[row["kind"]] += 1
            last_at[row["kind"]] = max(row["claimed_at"], last_at.get(row["kind"], row["claimed_at"]))
        return cls(**counts, runs=dict(runs), last_at=last_at)

    def plus(self, run: Measured) -> "Totals":
        """The sum with one more run: a process that goes on reads `runs` once."""
        return Totals(
            **{name: getattr(self, name) + getattr(run, name) for name in COUNTS},
            runs={**self.runs, run.kind: self.runs.get(run.kind, 0) + 1},
            last_at={**self.last_at, run.kind: run.started_at + dt.timedelta(seconds=run.seconds)},
        )


def write(folder: Folder, last: Measured, totals: Totals, now: dt.datetime) -> None:
    """Replaces both files at once each: a reader sees the old or the new, never a half. `totals` has `last` in it.

    Raises OSError. What is there is rewritten by the next run: it is not forced to disk."""
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / JSON_FILE, json_text(last, totals, now).encode())
    write_whole(folder / PROM_FILE, prom_text(last, totals).encode())  # the collector reads every `*.prom` that is not hidden


def json_text(last: Measured, totals: Totals, now: dt.datetime) -> str:
    """`{"last": ..., "totals": ..., "written_at": ...}` in one line, with the names of the fields; times are ISO 8601 in UTC."""
    return json_line({"last": dataclasses.asdict(last), "totals": dataclasses.asdict(totals), "written_at": now}) + "\n"


def prom_text(last: Measured, totals: Totals) -> str:
    """The samples in Prometheus' text format, each family with its HELP and TYPE."""
    return "".join(f"{line}\n" for family in _families(last, totals) for line in family.lines())


@dataclasses.dataclass(frozen=True)
class _Family:
    name: str
    kind: str
    help: str
    samples: Mapping[str, float]
    """By the value of the one label `label`; by an empty text where it has none."""
    label: str = ""

    def lines(self) -> Iterator[str]:
        if self.samples:
            yield f"# HELP {self.name} {_escaped(self.help)}"
            yield f"# TYPE {self.name} {self.kind}"
        for value, sample in self.samples.items():
            label = f'{{{self.label}="{_escaped(value, quoted=True)}"}}' if self.label else ""
            yield f"{self.name}{label} {sample!r}"


def _escaped(text: str, *, quoted: bool = False) -> str:
    text = text.replace("\\", "\\\\").replace("\n", "\\n")
    return text.replace('"', '\\"') if quoted else text


def _families(last: Measured, totals: Totals) -> Iterator[_Family]:
    kinds = dict.fromkeys([*_KINDS, *totals.runs])
    outcomes = {outcome: getattr(totals, name) for outcome, name in OUTCOMES.items()}
    ended = {kind: moment.timestamp() for kind, moment in totals.last_at.items()}
    yield _Family("wirelake_runs_total", "counter", "Runs in the lake.", {kind: totals.runs.get(kind, 0) for kind in kinds}, "kind")
    yield _Family("wirelake_pieces_total", "counter", "Pieces found in inputs, by what became of them.", outcomes, "outcome")
    yield _counter("wirelake_already_total", "Inputs that were read and found to be in the lake.", totals.already)
    yield _counter("wirelake_other_date_total", "Pieces that a run for one date left as they are.", totals.other_date)
    yield _counter(
        "wirelake_late_stories_total",
        "New stories published before the day before they came: that day was merged and reported on, perhaps.",
        totals.late,
    )
    yield _gauge("wirelake_last_run_timestamp_seconds", "When the last run of each kind ended, since 1970.", ended)
    yield _Family("wirelake_last_run_number", "gauge", "The number of the last run.", {"": last.number})
    yield _gauge("wirelake_last_run_duration_seconds", "How long the last run took.", {last.kind: last.seconds})
    yield _gauge("wirelake_last_run_stories_per_second", "New stories of the last run by its time.", {last.kind: last.stories_per_second})
    reasons = dict(sorted(last.rejected_reasons.items()))
    yield _Family("wirelake_last_run_rejected_pieces", "gauge", "Pieces that the last run rejected, by reason.", reasons, "reason")


def _counter(name: str, text: str, sample: int) -> _Family:
    return _Family(name, "counter", text, {"": sample})


def _gauge(name: str, text: str, samples: Mapping[str, float]) -> _Family:
    return _Family(name, "gauge", text, samples, "kind")
