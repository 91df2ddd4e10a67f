"""A page's headline: which of its many titles is the story's, and where the site's name is cut off."""

import re
from collections.abc import Iterable

_NO_WORD = re.compile(r"[\W_]+")
_JOINT = re.compile(r"\s+(?:[|–—·•»«›/-]|::?)\s+|\s*\|\s*|\s+::\s+")
_DOMAIN = re.compile(r"(?:www\.)?[\w-]+\.(?:com|org|net|info|news|tv|[a-z]{2}|co\.[a-z]{2})", re.IGNORECASE)

_FEW = 3
"""Least words of a heading that is compared by its words; shorter ones have to be equal to a title."""

_MOSTLY, _PARTLY = 0.6, 0.3
"""Shares of words that a heading has in common with a title: of any heading, of the only one on a page."""

_SHORT_SITE = 4
"""Most words of a site's name behind a title."""


def line_key(text: str) -> str:
    """A line by its letters and digits alone, to compare it with what stands elsewhere on the page."""
    return _NO_WORD.sub(" ", text).strip().casefold()


def headline_of(titles: list[str], headings: list[str], sites: Iterable[str]) -> str | None:
    """The headline: the heading (`h1`) that says what a title says, else the first title, without the site's name.

    Titles are for search engines and other sites: shortened, reworded, with the site's name; the heading is what readers see."""
    names = list(sites)
    known = {line_key(name) for name in names}
    cleaned = [title for title in (without_site(title, names) for title in titles) if title]
    headings = [heading for heading in headings if line_key(heading) not in known]
    keys = {line_key(title) for title in cleaned}
    for heading in headings:
        if line_key(heading) in keys:
            return heading
    share, best = max(((_alike(heading, titles), heading) for heading in headings), default=(0.0, ""), key=lambda each: each[0])
    if share >= _MOSTLY or (share >= _PARTLY and len(headings) == 1):
        inner = [title for title in cleaned if len(title.split()) > _FEW and line_key(best).endswith(" " + line_key(title))]
        return inner[0] if inner else best
    if cleaned:
        first = cleaned[0].rstrip(" .…")
        return next((title for title in cleaned if title.startswith(first) and not title.endswith(("...", "…"))), cleaned[0])
    return headings[0] if headings else None


def _alike(heading: str, titles: list[str]) -> float:
    """The share of words that a heading has in common with the title most like it."""
    key = line_key(heading)
    words = set(key.split())
    best = 0.0
    for title in titles:
        other = line_key(title)
        if len(key) >= _LONG_START and other.startswith(key):
            return 1.0
        common = set(other.split())
        if len(words) >= _FEW and common:
            best = max(best, len(words & common) / min(len(words), len(common)))
    return best


_LONG_START = 10
"""Characters of a heading with which a title begins; in scripts without spaces they are the only measure."""


def without_site(title: str, sites: Iterable[str]) -> str:
    """A title without the name of its site before or behind it; without what looks like one where no name is known."""
    known = {line_key(name) for name in sites if name}
    parts = [(match.start(), match.end()) for match in _JOINT.finditer(title)]
    while parts:
        start, end = parts[-1]
        last = title[end:].strip()
        if line_key(last) in known or _DOMAIN.fullmatch(last) or not last:
            title = title[:start].rstrip()
            parts.pop()
            continue
        break
    if parts and line_key(title[: parts[0][0]]) in known:
        title = title[parts[0][1] :].strip()
    elif parts and not known:
        start, end = parts[-1]
        if len(title[end:].split()) <= _SHORT_SITE < len(title[:start].split()):
            title = title[:start].rstrip()
    return title
