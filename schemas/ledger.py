"""What came in and what became of it: raw items, deliveries, rejections, runs."""

from typing import ClassVar, Literal

from schemas.base import Contract, HexId, Instant, ReceivedOn, RunId

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
    """Hash of where the piece came from, which one it is, and the bytes."""
    outcome: Outcome
    """A new story; a story that was here before; a piece that is wrong; a piece that is no text. The latter two are rows of `rejected`."""
    story_id: HexId | None = None
    """The story that it is."""
    reason: str | None = None
    """Why it is none, in a fixed word."""
    source_uri: str
    """The input: an absolute path or URL, or a message's source."""
    place: str
    """Where in the input: empty for a whole file, `inner/name.txt` in a zip, `@1048` for the line at that byte, joined by `!`."""
    piece: int
    """Which of the item's pieces, from 0."""
    source_id: str | None = None
    """The piece's own id: `id` of JSON lines."""
    message_id: str | None = None
    """Of a message: Pub/Sub's own id, for Kafka `partition:offset`."""
    ordering_key: str | None = None
    """Of a message: Pub/Sub's ordering key, Kafka's key."""
    attributes: str | None = None
    """Of a message: a JSON object of its attributes (Pub/Sub) or headers (Kafka)."""
    input_start: int
    """Where the slice of the input that held it begins (bytes of a line file, members of a zip); large inputs are read in slices."""
    input_stop: int | None = None
    """Where that slice ends; null for the whole input."""
    input_size: int | None = None
    """Bytes of the input."""
    input_mark: str | None = None
    """Time of modification or etag: with the size, what tells a changed input without reading it."""
    input_sha256: Sha256 | None = None
    """Of the slice as it was stored."""
    raw_sha256: Sha256 | None = None
    """Of the item's own bytes: the key of `raw`."""
    versioncreated: Instant | None = None
    received_at: Instant
    """When it came in."""
    run: RunId
    received_on: ReceivedOn


class Rejected(Contract):
    """A row of `rejected`: why a piece is not a story, with what it was."""

    partition_by: ClassVar[tuple[str, ...]] = ("received_on",)

    delivery_id: HexId
    """The piece: its row of `deliveries`."""
    stage: Stage
    """How far it came."""
    reason: str
    """A short fixed word, to count by: `not_text`, `bad_json`, `bomb`, ..."""
    detail: str
    """One sentence: what was wrong and where."""
    source_uri: str
    place: str
    payload: bytes | None = None
    """Its bytes, or the beginning of them."""
    payload_cut: bool = False
    """True where `payload` is only the beginning."""
    received_at: Instant
    run: RunId
    received_on: ReceivedOn


class Raw(Contract):
    """A row of `raw`: an item's bytes as they came, for `reprocess`."""

    partition_by: ClassVar[tuple[str, ...]] = ("received_on",)

    sha256: Sha256
    """Of the item's bytes as they came: `raw_sha256` of its deliveries."""
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
    """The bytes."""
    received_at: Instant
    run: RunId
    received_on: ReceivedOn


class Run(Contract):
    """A row of `runs`: the claim of a number, with all that is needed to finish the run."""

    number: int
    """Runs count from 1."""
    run: HexId
    """Its id, by chance: it is made before the number is known."""
    kind: Literal["ingest", "watch", "stream", "compact", "purge", "reprocess"]
    """The command that made it; a `backfill` makes runs of `ingest`."""
    started_at: Instant
    """When it began."""
    claimed_at: Instant
    """When it claimed its number: from then on it is finished, by whomever."""
    plan: str
    """JSON: `inputs` read (URI, start, stop); `tables`: the new parts of each (path, size, rows, partition), in the order of the
    commit; `retired`: paths of parts that they replace. Empty once the run is finished and its row was rewritten."""
    pieces: int
    """Pieces that it found."""
    stories: int
    """New stories among them."""
    again: int
    """Pieces whose story was in the lake before."""
    rejected: int
    """Pieces that were wrong."""
    not_text: int
    """Pieces that are no text."""
    already: int
    """Inputs that it read and found to be in the lake."""
    other_date: int | None = None
    """Pieces that were left as they are, in a run for one date."""
    late: int | None = None
    """New stories that were published before the day before they were received: reports on their day may have been made."""
