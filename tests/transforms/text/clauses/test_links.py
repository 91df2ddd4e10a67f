"""Whose words a quoted region holds, and by which attribution. The quotation is in [], the speaker in {}, the cue in <>."""

import pytest

from tests.transforms.text.clauses.marks import expected, paragraph, place, words
from transforms.text.clauses import links
from transforms.text.clauses.links import Link, has_attribution, is_near, link_of

GIVES = {
    "_right_before": [
        '{Maria Roe} <said>, ["We will go home now."]',
        '{Maria Roe} <told> reporters it was late and {she} <said>: ["We will go home now."]',
        '{The minister} <said> that ["we will go home now"].',
    ],
    "_after": [
        '["We will go home now,"] <said> {Maria Roe, a teacher}.',
        '["We will go home now,"] {Maria Roe, a teacher at the school}, <told> AFP.',
        '["We will go home now,"] <according to> {the ministry}.',
        '["We will go home now,"] {she} <said>.',
        '["We will go home now!"] {Maria Roe} <shouted>.',
        '["We will go home now,"] {the governor} <grumbled>.',
        '["We will go home now"] - <said> {Maria Roe}.',
        '["We will go home now,"] {A. Roe} <said>.',
        '["We will go home now,"] {Maria Roe, who says little}, later <told> AFP.',
    ],
    "_dash": [
        '["We will go home now."] <-> {Maria Roe}, teacher.',
        '["We will go home now."] <-> {Maria Roe}',
        '["We will go home now."] <—> {Maria de la Roe}, teacher.',
        '["We will go home now."] <--> {Boris Tarn}, on what comes next.',
    ],
    "_before": [
        '{Maria Roe} <told> reporters in Oslo on Monday, when it rained, that the plan was ["an absurd idea"].',
        'In May {he} <warned> of what would be ["a bad end for everyone"].',
        '<According to> {Maria Roe}, it was ["the worst of all storms"].',
    ],
    "_colon": [
        '{Maria Roe}<:> ["We will go home now."]',
        '{Maria Roe} sent a blunt message to the banks<:> ["We will go home now."]',
        'On Monday, {the mayor} had a blunt message for the banks<:> ["We will go home now."]',
    ],
}

LEAVES = {
    "_right_before": [
        'Maria Roe said in Oslo, "We will go home now."',
        'Maria Roe left the room, saying: "We will go home now."',
        'Maria Roe said twice "we will go home now".',
        'Said: "We will go home now."',
        'Maria Roe ran: "We will go home now."',
        '"We will go home now."',
    ],
    "_after": [
        '"We will go home now." Maria Roe said it was late.',
        '"We will go home now." It rained.',
        '"We will go home now," which was late.',
        '"We will go home now" signs were sold.',
        '"We will go home now," saying nothing.',
        'They wore "we will go home now" shirts; Maria Roe said so.',
        '"We will go home now"',
    ],
    "_dash": [
        '"We will go home now." - it rained.',
        '"We will go home now." Maria Roe, teacher.',
        '"We will go home now." - Maria Roe left and it rained.',
    ],
    "_before": [
        'It was "the worst of all storms".',
        'Maria Roe said it was late. It was "the worst of all storms".',
        'The report was "the worst of all reports".',
    ],
    "_colon": [
        'Maria Roe said "we will go home now".',
        'For: "We will go home now."',
        ': "We will go home now."',
    ],
}


def link_by(name, text):
    """What one of the functions gives for the last region of a text: its words, those of the speaker and of the cue."""
    p = paragraph(text)
    low, high = p.regions[-1]
    link = getattr(links, name)(p, low if name in ("_right_before", "_before", "_colon") else high)
    return ([words(p, (low, high))], [words(p, link.speaker)], [words(p, link.cue)]) if link else None


def rows(table):
    return [(name, text) for name, texts in table.items() for text in texts]


@pytest.mark.parametrize(("name", "text"), rows(GIVES))
def test_an_attribution_gives_speaker_and_cue(name, text):
    contents, speakers, cues = expected(text)
    assert link_by(name, text) == (contents, speakers[-1:], cues[-1:])


@pytest.mark.parametrize(("name", "text"), rows(LEAVES))
def test_an_attribution_is_not_seen_where_there_is_none(name, text):
    assert link_by(name, text) is None


@pytest.mark.parametrize(
    ("text", "rule", "cue"),
    [
        ('Maria Roe said: "We will go," said Boris Tarn.', "before", "said"),
        ('The mayor said it was "far too late now," the minister told AFP.', "after", "told"),
        ('"We will go home now." - Maria Roe, teacher.', "dash", "-"),
        ('Maria Roe warned on Monday that it was "far too late".', "before", "warned"),
        ('"We will go home now," Maria Roe: it was late.', None, None),
        ('Maria Roe\'s message: "We will go home now."', "colon", ":"),
    ],
)
def test_the_nearest_attribution_counts(text, rule, cue):
    p = paragraph(text)
    link = link_of(p, len(p.regions) - 1, None)
    assert (link and link.rule, link and words(p, link.cue)) == (rule, cue)


def test_the_clause_that_holds_nothing_else_counts_first_where_its_verb_is_next_to_the_mark():
    p = paragraph('Maria Roe said "we will go home now," said Boris Tarn.')
    owner = Link((0, 2), (2, 3), "forward")
    assert link_of(p, 0, owner) is owner
    far = paragraph('Maria Roe said on Monday "we will go home now," said Boris Tarn.')
    assert words(far, link_of(far, 0, owner).speaker) == "Boris Tarn"


def test_a_region_of_few_words_needs_its_verb_within_five_tokens():
    p = paragraph('Maria Roe told reporters it was "late," and they left at six in the evening.')
    cue = place(p, "told")
    assert is_near(p, 0, Link((0, 2), (cue, cue + 1), "before"))
    p = paragraph('Maria Roe told reporters who had come to the old town hall in Oslo it was "late".')
    assert not is_near(p, 0, Link((0, 2), (2, 3), "before"))
    assert is_near(p, 0, Link((0, 2), (2, 3), "after"))


def test_tokens_are_a_quotation_with_its_attribution():
    p = paragraph('"We will go home now," said a witness. It rained.')
    assert has_attribution(p, 0, len(p))
    assert not has_attribution(p, 0, p.regions[0][1])
    assert not has_attribution(p, place(p, "said"), len(p))


@pytest.mark.parametrize(
    ("text", "cue", "speaker"),
    [
        ('"On verra", a déclaré Maria Roe à Oslo.', "a déclaré", "Maria Roe"),
        ('"On verra", dit-elle.', "dit-elle", "elle"),
        ('"On verra", dit-il en riant.', "dit-il", "il"),
        ('"On verra", a-t-il dit.', "a-t-il", "il"),
        ("« On verra », a expliqué la ministre Maria Roe.", "a expliqué", "la ministre Maria Roe"),
        ("« On verra bien », selon la ministre Maria Roe.", "selon", "la ministre Maria Roe"),
        ("„Wir warten noch“, so Maria Roe am Montag.", "so", "Maria Roe"),
        ("Según Maria Roe, «todo el mundo puede venir».", "Según", "Maria Roe"),
    ],
)
def test_other_languages_put_the_verb_first(text, cue, speaker):
    p = paragraph(text, english=False)
    link = link_of(p, 0, None)
    assert (words(p, link.cue), words(p, link.speaker)) == (cue, speaker)


@pytest.mark.parametrize("text", ['O segundo "dia de todos" foi.', "„Wir warten noch“, so lange es geht.", 'Segundo dia, "nada de novo".'])
def test_words_that_may_name_a_source_need_a_name_or_an_article(text):
    assert link_of(p := paragraph(text, english=False), 0, None) is None, p.low


def test_a_verb_of_no_speech_attributes_only_what_fills_its_sentence():
    assert link_of(p := paragraph('They wore "we will go home now," the governor grumbled.'), 0, None) is None, p.low
