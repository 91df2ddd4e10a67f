"""Tokens, sentences and regions of a paragraph, and the bits of a word."""

import time
import timeit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.text.clauses.marks import paragraph, place
from transforms.text.clauses.paragraph import Paragraph
from transforms.text.clauses.words import (
    ADVERB,
    CAPITAL,
    CUE,
    DETERMINER,
    FINITE,
    MARK,
    PAST,
    PREPOSITION,
    PRONOUN,
    STOP,
    TIME,
    VERB,
    WORD,
    cues,
    looks,
)
from transforms.text.quote_regions import paragraph_spans, quote_regions


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("The bank closed.", "The|bank|closed|."),
        ("Roe's bank, closed", "Roe|'s|bank|,|closed"),
        ("Roe’s bank", "Roe|’s|bank"),
        ("the U.S. bank", "the|U.S.|bank"),
        ("Mr. Roe left", "Mr.|Roe|left"),
        ("Sen. Roe, R-Ky., left", "Sen.|Roe|,|R-Ky.|,|left"),
        ("J. Roe left", "J.|Roe|left"),
        ("It was Mr.", "It|was|Mr|."),
        ("1,400.5 crowns", "1,400.5|crowns"),
        ("No. 5 Downing St.", "No.|5|Downing|St|."),
        ("don't", "don't"),
        ("rock'n", "rock'n"),
        ("well-known AT&T", "well-known|AT&T"),
        ("``Go,'' he said -- then ...", "``|Go|,|''|he|said|--|then|..."),
        ("“Go”", "“|Go|”"),
        ("", ""),
    ],
)
def test_tokens(text, tokens):
    assert "|".join(paragraph(text).words) == tokens


def test_french_joins_pronouns_to_verbs():
    assert paragraph("dit-il, a-t-elle dit, peut-être", english=False).words == "dit|-|il|,|a|-|t|-|elle|dit|,|peut-être".split("|")


@pytest.mark.parametrize(
    "sentences",
    [
        ["It rained.", "Nobody came."],
        ["Mr. Roe came.", "He left."],
        ["J. Roe came.", "He left."],
        ["He went to the U.S.", "The bank closed."],
        ["He went to the U.S. Senate."],
        ["He went at 5 p.m. and left."],
        ['"It rained," he said.', '"It was late."', "He left."],
        ['"It rained. Nobody came." he said.'],
        ['"It rained. Nobody came."', "He left."],
        ["Why?", "Nobody knew!", "(He left.)"],
        ["It rained.", "12 men came.", "— He left."],
        ["It rained. nobody came."],
        ["Roe, R-Ky., came.", "He left."],
        ["It cost 1.5 crowns.", "He paid."],
        ["It was late …", "He left."],
    ],
)
def test_sentences(sentences):
    text = " ".join(sentences)
    p = paragraph(text)
    assert [text[p.starts[low] : p.ends[high - 1]] for low, high in p.sentences] == sentences


def test_a_sentence_is_cut_where_it_is_longer_than_any_of_wire_copy():
    p = paragraph("Aa " * 1000)
    assert max(high - low for low, high in p.sentences) <= 401


def test_regions_are_tokens_with_their_marks():
    p = paragraph('Roe said "it rained" and «it froze».')
    assert [p.words[low:high] for low, high in p.regions] == [['"', "it", "rained", '"'], ["«", "it", "froze", "»"]]
    assert [p.free(at) for at in range(3)] == [True, True, False]
    assert p.region[place(p, "froze")] == 1


def test_places_beyond_the_ends_are_empty():
    p = paragraph("A, b")
    assert (p.word(-1), p.word(9), p.has(-1, WORD), p.has(9, WORD), p.comma(-1), p.comma(9), p.comma(1)) == (
        "",
        "",
        False,
        False,
        False,
        False,
        True,
    )


@given(
    st.text(max_size=200)
    | st.lists(st.sampled_from(['"', "Mr. ", "Roe's ", "said ", ". ", "a", "’s", "\n", "U.S. ", "\u00a0"])).map("".join)
)
def test_tokens_cover_every_word_and_every_token_is_in_one_sentence(text):
    regions = [region for region in quote_regions(text) if region.depth == 0]
    for start, end in paragraph_spans(text):
        here = [region for region in regions if start <= region.start < end]
        p = Paragraph(text, start, end, here)
        assert all(start <= a < b <= end for a, b in zip(p.starts, p.ends, strict=True))
        assert all(b <= a for b, a in zip(p.ends, p.starts[1:], strict=False))
        between = [text[a:b] for a, b in zip([start, *p.ends], [*p.starts, end], strict=True)]
        assert not "".join(between).strip()
        assert [at for low, high in p.sentences for at in range(low, high)] == list(range(len(p)))
        assert all(low <= at < high for at in range(len(p)) for low, high in [p.sentence(at)])


@pytest.mark.parametrize(
    ("word", "has", "lacks"),
    [
        ("said", CUE | WORD, CAPITAL | PRONOUN),
        ("Said", CUE | WORD | CAPITAL, PRONOUN),
        ("He", PRONOUN | CAPITAL, CUE),
        ("he'd", PRONOUN | FINITE, CUE),
        ("he’d", PRONOUN | FINITE, CUE),
        ("was", FINITE | ADVERB, PRONOUN),
        ("will", FINITE | ADVERB, CAPITAL),
        ("Will", CAPITAL | WORD, FINITE | ADVERB),
        ("Monday", TIME | CAPITAL, ADVERB),
        ("the", DETERMINER, PRONOUN),
        ("during", PREPOSITION, ADVERB),
        ("quickly", ADVERB, FINITE),
        ("fly", WORD, ADVERB),
        ("closed", PAST, FINITE),
        ("Closed", CAPITAL, PAST),
        ("needn't", FINITE | ADVERB, PAST),
        ("runs", VERB, FINITE),
        ("“", MARK, WORD | STOP),
        ("'", MARK, WORD),
        (".", STOP, WORD | MARK),
        ("...", STOP, WORD),
        (",", 0, STOP | MARK | WORD),
        ("12", WORD, CAPITAL),
        ("according", CUE, PRONOUN),
    ],
)
def test_bits_of_a_word(word, has, lacks):
    found = looks(english=True)[word][1]
    assert (found & has, found & lacks) == (has, 0)


def test_bits_of_words_of_other_languages():
    assert looks(english=False)["sagte"][1] & CUE
    assert not looks(english=True)["sagte"][1] & CUE
    assert looks(english=False)["elle"][1] & PRONOUN
    assert not looks(english=False)["closed"][1] & PAST


def test_every_form_of_a_verb_of_speech_is_spelt_as_english_spells_it():
    for form, cue in cues().items():
        assert form.isalpha(), form
        assert form == form.lower()
        assert cue.kind in ("say", "tell", "mark", "that", "quote")
    assert {"slammed", "admitted", "denied", "agreeing", "signalled", "wrote", "written"} <= cues().keys()
    assert {"slamed", "admited", "agreing", "denyed"}.isdisjoint(cues())


def test_a_paragraph_of_many_sentences_takes_linear_time():
    def seconds(count):
        text = "Mr. Roe said so. " * count
        return min(timeit.repeat(lambda: paragraph(text), number=1, repeat=3, timer=time.process_time))

    assert seconds(8000) < 2 * 8 * seconds(1000)
