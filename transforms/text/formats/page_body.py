"""The running text of a page: its tree made ready, trafilatura's choice of it, and the page's own lines taken out of that choice."""

import functools
import re
from collections.abc import Iterable, Iterator
from typing import Any

from lxml import etree, html

from transforms.text.formats.page_headline import line_key
from transforms.text.formats.page_links import linked_share, text_length, unlinked, without_marks
from transforms.text.formats.page_tree import prepare, words
from transforms.text.formats.web_dates import web_date
from transforms.text.formats.xml import Element

_ENOUGH = 500
"""Characters of a text that trafilatura's own rules alone may give; about a shorter one it asks the other algorithms as well."""


_NUMBERED_CONTROLS = re.compile(
    r"&#(?:[xX]0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]|7[fF])(?![0-9a-fA-F])|0*(?:[0-8]|1[124-9]|2\d|3[01]|127)(?!\d));?"
)
"""Characters that no element may hold: they are read, and then nothing can be changed about the text that has one."""


def parsed_tree(text: str) -> Element | None:
    """The tree of an HTML text, comments left out; None where there is nothing in it."""
    if "&#" in text:
        text = _NUMBERED_CONTROLS.sub(" ", text)
    parser = html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, encoding="utf-8", collect_ids=False)
    try:
        return html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError):
        return None


def running_text(root: Element, aside: frozenset[str]) -> str:
    """The paragraphs of a page, apart by blank lines; empty where it has none. The tree is used up.

    `aside` are lines that the page says to be something else: its headline, its captions, names of its authors (see `keys`)."""
    prepare(root)
    found = _chosen(root)
    return "" if found is None else "\n\n".join(_without_page_lines(_paragraphs(found), aside))


def _chosen(root: Element) -> Element | None:
    """What trafilatura takes for the text.

    It asks readability and jusText after its own rules, and lets them win where they find twice as much or its own find next to nothing.
    Where a page has not twice as much, they cannot win: then they are not asked, which halves the time."""
    body = _extracted(root, fast=True)
    length = 0 if body is None else len(" ".join("".join(body.itertext()).split()))
    if length >= _ENOUGH and 2 * length >= text_length(root):
        return body
    return _extracted(root, fast=False)


def _extracted(root: Element, *, fast: bool) -> Element | None:
    import trafilatura

    tree: Any = root
    found: Any = trafilatura.bare_extraction(tree, options=_options(fast))
    return None if found is None else found.body


@functools.cache
def _options(fast: bool) -> Any:
    """What `favor_precision=True` and no comments of readers come to, made once."""
    from trafilatura.settings import Extractor

    return Extractor(output_format="python", precision=True, comments=False, fast=fast)


# ------------------------------------------------------------------------------------------------------------- paragraphs

_BLOCKS = frozenset(
    (
        "p",
        "head",
        "item",
        "quote",
        "row",
        "code",
        "div",
        "list",
        "table",
        "body",
        "ab",
        "section",
        "ul",
        "ol",
        "li",
        "blockquote",
        "tr",
        "pre",
    )
)
_CELLS = frozenset(("cell", "td", "th"))
_BREAK = "\x00"


def _paragraphs(body: Element) -> Iterator[tuple[str, str]]:
    r"""What was chosen, block by block: the element's name, and its text with `\n` for each line break within it."""
    pieces: list[str] = []
    name = "p"
    for event, element in etree.iterwalk(body, events=("start", "end")):
        if element.tag in _BLOCKS:
            if text := _folded("".join(pieces)):
                yield name, text
            pieces, name = [], str(element.tag) if event == "start" else "p"
        if event == "start":
            pieces.append(_BREAK if element.tag in ("lb", "br") else " " if element.tag in _CELLS else "")
            pieces.append(element.text or "")
        elif element is not body:
            pieces.append(element.tail or "")
    if text := _folded("".join(pieces)):
        yield name, text


def _folded(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.split(_BREAK))
    return "\n".join(line for line in lines if line)


# ---------------------------------------------------------------------------------------------------------- the page's lines

_LABELS = re.compile(
    r"(?:(?:read )?more|see (?:more|also)|also (?:read|see)|read (?:also|next|on)|related(?: (?:stories|articles|news|content|topics))?"
    r"|don['’]t miss|most (?:read|popular|viewed)\b.{0,30}|recommended(?: for you)?|trending(?: now)?|advertisement|share(?: this.{0,20})?"
    r"|(?:more|top) (?:stories|news|headlines)|what to read next|you (?:may|might) also like|editor['’]s picks?"
    r"|lire aussi|à lire aussi|lesen sie auch|mehr zum thema|leggi anche|lea también|lee también|leia também|читайте также)\s*:?",
    re.IGNORECASE,
)
"""Lines that introduce links, which were taken out already or come next."""

_TAIL = re.compile(
    r"(?:source|sources|filed under|posted in|tags?|topics?|categor(?:y|ies)|labels?)\s?: .{0,100}"
    r"|(?:e-?mail|follow|contact|reach|write to)\b.{0,160}(?:@\w|facebook|twitter|instagram).{0,120}"
    r"|(?:more|full coverage|follow|read|see)\b[^.]{0,90}https?://\S+(?: and https?://\S+)?\.?"
    r"|(?:https?://)?[\w.-]+\.[a-z]{2,6}/\S*|[\w.+-]+@[\w-]+\.[\w.]+|@\w+"
    r"|like (?:this|what you) .{0,60}share .{0,60}",
    re.IGNORECASE,
)
"""Last lines that are the site's: where it is filed, how its writer is reached, where there is more."""

_STOPS = '.!?…。！？"”»)'
_LINK_WORDS = 4
"""Least words of a link that is a headline; shorter ones are names, handles, goods."""

_LONGEST_LINK = 250
_NEARLY_ALL, _HALF, _SOME = 0.85, 0.5, 0.2
_LABEL = 20
"""Longest label of a link: 'Related article:'."""

_LEAD_IN = 6
"""Words of a line that introduces links: 'From our archive', 'More on the election'."""


def _without_page_lines(paragraphs: Iterable[tuple[str, str]], aside: frozenset[str]) -> list[str]:
    """The paragraphs without lines that the page has elsewhere too, that are links, or that belong to the site at the end."""
    kept: list[tuple[str, str, float]] = []
    for name, marked in paragraphs:
        lines: list[str] = []
        share = 0.0
        begun = any(len(text) > _LONGEST_STAMP for _, text, _ in kept[-2:])
        for line in marked.split("\n"):
            text = without_marks(line)
            key = line_key(text)
            if not key or key in aside or _LABELS.fullmatch(text) or (not begun and _is_stamp(text)):
                continue
            share = linked_share(line)
            if name != "head" and _is_link(line, share):
                if not lines and kept and _introduces(kept[-1][1]):
                    kept.pop()
                continue
            lines.append(text)
        if lines:
            kept.append((name, "\n".join(lines), share))
    return [text for _, text, _ in kept[: _end(kept)]]


_LONGEST_STAMP = 90
_CLOCK = re.compile(
    r"\d{1,2}[:.h]\d\d|^(?:published|updated|posted|last (?:modified|updated)|publié|mis à jour|actualizado|aktualisiert)\b", re.I
)


def _is_stamp(text: str) -> bool:
    """Whether a line above the text says when it was published. A date without a time may be a dateline."""
    return len(text) <= _LONGEST_STAMP and _CLOCK.search(text) is not None and web_date(text) is not None


def _is_link(line: str, share: float) -> bool:
    """Whether a line is a link to something else, with no more than a label before it."""
    if not share or len(line) > _LONGEST_LINK or len(line.split()) - len(unlinked(line).split()) < _LINK_WORDS:
        return False
    return share > _NEARLY_ALL or (share > _HALF and (1 - share) * len(line) <= _LABEL)


def _introduces(text: str) -> bool:
    return len(text.split()) <= _LEAD_IN and text[-1] not in _STOPS


def _end(kept: list[tuple[str, str, float]]) -> int:
    """Where the text ends: before a list of links and the heading above it, and before the site's last lines."""
    end = len(kept)
    while end:
        name, text, share = kept[end - 1]
        heads_a_list = end < len(kept) and name == "head" and kept[end][0] == "item"
        if not (_TAIL.fullmatch(text) or (name == "item" and share > _SOME) or heads_a_list):
            break
        end -= 1
    return end


# --------------------------------------------------------------------------------------------------------------------- aside

_CAPTION_WORDS = 4
_MOST_CAPTIONS = 60


def keys(lines: Iterable[str | None]) -> frozenset[str]:
    """Lines in the form that others are compared with."""
    return frozenset(key for line in lines if line and (key := line_key(line)))


def picture_lines(root: Element) -> Iterator[str]:
    """What stands beside pictures: captions, and what a picture says of itself where that is more than a name."""
    for element in root.iter("figcaption"):
        yield words(element)
    for image in root.iter("img"):
        said = (image.get("alt") or "").split()
        if len(said) >= _CAPTION_WORDS:
            yield " ".join(said)


def captions(root: Element) -> list[str]:
    """Captions of the pictures within the article; pictures that are links are of other stories."""
    article = next(iter(root.iter("article", "main")), root)
    found = []
    for element in article.iter("figcaption"):
        text = words(element)
        if len(text.split()) >= _CAPTION_WORDS and next(element.iterancestors("a", "aside", "nav", "li"), None) is None:
            found.append(text)
    return list(dict.fromkeys(found))[:_MOST_CAPTIONS]
