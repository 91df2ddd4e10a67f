"""The pages of SQL: every question is asked of the lake of the seeds, and the pages show what was answered.

`WIRELAKE_WRITE_DOCS=1 pytest tests/pipelines/test_cookbook.py` writes the answers into docs/cookbook.md and docs/sql.md anew."""

import contextlib
import io
import os
import pathlib
import re
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from pipelines.cli import asking
from pipelines.lake import Lake, open_lake, printed_views
from pipelines.lake.macros import MACROS

DOCS = pathlib.Path(__file__).resolve().parents[2] / "docs"
PAGES = ("cookbook.md", "sql.md")

ASKED = re.compile(r"^```sql\n(?P<query>.*?)^```\n(?:\n```text\n(?P<answer>.*?)^```\n)?", flags=re.MULTILINE | re.DOTALL)
"""A question and, behind it, what was answered."""

QUESTIONS = [(page, found["query"], found["answer"]) for page in PAGES for found in ASKED.finditer((DOCS / page).read_text("utf-8"))]
QUERIES = [query for _, query, _ in QUESTIONS]


@pytest.fixture(scope="module")
def lake(seeds_lake: Any) -> Iterator[Lake]:
    with open_lake(seeds_lake.path) as opened:
        yield opened


@pytest.fixture(scope="module")
def plain(seeds_lake: Any) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB that knows nothing but what `wirelake views` printed, and gives rows in no order but one that is asked for."""
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'; set preserve_insertion_order = false; set threads = 4")
        connection.execute(printed_views(seeds_lake.path))
        yield connection


@pytest.fixture(scope="module")
def answered(lake: Lake) -> dict[str, str]:
    """What `wirelake query` prints of each question; one lake opened for all."""
    printed = {}
    for query in QUERIES:
        with contextlib.redirect_stdout(io.StringIO()) as said:
            asking.print_answer(lake.sql(query))
        printed[query] = said.getvalue()
    return printed


def test_the_pages_show_what_is_answered(answered: dict[str, str]) -> None:
    if os.environ.get("WIRELAKE_WRITE_DOCS"):
        for page in PAGES:
            text = (DOCS / page).read_text("utf-8")
            text = ASKED.sub(lambda found: f"```sql\n{found['query']}```\n\n```text\n{answered[found['query']]}```\n", text)
            (DOCS / page).write_text(text, "utf-8")
        return
    for page, query, answer in QUESTIONS:
        assert answer == answered[query], f"{page} (WIRELAKE_WRITE_DOCS=1 writes all answers anew): {query}"


@pytest.mark.parametrize("query", QUERIES)
def test_every_question_has_an_answer_which_plain_files_give_too(query: str, lake: Lake, plain: duckdb.DuckDBPyConnection) -> None:
    rows = lake.sql(query).relation.fetchall()
    assert rows
    assert rows == plain.sql(query).fetchall()


def test_no_answer_tells_of_the_run_that_it_was_made_by(answered: dict[str, str], lake: Lake) -> None:
    (row,) = lake.sql("select list(distinct run) as runs, min(received_at) as first, max(received_at) as last from deliveries").rows()
    of_the_run = [*row["runs"], str(row["first"].date()), str(row["last"].date()), str(lake.path.parent), str(DOCS.parent)]
    assert [query for query, text in answered.items() if any(word in text for word in of_the_run)] == []


def test_the_cookbook_asks_twenty_questions_in_words() -> None:
    headings = re.findall(r"^### .*[?]$", (DOCS / "cookbook.md").read_text("utf-8"), flags=re.MULTILINE)
    assert len(headings) == len(set(headings)) == sum(page == "cookbook.md" for page, _, _ in QUESTIONS) >= 20


def test_related_stories_of_the_cluster_come_first_and_then_the_best(lake: Lake) -> None:
    busiest = "select max_by(story_id, (published_at, story_id)) from latest where country = 'TZ'"
    rows = lake.sql(f"select relation = 'names' as by_name, -score as below from related(({busiest}), days := 400)").relation.fetchall()
    assert len(rows) > 3
    assert rows == sorted(rows)


def test_every_macro_is_explained_and_no_other() -> None:
    page = (DOCS / "sql.md").read_text("utf-8")
    sections = dict(re.findall(r"^### ([^\n]*\))\n(.*?)(?=^##|\Z)", page, flags=re.MULTILINE | re.DOTALL))
    assert set(sections) == {macro.call for macro in MACROS}
    assert [call for call, text in sections.items() if f"{call.partition('(')[0]}(" not in "".join(ASKED.findall(text)[0])] == []
