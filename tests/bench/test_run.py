"""The bench itself: its stages run on today's code, its verdict on memory, and what it says where the peer is missing."""

import importlib
import json
import pathlib
import subprocess
import sys
import types

import pytest

HERE = pathlib.Path(__file__).resolve().parent


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    """`run.py`, which finds the modules beside it as a program would."""
    monkeypatch.syspath_prepend(str(HERE))
    monkeypatch.delitem(sys.modules, "run", raising=False)
    return importlib.import_module("run")


def test_every_stage_is_timed(bench: types.ModuleType, tmp_path: pathlib.Path) -> None:
    stories = tmp_path / "stories.jsonl"
    bench.generated_stories.write(stories, 30)
    command = [sys.executable, str(HERE / "stage_times.py"), str(stories), str(tmp_path / "parts")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    stages = [json.loads(line) for line in done.stdout.splitlines()]
    assert [stage["stage"] for stage in stages] == [
        *("start", "parse", "clean", "deduplicate", "sketch", "locate", "names", "quotations", "relate", "write")
    ]
    assert {stage["stories"] for stage in stages[1:]} == {30}
    assert all(stage["peak_mb"] > 1 for stage in stages)
    assert {path.name for path in (tmp_path / "parts").iterdir()} == {"stories", "entities", "quotes", "sketches", "deliveries", "ids"}


@pytest.mark.parametrize(("large", "code"), [(129.0, 0), (131.0, 1)])
def test_memory_that_grows_fails_the_bench(bench: types.ModuleType, large: float, code: int) -> None:
    runs = {size: bench.Measured(1.0, 1.0, peak) for size, peak in ((1_000, 10.0), (10_000, 100.0), (100_000, large))}
    assert bench._verdict(runs) == code


def test_memory_of_small_runs_is_not_judged(bench: types.ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert bench._verdict({1_000: bench.Measured(1.0, 1.0, 10.0), 10_000: bench.Measured(1.0, 1.0, 100.0, "")}) == 0
    assert "not judged" in capsys.readouterr().out


def test_missing_model_is_said_and_no_error(bench: types.ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> None:
    monkeypatch.delenv("WIRELAKE_BENCH_SPACY_MODEL", raising=False)
    script = tmp_path / "script.py"
    script.touch()
    monkeypatch.setattr(bench, "PEER", script)
    assert "--spacy-model" in bench._missing_for_peer(bench._options(["--sizes", "10"]))
    assert "no spaCy model" in bench._missing_for_peer(bench._options(["--sizes", "10", "--spacy-model", str(tmp_path)]))
    monkeypatch.setattr(bench, "PEER", tmp_path / "absent.py")
    assert "not at" in bench._missing_for_peer(bench._options(["--sizes", "10"]))


def test_measured_command_tells_time_and_memory(bench: types.ModuleType) -> None:
    done = bench._measured([sys.executable, "-c", "kept = bytearray(64 * 2**20); kept[:] = b'x' * len(kept); print('done')"])
    assert done.printed == "done\n"
    assert done.peak_mb > 64
    assert done.seconds > 0
    with pytest.raises(bench.FailedError, match="ended with 3"):
        bench._measured([sys.executable, "-c", "raise SystemExit(3)"])
