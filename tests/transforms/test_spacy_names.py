import pickle

import pytest

from pipelines.errors import UsageError
from pipelines.offline import annotate_lines
from pipelines.options import choices_from

spacy = pytest.importorskip("spacy", reason="spaCy is not installed: the quality tier of names is not tested")

from transforms.spacy_names import SpacyNames  # noqa: E402
from transforms.spacy_pipelines import pipeline  # noqa: E402

ENGLISH = "The mayor of the town said that Tarn Blue met the Roe Club and that Tarnby was glad of it."
SPANISH = "El lunes la ciudad estuvo tranquila pero nadie quiso salir a la calle, dijo Tarn Blue a los vecinos."


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A pipeline that knows three names."""
    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([
        {"label": "PERSON", "pattern": "Tarn Blue"}, {"label": "ORG", "pattern": "the Roe Club"}, {"label": "GPE", "pattern": "Tarnby"},
        {"label": "DATE", "pattern": "glad"},
    ])  # fmt: skip
    folder = tmp_path_factory.mktemp("spacy") / "model"
    nlp.to_disk(folder)
    return str(folder)


def test_names_are_those_of_the_pipeline_in_the_contracts_types(model):
    (spans,) = SpacyNames(model).spans([{"body": ENGLISH}])
    assert [(ENGLISH[s.start : s.end], s.type) for s in spans] == [("Tarn Blue", "PER"), ("Roe Club", "ORG"), ("Tarnby", "LOC")]


def test_stories_of_other_languages_are_left_to_the_package(model):
    assert SpacyNames(model).spans([{"body": SPANISH}, {"body": ""}])[0] is None


def test_any_text_is_read(model):
    text = "\ud800 Tarn Blue of the town said so to \ud83d the Roe Club and \x00 left."
    (spans,) = SpacyNames(model).spans([{"body": text}])
    assert [text[s.start : s.end] for s in spans] == ["Tarn Blue", "Roe Club"]


def test_a_worker_loads_the_pipeline_once(model):
    names = SpacyNames(model)
    other = pickle.loads(pickle.dumps(names))
    assert other.spans([{"body": ENGLISH}]) == names.spans([{"body": ENGLISH}])
    assert pipeline(model) is pipeline(str(model))


def test_annotate_gives_rows_of_the_pipeline(model):
    import json

    (row,) = annotate_lines([json.dumps({"id": 1, "text": ENGLISH}).encode()], choices_from(f"spacy:{model}"))
    assert [entity["text"] for entity in row["entities"]] == ["Tarn Blue", "Roe Club", "Tarnby"]


@pytest.mark.parametrize("value", ["spacy", "spacy:", "spacy:no_such_pipeline", "spacy:/no/such/folder", "stanza:en"])
def test_what_is_no_pipeline_is_a_usage_error(value):
    with pytest.raises(UsageError):
        choices_from(value)


def test_the_packages_own_tagger_has_no_pipeline():
    assert choices_from("model").names is None
