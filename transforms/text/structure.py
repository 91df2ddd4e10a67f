"""The parts of a story in its paragraphs: what stands on top, the running text, what stands at its end."""

import dataclasses
import re

from transforms.text import furniture
from transforms.text.date_lines import is_date_line
from transforms.text.datelines import Dateline, parse_dateline, split_dateline
from transforms.text.furniture import Credited, Mark
from transforms.text.headlines import split_prefix

_REACH = 16
"""Paragraphs on top among which the dateline is looked for: slug, takes, notes, headline, bullets, byline are seldom more."""

_TITLES = 3
"""Headline and at most two lines of deck above a dateline; more unmarked paragraphs are running text, and the dateline is none."""

_HEADLINE = 250
_DECK = 450
"""Longest headline and deck in characters; paragraphs above are running text."""

_CROSSHEAD = 60
_CROSSHEAD_WORDS = 8
"""Longest crosshead: it has to fit on a line or two of a column."""

_PROSE = 60
"""Least length of the paragraphs about a crosshead: rows of a table and lines of a list are shorter."""

CROSSHEAD_MARK = "\ufdd0"
"""A reader puts it at the start of a paragraph of which the file says that it is a crosshead. A noncharacter: no text has it."""

_STOPS = ".!?…。！？\"'”’»)]:;"
_SMALL_START = re.compile(r"[^\w(\"“‘']")


class _Crosshead(str):
    """A paragraph of which the file says that it is a crosshead."""

    __slots__ = ()


@dataclasses.dataclass
class Structure:
    """What was found. `pieces` are the running text in order: (`body`, `crosshead` or `signoff`, text); the rest are fields."""

    headline: str | None = None
    deck: list[str] = dataclasses.field(default_factory=list)
    sluglines: list[str] = dataclasses.field(default_factory=list)
    bylines: list[str] = dataclasses.field(default_factory=list)
    creditlines: list[str] = dataclasses.field(default_factory=list)
    captions: list[Credited] = dataclasses.field(default_factory=list)
    ednotes: list[str] = dataclasses.field(default_factory=list)
    rights: list[str] = dataclasses.field(default_factory=list)
    service: list[str] = dataclasses.field(default_factory=list)
    page: list[str] = dataclasses.field(default_factory=list)
    signals: list[str | None] = dataclasses.field(default_factory=list)
    date_lines: list[str] = dataclasses.field(default_factory=list)
    dateline: Dateline | None = None
    dateline_paragraph: str = ""
    pieces: list[tuple[str, str]] = dataclasses.field(default_factory=list)


def structure_of(paragraphs: list[str], *, is_page: bool, headline: str | None = None) -> Structure:
    """The parts of a story. `is_page`: headline, deck and caption may stand on top (else the fields were given apart, `headline` among
    them, which is left out where the text repeats it)."""
    found = Structure()
    paragraphs = _without_marks(paragraphs)
    if headline is None and len(paragraphs) == 1 and _read_alert(found, paragraphs[0]):
        return found
    read_as_page = is_page and len(paragraphs) > 1
    start = _read_page_top(found, paragraphs) if read_as_page else _read_body_top(found, paragraphs, headline)
    start = _read_notice(found, paragraphs, start)
    _read_running_text(found, paragraphs, start, may_be_empty=bool(found.headline or headline))
    return found


def _without_marks(paragraphs: list[str]) -> list[str]:
    """The paragraphs without the marks of readers: those that had one are `_Crosshead`."""
    texts = ((text.startswith(CROSSHEAD_MARK), text.replace(CROSSHEAD_MARK, "").strip()) for text in paragraphs)
    return [_Crosshead(text) if is_marked else text for is_marked, text in texts if text]


def _read_alert(found: Structure, line: str) -> bool:
    """Reads a story that is one line with a mark before it ('URGENT - ...'); whether it is one. Its text is headline and body alike:
    the headline keeps the mark, as headlines do until they are cleaned."""
    prefix, rest, signal = split_prefix(line)
    if signal is None or len(line) > _HEADLINE:
        return False
    found.signals.append(signal)
    _read_running_text(found, [rest], 0, may_be_empty=False)
    found.headline = " ".join([prefix, *(text for role, text in found.pieces if role == "body")]).strip()
    return True


# ---------------------------------------------------------------------------------------------------------------------- on top


def _read_page_top(found: Structure, paragraphs: list[str]) -> int:
    """Reads what stands above the text of a page; where the text begins."""
    marks: list[Mark | None] = []
    titles: list[int] = []
    for index, paragraph in enumerate(paragraphs[:_REACH]):
        mark = _top_mark(paragraph, anywhere=False)
        if mark is None:
            if _dateline_of(paragraph):
                if len(titles) > 1 and not _is_title(paragraphs[titles[0]]):
                    break
                _keep(found, marks, titles, paragraphs, index)
                return index
            titles.append(index)
            if len(titles) > _TITLES or len(paragraph) > _DECK or (len(titles) == 1 and not _is_title(paragraph)):
                break
        marks.append(mark)
    return _without_dateline(found, paragraphs, marks, titles)


def _without_dateline(found: Structure, paragraphs: list[str], marks: list[Mark | None], titles: list[int]) -> int:
    """Where the text of a page begins that no dateline opens."""
    bullets = [index for index, mark in enumerate(marks) if mark and mark.kind == "deck"]
    reach = min([len(marks), *bullets])  # without a dateline, bullets may be the text
    titles = [index for index in titles if index < reach] or titles[:1]
    first = titles[0] if titles else reach
    if first >= len(paragraphs) - 1 or not _is_title(paragraphs[first]):
        _keep(found, marks, [], paragraphs, first)
        return first
    second = titles[1] if len(titles) > 1 else reach
    if second >= len(paragraphs):
        _keep(found, marks, [first], paragraphs, second)
        return second
    if not _is_deck(paragraphs, marks, second):
        _keep(found, marks, [first], paragraphs, second)
        return second
    third = second + 1
    while third < reach and marks[third] is not None:
        third += 1
    _keep(found, marks, [first, second], paragraphs, third)
    return third


def _is_title(paragraph: str) -> bool:
    """Whether a paragraph can be a headline: short, and no sentence with its full stop."""
    return len(paragraph) <= _HEADLINE and not furniture.ends_sentence(paragraph) and any(map(str.isalpha, paragraph))


def _is_deck(paragraphs: list[str], marks: list[Mark | None], index: int) -> bool:
    """Whether the paragraph below the headline is a deck: a byline, note or caption follows it, or it has no full stop and prose does."""
    paragraph = paragraphs[index]
    if len(paragraph) > _DECK or index + 1 >= len(paragraphs):
        return False
    after = marks[index + 1] if index + 1 < len(marks) else None
    if after is not None:
        return after.kind in ("byline", "caption", "ednote", "creditline")
    following = paragraphs[index + 1]
    return paragraph[-1] not in _STOPS and len(following) > _PROSE and following[-1] in _STOPS


def _keep(found: Structure, marks: list[Mark | None], titles: list[int], paragraphs: list[str], end: int) -> None:
    """Puts the paragraphs before `end` into their fields: the first title is the headline, others are deck."""
    for index, mark in enumerate(marks[:end]):
        if mark is not None:
            _put(found, mark)
        elif found.headline is None:
            found.headline = furniture.bare(paragraphs[index])
        else:
            found.deck.append(furniture.bare(paragraphs[index]))


def _read_body_top(found: Structure, paragraphs: list[str], headline: str | None) -> int:
    """Reads what stands above the text where the fields were given apart; where the text begins."""
    index = 0
    known = headline.casefold() if headline else None
    while index < len(paragraphs) - 1 and index < _REACH:
        paragraph = paragraphs[index]
        if paragraph.casefold() != known:
            mark = _top_mark(paragraph, anywhere=True)
            if mark is None or (mark.kind == "deck" and not _bullets_above_lede(paragraphs, index)):
                break
            _put(found, mark)
        index += 1
    if index < len(paragraphs) - 1 and index < _REACH:
        paragraph = paragraphs[index]
        is_advice = len(paragraph) <= _HEADLINE and not furniture.ends_sentence(paragraph) and not _dateline_of(paragraph)
        if is_advice and _dateline_of(paragraphs[index + 1]):
            found.deck.append(furniture.bare(paragraph))
            index += 1
    return index


def _read_notice(found: Structure, paragraphs: list[str], start: int) -> int:
    """Reads the notice that press releases have above their dateline ('NOT FOR DISTRIBUTION IN ...') as a note; where the text begins.
    Only place, full date and agency together tell such a dateline from the beginning of another story."""
    for index in range(start, min(start + _NOTICES + 1, len(paragraphs))):
        dateline = _dateline_of(paragraphs[index])
        if dateline and (index == start or (dateline.places and dateline.day and dateline.year and dateline.agency)):
            found.ednotes.extend(paragraphs[start:index])
            return index
        if len(paragraphs[index]) > _DECK:
            break
    return start


_NOTICES = 3
"""Paragraphs of a notice above a press release, in the languages of the countries that it names."""


def _dateline_of(paragraph: str) -> Dateline | None:
    """The dateline at the start of a paragraph, or the one that is the whole of it and has no dash ('LONDON, March 3')."""
    found = split_dateline(paragraph)
    if found and paragraph[found.end - 1 : found.end + 1] == "__":
        return None  # 'SEOUL ___': a place over a rule, whose first marks are no dateline's dash
    if found is None and len(paragraph) <= _LONE_DATELINE and paragraph[-1:].isalnum():
        alone = parse_dateline(paragraph)
        if alone is not None and alone.month and alone.day and alone.places and alone.places[0].isupper():
            return alone
    return found


_LONE_DATELINE = 60
"""Longest dateline without an agency: a place, a region, a month and a day."""


def _bullets_above_lede(paragraphs: list[str], index: int) -> bool:
    """Whether bullets end, within reach, at a dateline or another mark: then they are the deck and not a list in the text."""
    for paragraph in paragraphs[index : index + _REACH]:
        mark = _top_mark(paragraph, anywhere=True)
        if mark is None or mark.kind != "deck":
            return mark is not None or _dateline_of(paragraph) is not None
    return False


def _top_mark(paragraph: str, *, anywhere: bool) -> Mark | None:
    """What a paragraph on top is, captions and lines of the site included; None for a title or the text."""
    mark = furniture.mark_of(paragraph)
    if mark is not None:
        return mark
    if furniture.is_rule(paragraph):
        return Mark("page", paragraph)
    if is_date_line(paragraph):
        return Mark("date", paragraph)
    if furniture.credited(paragraph, anywhere=anywhere):
        return Mark("caption", paragraph)
    if furniture.is_page_line(paragraph) or furniture.is_section_line(paragraph):
        return Mark("page", paragraph)
    return None


def _put(found: Structure, mark: Mark) -> None:
    """One marked paragraph into its field."""
    if mark.kind == "caption":
        _put_caption(found, mark.text, anywhere=False)
        return
    fields = {
        "slugline": found.sluglines, "byline": found.bylines, "creditline": found.creditlines, "deck": found.deck, "ednote": found.ednotes,
        "embargo": found.ednotes, "copyright": found.rights, "service": found.service, "page": found.page,
        "date": found.date_lines,
    }  # fmt: skip
    fields[mark.kind].append(mark.text)
    found.signals.append(mark.signal)


def _put_caption(found: Structure, paragraph: str, *, anywhere: bool) -> None:
    """A caption; a credit alone belongs to the caption before it, where that has none."""
    caption = furniture.credited(paragraph, anywhere=anywhere) or Credited(paragraph, None)
    if caption.text or not found.captions or found.captions[-1].credit:
        found.captions.append(caption if caption.text else Credited(paragraph, caption.credit))
    else:
        found.captions[-1] = Credited(found.captions[-1].text, caption.credit)


# ---------------------------------------------------------------------------------------------------------------- running text


def _read_running_text(found: Structure, paragraphs: list[str], start: int, *, may_be_empty: bool) -> None:
    running = paragraphs[start:]
    if not running:
        return
    if note := furniture.trash_before(running[0]):
        found.ednotes.append(note.group().strip())
        found.signals.append(furniture.trash_signal(note))
        running[0] = running[0][note.end() :].lstrip()
    dateline = _dateline_of(running[0])
    if dateline:
        found.dateline, found.dateline_paragraph = dateline, running[0]
        lede = running[0][dateline.end :].strip()
        if lede:
            running[0] = lede
        elif len(running) > 1:
            del running[0]
            found.dateline_paragraph += " " + running[0]
        else:
            running = []
    end, signoffs = _peel_end(found, running, 0 if may_be_empty or dateline else 1)
    _read_middle(found, running, end)
    found.pieces.extend(("signoff", text) for text in signoffs)


def _peel_end(found: Structure, running: list[str], least: int) -> tuple[int, list[str]]:
    """Takes sign-offs, rights, notes, captions and the site's lines off the end; where the text ends, and the sign-offs in order."""
    notebook = next((index for index, paragraph in enumerate(running) if index >= least and furniture.opens_notebook(paragraph)), None)
    signoffs: list[str] = []
    notes: list[str] = []
    end = len(running)
    while end > least:
        paragraph = running[end - 1]
        if notebook is not None and end - 1 <= notebook:
            break
        if end - 1 > least and furniture.closes_signoff(running[end - 2], paragraph):
            signoffs.append(f"{running[end - 2]} {paragraph}")
            end -= 1
        elif furniture.is_signoff(paragraph):
            signoffs.append(paragraph)
        elif furniture.is_contact(paragraph):
            notes.append(paragraph)
        elif furniture.is_rights(paragraph):
            found.rights.append(paragraph)
        elif furniture.credited(paragraph, anywhere=True):
            _put_caption(found, paragraph, anywhere=True)
        elif furniture.is_page_line(paragraph) or furniture.is_section_line(paragraph):
            found.page.append(paragraph)
        elif (mark := furniture.mark_of(paragraph)) and mark.kind in ("ednote", "embargo"):
            notes.append(paragraph)
        else:
            break
        end -= 1
    if notebook is not None:
        notes.extend(reversed(running[notebook:end]))
        end = notebook
    found.ednotes.extend(reversed(notes))
    while end > 0 and (split := furniture.split_tail(running[end - 1])) and split[0]:
        running[end - 1] = split[0]
        signoffs.append(split[1])
    return end, signoffs[::-1]


def _read_middle(found: Structure, running: list[str], end: int) -> None:
    last = end - 1
    has_text = not all(isinstance(paragraph, _Crosshead) for paragraph in running[:end])
    for index in range(end):
        paragraph = running[index]
        if has_text and isinstance(paragraph, _Crosshead):
            found.pieces.append(("crosshead", str(paragraph)))
            continue
        if furniture.is_agency_byline(paragraph):
            found.bylines.append(paragraph[3:])
            continue
        if index > 0:
            if paragraph[0] == "(" and (note := furniture.mark_of(paragraph) or furniture.is_desk_note(paragraph)):
                found.ednotes.append(paragraph)
                found.signals.append(note.signal if isinstance(note, Mark) else None)
                continue
            if furniture.credited(paragraph, anywhere=True):
                _put_caption(found, paragraph, anywhere=True)
                continue
            if index < last and len(paragraph) <= _CROSSHEAD and _is_crosshead(running, index, end):
                found.pieces.append(("crosshead", paragraph))
                continue
            if _is_dated_rights(paragraph):
                found.rights.append(paragraph)
                continue
            if furniture.is_site_line(paragraph):
                found.page.append(paragraph)
                continue
        found.pieces.append(("body", paragraph))


_DASHED = re.compile(r"[-–—]{1,2} ?([^\W_](?:.*[^\s.,;:–—-])?) ?[-–—]{1,2}")
_QUOTED = re.compile(r"[\"“‘'«„] ?([^\W_][^\"“”„«»]*[^\W_]) ?[\"”’'»“]")
"""A crosshead between dashes (AFP), or one that is a quotation and no sentence."""


def _is_dated_rights(paragraph: str) -> bool:
    return paragraph[0] in "©(C" and furniture.is_rights(paragraph)


def _is_crosshead(running: list[str], index: int, end: int) -> bool:
    """A short line without punctuation, or in capitals, between two paragraphs of prose."""
    line = running[index]
    if furniture.is_rule(line):
        return True
    wrapped = _DASHED.fullmatch(line) or _QUOTED.fullmatch(line)
    line = wrapped.group(1) if wrapped else line
    before = running[index - 1] if index > 1 or not furniture.is_rule(running[index - 1]) else ""
    following = running[index + 1]
    if len(line.split()) > _CROSSHEAD_WORDS or not any(map(str.isalpha, line)) or _SMALL_START.match(line):
        return False
    if not (_is_prose(before) and _is_prose(following)):
        return False
    if line.isupper():
        return line[-1] not in ".;,"
    digits = sum(map(str.isdigit, line))
    return line[-1] not in _STOPS and line[-1] not in ",-–—" and not line[0].islower() and 3 * digits < len(line)


def _is_prose(paragraph: str) -> bool:
    return len(paragraph) >= _PROSE and paragraph[-1] in _STOPS
