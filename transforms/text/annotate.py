"""All annotations of stories in one go: places, countries, names, quotations. What the pipeline and `wirelake annotate` both call."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from schemas import Row
from transforms.text.countries import countries_of, country_of
from transforms.text.names import find_entities
from transforms.text.places import Place, find_places
from transforms.text.quotes import find_quotes


@dataclasses.dataclass(frozen=True, slots=True)
class Annotations:
    """What was found in one story.

    `entities` have the columns of `schemas.Entity` from `span_start` to `tier`, `quotes` those of `schemas.Quote` from `span_start`
    to `rule`, `countries` are {code, score}, best first; `country` is the story's own, `ZZ` where it is unknown."""

    entities: list[Row]
    quotes: list[Row]
    countries: list[Row]
    country: str


@dataclasses.dataclass(frozen=True, slots=True)
class Located:
    """The places of a body (`find_places`), and the countries that they and the dateline speak for, as in `Annotations`."""

    places: list[Place]
    countries: list[Row]
    country: str


def annotate(stories: Sequence[Mapping[str, Any]]) -> list[Annotations]:
    """Annotations of a batch of stories, in its order.

    A story is a mapping with `body` and, where it has them, `headline`, `deck` and `dateline_country`; other keys are ignored.
    Offsets are characters of `body` as it was given, for any text at all."""
    return [_annotate(story) for story in stories]


def _annotate(story: Mapping[str, Any]) -> Annotations:
    located = locate(story)
    entities = tag(story, located)
    return Annotations(entities, quote(story, entities), located.countries, located.country)


def locate(story: Mapping[str, Any]) -> Located:
    """Where a story plays. The first step: names need to know its country."""
    dateline_country = story.get("dateline_country")
    places = find_places(story.get("body") or "", dateline_country)
    scored = countries_of(story.get("headline") or "", story.get("deck"), story.get("body") or "", dateline_country, places)
    countries = [{"code": code, "score": score} for code, score in scored]
    return Located(places, countries, country_of(scored, dateline_country))


def tag(story: Mapping[str, Any], located: Located) -> list[Row]:
    """The names of a story, rows as in `Annotations.entities`. The second step."""
    return find_entities(story.get("headline") or "", story.get("body") or "", located.places, located.country)


def quote(story: Mapping[str, Any], entities: list[Row]) -> list[Row]:
    """The quotations of a story, rows as in `Annotations.quotes`, their speakers resolved through its names. The last step."""
    return find_quotes(story.get("body") or "", entities)


def load() -> None:
    """Loads every table that annotating needs, so that what is broken in an installation fails a run at once; met story by story, it
    would reject them all, each as a defect of its own."""
    annotate([{"headline": "Harbour opens", "body": '"The harbour is open," Mayor Kari Berg said in Oslo.\n\nNorway paid for it.'}])
