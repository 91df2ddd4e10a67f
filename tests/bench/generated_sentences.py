"""Sentences of the bench's stories, with slots in braces: each is put together from parts, so that few are made twice."""

import random

LEDES = (
    "A {event} in {country} {stopped} the shipment of {goods} for {n} days, the {org} said on {weekday}, {outlook}.",
    "{country}'s highest court on {weekday} turned down an appeal by {org} over the {event} that {shook} {city} last {season}, {outlook}.",
    "{goods_cap} prices rose {pct} percent on {weekday} after {country} said a {event} would cut its output by {n},000 tonnes, {outlook}.",
    "{country} and {other} agreed on {weekday} to share {n} percent of the {goods} trade, ending a {event} of {pct} weeks, {outlook}.",
    "Rescuers reached {n} villages in northern {country} on {weekday} after a {event} that {shook} {city}, {outlook}.",
    "Thousands of {demonym} workers {marched} through {city} on {weekday} as a {event} entered its {pct}th week, {outlook}.",
    "{org} will close {pct} of its {n} plants in {country} because of the {event}, its directors said on {weekday}, {outlook}.",
)

PARTS = {
    "stopped": ("has stopped", "halted", "interrupted", "has delayed", "put an end to", "may yet prolong the halt in"),
    "shook": ("shook", "paralysed", "cut off", "surprised", "emptied the streets of", "darkened much of"),
    "marched": ("marched", "filed", "walked in silence", "drove their tractors", "carried candles", "pushed their carts"),
    "season": ("spring", "summer", "autumn", "winter", "year", "month"),
    "outlook": (
        "in the clearest sign yet that talks had failed",
        "raising fears of shortages before the harvest",
        "a day after ministers promised relief",
        "despite pleas from shopkeepers and exporters",
        "and more closures are expected",
        "as lenders weighed a second loan",
        "while neighbours kept their ports shut",
        "the first such step in a generation",
        "ahead of a summit of finance ministers",
        "to the dismay of small towns on the coast",
    ),
    "doer": (
        "The government in {city}",
        "{other}, the largest buyer of {demonym} {goods},",
        "Analysts at {org}",
        "The central bank",
        "A committee of the parliament",
        "Police in {city}",
        "{name}, who has worked as a {role} for {n} years,",
        "{title} {name}",
        "The provincial council",
        "Insurers of the {org}",
        "Villagers near {othercity}",
        "A panel led by {name} of {org}",
        "The health ministry of {country}",
        "Hauliers between {city} and {othercity}",
    ),
    "did": (
        "has set aside {n} million dollars for",
        "questioned {n} people about",
        "refused to publish a report on",
        "will vote in {pct} days on",
        "had warned twice of",
        "blamed careless planning for",
        "sent engineers to study",
        "disputed the official account of",
        "drew up a timetable for",
        "postponed a hearing on",
        "asked creditors for patience over",
        "photographed from the air",
        "kept a record of",
        "proposed a levy to pay for",
    ),
    "thing": (
        "the repair of {pct} bridges",
        "the wages of {n},000 miners",
        "a fire in the old granary",
        "missing deliveries of {goods}",
        "the price of diesel and bread",
        "a tunnel under the river",
        "the pensions of retired sailors",
        "two sunken barges and a crane",
        "flooded cellars in the market quarter",
        "licences for foreign trawlers",
        "the sale of the state's shares",
        "a power line across the marshes",
        "smuggling on the northern road",
        "the merger of {pct} savings banks",
        "unpaid customs duties",
        "the relocation of {n} families",
    ),
    "aside": (
        "about {pct} percent more than a year earlier",
        "according to a letter seen by {agency}",
        "where {n} lorries were still waiting at dusk",
        "the third dispute of its kind since the currency reform",
        "despite objections from {other}",
        "a decision that divided the cabinet",
        "although no date has been fixed",
        "and withdrew its observers from {othercity}",
        "citing advice from hydrologists",
        "before snow closes the passes",
        "a figure that economists called cautious",
        "and declined to comment further",
        "which employs {n},000 people in the district",
        "under an agreement signed in {othercity}",
    ),
    "opening": (
        "Nobody has told us",
        "We always knew",
        "I cannot explain to my children",
        "It took us {pct} weeks to find out",
        "The minister never asked",
        "You only have to look at the harbour to see",
        "Our figures show",
        "What frightens people here is",
        "I have seen with my own eyes",
        "They will understand in {othercity}",
        "Every farmer in this valley knows",
        "Let me say plainly",
    ),
    "point": (
        "who will pay for the {event}",
        "why the warehouses stood empty while {goods} rotted on the quay",
        "how little was left of the old road",
        "that {n} days without work ruin a family",
        "which of the wells can still be used",
        "that the pumps were broken long before the rain",
        "how many of the contracts were never signed",
        "that prices follow fear and not supply",
        "what a second {event} would mean for the schools",
        "that the dam was built for another century",
        "who gave the order to switch off the sirens",
        "that {goods} alone cannot feed {n},000 households",
        "why the inspectors came back with nothing",
        "that patience has its limits, even in {city}",
    ),
    "rest": (
        "and nothing will change before {weekday}",
        "but we are not going to leave",
        "and that is the honest answer",
        "whatever the newspapers write",
        "and I would sign it again tomorrow",
        "so we started to dig ourselves",
        "but there is no money in the till",
        "and the young ones have gone abroad",
        "as anyone with a calculator can see",
        "and winter is only {pct} weeks away",
    ),
    "told_by": ("said {person}", "{name} {said}", "{surname} {said}", "{person} {said}"),
    "said": ("said", "told {agency}", "added", "said in an interview", "warned", "said on {weekday}", "told reporters in {city}"),
    "person": ("{name}, a {role} in {city}", "{name}", "{title} {name}", "{name}, {role} at {org}", "{name} of {org}"),
}

NARRATED = (
    "{doer} {did} {thing}, {aside}.",
    "{doer} {did} {thing} and {thing}.",
    "Shares in {org} closed {pct} percent lower at {n}.{pct} after it emerged that it {did} {thing}, {aside}.",
    "According to {org}, {demonym} {goods} exports fell by {pct} percent in the first {n} weeks of the year, {aside}.",
    "The last {event} of this size, {n} years ago, had led to a quarrel over {thing}, {aside}.",
    "In {othercity}, {name} of {org} {did} {thing}.",
)

QUOTED = (
    '"{opening} {point}, {rest}," {told_by}.',
    '"{opening} {point}," {told_by}. "{opening} {point}."',
    '{person} said: "{opening} {point}, {rest}."',
    '"{opening} {point}," {told_by}, {aside}.',
    '{title} {name} said the {goods} market needed {n} weeks. "{opening} {point}," {surname} said.',
    'A spokesman for {org} said that it {did} {thing}. "{opening} {point}, {rest}," he said.',
    '"{opening} {point}, {rest}," according to {person}.',
)
"""One quotation each, or one in two halves."""


class Composer:
    """Makes the sentences of one story: what was said in it is not said again while there is anything else."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._left: dict[str, list[str]] = {}

    def lede(self) -> str:
        """The first sentence of a story."""
        return self._composed(self._next("lede", LEDES))

    def narrated(self) -> str:
        """A sentence without a quotation."""
        return self._composed(self._next("narrated", NARRATED))

    def quoted(self) -> str:
        """A paragraph with a quotation and its cue."""
        return self._composed(self._next("quoted", QUOTED))

    def _next(self, name: str, parts: tuple[str, ...]) -> str:
        if not self._left.get(name):
            self._left[name] = self._chance.sample(parts, len(parts))
        return self._left[name].pop()

    def _composed(self, sentence: str) -> str:
        """The sentence with its parts put in; the slots of a story's own facts are left."""
        while slot := next((name for name in PARTS if f"{{{name}}}" in sentence), None):
            sentence = sentence.replace(f"{{{slot}}}", self._next(slot, PARTS[slot]), 1)
        return sentence
