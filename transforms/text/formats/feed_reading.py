"""One feed read: bytes to items. Runs in a process of its own (see `web_worker`), which may be ended at any time."""

import calendar
import datetime as dt
import io
import re
import time
from typing import Any

from transforms.text.agencies import agency_named
from transforms.text.decode import decode
from transforms.text.formats.document import end_of_prolog
from transforms.text.formats.page_headline import line_key
from transforms.text.formats.xml import html_text
from transforms.text.parsed import Parsed, RefusedError, When

Entry = dict[str, Any]

_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']")
_ROOT_NAME = re.compile(r"<(?:[\w.-]+:)?(?:rss|feed|RDF)\b", re.IGNORECASE)
_TAGGED = re.compile(r"</?[A-Za-z][^<>]*>|&#?\w{2,8};")
_SAME_START = 60
_MOST = 100
"""Authors, keywords and files of one entry."""


def read_feed(data: bytes) -> list[Parsed]:
    """The items of a feed. Raises RefusedError (`empty`, and those of `decode`).

    feedparser is given the text with its encoding settled and without its document type: there are no entities to expand, and nothing
    it is given can be an address to fetch or a file to open."""
    import feedparser  # type: ignore[import-untyped]

    declared = _DECLARED.search(data[:300])
    text = decode(data, declared.group(1).decode() if declared else None)
    root = _ROOT_NAME.search(text, end_of_prolog(text))
    text = text[root.start() :] if root else text[end_of_prolog(text) :]
    whole = f'<?xml version="1.0" encoding="utf-8"?>\n{text}'
    found = feedparser.parse(io.BytesIO(whole.encode("utf-8", "replace")), sanitize_html=False, resolve_relative_uris=False)
    if not found.entries:
        raise RefusedError("empty", "the feed has no entry")
    feed = dict(found.feed)
    return [_item(dict(entry), feed) for entry in found.entries]


def _item(entry: Entry, feed: Entry) -> Parsed:
    title = _text(entry.get("title"))
    contents = [_running(part.get("value"), part.get("type")) for part in entry.get("content", ()) if isinstance(part, dict)]
    summary = _running(entry.get("summary"), None)
    body = max(contents, key=len, default="") or summary
    if not any(map(str.isalnum, body + (title or ""))):
        return Parsed(format="feed", refused=("empty", "the entry has neither a title nor a text"))
    parsed = Parsed(
        format="feed",
        guid=_text(entry.get("id")) or _text(entry.get("link")),
        headline=title,
        body=body,
        deck=summary if summary and not _repeats(summary, body) else None,
        published=_when(entry, "published") or _when(entry, "updated"),
        language=_language(entry, feed),
        keywords=_keywords(entry),
        copyright=_text(entry.get("rights")) or _text(feed.get("rights")),
    )
    updated = _when(entry, "updated")
    if updated and parsed.published and updated.at >= parsed.published.at and "published_parsed" in entry:
        parsed.versioncreated = updated.at
    _names(parsed, entry, feed)
    _media(parsed, entry)
    _extra(parsed, entry, feed)
    return parsed


def _text(value: Any) -> str | None:
    return " ".join(value.split()) or None if isinstance(value, str) else None


def _running(value: Any, kind: str | None) -> str:
    """Running text of a content or summary: HTML, escaped or not, or plain text as it stands."""
    if not isinstance(value, str):
        return ""
    if kind == "text/plain" and not _TAGGED.search(value):
        return value.strip()
    return html_text(value).strip()


def _repeats(summary: str, body: str) -> bool:
    start = line_key(summary)[:_SAME_START].strip()
    return not start or start in line_key(body[: len(summary) + 4 * _SAME_START])


def _when(entry: Entry, name: str) -> When | None:
    """A moment that feedparser has read, UTC. One whose text has no time is a day."""
    parsed = entry.get(f"{name}_parsed")
    if not isinstance(parsed, time.struct_time):
        return None
    try:
        at = dt.datetime.fromtimestamp(calendar.timegm(parsed), dt.UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return When(at, "second" if ":" in str(entry.get(name, "")) or at.time() != dt.time() else "day")


def _language(entry: Entry, feed: Entry) -> str | None:
    details = [*entry.get("content", ()), entry.get("title_detail"), entry.get("summary_detail")]
    stated = [detail.get("language") for detail in details if isinstance(detail, dict)]
    return next((_text(each) for each in (entry.get("language"), *stated, feed.get("language")) if _text(each)), None)


def _keywords(entry: Entry) -> list[str]:
    found = [_text(tag.get("label")) or _text(tag.get("term")) for tag in entry.get("tags", ())[:_MOST]]
    return list(dict.fromkeys(word for word in found if word))


def _names(parsed: Parsed, entry: Entry, feed: Entry) -> None:
    """Writers and the agency: of the entry, of whom it was taken from, of the feed."""
    names = _authors(entry) or _authors(feed)
    writers = [name for name in names if not agency_named(name)]
    parsed.byline = ", ".join(writers) or None
    source = entry.get("source")
    others = [_text(source.get("title")) if isinstance(source, dict) else None, _text(entry.get("publisher")), _text(feed.get("publisher"))]
    candidates = [*names, *(name for name in others if name)]
    parsed.creditline = next((name for name in candidates if agency_named(name)), None)


def _authors(holder: Entry) -> list[str]:
    people = [person.get("name") for person in holder.get("authors", ())[:_MOST] if isinstance(person, dict)]
    return list(dict.fromkeys(name for each in people if (name := _text(each)) and "@" not in name))


def _media(parsed: Parsed, entry: Entry) -> None:
    """A picture's credit goes with its caption, which feedparser has only where the entry has no summary of its own."""
    detail = entry.get("summary_detail")
    said = _text(detail.get("value")) if isinstance(detail, dict) and entry.get("media_content") else None
    credited = [_text(credit.get("content")) for credit in entry.get("media_credit", ()) if isinstance(credit, dict)]
    if said and said != _text(entry.get("summary")):
        parsed.captions = [{"text": html_text(said), "credit": credited[0] if credited else None}]


def _extra(parsed: Parsed, entry: Entry, feed: Entry) -> None:
    source = entry.get("source")
    files = [link.get("href") for link in entry.get("links", ()) if isinstance(link, dict) and link.get("rel") == "enclosure"]
    files += [item.get("url") for item in entry.get("media_content", ()) if isinstance(item, dict)]
    known: dict[str, Any] = {
        "url": _text(entry.get("link")),
        "publisher": _text(feed.get("title")),
        "source": _text(source.get("title")) if isinstance(source, dict) else None,
        "section": _text(entry.get("section")) or _text(entry.get("prism_section")),
        "enclosures": list(dict.fromkeys(address for address in files if isinstance(address, str) and address))[:_MOST],
    }
    parsed.extra = {name: value for name, value in known.items() if value}
