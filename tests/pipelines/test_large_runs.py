"""Runs of an engine take a thousand times as much as runs in the process, and still hold no day, country or archive in one place."""

import collections
import gzip
import random

import pytest

from pipelines import ingest, runs
from pipelines.options import Settings
from pipelines.sources import files
from tests.engines import lakes
from tests.pipelines.asking import asked, settings
from tests.pipelines.lines import story, write_lines
from transforms import write_parts


@pytest.fixture
def as_on_an_engine(monkeypatch):
    """What is done there is done here, and all that is small is large."""

    def turn(*, on):
        monkeypatch.setattr(Settings, "in_process", property(lambda _: not on))

    for module, name, value in (
        (ingest, "_LARGE_BYTES", 0),
        (ingest, "_UNCUT_BYTES", 0),
        (ingest, "_SPREAD_BYTES", 0),
        (ingest, "_FEW", 1),
        (ingest, "_LOT_BYTES", 2**14),
        (write_parts, "PART_BYTES", 2**13),
    ):
        monkeypatch.setattr(module, name, value)
    turn(on=True)
    return turn


def take(lake, *sources):
    return runs.ingest(settings(lake, *sources))


@pytest.fixture
def feed(tmp_path):
    """Two files of some days: many stories of one day and country, and copies, versions and kills among them."""
    lines = list(lakes.lines(120))
    for name, batch in (("a.jsonl", lines[:80]), ("b.jsonl", lines[80:])):
        (tmp_path / name).write_bytes(b"".join(batch))
    (tmp_path / "c.jsonl.gz").write_bytes(gzip.compress(b"".join(random.Random(1).sample(lines, 30))))
    return [tmp_path / name for name in ("a.jsonl", "b.jsonl", "c.jsonl.gz")]


def test_a_partition_too_large_for_a_worker_becomes_several_parts_of_the_same_rows(feed, tmp_path, as_on_an_engine, monkeypatch):
    take(tmp_path / "engine", *feed)
    parts = collections.Counter(path.parent for path in (tmp_path / "engine" / "stories").glob("*/*/*.parquet"))
    assert max(parts.values()) > 2
    monkeypatch.undo()
    take(tmp_path / "here", *feed)
    assert lakes.views(tmp_path / "engine") == lakes.views(tmp_path / "here")


@pytest.fixture
def source(tmp_path, monkeypatch):
    """An archive of forty stories, which is large here."""
    monkeypatch.setattr(files, "SLICE_BYTES", 2_000)
    lines = write_lines(tmp_path / "lines.jsonl", [story(str(number), body=f"Number {number * 7919} it was.") for number in range(40)])
    source = tmp_path / "a.jsonl.gz"
    source.write_bytes(gzip.compress(lines.read_bytes()))
    return source


def test_an_archive_is_whole_on_an_engine_and_in_slices_here_and_taken_once(source, tmp_path, as_on_an_engine):
    assert len(list(files.find([str(source)], whole_gzip=True))) == 1
    slices = len(list(files.find([str(source)])))
    assert slices > 2
    for first in (True, False):
        lake = tmp_path / f"lake{first}"
        as_on_an_engine(on=first)
        assert take(lake, source).stories == 40
        as_on_an_engine(on=not first)
        again = take(lake, source)
        assert (again.pieces, again.already, again.inputs) == (0, slices, slices)
        assert asked(lake, "select count(*), count(distinct delivery_id) from deliveries") == [(40, 40)]


def test_a_part_of_what_was_in_slices_is_taken_on_an_engine(source, tmp_path, as_on_an_engine, monkeypatch):
    """A run in the process died after its first chunks."""
    as_on_an_engine(on=False)
    every = list(files.find([str(source)]))
    monkeypatch.setattr(runs.files, "find", lambda *_, **__: iter(every[:2]))
    some = take(tmp_path / "lake", source).stories
    assert 0 < some < 40
    monkeypatch.setattr(runs.files, "find", lambda *_, **__: iter([files.local(str(source))]))
    as_on_an_engine(on=True)
    assert take(tmp_path / "lake", source).stories == 40 - some
    assert asked(tmp_path / "lake", "select count(*), count(distinct delivery_id) from deliveries") == [(40, 40)]
