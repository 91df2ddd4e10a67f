"""Every run leaves its figures beside the lake's tables, for a monitoring system."""

import contextlib
import datetime as dt
from collections.abc import Mapping

from pipelines import metrics
from pipelines.lake.commit import Plan
from pipelines.lake.tables import RUNS, Tables
from pipelines.metrics import COUNTS, Measured, Totals


class Recorder:
    """Writes the metrics of the runs of one process. Sums over older runs are read once, and again where others ran meanwhile."""

    def __init__(self) -> None:
        self._totals: Totals | None = None
        self._number = 0

    def record(self, tables: Tables, plan: Plan, number: int, seconds: float, reasons: Mapping[str, int] | None = None) -> None:
        """Writes what a committed run did. A disk that is full now does not undo the run: then the old figures stay."""
        dates = sorted(dt.date.fromisoformat(part["partition"]["date"]) for part in plan.parts if part["table"] == "stories")
        run = Measured(
            **plan.counts,
            run=plan.run,
            number=number,
            kind=plan.kind,
            started_at=plan.started_at,
            seconds=seconds,
            rejected_reasons=reasons or {},
            parts_written=len(plan.parts),
            parts_retired=len(plan.retired),
            bytes_written=sum(part["size"] for part in plan.parts),
            oldest=dates[0] if dates else None,
            newest=dates[-1] if dates else None,
        )
        if self._totals and self._number == number - 1:
            self._totals = self._totals.plus(run)
        else:
            rows = tables.dataset(RUNS).to_table(columns=["kind", "claimed_at", *COUNTS])
            self._totals = Totals.of(rows.to_pylist())
        self._number = number
        with contextlib.suppress(OSError):
            metrics.write(tables.lake / metrics.FOLDER, run, self._totals, dt.datetime.now(dt.UTC))
