"""The site of the documents, as `make docs` makes it: whole, linked, and of nothing that lies elsewhere."""

import pathlib
import re
import shlex
import shutil
import subprocess
import sys

import lxml.html
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[1]
TOP = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
LOADS = "//script/@src | //img/@src | //iframe/@src | //source/@src | //link[not(@rel='canonical')]/@href | //*/@srcset"
"""What a browser fetches with a page, in XPath."""


def build(source: pathlib.Path, *more: str) -> subprocess.CompletedProcess[str]:
    """`make docs` of the documents in a folder."""
    recipe = re.findall(r"^\t\$\(BIN\)/python (-m sphinx .*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    command = [sys.executable, *shlex.split(recipe[0]), *more]
    return subprocess.run(command, cwd=source, capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A copy of the documents."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "docs").mkdir()
    for path in [*(ROOT / name for name in TOP), *(ROOT / "docs").glob("*.md"), ROOT / "docs" / "conf.py"]:
        shutil.copy(path, folder / path.relative_to(ROOT))
    return folder


@pytest.fixture(scope="module")
def site(source: pathlib.Path) -> pathlib.Path:
    """The folder of the site."""
    done = build(source)
    assert (done.returncode, done.stderr) == (0, "")
    return source / "build" / "docs"


def pages(site: pathlib.Path) -> dict[str, lxml.html.HtmlElement]:
    return {path.relative_to(site).as_posix(): lxml.html.parse(path).getroot() for path in site.rglob("*.html")}


def test_every_document_is_a_page_that_every_page_leads_to(site: pathlib.Path, source: pathlib.Path) -> None:
    found = pages(site)
    documents = {path.relative_to(source).with_suffix(".html").as_posix() for path in source.rglob("*.md")}
    assert found.keys() == documents | {"index.html", "search.html"}
    for name, page in found.items():
        folder = (site / name).parent
        links = page.xpath("//div[contains(@class, 'sidebar-tree')]//a[contains(@class, 'reference')]/@href")
        leads_to = {(folder / link.partition("#")[0]).resolve().relative_to(site).as_posix() for link in links if not link.startswith("#")}
        assert documents - leads_to <= {name, "README.html" if name == "index.html" else name}, name


def test_no_page_loads_anything_from_elsewhere(site: pathlib.Path) -> None:
    for name, page in pages(site).items():
        loaded = [str(each) for each in page.xpath(LOADS)]
        assert len(loaded) > 3
        for each in loaded:
            assert not re.match(r"(?:\w+:)?//", each), f"{name} loads {each}"
            assert ((site / name).parent / each.partition("?")[0].partition("#")[0]).exists(), f"{name} lacks {each}"
    styles = "".join(path.read_text(encoding="utf-8") for path in site.rglob("*.css"))
    assert re.findall(r"(?:@import|url\()\s*[\"']?(?:https?:)?//[^)\s]*", styles) == []


def test_the_search_has_every_page(site: pathlib.Path, source: pathlib.Path) -> None:
    index = (site / "searchindex.js").read_text(encoding="utf-8")
    names = {path.relative_to(source).with_suffix("").as_posix() for path in source.rglob("*.md")}
    assert {name for name in names if f'"{name}"' not in index} == set()


def test_a_link_or_an_anchor_that_leads_nowhere_and_a_page_that_nothing_leads_to_fail(source: pathlib.Path, tmp_path: pathlib.Path) -> None:
    folder = shutil.copytree(source, tmp_path / "broken", ignore=shutil.ignore_patterns("build"))
    with (folder / "docs" / "limits.md").open("a", encoding="utf-8") as page:
        page.write("\n[one](nowhere.md) [two](columns.md#nowhere)\n")
    (folder / "docs" / "lonely.md").write_text("# Lonely\n", encoding="utf-8")
    done = build(folder, "--builder", "dummy")
    assert done.returncode != 0
    for what in ("'nowhere.md'", "'nowhere'", "lonely.md"):
        assert what in done.stderr
    assert done.stderr.count("WARNING") == 3
