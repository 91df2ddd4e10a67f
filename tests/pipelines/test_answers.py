"""What `query`, `rejected`, `views` and `doctor` print of the lake of the seeds."""

import csv
import io
import json
import os
import pathlib
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import duckdb
import pytest

from pipelines.cli import main

ROOT = pathlib.Path(__file__).resolve().parents[2]

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(seeds_lake: Any, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command on the lake of the seeds in this process: exit code, stdout, stderr."""

    def said(*arguments: str) -> tuple[int, str, str]:
        code = main([*arguments, "--lake", str(seeds_lake.path)])
        out, err = capsys.readouterr()
        return code, out, err

    return said


STORY = "select story_id, date, country, headline, published_at, countries, embargoed, word_count from stories where country = 'KP'"


def test_a_query_prints_a_table(run: Run) -> None:
    code, out, err = run("query", "select date, country, headline from latest order by 1")
    assert (code, err) == (0, "")
    rows = [[cell.strip() for cell in line.strip("│").split("│")] for line in out.splitlines() if line.startswith("│")]
    assert rows[0] == ["date", "country", "headline"]
    assert ["2024-06-19", "KP", "Kim tells Putin North Korea 'fully supports' Russia on Ukraine"] in rows


def test_a_table_is_not_cut_where_there_is_no_terminal(run: Run) -> None:
    _, out, _ = run("query", "select * from stories")
    (names,) = (line for line in out.splitlines() if " story_id " in line)
    assert "…" not in names
    assert names.count("│") > 40


def test_json_lines_keep_types(run: Run) -> None:
    code, out, _ = run("query", STORY, "--json-lines")
    (row,) = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert (row["date"], row["country"], row["embargoed"]) == ("2024-06-19", "KP", None)
    assert row["published_at"] == "2024-06-19T00:00:00Z"
    assert {country["code"] for country in row["countries"]} >= {"KP", "RU"}
    assert isinstance(row["word_count"], int)


def test_csv_has_a_header(run: Run) -> None:
    _, out, _ = run("query", STORY, "--csv")
    header, row = list(csv.reader(io.StringIO(out)))
    assert header == ["story_id", "date", "country", "headline", "published_at", "countries", "embargoed", "word_count"]
    assert row[1:4] == ["2024-06-19", "KP", "Kim tells Putin North Korea 'fully supports' Russia on Ukraine"]
    assert json.loads(row[5])[0]["code"] == "KP"
    assert row[6] == ""


@pytest.mark.parametrize("form", ["--csv", "--json-lines"])
def test_an_answer_may_be_longer_than_a_batch(run: Run, form: str) -> None:
    _, out, _ = run("query", "select range as n from range(2500)", form)
    assert len(out.splitlines()) == 2500 + (form == "--csv")


def test_an_answer_without_rows(run: Run) -> None:
    assert run("query", "select 1 as a where false", "--csv") == (0, "a\n", "")
    assert run("query", "select 1 as a where false", "--json-lines") == (0, "", "")


@pytest.mark.parametrize(
    ("sql", "sentence"),
    [
        ("selec 1", 'wirelake: Parser Error: syntax error at or near "selec"\n'),
        ("select nope from stories", 'wirelake: Binder Error: Referenced column "nope" not found in FROM clause!\n'),
        ("select 'a'::int", "wirelake: Conversion Error: Could not convert string 'a' to INT32\n"),
    ],
)
@pytest.mark.parametrize("form", [[], ["--csv"]])
def test_an_error_of_sql_is_one_sentence(run: Run, sql: str, sentence: str, form: list[str]) -> None:
    code, _, err = run("query", sql, *form)
    assert (code, err) == (1, sentence)


@pytest.mark.parametrize("form", ["--json-lines", "--csv"])
def test_a_query_that_needs_only_some_rows_ends_well(seeds_lake: Any, form: str) -> None:
    command = [sys.executable, "-m", "pipelines", "query", "select * from stories limit 2", form, "--lake", str(seeds_lake.path)]
    for _ in range(4):  # what a reader leaves undone must not meet the end of the process
        done = subprocess.run(command, cwd=ROOT, env=dict(os.environ), capture_output=True, timeout=30, check=False)
        assert (done.returncode, done.stderr) == (0, b"")


def test_rejected_lists_every_rejection_with_its_reason(run: Run) -> None:
    _, out, _ = run("rejected", "--json-lines")
    rows = [json.loads(line) for line in out.splitlines()]
    _, counted, _ = run("query", "select count(*) as n from rejected", "--json-lines")
    assert len(rows) == json.loads(counted)["n"] > 0
    assert all(list(row) == ["received_at", "stage", "reason", "detail", "source_uri", "place"] for row in rows)
    assert {"bomb", "bad_json"} <= {row["reason"] for row in rows}


def test_rejected_of_one_reason(run: Run) -> None:
    _, out, _ = run("rejected", "--reason", "bomb", "--json-lines")
    assert [pathlib.Path(json.loads(line)["source_uri"]).name for line in out.splitlines()] == ["180_bomb.zip"]
    _, table, _ = run("rejected", "--reason", "bomb")
    assert "180_bomb.zip" in table
    assert run("rejected", "--reason", "it's", "--json-lines") == (0, "", "")


def test_the_printed_views_answer_as_the_views_do(run: Run) -> None:
    _, statements, _ = run("views")
    with duckdb.connect() as connection:
        connection.execute(statements)
        for view in ("stories", "latest", "entities", "quotes", "deliveries", "rejected", "runs", "story_full"):
            counted = connection.execute(f"select count(*) from {view}").fetchone()
            _, ours, _ = run("query", f"select count(*) as n from {view}", "--json-lines")
            assert counted is not None
            assert counted[0] == json.loads(ours)["n"], view


def test_doctor_finds_nothing_wrong(run: Run) -> None:
    code, out, _ = run("doctor")
    assert code == 0
    assert "no problem found" in out
    code, out, _ = run("doctor", "--json")
    assert json.loads(out)["problems"] == []


def test_doctor_ends_with_code_1_where_something_is_wrong(run: Run, seeds_lake: Any, tmp_path: pathlib.Path) -> None:
    part = next(iter((seeds_lake.path / "stories").glob("date=*/*/*.parquet")))
    stray = part.with_name("stray.parquet")
    stray.write_bytes(part.read_bytes())
    try:
        code, out, _ = run("doctor")
    finally:
        stray.unlink()
    assert code == 1
    assert "stray.parquet" in out
