"""The benches of names and of quotations run on any texts."""

import json
import pathlib
import types

import pytest

from tests.bench import names, quotes

TEXT = 'Kari Berg, the mayor of Oslo, said on Monday that Norway had agreed. "The Roe Club has as well," she said.'
BENCHES = [pytest.param(names, "words/s", "words", id="names"), pytest.param(quotes, "tokens/s; with names", "tokens", id="quotes")]


@pytest.fixture
def texts(tmp_path: pathlib.Path) -> pathlib.Path:
    path = tmp_path / "texts.jsonl"
    path.write_text(json.dumps({"text": TEXT}) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(("bench", "shown", "units"), BENCHES)
def test_it_measures_texts_without_a_peer(
    bench: types.ModuleType,
    shown: str,
    units: str,
    texts: pathlib.Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(bench, "LEAST", 1.0)
    assert bench.main(["--seconds", "0", str(texts)]) == 0
    printed = capsys.readouterr().out
    assert "no peer" in printed
    assert shown in printed
    assert f"{units} a second, fewer than" not in printed


@pytest.mark.parametrize(("bench", "shown", "units"), BENCHES)
def test_what_is_read_too_slowly_fails_it(
    bench: types.ModuleType,
    shown: str,
    units: str,
    texts: pathlib.Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(bench, "LEAST", 1e12)
    assert bench.main(["--seconds", "0", str(texts)]) == 1
    printed = capsys.readouterr().out
    assert shown in printed
    assert f"{units} a second, fewer than" in printed


def test_without_texts_there_is_nothing_to_measure(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(names, "TEXTS", ())
    with pytest.raises(SystemExit, match="2"):
        names.main([])
    assert "nothing to measure" in capsys.readouterr().out


def test_the_names_of_a_pipeline_are_the_peer(
    texts: pathlib.Path, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    spacy = pytest.importorskip("spacy", reason="spaCy is not installed: no peer is measured")
    monkeypatch.setattr(names, "LEAST", 1.0)
    monkeypatch.setattr(names, "TIMES", 0.0)
    monkeypatch.setattr(names, "LINKED", tmp_path / "none")
    spacy.blank("en").to_disk(tmp_path / "blank")
    assert names.main(["--seconds", "0", "--spacy", str(tmp_path / "blank"), str(texts)]) == 0
    assert "spaCy's names alone" in capsys.readouterr().out


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
