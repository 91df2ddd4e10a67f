"""The bench of scale: its verdict, and that every shuffle is counted."""

import dataclasses
import importlib
import pathlib
import subprocess
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent


@pytest.fixture
def scale(monkeypatch):
    """`scale.py`, which finds the modules beside it as a program would."""
    monkeypatch.syspath_prepend(str(HERE))
    for name in ("run", "scale", "generated_stories", "pace"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return importlib.import_module("scale")


@pytest.mark.parametrize(("seconds", "peak", "code"), [(11.0, 120.0, 0), (12.0, 120.0, 1), (10.0, 131.0, 1)])
def test_a_rate_that_falls_or_memory_that_grows_fails_the_bench(scale, seconds, peak, code):
    small, least = scale.run.Measured(9.0, 9.0, 500.0), scale.run.Measured(1.0, 1.0, 100.0)
    assert scale.verdict({1_000: small, 10_000: least, 100_000: scale.run.Measured(seconds, 1.0, peak)}) == code


def test_rates_are_compared_at_one_pace(scale):
    least = scale.run.Measured(1.0, 1.0, 100.0)
    slow = scale.run.Measured(20.0, 1.0, 100.0)
    assert scale.verdict({10_000: least, 100_000: slow}) == 1
    assert scale.verdict({10_000: least, 100_000: dataclasses.replace(slow, pace=2.0)}) == 0


def test_a_month_is_spread_over_its_days(scale, tmp_path):
    lines = scale.month(tmp_path, 300).read_text().splitlines()
    assert len({line.partition('"date": "')[2][:10] for line in lines}) == scale.DAYS + 1


def test_every_shuffle_is_counted(scale, tmp_path):
    source = scale.month(tmp_path, 60)
    command = [sys.executable, str(scale.SHUFFLES), str(source), str(tmp_path / "lake"), "60"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    counted = {line[:34].strip(): int(line[34:].split()[0]) for line in done.stdout.splitlines()}
    assert {"Deduplicate, by chain", "WriteParts, by date and country", "Relate, by lot"} < counted.keys()
    assert counted["all"] > counted["Deduplicate, by chain"] > 1_000
