"""What the page counts: stories by day, agency and country, names, copies, versions, rejections and runs. All of it is added up by SQL,
and every list has an end: a lake of a million stories makes no longer a page."""

import dataclasses
import datetime as dt
from typing import Any

import duckdb

from pipelines.lake.answer import rows_of
from schemas import Row

MOST_BARS = 400
"""Days that are shown one by one; a lake of more has weeks or months."""

MOST_AGENCIES = 40
MOST_NAMES = 12
MOST_CHAINS = 10
MOST_REASONS = 40
MOST_RUNS = 200

_SPAN = """
select count(*) as stories, min(date) as first, max(date) as last, count(distinct date) as day,
    count(distinct date_trunc('week', date)) as week
from shown
"""
_PERIODS = "select cast(date_trunc($unit, date) as date) as day, count(*) as stories from shown group by all order by day"
_FATES = "select fate, count(*) as stories from standing group by fate"
_AGENCIES = "select provider as agency, count(*) as stories from shown group by all order by stories desc, agency nulls last"
_COUNTRIES = "select country as code, count(*) as stories from shown group by all order by stories desc, code"

_NAMED = """
with mentions as (
    select e.type, e.entity_key as key, e.canonical, e.story_id
    from entities e join shown s on e.story_id = s.story_id and e.date = s.date and e.country = s.country
    where e.type in ('PER', 'ORG') and e.entity_key is not null and not is_own_name(s.provider, e.canonical, e.entity_key)
), most as (
    from (select type, key, count(distinct hash(story_id)) as stories, count(*) as mentions from mentions group by type, key)
    qualify row_number() over (partition by type order by stories desc, mentions desc, key) <= $limit
), names as (
    select type, key, max_by(canonical, (length(canonical), canonical)) as name
    from mentions semi join most using (type, key) group by type, key
)
select type, key, name, stories, mentions from most join names using (type, key) order by type, stories desc, mentions desc, key
"""
"""A hash in the place of an id takes a quarter of the memory, which a lake of a million stories needs."""

_QUOTED = """
with who as (
    select distinct on (e.story_id, e.canonical) e.story_id, e.canonical, e.type, e.entity_key as key
    from entities e semi join shown s on e.story_id = s.story_id and e.date = s.date and e.country = s.country
    where e.type in ('PER', 'ORG') and e.entity_key is not null
    order by e.story_id, e.canonical, e.type, e.entity_key
), said as (
    select w.type, w.key, w.canonical, q.story_id, q.quote_id, rtrim(q.text, ' ,;') as text, q.date,
        q.type = 'direct' and len(q.frags) = 1 and length(q.text) between 30 and 240 as short
    from quotes q join shown s on q.story_id = s.story_id and q.date = s.date and q.country = s.country
    join who w on w.story_id = q.story_id and w.canonical = q.speaker_canonical
    where q.type <> 'fragment' and not is_own_name(s.provider, w.canonical, w.key)
)
from (
    select type, key, max_by(canonical, (length(canonical), canonical)) as name, count(*) as quotations,
        count(distinct hash(story_id)) as stories,
        arg_max(text, (date, quote_id)) filter (short) as words, arg_max(story_id, (date, quote_id)) filter (short) as words_of
    from said group by type, key
)
qualify row_number() over (partition by type order by quotations desc, stories desc, key) <= $limit
order by type, quotations desc, stories desc, key
"""

_CHAINS = """
select coalesce(superseded_by, story_id) as newest, count(*) as versions, min(published_at) as first, max(published_at) as last
from standing group by newest having versions > 1 and newest in (select story_id from shown)
order by versions desc, last desc, newest limit $limit
"""
_COPIED = """
select s.story_id as newest, c.copies, c.agencies
from shown s join (
    select cluster_id, count(*) as copies, list(distinct provider order by provider) filter (provider is not null) as agencies
    from standing where fate in ('exact', 'republication') group by cluster_id
) c using (cluster_id)
order by c.copies desc, s.published_at desc, newest limit $limit
"""

_OUTCOMES = "select outcome, count(*) as pieces from deliveries group by outcome"
_REJECTED = """
select reason, count(*) as pieces, list(distinct stage order by stage) as stages, max(received_at) as last,
    arg_max(detail, (received_at, delivery_id)) as detail, arg_max(source_uri, (received_at, delivery_id)) as source,
    arg_max(place, (received_at, delivery_id)) as place
from rejected where reason <> 'not_text' group by reason order by pieces desc, reason limit $limit
"""
_RUNS = """
select number, kind, started_at, date_diff('millisecond', started_at, claimed_at) / 1000 as seconds, pieces, stories, again, rejected,
    not_text
from runs order by number desc limit $limit
"""
_ALL_RUNS = """
select count(*) as runs, min(started_at) as first, max(claimed_at) as last, coalesce(sum(pieces), 0)::bigint as pieces,
    coalesce(sum(date_diff('millisecond', started_at, claimed_at)) filter (pieces > 0), 0) / 1000 as seconds
from runs
"""


@dataclasses.dataclass(frozen=True)
class Figures:
    """Counts of a lake; `first` and `last` are days of publication, null where nothing is shown. Rows are what their names say, most
    first, runs the newest first."""

    shown: int
    first: dt.date | None
    last: dt.date | None
    unit: str
    """What `days` are: `day`, `week` or `month`; each begins on its `day`."""
    days: list[Row]
    fates: dict[str, int]
    """Versions by `pipelines.report.standing.FATES`."""
    agencies: list[Row]
    countries: list[Row]
    named: list[Row]
    quoted: list[Row]
    chains: list[Row]
    copied: list[Row]
    outcomes: dict[str, int]
    """Pieces that were found in inputs, by what became of them."""
    rejected: list[Row]
    runs: list[Row]
    all_runs: Row


def count(connection: duckdb.DuckDBPyConnection) -> Figures:
    """All figures of a lake, of which stock was taken (`take_stock`)."""

    def rows(sql: str, **values: Any) -> list[Row]:
        return rows_of(connection, sql, **values)

    (span,) = rows(_SPAN)
    unit = next((unit for unit in ("day", "week") if span[unit] <= MOST_BARS), "month")
    return Figures(
        shown=span["stories"],
        first=span["first"],
        last=span["last"],
        unit=unit,
        days=rows(_PERIODS, unit=unit),
        fates={row["fate"]: row["stories"] for row in rows(_FATES)},
        agencies=_with_the_rest(rows(_AGENCIES)),
        countries=rows(_COUNTRIES),
        named=rows(_NAMED, limit=MOST_NAMES),
        quoted=rows(_QUOTED, limit=MOST_NAMES),
        chains=rows(_CHAINS, limit=MOST_CHAINS),
        copied=rows(_COPIED, limit=MOST_CHAINS),
        outcomes={row["outcome"]: row["pieces"] for row in rows(_OUTCOMES)},
        rejected=rows(_REJECTED, limit=MOST_REASONS),
        runs=rows(_RUNS, limit=MOST_RUNS),
        all_runs=rows(_ALL_RUNS)[0],
    )


def _with_the_rest(agencies: list[Row]) -> list[Row]:
    """The first of them, and how many stories all others have between them (`others`: how many those are)."""
    rest = agencies[MOST_AGENCIES:]
    if not rest:
        return agencies
    others = {"agency": None, "stories": sum(row["stories"] for row in rest), "others": len(rest)}
    return [*agencies[:MOST_AGENCIES], others]
