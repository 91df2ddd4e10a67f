"""Reading runs of capitalised words: which are persons, organisations, buildings and streets, and which are nothing."""

import re
from collections.abc import Sequence

from transforms.text.gazetteer import DIVIDED, countries_by_name, people_names
from transforms.text.lexicons import (
    facility_words,
    grammar,
    is_world_region,
    known_names,
    name_openers,
    org_words,
    titles,
    wide_words,
    word_list,
)
from transforms.text.mentions import Mention
from transforms.text.places import Place
from transforms.text.roles import is_role_noun
from transforms.text.surroundings import is_spot, person_around, single_types
from transforms.text.tokens import Run, Word

_OF = frozenset((" of ", " of the ", " for ", " for the ", " on ", " in "))
_MONTHS_AND_NAMES = frozenset(("April", "May", "June", "August"))
"""Months that are names of people too: after a given name they stay."""
_PARTNERS = frozenset(("Co", "Company", "Sons", "Bros", "Brothers", "Partners", "Associates"))
"""After a name and 'and' they belong to a firm's name (Roe and Co)."""
_MAX_GAP = 12
_NEXT_WORD = re.compile(r"[ \u00a0]([a-z]+)\b")
_ACRONYM = re.compile(r"[A-Z][A-Z0-9&]{1,6}(?:-\d+)?|(?:[A-Z]\.){2,5}")
_MAX_PERSON_WORDS = 5


class Reader:
    """The rules over one body and its places."""

    def __init__(self, body: str, places: Sequence[Place]) -> None:
        self.body = body
        self.place_at = {p.span_start: p for p in places}
        self.functions, self.common = word_list("function_words.txt"), word_list("common_words.txt")
        self.titles, self.known = titles(), people_names()
        self.last, self.suffix, self.first = org_words("last"), org_words("suffix"), org_words("first")
        self.facilities, self.wide = facility_words(), wide_words()
        self.fixed, self.openers = known_names(), name_openers()
        self.english = word_list("english_words.txt")
        self.directions = grammar("direction")
        self.extra: list[Mention] = []
        self.alone: set[str] = set()
        self.particles = word_list("particles.txt")

    def read(self, runs: Sequence[Run]) -> tuple[list[Mention], list[Mention]]:
        """Mentions that are sure by themselves, and single words that only the whole story can decide."""
        sure: list[Mention] = []
        single: list[Mention] = []
        self.alone = {run.words[0].text for run in runs if len(run.words) == 1}
        for run in self._joined(runs):
            mention = self._classify(run)
            if mention is not None:
                (sure if mention.type else single).append(mention)
        return sure + self.extra, single

    # Runs that belong together

    def _joined(self, runs: Sequence[Run]) -> list[Run]:
        """Runs with small words between them made one: University of Oslo, Securities and Exchange Commission, Ursula von der Leyen."""
        out: list[Run] = []
        for run in runs:
            if out:
                before = out[-1]
                start, end = before.words[-1].end, run.words[0].start
                if (
                    1 < end - start <= _MAX_GAP
                    and len(before.words) < _MAX_PERSON_WORDS * 2
                    and self._joins(before, self.body[start:end], run)
                ):
                    out[-1] = Run([*before.words, *run.words], before.opens)
                    continue
            out.append(run)
        return out

    def _joins(self, before: Run, gap: str, run: Run) -> bool:
        gap = gap.replace("\u00a0", " ")
        last, following = before.words[-1].text, run.words[0].text
        if gap in _OF:
            preposition = gap.split()[0]
            if f"{last} {preposition} {following}" in self.titles or self._whole_region(before, run):
                return True
            if following.lower() in self.functions or preposition in ("on", "in"):
                return False
            if preposition == "for":
                return last in self.first
            return last in self.first or (last in self.facilities and len(before.words) == 1 and run.words[0].start in self.place_at)
        if gap == " & ":
            return True
        if gap == " and ":
            if following.rstrip(".") in _PARTNERS:
                return True
            return (run.words[-1].text in self.last or run.words[-1].text in self.suffix) and self._half_of_name(before, run)
        inner = gap.strip().split(" ")
        return all(word in self.particles for word in inner) and last.lower() not in self.functions and last not in self.titles

    def _whole_region(self, before: Run, run: Run) -> bool:
        """Whether two runs with a small word between them are one fixed name: `Horn of Africa`, `Strait of Hormuz`."""
        return self.body[before.words[-1].start : run.words[-1].end].replace("\u00a0", " ") in self.fixed

    def _half_of_name(self, before: Run, run: Run) -> bool:
        """Before an 'and' stands the first half of an organisation's name, not a name of its own."""
        if len(before.words) > 3 or (before.opens and before.words[0].text.lower() in self.functions):
            return False
        word = before.words[-1]
        if (
            word.start in self.place_at
            or (word.text in self.last and len(before.words) > 1)
            or self.known.get(word.text.lower())
            or word.text.isupper()
        ):
            return False
        return len(run.words) <= 3 and run.words[0].start not in self.place_at

    # One run

    def _classify(self, run: Run) -> Mention | None:
        words = self._trim(run.words)
        if not words:
            return None
        opens = run.opens and words[0] is run.words[0]
        words, opens = self._after_firm(words, opens)
        if not words:
            return None
        name = words[0].text if len(words) == 1 else self.body[words[0].start : words[-1].end]
        fixed = self.fixed.get(name) or self._region_type(words, name)
        if fixed is not None and (len(words) > 1 or words[0].start not in self.place_at) and not self._is_place(words):
            mention = Mention(words, fixed, opens)
            mention.wide = True
            return mention
        organisation = self._organisation(words, opens)
        if organisation is not None:
            return organisation
        words, title = self._strip_titles(words)
        if not words:
            return None
        if title:
            return self._titled(words, title)
        if self._is_place(words):
            place = self.place_at[words[0].start]
            if len(words) == 1 and place.kind != "demonym":
                mention = Mention(words, "", opens)
                mention.place = place
                return mention
            return None
        if len(words) == 1:
            return self._single(words, opens)
        return self._several(words, opens)

    def _region_type(self, words: Sequence[Word], name: str) -> str | None:
        """LOC for a direction of a continent (`Inner Asia`) and for several states of one name (`Koreas`)."""
        if len(words) > 1:
            return "LOC" if words[0].text in self.directions and is_world_region(name) else None
        return "LOC" if name[-1] == "s" and self._states_of_one_name(words[0]) else None

    def _states_of_one_name(self, word: Word) -> bool:
        """Whether a word is the plural of a country's name: `the two Koreas`, `the Germanys`. Of names that are also people's
        (`the Jordans`) only after a number word."""
        if word.text[:-1] not in countries_by_name() and word.text[:-1] not in DIVIDED:
            return False
        before = self.body[max(0, word.start - 12) : word.start].lower().split(" ")[-2:-1]
        if word.text[:-1] in DIVIDED or before in (["two"], ["both"]):
            return True
        return before == ["the"] and word.text[:-1].lower() not in self.known

    def _after_firm(self, words: Sequence[Word], opens: bool) -> tuple[Sequence[Word], bool]:
        """Where a company's suffix stands inside a run (`Tarnby Motors Corp Chairman Roe`), the firm is noted and the rest is read."""
        for index in range(len(words) - 2, 0, -1):
            if words[index].text.rstrip(".") in self.suffix and words[index + 1].start - words[index].end == 1:
                self.extra.append(Mention(words[: index + 1], "ORG", opens))
                return words[index + 1 :], False
        return words, opens

    def is_firm(self, words: Sequence[Word]) -> bool:
        """Whether a name ends as a company's does and begins with a word that can stand for it."""
        lower = words[0].text.lower()
        return words[-1].text.rstrip(".") in self.suffix and lower not in self.common and lower not in self.functions

    def _is_place(self, words: Sequence[Word]) -> bool:
        """Whether a gazetteer's entry covers all the words."""
        place = self.place_at.get(words[0].start)
        return place is not None and place.span_end >= words[-1].end

    def _trim(self, words: Sequence[Word]) -> Sequence[Word]:
        """Without words at the edges that are capitalised for another reason; a place or a title among them stays."""
        start, end = 0, len(words)
        while start < end and words[start].text.lower() in self.functions and words[start].start not in self.place_at:
            start += 1
        while end > start and words[end - 1].text.lower() in self.functions:
            if words[end - 1].text in _MONTHS_AND_NAMES and end - start == 2 and self._given(words[start]):
                break
            end -= 1
        return words[start:end]

    def _organisation(self, words: Sequence[Word], opens: bool) -> Mention | None:
        last = words[-1].text
        if len(words) > 1 and (last in self.last or last in self.suffix or last.rstrip(".") in self.suffix):
            start = 0
            if len(words) > 2 and words[0].text in self.titles and self.known.get(words[1].text.lower()):
                return None
            placed = words[0].start in self.place_at
            if placed or not (len(words) == 2 and self._given(words[0]) and self.known.get(last.lower())):
                return Mention(words[start:], "ORG", opens)
        for index in range(len(words) - 1):
            if words[index].text in self.first and words[index + 1].start - words[index].end > 1:
                return Mention(words, "ORG", opens)
        if last in self.facilities and len(words) > 1:
            place = self.place_at.get(words[0].start)
            if place is None or place.span_end < words[-1].end:
                mention = Mention(words, "LOC", opens)
                mention.wide = last in self.wide
                return mention
        return None

    def _strip_titles(self, words: Sequence[Word]) -> tuple[Sequence[Word], list[Word]]:
        """Titles, peoples and, before a title, countries at the front taken off: (rest, the words of the titles)."""
        title: list[Word] = []
        at = 0
        while at < len(words):
            place = self.place_at.get(words[at].start)
            if place is not None and not title:
                after = at
                while after < len(words) and words[after].start < place.span_end:
                    after += 1
                if after >= len(words) or not (
                    place.kind == "demonym" or self._title_size(words[after:]) or self._full_name(words[after:])
                ):
                    break
                at = after
                continue
            size = self._title_size(words[at:])
            if not size and not title and at + 1 < len(words) and self._qualifier(words, at):
                at += 1
                continue
            if not size:
                break
            title += words[at : at + size]
            at += size
            if len(words) - at == 0:
                break
        return words[at:], title

    def _given(self, word: Word) -> bool:
        """Whether a word is a common given name."""
        return "g" in self.known.get(word.text.lower(), "")

    def _full_name(self, words: Sequence[Word]) -> bool:
        """Whether words are a given name and one or two more (after a place: `First Minister of Scotland Anna Roe`)."""
        return 2 <= len(words) <= 3 and self._given(words[0])

    def _qualifier(self, words: Sequence[Word], at: int) -> bool:
        """Whether a word is a people's name or, before a title, an acronym (`UN Secretary-General X`): a mention of its own, noted here."""
        kind = self.fixed.get(words[at].text)
        if kind is None and is_acronym(words[at].text) and self._title_size(words[at + 1 :]):
            kind = "ORG"
        if kind is None:
            return False
        self.extra.append(Mention(words[at : at + 1], kind))
        return True

    def _title_size(self, words: Sequence[Word]) -> int:
        """How many words at the front are a title: 3 for 'Deputy Prime Minister', 0 for none."""
        first = words[0].text
        for size in (3, 2, 1):
            if len(words) >= size:
                text = first if size == 1 else self.body[words[0].start : words[size - 1].end]
                if text in self.titles:
                    return size
        if len(words) > 2 and is_role_noun(first.lower()) and self._full_name(words[1:]):
            return 1
        return 0

    def _titled(self, words: Sequence[Word], title: list[Word]) -> Mention | None:
        name = self._until_junk(words)
        if (
            not name
            or len(name) > _MAX_PERSON_WORDS
            or (len(name) == 1 and (is_acronym(name[0].text) or name[0].text.lower() in self.common))
        ):
            return None
        mention = Mention(name, "PER")
        forms = [w.text for w in title]
        mention.title = self.body[title[0].start : title[-1].end]
        for form in (mention.title, *forms):
            mention.gender = mention.gender or self.titles.get(form, ("", ""))[1]
        return mention

    def _until_junk(self, words: Sequence[Word]) -> Sequence[Word]:
        for index, word in enumerate(words):
            if index and word.text.lower() in self.functions:
                return words[:index]
        return words

    def _single(self, words: Sequence[Word], opens: bool) -> Mention | None:
        word = words[0].text
        lower = word.lower()
        if lower in self.common or lower in self.functions or lower.partition("'")[0].partition("’")[0] in self.functions or len(word) < 2:
            return None
        if is_acronym(word):
            return Mention(words, "ORG", opens)
        return Mention(words, "", opens)

    def _several(self, words: Sequence[Word], opens: bool) -> Mention | None:
        """Two words and more without title or organisation word."""
        inner = self._inner_title(words)
        if inner is not None:
            return inner
        texts = [w.text for w in words]
        given = self._given(words[0])
        placed = [w for w in words if w.start in self.place_at]
        if self._lower_facility(words) is not None:
            mention = Mention(words, "LOC", opens)
            mention.end = self._lower_facility(words) or mention.end
            return mention
        if any(t.lower() in self.common or t.lower() in self.functions for t in texts[1:]) or texts[0].lower() in self.functions:
            return None
        if any(is_acronym(t) for t in (texts[1:] if "." in texts[0] else texts)) or any("&" in t for t in texts):
            return Mention(words, "ORG", opens) if not self.all_capitals(words) else None
        if texts[0].lower() in self.common:
            return None
        opener = self.openers.get(texts[0])
        if opener is not None and not given:
            return Mention(words, opener, opens)
        if (given or (placed and person_around(self.body, words))) and len(words) <= 4:
            return Mention(words, "PER", opens)
        if placed:
            return Mention(words, "ORG", opens) if len(words) <= 4 else None
        if len(words) > 4:
            return None
        if is_spot(self.body, words):
            return Mention(words, "LOC", opens)
        if self._likely_person(words):
            return Mention(words, "PER", opens)
        return Mention(words, "MISC", opens)

    def _likely_person(self, words: Sequence[Word]) -> bool:
        """Whether an unknown name of several words is a person's: a known surname, or the words around it."""
        last = words[-1].text
        if "s" in self.known.get(last.lower(), "") or "-" in last or self._comes_back(words):
            return True
        joined = words[-1].start - words[-2].end > 1
        if joined or not any(w.text.lower() in self.english for w in words):
            return True
        return person_around(self.body, words)

    def _comes_back(self, words: Sequence[Word]) -> bool:
        """Whether the last word stands alone elsewhere, as surnames do."""
        return words[-1].text in self.alone

    def _inner_title(self, words: Sequence[Word]) -> Mention | None:
        """A person with a title after the employer's name: `Tarnby Police Constable Anna Roe`."""
        for index in range(1, len(words) - 1):
            if words[index].text in self.titles and self._full_name(words[index + 1 :]):
                return self._titled(words[index + 1 :], [words[index]])
        return None

    def kinds_of_singles(self, waiting: Sequence[Mention]) -> dict[str, str]:
        """Types of the single words that the story's persons and firms do not explain (see `single_types`)."""
        return single_types(self.body, waiting)

    def all_capitals(self, words: Sequence[Word]) -> bool:
        """Whether a run of several words is set in capitals throughout: a heading."""
        return len(words) > 1 and all(w.text.isupper() and len(w.text) > 1 for w in words)

    def _lower_facility(self, words: Sequence[Word]) -> int | None:
        """Where a building's word in lower case ends that makes a name a place ('Kim Il Sung square'); None where none follows."""
        match = _NEXT_WORD.match(self.body, words[-1].end)
        if match is not None and self.facilities.get(match[1].capitalize()) and not any(w.start in self.place_at for w in words):
            return match.end()
        return None


def is_acronym(word: str) -> bool:
    """Whether a word is written as an acronym is: `AFP`, `U.N.`, `AT&T`, `F-16`."""
    return _ACRONYM.fullmatch(word) is not None
