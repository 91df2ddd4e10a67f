"""Ritzau's own XML (`RBNews`): one story a file, its text as escaped HTML, dates in Danish time."""

from transforms.text.formats import Format, fields
from transforms.text.formats.document import Document
from transforms.text.formats.profiles import profile_of
from transforms.text.formats.xml import Element, children, html_story, html_text, local, parse_xml, text_of
from transforms.text.parsed import Parsed, RefusedError

_NIL = "nil"


def parse_rbnews(document: Document) -> list[Parsed]:
    """The story of a document. Raises RefusedError (`bad_xml`, `missing_part` without a NewsID)."""
    root = parse_xml(document.data)
    found = {local(each): each for each in root}
    profile = profile_of("Ritzau")

    def text(name: str) -> str | None:
        element = found.get(name)
        return None if element is None or _is_nil(element) else text_of(element)

    def is_true(name: str) -> bool:
        return (text(name) or "").lower() in ("true", "1")

    parsed = Parsed(format="rbnews", provider=profile.name, guid=text("newsid"), version=fields.version(text("version")))
    if parsed.guid is None:
        raise RefusedError("missing_part", "the RBNews document has no NewsID")
    parsed.published = fields.moment(text("publishdate"), profile.time_zone)
    parsed.versioncreated = parsed.published.at if parsed.published else None
    parsed.firstcreated = parsed.versioncreated if parsed.version == 1 else None
    parsed.headline = text("headline")
    parsed.slugline = text("strapline")
    parsed.deck = _plain(text("subtitle"))
    parsed.byline = text("byline")
    parsed.creditline = text("origin")
    parsed.located = text("town")
    story = html_story(text("content") or "")
    parsed.body, parsed.captions = story.text, story.captions
    if story.asides:
        parsed.extra["asides"] = story.asides
    parsed.ednote = _plain(text("tilredaktionen"))  # a note to editors: 'to the desks'
    parsed.urgency = fields.urgency(text("priority"))
    parsed.language = "da"
    parsed.genre = text("format")
    codes = [code for each in _values(found.get("iptclist")) if (code := fields.first(each)) and code.isdigit()]
    parsed.subjects = [{"code": fields.iptc_subject(code.zfill(8)), "name": None} for code in codes]
    parsed.keywords = [word for word in _values(found.get("subjectkeyword")) if word]
    if is_true("annuleret"):  # cancelled
        parsed.pubstatus, parsed.signal = "canceled", "kill"
    elif is_true("korrektion"):
        parsed.signal = "correction"
    elif is_true("nyversion"):  # a new version
        parsed.signal = "update"
    elif is_true("infoflash") or (text("format") or "").lower() == "flash":
        parsed.signal = "urgent"
    for name in ("section", "replaces", "replacedid", "histid", "status"):
        if text(name):
            parsed.extra[name] = text(name)
    return [parsed]


def _plain(text: str | None) -> str | None:
    return html_text(text).strip() or None if text else None


def _is_nil(element: Element) -> bool:
    return any(name.rpartition("}")[2] == _NIL and value == "true" for name, value in element.attrib.items() if isinstance(name, str))


def _values(element: Element | None) -> list[str]:
    return [text for each in children(element, "int", "string") if (text := text_of(each))] if element is not None else []


FORMAT = Format(name="rbnews", sniff=lambda document: document.root == "RBNews", parse=parse_rbnews, order=10)
