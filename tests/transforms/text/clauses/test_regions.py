"""Which words between quotation marks are speech."""

import pytest

from tests.transforms.text.clauses.marks import paragraph
from transforms.text.clauses.regions import LIKELY, PHRASE, SPEECH, goes_on, kind_of, stands_alone


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('Roe said "we are all going".', SPEECH),
        ('Roe said "this is the Tarnby Evening Show".', SPEECH),
        ('"We are going', SPEECH),
        ('"We are," Roe said.', LIKELY),
        ('"Why?" Roe asked.', LIKELY),
        ('"No", Roe said.', LIKELY),
        ('"Never ..." Roe said.', LIKELY),
        ("He called it “late.”", LIKELY),
        ('He called it "late".', PHRASE),
        ('The "strategic partnership" deal', PHRASE),
        ('They saw "The Tarnby Evening Show," which was new.', PHRASE),
        ('They saw "The Last Long Day of Summer" there.', PHRASE),
        ('In "Tarnby," Roe wrote of it.', PHRASE),
        ('Tarn\'s "Evenings," a novel, was sold.', PHRASE),
        ('"Cold War Returns"', PHRASE),
        ('Roe said "I Have A Dream Is Over".', SPEECH),
    ],
)
def test_words_and_their_end_say_what_a_region_is(text, kind):
    p = paragraph(text)
    assert kind_of(p, 0) == kind


@pytest.mark.parametrize(
    ("text", "goes"),
    [
        ('"We are hopeful."', True),
        ('"It is late," he said. "We are hopeful."', True),
        ('"It is late," he said. "Good." He left.', True),
        ('"It is late," he said. The "moderate" one left.', False),
        ('He left. "We are hopeful." She too.', False),
        ('"It is late," he said. It was "hopeful talk."', False),
    ],
)
def test_few_words_go_on_with_the_quotation_before(text, goes):
    p = paragraph(text)
    assert goes_on(p, len(p.regions) - 1) is goes


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ('It was late. "We are going home now." He left.', True),
        ('But "we are going home now".', True),
        ('One sign read: "We are going home now."', True),
        ('The sign on the door was "we are going home now".', False),
    ],
)
def test_a_region_stands_alone(text, alone):
    assert stands_alone(paragraph(text), 0) is alone
