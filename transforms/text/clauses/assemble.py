"""The quotations of a paragraph: what the patterns found and what stands between quotation marks, brought together."""

import bisect
import dataclasses
from collections.abc import Callable, Iterable, Set

from transforms.text.clauses.contents import JOINING
from transforms.text.clauses.links import Link, has_attribution, is_near, link_of
from transforms.text.clauses.paragraph import Paragraph
from transforms.text.clauses.patterns import clauses_of
from transforms.text.clauses.phrases import Phrase
from transforms.text.clauses.regions import LIKELY, PHRASE, SPEECH, goes_on, kind_of, stands_alone
from transforms.text.clauses.sentence import Clause
from transforms.text.clauses.turns import headline, transcript
from transforms.text.clauses.usable import cue_at
from transforms.text.clauses.words import CUE, WORD

CLAUSE, FRAGMENT = "clause", "fragment"
"""Kinds of items beside those of quoted regions: a content that the patterns found, quoted words that nobody says."""

More = Callable[[Paragraph], list[Clause]]
"""Another finder of contents, asked for every paragraph that holds a verb of speech; it counts where the patterns found nothing."""

_NOT_PARSED = frozenset(("according", "noun"))
"""Rules whose contents no other finder looks for."""
_SAME = 0.5
"""Share of their tokens from which two contents are one that was found twice."""
_LEAST = 3
"""Tokens that an overlapped content keeps at least, else it goes."""


@dataclasses.dataclass(slots=True)
class Item:
    """A stretch that somebody said, as tokens, with its attribution where it has one of its own. `kind` is CLAUSE, FRAGMENT or that of a
    quoted region (`regions.kind_of`), which may take the speaker of another one."""

    start: int
    end: int
    rule: str
    speaker: Phrase | None = None
    cue: Phrase | None = None
    kind: str = CLAUSE
    agreed: bool | None = None


def items_of(p: Paragraph, is_first: bool, turns: Set[str] = frozenset(), fragments: bool = False, more: More | None = None) -> list[Item]:
    """The stretches of a paragraph that were said, in order, none overlapping; those between quotation marks that have no attribution of
    their own take that of the nearest one.

    is_first: whether it is the story's first paragraph. turns: names of `turns_of`. fragments: also the quoted words that nobody says."""
    spoken = transcript(p, turns) if p.english else None
    if spoken:
        return [_item(spoken)]
    contents, owned = _contents(p, is_first, more)
    covered = bytearray(len(p))
    for clause in contents:
        covered[clause.start : clause.end] = b"\x01" * (clause.end - clause.start)
    quoted: list[Item] = []
    for index, (low, high) in enumerate(p.regions):
        if low >= high or covered[low] or covered[high - 1]:
            continue
        item = _quoted(p, index, owned.get(index), covered)
        if item is not None:
            while quoted and quoted[-1].end > item.start:
                quoted.pop()  # it lies in the words that lead into this one
            quoted.append(item)
    items = [*map(_item, contents), *quoted]
    if fragments:
        items += _fragments(p, items)
    items.sort(key=lambda item: item.start)
    _give_on(p, items)
    return items


def _item(clause: Clause) -> Item:
    return Item(clause.start, clause.end, clause.rule, clause.speaker, clause.cue, agreed=clause.agreed)


def _fragments(p: Paragraph, items: list[Item]) -> list[Item]:
    """The quoted words outside what was said."""
    covered = bytearray(len(p))
    for item in items:
        covered[item.start : item.end] = b"\x01" * (item.end - item.start)
    return [Item(low, high, "fragment", kind=FRAGMENT) for low, high in p.regions if low < high and not any(covered[low:high])]


def _contents(p: Paragraph, is_first: bool, more: More | None) -> tuple[list[Clause], dict[int, Clause]]:
    """Contents that the patterns find, apart from each other; and by quoted region those that hold nothing but its words."""
    if not p.english:
        return [], {}
    clauses = clauses_of(p)
    if more and any(kind & CUE for kind in p.bits):
        parsed = more(p)
        added = [clause for clause in parsed if not any(_shared(clause, other) for other in clauses)]
        for clause in (clause for clause in clauses if clause.rule not in _NOT_PARSED):
            clause.agreed = any(_shared(clause, other) >= _SAME for other in parsed)
        clauses += added
    kept, owned = _snapped(p, clauses)
    return _apart(kept or (headline(p) if is_first else [])), owned


def _shared(one: Clause, other: Clause) -> float:
    """The share of the tokens of two contents that both have."""
    common = min(one.end, other.end) - max(one.start, other.start)
    return max(0, common) / (max(one.end, other.end) - min(one.start, other.start) or 1)


def _snapped(p: Paragraph, clauses: list[Clause]) -> tuple[list[Clause], dict[int, Clause]]:
    """Contents grown to the edges of the quoted regions that they cut; and, by region, those that are nothing but quoted words: they give
    the region its attribution."""
    starts = [low for low, _ in p.regions]
    kept: list[Clause] = []
    owned: dict[int, Clause] = {}
    for clause in clauses:
        inside = False
        for low, high in p.regions[max(0, bisect.bisect_right(starts, clause.start) - 1) : bisect.bisect_left(starts, clause.end)]:
            if low <= clause.start and clause.end <= high:
                inside = True
            elif clause.start < high and clause.end > low:
                if low < clause.end < high:
                    clause.end = high
                if low < clause.start < high:
                    clause.start = high
        if clause.end <= clause.start:
            continue
        if not inside and any(p.region[at] < 0 and p.bits[at] & WORD for at in range(clause.start, clause.end)):
            if clause.rule != "according" or not has_attribution(p, clause.start, clause.end):
                kept.append(clause)
            continue
        for at in range(clause.start, clause.end):
            if p.region[at] >= 0:
                owned.setdefault(p.region[at], clause)
    return kept, owned


def _apart(clauses: list[Clause]) -> list[Clause]:
    """Contents that do not overlap: the one that begins first is cut where the next begins, or keeps what lies inside it."""
    begins = {clause.speaker[0]: clause for clause in clauses if clause.speaker}
    clauses = sorted((c for c in clauses if not _embeds(c, begins.get(c.start))), key=lambda c: (c.start, -c.end))
    kept: list[Clause] = []
    for clause in clauses:
        if kept and clause.start < kept[-1].end:
            if clause.end <= kept[-1].end or clause.start - kept[-1].start < _LEAST:
                continue
            kept[-1].end = clause.start
        kept.append(clause)
    return kept


def _embeds(outer: Clause, inner: Clause | None) -> bool:
    """Whether one content begins with the other's speaker and holds its cue: `[the mayor said he would go], according to Roe`."""
    return inner is not None and inner is not outer and outer.start <= inner.cue[0] < outer.end <= outer.cue[0]


def _quoted(p: Paragraph, index: int, owner: Clause | None, covered: bytearray) -> Item | None:
    """A quoted region that no content covers, with its attribution; None for a phrase, a title or a nickname."""
    low, high = p.regions[index]
    kind = kind_of(p, index)
    if kind == PHRASE:
        return None
    link = link_of(p, index, Link(owner.speaker, owner.cue, owner.rule) if owner and owner.speaker else None)
    if link is None:
        return Item(low, high, "", kind=kind) if goes_on(p, index) or (kind == SPEECH and stands_alone(p, index)) else None
    if kind == LIKELY and not is_near(p, index, link):
        return None
    start = _led(p, low, covered) if link.cue[0] >= high else low
    return Item(start, high, link.rule, link.speaker, link.cue, CLAUSE if start < low else kind)


def _led(p: Paragraph, low: int, covered: bytearray) -> int:
    """Where a sentence begins whose own words lead into a quoted region that an attribution follows: `In return, X "gets ...," he said`."""
    start = p.sentence(low)[0]
    if low <= start or not p.free(low - 1) or p.low[low - 1] in (",", ":") or any(covered[start:low]):
        return low
    while start < low and (p.low[start] in JOINING or (not p.bits[start] & WORD and p.low[start] not in "([$£€")):
        start += 1
    if start >= low or any(p.bits[at] & CUE and cue_at(p, at) for at in range(start, low)):
        return low
    return start


def _give_on(p: Paragraph, items: list[Item]) -> None:
    """Gives stretches between quotation marks without an attribution that of the one before in the paragraph, else of the one after."""
    before, after = _nearest(p, items), _nearest(p, reversed(items))
    for item in items:
        if item.speaker is None and item.kind != FRAGMENT and (near := before.get(item.start) or after.get(item.start)):
            item.speaker, item.cue, item.rule = near.speaker, near.cue, "beside"


def _nearest(p: Paragraph, items: Iterable[Item]) -> dict[int, Item]:
    """For the items without an attribution, by their start: the last one before, in the order given, whose speaker a reader would carry on;
    a relative clause (`..., who said`) is none of them."""
    found: dict[int, Item] = {}
    known: Item | None = None
    for item in items:
        if item.speaker is None:
            if known:
                found[item.start] = known
        elif p.low[item.speaker[0]] != "who":
            known = item
    return found
