"""Commands that take what comes, until they are stopped: `watch`, `stream`."""

import contextlib
import logging
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import click

from pipelines.cli.shared import FeedingCommand, annotating, lake_option, lock_wait_option, print_report, runner_option, summary_as_json
from pipelines.errors import UsageError

if TYPE_CHECKING:
    from pipelines.options import Settings

_keep_raw_of_messages = click.option(
    "--keep-raw/--no-keep-raw", default=None, help="Keep the bytes of every item: by default of messages, not of files."
)
_settle = click.option(
    "--settle", default=2.0, show_default=True, metavar="SECONDS", help="Leave a file alone until it has not changed for so long."
)
_quiet_feed = click.option("--quiet", is_flag=True, help="No progress line and no summary.")


@click.command(cls=FeedingCommand, context_settings={"ignore_unknown_options": True})
@click.argument("source", nargs=-1, type=click.UNPROCESSED)
@lake_option
@click.option("--move-to", metavar="DIR", help="Move files there when they are in the lake; without it they stay.")
@_settle
@click.option("--round-inputs", type=int, metavar="N", help="Begin a run when so many inputs wait.  [default: 2000; 50000 on an engine]")
@click.option("--round-seconds", default=0.05, show_default=True, metavar="SECONDS", help="Begin a run so long after its first input.")
@_keep_raw_of_messages
@annotating
@runner_option
@lock_wait_option
@_quiet_feed
@summary_as_json
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
    print_report(report, quiet, as_json)


@click.command(cls=FeedingCommand, context_settings={"ignore_unknown_options": True})
@click.argument("source", nargs=-1, type=click.UNPROCESSED)
@lake_option
@_settle
@_keep_raw_of_messages
@annotating
@click.option("--runner", default="PrismRunner", show_default=True, metavar="NAME", help="A portable runner of Beam.")
@lock_wait_option
@_quiet_feed
@summary_as_json
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
    print_report(report, quiet, as_json)


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
