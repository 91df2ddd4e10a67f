"""XML without its dangers, and the running text of marked-up elements."""

import dataclasses
import functools
import html.entities
import re
from collections.abc import Callable, Iterator, Sized

import lxml.html
from lxml import etree

from transforms.text.decode import characters, repair
from transforms.text.formats.document import DOCTYPE, end_of_prolog
from transforms.text.parsed import Parsed, RefusedError
from transforms.text.structure import CROSSHEAD_MARK

Element = etree._Element

MAX_TAGS = 2_000_000
"""A message of 50 MB has about so many; each costs libxml2 some hundred bytes, and an item of nothing but tags would take the machine."""

_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']")
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_NUMBERED = re.compile(r"&#(?:x0*([0-9A-Fa-f]{1,6})|0*([0-9]{1,7}));")
_XML_ENTITIES = frozenset(("lt", "gt", "amp", "quot", "apos"))

_INLINE = frozenset(
    # HTML, then the enriched text of NITF
    """a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark o q rp rt ruby s samp small span strike strong sub
    sup time tt u var wbr nobr
    chron classifier copyrite copyrite.year copyrite.holder event function lang location city region state sublocation country money num
    frac frac-num frac-sep frac-den object.title org alt-code person name.given name.family postaddr pronounce virtloc byttl story.date
    credit""".split()
)
"""Elements within a line; every other one is a block of its own."""

SILENT = frozenset(
    """script style noscript template iframe video audio source picture img svg object embed form input button select textarea head title
    meta link base nav media media-reference media-metadata media-producer media-caption""".split()
)
"""Elements that are no running text. Captions have a field of their own."""

_CELLS = frozenset(("td", "th"))
CELL_BREAK = " | "
"""What stands between two cells of a row: white space alone would be folded, and the columns with it."""

_WIDEST_SPAN = 20
_KEPT_LINES = frozenset(("pre", "fn", "pre.text"))

_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6", "hl2", "mellis"))
_HEADING = 150
_SENTENCE = 60
"""Longest heading, and longest with a full stop; what is longer is running text in large letters."""

_EMBEDS = frozenset(
    """twitter-tweet twitter-video instagram-media tiktok-embed fb-post fb-video reddit-embed-bq reddit-card bluesky-embed
    text-post-media imgur-embed-pub mastodon-embed telegram-post""".split()
)
"""Classes of elements that a script of another site fills; what they hold until then is a stranger's words."""

_CREDITS = re.compile(r"\b(?:credits?|copyright|photographer|source|byline)\b", re.IGNORECASE)
_NO_DISPLAY = re.compile(r"(?:^|;)\s*display\s*:\s*none\b", re.IGNORECASE)
_PRE_WIDEST = 120
_PRE_FULL = 0.7
_PRE_STOPS = ".!?:;…"
_PROSE = 0.2
"""Share of lines that go on in lower case, from which on preformatted copy is prose whose lines the layout joins."""
_MAX_DEPTH = 256
"""As deep as libxml2 reads: nothing is lost."""

_SPACE = re.compile(r"[ \t\r\n\f]+")
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")


def parse_xml(data: bytes) -> Element:
    """The root element of a document. Raises RefusedError (`bad_xml`, `too_large`, and those of `decode`).

    The declared encoding is believed only where the bytes fit it. The document type is left out before the parser sees it, so there are
    no entities to expand and nothing to fetch; HTML's named characters are read all the same."""
    if data.count(b"<") > MAX_TAGS:
        raise RefusedError("too_large", f"the XML document has more than {MAX_TAGS} tags")
    declared = _DECLARED.search(data[:300])
    text = characters(data, declared.group(1).decode() if declared else None)
    text = text[end_of_prolog(text) :]
    if DOCTYPE.match(text):
        raise RefusedError("bad_xml", "the document is not well-formed: its document type does not end")
    try:
        return _parsed(text)
    except etree.XMLSyntaxError as error:
        mended = _NUMBERED.sub(_character, _NAMED.sub(_named, repair(text)))
        try:
            if mended != text:
                return _parsed(mended)
        except etree.XMLSyntaxError:
            pass
        raise RefusedError("bad_xml", f"the document is not well-formed: {str(error.msg)[:200]}") from error


def _parsed(text: str) -> Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, remove_comments=True, remove_pis=True, encoding="utf-8"
    )
    return etree.fromstring(text.encode("utf-8", "replace"), parser)


def _named(match: re.Match[str]) -> str:
    if match.group(1) in _XML_ENTITIES:
        return match.group()
    return html.entities.html5.get(f"{match.group(1)};", match.group())


def _character(match: re.Match[str]) -> str:
    """A numbered character that XML forbids is left out; others stay."""
    number = int(match.group(1), 16) if match.group(1) else int(match.group(2))
    forbidden = number < 0x20 and number not in (9, 10, 13)
    return "" if forbidden or number > 0x10FFFF or 0xD800 <= number < 0xE000 else match.group()


def parse_html(text: str) -> Element | None:
    """The `body` of an HTML text or fragment; None where there is nothing in it."""
    parser = lxml.html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        root = lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser, ensure_head_body=True)
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError):
        return None
    body = root.find("body")
    return root if body is None else body


def local(element: Element) -> str:
    """An element's name without its namespace, in lower case."""
    tag = element.tag
    return _local(tag) if isinstance(tag, str) else ""


@functools.lru_cache(4096)
def _local(tag: str) -> str:
    return tag.rpartition("}")[2].lower()


def item_bytes(item: Element) -> bytes:
    """An item of a document as a document of its own."""
    return etree.tostring(item, with_tail=False)


def own_bytes(parsed: Parsed, item: Element, among: Sized) -> Parsed:
    """The same, keeping its own bytes where it is no text and has others beside it in the document."""
    if len(among) > 1 and parsed.item_kind != "text":
        parsed.payload = item_bytes(item)
    return parsed


def text_of(element: Element | None) -> str | None:
    """All text of an element on one line; None where there is none."""
    if element is None:
        return None
    return _SPACE.sub(" ", "".join(element.itertext())).strip() or None


def body_text(element: Element, skip: Callable[[Element], bool] | None = None, *, marks: bool = False) -> str:
    """The running text of an element: a paragraph for each block, apart by blank lines, white space folded, `<br>` as a line break.

    An element without children is plain text and keeps its lines. `skip` says of an element whether it is left out with all it holds;
    `marks` sets `CROSSHEAD_MARK` before headings, for texts that go to `Parsed.body`."""
    if len(element) == 0:
        return (element.text or "").strip("\n")
    walk = _Walk(skip or _nothing, marks)
    walk.block(element, 0)
    walk.end()
    return "\n\n".join(walk.paragraphs)


def html_text(text: str, skip: Callable[[Element], bool] | None = None) -> str:
    """The running text of an HTML fragment, as `body_text` gives it; a text without a tag is given back as it is.

    Raises RefusedError (`too_large`)."""
    if "<" not in text:
        return html.unescape(text) if "&" in text else text
    if text.count("<") > MAX_TAGS:
        raise RefusedError("too_large", f"the HTML text has more than {MAX_TAGS} tags")
    body = parse_html(text)
    return "" if body is None else body_text(body, skip)


@dataclasses.dataclass
class Story:
    """What a marked-up text holds: its running text with marked crossheads, the captions of its figures, what stands beside it."""

    text: str = ""
    captions: list[dict[str, str | None]] = dataclasses.field(default_factory=list)
    asides: list[str] = dataclasses.field(default_factory=list)


def html_story(text: str, skip: Callable[[Element], bool] | None = None, spoken: frozenset[str] = frozenset()) -> Story:
    """The parts of an HTML fragment, as `story_of` gives them; a text without a tag is all running text.

    Raises RefusedError (`too_large`)."""
    if "<" not in text:
        return Story(html.unescape(text) if "&" in text else text)
    if text.count("<") > MAX_TAGS:
        raise RefusedError("too_large", f"the HTML text has more than {MAX_TAGS} tags")
    body = parse_html(text)
    if body is None:
        return Story()
    set_dashes(body, spoken)
    return story_of(body, skip)


def story_of(element: Element, skip: Callable[[Element], bool] | None = None) -> Story:
    """The parts of a text in HTML's elements: figures' captions and asides apart from it, embedded posts and hidden parts nowhere."""
    left_out = skip or _nothing
    found = Story()

    def is_beside(each: Element) -> bool:
        return local(each) in ("figcaption", "aside") or _is_embedded(each) or left_out(each)

    def collect(around: Element, depth: int) -> None:
        for each in around:
            if left_out(each) or _is_embedded(each) or depth > _MAX_DEPTH:
                continue
            if local(each) == "figcaption":
                found.captions += _figure_caption(each)
                continue
            if local(each) == "aside" and (text := body_text(each, is_beside).strip()):
                found.asides.append(text)
            collect(each, depth + 1)

    collect(element, 0)
    found.text = body_text(element, is_beside, marks=True)
    return found


def _figure_caption(element: Element) -> list[dict[str, str | None]]:
    """The caption of a figure, its credit apart where an element says it; none where it is empty."""
    named = ((each, f"{each.get('class') or ''} {each.get('itemprop') or ''}") for each in element.iterdescendants())
    credit = next((each for each, names in named if _CREDITS.search(names)), None)
    text = " ".join(body_text(element, lambda each: each is credit).split())
    return [{"text": text, "credit": text_of(credit)}] if text else []


def _is_embedded(element: Element) -> bool:
    """Whether an element is an embedded post of another site, or not shown."""
    if element.get("hidden", "false") != "false" or _NO_DISPLAY.search(element.get("style") or ""):
        return True
    return not _EMBEDS.isdisjoint((element.get("class") or "").split())


def set_dashes(element: Element, spoken: frozenset[str]) -> None:
    """Puts the dash of a quotation before elements of these names, for which the file leaves it to the layout."""
    for each in element.iter() if spoken else ():
        if local(each) in spoken:
            inner = each
            while not (inner.text or "").strip() and len(inner) and local(inner[0]) != "br":
                inner = inner[0]
            inner.text = f"– {(inner.text or '').lstrip().lstrip('–—- ')}"


def _nothing(_element: Element) -> bool:
    return False


class _Walk:
    """One pass through a tree, collecting paragraphs."""

    def __init__(self, skip: Callable[[Element], bool], marks: bool = False) -> None:
        self.paragraphs: list[str] = []
        self._line: list[str] = []
        self._skip = skip
        self._marks = marks

    def end(self) -> None:
        """Closes the paragraph that is open."""
        lines = (_SPACE.sub(" ", line).strip() for line in "".join(self._line).split("\x00"))
        text = "\n".join(line for line in lines if line)
        if text:
            self.paragraphs.append(text)
        self._line = []

    def _add(self, text: str | None, keeps_lines: bool) -> None:
        if not text:
            return
        pieces = _BLANK_LINE.split(text) if "\n" in text and not text.isspace() else [text]
        for number, piece in enumerate(pieces):
            if number:
                self.end()
            self._line.append(piece.replace("\n", "\x00") if keeps_lines else piece)

    def block(self, element: Element, depth: int, keeps_lines: bool = False) -> None:
        """Adds what an element holds; what follows it is its parent's."""
        self._add(element.text, keeps_lines)
        for child in element:
            name = local(child)
            if not name or name in SILENT or depth > _MAX_DEPTH or self._skip(child):
                pass
            elif name == "br":
                self._line.append("\x00")
            elif name in _INLINE:
                self.block(child, depth + 1, keeps_lines)
            elif name in _CELLS:
                self._line.append(f" {self._cell(child, depth)} ")
            else:
                self.end()
                start = len(self.paragraphs)
                if name != "tr" or not self._row(child, depth):
                    self.block(child, depth + 1, name in _KEPT_LINES)
                self.end()
                self._finish(child, name, start)
            self._add(child.tail, keeps_lines)

    def _finish(self, element: Element, name: str, start: int) -> None:
        """Does to the paragraphs of a block what its name asks for: headings are marked, lines of preformatted copy joined."""
        if name == "pre":
            self.paragraphs[start:] = ["\n".join(_joined(text.split("\n"))) for text in self.paragraphs[start:]]
        elif self._marks and name in _HEADINGS and len(self.paragraphs) == start + 1:
            text = " ".join(self.paragraphs[start].split())
            is_line = all(local(each) in _INLINE or local(each) == "br" for each in element)
            if is_line and len(text) <= (_SENTENCE if text.endswith(".") else _HEADING):
                self.paragraphs[start] = f"{CROSSHEAD_MARK} {text}"

    def _row(self, element: Element, depth: int) -> bool:
        """Adds a row of several cells as one paragraph, empty cells included; whether it was one."""
        cells = [each for each in element if local(each) in _CELLS]
        between = (element.text, *(each.tail for each in cells))
        if len(cells) < 2 or len(cells) < len(element) or any(text and text.strip() for text in between):
            return False
        texts: list[str] = []
        for each in cells:
            span = (each.get("colspan") or "").strip()
            texts.append("" if self._skip(each) else self._cell(each, depth))
            texts += [""] * (min(int(span), _WIDEST_SPAN) - 1 if span.isdecimal() and span.isascii() and len(span) < 5 else 0)
        if any(texts):
            self.paragraphs.append(_SPACE.sub(" ", CELL_BREAK.join(texts)).strip())
        return True

    def _cell(self, element: Element, depth: int) -> str:
        """A cell of a table: blocks within it stay on the row's line."""
        inner = _Walk(self._skip)
        inner.block(element, depth + 1)
        inner.end()
        return " ".join(inner.paragraphs).replace("\n", " ")


def _joined(lines: list[str]) -> Iterator[str]:
    """The lines of preformatted copy, those joined that were wrapped: the next word would not have fitted, and no sentence ends.

    Prose is left as it stands: the layout of the whole text joins its lines, and needs them for that."""
    goes_on = sum(line[0].islower() for line in lines[1:])
    width = max(map(len, lines))
    if len(lines) < 3 or width > _PRE_WIDEST or goes_on >= _PROSE * (len(lines) - 1):
        yield from lines
        return
    current = last = lines[0]
    for line in lines[1:]:
        is_full = len(last) >= _PRE_FULL * width and len(last) + 1 + len(line.split(" ", 1)[0]) > width
        if is_full and last[-1] not in _PRE_STOPS:
            current += f" {line}"
        else:
            yield current
            current = line
        last = line
    yield current


def children(element: Element, *names: str) -> Iterator[Element]:
    """Child elements of these local names (lower case), in their order."""
    return (child for child in element if local(child) in names)


def child(element: Element | None, *path: str) -> Element | None:
    """The first element down a path of local names; None where there is none."""
    for name in path:
        if element is None:
            return None
        element = next(children(element, name), None)
    return element


def value(element: Element | None, *path: str) -> str | None:
    """The text of the first element down a path."""
    return text_of(child(element, *path))
