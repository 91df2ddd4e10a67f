"""What is found in a story's body: entities and quotations. Offsets count characters of `body`."""

import datetime as dt
from typing import ClassVar, Literal

from schemas.base import Contract, CountryCode, HexId, Offset

EntityType = Literal["PER", "ORG", "LOC", "NORP", "MISC"]
EntitiesTier = Literal["rules", "gazetteer", "model", "spacy"]
"""What finds names: the package's tagger, tables of places and given names alone, a spaCy pipeline; `rules` in older rows."""
QuoteType = Literal["direct", "mixed", "indirect", "fragment"]
SpeakerType = Literal["PER", "ORG", "LOC", "NORP", "pronoun", "description"]


class Entity(Contract):
    """A row of `entities`: one mention. `body[span_start:span_end] == text`, always."""

    partition_by: ClassVar[tuple[str, ...]] = ("date", "country")

    story_id: HexId
    span_start: Offset
    span_end: Offset
    text: str
    type: EntityType
    canonical: str
    """The fullest form of the name in this story; every mention of one person has the same."""
    entity_key: str | None = None
    """The same for the same person, organisation or place in every story, null where the name does not say for certain who is meant:
    `country:KP`, `geonames:1871859`, `region:US:california`, `people:KP`, `per:kim jong un`, `org:united nations`."""
    place_country: CountryCode | None = None
    """The country a place (or a people, NORP) belongs to; `country` is the partition's."""
    geonames_id: int | None = None
    role: str | None = None
    """Title or apposition: 'President', 'professor at Dongguk University'."""
    salience: float = 0.0
    """0 to 1: 0.4 where the headline names it, 0.2 where the first paragraph does, and 0.4 of its share of the story's mentions."""
    tier: EntitiesTier = "model"
    """What found it: the package's tagger (English), the gazetteer alone (other languages, and places), a spaCy pipeline by choice."""
    run: HexId
    date: dt.date
    country: CountryCode


class Fragment(Contract):
    """One unbroken stretch of a quotation that a cue splits."""

    span_start: Offset
    span_end: Offset


class Quote(Contract):
    """A row of `quotes`. `text` is `body[span_start:span_end]`; speaker and cue have their own spans in `body`."""

    partition_by: ClassVar[tuple[str, ...]] = ("date", "country")

    story_id: HexId
    quote_id: HexId
    span_start: Offset
    span_end: Offset
    text: str
    type: QuoteType
    frags: list[Fragment]
    cue: str | None = None
    cue_start: Offset | None = None
    cue_end: Offset | None = None
    speaker: str | None = None
    speaker_start: Offset | None = None
    speaker_end: Offset | None = None
    speaker_canonical: str | None = None
    speaker_type: SpeakerType | None = None
    affiliation: str | None = None
    confidence: float
    rule: str
    run: HexId
    date: dt.date
    country: CountryCode
