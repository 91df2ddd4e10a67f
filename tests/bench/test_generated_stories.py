"""The bench's stories are the same everywhere and are what a day of several wires looks like."""

import collections
import importlib.util
import json
import pathlib
import types

import pytest

HERE = pathlib.Path(__file__).resolve().parent
COUNT = 2_000


@pytest.fixture(scope="module")
def generated() -> types.ModuleType:
    """The generator, which lies beside the bench and is no package; nor are the modules that it takes its parts from."""
    spec = importlib.util.spec_from_file_location("generated_stories", HERE / "generated_stories.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(HERE))
        spec.loader.exec_module(module)
    return module


def test_same_rows_whatever_the_count(generated: types.ModuleType) -> None:
    assert list(generated.generate(50)) == list(generated.generate(200))[:50]
    assert list(generated.generate(50, seed=2)) != list(generated.generate(50, seed=1))


def test_length_of_wire_copy(generated: types.ModuleType) -> None:
    lengths = [len(row["body"].split()) for row in generated.generate(COUNT)]
    assert 150 < sum(lengths) / COUNT < 175
    assert max(lengths) > 2 * min(lengths)


def test_some_come_twice_and_some_in_a_later_version(generated: types.ModuleType) -> None:
    rows = list(generated.generate(COUNT))
    bodies = collections.Counter(row["body"] for row in rows)
    again = sum(count - 1 for count in bodies.values()) / COUNT
    later = sum(row["version"] > 1 for row in rows) / COUNT
    assert 0.02 < again < 0.07
    assert 0.02 < later < 0.07
    assert len({row["id"] for row in rows}) == COUNT
    assert len({(row["guid"], row["version"]) for row in rows}) == COUNT


def test_several_countries_and_days(generated: types.ModuleType) -> None:
    rows = list(generated.generate(COUNT))
    assert {row["date"][:10] for row in rows} == {"2023-12-31", "2024-01-01", "2024-01-02"}
    assert len({row["date"] for row in rows}) > COUNT // 2
    assert len({row["body"].partition(" ")[0] for row in rows}) > 20
    assert not any("{" in row["body"] + row["title"] for row in rows)


def test_file_has_a_row_a_line(generated: types.ModuleType, tmp_path: pathlib.Path) -> None:
    path = tmp_path / "stories.jsonl"
    words = generated.write(path, 20)
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert rows == list(generated.generate(20))
    assert words == sum(len(row["body"].split()) for row in rows)
