"""The command `wirelake`: its subcommands, exit codes and all that is printed.

Everything heavy is imported inside the command that needs it: `wirelake --help` answers at once."""

import contextlib
import functools
import io
import logging
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import click

from pipelines.errors import TooManyRejectedError, UsageError, WirelakeError, first_line

if TYPE_CHECKING:
    import datetime as dt

    from pipelines.lake import Answer
    from pipelines.options import Settings

_INTERRUPTED = 128 + signal.SIGINT
_PIPE_CLOSED = 128 + signal.SIGPIPE
"""What a shell reports for a program that this signal ended: `wirelake query ... | head` ends like `cat ... | head`."""

_TABLE_ROWS = 1_000
"""A table longer than this shows its first and last rows; the other forms have no limit."""

_PROMPT_ROWS = 40
"""The same at the prompt, as at DuckDB's own."""

_CELL_WIDTH = 100

_lake = click.option("--lake", default="./lake", show_default=True, metavar="DIR", help="The folder of the lake, or its s3:// URL.")
_DATE = click.DateTime(formats=["%Y-%m-%d"])
_runner = click.option(
    "--runner", default="DirectRunner", show_default=True, metavar="NAME", help="A Beam runner; DirectRunner works in this process."
)
_lock_wait = click.option(
    "--lock-wait", default=60.0, show_default=True, metavar="SECONDS", help="How long to wait for another writer; then exit 4."
)
_keep_raw = click.option("--keep-raw", is_flag=True, default=None, help="Keep the bytes of every item in the table `raw`, for `reprocess`.")
_keep_raw_of_messages = click.option(
    "--keep-raw/--no-keep-raw", default=None, help="Keep the bytes of every item: by default of messages, not of files."
)
_settle = click.option(
    "--settle", default=2.0, show_default=True, metavar="SECONDS", help="Leave a file alone until it has not changed for so long."
)
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


def _annotating(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a command that annotates stories."""
    return _entities(_quotes(_fragments(command)))


_quiet = click.option("--quiet", is_flag=True, help="No progress bar and no summary.")
_quiet_feed = click.option("--quiet", is_flag=True, help="No progress line and no summary.")
_summary_as_json = click.option("--json", "as_json", is_flag=True, help="The summary as one JSON object.")
_as_json_lines = click.option("--json-lines", is_flag=True, help="One JSON object a line.")


def main(arguments: list[str] | None = None) -> int:
    """Runs a command line (by default the process' own) and returns its exit code; every error is one sentence on stderr."""
    # Beam's warnings speak to its developers, and what fails a run reaches the user as the command's own sentence.
    logging.basicConfig(level=logging.CRITICAL, format="wirelake: %(message)s")
    logging.getLogger("transforms.text").setLevel(logging.WARNING)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that lacks a character is no reason to stop
    try:
        # Not click's own main(): it would end the process on a closed pipe before it could be told from an error.
        with wirelake.make_context("wirelake", sys.argv[1:] if arguments is None else list(arguments)) as context:
            outcome = wirelake.invoke(context)
        sys.stdout.flush()
    except click.exceptions.Exit as asked:
        return asked.exit_code
    except BrokenPipeError:
        # Python would complain once more when it flushes stdout at its end.
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _PIPE_CLOSED
    except (click.Abort, KeyboardInterrupt):
        return _failed("interrupted", _INTERRUPTED)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return UsageError.exit_code
    except click.ClickException as error:
        return _failed(error.format_message(), error.exit_code)
    except WirelakeError as error:
        return _failed(str(error), error.exit_code)
    except OSError as error:
        return _failed(_sentence_of(error), WirelakeError.exit_code)
    except Exception as error:  # noqa: BLE001 - the last resort: a sentence, and the way to the rest of it
        hint = "" if _debugging() else "; with WIRELAKE_DEBUG=1 it shows where"
        return _failed(f"unexpected {type(error).__name__}: {first_line(error)}{hint}", WirelakeError.exit_code)
    return outcome if isinstance(outcome, int) else 0


def _failed(sentence: str, code: int) -> int:
    if _debugging():
        traceback.print_exc()
    click.echo(f"wirelake: {sentence}", err=True)
    return code


def _debugging() -> bool:
    return os.environ.get("WIRELAKE_DEBUG", "") not in ("", "0")


def _sentence_of(error: OSError) -> str:
    reason = error.strerror or first_line(error)
    return f"{error.filename}: {reason}" if error.filename is not None else reason


def _print(line: str) -> None:
    click.echo(line)


def _print_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if not wanted:
        return
    from pipelines.version import version

    _print(f"wirelake {version()}" if version() else "wirelake, not installed: run from its source")
    ctx.exit()


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Print the version and exit.")
def wirelake() -> None:
    """Wire stories in, one lake of Parquet out, to ask by SQL."""


class _IngestCommand(click.Command):
    """A command that leaves the flags it does not know to Beam, and takes all that follows `--` as sources."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Click would forget where the `--` stood."""
        if "--" in args:
            at = args.index("--")
            args, ctx.meta["more_sources"] = args[:at], args[at + 1 :]
        return super().parse_args(ctx, args)


@wirelake.command(cls=_IngestCommand, context_settings={"ignore_unknown_options": True}, no_args_is_help=True)
@click.argument("sources", nargs=-1, type=click.UNPROCESSED)
@_lake
@_runner
@_lock_wait
@click.option(
    "--max-rejected", default=0.5, show_default=True, metavar="SHARE", help="Exit 3 where a greater share of the pieces is rejected."
)
@click.option("--date", type=_DATE, help="Read SOURCES again for this publication date, whether or not the lake has them.")
@_keep_raw
@_annotating
@click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
@_quiet
@_summary_as_json
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
    with _progress(shown=not quiet and sys.stderr.isatty()) as progress:
        report = retake.ingest_date(chosen, date.date(), progress) if date else runs.ingest(chosen, progress)
    _print_report(report, quiet, as_json)
    if report.rejected_share > chosen.max_rejected:
        share = f"{report.rejected} of {report.pieces} pieces"
        raise TooManyRejectedError(
            f"{share} were rejected, more than --max-rejected {chosen.max_rejected:g}; `wirelake rejected` lists them"
        )


@wirelake.command(cls=_IngestCommand, context_settings={"ignore_unknown_options": True}, no_args_is_help=True)
@click.argument("sources", nargs=-1, type=click.UNPROCESSED)
@click.option("--from", "first", type=_DATE, required=True, help="The first publication date.")
@click.option("--to", "last", type=_DATE, required=True, help="The last one.")
@_lake
@_runner
@_lock_wait
@_keep_raw
@_annotating
@_quiet
@_summary_as_json
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
    with _progress(shown=not quiet and sys.stderr.isatty()) as progress:
        done = retake.backfill(chosen, first.date(), last.date(), progress)
    _print_report(done, quiet, as_json)
    for date, sentence in done.failed.items() if quiet else ():
        click.echo(f"wirelake: {date} failed: {sentence}", err=True)
    return 1 if done.failed else 0


@wirelake.command()
@click.option("--from", "first", type=_DATE, required=True, help="The first date of receipt.")
@click.option("--to", "last", type=_DATE, required=True, help="The last one.")
@_lake
@_lock_wait
@_annotating
@_quiet
@_summary_as_json
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
    with _progress(shown=not quiet and sys.stderr.isatty(), unit=" days") as progress:
        report = reprocessing.reprocess(chosen, first.date(), last.date(), progress)
    _print_report(report, quiet, as_json)


@wirelake.command()
@click.option("--guid", metavar="G", help="All versions with this guid; it is not taken in again.")
@click.option("--story", metavar="ID", help="The story with this id, or whose id alone begins so.")
@click.option("--provider", metavar="P", help="All stories of this provider.")
@click.option("--before", type=_DATE, help="All stories published before this date (UTC).")
@click.option("--reason", metavar="TEXT", help="Kept in the notice that stays.")
@click.option("--dry-run", is_flag=True, help="Say how many stories that is, and remove nothing.")
@_lake
@_lock_wait
@click.option("--quiet", is_flag=True, help="No summary.")
@_summary_as_json
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
    _print_report(purging.purge(lake, wanted, **how), quiet, as_json)


def _print_report(report: Any, quiet: bool, as_json: bool) -> None:
    if as_json:
        _print(_json_line(report.as_json()))
    elif not quiet:
        for line in report.lines():
            _print(line)


@contextlib.contextmanager
def _progress(shown: bool, unit: str = "B") -> Iterator[Callable[[int, int, str], None] | None]:
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


@wirelake.command(cls=_IngestCommand, context_settings={"ignore_unknown_options": True}, no_args_is_help=True)
@click.argument("source", nargs=-1, type=click.UNPROCESSED)
@_lake
@click.option("--move-to", metavar="DIR", help="Move files there when they are in the lake; without it they stay.")
@_settle
@click.option("--round-inputs", type=int, metavar="N", help="Begin a run when so many inputs wait.  [default: 2000; 50000 on an engine]")
@click.option("--round-seconds", default=0.05, show_default=True, metavar="SECONDS", help="Begin a run so long after its first input.")
@_keep_raw_of_messages
@_annotating
@_runner
@_lock_wait
@_quiet_feed
@_summary_as_json
@click.pass_context
def watch(
    ctx: click.Context,
    /,
    source: tuple[str, ...],
    move_to: str | None,
    settle: float,
    round_inputs: int | None,
    round_seconds: float,
    quiet: bool,
    as_json: bool,
    **settings: Any,
) -> None:
    """Take what comes into the lake, until stopped.

    SOURCE is a folder, pubsub://PROJECT/SUBSCRIPTION or kafka://HOST:PORT/TOPIC. What came is acknowledged when it is in the lake: a crash
    loses nothing and doubles nothing. SIGTERM and Ctrl-C finish the run that is under way and leave. Any flag of Beam may stand among the
    others."""
    from pipelines import watch as watching

    chosen = _of_one_source(ctx, source, settings)
    if (round_inputs is not None and round_inputs < 1) or round_seconds < 0 or settle < 0:
        raise UsageError("--round-inputs is at least 1, --round-seconds and --settle are not negative")
    stop = watching.Stop()
    with _log(), watching.stopped_by_signals(stop), _status(shown=not quiet and sys.stderr.isatty()) as told:
        feed = watching.open_source(chosen.sources[0], stop, settle=settle, move_to=move_to)
        if feed is None:
            return
        if not quiet and sys.stderr.isatty():
            click.echo(f"watching {feed.uri}; Ctrl-C or SIGTERM ends it", err=True)
        report = watching.watch(feed, chosen, stop, round_inputs=round_inputs, round_seconds=round_seconds, told=told)
    _print_report(report, quiet, as_json)


@wirelake.command(cls=_IngestCommand, context_settings={"ignore_unknown_options": True}, no_args_is_help=True)
@click.argument("source", nargs=-1, type=click.UNPROCESSED)
@_lake
@_settle
@_keep_raw_of_messages
@_annotating
@click.option("--runner", default="PrismRunner", show_default=True, metavar="NAME", help="A portable runner of Beam.")
@_lock_wait
@_quiet_feed
@_summary_as_json
@click.pass_context
def stream(ctx: click.Context, /, source: tuple[str, ...], settle: float, quiet: bool, as_json: bool, **settings: Any) -> None:
    """Take what comes by one unbounded pipeline, until stopped.

    SOURCE is a folder, pubsub://PROJECT/SUBSCRIPTION or kafka://HOST:PORT/TOPIC, as for watch. What came is acknowledged when it is in the
    lake: a crash loses nothing and doubles nothing. SIGTERM and Ctrl-C commit what was read and leave. Any flag of Beam may stand among the
    others; Prism is found by --prism_location, or downloaded by Beam."""
    from pipelines import stream as streaming
    from pipelines import watch as watching

    chosen = _of_one_source(ctx, source, settings)
    if settle < 0:
        raise UsageError("--settle is not negative")
    if chosen.in_process:
        raise UsageError(f"{chosen.runner} runs no unbounded pipeline; leave --runner out, or use watch")
    stop = watching.Stop()
    with _log(), watching.stopped_by_signals(stop), _status(shown=not quiet and sys.stderr.isatty()) as told:
        feed = streaming.open_feed(chosen.sources[0], stop, settle=settle)
        if feed is None:
            return
        report = streaming.stream(feed, chosen, stop, told)
    _print_report(report, quiet, as_json)


def _of_one_source(ctx: click.Context, source: tuple[str, ...], settings: dict[str, Any]) -> "Settings":
    """The settings of a command that takes one feed. Raises UsageError."""
    from pipelines import options

    chosen = options.settings_from(source, more_sources=ctx.meta.get("more_sources", ()), **settings)
    if len(chosen.sources) > 1:
        raise UsageError(f"{ctx.command.name} takes one source, not {len(chosen.sources)}: start one for each, they share the lake")
    return chosen


@contextlib.contextmanager
def _log() -> Iterator[None]:
    """What happens while nobody asks: lines on stderr, with their time."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s wirelake: %(message)s"))
    logger = logging.getLogger("wirelake")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)


@contextlib.contextmanager
def _status(shown: bool) -> Iterator[Callable[[Any], None] | None]:
    """What a feed calls after each of its runs; a line on stderr that counts."""
    if not shown:
        yield None
        return
    import tqdm

    with tqdm.tqdm(unit=" pieces", leave=False, dynamic_ncols=True, file=sys.stderr) as bar:
        yield lambda done: bar.update(done.counts["pieces"])


@wirelake.command()
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
        _print(_json_line(row))
    _count_of_errors(failed, len(files), "files")


@wirelake.command()
@click.argument("file", metavar="FILE")
@_annotating
def annotate(file: str, **annotating: Any) -> None:
    """Find names, quotations and countries.

    FILE holds JSON lines, gzipped or not; - is standard input. A row is {id, text}, or {id, headline, body, dateline}; each gives one
    line {id, entities, quotes, country, countries, dateline_country}, with spans as offsets into its text or body."""
    from pipelines import offline, options

    choices = options.choices_from(**annotating)
    failed = total = 0
    with offline.json_lines(file) as lines:
        for row in offline.annotate_lines(lines, choices):
            total += 1
            failed += "error" in row
            _print(_json_line(row))
    _count_of_errors(failed, total, "rows")


def _count_of_errors(failed: int, total: int, what: str) -> None:
    if failed:
        click.echo(f"wirelake: {failed} of {total} {what} could not be read whole: see their `error`", err=True)


@wirelake.command()
@click.argument("sql")
@_lake
@click.option("--csv", is_flag=True, help="Comma-separated values with a header.")
@click.option("--json", is_flag=True, help="One JSON array of objects.")
@_as_json_lines
@click.option("--parquet", is_flag=True, help="A Parquet file.")
@click.option("--out", metavar="FILE", help="Write FILE, whole or not at all; its ending (.csv, .json, .jsonl, .parquet) says the form.")
def query(sql: str, lake: str, out: str | None, **forms: bool) -> None:
    """Answer SQL over the lake.

    SQL is DuckDB's; the views are stories, latest, entities, quotes, deliveries, rejected, runs and story_full, the macros quotes_by,
    mentions_of, co_mentions, timeline, changes and related. Prints a table where no other form is asked for."""
    chosen = [name.replace("_", "-") for name, wanted in forms.items() if wanted]
    if len(chosen) > 1:
        raise UsageError(f"{' and '.join(f'--{form}' for form in chosen)} exclude each other: choose one")
    _answer(lake, sql, form=chosen[0] if chosen else None, out=out)


@wirelake.command()
@_lake
@click.option("--reason", metavar="WORD", help="Only what was rejected for this reason.")
@_as_json_lines
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
        raise WirelakeError(first_line(error)) from error


def print_answer(answer: "Answer", form: str | None = None, max_rows: int = _TABLE_ROWS) -> None:
    """Prints the rows in a form, by default as a table of so many rows at most."""
    from pipelines import answers

    if form == answers.PARQUET:
        for chunk in answers.parquet_chunks(answer):
            click.echo(chunk, nl=False)
    elif form:
        for line in answers.text_lines(answer, form):
            _print(line)
    elif sys.stdout.isatty():
        _print(answer.table(max_rows=max_rows))
    else:  # as wide as its columns need: nobody would see where a line is cut
        _print(answer.table(max_rows=max_rows, max_col_width=_CELL_WIDTH, max_width=len(answer.columns) * (_CELL_WIDTH + 3) + 1))


@wirelake.command()
@_lake
def shell(lake: str) -> None:
    """Ask SQL at a prompt.

    Every statement ends with a semicolon and sees the newest state of the lake; .help tells the rest. What comes through a pipe is run
    and printed, all of one moment, until a statement fails: then the exit code is 1."""
    from pipelines import shell as shells
    from pipelines.lake import open_lake

    with open_lake(lake) as opened:
        session = shells.Shell(opened, show=print_answer, say=_print, max_rows=_PROMPT_ROWS if sys.stdin.isatty() else _TABLE_ROWS)
        if sys.stdin.isatty():
            from pipelines.prompt import reader

            click.echo(session.welcome(), err=True)
            shells.converse(session, reader(session), tell=functools.partial(click.echo, err=True))
        else:
            shells.run_script(session, sys.stdin)


@wirelake.command()
@_lake
@click.option("--out", default="report.html", show_default=True, metavar="FILE", help="The file to write, or to replace.")
@click.option("--stories", default=5_000, show_default=True, metavar="N", help="How many stories, the newest, can be read in the page.")
@click.option("--quiet", is_flag=True, help="No summary.")
def report(lake: str, out: str, stories: int, quiet: bool) -> None:
    """Write one HTML page about the lake.

    Stories by day, agency and country, names, quotations, versions, what was rejected, and runs; and the stories themselves, with a search
    box. The page is one file that loads nothing; what may not be shown is not in it."""
    from pipelines.report import write_report

    _print_report(write_report(lake, out, stories), quiet, as_json=False)


@wirelake.command()
@_lake
def views(lake: str) -> None:
    """Print the views and macros as SQL over plain files.

    Any DuckDB can run it, without wirelake."""
    from pipelines.lake.views import printed_views

    _print(printed_views(lake))


@wirelake.command()
@click.argument("story_id")
@_lake
@click.option("--json", "as_json", is_flag=True, help="Everything as one JSON object.")
def explain(story_id: str, lake: str, as_json: bool) -> None:
    """Tell why a story is shown or not.

    Prints where it came from, what became of it, and whether `latest` shows it. The first 6 characters of STORY_ID are enough where no
    other story has them."""
    from pipelines import explain as explaining

    found = explaining.explain(lake, story_id)
    _print_found(found, explaining.lines(found), as_json)


@wirelake.command()
@_lake
@click.option("--json", "as_json", is_flag=True, help="Everything as one JSON object.")
def doctor(lake: str, as_json: bool) -> int:
    """Check the health of the lake.

    Looks at versions, tables, unfinished runs and stray files; exits 1 where something is wrong."""
    from pipelines.doctor import examine

    health = examine(lake)
    _print_found(health.as_json(), health.lines(), as_json)
    return 1 if health.problems else 0


def _print_found(found: Any, lines: Iterable[str], as_json: bool) -> None:
    for line in [_json_line(found)] if as_json else lines:
        _print(line)


def _json_line(row: Any) -> str:
    from pipelines.forms import json_line

    return json_line(row)


@wirelake.command()
@click.option("--date", type=_DATE, help="Only the partitions of this date: of publication, for what came in of receipt.")
@_lake
@_lock_wait
@click.option("--quiet", is_flag=True, help="No summary.")
@_summary_as_json
def compact(date: "dt.datetime | None", lake: str, lock_wait: float, quiet: bool, as_json: bool) -> None:
    """Put small files together.

    Also writes updates into the stories that they are about, and removes stray files and old logs. Readers and writers go on meanwhile."""
    from pipelines.lake import compact as compacting

    _print_report(compacting.compact(lake, date=date.date() if date else None, lock_wait=lock_wait), quiet, as_json)
