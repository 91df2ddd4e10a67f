"""`parse` and `annotate`: the pipeline's own functions on plain files, without Beam and without a lake."""

import contextlib
import datetime as dt
import functools
import gzip
import io
import itertools
import json
import os
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from pipelines.errors import UsageError, WirelakeError
from schemas import Origin
from transforms.ledger import refusal
from transforms.text import annotate, cleaning, containers, dateline_places, datelines, formats
from transforms.text.parsed import Parsed, RefusedError

BATCH = 64
"""Stories annotated at once: enough to spread what a batch costs, few enough that the first rows come out at once."""

_STANDARD_INPUT = 0
_GZIP = b"\x1f\x8b"
_DATELINE_WITHIN = 400
"""A dateline ends well before this: places, region, date and agency of the longest seen take some 90 characters."""


_Annotate = Callable[[list[dict[str, Any]]], list[annotate.Annotations]]


class _BadRowError(ValueError):
    """A row that cannot be annotated; the message says why, for the row's `error`."""


def parse_file(path: str, now: dt.datetime) -> dict[str, Any]:
    """What is in one file: `{file, items, error}`, `file` as it was given, `items` every item of whatever kind in the order of the file.

    `error` is null, or one sentence on the first item that could not be read (and how many more there are). Raises OSError where
    the file itself cannot be read."""
    items: list[dict[str, Any]] = []
    errors: list[str] = []
    with open(path, "rb") as stream:
        received_at = dt.datetime.fromtimestamp(os.fstat(stream.fileno()).st_mtime, dt.UTC)
        for unpacked in containers.unpack(stream):
            origin = Origin(source_uri=containers.printable(path), place=containers.printable(unpacked.place), received_at=received_at)
            try:
                if unpacked.refused:
                    raise unpacked.refused
                found = formats.parse(unpacked.data, containers.full_name(path, unpacked.place))
                for parsed in found:
                    row, error = _item(parsed, origin, now)
                    items += [row] if row else []
                    errors += [error] if error else []
            except Exception as error:  # noqa: BLE001 - one bad input never stops the others
                refused = refusal(error)
                errors.append(f"{unpacked.place}: {refused}" if unpacked.place else str(refused))
    summary = errors[0] + (f" (and {len(errors) - 1} more)" if len(errors) > 1 else "") if errors else None
    return {"file": path, "items": items, "error": summary}


def _item(parsed: Parsed, origin: Origin, now: dt.datetime) -> tuple[dict[str, Any] | None, str | None]:
    """One item as a row, and what is wrong with it: a text cleaned as `ingest` would, anything else as its file has it. A text that
    cannot become a story (it holds no word) is shown as its file has it and has an error; what could not be read is an error alone."""
    if parsed.refused:
        return None, ": ".join(parsed.refused)
    error = None
    row: dict[str, Any]
    if parsed.item_kind == "text":
        try:
            row = dict(cleaning.clean(parsed, origin, now))
            row["dateline"] = row.pop("dateline_text", None)
            row["extra"] = json.loads(row["extra"]) if row.get("extra") else {}
            return {"item_kind": "text", "place": origin.place, **row}, None
        except RefusedError as refused:
            error = str(refused)
    row = dict(vars(parsed))
    row["published_at"] = parsed.published.at if parsed.published else None
    del row["published"], row["payload"], row["refused"], row["layout"]
    return {**row, "item_kind": parsed.item_kind, "place": origin.place}, error


@contextlib.contextmanager
def json_lines(path: str) -> Iterator[Iterable[bytes]]:
    """The lines of a file, gzipped or not, or of standard input for `-`. UsageError for a missing file; WirelakeError for broken gzip."""
    with contextlib.ExitStack() as stack:
        stream = stack.enter_context(_open(path))
        # Standard input cannot seek back over the two bytes that tell what it is.
        zipped = stream.peek(len(_GZIP)).startswith(_GZIP)
        try:
            yield stack.enter_context(gzip.GzipFile(fileobj=stream)) if zipped else stream
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise WirelakeError(f"{path}: the gzip data is broken: {error}") from error


def annotate_lines(lines: Iterable[bytes], choices: annotate.Choices = annotate.OWN) -> Iterator[dict[str, Any]]:
    """A row for every JSON line that is not blank, in the same order; a line that cannot be annotated gives `{id, error}`."""
    annotated = functools.partial(
        annotate.annotate,
        tagger=_spacy_names(choices.names) if choices.names else None,
        finder=_spacy_clauses(choices.quotes) if choices.quotes else None,
        fragments=choices.fragments,
    )
    numbered = ((number, line) for number, line in enumerate(lines, 1) if line.strip())
    while batch := list(itertools.islice(numbered, BATCH)):
        yield from _annotated(batch, annotated)


def _spacy_names(model: str) -> annotate.NameTagger:
    from transforms.spacy_names import SpacyNames  # comes with Beam, which nothing else here needs

    return SpacyNames(model)


def _spacy_clauses(model: str) -> annotate.ClauseFinder:
    from transforms.spacy_quotes import SpacyClauses

    return SpacyClauses(model)


def _annotated(batch: Sequence[tuple[int, bytes]], annotated: _Annotate) -> Iterator[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    stories: list[dict[str, Any]] = []
    for number, line in batch:
        row: dict[str, Any] = {"id": None}
        try:
            given = _object(line)
            row["id"] = given.get("id")
            stories.append(_story(given))
        except _BadRowError as error:
            row["error"] = f"line {number}: {error}"
        rows.append(row)
    found = iter(zip(stories, annotated(stories), strict=True))
    for row in rows:
        yield row if "error" in row else {**row, **_shown(*next(found))}


def _object(line: bytes) -> dict[str, Any]:
    try:
        given = json.loads(line.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError) as error:
        raise _BadRowError(f"not JSON: {error}") from error
    if not isinstance(given, dict):
        raise _BadRowError(f"an object was expected, not {type(given).__name__}")
    return given


def _story(given: Mapping[str, Any]) -> dict[str, Any]:
    """What the annotators read of a row. A `text` alone counts where there is one; it is read as it is."""
    text, language = _text(given, "text"), _text(given, "language")
    if text is not None:
        return {"headline": None, "deck": None, "body": text, "language": language, **_dateline(None, text)}
    headline, body = _text(given, "headline", "title"), _text(given, "body")
    if headline is None and body is None:
        raise _BadRowError("none of text, body, headline and title is there")
    return {
        "headline": headline,
        "deck": _text(given, "deck"),
        "body": body or "",
        "language": language,
        **_dateline(_text(given, "dateline"), body or ""),
    }


def _text(given: Mapping[str, Any], *names: str) -> str | None:
    for name in names:
        value = given.get(name)
        if value is not None and not isinstance(value, str):
            raise _BadRowError(f"{name} is not a text")
        if value is not None:
            return value
    return None


def _dateline(field: str | None, text: str) -> dict[str, Any]:
    """Place and country of a dateline given apart or, where none is, of one at the start of the text, and where that ends: of a place that
    nobody knows it may be a heading, which the text tells from."""
    lede_at = 0
    if field and field.strip():
        dateline = datelines.parse_dateline(field)
    else:
        started = text.lstrip()
        dateline = datelines.split_dateline(started.partition("\n\n")[0][:_DATELINE_WITHIN])
        lede_at = len(text) - len(started) + dateline.end if dateline else 0
    if dateline is None:
        return {"dateline_city": None, "dateline_country": None, "lede_at": 0}
    country = dateline_places.dateline_country(dateline.city, dateline.region, text)
    return {"dateline_city": dateline.city, "dateline_country": country, "lede_at": lede_at if country else 0}


def _shown(story: Mapping[str, Any], found: annotate.Annotations) -> dict[str, Any]:
    return {
        "entities": [_entity(entity) for entity in found.entities],
        "quotes": [_quote(quote) for quote in found.quotes],
        "country": found.country,
        "countries": [country["code"] for country in found.countries],
        "dateline_country": story["dateline_country"],
    }


def _entity(entity: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "start": entity["span_start"],
        "end": entity["span_end"],
        "type": entity["type"],
        "text": entity["text"],
        "canonical": entity["canonical"],
        "country": entity.get("place_country"),
        "geonames_id": entity.get("geonames_id"),
    }


def _quote(quote: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "start": quote["span_start"],
        "end": quote["span_end"],
        "type": quote["type"],
        "text": quote["text"],
        "cue": _span(quote, "cue"),
        "speaker": _span(quote, "speaker"),
        "speaker_canonical": quote.get("speaker_canonical"),
        "speaker_type": quote.get("speaker_type"),
        "affiliation": quote.get("affiliation"),
        "confidence": quote["confidence"],
        "rule": quote["rule"],
        "frags": [[fragment["span_start"], fragment["span_end"]] for fragment in quote["frags"]],
    }


def _span(quote: Mapping[str, Any], name: str) -> list[int] | None:
    start, end = quote.get(f"{name}_start"), quote.get(f"{name}_end")
    return None if start is None or end is None else [start, end]


def _open(path: str) -> io.BufferedReader:
    if path == "-":
        return open(_STANDARD_INPUT, "rb", closefd=False)
    try:
        return open(path, "rb")
    except FileNotFoundError as error:
        raise UsageError(f"{path}: no such file") from error
