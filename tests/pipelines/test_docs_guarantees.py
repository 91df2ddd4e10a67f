"""Every promise of docs/guarantees.md names the tests that hold it, and they are there."""

import ast
import pathlib
import re

import pytest

TESTS = pathlib.Path(__file__).resolve().parents[1]
ROOT = TESTS.parent
PAGE = (ROOT / "docs" / "guarantees.md").read_text(encoding="utf-8")
PROMISES = [
    promise.partition("\n\n")[0] for promise in re.split(r"^\* ", PAGE.partition("\n## What is not promised\n")[0], flags=re.MULTILINE)[1:]
]
NAMED = sorted(set(re.findall(r"`([\w/]+\.py)::(\w+)`", PAGE)))


@pytest.mark.parametrize("promise", PROMISES, ids=[promise.partition("\n")[0][:40] for promise in PROMISES])
def test_a_promise_is_held_by_a_test(promise: str) -> None:
    assert promise.startswith("**")
    assert re.search(r"^  Held by `[\w/]+\.py::test_\w+`", promise, flags=re.MULTILINE)


@pytest.mark.parametrize(("module", "name"), NAMED)
def test_a_test_that_is_named_is_there(module: str, name: str) -> None:
    tree = ast.parse((TESTS / module).read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_promise_of_the_readme_is_on_the_page() -> None:
    section = (ROOT / "README.md").read_text(encoding="utf-8").partition("\n## What is promised\n")[2].partition("\n## ")[0]
    links = re.findall(r"^\* .*\]\(docs/guarantees\.md#([\w-]+)\)", section, flags=re.MULTILINE)
    anchors = {title.lower().replace(" ", "-") for title in re.findall(r"^## (.*)$", PAGE, flags=re.MULTILINE)}
    assert len(links) == section.count("\n* ") > 4
    assert set(links) <= anchors
