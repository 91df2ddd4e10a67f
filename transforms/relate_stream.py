"""RelateStream: duplicates, versions and kills in an unbounded pipeline, by keyed state. The decisions are those of the batch form."""

import collections
import dataclasses
import datetime as dt
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import apache_beam as beam
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from apache_beam.coders import BytesCoder, StrUtf8Coder, TupleCoder, VarIntCoder
from apache_beam.transforms.timeutil import TimeDomain
from apache_beam.transforms.userstate import BagStateSpec, ReadModifyWriteStateSpec, TimerSpec, on_timer
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.timestamp import MAX_TIMESTAMP, Timestamp
from apache_beam.utils.windowed_value import WindowedValue

from schemas import TABLES, Row, decode, encode, stream
from transforms.batch_rows import Rows
from transforms.clusters import Clusters, Facts
from transforms.fn import Fn
from transforms.metrics import count
from transforms.neighbours import SKETCHES, Neighbours, integers, once, sketch_table
from transforms.text.relations import DAY, WINDOW

_PAIRS = pa.schema([("one", pa.string()), ("other", pa.string())])
_SCHEMAS = {
    **{name: TABLES[name].arrow_schema() for name in ("ids", "notices")},
    "sketches": SKETCHES,
    "same": _PAIRS,
    "held": _PAIRS,
}

_Keyed = tuple[str, list[tuple[str, bytes]]]
"""A key with buffers of rows, each with the name of its schema: the rows of a bundle."""

TURN = "turn"
"""The key of a row that tells which of two rows of a story is newer; no column."""


@dataclasses.dataclass(eq=False)
class RelateStream(beam.PTransform):
    """Elements, with what makes rows of `ids`, `sketches` and `notices` of the new stories in them, to (table, row): `ids` with their
    clusters, `states` for a story as it stands at its arrival, `updates`, with their new `ids`, for earlier ones whose place changed. Each
    row has a `turn` beside its columns, which grows: of several rows of a story in a table the one with the greatest wins. For the global
    window. Elements that come again change nothing.

    First, pairs. Each sketch goes to the shards of its keys, and each shard compares what comes with what it holds. A shard drops a sketch
    when the watermark has passed the later of its story's time and its own timestamp by all that a neighbour may be away (the window, and
    a day for each of the two that is known by the day alone) and may come late; so its state is bounded by what is published in some six
    days. Then, clusters. Chains, links and kills by guid know no limit of time, so this step forgets nothing. It is one step under one key,
    that of the commit: its state holds each story's row of `ids` and its sketch, each notice and each pair once, some 1.2 KB a story, and
    is bounded by the number of stories alone.

    A story that comes later than `lateness` after its time still meets all of its chain, its equal texts and its kills, and of its
    neighbours those that came lately."""

    run: str
    rows: Rows
    lateness: dt.timedelta
    """How long after its time of publication a story may come, by the watermark."""
    shards: int = 1024
    """Among which keys are shared out: with more, less is read for each story; with fewer, a bundle makes fewer elements."""

    def expand(self, stories: beam.PCollection[Any]) -> beam.PCollection[tuple[str, Row]]:
        """Wires both steps."""
        facts = stories | "GatherFacts" >> _gather(self.rows, _one_key)
        sketches = stories | "SpreadSketches" >> _gather(self.rows, _Shards(self.shards))
        pairs = sketches | "Compare" >> beam.ParDo(_Compare(self.shards, self.lateness)).with_output_types(_Keyed)
        return (facts, pairs) | "Facts" >> beam.Flatten() | "Decide" >> beam.ParDo(_Decide(self.run))


def _one_key(_kind: str, _row: Row) -> Iterable[str]:
    return ("",)


@dataclasses.dataclass(frozen=True)
class _Shards:
    shards: int

    def __call__(self, kind: str, row: Row) -> Iterable[str]:
        keys = np.frombuffer(row["keys"] or b"", "<u4") if kind == "sketches" else ()
        return {str(key % self.shards) for key in np.asarray(keys).tolist()}


def _gather(rows: Rows, keys: Callable[[str, Row], Iterable[str]]) -> beam.ParDo:
    return beam.ParDo(_Gather(rows, keys)).with_output_types(_Keyed)


class _Gather(Fn):
    """The rows of a bundle by key, at the time of the earliest element: a bundle of a busy feed holds many stories."""

    def __init__(self, rows: Rows, keys: Callable[[str, Row], Iterable[str]]) -> None:
        self._rows, self._keys = rows, keys
        self._held: dict[str, dict[str, list[Row]]] = {}
        self._time = MAX_TIMESTAMP

    def start_bundle(self) -> None:
        self._held, self._time = {}, MAX_TIMESTAMP

    def process(self, element: Any, timestamp: Timestamp = beam.DoFn.TimestampParam) -> None:
        self._time = min(self._time, timestamp)
        for kind, row in self._rows(element):
            for key in self._keys(kind, row):
                self._held.setdefault(key, {}).setdefault(kind, []).append(row)

    def finish_bundle(self) -> Iterator[WindowedValue]:
        for key, kinds in self._held.items():
            buffers = [(kind, encode(rows, _SCHEMAS[kind])) for kind, rows in kinds.items()]
            yield WindowedValue((key, buffers), self._time, [GlobalWindow()])
        self._held = {}


_UNTIL = pa.field("until", pa.int64())
_HELD = SKETCHES.append(_UNTIL)
"""What a shard holds: sketches, and until when (microseconds since 1970, by the watermark)."""

_MICROSECOND = dt.timedelta(microseconds=1)
_EVERY = dt.timedelta(days=1) // _MICROSECOND
"""How often a shard looks for what to drop: then it is rewritten."""

_LOOSE = 32
"""Buffers of a shard from which on they are put together."""

_END: int = GlobalWindow().max_timestamp().micros


class _Compare(beam.DoFn):
    """A shard's sketches to pairs, each of which other shards may find as well."""

    SEEN = beam.DoFn.StateParam(BagStateSpec("seen", BytesCoder()))
    DUE = beam.DoFn.StateParam(ReadModifyWriteStateSpec("due", VarIntCoder()))
    TIMER = TimerSpec("expiry", TimeDomain.WATERMARK)
    EXPIRY = beam.DoFn.TimerParam(TIMER)

    def __init__(self, shards: int, lateness: dt.timedelta) -> None:
        self._shards = shards
        self._reach = (WINDOW + 2 * DAY + lateness) // _MICROSECOND

    def process(
        self,
        element: _Keyed,
        timestamp: Timestamp = beam.DoFn.TimestampParam,
        seen: Any = SEEN,
        due: Any = DUE,
        expiry: Any = EXPIRY,
    ) -> Iterator[_Keyed]:
        shard, came = element
        buffers = list(seen.read())
        held = decode(buffers) if buffers else _HELD.empty_table()
        fresh = _others(once(decode(buffer for _, buffer in came)), held)
        if not len(fresh):
            return
        near_by = pa.concat_tables([self._sharing(held, fresh, int(shard)).select(SKETCHES.names), fresh])
        new = set(fresh["story_id"].to_pylist())
        same, holding = Neighbours.of(near_by).related(new) if len(near_by) > 1 else ((), ())
        if same or holding:
            yield "", [(kind, _pair_buffer(pairs)) for kind, pairs in (("same", same), ("held", holding)) if pairs]
        times = np.maximum(fresh["published_at"].cast(pa.int64()).to_numpy(), timestamp.micros)
        until = np.minimum(times, _END - self._reach) + self._reach
        kept = fresh.append_column(_UNTIL, pa.array(until))
        if len(buffers) >= _LOOSE:
            seen.clear()
            kept = pa.concat_tables([held, kept])
        seen.add(_buffer(kept))
        _look_again(int(until.min()), due, expiry)

    def _sharing(self, held: pa.Table, fresh: pa.Table, shard: int) -> pa.Table:
        """What is held that shares a key of this shard with something fresh."""
        wanted, _ = integers(fresh["keys"])
        values, sizes = integers(held["keys"])
        hits = np.isin(values, wanted[wanted % self._shards == shard])
        return held.take(pa.array(np.unique(np.repeat(np.arange(len(held)), sizes)[hits])))

    @on_timer(TIMER)
    def expire(
        self,
        seen: Any = SEEN,
        due: Any = DUE,
        expiry: Any = EXPIRY,
    ) -> None:
        """Drops what no story can reach any more."""
        now, held = due.read(), decode(seen.read())
        left = held.filter(pc.greater(held["until"], now))
        count("RelateStream", "dropped", len(held) - len(left))
        seen.clear()
        due.clear()
        if len(left):
            seen.add(_buffer(left))
            _look_again(pc.min(left["until"]).as_py(), due, expiry)


def _look_again(until: int, due: Any, expiry: Any) -> None:
    """Sets a shard's timer for the first that is to be dropped. A timer that each element pushes on would never fire in a shard to which
    something always comes; this one is pushed on by what is left when it has fired."""
    first = min(-(-until // _EVERY) * _EVERY, _END)
    planned = due.read()
    if planned is None or first < planned:
        due.write(first)
        expiry.set(Timestamp(micros=first))


def _others(sketches: pa.Table, held: pa.Table) -> pa.Table:
    known = pc.is_in(sketches["story_id"], held["story_id"].combine_chunks())
    return sketches.filter(pc.invert(known))


def _buffer(table: pa.Table) -> bytes:
    return stream(table.combine_chunks()).to_pybytes()


def _pair_buffer(pairs: Sequence[tuple[str, str]]) -> bytes:
    return encode([{"one": one, "other": other} for one, other in pairs], _PAIRS)


_PACK = 256
"""Turns after which the buffers of the facts that came in them are put together."""


class _Decide(beam.DoFn):
    """Facts to what follows from them. The state is a log of the facts; a process keeps what it makes of them, and makes it anew where the
    state is not the one that it left: after a restart, a move to another worker or a bundle that failed."""

    _FACT = TupleCoder((StrUtf8Coder(), BytesCoder()))
    LOOSE = beam.DoFn.StateParam(BagStateSpec("loose", _FACT))
    PACKED = beam.DoFn.StateParam(BagStateSpec("packed", _FACT))
    LEFT = beam.DoFn.StateParam(ReadModifyWriteStateSpec("left", TupleCoder((VarIntCoder(), StrUtf8Coder()))))

    def __init__(self, run: str) -> None:
        self._run = run
        self._clusters = Clusters(run)
        self._left: tuple[int, str] | None = None

    def process(
        self,
        element: _Keyed,
        loose: Any = LOOSE,
        packed: Any = PACKED,
        left: Any = LEFT,
    ) -> Iterator[tuple[str, Row]]:
        state = left.read()
        if state is None or state != self._left:
            self._clusters = Clusters(self._run)
            self._clusters.take(_facts([*packed.read(), *loose.read()]))
        self._left = None  # what fails from here on may have taken half
        new, rows = self._clusters.take(_facts(element[1]))
        turn = state[0] + 1 if state else 1
        for kind, buffer in _fact_buffers(new):
            loose.add((kind, buffer))
        if turn % _PACK == 0:
            for each in _together(loose.read()):
                packed.add(each)
            loose.clear()
        self._left = (turn, secrets.token_hex(8))
        left.write(self._left)
        for table, row in rows:
            yield table, {**row, TURN: turn}


def _tables(buffers: Iterable[tuple[str, bytes]]) -> dict[str, pa.Table]:
    kinds: dict[str, list[bytes]] = collections.defaultdict(list)
    for kind, buffer in buffers:
        kinds[kind].append(buffer)
    return {kind: decode(held) for kind, held in kinds.items()}


def _together(buffers: Iterable[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    return [(kind, _buffer(table)) for kind, table in _tables(buffers).items()]


def _facts(buffers: Iterable[tuple[str, bytes]]) -> Facts:
    rows = {kind: table.to_pylist() for kind, table in _tables(buffers).items()}
    for kind in rows.keys() & {"same", "held"}:
        rows[kind] = [(row["one"], row["other"]) for row in rows[kind]]
    return Facts(**rows)


def _fact_buffers(facts: Facts) -> Iterator[tuple[str, bytes]]:
    for kind in ("ids", "notices"):
        if rows := getattr(facts, kind):
            yield kind, encode(rows, _SCHEMAS[kind])
    if facts.sketches:
        yield "sketches", _buffer(sketch_table(facts.sketches))
    for kind in ("same", "held"):
        if pairs := getattr(facts, kind):
            yield kind, _pair_buffer(pairs)
