"""Two lakes and their pages, made once in a session, and a browser."""

import os
import pathlib
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from pipelines.cli import main
from pipelines.report import write_report
from tests.pipelines.report.pages import Page, write_lines


@pytest.fixture(scope="session")
def odd_lake(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """Stories that say what they must not, versions, kills, an embargo, Arabic; of two runs."""
    folder = tmp_path_factory.mktemp("odd")
    for path in write_lines(folder):
        assert main(["ingest", str(path), "--lake", str(folder / "lake"), "--quiet"]) == 0
    return folder / "lake"


@pytest.fixture(scope="session")
def odd_path(odd_lake: pathlib.Path) -> pathlib.Path:
    path = odd_lake.parent / "odd.html"
    assert main(["report", "--lake", str(odd_lake), "--out", str(path), "--quiet"]) == 0
    return path


@pytest.fixture(scope="session")
def odd(odd_path: pathlib.Path) -> Page:
    return Page(odd_path)


@pytest.fixture(scope="session")
def seeds_path(seeds_lake: Any, tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    path = tmp_path_factory.mktemp("page") / "seeds.html"
    write_report(seeds_lake.path, path)
    return path


@pytest.fixture(scope="session")
def seeds_page(seeds_path: pathlib.Path) -> Page:
    return Page(seeds_path)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Debian's chromium without a window, driven by selenium."""
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not chromium or not driver:
        sentence = "no chromium and chromedriver here (apt-get install chromium chromium-driver): the page was not looked at in a browser"
        pytest.fail(sentence) if os.environ.get("CI") == "true" else pytest.skip(sentence)
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"):
        options.add_argument(flag)  # root, as in a container, has no sandbox
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    started = webdriver.Chrome(options=options, service=Service(driver))
    try:
        yield started
    finally:
        started.quit()
