"""Plain text, one story a file: wire copy, or the page of a site that republished it.

Both come as `layout="page"`: cleaning tells headline, deck, caption, byline and dateline from the running text."""

import re

from transforms.text.formats import Format
from transforms.text.formats.document import Document
from transforms.text.parsed import Parsed, RefusedError

_MARKED_UP = re.compile(r"\s*<(?:\?xml|!doctype|html|rss|feed|nitf|newsml|newsitem|newsmessage)\b", re.IGNORECASE)
"""Documents that are no plain text: as a story they would be all tags, so they are refused until their format is here."""


def parse_text(document: Document) -> list[Parsed]:
    """The one story of a text file. Raises RefusedError (`empty`, `unknown_format`, and those of `decode`)."""
    text = document.text
    if _MARKED_UP.match(text):
        raise RefusedError("unknown_format", "the input is an XML or HTML document of a kind that no parser here knows")
    if not any(char.isalnum() for char in text):
        raise RefusedError("empty", "the input holds no word")
    return [Parsed(format="text", layout="page", body=text)]


def _anything(document: Document) -> bool:
    return True


FORMAT = Format(name="text", sniff=_anything, parse=parse_text, order=1000)
