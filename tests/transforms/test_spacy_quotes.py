"""`--quotes spacy:MODEL` from the option to rows. The pipeline is one that knows the parses of a few sentences."""

import datetime as dt
import json
import pickle

import pytest

from pipelines.cli import main
from pipelines.errors import UsageError
from pipelines.offline import annotate_lines
from pipelines.options import choices_from
from tests.pipelines.asking import asked
from tests.pipelines.lines import story, write_lines
from transforms.deduplicate import Held
from transforms.extract_quotes import extract_quotes

spacy = pytest.importorskip("spacy", reason="spaCy is not installed: the quality tier of quotations is not tested")

from transforms.spacy_names import SpacyNames  # noqa: E402
from transforms.spacy_pipelines import pipeline  # noqa: E402
from transforms.spacy_quotes import LONGEST, SpacyClauses  # noqa: E402

TODAY = dt.datetime.now(dt.UTC).date()
CRITICIZED = "The mayor criticized the club for its silence."
HEADS = [1, 2, 2, 4, 2, 2, 7, 5, 2]
RELATIONS = ["det", "nsubj", "ROOT", "det", "dobj", "prep", "poss", "pobj", "punct"]
SAID = "Maria Tarn said the road is safe."
BODY = f"{SAID}\n\n{CRITICIZED}\n\nThe club is in Oslo and the mayor of the town was there with her."


@spacy.Language.component("known_parses")
def known_parses(doc):
    """Every sentence but the one above as words that hang on the first one."""
    known = len(doc) == len(HEADS)
    for token in doc:
        token.head = doc[HEADS[token.i] if known else 0]
        token.dep_ = RELATIONS[token.i] if known else "dep"
    return doc


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    nlp = spacy.blank("en")
    nlp.add_pipe("known_parses", name="parser")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "PERSON", "pattern": "Maria Tarn"}])
    path = tmp_path_factory.mktemp("spacy") / "model"
    nlp.to_disk(path)
    return str(path)


def annotated(body, **choices):
    (row,) = annotate_lines([json.dumps({"id": 1, "text": body}).encode()], choices_from(**choices))
    return row


def test_the_parse_adds_what_the_rules_did_not_find(folder):
    held = Held({"body": BODY}, [])
    extract_quotes([held], SpacyClauses(folder))
    assert [(row["text"], row["speaker"], row["cue"], row["rule"]) for row in held.quotes] == [
        ("the road is safe", "Maria Tarn", "said", "forward"),
        ("the club for its silence", "The mayor", "criticized", "parse"),
    ]
    assert all(BODY[row["span_start"] : row["span_end"]] == row["text"] for row in held.quotes)


def test_each_story_of_a_batch_has_its_own(folder):
    bodies = ["", BODY, "El lunes la ciudad estuvo tranquila pero nadie quiso salir a la calle, dijo el alcalde.", CRITICIZED, SAID]
    stories = [Held({"body": body}, []) for body in bodies]
    extract_quotes(stories, pickle.loads(pickle.dumps(SpacyClauses(folder))))
    assert [[row["rule"] for row in held.quotes] for held in stories] == [[], ["forward", "parse"], [], ["parse"], ["forward"]]


def test_any_text_is_read(folder):
    broken = CRITICIZED.replace("mayor", "m\ud800yor").replace(" for", "\nfor")
    held = Held({"body": f"{SAID}\n\n{broken}\n\n\x00 said\u2029 \U0001f600 said"}, [])
    extract_quotes([held], SpacyClauses(folder))
    assert [row["text"] for row in held.quotes if row["rule"] == "parse"] == ["the club\nfor its silence"]


def test_a_paragraph_that_is_none_of_news_is_left_to_the_rules(folder):
    body = f"{'The road is long and said to be safe. ' * (LONGEST // 35)}\n\n{CRITICIZED}"
    texts = []
    loaded = pipeline(folder)
    real, loaded.docs = loaded.docs, lambda given, unused: texts.extend(given) or real(given, unused)
    try:
        SpacyClauses(folder).finders([{"body": body}])
    finally:
        del loaded.docs
    assert texts == [CRITICIZED]


def test_names_and_quotations_share_one_pipeline(folder, monkeypatch):
    loads = []
    real = spacy.load
    monkeypatch.setattr(spacy, "load", lambda model, **how: loads.append(model) or real(model, **how))
    monkeypatch.setattr("transforms.spacy_pipelines._loaded", {})
    stories = [{"body": BODY}]
    (spans,) = SpacyNames(folder).spans(stories)
    assert [BODY[span.start : span.end] for span in spans] == ["Maria Tarn"]
    SpacyClauses(folder).finders(stories)
    SpacyNames(folder).spans(stories)
    assert loads == [folder]


def test_annotate_takes_the_option(folder):
    assert len(annotated(BODY)["quotes"]) == 1
    added = annotated(BODY, quotes=f"spacy:{folder}")["quotes"][1]
    assert (BODY[added["start"] : added["end"]], added["type"]) == ("the club for its silence", "indirect")


def test_ingest_and_reprocess_take_it(folder, tmp_path):
    rows = [story("1", body=f'{BODY}\n\nThe town sold so-called "smart" locks.')]
    file = write_lines(tmp_path / "rows.jsonl", rows)
    lake = tmp_path / "lake"
    assert main(["ingest", str(file), "--lake", str(lake), "--quotes", f"spacy:{folder}", "--fragments", "--keep-raw", "--quiet"]) == 0
    found = "select rule, type, text from quotes order by span_start"
    spoken, parsed, unsaid = asked(lake, found)
    assert (parsed, unsaid) == (("parse", "indirect", "the club for its silence"), ("fragment", "fragment", "smart"))
    days = ["--from", str(TODAY - dt.timedelta(days=1)), "--to", str(TODAY + dt.timedelta(days=1))]
    assert main(["reprocess", *days, "--lake", str(lake), "--quiet"]) == 0
    assert asked(lake, found) == [spoken]
    assert main(["reprocess", *days, "--lake", str(lake), "--quiet", "--quotes", f"spacy:{folder}"]) == 0
    assert asked(lake, found) == [spoken, parsed]


def test_a_pipeline_without_an_english_parser_is_a_usage_error(tmp_path):
    for language, component in (("en", "entity_ruler"), ("de", "parser")):
        nlp = spacy.blank(language)
        nlp.add_pipe(component)
        (tmp_path / "config.cfg").write_text(nlp.config.to_str(), encoding="utf-8")
        assert choices_from(entities=f"spacy:{tmp_path}").names == str(tmp_path)
        with pytest.raises(UsageError, match="English pipeline with a parser"):
            choices_from(quotes=f"spacy:{tmp_path}")
    with pytest.raises(UsageError, match="--quotes is rules, or spacy:MODEL"):
        choices_from(quotes="model")
