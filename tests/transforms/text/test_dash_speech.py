"""Speech that a dash opens, in the languages that set it so."""

import pytest

from transforms.text.names import find_entities
from transforms.text.places import find_places
from transforms.text.quotes import find_quotes

LEADS = {
    "sv": "En snöstorm stoppade på torsdagen tågen i norra delen av landet.",
    "nb": "En storm stanset torsdag togene i den nordlige delen av landet.",
    "da": "En storm stoppede torsdag togene i den nordlige del af landet.",
    "fi": "Lumimyrsky pysäytti junat torstaina ja ihmiset jäivät asemille yöksi.",
}

ATTRIBUTIONS = (
    ("sv", "– {}, säger Maria Tarn till TT.", "Det är mycket kallt här", "Maria Tarn"),
    ("sv", "– {}, säger Maria Tarn, presschef på bolaget.", "Vi fryser, och vi väntar", "Maria Tarn"),
    ("sv", "— {} frågar Maria Tarn.", "Kommer tågen i morgon?", "Maria Tarn"),
    ("nb", "– {}, sier pressesjef Maria Tarn til NTB.", "Det er veldig kaldt her", "Maria Tarn"),
    ("nb", "- {}, sier Maria Tarn.", "Det er kaldt. Vi fryser", "Maria Tarn"),
    ("da", "- {}, siger Maria Tarn til Ritzau.", "Det er meget koldt her", "Maria Tarn"),
    ("fi", "– {}, sanoo Maria Tarn STT:lle.", "Täällä on hyvin kylmä", "Maria Tarn"),
    ("fi", "– {}, Maria Tarn kertoo.", "Täällä on hyvin kylmä", "Maria Tarn"),
)


def quotes(language, *paragraphs):
    body = "\n\n".join((LEADS[language], *paragraphs))
    rows = find_quotes(body, find_entities("", body, find_places(body), tier="gazetteer"), language=language)
    return [(row["text"], row["type"], row["rule"], row["speaker_canonical"]) for row in rows]


@pytest.mark.parametrize(("language", "paragraph", "words", "speaker"), ATTRIBUTIONS)
def test_a_dash_opens_what_is_said_up_to_who_says_it(language, paragraph, words, speaker):
    assert quotes(language, paragraph.format(words)) == [(words, "direct", "after", speaker)]


@pytest.mark.parametrize(("language", "paragraph", "words", "speaker"), ATTRIBUTIONS[:1] + ATTRIBUTIONS[3:4])
def test_it_is_read_as_the_same_between_marks_is(language, paragraph, words, speaker):
    quoted = paragraph.removeprefix("– ").format(f"”{words}”")
    assert quotes(language, paragraph.format(words)) == quotes(language, quoted)


def test_dashes_right_after_it_go_on():
    said = "– Det är kallt här, säger Maria Tarn."
    assert quotes("sv", said, "– Vi fryser allihop.") == [
        ("Det är kallt här", "direct", "after", "Maria Tarn"),
        ("Vi fryser allihop.", "direct", "follow", "Maria Tarn"),
    ]
    assert len(quotes("sv", said, "Hon väntar.", "– Vi fryser allihop.")) == 1
    assert len(quotes("sv", said, "– Mjölk")) == 1


def test_what_such_speech_quotes_is_part_of_it():
    (row,) = quotes("sv", "– Han sa ”nu åker vi alla hem” och gick, säger Maria Tarn.")
    assert row[0] == "Han sa ”nu åker vi alla hem” och gick"


def test_who_speaks_of_himself_within_it_is_no_attribution():
    (row,) = quotes("sv", "– Det är kallt, säger jag ofta, och det är sant, säger Maria Tarn.")
    assert row[0] == "Det är kallt, säger jag ofta, och det är sant"


@pytest.mark.parametrize("items", [("– Skatten höjs.", "– En man åtalas för mord."), ("- Mjölk", "- Bröd"), ("– Det är kallt, säger.",)])
def test_a_list_is_no_speech(items):
    assert quotes("sv", *items) == []


@pytest.mark.parametrize(
    ("language", "body"),
    [
        (
            "de",
            "Das ist am Montag passiert.\n\n- In der Stadt hat es gebrannt, teilte die Polizei mit.\n\n- Die Bahn kommt, sagte Maria Tarn.",
        ),
        ("fr", "Ce qu'il faut savoir lundi.\n\n- La croissance recule, a annoncé la ministre.\n\n- Le pont est fermé, a dit Maria Tarn."),
    ],
)
def test_in_other_languages_a_dash_opens_an_item(language, body):
    assert find_quotes(body, [], language=language) == []
