"""The ledger of inputs: what `deliveries` has of them."""

import collections
import dataclasses
import datetime as dt
import functools
import hashlib
from collections.abc import Iterable

import pyarrow.compute as pc

from pipelines.lake.tables import Tables
from pipelines.sources.inputs import Input
from schemas import Row
from transforms.part_index import look_up

MESSAGE_DAYS = 30
"""How long a message can come again: brokers keep none for longer than this that was not acknowledged (Pub/Sub 31 days at most, 7 by
default; Kafka goes by its own offsets)."""

_COLUMNS = ["source_uri", "message_id", "input_start", "input_stop", "input_size", "input_mark", "input_sha256"]

_Slice = tuple[str, str | None, int, int | None]
"""URI, message id, start and stop."""


@dataclasses.dataclass(frozen=True)
class Ledger:
    """What is known of some inputs."""

    marks: frozenset[tuple[_Slice, int | None, str | None]]
    digests: dict[_Slice, tuple[str, ...]]

    @classmethod
    def read(cls, tables: Tables, uris: Iterable[str]) -> "Ledger":
        """Everything of some URIs, by one pass over the table: for an ingest of many files."""
        if "deliveries" not in tables.names():
            return cls(frozenset(), {})
        known = pc.field("source_uri").isin(list(set(uris))) & (pc.field("input_sha256").is_valid() | pc.field("input_mark").is_valid())
        rows = tables.dataset("deliveries").to_table(columns=_COLUMNS, filter=known).group_by(_COLUMNS).aggregate([])
        return cls._of(rows.to_pylist())

    @classmethod
    def look_up(cls, tables: Tables, inputs: Iterable[Input], today: dt.date) -> "Ledger":
        """Everything of some inputs, by the keys that the process holds: for rounds of a few inputs. Messages are looked for in the
        last `MESSAGE_DAYS`, files always."""
        messages, files = set(), set()
        for each in inputs:
            if each.message_id is None:
                files.add(each.uri)
            else:
                messages.add(each.message_id)
        parts = tables.by_partition("deliveries", "received_on")
        since = (today - dt.timedelta(days=MESSAGE_DAYS)).isoformat()
        late = [paths for day, paths in sorted(parts.items()) if day >= since]
        rows = look_up("deliveries", late, "message_id", messages, _COLUMNS)
        rows += look_up("deliveries", parts.values(), "source_uri", files, _COLUMNS)
        return cls._of(rows)

    @classmethod
    def _of(cls, rows: list[Row]) -> "Ledger":
        """What could not be read then is no knowledge: it is tried again."""
        marks, digests = set(), collections.defaultdict(set)
        for uri, message_id, start, stop, size, mark, sha256 in ([row[name] for name in _COLUMNS] for row in rows):
            marks.add(((uri, message_id, start, stop), size, mark))
            if sha256:
                digests[uri, message_id, start, stop].add(sha256)
        return cls(frozenset(marks), {key: tuple(sorted(found)) for key, found in digests.items()})

    def has_parts_of(self, each: Input) -> bool:
        """Whether slices of an input were taken that is not cut now."""
        return each.stop is None and each.mark is not None and (each.uri, each.size, each.mark) in self._cut

    @functools.cached_property
    def _cut(self) -> frozenset[tuple[str, int | None, str | None]]:
        return frozenset((uri, size, mark) for (uri, _, _, stop), size, mark in self.marks if stop is not None)

    def looked_up(self, each: Input) -> Input | None:
        """The input with what is known of its bytes; None where the ledger has it, or all of its file: by size and mark, or a message by
        its bytes."""
        place = (each.uri, each.message_id, each.start, each.stop)
        known = self.digests.get(place, ())
        whole = (each.uri, each.message_id, 0, None)
        if each.mark is not None and not {(place, each.size, each.mark), (whole, each.size, each.mark)}.isdisjoint(self.marks):
            return None
        if known and each.data is not None and hashlib.sha256(each.data).hexdigest() in known:
            return None
        return dataclasses.replace(each, known_sha256=known)
