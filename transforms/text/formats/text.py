"""Plain text, one story a file: wire copy, or the page of a site that republished it.

Both come as `layout="page"`: cleaning tells headline, deck, caption, byline and dateline from the running text."""

import re

from transforms.text.formats import Format
from transforms.text.formats.document import Document, end_of_prolog
from transforms.text.parsed import Parsed, RefusedError

_MARKED_UP = re.compile(r"\s*<(?:\?xml|!doctype|html|rss|feed|nitf|newsml|newsitem|newsmessage)\b", re.IGNORECASE)
"""Documents that are no plain text: as a story they would be all tags, so they are refused until their format is here."""

_HTML = frozenset(
    "a abbr address article aside b big blockquote body br center cite code dd div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6"
    " header hr i img li main ol p pre q s section small span strike strong sub sup table tbody td th time tr tt u ul".split()
)
"""Elements that running text may begin with: copy whose tags are left out later."""

_ROOT = re.compile(r"<(?P<name>[A-Za-z_][\w.-]*(?::[\w.-]+)?)(?=[\s/>])[^<>]*>\s*(?P<child></?[A-Za-z_!])?")


def _is_markup(text: str) -> bool:
    """Whether a text is an XML document of whatever kind: it says so, its first element ends where the text ends, or another element
    begins at once within it."""
    if _MARKED_UP.match(text):
        return True
    root = _ROOT.match(text, end_of_prolog(text))
    if root is None or root["name"].lower() in _HTML:
        return False
    end = text.rstrip()
    return root["child"] is not None or end.endswith(f"</{root['name']}>") or root.end() >= len(end)


def parse_text(document: Document) -> list[Parsed]:
    """The one story of a text file. Raises RefusedError (`empty`, `unknown_format`, and those of `decode`)."""
    text = document.text
    if _is_markup(text):
        raise RefusedError("unknown_format", "the input is an XML or HTML document of a kind that no parser here knows")
    if not any(char.isalnum() for char in text):
        raise RefusedError("empty", "the input holds no word")
    return [Parsed(format="text", layout="page", body=text)]


def _anything(document: Document) -> bool:
    return True


FORMAT = Format(name="text", sniff=_anything, parse=parse_text, order=1000)
