"""The bench of formats runs on any folder of wire files."""

import pathlib

import pytest

from tests.bench import formats

WIRES = pathlib.Path(__file__).parents[1] / "pipelines" / "wires"


def test_it_measures_a_folder_beside_a_plain_parse(capsys: pytest.CaptureFixture[str]) -> None:
    assert formats.main(["--seconds", "0", str(WIRES)]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("wires ")
    assert "files/s; lxml or json alone" in printed


def test_a_format_that_is_too_slow_fails_it(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(formats.LEAST, "wires", 1e9)
    assert formats.main(["--seconds", "0", str(WIRES)]) == 1
    assert "wires takes" in capsys.readouterr().out
