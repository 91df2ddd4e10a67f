"""Links of a page, marked in its text: so it can be told of each line that trafilatura gives back how much of it is a link."""

import re

from lxml import etree

from transforms.text.formats.xml import Element

_OPEN, _CLOSE = "\u2997", "\u2998"
"""Brackets of mathematics (black tortoise shells) that no news has."""

_LINKED = re.compile(f"{_OPEN}([^{_CLOSE}]*){_CLOSE}")


def mark_links(root: Element) -> None:
    """Puts marks about the words of links."""
    for link in root.iter("a"):
        for element in link.iter():
            if element.text and not element.text.isspace():
                element.text = f"{_OPEN}{element.text}{_CLOSE}"
            if element is not link and element.tail and not element.tail.isspace():
                element.tail = f"{_OPEN}{element.tail}{_CLOSE}"


def without_marks(line: str) -> str:
    """A line as the page has it."""
    return line.replace(_OPEN, "").replace(_CLOSE, "")


def unlinked(line: str) -> str:
    """A line without its links."""
    return _LINKED.sub("", line)


def linked_share(line: str) -> float:
    """The share of a line's characters that are links."""
    return sum(len(part) for part in _LINKED.findall(line)) / max(1, len(without_marks(line)))


def text_length(root: Element) -> int:
    """Characters that can be running text: those of the paragraphs where they are most of the page, else all that are no link."""
    everything = len(" ".join(unlinked(_text(root)).split()))
    paragraphs = sum(len(" ".join(_text(element).split())) for element in root.iter("p"))
    return paragraphs if 2 * paragraphs >= everything else everything


def _text(element: Element) -> str:
    return etree.tostring(element, method="text", encoding="unicode", with_tail=False)
