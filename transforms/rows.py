"""A finished story as rows of the tables that know it."""

from collections.abc import Iterator

from schemas import Row
from transforms.deduplicate import Held
from transforms.text import identity

_ID = ("story_id", "version", "versioncreated", "provider", "pubstatus", "published_at", "published_precision", "content_hash")
_SKETCH = ("story_id", "provider", "published_at", "published_precision", "content_hash")
_WHERE = ("run", "date", "country")


def id_rows(batch: list[Held]) -> Iterator[tuple[str, Row]]:
    """("ids", row) for new stories; the cluster of each is still its own."""
    for held in batch:
        story = held.story
        chain = identity.chain(story)
        row = {**{key: story[key] for key in (*_ID, *_WHERE)}, "chain": chain, "cluster_id": story["story_id"], "bucket": chain[0]}
        yield "ids", row


def story_rows(batch: list[Held]) -> Iterator[tuple[str, Row]]:
    """(table, row) for `stories`, `sketches`, `entities`, `quotes` and `deliveries`."""
    for held in batch:
        yield from _rows_of(held)


def _rows_of(held: Held) -> Iterator[tuple[str, Row]]:
    story = held.story
    where = {key: story[key] for key in ("story_id", *_WHERE)}
    yield "stories", story
    yield "sketches", {**{key: story[key] for key in (*_SKETCH, *_WHERE)}, "chain": identity.chain(story), "sketch_version": 0}
    for entity in held.entities:
        yield "entities", {**entity, **where}
    for quote in held.quotes:
        quote_id = identity.hash128([story["story_id"], quote["span_start"], quote["span_end"]])
        yield "quotes", {**quote, **where, "quote_id": quote_id}
    for delivery in held.deliveries:
        yield "deliveries", delivery
