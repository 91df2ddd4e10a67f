"""A finished story as rows of the tables that know it."""

import dataclasses
from collections.abc import Iterator

from schemas import Row
from transforms.deduplicate import Held
from transforms.text import identity, notices
from transforms.text.sketch import KEYS, SKETCH_VERSION

_ID = ("story_id", "version", "versioncreated", "provider", "pubstatus", "published_at", "published_precision", "content_hash")
_SKETCH = ("story_id", "provider", "published_at", "published_precision", "content_hash", "signal")
_WHERE = ("run", "date", "country")


def id_rows(batch: list[Held]) -> Iterator[tuple[str, Row]]:
    """("ids", row), ("sketches", row) and, of a kill, ("notices", row) for new stories; the cluster of each is still its own."""
    for held in batch:
        story = held.story
        chain = identity.chain(story)
        row = {**{key: story[key] for key in (*_ID, *_WHERE)}, "chain": chain, "cluster_id": story["story_id"], "bucket": chain[0]}
        yield "ids", row
        yield "sketches", sketch_row(held)
        if notice := notice_row(held):
            yield "notices", notice


def sketch_row(held: Held) -> Row:
    """The row of `sketches` for a story; without a sketch it has the hash of the text alone."""
    story = held.story
    arrays = dict.fromkeys(("keys", "shingles", "numbers", "headline", "lead", "names"))
    if held.sketch:
        arrays = {field.name: getattr(held.sketch, field.name).tobytes() for field in dataclasses.fields(held.sketch)}
        arrays["keys"] = held.sketch.shingles[:KEYS].tobytes()
    version = SKETCH_VERSION if held.sketch else 0
    known = {key: story[key] for key in (*_SKETCH, *_WHERE)}
    known |= {"chain": identity.chain(story), "evolved_chain": identity.evolved_chain(story)}
    return {**known, **arrays, "title_keys": notices.title_keys(story), "sketch_version": version}


def notice_row(held: Held) -> Row | None:
    """The row of `notices` for a story that kills, cancels or holds; null for any other."""
    story, kind = held.story, notices.kind_of(held.story)
    if kind is None:
        return None
    delivery = held.deliveries[0]
    return {
        "notice_id": identity.hash128(["notice", story["story_id"]]),
        "kind": kind,
        **{key: story[key] for key in ("provider", "guid", "slugline", "headline", "story_id", "run")},
        "issued_at": story["published_at"],
        "chain": identity.chain(story) if story["guid"] else None,
        "title_keys": notices.title_keys(story),
        "content_hash": None,
        "reason": None,
        "delivery_id": delivery["delivery_id"],
        "received_on": delivery["received_on"],
    }


def story_rows(batch: list[Held]) -> Iterator[tuple[str, Row]]:
    """(table, row) for `stories`, `sketches`, `entities`, `quotes` and `deliveries`."""
    for held in batch:
        yield from _rows_of(held)


def _rows_of(held: Held) -> Iterator[tuple[str, Row]]:
    story = held.story
    where = {key: story[key] for key in ("story_id", *_WHERE)}
    yield "stories", story
    if notice := notice_row(held):
        yield "notices", notice
    yield "sketches", sketch_row(held)
    for entity in held.entities:
        yield "entities", {**entity, **where}
    for quote in held.quotes:
        quote_id = identity.hash128([story["story_id"], quote["span_start"], quote["span_end"]])
        yield "quotes", {**quote, **where, "quote_id": quote_id}
    for delivery in held.deliveries:
        yield "deliveries", delivery
