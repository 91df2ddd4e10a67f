"""ninjs 1 to 3 (IPTC's News in JSON): one news object, or an array of them; associated objects that are stories of their own are items too.

Property names differ between the versions only in case and number (`versioncreated`, `versionCreated`; `headline`, `headlines`), so one
reader serves all; `ninjs_rules` says what a declared version requires."""

import re
from collections.abc import Iterator
from typing import Any

from transforms.text.formats import Format, fields
from transforms.text.formats.document import Document
from transforms.text.formats.items import json_bytes, read_each
from transforms.text.formats.ninjs_rules import KINDS, check
from transforms.text.formats.nitf import skipping
from transforms.text.formats.profiles import Profile, provider_named
from transforms.text.formats.xml import Story, html_story, html_text
from transforms.text.identity import EVOLVED
from transforms.text.parsed import ItemKind, Parsed

_NEEDED = frozenset(("uri", "guid", "_id"))
_TELLING = frozenset(
    """$standard standard pubstatus versioncreated representationtype headlines bodies associations renditions body_html body_xhtml
    body_text trustindicator trustindicators genres charcount wordcount profile mimetype plannedcoverage eventdetails copyrightnotice
    contentcreated description_text usageterms""".split()
)
"""Properties that show an object to be ninjs, in lower case."""

_CERTAIN = frozenset(("$standard", "headlines", "bodies", "body_html", "body_xhtml", "body_html5", "body_text"))
"""Those that no JSON of another kind has: an object with one is ninjs whatever else it has."""

_COMMON = frozenset(("pubstatus", "versioncreated", "usageterms"))
"""Those that our JSON Lines have as well."""

_LINES = frozenset(("published_at", "received_at"))
"""Names of our JSON Lines that ninjs does not have; agencies may add them to theirs."""

_BODIES = ("body_html", "body_xhtml", "body_html5", "body_text")
_TEXTS = ("body", "text")
"""Running text as our JSON Lines name it; of ninjs, the body where there is none under ninjs' own names."""

_MEDIATOPIC = re.compile(r"https?://cv\.iptc\.org/newscodes/mediatopic/(\d{8})$")

Object = dict[str, Any]


def is_ninjs(document: Document) -> bool:
    """Whether a JSON object has an identity and a property that only ninjs has, under whatever version's name."""
    return any(_is_object(found) for found in document.objects[:3])


def _is_object(found: Object) -> bool:
    names = {name.lower() for name in found}
    if not names & _NEEDED:
        return False
    if names & _CERTAIN or {"uri", "pubstatus"} <= names or isinstance(found.get("standard"), dict):
        return True
    has_text = any(name.lower() in _TEXTS and _text(value) for name, value in found.items())
    if has_text or (names & _LINES and "uri" not in names):
        return "uri" in names and bool(names & (_TELLING - _COMMON))
    told = names & _TELLING or any(name.startswith(("headline_", "body_", "description_")) for name in names)
    return bool(told) or str(found.get("type")) in KINDS or ("uri" in names and "headline" in names)


def parse_ninjs(document: Document) -> list[Parsed]:
    """The objects of a document. Raises RefusedError (for a single object `missing_part`, `unknown_type`, `bad_field`)."""
    return read_each("ninjs", document.objects, _items, json_bytes, lambda given: _text(given.get("uri")))


def _items(given: Object) -> Iterator[Parsed]:
    """An object and, where it is a package or they are texts, those that it holds."""
    check(given)
    parsed = read_object(given)
    if parsed.item_kind != "text":
        parsed.payload = json_bytes(given)
    yield parsed
    for each in associated(given):
        is_story = kind_of(each) == "text" and any(_text(each.get(name)) for name in _BODIES)
        if _is_object(each) and (is_story or parsed.item_kind in ("composite", "package")):
            yield from _items(each)


def associated(given: Object) -> Iterator[Object]:
    """The objects that are associated with one, whether listed or named."""
    value = given.get("associations")
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        if isinstance(each, dict):
            yield each


def kind_of(given: Object) -> ItemKind:
    """The kind of an object by its `type`; a text where it has none."""
    kind = str(given.get("type") or "text").lower()
    known: dict[str, ItemKind] = {"component": "composite", "preformatted": "text", "story": "text", "article": "text"}
    if kind in known:
        return known[kind]
    return kind if kind in KINDS else "text"  # type: ignore[return-value]


def read_object(given: Object) -> Parsed:
    """One object as an item. Names are taken whatever their case; a value of a wrong type counts as absent."""
    found = {name.lower(): value for name, value in given.items() if value is not None}
    parsed = Parsed(format="ninjs", item_kind=kind_of(found))
    parsed.guid = next((text for name in ("uri", "guid", "_id") if (text := _text(found.get(name)))), None)
    parsed.version = fields.version(found.get("version"))
    names = [_text(found.get(name)) for name in ("provider", "source", "copyrightholder", "creditline")]
    parsed.provider, profile = provider_named(*names, *(_name(each) for each in _list(found.get("infosource", found.get("infosources")))))
    _read_management(parsed, found, profile)
    parsed.headline = _main(found, "headline") or _text(found.get("title")) or _text(found.get("name"))
    parsed.slugline = _text(found.get("slugline"))
    parsed.byline = _text(found.get("byline")) or _text(found.get("by"))
    parsed.creditline = _text(found.get("creditline")) or _text(found.get("description_creditline"))
    parsed.dateline = _dateline(found.get("dateline"))
    parsed.located = _text(found.get("located")) or next((_name(each) for each in _list(found.get("located"))), None)
    _read_body(parsed, found, profile)
    _read_about(parsed, found)
    of_associated = [caption for each in associated(found) if parsed.item_kind == "text" and (caption := _caption(each))]
    known = {each["text"] for each in of_associated}
    parsed.captions = [each for each in parsed.captions if each["text"] not in known] + of_associated
    fields.finish(parsed)
    profile.amend(parsed)
    return parsed


def _read_management(parsed: Parsed, found: Object, profile: Profile) -> None:
    zone = profile.time_zone
    parsed.pubstatus = fields.pubstatus(_text(found.get("pubstatus"))) or "usable"
    parsed.urgency = fields.urgency(found.get("urgency"))
    created = fields.moment(_text(found.get("versioncreated")), zone) or fields.moment(_text(found.get("contentcreated")), zone)
    parsed.published = fields.moment(_text(found.get("firstpublished")), zone) or created
    parsed.versioncreated = created.at if created else None
    parsed.firstcreated = fields.instant(_text(found.get("firstcreated")), zone)
    fields.set_json_embargo(parsed, found.get("embargoed"), zone)
    signals = [_text(each) or _code(each) for name in ("signal", "signals") for each in _list(found.get(name))]
    given = _list(found.get("ednote", found.get("ednotes")))
    notes = [(_text(each.get("role")) if isinstance(each, dict) else None, _text(each) or _name(each)) for each in given]
    fields.set_signal(parsed, signals, notes)
    parsed.ednote = "\n".join(text for _, text in notes if text) or None
    parsed.language = _text(found.get("language"))
    parsed.copyright = _text(found.get("copyrightnotice")) or _text(found.get("copyrightholder"))
    parsed.usageterms = "\n".join(filter(None, map(_text, _list(found.get("usageterms"))))) or None
    for name in ("profile", "expires", "altids", "extra", "priority", EVOLVED, "service", "rightsinfo"):
        if found.get(name):
            parsed.extra[name] = found[name]


def _read_body(parsed: Parsed, found: Object, profile: Profile) -> None:
    """The body, the richest form first, and the description as deck or, of media, as caption."""
    skip = skipping(profile)

    def html(text: str) -> Story:
        return html_story(text, skip, profile.spoken)

    by_type = [(str(each.get("contenttype") or each.get("contentType") or ""), each) for each in _roled(found, "body", "bodies")]
    forms = [html(text) if name != "body_text" else Story(text) for name in _BODIES if (text := _text(found.get(name)))]
    forms += [html(text) for kind, each in by_type if "html" in kind and (text := _text(each.get("value")))]
    forms += [Story(text) for kind, each in by_type if "html" not in kind and (text := _text(each.get("value")))]
    forms += [html(text) for name in _TEXTS if (text := _text(found.get(name)))]
    if parsed.item_kind != "text":  # what is said of a picture first is its caption; the richest form is for texts
        forms = [Story(text) for _, each in by_type if (text := _text(each.get("value")))][:1] + forms
    story = next((form for form in forms if form.text.strip()), Story())
    parsed.body = story.text
    parsed.captions += story.captions
    if story.asides:
        parsed.extra["asides"] = story.asides
    description = _main(found, "description", "description_text", "description_html", "description_summary", "description_caption")
    description = html_text(description).strip() if description else None
    if description and parsed.item_kind == "text":
        parsed.deck = description
    elif description:
        parsed.captions.append({"text": description, "credit": parsed.creditline or parsed.byline})
        parsed.body = parsed.body or description


def _read_about(parsed: Parsed, found: Object) -> None:
    for each in _list(found.get("subject", found.get("subjects"))):
        code = (
            (_text(each.get("uri")) or _text(each.get("code")) or _text(each.get("literal")) or _name(each))
            if isinstance(each, dict)
            else None
        )
        if code:
            topic = _MEDIATOPIC.match(code)
            scheme = "mediatopic" in str(each.get("scheme") or "")
            code = f"medtop:{topic.group(1)}" if topic else f"medtop:{code}" if scheme and code.isdigit() else fields.iptc_subject(code)
            parsed.subjects.append({"code": code, "name": _name(each)})
    genres = [_name(each) or _text(each) for each in _list(found.get("genre", found.get("genres")))]
    parsed.genre = next(filter(None, genres), None)
    words = [_text(each) or _name(each) for each in _list(found.get("keywords", found.get("keyword")))]
    parsed.keywords = list(filter(None, words))


def _main(found: Object, name: str, *aliases: str) -> str | None:
    """A text that has several roles: the property itself, its main role, its aliases, else the first of its list."""
    listed = _roled(found, name, f"{name}s")
    main = [
        each
        for each in listed
        if str(each.get("role") or "main").rpartition("/")[2].rpartition(":")[2] in ("main", "text", "summary", "caption")
    ]
    texts = [
        found.get(name),
        found.get(f"{name}_main"),
        *(found.get(alias) for alias in aliases),
        *(each.get("value") for each in (*main, *listed)),
    ]
    return next((text for value in texts if (text := _text(value))), None)


def _roled(found: Object, *names: str) -> list[Object]:
    return [each for name in names for each in _list(found.get(name)) if isinstance(each, dict)]


def _dateline(value: Any) -> str | None:
    """A dateline's text; of an object (Superdesk) its `text`."""
    return _text(value.get("text")) if isinstance(value, dict) else _text(value)


def _caption(given: Object) -> dict[str, Any] | None:
    if kind_of(given) not in ("picture", "graphic", "video"):
        return None
    found = {name.lower(): value for name, value in given.items()}
    text = _main(found, "description", "description_text", "description_html", "description_caption", "headline")
    if not text:
        return None
    return {
        "text": html_text(text).strip(),
        "credit": _text(found.get("creditline")) or _text(found.get("byline")) or _text(found.get("by")),
    }


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _name(value: Any) -> str | None:
    return _text(value.get("name") or value.get("value")) if isinstance(value, dict) else None


def _code(value: Any) -> str | None:
    """The code of a signal, else its name."""
    if not isinstance(value, dict):
        return None
    return next((text for name in ("code", "qcode", "uri", "literal") if (text := _text(value.get(name)))), None) or _name(value)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


FORMAT = Format(name="ninjs", sniff=is_ninjs, parse=parse_ninjs, order=22)
