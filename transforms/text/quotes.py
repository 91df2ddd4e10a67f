"""Direct quotations: every word within quotation marks, and a verb of speech that says whose words they are.

`find_quotes` is the interface that the pipeline knows. The scanner finds the quoted stretches; here each is joined with the
stretches that go on with it, and its attribution is looked for in the sentence around it."""

import dataclasses
from collections.abc import Sequence

from schemas import Row
from transforms.text.attribution import Attribution, Clauses
from transforms.text.quote_regions import Region, paragraph_spans, quote_regions
from transforms.text.speakers import Speakers
from transforms.text.tokens import is_english

CONFIDENCE = {"after": 0.95, "before": 0.95, "bare": 0.85, "colon": 0.9, "above": 0.8, "beside": 0.75, "follow": 0.6}
"""By rule: attribution after the quotation, before it with a mark or without one, a colon, a sentence that ends in a colon in the
paragraph above, the sentence before, the speaker of the paragraph before. Set by hand after their precision on development data."""


MAX_LINK = 3
"""Characters between a closing mark and the verb of an attribution that follows at once (`, said Roe`)."""
MAX_INDENT = 80
"""White space before a paragraph's first word; more of it is not looked through."""


@dataclasses.dataclass(slots=True)
class _Turn:
    """Quoted stretches of one speaker that belong together, and their attribution."""

    regions: list[Region]
    attribution: Attribution
    rule: str
    paragraph: int


def find_quotes(body: str, entities: Sequence[Row]) -> list[Row]:
    """Direct quotations in the order of the text, none overlapping.

    entities: rows of `find_entities` for the same body. Rows have the columns of `schemas.Quote` from `span_start` to `rule`;
    `text` is `body[span_start:span_end]`, marks at the edges left out; `frags` are its quoted stretches."""
    paragraphs = paragraph_spans(body)
    regions = [r for r in quote_regions(body, paragraphs) if r.depth == 0]
    if not regions:
        return []
    english = is_english(body)
    turns = _Turns(body, paragraphs, regions, english).find()
    speakers = Speakers(body, entities, regions, english)
    return [_row(body, turn, speakers) for turn in turns]


def _trimmed(body: str, region: Region) -> tuple[int, int]:
    """What stands between the marks, without the white space that French sets inside them."""
    inner = body[region.inner_start : region.inner_end]
    start = region.inner_start + len(inner) - len(inner.lstrip())
    return start, max(start, region.inner_end - len(inner) + len(inner.rstrip()))


def _row(body: str, turn: _Turn, speakers: Speakers) -> Row:
    frags = [dict(zip(("span_start", "span_end"), _trimmed(body, r), strict=True)) for r in turn.regions]
    start, end = frags[0]["span_start"], frags[-1]["span_end"]
    cue = turn.attribution.cue
    row: Row = {
        "span_start": start,
        "span_end": end,
        "text": body[start:end],
        "type": "direct",
        "frags": frags,
        "cue": body[cue[0] : cue[1]],
        "cue_start": cue[0],
        "cue_end": cue[1],
    }
    row.update(speakers.columns(turn.attribution))
    row["confidence"] = CONFIDENCE[turn.rule]
    row["rule"] = turn.rule
    return row


class _Turns:
    """Goes through the quoted stretches in order and gives each to a turn, or to none."""

    def __init__(self, body: str, paragraphs: list[tuple[int, int]], regions: list[Region], english: bool) -> None:
        self.body, self.paragraphs = body, paragraphs
        self.regions = regions
        self.clauses = Clauses(body, regions, english)
        self.turns: list[_Turn] = []

    def find(self) -> list[_Turn]:
        """The turns of the body."""
        index = paragraph = 0
        while index < len(self.regions):
            last = index
            while self.regions[last].continued and last + 1 < len(self.regions):
                last += 1
            while self.paragraphs[paragraph][1] < self.regions[index].end:
                paragraph += 1
            self._take(index, last, paragraph)
            index = last + 1
        return self.turns

    def _take(self, index: int, last: int, paragraph: int) -> None:
        first, final = self.regions[index], self.regions[last]
        start, _ = self.paragraphs[paragraph]
        last_paragraph = paragraph
        while self.paragraphs[last_paragraph][1] < final.end:
            last_paragraph += 1
        final_end = self.paragraphs[last_paragraph][1]
        previous = self.regions[index - 1].end if index and self.regions[index - 1].end > start else start
        following = self.regions[last + 1].start if last + 1 < len(self.regions) else final_end
        group = self.regions[index : last + 1]
        earlier = self.turns[-1] if self.turns else None
        here = earlier if earlier is not None and earlier.regions[-1] is self.regions[index - 1] else None
        before = self.clauses.before(first, previous, start)
        if before is not None and (here is None or before.cue != here.attribution.cue):
            self.turns.append(_Turn(group, before, before.rule, paragraph))
            return
        goes_on = here is not None and here.paragraph == paragraph and self._goes_on(here, previous, first)
        after = None
        if not goes_on or self._leads(final):
            opens = self.clauses.opens_sentence(first, previous, start)
            after = self.clauses.after(final, min(following, final_end)) if opens else None
            if not opens and not goes_on:
                return
        if here is not None and goes_on and not self._own(final, after):
            here.regions += group
            here.paragraph = paragraph
            return
        if after is not None:
            self.turns.append(_Turn(group, after, "after", paragraph))
            return
        if self.clauses.ends_sentence(final):
            self._by_context(index, group, paragraph, start, here)

    def _by_context(self, index: int, group: list[Region], paragraph: int, start: int, here: _Turn | None) -> None:
        """A quotation that is a sentence of its own: attributed by the sentence before, the paragraph above, or the speaker before."""
        first = group[0]
        if first.start - start > MAX_INDENT or self.body[start : first.start].strip():
            beside = self.clauses.beside(first, start)
            if beside is not None:
                self.turns.append(_Turn(group, beside, "beside", paragraph))
            return
        above = self.clauses.above(self.paragraphs[paragraph - 1]) if paragraph else None
        if above is not None:
            self.turns.append(_Turn(group, above, "above", paragraph))
        elif here is not None and here.paragraph >= paragraph - 1:
            self.turns.append(_Turn(group, here.attribution, "follow", paragraph))

    def _leads(self, region: Region) -> bool:
        """Whether a comma, question or exclamation mark leads from a stretch to an attribution: it does not end as a statement does."""
        inner = self.body[region.inner_start : region.inner_end].rstrip()
        return inner[-1:] in (",", "?", "!") or self.body[region.end : region.end + 1] == ","

    def _own(self, region: Region, after: Attribution | None) -> bool:
        """Whether a stretch has an attribution of its own that follows at once and names somebody: `"A," she said. "B," said Roe.`"""
        return after is not None and after.speaker is not None and after.cue[0] - region.end < MAX_LINK

    def _goes_on(self, turn: _Turn, previous: int, region: Region) -> bool:
        """Whether a stretch is the same speech after an interruption: `"A," she said, "B."` or `"A," she said. "B."`."""
        return self.clauses.only_attribution(turn.attribution, previous, region.start)
