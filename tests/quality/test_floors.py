"""The table of floors, and how a score is held against one. Needs no data."""

import pathlib

import pytest

from tests.quality import gold

FLOOR = gold.Floor("names/news/people F1", 50.0, "span and type of people")


@pytest.fixture
def said():
    return []


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.setattr(gold, "EVAL", tmp_path)
    return tmp_path


def test_every_row_of_the_table_is_a_floor_that_a_module_holds():
    table = gold.floors()
    modules = {path.stem.removeprefix("test_") for path in pathlib.Path(__file__).parent.glob("test_*.py")}
    assert {floor.folder for floor in table} == modules - {"floors"}
    assert len({floor.name for floor in table}) == len(table)
    for floor in table:
        assert all((floor.folder, floor.corpus, floor.score, floor.what)), floor
        assert 0 < floor.value < 100, floor


def test_a_score_below_its_floor_fails_in_one_sentence(said):
    with pytest.raises(pytest.fail.Exception) as failed:
        gold.hold(FLOOR, {"people F1": 49.9}, said.append)
    assert str(failed.value) == "names/news/people F1 fell below its floor of 50.0: 49.9 was measured (span and type of people)"


@pytest.mark.parametrize("value", [50.0, 52.0])
def test_a_score_at_or_little_above_its_floor_passes_in_silence(said, value):
    gold.hold(FLOOR, {"people F1": value}, said.append)
    assert said == []


def test_a_score_far_above_its_floor_asks_to_raise_it(said):
    gold.hold(FLOOR, {"people F1": 52.1}, said.append)
    assert said == ["raise the floor of names/news/people F1: it is 50.0, and 52.1 was measured"]


@pytest.mark.parametrize("measured", [{}, {"people F1": float("nan")}])
def test_a_floor_without_a_measured_score_fails(said, measured):
    with pytest.raises(pytest.fail.Exception, match="names/news/people F1"):
        gold.hold(FLOOR, measured, said.append)


def test_a_score_that_the_scorer_does_not_print_fails():
    with pytest.raises(pytest.fail.Exception, match="nothing about recall"):
        gold.numbers("P 12.5", {"precision": r"P ([\d.]+)", "recall": r"R ([\d.]+)"})


def test_absent_data_skips_and_names_what_is_absent(elsewhere):
    with pytest.raises(pytest.skip.Exception, match=r"quotes/dev\.jsonl\.gz is not there: these scores are not measured"):
        gold.path("quotes/dev.jsonl.gz")


def test_where_all_data_is_absent_the_folder_of_it_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(gold, "EVAL", tmp_path / "eval")
    with pytest.raises(pytest.skip.Exception, match="eval is not there: these scores are not measured"):
        gold.path("quotes/dev.jsonl.gz")


def test_other_data_than_the_floors_were_set_with_fails(elsewhere):
    (elsewhere / "quotes").mkdir()
    (elsewhere / "quotes" / "dev.jsonl.gz").write_bytes(b"other")
    with pytest.raises(pytest.fail.Exception, match="not what the floors were set with"):
        gold.path("quotes/dev.jsonl.gz")
