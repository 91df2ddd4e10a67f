"""What the names of places in a headline mean in their story: the body has the context that a headline lacks."""

from collections.abc import Container, Iterator, Sequence

from transforms.text.gazetteer import Entry, entries
from transforms.text.places import Place, headline_places
from transforms.text.shared_names import meant


class Context:
    """What a story says about the names in its headline.

    places, bearers: as `read_places` found them in the body. home, town: the country and the place that the story was filed from."""

    def __init__(self, places: Sequence[Place], bearers: Container[str], home: str | None, town: str | None) -> None:
        self._spelled = {place.text.casefold(): place.country for place in places}
        self._bearers = bearers
        self._home = home
        self._town = town.casefold() if town and home else None
        self._named: dict[str, set[str]] = {}
        for place in places:
            self._named.setdefault(place.country, set()).add(place.text)

    def places(self, headline: str) -> Iterator[Place]:
        """The places of a headline, each with the country that the story means; what the body has for a person or a word is none."""
        for place in headline_places(headline):
            entry = entries().get(place.text)
            country = self._country(place, entry)
            if country is not None:
                yield place if country == place.country else place._replace(country=country)

    def _country(self, place: Place, entry: Entry | None) -> str | None:
        spelled = self._spelled.get(place.text.casefold())
        if spelled is not None:
            return spelled
        if entry is not None and entry.name in self._bearers:
            return None
        if place.text.casefold() == self._town and place.country not in self._named:
            return self._home
        if entry is not None and len(entry.senses) > 1 and entry.senses[0].kind in ("country", "demonym"):
            return meant(entry.senses, self._home, self._named).country
        return place.country
