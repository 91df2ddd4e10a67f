"""Quoted words that are nobody's speech: rows on request alone, beside those that a story has anyway."""

import json

import pytest

from pipelines.offline import annotate_lines
from pipelines.options import choices_from
from transforms.text.quotes import find_quotes


def fragments(body):
    rows = find_quotes(body, [], fragments=True)
    assert [row for row in rows if row["type"] != "fragment"] == find_quotes(body, [])
    assert rows == sorted(rows, key=lambda row: row["span_start"])
    return [row["text"] for row in rows if row["type"] == "fragment"]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ('The firm sold so-called "smart" locks on Monday.', ["smart"]),
        ("They saw a film called “The Long Harbour” on Monday.", ["The Long Harbour"]),
        ('Karl "The Fox" Tarnby ran the port.\n\nThe ‘expert’ left.', ["The Fox", "expert"]),
        ('El club vendió el llamado "candado listo" el lunes a los vecinos de la ciudad.', ["candado listo"]),
        ("Nothing is quoted here.", []),
    ],
)
def test_scare_quotes_titles_and_nicknames(body, found):
    assert fragments(body) == found


def test_a_fragment_says_nothing_of_a_speaker():
    (row,) = find_quotes('The firm sold so-called "smart" locks on Monday.', [], fragments=True)
    assert (row["speaker"], row["cue"], row["rule"], row["frags"]) == (None, None, "fragment", [{"span_start": 25, "span_end": 30}])


@pytest.mark.parametrize(
    "body",
    [
        '"We will go home now," Maria Tarn said.',
        'Maria Tarn said the "smart" locks were a "bad idea" for all.',
        'The "smart" locks and the "deal" are a mistake, Maria Tarn said.',
    ],
)
def test_what_somebody_says_is_no_fragment(body):
    assert fragments(body) == []


def test_a_title_between_two_stretches_leaves_the_quotation_whole():
    body = '"We will go home now," Maria Tarn, a singer, said Monday on the radio\'s “Tarnby Today.” "And we will stay there for good."'
    assert fragments(body) == ["Tarnby Today."]
    assert [len(row["frags"]) for row in find_quotes(body, [], fragments=True)] == [2, 1]


def test_annotate_takes_the_option():
    line = json.dumps({"id": 1, "text": 'The firm sold so-called "smart" locks on Monday.'}).encode()
    ((plain,), (asked,)) = annotate_lines([line]), annotate_lines([line], choices_from(fragments=True))
    assert (plain["quotes"], [row["type"] for row in asked["quotes"]]) == ([], ["fragment"])
