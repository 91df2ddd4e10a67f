from hypothesis import given
from hypothesis import strategies as st

from transforms.text.tokens import MAX_WORDS, capital_runs, is_english, nouns_capitalised


def runs(text):
    return [" ".join(word.text for word in run.words) for run in capital_runs(text)]


def test_words_with_capitals_stand_together():
    assert runs("We met Anna Maria Lopez in Santa Fe today.") == ["We", "Anna Maria Lopez", "Santa Fe"]


def test_a_possessive_ends_a_name():
    assert runs("It was Lopez's House and the Lopezes’ House") == ["It", "Lopez", "House", "Lopezes", "House"]


def test_inner_marks_join():
    assert runs("Mary O'Neil of AT&T met Ko Yu-min, Bashir al-Amin and J.P. Roe") == [
        "Mary O'Neil",
        "AT&T",
        "Ko Yu-min",
        "Bashir al-Amin",
        "J.P. Roe",
    ]


def test_a_full_stop_ends_a_run_unless_it_belongs_to_the_word():
    assert runs("He saw Oslo. Then Gov. Roe came") == ["He", "Oslo", "Then Gov. Roe"]


def test_an_adjective_tail_ends_a_run():
    assert runs("the Oslo-based Institute and the Oslo-backed Front") == ["Oslo", "Institute", "Oslo", "Front"]


def test_a_run_knows_whether_it_opens_a_sentence():
    assert [run.opens for run in capital_runs("Roe left. Poe stayed with Moe")] == [True, True, False]


def test_a_line_of_capitals_is_no_name():
    assert runs("A " * (MAX_WORDS + 1)) == []


@given(st.text(max_size=60) | st.text(alphabet="AbZé.'’- \n&É", max_size=60))
def test_offsets_are_those_of_the_text(text):
    for run in capital_runs(text):
        for word in run.words:
            assert word.text == text[word.start : word.end].replace("\u00a0", " ")
            assert word.text


GERMAN = "Eine Kuh hat am Montag den Verkehr auf einer Straße gestört. Nach Angaben der Polizei lief das Tier über die Wiese und den Hof."
ENGLISH = "A cow stopped the traffic on a road to Oslo on Monday. The police said that the animal ran over the meadow and then to the yard."
FRENCH = "Une vache a bloqué lundi la circulation sur une route. Selon la police, la bête a traversé le pré puis la cour avant de partir."


def test_text_that_writes_its_nouns_with_capitals():
    assert [nouns_capitalised(text, capital_runs(text)) for text in (GERMAN, ENGLISH, FRENCH)] == [True, False, False]


def test_english_full_of_names_is_english():
    text = "Anna Roe of Oslo and James Poe of Paris met Mary Tarn and Ko Yu-min of Seoul and the Reverend John Roe of Tarnby Hill and left."
    assert not nouns_capitalised(text, capital_runs(text))


def test_english_by_its_small_words():
    assert [is_english(text) for text in (GERMAN, ENGLISH, FRENCH, "", "Kurz")] == [False, True, False, True, True]
