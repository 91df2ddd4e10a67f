"""A turn that another writer came before is taken again."""

import pytest

from pipelines.errors import OvertakenError
from pipelines.lake import turns
from pipelines.lake.tables import RUNS
from pipelines.lake.turns import Turns


@pytest.fixture(autouse=True)
def hurried(monkeypatch):
    monkeypatch.setattr(turns, "_LONGEST_PAUSE", 0.0)


def test_work_that_was_overtaken_is_done_again_on_new_tables(tmp_path):
    given = []

    def work(tables):
        given.append(tables)
        if len(given) < 3:
            raise OvertakenError("another writer committed first")
        return tables.done(RUNS)

    assert Turns(tmp_path / "lake", 1.0).take(work) == 0
    assert len(set(map(id, given))) == 3


def test_who_is_always_overtaken_says_so_and_ends(tmp_path, monkeypatch):
    monkeypatch.setattr(turns, "_TRIES", 4)
    tried = []

    def work(_tables):
        tried.append(1)
        raise OvertakenError("another writer committed first")

    with pytest.raises(OvertakenError, match="others committed first 4 times") as told:
        Turns(tmp_path / "lake", 1.0).take(work)
    assert told.value.exit_code == 4
    assert len(tried) == 4


def test_what_fails_for_another_reason_is_not_done_again(tmp_path):
    tried = []

    def work(_tables):
        tried.append(1)
        raise ValueError("wrong")

    with pytest.raises(ValueError, match="wrong"):
        Turns(tmp_path / "lake", 1.0).take(work)
    assert len(tried) == 1
