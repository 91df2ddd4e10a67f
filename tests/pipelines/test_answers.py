"""What `query`, `rejected`, `views` and `doctor` print of the lake of the seeds, and what `query` writes into files."""

import csv
import io
import json
import os
import pathlib
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import duckdb
import pyarrow.parquet as pq
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
    assert run("query", "select 1 as a where false", "--json") == (0, "[]\n", "")


@pytest.mark.parametrize("rows", [1, 2, 2500])
def test_json_is_one_array_of_what_json_lines_are(run: Run, rows: int) -> None:
    query = f"select range as n, 'it''s \u2028' as text from range({rows})"
    _, lines, _ = run("query", query, "--json-lines")
    code, out, err = run("query", query, "--json")
    assert (code, err) == (0, "")
    assert json.loads(out) == [json.loads(line) for line in lines.splitlines()]


ALL_TYPES = """
select range as n, 'a' as n, published_at, date, countries, interval 1 day as i, sum(range) over () as h, null as nothing
from (select * from stories where country = 'KP'), range(2500)
"""


def test_parquet_goes_through_a_pipe(seeds_lake: Any, capsysbinary: pytest.CaptureFixture[bytes], tmp_path: pathlib.Path) -> None:
    assert main(["query", ALL_TYPES, "--parquet", "--lake", str(seeds_lake.path)]) == 0
    (tmp_path / "x.parquet").write_bytes(capsysbinary.readouterr().out)
    read = pq.read_table(tmp_path / "x.parquet")
    assert (read.num_rows, read.column_names[:2]) == (2500, ["n", "n_1"])
    assert str(read.schema.field("published_at").type) == "timestamp[us, tz=UTC]"


def test_parquet_is_not_written_to_a_terminal(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    code, out, err = run("query", "select 1", "--parquet")
    assert (code, out) == (2, "")
    assert "--out FILE" in err


@pytest.mark.parametrize(
    ("name", "flag"), [("a.csv", "--csv"), ("a.json", "--json"), ("a.JSONL", "--json-lines"), ("a.ndjson", "--json-lines")]
)
def test_a_file_holds_what_would_be_printed_in_the_form_that_its_ending_says(
    run: Run, tmp_path: pathlib.Path, name: str, flag: str
) -> None:
    query = "select story_id, headline, countries from stories order by 1"
    _, printed, _ = run("query", query, flag)
    (tmp_path / name).write_text("old")
    assert run("query", query, "--out", str(tmp_path / name)) == (0, "", "")
    assert (tmp_path / name).read_text("utf-8") == printed
    assert run("query", query, "--out", str(tmp_path / "plain"), flag) == (0, "", "")
    assert (tmp_path / "plain").read_text("utf-8") == printed
    assert sorted(path.name for path in tmp_path.iterdir()) == [name, "plain"]


def test_a_file_of_parquet(run: Run, tmp_path: pathlib.Path) -> None:
    assert run("query", "from stories", "--out", str(tmp_path / "a.parquet")) == (0, "", "")
    _, counted, _ = run("query", "select count(*) as n from stories", "--json-lines")
    assert pq.read_table(tmp_path / "a.parquet").num_rows == json.loads(counted)["n"]


@pytest.mark.parametrize("name", ["a.csv", "a.parquet"])
def test_a_file_is_written_whole_or_not_at_all(run: Run, tmp_path: pathlib.Path, name: str) -> None:
    (tmp_path / name).write_text("old")
    (tmp_path / f"link-{name}").symlink_to(tmp_path / name)
    query = "select case when range = 400000 then error('late') else range end as n from range(500000)"
    code, out, err = run("query", query, "--out", str(tmp_path / name))
    assert (code, out) == (1, "")
    assert "late" in err
    assert (tmp_path / name).read_text() == "old"
    assert run("query", "select 1 as n", "--out", str(tmp_path / f"link-{name}"), "--csv") == (0, "", "")
    assert (tmp_path / name).read_text() == "n\n1\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == [name, f"link-{name}"]


@pytest.mark.parametrize(
    ("name", "word"), [("a.xlsx", "the ending says no form"), ("nowhere/a.csv", "there is no folder"), (".", "the ending"), ("", "no form")]
)
def test_a_file_that_cannot_be_is_refused(run: Run, tmp_path: pathlib.Path, name: str, word: str) -> None:
    code, out, err = run("query", "select 1", "--out", str(tmp_path / name) if name else "")
    assert (code, out) == (2, "")
    assert word in err


def test_neither_a_file_nor_sql_goes_into_the_lake(run: Run, seeds_lake: Any) -> None:
    before = sorted(seeds_lake.path.rglob("*"))
    target = seeds_lake.path / "stories" / "x.csv"
    for asked in (["select 1", "--out", str(target)], [f"copy (select 1) to '{target}'"], ["delete from stories"], ["drop table _stories"]):
        code, out, err = run("query", *asked)
        assert (code > 0, out, err.count("\n")) == (True, "", 1), asked
    assert run("query", "select 1", "--csv", "--out", str(seeds_lake.path))[0] == 2
    assert sorted(seeds_lake.path.rglob("*")) == before


def test_an_interrupted_query_ends(seeds_lake: Any, tmp_path: pathlib.Path) -> None:
    begun = tmp_path / "begun.csv"
    query = f"copy (select 1) to '{begun}'; select count(*) from range(1000000000000) a, range(9) b where a.range % 7 = b.range"
    command = [sys.executable, "-m", "pipelines", "query", query, "--lake", str(seeds_lake.path)]
    with subprocess.Popen(command, cwd=ROOT, env=dict(os.environ), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as started:
        while not begun.exists():
            assert started.poll() is None
            time.sleep(0.05)
        time.sleep(0.2)
        started.send_signal(signal.SIGINT)
        _, err = started.communicate(timeout=20)
    assert (started.returncode, err) == (130, b"wirelake: interrupted\n")


@pytest.mark.parametrize(
    ("sql", "sentence"),
    [
        ("selec 1", 'wirelake: Parser Error: syntax error at or near "selec"\n'),
        ("select nope from stories", 'wirelake: Binder Error: Referenced column "nope" not found in FROM clause!\n'),
        (
            "select headlin from stories",
            'wirelake: Binder Error: Referenced column "headlin" not found in FROM clause! Candidate bindings: "headline"',
        ),
        ("select 'a'::int", "wirelake: Conversion Error: Could not convert string 'a' to INT32\n"),
    ],
)
@pytest.mark.parametrize("form", [[], ["--csv"]])
def test_an_error_of_sql_is_one_sentence(run: Run, sql: str, sentence: str, form: list[str]) -> None:
    code, _, err = run("query", sql, *form)
    assert code == 1
    assert err.startswith(sentence.rstrip("\n"))
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("sql", ["select 1 as a; -- one", "/* one */ select 1 as a -- ;\n;;\n/* two */"])
def test_comments_may_stand_anywhere(run: Run, sql: str) -> None:
    assert run("query", sql, "--csv") == (0, "a\n1\n", "")


@pytest.mark.parametrize("sql", ["", " ; ", "/* nothing */ -- at all"])
def test_a_query_without_a_statement_is_refused(run: Run, sql: str) -> None:
    code, out, err = run("query", sql)
    assert (code, out) == (2, "")
    assert err.startswith("wirelake: there is no statement")


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
