"""RSS (0.9x, 1.0, 2.0) and Atom by feedparser: an entry is a story.

    guid, headline, url        the entry's id (its link, where it has none), title and link (in `extra`)
    body, deck                 the content in full, else the summary; beside a content the summary is the deck
    byline, creditline         its authors, those of the feed otherwise; an agency among them is the credit
    published, versioncreated  publication and update
    keywords, language, copyright
    captions                   of media that the entry has; addresses of its files in `extra.enclosures`
    extra                      url, publisher (the feed's title), source (whom it was taken from), section

An entry with neither title nor text is refused (`empty`), the others are not."""

from transforms.text.formats import Format
from transforms.text.formats.document import Document
from transforms.text.parsed import Parsed, RefusedError

MAX_FEED_BYTES = 8 * 2**20
"""A feed of 10,000 full stories has some 7 MB; feedparser takes three to ten seconds for that."""

_RSS_1 = ("http://purl.org/rss/", "http://my.netscape.com/rdf/simple/", "http://channel.netscape.com/rdf/simple/")
_ATOM = ("http://www.w3.org/2005/Atom", "http://purl.org/atom/", "<entry", "<title")


def is_feed(document: Document) -> bool:
    """Whether an input is a feed: by its root, which for RSS 1.0 and Atom has a name that others have as well."""
    root = document.root
    if root == "RDF":
        return any(mark in document.head for mark in _RSS_1)
    return root == "rss" or (root == "feed" and any(mark in document.head for mark in _ATOM))


def parse_feed(document: Document) -> list[Parsed]:
    """The items of a feed. Raises RefusedError (`too_large`, `empty`, `too_slow`, `unreadable`, and those of `decode`)."""
    from transforms.text.formats import web_pool

    if len(document.data) > MAX_FEED_BYTES:
        raise RefusedError("too_large", f"the feed has {len(document.data)} bytes, more than {MAX_FEED_BYTES}")
    return web_pool.read("feed", document.data)


FORMAT = Format(name="feed", sniff=is_feed, parse=parse_feed, order=50)
