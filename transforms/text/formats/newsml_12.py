"""NewsML 1.0 to 1.2: news items whose components, nested as each agency likes, hold texts, pictures and their captions.

Element names are those of the NewsML 1.2 DTD (IPTC). A news item is one item here: its text is the content of the components that are
neither part of a picture, a film or a recording nor a title, caption or contact of their own."""

import dataclasses
import functools
import re
from collections.abc import Iterator

from transforms.text.formats import Format, fields
from transforms.text.formats.document import Document
from transforms.text.formats.items import read_each
from transforms.text.formats.nitf import add_notes, skipping
from transforms.text.formats.nitf import read_content as read_nitf
from transforms.text.formats.profiles import Profile, provider_named
from transforms.text.formats.xml import (
    Element,
    Story,
    body_text,
    child,
    children,
    html_story,
    item_bytes,
    local,
    own_bytes,
    parse_xml,
    story_of,
    text_of,
    value,
)
from transforms.text.parsed import ItemKind, Parsed, RefusedError

_MEDIA: dict[str, ItemKind] = {
    "photo": "picture",
    "picture": "picture",
    "image": "picture",
    "graphic": "graphic",
    "graphics": "graphic",
    "animation": "graphic",
    "video": "video",
    "clip": "video",
    "audio": "audio",
    "sound": "audio",
}
"""IPTC's media types, and the roles that agencies give to components that are one."""

_CAPTIONS = frozenset(("caption", "legend"))
_TITLES = frozenset(("title", "headline"))
_DECKS = frozenset(("abstract", "lead", "summary", "chapo"))
_NOTES = frozenset(("contact", "ednote", "notes", "editorialnote"))
_NOT_THE_TEXT = frozenset(("tweettext", "stylesheet", "logo", "thumbnail", "quicklook", "highdef", "preview", "index", "script"))
_RESTRICTS = re.compile(
    r"\b(?:RESTRICTED|EDITORIAL USE|NO (?:USE|SALES?|RESALE|ARCHIV\w+|TV|INTERNET|MARKETING|ADVERTISING|THIRD PARTY)|NOT FOR|USE ONLY"
    r"|MANDATORY CREDIT|USAGE|RIGHTS|RESTREINT|INTERDIT|NUR FÜR|USO EXCLUSIVO|EMBARGO)",
    re.IGNORECASE,
)
"""An advisory line that says what a text or picture may be used for; others are notes to editors."""

_STEM = 2
"""Colons of a public identifier that names the provider and no item: `urn:newsml:afp.com`."""

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def parse_newsml(document: Document) -> list[Parsed]:
    """The news items of a document. Raises RefusedError (`bad_xml`, `empty`; for a single item also `missing_part`)."""
    root = parse_xml(document.data)
    envelope = child(root, "newsenvelope")
    items = list(children(root, "newsitem"))
    if not items:
        raise RefusedError("empty", "the NewsML document holds no NewsItem")

    def read(item: Element) -> list[Parsed]:
        return [own_bytes(_item(item, envelope), item, among=items)]

    return read_each("newsml-1.2", items, read, item_bytes)


def _item(item: Element, envelope: Element | None) -> Parsed:
    identification, management = child(item, "identification"), child(item, "newsmanagement")
    if identification is None and child(item, "newscomponent") is None:
        raise RefusedError("missing_part", "the NewsItem has neither an Identification nor a NewsComponent")
    parsed = Parsed(format="newsml-1.2")
    identifier = child(identification, "newsidentifier")
    components = _components(item)
    parties = [_formal(child(each, "party")) for each in item.iter() if local(each) in ("provider", "source")]
    parsed.provider, profile = provider_named(value(identifier, "providerid"), *parties)
    _read_identity(parsed, identifier)
    if parsed.guid is None:  # TASS has the identity of a story among what it says of it
        parsed.guid = next((text for each in item.iter() if local(each) == "guid" and (text := text_of(each))), None)
    _read_management(parsed, management, envelope, profile)
    _read_contents(parsed, components, profile)
    own = [each for each in components if not each.media] or components
    if parsed.item_kind != "text":
        own = sorted(components, key=lambda each: not each.media)  # what the media's own lines say comes first
    _read_lines(parsed, own)
    _read_advisories(parsed, components)
    _read_pictures_byline(parsed, components)
    parsed.headline = fields.first(parsed.headline, value(identification, "namelabel") if not parsed.body else None)
    parsed.slugline = fields.first(parsed.slugline, value(identification, "namelabel"))
    _read_description(parsed, own)
    languages = [_formal(each) for each in _within(own, "descriptivemetadata", "language")]
    parsed.language = fields.first(*languages, *(each.element.get(_XML_LANG) for each in own), item.get(_XML_LANG))
    fields.finish(parsed)
    profile.amend(parsed)
    return parsed


@dataclasses.dataclass(eq=False)
class _Component:
    """A NewsComponent: its role, the kind of media that it, or one it lies in, is part of, and that one."""

    element: Element
    role: str
    media: ItemKind | None
    around: "_Component | None"

    @functools.cached_property
    def credit(self) -> str | None:
        """Who is credited for a picture: the lines of its component or of the one that it lies in."""
        lines = child(self.element, "newslines")
        own = "/".join(filter(None, (value(lines, "creditline"), value(lines, "byline"))))
        return own or (self.around.credit if self.around else None)


def _components(item: Element) -> list[_Component]:
    """All components of an item, each before those within it."""
    found: dict[Element | None, _Component] = {}
    for each in item.iter():
        if local(each) == "newscomponent":
            around = found.get(each.getparent())
            found[each] = _Component(each, _role(each), _media_of(each) or (around.media if around else None), around)
    return list(found.values())


def _role(component: Element) -> str:
    return (_formal(child(component, "role")) or "").lower()


def _media_of(component: Element) -> ItemKind | None:
    """The kind of media a component is: by its role, by its own content, or since one of its parts is its caption."""
    role = _role(component)
    if role in _MEDIA:
        return _MEDIA[role]
    for content in children(component, "contentitem"):
        kind = (_formal(child(content, "mediatype")) or "").lower()
        if kind in _MEDIA:
            return _MEDIA[kind]
    parts = list(children(component, "newscomponent"))
    if any(_role(part) in _CAPTIONS for part in parts):
        kinds = [_media_of(part) for part in parts]
        return next(filter(None, kinds), "picture")
    return None


def _read_identity(parsed: Parsed, identifier: Element | None) -> None:
    revision = child(identifier, "revisionid")
    number = text_of(revision)
    flag = (revision.get("Update") or "").strip() if revision is not None else ""
    parsed.version = fields.version(number)
    public = value(identifier, "publicidentifier")
    if public and number:
        # The public identifier ends with the revision, and an update's flag where there is one (':1U').
        public = re.sub(rf":{re.escape(number)}(?:{re.escape(flag)}|[A-Z])?$", "", public)
    parts = [value(identifier, name) for name in ("providerid", "dateid", "newsitemid")]
    if all(parts) and (public is None or public.count(":") <= _STEM):
        public = ":".join([public or f"urn:newsml:{parts[0]}", *filter(None, parts[1:])])  # Belga gives the stem alone
    parsed.guid = public
    if flag and flag != "N":
        parsed.signal = "update"


def _read_management(parsed: Parsed, management: Element | None, envelope: Element | None, profile: Profile) -> None:
    zone = profile.time_zone
    fields.set_status(parsed, _formal(child(management, "status")))
    change = child(management, "statuswillchange")
    if (_formal(child(management, "status")) or "").lower() == "embargoed" or (
        change is not None and parsed.pubstatus == "withheld" and fields.pubstatus(_formal(child(change, "futurestatus"))) == "usable"
    ):
        # Held until the moment that is told; the status itself is usable from then on.
        parsed.pubstatus = "usable"
        fields.set_embargo(parsed, value(change, "dateandtime") or "", zone)
    for each in (management, envelope):
        parsed.urgency = parsed.urgency or fields.urgency(_formal(child(each, "urgency")) or _formal(child(each, "priority")))
    created = fields.moment(value(management, "thisrevisioncreated"), zone) or fields.moment(value(envelope, "dateandtime"), zone)
    parsed.published = created
    parsed.versioncreated = created.at if created else None
    parsed.firstcreated = fields.instant(value(management, "firstcreated"), zone)
    kind = _formal(child(management, "newsitemtype"))
    words = [kind, *(_formal(each) for each in (children(management, "instruction") if management is not None else ()))]
    parsed.signal = fields.signal(parsed.signal, *words)
    products = [_formal(each) for each in (children(envelope, "newsproduct", "newsservice") if envelope is not None else ())]
    parsed.extra |= {name: given for name, given in (("newsitemtype", kind), ("services", list(filter(None, products)))) if given}


def _read_contents(parsed: Parsed, components: list[_Component], profile: Profile) -> None:
    """Body, captions and titles from the content items, each by the role of its component."""
    kinds: list[ItemKind] = []
    spare: list[str] = []
    texts: list[str] = []
    notes: list[str] = []
    title: str | None = None
    for component in components:
        for content in children(component.element, "contentitem"):
            text = _text_of_content(parsed, content, component, profile)
            if component.media:
                kinds.append(component.media)
            if not text or component.role in _NOT_THE_TEXT:
                continue
            if component.role in _CAPTIONS:
                parsed.captions.append({"text": text, "credit": component.credit})
            elif component.role in _TITLES:
                parsed.headline = title = fields.first(parsed.headline, text)
            elif component.role in _DECKS:
                parsed.deck = fields.first(parsed.deck, text)
            elif component.role in _NOTES:
                notes.append(text)
            elif component.media:
                spare.append(text)
            else:
                texts.append(text)
    parsed.body = "\n\n".join(texts)
    parsed.ednote = "\n".join(filter(None, (parsed.ednote, *notes))) or None
    if not parsed.body and kinds:
        parsed.item_kind = kinds[0]
        parsed.body = "\n\n".join(filter(None, [title, *spare]))


def _text_of_content(parsed: Parsed, content: Element, component: _Component, profile: Profile) -> str:
    data = child(content, "datacontent")
    if data is None or (_formal(child(content, "encoding")) or data.get("Encoding")):
        return ""
    root = next(iter(data), None)
    if root is None:
        text = (data.text or "").strip("\n")
        return _taken(parsed, html_story(text)) if re.search(r"</(?:p|div|body)>", text, re.IGNORECASE) else text
    if local(root) == "nitf":
        if component.media or component.role in _CAPTIONS:
            return body_text(root, skipping(profile))
        inner = Parsed(format=parsed.format)
        read_nitf(inner, root, profile)
        parsed.captions += inner.captions
        parsed.extra |= inner.extra
        parsed.ednote = "\n".join(filter(None, (parsed.ednote, inner.ednote))) or None
        for name in ("headline", "deck", "byline", "dateline"):
            setattr(parsed, name, fields.first(getattr(parsed, name), getattr(inner, name)))
        return inner.body
    body = child(root, "body") if local(root) == "html" else None
    add_notes(parsed, data)
    return _taken(parsed, story_of(data if body is None else body, skipping(profile)))


def _taken(parsed: Parsed, story: Story) -> str:
    """The running text of a story, its captions and asides put where they belong."""
    parsed.captions += story.captions
    if story.asides:
        parsed.extra.setdefault("asides", []).extend(story.asides)
    return story.text


def _read_lines(parsed: Parsed, components: list[_Component]) -> None:
    """The news lines, each from the first component that has it."""

    def line(*names: str) -> str | None:
        return fields.first(*(text_of(each) for name in names for each in _within(components, "newslines", name)))

    # The news lines are told apart by the agency; what a text's own markup had comes after them.
    parsed.headline = line("headline") or parsed.headline
    parsed.deck = fields.first(line("subheadline"), parsed.deck)
    parsed.byline = line("byline") or parsed.byline
    parsed.dateline = line("dateline") or parsed.dateline
    parsed.creditline = line("creditline")
    parsed.copyright = line("copyrightline")
    parsed.slugline = line("slugline")
    parsed.usageterms = fields.first(line("rightsline"), *(text_of(each) for each in _within(components, "rightsmetadata", "usagerights")))
    parsed.keywords += [text for each in _within(components, "newslines", "keywordline") if (text := text_of(each))]


def _read_advisories(parsed: Parsed, components: list[_Component]) -> None:
    """The advisory lines of text and pictures: to the usage terms where they restrict the use, else to the notes."""
    lines = [
        text
        for each in _within(components, "newslines", "newsline")
        if (_formal(child(each, "newslinetype")) or "").lower() == "advisoryline"
        for line in children(each, "newslinetext")
        if (text := text_of(line))
    ]
    for text in dict.fromkeys(lines):
        name = "usageterms" if _RESTRICTS.search(text) else "ednote"
        given = getattr(parsed, name)
        if text not in (given or "").split("\n"):
            setattr(parsed, name, "\n".join(filter(None, (given, text))))


def _read_pictures_byline(parsed: Parsed, components: list[_Component]) -> None:
    """Of an item whose text names nobody, the byline is that of its picture, and `extra.byline_of` says so: AFP's stories with pictures
    have the photographer's alone."""
    line = next((text for each in components if (text := value(each.element, "newslines", "byline"))), None)
    if parsed.byline is None and line and parsed.item_kind == "text":
        parsed.byline, parsed.extra["byline_of"] = line, "picture"


def _read_description(parsed: Parsed, components: list[_Component]) -> None:
    """Subjects, genre, place."""
    codes = [_formal(each) for subject_code in _within(components, "descriptivemetadata", "subjectcode") for each in subject_code]
    parsed.subjects = [{"code": code, "name": None} for code in dict.fromkeys(fields.iptc_subject(code) for code in codes if code)]
    parsed.genre = next((name for each in _within(components, "descriptivemetadata", "genre") if (name := _formal(each))), None)
    for place in _within(components, "descriptivemetadata", "location"):
        found = {(each.get("FormalName") or "").lower(): each.get("Value") for each in children(place, "property")}
        if parsed.located is None:
            parsed.located = fields.first(found.get("city"), found.get("sublocation"), found.get("countryarea"))
            parsed.located_country = fields.country(found.get("country"))
    interests = [code for each in _within(components, "descriptivemetadata", "ofinterestto") if (code := _formal(each))]
    if interests:
        parsed.extra["ofinterestto"] = list(dict.fromkeys(interests))


def _within(components: list[_Component], *path: str) -> Iterator[Element]:
    """All elements at the end of a path, from the components in their order."""
    for component in components:
        found = [component.element]
        for name in path:
            # TASS spells it DescriptiveMetada
            names = (name, "descriptivemetada") if name == "descriptivemetadata" else (name,)
            found = [each for element in found for each in children(element, *names)]
        yield from found


def _formal(element: Element | None) -> str | None:
    """The formal name of an element, else its text."""
    if element is None:
        return None
    return (element.get("FormalName") or "").strip() or text_of(element)


FORMAT = Format(name="newsml-1.2", sniff=lambda document: document.root == "NewsML", parse=parse_newsml, order=10)
