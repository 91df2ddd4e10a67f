"""XML without its dangers, and the running text of marked-up elements."""

import functools
import html.entities
import re
from collections.abc import Callable, Iterator

import lxml.html
from lxml import etree

from transforms.text.decode import characters, repair
from transforms.text.formats.document import DOCTYPE, end_of_prolog
from transforms.text.parsed import RefusedError

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
_KEPT_LINES = frozenset(("pre", "fn", "pre.text"))
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
        raise RefusedError("bad_xml", f"the document is not well-formed: {str(error)[:200]}") from error


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


def text_of(element: Element | None) -> str | None:
    """All text of an element on one line; None where there is none."""
    if element is None:
        return None
    return _SPACE.sub(" ", "".join(element.itertext())).strip() or None


def body_text(element: Element, skip: Callable[[Element], bool] | None = None) -> str:
    """The running text of an element: a paragraph for each block, apart by blank lines, white space folded, `<br>` as a line break.

    An element without children is plain text and keeps its lines. `skip` says of an element whether it is left out with all it holds."""
    if len(element) == 0:
        return (element.text or "").strip("\n")
    walk = _Walk(skip or _nothing)
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


def _nothing(_element: Element) -> bool:
    return False


class _Walk:
    """One pass through a tree, collecting paragraphs."""

    def __init__(self, skip: Callable[[Element], bool]) -> None:
        self.paragraphs: list[str] = []
        self._line: list[str] = []
        self._skip = skip

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
        if keeps_lines:
            self._line.append(text.replace("\n", "\x00"))
        elif "\n" in text and _BLANK_LINE.search(text) and not text.isspace():
            head, *rest = _BLANK_LINE.split(text)
            self._line.append(head)
            for paragraph in rest:
                self.end()
                self._line.append(paragraph)
        else:
            self._line.append(text)

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
                self._cell(child, depth)
            else:
                self.end()
                self.block(child, depth + 1, name in _KEPT_LINES)
                self.end()
            self._add(child.tail, keeps_lines)

    def _cell(self, element: Element, depth: int) -> None:
        """A cell of a table: blocks within it stay on the row's line."""
        inner = _Walk(self._skip)
        inner.block(element, depth + 1)
        inner.end()
        self._line.append(" " + " ".join(inner.paragraphs).replace("\n", " ") + " ")


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
