"""The lake for programs: rows in every form, parameters, one moment, and what is raised."""

import builtins
import datetime as dt
import os
import signal
import threading
from collections.abc import Iterator
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from pipelines.errors import UsageError
from pipelines.lake import Lake, open_lake

STORY = "select date, published_at, headline, countries, word_count from latest where country = 'KP'"


@pytest.fixture
def lake(seeds_lake: Any) -> Iterator[Lake]:
    with open_lake(str(seeds_lake.path)) as opened:
        yield opened


def test_rows_are_values_of_python(lake: Lake) -> None:
    (row,) = lake.sql(STORY).rows()
    assert list(row) == ["date", "published_at", "headline", "countries", "word_count"]
    assert row["date"] == dt.date(2024, 6, 19)
    assert row["published_at"] == dt.datetime(2024, 6, 19, tzinfo=dt.UTC)
    assert row["countries"][0]["code"] == "KP"


def test_columns_of_one_name_are_told_apart(lake: Lake) -> None:
    answer = lake.sql("select 1 as a, 2 as a")
    assert answer.columns == ["a", "a"]
    assert answer.rows() == answer.pandas().to_dict("records") == answer.polars().to_dicts() == [{"a": 1, "a_1": 2}]


def test_arrow_pandas_and_polars_have_the_same_rows(lake: Lake) -> None:
    answer = lake.sql("select story_id, date, published_at, word_count from stories order by story_id")
    arrow = answer.arrow()
    assert isinstance(arrow, pa.Table)
    assert arrow.num_rows > 20
    assert answer.columns == arrow.column_names
    assert answer.polars().to_dicts() == arrow.to_pylist() == answer.rows()
    pandas = answer.pandas()
    assert pandas["story_id"].tolist() == arrow["story_id"].to_pylist()
    assert str(pandas["published_at"].dtype) == "datetime64[us, UTC]"


def test_batches_are_the_rows_a_part_at_a_time(lake: Lake) -> None:
    batches = list(lake.sql("select range as n from range(5000)").batches(1000))
    assert len(batches) > 1
    assert pa.Table.from_batches(batches)["n"].to_pylist() == list(range(5000))
    assert list(lake.sql("select 1 where false").batches()) == []


@pytest.mark.parametrize(("query", "params"), [("$country", {"country": "K' or 'P"}), ("?", ["K' or 'P"]), ("$1", ("K' or 'P",))])
def test_values_are_no_part_of_the_sql(lake: Lake, query: str, params: Any) -> None:
    assert lake.sql(f"select {query} as given", params).rows() == [{"given": "K' or 'P"}]


def test_a_statement_that_changes_something_runs_once(lake: Lake) -> None:
    lake.sql("create table mine as select 1 as n")
    inserted = lake.sql("insert into mine values (2) returning n")
    assert inserted.rows() == inserted.rows() == [{"n": 2}]
    assert lake.sql("set variable a = 3; select getvariable('a') as a, count(*) as n from mine").rows() == [{"a": 3, "n": 2}]


def test_an_answer_is_printed_as_a_table(lake: Lake) -> None:
    assert str(lake.sql("select 1 as one")).splitlines() == ["┌───────┐", "│  one  │", "│ int32 │", "├───────┤", "│     1 │", "└───────┘"]
    assert "(2 shown)" in lake.sql("select range as a_longer_name from range(900)").table(max_rows=2)


def test_what_duckdb_says_is_raised_at_once(lake: Lake) -> None:
    with pytest.raises(duckdb.BinderException, match="nope"):
        lake.sql("select nope from stories")
    with pytest.raises(duckdb.ConversionException):
        lake.sql("select headline::int from stories").arrow()


def test_a_statement_that_would_write_into_the_lake_is_refused(lake: Lake, seeds_lake: Any) -> None:
    with pytest.raises(UsageError, match="the lake lies there"):
        lake.sql(f"copy stories to '{seeds_lake.path}/stories/x.parquet'")
    assert not (seeds_lake.path / "stories" / "x.parquet").exists()


@pytest.mark.parametrize("package", ["pandas", "polars"])
def test_a_package_that_is_not_installed_is_named(lake: Lake, monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    importing = builtins.__import__

    def without(name: str, *how: Any) -> Any:
        if name == package:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return importing(name, *how)

    answer = lake.sql("select 1")
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(UsageError, match=f"{package} is not installed; `pip install {package}`"):
        getattr(answer, package)()


def test_an_answer_whose_file_vanished_is_asked_again(lake: Lake) -> None:
    answer, errors = lake.sql("select 1 as n"), [FileNotFoundError("a part"), duckdb.IOException("No such file or directory")]

    def how(relation: duckdb.DuckDBPyRelation) -> Any:
        if errors:
            raise errors.pop()
        return relation.fetchall()

    assert answer.take(how) == [(1,)]
    assert errors == []


def test_a_closed_lake_answers_no_more(seeds_lake: Any) -> None:
    with open_lake(seeds_lake.path) as opened:
        assert opened.sql("select 1 as n").rows() == [{"n": 1}]
    with pytest.raises(duckdb.Error):
        opened.sql("select 1")


FOREVER = "select count(*) from range(1000000000000) a, range(9) b where a.range % 7 = b.range"


@pytest.mark.parametrize("taken", ["arrow", "rows", "pandas", "table", "batches"])
def test_control_c_ends_a_query(lake: Lake, taken: str) -> None:
    answer = lake.sql(FOREVER)
    threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        list(getattr(answer, taken)())
    assert lake.sql("select 1 as n").rows() == [{"n": 1}]


def test_another_thread_may_ask(lake: Lake) -> None:
    found: list[Any] = []
    asking = threading.Thread(target=lambda: found.extend(lake.sql("select 1 as n").rows()))
    asking.start()
    asking.join()
    assert found == [{"n": 1}]


def test_an_event_loop_hears_of_signals_after_a_query_as_before(lake: Lake) -> None:
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    before = signal.set_wakeup_fd(writing)
    handler = signal.signal(signal.SIGUSR1, lambda *_: None)
    try:
        threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGUSR1)).start()
        lake.sql("select count(*) from range(50000000) where range % 7 = 1").rows()
        assert signal.set_wakeup_fd(writing) == writing
        assert os.read(reading, 64) == bytes([signal.SIGUSR1])
    finally:
        signal.signal(signal.SIGUSR1, handler)
        signal.set_wakeup_fd(before)
        os.close(reading)
        os.close(writing)


def test_two_statements_that_ask_for_rows_are_refused(lake: Lake) -> None:
    with pytest.raises(UsageError, match="several statements ask for rows"):
        lake.sql("select 1; select 2")
    assert lake.sql("create temp table t as select 1 as a; select a from t").rows() == [{"a": 1}]
