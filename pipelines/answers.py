"""An answer written out: as lines of text, as the bytes of a Parquet file, or into a file, whole or not at all."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.errors import UsageError
from pipelines.forms import csv_lines, distinct, json_array_lines, json_line, record_lines
from pipelines.lake import durable
from pipelines.lake.guard import file_beside

if TYPE_CHECKING:
    from pipelines.lake import Answer, Lake

PARQUET = "parquet"
TEXT_FORMS = ("csv", "json", "json-lines", "line")
"""The forms that are printed line by line; `line` is a row below the other, a value a line."""

_ENDINGS = {".csv": "csv", ".json": "json", ".jsonl": "json-lines", ".ndjson": "json-lines", ".parquet": PARQUET}

_CHUNK = 1 << 20


def text_lines(answer: "Answer", form: str) -> Iterator[str]:
    """The rows as text of a form (one of `TEXT_FORMS`), without the lines' ends, a batch of rows in memory at a time. Of several columns
    of one name the later ones have a number behind it."""
    names = distinct(answer.columns)
    rows = (row for batch in answer.batches() for row in batch.rename_columns(names).to_pylist())
    if form in ("csv", "line"):
        return csv_lines(names, rows) if form == "csv" else record_lines(names, rows)
    return json_array_lines(rows) if form == "json" else map(json_line, rows)


def parquet_chunks(answer: "Answer") -> Iterator[bytes]:
    """The rows as the bytes of one Parquet file; none before all rows are there."""
    with tempfile.TemporaryDirectory(prefix="wirelake-") as folder:
        path = Path(folder) / "answer.parquet"
        _write_parquet(answer, path)
        with path.open("rb") as written:
            while chunk := written.read(_CHUNK):
                yield chunk


def _write_parquet(answer: "Answer", path: Path) -> None:
    # DuckDB's own writer: rows go out as they come, and it has a type for each of its own.
    answer.take(lambda relation: relation.write_parquet(str(path), compression="zstd"))


def form_of(path: str) -> str:
    """The form that the ending of a file's name stands for. Raises UsageError."""
    ending = Path(path).suffix.lower()
    if ending not in _ENDINGS:
        raise UsageError(
            f"{path}: the ending says no form; name a file that ends with one of {', '.join(_ENDINGS)}, or give the form by its flag"
        )
    return _ENDINGS[ending]


def save(lake: "Lake", answer: "Answer", path: str, form: str) -> None:
    """Writes the rows into a file, which takes the place of one that is there when it is complete; until then that one stays. Raises
    UsageError for a path that is no file, or in the lake."""
    with durable.whole(file_beside(lake.path, path)) as part:
        if form == PARQUET:
            _write_parquet(answer, part)
            return
        with part.open("w", encoding="utf-8", errors="backslashreplace") as lines:
            lines.writelines(f"{line}\n" for line in text_lines(answer, form))
