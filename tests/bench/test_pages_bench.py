"""The bench of pages itself: it compares the two on made pages where there are no others, and its exit code is the verdict."""

import importlib.util
import pathlib
import sys
import types

import pytest

PAGES = pathlib.Path(__file__).with_name("pages.py")


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    spec = importlib.util.spec_from_file_location("pages_bench", PAGES)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setattr(sys, "path", list(sys.path))
    spec.loader.exec_module(module)
    return module


def test_both_read_the_made_pages_by_turns(
    bench: types.ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench, "MADE", 3)
    assert bench.main(["--rounds", "2", "--pages", str(tmp_path / "absent")]) in (0, 1)
    printed = capsys.readouterr().out
    assert printed.count("  round ") == 2
    assert "refused" not in printed


@pytest.mark.parametrize(("ratio", "code"), [(1.0, 0), (0.99, 1)])
def test_slower_than_trafilatura_fails_the_bench(bench: types.ModuleType, monkeypatch: pytest.MonkeyPatch, ratio: float, code: int) -> None:
    monkeypatch.setattr(bench, "compared", lambda pages, rounds: ratio)
    assert bench.main(["--rounds", "1"]) == code
