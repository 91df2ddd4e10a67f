"""Where quotation marks open and close.

Marks known: straight `"` and `'`, English curly, German low, guillemets in both directions, and the typewriter pair of backticks
and apostrophes. A mark that stands for inches, minutes or an apostrophe opens nothing. A region never crosses a paragraph; where
a paragraph ends inside a quotation and the next one begins with an opening mark, the second continues the first, as newspapers
set it."""

import bisect
import dataclasses
import functools
import re

_MARK = re.compile("[\"“”„‟«»‘’‚‛‹›'`](?:(?<=`)`|(?<=')')?")
"""The marks, and a lone backtick, which is none; a set of first characters is what `re` looks for fastest."""
_PARAGRAPH = re.compile(r"[^\n]+(?:\n(?![ \t\r\f\v]*\n)(?!(?<=[.!?:\"”»]\n)[\"“„«`])[^\n]+)*")
_LINE = re.compile(r"[^\n]+")
_BROKEN = re.compile(r"[^\n]+(?:(?<![.!?:\"”»])\n[^\n]+)*")
"""A paragraph of a text broken into lines without a blank one: up to a line that ends as a sentence does."""
_BROKEN_LINE = re.compile(r"^[^\n]{40,100}(?<![.!?:\"”»])$", re.MULTILINE)
_BROKEN_LINES = 3
"""Such lines that tell a text broken into lines, where at least half of its lines are of them."""
_BLANK_LINE = re.compile(r"\n[ \t\r\f\v]*\n")
_LONG_LINE = re.compile(r"[^\n]{101}")
"""A line that no text has which is broken into lines of one width: 65 to 80 characters in wire copy, 72 in mail."""
_ELISIONS = re.compile(r"(?:\d0s|\d\ds?|em|til|tis|twas|cause|bout|n|round|em)\b", re.IGNORECASE)
"""What an apostrophe before a word leaves out ('90s, 'em, 'til): such a mark opens no quotation."""

_DOUBLE_CLOSERS = {"“": '”“"', "”": '”"', "„": '“”‟"', "‟": "”", "«": "»", "»": "«", '"': '"”', "``": "''\"", "''": "''"}
_SINGLE_CLOSERS = {"‘": "’", "‚": "‘’", "‛": "’", "‹": "›", "›": "‹", "'": "'"}


@dataclasses.dataclass(frozen=True, slots=True)
class Region:
    """A quotation with its marks: `text[start:end]`; `inner_start` and `inner_end` leave the marks out.

    `depth` is 0 for what is in no other region. `closed` is false where the paragraph ended first; `continued` says that the
    next region of depth 0 goes on with it."""

    start: int
    end: int
    inner_start: int
    inner_end: int
    depth: int
    closed: bool
    continued: bool = False


def paragraph_spans(text: str) -> list[tuple[int, int]]:
    """Start and end of every paragraph: parts between blank lines; every line where there is no blank line, or where a line is so long that
    the text is not broken into lines of one width. Where it is and has no blank line, a paragraph goes on to a line that ends a sentence.

    A line that opens with a quotation mark after the end of a sentence begins a paragraph in any case."""
    pattern = _LINE
    if not _LONG_LINE.search(text):
        if _BLANK_LINE.search(text):
            pattern = _PARAGRAPH
        elif text.count("\n") >= _BROKEN_LINES and 2 * len(_BROKEN_LINE.findall(text)) > text.count("\n"):
            pattern = _BROKEN
    return [match.span() for match in pattern.finditer(text) if not match[0].isspace()]


def quote_regions(text: str, paragraphs: list[tuple[int, int]] | None = None) -> list[Region]:
    """All quoted regions of a text, by start; nested ones follow the region that holds them."""
    spans = paragraph_spans(text) if paragraphs is None else paragraphs
    regions: list[Region] = []
    marks = [(m.start(), m[0]) for m in _MARK.finditer(text) if m[0] != "`"]
    if not marks:
        return regions
    starts = [at for at, _ in marks]
    last_open: int | None = None
    for start, end in spans:
        low, high = bisect.bisect_left(starts, start), bisect.bisect_left(starts, end)
        if low == high:
            last_open = None
            continue
        found = _Scan(text, start, end, marks[low:high]).run()
        if last_open is not None and found and not text[start : found[0].start].strip():
            regions[last_open] = dataclasses.replace(regions[last_open], continued=True)
        offset = len(regions)
        regions += found
        last_open = next((offset + i for i, r in enumerate(found) if r.depth == 0 and not r.closed), None)
    return regions


class _Scan:
    """One paragraph: a stack of open marks, and the regions closed so far."""

    def __init__(self, text: str, start: int, end: int, marks: list[tuple[int, str]]) -> None:
        self.text, self.start, self.end, self.marks = text, start, end, marks
        self.stack: list[tuple[int, str]] = []
        self.found: list[Region] = []

    @functools.cached_property
    def single_closers(self) -> list[int]:
        """Where single marks may close."""
        return [at for at, mark in self.marks if mark in "'’‘‹›" and self._may_close_single(at)]

    @functools.cached_property
    def single_openers(self) -> list[int]:
        """Where single marks may open."""
        return [at for at, mark in self.marks if mark in "'’‘‹›" and self._may_open_single(at)]

    def run(self) -> list[Region]:
        """The regions of the paragraph. A single mark left open is an apostrophe; of double marks the outermost stays open to the end."""
        for at, mark in self.marks:
            if mark in _SINGLE_CLOSERS or mark == "’":
                self._single(at, mark)
            else:
                self._double(at, mark)
        for depth, (at, mark) in enumerate(self.stack):
            if mark not in _SINGLE_CLOSERS:
                if self.end - at - len(mark) > 1:
                    self.found.append(Region(at, self.end, at + len(mark), self.end, depth, closed=False))
                break
        self.found.sort(key=lambda region: (region.start, -region.end))
        return self._depths()

    def _depths(self) -> list[Region]:
        """Depth is counted again at the end: marks that never closed left the stack and count no more."""
        out: list[Region] = []
        ends: list[int] = []
        for region in self.found:
            while ends and ends[-1] <= region.start:
                ends.pop()
            if ends and region.end > ends[-1]:
                continue
            out.append(region if region.depth == len(ends) else dataclasses.replace(region, depth=len(ends)))
            ends.append(region.end)
        return out

    def _before(self, at: int) -> str:
        return self.text[at - 1] if at > self.start else " "

    def _after(self, at: int) -> str:
        return self.text[at] if at < self.end else " "

    def _close(self, index: int, at: int, width: int) -> None:
        """Closes the open mark `index`; what was opened inside it and never closed was no quotation."""
        opened, mark = self.stack[index]
        del self.stack[index:]
        if at > opened + len(mark):
            self.found.append(Region(opened, at + width, opened + len(mark), at, index, closed=True))

    def _open(self, at: int, mark: str) -> None:
        """Opens a mark. One of the same kind that is still open was never closed: it goes, with all inside it."""
        for index, (_, other) in enumerate(self.stack):
            if other == mark:
                del self.stack[index:]
                break
        self.stack.append((at, mark))

    def _opened_by(self, mark: str, table: dict[str, str]) -> int | None:
        """Index of the innermost open mark that `mark` closes."""
        for index in range(len(self.stack) - 1, -1, -1):
            if mark in table.get(self.stack[index][1], ""):
                return index
        return None

    def _double(self, at: int, mark: str) -> None:
        before, after = self._before(at), self._after(at + len(mark))
        opens = _looks_open(before, after)
        index = self._opened_by(mark, _DOUBLE_CLOSERS)
        if mark in ('"', "''"):
            self._straight(at, mark, index, before, opens)
        elif index is not None and not (mark in "“»«" and opens and not self._shut_here(index, mark)):
            self._close(index, at, len(mark))
        elif mark in "“„«‟``" or (mark in "»”" and opens):
            self._open(at, mark)

    def _shut_here(self, index: int, mark: str) -> bool:
        """Whether a mark that may open or close (the German closing one is the English opening one) closes the open one."""
        return self.stack[index][1] in "„»" or (self.stack[index][1] == "«" and mark == "»")

    def _straight(self, at: int, mark: str, index: int | None, before: str, opens: bool) -> None:
        if index is not None and not opens:
            self._close(index, at, len(mark))
        elif index is not None:
            # Open, and what stands here opens again: the first mark has lost its partner.
            del self.stack[index:]
            self._open(at, mark)
        elif before.isdigit() and not opens:
            return
        elif not before.isalnum() or opens:
            if mark == "''" and before.isalnum():
                return
            self._open(at, mark)

    def _may_close_single(self, at: int) -> bool:
        return not self._after(at + 1).isalnum() and not self._before(at).isspace()

    def _may_open_single(self, at: int) -> bool:
        before, after = self._before(at), self._after(at + 1)
        return self.text[at] != "’" and not before.isalnum() and (after.isalnum() or after in '[("“.…$£€#@')

    def _single(self, at: int, mark: str) -> None:
        index = self._opened_by(mark, _SINGLE_CLOSERS)
        if index is not None and self._may_close_single(at):
            if not self._possessive(at):
                self._close(index, at, 1)
        elif self._may_open_single(at) and not _ELISIONS.match(self.text, at + 1) and self._next(self.single_closers, at) < self.end:
            self._open(at, mark)

    def _possessive(self, at: int) -> bool:
        """`leaders' summit` inside single marks: a plural's apostrophe, where another mark can close before the next one opens."""
        if self._before(at) not in "sS" or self._after(at + 1) != " ":
            return False
        return self._next(self.single_closers, at) < min(self._next(self.single_openers, at), self.end)

    def _next(self, places: list[int], at: int) -> int:
        """The first of the places after `at`, or the end of the paragraph."""
        index = bisect.bisect_right(places, at)
        return places[index] if index < len(places) else self.end


def _looks_open(before: str, after: str) -> bool:
    """Whether a mark between these characters opens: white space or an opening bracket or dash before it, a word after it."""
    return (before.isspace() or before in "([{—–-/:‘'“") and not after.isspace() and (after.isalnum() or after in "[($£€#@'‘“.…-—*¿¡")
