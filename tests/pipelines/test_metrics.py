"""What a run leaves for a monitoring system: read back by Prometheus' own parser and as JSON."""

import dataclasses
import datetime as dt
import json
import os
import pathlib
import re
import stat
import threading

import pytest
from prometheus_client.parser import text_string_to_metric_families

from pipelines.metrics import COUNTS, Measured, Totals, json_text, prom_text, write
from schemas import Run

NOW = dt.datetime(2024, 6, 19, 12, 0, 30, tzinfo=dt.UTC)
LAST = Measured(
    run="ab" * 16,
    number=41,
    kind="watch",
    started_at=dt.datetime(2024, 6, 19, 12, tzinfo=dt.UTC),
    seconds=2.5,
    pieces=14,
    stories=10,
    again=1,
    rejected=2,
    not_text=1,
    already=3,
    late=4,
    rejected_reasons={"bad_json": 1, "empty": 1},
    parts_written=7,
    bytes_written=12345,
    oldest=dt.date(2024, 6, 12),
    newest=dt.date(2024, 6, 19),
)


def row(kind="ingest", minute=0, **counts):
    """A row of `runs`."""
    whole = dict.fromkeys(COUNTS, 0) | {"other_date": None, "late": None} | counts
    return {"number": 1, "kind": kind, "claimed_at": dt.datetime(2024, 6, 19, 10, minute, tzinfo=dt.UTC), **whole}


TOTALS = Totals.of(
    [row(minute=5, pieces=100, stories=80, again=12, rejected=8), row("compact", 7), row(minute=2, pieces=1, stories=1, late=1)]
)


def samples(text):
    """Every sample by its name and labels, as Prometheus' parser reads them."""
    return {
        (sample.name, *sample.labels.items()): sample.value for family in text_string_to_metric_families(text) for sample in family.samples
    }


def test_totals_are_the_sums_of_runs():
    assert TOTALS.runs == {"ingest": 2, "compact": 1}
    assert TOTALS.last_at == {kind: dt.datetime(2024, 6, 19, 10, minute, tzinfo=dt.UTC) for kind, minute in (("ingest", 5), ("compact", 7))}
    assert {name: getattr(TOTALS, name) for name in COUNTS if getattr(TOTALS, name)} == {
        "pieces": 101,
        "stories": 81,
        "again": 12,
        "rejected": 8,
        "late": 1,
    }


def test_a_run_is_added_to_the_totals_as_its_row_would_be():
    ended = dt.datetime(2024, 6, 19, 12, 0, 2, 500_000, tzinfo=dt.UTC)
    as_row = {"kind": "watch", "claimed_at": ended, **{name: getattr(LAST, name) for name in COUNTS}}
    rows = [row(pieces=5, stories=5), row("watch", 3, pieces=2, rejected=2)]
    assert Totals.of(rows).plus(LAST) == Totals.of([*rows, as_row])
    assert Totals().plus(LAST) == Totals.of([as_row])


def test_every_count_is_a_column_of_runs():
    assert [name for name in COUNTS if name not in Run.model_fields] == []
    counted = {name for name, field in Run.model_fields.items() if field.annotation in (int, int | None)}
    assert counted - set(COUNTS) == {"number"}


def test_prometheus_reads_what_was_counted():
    read = samples(prom_text(LAST, TOTALS.plus(LAST)))
    assert read == {
        ("wirelake_runs_total", ("kind", "ingest")): 2,
        ("wirelake_runs_total", ("kind", "watch")): 1,
        ("wirelake_runs_total", ("kind", "compact")): 1,
        ("wirelake_runs_total", ("kind", "purge")): 0,
        ("wirelake_runs_total", ("kind", "reprocess")): 0,
        ("wirelake_runs_total", ("kind", "stream")): 0,
        ("wirelake_pieces_total", ("outcome", "story")): 91,
        ("wirelake_pieces_total", ("outcome", "again")): 13,
        ("wirelake_pieces_total", ("outcome", "rejected")): 10,
        ("wirelake_pieces_total", ("outcome", "not_text")): 1,
        ("wirelake_already_total",): 3,
        ("wirelake_other_date_total",): 0,
        ("wirelake_late_stories_total",): 5,
        ("wirelake_last_run_timestamp_seconds", ("kind", "ingest")): dt.datetime(2024, 6, 19, 10, 5, tzinfo=dt.UTC).timestamp(),
        ("wirelake_last_run_timestamp_seconds", ("kind", "compact")): dt.datetime(2024, 6, 19, 10, 7, tzinfo=dt.UTC).timestamp(),
        ("wirelake_last_run_timestamp_seconds", ("kind", "watch")): LAST.started_at.timestamp() + 2.5,
        ("wirelake_last_run_number",): 41,
        ("wirelake_last_run_duration_seconds", ("kind", "watch")): 2.5,
        ("wirelake_last_run_stories_per_second", ("kind", "watch")): 4,
        ("wirelake_last_run_rejected_pieces", ("reason", "bad_json")): 1,
        ("wirelake_last_run_rejected_pieces", ("reason", "empty")): 1,
    }


def test_names_and_types_follow_the_conventions_of_prometheus():
    text = prom_text(LAST, TOTALS)
    assert text.endswith("\n")
    seen = []
    for line in text.splitlines():
        if line.startswith("# HELP "):
            seen.append(re.fullmatch(r"# HELP (wirelake_[a-z_]+) \S.*", line)[1])
        elif line.startswith("# TYPE "):
            name, kind = re.fullmatch(r"# TYPE (\w+) (counter|gauge)", line).groups()
            assert name == seen[-1]
            assert name.endswith("_total") == (kind == "counter")
        else:
            assert re.match(r"(\w+)[ {]", line)[1] == seen[-1]
    assert len(seen) == len(set(seen)) > 5


@pytest.mark.parametrize("reason", ['quo"ted', "back\\slash", "two\nlines", "\\n", 'a\\"b', "naïve", "{}=,", ""])
def test_any_reason_is_read_back_as_it_was(reason):
    read = samples(prom_text(dataclasses.replace(LAST, rejected_reasons={reason: 3, "plain": 1}), TOTALS))
    assert read["wirelake_last_run_rejected_pieces", ("reason", reason)] == 3
    assert read["wirelake_last_run_rejected_pieces", ("reason", "plain")] == 1


def test_a_run_that_did_nothing_in_no_time_is_told_too():
    idle = Measured(run="0" * 32, number=1, kind="compact", started_at=NOW, seconds=0.0)
    text = prom_text(idle, Totals().plus(idle))
    assert samples(text)["wirelake_last_run_stories_per_second", ("kind", "compact")] == 0
    assert "wirelake_last_run_rejected_pieces" not in text


def test_counters_never_fall_from_run_to_run():
    totals, before = Totals(), {}
    for number in range(5):
        totals = totals.plus(dataclasses.replace(LAST, number=number, kind="ingest" if number % 2 else "watch"))
        now = {key: value for key, value in samples(prom_text(LAST, totals)).items() if key[0].endswith("_total")}
        assert all(now[key] >= value for key, value in before.items())
        assert set(before) <= set(now)
        before = now


def test_the_json_has_all_of_it():
    read = json.loads(json_text(LAST, TOTALS, NOW))
    assert list(read) == ["last", "totals", "written_at"]
    assert read["written_at"] == "2024-06-19T12:00:30Z"
    assert set(read["last"]) == {field.name for field in dataclasses.fields(Measured)}
    assert read["last"]["started_at"] == "2024-06-19T12:00:00Z"
    assert (read["last"]["stories"], read["last"]["oldest"], read["last"]["rejected_reasons"]) == (
        10,
        "2024-06-12",
        {"bad_json": 1, "empty": 1},
    )
    assert read["totals"]["runs"] == {"ingest": 2, "compact": 1}
    assert read["totals"]["last_at"]["compact"] == "2024-06-19T10:07:00Z"
    assert read["totals"]["pieces"] == 101


# The files


def test_both_files_are_written_for_everybody_to_read_and_nothing_else_is_left(tmp_path):
    before = os.umask(0o022)
    try:
        for _ in range(2):
            write(tmp_path / "lake" / "_metrics", LAST, TOTALS, NOW)
    finally:
        os.umask(before)
    folder = tmp_path / "lake" / "_metrics"
    assert sorted(os.listdir(folder)) == ["metrics.json", "wirelake.prom"]
    assert (folder / "wirelake.prom").read_text() == prom_text(LAST, TOTALS)
    assert (folder / "metrics.json").read_text() == json_text(LAST, TOTALS, NOW)
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o644}


def test_a_reader_never_sees_half_a_file(tmp_path):
    write(tmp_path, LAST, TOTALS, NOW)
    whole = {text: prom_text(dataclasses.replace(LAST, number=text), TOTALS) for text in (1, 10**12)}
    stop = threading.Event()

    def writing():
        number = 0
        while not stop.is_set():
            number += 1
            write(tmp_path, dataclasses.replace(LAST, number=list(whole)[number % 2]), TOTALS, NOW)

    writer = threading.Thread(target=writing)
    writer.start()
    try:
        seen = {(tmp_path / "wirelake.prom").read_text() for _ in range(500)}
    finally:
        stop.set()
        writer.join()
    assert seen <= {*whole.values(), prom_text(LAST, TOTALS)}
    assert len(seen) > 1


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path, monkeypatch):
    write(tmp_path, LAST, TOTALS, NOW)
    before = {path.name: path.read_text() for path in tmp_path.iterdir()}

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pathlib.Path, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        write(tmp_path, dataclasses.replace(LAST, number=99), TOTALS, NOW)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == before
