"""Copies of taught texts with other names in them, so that the tagger learns what stands around names and not the names of some years.

The names are made from the package's own lists: given names and surnames, towns, words of organisations, and invented words that are
the beginning of one name and the end of another."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from transforms.text.gazetteer import city_table, people_names
from transforms.text.lexicons import org_words

INVENTED, INVENTED_TOWNS = 0.5, 0.3
"""Shares of invented words among surnames and firms, and among towns: half of the names of news are in no list."""
SWAPPED = {"PER": 0.7, "ORG": 0.35, "LOC": 0.5}
"""Share of the different names of a text that are swapped, by type."""
SHORT = 0.6
"""Share of a firm's later mentions by its first word alone."""
_FIRMS = (
    "{0} Corp|{0} Inc|{0} Co|{0} Ltd|{0} plc|{0} Group|{0} and {1} Co|{0} and {1} Inc|{0} & {1}|{0} {1} Inc|{0} {1}|{0} {1} Corp|"
    "{0} {2}|{0} {2}|{0} {2}"
).split("|")
_OTHERS = ("{0} {3}|{0} {3}|{0} {1} {3}|University of {4}|{4} {3}|{4} {3}|Bank of {4}|Institute for {0} {3}|Ministry of {3}|{5}").split("|")
"""Patterns of names: two words, a trade, a word of organisations, a town, letters."""
_TRADES = (
    "Industries Motors Airlines Systems Securities Energy Resources Petroleum Chemical Foods Bank Steel Electric Power Media "
    "Pharmaceuticals Technologies Financial Holdings Insurance Airways Stores Partners Capital Software Mining Telecom Entertainment "
    "Pictures Records Hotels"
).split()
_TOWN_ENDINGS = ("ville", "burg", "ton", "abad", "grad", "stadt", "ino", "pur")
_MOST_LETTERS = 4
FIRMS, LETTERS, ENDINGS = 0.6, 0.1, 0.4
"""Shares of firms among organisations, of letters among their first words, of invented towns with a common ending."""


class Names:
    """A source of names, by chance."""

    def __init__(self, chance: np.random.Generator) -> None:
        self.chance = chance
        people = people_names()
        self.given = sorted(name.capitalize() for name, kinds in people.items() if "g" in kinds and len(name) > 2)
        self.surnames = sorted(name.capitalize() for name, kinds in people.items() if "s" in kinds and len(name) > 2)
        towns = [name for sense, name, _ in city_table() if sense.size >= 50_000 and name.isascii()]
        self.towns = sorted(set(towns))
        self.bodies = sorted(org_words("last"))

    def pick(self, names: Sequence[str]) -> str:
        """One of them."""
        return names[int(self.chance.integers(len(names)))]

    def word(self) -> str:
        """A surname, or a word like one."""
        one = self.pick(self.surnames)
        if self.chance.random() >= INVENTED:
            return one
        other = self.pick(self.surnames).lower()
        return one[: max(2, (len(one) + 1) // 2)] + other[len(other) // 2 :]

    def letters(self) -> str:
        """An acronym."""
        return "".join(chr(65 + int(code)) for code in self.chance.integers(0, 26, int(self.chance.integers(2, _MOST_LETTERS + 1))))

    def town(self) -> str:
        """A town of the gazetteer, or an invented one."""
        if self.chance.random() >= INVENTED_TOWNS:
            return self.pick(self.towns)
        return self.word() + self.pick(_TOWN_ENDINGS) if self.chance.random() < ENDINGS else self.word()

    def organisation(self) -> str:
        """A firm or another body."""
        patterns = _FIRMS if self.chance.random() < FIRMS else _OTHERS
        head = self.letters() if self.chance.random() < LETTERS else self.word()
        return self.pick(patterns).format(head, self.word(), self.pick(_TRADES), self.pick(self.bodies), self.town(), self.letters())


def swapped(text: str, entities: Sequence[Mapping[str, Any]], names: Names) -> tuple[str, list[dict[str, Any]]]:
    """The text with other names in the place of some, the same for the same, and its entities."""
    words: dict[str, str] = {}
    """New words of people's names, so that a surname stays that of its full name."""
    forms: dict[tuple[str, str], str | None] = {}
    out, kept, at, size = [], [], 0, 0
    for entity in sorted(entities, key=lambda e: e["start"]):
        start, end, kind = entity["start"], entity["end"], entity["type"]
        if start < at:
            continue
        old = text[start:end]
        key = (kind, old)
        seen = key in forms
        if not seen:
            forms[key] = _other(old, kind, names, words)
        new = forms[key]
        if new is None:
            new = old
        elif seen and kind == "ORG" and " " in new and names.chance.random() < SHORT:
            new = new.split(" ")[0]
        out += [text[at:start], new]
        size += start - at
        kept.append({"start": size, "end": size + len(new), "type": kind})
        size += len(new)
        at = end
    out.append(text[at:])
    return "".join(out), kept


def _other(old: str, kind: str, names: Names, words: dict[str, str]) -> str | None:
    """Another name of the kind; None where the name stays."""
    if kind not in SWAPPED or "\n" in old:
        return None
    parts = old.split(" ")
    if kind == "PER":
        if not all(part[:1].isupper() for part in parts) or (parts[-1] not in words and names.chance.random() >= SWAPPED[kind]):
            return None
        for part in parts[:-1]:
            words.setdefault(part, part if part.endswith(".") else names.pick(names.given))
        words.setdefault(parts[-1], names.word())
        return " ".join(words[part] for part in parts)
    if names.chance.random() >= SWAPPED[kind] or (kind == "ORG" and old.isupper()):
        return None
    return names.organisation() if kind == "ORG" else names.town()
