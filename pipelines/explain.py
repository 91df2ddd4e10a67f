"""Why a story is shown or not: its row, where it came from, and each rule of `latest` that hides it."""

import datetime as dt
import re
from collections.abc import Iterator

import duckdb

from pipelines.errors import UsageError, WirelakeError
from pipelines.lake import open_lake
from pipelines.lake.answer import rows_of
from schemas import Row

SHORTEST_PREFIX = 6
"""Hexadecimal digits of an id that must be given: among a million stories, one in sixteen such prefixes is still unique."""

_PREFIX = re.compile(rf"[0-9a-f]{{{SHORTEST_PREFIX},32}}")

_STORY = """
select story_id, provider, guid, version, pubstatus, signal, embargoed, headline, dateline_text, published_at, published_precision,
    date_basis, language, countries, word_count, format, cluster_id, is_head, is_latest, relation, related_to, similarity, superseded_by,
    killed_by, run, date, country
from stories where starts_with(story_id, $prefix) order by story_id limit 4
"""
_DELIVERIES = """
select received_at, outcome, source_uri, place, source_id, message_id, run
from deliveries where story_id = $story_id order by received_at, delivery_id
"""
_COUNTS = """
select (select count(*) from entities where story_id = $story_id and date = $date and country = $country) as entities,
    (select count(*) from quotes where story_id = $story_id and date = $date and country = $country) as quotes
"""
_CLUSTER = """
select story_id, is_latest, pubstatus, signal, embargoed, killed_by, headline from stories where cluster_id = $cluster_id order by story_id
"""
_NOTICE = """
select n.kind, coalesce((select list(s.story_id order by s.story_id) from stories s where s.killed_by = n.story_id), []) as withdraws
from notices n where n.story_id = $story_id and n.kind <> 'purge'
"""
_PURGED = "select story_id, issued_at, reason from notices where kind = 'purge' and starts_with(story_id, $prefix) limit 1"


def explain(path: str, story_id: str) -> Row:
    """`{story, shown, why, shown_instead, notice, deliveries, entities, quotes}` of the story whose id is or begins with `story_id`.

    `why` has one sentence for each rule that hides the story, `shown_instead` the id of what `latest` shows of its cluster; `notice` is
    `{kind, withdraws}`, the latter ids of stories, where the story is a kill, cancel or hold, else null.

    Raises UsageError for what cannot be an id, WirelakeError where no story or more than one fits."""
    prefix = story_id.strip().lower()
    if not _PREFIX.fullmatch(prefix):
        raise UsageError(f"{story_id!r} is no story id: give at least {SHORTEST_PREFIX} of its 32 hexadecimal digits")
    lake = open_lake(path)
    try:
        return lake.ask(lambda connection: _explained(connection, prefix))
    finally:
        lake.close()


def _explained(connection: duckdb.DuckDBPyConnection, prefix: str) -> Row:
    story = _only(rows_of(connection, _STORY, prefix=prefix), rows_of(connection, _PURGED, prefix=prefix), prefix)
    cluster = rows_of(connection, _CLUSTER, cluster_id=story["cluster_id"])
    now = dt.datetime.now(dt.UTC)
    why = list(_reasons(story, cluster, now))
    (counts,) = rows_of(connection, _COUNTS, story_id=story["story_id"], date=story["date"], country=story["country"])
    shown = [row["story_id"] for row in cluster if row["is_latest"] and not _hidden(row, now)]
    return {
        "story": story,
        "shown": story["story_id"] in shown,
        "why": why,
        "shown_instead": next((other for other in shown if other != story["story_id"]), None),
        "notice": next(iter(rows_of(connection, _NOTICE, story_id=story["story_id"])), None),
        "deliveries": rows_of(connection, _DELIVERIES, story_id=story["story_id"]),
        **counts,
    }


def _only(found: list[Row], purged: list[Row], prefix: str) -> Row:
    if purged and not found:
        reason = f" ({purged[0]['reason']})" if purged[0]["reason"] else ""
        raise WirelakeError(f"the story {purged[0]['story_id']} was purged on {purged[0]['issued_at']:%Y-%m-%d}{reason}")
    if not found:
        raise WirelakeError(f"no story of this lake has an id that begins with {prefix}")
    if len(found) > 1:
        ids = ", ".join(row["story_id"] for row in found[:3])
        raise WirelakeError(f"more than one story has an id that begins with {prefix}: {ids}{', ...' if len(found) > 3 else ''}")
    return found[0]


def _hidden(row: Row, now: dt.datetime) -> str | None:
    """What about the story itself keeps it out of `latest`, whatever others there are; None where nothing does."""
    if row["killed_by"]:
        return f"it was killed by {row['killed_by']}"
    if row["signal"] in ("kill", "hold"):
        return f"it is a notice, a {row['signal']}, not news"
    if row["pubstatus"] != "usable":
        return f"its status is {row['pubstatus']}"
    if row["embargoed"] and row["embargoed"] > now:
        return f"it is under embargo until {row['embargoed']:%Y-%m-%d %H:%M} UTC"
    return None


def _reasons(story: Row, cluster: list[Row], now: dt.datetime) -> Iterator[str]:
    """One sentence for every rule of `latest` that hides the story."""
    hidden = _hidden(story, now)
    if hidden:
        yield hidden
    if story["superseded_by"]:
        yield f"a newer version took its place: {story['superseded_by']}"
    if story["is_latest"]:
        return
    newest = next((row for row in cluster if row["is_latest"]), None)
    if not story["superseded_by"]:
        yield f"it is a copy: the first of its cluster is {story['cluster_id']}, and only that one's newest version is shown"
    if newest and (hides := _hidden(newest, now)):
        yield f"nothing of its cluster is shown, for the newest version of the first, {newest['story_id']}, is not: {hides}"


def lines(found: Row) -> list[str]:
    """The same for people."""
    story = found["story"]
    place = f"filed under {story['country']}" + (f", from {story['dateline_text']!r}" if story["dateline_text"] else "")
    published = f"{story['published_at']:%Y-%m-%d %H:%M} UTC, to the {story['published_precision']}, by its {story['date_basis']}"
    version = f", version {story['version']}" if story["version"] is not None else ""
    return [
        f"story {story['story_id']}",
        f"  {story['headline'] or '(no headline)'}",
        f"  {story['provider'] or 'provider unknown'}, {story['guid'] or 'no guid'}{version}, {story['pubstatus']}",
        f"  published {published}; {place}",
        f"  {story['word_count']} words, {found['entities']} names, {found['quotes']} quotations",
        "shown by `latest`" if found["shown"] else "not shown by `latest`:",
        *(f"  {reason}" for reason in found["why"]),
        *([f"  shown instead: {found['shown_instead']}"] if found["shown_instead"] else []),
        *_withdrawn(found["notice"]),
        f"deliveries: {len(found['deliveries'])}",
        *(f"  {_delivery(row)}" for row in found["deliveries"]),
    ]


def _withdrawn(notice: Row | None) -> list[str]:
    if notice is None:
        return []
    told = f"withdraws: {', '.join(notice['withdraws'])}" if notice["withdraws"] else "withdraws nothing that this lake holds so far"
    return [f"  a {notice['kind']}, {told}"]


def _delivery(row: Row) -> str:
    place = f" {row['place']}" if row["place"] else ""
    return f"{row['received_at']:%Y-%m-%d %H:%M:%S} UTC, {row['outcome']}: {row['source_uri']}{place}"
