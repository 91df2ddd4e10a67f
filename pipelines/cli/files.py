"""Commands that need no lake: `parse`, `annotate`."""

from typing import Any

import click

from pipelines.cli.shared import annotating, json_line, say
from pipelines.errors import WirelakeError


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(exists=True, dir_okay=False, readable=True))
def parse(files: tuple[str, ...]) -> None:
    """Print what is in files as JSON lines.

    Each FILE gives one line, {file, items, error}, with every item of whatever kind. No lake is touched."""
    import datetime as dt

    from pipelines import offline

    now = dt.datetime.now(dt.UTC)
    failed = 0
    for path in files:
        row = offline.parse_file(path, now)
        failed += row["error"] is not None
        say(json_line(row))
    _count_of_errors(failed, len(files), "files")


@click.command()
@click.argument("file", metavar="FILE")
@annotating
def annotate(file: str, **annotating: Any) -> None:
    """Find names, quotations and countries.

    FILE holds JSON lines, gzipped or not; - is standard input. A row is {id, text}, or {id, headline, body, dateline}, with a
    language where it is known; each gives one line {id, entities, quotes, country, countries, dateline_country}, with spans as offsets
    into its text or body. A row that cannot be read gives its `error`; where none can, the exit code is 1."""
    from pipelines import offline, options

    choices = options.choices_from(**annotating)
    failed = total = 0
    with offline.json_lines(file) as lines:
        for row in offline.annotate_lines(lines, choices):
            total += 1
            failed += "error" in row
            say(json_line(row))
    if failed and failed == total:
        raise WirelakeError(f"{file}: none of its rows could be read, which are to be JSON lines: see their `error`")
    _count_of_errors(failed, total, "rows")


def _count_of_errors(failed: int, total: int, what: str) -> None:
    if failed:
        click.echo(f"wirelake: {failed} of {total} {what} could not be read whole: see their `error`", err=True)
