"""Verbs by which a clause is told from a noun phrase."""

import pytest

from tests.transforms.text.clauses.marks import paragraph, place
from transforms.text.clauses.verbs import finite, is_clause, verb_among, verb_is_near


@pytest.mark.parametrize(
    ("text", "word", "is_finite"),
    [
        ("the bank was late", "was", True),
        ("the bank won't close", "won't", True),
        ("he's late", "'s", True),
        ("it’s late", "’s", True),
        ("the bank’s late", "’s", False),
        ("Roe's late", "'s", False),
        ("nobody's late", "'s", True),
        ("the bank closed", "closed", False),
        ("Mark Roe", "Mark", False),
        ("Will Roe", "Will", False),
        ("it will rain", "will", True),
        ("May is cold", "May", False),
    ],
)
def test_a_finite_verb_for_certain(text, word, is_finite):
    p = paragraph(text)
    at = place(p, word)
    assert finite(p, at) is is_finite


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("the bank was closed", True),
        ("the bank closed in May", True),
        ("nobody at the bank", True),
        ("he at the bank", True),
        ("the plan for the new bridge", False),
        ("the plan", False),
        ("he ran", False),
        ("", False),
    ],
)
def test_a_clause_has_a_subject_and_a_verb(text, is_one):
    p = paragraph(text)
    assert is_clause(p, 0, len(p)) is is_one


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("the bank was late", True),
        ("the bank closed", True),
        ("the bank, which was late", False),
        ("the plan to say it was late", False),
        ("the plan for the bridge", False),
        ("the " + "old " * 12 + "bank was late", False),
    ],
)
def test_a_verb_is_near(text, near):
    p = paragraph(text)
    assert verb_is_near(p, 0, len(p)) is near


def test_what_looks_like_a_verb_counts_among_others():
    p = paragraph("the bank closed and runs")
    assert verb_among(p, 0, 3)
    assert verb_among(p, 3, 5)
    assert not verb_among(p, 0, 2)
    assert not verb_among(p, 2, 2)
