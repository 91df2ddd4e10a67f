"""HTML pages: the text by trafilatura, everything else from the page's linked data, meta elements and headings.

A page is one story. Its bytes are read in a process apart (`web_pool`): trafilatura is not thread-safe, while Beam runs bundles on
threads, and its reading can be ended when it takes too long. What the page names is given to

    headline, deck, byline     JSON-LD (NewsArticle and its kin), then meta elements, then <h1> and elements called byline
    published, versioncreated  publication and change; firstcreated where it is said
    creditline                 an agency that is named as author or publisher; cleaning takes the provider from it
    language, keywords, genre, dateline, located, copyright, usageterms, captions
    extra                      url, fetched_url (where the server's differs), publisher, section"""

import re

from transforms.text.formats import Format
from transforms.text.formats.document import Document
from transforms.text.languages import language_of
from transforms.text.parsed import Parsed, RefusedError

MAX_PAGE_BYTES = 10 * 2**20
"""The largest of 48 news pages has 1.5 MB, almost all of it scripts; crawls end at 1 MiB."""

_DOCTYPE = re.compile(r"(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*(?:<!doctype\s+html\b|<html[\s>])", re.IGNORECASE | re.DOTALL)
_TEMPLATES = "en"
"""The language that sites' templates come with, and that stays there on pages in another."""

_ENOUGH_TEXT = 200


def is_page(document: Document) -> bool:
    """Whether an input is an HTML page, XHTML included."""
    return document.root.lower() == "html" or _DOCTYPE.match(document.start) is not None


def parse_page(data: bytes, charset: str | None = None, url: str | None = None) -> list[Parsed]:
    """The one story of a page. `charset` and `url` are what its server said of it.

    Raises RefusedError (`too_large`, `empty`, `too_slow`, `unreadable`, and those of `decode`)."""
    from transforms.text.formats import web_pool

    if len(data) > MAX_PAGE_BYTES:
        raise RefusedError("too_large", f"the page has {len(data)} bytes, more than {MAX_PAGE_BYTES}")
    (parsed,) = web_pool.read("page", data, charset, url)
    declared = (parsed.language or "").partition("-")[0]
    if declared == _TEMPLATES and len(parsed.body) >= _ENOUGH_TEXT and (found := language_of(parsed.body)) not in (None, declared):
        parsed.language = found
    return [parsed]


def _parse(document: Document) -> list[Parsed]:
    return parse_page(document.data)


FORMAT = Format(name="html", sniff=is_page, parse=_parse, order=60)
