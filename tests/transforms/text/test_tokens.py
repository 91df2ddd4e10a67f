import re

import pytest

from transforms.text.tokens import is_english, upper_class

GERMAN = "Eine Kuh hat am Montag den Verkehr auf einer Straße gestört. Nach Angaben der Polizei lief das Tier über die Wiese und den Hof."
ENGLISH = "A cow stopped the traffic on a road to Oslo on Monday. The police said that the animal ran over the meadow and then to the yard."
FRENCH = "Une vache a bloqué lundi la circulation sur une route. Selon la police, la bête a traversé le pré puis la cour avant de partir."


def test_english_by_its_small_words():
    assert [is_english(text) for text in (GERMAN, ENGLISH, FRENCH, "", "Kurz")] == [False, True, False, True, True]
    assert [is_english(text, "de") for text in (GERMAN, ENGLISH, FRENCH)] == [False, True, False]


def test_a_short_text_without_small_words_is_of_another_language_only_if_it_has_some_of_its_own():
    assert is_english('Maria Tarn told reporters in Oslo on Monday, "We will go home now, whatever happens."')
    assert not is_english("Mandag var der ro i byen, men ingen ville gå ud på gaden om aftenen.")


BRIEFS = (
    ("de", "„Es reicht“, sagte Karl Huber."),
    ("de", "Berlin (dpa) - Die Regierung berät seit Wochen, ohne dass es eine Einigung gibt. „Es reicht“, sagte Karl Huber."),
    ("it", "ROMA (ANSA) - Il ministro Mario Rossi si dimette. «Basta così», ha detto Rossi lunedì."),
    ("nl", 'BRUSSEL (Belga) - Minister Jan Peeters neemt ontslag. "Jammer", zei Anna Claes maandag.'),
    ("nl", "Het is nog niet bekend of de man in de auto was."),
    ("fi", "HELSINKI (STT) - Ministeri Matti Virtanen eroaa tehtävästään maanantaina, kertoo hallitus."),
    ("nb", "Politiet har pågrepet en mann for drap."),
    ("sw", "Waziri ajiuzulu, serikali yasema."),
)
ALERTS = (
    "FED RAISES RATES BY 25 BPS",
    "Oslo police arrest two men",
    "Maria Tarn resigns",
    "Police have arrested two men who broke into the Palacio de la Moneda, prosecutor Carla del Ponte says.",
    "Shr 41 cts vs 35 cts. Net 2.1 mln vs 1.9 mln.",
)


@pytest.mark.parametrize(("language", "text"), BRIEFS)
def test_a_short_text_is_of_the_language_that_is_said(language: str, text: str) -> None:
    assert not is_english(text, language)
    assert not is_english(text, f"{language.upper()}-XX")


@pytest.mark.parametrize("text", [text for _, text in BRIEFS[1:3] + BRIEFS[4:7]])
def test_without_a_language_the_words_of_a_short_text_decide(text: str) -> None:
    assert not any(is_english(text, language) for language in (None, "", "en", "und"))


@pytest.mark.parametrize("text", ALERTS)
def test_short_english_is_english_whether_or_not_a_language_is_said(text: str) -> None:
    assert all(is_english(text, language) for language in (None, "en-US", "und", "pcm"))


@pytest.mark.parametrize("text", ALERTS[:4])
def test_a_language_that_is_wrong_makes_no_english_text_another(text: str) -> None:
    assert is_english(text, "de")


def test_capitals_of_any_script():
    capital = re.compile(f"[{upper_class()}]")
    assert [bool(capital.fullmatch(letter)) for letter in "AÉЖΩaé1ß"] == [True, True, True, True, False, False, False, False]
