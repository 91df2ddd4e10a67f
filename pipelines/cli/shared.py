"""What several commands have: options, and how they print."""

import contextlib
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import click

DATE = click.DateTime(formats=["%Y-%m-%d"])

lake_option = click.option("--lake", default="./lake", show_default=True, metavar="DIR", help="The folder of the lake, or its s3:// URL.")
runner_option = click.option(
    "--runner", default="DirectRunner", show_default=True, metavar="NAME", help="A Beam runner; DirectRunner works in this process."
)
lock_wait_option = click.option(
    "--lock-wait", default=60.0, show_default=True, metavar="SECONDS", help="How long to wait for another writer; then exit 4."
)
keep_raw_option = click.option(
    "--keep-raw", is_flag=True, default=None, help="Keep the bytes of every item in the table `raw`, for `reprocess`."
)
quiet_option = click.option("--quiet", is_flag=True, help="No progress bar and no summary.")
summary_as_json = click.option("--json", "as_json", is_flag=True, help="The summary as one JSON object.")
as_json_lines = click.option("--json-lines", is_flag=True, help="One JSON object a line.")

_entities = click.option(
    "--entities",
    default="model",
    show_default=True,
    metavar="TAGGER",
    help="What finds names: model, or spacy:MODEL, a spaCy pipeline by name or path.",
)
_quotes = click.option(
    "--quotes",
    default="rules",
    show_default=True,
    metavar="FINDER",
    help="What finds quotations: rules, or spacy:MODEL, which adds what an English spaCy pipeline parses.",
)
_fragments = click.option("--fragments", is_flag=True, help="Quoted words that are nobody's speech too, as quotations of type fragment.")


def annotating(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a command that annotates stories."""
    return _entities(_quotes(_fragments(command)))


class FeedingCommand(click.Command):
    """A command that leaves the flags it does not know to Beam, and takes all that follows `--` as sources."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Click would forget where the `--` stood."""
        if "--" in args:
            at = args.index("--")
            args, ctx.meta["more_sources"] = args[:at], args[at + 1 :]
        return super().parse_args(ctx, args)


def say(line: str) -> None:
    """Prints a line."""
    click.echo(line)


def print_report(report: Any, quiet: bool, as_json: bool) -> None:
    """Prints what a command did: its `lines()`, its `as_json()`, or with `quiet` nothing."""
    if as_json:
        say(json_line(report.as_json()))
    elif not quiet:
        for line in report.lines():
            say(line)


def print_found(found: Any, lines: Iterable[str], as_json: bool) -> None:
    """Prints what a command found: as lines, or the whole of it as JSON."""
    for line in [json_line(found)] if as_json else lines:
        say(line)


def json_line(row: Any) -> str:
    """A value as JSON in a line."""
    from pipelines import forms

    return forms.json_line(row)


@contextlib.contextmanager
def progress_bar(shown: bool, unit: str = "B") -> Iterator[Callable[[int, int, str], None] | None]:
    """What a run calls with (bytes done, bytes in all, label) while it works; a bar on stderr, gone when the run ends."""
    if not shown:
        yield None
        return
    import tqdm

    with tqdm.tqdm(total=0, unit=unit, unit_scale=unit == "B", leave=False, dynamic_ncols=True, file=sys.stderr) as bar:

        def progress(done: int, total: int, label: str) -> None:
            bar.total = total
            bar.set_description_str(label, refresh=False)
            bar.update(done - bar.n)
            bar.refresh()

        yield progress
