import pytest

from transforms.text import lexicons

LISTS = ["common_words.txt", "english_words.txt", "function_words.txt", "hyphen_tails.txt", "particles.txt", "role_nouns.txt"]


@pytest.mark.parametrize("name", LISTS)
def test_a_list_holds_each_word_once_in_lower_case(name):
    words = [row[0] for row in lexicons.read_rows(name)]
    assert len(words) == len(set(words)) > 10
    assert all(word == word.lower() == word.strip() for word in words)


def test_tables_have_the_kinds_that_the_rules_know():
    assert {kind for kind, _ in lexicons.titles().values()} == {"honorific", "role"}
    assert {gender for _, gender in lexicons.titles().values()} <= {"m", "f", ""}
    assert set(lexicons.given_names().values()) == {"m", "f", ""}
    assert set(lexicons.known_names().values()) == {"NORP", "LOC", "MISC"}
    assert set(lexicons.name_openers().values()) <= {"LOC", "ORG", "MISC"}
    assert all(lexicons.org_words(place) for place in ("first", "last", "suffix"))


def test_every_form_of_a_verb_of_speech_is_found():
    forms = lexicons.cue_forms()
    assert {forms[form] for form in ("say", "says", "said", "saying")} == {"say"}


def test_a_set_of_small_words_that_is_not_there_is_an_error():
    with pytest.raises(KeyError):
        lexicons.grammar("no such set")
