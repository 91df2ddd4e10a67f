"""The bench of names runs on any texts."""

import json
import pathlib

import pytest

from tests.bench import names

TEXT = "Kari Berg, the mayor of Oslo, said on Monday that Norway and the Roe Club had agreed to it."


@pytest.fixture
def texts(tmp_path: pathlib.Path) -> pathlib.Path:
    path = tmp_path / "texts.jsonl"
    path.write_text(json.dumps({"text": TEXT}) + "\n", encoding="utf-8")
    return path


def test_it_measures_texts_without_a_peer(texts: pathlib.Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(names, "LEAST", 1.0)
    assert names.main(["--seconds", "0", str(texts)]) == 0
    printed = capsys.readouterr().out
    assert "no peer" in printed
    assert "words/s" in printed


def test_names_that_come_too_slowly_fail_it(
    texts: pathlib.Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(names, "LEAST", 1e12)
    assert names.main(["--seconds", "0", str(texts)]) == 1
    assert "words a second, fewer than" in capsys.readouterr().out
