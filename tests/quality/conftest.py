"""What the tests of quality share: each corpus is predicted and scored once in a module, and remarks reach the terminal."""

import functools
import pathlib
from collections.abc import Callable

import pytest


@pytest.fixture(scope="module")
def measured(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], dict[str, float]]:
    """The scores of a corpus by its name in the table of floors, from the `measure(corpus, folder)` of the test's module."""

    @functools.cache
    def once(corpus: str) -> dict[str, float]:
        folder: pathlib.Path = tmp_path_factory.mktemp(corpus)
        scores: dict[str, float] = request.module.measure(corpus, folder)
        return scores

    return once


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Prints a line that is seen although the test passes."""

    def printed(line: str) -> None:
        with capsys.disabled():
            print(f"\n{line}")

    return printed
