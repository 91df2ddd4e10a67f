"""NITF 3.x (News Industry Text Format): a story as a document of its own, or as the content of NewsML.

Names of elements are those of the NITF 3.x DTD and schema (IPTC); `hl2` is a deck, `tagline` what stands below the story."""

import datetime as dt
import re
from collections.abc import Callable, Iterator

from transforms.text.formats import Format, fields
from transforms.text.formats.document import Document
from transforms.text.formats.profiles import Profile, provider_named
from transforms.text.formats.xml import Element, body_text, child, children, local, parse_xml, text_of, value
from transforms.text.parsed import Parsed, RefusedError

_SLUG = re.compile(r"[^\W\d_]{3}")
"""A slug has a word in it; keys that are numbers do not serve as one."""

_NOTES = frozenset(("note", "ednote", "ed-note", "editorsnote", "editornote"))
"""Elements that are notes to editors, wherever they stand: NITF's, and what other vocabularies call the same."""

_ISO_MOMENT = re.compile(r"\d{8}T\d{6}")


def parse_nitf(document: Document) -> list[Parsed]:
    """The one story of a NITF document. Raises RefusedError (`bad_xml`, `missing_part`)."""
    root = parse_xml(document.data)
    if child(root, "body") is None and child(root, "head") is None:
        raise RefusedError("missing_part", "the nitf element has neither a head nor a body")
    parsed = Parsed(format="nitf")
    head = child(root, "head")
    docdata = child(head, "docdata")
    profile = _read_provider(parsed, root, docdata)
    _read_docdata(parsed, head, docdata, profile)
    read_content(parsed, root, profile)
    parsed.language = root.get("baselang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or None
    fields.finish(parsed)
    profile.amend(parsed)
    return [parsed]


def _read_provider(parsed: Parsed, root: Element, docdata: Element | None) -> Profile:
    """The provider: who distributes the story, else the register of its id or the holder of its copyright."""
    body_head = child(root, "body", "body.head")
    doc_id, holder = child(docdata, "doc-id"), child(docdata, "doc.copyright")
    names = (
        value(body_head, "distributor"),
        doc_id.get("regsrc") if doc_id is not None else None,
        value(body_head, "rights", "rights.owner"),
        re.split(r"\. |,", holder.get("holder") or "")[0] if holder is not None else None,
    )
    parsed.provider, profile = provider_named(*names)
    return profile


def _read_docdata(parsed: Parsed, head: Element | None, docdata: Element | None, profile: Profile) -> None:
    """Identity, status, dates, rights and subjects of the head."""
    zone = profile.time_zone
    doc_id = child(docdata, "doc-id")
    parsed.guid = _attribute(doc_id, "id-string")
    du_key = child(docdata, "du-key")
    parsed.version = fields.version(_attribute(du_key, "version"))
    fields.set_status(parsed, _attribute(docdata, "management-status"))
    urgency = child(docdata, "urgency") if child(docdata, "urgency") is not None else child(head, "urgency")
    parsed.urgency = fields.urgency(_attribute(urgency, "ed-urg"))
    issued = _attribute(child(docdata, "date.issue"), "norm")
    revised = _attribute(child(head, "revision-history"), "norm")
    parsed.published = fields.moment(issued, zone) or fields.moment(revised, zone)
    parsed.versioncreated = fields.instant(revised, zone) or fields.instant(issued, zone)
    parsed.firstcreated = fields.instant(issued, zone)
    _read_release(parsed, docdata, zone)
    evloc = child(docdata, "evloc")
    if evloc is not None:
        parsed.located = _attribute(evloc, "city") or _attribute(evloc, "county-dist") or text_of(evloc)
        parsed.located_country = fields.country(_attribute(evloc, "iso-cc"))
    _read_corrections(parsed, docdata)
    holder = child(docdata, "doc.copyright")
    if holder is not None:
        parsed.copyright = " ".join(filter(None, (_attribute(holder, "year"), _attribute(holder, "holder")))) or None
    rights = child(docdata, "doc.rights")
    parsed.usageterms = "\n".join(filter(None, (_attribute(rights, "type"), _attribute(rights, "limitations")))) or None
    parsed.keywords = [word for each in _all(docdata, "key-list") for key in children(each, "keyword") if (word := _keyword(key))]
    meta = {each.get("name"): each.get("content") for each in children(head, "meta")} if head is not None else {}
    title = value(head, "title")
    slugs = (meta.get("anpa-keyword"), _attribute(du_key, "key"), title if title and " " not in title else None, *parsed.keywords)
    parsed.slugline = next((slug.strip() for slug in slugs if slug and _SLUG.search(slug)), None)
    _read_subjects(parsed, child(head, "tobject"))
    series = child(docdata, "series")
    named = {"take_key": meta.get("anpa-takekey"), "anpa_category": meta.get("anpa-category"), "series": _attribute(series, "series.name")}
    parsed.extra |= {name: text for name, text in named.items() if text and text.strip()}


def _read_release(parsed: Parsed, docdata: Element | None, zone: dt.tzinfo) -> None:
    """A release that lies after the issue is what NITF has for an embargo. One that cannot be read withholds, unless it repeats the issue
    or is a pattern that nobody filled in ('YYYYMMDD'). A story of the status `embargoed` is usable once its embargo has passed."""
    release = _attribute(child(docdata, "date.release"), "norm")
    if (_attribute(docdata, "management-status") or "").lower() == "embargoed":
        parsed.pubstatus = "usable"
        fields.set_embargo(parsed, release or "", zone)
    elif release and release != _attribute(child(docdata, "date.issue"), "norm") and "YYYY" not in release:
        released = fields.instant(release, zone)
        if released is None or parsed.versioncreated is None or released > parsed.versioncreated:
            fields.set_embargo(parsed, release, zone)


def _read_corrections(parsed: Parsed, docdata: Element | None) -> None:
    notes = [_attribute(each, "info") or text_of(each) for each in _all(docdata, "ed-msg")]
    correction = child(docdata, "correction")
    if correction is not None:
        parsed.signal = "correction"
        notes.append(_attribute(correction, "info"))
        if _attribute(correction, "id-string"):
            parsed.extra["corrects"] = _attribute(correction, "id-string")
    parsed.ednote = "\n".join(note.strip() for note in notes if note and note.strip()) or None


def _read_subjects(parsed: Parsed, tobject: Element | None) -> None:
    if tobject is None:
        return
    parsed.genre = next((name for each in children(tobject, "tobject.property") if (name := each.get("tobject.property.type"))), None)
    for each in children(tobject, "tobject.subject"):
        names = [each.get(f"tobject.subject.{level}") for level in ("detail", "matter", "type")]
        code = _attribute(each, "tobject.subject.refnum") or _attribute(each, "tobject.subject.code")
        if code:
            parsed.subjects.append({"code": fields.iptc_subject(code), "name": fields.first(*names)})


def read_content(parsed: Parsed, root: Element, profile: Profile) -> None:
    """Fills from `body` (or the root itself) what the item does not have yet: headline, deck, byline, dateline, captions, body."""
    body = child(root, "body") if child(root, "body") is not None else root
    top = child(body, "body.head")
    content = child(body, "body.content")
    hedline = child(top, "hedline")
    lines = [text for name in ("hl1", "hl2") for each in _all(hedline, name) if (text := text_of(each))]
    parsed.headline = fields.first(parsed.headline, *lines[:1], text_of(hedline), value(root, "head", "title"))
    parsed.deck = fields.first(parsed.deck, *lines[1:2], *map(body_text, _all(top, "abstract")))
    if parsed.deck == parsed.headline:
        parsed.deck = None
    parsed.byline = fields.first(parsed.byline, ", ".join(text for each in _all(top, "byline") if (text := _byline(each))))
    parsed.dateline = fields.first(parsed.dateline, _dateline(child(top, "dateline")))
    if parsed.located_country is None:
        parsed.located_country = fields.country(value(top, "dateline", "location", "country"))
    parsed.creditline = fields.first(parsed.creditline, value(top, "distributor"))
    add_notes(parsed, body)
    if content is None:
        content = body if top is None else None
    if content is not None:
        if not parsed.body:
            parsed.body = body_text(content, skipping(profile), marks=True)
        parsed.captions += [caption for media in content.iter() if local(media) == "media" and (caption := _caption(media))]
    tagline = value(body, "body.end", "tagline")
    if tagline:
        parsed.extra["tagline"] = tagline


def add_notes(parsed: Parsed, root: Element | None) -> None:
    """Adds the notes to editors that stand anywhere in a marked-up text."""
    found = [text for each in (root.iter() if root is not None else ()) if _is_note(each) and (text := text_of(each))]
    given = (parsed.ednote or "").split("\n")
    new = [text for text in dict.fromkeys(found) if text not in given]
    if new:
        parsed.ednote = "\n".join(filter(None, (parsed.ednote, *new)))


def _is_note(element: Element) -> bool:
    return local(element) in _NOTES or "ednote" in (element.get("class") or "").split()


def skipping(profile: Profile) -> Callable[[Element], bool]:
    """What of a profile's marked-up text is no running text, notes to editors included: a function for `body_text`."""

    def skip(element: Element) -> bool:
        if local(element) in profile.left_out or _is_note(element):
            return True
        return not profile.left_out.isdisjoint((element.get("class") or "").split())

    return skip


def _byline(element: Element) -> str | None:
    """A byline's text; a title that follows the name without a space (it is set on a line of its own) is set apart by a comma."""
    parts: list[str] = []
    for piece in element.itertext():
        if piece.strip() and parts and parts[-1][-1].isalnum() and piece[0].isalnum():
            parts.append(", ")
        parts.append(piece)
    return " ".join("".join(parts).split()) or None


def _dateline(element: Element | None) -> str | None:
    """A dateline's text: place and, where it is text for readers, its date."""
    if element is None:
        return None
    date = child(element, "story.date")
    place = child(element, "location")
    if place is not None and not (place.text or "").strip() and len(place):
        parts = [", ".join(text for each in place if (text := text_of(each)))]
    elif date is None:
        return text_of(element)
    else:
        parts = [text for each in ([element.text] if element.text else []) if (text := each.strip())]
        parts += [text for each in element if each is not date and (text := text_of(each))]
    dated = text_of(date)
    if dated and (not _ISO_MOMENT.match(dated) or not parts):
        parts.append(dated)
    return ", ".join(parts) or None


def _caption(media: Element) -> dict[str, str | None] | None:
    text = "\n".join(body_text(each) for each in children(media, "media-caption")).strip()
    if not text:
        return None
    return {"text": text, "credit": value(media, "media-producer")}


def _keyword(element: Element) -> str | None:
    return _attribute(element, "key") or text_of(element)


def _attribute(element: Element | None, name: str) -> str | None:
    text = element.get(name) if element is not None else None
    return text.strip() or None if text else None


def _all(element: Element | None, name: str) -> Iterator[Element]:
    return children(element, name) if element is not None else iter(())


FORMAT = Format(name="nitf", sniff=lambda document: document.root == "nitf", parse=parse_nitf, order=10)
