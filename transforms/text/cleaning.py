"""A parsed item to a story's row: every word in its field, none left in the body that is not the story's, none lost."""

import datetime as dt
import json
from typing import Any

from schemas.base import Row
from schemas.ledger import Origin
from transforms.text.agencies import provider_of
from transforms.text.date_lines import date_of_line
from transforms.text.dateline_places import dateline_country
from transforms.text.datelines import Dateline, parse_dateline
from transforms.text.dates import is_possible, publication_date
from transforms.text.decode import repair
from transforms.text.embargoes import held
from transforms.text.formats.profiles import profile_of
from transforms.text.furniture import stands_alone
from transforms.text.furniture_words import strongest
from transforms.text.headlines import split_prefix
from transforms.text.languages import language_of
from transforms.text.layout import paragraphs_of
from transforms.text.loading import uncollected
from transforms.text.located import located_country, more_exact
from transforms.text.markup import plain
from transforms.text.notices import signal_of
from transforms.text.parsed import Parsed, RefusedError
from transforms.text.structure import Structure, structure_of

MAX_STORY_CHARACTERS = 1_000_000
"""The longest wire stories (speeches in full, tables of results) have about 200,000. A million takes ten seconds and half a gigabyte
to annotate; a mailbox or a database dump that came in as text would take the machine."""

PARAGRAPH_BREAK = "\n\n"
"""What stands between two paragraphs of `body`."""


def clean(parsed: Parsed, origin: Origin, now: dt.datetime) -> Row:
    """The row of a story: all columns of `schemas.Story` from `provider` to `word_count`, and `format`, `extra` and `date`.

    `now` bounds the dates that are believed. Raises RefusedError (`empty`) for an item without a word."""
    if len(parsed.body) > MAX_STORY_CHARACTERS:
        raise RefusedError("too_long", f"the text has {len(parsed.body)} characters, more than {MAX_STORY_CHARACTERS}: no story of a wire")
    headline, prefix, prefix_signal = _headline(_line(parsed.headline))
    found = structure_of(
        paragraphs_of(plain(repair(parsed.body)), stands_alone),
        is_page=parsed.layout == "page" and headline is None,
        headline=headline,
    )
    extra = dict(parsed.extra)
    if found.headline is not None:
        headline, prefix, prefix_signal = _headline(found.headline)
    if prefix:
        extra["headline_prefix"] = prefix
    body, paragraphs = _body(found.pieces)
    if not headline and not any(map(str.isalnum, body)):
        raise RefusedError("empty", "the item has neither a headline nor a text")
    _add_leftovers(extra, found)

    dateline, dateline_text = _dateline(_line(parsed.dateline), found, extra)
    city = _line(dateline.city) if dateline else None
    signoffs = [text for role, text in found.pieces if role == "signoff"]
    creditline = _given(parsed.creditline, found.creditlines, "creditline", extra)
    captions = _captions(parsed, found)
    received_at = parsed.received_at or origin.received_at
    publication = publication_date(
        parsed.published,
        _dated(dateline, found.date_lines),
        [caption["text"] for caption in captions] + body.split(PARAGRAPH_BREAK),
        found.dateline_paragraph or body.partition(PARAGRAPH_BREAK)[0],
        f"{origin.source_uri}!{origin.place}!{extra.get('url', '')}",
        received_at,
        now,
        parsed.event_day,
    )
    if parsed.published and publication.basis != "metadata":
        extra["published_at"] = parsed.published.at.isoformat()
    versioncreated = _believed(parsed.versioncreated, "versioncreated", now, extra)
    firstcreated = _believed(parsed.firstcreated, "firstcreated", now, extra)
    provider = provider_of(_line(parsed.provider), dateline.agency if dateline else None, creditline, signoffs, body)
    ednote = _joined(_lines(parsed.ednote), found.ednotes)
    is_held, until = held(ednote or "", profile_of(provider).time_zone)
    embargoed = parsed.embargoed or until
    return {
        "provider": provider,
        "guid": _line(parsed.guid),
        "version": parsed.version,
        "pubstatus": "withheld" if is_held and parsed.pubstatus == "usable" and embargoed is None else parsed.pubstatus,
        "signal": signal_of(ednote, body) or _line(parsed.signal) or strongest([prefix_signal, *found.signals]),
        "urgency": parsed.urgency,
        "embargoed": embargoed,
        "headline": headline,
        "deck": _joined(_line(parsed.deck), found.deck),
        "slugline": _given(parsed.slugline, found.sluglines, "slugline", extra),
        "byline": _given(parsed.byline, found.bylines, "byline", extra),
        "creditline": creditline,
        "dateline_text": dateline_text,
        "dateline_city": city,
        "dateline_country": _dateline_country(parsed, city, dateline.region if dateline else None, body),
        "located": _line(parsed.located),
        "published_at": publication.at,
        "published_precision": publication.precision,
        "date_basis": publication.basis,
        "versioncreated": versioncreated,
        "firstcreated": firstcreated,
        "received_at": received_at,
        "language": _language(parsed.language, headline, body),
        "subjects": [{"code": _line(item["code"]) or "", "name": _line(item.get("name"))} for item in parsed.subjects],
        "genre": _line(parsed.genre),
        "keywords": [word for item in parsed.keywords if (word := _line(item))],
        "usageterms": _lines(parsed.usageterms),
        "copyright": _joined(_line(parsed.copyright), found.rights),
        "ednote": ednote,
        "captions": captions,
        "body": body,
        "paragraphs": paragraphs,
        "word_count": len(body.split()),
        "format": parsed.format,
        "extra": _json(extra),
        "date": publication.at.date(),
    }


def _believed(at: dt.datetime | None, field: str, now: dt.datetime, extra: dict[str, Any]) -> dt.datetime | None:
    """A moment within the bounds that dates are believed in. One beyond them is kept in `extra`: as a column it could win over every
    real version for good."""
    if at is None or is_possible(at.date(), now):
        return at
    extra[field] = at.isoformat()
    return None


def _line(text: str | None) -> str | None:
    """A field as one line of plain text; None where nothing is left."""
    if not text:
        return None
    return " ".join(plain(repair(text)).split()) or None


def _lines(text: str | None) -> str | None:
    """A field of several lines, each as `_line` has it."""
    return "\n".join(line for each in (text or "").split("\n") if (line := _line(each))) or None


def _headline(text: str | None) -> tuple[str | None, str, str | None]:
    """The headline without its marks of version, those marks, and their signal."""
    if not text:
        return None, "", None
    prefix, headline, signal = split_prefix(text)
    return headline, prefix, signal


def _joined(given: str | None, found: list[str]) -> str | None:
    """The field as given and what the text had, each on a line of its own; what was said already is not said again."""
    return "\n".join(dict.fromkeys([*([given] if given else []), *found])) or None


def _given(given: str | None, found: list[str], name: str, extra: dict[str, Any]) -> str | None:
    """A field of one value: as given, else as first found in the text. What else the text had goes to `extra`."""
    line = _line(given)
    rest = [text for text in found if text != line]
    if line is None and rest:
        line = rest.pop(0)
    if rest:
        extra[f"{name}_in_text"] = "\n".join(rest)
    return line


def _dateline(given: str | None, found: Structure, extra: dict[str, Any]) -> tuple[Dateline | None, str | None]:
    """The dateline and its text: as given, else as the text had it."""
    in_text = found.dateline
    if given is None:
        return in_text, in_text.text if in_text else None
    if in_text and in_text.text != given:
        extra["dateline_in_text"] = in_text.text
    parsed = parse_dateline(given)
    # A field that is a date alone ('January 21') leaves the place to the text
    return in_text if in_text and (parsed is None or (parsed.city is None and in_text.city)) else parsed, given


def _dateline_country(parsed: Parsed, city: str | None, region: str | None, body: str) -> str | None:
    """The country of the dateline: as the file says of that very place, else by its name; without a dateline or where its name says
    none, that of the place the story is located at."""
    located = _line(parsed.located)
    given = parsed.located_country
    if given and (city is None or city.casefold() == (located or "").casefold()):
        return more_exact(given, located_country(located))
    return (dateline_country(city, region, body) if city else None) or given or located_country(located)


def _dated(dateline: Dateline | None, date_lines: list[str]) -> Dateline | None:
    """The dateline for the date ladder: a full date on a line of its own above the story counts where the dateline has no year."""
    if not date_lines or (dateline and dateline.year):
        return dateline
    found = date_of_line(date_lines[-1])
    if found is None:
        return dateline
    date = found.date
    return Dateline(date_lines[-1], (), None, date.month, date.day, date.year, None, 0)


def _add_leftovers(extra: dict[str, Any], found: Structure) -> None:
    """What has no column: the teletype's header, the site's own lines."""
    for name, lines in (("service_line", found.service), ("date_line", found.date_lines), ("page_lines", found.page)):
        if lines:
            extra[name] = "\n".join(lines)


def _captions(parsed: Parsed, found: Structure) -> list[dict[str, Any]]:
    captions = [{"text": _line(item["text"]) or "", "credit": _line(item.get("credit"))} for item in parsed.captions]
    return captions + [{"text": item.text, "credit": item.credit} for item in found.captions]


def _body(pieces: list[tuple[str, str]]) -> tuple[str, list[dict[str, Any]]]:
    """The body, and its paragraphs with their roles; what was taken out of the body says where it stood."""
    texts: list[str] = []
    rows: list[dict[str, Any]] = []
    position = 0
    for role, text in pieces:
        if role == "body":
            start = position + (len(PARAGRAPH_BREAK) if texts else 0)
            position = start + len(text)
            rows.append({"role": "body" if texts else "lede", "span_start": start, "span_end": position, "text": None})
            texts.append(text)
        else:
            rows.append({"role": role, "span_start": position, "span_end": position, "text": text})
    return PARAGRAPH_BREAK.join(texts), rows


def _language(given: str | None, headline: str | None, body: str) -> str | None:
    """The language as given ('EN' -> 'en', 'en-US' stays), else the text's."""
    tag = _line(given)
    if tag:
        primary, dash, rest = tag.partition("-")
        return primary.lower() + dash + rest
    return language_of(body if len(body) >= _ENOUGH_BODY else f"{headline or ''} {body}")


_ENOUGH_BODY = 200
"""Characters of a body that tell its language without the help of a headline (headlines are in capitals and without grammar)."""


def _json(extra: dict[str, Any]) -> str | None:
    if not extra:
        return None
    text = json.dumps(extra, ensure_ascii=False, sort_keys=True, default=str)
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


@uncollected()
def load() -> None:
    """Loads every table and model that cleaning needs: what is broken in an installation fails a run at once."""
    now = dt.datetime(2024, 6, 19, tzinfo=dt.UTC)
    text = (
        "Harbour opens\n\nOSLO, June 19 (AFP) - The harbour opened on Wednesday after a winter of repairs, the port office said.\n\nhh/ph"
    )
    clean(Parsed(format="text", layout="page", body=text), Origin(source_uri="", received_at=now), now)
