"""`ingest --date` and `backfill`: what is or was of a date replaces its rows, all else stays."""

import datetime as dt
import json

import pytest

from pipelines import retake, runs
from pipelines.doctor import examine
from pipelines.errors import UsageError
from tests.pipelines.asking import asked, settings
from tests.pipelines.lines import story, write_lines
from transforms import clean as cleaning

DAY, NEXT = "2024-03-04", "2024-03-05"


@pytest.fixture
def lake(tmp_path):
    return tmp_path / "lake"


def again(lake, source, date=DAY, **changes):
    return retake.ingest_date(settings(lake, source, **changes), dt.date.fromisoformat(date))


def state(lake):
    """All that the views say but who wrote it."""
    return {
        name: asked(lake, f"select * exclude (run) from {name} order by all")
        for name in ("stories", "latest", "entities", "quotes", "deliveries", "rejected")
    }


@pytest.fixture
def feed(tmp_path):
    rows = [
        story("1", guid="g1", version=1, dateline="OSLO"),
        story("2", guid="g2", published_at=f"{NEXT}T08:00:00Z"),
        story("3", guid="g1", version=2, published_at=f"{DAY}T11:00:00Z", dateline="OSLO"),
        story("4", published_at="2024-03-09T08:00:00Z"),
        '{"id": "5"}',
    ]
    return write_lines(tmp_path / "feed.jsonl", rows)


def test_the_same_code_over_the_same_bytes_changes_nothing_but_the_run(lake, feed):
    runs.ingest(settings(lake, feed))
    before = state(lake)
    report = again(lake, feed)
    assert (report.pieces, report.stories, report.again, report.other_date, report.rejected) == (5, 2, 0, 3, 0)
    assert "  3 of other dates, left as they are" in "\n".join(report.lines())
    assert state(lake) == before
    assert asked(lake, "select other_date, stories from runs order by number") == [(0, 4), (3, 2)]
    assert asked(lake, "select distinct date::text from stories where run = (select run from runs where number = 2)") == [(DAY,)]
    assert examine(lake).problems == []
    plain = f"select count(*) from read_parquet('{lake}/stories/date=*/*/*.parquet', hive_partitioning=true)"
    assert asked(lake, plain) == [(4,)]


def test_a_date_on_which_nothing_is_writes_nothing(lake, feed):
    runs.ingest(settings(lake, feed))
    report = again(lake, feed, "2031-01-01")
    assert (report.pieces, report.other_date, report.runs) == (5, 5, [])


def test_sources_that_the_lake_never_saw_are_taken_for_that_date_alone(lake, feed):
    report = again(lake, feed)
    assert (report.stories, report.other_date) == (2, 3)
    assert asked(lake, "select source_id from deliveries order by 1") == [("1",), ("3",)]
    rest = runs.ingest(settings(lake, feed))
    assert (rest.already, rest.pieces) == (1, 0), "the input counts as taken: --date or a changed file brings the rest"


@pytest.fixture
def new_rules(monkeypatch):
    """Puts another cleaner in place of today's: a function that changes the cleaned row."""

    def use(change):
        real = cleaning.clean

        def clean(*arguments):
            row = real(*arguments)
            change(row)
            return row

        monkeypatch.setattr(cleaning, "clean", clean)

    return use


def test_new_rules_give_new_ids_and_every_reference_follows(lake, tmp_path, feed, new_rules):
    runs.ingest(settings(lake, feed))
    copy = write_lines(tmp_path / "copy.jsonl", [story("1", guid="g1", version=1, dateline="OSLO")])
    runs.ingest(settings(lake, copy))
    (old,) = asked(lake, "select story_id from stories where version = 1")[0]
    new_rules(lambda row: row.update(body=row["body"].replace("Dredgers", "Boats")))
    report = again(lake, feed)
    assert report.stories == 2
    assert asked(lake, "select headline, body[:5] from stories order by 1") == [
        ("Harbour 1", "Boats"), ("Harbour 2", "Dredg"), ("Harbour 3", "Boats"), ("Harbour 4", "Dredg"),
    ]  # fmt: skip
    (new,) = asked(lake, "select story_id from stories where version = 1")[0]
    assert new != old
    assert asked(lake, f"select outcome from deliveries where story_id = '{new}' order by 1") == [("again",), ("story",)]
    everything = json.dumps(state(lake), default=str)
    assert old not in everything
    assert asked(lake, "select count(*) from ids where story_id not in (select story_id from stories)") == [(0,)]
    assert asked(lake, "select headline from latest order by 1") == [("Harbour 2",), ("Harbour 3",), ("Harbour 4",)]


def test_a_story_whose_date_moves_is_taken_from_both_of_its_days(lake, feed, new_rules):
    runs.ingest(settings(lake, feed))

    def moved(row):
        if row["date"].isoformat() == DAY:
            row.update(date=dt.date(2024, 3, 7), published_at=row["published_at"] + dt.timedelta(days=3))

    new_rules(moved)
    assert again(lake, feed, DAY).stories == 2, "it was on that day"
    assert asked(lake, "select date::text, count(*) from stories group by 1 order by 1") == [
        ("2024-03-05", 1),
        ("2024-03-07", 2),
        ("2024-03-09", 1),
    ]


def test_a_story_that_the_new_rules_bring_to_the_date_leaves_its_old_one(lake, feed, new_rules):
    runs.ingest(settings(lake, feed))

    def moved(row):
        if row["date"].isoformat() == NEXT:
            row.update(date=dt.date(2024, 3, 7), published_at=row["published_at"] + dt.timedelta(days=2))

    new_rules(moved)
    assert again(lake, feed, "2024-03-07").stories == 1, "it is on that day"
    assert asked(lake, "select date::text, count(*) from stories group by 1 order by 1") == [(DAY, 2), ("2024-03-07", 1), ("2024-03-09", 1)]


def test_a_piece_that_is_no_story_any_more_is_rejected_with_its_copies(lake, tmp_path, feed, new_rules):
    runs.ingest(settings(lake, feed))
    runs.ingest(settings(lake, write_lines(tmp_path / "copy.jsonl", [story("1", guid="g1", version=1, dateline="OSLO")])))

    def refuse(row):
        if row["headline"] == "Harbour 1":
            raise ValueError("no")

    new_rules(refuse)
    report = again(lake, feed)
    assert (report.stories, report.rejected) == (1, 1)
    assert asked(lake, "select source_id, outcome from deliveries order by source_id") == [
        ("1", "rejected"), ("1", "rejected"), ("2", "story"), ("3", "story"), ("4", "story"), (None, "rejected"),
    ]  # fmt: skip
    assert asked(lake, "select count(*) from rejected") == [(3,)]
    assert asked(lake, "select count(*) from deliveries where outcome = 'rejected'") == [(3,)]
    assert asked(lake, "select headline from stories order by 1") == [("Harbour 2",), ("Harbour 3",), ("Harbour 4",)]


def test_a_story_without_a_date_keeps_the_moment_when_it_first_came(lake, tmp_path):
    source = write_lines(tmp_path / "undated.jsonl", [story("1", published_at=None)])
    runs.ingest(settings(lake, source))
    ((date, received),) = asked(lake, "select date::text, received_at from stories")
    assert again(lake, source, date).stories == 1
    assert asked(lake, "select received_at from stories") == [(received,)]
    assert asked(lake, "select count(*) from deliveries") == [(1,)]


def test_kept_bytes_are_kept_once(lake, feed):
    runs.ingest(settings(lake, feed, keep_raw=True))
    again(lake, feed, keep_raw=True)
    assert asked(lake, "select count(*), count(distinct sha256) from raw") == [(5, 5)]


def test_a_dry_run_for_a_date_changes_nothing(lake, feed):
    runs.ingest(settings(lake, feed))
    before = state(lake)
    assert again(lake, feed, dry_run=True).stories == 2
    assert state(lake) == before
    assert asked(lake, "select count(*) from runs") == [(1,)]


def test_chunks_give_the_same_as_one_run(lake, feed, tmp_path, monkeypatch):
    more = [write_lines(tmp_path / f"{number}.jsonl", [story(f"m{number}", guid="g1", version=number + 3)]) for number in range(3)]
    runs.ingest(settings(lake, feed, *more))
    before = state(lake)
    monkeypatch.setattr(runs, "CHUNK_INPUTS", 1)
    report = retake.ingest_date(settings(lake, feed, *more), dt.date.fromisoformat(DAY))
    assert len(report.runs) == 4
    assert state(lake) == before


def test_a_backfill_goes_on_after_a_date_that_fails_and_names_it(lake, feed, monkeypatch):
    real = retake.ingest_date

    def failing(chosen, date, progress=None):
        if date.isoformat() == NEXT:
            raise OSError("the share is gone")
        return real(chosen, date, progress)

    monkeypatch.setattr(retake, "ingest_date", failing)
    done = retake.backfill(settings(lake, feed), dt.date(2024, 3, 4), dt.date(2024, 3, 9))
    assert done.failed == {NEXT: "the share is gone"}
    assert {date: report.stories for date, report in done.reports.items() if report.stories} == {DAY: 2, "2024-03-09": 1}
    assert done.lines()[-1] == f"{NEXT}  failed: the share is gone"


def test_a_backfill_of_no_days_is_refused(lake, feed):
    with pytest.raises(UsageError, match="before"):
        retake.backfill(settings(lake, feed), dt.date(2024, 3, 4), dt.date(2024, 3, 3))
