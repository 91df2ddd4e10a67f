import pytest

from transforms.text import lexicons

LISTS = ["english_words.txt", "function_words.txt", "particles.txt", "role_nouns.txt"]


@pytest.mark.parametrize("name", LISTS)
def test_a_list_holds_each_word_once_in_lower_case(name):
    words = [row[0] for row in lexicons.read_rows(name)]
    assert len(words) == len(set(words)) > 10
    assert all(word == word.lower() == word.strip() for word in words)


def test_tables_have_the_kinds_that_the_rules_know():
    assert {kind for kind, _ in lexicons.titles().values()} == {"honorific", "role"}
    assert {gender for _, gender in lexicons.titles().values()} <= {"m", "f", ""}
    assert set(lexicons.known_names().values()) == {"NORP", "LOC", "MISC"}
    assert all(lexicons.org_words(place) for place in ("first", "last", "suffix"))


def test_every_form_of_a_verb_of_speech_is_found():
    forms = lexicons.cue_forms()
    assert {forms[form] for form in ("say", "says", "said", "saying")} == {"say"}


def test_verbs_of_speech_of_other_languages_stand_apart():
    foreign = lexicons.foreign_cues()
    assert {foreign[form] for form in ("sagte", "déclaré", "dijo", "detto", "siger")} == {"sagen", "déclarer", "decir", "dire", "sige"}
    assert not {"sagte", "dijo", "dice", "sa"} & set(lexicons.cue_forms())


def test_pronouns_of_other_languages_are_names_in_english():
    assert lexicons.pronouns(True)["she"] == "f"
    assert "han" not in lexicons.pronouns(True)
    assert lexicons.pronouns(False)["han"] == "m"


@pytest.mark.parametrize("name", ["Africa", "Horn of Africa", "Northeast Asia", "Inner Asia", "Middle East", "Black Sea"])
def test_parts_of_the_world(name):
    assert lexicons.is_world_region(name)


@pytest.mark.parametrize("name", ["Oslo", "North Tarnby", "Muslims", "World Cup"])
def test_what_is_no_part_of_the_world(name):
    assert not lexicons.is_world_region(name)


def test_a_set_of_small_words_that_is_not_there_is_an_error():
    with pytest.raises(KeyError):
        lexicons.grammar("no such set")
