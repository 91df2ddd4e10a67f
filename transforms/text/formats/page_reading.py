"""One page read: bytes to an item. Runs in a process of its own (see `web_worker`), which may be ended at any time."""

import re

from transforms.text.decode import decode
from transforms.text.formats.page_body import captions, keys, parsed_tree, picture_lines, running_text
from transforms.text.formats.page_facts import Facts, facts_of
from transforms.text.formats.page_headline import line_key
from transforms.text.formats.page_tree import words
from transforms.text.formats.xml import Element
from transforms.text.parsed import Parsed, RefusedError

_CHARSET = re.compile(rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?\s*([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_DECLARED_WITHIN = 4096
"""Bytes in which a page declares its encoding; the standard says 1,024, and pages are late."""

_SAME_START = 60
"""Characters with which a description repeats the text's first sentence, and is no deck."""

_DECK_CLASS = re.compile(r"deck|\bdek\b|standfirst|sub-?(?:title|head)|summary|excerpt|description|intro", re.IGNORECASE)
_MUCH_MORE = 2
"""Times that the text in the linked data is longer than the one found, where that one missed the most of it."""


def read_page(data: bytes, charset: str | None, url: str | None) -> list[Parsed]:
    """The one item of a page. `charset` and `url` are what the server said. Raises RefusedError (`empty`, and those of `decode`)."""
    root = parsed_tree(page_text(data, charset))
    if root is None:
        raise RefusedError("empty", "the page holds no element")
    facts = facts_of(root)
    shown = captions(root)
    body = running_text(root, _aside(root, facts))
    if len(facts.body) > _MUCH_MORE * len(body):
        body = facts.body
    if not any(map(str.isalnum, body)):
        raise RefusedError("empty", "no running text was found in the page")
    return [_item(facts, body, shown, url)]


_WITHOUT_CONTROLS = bytes(32 if (byte < 32 and byte not in b"\t\n\r") or byte == 127 else byte for byte in range(256))
"""Control characters as spaces: nothing can be changed about an element that has one."""


def page_text(data: bytes, charset: str | None) -> str:
    """The page's text. What is UTF-8 is taken as it is (its fields are repaired one by one later, its scripts need not be)."""
    head = data[:_DECLARED_WITHIN]
    if b"\0" not in head and b"\x1b" not in data:
        try:
            return data.translate(_WITHOUT_CONTROLS).decode("utf-8-sig")
        except UnicodeDecodeError:
            pass
    match = _CHARSET.search(head)
    return decode(data, charset or (match.group(1).decode() if match else None))


def _aside(root: Element, facts: Facts) -> frozenset[str]:
    """Lines of the page that are not its running text, wherever they stand."""
    lines = [*facts.titles, *picture_lines(root), *facts.authors, *(f"by {name}" for name in facts.authors)]
    if facts.deck and _is_set_apart(root, line_key(facts.deck)):
        lines.append(facts.deck)
    return keys(lines)


def _is_set_apart(root: Element, deck: str) -> bool:
    """Whether the page shows its description as a deck, and not as the first paragraph of the text."""
    for element in root.iter("h2", "h3", "h4", "p", "div", "span", "em", "strong"):
        if element.tag in ("h2", "h3", "h4") or ((name := element.get("class")) and _DECK_CLASS.search(name)):
            text = words(element)
            if abs(len(text) - len(deck)) <= len(deck) and line_key(text) == deck:
                return True
    return False


def _item(facts: Facts, body: str, shown: list[str], url: str | None) -> Parsed:
    parsed = Parsed(
        format="html",
        guid=facts.url or url,
        body=body,
        headline=facts.headline,
        deck=None if _repeats(facts.deck, body) or line_key(facts.deck or "") in keys(facts.titles) else facts.deck,
        byline=", ".join(facts.authors) or None,
        creditline=facts.creditline,
        dateline=facts.dateline,
        located=facts.located,
        published=facts.published,
        versioncreated=facts.modified.at if facts.modified else None,
        firstcreated=facts.created.at if facts.created else None,
        language=facts.language,
        genre=facts.genre,
        keywords=facts.keywords,
        copyright=facts.copyright,
        usageterms=facts.usageterms,
        captions=[{"text": text, "credit": None} for text in shown],
    )
    known = {"url": facts.url or url, "publisher": facts.publisher, "section": facts.section}
    if url and facts.url and url != facts.url:
        known["fetched_url"] = url
    parsed.extra = {name: value for name, value in known.items() if value}
    return parsed


def _repeats(deck: str | None, body: str) -> bool:
    """Whether a description says no more than the text's first sentence does."""
    start = line_key(deck or "")[:_SAME_START].strip()
    return start in line_key(body[: 4 * _SAME_START + len(deck or "")])
