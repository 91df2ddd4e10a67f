import gc
import time

import numba as nb
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numba.core import event

from transforms.text.spacy_labels import trimmed
from transforms.text.tagger import Saying, Span, tagger, token_offsets, word_hash
from transforms.text.tagger_kernel import LABELS, allowed

WIRE_LIKE = st.lists(
    st.sampled_from(
        ["Maria Tarn", "U.S.", "Corp.", "'s", "-", "Ko Yu-min", "OSLO", "&", "\n", " ", ". ", "\ud800", "😀", "é", "e\u0301", "北京"]
    )
    | st.text(max_size=4),
    max_size=40,
).map("".join)


def words(text):
    return [text[start:end] for start, end in token_offsets(text)]


def names(text):
    return [(text[span.start : span.end], span.type) for span in tagger().spans(text)]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Mary O'Neil's AT&T met Ko Yu-min.", ["Mary", "O'Neil", "'s", "AT&T", "met", "Ko", "Yu", "-", "min", "."]),
        ("the U.S. Senate", ["the", "U.S.", "Senate"]),
        ("J.P. Roe of DSMN.AS", ["J.P.", "Roe", "of", "DSMN.AS"]),
        ("Gov. Roe paid 3.5 pct", ["Gov.", "Roe", "paid", "3.5", "pct"]),
        ("Roe Inc. said", ["Roe", "Inc.", "said"]),
        ("it bought Roe Inc. The shares fell", ["it", "bought", "Roe", "Inc", ".", "The", "shares", "fell"]),
        ("Müller’s Ärzte -- G20", ["Müller", "’s", "Ärzte", "--", "G20"]),
    ],
)
def test_tokens(text, tokens):
    assert words(text) == tokens


@given(WIRE_LIKE)
@example("\ud800\udfff")
def test_tokens_lie_side_by_side_and_hold_all_letters(text):
    offsets = token_offsets(text)
    ends = [0, *(end for _, end in offsets)]
    assert all(before <= start < end for before, (start, end) in zip(ends, offsets, strict=False))
    assert "".join(words(text)) == "".join(text.split())


@given(WIRE_LIKE)
@settings(max_examples=300, deadline=None)
@example("A" * 5000)
@example("Roe " * 5000)
def test_names_of_any_text_lie_in_order(text):
    end = 0
    for span in tagger().spans(text):
        assert end <= span.start < span.end <= len(text)
        assert text[span.start : span.end].strip() == text[span.start : span.end]
        end = span.end


def test_names_of_a_plain_story():
    text = 'Kari Berg of Norway spoke in Oslo on Monday. "I saw the Bank of England," said Berg, and Microsoft Corp shares fell.'
    assert names(text) == [
        ("Kari Berg", "PER"),
        ("Norway", "LOC"),
        ("Oslo", "LOC"),
        ("Bank of England", "ORG"),
        ("Berg", "PER"),
        ("Microsoft Corp", "ORG"),
    ]


@pytest.mark.parametrize("piece", ["Kari Berg met the Roe Club in Oslo. ", "A", "A ", "a\n", "A-", "\u0301", "U.S."])
def test_cost_stays_linear(piece):
    tagger().spans(piece * 100)

    def spent(size):
        started = time.process_time()
        tagger().spans((piece * size)[:size])
        return time.process_time() - started

    gc.disable()  # a collection of all that a long test session holds takes longer than either text
    try:
        short, long = (min(spent(size) for _ in range(3)) for size in (100_000, 400_000))
    finally:
        gc.enable()
    assert long < 12 * max(short, 0.02)


def agreed(text, *given):
    spans = [Span(text.index(name), text.index(name) + len(name), kind) for name, kind in given]
    return [(text[span.start : span.end], span.type) for span in tagger().agreed(text, spans)]


def test_a_surname_takes_its_full_names_type_and_is_filled_in():
    text = "Maria Tarnby spoke. Critics of Tarnby left, and Tarnby smiled."
    assert agreed(text, ("Maria Tarnby", "PER")) == [("Maria Tarnby", "PER"), ("Tarnby", "PER"), ("Tarnby", "PER")]


def test_an_acronym_is_no_surname():
    assert ("UN", "ORG") in agreed("Kim Jong Un spoke of the UN again.", ("Kim Jong Un", "PER"), ("UN", "ORG"))


def test_a_firms_first_word_stands_for_it():
    text = "Avnor Motors Corp rose. Then Avnor fell."
    (start,) = [text.rindex("Avnor")]
    found = tagger().agreed(text, [Span(0, 17, "ORG"), Span(start, start + 5, "PER")])
    assert [span.type for span in found] == ["ORG", "ORG"]


def test_countries_and_peoples_have_the_type_of_the_tables():
    assert agreed("the Norwegian team beat France", ("Norwegian", "LOC"), ("France", "ORG")) == [("Norwegian", "NORP"), ("France", "LOC")]


def test_the_commonest_type_of_a_form_wins():
    text = "Zolt rose. Zolt fell. Zolt stood."
    spans = [Span(0, 4, "ORG"), Span(11, 15, "ORG"), Span(22, 26, "MISC")]
    assert [span.type for span in tagger().agreed(text, spans)] == ["ORG", "ORG", "ORG"]


def test_labels_follow_each_other_as_names_do():
    begin, inside, end, single = 1, 2, 3, 4
    assert [allowed(0, begin), allowed(begin, inside), allowed(inside, end), allowed(end, single), allowed(single, 0)] == [True] * 5
    assert [allowed(0, inside), allowed(begin, 0), allowed(begin, inside + 4), allowed(end, end), allowed(begin, begin)] == [False] * 5
    assert sum(allowed(0, label) for label in range(LABELS)) == 11


def test_the_table_of_words_knows_names_in_any_case():
    assert word_hash("New York") == word_hash("NEW YORK") != word_hash("York New")
    assert word_hash("Oslo") != np.uint64(0)


@pytest.mark.parametrize(
    ("name", "kept"), [("the Roe Club", "Roe Club"), ("Tarn's", "Tarn"), (" Oslo\n", "Oslo"), ("the", "the"), ("'s", "'s")]
)
def test_spans_of_other_taggers_are_trimmed(name, kept):
    start, end = trimmed(name, 0, len(name))
    assert name[start:end] == kept


def test_that_it_compiles_is_said_once_and_only_where_it_does(caplog):
    first, second = nb.njit(lambda value: value + 1), nb.njit(lambda value: value - 1)
    with event.install_listener("numba:compile", Saying()):
        assert first(1) == 2
        assert second(1) == 0
    assert [record.message for record in caplog.records] == ["compiling the tagger, which is done once on a machine"]
    caplog.clear()
    with event.install_listener("numba:compile", Saying()):
        assert first(2) == 3
    assert not caplog.records
