"""Which countries a story is about, from the places it names: where they stand, how often, and where it was filed.

The weights are constants set by hand after reading how often a mention of each kind and place means that a desk codes the story
under that country; nothing is fitted. What they reach is in transforms/models/places.card.md.
"""

import dataclasses
import re
from collections.abc import Container, Iterable, Sequence

from transforms.text.gazetteer import Kind, capitals
from transforms.text.headline_countries import Context
from transforms.text.lexicons import cue_forms, grammar
from transforms.text.places import Place

HEADLINE = {"country": 3.0, "demonym": 1.5, "city": 1.0, "region": 1.0}
"""A country in the headline is what the story is about nine times in ten; a people's name is often a part of another's."""
LEAD = {"country": 1.7, "demonym": 1.6, "city": 0.5, "region": 0.5}
"""First paragraph (and the deck): `Danish officials said` says as much there as `Denmark said`."""
SECOND = {"country": 1.4, "demonym": 0.3, "city": 0.2, "region": 0.2}
"""First mention outside the lede, where it stands in the second paragraph: who else takes part is told there."""
BODY = {"country": 0.5, "demonym": 0.5, "city": 0.1, "region": 0.1}
"""First mention further down."""
AGAIN = {"country": 0.6, "demonym": 0.2, "city": 0.0, "region": 0.0}
"""Second to sixth mention outside the lede, and most of it up to the twelfth: long stories are not more about it."""
FULL_MENTIONS, MENTIONS, LATE_SHARE = 6, 12, 0.7
COMPANY_SHARE = 0.7
"""Of a mention within a company's name (`Cyprus Minerals Co`), which need not have to do with the country."""
KEEP = 1.9
"""About: named in the headline, or in the lede and again, or early on and twice again."""
ROUNDUP, ROUNDUP_KEEP = 6, 0.9
"""A story that names six countries lists them: each counts from the second paragraph or the second mention on."""
MOST = 12

DATELINE, COMPANY_DATELINE, HOME_SHARE = 4.3, 5.8, 0.5
"""For the order: the country that a story was filed from stands first unless another leads by so much, and by more where the story is a
company's own: it is filed from its seat, and where it sells or builds is told beside. Its name adds half of what another's
does: where a reporter is, the country's own people and places are named whatever the story is about."""
NOWHERE, ELSEWHERE = 2.0, 2
"""For the order: what the country of the dateline loses where the text never names it and names at least so many others clearly."""
FIRST = 3.0
"""For the order alone: who stands first in the headline acts (`IRAN ANNOUNCES ...`, filed from London; `Bolivian towns vote to share water
with Peru`, filed from one of them)."""
SUBJECT, SUBJECT_CHARACTERS = 2.0, 4
"""For the order alone: a country that is the first word of the lede (or stands after `The`) is its subject."""
THROUGHOUT = 2.0
"""For the order alone: named in the lede and again, while neither headline nor lede name the country it was filed from."""
COMPANY_ORDER = 0.6
"""For the order: of a country that the lede names in names of companies alone; it is neither first nor the subject."""

CURRENCY = re.compile(
    r"[\s-]+(?:dlrs?|dollars?|cts|cents|francs?|marks?|crowns?|pounds?|stg|yen|won|yuan|pesos?|dinars?|riyals?|ringgit|guilders?"
    r"|lire|lira|schillings?|rupees?|rubles?|roubles?|kronor|kroner|krona|krone|markkas?|reals?|reais|rand)\b",
    re.IGNORECASE,
)
"""After a name: `Swiss francs`, `U.S. dollars` say in what money, not where, unless headline or lede begin so (`SAUDI RIYAL EASES`)."""
COMPANY = re.compile(
    r"(?: [A-Z&][\w&.'-]{0,30}| and| of){0,4} (?:Inc|Corp|Co|Company|Ltd|PLC|Plc|AG|SA|NV|Bhd|Group|Holdings|Airlines?|Industries|Fund)\b"
)
"""After a name: the rest of a company's name."""
TICKER = re.compile(r"<[A-Z][A-Z0-9. ]{0,9}>|\((?:[A-Z]{2,8}: ?[A-Z]{1,5}|[A-Z0-9]{2,5}\.[A-Z]{1,3})\)")
"""A share as wires mark it: `<BA>`, `<NSAN.T>`, `(NYSE: BA)`, `(NSAN.T)`."""
COMPANY_LEDE = re.compile(
    r"<?[A-Z][\w&.'/-]{0,30}(?:[ \n]+(?:[A-Z&<(][\w&.'/()-]{0,30}|and|of|de|und|the)){0,7}?[ \n]+"
    r"(?:(?:Inc|Corp|Corporation|Co|Company|Cos|Ltd|PLC|Plc|AG|GmbH|SA|NV|AB|SpA|Bhd|Holdings|Airlines?|Airways|Industries)\b"
    r"|(?<!The[ \n])(?<!World[ \n])(?<!ment[ \n])(?<!Central[ \n])(?<!Reserve[ \n])(?:Bank|Group)\b(?![ \n]+of))"
)
"""At the beginning: a lede whose subject is a company; not a central bank, one for development or the Group of Seven."""
TICKER_CHARACTERS = 90
"""Of a lede whose subject may have a ticker."""
_VERB_AFTER = re.compile(r"[ \n](?:also |later |then |now |has |had |\w{2,12}ly )?([a-z]+)\b")
_WORDS_AFTER = re.compile(r"(?:[ \n]+[\w-]{2,20}){1,3}")
_PREPOSITION_BEFORE = re.compile(r"\b(?:at|by|for|from|in|near|of|on|the|to|with|[A-Z]\w*)\s+$")
_BEFORE = 12
"""Characters before a capital that are read."""
PARAGRAPH = re.compile(r"\n[ \t]*(?:\n|&)")
LEAD_CHARACTERS = 300
"""Of a body whose paragraphs are not marked; the second paragraph is taken to have as many."""


@dataclasses.dataclass(slots=True)
class _Evidence:
    """What speaks for one country."""

    headline: float = 0.0
    deck: float = 0.0
    lead: float = 0.0
    rest: float = 0.0
    second: float = 0.0
    """What of `rest` the second paragraph adds to a first mention further down."""
    mentions: int = 0
    """Outside the lede."""
    actor: bool = False
    """Whether the lede names the country or its people other than in a company's name."""
    company: bool = False
    """Whether the lede names it in a company's name."""
    opens: bool = False
    """Whether the lede begins with one who acts for its state (`Danish officials said`)."""

    @property
    def total(self) -> float:
        return self.headline + self.deck + self.lead + self.rest

    @property
    def in_company(self) -> bool:
        """Whether the lede names the country within companies' names alone."""
        return self.company and not self.actor


def _headline_scores(text: str, weights: dict[str, float], context: Context) -> tuple[dict[str, float], str | None]:
    """Best mention of each country in a story's headline or deck, and the country that stands first of all."""
    best: dict[str, float] = {}
    first = None
    for place in context.places(text):
        if place.span_start and CURRENCY.match(text, place.span_end):
            continue
        best[place.country] = max(best.get(place.country, 0.0), weights[_kind(text, place)])
        if place.span_start == 0:
            first = place.country
    return best, first


def _kind(text: str, place: Place) -> Kind:
    """The kind of a place as the weights take it: a seat or body of state (`the Kremlin`) is its country, and so is a capital that
    speaks (`Pyongyang warned`, not `traders in Tokyo said`)."""
    if place.kind == "metonym":
        return "country"
    if place.kind == "city" and place.geonames_id in capitals():
        verb = _VERB_AFTER.match(text, place.span_end)
        before = text[max(0, place.span_start - _BEFORE) : place.span_start]
        if verb is not None and verb[1] in cue_forms() and not _PREPOSITION_BEFORE.search(before):
            return "country"
    return place.kind


def _acts_for_state(text: str, place: Place) -> bool:
    """Whether a people's name belongs to one who acts for its state: `North Korean leader`, `French Foreign Minister`."""
    words = _WORDS_AFTER.match(text, place.span_end)
    return place.kind == "demonym" and words is not None and not grammar("of_state").isdisjoint(words[0].lower().split())


def _paragraph_ends(body: str) -> tuple[int, int]:
    """Where the first and the second paragraph end."""
    found = PARAGRAPH.search(body)
    first = found.start() if found else min(len(body), LEAD_CHARACTERS)
    following = PARAGRAPH.search(body, found.end()) if found else None
    return first, following.start() if following else first + LEAD_CHARACTERS


def _read_body(body: str, places: Iterable[Place]) -> tuple[dict[str, _Evidence], str | None]:
    """What the body says of each country, and the country or people that it begins with."""
    lead_end, second_end = _paragraph_ends(body)
    out: dict[str, _Evidence] = {}
    subject = None
    for place in places:
        start, end, kind = place.span_start, place.span_end, _kind(body, place)
        if start > SUBJECT_CHARACTERS and CURRENCY.match(body, end):
            continue
        evidence = out.get(place.country)
        if evidence is None:
            evidence = out[place.country] = _Evidence()
        company = COMPANY.match(body, end) is not None
        share = COMPANY_SHARE if company else 1.0
        if start < lead_end:
            evidence.lead = max(evidence.lead, share * LEAD[kind])
            evidence.company |= company
            if not company and kind in ("country", "demonym"):
                evidence.actor = True
                if start <= SUBJECT_CHARACTERS:
                    subject = place.country
                    evidence.opens = _acts_for_state(body, place)
            continue
        evidence.mentions += 1
        if evidence.mentions == 1:
            if start < second_end:
                evidence.second = share * (SECOND[kind] - BODY[kind])
                evidence.rest = evidence.second
            share *= BODY[kind]
        else:
            share *= AGAIN[kind]
            if evidence.mentions > FULL_MENTIONS:
                share *= LATE_SHARE if evidence.mentions <= MENTIONS else 0.0
        evidence.rest += share
    return out, subject


def countries_of(
    headline: str | None,
    deck: str | None,
    body: str,
    dateline_country: str | None,
    places: Sequence[Place],
    town: str | None = None,
    bearers: Container[str] = (),
) -> list[tuple[str, float]]:
    """Countries with their share of the evidence, best first; those below the threshold are left out.

    `places` are `find_places(body)`, and `bearers` what `read_places(body)` has beside them; headline and deck are read here.
    `dateline_country` counts as evidence of its own; `town` is the dateline's place, which its name means in the headline too."""
    found, subject = _read_body(body, places)
    home = dateline_country if dateline_country and dateline_country != "ZZ" else None
    context = Context(places, bearers, home, town)
    first = None
    if deck:
        for country, weight in _headline_scores(deck, LEAD, context)[0].items():
            found.setdefault(country, _Evidence()).deck = weight
    if headline:
        best, first = _headline_scores(headline, HEADLINE, context)
        for country, weight in best.items():
            found.setdefault(country, _Evidence()).headline = weight
    if home:
        found.setdefault(home, _Evidence())
    named = {place.country for place in places if place.kind == "country"}
    keep = ROUNDUP_KEEP if len(named) >= ROUNDUP else KEEP
    of_company = home is not None and _of_company(headline, body)
    at_home = found[home] if home else None
    ranks = {
        country: _home_rank(found, country, keep, of_company=of_company, first=country == first)
        if country == home
        else _rank(evidence, at_home, first=country == first, subject=country == subject)
        for country, evidence in found.items()
    }
    # Without a dateline, who ranks first is kept however little speaks for it: an alert of one line names its country once.
    sure = home or max(ranks, key=lambda country: (ranks[country], country), default=None)
    kept = [country for country, evidence in found.items() if evidence.total >= keep or evidence.opens or country == sure]
    total = sum(ranks.values()) or 1.0
    ranked = sorted(kept, key=lambda country: (-ranks[country], country))[:MOST]
    return [(country, round(ranks[country] / total, 4)) for country in ranked]


def _of_company(headline: str | None, body: str) -> bool:
    """Whether a story is a company's own news: its headline has a ticker, or its lede begins with a company."""
    body = body.lstrip()
    lede = body.startswith("<") or COMPANY_LEDE.match(body) or TICKER.search(body, 0, TICKER_CHARACTERS)
    return bool(lede or (headline and TICKER.search(headline)))


def _home_rank(found: dict[str, _Evidence], home: str, keep: float, *, of_company: bool, first: bool) -> float:
    """How much speaks for the country of the dateline to be the story's own."""
    total = found[home].total
    rank = (COMPANY_DATELINE if of_company else DATELINE) + HOME_SHARE * total + FIRST * first
    elsewhere = not total and sum(evidence.total >= keep for evidence in found.values()) >= ELSEWHERE
    return rank - NOWHERE if elsewhere else rank


def _rank(evidence: _Evidence, at_home: _Evidence | None, *, first: bool, subject: bool) -> float:
    """How much speaks for another country than the dateline's to be the story's own."""
    rank = evidence.total - evidence.second
    if evidence.in_company:
        return COMPANY_ORDER * rank
    if at_home and not (at_home.headline or at_home.lead) and evidence.actor and (evidence.mentions or evidence.opens):
        rank += THROUGHOUT
    return rank + FIRST * first + SUBJECT * subject


def country_of(countries: Sequence[tuple[str, float]], dateline_country: str | None) -> str:
    """The story's own country: the first of `countries`, else the dateline's, else ZZ."""
    return countries[0][0] if countries else dateline_country or "ZZ"
