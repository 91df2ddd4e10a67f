"""What holds of the quotations of any text, and how long a hostile one takes."""

import gc
import re
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from transforms.text.quote_regions import quote_regions
from transforms.text.quotes import find_quotes

MARKS = ['"', "'", "“", "”", "‘", "’", "''", "``", "«", "»", "„"]
BREAKS = ["\n\n", "\n", " ", ". ", ", ", ": ", "; ", " — ", "? ", "(", ") ", "\x00", "é", "e\u0301", "😀", "'s ", "\u00a0"]
WORDS = """said|says|told reporters|told|Maria Roe|the mayor|he|she|who|that|and|but|added|adding|saying|according to|as|claim|claims|his
described|it was late|nobody came|ROE|Roe|Mr. |U.S. |the|of|on Monday|in a statement|not|was|quoted as|dit-il|a déclaré|pointed out|going"""
PIECES = st.sampled_from([*MARKS, *BREAKS, *(f" {word} " for word in WORDS.replace("\n", "|").split("|"))])
WIRE_LIKE = st.lists(PIECES | st.text(max_size=4), max_size=60).map("".join)
WORD = re.compile(r"\w")


def check(body, rows):
    """Stretches are within the body, in order and apart; they are the quotation's span and text; its type is what the marks say."""
    inside = bytearray(len(body))
    for region in quote_regions(body):
        if region.depth == 0:
            inside[region.start : region.end] = b"\x01" * (region.end - region.start)
    last = 0
    for row in rows:
        frags = [(frag["span_start"], frag["span_end"]) for frag in row["frags"]]
        for start, end in frags:
            assert last <= start < end <= len(body)
            last = end
        assert (row["span_start"], row["span_end"]) == (frags[0][0], frags[-1][1])
        assert row["text"] == body[row["span_start"] : row["span_end"]]
        for name in ("cue", "speaker"):
            if row[name] is not None:
                assert row[name] == body[row[f"{name}_start"] : row[f"{name}_end"]] != ""
        quoted = {inside[at] for start, end in frags for at in range(start, end) if WORD.match(body[at])}
        assert row["rule"]
        assert 0 <= row["confidence"] <= 1
        if row["type"] in ("direct", "fragment"):
            assert 0 not in quoted
        elif row["type"] == "indirect":
            assert 1 not in quoted
        else:
            assert row["type"] == "mixed"


@given(WIRE_LIKE | st.text(max_size=200), st.booleans())
@settings(max_examples=600, deadline=None)
@example("", False)
@example('"', True)
@example('Roe said "', True)
@example('ROE: "a\n\n"b', True)
@example("according to", False)
@example('Roe said, "a" "b" and "c', True)
@example("Roe:\n\n'a b c d'", True)
def test_the_quotations_of_any_text_hold(body, fragments):
    check(body, find_quotes(body, [], fragments))


@given(WIRE_LIKE)
@settings(max_examples=200, deadline=None)
def test_fragments_are_added_and_change_no_other(body):
    def plain(rows):
        return [(row["frags"], row["rule"], row["speaker"], row["cue"]) for row in rows if row["type"] != "fragment"]

    assert plain(find_quotes(body, [], True)) == plain(find_quotes(body, []))


HOSTILE = [
    "said ",
    "Said ",
    '"a said ',
    "X said that ",
    "according to ",
    "According to X, ",
    "a, ",
    "X, ",
    "who ",
    "X, who ",
    "he said, she said, ",
    "(said ",
    '" said',
    '"a b c d e," said X. ',
    '"a b c d e" ',
    "X said he ",
    ", saying ",
    "and said ",
    "to say ",
    "as he said, ",
    "his claim that ",
    "'s claim that ",
    "X, a Y, said a. ",
    "\n\nX: ",
    "\n\nX said:",
    '\n\n"a b c d',
    "described as ",
    "told a b of c ",
    "in on at ",
    "The ",
    "Mr. ",
    "— ",
    "«a, ",
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_text_takes_linear_time(unit):
    def seconds(size):
        body = (unit * (size // len(unit) + 1))[:size]
        best = 1e9
        for _ in range(3):
            start = time.process_time()
            rows = find_quotes(body, [], True)
            best = min(best, time.process_time() - start)
            if best < LITTLE:
                break
        check(body, rows)
        return best

    find_quotes("warm", [])
    gc.collect()
    gc.disable()
    try:
        assert seconds(200_000) < 3 * max(LITTLE, seconds(100_000))
    finally:
        gc.enable()


LITTLE = 0.3
"""Seconds that no text is too slow for."""
