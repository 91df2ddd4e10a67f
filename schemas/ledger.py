"""What came in and what became of it: raw items, deliveries, rejections, runs."""

import datetime as dt
from typing import ClassVar, Literal

from schemas.base import Contract, HexId, Instant

Outcome = Literal["story", "again", "rejected", "not_text"]
Stage = Literal["read", "parse", "clean", "deduplicate", "annotate", "write", "purge"]
Sha256 = str


class Origin(Contract):
    """Where bytes came from. `source_uri` and `place` together name one item for good."""

    source_uri: str
    place: str = ""
    """Where in the input: `` for a whole file, `inner/name.txt` in a zip, `@1048` for the line at that byte, joined by `!`."""
    input_start: int = 0
    """Where the slice of the input that held it begins (bytes of a line file, members of a zip); large inputs are read in slices."""
    input_stop: int | None = None
    input_size: int | None = None
    input_mark: str | None = None
    """Modification time (local file) or etag: with the size, what tells a changed input without reading it."""
    input_sha256: Sha256 | None = None
    """Of the slice as it was stored."""
    message_id: str | None = None
    """A message's id at its broker: for Pub/Sub the broker's own, for Kafka `partition:offset`."""
    ordering_key: str | None = None
    """Pub/Sub's ordering key, Kafka's key."""
    attributes: str | None = None
    """JSON object: a message's attributes (Pub/Sub) or headers (Kafka)."""
    received_at: Instant


class RawItem(Contract):
    """Bytes for one parser: a whole file, one member of a zip, one line of a line file, one message."""

    origin: Origin
    data: bytes
    sha256: Sha256 | None = None
    """Of the bytes as they came, where `data` was kept since without some of them; null where it is that of `data`."""


class Delivery(Contract):
    """A row of `deliveries`, the ledger: one piece that was found, and what became of it."""

    partition_by: ClassVar[tuple[str, ...]] = ("received_on",)

    delivery_id: HexId
    outcome: Outcome
    story_id: HexId | None = None
    reason: str | None = None
    source_uri: str
    place: str
    piece: int
    """Which of the item's pieces, from 0."""
    source_id: str | None = None
    message_id: str | None = None
    ordering_key: str | None = None
    attributes: str | None = None
    input_start: int
    input_stop: int | None = None
    input_size: int | None = None
    input_mark: str | None = None
    input_sha256: Sha256 | None = None
    raw_sha256: Sha256 | None = None
    """Of the item's own bytes: the key of `raw`."""
    versioncreated: Instant | None = None
    received_at: Instant
    run: HexId
    received_on: dt.date


class Rejected(Contract):
    """A row of `rejected`: why a piece is not a story, with what it was."""

    partition_by: ClassVar[tuple[str, ...]] = ("received_on",)

    delivery_id: HexId
    stage: Stage
    reason: str
    """A short fixed word, to count by: `not_text`, `bad_json`, `bomb`, ..."""
    detail: str
    """One sentence: what was wrong and where."""
    source_uri: str
    place: str
    payload: bytes | None = None
    payload_cut: bool = False
    """True where `payload` is only the beginning."""
    received_at: Instant
    run: HexId
    received_on: dt.date


class Raw(Contract):
    """A row of `raw`: an item's bytes as they came, for `reprocess`."""

    partition_by: ClassVar[tuple[str, ...]] = ("received_on",)

    sha256: Sha256
    """Of the item's bytes as they came."""
    source_uri: str
    place: str
    message_id: str | None = None
    ordering_key: str | None = None
    attributes: str | None = None
    input_start: int | None = None
    input_stop: int | None = None
    input_size: int | None = None
    input_mark: str | None = None
    input_sha256: Sha256 | None = None
    data: bytes
    received_at: Instant
    run: HexId
    received_on: dt.date


class Run(Contract):
    """A row of `runs`: the claim of a number, with all that is needed to finish the run."""

    number: int
    run: HexId
    kind: Literal["ingest", "watch", "stream", "compact", "purge", "reprocess"]
    started_at: Instant
    claimed_at: Instant
    plan: str
    """JSON: `inputs` read (URI, start, stop); `tables`: the new parts of each (path, size, rows, partition), in the order of the
    commit; `retired`: paths of parts that they replace. Empty once the run is finished and its row was rewritten."""
    pieces: int
    stories: int
    again: int
    rejected: int
    not_text: int
    already: int
    other_date: int | None = None
    """Pieces that were left as they are, in a run for one date."""
    late: int | None = None
    """New stories that were published before the day before they were received: reports on their day may have been made."""
