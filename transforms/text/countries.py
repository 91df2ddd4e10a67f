"""Which countries a story is about, from the places it names: where they stand, how often, and where it was filed.

The weights are constants set by hand after reading how often a mention of each kind and place means that a desk codes the story
under that country; nothing is fitted. What they reach is in transforms/models/places.card.md.
"""

import re
from collections.abc import Iterable, Sequence

from transforms.text.places import Place, find_places

HEADLINE = {"country": 3.0, "demonym": 2.5, "city": 1.0, "region": 1.0, "metonym": 1.5}
"""A country in the headline is what the story is about nine times in ten."""
LEAD = {"country": 1.7, "demonym": 1.0, "city": 0.2, "region": 0.3, "metonym": 0.3}
"""First paragraph (and the deck)."""
BODY = {"country": 0.7, "demonym": 0.2, "city": 0.1, "region": 0.1, "metonym": 0.1}
"""First mention further down. An adjective or a town there is mostly where somebody comes from."""
AGAIN = {"country": 0.5, "demonym": 0.2, "city": 0.1, "region": 0.1, "metonym": 0.1}
"""Second to fourth mention further down, and most of it up to the twelfth: long stories are not more about it."""
FULL_MENTIONS, MENTIONS, LATE_SHARE = 4, 12, 0.7
FIRST = 2.0
"""For the order alone: who stands first in the headline acts (`IRAN ANNOUNCES ...`, filed from London)."""
DATELINE = 5.0
"""A story is nearly always about the country it was filed from, though it need not name it."""
KEEP = 1.9
"""About: named in the headline, or in the lede and again, or four times."""
ROUNDUP, ROUNDUP_KEEP = 8, 0.7
"""A story that names eight countries lists them: each counts from the first mention on."""
MOST = 12

SUBJECT, SUBJECT_CHARACTERS = 2.0, 4
"""For the order alone: a country that is the first word of the lede (or stands after `The`) is its subject."""
CURRENCY = re.compile(
    r"[\s-]+(?:dlrs?|dollars?|cts|cents|francs?|marks?|crowns?|pounds?|stg|yen|won|yuan|pesos?|dinars?|riyals?|ringgit|guilders?"
    r"|lire|lira|schillings?|rupees?|rubles?|roubles?|kronor|kroner|krona|krone|markkas?|reals?|reais|rand)\b",
    re.IGNORECASE,
)
"""After a name: `Swiss francs`, `U.S. dollars` say in what money, not where."""
PARAGRAPH = re.compile(r"\n[ \t]*(?:\n|&)")
LEAD_CHARACTERS = 300
"""Of a body whose paragraphs are not marked."""


def _headline_scores(text: str, weights: dict[str, float], spelled: dict[str, str]) -> tuple[dict[str, float], str | None]:
    """Best mention of each country in a headline or deck, and the country that stands first of all. `spelled` gives the country that
    the body means by a name: it has the context that a headline lacks."""
    best: dict[str, float] = {}
    first = None
    for place in find_places(text):
        if CURRENCY.match(text, place.span_end):
            continue
        country = spelled.get(place.text.casefold(), place.country)
        best[country] = max(best.get(country, 0.0), weights[place.kind])
        if place.span_start == 0 and place.kind in ("country", "city"):
            first = country
    return best, first


def _body_scores(body: str, places: Iterable[Place]) -> dict[str, float]:
    found = PARAGRAPH.search(body)
    lead_end = found.start() if found else min(len(body), LEAD_CHARACTERS)
    lead: dict[str, float] = {}
    rest: dict[str, float] = {}
    count: dict[str, int] = {}
    for place in places:
        country, kind = place.country, place.kind
        if CURRENCY.match(body, place.span_end):
            continue
        if place.span_start < lead_end:
            lead[country] = max(lead.get(country, 0.0), LEAD[kind])
            continue
        count[country] = count.get(country, 0) + 1
        weight = (BODY if count[country] == 1 else AGAIN)[kind]
        if count[country] > FULL_MENTIONS:
            weight *= LATE_SHARE if count[country] <= MENTIONS else 0.0
        rest[country] = rest.get(country, 0.0) + weight
    return {country: lead.get(country, 0.0) + rest.get(country, 0.0) for country in {**lead, **rest}}


def _subject(places: Sequence[Place]) -> str | None:
    """The country or people that the body begins with."""
    if places and places[0].span_start <= SUBJECT_CHARACTERS and places[0].kind in ("country", "demonym"):
        return places[0].country
    return None


def countries_of(
    headline: str | None, deck: str | None, body: str, dateline_country: str | None, places: Sequence[Place]
) -> list[tuple[str, float]]:
    """Countries with their share of the evidence, best first; those below the threshold are left out.

    `places` are `find_places(body)`; headline and deck are read here. `dateline_country` counts as evidence of its own."""
    score = _body_scores(body, places)
    spelled = {place.text.casefold(): place.country for place in places}
    first = None
    if deck:
        for country, weight in _headline_scores(deck, LEAD, spelled)[0].items():
            score[country] = score.get(country, 0.0) + weight
    if headline:
        best, first = _headline_scores(headline, HEADLINE, spelled)
        for country, weight in best.items():
            score[country] = score.get(country, 0.0) + weight
    if dateline_country and dateline_country != "ZZ":
        score[dateline_country] = score.get(dateline_country, 0.0) + DATELINE
    named = {place.country for place in places if place.kind == "country"}
    keep = ROUNDUP_KEEP if len(named) >= ROUNDUP else KEEP
    kept = {country: value for country, value in score.items() if value >= keep}
    if not kept and score:
        # An alert of one line names its country once, and nothing else is known of it.
        kept = dict([max(score.items(), key=lambda item: (item[1], item[0]))])
    total = sum(score.values())
    for actor, bonus in ((first, FIRST), (_subject(places), SUBJECT)):
        if actor in kept:
            kept[actor] += bonus
            total += bonus
    ranked = sorted(kept.items(), key=lambda item: (-item[1], item[0]))[:MOST]
    return [(country, round(value / total, 4)) for country, value in ranked]


def country_of(countries: Sequence[tuple[str, float]], dateline_country: str | None) -> str:
    """The story's own country: the first of `countries`, else the dateline's, else ZZ."""
    return countries[0][0] if countries else dateline_country or "ZZ"
