"""The steps of the form with keyed state, each on a state of its own."""

import datetime as dt
import itertools

import pytest
from apache_beam.utils.timestamp import Timestamp

from schemas import encode
from transforms import relate_stream
from transforms.clusters import Clusters, Facts
from transforms.neighbours import SKETCHES
from transforms.text.relations import STATE

RUN = "f" * 32
AT = dt.datetime(2024, 6, 19, 10, tzinfo=dt.UTC)


def story(number, **changes):
    """Rows of `ids` and `sketches` of a story without a sketch."""
    name = f"{number:032x}"
    both = {"story_id": name, "chain": name, "provider": "TST", "published_at": AT + dt.timedelta(minutes=number)}
    both |= {"published_precision": "second", "content_hash": name, "date": AT.date(), "country": "ZZ", "run": RUN} | changes
    row = {"version": None, "versioncreated": None, "pubstatus": "usable", "cluster_id": name, "bucket": "0"} | both
    sketch = dict.fromkeys(SKETCHES.names) | {"sketch_version": 0} | {key: both[key] for key in both if key in SKETCHES.names}
    return row, sketch


def facts(*stories, **more):
    return Facts([row for row, _ in stories], [sketch for _, sketch in stories], **more)


def ids(*numbers):
    return tuple(f"{number:032x}" for number in numbers)


def states(rows):
    return {row["story_id"]: {key: row[key] for key in STATE} for table, row in rows if table != "ids"}


NOTICE = {"notice_id": "e" * 32, "kind": "kill", "story_id": None, "issued_at": AT, "title_keys": None}
ALL = [
    facts(story(1)),
    facts(story(2, chain=ids(1)[0], version=2)),
    facts(story(3, content_hash=ids(1)[0], provider="Other")),
    facts(story(4)),
    facts(story(5, provider="Paper")),
    facts(same=[ids(4, 5)]),
    facts(held=[ids(4, 1)]),
    facts(notices=[{**NOTICE, "chain": ids(5)[0]}]),
]


def test_facts_in_any_order_and_twice_make_the_same_clusters():
    whole = Clusters(RUN)
    _, rows = whole.take(
        Facts(*([each for one in ALL for each in getattr(one, kind)] for kind in ("ids", "sketches", "notices", "same", "held")))
    )
    expected = states(rows)
    assert [expected[name]["cluster_id"] for name in ids(1, 2, 3, 4, 5)] == list(ids(1, 1, 1, 4, 4))
    assert [expected[name]["relation"] for name in ids(1, 2, 3, 4, 5)] == [None, "version", "exact", "contains", "republication"]
    for order in itertools.islice(itertools.permutations(ALL), 0, None, 211):
        clusters, found = Clusters(RUN), {}
        for one in order:
            new, rows = clusters.take(one)
            assert new == one
            found |= states(rows)
            assert clusters.take(one) == (Facts(), [])
        assert found == expected


def test_what_does_not_change_is_not_told_again():
    clusters = Clusters(RUN)
    clusters.take(facts(story(1), story(4)))
    _, rows = clusters.take(facts(story(2, chain=ids(1)[0], version=2)))
    assert [(table, row["story_id"]) for table, row in rows] == [
        ("ids", ids(1)[0]),
        ("updates", ids(1)[0]),
        ("ids", ids(2)[0]),
        ("states", ids(2)[0]),
    ]


class Bag(list):
    def read(self):
        return list(self)

    def add(self, each):
        self.append(each)


class Cell:
    value = None

    def read(self):
        return self.value

    def write(self, value):
        self.value = value

    def clear(self):
        self.value = None


@pytest.mark.parametrize("pack", [2, 100])
def test_a_process_that_takes_over_knows_all(pack, monkeypatch):
    monkeypatch.setattr(relate_stream, "_PACK", pack)

    def found(steps):
        state = (Bag(), Bag(), Cell())
        elements = [("", list(relate_stream._fact_buffers(one))) for one in ALL]
        rows = [list(step.process(element, *state)) for step, element in zip(steps, elements, strict=True)]
        assert bool(state[1]) == (pack == 2)
        return rows

    one, other = relate_stream._Decide(RUN), relate_stream._Decide(RUN)
    alone = found([one] * len(ALL))
    assert [row["turn"] for rows in alone for _, row in rows] == sorted(row["turn"] for rows in alone for _, row in rows)
    assert found([other, relate_stream._Decide(RUN)] * (len(ALL) // 2)) == alone
    assert found([relate_stream._Decide(RUN) for _ in ALL]) == alone


def test_a_bundle_that_failed_is_taken_again():
    step, state = relate_stream._Decide(RUN), (Bag(), Bag(), Cell())
    first, second = (("", list(relate_stream._fact_buffers(one))) for one in ALL[:2])
    list(step.process(first, *state))
    kept, left = Bag(state[0]), state[2].read()
    rows = list(step.process(second, *state))
    state[0][:] = kept  # the engine takes the state of the last bundle that ended well
    state[2].write(left)
    assert list(step.process(second, *state)) == rows


class Timer:
    at = None

    def set(self, at):
        self.at = at


def test_a_busy_shard_drops_what_is_old():
    shard = relate_stream._Compare(1, dt.timedelta(hours=6))
    seen, due, timer = Bag(), Cell(), Timer()
    dropped = 0
    for number in range(100):
        _, sketch = story(number, published_at=AT + dt.timedelta(hours=6 * number))
        row = sketch | dict.fromkeys(("keys", "shingles"), number.to_bytes(4, "little")) | dict.fromkeys(("numbers", "lead", "names"), b"")
        element = ("0", [("sketches", encode([row | {"headline": b""}], SKETCHES))])
        now = Timestamp.of(sketch["published_at"].timestamp())
        assert list(shard.process(element, now, seen, due, timer)) == []
        assert list(shard.process(element, now, seen, due, timer)) == []
        while timer.at is not None and timer.at <= now:
            timer.at = None
            shard.expire(seen, due, timer)
            dropped += 1
    held = sum(len(relate_stream.decode([buffer])) for buffer in seen)
    assert 5 * 4 < held <= 7 * 4
    assert 15 < dropped < 25
    assert len(seen) <= relate_stream._LOOSE + 1
