"""Who speaks: from the words of an attribution to a mention, a person and what the story says of them."""

import bisect
import functools
import re
from collections.abc import Sequence

from schemas import Row
from transforms.text.attribution import Attribution
from transforms.text.gazetteer import genders
from transforms.text.lexicons import cue_forms, foreign_cues, grammar, pronouns
from transforms.text.quote_regions import Region
from transforms.text.roles import is_role_noun, role_ahead
from transforms.text.sentences import Sentences

_WORD = re.compile(r"[^\W_](?:[\w]|[-’'](?=\w))*")
_FOR = re.compile(r"\b(?:for|of|to|by|with|at|from|in)\s+(?:the\s+|a\s+)?$")
_MAX_TITLE_WORDS = 3
"""Words before a name that still belong to the mention ('President', 'police chief'); more of them are its affiliation."""
_APPOSITIVE = re.compile(r"(?:,[^,\n\"“”]{2,120},)?\s+(?:also |later |has |had |\w{2,12}ly )?([a-z]+)\b")
_CUE_LEFT = re.compile(r"\b([a-z]+)\s+(?:[\w.’'-]+\s+){0,6}$")
_ARTICLES = frozenset(("a", "an", "the"))
_APPOSITION_REACH = 130
"""Characters after the start of a description in which the name that it goes with begins."""
_BACK, _MAX_CANDIDATES = 3000, 20
"""Characters before a pronoun, and mentions of persons in them, among which the one it stands for is looked for."""


@functools.cache
def _foreign_for() -> re.Pattern[str]:
    """The same where the text is not English; a name's own particle (Ursula von der Leyen) stands inside it."""
    return re.compile(rf"\b(?:{'|'.join(sorted(grammar('foreign_of')))}|for|to|by|with|at|from|in)\s+(?:la\s+|l['’])?$")


class Speakers:
    """The persons and organisations of one body, by place, for its quotations."""

    def __init__(self, body: str, entities: Sequence[Row], regions: Sequence[Region], english: bool = True) -> None:
        self.body, self.entities = body, entities
        self.pronouns, self.english = pronouns(english), english
        self.cues = cue_forms() if english else cue_forms() | foreign_cues()
        self.owned_by = _FOR if english else _foreign_for()
        self.starts = [e["span_start"] for e in entities]
        self.sentences = Sentences(body, regions)

    def columns(self, attribution: Attribution) -> Row:
        """The speaker's columns of a quotation: mention, person, type, affiliation."""
        row: Row = dict.fromkeys(("speaker", "speaker_start", "speaker_end", "speaker_canonical", "speaker_type", "affiliation"))
        if attribution.speaker is None:
            return row
        start, end = self._trim(*attribution.speaker)
        if end <= start:
            return row
        text = self.body[start:end]
        if text.lower() in _ARTICLES:
            return row
        if text.lower() in self.pronouns:
            person = self._antecedent(start, text.lower())
            self._put(row, start, end, "pronoun", person)
            return row
        entity = self._named(start, end)
        if entity is None or entity["type"] != "PER":
            beside = self._in_apposition(start)
            if beside is not None:
                self._put(row, beside["span_start"], beside["span_end"], "PER", beside["canonical"])
                row["affiliation"] = beside["role"] or text.partition(",")[0]
                return row
        if entity is None:
            cut = self.body.find(",", start, end)
            self._put(row, start, cut if cut > start else end, "description", None)
            return row
        kind = entity["type"]
        begin = entity["span_start"]
        ahead = self.body[start:begin]
        if len(ahead.split()) <= _MAX_TITLE_WORDS and "," not in ahead and "'s " not in ahead and "’s " not in ahead:
            begin = start
        self._put(row, begin, entity["span_end"], kind if kind != "MISC" else "description", None)
        if kind in ("PER", "ORG"):
            row["speaker_canonical"] = entity["canonical"]
        if kind == "PER":
            row["affiliation"] = entity["role"]
        return row

    def _put(self, row: Row, start: int, end: int, kind: str, canonical: str | None) -> None:
        row.update(speaker=self.body[start:end], speaker_start=start, speaker_end=end, speaker_type=kind, speaker_canonical=canonical)

    def _trim(self, start: int, end: int) -> tuple[int, int]:
        while start < end and not (self.body[start].isalnum()):
            start += 1
        while end > start and not (self.body[end - 1].isalnum() or self.body[end - 1] == "."):
            end -= 1
        return start, end

    def _named(self, start: int, end: int) -> Row | None:
        """The entity that a noun phrase names: a person first of all; not the owner or the employer of whom it describes."""
        low = bisect.bisect_left(self.starts, start)
        high = bisect.bisect_left(self.starts, end)
        fallback: Row | None = None
        for entity in self.entities[low:high]:
            owner = self.body[entity["span_end"] : entity["span_end"] + 2] in ("'s", "’s")
            served = self.owned_by.search(self.body, start, entity["span_start"]) is not None
            if owner or served:
                continue
            if entity["type"] == "PER":
                return entity
            if fallback is None and not self._describes(entity, end):
                fallback = entity
        return fallback

    def _in_apposition(self, start: int) -> Row | None:
        """The person whose name follows the description that begins at `start`: `said the school's founder, Ana Roa`."""
        for index in range(bisect.bisect_left(self.starts, start), len(self.entities)):
            entity = self.entities[index]
            if entity["span_start"] > start + _APPOSITION_REACH:
                return None
            if entity["type"] == "PER":
                if not self.english:
                    return entity if self.body.find(",", start, entity["span_start"]) == entity["span_start"] - 2 else None
                ahead = role_ahead(self.body, entity["span_start"], entity["span_end"])
                return entity if ahead is not None and ahead[0] == start else None
        return None

    def _describes(self, entity: Row, end: int) -> bool:
        """Whether a name only qualifies the noun after it: 'Interior Ministry spokesman', 'Russian officials'."""
        rest = self.body[entity["span_end"] : end].split(",")[0]
        return bool(_WORD.search(rest))

    def _antecedent(self, at: int, pronoun: str) -> str | None:
        """The person that 'he' or 'she' stands for: the last one outside quotation marks whom a verb of speech goes with, else the
        last person named; never one of the other gender."""
        gender = self.pronouns[pronoun]
        if not gender:
            return None
        nearest: str | None = None
        seen = 0
        for index in range(bisect.bisect_left(self.starts, at) - 1, -1, -1):
            entity = self.entities[index]
            if entity["span_start"] < at - _BACK or seen >= _MAX_CANDIDATES:
                break
            if entity["type"] != "PER" or self.sentences.quoted(entity["span_start"]) or self._other_gender(entity["canonical"], gender):
                continue
            seen += 1
            if self._speaks(entity):
                return str(entity["canonical"])
            if nearest is None and not self.body.startswith(("'s", "’s"), entity["span_end"]):
                nearest = entity["canonical"]
        return nearest

    def _other_gender(self, name: str, gender: str) -> bool:
        known = genders().get(name.split(" ")[0].lower(), "") if " " in name else ""
        return bool(known) and known != gender

    def _speaks(self, entity: Row) -> bool:
        """Whether a verb of speech stands right after a name (an apposition between) or right before it."""
        match = _APPOSITIVE.match(self.body, entity["span_end"], entity["span_end"] + 200)
        if match is not None and match[1] in self.cues:
            return True
        before = _CUE_LEFT.search(self.body, max(0, entity["span_start"] - 80), entity["span_start"])
        return before is not None and before[1] in self.cues and not is_role_noun(before[1])
