"""What a format parser gives: the item as the wire had it, before any cleaning."""

import dataclasses
import datetime as dt
from typing import Any, ClassVar, Literal

import pydantic

ItemKind = Literal["text", "picture", "graphic", "video", "audio", "composite", "package", "planning", "event", "scheme"]


class RefusedError(ValueError):
    """A piece that cannot become a story. `reason` is a short fixed word to count by, `detail` one sentence for people."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.reason}: {self.detail}"


@dataclasses.dataclass(frozen=True)
class When:
    """A moment as a file gave it: UTC, and how finely it was given."""

    at: dt.datetime
    precision: Literal["second", "minute", "day"] = "second"


@dataclasses.dataclass(kw_only=True)
class Parsed:
    """One item of a file. Field names are those of `schemas.Story`; texts are decoded and otherwise as they stood.

    `body` is the running text with one paragraph a line or paragraphs apart by blank lines. `layout` says what cleaning must look
    for in it: `page` - headline, deck and caption may stand on top (plain text files); `body` - the fields were given apart, the
    body starts with byline, trash line, dateline or the lede."""

    __pydantic_config__: ClassVar[pydantic.ConfigDict] = pydantic.ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")
    """Kept pieces are JSON, and a payload may be a picture's bytes."""

    format: str
    item_kind: ItemKind = "text"
    layout: Literal["page", "body"] = "body"
    body: str = ""
    source_id: str | None = None
    provider: str | None = None
    guid: str | None = None
    version: int | None = None
    pubstatus: Literal["usable", "withheld", "canceled"] = "usable"
    signal: str | None = None
    urgency: int | None = None
    embargoed: dt.datetime | None = None
    headline: str | None = None
    deck: str | None = None
    slugline: str | None = None
    byline: str | None = None
    creditline: str | None = None
    dateline: str | None = None
    located: str | None = None
    located_country: str | None = None
    """ISO 3166-1 alpha-2 of the place of `located` or of the dateline, where the file says it apart."""
    published: When | None = None
    event_day: dt.date | None = None
    """The day of the event that a header announces (races): the day of publication where nothing says it better."""
    versioncreated: dt.datetime | None = None
    firstcreated: dt.datetime | None = None
    received_at: dt.datetime | None = None
    language: str | None = None
    subjects: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    genre: str | None = None
    keywords: list[str] = dataclasses.field(default_factory=list)
    usageterms: str | None = None
    copyright: str | None = None
    ednote: str | None = None
    captions: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    extra: dict[str, Any] = dataclasses.field(default_factory=dict)
    refused: tuple[str, str] | None = None
    """Reason and detail, where this item of several cannot become a story."""
    payload: bytes | None = None
    """The item's own part of the input, where it is kept apart from the rest if it is rejected; null for the whole input."""
