"""Who speaks: from the words of an attribution to a mention, a person or organisation, and what the story says of them."""

import bisect
import re
from collections.abc import Sequence

from schemas import Row
from transforms.text.agencies import agency_named
from transforms.text.lexicons import pronouns
from transforms.text.quote_regions import Region
from transforms.text.speaker_cast import Cast
from transforms.text.speaker_descriptions import Descriptions
from transforms.text.speaker_interviews import Interview
from transforms.text.speaker_namesakes import Namesakes
from transforms.text.speaker_phrases import Phrases
from transforms.text.speaker_pronouns import Pronouns

_MAX_TITLE_WORDS = 3
"""Words before a name that still belong to the mention ('President', 'police chief'); more of them are its affiliation."""
_ARTICLES = frozenset(("a", "an", "the"))
_TOLD = re.compile(r"(?:(?:a|à|al|ao|der|dem|till|til|aan)\s(?:la\s|l['’])?|all['’]|alla\s)([\w-]+)\s+", re.IGNORECASE)
"""To whom it was said, between the verb and who said it: `dijo a EFE Ana Roe`, `a déclaré à l'AFP la maire`."""
_COLUMNS = ("speaker", "speaker_start", "speaker_end", "speaker_canonical", "speaker_type", "affiliation")


class Speakers:
    """The persons and organisations of one body, by place, for its quotations."""

    def __init__(self, body: str, entities: Sequence[Row], regions: Sequence[Region], english: bool = True) -> None:
        self.body, self.entities, self.english = body, entities, english
        self.cast = Cast(body, entities, regions, english)
        self.phrases = Phrases(self.cast)
        self.resolver = Pronouns(self.cast)
        self.descriptions = Descriptions(self.cast, self.resolver)
        self.interview = Interview(self.cast)
        self.namesakes = Namesakes(self.cast)
        self.pronouns = pronouns(english)

    def columns(self, mention: tuple[int, int] | None, cue: tuple[int, int] | None = None) -> Row:
        """The speaker's columns of a quotation: mention, person or organisation, type, affiliation. Called for the quotations of a body in
        the order of the text.

        mention: span of the noun phrase that names the speaker, perhaps with what follows it. cue: span of the verb of speech."""
        row: Row = dict.fromkeys(_COLUMNS)
        start, end = self._trim(*mention) if mention is not None else (0, 0)
        if end <= start or self.body[start:end].lower() in _ARTICLES:
            return row
        pronoun = self._pronoun(start, end)
        if pronoun is not None:
            self._put(row, start, start + len(pronoun), "pronoun", self._meant(start, pronoun.lower(), cue))
        else:
            self._phrase(row, self._whole(start), end)
        if not self.cast.sentences.quoted(start):
            self.cast.last = (start, row["speaker_type"], row["speaker_canonical"])
        return row

    def _whole(self, start: int) -> int:
        """Where a mention begins that was cut at a nickname: `Earvin "Magic" | Johnson`."""
        index = bisect.bisect_left(self.cast.starts, start) - 1
        entity = self.entities[index] if index >= 0 else None
        return int(entity["span_start"]) if entity is not None and entity["type"] == "PER" and entity["span_end"] > start else start

    def _pronoun(self, start: int, end: int) -> str | None:
        """The pronoun that a mention is; in English whatever follows it (`she herself`), another speaker apart (`he and others`)."""
        text = self.body[start:end]
        first = text.split(None, 1)[0] if self.english and " and " not in text else text
        acronym = self.english and len(first) > 1 and first.isupper()
        return first if first.lower() in self.pronouns and not acronym else None

    def _meant(self, start: int, pronoun: str, cue: tuple[int, int] | None) -> str | None:
        """Whom a pronoun means."""
        gender = self.pronouns[pronoun]
        if self.cast.sentences.quoted(start):
            # There 'I' is who says the quotation; another pronoun may mean somebody of whom the story knows nothing.
            return self.cast.last[2] if pronoun == "i" and self.cast.last is not None else None
        if gender:
            return self.resolver.person(start, gender, self.phrases.addressee(cue), inside=not self.phrases.ends_speech(start, cue))
        if pronoun in ("it", "they"):
            return self.resolver.body(start, pronoun == "they")
        if pronoun in ("i", "you"):
            return self.interview.first_person(start) if pronoun == "i" else self.interview.second_person(start)
        named = self.resolver.relative(start, pronoun) if pronoun in ("who", "which") else None
        if named in self.cast.by_name:
            self.cast.add(start, named)
        return named

    def _phrase(self, row: Row, start: int, end: int) -> None:
        """The columns of a mention that is a noun phrase."""
        index = self.phrases.named(start, end)
        if index is None or self.entities[index]["type"] != "PER":
            beside = self.phrases.in_apposition(start, end)
            if beside is not None:
                person = self.entities[beside]
                self.cast.spoke.add(beside)
                self._put(row, person["span_start"], person["span_end"], "PER", person["canonical"])
                row["affiliation"] = person["role"] or self.body[start:end].partition(",")[0]
                return
            index = index if index is not None else self.phrases.ending(start, end)
        if index is None:
            self._describe(row, start, end)
            return
        entity = self.entities[index]
        kind, begin = entity["type"], entity["span_start"]
        start = max(start, self.body.rfind(",", start, begin) + 1)
        ahead = self.body[start:begin].lstrip()
        is_title = len(ahead.split()) <= _MAX_TITLE_WORDS and "'s " not in ahead and "’s " not in ahead
        self.cast.spoke.add(index)
        self._put(
            row,
            begin - len(ahead) if is_title else begin,
            entity["span_end"],
            kind,
            self.namesakes.meant(index) if kind == "PER" else entity["canonical"] if kind == "ORG" else None,
        )
        if kind == "PER":
            row["affiliation"] = self.phrases.affiliation(index, end) or (None if is_title else ahead.strip())

    def _describe(self, row: Row, start: int, end: int) -> None:
        """The columns of a mention that names nobody, or several."""
        end = self.phrases.described_end(start, end)
        meant = self.descriptions.resolve(start, end) if self.english and not self.cast.sentences.quoted(start) else None
        self._put(row, start, end, "description", meant)

    def _put(self, row: Row, start: int, end: int, kind: str, canonical: str | None) -> None:
        row.update(speaker=self.body[start:end], speaker_start=start, speaker_end=end, speaker_type=kind, speaker_canonical=canonical)

    def _trim(self, start: int, end: int) -> tuple[int, int]:
        while start < end and not (self.body[start].isalnum()):
            start += 1
        if self.english and self.body.startswith("by ", start, end):
            start += 3
        told = None if self.english else _TOLD.match(self.body, start, end)
        if told is not None and agency_named(told[1]):
            start = told.end()
        while end > start and not (self.body[end - 1].isalnum() or self.body[end - 1] == "."):
            end -= 1
        return start, end
