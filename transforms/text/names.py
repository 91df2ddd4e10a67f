"""People, organisations and places of a story's body by its capital letters, titles, appositions and the gazetteer.

`find_entities` is the interface that the pipeline knows; what decides inside are general rules over runs of capitalised words."""

import bisect
import re
from collections import Counter
from collections.abc import Mapping, Sequence

from schemas import Row
from transforms.text.canonical import People, Person, initials
from transforms.text.capital_nouns import CapitalNounReader
from transforms.text.lexicons import titles
from transforms.text.mentions import Mention
from transforms.text.places import Place, facility_country
from transforms.text.reader import Reader
from transforms.text.roles import role_after, role_ahead, role_before
from transforms.text.surroundings import place_wins
from transforms.text.tokens import capital_runs, nouns_capitalised

HEADLINE_SHARE, LEAD_SHARE, MENTION_SHARE = 0.4, 0.2, 0.4
"""Salience of an entity: named in the headline, named in the first paragraph, its share of all mentions; the three add up to 1."""
MAX_HEADLINE = 500
"""Characters of a headline that are read."""
_WORDS = re.compile(r"\w+")
MAX_FULL_NAMES = 200
"""Full names of one story among which acronyms are looked up; above it the text is a table."""


def find_entities(headline: str, body: str, places: Sequence[Place], home: str | None = None) -> list[Row]:
    """Every mention of a person, an organisation, a place or a people in `body`, in the order of the text, none overlapping.

    headline: counts for salience alone. places: `find_places(body)`. home: the story's own country, in which a square or an airport
    without an entry in the gazetteer is taken to lie.

    Rows have the columns of `schemas.Entity` from `span_start` to `tier`; `body[span_start:span_end] == text`."""
    home = None if home == "ZZ" else home
    runs = capital_runs(body)
    reader = (CapitalNounReader if nouns_capitalised(body, runs) else Reader)(body, places)
    mentions, singles = reader.read(runs)
    people = People()
    for mention in mentions:
        if mention.type == "PER" and len(mention.words) > 1:
            mention.person = people.add(mention.name_words(body), mention.start)
    _repeat(body, mentions, people)
    mentions += _resolve_singles(singles, people, _firms(body, mentions, reader), reader)
    _resolve_titled(body, mentions, people)
    mentions.sort(key=lambda m: m.start)
    mentions += _unclaimed(mentions, places)
    mentions.sort(key=lambda m: m.start)
    _name_organisations(body, mentions)
    for mention in mentions:
        if mention.type == "PER":
            _describe(body, mention)
        elif mention.type == "LOC" and mention.place is None and not mention.wide:
            mention.country = _facility_home(body, mention, places, home)
    return _rows(headline, body, mentions)


def _unclaimed(mentions: Sequence[Mention], places: Sequence[Place]) -> list[Mention]:
    """Places that lie in no other mention (of `mentions`, which are sorted)."""
    starts = [m.start for m in mentions]
    out = []
    for place in places:
        index = bisect.bisect_left(starts, place.span_end)
        if index == 0 or mentions[index - 1].end <= place.span_start:
            out.append(Mention.of_place(place))
    return out


def _resolve_singles(singles: Sequence[Mention], people: People, firms: Mapping[str, str], reader: Reader) -> list[Mention]:
    """Single capitalised words: a known person's short form, else a person by the words around it, else an organisation where the
    word keeps its capital inside sentences."""
    kept: list[Mention] = []
    waiting: list[Mention] = []
    for mention in singles:
        firm = firms.get(mention.words[0].text)
        if firm is not None and mention.place is None:
            mention.type, mention.canonical = "ORG", firm
            kept.append(mention)
            continue
        person = people.find([mention.words[0].text], mention.start)
        if person is not None and not place_wins(reader.body, mention):
            mention.type, mention.person = "PER", person
            particles = person.particles
            if particles and reader.body.endswith(particles, 0, mention.start):
                mention.start -= len(particles)
            kept.append(mention)
        elif mention.place is None:
            waiting.append(mention)
    kinds = reader.kinds_of_singles(waiting)
    for mention in waiting:
        mention.type = kinds.get(mention.words[0].text, "")
        if mention.type:
            kept.append(mention)
    return kept


def _repeat(body: str, mentions: Sequence[Mention], people: People) -> None:
    """A name of several words that is a person's in one place is that person's wherever it stands."""
    for mention in mentions:
        if mention.type == "MISC" and len(mention.words) > 1:
            person = people.find(mention.name_words(body), mention.start)
            if person is not None:
                mention.type, mention.person = "PER", person


def _firms(body: str, mentions: Sequence[Mention], reader: Reader) -> dict[str, str]:
    """First word of a company's name -> the whole name, where the word is a name by itself (not a place, a person's or a common word)."""
    persons = {m.words[-1].text for m in mentions if m.type == "PER"}
    firms: dict[str, str] = {}
    for mention in mentions:
        if mention.type == "ORG" and len(mention.words) > 1 and reader.is_firm(mention.words):
            first = mention.words[0]
            if first.text not in persons and first.start not in reader.place_at and len(first.text) > 2:
                firms.setdefault(first.text, body[mention.start : mention.end])
    return firms


def _resolve_titled(body: str, mentions: Sequence[Mention], people: People) -> None:
    """Persons known by one word: the person of the story they mean, else one of that word alone."""
    own: dict[str, Person] = {}
    for mention in mentions:
        if mention.type == "PER" and mention.person is None:
            words = mention.name_words(body)
            name = " ".join(words)
            person = people.find(words, mention.start) or own.get(name)
            if person is None:
                person = own[name] = Person(words, mention.start)
            mention.person = person


def _name_organisations(body: str, mentions: Sequence[Mention]) -> None:
    """Canonical names of organisations: an acronym takes the full name of the story that it abbreviates."""
    texts = [(m, body[m.start : m.end]) for m in mentions if m.type == "ORG" and m.place is None]
    full = list(dict.fromkeys(text for _, text in texts if " " in text))[:MAX_FULL_NAMES]
    by_initials: dict[str, str] = {}
    for name in full:
        for letters in initials(name):
            by_initials.setdefault(letters, name)
    for mention, text in texts:
        if mention.canonical is None:
            mention.canonical = by_initials.get(text.replace(".", ""), text) if len(text) > 1 and text.isupper() else text


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
