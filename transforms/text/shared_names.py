"""Names that two countries bear, or a country and another's state: which of them a text means."""

import functools
from collections.abc import Collection, Mapping, Sequence

from transforms.text.gazetteer import Sense, rows


def meant(senses: Sequence[Sense], home: str | None, named: Mapping[str, Collection[str]]) -> Sense:
    """The sense of a name that a text means. senses: the likeliest first. home: the country that the text comes from. named: country ->
    other names, of its people and towns too, that leave no doubt that the text names it."""
    state = next((sense for sense in senses[1:] if sense.kind == "region" or sense.admin1), None)
    return _of_two_countries(senses, home, named) if state is None else _country_or_state(senses[0], state, home, named)


def _country_or_state(country: Sense, state: Sense, home: str | None, named: Mapping[str, Collection[str]]) -> Sense:
    """Georgia: the country where the text names its people or towns or comes from there, or where it names other countries, or comes
    from one, but not the state's; else the state."""
    if country.country == home or named.get(country.country):
        return country
    return state if state.country == home or named.get(state.country) or not (named or home) else country


def _of_two_countries(senses: Sequence[Sense], home: str | None, named: Mapping[str, Collection[str]]) -> Sense:
    """Congo, Korea: the one that the text comes from; else the first, unless the text names the other and not the first. Who calls the
    first by a former name alone (Zaire) writes when it was no namesake, and means the other."""
    first, *others = senses
    at_home = next((sense for sense in senses if sense.country == home), None)
    if at_home is not None:
        return at_home
    names = named.get(first.country, ())
    if names and all(name in _former_names() for name in names):
        return others[0]
    return first if names else next((sense for sense in others if named.get(sense.country)), first)


@functools.cache
def _former_names() -> frozenset[str]:
    return frozenset(name for name, _, era, _ in rows("transforms.text.data", "country_names.tsv") if era == "historic")
