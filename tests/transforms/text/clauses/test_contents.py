"""Where what was said begins: the content opens at the bracket, after the verb of speech in <>."""

import pytest

from tests.transforms.text.clauses.marks import paragraph, unmarked, words
from transforms.text.clauses.contents import after_adverbial, after_cue, comma_after, first_word


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("say", "Roe <said> [the bank was late]"),
        ("say", "Roe <said> [that the bank was late]"),
        ("say", "Roe <said> Monday [the bank was late]"),
        ("say", "Roe <said> late on Monday [the bank was late]"),
        ("say", "Roe <said> on Monday [that the bank was late]"),
        ("say", "Roe <said> in a statement on Monday [the bank was late]"),
        ("say", "Roe <said> in a statement [that the bank was late]"),
        ("say", "Roe <said> in Oslo, [that the bank was late]"),
        ("say", "Roe <said> repeatedly [that the bank was late]"),
        ("say", "Roe <said>: [the bank was late]"),
        ("say", 'Roe <said>, ["the bank was late"]'),
        ("say", 'Roe <said> in Oslo: ["the bank was late"]'),
        ("say", "Roe <said> [at least two banks were late]"),
        ("tell", "Roe <told> AFP [the bank was late]"),
        ("tell", "Roe <told> reporters [the bank was late]"),
        ("tell", "Roe <told> reporters on Monday [that the bank was late]"),
        ("tell", "Roe <told> a crowd of supporters in the old town [that the bank was late]"),
        ("tell", "Roe <told> the Tarnby Herald [he was late]"),
        ("tell", "Roe <warned> [that the bank was late]"),
        ("tell", 'Roe <told> reporters, ["the bank was late"]'),
        ("tell", 'Roe <told> ["the bank was late"]'),
        ("tell", "Roe <told> Maria Roe of Oslo [the bank was late]"),
        ("tell", "Roe <told> him [she was late]"),
        ("tell", 'Roe <told> members of the club: ["the bank was late"]'),
    ],
)
def test_a_content_begins_after_those_who_were_told_and_when_and_where(kind, text):
    p = paragraph(text)
    cue = p.starts.index(text.index("<"))
    start = after_cue(p, cue + 1, len(p), kind)
    if start == len(p) - 1 and p.words[start] == ".":
        start = len(p)
    assert words(p, (start, len(p))) == unmarked(text.partition("[")[2])


@pytest.mark.parametrize("text", ["Roe said on Monday", "Roe said late on Monday", "Roe said", "Roe said today"])
def test_nothing_follows_a_verb_that_ends_its_sentence(text):
    p = paragraph(text)
    assert after_cue(p, 2, len(p), "say") == len(p)


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("during a visit to Oslo, and left", ", and left"),
        ("during a visit to Oslo", ""),
        ("during a visit that was short, and left", "during a visit that was short, and left"),
        ("Oslo was late, and left", "Oslo was late, and left"),
        ('in the "old" town, and left', 'in the "old" town, and left'),
        ('in "the old town," and left', 'in "the old town," and left'),
    ],
)
def test_an_adverbial_ends_at_its_comma_if_it_has_no_verb(text, rest):
    p = paragraph(text)
    at = after_adverbial(p, 0, len(p))
    assert words(p, (at, len(p))) == rest


def test_a_comma_between_quotation_marks_is_none():
    p = paragraph('"one, two" three, four')
    assert p.words[comma_after(p, 0, len(p)) + 1] == "four"
    assert comma_after(p, 0, 3) == 3


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("But nobody was hurt", "nobody"),
        ("Meanwhile, the bank", "the"),
        ("— Nobody was hurt", "Nobody"),
        ("$40 million", "$"),
        ('"Go" is it', '"'),
        ("(Nobody) was", "("),
        (", and , ", ""),
    ],
)
def test_the_first_word_is_after_conjunctions_and_marks(text, first):
    p = paragraph(text)
    at = first_word(p, 0, len(p))
    assert (p.words[at] if at < len(p) else "") == first
