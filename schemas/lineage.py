"""How stories hang together: sketches, identities, what changed after a row was written, kill notices."""

from typing import ClassVar, Literal

from schemas.base import Contract, HexId, Instant, ReceivedOn, RunId, StoryCountry, StoryDate
from schemas.story import Precision, PubStatus, Relation


class Sketch(Contract):
    """A row of `sketches`: what duplicate decisions read instead of the story.

    The binary columns are sorted arrays of little-endian unsigned 32-bit integers (`transforms.text.sketch` says of what); they are null
    where `sketch_version` is 0, which stands for a sketch of the content hash alone. `keys` are the first of `shingles`."""

    partition_by: ClassVar[tuple[str, ...]] = ("date", "country")

    story_id: HexId
    """The story that it is of."""
    chain: HexId
    """As in `ids`."""
    provider: str | None = None
    published_at: Instant
    published_precision: Precision
    content_hash: HexId
    sketch_version: int = 0
    """Which rules made it; only sketches of the same are compared. 0 where there is the hash of the text alone."""
    keys: bytes | None = None
    """The least of `shingles`: two stories that share none are not compared."""
    shingles: bytes | None = None
    """Of three words each, the least hashes of the text."""
    numbers: bytes | None = None
    """The numbers of the text."""
    headline: bytes | None = None
    """Words and numbers of the headline."""
    lead: bytes | None = None
    """The first words of the text."""
    names: bytes | None = None
    """The names of the text."""
    signal: str | None = None
    evolved_chain: HexId | None = None
    """The chain of the story that the wire says this one comes from, where it names one."""
    title_keys: bytes | None = None
    """Hashes of what a kill can name the story by: provider with slug, provider with headline."""
    run: RunId
    date: StoryDate
    country: StoryCountry


class Update(Contract):
    """A row of `updates`: the state of a story that was written before; it replaces all these columns at once."""

    partition_by: ClassVar[tuple[str, ...]] = ("date", "country")

    story_id: HexId
    """The story whose columns it replaces."""
    cluster_id: HexId
    is_head: bool
    is_latest: bool
    relation: Relation | None = None
    related_to: HexId | None = None
    similarity: float | None = None
    superseded_by: HexId | None = None
    killed_by: HexId | None = None
    run: RunId
    date: StoryDate
    country: StoryCountry


class Id(Contract):
    """A row of `ids`: where a story is and what decides its place among others. The newest row of a story wins."""

    partition_by: ClassVar[tuple[str, ...]] = ("bucket",)

    story_id: HexId
    """The story."""
    chain: HexId
    """Hash of provider and guid: the same for all versions. A story without a guid is a chain of its own."""
    version: int | None = None
    versioncreated: Instant | None = None
    provider: str | None = None
    pubstatus: PubStatus = "usable"
    published_at: Instant
    published_precision: Precision
    content_hash: HexId
    cluster_id: HexId
    date: StoryDate
    country: StoryCountry
    run: RunId
    bucket: str
    """The first hexadecimal digit of `chain`."""


class Notice(Contract):
    """A row of `notices`: a kill, cancel or hold, kept for good; it acts on stories before and after it. And a purge: what it names is not
    taken in again: a guid in every version, else one story, by its id or by its provider and text."""

    partition_by: ClassVar[tuple[str, ...]] = ("received_on",)

    notice_id: HexId
    """Unique in the table."""
    kind: Literal["kill", "cancel", "hold", "purge"]
    """A story is withdrawn; a version is canceled; a story is held; text was removed by `purge`."""
    provider: str | None = None
    """Whose stories it acts on."""
    guid: str | None = None
    """The notice's own; of a purge by guid, what is not taken in again."""
    slugline: str | None = None
    """As the notice has it."""
    headline: str | None = None
    """As the notice has it."""
    issued_at: Instant
    """When it was published; of a purge, when that was."""
    story_id: HexId | None = None
    """The story that the notice itself is, where it is one; of a purge, the story that is gone."""
    chain: HexId | None = None
    """Of a kill, cancel or hold with a guid: the versions that it acts on, without limit of time."""
    title_keys: bytes | None = None
    """Of one without: hashes as in `sketches`; it acts on stories that share one, published within 48 hours."""
    content_hash: HexId | None = None
    """Of the text of a story that was purged."""
    reason: str | None = None
    """Why, in the words of who purged."""
    delivery_id: HexId
    """The piece that brought it, or, of a purge, the story that is gone."""
    run: RunId
    received_on: ReceivedOn
