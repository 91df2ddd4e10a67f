"""All annotations of stories in one go: places, countries, names, quotations. What the pipeline and `wirelake annotate` both call."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from schemas import Row
from transforms.text.clauses.assemble import More
from transforms.text.countries import countries_of, country_of
from transforms.text.loading import uncollected
from transforms.text.located import outlet_country
from transforms.text.name_bearers import Bearer
from transforms.text.names import find_entities, tier_of
from transforms.text.places import Place, read_places
from transforms.text.quotes import find_quotes
from transforms.text.tagger import Span


@dataclasses.dataclass(frozen=True, slots=True)
class Annotations:
    """What was found in one story.

    `entities` have the columns of `schemas.Entity` from `span_start` to `tier`, and `entities_tier` is what found their names; `quotes`
    have those of `schemas.Quote` from `span_start` to `rule`; `countries` are {code, score}, best first; `country` is the story's own,
    `ZZ` where it is unknown."""

    entities: list[Row]
    entities_tier: str
    quotes: list[Row]
    countries: list[Row]
    country: str


@dataclasses.dataclass(frozen=True, slots=True)
class Located:
    """The places of a body and what else bears such names in it (`read_places`), and the countries that places and dateline speak for,
    as in `Annotations`."""

    places: list[Place]
    bearers: dict[str, Bearer]
    countries: list[Row]
    country: str


class NameTagger(Protocol):
    """What may find names in the place of the package's own tagger."""

    tier: str
    """What the column `tier` says of its names."""

    def spans(self, stories: Sequence[Mapping[str, Any]]) -> list[list[Span] | None]:
        """The names of each story's body, in order, none overlapping; None where the package's own rules are to find them."""


class ClauseFinder(Protocol):
    """What may find contents of speech beside the package's own patterns."""

    def finders(self, stories: Sequence[Mapping[str, Any]]) -> list[More]:
        """For each story what is asked about the paragraphs of its body."""


@dataclasses.dataclass(frozen=True, slots=True)
class Choices:
    """What a user chose of how stories are annotated; by default all is the package's own way."""

    names: str | None = None
    """The spaCy pipeline that finds names; null for the package's tagger."""
    quotes: str | None = None
    """The spaCy pipeline whose parses add to the quotations that the package's patterns find; null for these alone."""
    fragments: bool = False
    """Whether quoted words that are nobody's speech are quotations too."""


OWN = Choices()
"""The package's own way in all."""


def annotate(
    stories: Sequence[Mapping[str, Any]], tagger: NameTagger | None = None, finder: ClauseFinder | None = None, fragments: bool = False
) -> list[Annotations]:
    """Annotations of a batch of stories, in its order; `tagger` finds the names, by default the package's own, and `finder` adds to the
    quotations of its patterns; `fragments` as in `find_quotes`.

    A story is a mapping with `body` and, where it has them, `headline`, `deck`, `dateline_city`, `dateline_country`, `language`, `url`
    and `lede_at` (the length of a dateline that the body begins with); other keys are ignored. Offsets are characters of `body` as it was
    given, for any text at all."""
    located = [locate(story) for story in stories]
    named = tag_all(stories, located, tagger)
    quoted = quote_all(stories, [entities for entities, _ in named], finder, fragments)
    return [
        Annotations(entities, tier, quotes, where.countries, where.country)
        for where, (entities, tier), quotes in zip(located, named, quoted, strict=True)
    ]


def locate(story: Mapping[str, Any]) -> Located:
    """Where a story plays. The first step: names need to know its country."""
    dateline_country = story.get("dateline_country")
    home = dateline_country or outlet_country(story.get("language"), story.get("url"))
    town = story.get("dateline_city") if dateline_country else None
    body = story.get("body") or ""
    places, bearers = read_places(body, home, town)
    begin = story.get("lede_at") or 0
    told = [_moved(place, -begin) for place in places if place.span_start >= begin] if begin else places
    scored = countries_of(story.get("headline") or "", story.get("deck"), body[begin:], dateline_country, told, town, bearers)
    countries = [{"code": code, "score": score} for code, score in scored]
    return Located(places, bearers, countries, country_of(scored, dateline_country))


def _moved(place: Place, by: int) -> Place:
    return place._replace(span_start=place.span_start + by, span_end=place.span_end + by)


def tag(story: Mapping[str, Any], located: Located, spans: Sequence[Span] | None = None, tier: str | None = None) -> tuple[list[Row], str]:
    """The names of a story, rows as in `Annotations.entities`, and what found them (the column `entities_tier`). The second step.

    spans, tier: names that another tagger found; without them the package's own are looked for."""
    headline, body = story.get("headline") or "", story.get("body") or ""
    found_by = tier_of(body, story.get("language")) if spans is None or tier is None else tier
    return find_entities(headline, body, located.places, located.country, spans=spans, tier=found_by, bearers=located.bearers), found_by


def tag_all(
    stories: Sequence[Mapping[str, Any]], located: Sequence[Located], tagger: NameTagger | None = None
) -> list[tuple[list[Row], str]]:
    """The names of a batch of stories, each as of `tag`, by `tagger` where there is one and it reads the story's language."""
    if tagger is None:
        return [tag(story, where) for story, where in zip(stories, located, strict=True)]
    found = tagger.spans(stories)
    return [tag(story, where, spans, tagger.tier) for story, where, spans in zip(stories, located, found, strict=True)]


def quote_all(
    stories: Sequence[Mapping[str, Any]], named: Sequence[list[Row]], finder: ClauseFinder | None = None, fragments: bool = False
) -> list[list[Row]]:
    """The quotations of each story of a batch, rows as in `Annotations.quotes`, their speakers resolved through its names (`named`). The
    last step."""
    more: Sequence[More | None] = finder.finders(stories) if finder else [None] * len(stories)
    return [
        find_quotes(*_told(story, entities), fragments, find, story.get("language"))
        for story, entities, find in zip(stories, named, more, strict=True)
    ]


def _told(story: Mapping[str, Any], entities: list[Row]) -> tuple[str, list[Row]]:
    """A body and its names without the dateline that it begins with, which says nothing; offsets stay."""
    body, begin = story.get("body") or "", story.get("lede_at") or 0
    if not begin:
        return body, entities
    return " " * begin + body[begin:], [entity for entity in entities if entity["span_start"] >= begin]


@uncollected()
def load() -> None:
    """Loads every table that annotating needs, so that what is broken in an installation fails a run at once; met story by story, it
    would reject them all, each as a defect of its own."""
    annotate([{"headline": "Harbour opens", "body": '"The harbour is open," Mayor Kari Berg said in Oslo.\n\nNorway paid for it.'}])
