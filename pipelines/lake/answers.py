"""Answers of a lake's views as rows."""

from typing import Any

import duckdb

from schemas import Row


def rows_of(connection: duckdb.DuckDBPyConnection, sql: str, **values: Any) -> list[Row]:
    """The rows of an answer by the names of their columns; `values` are the statement's parameters."""
    answer = connection.sql(sql, params=values) if values else connection.sql(sql)
    rows: list[Row] = answer.to_arrow_table().to_pylist()
    return rows
