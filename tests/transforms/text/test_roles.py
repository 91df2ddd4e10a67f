import pytest

from transforms.text.roles import role_ahead


def ahead(text, name):
    start = text.index(name)
    span = role_ahead(text, start, start + len(name))
    return span and text[span[0] : span[1]]


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ('"It works," said its inventor, Maria Roe. It is new.', "its inventor"),
        ('"It works," said the school\'s founder, Maria Roe, on Monday.', "the school's founder"),
        ('"It works," its founder, Maria Roe, said.', "its founder"),
        ('"It works," also said the director of the Tarnby Institute, Maria Roe.', "the director of the Tarnby Institute"),
        ('"It works," said the U.S. envoy, Maria Roe.', "the U.S. envoy"),
        ("It rained. The school's founder, Maria Roe, opened it.", "The school's founder"),
    ],
)
def test_the_description_before_a_name(text, role):
    assert ahead(text, "Maria Roe") == role


@pytest.mark.parametrize(
    "text",
    [
        '"It works," said one of the men, Maria Roe.',
        '"It works," said the minister, Maria Roe officials added.',
        "They met the mayor, the director, Maria Roe.",
        "In the morning, Maria Roe left.",
        "Maria Roe left.",
    ],
)
def test_what_is_no_description(text):
    assert ahead(text, "Maria Roe") is None
