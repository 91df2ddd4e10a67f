import pytest

from transforms.text.capital_nouns import described_speaker, spoken_by
from transforms.text.names import find_entities
from transforms.text.places import find_places

TEXT = "Eine Kuh hat am Montag den Verkehr auf einer Straße gestört. Nach Angaben der Polizei lief das Tier über die Wiese und den Hof. "


def entities(body):
    return [(row["text"], row["type"], row["role"]) for row in find_entities("", body, find_places(body))]


def test_nouns_are_no_names():
    assert entities(TEXT) == []


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("Das sagte Polizeisprecher Hans Roe am Abend.", ("Hans Roe", "PER", "Polizeisprecher")),
        ("Der Besitzer Klaus Roe holte die Kuh ab.", ("Klaus Roe", "PER", None)),
        ("Die Kuh sei ruhig, sagte Yorsten Tarn am Abend.", ("Yorsten Tarn", "PER", None)),
        ("Die Kuh sei ruhig, sagte der Vogelkundler Yorsten Tarn-Roe am Abend.", ("Yorsten Tarn-Roe", "PER", None)),
        ("Die Kuh sei ruhig, sagte Tarn am Abend.", ("Tarn", "PER", None)),
        ("Auch Außenministerin Tarn kam zur Wiese.", ("Tarn", "PER", "Außenministerin")),
        ("Auch Ursula von der Roe kam zur Wiese.", ("Ursula von der Roe", "PER", None)),
        ("Ein Wagen der Tarnby AG holte die Kuh ab.", ("Tarnby AG", "ORG", None)),
        ("Die FDP kam zur Wiese.", ("FDP", "ORG", None)),
        ("Die Wiese liegt bei Hamburg am Wald.", ("Hamburg", "LOC", None)),
    ],
)
def test_names_with_evidence_of_their_own_stay(sentence, found):
    assert entities(TEXT + sentence) == [found]


def test_a_surname_after_a_verb_of_saying_makes_the_full_name_one():
    body = TEXT + "Der Bauer Yorsten Tarn kam. Die Kuh sei ruhig, sagte Tarn."
    assert [text for text, *_ in entities(body)][-1] == "Tarn"
    assert {row["canonical"] for row in find_entities("", TEXT + "Yorsten Tarn kam. Es gehe gut, sagte Tarn.", [])} == {"Yorsten Tarn"}


@pytest.mark.parametrize(("text", "spoken"), [("sagte Roe", True), ("forderte Hilfe", False), ("Roe", False)])
def test_verbs_of_saying_right_before_a_name(text, spoken):
    assert spoken_by(text, len(text) - len(text.split()[-1])) is spoken


@pytest.mark.parametrize(("text", "described"), [("sagte der Bauer Roe", True), ("sagte Bauer Roe", False), ("traf der Bauer Roe", False)])
def test_a_speaker_with_a_description(text, described):
    assert described_speaker(text, text.index("Bauer")) is described
