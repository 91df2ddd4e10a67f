"""All annotations of stories in one go: places, countries, names, quotations. What the pipeline and `wirelake annotate` both call."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from schemas import Row
from transforms.text.countries import countries_of, country_of
from transforms.text.names import find_entities, tier_of
from transforms.text.places import Place, find_places
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
    """The places of a body (`find_places`), and the countries that they and the dateline speak for, as in `Annotations`."""

    places: list[Place]
    countries: list[Row]
    country: str


class NameTagger(Protocol):
    """What may find names in the place of the package's own tagger."""

    tier: str
    """What the column `tier` says of its names."""

    def spans(self, stories: Sequence[Mapping[str, Any]]) -> list[list[Span] | None]:
        """The names of each story's body, in order, none overlapping; None where the package's own rules are to find them."""


def annotate(stories: Sequence[Mapping[str, Any]], tagger: NameTagger | None = None) -> list[Annotations]:
    """Annotations of a batch of stories, in its order; `tagger` finds the names, by default the package's own.

    A story is a mapping with `body` and, where it has them, `headline`, `deck` and `dateline_country`; other keys are ignored.
    Offsets are characters of `body` as it was given, for any text at all."""
    located = [locate(story) for story in stories]
    named = tag_all(stories, located, tagger)
    return [
        Annotations(entities, tier, quote(story, entities), where.countries, where.country)
        for story, where, (entities, tier) in zip(stories, located, named, strict=True)
    ]


def locate(story: Mapping[str, Any]) -> Located:
    """Where a story plays. The first step: names need to know its country."""
    dateline_country = story.get("dateline_country")
    places = find_places(story.get("body") or "", dateline_country)
    scored = countries_of(story.get("headline") or "", story.get("deck"), story.get("body") or "", dateline_country, places)
    countries = [{"code": code, "score": score} for code, score in scored]
    return Located(places, countries, country_of(scored, dateline_country))


def tag(story: Mapping[str, Any], located: Located, spans: Sequence[Span] | None = None, tier: str | None = None) -> tuple[list[Row], str]:
    """The names of a story, rows as in `Annotations.entities`, and what found them (the column `entities_tier`). The second step.

    spans, tier: names that another tagger found; without them the package's own are looked for."""
    headline, body = story.get("headline") or "", story.get("body") or ""
    found_by = tier_of(body) if spans is None or tier is None else tier
    return find_entities(headline, body, located.places, located.country, spans=spans, tier=found_by), found_by


def tag_all(
    stories: Sequence[Mapping[str, Any]], located: Sequence[Located], tagger: NameTagger | None = None
) -> list[tuple[list[Row], str]]:
    """The names of a batch of stories, each as of `tag`, by `tagger` where there is one and it reads the story's language."""
    if tagger is None:
        return [tag(story, where) for story, where in zip(stories, located, strict=True)]
    found = tagger.spans(stories)
    return [tag(story, where, spans, tagger.tier) for story, where, spans in zip(stories, located, found, strict=True)]


def quote(story: Mapping[str, Any], entities: list[Row]) -> list[Row]:
    """The quotations of a story, rows as in `Annotations.quotes`, their speakers resolved through its names. The last step."""
    return find_quotes(story.get("body") or "", entities)


def load() -> None:
    """Loads every table that annotating needs, so that what is broken in an installation fails a run at once; met story by story, it
    would reject them all, each as a defect of its own."""
    annotate([{"headline": "Harbour opens", "body": '"The harbour is open," Mayor Kari Berg said in Oslo.\n\nNorway paid for it.'}])
