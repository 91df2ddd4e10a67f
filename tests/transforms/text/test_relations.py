"""Clusters: the same whatever the order of arrival, with one head and at most one latest story each."""

import datetime as dt
import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.candidates import New, Surroundings
from transforms.relate import decided
from transforms.text.relations import DAY, STATE, Evidence, relate

T = dt.datetime(2024, 3, 4, 10, tzinfo=dt.UTC)


def member(number, *, chain=None, text=None, hours=0, version=None, precision="second", cluster=None):
    story_id = f"{number:032x}"
    return {
        "story_id": story_id, "chain": f"{chain or 1000 + number:032x}", "version": version, "versioncreated": None, "provider": "TST",
        "pubstatus": "usable", "published_at": T + dt.timedelta(hours=hours), "published_precision": precision,
        "content_hash": f"{text or 2000 + number:032x}", "cluster_id": cluster or story_id, "date": T.date(), "country": "NO",
        "run": "0" * 32, "bucket": "0",
    }  # fmt: skip


def state(states, number):
    return states[f"{number:032x}"]


def test_a_story_alone_is_its_own_cluster():
    (found,) = relate([member(1)]).values()
    assert found["cluster_id"] == f"{1:032x}"
    assert found["is_head"]
    assert found["is_latest"]
    assert found["relation"] is None


def test_equal_texts_are_copies_of_the_earliest():
    states = relate([member(1, text=7, hours=5), member(2, text=7, hours=1), member(3, text=7, hours=9)])
    assert {found["cluster_id"] for found in states.values()} == {f"{2:032x}"}
    assert state(states, 2)["relation"] is None
    assert state(states, 1)["relation"] == "exact"
    assert state(states, 1)["related_to"] == f"{2:032x}"
    assert state(states, 1)["similarity"] == 1.0
    assert [found["is_latest"] for found in states.values()].count(True) == 1
    assert state(states, 2)["is_latest"]


def test_a_copy_dated_by_the_day_is_not_older_than_the_wire_of_that_day():
    midnight = -T.hour
    wire = [member(2, chain=5, version=1), member(3, chain=5, version=2, hours=2)]
    paper = member(1, text=2002, hours=midnight, precision="day")
    states = relate([*wire, paper])
    assert {found["cluster_id"] for found in states.values()} == {f"{2:032x}"}
    assert state(states, 3)["is_latest"]
    assert state(states, 1)["relation"] == "exact"
    assert state(relate([*wire, {**paper, "published_at": paper["published_at"] - DAY}]), 1)["is_head"]


def test_of_two_takes_of_one_day_the_one_that_says_so_is_the_later():
    takes = [member(1, hours=0, precision="day"), member(2, hours=0, precision="day")]
    same = [(f"{1:032x}", f"{2:032x}")]
    for again, first in ((1, 2), (2, 1)):
        states = relate(takes, Evidence(same=same, marked=frozenset([f"{again:032x}"])))
        assert state(states, first)["is_head"]
        assert (state(states, again)["relation"], state(states, again)["is_latest"]) == ("version", True)


def test_equal_texts_far_apart_are_two_stories():
    states = relate([member(1, text=7), member(2, text=7, hours=73)])
    assert state(states, 1)["cluster_id"] != state(states, 2)["cluster_id"]


def test_a_story_dated_by_the_day_reaches_a_day_further():
    assert len({found["cluster_id"] for found in relate([member(1, text=7), member(2, text=7, hours=90, precision="day")]).values()}) == 1
    assert len({found["cluster_id"] for found in relate([member(1, text=7), member(2, text=7, hours=97, precision="day")]).values()}) == 2


def test_a_copy_of_day_precision_is_joined_over_a_nearer_one_that_is_out_of_reach():
    rows = [member(1, text=7), member(2, text=7, hours=80), member(3, text=7, hours=90, precision="day")]
    assert len({found["cluster_id"] for found in relate(rows).values()}) == 1


def test_the_greatest_version_is_latest_whatever_came_last():
    states = relate(
        [member(1, chain=5, version=3, hours=1), member(2, chain=5, version=1, hours=0), member(3, chain=5, version=2, hours=2)]
    )
    assert state(states, 1)["is_latest"]
    assert state(states, 2)["is_head"]
    assert state(states, 2)["superseded_by"] == state(states, 3)["superseded_by"] == f"{1:032x}"
    assert state(states, 3)["relation"] == "version"
    assert state(states, 3)["related_to"] == f"{2:032x}"
    assert state(states, 1)["superseded_by"] is None


def test_latest_is_the_newest_of_the_heads_chain_not_of_a_copys():
    rows = [member(1, chain=5, version=1, text=7), member(2, chain=6, version=9, text=7, hours=1), member(3, chain=5, version=2, hours=2)]
    states = relate(rows)
    assert [number for number in (1, 2, 3) if state(states, number)["is_latest"]] == [3]


def rows_by(draw_chains, draw_texts, hours):
    return [
        member(number, chain=chain, text=text, hours=hour, version=number % 3)
        for number, (chain, text, hour) in enumerate(zip(draw_chains, draw_texts, hours, strict=True), 1)
    ]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_clusters_do_not_depend_on_the_order_or_the_runs(data):
    count = data.draw(st.integers(1, 9))
    small = st.lists(st.integers(1, 4), min_size=count, max_size=count)
    rows = rows_by(data.draw(small), data.draw(small), data.draw(st.lists(st.integers(0, 200), min_size=count, max_size=count)))
    whole = relate(rows)
    assert relate(list(reversed(rows))) == whole
    order = data.draw(st.permutations(rows))
    cut = data.draw(st.integers(0, count))
    lake, states = {}, {}
    for batch in (order[:cut], order[cut:]):
        for table, row in decided(New(batch), Surroundings(list(lake.values())), "1" * 32):
            if table == "ids":
                lake[row["story_id"]] = row
            else:
                states[row["story_id"]] = {name: row[name] for name in STATE}
    assert states == whole


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4), st.integers(0, 200)), min_size=1, max_size=9))
def test_every_cluster_has_one_head_and_one_latest(drawn):
    rows = rows_by(*zip(*drawn, strict=True))
    states = relate(rows)
    assert set(states) == {row["story_id"] for row in rows}
    for _, group in itertools.groupby(
        sorted(states.values(), key=lambda found: found["cluster_id"]), key=lambda found: found["cluster_id"]
    ):
        cluster = list(group)
        assert sum(found["is_head"] for found in cluster) == 1
        assert sum(found["is_latest"] for found in cluster) == 1


def test_a_cluster_whose_head_an_earlier_release_chose_is_written_anew_when_it_is_met():
    stored = [member(number, text=7, hours=number, cluster=f"{2:032x}") for number in (1, 2)]
    changed = list(decided(New([member(3, text=7, hours=3)]), Surroundings(stored), "1" * 32))
    assert {row["story_id"] for table, row in changed if table == "updates"} == {f"{1:032x}", f"{2:032x}"}
    assert {row["cluster_id"] for _, row in changed} == {f"{1:032x}"}
    nothing = list(decided(New([]), Surroundings([{**row, "cluster_id": f"{1:032x}"} for row in stored]), "1" * 32))
    assert not nothing
