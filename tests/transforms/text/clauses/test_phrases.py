"""The speaker's noun phrase beside a verb of speech, which is in <>; the phrase is in {}."""

import pytest

from tests.transforms.text.clauses.marks import paragraph, within, words
from transforms.text.clauses.phrases import MAX_WORDS, core_of, left_of, right_of


def verb(text, p):
    return p.starts.index(text.replace("{", "").replace("}", "").index("<"))


@pytest.mark.parametrize(
    "text",
    [
        "{Maria Roe} <said> so",
        "On Monday {Maria Roe} <said> so",
        "{Maria Roe} has since <said> so",
        "{Maria Roe} on Monday <said> so",
        "{Maria Roe} went on to <say> so",
        "{Maria Roe} refused to <say> so",
        "{Maria Roe, a professor at the school}, <said> so",
        "{Boris Tarn, 45, of Oslo}, <said> so",
        "{Maria Roe, a farmer from Waco, Texas}, <said> so",
        "{Roe, of Waco, Texas}, <said> so",
        "{Maria Roe, 43, of Bergen, Norway}, <said> so",
        "{Maria Roe of Waco, Texas}, <said> so",
        "{Maria Roe, who lives in Lebanon, Pa.}, <said> so",
        "In Oslo, {a farmer from Waco, Texas}, <said> so",
        "Nearby, {a farmer from Waco, Texas}, <said> so",
        "{The mayor of Waco, Ana Tarn}, <said> so",
        "{Maria Roe, a lawyer, and Boris Tarn, her client}, <said> so",
        "{Maria Roe, a lawyer, and Boris Tarn} <said> so",
        "TARNBY (AP) - {Maria Roe, a lawyer, and Boris Tarn} <said> so",
        "Nobody was hurt, and {Boris Tarn, the mayor}, <said> so",
        "He met Maria Roe, a lawyer, and {Boris Tarn, the mayor}, <said> so",
        "{Maria Roe (AP)} <said> so",
        '{Maria Roe, host of "Good Morning,"} <said> so',
        "{The minister of fisheries} <said> so",
        "{The bank's head} <said> so",
        "{Roe and Tarn} <said> so",
        "{A. B. Roe} <said> so",
        "{Tarn & Roe} <said> so",
        "It rained when {the mayor} <said> so",
        "The bank was late, but {she} <said> so",
        "{U.S.} <said> so",
        'The "old" {mayor} <said> so',
        "{A man hearing the mayor} <said> so",
        "{Two people briefed on the matter} <said> so",
        "{A wounded man} <said> so",
        "the woman {who} <said> so",
        "It was late, and {the two ministers} <said> so",
        "{The union that runs the cable off Tarnby} <said> so",
        "{The agency that monitors the sea off Tarnby} <said> so",
        "{A man who has lived in Tarnby} <said> so",
        "{The company which lost the mine near Tarnby} <said> so",
        "the deal that {Tarnby} <said> was dead",
        "the deal that {officials in Tarnby} <said> was dead",
        "the man who left, and {the mayor} <said> so",
        "a day that ended when {she} <said> so",
    ],
)
def test_the_subject_to_the_left_of_a_verb(text):
    p = paragraph(text)
    phrase = left_of(p, verb(text, p), 0)
    assert [words(p, phrase)] == within(text, "{}")


@pytest.mark.parametrize(
    "text",
    [
        "<said> so",
        "also <said> so",
        ", <said> so",
        "because <said> so",
        'Roe "we will all go home again now and then" <said>',
        '"We will all go home again now and then" <said>',
    ],
)
def test_no_subject_to_the_left(text):
    p = paragraph(text)
    assert left_of(p, verb(text, p), 0) is None


@pytest.mark.parametrize(
    "text",
    [
        "<said> {Maria Roe}.",
        "<said> {Maria Roe} on Monday.",
        "<said> {Maria Roe, a professor at Tarnby University}.",
        "<said> {the leader in Tarnby} on Monday.",
        "<said> {she}, adding nothing.",
        "<said> {A. B. Roe}; it was late.",
        "<said> {Maria Roe}, who left.",
        "<said> {Maria Roe}, and left.",
        "<said> {Maria Roe}, adding nothing.",
        "<said> {the ministry} when it rained.",
        "<said> {Maria Roe} - and left.",
        '<said> {the mayor} "again".',
        "<said> {the mayor}, would go.",
        "<said> {Maria Roe, a lawyer, and Boris Tarn}, her client.",
        "<said> {Maria Roe, a lawyer}, and Boris Tarn left.",
    ],
)
def test_the_subject_to_the_right_of_a_verb(text):
    p = paragraph(text)
    assert [words(p, right_of(p, 1, len(p)))] == within(text, "{}")


@pytest.mark.parametrize("text", ["said.", "said; Roe", 'said "Roe"', "said Monday", "said"])
def test_no_subject_to_the_right(text):
    p = paragraph(text)
    assert right_of(p, 1, len(p)) is None


def test_a_phrase_has_a_limit():
    p = paragraph("Aa " * 100 + "said")
    assert 100 - core_of(p, 100, 0) == MAX_WORDS
    assert core_of(p, 5, 3) == 3
    assert core_of(p, 0, 0) is None
