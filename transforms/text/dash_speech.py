"""Speech that a dash opens, without quotation marks, as Nordic languages set it: `– Det er kaldt, sier Maria Roe.`

A paragraph that opens with a dash and a blank is speech up to the mark before a verb of speech with its speaker; a list has none. The
paragraphs right after it that open with a dash too are speech to their ends."""

import bisect
import functools
import re
from collections.abc import Iterator, Sequence

from transforms.text.lexicons import grammar, read_rows
from transforms.text.quote_regions import Region

LANGUAGES = frozenset(("da", "fi", "nb", "sv"))
"""Of those of `speech_cues.tsv`, those that set speech so. In others a dash opens the items of a list, which may name their source too."""
OPENING = r"[–—―-][ \u00a0]+(?=[^\W_a-zæøåäö])"
_OPENED = re.compile(OPENING)
_SENTENCE_END = re.compile(r"[.!?…]\s*\Z")
_LONGEST = 5000
"""Characters of a paragraph of speech; a longer one is a list that lost its line breaks."""

Span = tuple[int, int]


def with_dash_speech(body: str, paragraphs: Sequence[Span], regions: Sequence[Region]) -> list[Region]:
    """The quoted regions of a body that is not English, all of depth 0, by start, with what dashes open; what such speech quotes is no
    region of its own any more."""
    spoken = list(_spoken(body, paragraphs))
    if not spoken:
        return list(regions)
    starts = [region.start for region in regions]
    kept: list[Region] = []
    at = 0
    for region in spoken:
        low, high = bisect.bisect_left(starts, region.start), bisect.bisect_left(starts, region.end)
        if low < high and (regions[high - 1].end > region.end or regions[low].start == region.inner_start):
            continue
        kept += regions[at:low]
        kept.append(region)
        at = high
    return [*kept, *regions[at:]]


def _spoken(body: str, paragraphs: Sequence[Span]) -> Iterator[Region]:
    follows = False
    for start, end in paragraphs:
        opened = _OPENED.match(body, start, end) if end - start < _LONGEST else None
        if opened is None:
            follows = False
            continue
        close = _end_of_speech(body, opened.end(), end)
        if close is None and follows and _SENTENCE_END.search(body, max(opened.end(), end - _BLANKS), end):
            close = end
        follows = close is not None
        if close is not None:
            yield Region(start, close, opened.end(), close, 0, closed=True)


_BLANKS = 8
"""Characters at the end of a paragraph in which its last mark stands."""


def _end_of_speech(body: str, start: int, end: int) -> int | None:
    """Where the words end that an attribution follows: before a comma or dash, behind a question mark; None where none follows."""
    for mark in _attribution().finditer(body, start, end):
        if mark["next"] not in grammar("foreign_first_person"):
            return mark.start() if mark["mark"][-1] in ",–—-" else mark.end("mark")
    return None


@functools.cache
def _attribution() -> re.Pattern[str]:
    """A mark, a verb of speech and the next word (`, säger Roe`), or a mark, a name and the verb (`, Roe sanoo`)."""
    forms = {form for row in read_rows("speech_cues.tsv") if row[2] in LANGUAGES for form in row[1].split()}
    verb = "|".join(sorted(forms, key=len, reverse=True))
    mark = r"(?P<mark>[,?!…]|\.\.\.| [–—-])\s+"
    name = r"(?:[^\W\d_a-zæøåäö][\w’'-]*\s+){1,4}|hän\s+"
    return re.compile(rf"{mark}(?:(?:{verb})\s+(?:også\s+|också\s+)?(?=\w)|(?:{name})(?={verb}\b))(?P<next>\w+)")
