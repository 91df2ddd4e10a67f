import datetime as dt
import decimal
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.forms import csv_lines, distinct, json_array_lines, json_line, record_lines

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(alphabet=st.characters(codec=None))


def test_a_moment_is_written_in_utc() -> None:
    east = dt.timezone(dt.timedelta(hours=9))
    assert json_line({"at": dt.datetime(2024, 6, 19, 9, tzinfo=east)}) == '{"at": "2024-06-19T00:00:00Z"}'


def test_types_that_json_lacks() -> None:
    row = {
        "day": dt.date(2024, 6, 19),
        "bytes": b"\x00\xff",
        "whole": decimal.Decimal(7),
        "part": decimal.Decimal("1.5"),
        "nan": math.nan,
        "within": [math.inf, {"a": -math.inf}],
    }
    assert json.loads(json_line(row)) == {
        "day": "2024-06-19",
        "bytes": "AP8=",
        "whole": 7,
        "part": 1.5,
        "nan": None,
        "within": [None, {"a": None}],
    }


def test_text_stays_readable_and_a_lone_surrogate_is_escaped() -> None:
    assert json_line({"a": "København"}) == '{"a": "København"}'
    assert json_line({"a": "é\udc80"}) == '{"a": "\\u00e9\\udc80"}'


@given(st.dictionaries(st.text(), SCALARS | st.lists(SCALARS)))
def test_any_row_is_one_line_of_valid_utf8_json(row: dict[str, object]) -> None:
    line = json_line(row)
    line.encode()
    assert len(line.splitlines()) == 1
    assert json.loads(line, parse_constant=lambda word: f"not JSON: {word}").keys() == row.keys()


def test_csv_quotes_what_needs_it_and_leaves_null_empty() -> None:
    rows: list[dict[str, object]] = [{"a": 'say "x", y', "b": None, "c": dt.date(2024, 6, 19)}, {"a": "", "b": [1, {"z": "é"}], "c": True}]
    assert list(csv_lines(["a", "b", "c"], rows)) == ["a,b,c", '"say ""x"", y",,2024-06-19', ',"[1, {""z"": ""é""}]",true']


def test_csv_without_rows_is_its_header() -> None:
    assert list(csv_lines(["a"], [])) == ["a"]


@pytest.mark.parametrize(
    ("names", "told_apart"),
    [([], []), (["a", "b"], ["a", "b"]), (["a", "a", "a"], ["a", "a_1", "a_2"]), (["a", "a", "a_1"], ["a", "a_2", "a_1"])],
)
def test_columns_of_one_name_are_told_apart(names: list[str], told_apart: list[str]) -> None:
    assert distinct(names) == told_apart


@given(st.lists(SCALARS, max_size=4))
def test_an_array_has_a_line_for_each_row(rows: list[object]) -> None:
    lines = list(json_array_lines(rows))
    assert len(lines) == max(len(rows), 1)
    assert json.loads("\n".join(lines)) == [json.loads(json_line(row)) for row in rows]


def test_records_are_rows_below_each_other() -> None:
    rows = [{"a": 1, "long": None}, {"a": [1, 2], "long": "x"}]
    assert list(record_lines(["a", "long"], rows)) == ["   a = 1", "long = ", "", "   a = [1, 2]", "long = x"]
    assert list(record_lines([], [])) == []
