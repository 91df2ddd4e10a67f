"""What is found in a story's body: entities and quotations. Offsets count characters of `body`."""

from typing import ClassVar, Literal

from schemas.base import Contract, CountryCode, HexId, Offset, RunId, StoryCountry, StoryDate

EntityType = Literal["PER", "ORG", "LOC", "NORP", "MISC"]
EntitiesTier = Literal["rules", "gazetteer", "model", "spacy"]
"""What finds names: the package's tagger, tables of places and given names alone, a spaCy pipeline; `rules` in older rows."""
QuoteType = Literal["direct", "mixed", "indirect", "fragment"]
SpeakerType = Literal["PER", "ORG", "LOC", "NORP", "pronoun", "description"]


class Entity(Contract):
    """A row of `entities`: one mention. `body[span_start:span_end] == text`, always."""

    partition_by: ClassVar[tuple[str, ...]] = ("date", "country")

    story_id: HexId
    """The story that it is in."""
    span_start: Offset
    """Where it begins in `body`, in characters from 0."""
    span_end: Offset
    """Where it ends."""
    text: str
    """The mention."""
    type: EntityType
    """Person, organisation, place, people (`the French`) or another name."""
    canonical: str
    """The fullest form of the name in this story; every mention of one person has the same. Of a place of the gazetteer, its name there."""
    entity_key: str | None = None
    """The same for the same person, organisation or place in every story, null where the name does not say for certain who is meant:
    `country:KP`, `geonames:1871859`, `region:US:california`, `people:KP`, `per:kim jong un`, `org:united nations`."""
    place_country: CountryCode | None = None
    """The country of a place or a people, and of the place in the name of an organisation (`Shreveport Police Department`)."""
    geonames_id: int | None = None
    """Of a place, in GeoNames; `transforms.text.gazetteer.coordinates(id)` gives its latitude and longitude."""
    role: str | None = None
    """What the story says a person is, at this mention: the title (`Former President`), else the words before the name
    (`senior research fellow`), else the apposition (`a professor at Dongguk University`)."""
    salience: float = 0.0
    """0 to 1, how much the story is about it, the same for all its mentions: 0.4 where the headline names it (a surname does), 0.2 where
    the first paragraph does, and 0.4 of its share of the story's mentions."""
    tier: EntitiesTier = "model"
    """What found it, as `entities_tier` of the story; a place that the gazetteer adds says `gazetteer`. `rules` stands in rows of older
    versions."""
    run: RunId
    date: StoryDate
    country: StoryCountry


class Fragment(Contract):
    """One unbroken stretch of a quotation that a cue splits."""

    span_start: Offset
    span_end: Offset


class Quote(Contract):
    """A row of `quotes`. `text` is `body[span_start:span_end]`; speaker and cue have their own spans in `body`."""

    partition_by: ClassVar[tuple[str, ...]] = ("date", "country")

    story_id: HexId
    """The story that it is in."""
    quote_id: HexId
    """Unique in the table."""
    span_start: Offset
    """Where it begins in `body`, in characters from 0."""
    span_end: Offset
    """Where it ends."""
    text: str
    """What was said, from its first stretch to its last; quotation marks around direct speech left out."""
    type: QuoteType
    """Every word is between quotation marks; some are; none is; quoted words that nobody says (with `--fragments`)."""
    frags: list[Fragment]
    """Its unbroken stretches, where a cue or the end of a paragraph splits it."""
    cue: str | None = None
    """The words or the mark that attribute it: `told`, `according to`, `:`; null where it follows other speech (`rule` is `follow`)."""
    cue_start: Offset | None = None
    """Where the cue begins in `body`."""
    cue_end: Offset | None = None
    """Where it ends."""
    speaker: str | None = None
    """The speaker as named beside it: `he`."""
    speaker_start: Offset | None = None
    """Where the speaker begins in `body`."""
    speaker_end: Offset | None = None
    """Where it ends."""
    speaker_canonical: str | None = None
    """The fullest name in the story of the person or organisation that `speaker` means; null for governments called by a place (`Oslo`),
    several speakers, and who has no name there."""
    speaker_type: SpeakerType | None = None
    """The type of the name that `speaker` is, or a pronoun, or a description (`the minister`)."""
    affiliation: str | None = None
    """What the story says of the speaker beside the name: `professor at Dongguk University`."""
    confidence: float
    """0 to 1: how often quotations of its type, rule and sort of speaker were right, as counted on annotated stories."""
    rule: str
    """The rule that found it: `after`, `forward`, ..."""
    run: RunId
    date: StoryDate
    country: StoryCountry
