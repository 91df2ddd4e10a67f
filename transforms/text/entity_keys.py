"""Keys of entities: what is the same in every story, where a name says for certain who or what is meant.

country:KP      a country
geonames:ID     a town of the gazetteer, or another place of it, by its GeoNames id
region:US:california
                a state or region that has no id there, with its country
people:KP       a country's people, or what is of it (type NORP); a state's people have none
per:kim jong un a person named in full somewhere in the story
org:united nations
                an organisation named in full, or known to everybody by the form in the story

Names are folded: no case, accents, full stops or apostrophes, a hyphen is a blank, persons' suffixes stay, firms' go. Everything else
has no key: surnames and given names alone, an initial and a surname, places of no table, names that are made of common words alone and
that every country may have (`Supreme Court`). Two namesakes have the same key."""

import functools
import re

from transforms.text.canonical import Person
from transforms.text.gazetteer import PEOPLES, people_names
from transforms.text.lexicons import grammar, org_words, word_list
from transforms.text.mentions import Mention
from transforms.text.name_forms import NICKNAME_MARKS, SUFFIXES, fold, without_article
from transforms.text.organisations import core_of, has_suffix, is_acronym, known_organisation

_HYPHENS = re.compile(r"[\s‐‑–-]+")


def entity_key(mention: Mention, name: str) -> str | None:
    """The key of a mention with its canonical name, or None."""
    if mention.person is not None:
        return person_key(mention.person)
    place = mention.place
    if place is not None:
        if mention.type == "LOC" and place.kind == "country":
            return f"country:{place.country}"
        if mention.type == "NORP" and place.kind == "demonym":
            return None if PEOPLES.get(place.canonical, ("", ""))[1] else f"people:{place.country}"
        if mention.type == "LOC" and place.geonames_id is not None:
            return f"geonames:{place.geonames_id}"
        if mention.type == "LOC" and place.kind == "region":
            return f"region:{place.country}:{' '.join(core_of(place.canonical))}"
        if mention.type == "ORG" and place.kind == "metonym":
            return _seat_key(place.country, place.canonical)
    return organisation_key(name) if mention.type == "ORG" else None


def person_key(person: Person) -> str | None:
    """The key of a person named in full; None for one of whom the story knows a surname, a given name or an initial alone."""
    return _person_key(tuple(person.words)) if len(person.core) > 1 else None


@functools.lru_cache(65536)
def _person_key(words: tuple[str, ...]) -> str | None:
    folded = [fold(part) for word in words if word[0] not in NICKNAME_MARKS for part in _HYPHENS.split(without_article(word))]
    folded = [word for word in folded if word]
    names = [word for word in folded if word not in SUFFIXES]
    if len(names) < 2 or len(names[0]) < 2:
        return None
    if len(folded) == 2 and "g" in people_names().get(names[1], "") and names[0] not in people_names():
        folded.reverse()  # Orban Viktor
    return "per:" + " ".join(folded)


@functools.lru_cache(65536)
def organisation_key(name: str) -> str | None:
    """The key of an organisation by its fullest name in the story; None where the name may be another's."""
    known = known_organisation(name)
    if known is not None:
        return "org:" + " ".join(core_of(known))
    core = core_of(name)
    if is_acronym(name) or (len(core) == 1 and not has_suffix(name)):
        return None
    # A name cut short begins with a letter or a small word.
    if len(core[0]) < _LEAST_FIRST or core[0] in word_list("function_words.txt") or all(map(_is_common, core)):
        return None
    return "org:" + " ".join(core)


_LEAST_FIRST = 2


@functools.lru_cache(4096)
def _seat_key(country: str, name: str) -> str:
    """The key of a building or body that stands for a country's government: of `Congress` that of `US Congress`; with the country where
    others have one too (`House of Commons`)."""
    known = known_organisation(name) or known_organisation(f"{country} {name}")
    core = " ".join(core_of(known or name))
    return f"org:{core}" if known or organisation_key(name) is not None or len(core_of(name)) == 1 else f"org:{country.lower()} {core}"


def _is_common(word: str) -> bool:
    """Whether a folded word is a word of the language or one that many organisations have in their names."""
    lists = (word_list("english_words.txt"), word_list("function_words.txt"), grammar("organisation_word"))
    return any(word in words for words in lists) or word.capitalize() in org_words("last")
