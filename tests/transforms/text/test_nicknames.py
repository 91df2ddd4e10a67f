"""Names with a nickname in quotation marks."""

import pytest

from transforms.text.nicknames import with_nicknames
from transforms.text.tagger import Span


def names(marked):
    """The names of a text after `with_nicknames`; those that a tagger found stand in square brackets."""
    body, spans = "", []
    for at, part in enumerate(marked.replace("]", "[").split("[")):
        if at % 2:
            spans.append(Span(len(body), len(body) + len(part), "PER"))
        body += part
    return [body[span.start : span.end] for span in with_nicknames(body, spans)]


@pytest.mark.parametrize(
    "text",
    [
        '[Kenjo "Bull]" Moru left.',
        '[Kenjo] "Bull" Moru left.',
        '[Kenjo] "Bull" [Moru] left.',
        'Kenjo "Bull" [Moru] left.',
    ],
)
def test_a_nickname_in_marks_is_part_of_the_name(text):
    assert names(text) == ['Kenjo "Bull" Moru']


@pytest.mark.parametrize("marks", ["“”", "‘’", "''"])
def test_all_kinds_of_marks(marks):
    name = f"Kenjo K. {marks[0]}Big Bull{marks[1]} Moru"
    assert names(f"Then {name.replace('Moru', '[Moru]')} left.") == [name]


@pytest.mark.parametrize(
    "text",
    [
        'The "Bull" [Moru] left.',
        'Actor "Bull" [Moru] left.',
        'President "Bull" [Moru] left.',
        'In "Bull" [Moru] plays.',
        '[Kenjo] "Sunset" Gallery opened.',
        'Ana [Kenjo Berg] "Bull" [Moru] left.',
        'They left "Bull" [Moru] there.',
        'Kenjo "Bull" Moru left.',
    ],
)
def test_other_words_in_marks_are_not(text):
    assert names(text) == [part for at, part in enumerate(text.replace("]", "[").split("[")) if at % 2]
