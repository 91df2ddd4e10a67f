"""Commands that ask a lake: `query`, `shell`, `report`, `explain`, `rejected`, `views`."""

import functools
import sys
from typing import TYPE_CHECKING

import click

from pipelines.cli.shared import as_json_lines, lake_option, print_found, print_report, say
from pipelines.errors import UsageError, WirelakeError, first_paragraph

if TYPE_CHECKING:
    from pipelines.lake import Answer

_TABLE_ROWS = 1_000
"""A table longer than this shows its first and last rows; the other forms have no limit."""

_PROMPT_ROWS = 40
"""The same at the prompt, as at DuckDB's own."""

_CELL_WIDTH = 100


@click.command()
@click.argument("sql")
@lake_option
@click.option("--csv", is_flag=True, help="Comma-separated values with a header.")
@click.option("--json", is_flag=True, help="One JSON array of objects.")
@as_json_lines
@click.option("--parquet", is_flag=True, help="A Parquet file.")
@click.option(
    "--out",
    metavar="FILE",
    help="Write FILE, whole or not at all; its ending (.csv, .json, .jsonl, .parquet) says the form. - is standard output.",
)
def query(sql: str, lake: str, out: str | None, **forms: bool) -> None:
    """Answer SQL over the lake.

    SQL is DuckDB's; the views are stories, latest, entities, quotes, deliveries, rejected, runs and story_full, the macros quotes_by,
    mentions_of, co_mentions, timeline, changes and related. Prints a table where no other form is asked for."""
    chosen = [name.replace("_", "-") for name, wanted in forms.items() if wanted]
    if len(chosen) > 1:
        raise UsageError(f"{' and '.join(f'--{form}' for form in chosen)} exclude each other: choose one")
    _answer(lake, sql, form=chosen[0] if chosen else None, out=None if out == "-" else out)


@click.command()
@lake_option
@click.option("--reason", metavar="WORD", help="Only what was rejected for this reason.")
@as_json_lines
def rejected(lake: str, reason: str | None, json_lines: bool) -> None:
    """List what was rejected, and why."""
    sql = "select received_at, stage, reason, detail, source_uri, place from rejected"
    where, values = (" where reason = $reason", {"reason": reason}) if reason else ("", None)
    _answer(lake, f"{sql}{where} order by received_at, source_uri, place", values, form="json-lines" if json_lines else None)


def _answer(lake: str, sql: str, values: dict[str, str] | None = None, *, form: str | None = None, out: str | None = None) -> None:
    """Runs one statement and prints its rows, or writes them to a file. Raises WirelakeError with the first sentence of what DuckDB says
    against it."""
    import duckdb

    from pipelines import answers
    from pipelines.lake import open_lake

    form = form or (None if out is None else answers.form_of(out))
    if form == answers.PARQUET and out is None and sys.stdout.isatty():
        raise UsageError("Parquet is nothing to read on a terminal; give --out FILE, or send it on through a pipe")
    try:
        with open_lake(lake) as opened:
            answer = opened.sql(sql, values)
            if out is not None and form:
                answers.save(opened, answer, out, form)
            else:
                print_answer(answer, form)
    except duckdb.Error as error:
        raise WirelakeError(first_paragraph(error)) from error


def print_answer(answer: "Answer", form: str | None = None, max_rows: int = _TABLE_ROWS) -> None:
    """Prints the rows in a form, by default as a table of so many rows at most."""
    from pipelines import answers

    if form == answers.PARQUET:
        for chunk in answers.parquet_chunks(answer):
            click.echo(chunk, nl=False)
    elif form:
        for line in answers.text_lines(answer, form):
            say(line)
    elif sys.stdout.isatty():
        say(answer.table(max_rows=max_rows))
    else:  # as wide as its columns need: nobody would see where a line is cut
        say(answer.table(max_rows=max_rows, max_col_width=_CELL_WIDTH, max_width=len(answer.columns) * (_CELL_WIDTH + 3) + 1))


@click.command()
@lake_option
def shell(lake: str) -> None:
    """Ask SQL at a prompt.

    Every statement ends with a semicolon and sees the newest state of the lake; .help tells the rest. What comes through a pipe is run
    and printed, all of one moment, until a statement fails: then the exit code is 1."""
    from pipelines import shell as shells
    from pipelines.lake import open_lake

    with open_lake(lake) as opened:
        session = shells.Shell(opened, show=print_answer, say=say, max_rows=_PROMPT_ROWS if sys.stdin.isatty() else _TABLE_ROWS)
        if sys.stdin.isatty():
            from pipelines.prompt import reader

            click.echo(session.welcome(), err=True)
            shells.converse(session, reader(session), tell=functools.partial(click.echo, err=True))
        else:
            shells.run_script(session, sys.stdin)


@click.command()
@lake_option
@click.option("--out", default="report.html", show_default=True, metavar="FILE", help="The file to write, or to replace.")
@click.option("--stories", default=5_000, show_default=True, metavar="N", help="How many stories, the newest, can be read in the page.")
@click.option("--quiet", is_flag=True, help="No summary.")
def report(lake: str, out: str, stories: int, quiet: bool) -> None:
    """Write one HTML page about the lake.

    Stories by day, agency and country, names, quotations, versions, what was rejected, and runs; and the stories themselves, with a search
    box. The page is one file that loads nothing; what may not be shown is not in it."""
    from pipelines.report import write_report

    print_report(write_report(lake, out, stories), quiet, as_json=False)


@click.command()
@lake_option
def views(lake: str) -> None:
    """Print the views and macros as SQL over plain files.

    Any DuckDB can run it, without wirelake."""
    from pipelines.lake.views import printed_views

    say(printed_views(lake))


@click.command()
@click.argument("story_id")
@lake_option
@click.option("--json", "as_json", is_flag=True, help="Everything as one JSON object.")
def explain(story_id: str, lake: str, as_json: bool) -> None:
    """Tell why a story is shown or not.

    Prints where it came from, what became of it, and whether `latest` shows it. The first 6 characters of STORY_ID are enough where no
    other story has them."""
    from pipelines import explain as explaining

    found = explaining.explain(lake, story_id)
    print_found(found, explaining.lines(found), as_json)
