"""Where what was said ends: the part in [] is the content, which begins where the bracket opens."""

import pytest

from tests.transforms.text.clauses.marks import PAIRS, paragraph, place, unmarked, words
from transforms.text.clauses.edges import right_edge
from transforms.text.clauses.sentence import Sentence


def content(text):
    """What right_edge makes of the content that begins at the opening bracket."""
    p = paragraph(text)
    at = p.starts.index(text.index("["))
    s = Sentence(p, *p.sentence(at))
    return words(p, (at, right_edge(p, at, s.end, s.reports)))


@pytest.mark.parametrize(
    "text",
    [
        "Roe said [the bank would close].",
        "Roe said [the bank would close, and so would the shop].",
        "Roe said [the bank would close], adding that it was late.",
        "Roe said [the bank would close], as did Tarn.",
        "Roe said [the bank would close], a claim that nobody believed.",
        "Roe said [the bank would close], something of a surprise.",
        "Roe said [the bank would close], but he gave no date.",
        "Roe said [the bank would close], quickly adding a date.",
        "Roe said [the bank would close], which was false.",
        "Roe said [the bank would close]; the shop was open.",
        "Roe said [the bank would close] and added that it was late.",
        "Roe said [the bank would close] but declined to name a date.",
        "Roe said [the bank would close] but did not name a date.",
        "Roe said [the bank would close], the ministry said it was late.",
        "Roe said [the bank would close, but nobody had read the letter].",
        "Roe said [the bank, whose head left in May, would close].",
        "Roe said [the bank would close and refused all help].",
        "Roe said [the bank would close and the shop would open].",
        "Roe said [the bank and the shop would close, not the school].",
        'Roe said ["we will go home now"] on Monday.',
        'Roe said ["we will go home now," and left the room].',
        'Roe said [the bank was "closed now, adding nothing," on Monday].',
        'Roe said [it "was time to go,"] adding that it was late.',
    ],
)
def test_a_content_ends_before_the_words_of_the_writer(text):
    wanted = unmarked(text.partition("[")[2].partition("]")[0])
    assert content(text) == wanted


def test_a_content_never_ends_before_it_begins_nor_after_the_sentence():
    p = paragraph("Roe said it, adding that, adding, adding; and added, but declined;")
    s = Sentence(p, 0, len(p))
    for at in range(s.low, s.end):
        assert at < right_edge(p, at, s.end, s.reports) <= s.end


def test_brackets_are_not_left_in_the_text():
    assert place(paragraph("Roe said [it]."), "it") == 2
    assert "[" in "".join(PAIRS)
