"""dpa digitalwires: JSON of one entry, or of many under `entries` (dpa's own format, `digitalwires@0.9` and later)."""

from collections.abc import Iterator
from typing import Any

from transforms.text.formats import Format, fields
from transforms.text.formats.document import Document
from transforms.text.formats.items import json_bytes, read_each
from transforms.text.formats.nitf import skipping
from transforms.text.formats.profiles import profile_of, provider_named
from transforms.text.formats.xml import Story, html_story, html_text
from transforms.text.parsed import ItemKind, Parsed, RefusedError

_KINDS: dict[str, ItemKind] = {
    "composite": "text",  # a text with what belongs to it; every text is one
    "article": "text",
    "text": "text",
    "image": "picture",
    "picture": "picture",
    "graphic": "graphic",
    "video": "video",
    "audio": "audio",
}

Object = dict[str, Any]

_NAME = "dpa-digitalwires"


def is_digitalwires(document: Document) -> bool:
    """Whether the JSON says that it is of dpa's format."""
    return any(_is_entry(entry) for entry in list(_entries(document))[:3])


def _is_entry(entry: Object) -> bool:
    return str(entry.get("format") or "").startswith("digitalwires")


def _entries(document: Document) -> Iterator[Object]:
    for found in document.objects:
        entries = found.get("entries")
        yield from (entry for entry in (entries if isinstance(entries, list) else [found]) if isinstance(entry, dict))


def parse_digitalwires(document: Document) -> list[Parsed]:
    """The entries of a document. Raises RefusedError (for a single entry: `missing_part` without a `urn`, `too_large`)."""
    return read_each(_NAME, list(_entries(document)), _entry, json_bytes, lambda entry: _text(entry, "urn"))


def _entry(entry: Object) -> list[Parsed]:
    parsed = _read(entry)
    if parsed.item_kind != "text":
        parsed.payload = json_bytes(entry)
    return [parsed]


def _read(entry: Object) -> Parsed:
    parsed = Parsed(format=_NAME, item_kind=_KINDS.get(str(entry.get("type")).lower(), "text"))
    parsed.guid = _text(entry, "urn")
    if parsed.guid is None:
        raise RefusedError("missing_part", "the entry has no `urn`")
    parsed.provider = provider_named(_text(entry, "provider"), "dpa")[0]
    zone = profile_of("dpa").time_zone
    parsed.version = fields.version(entry.get("version"))
    fields.set_status(parsed, _text(entry, "pubstatus"))
    parsed.published = fields.moment(_text(entry, "version_created"), zone)
    parsed.versioncreated = parsed.published.at if parsed.published else None
    parsed.firstcreated = fields.instant(_text(entry, "content_created"), zone)
    fields.set_json_embargo(parsed, entry.get("embargoed"), zone)
    for name in ("language", "headline", "byline", "dateline", "creditline", "usageterms"):
        setattr(parsed, name, _text(entry, name))
    parsed.urgency = fields.urgency(entry.get("urgency"))
    parsed.deck = fields.first(_text(entry, "subhead"), _text(entry, "teaser"))
    parsed.copyright = _text(entry, "copyrightnotice")
    body = _text(entry, "article_html")
    story = html_story(body, skipping(profile_of("dpa"))) if body else Story()
    parsed.body = story.text
    if story.asides:
        parsed.extra["asides"] = story.asides
    if box := html_text(_text(entry, "infobox_html") or "").strip():
        parsed.extra["infobox"] = box
    _read_notes(parsed, entry)
    _read_categories(parsed, entry)
    for each in _objects(entry, "associations"):
        caption = fields.first(_text(each, "caption"), _text(each, "headline"))
        if caption:
            parsed.captions.append({"text": caption, "credit": _text(each, "creditline")})
    known = {each["text"] for each in parsed.captions}
    parsed.captions += [each for each in story.captions if each["text"] not in known]
    if parsed.item_kind != "text":
        parsed.body = parsed.body or _text(entry, "caption") or "\n\n".join(_descriptions(entry))
    for name in ("kicker", "autopublishnotice", "updated"):
        if entry.get(name):
            parsed.extra[name] = entry[name]
    fields.finish(parsed)
    return parsed


def _read_notes(parsed: Parsed, entry: Object) -> None:
    """Notes to editors and the signal; contacts are among the notes, with their telephone numbers, and never in the body."""
    notes = [(_text(each, "role"), note) for each in _objects(entry, "ednotes") if (note := _text(each, "ednote"))]
    parsed.ednote = "\n".join(dict.fromkeys(note for _, note in notes)) or None
    listed = entry.get("signals", entry.get("signal"))
    codes = [_code(each) for each in (listed if isinstance(listed, list) else [listed])]
    fields.set_signal(parsed, codes, notes)


def _code(value: Any) -> str | None:
    found = (value.get("qcode") or value.get("name")) if isinstance(value, dict) else value
    return found if isinstance(found, str) and found.strip() else None


def _read_categories(parsed: Parsed, entry: Object) -> None:
    places = []
    for each in _objects(entry, "categories"):
        kind, name, code = str(each.get("type")).rpartition(":")[2], _text(each, "name"), _text(each, "qcode")
        if kind == "keyword" and name:
            parsed.keywords.append(name)
        elif kind == "genre" and name:
            parsed.genre = parsed.genre or name
        elif kind in ("dpasubject", "mediatopic", "subject", "desk") and (code or name):
            parsed.subjects.append({"code": code or name, "name": name})
        elif kind == "geosubject" and name:
            places.append(name)
        elif kind == "slugline" and name:
            parsed.slugline = parsed.slugline or name
    if places:
        parsed.extra["geosubjects"] = places


def _descriptions(entry: Object) -> list[str]:
    return [text for each in _objects(entry, "descriptions") if (text := _text(each, "description") or _text(each, "value"))]


def _objects(entry: Object, name: str) -> list[Object]:
    value = entry.get(name)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _text(entry: Object, name: str) -> str | None:
    value = entry.get(name)
    return value if isinstance(value, str) and value.strip() else None


FORMAT = Format(name=_NAME, sniff=is_digitalwires, parse=parse_digitalwires, order=20)
