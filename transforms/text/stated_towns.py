"""Towns as the state or country that follows them says: `Paris, Texas`, `Lebanon, Pa.`, `Clear Lake, Iowa`."""

from transforms.text.calendar_words import is_calendar_word
from transforms.text.gazetteer import Sense, people_names, words_beside
from transforms.text.local_places import towns_of
from transforms.text.name_bearers import WORD_END

TOWN_WORDS = 3
"""Most words of a town's name that is read from the state after it (`West Palm Beach, Fla.`)."""


def other_state(senses: tuple[Sense, ...], after: Sense) -> bool:
    """Whether what follows a state's name says that the town of the name is meant: `Victoria, British Columbia`."""
    return after.country != senses[0].country and any(s.kind == "city" and s.country == after.country for s in senses)


def town_stated(senses: tuple[Sense, ...], after: Sense) -> Sense | None:
    """The town that lies in the state or country that follows its name."""
    there = [s for s in senses if s.country == after.country and s.kind == "city"]
    exact = [s for s in there if after.kind == "region" and s.admin1 == after.admin1]
    if exact or there:
        return (exact or there)[0]
    return Sense("city", after.country, senses[0].canonical) if after.kind == "region" else None


def town_before(text: str, start: int, free: int) -> int | None:
    """Where the unknown town begins that stands before a state: 'Clear Lake, Iowa'. `free` is the end of the place before it."""
    begin, words = start - 2, 0
    while words < TOWN_WORDS:
        blank = text.rfind(" ", max(free, begin - 24), begin)
        word = text[blank + 1 : begin]
        if (
            not word[:1].isupper()
            or not word.replace("'", "").replace("-", "").replace(".", "").isalpha()
            or word in words_beside()["preposition"]
            or is_calendar_word(word)
        ):
            break
        if blank + 1 < free or blank < 0:
            return None
        begin, words = blank, words + 1
        if text[blank - 1 : blank] in WORD_END:
            break
    first = text[begin + 1 : start - 2].split(" ", 1)[0].lower()
    return begin + 1 if words and "g" not in people_names().get(first, "") else None


def in_state(name: str, state: Sense, *, is_sure: bool, is_listed: bool) -> Sense | None:
    """The town of a country's name before its state (`Lebanon, Pa.`). A state's full name may follow a country's in a list (`Mexico,
    Arizona and Texas`): there only a town that the tables have is meant."""
    town = next((each for each in towns_of(name) if (each.country, each.admin1) == (state.country, state.admin1)), None)
    if is_sure:
        return town or Sense("city", state.country, name)
    return None if is_listed else town
