"""What a statement of SQL answered: its rows, in the form that they are wanted in."""

import contextlib
import io
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

import duckdb
import pyarrow as pa

from pipelines.errors import UsageError
from pipelines.forms import distinct
from pipelines.lake.interrupts import interruptible
from schemas import Row

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

_BATCH_ROWS = 1_000

_Taken = TypeVar("_Taken")
Asking = Callable[[Callable[[duckdb.DuckDBPyConnection], _Taken]], _Taken]
"""How a lake is asked: once more where a file vanished meanwhile."""


class Answer:
    """The rows that a statement gives: by `arrow`, `pandas`, `polars` or `rows`, whole, or by `batches`, a part at a time. They are read
    when they are taken, each time anew; a statement that changes something ran when it was asked, once."""

    def __init__(self, relation: duckdb.DuckDBPyRelation, connection: duckdb.DuckDBPyConnection, ask: Asking[Any]) -> None:
        self.relation = relation
        """The same as DuckDB's own relation."""
        self._connection = connection
        self._ask = ask

    @property
    def columns(self) -> list[str]:
        """Names of the columns; several may be equal."""
        return list(self.relation.columns)

    def take(self, how: Callable[[duckdb.DuckDBPyRelation], _Taken]) -> _Taken:
        """What `how` makes of the relation; called once more where a file vanished meanwhile, because a run replaced it."""
        taken: _Taken = self._ask(lambda _: how(self.relation))
        return taken

    def arrow(self) -> pa.Table:
        """All rows as an Arrow table. Raises duckdb.Error for what DuckDB cannot compute, as all of these do."""
        return self.take(lambda relation: relation.to_arrow_table())

    def batches(self, rows: int = _BATCH_ROWS) -> Iterator[pa.RecordBatch]:
        """Arrow record batches of about so many rows: an answer of any size in little memory. Nothing else may be asked of the lake's
        connection until the last batch was taken.

        Where a file vanishes after the first batch was taken, because a run replaced it, an error tells: ask again."""

        def begun(relation: duckdb.DuckDBPyRelation) -> tuple[pa.RecordBatchReader, pa.RecordBatch | None]:
            reader = relation.to_arrow_reader(rows)
            return reader, next(reader, None)

        reader, batch = self.take(begun)
        while batch is not None:
            yield batch
            with interruptible(self._connection):
                batch = next(reader, None)

    def rows(self) -> list[dict[str, Any]]:
        """All rows as dictionaries of Python's own values, by name of column: times are aware and in UTC. Of several columns of one name
        the later ones have a number behind it."""
        rows: list[dict[str, Any]] = self.arrow().rename_columns(distinct(self.columns)).to_pylist()
        return rows

    def pandas(self) -> "pd.DataFrame":
        """All rows as a pandas DataFrame. Raises UsageError where pandas is not installed."""
        with _installed("pandas"):
            import pandas as _  # noqa: F401
        return self.take(lambda relation: relation.df())

    def polars(self) -> "pl.DataFrame":
        """All rows as a Polars DataFrame. Raises UsageError where Polars is not installed."""
        with _installed("polars"):
            import polars as _  # noqa: F401
        return self.take(lambda relation: relation.pl())

    def table(self, *, max_rows: int | None = None, max_width: int | None = None, max_col_width: int | None = None) -> str:
        """The rows drawn as DuckDB draws them: the first and last `max_rows` of them, `max_width` and `max_col_width` characters wide at
        most; without these as many as DuckDB shows and as wide as the terminal."""

        def drawn(relation: duckdb.DuckDBPyRelation) -> str:
            with contextlib.redirect_stdout(io.StringIO()) as shown:
                relation.show(max_rows=max_rows, max_width=max_width, max_col_width=max_col_width)
            return shown.getvalue().rstrip("\n")

        return self.take(drawn)

    def __repr__(self) -> str:
        return self.table()


def rows_of(connection: duckdb.DuckDBPyConnection, sql: str, **values: Any) -> list[Row]:
    """The rows of an answer by the names of their columns; `values` are the statement's parameters."""
    answer = connection.sql(sql, params=values) if values else connection.sql(sql)
    rows: list[Row] = answer.to_arrow_table().to_pylist()
    return rows


@contextlib.contextmanager
def _installed(package: str) -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] != package:
            raise
        raise UsageError(f"{package} is not installed; `pip install {package}`, or take the rows by arrow() or rows()") from error
