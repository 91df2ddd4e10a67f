import re

from transforms.text.tokens import is_english, upper_class

GERMAN = "Eine Kuh hat am Montag den Verkehr auf einer Straße gestört. Nach Angaben der Polizei lief das Tier über die Wiese und den Hof."
ENGLISH = "A cow stopped the traffic on a road to Oslo on Monday. The police said that the animal ran over the meadow and then to the yard."
FRENCH = "Une vache a bloqué lundi la circulation sur une route. Selon la police, la bête a traversé le pré puis la cour avant de partir."


def test_english_by_its_small_words():
    assert [is_english(text) for text in (GERMAN, ENGLISH, FRENCH, "", "Kurz")] == [False, True, False, True, True]


def test_a_short_text_without_small_words_is_of_another_language_only_if_it_has_some_of_its_own():
    assert is_english('Maria Tarn told reporters in Oslo on Monday, "We will go home now, whatever happens."')
    assert not is_english("Mandag var der ro i byen, men ingen ville gå ud på gaden om aftenen.")


def test_capitals_of_any_script():
    capital = re.compile(f"[{upper_class()}]")
    assert [bool(capital.fullmatch(letter)) for letter in "AÉЖΩaé1ß"] == [True, True, True, True, False, False, False, False]
