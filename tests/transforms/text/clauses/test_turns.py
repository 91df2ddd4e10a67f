"""Transcripts, headlines, and speech announced by a colon."""

import pytest

from tests.transforms.text.clauses.marks import paragraph, words
from transforms.text.clauses.turns import colon_source, headline, transcript, turns_of


@pytest.mark.parametrize(
    ("text", "turns", "speaker", "content"),
    [
        ("ROE: We will see.", set(), "ROE", "We will see."),
        ("MARIA ROE: We will see. Or not.", set(), "MARIA ROE", "We will see. Or not."),
        ("A. B. ROE: We will see.", set(), None, None),
        ("Roe: We will see.", {"Roe"}, "Roe", "We will see."),
        ("Maria Roe: We will see.", {"Maria Roe"}, "Maria Roe", "We will see."),
        ("Roe: We will see.", set(), None, None),
        ('Roe: "We will see."', {"Roe"}, None, None),
        ("UPDATE: It rained.", set(), None, None),
        ("ROE:", set(), None, None),
        ("ROE said: We will see.", set(), None, None),
        ("US: It rained.", set(), None, None),
        ("CAIRO: A ferry sank in the night.", set(), None, None),
        ("CAIRO: We will see. CAIRO: So.", set(), "CAIRO", "We will see. CAIRO: So."),
        ("The old town of Tarnby had one thing to say: no.", set(), None, None),
        ("", set(), None, None),
    ],
)
def test_a_name_and_a_colon_open_a_turn(text, turns, speaker, content):
    p = paragraph(text)
    clause = transcript(p, turns)
    assert (clause and words(p, clause.speaker), clause and words(p, (clause.start, clause.end))) == (speaker, content)
    if clause:
        assert (words(p, clause.cue), clause.rule) == (":", "transcript")


def test_a_transcript_names_at_least_three_turns_and_one_name_twice():
    assert turns_of("Roe: Yes.\n\nTarn: No.\n\nRoe: Why?") == {"Roe", "Tarn"}
    assert turns_of("Roe: Yes.\n\nTarn: No.") == set()
    assert turns_of("Roe: Yes.\n\nTarn: No.\n\nPoe: Why?") == set()
    assert turns_of("Maria Roe: Yes.\nQ: Why?\nMaria Roe: So.") == {"Maria Roe", "Q"}
    assert turns_of("It said: Roe: no.\nthe end: x.\nAt 10:30 it rained.\nAt 10:40 too.") == set()


@pytest.mark.parametrize(
    ("text", "speaker", "content"),
    [
        ("Roe: 'We will go home'", "Roe", "'We will go home'"),
        ("Maria Roe: ‘We will go home’", "Maria Roe", "‘We will go home’"),
        ("Ministry of Fisheries: 'No herring left'", "Ministry of Fisheries", "'No herring left'"),
        ("The mayor: 'We will go home'", None, None),
        ("Roe: We will go home", None, None),
        ("Roe: '", None, None),
        ("No colon at all here", None, None),
    ],
)
def test_a_headline_attributes_with_a_colon_and_single_marks(text, speaker, content):
    p = paragraph(text)
    found = headline(p)
    assert [(words(p, clause.speaker), words(p, (clause.start, clause.end)), clause.rule) for clause in found] == (
        [(speaker, content, "colon")] if speaker else []
    )


@pytest.mark.parametrize(
    ("text", "speaker", "cue"),
    [
        ("In a statement, Maria Roe said:", "Maria Roe", "said"),
        ("It was late. The minister then told the crowd:", "The minister", "told"),
        ("According to Maria Roe:", None, None),
        ("Maria Roe had this for the banks:", "Maria Roe", ":"),
        ("Maria Roe said it was late.", None, None),
        ("Here is what is known:", None, None),
        (":", None, None),
        ("", None, None),
    ],
)
def test_a_colon_at_the_end_of_a_paragraph_announces_who_speaks(text, speaker, cue):
    p = paragraph(text)
    source = colon_source(p)
    assert (source and words(p, source[0]), source and words(p, source[1])) == (speaker, cue)
