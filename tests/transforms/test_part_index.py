"""Keys of parts: what is found by them is what a scan finds, and a part is read once."""

import pathlib
import pickle

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from schemas import TABLES
from transforms import key_index, part_index
from transforms.neighbours import SKETCHES
from transforms.part_index import LakeParts, look_up, lots_with_keys, sketches_with, sketches_with_keys

COLUMNS = ["source_uri", "message_id", "input_size"]


def deliveries(path, rows):
    """A part of `deliveries` with (source_uri, message_id, size), all else null; without the columns named `lacking`."""
    schema = TABLES["deliveries"].file_schema()
    filled = [{"source_uri": uri, "message_id": message, "input_size": size} for uri, message, size in rows]
    nullable = pa.schema([field.with_nullable(True) for field in schema])
    path.parent.mkdir(exist_ok=True)
    pq.write_table(pa.Table.from_pylist(filled, schema=nullable), path, row_group_size=2)
    return str(path)


@pytest.fixture
def parts(tmp_path):
    return [
        deliveries(tmp_path / "a.parquet", [("k", "1", 1), ("k", "2", 2), ("f", None, 3), ("k", "2", 4), ("g", "5", 5)]),
        deliveries(tmp_path / "b.parquet", [("k", "7", 6), ("k", "1", 7)]),
    ]


def test_rows_of_all_parts_are_found_by_key_and_no_others(parts):
    found = look_up("deliveries", [parts], "message_id", {"1", "2", "none"}, COLUMNS)
    assert sorted(row["input_size"] for row in found) == [1, 2, 4, 7]
    assert look_up("deliveries", [parts], "message_id", {"none"}, COLUMNS) == []
    assert look_up("deliveries", [parts], "message_id", set(), COLUMNS) == []


def test_a_row_without_a_key_is_found_by_its_other_keys_alone(parts):
    (row,) = look_up("deliveries", [parts], "source_uri", {"f"}, COLUMNS)
    assert row == {"source_uri": "f", "message_id": None, "input_size": 3}


def test_equal_hashes_of_other_texts_are_told_apart_by_the_text(parts, monkeypatch):
    for module in (part_index, key_index):
        monkeypatch.setattr(module, "hashes", lambda texts: np.zeros(len(texts), dtype="int64"))
    monkeypatch.setattr(part_index, "_kept", part_index._Kept())
    assert [row["input_size"] for row in look_up("deliveries", [parts], "message_id", {"7"}, COLUMNS)] == [6]


def test_a_part_is_read_once_and_forgotten_when_others_need_the_room(tmp_path, monkeypatch):
    monkeypatch.setattr(part_index, "_kept", part_index._Kept())
    groups = [[deliveries(tmp_path / day / "a.parquet", [("k", "1", 1)])] for day in ("one", "two")]
    for group in groups:
        assert look_up("deliveries", [group], "message_id", {"none"}, COLUMNS) == []
        open(group[0], "wb").close()  # what is known of it needs no file any more
    assert look_up("deliveries", groups, "message_id", {"none"}, COLUMNS) == []
    monkeypatch.setattr(part_index, "KEPT_BYTES", 1)
    look_up("deliveries", [[deliveries(tmp_path / "three" / "a.parquet", [("k", "1", 1)])]], "message_id", {"none"}, COLUMNS)
    with pytest.raises(pa.ArrowInvalid):
        look_up("deliveries", groups, "message_id", {"none"}, COLUMNS)


def test_a_column_that_an_old_part_lacks_is_null(tmp_path):
    path = tmp_path / "old.parquet"
    pq.write_table(pa.table({"source_uri": ["k"], "message_id": ["1"]}), path)
    found = look_up("deliveries", [[str(path)]], "message_id", {"1"}, COLUMNS)
    assert found == [{"source_uri": "k", "message_id": "1", "input_size": None}]


def held(*keys):
    return np.array(keys, "<u4").tobytes()


def test_a_key_that_too_many_rows_hold_finds_none(tmp_path):
    groups = [[str(tmp_path / name / "a.parquet")] for name in ("one", "two")]
    for (path,) in groups:
        pathlib.Path(path).parent.mkdir()
    pq.write_table(pa.table({"story_id": ["a", "b"], "keys": [held(1, 7), held(2, 7)]}), groups[0][0])
    pq.write_table(pa.table({"story_id": ["c", "d"], "keys": [held(7), None]}), groups[1][0])
    keys = np.array([2, 7], np.uint32)
    assert sketches_with_keys(groups, "keys", keys)["story_id"].to_pylist() == ["a", "b", "c"]
    assert in_lots(groups, keys, 2) == [["b"]]
    assert len(sketches_with_keys(groups, "keys", keys[:0])) == 0
    assert in_lots(groups, keys[:0], 2) == []


def in_lots(groups, keys, most):
    with lots_with_keys(groups, "keys", keys, most) as lots:
        return [lot["story_id"].to_pylist() for lot in lots]


def test_lots_hold_so_many_rows_across_groups(tmp_path, monkeypatch):
    groups = [[str(tmp_path / name / "a.parquet")] for name in ("one", "two", "three")]
    for (path,), ids in zip(groups, ("abc", "d", "efghi"), strict=True):
        pathlib.Path(path).parent.mkdir()
        pq.write_table(pa.table({"story_id": list(ids), "keys": [held(7)] * len(ids)}), path)
    monkeypatch.setattr(part_index, "LOT_ROWS", 4)
    assert in_lots(groups, np.array([7], np.uint32), 100) == [["a", "b", "c", "d"], ["e", "f", "g", "h"], ["i"]]


def test_what_was_not_asked_for_lately_goes_first(tmp_path, monkeypatch):
    monkeypatch.setattr(part_index, "SPARED_BYTES", 1)
    monkeypatch.setattr(part_index, "IDLE", 2)
    groups = [[deliveries(tmp_path / name / "a.parquet", [("k", "1", 1)])] for name in ("one", "two", "three", "four", "five")]

    def look(group):
        return look_up("deliveries", [group], "message_id", {"none"}, COLUMNS)

    look(groups[0])
    open(groups[0][0], "wb").close()  # what is known of it needs no file any more
    for group in groups[1:3]:
        look(group)
    look(groups[0])
    for group in groups[3:]:
        look(group)
    look(groups[0])
    for group in groups[1:3]:
        look(group)
    look([deliveries(tmp_path / "six" / "a.parquet", [("k", "1", 1)])])
    with pytest.raises(pa.ArrowInvalid):
        look(groups[0])


def test_sketches_are_found_by_text(tmp_path):
    path = str(tmp_path / "a.parquet")
    pq.write_table(pa.table({"story_id": ["a", "b"], "content_hash": ["x", "y"], "keys": [held(1, 7), None]}), path)
    found = sketches_with([[path]], "content_hash", {"y", "z"})
    assert (found.schema, found["story_id"].to_pylist()) == (SKETCHES, ["b"])


def test_what_may_be_looked_up_travels_as_the_name_of_a_file(tmp_path):
    parts = LakeParts({"a": ("lake/ids/1",)}, {"2024-06-19": ("lake/sketches/1", "lake/sketches/2")}, ("lake/notices/1",), ("lake/runs/1",))
    stored = parts.stored_in(str(tmp_path / "parts.json"))
    sent = pickle.dumps(stored)
    assert b"sketches/1" not in sent
    assert pickle.loads(sent) is stored
    part_index._read.clear()  # as in another process
    assert pickle.loads(sent) == stored
    assert pickle.loads(pickle.dumps(parts)) == parts
