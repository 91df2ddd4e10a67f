"""Files as a source: every input once, in slices that are bounded, and clear words for what cannot be."""

import datetime as dt
import gzip
import json
import os
import random
import zipfile

import pytest

from pipelines.errors import UsageError
from pipelines.sources import files, inputs
from pipelines.sources.files import find
from pipelines.sources.inputs import Input, open_input

NOW = dt.datetime(2024, 6, 19, 12, tzinfo=dt.UTC)


def read(found):
    """What the reader makes of inputs in one bundle: `items`, `failed`, and by name what it counted."""
    reader = inputs._ReadInput("0" * 32, NOW)
    reader.start_bundle()
    out = {"items": [], "failed": []}
    for each in found:
        for element in reader.process(each):
            out[getattr(element, "tag", "items")].append(getattr(element, "value", element))
    counted = [json.loads(entry.value.value[1])["count"] for entry in reader.finish_bundle()]
    return {**out, **dict(counted)}


def test_files_folders_and_patterns_are_found_once_in_order(tmp_path):
    for name in ("b.txt", "a.txt", "sub/c.txt", ".hidden", ".git/x", "odd [1]*.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    found = list(find([str(tmp_path / "b.txt"), str(tmp_path), str(tmp_path / "*.txt")]))
    names = [os.path.relpath(each.uri, tmp_path) for each in found]
    assert names == ["b.txt", "a.txt", "odd [1]*.txt", "sub/c.txt"]
    assert all(each.size == len(os.path.relpath(each.uri, tmp_path)) and each.mark for each in found)


def test_a_file_whose_name_is_a_pattern_is_that_file(tmp_path):
    (tmp_path / "a[1].txt").write_text("x")
    assert [each.uri for each in find([str(tmp_path / "a[1].txt")])] == [str(tmp_path / "a[1].txt")]


def test_a_name_that_is_no_text_is_read_all_the_same(tmp_path):
    path = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    with open(path, "wb") as handle:
        handle.write(b"story")
    (found,) = find([str(tmp_path)])
    assert found.uri.startswith("file://")
    assert found.uri.endswith("caf%E9.txt")
    with open_input(found.uri) as stream:
        assert stream.read() == b"story"
    assert [item.data for item in read([found])["items"]] == [b"story"]


@pytest.mark.parametrize(
    ("source", "says"),
    [("missing", "no such file"), ("*.none", "matches no file"), ("ftq://x/y", "cannot be listed"), ("pipe", "neither a file")],
)
def test_a_source_that_cannot_be_is_one_sentence(tmp_path, source, says):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UsageError, match=says):
        list(find([source if "://" in source else str(tmp_path / source)]))


def test_what_is_gone_when_it_is_read_is_a_failure_and_stops_nothing(tmp_path):
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    (tmp_path / "good").write_text("story")
    out = read(find([str(tmp_path)]))
    assert [(failure.stage, failure.refused.reason) for failure in out["failed"]] == [("read", "unreadable")]
    assert "No such file" in out["failed"][0].refused.detail
    assert out["pieces"] == 1
    assert [item.data for item in out["items"]] == [b"story"]


@pytest.mark.parametrize("packed", [False, True])
def test_a_large_line_file_is_read_in_slices_and_each_line_once(tmp_path, monkeypatch, packed):
    monkeypatch.setattr(files, "SLICE_BYTES", 1000)
    lines = [json.dumps({"id": number, "headline": "x" * (number % 90)}) for number in range(400)]
    data = ("\n".join(lines) + "\n").encode()
    (tmp_path / "feed").write_bytes(gzip.compress(data) if packed else data)
    inputs = list(find([str(tmp_path / "feed")]))
    assert len(inputs) > 10
    assert sum(each.weight for each in inputs) == len(data)
    assert [item.data.decode().strip() for item in read(inputs)["items"]] == lines


def test_a_large_zip_is_read_by_members_and_a_large_text_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "SLICE_BYTES", 1000)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for number in range(30):
            archive.writestr(f"{number}.txt", f"story {number} " * 20)
    (tmp_path / "b.txt").write_text("word " * 2000)
    zipped, text = list(find([str(tmp_path / "a.zip")])), list(find([str(tmp_path / "b.txt")]))
    assert len(zipped) > 3
    assert [item.origin.place for item in read(zipped)["items"]] == [f"{number}.txt" for number in range(30)]
    assert len(text) == 1


def test_web_pages_weigh_what_is_left_of_them(tmp_path, monkeypatch):
    for name in ("a.html", "b.HTM", "c.txt"):
        (tmp_path / name).write_text("word " * 400)
    assert [each.weight for each in find([str(tmp_path)])] == [125, 125, 2000]
    monkeypatch.setattr(files, "SLICE_BYTES", 8000)
    record = b"WARC/1.0\r\nWARC-Type: resource\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n"
    pages = [random.Random(number).randbytes(3000).hex().encode() for number in range(10)]
    packed = b"".join(gzip.compress(record % (len(page), page)) for page in pages)
    (tmp_path / "a.warc.gz").write_bytes(packed)
    inputs = list(find([str(tmp_path / "a.warc.gz")]))
    assert len(inputs) == -(-len(packed) // 8000)
    assert sum(each.weight for each in inputs) == pytest.approx(len(packed) / 4, rel=0.01)


def test_bytes_that_the_ledger_has_are_told_by_their_digest(tmp_path):
    (tmp_path / "a.txt").write_text("story")
    (first,) = find([str(tmp_path / "a.txt")])
    digest = read([first])["items"][0].origin.input_sha256
    again = read([Input(first.uri, size=5, mark="later", known_sha256=(digest,))])
    assert again == {"items": [], "failed": [], "already": 1, "pieces": 0}


def test_an_item_carries_where_it_came_from(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("in/b.txt", "story")
    (item,) = read(find([str(tmp_path / "a.zip")]))["items"]
    assert item.origin.source_uri == str(tmp_path / "a.zip")
    assert item.origin.place == "in/b.txt"
    assert item.origin.received_at == NOW
    assert item.origin.input_size == (tmp_path / "a.zip").stat().st_size
    assert len(item.origin.input_sha256) == 64


def test_what_would_never_end_is_passed_over_in_folders_and_patterns(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "today.txt").symlink_to(tmp_path / "pipe.txt")
    (tmp_path / "story.txt").write_text("story")
    for source in (tmp_path, tmp_path / "*.txt"):
        assert [os.path.basename(each.uri) for each in find([str(source)])] == ["story.txt"]


def test_a_lake_is_never_an_input(tmp_path):
    (tmp_path / "lake" / "runs" / "_delta_log").mkdir(parents=True)
    (tmp_path / "lake" / "runs" / "_delta_log" / "0.json").write_text("{}")
    (tmp_path / "lake" / "stories" / "date=2024-06-19").mkdir(parents=True)
    (tmp_path / "lake" / "stories" / "date=2024-06-19" / "a.parquet").write_text("x")
    (tmp_path / "story.txt").write_text("story")
    for source in (tmp_path, tmp_path / "**"):
        assert [os.path.relpath(each.uri, tmp_path) for each in find([str(source)])] == ["story.txt"]
