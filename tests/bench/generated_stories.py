"""Stories made by rule for the bench: the same ones on every machine, as JSON lines that wirelake and its peer both read.

Every name of a person or an organisation is put together from syllables; only countries and cities are real. Stories have the length of
wire copy (about 160 words), a dateline, two to four quotations with their cues, and titles. Sentences are put together from parts (see
`generated_sentences`), so that two stories share little but their kind. Some come twice, some in a later version, some as another paper's
shortened copy: what a day of several wires looks like."""

import datetime as dt
import json
import pathlib
import random
from collections.abc import Iterator
from typing import Any

if __package__:
    from tests.bench.generated_sentences import Composer
    from tests.bench.syllables import ENDINGS, SYLLABLES
else:  # beside a bench that was started as a script
    from generated_sentences import Composer
    from syllables import ENDINGS, SYLLABLES

Row = dict[str, Any]

FIRST_DAY = dt.date(2024, 1, 1)
STORIES_A_DAY = 1_000
"""They come in the order of time, as from an archive: a large wire sends about so many a day."""

LATE = 0.1
"""Of all stories: dated a day earlier than those around them."""

SHARE_EXACT = 0.04
SHARE_REPUBLISHED = 0.04
SHARE_UPDATED = 0.04
"""Of all rows: sent twice word for word, another paper's cut copy, and a second version with the same guid."""

LOOK_BACK = 400
"""A copy or an update is of one of the so many stories before it, so that no list of all stories is held."""

PLACES = (
    ("Windhoek", "Namibia", "Namibian"),
    ("Oslo", "Norway", "Norwegian"),
    ("Lima", "Peru", "Peruvian"),
    ("Nairobi", "Kenya", "Kenyan"),
    ("Ottawa", "Canada", "Canadian"),
    ("Jakarta", "Indonesia", "Indonesian"),
    ("Warsaw", "Poland", "Polish"),
    ("Ankara", "Turkey", "Turkish"),
    ("Hanoi", "Vietnam", "Vietnamese"),
    ("Lisbon", "Portugal", "Portuguese"),
    ("Accra", "Ghana", "Ghanaian"),
    ("Tallinn", "Estonia", "Estonian"),
    ("Seoul", "South Korea", "South Korean"),
    ("Santiago", "Chile", "Chilean"),
    ("Rabat", "Morocco", "Moroccan"),
    ("Vienna", "Austria", "Austrian"),
    ("Suva", "Fiji", "Fijian"),
    ("Manila", "the Philippines", "Philippine"),
    ("Athens", "Greece", "Greek"),
    ("Colombo", "Sri Lanka", "Sri Lankan"),
    ("Riga", "Latvia", "Latvian"),
    ("Quito", "Ecuador", "Ecuadorean"),
    ("Dublin", "Ireland", "Irish"),
    ("Lusaka", "Zambia", "Zambian"),
)

AGENCIES = ("Reuters", "AFP", "AP", "dpa", "Xinhua", "EFE")
"""Datelines carry the agency in brackets; every fourth story is a paper's own and has none."""

GIVEN = (
    "Adrel",
    "Bettine",
    "Corvin",
    "Dalia",
    "Edvik",
    "Farona",
    "Gustel",
    "Henrike",
    "Ilvar",
    "Jorun",
    "Kalista",
    "Lorin",
    "Mirela",
    "Nandor",
    "Oletta",
    "Pavlin",
)
ROLES = ("harbour master", "trade unionist", "economist", "mayor", "hydrologist", "spokeswoman", "farmer", "judge", "teacher", "surgeon")
TITLES = ("Mayor", "Professor", "Judge", "Captain", "Senator", "Colonel")
KINDS = ("Institute", "University", "Bank", "Railways", "Shipping Co", "Workers' Union", "Energy Agency", "Port Authority")
GOODS = tuple(
    """
    copper wheat timber lithium cocoa cement steel rice bauxite maize barley cotton coffee tea sugar salt nickel zinc tin gold silver
    coal oil gas wool leather rubber soy palm-oil beef pork shrimp tuna cod olives almonds cashews vanilla cloves pepper saffron
    marble granite glass paper fertiliser uranium cobalt
    """.split()
)
EVENTS = tuple(
    """
    strike flood drought by-election landslide merger inquiry blackout storm quarrel boycott collision heatwave blockade lawsuit audit
    census referendum shortage eruption earthquake wildfire outbreak march festival auction embargo mutiny recall shutdown lockout
    derailment spill leak avalanche subsidence raid summit treaty tournament election protest riot theft fire trial walkout hearing
    """.split()
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("Jan", "Feb", "March", "April", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec")

HEADLINES = (
    "{country} {event} halts {goods} exports for {n} days",
    "{demonym} court rejects appeal over {event}",
    "{org} sees {goods} output down {pct} percent",
    "{n} villages cut off by {event} in {country}",
    "{country} and {other} agree on {goods} quota",
    "{demonym} mayor quits after {event}",
)


def generate(count: int, seed: int = 1) -> Iterator[Row]:
    """`count` rows {id, guid, version, title, body, date, provider?}. Row n is the same whatever the count."""
    recent: list[Row] = []
    for number in range(count):
        chance = random.Random(f"{seed}-{number}")
        row = _row(number, chance, recent)
        # Only first versions are copied or updated: a chain of copies would grow without end.
        if row["version"] == 1 and not row["copy"]:
            recent.append({**row})
            del recent[:-LOOK_BACK]
        del row["copy"]
        yield row


def write(path: pathlib.Path, count: int, seed: int = 1) -> int:
    """Writes `count` stories as JSON lines; the number of words in their bodies."""
    words = 0
    with path.open("w", encoding="utf-8") as out:
        for row in generate(count, seed):
            words += len(row["body"].split())
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    return words


def _row(number: int, chance: random.Random, recent: list[Row]) -> Row:
    kind = chance.random()
    own = {"id": f"s{number:06d}", "guid": f"urn:bench:{number:06d}", "version": 1, "copy": True}
    if recent and kind < SHARE_EXACT:
        return {**chance.choice(recent), **own}
    if recent and kind < SHARE_EXACT + SHARE_REPUBLISHED:
        return _republished(chance.choice(recent), chance) | own
    if recent and kind < SHARE_EXACT + SHARE_REPUBLISHED + SHARE_UPDATED:
        return _updated(chance.choice(recent), chance) | {"id": own["id"]}
    return _story(number, chance) | own | {"copy": False}


def _story(number: int, chance: random.Random) -> Row:
    day = FIRST_DAY + dt.timedelta(days=number // STORIES_A_DAY - (chance.random() < LATE))
    time = (dt.datetime.min + dt.timedelta(days=number % STORIES_A_DAY / STORIES_A_DAY)).time().isoformat("seconds")
    place, other = chance.sample(PLACES, 2)
    agency = chance.choice(AGENCIES) if chance.random() < 0.75 else None
    slots = _Slots(chance, place, other, day, agency or "the paper")
    dateline = f"{place[0].upper()}, {MONTHS[day.month - 1]} {day.day} ({agency}) - " if agency else f"{place[0].upper()} - "
    composer = Composer(chance)
    paragraphs = [dateline + slots.fill(composer.lede())]
    # With the lede about 160 words.
    told = [composer.narrated() for _ in range(chance.randint(0, 4))]
    quoted = [composer.quoted() for _ in range(chance.randint(2, 4))]
    paragraphs += [slots.fill(sentence) for sentence in chance.sample([*told, *quoted], len(told) + len(quoted))]
    row: Row = {"title": slots.fill(chance.choice(HEADLINES)), "body": "\n\n".join(paragraphs), "date": f"{day}T{time}Z"}
    return row | {"provider": agency} if agency else row


def _republished(row: Row, chance: random.Random) -> Row:
    """Another paper's copy: no provider, a headline of its own, the last paragraphs cut."""
    paragraphs = row["body"].split("\n\n")
    kept = paragraphs[: max(2, len(paragraphs) - chance.randint(1, 3))]
    copy = {key: value for key, value in row.items() if key != "provider"}
    return copy | {"title": f"{row['title']}: what we know", "body": "\n\n".join(kept)}


def _updated(row: Row, chance: random.Random) -> Row:
    """A second version under the same guid, with a paragraph more."""
    place, other = chance.sample(PLACES, 2)
    slots = _Slots(chance, place, other, dt.date.fromisoformat(row["date"][:10]), row.get("provider") or "the paper")
    more = slots.fill(Composer(chance).quoted())
    # Later updates of one story bring their own number, so that no two versions are equal.
    return {
        **row,
        "version": 2 + chance.randrange(1_000_000),
        "title": f"UPDATE 2-{row['title']}",
        "body": f"{row['body']}\n\n{more}",
        "copy": True,
    }


class _Slots:
    """What the slots of one story's sentences are filled with: the same place throughout, new people and figures in each sentence."""

    def __init__(self, chance: random.Random, place: tuple[str, str, str], other: tuple[str, str, str], day: dt.date, agency: str) -> None:
        self._chance = chance
        self._goods = chance.choice(GOODS)
        self._fixed = {
            "city": place[0], "country": place[1], "demonym": place[2], "othercity": other[0], "other": other[1], "agency": agency,
            "weekday": WEEKDAYS[day.weekday()], "goods": self._goods, "goods_cap": self._goods.capitalize(), "event": chance.choice(EVENTS),
        }  # fmt: skip
        self._organisations = [_organisation(chance, place[2]) for _ in range(2)]

    def fill(self, template: str) -> str:
        """The sentence with every slot filled."""
        chance = self._chance
        surname = _surname(chance)
        filled = template.format(
            **self._fixed,
            name=f"{chance.choice(GIVEN)} {surname}",
            surname=surname,
            org=chance.choice(self._organisations),
            role=chance.choice(ROLES),
            title=chance.choice(TITLES),
            n=chance.randint(11, 97),
            pct=chance.randint(2, 9),
        )
        return filled[0].upper() + filled[1:]


def _surname(chance: random.Random) -> str:
    return "".join(chance.choices(SYLLABLES, k=chance.randint(1, 2))).capitalize() + chance.choice(ENDINGS)


def _organisation(chance: random.Random, demonym: str) -> str:
    return f"{chance.choice((demonym, _surname(chance)))} {chance.choice(KINDS)}"
