"""The form with keyed state makes of stories that come one by one, late and again what a batch makes of all of them."""

import datetime as dt
import json
import random

import pytest

from tests.pipelines.arrivals import LATENESS, arrivals, final, held_of, published, stream_of, told
from tests.pipelines.generated import LONG, states

HOUR = 3600
DAY = 24 * HOUR
BODY = (
    "The harbour of Northport opened on Tuesday after a winter of repairs, the port office said.",
    "Fishermen had waited since October, and two ferries left before noon with 340 passengers.",
    "Mayor Ines Falk told a crowd of 1,200 that the new pier cost 18 million crowns.",
)
CUT = (*BODY[:2], "Captain Orla Venn said that the ice had gone a week sooner than in other years.")
EVOLVED = (
    "Passengers cheered on the quay of Northport, a band played and snow fell on the flags.",
    BODY[0],
    "Children were given oranges by the crew, who had painted both hulls red.",
)
OTHER = (
    "Rain fell over the southern valleys all night and the river rose by a metre, the weather service of Selm reported at dawn.",
    "Three villages were cut off and a bridge was closed for lorries until Friday.",
)
WITHDRAWN = ("The story of this slug is withdrawn. There will be no substitute story for it today.",)


@pytest.fixture(scope="module")
def stories(generated_lines):
    return held_of(generated_lines)


@pytest.mark.parametrize(
    ("seed", "at_once", "shards"), [(0, 16, 8), (1, 4, 2), (2, 16, 1), *((seed, 4, 32) for seed in range(3, 6) if LONG)]
)
def test_arrivals_in_any_order_are_equal_to_one_run(stories, generated_states, seed, at_once, shards):
    rows, dropped = told(stream_of(arrivals(stories, seed), at_once), shards)
    assert final(rows) == generated_states
    assert dropped > len(generated_states)
    told_first = [row["story_id"] for table, row in rows if table == "states"]
    assert sorted(told_first) == [row[0] for row in generated_states]
    updated = [row["story_id"] for table, row in rows if table == "updates"]
    assert updated
    assert sorted(row["story_id"] for table, row in rows if table == "ids") == sorted([*told_first, *updated])


def line(guid, body, hour=10, **changes):
    """A story as a JSON line (ninjs), so many hours after midnight."""
    at = dt.datetime(2024, 6, 19, tzinfo=dt.UTC) + dt.timedelta(hours=hour)
    row = {"uri": guid, "type": "text", "version": "1", "pubstatus": "usable", "headline": "Northport harbour opens", "provider": "TST"}
    row |= {"versioncreated": at.isoformat(), "body_html": "".join(f"<p>{text}</p>" for text in body)}
    return json.dumps(row | changes).encode() + b"\n"


def kill(hour=13, **changes):
    """A kill of its own identity, which names what it withdraws in words."""
    return line("urn:x:kill", WITHDRAWN, hour, **{"signal": "kill", "headline": "STORY WITHDRAWN-Northport harbour opens"} | changes)


DAY_OF_ALL_KINDS = (
    line("urn:x:1", BODY, slugline="NORTHPORT"),
    line("urn:x:1", (*BODY, OTHER[1]), 12, version="2", slugline="NORTHPORT"),
    line("urn:copy:1", BODY, 11, provider="The Copy"),
    line("urn:paper:9", CUT, 15, provider="The Paper", headline="Harbour open again in Northport"),
    line("urn:x:2", EVOLVED, 14, evolvedfrom="urn:x:1", headline="Ferries run again"),
    line("urn:x:3", OTHER, 12, headline="Rain in the valleys"),
)
"""An exact copy, versions by guid and by a link, a republication, and a story apart."""


def in_order(lines, seed, size, last=()):
    """What comes of stories in an order that a seed gives, with one of them twice, and of some after all these; so many at once."""
    held = held_of(lines)
    chosen = random.Random(seed).sample(held, len(held))
    chosen.insert(seed % (len(held) + 1), held[seed % len(held)])
    chosen += held_of(last)
    clocks = [max(published(each) for each in chosen[: place + 1]) for place in range(len(chosen))]
    return final(told(stream_of(list(zip(clocks, chosen, strict=True)), size))[0])


WEEKS = 40 * 24
CANCEL = {"version": "3", "pubstatus": "canceled"}


@pytest.mark.parametrize(
    ("lines", "last"),
    [
        (DAY_OF_ALL_KINDS, ()),
        ((*DAY_OF_ALL_KINDS, kill()), ()),
        ((*DAY_OF_ALL_KINDS, kill(slugline="NORTHPORT", headline="STORY WITHDRAWN-Harbour report")), ()),
        # The slug fits the harbour; when the rain comes, whose headline fits, the harbour is no longer meant.
        ((*DAY_OF_ALL_KINDS[:5], kill(slugline="NORTHPORT", headline="STORY WITHDRAWN-Rain in the valleys")), DAY_OF_ALL_KINDS[5:]),
        ((*DAY_OF_ALL_KINDS, line("urn:x:1", WITHDRAWN, 14, **CANCEL)), ()),
        (DAY_OF_ALL_KINDS, (line("urn:x:1", WITHDRAWN, WEEKS, **CANCEL),)),
        (DAY_OF_ALL_KINDS, (line("urn:paper:9", (*BODY, OTHER[1]), WEEKS, version="2", provider="The Paper"),)),
        # What does not go by likeness holds for stories that come weeks late.
        ((DAY_OF_ALL_KINDS[0], DAY_OF_ALL_KINDS[2], line("urn:x:1", WITHDRAWN, WEEKS, **CANCEL)), ()),
    ],
    ids=[
        "no-kill",
        "by-headline",
        "by-slug",
        "by-headline-before-slug",
        "by-guid",
        "by-guid-after-weeks",
        "version-after-weeks",
        "weeks-late",
    ],
)
def test_kills_links_and_chains_are_equal_in_any_order(lines, last, tmp_path):
    whole = states(tmp_path, [[*lines, *last]])
    for seed in range(24 if LONG else 3):
        assert in_order(lines, seed, 1 + seed % 3, last) == whole


def test_the_stories_of_a_day_are_of_all_kinds(tmp_path):
    found = states(tmp_path, [[*DAY_OF_ALL_KINDS, kill()]])
    assert sorted(str(row[4]) for row in found) == ["None", "None", "None", "exact", "republication", "version", "version"]
    assert sum(row[8] is not None for row in found) == 5


def test_a_shard_drops_what_is_out_of_reach_and_a_text_beyond_it_is_no_copy():
    first, later = held_of([line("urn:x:1", BODY), line("urn:paper:9", CUT, 30 * 24, provider="The Paper")])
    rows, dropped = told(stream_of([(published(first), first), (published(later), later)], 1), shards=1)
    assert [row[1] for row in final(rows)] == sorted([first.story["story_id"], later.story["story_id"]])
    assert dropped == 2


@pytest.mark.parametrize(("lateness", "found"), [(LATENESS, False), (dt.timedelta(days=10), True)], ids=["too-late", "in-time"])
def test_a_copy_that_comes_late_is_found_as_long_as_it_may_come(lateness, found):
    first, other, copy = held_of(
        [line("urn:x:1", BODY), line("urn:x:3", OTHER, headline="Rain"), line("urn:paper:9", CUT, 15, provider="The Paper")]
    )
    clock = published(first) + 10 * DAY
    rows, _ = told(stream_of([(published(first), first), (clock, other), (clock, copy)], 1), lateness=lateness)
    clusters = {row[0]: row[1] for row in final(rows)}
    assert (clusters[copy.story["story_id"]] == first.story["story_id"]) == found
