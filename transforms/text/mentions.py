"""A mention: a stretch of the body, and what is known of it."""

from collections.abc import Sequence

from transforms.text.canonical import Person
from transforms.text.places import Place
from transforms.text.tokens import Word

PLACE_TYPES = {"country": "LOC", "city": "LOC", "region": "LOC", "demonym": "NORP", "metonym": "ORG"}
"""Entity type of each kind of gazetteer entry; an office that stands for a government is an organisation."""


class Mention:
    """A stretch of the body and what is known of it; `words` are the capitalised words without titles."""

    __slots__ = (
        "canonical",
        "country",
        "end",
        "gender",
        "opens",
        "person",
        "place",
        "role",
        "start",
        "tier",
        "title",
        "type",
        "wide",
        "words",
    )

    def __init__(self, words: Sequence[Word], type_: str, opens: bool = False) -> None:
        self.words = words
        self.type = type_
        self.opens = opens
        self.start = words[0].start if words else 0
        self.end = words[-1].end if words else 0
        self.person: Person | None = None
        self.place: Place | None = None
        self.title: str | None = None
        self.role: str | None = None
        self.gender = ""
        self.canonical: str | None = None
        self.country: str | None = None
        self.tier = "rules"
        self.wide = False
        """Whether it is a place that may lie in several countries or in none."""

    def name_words(self, body: str) -> list[str]:
        """The words of the name as they stand, small ones (von der) included."""
        return body[self.words[0].start : self.words[-1].end].split()

    @classmethod
    def of_place(cls, place: Place) -> "Mention":
        """The mention that a gazetteer's entry is."""
        mention = cls((), PLACE_TYPES[place.kind])
        mention.start, mention.end, mention.place, mention.tier = place.span_start, place.span_end, place, "gazetteer"
        mention.canonical, mention.country = place.canonical, place.country
        return mention
