"""People, organisations and places of a story's body: what the tagger finds, joined with the gazetteer's places.

`find_entities` is the interface that the pipeline knows."""

import bisect
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from schemas import Row
from transforms.text.canonical import People
from transforms.text.entity_keys import entity_key
from transforms.text.lexicons import facility_words, titles
from transforms.text.listed_people import listed_people
from transforms.text.mentions import Mention
from transforms.text.name_bearers import Bearer
from transforms.text.name_rules import (
    as_borne,
    facilities,
    is_wide,
    joined,
    make_facility,
    make_person,
    make_places,
    make_states,
    make_things,
    with_places,
    with_suffixes,
    without_words,
)
from transforms.text.nicknames import with_nicknames
from transforms.text.organisations import bracketed, name_organisations
from transforms.text.persons import find_people
from transforms.text.places import Place, country_within, facility_country
from transforms.text.roles import role_after, role_ahead, role_before
from transforms.text.salience import salience
from transforms.text.tagger import Span, tagger
from transforms.text.tokens import is_english


def find_entities(
    headline: str,
    body: str,
    places: Sequence[Place],
    home: str | None = None,
    *,
    spans: Iterable[Span] | None = None,
    tier: str | None = None,
    bearers: Mapping[str, Bearer] = MappingProxyType({}),
) -> list[Row]:
    """Every mention of a person, an organisation, a place or a people in `body`, in the order of the text, none overlapping.

    headline: counts for salience alone. places, bearers: `read_places(body)`. home: the story's own country, in which a square or an
    airport without an entry in the gazetteer is taken to lie. spans: names that another tagger found, in order, none overlapping, and its
    `tier`; without them the `tier`, by default that of `tier_of(body)`, finds its own: the package's tagger reads English text, and text of
    other languages has the gazetteer's places and people of known given names alone.

    Rows have the columns of `schemas.Entity` from `span_start` to `tier`; `body[span_start:span_end] == text`."""
    home = None if home == "ZZ" else home
    if spans is None:
        tier = tier or tier_of(body)
        spans = joined(tagger().spans(body), facilities(body)) if tier == "model" else listed_people(body, places)
    mentions = [Mention(span.start, span.end, span.type, tier or "model") for span in with_nicknames(body, spans)]
    for mention in mentions:
        make_facility(body, mention)
        make_states(body, mention)
    mentions = as_borne(body, with_places(body, mentions, places), bearers)
    for mention in mentions:
        make_person(body, mention)
    make_things(body, mentions)
    make_places(body, mentions)
    mentions = with_suffixes(body, without_words(body, mentions))
    acronyms = bracketed(body, mentions)
    people = find_people(body, mentions, places)
    name_organisations(body, mentions, acronyms)
    for mention in mentions:
        if mention.type == "PER":
            _describe(body, mention)
        elif mention.type == "LOC" and mention.place is None and not is_wide(body, mention):
            mention.country = _facility_home(body, mention, places, home)
        elif mention.country is None:
            mention.country = country_within(places, mention.start, mention.end)
    return _rows(headline, body, mentions, people)


def tier_of(body: str, language: str | None = None) -> str:
    """What finds the names of a body by default: `model`, or `gazetteer` where it is not English. language: as in `is_english`."""
    return "model" if is_english(body, language) else "gazetteer"


def _describe(body: str, mention: Mention) -> None:
    """Gives a person's mention its role: the title before it, else the role words before it, else the apposition before or after it."""
    if mention.title is not None:
        kind = titles().get(mention.title, ("role", ""))[0]
        if kind == "role":
            mention.role = mention.title
            return
    before = role_before(body, mention.start)
    if before is not None:
        mention.role = before[1]
        return
    beside = role_ahead(body, mention.start, mention.end) or role_after(body, mention.end)
    if beside is not None:
        mention.role = body[beside[0] : beside[1]].rstrip()


def _facility_home(body: str, mention: Mention, places: Sequence[Place], home: str | None) -> str | None:
    """Country of a building or street: of the place that directly follows with 'in' or ',', else of the last town where something takes
    place, else the story's own (`home`). A village is in no other town: it has only what its paragraph says of where it is."""
    for link in (" in ", ", "):
        if body.startswith(link, mention.end):
            at = mention.end + len(link)
            index = bisect.bisect_left(places, at, key=lambda p: p.span_start)
            if index < len(places) and places[index].span_start == at:
                return places[index].country
    if mention.words(body)[-1] not in facility_words():
        paragraph = body.rfind("\n\n", 0, mention.start)
        places = places[bisect.bisect_left(places, paragraph, key=lambda p: p.span_start) :]
    return facility_country(body, mention.start, places, home)


def _rows(headline: str, body: str, mentions: Sequence[Mention], people: People) -> list[Row]:
    names = [m.person.name if m.person is not None else m.canonical or body[m.start : m.end] for m in mentions]
    shares = salience(headline, body, mentions, names, people)
    return [
        {
            "span_start": m.start,
            "span_end": m.end,
            "text": body[m.start : m.end],
            "type": m.type,
            "canonical": name,
            "entity_key": entity_key(m, name),
            "place_country": m.country,
            "geonames_id": m.place.geonames_id if m.place is not None and m.type != "PER" else None,
            "role": m.role,
            "salience": shares[name],
            "tier": m.tier,
        }
        for name, m in zip(names, mentions, strict=True)
    ]
