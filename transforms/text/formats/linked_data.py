"""Articles in the linked data of a page: schema.org in `<script type="application/ld+json">`, whole or broken."""

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from transforms.text.formats.xml import Element
from transforms.text.markup import plain

Node = dict[str, Any]

_LONGEST = 2 * 2**20
"""Characters of a script: the largest seen, with the whole text of a story and its comments, have some 300,000."""

_MOST_NODES = 20_000

_KINDS = {
    "blogposting": 1,
    "liveblogposting": 1,
    "report": 1,
    "review": 2,
    "socialmediaposting": 3,
    "creativework": 4,
    "webpage": 5,
    "itempage": 5,
}
"""Types that are an article, the surest first (after all whose name ends in `Article`)."""

_HOLDERS = ("@graph", "mainEntity", "mainEntityOfPage", "hasPart", "itemListElement", "item", "liveBlogUpdate")

_WRAPPED = re.compile(r"^\s*(?://\s*)?(?:<!--|<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)|(?:(?://\s*)?(?:-->|\]\]>)|/\*\s*\]\]>\s*\*/)\s*;?\s*$")
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_STRING = r'"((?:[^"\\]|\\.){0,2000})"'
_SALVAGED = re.compile(rf'"(headline|datePublished|dateModified|dateCreated|articleSection|description|inLanguage|url)"\s*:\s*{_STRING}')
_SALVAGED_NAME = re.compile(rf'"(author|publisher)"\s*:\s*\[?\s*\{{[^{{}}]{{0,500}}?"name"\s*:\s*{_STRING}')


def articles(root: Element) -> list[Node]:
    """The articles that the page's scripts speak of, the surest type first, with what they refer to put in place."""
    found: list[tuple[int, Node]] = []
    by_id: dict[str, Node] = {}
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower() or not script.text or len(script.text) > _LONGEST:
            continue
        for node in _nodes(_loaded(script.text)):
            kind = _kind(node)
            if kind is not None:
                found.append((kind, node))
            if isinstance(name := node.get("@id"), str) and len(node) > 1:
                by_id.setdefault(name, node)
    ranked = [node for _, node in sorted(found, key=lambda each: each[0])]
    return [{key: _resolved(value, by_id) for key, value in node.items()} for node in ranked[:_MOST_ARTICLES]]


_MOST_ARTICLES = 50


def _loaded(text: str) -> Any:
    text = _WRAPPED.sub("", _WRAPPED.sub("", text)).strip()
    for attempt in (text, _TRAILING_COMMA.sub(r"\1", text.rstrip(";")), html.unescape(text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return _salvaged(text)


def _salvaged(text: str) -> Node | None:
    """What can be read of an article whose script is no JSON (quotes that are not escaped, cut in the middle)."""
    if "Article" not in text and "BlogPosting" not in text:
        return None
    node: Node = {"@type": "Article"}
    for name, value in _SALVAGED.findall(text):
        node.setdefault(name, _unescaped(value))
    for name, value in _SALVAGED_NAME.findall(text):
        node.setdefault(name, {"name": _unescaped(value)})
    return node if len(node) > 1 else None


def _unescaped(text: str) -> str:
    try:
        return str(json.loads(f'"{text}"', strict=False))
    except ValueError:
        return text


def _nodes(value: Any) -> Iterator[Node]:
    """All objects at the top, in lists and in what may hold an article."""
    waiting = [value]
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        value = waiting.pop(0)
        if isinstance(value, list):
            waiting[:0] = value[:_MOST_NODES]
        elif isinstance(value, dict):
            yield value
            waiting.extend(value[name] for name in _HOLDERS if isinstance(value.get(name), dict | list))


def _kind(node: Node) -> int | None:
    types = node.get("@type")
    names = [name.rpartition("/")[2].lower() for name in (types if isinstance(types, list) else [types]) if isinstance(name, str)]
    kinds = [0 if name.endswith("article") else _KINDS.get(name) for name in names]
    return min((kind for kind in kinds if kind is not None), default=None)


def _resolved(value: Any, by_id: dict[str, Node]) -> Any:
    """A reference (`{"@id": ...}`) as what it refers to, in a list as well."""
    if isinstance(value, list):
        return [_resolved(item, by_id) if isinstance(item, dict) else item for item in value]
    if isinstance(value, dict) and isinstance(name := value.get("@id"), str) and "name" not in value:
        return {**by_id.get(name, {}), **value}
    return value


def texts(value: Any) -> list[str]:
    """A value as texts: of objects their name, of lists each; markup and entities are read."""
    values = value if isinstance(value, list) else [value]
    found = []
    for item in values[:100]:
        if isinstance(item, dict):
            item = item.get("name") or item.get("@value") or item.get("headline")
            item = item[0] if isinstance(item, list) and item else item
        if isinstance(item, str) and (line := " ".join(plain(item).split())):
            found.append(line)
    return found


def text(value: Any) -> str | None:
    """The first text of a value."""
    return next(iter(texts(value)), None)


def body_of(node: Node) -> str:
    """The text of the article, where the script has it, as paragraphs."""
    value = node.get("articleBody")
    value = value[0] if isinstance(value, list) and value else value
    return plain(value).strip() if isinstance(value, str) else ""
