"""The content of a NewsML-G2 item: inline XML (XHTML, NITF, agencies' own vocabularies) or plain data, whichever says most."""

import base64
import binascii

from transforms.text.decode import decode
from transforms.text.formats import fields
from transforms.text.formats.nitf import add_notes, skipping
from transforms.text.formats.nitf import read_content as read_nitf
from transforms.text.formats.profiles import Profile, profile_of
from transforms.text.formats.tt_xml import is_tt, read_tt
from transforms.text.formats.xml import Element, body_text, child, children, html_story, local, set_dashes, story_of, text_of, value
from transforms.text.parsed import Parsed, RefusedError

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

_BODIES = ("text", "body", "main", "")
"""Renditions of plain data that are the story; others (headline, notes for editors) have a field of their own."""


def fitting(elements: list[Element], language: str | None) -> list[Element]:
    """Elements of which each may be in another language: those in the given one first, otherwise in their order."""

    def is_other(element: Element) -> bool:
        return (element.get(XML_LANG) or "").partition("-")[0].lower() != wanted

    wanted = (language or "").partition("-")[0].lower()
    return sorted(elements, key=is_other) if wanted else elements


def read_content(parsed: Parsed, item: Element, profile: Profile) -> None:
    """Fills body, captions and what only the content says: headline, byline, dateline."""
    content_set = child(item, "contentset")
    if content_set is not None:
        for inline in fitting(list(children(content_set, "inlinexml")), parsed.language):
            for root in inline:
                _read_inline(parsed, root, profile)
        if not parsed.body:
            plain = [each for each in children(content_set, "inlinedata") if _rendition(each) in _BODIES]
            parsed.body = next((body for each in fitting(plain, parsed.language) if (body := _data(parsed, each))), "")
        for remote in children(content_set, "remotecontent"):
            caption = fields.first(value(remote, "description"), value(remote, "title"))
            if caption and parsed.item_kind == "text":
                parsed.captions.append({"text": caption, "credit": None})
    placed = _placed_pictures(parsed, content_set)
    for link in _links(item):
        title = value(link, "title")
        if title and link.get("residref") not in placed:
            parsed.captions.append({"text": title, "credit": None})


def _data(parsed: Parsed, element: Element) -> str:
    """The text of inline data; of encoded data where it is said to be a text and can be decoded."""
    kind = (element.get("contenttype") or "").strip().lower()
    text = element.text or ""
    if element.get("encoding"):
        if not (element.get("encoding") or "").lower().endswith("base64") or not kind.startswith("text/"):
            return ""
        try:
            text = decode(base64.b64decode("".join(text.split()), validate=True))
        except (binascii.Error, ValueError, RefusedError):
            return ""
    if not kind.startswith("text/html"):
        return text.strip("\n")
    story = html_story(text)
    parsed.captions += story.captions
    return story.text


def _placed_pictures(parsed: Parsed, content_set: Element | None) -> set[str]:
    """Takes the captions of pictures that dpa places within a text (`dnl-image`), which say more than the links to them; their ids."""
    found: set[str] = set()
    for each in content_set.iter() if content_set is not None else ():
        if local(each) == "dnl-image" and (text := (each.get("caption") or "").strip()):
            parsed.captions.append({"text": text, "credit": (each.get("creditline") or "").strip() or None})
            found.add(each.get("ref") or "")
    return found


def _links(item: Element) -> list[Element]:
    """Links to pictures that go with a text."""
    meta = child(item, "itemmeta")
    if meta is None:
        return []
    found = []
    for link in children(meta, "link"):
        kind = child(link, "itemclass")
        if kind is not None and (kind.get("qcode") or "").rpartition(":")[2] in ("picture", "graphic", "graphics"):
            found.append(link)
    return found


def _rendition(element: Element) -> str:
    return (element.get("rendition") or "").rpartition(":")[2].lower()


def _read_inline(parsed: Parsed, root: Element, profile: Profile) -> None:
    name = local(root)
    if name == "nitf":
        read_nitf(parsed, root, profile)
        return
    body = child(root, "body") if name == "html" else root
    if body is None:
        return
    if is_tt(body):
        profile = profile_of("TT")
        read_tt(parsed, body)
    parsed.headline = fields.first(parsed.headline, next((text_of(each) for each in body.iter() if local(each) in ("h1", "rubrik")), None))
    dateline = next((each for each in body.iter() if local(each) == "span" and "dateline" in _classes(each)), None)
    if dateline is not None:
        parsed.dateline = fields.first(parsed.dateline, text_of(dateline))
    if not parsed.body:
        _read_markup(parsed, body, dateline, profile)


def _read_markup(parsed: Parsed, body: Element, dateline: Element | None, profile: Profile) -> None:
    """The running text of a body, and the parts of it that have fields of their own."""
    _read_header(parsed, child(body, "header"))
    _read_set_apart(parsed, body, profile)
    add_notes(parsed, body)
    set_dashes(body, profile.spoken)
    leave_out = skipping(profile)
    story = story_of(body, lambda each: each is dateline or leave_out(each))
    parsed.body = story.text
    parsed.captions += story.captions
    if story.asides:
        parsed.extra["asides"] = story.asides


def _read_header(parsed: Parsed, header: Element | None) -> None:
    """The kicker, which stands below the headline in the header of a text."""
    kicker = next(filter(None, map(text_of, children(header, "h3"))), None) if header is not None else None
    if kicker and kicker != parsed.headline:
        parsed.extra["kicker"] = kicker


def _read_set_apart(parsed: Parsed, body: Element, profile: Profile) -> None:
    """The teaser and the info box, where the profile has them out of the running text: deck, and `extra`."""

    def apart(*names: str) -> list[Element]:
        wanted = profile.left_out.intersection(names)
        return [each for each in body.iter() if not wanted.isdisjoint(_classes(each))] if wanted else []

    teaser = " ".join(filter(None, map(text_of, apart("teaser"))))
    if teaser and parsed.deck and teaser != " ".join(parsed.deck.split()):
        parsed.extra["teaser"] = teaser
    parsed.deck = fields.first(parsed.deck, teaser)
    if boxes := [text for each in apart("INFOBOX", "infobox") if (text := body_text(each).strip())]:
        parsed.extra["infobox"] = "\n\n".join(boxes)


def _classes(element: Element) -> list[str]:
    return (element.get("class") or "").split()
