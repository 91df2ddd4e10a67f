"""Sentences of the bench's stories, with slots in braces: each is put together from parts, so that few are made twice."""

import random

TRAITS = tuple(
    """
    old sunken flooded foreign northern unpaid wooden empty rusty distant narrow frozen private rural coastal idle borrowed broken
    costly crowded dusty early faulty forgotten fragile hidden illegal inland leaking missing modest muddy neglected official painted
    public quiet remote rented rival salty secret seasonal shallow spare steep stolen stranded temporary undersea unfinished unsold
    untested upland vacant voluntary weathered western windy worn
    """.split()
)
NOUNS = tuple(
    """
    bridges granaries tunnels barges cranes cellars trawlers cables marshes pumps sirens ledgers orchards kilns ferries archives
    lanterns turbines quarries harvests tariffs looms barracks canals hospitals markets mills nurseries observatories pastures
    pensions piers railcars refineries reservoirs roofs schools sheds shipyards silos smelters stables statues tanneries taverns
    telegraphs terraces theatres timetables tolls tramlines tunes vineyards wages warehouses wells wharves windmills workshops yards
    """.split()
)
FOLK = tuple(
    """
    ministers shopkeepers exporters lenders sailors miners hauliers insurers villagers hydrologists economists inspectors engineers
    farmers fishermen teachers surgeons tailors pilots clerks weavers brewers carpenters creditors officers dockers drivers editors
    electricians foresters gardeners glaziers grocers herdsmen innkeepers judges landlords librarians masons midwives millers nurses
    pensioners plumbers porters potters printers referees roofers shepherds smiths stewards students surveyors tenants traders
    translators vintners voters welders
    """.split()
)
SPOTS = tuple(
    """
    river harbour quay valley market coast border square station lake delta plateau lighthouse airfield gorge forest islands peninsula
    suburbs stadium cathedral monastery dunes estuary foothills glacier headland springs lagoon moor bay oasis pass park prairie
    promenade rapids reef ridge flats sound steppe straits summit swamp terminal tundra university volcano waterfall wetlands zoo
    """.split()
)
"""Words that the parts below are filled with, so many that no three words in a row stand in more than a few of a hundred stories: in
Reuters' copy the commonest do in two."""

LEDES = (
    "A {event} in {country} {stopped} {trait} shipments of {goods} for {n} days, the {org} said on {weekday}, {outlook}.",
    "{country}'s {trait} court told {folk} on {weekday} of an appeal by {org} over the {event} that "
    "{shook} {city} last {season}, {outlook}.",
    "{goods_cap} prices {fell} {pct}.{n} percent on {weekday} after {country} said a {trait} {event} "
    "would cut its output by {n},000 tonnes, {outlook}.",
    "{country} and {other} agreed with {folk} to share {n} {trait} percent of the {goods} trade, ending "
    "a {event} of {pct} weeks, {outlook}.",
    "Rescuers reached {n} villages in northern {country} on {weekday} after a {event} that {shook} {city}, {outlook}.",
    "Thousands of {demonym} {folk} {marched} through {city} on {weekday} as a {event} entered its {pct}th week, {outlook}.",
    "{org} will close {pct} of its {n} {noun} in {country} because of the {event}, its directors said on {weekday}, {outlook}.",
)

PARTS = {
    "trait": TRAITS,
    "noun": NOUNS,
    "folk": FOLK,
    "spot": SPOTS,
    "stopped": ("has stopped", "halted", "interrupted", "has delayed", "slowed", "may end"),
    "shook": ("shook", "paralysed", "cut off", "surprised", "emptied the streets of", "darkened much of"),
    "marched": ("marched", "filed", "walked in silence", "drove their tractors", "carried candles", "pushed their carts"),
    "fell": ("fell", "rose", "shrank", "grew", "slid", "climbed"),
    "season": ("spring", "summer", "autumn", "winter", "year", "month"),
    "outlook": (
        "in the clearest sign that {folk} had failed",
        "raising fears for {trait} {noun} before the harvest",
        "a day after {folk} promised {trait} {noun}",
        "despite pleas from {folk} and {folk}",
        "and more {trait} {noun} are expected",
        "as {folk} weighed a {trait} loan",
        "while {trait} {noun} stayed shut",
        "the first such step of {folk} in a generation",
        "ahead of a summit of {folk} by the {spot}",
        "to the dismay of {folk} on the {spot}",
    ),
    "doer": (
        "The government in {city}",
        "{other}, the largest buyer of {demonym} {goods},",
        "{folk_cap} at {org}",
        "The central bank",
        "A committee of {trait} {folk}",
        "Police in {city}",
        "{name}, who has worked as a {role} for {n} years,",
        "{title} {name}",
        "The {trait} council",
        "{folk_cap} of the {org}",
        "{folk_cap} near {othercity}",
        "A panel led by {name} of {org}",
        "The health ministry of {country}",
        "{folk_cap} between {city} and {othercity}",
    ),
    "did": (
        "has set {n} million dollars aside for",
        "questioned {n} {folk} about",
        "refused to show {folk} a report on",
        "will vote in {pct} days on",
        "had warned {folk} twice of",
        "blamed {trait} {noun} for",
        "sent {folk} to study",
        "disputed the {folk}' account of",
        "drew up {trait} timetables for",
        "postponed a {trait} hearing on",
        "asked {folk} for patience over",
        "photographed from the {spot}",
        "kept {trait} records of",
        "proposed that {folk} pay for",
    ),
    "thing": (
        "the repair of {pct} {trait} {noun}",
        "the wages of {n},000 {folk}",
        "a fire in {trait} {noun}",
        "missing deliveries of {goods}",
        "the price of {trait} {noun}",
        "a tunnel under the {spot}",
        "the pensions of {trait} {folk}",
        "{n} {trait} {noun} by the {spot}",
        "{trait} {noun} in the {spot}",
        "licences for {trait} {folk}",
        "the sale of {trait} {noun}",
        "{noun} across the {spot}",
        "smuggling by {folk} on the {spot}",
        "the merger of {pct} {noun}",
        "duties on {trait} {noun}",
        "the relocation of {n} {folk}",
    ),
    "aside": (
        "about {pct} percent more than {folk} had guessed",
        "according to a {trait} letter that {folk} showed {agency}",
        "where {n} {folk} were still waiting by the {spot}",
        "a dispute over {noun} since the {trait} reform",
        "despite {trait} objections from {other}",
        "a decision that divided {folk}",
        "although no {folk} have been told",
        "and withdrew its {folk} from {othercity}",
        "citing {trait} {folk}",
        "before {trait} snow closes the {spot}",
        "a figure that {folk} called cautious",
        "and declined to speak of {trait} {noun}",
        "which employs {n},000 {folk} in the {spot}",
        "under a {trait} agreement signed in {othercity}",
    ),
    "opening": (
        "Nobody has told {folk}",
        "We {trait} {folk} knew by the {spot}",
        "I cannot explain to {trait} {folk}",
        "It took {n} {folk} to ask in the {spot}",
        "The {trait} {folk} asked at the {spot}",
        "You only have to look at the {spot} to see",
        "Our {noun} show {folk}",
        "What frightens {folk} here is",
        "I have seen at the {spot}",
        "They will understand in {othercity}",
        "Every one of the {folk} knows",
        "Let me say to {folk}",
    ),
    "point": (
        "who will pay {folk} for the {event}",
        "why the {noun} stood {trait} while {goods} rotted on the {spot}",
        "how few {folk} were left of the {trait} {noun}",
        "that {n} days without {noun} ruin {folk}",
        "which of the {noun} can still be used",
        "that the {noun} were {trait} long before the rain",
        "how many {trait} {noun} were signed for",
        "that {trait} prices follow {folk} and not {noun}",
        "what a {trait} {event} would mean for the {folk}",
        "that the {noun} were built for {trait} times",
        "who gave {folk} the order to close the {spot}",
        "that {goods} cannot feed {n},000 {folk}",
        "why the {folk} came back with {noun}",
        "that {folk} have their limits, even in {city}",
    ),
    "rest": (
        "and no {noun} will change before {weekday}",
        "but we are not going to leave the {spot}",
        "and that is what {folk} say",
        "whatever the {folk} write",
        "and I would sign for the {noun} again",
        "so we started to dig for {noun}",
        "but there are no {noun} in the {spot}",
        "and the {trait} {folk} have gone abroad",
        "as any of the {folk} can see",
        "and the {spot} is {n} weeks away",
    ),
    "told_by": ("said {person}", "{name} {said}", "{surname} {said}", "{person} {said}"),
    "said": ("said", "told {agency}", "added", "said in an interview", "warned", "said on {weekday}", "told reporters in {city}"),
    "person": ("{name}, a {role} in {city}", "{name}", "{title} {name}", "{name}, {role} at {org}", "{name} of {org}"),
}
PARTS["folk_cap"] = tuple(folk.capitalize() for folk in FOLK)

NARRATED = (
    "{doer} {did} {thing}, {aside}.",
    "{doer} {did} {thing} and {thing}.",
    "Shares in {org} {fell} {pct} percent to {n}.{pct} after {folk} heard in {othercity} that it {did} {thing}, {aside}.",
    "According to {org}, {demonym} {goods} exports to {other} {fell} by {pct} percent for want of {noun}, {aside}.",
    "A {trait} {event} in {othercity} made {folk} quarrel over {thing}, {aside}.",
    "In {othercity}, {name} of {org} {did} {thing}.",
)

QUOTED = (
    '"{opening} {point}, {rest}," {told_by}.',
    '"{opening} {point}," {told_by}. "{opening} {point}."',
    '{person} said: "{opening} {point}, {rest}."',
    '"{opening} {point}," {told_by}, {aside}.',
    '{title} {name} said the {goods} {noun} needed {n} {folk}. "{opening} {point}," {surname} said.',
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
