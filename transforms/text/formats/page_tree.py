"""A page's tree made ready for the search of its text: what is no text is taken out, what an article is cut into is put together."""

import re

from lxml import etree

from transforms.text.formats.page_links import mark_links
from transforms.text.formats.xml import Element

_SILENT = (
    "script style svg template iframe noscript link meta source input select textarea canvas head nav aside footer button picture video"
    " audio object embed map dialog menu title"
).split()
"""Elements without running text: trafilatura leaves them out too, but only after it has looked at each several times, in copies."""

_PASSING = re.compile(r"tool-?tip|pop-?over|pop-?up|roll-?over|hover-?card", re.IGNORECASE)
"""What opens over a word when the mouse is on it. Within a sentence it would be read as part of it."""

_OFFER = re.compile(
    r"newsletter|sign-?up|subscri(?:be|ption)|read-?more|see-?also|recirc|promo-?(?:box|link)|most-?(?:read|popular)", re.IGNORECASE
)
"""Boxes that offer something else to read; trafilatura knows more of them, in small letters only."""

_ARTICLE_BODY = re.compile(
    r"(?:article|story|entry|post|news)[-_]*(?:body|content|text)|\bbody[-_]*(?:content|container|text)", re.IGNORECASE
)
"""Classes of the box that holds an article's text."""

_INLINE = frozenset("a span em strong b i u font abbr mark small sub sup cite q time label".split())
_EMPHASIS = "em strong b i u font abbr small sub sup cite mark wbr time".split()
_SENTENCE = 20
"""Characters that stand in a paragraph itself, and not in its links and spans, where it is a sentence."""

_OWN_TEXT = 400
"""Characters of the paragraphs in a box that holds a part of an article; an offer has fewer."""


def words(element: Element) -> str:
    """All text of an element on one line."""
    return " ".join("".join(element.itertext()).split())


def prepare(root: Element) -> None:
    """Makes a tree ready, its links marked; its facts must have been read before."""
    for element in list(root.iter(*_SILENT)):
        _drop(element)
    for element in list(root.iter("figure", "div", "section", "ul", "p", "span")):
        if element.tag == "figure":
            _drop_figure(element)
        elif element.tag == "ul" and _is_menu(element):
            _drop(element)
        elif element.tag == "span":
            if len(element.attrib) == 0:
                element.tag = _PLAIN
            elif (name := element.get("class")) and _PASSING.search(name) and _is_innermost(element):
                _drop(element)
        elif (marks := f"{element.get('class', '')} {element.get('id', '')}") != " " and _OFFER.search(marks) and _is_small(element):
            _drop(element)
    mark_links(root)
    for paragraph in root.iter("p"):
        _keep_sentence(paragraph)
    etree.strip_tags(root, _PLAIN, *_EMPHASIS)
    _join_boxes(root)


def _is_menu(element: Element) -> bool:
    """Whether every word of a longer list is a link."""
    if len(element) < _MENU or element.find(".//p") is not None:
        return False
    links = sum(len("".join(link.itertext()).strip()) for link in element.iter("a"))
    return links > 0 and len("".join("".join(element.itertext()).split())) <= links


_MENU = 5
"""Least items of a menu; a list in a story may have a few links."""


def _drop_figure(element: Element) -> None:
    """Takes a figure out; a table in one stays."""
    if element.find(".//table") is None:
        _drop(element)
    else:
        element.tag = "div"


def _drop(element: Element) -> None:
    """Takes an element out; the text that follows it stays."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)


def _is_innermost(element: Element) -> bool:
    """Whether a span is the card over a word: the innermost one with a picture, since the word itself may be in an outer one."""
    if element.find(".//img") is None:
        return False
    inner = (each for each in element.iterdescendants("span", "div") if _PASSING.search(each.get("class", "")))
    return all(each.find(".//img") is None for each in inner)


def _is_small(element: Element) -> bool:
    """Whether a box is no more than an offer: classes of whole pages name what is on them as well ('has-newsletter')."""
    return sum(len(paragraph.text or "") for paragraph in element.iter("p")) < _OWN_TEXT and element.find(".//h1") is None


def _keep_sentence(paragraph: Element) -> None:
    """Makes the links and spans of a sentence plain words: trafilatura would cut out a span called `link` or `share`, and drop a
    sentence for the links in it."""
    if len(paragraph) == 0:
        return
    own = len((paragraph.text or "").strip()) + sum(len((child.tail or "").strip()) for child in paragraph)
    if own < _SENTENCE:
        return
    inner = list(paragraph.iterdescendants(*_INLINE))
    if own < sum(len("".join(element.itertext())) for element in inner if element.tag == "a"):
        return
    for element in inner:
        element.tag = _PLAIN


_PLAIN = "wl-plain"
"""What elements are called that are left out with their words kept."""


def _join_boxes(root: Element) -> None:
    """Puts an article into one box whose text is cut into several by what stands between them; only the first would be found."""
    boxes: dict[tuple[Element | None, str, str], list[Element]] = {}
    for element in root.iter("div", "section"):
        name = element.get("class", "")
        if _ARTICLE_BODY.search(name) and _own_text(element) >= _OWN_TEXT:
            article = next(element.iterancestors("article", "main"), None)
            boxes.setdefault((article, str(element.tag), name), []).append(element)
    for (article, _, _), parts in boxes.items():
        if len(parts) > 1 and (article is not None or len(list(root.iter("h1"))) == 1) and _are_one(root, parts):
            for part in parts[1:]:
                if not any(each is parts[0] for each in part.iterancestors()):
                    parts[0].extend(list(part))


def _are_one(root: Element, parts: list[Element]) -> bool:
    """Whether boxes hold one article: a heading between them, and in none of them, is that of another story."""
    seen = 0
    for element in root.iter("h1", "h2", str(parts[0].tag)):
        if any(element is part for part in parts):
            seen += 1
        elif element.tag in ("h1", "h2") and 0 < seen < len(parts) and not _is_in(element, parts):
            return False
    return True


def _is_in(element: Element, parts: list[Element]) -> bool:
    return any(each is part for each in element.iterancestors() for part in parts)


def _own_text(element: Element) -> int:
    return sum(len(child.text or "") + sum(len(inner.tail or "") for inner in child) for child in element.iterchildren("p"))
