"""NewsML-G2: news items, packages, planning and concept items, alone or many in a news message.

Element names, cardinalities and the meaning of a present but empty `embargoed` are those of the NewsML-G2 specification and implementation
guide (IPTC). Every item of a message is an item here, in the order of the file."""

from collections.abc import Iterator

from transforms.text.formats import Format, fields
from transforms.text.formats.document import Document
from transforms.text.formats.items import read_each
from transforms.text.formats.newsml_g2_content import XML_LANG, fitting, read_content
from transforms.text.formats.profiles import Profile, provider_named
from transforms.text.formats.xml import Element, body_text, child, children, item_bytes, local, own_bytes, parse_xml, text_of, value
from transforms.text.identity import EVOLVED
from transforms.text.parsed import ItemKind, Parsed, RefusedError

_ROOTS = frozenset(("newsMessage", "newsItem", "packageItem", "planningItem", "conceptItem", "knowledgeItem", "catalogItem"))
_ITEMS: dict[str, ItemKind] = {
    "newsitem": "text",
    "packageitem": "package",
    "planningitem": "planning",
    "conceptitem": "scheme",
    "knowledgeitem": "scheme",
    "catalogitem": "scheme",
}
_CLASSES: dict[str, ItemKind] = {
    "text": "text",
    "picture": "picture",
    "photo": "picture",
    "graphic": "graphic",
    "graphics": "graphic",
    "animated": "graphic",
    "video": "video",
    "audio": "audio",
    "composite": "composite",
    "scheme": "scheme",
    "event": "event",
}
"""IPTC's nature of a news item (ninat) and what agencies' own schemes call the same."""

_DECKS = ("summary", "teaser", "abstract", "intro", "lead", "subhead", "subheadline", "deck")
_EVOLVED = ("evolvedfrom", "derivedfrom", "previousversion", "replaces")
"""Relations of an item to the one that it comes from (IPTC's irel, and what agencies add)."""
_UNROLED = ("", "main", "title", "hlmain", "headline")


def parse_g2(document: Document) -> list[Parsed]:
    """The items of a document. Raises RefusedError (`bad_xml`, `empty`; for a single item also `missing_part`, `bad_reference`)."""
    root = parse_xml(document.data)
    items = list(_items(root))
    if not items:
        raise RefusedError("empty", "the news message holds no item")

    def read(item: Element) -> list[Parsed]:
        return [own_bytes(_item(item), item, among=items)]

    return read_each("newsml-g2", items, read, item_bytes, lambda item: item.get("guid"))


def _items(root: Element) -> Iterator[Element]:
    if local(root) in _ITEMS:
        yield root
        return
    for item_set in children(root, "itemset"):
        yield from (item for item in item_set if local(item) in _ITEMS)


def _check(item: Element) -> None:
    """Refuses an item that lacks what every version of the standard requires of one, or whose references lead nowhere."""
    if not (item.get("guid") or "").strip():
        raise RefusedError("missing_part", f"the {local(item)} has no guid")
    meta = child(item, "itemmeta")
    for name, spelled in (("itemclass", "itemClass"), ("provider", "provider"), ("versioncreated", "versionCreated")):
        if child(meta, name) is None:
            raise RefusedError("missing_part", f"the item has no itemMeta/{spelled}, which NewsML-G2 requires")
    created = value(meta, "versioncreated")
    if created and fields.moment(created) is None:
        raise RefusedError("bad_field", f"versionCreated is no date and time: {created[:40]!r}")
    _check_groups(item)


def _check_groups(item: Element) -> None:
    """Refuses a package whose groups refer to groups that are not there, or that has two of one id (XML's ID and IDREF)."""
    for group_set in children(item, "groupset"):
        groups = list(children(group_set, "group"))
        ids = {group.get("id") for group in groups}
        if None in ids:
            continue
        if len(ids) < len(groups):
            raise RefusedError("bad_reference", "two groups of the package have the same id")
        wanted = [
            group_set.get("root"),
            *(ref.get("idref") for group in groups for ref in children(group, "groupref")),
        ]
        lacking = next((name for name in wanted if name not in ids), None)
        if lacking is not None:
            raise RefusedError("bad_reference", f"the package refers to a group {str(lacking)[:40]!r} that it does not have")


def _item(item: Element) -> Parsed:
    _check(item)
    meta, content = child(item, "itemmeta"), child(item, "contentmeta")
    parsed = Parsed(format="newsml-g2", guid=item.get("guid"), version=fields.version(item.get("version")))
    parsed.item_kind = _kind(item, meta)
    parsed.provider, profile = provider_named(*_names(child(meta, "provider")))
    _read_meta(parsed, meta, content, profile)
    language = child(content, "language")
    parsed.language = (language.get("tag") if language is not None else None) or item.get(XML_LANG)
    if content is not None:
        _read_content_meta(parsed, content)
    _read_rights(parsed, item)
    read_content(parsed, item, profile)
    if local(item) in ("conceptitem", "knowledgeitem"):
        parsed.headline = fields.first(parsed.headline, value(item, "concept", "name"))
    fields.finish(parsed)
    profile.amend(parsed)
    return parsed


def _kind(item: Element, meta: Element | None) -> ItemKind:
    kind = _ITEMS[local(item)]
    code = _code(child(meta, "itemclass")).rpartition(":")[2].rpartition("/")[2].lower()
    if kind == "text":
        return _CLASSES.get(code, "text")
    if kind == "scheme" and local(item) == "conceptitem" and child(item, "concept", "eventdetails") is not None:
        return "event"
    return kind


def _read_meta(parsed: Parsed, meta: Element | None, content: Element | None, profile: Profile) -> None:
    """Management of the item: status, dates, signals, notes."""
    zone = profile.time_zone
    fields.set_status(parsed, _code(child(meta, "pubstatus")))
    dated = [value(meta, "versioncreated"), *(value(content, name) for name in ("contentmodified", "contentcreated"))]
    created = next((when for text in dated if (when := fields.moment(text, zone))), None)
    parsed.published = created
    parsed.versioncreated = created.at if created else None
    parsed.firstcreated = fields.instant(value(meta, "firstcreated"), zone)
    embargoed = child(meta, "embargoed")
    if embargoed is not None:
        fields.set_embargo(parsed, text_of(embargoed) or "", zone)
    told = [(each.get("role"), text) for each in _all(meta, "ednote") if (text := text_of(each))]
    fields.set_signal(parsed, [_code(each) for each in _all(meta, "signal")], told)
    notes = [(each, body_text(each).strip()) for each in _all(meta, "ednote")]
    whole = "\n".join(text for each, text in notes if len(each))
    parsed.ednote = "\n".join(dict.fromkeys(text for each, text in notes if text and (len(each) or text not in whole))) or None
    services = [fields.first(value(each, "name"), _code(each)) for each in _all(meta, "service")]
    links = [each.get("href") for each in _all(meta, "link") if each.get("href")]
    known = {
        "services": list(filter(None, services)),
        "title": value(meta, "title"),
        "role": _code(child(meta, "role")) or None,
        "links": links,
        EVOLVED: next((each.get("residref") for each in _all(meta, "link") if _last(each.get("rel") or "") in _EVOLVED), None),
    }
    parsed.extra |= {name: given for name, given in known.items() if given}


def _read_content_meta(parsed: Parsed, content: Element) -> None:
    """What the content is about and how it is titled."""
    parsed.urgency = fields.urgency(value(content, "urgency"))

    def lines(name: str) -> list[Element]:
        return fitting(list(children(content, name)), parsed.language)

    def line(name: str) -> str | None:
        return next((text for each in lines(name) if (text := text_of(each))), None)

    headlines = [(each.get("role") or "", text) for each in lines("headline") if (text := text_of(each))]
    main = [text for role, text in headlines if _last(role) in _UNROLED]
    parsed.headline = fields.first(*main, *(text for _, text in headlines))
    parsed.slugline = line("slugline")
    parsed.byline = line("by")
    parsed.dateline = line("dateline")
    parsed.creditline = line("creditline")
    descriptions = [(each.get("role") or "", text) for each in lines("description") if (text := body_text(each).strip())]
    parsed.deck = fields.first(
        *(text for role, text in descriptions if _last(role) in _DECKS), *(text for role, text in descriptions if not role)
    )
    captions = [text for role, text in descriptions if _last(role) == "caption" and parsed.item_kind != "text"]
    parsed.captions += [{"text": text, "credit": parsed.creditline} for text in captions]
    parsed.keywords = [text for each in children(content, "keyword") if (text := text_of(each))]
    genres = [fields.first(value(each, "name"), _code(each)) for each in children(content, "genre")]
    parsed.genre = next(filter(None, genres), None)
    for each in children(content, "subject"):
        main_concept = child(each, "mainconcept")
        source = main_concept if main_concept is not None else each
        if code := _code(source):
            parsed.subjects.append({"code": code, "name": value(source, "name")})
    for each in children(content, "located"):
        name = fields.first(value(each, "name"), each.get("literal"))
        if name and parsed.located is None:
            parsed.located = name
            parsed.located_country = _country_of(each)
    creators = [fields.first(value(each, "name"), each.get("literal")) for each in children(content, "creator", "contributor")]
    sources = [fields.first(value(each, "name"), _code(each)) for each in children(content, "infosource")]
    known = {"creators": list(dict.fromkeys(filter(None, creators))), "sources": list(dict.fromkeys(filter(None, sources)))}
    parsed.extra |= {name: given for name, given in known.items() if given}


def _country_of(located: Element) -> str | None:
    """The country of a place: by its own code, or of the areas that it names as broader, or as the same."""
    for each in (located, *children(located, "broader", "sameas")):
        code = _code(each)
        if "iso3166" in code or "country" in code:
            found = fields.country(code.rpartition(":")[2][:3].rstrip("-"))
        else:
            found = fields.country(value(each, "name")) if each is not located else None
        if found:
            return found
    return None


def _read_rights(parsed: Parsed, item: Element) -> None:
    """Copyright and usage terms, of which there may be several blocks, each for another part or audience."""

    def found(name: str) -> list[Element]:
        return [each for rights in children(item, "rightsinfo") for each in children(rights, name)]

    holders = [name for each in found("copyrightholder") for name in _names(each)]
    parsed.copyright = fields.first(*map(text_of, found("copyrightnotice")), *holders)
    parsed.usageterms = "\n".join(dict.fromkeys(text for each in found("usageterms") if (text := text_of(each)))) or None


def _names(element: Element | None) -> tuple[str | None, ...]:
    """All that a flexible property says of what it means: code, literal, URI, names."""
    if element is None:
        return ()
    code = element.get("qcode") or ""
    return (code.rpartition(":")[2] or None, element.get("literal"), value(element, "name"), element.get("uri"))


def _code(element: Element | None) -> str:
    """The code of a flexible property: its qcode, else URI, else literal."""
    return (element.get("qcode") or element.get("uri") or element.get("literal") or "") if element is not None else ""


def _last(code: str) -> str:
    return code.rpartition(":")[2].lower()


def _all(element: Element | None, name: str) -> Iterator[Element]:
    return children(element, name) if element is not None else iter(())


FORMAT = Format(name="newsml-g2", sniff=lambda document: document.root in _ROOTS, parse=parse_g2, order=10)
