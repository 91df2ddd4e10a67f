"""The subject of a sentence, in {}, up to a verb without one of its own, in <>."""

import pytest

from tests.transforms.text.clauses.marks import paragraph, within, words
from transforms.text.clauses.subjects import after_dateline, subject_of_sentence


def subject(text):
    p = paragraph(text)
    at = p.starts.index(text.replace("{", "").replace("}", "").index("<"))
    found = subject_of_sentence(p, 0, at)
    return [words(p, found)] if found else []


@pytest.mark.parametrize(
    "text",
    [
        "{Maria Roe} left, <saying> so",
        "{The minister} left, <saying> so",
        "{The old bridge} fell, <saying> so",
        "{She} left, <saying> so",
        "In May, {Maria Roe} left, <saying> so",
        "In May, when it rained, {Maria Roe} left, <saying> so",
        "Speaking in Oslo, {the minister} left, <saying> so",
        "Within days, {Maria Roe} left, <saying> so",
        "{Maria Roe} and left, <saying> so",
        "However, {Maria Roe} left, <saying> so",
        "But {Maria Roe} left, <saying> so",
        "OSLO, Norway (AP) — {Maria Roe} left, <saying> so",
        "{The head of Tarnby Bank} left, <saying> so",
        "{Roe and Tarn} left, <saying> so",
        "{Tarn's} <saying> so",
        '{Maria Roe} called it "late", <saying> so',
    ],
)
def test_the_first_noun_phrase_is_the_subject(text):
    assert subject(text) == within(text, "{}")


@pytest.mark.parametrize(
    "text",
    [
        "In May <saying> so",
        "In May it rained <saying> so",
        "rain fell, <saying> so",
        '"Maria Roe" left, <saying> so',
        "Still raining, <saying> so",
        "<saying> so",
    ],
)
def test_no_subject(text):
    assert subject(text) == []


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("OSLO, Norway (AP) — Nobody came", "Nobody"),
        ("OSLO -- Nobody came", "Nobody"),
        ("NEW YORK, June 12 – Nobody came", "Nobody"),
        ("Nobody came — to Oslo", "Nobody"),
        ("OSLO Nobody", "OSLO"),
        ("A B C D E F G H I — Nobody", "A"),
    ],
)
def test_a_sentence_begins_after_its_dateline(text, first):
    p = paragraph(text)
    assert p.words[after_dateline(p, 0, len(p))] == first
