"""JSON Lines: one JSON object is one story.

A line file is cut into its lines before it comes here; a file that is one object is read as well. Documented fields, all optional
except that there must be a headline or a body; an alias is used where the first name is absent, and `null` means absent:

    id               kept as `source_id`
    provider guid version pubstatus (usable|withheld|canceled) signal urgency (1-9)
    embargoed        a date: not to be shown before. Empty or unreadable: the story is withheld
    slugline|slug headline|title deck byline creditline dateline located
    body|text        paragraphs a line each or apart by blank lines; simple markup (<p>, <br>) is understood
    published_at|published|date, versioncreated, firstcreated, received_at|received
                     dates: ISO 8601 with or without a zone (without: UTC), to the second or the minute, or a day alone.
                     A text that is no date is kept in `extra` and otherwise as if it were absent
    language genre usageterms copyright ednote
    subjects         list of codes or of {code, name}
    keywords         list of strings
    captions         list of strings or of {text, credit}
    url              kept in `extra`

Every other field is kept in `extra`. A field of a wrong type refuses the story (`bad_field`)."""

import re
from collections.abc import Callable
from typing import Any, TypeVar

from transforms.text.formats import Format, fields
from transforms.text.formats.document import Document, load_json
from transforms.text.parsed import Parsed, RefusedError

T = TypeVar("T")

_TEXTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("source_id", ("id",)),
    ("provider", ("provider",)),
    ("guid", ("guid",)),
    ("signal", ("signal",)),
    ("slugline", ("slugline", "slug")),
    ("headline", ("headline", "title")),
    ("deck", ("deck",)),
    ("byline", ("byline",)),
    ("creditline", ("creditline",)),
    ("dateline", ("dateline",)),
    ("located", ("located",)),
    ("body", ("body", "text")),
    ("language", ("language",)),
    ("genre", ("genre",)),
    ("usageterms", ("usageterms",)),
    ("copyright", ("copyright",)),
    ("ednote", ("ednote",)),
)
_DATES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("published", ("published_at", "published", "date")),
    ("versioncreated", ("versioncreated",)),
    ("firstcreated", ("firstcreated",)),
    ("received_at", ("received_at", "received")),
)
_OBJECT = re.compile(r'(?:\[\s*)?\{\s*(?:"(?:[^"\\]|\\.){0,200}"\s*:|\})')
_LINE_FILE = re.compile(r"\.(?:jsonl|ndjson)(?:\.gz)?(?:$|[!@#?])", re.IGNORECASE)


def is_object(document: Document) -> bool:
    """Whether it begins as a JSON object with a key, or is a line of a file that calls itself JSON Lines."""
    return _OBJECT.match(document.start) is not None or _LINE_FILE.search(document.name) is not None


def parse_object(document: Document) -> list[Parsed]:
    """The story of one JSON object. Raises RefusedError (`bad_json`, `bad_field`, `empty`, and those of `decode`)."""
    found = document.json if document.json is not None else load_json(document.data)
    if not isinstance(found, dict):
        raise RefusedError("bad_json", f"one object is wanted, this is {_kind(found)}")
    return [_story({key: value for key, value in found.items() if value is not None})]


def _story(found: dict[str, Any]) -> Parsed:
    parsed = Parsed(format="jsonl")
    for field, names in _TEXTS:
        text = _take(found, names, _text)
        if text:
            setattr(parsed, field, text)
    for field, names in _DATES:
        _date(parsed, field, found, names)
    parsed.version = _take(found, ("version",), _integer)
    parsed.subjects = _take(found, ("subjects",), _subjects) or []
    parsed.keywords = _take(found, ("keywords",), _strings) or []
    parsed.captions = _take(found, ("captions",), _captions) or []
    parsed.pubstatus = _take(found, ("pubstatus",), _status) or "usable"
    _urgency(parsed, found)
    _embargo(parsed, found)
    parsed.extra |= found
    if not any(char.isalnum() for char in f"{parsed.headline or ''}{parsed.body}"):
        raise RefusedError("empty", "the object has neither a headline nor a body")
    return parsed


def _take(found: dict[str, Any], names: tuple[str, ...], convert: Callable[[str, Any], T]) -> T | None:
    """The first of the names that is there, converted and taken out; the other names stay, for `extra`."""
    for name in names:
        if name in found:
            return convert(name, found.pop(name))
    return None


def _bad(name: str, wanted: str, value: Any) -> RefusedError:
    return RefusedError("bad_field", f"`{name}` must be {wanted}, this is {_kind(value)}")


def _kind(value: Any) -> str:
    words = {dict: "an object", list: "a list", bool: "a truth value", int: "a number", float: "a number", str: "a text"}
    return words.get(type(value), "null")


def _text(name: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    if name in ("id", "guid") and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise _bad(name, "a text", value)


def _integer(name: str, value: Any) -> int | None:
    if isinstance(value, str) and re.fullmatch(r"\s*[0-9]{1,18}\s*", value):
        return int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 1 << 63:
        raise _bad(name, "a whole number", value)
    return value


def _status(name: str, value: Any) -> Any:
    word = _text(name, value).strip()
    status = fields.pubstatus(word)
    if word and status is None:
        raise RefusedError("bad_field", f"`{name}` must be usable, withheld or canceled, this is {word[:40]!r}")
    return status


def _strings(name: str, value: Any) -> list[str]:
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(item, str) for item in values):
        raise _bad(name, "a list of texts", value)
    return values


def _records(name: str, value: Any, key: str, aliases: tuple[str, ...], other: str) -> list[dict[str, Any]]:
    """A list of texts or of objects with a text under `key` (or an alias) and perhaps another under `other`."""
    if not isinstance(value, list):
        raise _bad(name, "a list", value)
    records = []
    for item in value:
        record = {key: item} if isinstance(item, str) else item
        if not isinstance(record, dict):
            raise _bad(name, f"a list of texts or of objects with `{key}`", item)
        main = next((record[alias] for alias in (key, *aliases) if alias in record), None)
        second = record.get(other)
        if not isinstance(main, str) or not isinstance(second, str | None):
            raise _bad(name, f"a list of texts or of objects with `{key}`", item)
        records.append({key: main, other: second})
    return records


def _subjects(name: str, value: Any) -> list[dict[str, Any]]:
    return _records(name, value, "code", ("qcode",), "name")


def _captions(name: str, value: Any) -> list[dict[str, Any]]:
    return _records(name, value, "text", ("caption",), "credit")


def _date(parsed: Parsed, field: str, found: dict[str, Any], names: tuple[str, ...]) -> None:
    """Sets a date. What cannot be read stays in `found` and so goes to `extra`: a story is not lost for its date."""
    name = next((name for name in names if name in found), None)
    if name is None:
        return
    when = fields.moment(_text(name, found[name]))
    if when is not None:
        del found[name]
        setattr(parsed, field, when if field == "published" else when.at)


def _urgency(parsed: Parsed, found: dict[str, Any]) -> None:
    """Sets the urgency; a number outside 1..9 has no meaning in IPTC's scale and stays for `extra`."""
    if "urgency" in found:
        number = _integer("urgency", found["urgency"])
        if number is not None and 1 <= number <= 9:
            parsed.urgency = number
            del found["urgency"]


def _embargo(parsed: Parsed, found: dict[str, Any]) -> None:
    """Sets the embargo. One that is there but says no moment holds the story until told otherwise (NewsML-G2)."""
    if "embargoed" not in found:
        return
    text = _text("embargoed", found.pop("embargoed"))
    if not fields.set_embargo(parsed, text):
        found["embargoed"] = text


FORMAT = Format(name="jsonl", sniff=is_object, parse=parse_object, order=900)
