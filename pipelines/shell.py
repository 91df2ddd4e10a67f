"""The DuckDB prompt with a lake's views and macros loaded: what `wirelake shell` does with what is typed or piped in.

It is a prompt of our own on the connection of `open_lake`, not DuckDB's command-line program: that one cannot read a table's log, only
plain globs, which promise less while a run commits and nothing in an object store; its views would stay as they were made; and its package
is another engine, a version behind the one that this package needs. Who wants it all the same starts it on the printed views
(`wirelake views > views.sql; duckdb -init views.sql`)."""

import inspect
from collections.abc import Callable, Collection, Iterable, Iterator

import duckdb

from pipelines.answers import TEXT_FORMS
from pipelines.errors import UsageError, WirelakeError, first_paragraph
from pipelines.lake import Answer, Lake
from pipelines.lake.macros import MACROS
from pipelines.lake.words import words_of
from pipelines.version import version

_FORMS = ("table", *TEXT_FORMS)
_LEAVING = ("exit", "quit")

_HELP = """A statement ends with a semicolon and may have many lines. `show tables;` and `describe stories;` tell what there is.

.help          this
.tables        the views, and the tables that were made here
.macros        the macros and what they answer
.mode FORM     how answers are printed: {forms}
.maxrows N     how many rows of a table are shown
.refresh       moves the views to the newest state of the lake; at a prompt every statement does
.quit          leaves, as Ctrl-D does

Ctrl-C drops the line or ends the statement, Tab completes, Ctrl-R searches what was typed before."""

_TABLES = """
select name from (show tables) where not starts_with(name, '_') order by name
"""


class Shell:
    """One session: its lake, the form of its answers, and what it was told."""

    def __init__(self, lake: Lake, *, show: Callable[[Answer, str | None, int], None], say: Callable[[str], None], max_rows: int) -> None:
        """`show` prints an answer in a form (None is a table) of so many rows, `say` a line."""
        self.lake = lake
        self._show, self._say = show, say
        self._form = "table"
        self._max_rows = max_rows
        self._in_transaction = False
        self._commands: dict[str, Callable[..., None]] = {
            "help": self._help,
            "tables": lambda: self.run(_TABLES),
            "macros": self._macros,
            "mode": self._mode,
            "maxrows": self._maxrows,
            "refresh": lake.refresh,
            "quit": self._leave,
            "exit": self._leave,
        }

    @property
    def commands(self) -> Collection[str]:
        """The names of the commands, without their dots."""
        return self._commands.keys()

    def welcome(self) -> str:
        """The line above the first prompt."""
        versions = f"wirelake {version() or '(not installed)'}, DuckDB {duckdb.__version__}"
        return f"{versions}, lake {self.lake.path}; .help tells more, Ctrl-D leaves"

    def run(self, text: str, *, renew: bool = False) -> None:
        """Runs what was typed: a command with a dot, or statements, one after the other; with `renew` each sees the newest state of the
        lake. Raises EOFError where it says to leave, WirelakeError and duckdb.Error for what is wrong with it, KeyboardInterrupt."""
        words = text.strip().rstrip(";").split()
        if words and words[0].startswith("."):
            self._command(words[0][1:], words[1:])
        elif len(words) == 1 and words[0].lower() in _LEAVING:
            self._leave()
        else:
            for statement in self.lake.connection.extract_statements(text):
                if renew and not self._in_transaction:  # what a rollback undoes are the views, too
                    self.lake.refresh()
                self._run(statement)

    def _run(self, statement: duckdb.Statement) -> None:
        answer = self.lake.sql(statement.query)
        if statement.type == duckdb.StatementType.TRANSACTION:
            self._in_transaction = statement.query.split()[0].lower().rstrip(";") in ("begin", "start")
        # DuckDB has something to say also where there is nothing to answer.
        if duckdb.ExpectedResultType.NOTHING not in statement.expected_result_type or answer.columns not in (["Success"], ["Count"]):
            self._show(answer, None if self._form == "table" else self._form, self._max_rows)

    def _command(self, name: str, words: list[str]) -> None:
        if name not in self._commands:
            raise UsageError(f"there is no command .{name}; .help lists them")
        command = self._commands[name]
        try:
            inspect.signature(command).bind(*words)
        except TypeError as error:
            raise UsageError(f".{name} does not take {' '.join(words) or 'nothing'}; .help tells what it takes") from error
        command(*words)

    def _help(self) -> None:
        self._say(_HELP.format(forms=", ".join(_FORMS)))

    def _macros(self) -> None:
        width = max(len(macro.call) for macro in MACROS)
        for macro in MACROS:
            self._say(f"{macro.call:<{width}}  {macro.told}")

    def _mode(self, form: str) -> None:
        if form not in _FORMS:
            raise UsageError(f".mode does not know {form}; it knows {', '.join(_FORMS)}")
        self._form = form

    def _maxrows(self, rows: str) -> None:
        if not rows.isdecimal() or int(rows) < 1:
            raise UsageError(f".maxrows takes a number from 1 on, not {rows}")
        self._max_rows = int(rows)

    def _leave(self) -> None:
        raise EOFError


def is_complete(text: str) -> bool:
    """Whether what was typed can be run: a command with a dot, a word to leave by, or statements up to their last semicolon; nothing at all
    is complete as well. A semicolon in quotes or in a comment ends no statement."""
    if text.lstrip().startswith(".") or text.strip().lower() in ("", *_LEAVING):
        return True
    words = [(word.strip(), sort) for word, sort in words_of(text)]
    if words[-1][1] == "comment" and words[-1][0].startswith("/*") and not words[-1][0].endswith("*/"):
        return False
    return next((word for word, sort in reversed(words) if sort not in ("comment", "")), ";") == ";"


def converse(shell: Shell, read: Callable[[], str], tell: Callable[[str], None]) -> None:
    """Runs what `read` gives until it raises EOFError, which stands for Ctrl-D; what goes wrong is told, and nothing but that happens."""
    while True:
        try:
            text = read()
        except KeyboardInterrupt:  # drops what was typed so far
            continue
        except EOFError:
            return
        try:
            shell.run(text, renew=True)
        except EOFError:
            return
        except KeyboardInterrupt:
            tell("interrupted")
        except BrokenPipeError:  # nobody reads on
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the session goes on
            tell(str(error))


def run_script(shell: Shell, lines: Iterable[str]) -> None:
    """Runs the statements and commands that lines of text make up, as they come, all on one moment of the lake; a last one needs no
    semicolon. Raises WirelakeError with the number of the line on which the one begins that is wrong; what follows it is not run."""
    for number, text in _inputs(lines):
        try:
            shell.run(text)
        except EOFError:
            return
        except (duckdb.Error, WirelakeError) as error:
            raise WirelakeError(f"line {number}: {first_paragraph(error)}") from error


def _inputs(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """What can be run, with the number of its first line."""
    held, first = "", 1
    for number, line in enumerate(lines, 1):
        if not held.strip():
            held, first = "", number
        held += line
        # Only a line with a semicolon can end a statement: a long one is not looked at whole at each of its lines.
        if (";" in line or "\n" not in held.rstrip("\n")) and is_complete(held):
            yield first, held
            held = ""
    yield first, held
