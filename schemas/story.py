"""A story: one version of one item of text, cleaned; and the parts it is made of."""

from typing import ClassVar, Literal

import pydantic

from schemas.annotations import EntitiesTier
from schemas.base import Contract, CountryCode, HexId, Instant, Offset, RunId, StoryDate

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
    """Hash of provider, guid, version, pubstatus, embargo, headline, dateline and body: unique, the key of every other table."""
    provider: str | None = None
    """Who sent it: from metadata; else the agency in the dateline, credit or sign-off; else "told AFP" in the body; never from a picture's
    credit."""
    guid: str | None = None
    """The same for all versions."""
    version: int | None = None
    """The greatest (`version`, `versioncreated`) of a `guid` is shown."""
    pubstatus: PubStatus = "usable"
    """As the wire says it; a version that is withheld or canceled hides the story."""
    signal: str | None = None
    """`update`, `correction`, `repeat`, `kill`, `hold`, ..."""
    urgency: int | None = pydantic.Field(default=None, ge=1, le=9)
    """1 (most urgent) to 9."""
    embargoed: Instant | None = None
    """Not to be shown before this moment."""
    headline: str | None = None
    """The headline."""
    deck: str | None = None
    """The line below it."""
    slugline: str | None = None
    """The desk's keywords."""
    byline: str | None = None
    """Who wrote it."""
    creditline: str | None = None
    """Whom to credit."""
    dateline_text: str | None = None
    """The dateline as it stood: `SEOUL -`."""
    dateline_city: str | None = None
    """Where it was filed."""
    dateline_country: CountryCode | None = None
    """The country of that place, else of `located`; `country` says what the story is about."""
    located: str | None = None
    """A place given apart from the text, in words."""
    published_at: Instant
    """When it was published."""
    published_precision: Precision
    """What of that moment is known; a day alone is 00:00."""
    date_basis: DateBasis
    """Where the date comes from: fields of the input, the dateline, a date in the text that its weekday confirms, the name of the file,
    or, where nothing else says it, the receipt."""
    versioncreated: Instant | None = None
    """When this version was made."""
    firstcreated: Instant | None = None
    """When the first version was made."""
    received_at: Instant
    """When it came in."""
    language: str | None = None
    """BCP 47."""
    subjects: list[Subject] = []
    """Codes of the provider or of IPTC."""
    genre: str | None = None
    """As given."""
    keywords: list[str] = []
    """As given."""
    usageterms: str | None = None
    """What may be done with it."""
    copyright: str | None = None
    """Whose it is."""
    ednote: str | None = None
    """Notes to editors; they may hold what is not for publication."""
    captions: list[Caption] = []
    """Those of its pictures."""
    body: str
    """Clean text, paragraphs apart by a blank line; typography as it was."""
    paragraphs: list[Paragraph] = []
    """`lede` and `body` lie in `body`; `crosshead` and `signoff` were taken out of it and carry their text."""
    word_count: int
    """Words of the body."""
    content_hash: HexId
    """Of headline and body without case, punctuation and white space."""
    countries: list[CountryScore] = []
    """What it is about, most first; a score is the share of the evidence."""
    format: str
    """What the input was: `text`, `jsonl`, ..."""
    extra: str | None = None
    """A JSON object of the input's fields that have no column here."""
    entities_tier: EntitiesTier | None = None
    """What found the story's names: `model`, the package's tagger, which reads English; `gazetteer`, tables of places and given names, all
    that stories of other languages have; `spacy`, a pipeline given by `--entities`. Null in rows that were written before there was this
    column."""
    cluster_id: HexId
    """The first story of its cluster: copies and versions of one text."""
    is_head: bool = True
    """Whether it is that first story."""
    is_latest: bool = True
    """Whether it is the newest version of its cluster's first story."""
    relation: Relation | None = None
    """How it relates to another story: the same text; another provider's copy; a later take; a roundup and what it holds."""
    related_to: HexId | None = None
    """Which story that is."""
    similarity: float | None = None
    """How surely both are one story, 0 to 1."""
    superseded_by: HexId | None = None
    """The newest version, where this is not it."""
    killed_by: HexId | None = None
    """The story whose notice withdrew it or a copy of it."""
    run: RunId
    date: StoryDate
    country: CountryCode = "ZZ"
    """What it is most about, the first of `countries`; else the dateline's; else `ZZ`."""
