import pytest

from transforms.text import confidence as module
from transforms.text.confidence import confidence, sort_of_speaker

TABLE = {
    ("direct", "*", "*", "none"): 0.5,
    ("direct", "after", "*", "none"): 0.75,
    ("direct", "after", "name", "none"): 0.875,
    ("direct", "after", "*", "agrees"): 0.9,
    ("direct", "after", "*", "differs"): 0.25,
}


@pytest.fixture
def table(monkeypatch):
    monkeypatch.setattr(module, "_table", lambda: TABLE)


@pytest.mark.parametrize(
    ("kind", "rule", "speaker", "share"),
    [
        ("direct", "after", "name", 0.875),
        ("direct", "after", "pronoun", 0.75),
        ("direct", "dash", "name", 0.5),
        ("fragment", "fragment", "none", 0.0),
    ],
)
@pytest.mark.usefixtures("table")
def test_a_sort_falls_back_to_its_rule_and_that_to_its_type(kind, rule, speaker, share):
    assert confidence(kind, rule, speaker) == share


@pytest.mark.usefixtures("table")
def test_a_parse_counts_apart_where_there_is_one():
    assert [confidence("direct", "after", "name", agreed) for agreed in (None, True, False)] == [0.875, 0.9, 0.25]
    assert confidence("direct", "dash", "name", agreed=True) == 0.5


@pytest.mark.parametrize(
    ("speaker_type", "sort"),
    [("pronoun", "pronoun"), ("description", "description"), ("PER", "name"), ("ORG", "name"), ("LOC", "name"), (None, "none")],
)
def test_sorts_of_speakers(speaker_type, sort):
    assert sort_of_speaker(speaker_type) == sort


def test_a_name_is_surer_than_a_description_and_what_follows_less_sure_than_what_has_its_own_verb():
    assert confidence("direct", "after", "name") > 0.9
    assert confidence("direct", "after", "name") > confidence("direct", "follow", "name")
    assert confidence("indirect", "forward", "name") > confidence("indirect", "forward", "description")
