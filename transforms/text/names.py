"""People, organisations and places of a story's body: what the tagger finds, joined with the gazetteer's places.

`find_entities` is the interface that the pipeline knows."""

import bisect
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from schemas import Row
from transforms.text.canonical import People, Person, initials
from transforms.text.lexicons import titles
from transforms.text.mentions import Mention
from transforms.text.name_rules import (
    facilities,
    is_wide,
    joined,
    listed_people,
    make_facility,
    make_person,
    make_states,
    strip_title,
    with_places,
)
from transforms.text.places import Place, country_within, facility_country
from transforms.text.roles import role_after, role_ahead, role_before
from transforms.text.tagger import Span, tagger
from transforms.text.tokens import is_english

HEADLINE_SHARE, LEAD_SHARE, MENTION_SHARE = 0.4, 0.2, 0.4
"""Salience of an entity: named in the headline, named in the first paragraph, its share of all mentions; the three add up to 1."""
MAX_HEADLINE = 500
"""Characters of a headline that are read."""
_WORDS = re.compile(r"\w+")
MAX_FULL_NAMES = 200
"""Full names of one story among which acronyms are looked up; above it the text is a table."""


def find_entities(
    headline: str,
    body: str,
    places: Sequence[Place],
    home: str | None = None,
    *,
    spans: Iterable[Span] | None = None,
    tier: str = "model",
) -> list[Row]:
    """Every mention of a person, an organisation, a place or a people in `body`, in the order of the text, none overlapping.

    headline: counts for salience alone. places: `find_places(body)`. home: the story's own country, in which a square or an airport
    without an entry in the gazetteer is taken to lie. spans: names that another tagger found, in order, none overlapping, and its `tier`;
    by default the package's tagger reads English text, and text of other languages has the gazetteer's places and
    people of known given names alone.

    Rows have the columns of `schemas.Entity` from `span_start` to `tier`; `body[span_start:span_end] == text`."""
    home = None if home == "ZZ" else home
    if spans is None:
        english = is_english(body)
        spans = joined(tagger().spans(body), facilities(body)) if english else listed_people(body, places)
        tier = "model" if english else "gazetteer"
    mentions = [Mention(span.start, span.end, span.type, tier) for span in spans]
    for mention in mentions:
        make_facility(body, mention)
        make_states(body, mention)
    mentions = with_places(body, mentions, places)
    for mention in mentions:
        make_person(body, mention)
    _find_people(body, mentions)
    _name_organisations(body, mentions)
    for mention in mentions:
        if mention.type == "PER":
            _describe(body, mention)
        elif mention.type == "LOC" and mention.place is None and not is_wide(body, mention):
            mention.country = _facility_home(body, mention, places, home)
        elif mention.country is None:
            mention.country = country_within(places, mention.start, mention.end)
    return _rows(headline, body, mentions)


def _find_people(body: str, mentions: Sequence[Mention]) -> None:
    """Gives every person's mention the person it means: of a full name, else of the story's person of that surname, else of that word
    alone."""
    people = People()
    short: list[Mention] = []
    for mention in mentions:
        if mention.type == "PER":
            strip_title(body, mention)
            words = mention.words(body)
            if len(words) > 1:
                mention.person = people.add(words, mention.start)
            else:
                short.append(mention)
    own: dict[str, Person] = {}
    for mention in short:
        words = mention.words(body)
        person = people.find(words, mention.start)
        if person is None:
            name = " ".join(words)
            person = own.setdefault(name, Person(words, mention.start))
        elif person.particles and body.endswith(person.particles, 0, mention.start):
            mention.start -= len(person.particles)
        mention.person = person


def _name_organisations(body: str, mentions: Sequence[Mention]) -> None:
    """Canonical names of organisations: an acronym takes the full name of the story that it abbreviates, a firm's first word the firm's."""
    texts = [(m, body[m.start : m.end]) for m in mentions if m.type == "ORG" and m.place is None]
    full = list(dict.fromkeys(text for _, text in texts if " " in text))[:MAX_FULL_NAMES]
    known: dict[str, str] = {}
    for name in full:
        for letters in initials(name):
            known.setdefault(letters, name)
        known.setdefault(name.partition(" ")[0], name)
    for mention, text in texts:
        if mention.canonical is None:
            mention.canonical = known.get(text.replace(".", ""), text) if len(text) > 1 and " " not in text else text


def _describe(body: str, mention: Mention) -> None:
    """Gives a person's mention its role: the title before it, else the role words before it, else the apposition before or after it."""
    person = mention.person
    if person is not None and mention.gender:
        person.gender = mention.gender
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
    """Country of a building or street: of the place that directly follows with 'in' or ',', else of the last
    town where something takes place, else the story's own (`home`)."""
    for link in (" in ", ", "):
        if body.startswith(link, mention.end):
            at = mention.end + len(link)
            index = bisect.bisect_left(places, at, key=lambda p: p.span_start)
            if index < len(places) and places[index].span_start == at:
                return places[index].country
    return facility_country(body, mention.start, places, home)


def _stands_in(heading: str, name: str) -> bool:
    """Whether a name stands in a headline, word by word (`heading`: its words with one space around each)."""
    return f" {' '.join(_WORDS.findall(name))} " in heading


def _rows(headline: str, body: str, mentions: Sequence[Mention]) -> list[Row]:
    names = [m.person.name if m.person is not None else m.canonical or body[m.start : m.end] for m in mentions]
    counts = Counter(names)
    lead_end = body.find("\n\n")
    lead_end = len(body) if lead_end < 0 else lead_end
    in_lead = {name for name, m in zip(names, mentions, strict=True) if m.start < lead_end}
    heading = f" {' '.join(_WORDS.findall(headline[:MAX_HEADLINE]))} "
    in_headline = {
        name for name, text in {(name, body[m.start : m.end]) for name, m in zip(names, mentions, strict=True)} if _stands_in(heading, text)
    }
    total = len(mentions) or 1
    rows: list[Row] = []
    for name, m in zip(names, mentions, strict=True):
        salience = HEADLINE_SHARE * (name in in_headline) + LEAD_SHARE * (name in in_lead) + MENTION_SHARE * counts[name] / total
        rows.append(
            {
                "span_start": m.start,
                "span_end": m.end,
                "text": body[m.start : m.end],
                "type": m.type,
                "canonical": name,
                "entity_key": None,
                "place_country": m.country,
                "geonames_id": m.place.geonames_id if m.place is not None and m.type != "PER" else None,
                "role": m.role,
                "salience": round(salience, 4),
                "tier": m.tier,
            }
        )
    return rows
