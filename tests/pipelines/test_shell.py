"""`wirelake shell`: what is typed and what is piped in, at a real terminal too."""

import contextlib
import fcntl
import json
import os
import pathlib
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from pipelines import prompt, runs, shell
from pipelines.errors import UsageError, WirelakeError
from pipelines.lake import Answer, Lake, open_lake
from tests.pipelines.asking import settings
from tests.pipelines.lines import story, write_lines

ROOT = pathlib.Path(__file__).resolve().parents[2]


@pytest.fixture
def lake(seeds_lake: Any) -> Iterator[Lake]:
    with open_lake(seeds_lake.path) as opened:
        yield opened


@pytest.fixture
def shown() -> list[Any]:
    """What a session printed: answers as (form, rows, limit), and lines."""
    return []


@pytest.fixture
def session(lake: Lake, shown: list[Any]) -> shell.Shell:
    return session_of(lake, shown)


def session_of(lake: Lake, shown: list[Any]) -> shell.Shell:
    def show(answer: Answer, form: str | None, limit: int) -> None:
        shown.append((form, answer.relation.fetchall(), limit))

    return shell.Shell(lake, show=show, say=shown.append, max_rows=40)


def script(session: shell.Shell, text: str) -> None:
    shell.run_script(session, text.splitlines(keepends=True))


# What is complete


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  \n",
        "select 1;",
        "select 1;  -- done",
        "select ';\n';",
        ".help",
        "  .mode csv",
        "exit",
        "QUIT",
        "-- only this",
        "/* a */",
        "select 'é';",
    ],
)
def test_what_can_be_run(text: str) -> None:
    assert shell.is_complete(text)


@pytest.mark.parametrize(
    "text", ["select 1", "select 1\n", "select ';", "select 1 -- ;", "select 1 /* ;", "/* ;", "select $$ ; ", 'select "a;', "exit now"]
)
def test_what_goes_on(text: str) -> None:
    assert not shell.is_complete(text)


# Scripts


def test_a_script_runs_statements_and_commands_in_turn(session: shell.Shell, shown: list[Any]) -> None:
    script(session, "-- first\nselect 1\n  as one; select 'a;b';\n.mode csv\n\ncreate temp table t as select 3 as x;\n.maxrows 7\nfrom t")
    assert shown == [(None, [(1,)], 40), (None, [("a;b",)], 40), ("csv", [(3,)], 7)]


def test_a_script_may_have_a_comment_behind_a_semicolon(session: shell.Shell, shown: list[Any]) -> None:
    script(session, "select 1; -- one\nselect 2; /* two */\n-- that is all\n")
    assert [rows for _, rows, _ in shown] == [[(1,)], [(2,)]]


def test_a_script_ends_with_the_first_statement_that_fails_and_names_its_line(session: shell.Shell, shown: list[Any]) -> None:
    with pytest.raises(WirelakeError, match=r"^line 3: Binder Error: "):
        script(session, "select 1;\n\nselect\n  nope;\nselect 2;")
    assert shown == [(None, [(1,)], 40)]


@pytest.mark.parametrize("word", [".quit", ".exit", "exit;", "quit"])
def test_a_script_may_leave(session: shell.Shell, shown: list[Any], word: str) -> None:
    script(session, f"{word}\nselect 1;")
    assert shown == []


def test_statements_run_as_they_come(session: shell.Shell, shown: list[Any]) -> None:
    seen = []

    def lines() -> Iterator[str]:
        for line in ("select 1;\n", "select\n", "2;\n"):
            yield line
            seen.append(len(shown))

    shell.run_script(session, lines())
    assert seen == [1, 1, 2]


@pytest.mark.parametrize("query", ["set threads = 2;", "create view v as select 1;", "begin; commit;", "drop view if exists v;"])
def test_a_statement_that_has_nothing_to_answer_prints_nothing(session: shell.Shell, shown: list[Any], query: str) -> None:
    script(session, query)
    assert shown == []


def test_a_column_that_is_called_as_duckdb_calls_nothing_is_shown(session: shell.Shell, shown: list[Any]) -> None:
    script(session, "select true as Success; select 1 as Count;")
    assert [rows for _, rows, _ in shown] == [[(True,)], [(1,)]]


# Commands


def test_help_names_every_command(session: shell.Shell, shown: list[Any]) -> None:
    session.run(".help")
    (text,) = shown
    documented = (ROOT / "docs" / "sql.md").read_text("utf-8")
    for name in ("help", "tables", "macros", "mode", "maxrows", "refresh", "quit"):
        assert f"\n.{name}" in text
        assert f"`.{name}`" in documented


def test_tables_are_views_and_what_was_made_here(session: shell.Shell, shown: list[Any]) -> None:
    session.run("create temp table mine as select 1;")
    session.run(".tables")
    names = [name for (name,) in shown[-1][1]]
    assert {"stories", "latest", "quotes", "mine"} <= set(names)
    assert [name for name in names if name.startswith("_")] == []


def test_macros_are_told(session: shell.Shell, shown: list[Any]) -> None:
    session.run(".macros")
    assert any(line.startswith("quotes_by(person)  ") for line in shown)


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (".nope", "there is no command .nope; .help lists them"),
        (".mode", ".mode does not take nothing; .help tells what it takes"),
        (".mode xml", ".mode does not know xml; it knows table, csv, json, json-lines, line"),
        (".maxrows 0", ".maxrows takes a number from 1 on, not 0"),
        (".help me", ".help does not take me; .help tells what it takes"),
    ],
)
def test_a_command_that_is_wrong_is_told(session: shell.Shell, command: str, sentence: str) -> None:
    with pytest.raises(UsageError) as told:
        session.run(command)
    assert str(told.value) == sentence


# A conversation


def typed(*inputs: str | type[BaseException]) -> Callable[[], str]:
    left = iter(inputs)

    def read() -> str:
        given = next(left, EOFError)
        if isinstance(given, str):
            return given
        raise given

    return read


def test_errors_are_told_and_the_session_goes_on(session: shell.Shell, shown: list[Any]) -> None:
    told: list[str] = []
    shell.converse(session, typed("selec 1;", KeyboardInterrupt, "select 'a'::int;", ".nope", "select 2;"), told.append)
    assert [line.partition("\n")[0] for line in told] == [
        'Parser Error: syntax error at or near "selec"',
        "Conversion Error: Could not convert string 'a' to INT32",
        "there is no command .nope; .help lists them",
    ]
    assert "LINE 1: selec 1;" in told[0]
    assert shown == [(None, [(2,)], 40)]


def test_who_reads_no_more_ends_it(lake: Lake) -> None:
    def show(*_: Any) -> None:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        shell.converse(shell.Shell(lake, show=show, say=print, max_rows=1), typed("select 1;"), print)


def test_what_lands_meanwhile_is_seen_by_the_next_statement_but_not_within_a_transaction(tmp_path: pathlib.Path, shown: list[Any]) -> None:
    def land(number: str) -> None:
        runs.ingest(settings(tmp_path / "lake", write_lines(tmp_path / f"{number}.jsonl", [story(number)])))

    land("1")
    count = "select count(*) from stories;"
    with open_lake(tmp_path / "lake") as opened:
        session = session_of(opened, shown)
        land("2")
        script(session, count)  # a script is of one moment
        script(session, f".refresh\n{count}")
        session.run("begin;", renew=True)
        land("3")
        session.run(count, renew=True)
        with pytest.raises(Exception, match="nope"):
            session.run("select nope;", renew=True)
        session.run("rollback;", renew=True)
        session.run(count, renew=True)
    assert [rows[0][0] for _, rows, _ in shown] == [1, 2, 2, 3]


# The line editor


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> Iterator[PipeInput]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(prompt, "create_output", lambda **_: DummyOutput())
    with create_pipe_input() as given, create_app_session(input=given, output=DummyOutput()):
        yield given


def test_enter_ends_a_statement_only_where_it_is_complete(session: shell.Shell, keys: PipeInput) -> None:
    keys.send_text("select ';'\r, 2\r;\r")
    assert prompt.reader(session)() == "select ';'\n, 2\n;"


def test_tab_completes_what_the_lake_has(session: shell.Shell, keys: PipeInput) -> None:
    keys.send_text("select headl\t from late\t;\r")
    assert prompt.reader(session)() == "select headline from latest;"


def test_control_c_drops_the_line_and_control_d_leaves(session: shell.Shell, keys: PipeInput) -> None:
    read = prompt.reader(session)
    keys.send_text("select\x03")
    with pytest.raises(KeyboardInterrupt):
        read()
    keys.send_text("\x04")
    with pytest.raises(EOFError):
        read()


def test_the_history_is_kept_for_the_next_session(session: shell.Shell, keys: PipeInput) -> None:
    keys.send_text("select\r1;\r")
    prompt.reader(session)()
    assert prompt.history_file().stat().st_mode & 0o077 == 0
    keys.send_text("\x1b[A\r")
    assert prompt.reader(session)() == "select\n1;"


def test_without_a_place_for_it_the_history_lasts_as_long_as_the_session(
    session: shell.Shell, keys: PipeInput, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    read = prompt.reader(session)
    keys.send_text("select 1;\r")
    assert read() == "select 1;"
    keys.send_text("\x1b[A\r")
    assert read() == "select 1;"


@pytest.mark.parametrize("given", ["", "relative/folder"])
def test_a_state_folder_that_is_no_absolute_path_counts_for_nothing(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", given)
    assert prompt.history_file() == pathlib.Path.home() / ".local/state/wirelake/history"


def completions(lake: Lake, text: str) -> list[str]:
    return [
        each.text for each in prompt._Words(lake, {"macros", "mode", "maxrows", "help"}).get_completions(Document(text), CompleteEvent())
    ]


def test_completion_knows_what_may_stand_where(lake: Lake) -> None:
    assert completions(lake, "select * from st") == ["stories", "story_full"]
    assert {"latest", "quotes_by("} <= set(completions(lake, "from "))
    assert "speaker_canonical" in completions(lake, "select q.speak")
    assert {"SELECT".lower()} <= set(completions(lake, "SEL"))
    assert "strip_accents(" in completions(lake, "select strip_")
    assert completions(lake, ".m") == ["macros", "maxrows", "mode"]
    assert completions(lake, "select ") == completions(lake, "select 'xyzzy") == []


def test_completion_is_still_in_a_transaction_that_failed(lake: Lake) -> None:
    lake.connection.execute("begin")
    with contextlib.suppress(Exception):
        lake.connection.execute("select 1/0 from nope")
    assert isinstance(completions(lake, "from st"), list)
    lake.connection.execute("rollback")
    assert completions(lake, "from stories") == []


def test_colours_leave_the_text_as_it_is() -> None:
    text = "  select 'é\n;', 1 -- x\nfrom \U0001f600"
    lines = list(prompt._coloured(text))
    assert "\n".join("".join(part for _, part, *_ in line) for line in lines) == text
    assert ("class:keyword", "select ") in lines[0]
    assert lines[1][0] == ("class:string_const", ";'")


# As a process


def test_a_pipe_is_run_and_printed(seeds_lake: Any) -> None:
    text = ".mode json-lines\nselect count(*) as n\nfrom stories;\nselect nope;\nselect 1;"
    command = [sys.executable, "-m", "pipelines", "shell", "--lake", str(seeds_lake.path)]
    done = subprocess.run(command, input=text, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert json.loads(done.stdout)["n"] > 20
    assert (done.returncode, done.stdout.count("\n")) == (1, 1)
    assert done.stderr.startswith("wirelake: line 4: Binder Error")


class Terminal:
    """A process at a terminal of its own."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
        self._at = ours
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            preexec_fn=_take_terminal,
        )
        os.close(theirs)
        self.said = ""

    def send(self, text: str) -> None:
        os.write(self._at, text.encode())

    def wait_for(self, text: str, seconds: float = 60) -> str:
        """What was said up to `text`, which it waits for."""
        end = time.monotonic() + seconds
        while text not in self.said:
            assert time.monotonic() < end, f"{text!r} did not come: {self.said!r}"
            if select.select([self._at], [], [], 0.1)[0]:
                data = os.read(self._at, 65536)
                if b"\x1b[6n" in data:  # where is the cursor?
                    os.write(self._at, b"\x1b[1;1R")
                self.said += re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", data.decode(errors="replace"))
        before, _, self.said = self.said.partition(text)
        return before


def _take_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def test_at_a_terminal(seeds_lake: Any, tmp_path: pathlib.Path) -> None:
    environment = {**os.environ, "XDG_STATE_HOME": str(tmp_path), "TERM": "xterm-256color", "COLUMNS": "100", "LINES": "24"}
    terminal = Terminal([sys.executable, "-m", "pipelines", "shell", "--lake", str(seeds_lake.path)], environment)
    try:
        terminal.wait_for("Ctrl-D leaves")
        terminal.wait_for("wirelake>")
        forever = "select count(*) from range(1000000000000) a, range(9) b where a.range % 7 = b.range;"
        terminal.send(f"copy (select 1) to '{tmp_path}/begun.csv'; {forever}\r")
        while not (tmp_path / "begun.csv").exists():
            with contextlib.suppress(AssertionError):
                terminal.wait_for("never said", 0.1)
        terminal.send("\x03")
        terminal.wait_for("interrupted")
        terminal.wait_for("wirelake>")  # else the keys are the terminal's own
        terminal.send("select 'a' || 'b' as it_goes_on;\r")
        terminal.wait_for("│ ab")
        terminal.wait_for("wirelake>")
        terminal.send("\x04")
        assert terminal.process.wait(timeout=30) == 0
    finally:
        terminal.process.kill()
        terminal.process.wait()
