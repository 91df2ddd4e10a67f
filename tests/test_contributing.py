"""CONTRIBUTING.md leads along a path that is there."""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[1]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
EXAMPLES = {"transforms/text/figures.py", "transforms/count_figures.py"}
"""What the page tells to make."""


def test_every_path_is_there() -> None:
    paths = set(re.findall(r"`((?:\.ci|docs|pipelines|schemas|seeds|tests|transforms)/[\w./-]*)`", PAGE))
    assert len(paths) > 20
    assert {path for path in paths if "NAME" not in path and not (ROOT / path).exists()} == EXAMPLES


def test_every_name_is_one_of_the_code() -> None:
    named = set(re.findall(r"`([A-Z]\w+|_[A-Z]+|[a-z]+_[a-z_]+)`", PAGE)) - {"NAME"}
    folders = ("docs", "pipelines", "schemas", "tests", "transforms")
    code = "".join(path.read_text(encoding="utf-8") for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))
    defined = set(re.findall(r"^\s*(?:class |def )?(\w+)(?=[(:]| = )", code, flags=re.MULTILINE))
    assert len(named) > 15
    assert named - defined == set()
