"""One run over all, many runs in any order and a backfill from the newest to the oldest make the same lake of the generated stories."""

import random

import pytest

from pipelines import ingest
from tests.pipelines.generated import LONG, states

RUNS = 12 if LONG else 4


def cut(lines):
    size = -(-len(lines) // RUNS)
    return [lines[start : start + size] for start in range(0, len(lines), size)]


def test_the_sample_holds_every_relation(generated_states):
    relations = {row[4] for row in generated_states}
    assert relations >= {None, "republication", "version"}
    assert len({row[1] for row in generated_states}) < len(generated_states)


def test_a_backfill_from_the_newest_to_the_oldest_is_equal(generated_lines, generated_states, tmp_path):
    assert states(tmp_path, cut(generated_lines[::-1])) == generated_states


@pytest.mark.parametrize("seed", range(3 if LONG else 1))
def test_runs_in_any_order_are_equal(generated_lines, generated_states, tmp_path, seed):
    shuffled = random.Random(seed).sample(generated_lines, len(generated_lines))
    assert states(tmp_path, cut(shuffled)) == generated_states


def test_stories_told_apart_by_lots_are_equal(generated_lines, generated_states, tmp_path, monkeypatch):
    monkeypatch.setattr(ingest, "_LOT_BYTES", 2**12)
    shuffled = random.Random(5).sample(generated_lines, len(generated_lines))
    assert ingest._digits(sum(map(len, generated_lines)) // 2) == 2
    assert states(tmp_path, [shuffled[::2], shuffled[1::2]]) == generated_states
