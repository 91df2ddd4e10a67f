"""Which stories are compared, and that a pair's features say the same from either side."""

import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.text import pair_search
from transforms.text.pair_search import MOST_SHARED, candidates
from transforms.text.pairs import FEATURES, Sketches, features, gathered
from transforms.text.sketch import sketch

HOUR = 3600
WINDOW = 72 * HOUR
BODY = (
    "The harbour of Northport opened on Tuesday after a winter of repairs, the port office said. Fishermen had waited since October, and "
    "two ferries left before noon with 340 passengers. Mayor Ines Falk told a crowd of 1,200 that the new pier cost 18 million crowns."
)


def stories(*rows: dict[str, object]) -> Sketches:
    full = [{"headline": "Harbour opens", "body": BODY, "at": 0, "slack": 0, "provider": 0, "marked": False} | row for row in rows]
    return gathered(
        [sketch(str(row["headline"]), str(row["body"])) for row in full],
        *([row[name] for row in full] for name in ("at", "slack", "provider", "marked")),  # type: ignore[arg-type]
    )


def pairs(found: Sketches, *new: bool, most: int = MOST_SHARED) -> list[tuple[int, int]]:
    left, right = candidates(found, np.array(new or [True] * len(found)), WINDOW, most=most)
    return list(zip(left.tolist(), right.tolist(), strict=True))


def compared(one: dict[str, object], other: dict[str, object]) -> dict[str, float]:
    (row,) = features(stories(one, other), np.array([0]), np.array([1]))
    return dict(zip(FEATURES, row.tolist(), strict=True))


def test_copies_within_the_window_are_compared_and_others_are_not() -> None:
    other = "Rain fell over the southern valleys all night and the river rose by a metre, the weather service reported at dawn."
    found = stories({}, {"at": WINDOW}, {"at": 2 * WINDOW + 1}, {"body": other})
    assert pairs(found) == [(0, 1)]


def test_a_story_known_to_the_day_widens_the_window() -> None:
    assert pairs(stories({}, {"at": WINDOW + 24 * HOUR, "slack": 24 * HOUR})) == [(0, 1)]


def test_one_of_a_pair_at_least_is_new() -> None:
    assert pairs(stories({}, {}, {}), False, True, False) == [(0, 1), (1, 2)]
    assert pairs(stories({}, {}), False, False) == []


def test_a_key_that_very_many_share_compares_none_of_them() -> None:
    # What lies outside of the window does not count.
    found = stories(*[{}] * 300, *[{"at": 30 * 24 * HOUR}] * 2)
    assert len(pairs(found)) == 300 * 299 // 2 + 1
    assert len(pairs(found, most=300)) == 300 * 299 // 2 + 1
    assert pairs(found, most=299) == [(300, 301)]


def test_stories_that_share_a_standing_line_alone_are_not_compared() -> None:
    line = "Our standards are kept by the trust that owns this service and its principles."
    others = [
        "Rain fell over the southern valleys all night and the river rose by a metre, the weather service reported at dawn. " * 2,
        "Two goals in extra time took the champions to the final, where they meet last year's winners on a neutral ground. " * 2,
    ]
    found = stories(*({"body": f"{BODY} {line}"}, *({"body": f"{other} {line}"} for other in others)))
    keys = [set(found.values[found.offsets[story, 0] :][:16].tolist()) for story in range(3)]
    assert keys[1] & keys[2]
    assert pairs(found) == []


def test_across_leaves_out_pairs_of_two_new_ones() -> None:
    found, new = stories({}, {}, {}), np.array([True, True, False])
    assert len(candidates(found, new, WINDOW)[0]) == 3
    left, right = candidates(found, new, WINDOW, across=True)
    assert list(zip(left.tolist(), right.tolist(), strict=True)) == [(0, 2), (1, 2)]


def test_threads_share_the_new_stories_among_them(monkeypatch: pytest.MonkeyPatch) -> None:
    found = stories(*({"at": number * HOUR} for number in range(7)))
    new = np.array([True, False, True, True, False, True, True])
    alone = [held.tolist() for held in candidates(found, new, WINDOW)]
    monkeypatch.setattr(pair_search, "_LEAST_A_THREAD", 1)
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    assert [held.tolist() for held in candidates(found, new, WINDOW)] == alone
    assert len(alone[0]) == 20


def test_no_stories_make_no_pairs() -> None:
    assert pairs(stories()) == []
    assert features(stories(), np.zeros(0, np.int64), np.zeros(0, np.int64)).shape == (0, len(FEATURES))


def test_a_copy_agrees_in_everything() -> None:
    found = compared({}, {"at": HOUR, "provider": 1})
    assert found["containment"] == found["jaccard"] == found["numbers_agree"] == found["names_agree"] == found["lead"] == 1
    assert found["headline_least"] == found["numbers_jaccard"] == found["size_ratio"] == 1
    assert found["same_provider"] == found["marked"] == found["numbers_missing"] == 0
    assert found["log_gap"] == pytest.approx(np.log(2))


def test_a_cut_copy_is_contained() -> None:
    found = compared({}, {"body": BODY.partition(" Mayor")[0]})
    assert found["containment"] == 1
    assert 0.4 < found["jaccard"] < 0.8
    assert found["size_ratio"] == found["jaccard"]


def test_numbers_of_headlines_are_missed() -> None:
    assert compared({"headline": "Gold 12:30"}, {"headline": "Gold 12:40"})["headline_numbers_missing"] == 1
    assert compared({"headline": "Gold 12:30"}, {"headline": "Gold"})["headline_numbers_missing"] == 0


def test_a_headline_may_be_covered_by_the_other_ones_lead() -> None:
    found = compared({"headline": "Northport harbour opened"}, {"headline": "Ferries leave again"})
    assert found["headline_most"] == 1
    assert found["headline_least"] < 1


def test_long_texts_are_compared_by_samples_of_the_same_range() -> None:
    prose = [f"Section {number} of the report says that quota {number * 7} was exceeded in area {number * 3}." for number in range(120)]
    whole, half = " ".join(prose), " ".join(prose[:60])
    assert compared({"body": whole}, {"body": half})["containment"] > 0.9
    assert compared({"body": whole}, {"body": whole})["jaccard"] == 1


WORDS = st.lists(
    st.sampled_from("harbour ferry Northport 12 1,200 Falk pier crowns opens rain river valley Tuesday mayor".split()), max_size=30
).map(" ".join)


@settings(deadline=None, max_examples=100)
@given(WORDS, WORDS, WORDS, WORDS, st.integers(0, WINDOW), st.booleans(), st.booleans())
def test_features_are_symmetric(head: str, body: str, other_head: str, other_body: str, gap: int, marked: bool, same: bool) -> None:
    one = {"headline": head, "body": body, "marked": marked}
    other = {"headline": other_head, "body": other_body, "at": gap, "provider": 0 if same else 1}
    assert compared(one, other) == compared(other, one)


def test_what_a_story_takes_in_memory() -> None:
    found = stories(*[{}] * 200)
    assert found.nbytes / 200 < 600
