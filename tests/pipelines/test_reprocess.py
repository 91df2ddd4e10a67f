"""`reprocess`: what was kept gives the lake that ingesting it with today's code gives."""

import datetime as dt

import pytest

from pipelines import reprocess, runs
from pipelines.doctor import examine
from pipelines.errors import UsageError
from pipelines.watch import Stop, watch
from tests.pipelines.asking import asked, settings
from tests.pipelines.feeds import Feed, message
from tests.pipelines.lines import story, write_lines
from transforms import clean as cleaning

TODAY = dt.datetime.now(dt.UTC).date()
ROWS = [
    story("1", guid="g1", version=1, dateline="OSLO"),
    story("2", guid="g2", body='Harbours stay shut. "We wait," said Kari Berg, the mayor of Oslo.'),
    story("3", guid="g1", version=2, published_at="2024-03-04T11:00:00Z", dateline="OSLO"),
]


def again(lake, first=TODAY - dt.timedelta(days=1), last=TODAY):
    return reprocess.reprocess(settings(lake), first, last)


def state(lake):
    """All that the views say but the runs. Which of several deliveries of a story is told to have made it depends on what came together."""
    views = ("stories", "latest", "entities", "quotes", "rejected", "raw")
    told = {name: asked(lake, f"select * exclude (run) from {name} order by all") for name in views}
    outcome = "case outcome when 'again' then 'story' else outcome end as outcome"
    made = f"select * exclude (run) replace ({outcome}) from deliveries order by all"
    return told | {"deliveries": asked(lake, made)}


@pytest.fixture
def lake(tmp_path):
    """Two rounds of messages, one of them twice, and a file without kept bytes that has one of their stories and one of its own."""
    lake = tmp_path / "lake"
    stop = Stop()
    batches = [
        [message("m1", ROWS[0]), message("m2", ROWS[1]), message("m4", b'{"id": "4"}')],
        [message("m3", ROWS[2]), message("m5", ROWS[0])],
    ]
    watch(Feed(batches, stop), settings(lake), stop, round_seconds=0)
    runs.ingest(settings(lake, write_lines(tmp_path / "copy.jsonl", [ROWS[0], story("own")])))
    return lake


@pytest.fixture
def new_rules(monkeypatch):
    real = cleaning.clean

    def clean(*arguments):
        row = real(*arguments)
        if row["headline"] == "Harbour 2":
            raise ValueError("no")
        row.update(body=row["body"].replace("Dredgers", "Boats"))
        return row

    return lambda: monkeypatch.setattr(cleaning, "clean", clean)


def test_today_s_code_over_the_same_bytes_changes_nothing(lake):
    before = state(lake)
    report = again(lake)
    assert (report.inputs, report.pieces, report.stories, report.again, report.rejected) == (5, 5, 3, 1, 1)
    assert state(lake) == before
    assert asked(lake, "select kind, pieces from runs order by number") == [("watch", 3), ("watch", 2), ("ingest", 2), ("reprocess", 5)]
    assert examine(lake).problems == []


def test_new_rules_rebuild_every_story_and_references_follow_it(lake, new_rules):
    old = [story_id for (story_id,) in asked(lake, "select story_id from stories where headline <> 'Harbour own'")]
    ids = asked(lake, "select delivery_id from deliveries order by 1")
    new_rules()
    again(lake)
    assert asked(lake, "select headline, body[:5] from stories order by 1") == [
        ("Harbour 1", "Boats"),
        ("Harbour 3", "Boats"),
        ("Harbour own", "Dredg"),
    ]
    assert asked(lake, "select delivery_id from deliveries order by 1") == ids, "delivery ids never change"
    outcomes = dict(asked(lake, "select message_id, outcome from deliveries where message_id is not null"))
    assert {outcomes.pop("m1"), outcomes.pop("m5")} == {"story", "again"}  # one story, by two messages
    assert outcomes == {"m2": "rejected", "m3": "story", "m4": "rejected"}
    assert asked(lake, "select outcome from deliveries where message_id is null order by 1") == [("again",), ("story",)]
    text = str(state(lake)) + str(asked(lake, "select * from ids")) + str(asked(lake, "select * from sketches"))
    assert [story_id for story_id in old if story_id in text] == []
    assert asked(lake, "select headline from latest order by 1") == [("Harbour 3",), ("Harbour own",)]
    assert asked(lake, "select count(*), count(distinct story_id) from quotes join stories using (story_id)") == [(3, 3)]
    assert asked(lake, "select count(*) from quotes") == [(3,)]
    assert asked(lake, "select count(*) from raw") == [(5,)]
    assert examine(lake).problems == []


def test_a_large_day_takes_several_runs(lake, new_rules, monkeypatch):
    new_rules()
    monkeypatch.setattr(reprocess, "DAY_BYTES", 1)
    report = again(lake)
    assert len(report.runs) == 5
    assert asked(lake, "select headline, body[:5] from stories order by 1") == [
        ("Harbour 1", "Boats"),
        ("Harbour 3", "Boats"),
        ("Harbour own", "Dredg"),
    ]


def test_days_without_kept_bytes_are_told(lake):
    with pytest.raises(UsageError, match="no bytes are kept"):
        again(lake, dt.date(2020, 1, 1), dt.date(2020, 1, 3))
    with pytest.raises(UsageError, match="before"):
        again(lake, dt.date(2020, 1, 2), dt.date(2020, 1, 1))
