"""`purge`: no byte of the text is left under the lake, and it does not come in again."""

import datetime as dt
import io
import json

import pyarrow.parquet as pq
import pytest

from pipelines import options, reprocess, runs
from pipelines.doctor import examine
from pipelines.errors import UsageError, WirelakeError
from pipelines.explain import explain
from pipelines.purge import Wanted, purge
from pipelines.watch import Stop, watch
from tests.pipelines.asking import asked, settings
from tests.pipelines.feeds import Feed, message
from tests.pipelines.lines import story, write_lines
from transforms.text import formats
from transforms.text.formats import Format
from transforms.text.parsed import Parsed

SECRET = "Zanzibarium"
TEXT = "select * exclude (run, cluster_id, is_head, is_latest, relation, related_to, similarity)"
TODAY = dt.datetime.now(dt.UTC).date()


def secret(source_id, **fields):
    body = f'The {SECRET} was lost in Oslo. "The {SECRET} is gone," said Kari {SECRET}berg, the mayor of Oslo.'
    return story(source_id, **{"guid": "urn:x:bad", "headline": f"{SECRET} lost", "body": body, **fields})


ROWS = [
    secret("1", version=1),
    secret("2", version=2, published_at="2024-03-04T11:00:00Z", body=f"More of the {SECRET}. It is still lost in Oslo, the mayor said."),
    story("3", guid="g3", dateline="OSLO"),
    secret("4", guid="urn:x:other", provider="OTH", published_at="2024-03-04T12:00:00Z"),
]


def feed(lake, *messages):
    stop = Stop()
    return watch(Feed([[each] for each in messages], stop), settings(lake), stop, round_seconds=0)


def files_with(lake, text):
    """Every file under the lake that holds a text, packed or not: Parquet is unpacked, whether or not a log names it."""
    found = []
    for path in sorted(path for path in lake.rglob("*") if path.is_file()):
        data = path.read_bytes()
        if data.startswith(b"PAR1"):
            data += repr(pq.read_table(io.BytesIO(data)).to_pylist()).encode()
            data += repr(pq.ParquetFile(path).metadata.to_dict()).encode()
        if text.encode() in data:
            found.append(str(path.relative_to(lake)))
    return found


@pytest.fixture
def lake(tmp_path):
    """Messages with kept bytes, a file that repeats one of them, a rejected piece that names the guid, leftovers of dead runs."""
    lake = tmp_path / "lake"
    broken = json.dumps({"guid": "urn:x:bad", "note": SECRET, "body": 7, "headline": SECRET}).encode()
    feed(lake, *(message(f"m{number}", row) for number, row in enumerate(ROWS)), message("m9", broken))
    runs.ingest(settings(lake, write_lines(tmp_path / "copy.jsonl", [ROWS[0]])))
    (lake / "_staging" / "_aside-1").mkdir(parents=True)
    (lake / "_staging" / "_aside-1" / "x").write_text(SECRET)
    (part,) = [path for path in lake.glob("stories/date=*/country=*/*.parquet") if SECRET.encode() in path.read_bytes()][:1]
    (part.parent / f"{'0' * 32}-{'0' * 16}.parquet").write_bytes(part.read_bytes())
    return lake


def test_no_byte_of_a_guid_is_left_and_all_else_stays(lake):
    assert len(files_with(lake, SECRET)) > 10, "else the search below would prove nothing"
    others = asked(
        lake,
        f"{TEXT} from stories where guid <> 'urn:x:bad' order by all",
    )
    report = purge(str(lake), Wanted(guid="urn:x:bad"), reason="court order 12")
    assert (report.stories, report.deliveries, report.notices) == (2, 3, 2)
    assert asked(lake, f"{TEXT} from stories order by all") == others
    assert asked(lake, "select guid from latest order by 1") == [("g3",), ("urn:x:other",)]
    assert asked(lake, "select count(*) from stories where related_to is not null or not is_head") == [(0,)], (
        "nothing refers to what is gone"
    )
    assert asked(lake, "select outcome, reason, count(*) from deliveries group by all order by all") == [
        ("rejected", "bad_field", 1), ("rejected", "purged", 3), ("story", None, 2),
    ]  # fmt: skip
    assert asked(lake, "select stage, reason, detail, payload from rejected order by all") == [
        ("parse", "bad_field", "purged", None), *[("purge", "purged", "purged: court order 12", None)] * 3,
    ]  # fmt: skip
    assert asked(lake, "select kind, guid, reason from notices") == [("purge", "urn:x:bad", "court order 12")] * 2
    assert asked(lake, "select message_id from raw order by 1") == [("m2",), ("m3",)]
    assert examine(lake).problems == []
    purge(str(lake), Wanted(guid="urn:x:other"))
    assert files_with(lake, SECRET) == []
    assert asked(lake, "select kind from runs order by number")[-2:] == [("purge",), ("purge",)]


def test_what_was_purged_does_not_come_in_again(lake, tmp_path):
    purge(str(lake), Wanted(guid="urn:x:bad"))
    purge(str(lake), Wanted(guid="urn:x:other"))
    report = feed(
        lake,
        message("n1", ROWS[0]),
        message("n2", secret("8", version=9, body=f"A new take on the {SECRET}.")),
        message("n3", story("new")),
    )
    assert (report.stories, report.rejected, report.rejected_reasons) == (1, 2, {"purged": 2})
    runs.ingest(settings(lake, write_lines(tmp_path / "more.jsonl", [ROWS[1], ROWS[3]]), keep_raw=True))
    assert asked(lake, "select count(*) from stories where guid like 'urn%'") == [(0,)]
    assert files_with(lake, SECRET) == []
    assert asked(lake, "select message_id from raw where message_id like 'n%'") == [("n3",)]


def test_one_story_goes_and_its_versions_and_the_same_guid_stay_welcome(lake):
    ((story_id,),) = asked(lake, "select story_id from stories where guid = 'urn:x:bad' and version = 2")
    assert purge(str(lake), Wanted(story=story_id[:12])).stories == 1
    assert asked(lake, "select version from latest where guid = 'urn:x:bad'") == [(1,)], "what it had superseded is the newest again"
    assert files_with(lake, "More of the") == []
    report = feed(lake, message("n1", ROWS[1]), message("n2", secret("5", version=3)))
    assert (report.stories, report.rejected_reasons) == (1, {"purged": 1})


def test_a_provider_and_a_date_go_whole(lake):
    assert purge(str(lake), Wanted(provider="OTH")).stories == 1
    assert asked(lake, "select distinct provider from stories") == [("TST",)]
    assert purge(str(lake), Wanted(before=dt.date(2024, 3, 4))).stories == 0
    assert purge(str(lake), Wanted(before=dt.date(2024, 3, 5))).stories == 3
    for view in ("stories", "entities", "quotes", "sketches", "ids", "updates", "raw"):
        kept = 1 if view == "raw" else 0  # the broken message has no provider and no date
        assert asked(lake, f"select count(*) from {view}") == [(kept,)], view
    assert examine(lake).problems == []


def test_reprocess_does_not_bring_it_back(lake):
    purge(str(lake), Wanted(guid="urn:x:bad"))
    settled = options.Settings(lake=str(lake), sources=())
    assert reprocess.reprocess(settled, TODAY - dt.timedelta(days=1), TODAY).stories == 2
    assert asked(lake, "select count(*) from stories where guid = 'urn:x:bad'") == [(0,)]
    assert asked(lake, "select count(*) from deliveries where reason = 'purged'") == [(3,)]


def test_an_item_of_many_stories_is_kept_without_the_one(tmp_path, monkeypatch):
    """A format of the test's own, as no format of today has many stories in an item."""
    many = Format(
        "many",
        lambda document: document.data.startswith(b"MANY"),
        lambda document: [Parsed(format="many", **row) for row in json.loads(document.data[4:])],
        order=0,
    )
    known = (many, *formats.formats())
    monkeypatch.setattr(formats, "formats", lambda: known)
    rows = [
        {
            "guid": f"g{number}",
            "headline": f"Item {number}",
            "body": f"Text number {number} of the {'Aconcagua' if number == 1 else 'Kilimanjaro'} news.",
        }
        for number in range(3)
    ]
    lake = tmp_path / "lake"
    feed(lake, message("m1", b"MANY" + json.dumps(rows).encode()))
    before = asked(lake, "select delivery_id, piece, source_uri from deliveries order by piece")
    purge(str(lake), Wanted(guid="g1"))
    assert files_with(lake, "Aconcagua") == []
    assert files_with(lake, "Kilimanjaro")
    settled = options.Settings(lake=str(lake), sources=())
    assert reprocess.reprocess(settled, TODAY - dt.timedelta(days=1), TODAY).stories == 2
    assert asked(lake, "select delivery_id, piece, source_uri from deliveries order by piece") == before
    assert asked(lake, "select outcome, reason from deliveries order by piece") == [
        ("story", None),
        ("rejected", "purged"),
        ("story", None),
    ]
    assert asked(lake, "select headline from latest order by 1") == [("Item 0",), ("Item 2",)]
    report = feed(lake, message("m2", b"MANY" + json.dumps(rows).encode()))
    assert (report.again, report.rejected) == (2, 1)
    assert files_with(lake, "Aconcagua") == []


def test_a_dry_run_only_counts(lake):
    before = files_with(lake, SECRET)
    report = purge(str(lake), Wanted(guid="urn:x:bad"), dry_run=True)
    assert (report.stories, report.runs) == (2, [])
    assert report.lines() == ["2 stories would be removed for good"]
    assert files_with(lake, SECRET) == before


@pytest.mark.parametrize("given", [{}, {"guid": "a", "provider": "b"}, {"guid": ""}])
def test_exactly_one_thing_is_named(given):
    with pytest.raises(UsageError, match="exactly one"):
        Wanted(**given)


def test_an_unknown_or_ambiguous_story_is_refused(lake):
    with pytest.raises(UsageError, match="no story"):
        purge(str(lake), Wanted(story="nothing"))
    with pytest.raises(UsageError, match="exactly one"):
        purge(str(lake), Wanted(story=""))


def test_a_guid_that_is_not_there_is_told(lake):
    assert purge(str(lake), Wanted(guid="urn:nobody")).lines() == ["nothing of that is in the lake"]


def test_explain_says_what_became_of_it(lake):
    ((story_id,),) = asked(lake, "select story_id from stories where guid = 'urn:x:other'")
    purge(str(lake), Wanted(guid="urn:x:other"), reason="court order 12")
    with pytest.raises(WirelakeError, match=f"the story {story_id} was purged on .*court order 12"):
        explain(str(lake), story_id)
