"""Entities and simple HTML in texts that are otherwise plain."""

import functools
import html
import re

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
"""With its semicolon only: `?a=1&copy=2` and 'AT&T' are no entities."""

_BLOCKS = (
    "p|div|h[1-6]|hl[12]|ul|ol|li|dl|dt|dd|blockquote|table|thead|tbody|tfoot|tr|caption|figure|figcaption|section|article|header|footer|aside|pre|hr"
    "|html|body|head|title|form|address|main|nav"
)
_INLINE = (
    "a|abbr|acronym|b|bdi|bdo|big|center|cite|code|del|em|font|i|img|ins|kbd|mark|q|s|small|span|strike|strong|sub|sup|time|tt|u|var"
    "|iframe|video|audio|source|picture|o:p|td|th|wbr|meta|link"
)
_TAG = re.compile(rf"<(/?)({_BLOCKS}|br|{_INLINE})(?=[\s/>])([^<>]*)>", re.IGNORECASE)
_COMMENT = re.compile("<!--")
_SILENT = {name: re.compile(rf"<{name}[\s>]") for name in ("script", "style")}
"""Comments, scripts and styles are nobody's words."""

_BLOCK = re.compile(_BLOCKS, re.IGNORECASE)
_PROOF = re.compile(rf"</(?:{_BLOCKS}|{_INLINE})\s*>|<(?:br|p|hr)\s*/?>|<(?:p|div|img)\s")
"""What shows that angle brackets are markup at all: a closing tag, or `<p>` and `<br>` in small letters. Without it `<S>` or `<BR>`
is the ticker of a share."""


def unescape(text: str) -> str:
    """HTML entities as the characters they name; a second time where they were escaped twice (`&amp;nbsp;`)."""
    for _ in range(2):
        if "&" not in text or _ENTITY.search(text) is None:
            break
        text = _ENTITY.sub(lambda match: html.unescape(match.group()), text)
    return text


def plain(text: str) -> str:
    """The words of a text with simple markup and entities: blocks end as paragraphs, `<br>` as a line, other tags are left out."""
    if "<" in text:
        text = _strip(text)
    text = unescape(text)
    if "</p>" in text or "<br" in text or "<p>" in text:  # markup that was itself escaped
        text = _strip(text)
    return text


def _strip(text: str) -> str:
    if _PROOF.search(text) is None:
        return text
    closed = frozenset(name.lower() for name in re.findall(r"</([A-Za-z][A-Za-z0-9:]*)", text))
    if "p" in closed or "<p>" in text:
        text = " ".join(text.splitlines())  # paragraphs are marked, so line breaks are only white space
    text = _without(text, _COMMENT, "-->")
    for name in ("script", "style"):
        if name in closed:
            text = _without(text, _SILENT[name], f"</{name}>")
    return _TAG.sub(functools.partial(_replacement, closed), text)


def _without(text: str, opening: re.Pattern[str], closing: str) -> str:
    """The text without what stands from an opening to the next closing mark; an opening that is never closed stays."""
    kept: list[str] = []
    position = 0
    folded = text.casefold() if len(text.casefold()) == len(text) else text
    while (found := opening.search(folded, position)) and (end := folded.find(closing, found.end())) >= 0:
        kept.append(text[position : found.start()])
        position = end + len(closing)
    return " ".join([*kept, text[position:]]) if kept else text


def _replacement(closed: frozenset[str], match: re.Match[str]) -> str:
    """White space for a tag. A capital in brackets that is never closed (`<S>`) is a share's ticker and stays."""
    slash, name, rest = match.groups()
    if not slash and not rest and name.isupper() and name.lower() not in closed:
        return match.group()
    if name.lower() == "br":
        return "\n"
    if _BLOCK.fullmatch(name):
        return "\n\n"
    return " " if name.lower() in ("td", "th") else ""
