"""The bench of quotations runs on any texts."""

import json
import pathlib

import pytest

from tests.bench import quotes

TEXT = 'Kari Berg, the mayor of Oslo, said on Monday that Norway had agreed. "The Roe Club has as well," she said.'


@pytest.fixture
def texts(tmp_path: pathlib.Path) -> pathlib.Path:
    path = tmp_path / "texts.jsonl"
    path.write_text(json.dumps({"text": TEXT}) + "\n", encoding="utf-8")
    return path


def test_it_measures_texts_without_a_peer(texts: pathlib.Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(quotes, "LEAST", 1.0)
    assert quotes.main(["--seconds", "0", str(texts)]) == 0
    printed = capsys.readouterr().out
    assert "no peer" in printed
    assert "tokens/s; with names" in printed


def test_quotations_that_come_too_slowly_fail_it(
    texts: pathlib.Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(quotes, "LEAST", 1e12)
    assert quotes.main(["--seconds", "0", str(texts)]) == 1
    assert "tokens a second, fewer than" in capsys.readouterr().out


def test_the_parser_of_a_pipeline_is_the_peer(
    texts: pathlib.Path, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    spacy = pytest.importorskip("spacy", reason="spaCy is not installed: no peer is measured")
    monkeypatch.setattr(quotes, "LEAST", 1.0)
    nlp = spacy.blank("en")
    nlp.to_disk(tmp_path / "blank")
    assert quotes.main(["--seconds", "0", "--spacy", str(tmp_path / "blank"), str(texts)]) == 0
    assert "has no parser" in capsys.readouterr().out
    nlp.add_pipe("parser").add_label("nsubj")
    nlp.add_pipe("ner").add_label("PERSON")
    nlp.initialize()
    nlp.to_disk(tmp_path / "parses")
    assert quotes.main(["--seconds", "0", "--spacy", str(tmp_path / "parses"), str(texts)]) == 0
    assert "spaCy's parse alone" in capsys.readouterr().out
