"""The content of a NewsML-G2 item: inline XML (XHTML, NITF, agencies' own vocabularies) or plain data, whichever says most."""

from transforms.text.formats import fields
from transforms.text.formats.nitf import read_content as read_nitf
from transforms.text.formats.nitf import skipping
from transforms.text.formats.profiles import Profile
from transforms.text.formats.xml import Element, body_text, child, children, local, text_of, value
from transforms.text.parsed import Parsed

_BODIES = ("text", "body", "main", "")
"""Renditions of plain data that are the story; others (headline, notes for editors) have a field of their own."""


def read_content(parsed: Parsed, item: Element, profile: Profile) -> None:
    """Fills body, captions and what only the content says: headline, byline, dateline."""
    content_set = child(item, "contentset")
    if content_set is not None:
        for inline in children(content_set, "inlinexml"):
            for root in inline:
                _read_inline(parsed, root, profile)
        if not parsed.body:
            plain = [each for each in children(content_set, "inlinedata") if _rendition(each) in _BODIES and not each.get("encoding")]
            parsed.body = next((body for each in plain if (body := (each.text or "").strip("\n"))), "")
        for remote in children(content_set, "remotecontent"):
            caption = fields.first(value(remote, "description"), value(remote, "title"))
            if caption and parsed.item_kind == "text":
                parsed.captions.append({"text": caption, "credit": None})
    for link in _links(item):
        title = value(link, "title")
        if title:
            parsed.captions.append({"text": title, "credit": None})


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
    parsed.headline = fields.first(parsed.headline, next((text_of(each) for each in body.iter() if local(each) in ("h1", "rubrik")), None))
    dateline = next((each for each in body.iter() if local(each) == "span" and "dateline" in (each.get("class") or "").split()), None)
    if dateline is not None:
        parsed.dateline = fields.first(parsed.dateline, text_of(dateline))
    for each in body.iter() if profile.spoken else ():
        if local(each) in profile.spoken:
            each.text = f"– {(each.text or '').lstrip(' –-')}"
    if not parsed.body:
        leave_out = skipping(profile)
        parsed.body = body_text(body, lambda each: each is dateline or (leave_out is not None and leave_out(each)))
