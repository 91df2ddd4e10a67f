"""A story: one version of one item of text, cleaned; and the parts it is made of."""

import datetime as dt
from typing import ClassVar, Literal

import pydantic

from schemas.annotations import EntitiesTier
from schemas.base import Contract, CountryCode, HexId, Instant, Offset

PubStatus = Literal["usable", "withheld", "canceled"]
Precision = Literal["second", "minute", "day"]
DateBasis = Literal["metadata", "dateline", "text", "name", "receipt"]
Relation = Literal["exact", "republication", "version", "contains"]
ParagraphRole = Literal["lede", "body", "crosshead", "signoff"]


class Subject(Contract):
    """A subject code of the provider or of IPTC Media Topics."""

    code: str
    name: str | None = None


class Caption(Contract):
    """A picture's caption and who is credited for the picture."""

    text: str
    credit: str | None = None


class Paragraph(Contract):
    """A paragraph and its role. `lede` and `body` lie in the story's body (`body[span_start:span_end]`, `text` is null);
    `crosshead` and `signoff` were taken out of it: they carry their `text`, and both offsets say where it stood."""

    role: ParagraphRole
    span_start: Offset
    span_end: Offset
    text: str | None = None


class CountryScore(Contract):
    """A country a story is about, and its share of the evidence (0..1)."""

    code: CountryCode
    score: float


class Story(Contract):
    """A row of `stories`. Names follow IPTC ninjs and NewsML-G2; null where the story does not say."""

    partition_by: ClassVar[tuple[str, ...]] = ("date", "country")

    story_id: HexId
    provider: str | None = None
    guid: str | None = None
    version: int | None = None
    pubstatus: PubStatus = "usable"
    signal: str | None = None
    urgency: int | None = pydantic.Field(default=None, ge=1, le=9)
    embargoed: Instant | None = None
    headline: str | None = None
    deck: str | None = None
    slugline: str | None = None
    byline: str | None = None
    creditline: str | None = None
    dateline_text: str | None = None
    dateline_city: str | None = None
    dateline_country: CountryCode | None = None
    located: str | None = None
    published_at: Instant
    published_precision: Precision
    date_basis: DateBasis
    versioncreated: Instant | None = None
    firstcreated: Instant | None = None
    received_at: Instant
    language: str | None = None
    subjects: list[Subject] = []
    genre: str | None = None
    keywords: list[str] = []
    usageterms: str | None = None
    copyright: str | None = None
    ednote: str | None = None
    captions: list[Caption] = []
    body: str
    paragraphs: list[Paragraph] = []
    word_count: int
    content_hash: HexId
    countries: list[CountryScore] = []
    format: str
    extra: str | None = None
    """A JSON object of the input's fields that have no column here."""
    entities_tier: EntitiesTier | None = None
    """What found the story's names; null in rows that were written before there was this column."""
    cluster_id: HexId
    is_head: bool = True
    is_latest: bool = True
    relation: Relation | None = None
    related_to: HexId | None = None
    similarity: float | None = None
    superseded_by: HexId | None = None
    killed_by: HexId | None = None
    run: HexId
    date: dt.date
    country: CountryCode = "ZZ"
