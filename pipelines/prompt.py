"""The line editor of `wirelake shell`: prompt_toolkit, with a history, words coloured by DuckDB's own tokenizer, and completion by what the
lake has."""

import itertools
import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path

import duckdb
from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.lexers import Lexer
from prompt_toolkit.output import create_output
from prompt_toolkit.shortcuts import CompleteStyle
from prompt_toolkit.styles import Style

from pipelines.lake import Lake
from pipelines.lake.words import words_of
from pipelines.shell import Shell, is_complete

_PROMPT = "wirelake> "

_STYLE = Style.from_dict(
    {
        "keyword": "ansigreen bold",
        "string_const": "ansiyellow",
        "numeric_const": "ansiyellow",
        "comment": "ansibrightblack",
    }
)

# From what can stand after FROM to what can stand nearly everywhere: the first of equal words is the one that is offered.
_RELATIONS = """
select view_name from duckdb_views() where not internal union select table_name from duckdb_tables() where not internal
"""
_TABLE_MACROS = "select distinct function_name || '(' from duckdb_functions() where function_type = 'table_macro' and not internal"
_COLUMNS = "select distinct column_name from duckdb_columns() where not internal"
_KEYWORDS = "select keyword_name from duckdb_keywords() where keyword_category <> 'unreserved'"
_FUNCTIONS = r"""
select distinct function_name || '(' from duckdb_functions()
where function_type in ('scalar', 'aggregate', 'macro') and regexp_full_match(function_name, '[a-z]\w*')
"""
_AFTER_FROM = re.compile(r"\b(from|join|describe|summarize)\s+\w*$", re.IGNORECASE)
_WORD = re.compile(r"\w+$")


def reader(shell: Shell) -> Callable[[], str]:
    """What reads one input after the other from the terminal; it raises KeyboardInterrupt for Ctrl-C and EOFError for Ctrl-D."""
    session: PromptSession[str] = PromptSession(
        _PROMPT,
        multiline=True,
        prompt_continuation=lambda width, _line, _is_wrapped: "...> ".rjust(width),
        history=_history(),
        lexer=_Colours(),
        completer=_Words(shell.lake, shell.commands),
        complete_style=CompleteStyle.READLINE_LIKE,
        key_bindings=_bindings(),
        style=_STYLE,
        output=create_output(always_prefer_tty=True),  # an answer that goes into a file has no prompt in it
    )
    return session.prompt


def history_file() -> Path:
    """Where what was typed is kept: in the folder for state by XDG's rules, which say that a relative path there counts for nothing."""
    given = Path(os.environ.get("XDG_STATE_HOME", ""))
    return (given if given.is_absolute() else Path.home() / ".local" / "state") / "wirelake" / "history"


def _history() -> History:
    try:
        path = history_file()
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except (OSError, RuntimeError):  # no home, or none to write to
        return InMemoryHistory()
    return FileHistory(path)


def _bindings() -> KeyBindings:
    bindings = KeyBindings()

    @bindings.add("enter")
    def _enter(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if is_complete(buffer.text):
            buffer.validate_and_handle()
        else:
            buffer.newline(copy_margin=False)

    return bindings


class _Colours(Lexer):
    """Words by their sort, as DuckDB's own tokenizer tells them apart."""

    def lex_document(self, document: Document) -> Callable[[int], StyleAndTextTuples]:
        """The coloured words of each line."""
        lines = list(_coloured(document.text))
        return lambda number: lines[number] if number < len(lines) else []


def _coloured(text: str) -> Iterator[StyleAndTextTuples]:
    line: StyleAndTextTuples = []
    for word, sort in words_of(text):
        first, *others = word.split("\n")
        line.append((f"class:{sort}", first))
        for other in others:
            yield line
            line = [(f"class:{sort}", other)]
    yield line


class _Words(Completer):
    """Views, macros and columns of the lake, and the words and functions of DuckDB's SQL; at the beginning the commands with a dot."""

    def __init__(self, lake: Lake, commands: Collection[str]) -> None:
        self._lake, self._commands = lake, sorted(commands)

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """What the word before the cursor may become."""
        before = document.text_before_cursor
        if before.startswith("."):
            yield from (Completion(each, start_position=1 - len(before)) for each in self._commands if each.startswith(before[1:]))
            return
        word = found[0] if (found := _WORD.search(before)) else ""
        relations = bool(_AFTER_FROM.search(before))
        if not word and not relations:
            return
        for offered in self._words(relations):
            if offered.lower().startswith(word.lower()) and offered.rstrip("(") != word:
                yield Completion(offered, start_position=-len(word))

    def _words(self, relations: bool) -> list[str]:
        asked = (_RELATIONS, _TABLE_MACROS) if relations else (_RELATIONS, _TABLE_MACROS, _COLUMNS, _KEYWORDS, _FUNCTIONS)
        try:
            found = [sorted(row[0] for row in self._lake.connection.execute(each).fetchall()) for each in asked]
        except duckdb.Error:  # in a transaction that failed
            return []
        return [word for word in dict.fromkeys(itertools.chain.from_iterable(found)) if not word.startswith("_")]
