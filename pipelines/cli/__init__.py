"""The command `wirelake`: its subcommands, exit codes and all that is printed.

Everything heavy is imported inside the command that needs it: `wirelake --help` answers at once."""

import contextlib
import gc
import io
import logging
import os
import signal
import sys
import traceback

import click

from pipelines.cli import asking, care, feeds, files, intake
from pipelines.cli.shared import say
from pipelines.errors import UsageError, WirelakeError, first_line

_INTERRUPTED = 128 + signal.SIGINT
_PIPE_CLOSED = 128 + signal.SIGPIPE
"""What a shell reports for a program that this signal ended: `wirelake query ... | head` ends like `cat ... | head`."""


_COLLECTED = (100_000, 30, 30)
"""Objects, and younger collections, between collections. Python's own 700, 10 and 10 take a sixth of a start, for modules and tables that
stay; what runs leave behind is collected between them (`pipelines.memory`)."""


def main(arguments: list[str] | None = None) -> int:
    """Runs a command line (by default the process' own) and returns its exit code; every error is one sentence on stderr."""
    gc.set_threshold(*_COLLECTED)
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


def _print_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if not wanted:
        return
    from pipelines.version import version

    say(f"wirelake {version()}" if version() else "wirelake, not installed: run from its source")
    ctx.exit()


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Print the version and exit.")
def wirelake() -> None:
    """Wire stories in, one lake of Parquet out, to ask by SQL."""


for command in (
    *(intake.ingest, intake.backfill, intake.reprocess, feeds.watch, feeds.stream),
    *(asking.query, asking.shell, asking.report, asking.rejected, asking.explain, asking.views),
    *(care.compact, care.purge, care.doctor),
    *(files.parse, files.annotate),
):
    wirelake.add_command(command)
