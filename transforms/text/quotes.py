"""Quotations of a story: direct, mixed and indirect, each with its cue and its speaker.

`find_quotes` is the interface that the pipeline knows. The scanner (`quote_regions`) finds what stands between quotation marks, the
patterns of `clauses` what is reported without them; here the paragraphs are put together: speech that goes on, speakers named elsewhere."""

import dataclasses
import functools
import re
from collections.abc import Iterator, Sequence

from schemas import Row
from transforms.text.clauses import assemble, turns
from transforms.text.clauses.assemble import CLAUSE, FRAGMENT, Item, More
from transforms.text.clauses.paragraph import Paragraph
from transforms.text.clauses.words import WORD, cues
from transforms.text.confidence import confidence, sort_of_speaker
from transforms.text.dash_speech import with_dash_speech
from transforms.text.quote_regions import Region, paragraph_spans, quote_regions
from transforms.text.speakers import Speakers
from transforms.text.tokens import is_english

Span = tuple[int, int]

_LOOSE = frozenset((",", ".", ";", ":", "-", "--", "—", "–", "?", "!"))
"""Marks at the edges of what was said that are no part of it."""
_LOWER_WORD = re.compile(r"[a-z]+")


@dataclasses.dataclass(slots=True)
class _Said:
    """One quotation: its stretches, cue and speaker as characters of the body. `key` tells its attribution from others."""

    frags: list[Span]
    type: str
    rule: str
    cue: Span | None
    speaker: Span | None
    key: tuple[int, Span] | None
    agreed: bool | None = None
    open: bool = False


def find_quotes(
    body: str, entities: Sequence[Row], fragments: bool = False, more: More | None = None, language: str | None = None
) -> list[Row]:
    """Quotations in the order of the text; their stretches do not overlap.

    entities: rows of `find_entities` for the same body. fragments: also gives quoted words that are nobody's speech (scare quotes, titles,
    nicknames), as type `fragment`. more: finds contents in a paragraph beside the patterns (`spacy_clauses`). language: as in
    `is_english`.

    Rows have the columns of `schemas.Quote` from `span_start` to `rule`; `text` is `body[span_start:span_end]`, quotation marks at the
    edges of direct speech left out; `frags` are its unbroken stretches."""
    return [row for row, _ in agreed_quotes(body, entities, fragments, more, language)]


def agreed_quotes(
    body: str, entities: Sequence[Row], fragments: bool, more: More | None, language: str | None = None
) -> list[tuple[Row, bool | None]]:
    """The rows of `find_quotes`, each with whether `more` found the same; None where it was not asked, or found it alone."""
    spans = paragraph_spans(body)
    regions = [region for region in quote_regions(body, spans) if region.depth == 0]
    english = is_english(body, language)
    if not english:
        regions = with_dash_speech(body, spans, regions)
    if not regions and not english:
        return []
    said = sorted(_Story(body, spans, regions, english, fragments, more).said(), key=lambda one: one.frags[0])
    if not said:
        return []
    speakers = Speakers(body, entities, regions, english)
    return [(_row(body, one, speakers), one.agreed) for one in said]


def _row(body: str, said: _Said, speakers: Speakers) -> Row:
    start, end = said.frags[0][0], said.frags[-1][1]
    cue = said.cue
    row: Row = {
        "span_start": start,
        "span_end": end,
        "text": body[start:end],
        "type": said.type,
        "frags": [{"span_start": a, "span_end": b} for a, b in said.frags],
        "cue": body[cue[0] : cue[1]] if cue else None,
        "cue_start": cue[0] if cue else None,
        "cue_end": cue[1] if cue else None,
    }
    row.update(speakers.columns(said.speaker, cue))
    row["confidence"] = confidence(said.type, said.rule, sort_of_speaker(row["speaker_type"]), said.agreed)
    row["rule"] = said.rule
    return row


class _Story:
    """Goes through the paragraphs of a body; keeps who spoke last and who is to speak after a colon."""

    def __init__(self, body: str, spans: list[Span], regions: list[Region], english: bool, fragments: bool, more: More | None) -> None:
        self.body, self.spans, self.regions = body, spans, regions
        self.english, self.fragments, self.more = english, fragments, more
        self.turns = turns.turns_of(body) if english else frozenset()
        self.speaker: Span | None = None
        self.announced: tuple[Span, Span] | None = None
        self.last: _Said | None = None

    def said(self) -> Iterator[_Said]:
        """The quotations of the body, each when it is whole: one that goes on over paragraphs comes after what stands between."""
        at = 0
        for number, (start, end) in enumerate(self.spans):
            here: list[Region] = []
            while at < len(self.regions) and self.regions[at].start < end:
                here.append(self.regions[at])
                at += 1
            if not here and not self._may_report(start, end):
                self.announced = None
                continue
            yield from self._paragraph(Paragraph(self.body, start, end, here, self.english), number)
        if self.last:
            yield self.last

    def _may_report(self, start: int, end: int) -> bool:
        """Whether a paragraph without quotation marks holds a verb of speech, or a colon."""
        text = self.body[start:end]
        return self.english and (":" in text or _has_cue(text))

    def _paragraph(self, p: Paragraph, number: int) -> Iterator[_Said]:
        items = assemble.items_of(p, number == 0, self.turns, self.fragments, self.more)
        for place, item in enumerate(items):
            said = self._said(p, number, place, item)
            if said is None:
                continue
            if item.kind == FRAGMENT:
                yield said
                continue
            last = self.last
            if last and self._goes_on(last, item, said):
                last.frags += said.frags
                last.type = said.type if said.type == last.type else "mixed"
                last.open = said.open
                continue
            if last:
                yield last
            self.last = said
        source = turns.colon_source(p)
        self.announced = (_chars(p, source[0]), _chars(p, source[1])) if source else None
        if self.announced:
            self.speaker = self.announced[0]

    def _goes_on(self, last: _Said, item: Item, said: _Said) -> bool:
        """Whether a stretch belongs to the quotation before it: split by its attribution, or left open in the paragraph before."""
        if last.open and item.start == 0 and item.kind != CLAUSE:
            return True
        if said.key is None or said.key != last.key:
            return False
        low, high = last.frags[-1][1], said.frags[0][0]
        between = said.cue is not None and low <= said.cue[0] < high
        return said.type == last.type and between and self.body.count(".", low, high) <= _FULL_STOPS

    def _said(self, p: Paragraph, number: int, place: int, item: Item) -> _Said | None:
        rule, cue, speaker = item.rule, item.cue and _chars(p, item.cue), item.speaker and _chars(p, item.speaker)
        key = (number, cue) if cue else None
        if item.speaker is None and item.kind not in (CLAUSE, FRAGMENT):
            if place == 0 and item.start <= 1 and self.announced:
                rule, (speaker, cue) = "above", self.announced
            elif self.speaker:
                rule, speaker = "follow", self.speaker
            else:
                return None
        span = _edges(p, item)
        if span is None:
            return None
        if speaker:
            self.speaker = speaker
        last = p.region[item.end - 1]
        is_open = item.kind != CLAUSE and last >= 0 and p.quoted[last].continued
        return _Said([span], _type_of(p, item), rule, cue, speaker, key, item.agreed, is_open)


_FULL_STOPS = 3
"""Full stops between two stretches of one quotation: those of an attribution with initials, and its end."""


def _chars(p: Paragraph, tokens: tuple[int, int]) -> Span:
    """The characters of a pair of tokens."""
    return p.starts[tokens[0]], p.ends[max(tokens[0], tokens[1] - 1)]


def _type_of(p: Paragraph, item: Item) -> str:
    """Direct where every word stands between quotation marks, indirect where none does."""
    if item.kind == FRAGMENT:
        return FRAGMENT
    quoted = {p.region[at] >= 0 for at in range(item.start, item.end) if p.bits[at] & WORD}
    return "mixed" if len(quoted) > 1 else "direct" if True in quoted else "indirect"


def _edges(p: Paragraph, item: Item) -> Span | None:
    """The characters of a stretch: without loose marks around a clause, without the quotation marks around direct speech."""
    low, high = item.start, item.end
    if item.kind == CLAUSE:
        while high > low and p.low[high - 1] in _LOOSE and p.free(high - 1) and item.rule != "transcript":
            high -= 1
        while low < high and p.low[low] in _LOOSE and p.free(low):
            low += 1
        return (p.starts[low], p.ends[high - 1]) if low < high else None
    region = p.quoted[p.region[low]]
    inner = p.body[region.inner_start : region.inner_end]
    start = region.inner_start + len(inner) - len(inner.lstrip())
    end = region.inner_end - len(inner) + len(inner.rstrip())
    return (start, end) if start < end else None


def cue_paragraphs(body: str, language: str | None = None) -> list[Span]:
    """The paragraphs that `more` of `find_quotes` is asked about: those of an English body that hold a verb of speech."""
    if not is_english(body, language):
        return []
    return [(start, end) for start, end in paragraph_spans(body) if _has_cue(body[start:end])]


def _has_cue(text: str) -> bool:
    return not _cue_words().isdisjoint(_LOWER_WORD.findall(text.lower()))


@functools.cache
def _cue_words() -> frozenset[str]:
    """The forms of the verbs of speech, and what else reports it."""
    return frozenset((*cues(), "according"))
