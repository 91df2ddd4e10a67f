"""A mention: a stretch of the body, and what is known of it."""

from transforms.text.canonical import Person
from transforms.text.places import Place

PLACE_TYPES = {"country": "LOC", "city": "LOC", "region": "LOC", "demonym": "NORP", "metonym": "ORG"}
"""Entity type of each kind of gazetteer entry; an office that stands for a government is an organisation."""


class Mention:
    """A stretch of the body, its type and what is known of it."""

    __slots__ = ("canonical", "country", "end", "gender", "person", "place", "role", "start", "tier", "title", "type")

    def __init__(self, start: int, end: int, type_: str, tier: str) -> None:
        self.start = start
        self.end = end
        self.type = type_
        self.tier = tier
        self.person: Person | None = None
        self.place: Place | None = None
        self.title: str | None = None
        self.role: str | None = None
        self.gender = ""
        self.canonical: str | None = None
        self.country: str | None = None

    def words(self, body: str) -> list[str]:
        """The words of the name as they stand."""
        return body[self.start : self.end].split()

    def take(self, place: Place) -> None:
        """Makes it a mention of a place of the gazetteer."""
        self.place, self.canonical, self.country = place, place.canonical, place.country

    @classmethod
    def of_place(cls, place: Place) -> "Mention":
        """The mention that a gazetteer's entry is."""
        mention = cls(place.span_start, place.span_end, PLACE_TYPES[place.kind], "gazetteer")
        mention.take(place)
        return mention
