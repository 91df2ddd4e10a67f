"""Training is a command: the same labels give the same bytes, and what it fits finds names."""

import gzip
import json

import numpy as np
import pytest

from pipelines import tagger_fit, tagger_swaps, tagger_teacher, train_tagger
from transforms.text.tagger import Tagger

TEXT = "Mayor {0} of {1} said that {2} Corp was in trouble.\n{0} left {1} on Monday, and {2} Corp was glad of it."
PEOPLE = ("Kari Berg", "Maria Tarn", "Ola Lund", "Anna Roe")
TOWNS = ("Oslo", "Bergen", "Tarnby")
FIRMS = ("Avnor", "Zolt", "Quist")


def example(person, town, firm):
    text = TEXT.format(person, town, firm)
    found = []
    for name, kind in ((person, "PER"), (town, "LOC"), (f"{firm} Corp", "ORG")):
        at = text.find(name)
        while at >= 0:
            found.append({"start": at, "end": at + len(name), "type": kind})
            at = text.find(name, at + 1)
    return {"text": text, "ents": found}


@pytest.fixture(scope="module")
def labels(tmp_path_factory):
    folder = tmp_path_factory.mktemp("labels")
    with gzip.open(folder / tagger_teacher.LABELS, "wt", encoding="utf-8") as out:
        for person in PEOPLE:
            for town in TOWNS:
                for firm in FIRMS:
                    out.write(json.dumps(example(person, town, firm)) + "\n")
    classes = np.array([3, 5, 7], np.uint16)
    np.savez_compressed(
        folder / tagger_teacher.CLASSES, words=np.array(["glad", "mayor", "said"]), fine=classes, coarse=np.arange(1024) % 128
    )
    return folder


def test_the_same_labels_give_the_same_bytes_and_a_tagger_that_finds_names(labels, tmp_path, monkeypatch):
    monkeypatch.setattr(train_tagger, "BITS", 12)
    monkeypatch.setattr(tagger_fit, "RUNS", 1)
    train_tagger.main(["fit", "--labels", str(labels), "--out", str(tmp_path / "one.npz")])
    train_tagger.main(["fit", "--labels", str(labels), "--out", str(tmp_path / "two.npz")])
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    with np.load(tmp_path / "one.npz") as arrays:
        tagger = Tagger.of(arrays)
    text = example("Kari Berg", "Oslo", "Zolt")["text"]
    found = {(text[span.start : span.end], span.type) for span in tagger.spans(text)}
    assert found == {("Kari Berg", "PER"), ("Oslo", "LOC"), ("Zolt Corp", "ORG")}


def test_swapped_names_stay_where_the_labels_say():
    names = tagger_swaps.Names(np.random.default_rng(1))
    row = example("Kari Berg", "Oslo", "Zolt")
    for _ in range(20):
        text, found = tagger_swaps.swapped(row["text"], row["ents"], names)
        assert [entity["type"] for entity in found] == [e["type"] for e in sorted(row["ents"], key=lambda e: e["start"])]
        people = {text[e["start"] : e["end"]] for e in found if e["type"] == "PER"}
        assert len(people) == 1
        assert people.pop()[:1].isupper()


def test_teaching_takes_the_names_of_a_pipeline(tmp_path):
    spacy = pytest.importorskip("spacy", reason="spaCy is not installed: teaching is not tested")
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "PERSON", "pattern": "Kari Berg"}, {"label": "DATE", "pattern": "Monday"}])
    (row,) = tagger_teacher.taught(nlp, [{"id": 1, "text": "Kari Berg's plan on Monday"}])
    assert row == {"id": 1, "text": "Kari Berg's plan on Monday", "ents": [{"start": 0, "end": 9, "type": "PER"}]}
