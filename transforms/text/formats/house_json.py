"""JSON of one house each: content services that list near-ninjs items, football results of the Norwegian NIFS service, diaries of events.

Each is known by its own keys. What none of them knows is left to JSON Lines."""

from collections.abc import Callable, Iterator
from typing import Any

from transforms.text.formats import Format, fields
from transforms.text.formats.document import Document
from transforms.text.formats.items import json_bytes, read_each
from transforms.text.formats.ninjs import associated, read_object
from transforms.text.parsed import Parsed, RefusedError

Object = dict[str, Any]


def _listed(document: Document) -> Iterator[Object]:
    """The items of a service that lists them under `item` or `items` with counts beside, or under `_items` (Superdesk's)."""
    found = document.json
    if not isinstance(found, dict):
        return
    names = ("_items", "item", "items") if not {"total", "limit", "offset"}.isdisjoint(found) else ("_items",)
    for name in names:
        listed = found.get(name)
        for each in listed if isinstance(listed, list) else ():
            if isinstance(each, dict) and not {"uri", "guid", "_id", "id"}.isdisjoint(each):
                yield each


def _matches(document: Document) -> Iterator[Object]:
    return (each for each in document.objects if str(each.get("type")).startswith("nifs:match"))


def _events(document: Document) -> Iterator[Object]:
    """Entries of a diary: something with an id that begins at a date and is summed up."""
    for each in document.objects:
        names = {name.lower() for name in each}
        if (
            names & {"startdate", "start_date", "dtstart"}
            and names & {"summary", "title", "name"}
            and names & {"itemid", "id", "uid", "guid"}
        ):
            yield each


def _read_listed(given: Object) -> Iterator[Parsed]:
    parsed = read_object(given)
    parsed.format = "house-json"
    parsed.guid = parsed.guid or str(given.get("id") or "") or None
    yield parsed
    for each in associated(given):
        inner = read_object(each)
        inner.format, inner.payload = "house-json", json_bytes(each)
        yield inner


def _read_match(given: Object) -> Iterator[Parsed]:
    """A result as the line that papers print: 'Home - Away 3-1 (1-0)', with what is remarked on the match below."""
    names = [str((given.get(side) or {}).get("name") or "") for side in ("homeTeam", "awayTeam") if isinstance(given.get(side) or {}, dict)]
    title = str(given.get("name") or " - ".join(names))
    result = given.get("result")
    result = result if isinstance(result, dict) else {}
    score = _score(result, "90") + (f" ({half})" if (half := _score(result, "45")) else "")
    parsed = Parsed(format="house-json", guid=str(given.get("uid") or given.get("id") or "") or None, headline=f"{title} {score}".strip())
    if parsed.guid is None:
        raise RefusedError("missing_part", "the match has no `uid`")
    parsed.provider, parsed.language = "NIFS", "no"
    parsed.slugline = "Fotball" if given.get("sportId") in (1, None) else None
    parsed.published = fields.moment(str(given.get("timestamp") or ""))
    parsed.subjects = [{"code": "subj:15054000", "name": "soccer"}] if parsed.slugline else []
    spectators = given.get("attendance")
    lines = [f"{title} {score}".strip(), str(given.get("comment") or "").strip()]
    lines.append(f"Tilskuere: {spectators}" if isinstance(spectators, int) and spectators else "")
    parsed.body = "\n\n".join(filter(None, lines))
    yield parsed


def _score(result: Object, minute: str) -> str:
    home, away = result.get(f"homeScore{minute}"), result.get(f"awayScore{minute}")
    return f"{home}-{away}" if isinstance(home, int) and isinstance(away, int) else ""


def _read_event(given: Object) -> Iterator[Parsed]:
    found = {name.lower().replace("_", ""): value for name, value in given.items()}
    parsed = Parsed(format="house-json", item_kind="event", payload=json_bytes(given))
    parsed.guid = next((str(found[name]) for name in ("itemid", "guid", "uid", "id") if found.get(name)), None)
    parsed.headline = next((found[name] for name in ("summary", "title", "name") if isinstance(found.get(name), str)), None)
    parsed.body = found["description"] if isinstance(found.get("description"), str) else ""
    parsed.published = fields.moment(str(next((found[name] for name in ("startdate", "dtstart") if found.get(name)), "")))
    parsed.extra = {name: value for name, value in given.items() if isinstance(value, str | int | float)}
    yield parsed


_HOUSES: tuple[tuple[Callable[[Document], Iterator[Object]], Callable[[Object], Iterator[Parsed]]], ...] = (
    (_listed, _read_listed),
    (_matches, _read_match),
    (_events, _read_event),
)


def is_house(document: Document) -> bool:
    """Whether the JSON is of one of the houses."""
    return document.is_json and any(next(find(document), None) is not None for find, _ in _HOUSES)


def parse_house(document: Document) -> list[Parsed]:
    """The items of a document, each with its own part of it. Raises RefusedError (`missing_part` for a single item)."""
    find, read = next((find, read) for find, read in _HOUSES if next(find(document), None) is not None)
    return read_each("house-json", list(find(document)), read, json_bytes)


FORMAT = Format(name="house-json", sniff=is_house, parse=parse_house, order=21)
