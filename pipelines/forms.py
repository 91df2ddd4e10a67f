"""How rows are written out: JSON lines and CSV, as text for whoever prints it."""

import base64
import csv
import datetime as dt
import decimal
import io
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

Value = Any

_LINE_ENDS = (("\x85", "\\u0085"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029"))
"""What Unicode ends a line by and JSON does not escape: many readers would take one row for two."""


def json_line(row: Value) -> str:
    """One row as one line of JSON, without the line's end. Moments are ISO 8601 in UTC, bytes are base64."""
    try:
        text = json.dumps(row, ensure_ascii=False, default=_plain, allow_nan=False)
    except ValueError:  # JSON has no word for NaN and the infinities, which SQL can give
        row = _finite(row)
        text = json.dumps(row, ensure_ascii=False, default=_plain)
    for mark, escape in _LINE_ENDS:
        text = text.replace(mark, escape)
    # A lone surrogate (from a file name or a broken escape) has no UTF-8: only then is everything escaped.
    return text if _has_utf8(text) else json.dumps(row, default=_plain)


def json_array_lines(rows: Iterable[Value]) -> Iterator[str]:
    """Rows as one JSON array, a line for each; of none `[]`."""
    held = "["
    for row in rows:
        if held != "[":
            yield f"{held},"
            held = ""
        held += json_line(row)
    yield f"{held}]"


def distinct(names: Sequence[str]) -> list[str]:
    """Names of columns, told apart where several are equal, as DuckDB does in a subquery: `a`, `a_1`."""
    found: list[str] = []
    for name in names:
        number, free = 0, name
        while free in found or (number and free in names):
            number += 1
            free = f"{name}_{number}"
        found.append(free)
    return found


def record_lines(names: Iterable[str], rows: Iterable[Mapping[str, Value]]) -> Iterator[str]:
    """Rows one below the other, a line for each value and an empty one between two rows: for rows wider than any terminal."""
    names = list(names)
    width = max(map(len, names), default=0)
    for number, row in enumerate(rows):
        if number:
            yield ""
        for name in names:
            yield f"{name:>{width}} = {_cell(row[name])}"


def csv_lines(names: Iterable[str], rows: Iterable[Mapping[str, Value]]) -> Iterator[str]:
    """A header and the rows as CSV (RFC 4180 but for the line's end, which is left out); null is empty, nested values are JSON."""
    names = list(names)
    yield _csv_line(names)
    for row in rows:
        yield _csv_line([_cell(row[name]) for name in names])


def _csv_line(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(cells)
    return line.getvalue()


def _cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, (bool, int, float, list, dict)):
        return json_line(value)
    return str(_plain(value))


def _plain(value: Value) -> Value:
    """What JSON has for a value that it has no type for."""
    if isinstance(value, dt.datetime):
        if value.tzinfo is None:
            return value.isoformat()
        return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return base64.b64encode(bytes(value)).decode("ascii")
    return str(value)


def _finite(value: Value) -> Value:
    """The same value with null for each float that is no number."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(inner) for inner in value]
    return value


def _has_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
