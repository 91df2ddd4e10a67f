"""Commands that look after a lake: `compact`, `purge`, `doctor`."""

from typing import TYPE_CHECKING, Any

import click

from pipelines.cli.shared import DATE, lake_option, lock_wait_option, print_found, print_report, summary_as_json

if TYPE_CHECKING:
    import datetime as dt


@click.command()
@click.option("--guid", metavar="G", help="All versions with this guid; it is not taken in again.")
@click.option("--story", metavar="ID", help="The story with this id, or whose id alone begins so.")
@click.option("--provider", metavar="P", help="All stories of this provider.")
@click.option("--before", type=DATE, help="All stories published before this date (UTC).")
@click.option("--reason", metavar="TEXT", help="Kept in the notice that stays.")
@click.option("--dry-run", is_flag=True, help="Say how many stories that is, and remove nothing.")
@lake_option
@lock_wait_option
@click.option("--quiet", is_flag=True, help="No summary.")
@summary_as_json
def purge(
    guid: str | None,
    story: str | None,
    provider: str | None,
    before: "dt.datetime | None",
    lake: str,
    quiet: bool,
    as_json: bool,
    **how: Any,
) -> None:
    """Remove text for good.

    Takes stories out of every table with their kept bytes and payloads, and deletes the files that held them. A notice with their ids and
    the reason stays, so that a re-delivery is not taken in again. Needs exactly one of --guid, --story, --provider and --before."""
    from pipelines import purge as purging

    wanted = purging.Wanted(guid=guid, story=story, provider=provider, before=before.date() if before else None)
    print_report(purging.purge(lake, wanted, **how), quiet, as_json)


@click.command()
@click.option("--date", type=DATE, help="Only the partitions of this date: of publication, for what came in of receipt.")
@lake_option
@lock_wait_option
@click.option("--quiet", is_flag=True, help="No summary.")
@summary_as_json
def compact(date: "dt.datetime | None", lake: str, lock_wait: float, quiet: bool, as_json: bool) -> None:
    """Put small files together.

    Also writes updates into the stories that they are about, and removes stray files and old logs. Readers and writers go on meanwhile."""
    from pipelines.lake import compact as compacting

    print_report(compacting.compact(lake, date=date.date() if date else None, lock_wait=lock_wait), quiet, as_json)


@click.command()
@lake_option
@click.option("--json", "as_json", is_flag=True, help="Everything as one JSON object.")
def doctor(lake: str, as_json: bool) -> int:
    """Check the health of the lake.

    Looks at versions, tables, unfinished runs and stray files; exits 1 where something is wrong."""
    from pipelines.doctor import examine

    health = examine(lake)
    print_found(health.as_json(), health.lines(), as_json)
    return 1 if health.problems else 0
