"""The benches of continuous mode in a short form: they run on today's code and tell what they are asked. No time is judged here."""

import importlib
import pathlib
import re
import subprocess
import sys
import types

import pytest

HERE = pathlib.Path(__file__).resolve().parent


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    """`watch.py`, which finds the modules beside it as a program would."""
    monkeypatch.syspath_prepend(str(HERE))
    for name in ("watch", "watch_feed", "watch_lake", "generated_stories"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return importlib.import_module("watch")


def _printed(script: str, *arguments: str) -> str:
    """What a bench prints. It ends with 1 where this machine is too slow, which is no matter here; what fails says so on stderr."""
    done = subprocess.run([sys.executable, str(HERE / script), *arguments], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode in (0, 1), done.stderr
    assert not re.search(r"^(bench: |Traceback)", done.stderr, re.MULTILINE), done.stderr
    return done.stdout


def test_a_feed_and_a_backlog_are_measured_until_every_story_is_visible(tmp_path: pathlib.Path) -> None:
    sizes = ("--stories", "90", "--rounds", "3", "--rate", "10", "--seconds", "2", "--backlog", "20")
    printed = _printed("watch.py", "--source", "folder", "--work", str(tmp_path), *sizes)
    feed = re.search(r"folder, 20 messages at 10 a second, (\d+) of them new; a lake of 90 stories", printed)
    assert feed, printed
    assert 0 < int(feed[1]) <= 20
    waits = re.search(r"p50 ([\d.]+) s  p90 ([\d.]+) s  p99 ([\d.]+) s  max ([\d.]+) s", printed)
    assert waits, printed
    assert 0 < float(waits[1]) <= float(waits[2]) <= float(waits[3]) <= float(waits[4])
    assert re.search(r"most parts of a partition  \d+ \(", printed), printed
    assert re.search(r"a backlog of 20 messages, \d+ of them new", printed), printed
    assert re.search(r"watch takes [\d.]+ times as long, in \d+ runs", printed), printed


def test_logs_are_told_as_they_grow_and_the_lake_is_opened(tmp_path: pathlib.Path) -> None:
    printed = _printed("log.py", "--commits", "200", "--work", str(tmp_path))
    counts = [int(count) for count in re.findall(r"^ *(\d+) commits", printed, re.MULTILINE)]
    assert counts == sorted(counts)
    assert counts[-1] >= 200
    assert re.search(r"25 rows in runs; opened in [\d.]+ s", printed), printed


def test_the_lake_that_is_made_is_sound(bench: types.ModuleType, tmp_path: pathlib.Path) -> None:
    from pipelines.doctor import examine
    from pipelines.lake import open_lake

    lake = bench.watch_lake.made(tmp_path, 60, 30, 2)
    health = examine(lake)
    assert health.problems == []
    assert health.tables["stories"]["rows"] == health.tables["ids"]["rows"] == health.tables["deliveries"]["rows"] == 60
    assert health.tables["raw"]["rows"] == 2
    opened = open_lake(lake)
    wrong = (
        "select count(*) from entities e join stories s using (story_id) where substring(s.body, e.span_start + 1, len(e.text)) <> e.text"
    )
    assert opened.connection.execute(wrong).fetchone() == (0,)
    assert opened.connection.execute("select count(distinct story_id), count(distinct date) from stories").fetchone() == (60, 30)
    opened.close()


def test_a_lake_is_copied_with_logs_of_its_own(bench: types.ModuleType, tmp_path: pathlib.Path) -> None:
    log, part = tmp_path / "lake" / "runs" / "_delta_log" / "0.checkpoint.parquet", tmp_path / "lake" / "runs" / "0.parquet"
    log.parent.mkdir(parents=True)
    log.write_bytes(b"log")
    part.write_bytes(b"part")
    copy = bench.watch_lake.copied(tmp_path / "lake", tmp_path / "copy")
    assert (copy / "runs" / "0.parquet").samefile(part)
    assert not (copy / "runs" / "_delta_log" / log.name).samefile(log)


@pytest.mark.parametrize(
    ("measured", "good"), [((1.9, 4.9, 59), True), ((2.0, 4.9, 59), False), ((1.9, 5.0, 59), False), ((1.9, 4.9, 60), False)]
)
def test_what_is_promised_decides(bench: types.ModuleType, measured: tuple[float, float, int], good: bool) -> None:
    assert bench.kept(*measured) is good


def test_one_in_twenty_messages_comes_again_word_for_word(bench: types.ModuleType) -> None:
    messages = list(bench.watch_feed.messages(400, seed=5))
    again = len(messages) - len({key for key, _ in messages})
    assert 8 <= again <= 40
    assert len({data for _, data in messages}) == len(messages) - again
