"""What the patterns found and what stands between quotation marks, brought together."""

import pytest

from tests.transforms.text.clauses.marks import paragraph, place, words
from transforms.text.clauses.assemble import items_of
from transforms.text.clauses.sentence import Clause

SPEECH = '"We will all go home now."'


def items(text, is_first=False, turns=frozenset(), english=True, **options):
    """The items of a paragraph: words, rule, speaker."""
    p = paragraph(text, english)
    found = items_of(p, is_first, turns, **options)
    ends = [0, *(item.end for item in found)]
    assert all(end <= item.start < item.end for end, item in zip(ends, found, strict=False))
    return [(words(p, (item.start, item.end)), item.rule, item.speaker and words(p, item.speaker)) for item in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # One inside another: the outer one stays.
        (
            "The mayor said the minister said he would go.",
            [("the minister said he would go", "forward", "The mayor")],
        ),
        # The first is cut where the second begins.
        (
            "The mayor said it was late, but Roe said he would stay.",
            [("it was late,", "forward", "The mayor"), ("he would stay", "forward", "Roe")],
        ),
        # An attribution of an attribution leaves the inner one.
        ("The mayor said he would go, according to Roe.", [("he would go", "forward", "The mayor")]),
        ("Roe said it was late and added that it rained.", [("it was late", "forward", "Roe"), ("that it rained", "joined", "Roe")]),
    ],
)
def test_contents_do_not_overlap(text, found):
    assert [(content, rule, speaker) for content, rule, speaker in items(text)] == [
        (content.rstrip(","), rule, speaker) for content, rule, speaker in found
    ]


@pytest.mark.parametrize(
    ("text", "content"),
    [
        (
            'Roe said the plan was "far too late, adding nothing at all" in May.',
            'the plan was "far too late, adding nothing at all" in May',
        ),
        ('Roe said the claims were "a bad old joke" and "late".', 'the claims were "a bad old joke" and "late"'),
        ('Roe said "moderate" men had come.', '"moderate" men had come'),
        ('Roe said it was "far too late.', 'it was "far too late.'),
    ],
)
def test_a_content_never_cuts_a_quoted_region(text, content):
    assert items(text) == [(content, "forward", "Roe")]


def test_a_content_that_is_nothing_but_quoted_words_gives_the_region_its_attribution():
    assert items('Roe said on Monday "we will all go home now".') == [('"we will all go home now"', "forward", "Roe")]


def test_a_region_after_the_words_that_lead_into_it_is_mixed():
    text = 'In return, the bank "gets safe access to the harbour," Roe said.'
    assert items(text) == [('In return, the bank "gets safe access to the harbour,"', "after", "Roe")]
    led = 'But still the bank "gets safe access to the harbour," Roe said.'
    assert items(led) == [('the bank "gets safe access to the harbour,"', "after", "Roe")]
    announced = 'One thing is certain: "we get safe access to the harbour," Roe said.'
    assert items(announced)[0][0] == '"we get safe access to the harbour,"'


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        (f"It was late, Roe said. {SPEECH}", "Roe"),
        (f"It rained for many days. {SPEECH} Then it was cold, Tarn said.", "Tarn"),
        (f"Roe said it was late. It rained on that day and for many days after. {SPEECH} Tarn said he would stay.", "Roe"),
    ],
)
def test_speech_without_an_attribution_takes_the_one_before_it_in_its_paragraph_else_the_one_after(text, speaker):
    assert (SPEECH, "beside", speaker) in items(text)


def test_a_relative_clause_carries_no_speaker_on():
    text = f"Roe met the mayor, who said it was late. {SPEECH}"
    assert items(text)[-1] == (SPEECH, "", None)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            'In return he praised a bank that "gets safe access to the harbour," Roe said.',
            ('"gets safe access to the harbour,"', "after", "Roe"),
        ),
        ('"We will all go home now," he said. "Good day."', ('"Good day."', "beside", "he")),
        (
            '"We will all go home now," said a witness, according to the Tarnby Herald.',
            ('"We will all go home now,"', "after", "a witness"),
        ),
    ],
)
def test_quoted_words_beside_other_attributions(text, found):
    assert items(text)[-1] == found


def test_speech_that_nobody_says_has_no_rule_yet():
    assert items(SPEECH) == [(SPEECH, "", None)]


@pytest.mark.parametrize(
    "text", ['The "moderate" rebels fled.', 'They saw "The Tarnby Evening Show," which was new.', 'Maria "Mitzi" Tarn won.']
)
def test_fragments_are_given_on_request_alone(text):
    assert items(text) == []
    ((_, rule, speaker),) = items(text, fragments=True)
    assert (rule, speaker) == ("fragment", None)


def test_a_fragment_takes_no_speaker_of_its_neighbours():
    found = items('Roe said it was late. They sang of the "moderate" men.', fragments=True)
    assert found == [("it was late", "forward", "Roe"), ('"moderate"', "fragment", None)]


def test_a_fragment_within_a_content_is_no_item():
    assert items('Roe said the "moderate" men fled.', fragments=True) == [('the "moderate" men fled', "forward", "Roe")]


def found_by(start, end, rule="other"):
    """A finder beside the patterns, that gives one content between two words of a paragraph, said by its first word."""

    def more(p):
        cue = place(p, "said")
        return [Clause(place(p, start), place(p, end) + 1, (cue, cue + 1), (0, 1), rule)]

    return more


def test_another_finder_counts_where_the_patterns_found_nothing():
    text = "Roe for all we know said of the plan: nothing. Tarn said it was late."
    assert ("all we know", "other", "Roe") in items(text, more=found_by("all", "know"))
    assert items("Tarn said it was late.", more=found_by("was", "late")) == [("it was late", "forward", "Tarn")]


def test_another_finder_is_asked_only_where_a_verb_of_speech_stands():
    asked = []
    items("It rained for days.", more=lambda p: asked.append(p) or [])
    assert asked == []
    items("Roe said it rained.", more=lambda p: asked.append(p) or [])
    assert len(asked) == 1


def test_a_transcript_is_one_item():
    assert items('ROE: We will go. "Or not at all today." He said so.') == [
        ('We will go. "Or not at all today." He said so.', "transcript", "ROE")
    ]
    assert items("Roe: We will go.", turns={"Roe"}) == [("We will go.", "transcript", "Roe")]
    assert items("Roe: We will go.") == []


def test_a_headline_counts_in_the_first_paragraph_alone():
    text = "Roe: 'We will all go home'"
    assert items(text, is_first=True) == [("'We will all go home'", "colon", "Roe")]
    assert items("Roe: 'Late", is_first=True)[0][1] == "colon"


def test_of_other_languages_only_quoted_regions_are_looked_for():
    assert items("Roe said it was late.", english=False) == []
    assert items("« On va tous partir », a dit Maria Roe.", english=False) == [("« On va tous partir »", "after", "Maria Roe")]


@pytest.mark.parametrize("text", ["", '"', '""', '"a', "said", '"said" said "said', ": :", '" " " "'])
def test_fragments_of_text_raise_nothing(text):
    items(text, is_first=True, fragments=True)
