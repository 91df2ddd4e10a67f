"""What the documents say is so: commands, options, formats, fields, exit codes, and every example runs.

`WIRELAKE_WRITE_DOCS=1 pytest tests/pipelines/test_docs.py` writes docs/commands.md anew from the commands' own help."""

import contextlib
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

import click
import click.testing
import duckdb
import pytest

from pipelines import errors
from pipelines.cli import main, wirelake
from pipelines.lake import Answer, Lake, open_lake
from pipelines.options import settings_from
from transforms.text import formats
from transforms.text.formats import profiles

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOCS = {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("*.md"))}
TOP = {name: (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")}
README = TOP["README.md"]
ALL = {**TOP, **DOCS}
COMMANDS = sorted(wirelake.commands)

HEADING = """# Commands and options

This page is what `wirelake COMMAND --help` prints.
"""


def help_of(name: str) -> str:
    """The help of a command ("" for all), as wide as a page."""
    told = click.testing.CliRunner().invoke(wirelake, [*name.split(), "--help"], prog_name="wirelake", terminal_width=100)
    assert told.exit_code == 0
    return told.output.rstrip("\n")


def page_of_commands() -> str:
    blocks = (f"\n## wirelake {name}\n\n```text\n{help_of(name)}\n```\n" for name in COMMANDS)
    return f"{HEADING}\n```text\n{help_of('')}\n```\n" + "".join(blocks)


def fenced(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


def documented(text: str, section: str = "") -> list[str]:
    """Names in the first column of a section's tables: `a`, `b` are two."""
    if section:
        text = text.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`[^|]*) \|", text, flags=re.MULTILINE)
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row)]


# Commands


def test_the_page_of_commands_is_their_help() -> None:
    if os.environ.get("WIRELAKE_WRITE_DOCS"):
        (ROOT / "docs" / "commands.md").write_text(page_of_commands(), encoding="utf-8")
    assert (ROOT / "docs" / "commands.md").read_text(encoding="utf-8") == page_of_commands()


def test_the_readme_names_every_command_and_no_other() -> None:
    named = {name.split()[1] for name in documented(README, "Commands") if name.startswith("wirelake ")}
    assert named == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_and_argument_is_documented_and_has_help(name: str) -> None:
    for parameter in wirelake.commands[name].params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name}: {parameter.opts} has no help"
            assert all(option in DOCS["commands.md"] for option in parameter.opts)
        else:
            usage = parameter.make_metavar(click.Context(wirelake.commands[name])).strip("[].")
            assert usage in (wirelake.commands[name].help or ""), f"{name}: {usage} is not explained"


def test_the_page_of_operations_explains_every_option_of_ingest_and_no_other() -> None:
    options = {option for parameter in wirelake.commands["ingest"].params for option in parameter.opts if option.startswith("--")}
    assert {name.split()[0] for name in documented(DOCS["operations.md"], "Choices")} == options


def test_the_page_of_operations_lists_every_exit_code() -> None:
    table = DOCS["operations.md"].partition("| exit code |")[2].partition("\n\n")[0]
    classes: list[type[errors.WirelakeError]] = [errors.WirelakeError, *errors.WirelakeError.__subclasses__()]
    assert set(re.findall(r"^\| (\d) \|", table, flags=re.MULTILINE)) == {"0", *(str(each.exit_code) for each in classes)}


# Formats and fields


def test_the_page_of_seeds_has_every_seed_and_no_other() -> None:
    assert sorted(documented(DOCS["seeds.md"])) == sorted(path.name for path in (ROOT / "seeds").iterdir())


FORMATS = {each.name for each in formats.formats()} - {"pieces"}  # a form of the lake's own, not one to send


def test_the_readme_names_every_format_and_no_other() -> None:
    assert set(documented(README, "What goes in")) == FORMATS


def test_the_page_of_formats_names_every_format_and_agency_and_no_other() -> None:
    assert set(documented(DOCS["formats.md"], "What is read")) == FORMATS
    agencies = {
        (name, ids, zone)
        for name, ids, zone in re.findall(r"^\| `([^`]+)` \| ([^|]+) \| (\S+) \|$", DOCS["formats.md"], flags=re.MULTILINE)
    }
    assert agencies >= {(each.name, ", ".join(each.ids), each.zone or "UTC") for each in profiles.PROFILES}
    assert {name for name, _, zone in agencies if "/" in zone or zone == "UTC"} == {each.name for each in profiles.PROFILES}


SAMPLES: dict[str, object] = {
    "version": 2,
    "urgency": 3,
    "pubstatus": "withheld",
    "subjects": [{"code": "04000000", "name": "economy"}],
    "keywords": ["ferry"],
    "captions": [{"text": "A ferry.", "credit": "AFP"}],
    **dict.fromkeys(
        ["embargoed", "published_at", "published", "date", "versioncreated", "firstcreated", "received_at", "received"], "2024-06-19"
    ),
}


@pytest.mark.parametrize("field", documented(DOCS["jsonl.md"]))
def test_every_documented_field_of_json_lines_is_understood(field: str) -> None:
    value = SAMPLES.get(field, "words")
    story = {"headline": "H", "body": "B.", field: value}
    if field in ("title", "text"):
        del story[{"title": "headline", "text": "body"}[field]]
    (parsed,) = formats.parse(json.dumps(story).encode(), "x.jsonl")
    assert parsed.extra == ({"url": "words"} if field == "url" else {})


def test_an_undocumented_field_of_json_lines_is_kept_as_extra() -> None:
    (parsed,) = formats.parse(b'{"headline": "H", "body": "B.", "mood": "grim"}', "x.jsonl")
    assert parsed.extra == {"mood": "grim"}


# Examples and links


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A folder as after `make demo`: the seeds and the lake made of them."""
    folder = tmp_path_factory.mktemp("examples")
    (folder / "seeds").symlink_to(ROOT / "seeds")
    before = os.getcwd()
    os.chdir(folder)
    try:
        for line in re.findall(r"^\t\$\(BIN\)/wirelake (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE):
            assert main(shlex.split(line)) == 0, line
    finally:
        os.chdir(before)
    return folder


def test_the_answer_that_the_readme_shows_is_the_answer(
    workplace: pathlib.Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(workplace)
    question, answer = re.findall(r"^```sh\n\.venv/bin/wirelake (.*)\n```\n\n```text\n(.*?)```$", README, flags=re.MULTILINE | re.DOTALL)[0]
    assert main(shlex.split(question)) == 0
    assert capsys.readouterr().out.strip() == answer.strip()


EXAMPLES = [(name, line) for name, text in ALL.items() for block in fenced(text, "sh") for line in block.splitlines() if line]


@pytest.mark.parametrize(("name", "line"), EXAMPLES, ids=[f"{name}:{line}" for name, line in EXAMPLES])
def test_every_example_runs(
    name: str, line: str, workplace: pathlib.Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(workplace)
    command, *arguments = shlex.split(line)
    if command == "make":
        subprocess.run(["make", "--dry-run", *arguments], cwd=ROOT, check=True, capture_output=True)
        return
    assert command in ("wirelake", ".venv/bin/wirelake"), f"{name} shows a command that this test cannot run"
    code = main(arguments)
    out, err = capsys.readouterr()
    assert (code, err) == (0, "")
    assert out or pathlib.Path(arguments[arguments.index("--out") + 1]).stat().st_size


ON_CLUSTERS = [
    line
    for text in (README, DOCS["cluster.md"])
    for block in fenced(text, "text")
    for line in block.splitlines()
    if line.startswith("wirelake ") and "--runner" in line
]


@pytest.mark.parametrize("line", ON_CLUSTERS)
def test_every_flag_for_a_cluster_is_known(line: str) -> None:
    _, command, *arguments = shlex.split(line)
    context = wirelake.commands[command].make_context(command, arguments)
    given = context.params["sources" if command == "ingest" else "source"]
    found = settings_from(given, lake=context.params["lake"], runner=context.params["runner"])
    assert len(found.sources) == 1
    assert not found.in_process


OF_VIEWS = ("cookbook.md", "sql.md")  # test_cookbook.py runs these, and compares their answers
SQL = [(name, statement) for name, text in ALL.items() if name not in OF_VIEWS for statement in fenced(text, "sql")]


@pytest.mark.parametrize(("name", "statement"), SQL)
def test_every_example_of_sql_answers(name: str, statement: str, workplace: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(workplace)
    with duckdb.connect() as connection:
        assert connection.execute(statement).fetchall(), name


READERS = fenced(DOCS["readers.md"], "python")


@pytest.mark.parametrize("block", READERS, ids=range(len(READERS)))
def test_every_example_of_another_reader_runs(block: str, workplace: pathlib.Path) -> None:
    assert run_python(block, workplace)


def test_every_example_of_python_runs(workplace: pathlib.Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(workplace)
    names: dict[str, object] = {}
    for block in fenced(DOCS["python.md"], "python"):
        exec(block, names)
        assert "print(" not in block or capsys.readouterr().out.strip(), block


@pytest.mark.parametrize("each", [Answer, Lake])
def test_every_method_for_programs_is_in_the_page_of_python(each: type) -> None:
    public = {name for name in vars(each) if not name.startswith("_")} - UNTOLD
    assert {name for name in public if f".{name}" not in DOCS["python.md"] and f"`{name}" not in DOCS["python.md"]} == set()


UNTOLD = {"path", "ask", "take", "columns", "table"}
"""What programs seldom need, and its docstring tells."""


def run_python(code: str, folder: pathlib.Path) -> str:
    """What a program prints that was started in a folder, without our code in reach."""
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_other_readers_are_told_to_show_is_what_the_views_show(workplace: pathlib.Path) -> None:
    """Also where it follows from `updates`, which later runs write."""
    shutil.copytree(workplace / "lake", workplace / "other" / "lake")
    with contextlib.closing(open_lake(workplace / "lake")) as opened:
        ((guid, provider),) = opened.connection.sql("select guid, provider from latest where guid is not null limit 1").fetchall()
    kill = {"guid": guid, "provider": provider, "version": 99, "pubstatus": "canceled", "signal": "kill"}
    kill |= {"headline": "KILL", "body": "Kill it.", "published_at": "2024-06-20T10:00:00Z"}
    (workplace / "kill.jsonl").write_text(json.dumps(kill))
    assert main(["ingest", str(workplace / "kill.jsonl"), "--lake", str(workplace / "other" / "lake"), "--quiet"]) == 0
    with contextlib.closing(open_lake(workplace / "other" / "lake")) as opened:
        expected = [row[0] for row in opened.connection.sql("select story_id from latest order by 1").fetchall()]
        assert opened.connection.sql("from updates").fetchall()
    (block,) = (block for block in READERS if "updates" in block)
    code = block.partition("print(")[0] + 'import json; print(json.dumps(sorted(latest["story_id"].to_list())))'
    assert json.loads(run_python(code, workplace / "other")) == expected


@pytest.mark.parametrize("line", [line for text in ALL.values() for block in fenced(text, "json") for line in block.splitlines()])
def test_every_example_of_json_lines_is_a_story(line: str) -> None:
    (parsed,) = formats.parse(line.encode(), "x.jsonl")
    assert parsed.headline
    assert parsed.body
    assert parsed.extra == {}


@pytest.mark.parametrize("name", ALL)
def test_every_link_leads_somewhere(name: str) -> None:
    folder = ROOT if name in TOP else ROOT / "docs"
    links = re.findall(r"\]\((?!https?://)([^)#]+)", ALL[name])
    assert [link for link in links if not (folder / link).exists()] == []


def test_every_target_of_make_is_in_the_readme() -> None:
    targets = re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert {target for line in targets for target in line.split() if f"make {target}" not in README} == set()
