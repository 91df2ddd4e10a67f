"""AP Media API: JSON of one item (`data.item`) or of a feed's or search's many (`data.items`), as api.ap.org gives it (API 2.x)."""

import re
from collections.abc import Iterator
from typing import Any

from transforms.text.formats import Format, fields
from transforms.text.formats.document import Document
from transforms.text.formats.items import json_bytes, read_each
from transforms.text.formats.ninjs import kind_of
from transforms.text.formats.nitf import read_content
from transforms.text.formats.profiles import profile_of
from transforms.text.formats.xml import html_story, parse_xml
from transforms.text.parsed import Parsed, RefusedError

Object = dict[str, Any]

_NAME = "ap-media-api"

_TAKE = re.compile(r"^.*?,\s*(?=(?:\d+(?:st|nd|rd|th) )?(?:Ld|Lead|Add|Writethru|Update|Correction))")


def is_ap(document: Document) -> bool:
    """Whether the JSON is an answer of the API, or an item of one."""
    return any(isinstance(item.get("altids"), dict) and "itemid" in item["altids"] for item in list(_items(document))[:3])


def _items(document: Document) -> Iterator[Object]:
    for found in document.objects:
        data = found.get("data", found)
        listed = data.get("items") if isinstance(data, dict) else None
        for each in listed if isinstance(listed, list) else [data]:
            item = each.get("item", each) if isinstance(each, dict) else None
            if isinstance(item, dict):
                yield item


def parse_ap(document: Document) -> list[Parsed]:
    """The items of an answer. Raises RefusedError (for a single item `missing_part` without an id, `bad_xml` for its NITF)."""
    return read_each(_NAME, list(_items(document)), _item, json_bytes, lambda item: _text(_object(item, "altids"), "itemid"))


def _item(item: Object) -> list[Parsed]:
    parsed = _read(item)
    if parsed.item_kind != "text":
        parsed.payload = json_bytes(item)
    return [parsed]


def _read(item: Object) -> Parsed:
    parsed = Parsed(format=_NAME, item_kind=kind_of(item), provider="AP")
    altids = _object(item, "altids")
    parsed.guid = _text(altids, "itemid")
    if parsed.guid is None:
        raise RefusedError("missing_part", "the item has no `altids.itemid`")
    parsed.version = fields.version(item.get("version"))
    status = (_text(item, "pubstatus") or "").lower()
    if status != "embargoed":  # AP's `embargoed` is usable once its embargo has passed
        fields.set_status(parsed, status)
    embargo = item.get("embargoed")
    fields.set_json_embargo(parsed, embargo or "" if status == "embargoed" else embargo)
    parsed.urgency = fields.urgency(item.get("urgency"))
    parsed.published = fields.moment(_text(item, "versioncreated"))
    parsed.versioncreated = parsed.published.at if parsed.published else None
    parsed.firstcreated = fields.instant(_text(item, "firstcreated"))
    _read_lines(parsed, item, altids)
    _read_place(parsed, item)
    _read_about(parsed, item)
    _read_body(parsed, item)
    fields.finish(parsed)
    profile_of("AP").amend(parsed)
    return parsed


def _read_lines(parsed: Parsed, item: Object, altids: Object) -> None:
    slug = _text(item, "slugline")
    parsed.slugline = fields.first(_text(item, "title"), _text(altids, "referenceid"), slug)
    take = slug[match.end() :] if slug and (match := _TAKE.match(slug)) else None
    note = _text(item, "ednote")
    parsed.ednote = note
    correction = "correction" if note and re.search(r"\bCORRECT", note) else None
    parsed.signal = fields.signal(correction, "update" if take else None, *_texts(item.get("editorialtypes")), _text(item, "editorialrole"))
    fields.set_signal(parsed, _texts(item.get("signals")), [(None, note)])
    parsed.headline = fields.first(_text(item, "headline"), _text(item, "title"))
    parsed.deck = fields.first(_text(item, "headline_extended"), _text(item, "description_summary"))
    lines = [", ".join(filter(None, (_text(each, "by"), _text(each, "title")))) for each in _objects(item.get("bylines"))]
    parsed.byline = fields.first("; ".join(filter(None, lines)), _text(item, "byline"))
    parsed.creditline = _text(item, "creditline")
    parsed.language = _text(item, "language")
    parsed.copyright = _text(item, "copyrightnotice")
    parsed.usageterms = "\n".join(_texts(item.get("usageterms"))) or None
    known = {"take_key": take, "summary": _text(item, "description_summary"), "editorialpriority": _text(item, "editorialpriority")}
    parsed.extra |= {name: text for name, text in known.items() if text and text != parsed.deck}


def _read_place(parsed: Parsed, item: Object) -> None:
    place = _object(item, "datelinelocation")
    parsed.located = fields.first(_text(place, "city"), _text(item, "located"))
    parsed.located_country = fields.country(_text(place, "countrycode")) or fields.country(_text(place, "countryname"))


def _read_about(parsed: Parsed, item: Object) -> None:
    for each in _objects(item.get("subject")):
        if code := _text(each, "code"):
            parsed.subjects.append({"code": code, "name": _text(each, "name")})
    people = [name for each in _objects(item.get("person")) if (name := _text(each, "name"))]
    if people:
        parsed.extra["people"] = people
    parsed.keywords = _texts(item.get("keywords"))
    parsed.genre = _text(item, "profile")


def _read_body(parsed: Parsed, item: Object) -> None:
    """The text, where the answer was asked for with it: as NITF or HTML in place; the usual answer only links to it."""
    for name in ("body_nitf", "nitf", "body_html", "body_xhtml", "body_text", "body"):
        text = _text(item, name)
        if not text:
            continue
        if "nitf" in name and text.lstrip().startswith("<"):
            read_content(parsed, parse_xml(text.encode("utf-8", "replace")), profile_of("AP"))
        else:
            story = html_story(text)
            parsed.body = story.text
            parsed.captions += story.captions
            if story.asides:
                parsed.extra["asides"] = story.asides
        break
    if parsed.item_kind != "text":
        caption = fields.first(_text(item, "description_caption"), _text(item, "caption"))
        parsed.body = parsed.body or caption or ""
    else:
        captions = (_text(each, "description_caption") or _text(each, "caption") for each in _associated(item))
        parsed.captions += [{"text": each, "credit": None} for each in captions if each]


def _associated(item: Object) -> list[Object]:
    value = item.get("associations")
    return _objects(list(value.values()) if isinstance(value, dict) else value)


def _object(item: Object, name: str) -> Object:
    value = item.get(name)
    return value if isinstance(value, dict) else {}


def _objects(value: Any) -> list[Object]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _texts(value: Any) -> list[str]:
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str) and each.strip()]


def _text(item: Object, name: str) -> str | None:
    value = item.get(name)
    return value if isinstance(value, str) and value.strip() else None


FORMAT = Format(name=_NAME, sniff=is_ap, parse=parse_ap, order=20)
