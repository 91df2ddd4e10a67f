"""Sketches side by side, and the states that follow from them."""

import datetime as dt
from typing import Any

from transforms.candidates import New, Surroundings
from transforms.neighbours import ARRAYS, Neighbours, sketch_table
from transforms.relate import decided
from transforms.text.sketch import KEYS, SKETCH_VERSION, sketch

T = dt.datetime(2024, 6, 19, 10, tzinfo=dt.UTC)
BODY = (
    "The harbour of Northport opened on Tuesday after a winter of repairs, the port office said. Fishermen had waited since October, and "
    "two ferries left before noon with 340 passengers. Mayor Ines Falk told a crowd of 1,200 that the new pier cost 18 million crowns."
)
DISTRICTS = ("northern", "southern", "eastern", "western", "central", "coastal", "upper", "lower")
ROUNDUP = " ".join(
    f"Councillors of the {each} district voted on {each} roads and {each} schools, {each} residents said." for each in DISTRICTS
)

Row = dict[str, Any]


def told(number: int, body: str = BODY, headline: str = "Northport harbour opens", hours: float = 0, **changes: Any) -> tuple[Row, Row]:
    """A story's rows of `ids` and of `sketches`."""
    story_id, at = f"{number:032x}", T + dt.timedelta(hours=hours)
    known = {"story_id": story_id, "chain": f"{1000 + number:032x}", "provider": "TST", "published_at": at, "published_precision": "second"}
    known |= {"content_hash": f"{abs(hash((body, headline))):032x}"[-32:], "date": at.date(), "country": "NO", "run": "0" * 32} | changes
    signal, evolved_chain = known.pop("signal", None), known.pop("evolved_chain", None)
    found = sketch(headline, body)
    arrays = {name: getattr(found, name).tobytes() for name in ARRAYS}
    arrays |= {"keys": found.shingles[:KEYS].tobytes(), "sketch_version": SKETCH_VERSION, "signal": signal, "title_keys": None}
    arrays |= {"evolved_chain": evolved_chain}
    known |= {"version": known.get("version"), "versioncreated": None, "pubstatus": "usable", "cluster_id": story_id, "bucket": "0"}
    return known, {**known, **arrays}


def states(*stories: tuple[Row, Row]) -> dict[int, Row]:
    new = New([ids for ids, _ in stories], sketch_table(row for _, row in stories))
    return {int(row["story_id"], 16): row for table, row in decided(new, Surroundings(), "1" * 32) if table == "states"}


def test_a_republication_names_what_it_is_most_like() -> None:
    longer = f"{BODY} The island of Selm gets its mail by sea again from Friday, its postmaster said."
    found = states(
        told(1), told(2, longer, hours=1, chain=f"{1001:032x}", version=2), told(3, longer, "Harbour open again", 5, provider="OTH")
    )
    assert (found[2]["relation"], found[2]["related_to"]) == ("version", f"{1:032x}")
    assert (found[3]["relation"], found[3]["related_to"]) == ("republication", f"{2:032x}")
    assert 0.8 <= found[3]["similarity"] <= 1
    assert [number for number, state in found.items() if state["is_latest"]] == [2]


def test_a_story_that_the_wire_says_comes_from_another_goes_on_with_it() -> None:
    rewritten = (
        "Passengers cheered on the quay. The harbour of Northport opened on Tuesday after a winter of repairs, the port office said. A "
        "band played, snow fell on the flags, and children were given oranges by the crew, who had painted both hulls red over the winter."
    )
    plain = states(told(1), told(2, rewritten, "Ferries run again", 2))
    assert plain[2]["cluster_id"] == f"{2:032x}"
    for stories in ([1, 2], [2, 1]):
        rows = {1: told(1), 2: told(2, rewritten, "Ferries run again", 2, evolved_chain=f"{1001:032x}")}
        linked = states(*(rows[number] for number in stories))
        assert (linked[2]["cluster_id"], linked[2]["related_to"]) == (f"{1:032x}", f"{1:032x}")
        assert (linked[2]["is_latest"], linked[1]["superseded_by"]) == (True, f"{2:032x}")
    other = told(2, ROUNDUP, "Districts vote", 2, evolved_chain=f"{1001:032x}")
    assert states(told(1), other)[2]["cluster_id"] == f"{2:032x}"


def test_a_take_of_another_identity_is_a_version_and_goes_on_where_it_says_so() -> None:
    take = f"{BODY} The first ferry was delayed by an hour, its captain said."
    plain = states(told(1), told(2, take, hours=1))
    assert (plain[2]["relation"], plain[2]["is_latest"], plain[1]["superseded_by"]) == ("version", False, None)
    marked = states(told(1), told(2, take, hours=1, signal="update"))
    assert (marked[2]["relation"], marked[2]["is_latest"], marked[1]["superseded_by"]) == ("version", True, f"{2:032x}")
    assert states(told(1), told(2, take, hours=1, signal="update", provider="OTH"))[1]["is_latest"]


def test_a_roundup_names_the_earliest_story_that_it_holds_and_is_its_own_cluster() -> None:
    found = states(told(1), told(2, f"{ROUNDUP} {BODY}", "News in brief from the islands", 4))
    assert (found[2]["relation"], found[2]["related_to"], found[2]["is_head"]) == ("contains", f"{1:032x}", True)
    assert found[1]["cluster_id"] != found[2]["cluster_id"]


def test_stories_beyond_the_window_are_two() -> None:
    assert len({state["cluster_id"] for state in states(told(1), told(2, hours=73, content_hash="f" * 32)).values()}) == 2


def test_a_sketch_of_other_rules_is_compared_with_none() -> None:
    rows = [row for _, row in (told(1), told(2))]
    assert len(Neighbours.of(sketch_table(rows)).related({f"{1:032x}"})[0]) == 1
    assert Neighbours.of(sketch_table([rows[0], {**rows[1], "sketch_version": SKETCH_VERSION + 1}])).ids == [f"{1:032x}"]
    assert Neighbours.of(sketch_table([{**rows[0], "shingles": None}])).ids == []
    assert Neighbours.of(sketch_table()).related(set()) == ([], [])


def test_a_story_without_a_sketch_is_nobodys_neighbour() -> None:
    (_, one), (_, other) = told(0), told(1)
    bare = {**other, **dict.fromkeys(("sketch_version", "keys", *ARRAYS))}
    assert Neighbours.of(sketch_table([one, bare])).ids == [one["story_id"]]
