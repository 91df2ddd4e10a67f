"""Commands that read what is there: `ingest`, `backfill`, `reprocess`."""

import sys
from typing import TYPE_CHECKING, Any

import click

from pipelines.cli.shared import (
    DATE,
    FeedingCommand,
    annotating,
    keep_raw_option,
    lake_option,
    lock_wait_option,
    print_report,
    progress_bar,
    quiet_option,
    runner_option,
    summary_as_json,
)
from pipelines.errors import TooManyRejectedError

if TYPE_CHECKING:
    import datetime as dt


@click.command(cls=FeedingCommand, context_settings={"ignore_unknown_options": True})
@click.argument("sources", nargs=-1, type=click.UNPROCESSED)
@lake_option
@runner_option
@lock_wait_option
@click.option(
    "--max-rejected", default=0.5, show_default=True, metavar="SHARE", help="Exit 3 where a greater share of the pieces is rejected."
)
@click.option("--date", type=DATE, help="Read SOURCES again for this publication date, whether or not the lake has them.")
@keep_raw_option
@annotating
@click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
@quiet_option
@summary_as_json
@click.pass_context
def ingest(
    ctx: click.Context, /, sources: tuple[str, ...], date: "dt.datetime | None", quiet: bool, as_json: bool, **settings: Any
) -> None:
    """Read stories into the lake.

    SOURCES are files, folders, patterns or URLs. Inputs that are in the lake already are not read again, without --date: with it, what is
    or was published on that day (UTC) replaces its rows, and the rest is left. Any flag of Beam may stand among the others; a source that
    begins with a dash follows `--`."""
    from pipelines import options, retake, runs

    chosen = options.settings_from(sources, more_sources=ctx.meta.get("more_sources", ()), **settings)
    with progress_bar(shown=not quiet and sys.stderr.isatty()) as progress:
        report = retake.ingest_date(chosen, date.date(), progress) if date else runs.ingest(chosen, progress)
    print_report(report, quiet, as_json)
    if report.rejected_share > chosen.max_rejected:
        share = f"{report.rejected} of {report.pieces} pieces"
        raise TooManyRejectedError(
            f"{share} were rejected, more than --max-rejected {chosen.max_rejected:g}; `wirelake rejected` lists them"
        )


@click.command(cls=FeedingCommand, context_settings={"ignore_unknown_options": True})
@click.argument("sources", nargs=-1, type=click.UNPROCESSED)
@click.option("--from", "first", type=DATE, required=True, help="The first publication date.")
@click.option("--to", "last", type=DATE, required=True, help="The last one.")
@lake_option
@runner_option
@lock_wait_option
@keep_raw_option
@annotating
@quiet_option
@summary_as_json
@click.pass_context
def backfill(
    ctx: click.Context,
    /,
    sources: tuple[str, ...],
    first: "dt.datetime",
    last: "dt.datetime",
    quiet: bool,
    as_json: bool,
    **settings: Any,
) -> int:
    """Read sources again, date by date.

    For each publication date it does what `ingest SOURCES --date` does. A date that fails does not stop the others: it is named at the
    end, and the exit code is 1."""
    from pipelines import options, retake

    chosen = options.settings_from(sources, more_sources=ctx.meta.get("more_sources", ()), **settings)
    with progress_bar(shown=not quiet and sys.stderr.isatty()) as progress:
        done = retake.backfill(chosen, first.date(), last.date(), progress)
    print_report(done, quiet, as_json)
    for date, sentence in done.failed.items() if quiet else ():
        click.echo(f"wirelake: {date} failed: {sentence}", err=True)
    return 1 if done.failed else 0


@click.command()
@click.option("--from", "first", type=DATE, required=True, help="The first date of receipt.")
@click.option("--to", "last", type=DATE, required=True, help="The last one.")
@lake_option
@lock_wait_option
@annotating
@quiet_option
@summary_as_json
def reprocess(
    first: "dt.datetime", last: "dt.datetime", lake: str, lock_wait: float, quiet: bool, as_json: bool, **annotating: Any
) -> None:
    """Rebuild stories with today's rules.

    Takes the bytes that the lake kept of what came in on these days (UTC), one run a day. What is built replaces what was; items whose
    bytes were not kept stay as they are."""
    from pipelines import options
    from pipelines import reprocess as reprocessing

    chosen = options.Settings(
        lake=lake, sources=(), lock_wait=options.seconds("--lock-wait", lock_wait), choices=options.choices_from(**annotating)
    )
    with progress_bar(shown=not quiet and sys.stderr.isatty(), unit=" days") as progress:
        report = reprocessing.reprocess(chosen, first.date(), last.date(), progress)
    print_report(report, quiet, as_json)
