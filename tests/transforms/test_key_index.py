"""An index after parts came and went answers as a scan of the parts that are there."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms import key_index
from transforms.key_index import Index, hashes

STORIES = 40


def sketch_part(folder, name, stories):
    """A part of `sketches` of some stories (numbers), each with the keys n and n // 4."""
    path = folder / f"{name}.parquet"
    keys = [np.array([number, 1000 + number // 4], "<u4").tobytes() for number in stories]
    pq.write_table(pa.table({"story_id": [f"s{number}" for number in stories], "keys": pa.array(keys, pa.binary())}), path)
    return str(path)


def found(index, column, values):
    wanted = np.unique(values)
    which, rows = index.hits(column, wanted)
    assert len(which) == len(rows)
    return sorted(name for table in index.read(np.unique(rows), ["story_id"]) for name in table["story_id"].to_pylist())


Steps = st.lists(st.tuples(st.lists(st.integers(0, STORIES - 1), max_size=8), st.integers(0, 3)), min_size=1, max_size=12)


@settings(max_examples=40, deadline=None)
@given(steps=Steps)
def test_what_came_and_went_is_found_as_by_a_scan(steps, tmp_path_factory):
    folder = tmp_path_factory.mktemp("parts")
    index, there = Index("sketches"), {}
    for number, (stories, gone) in enumerate(steps):
        there[sketch_part(folder, number, stories)] = stories
        for path in list(there)[:gone]:
            del there[path]
        index.bring(list(there))
        every = [story for stories in there.values() for story in stories]
        for story in range(0, STORIES, 7):
            assert found(index, "keys", np.array([story], np.uint32)) == sorted(f"s{each}" for each in every if each == story)
            quarter = np.array([1000 + story // 4, 5000], np.uint32)
            assert found(index, "keys", quarter) == sorted(f"s{each}" for each in every if each // 4 == story // 4)
        assert found(index, "story_id", hashes(["s0", "s1", "none"])) == sorted(f"s{each}" for each in every if each < 2)


def test_small_neighbours_are_joined_and_what_is_gone_is_forgotten(tmp_path):
    index = Index("sketches")
    paths = []
    for number in range(64):
        paths.append(sketch_part(tmp_path, number, [number % STORIES]))
        assert index.bring(list(paths))
    assert len(index._blocks) <= 4
    assert all(len(segments) <= 4 for segments in index._segments.values())
    full = index.nbytes
    assert not index.bring(paths[:20])
    assert index.nbytes < full
    assert found(index, "keys", np.array([19, 20], np.uint32)) == ["s19"]


def test_large_blocks_are_left_as_they_are(tmp_path, monkeypatch):
    monkeypatch.setattr(key_index, "_LARGEST", 1)
    index, paths = Index("sketches"), []
    for number in range(5):
        paths.append(sketch_part(tmp_path, number, [number]))
        index.bring(list(paths))
    assert len(index._blocks) == 5
    assert found(index, "keys", np.array([1, 3, 4], np.uint32)) == ["s1", "s3", "s4"]


def test_a_part_that_cannot_be_read_changes_nothing(tmp_path):
    good, bad = sketch_part(tmp_path, "good", [1]), tmp_path / "bad.parquet"
    bad.write_bytes(b"no parquet")
    index = Index("sketches")
    index.bring([good])
    for paths in ([good, str(bad)], [good, str(tmp_path / "none.parquet")]):
        with pytest.raises((OSError, pa.ArrowInvalid)):
            index.bring(paths)
    assert not index.bring([good])
    assert found(index, "keys", np.array([1], np.uint32)) == ["s1"]
