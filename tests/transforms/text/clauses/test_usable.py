"""Verbs of speech told from nouns, names and parts of other verbs."""

import pytest

from tests.transforms.text.clauses.marks import paragraph, place
from transforms.text.clauses.usable import cue_at, is_participle


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("The mayor said it was late.", "said"),
        ("The ministry claims the vote was lost.", "claims"),
        ("Roe claims they lost the vote.", "claims"),
        ("Officials report there were no losses.", "report"),
        ("They all said it rained.", "said"),
        ("Roe was saying it rained.", "saying"),
        ("They say it rains.", "say"),
        ("The mayor reports that it rains.", "reports"),
        ('The mayor claims "it rains".', "claims"),
        ("It rained, Roe states.", "states"),
        ("Roe pointed out that it rained.", "pointed"),
        ("It rained, according to Roe.", "according"),
        ("Roe was quoted as saying it rained.", "quoted"),
        ("He thinks that it rains.", "thinks"),
        ("Roe believes the bank was late.", "believes"),
        ("Roe continued: it rained.", "continued"),
        ("He continued that it rained.", "continued"),
        ("Roe refused to say it rained.", "say"),
        ("ROE SAID it rained.", "SAID"),
    ],
)
def test_a_verb_of_speech_is_seen(text, word):
    p = paragraph(text)
    assert cue_at(p, place(p, word)) is not None


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("The claims were made in May.", "claims"),
        ("Several claims were made in May.", "claims"),
        ("Late reports that were lost came.", "reports"),
        ("Roe's report was late.", "report"),
        ("There were reports that hundreds had died.", "reports"),
        ("His claims that nobody died were false.", "claims"),
        ("The states that have oil are rich.", "states"),
        ("Two names were added in May.", "added"),
        ("They were told that it rained.", "told"),
        ("It was reported that it rained.", "reported"),
        ("The Report was late.", "Report"),
        ("They met the Said family in May.", "Said"),
        ("All told, ten men died.", "told"),
        ("It is worth noting the time.", "noting"),
        ("It goes without saying.", "saying"),
        ("He pointed at the bridge.", "pointed"),
        ("She wanted to point to it.", "point"),
        ("It went according to plan.", "according"),
        ("According them honours is rare.", "According"),
        ('He heard "they said it".', "said"),
        ("The rain continued for days.", "continued"),
        ("The bank offered a loan.", "offered"),
        ("Roe wanted to announce a plan.", "announce"),
        ("The mayor thinks of her.", "thinks"),
        ("The house was found in May.", "found"),
    ],
)
def test_a_noun_a_name_or_a_part_of_another_verb_is_none(text, word):
    p = paragraph(text)
    assert cue_at(p, place(p, word)) is None


@pytest.mark.parametrize(
    ("text", "word", "goes_on"),
    [
        ("Roe left, saying it was late.", "saying", True),
        ("Roe left, again saying it was late.", "saying", True),
        ("Roe is saying it was late.", "saying", False),
        ("Roe has been quietly saying it was late.", "saying", False),
        ("Saying it was late, Roe left.", "Saying", True),
        ("Roe said it was late.", "said", False),
    ],
)
def test_a_participle_goes_on_with_its_sentence(text, word, goes_on):
    p = paragraph(text)
    assert is_participle(p, place(p, word)) is goes_on


def test_other_languages_have_their_own_verbs():
    p = paragraph("« On verra », déclare Maria Roe.", english=False)
    cue = cue_at(p, place(p, "déclare"))
    assert (cue.verb, cue.kind, cue.is_noun) == ("déclarer", "say", False)
    assert cue_at(paragraph("On verra, déclare Roe."), 3) is None
