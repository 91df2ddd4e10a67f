"""Stories rebuilt with today's code from the bytes that the lake kept, one run for each day of receipt."""

import datetime as dt
import functools
import time
from collections.abc import Iterator

from pipelines.errors import UsageError, plainly
from pipelines.lake.place import lake_at
from pipelines.lake.tables import Tables
from pipelines.options import Settings, days
from pipelines.replace import Replacing
from pipelines.rounds import Rounds
from pipelines.runs import Progress, Report, grouped
from pipelines.sources.kept import Kept
from schemas import Row
from transforms import store
from transforms.part_index import look_up

DAY_BYTES = 16 * 2**20
"""A day of receipt with more bytes than this takes several runs, so that memory stays what one of them needs."""

_ITEM = ("source_uri", "place", "message_id", "sha256")
_LEDGER = ["delivery_id", "outcome", "story_id", "source_uri", "place", "message_id", "raw_sha256"]


def reprocess(settings: Settings, first: dt.date, last: dt.date, progress: Progress | None = None) -> Report:
    """Rebuilds what came in from `first` to `last` (dates of receipt, UTC). What was kept of an item replaces all that its deliveries left,
    under the same delivery ids; items without kept bytes stay as they are.

    Raises UsageError where the lake has no kept bytes of these days, and as `runs.ingest` does otherwise."""
    begun = time.monotonic()
    report = Report(dry_run=settings.dry_run)
    lake = lake_at(settings.lake)
    rounds = Rounds(lake, settings, "reprocess")
    dates = days(first, last)
    with plainly(lake):
        for done, day in enumerate(dates, 1):
            for items in _rounds_of(rounds, day):
                report.join(rounds.take(functools.partial(_take, rounds, items, day)))
            if progress:
                progress(done, len(dates), f"{day}: {report.stories} stories")
    if not report.inputs:
        raise UsageError(
            f"{lake}: no bytes are kept of what came from {first} to {last}; `watch` keeps those of messages, `--keep-raw` those of files"
        )
    report.recovered = rounds.recovered
    report.seconds = time.monotonic() - begun
    return report


_Item = tuple[str, str, str | None, str]


def _rounds_of(rounds: Rounds, day: dt.date) -> Iterator[frozenset[_Item]]:
    """Items kept on a day, in groups that one run takes."""
    with rounds.turn() as tables:
        sizes = {item: size for path in _raw(tables, day) for item, size in _items(path)}
    yield from map(frozenset, grouped(sizes.items(), DAY_BYTES))


def _raw(tables: Tables, day: dt.date) -> tuple[str, ...]:
    return tables.by_partition("raw", "received_on").get(day.isoformat(), ())


def _items(path: str) -> Iterator[tuple[_Item, int]]:
    """Each row of a part of `raw`: its item, and about how many bytes that is."""
    with store.parquet(path) as part:
        names = [name for name in (*_ITEM, "data") if name in part.schema_arrow.names]
        for batch in part.iter_batches(batch_size=256, columns=names):
            for row in batch.to_pylist():
                yield tuple(row.get(name) for name in _ITEM), len(row["data"])


def _take(rounds: Rounds, items: frozenset[_Item], day: dt.date, tables: Tables) -> Report:
    """One run over some items of a day, as far as they are still there."""
    kept, seen = [], set()
    for path in _raw(tables, day):
        rows = []
        for number, (item, _) in enumerate(_items(path)):
            if item in items and item not in seen:
                seen.add(item)
                rows.append(number)
        if rows:
            kept.append(Kept(path, tuple(rows)))
    report = Report(inputs=len(seen))
    if kept:
        report.add(rounds.run(tables, kept, Replacing.of(_left_by(tables, seen, day), tables.lookup())))
    return report


def _left_by(tables: Tables, items: set[_Item], day: dt.date) -> list[Row]:
    """The deliveries of some items."""
    ledger = tables.by_partition("deliveries", "received_on").get(day.isoformat(), ())
    rows = look_up("deliveries", [ledger], "source_uri", {item[0] for item in items}, _LEDGER)
    return [row for row in rows if (row["source_uri"], row["place"], row["message_id"], row["raw_sha256"]) in items]
