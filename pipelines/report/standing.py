"""How every version of every story stands: shown, behind another one, or not to be shown. All figures of the page are counted from it."""

import duckdb

FATES = {
    "shown": ("shown", "the newest version of each story"),
    "older": ("older versions", "of what is shown"),
    "exact": ("copies, word for word", "the same text under another identity"),
    "republication": ("copies, cut or retitled", "another provider's, with changes"),
    "take": ("later takes", "of the same provider, under another identity"),
    "notice": ("kills and holds", "the notices themselves"),
    "killed": ("withdrawn", "by a kill, cancel or hold"),
    "canceled": ("canceled", "by its own status"),
    "withheld": ("withheld", "by its own status"),
    "embargoed": ("under embargo", "at the time of this page"),
    "behind": ("behind these", "versions and copies of a story that may not be shown"),
}
"""What a version may be, in the order of the page, in few words and what they mean."""

READABLE = ("shown", "older", "exact", "republication", "take")
"""Those whose words may stand on the page: the view `latest` shows something of their cluster, and nothing is against themselves."""

_STANDING = """
create or replace temp table standing as
select story_id, cluster_id, date, country, provider, published_at, relation, superseded_by,
    case
        when story_id in (select story_id from latest) then 'shown'
        when signal in ('kill', 'hold') then 'notice'
        when killed_by is not null then 'killed'
        when pubstatus <> 'usable' then pubstatus
        when embargoed > now() then 'embargoed'
        when cluster_id not in (select cluster_id from latest) then 'behind'
        when superseded_by is not null then 'older'
        when relation in ('exact', 'republication') then relation
        else 'take'
    end as fate
from stories
"""

_SHOWN = "create or replace temp view shown as select * from standing where fate = 'shown'"


def take_stock(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes `standing`, a row a version with its `fate`, and `shown`, what `latest` shows of it, for this connection alone."""
    connection.execute(_STANDING)
    connection.execute(_SHOWN)
