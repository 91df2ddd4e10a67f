"""How Sphinx makes a site of these documents (`make docs`). They are plain Markdown, which any forge shows as well: what a site needs
besides, its order of pages, stands here. A page that is not named in `PAGES` fails the build, and so does a link that leads nowhere."""

import pathlib
import shutil
from typing import TYPE_CHECKING

from pygments.lexers.special import TextLexer

if TYPE_CHECKING:
    from sphinx.application import Sphinx

ROOT = pathlib.Path(__file__).resolve().parents[1]

PAGES = {
    "Reading and asking": [
        "docs/concepts",
        "docs/sql",
        "docs/cookbook",
        "docs/python",
        "docs/commands",
        "docs/columns",
        "docs/formats",
        "docs/jsonl",
        "docs/duplicates",
        "docs/quotes",
        "docs/report",
        "docs/readers",
    ],
    "Running": [
        "docs/guarantees",
        "docs/operations",
        "docs/schedule",
        "docs/stream",
        "docs/cluster",
        "docs/scale",
        "docs/limits",
    ],
    "The project": [
        "docs/seeds",
        "CONTRIBUTING",
        "CHANGELOG",
    ],
}
"""All pages but the first, which is the README, in their order, by the title of their part."""

project = "wirelake"
author = "the authors of wirelake"
html_title = "wirelake"
html_theme = "furo"
html_copy_source = html_show_sourcelink = html_show_copyright = html_use_index = False

smartquotes = False  # marks stay as they are written: on these pages they are examples

extensions = ["myst_parser"]
myst_heading_anchors = 3  # those of a forge, so that a link with one leads to the same place here and there

# The source is the folder above, where the README lies: links are the same on a forge and here.
root_doc = "README"
include_patterns = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/*.md"]
exclude_patterns = [path.name for path in ROOT.iterdir() if path.is_dir() and path.name != "docs"]


def add_contents(_app: "Sphinx", name: str, source: list[str]) -> None:
    """Puts the contents into the first page, where they are not seen: a forge would show them as code."""
    if name != root_doc:
        return
    source[0] += "\n\n```{toctree}\n:hidden:\n\nStart <self>\n```\n"
    for title, pages in PAGES.items():
        names = "\n".join(pages)
        source[0] += f"\n\n```{{toctree}}\n:hidden:\n:caption: {title}\n\n{names}\n```\n"


def add_index(app: "Sphinx", problem: Exception | None) -> None:
    """The first page under the name that a server looks for."""
    if not problem:
        shutil.copy(app.outdir / f"{root_doc}.html", app.outdir / "index.html")


def setup(app: "Sphinx") -> dict[str, bool]:
    """Called by Sphinx."""
    app.add_lexer("crontab", TextLexer)
    app.connect("source-read", add_contents)
    app.connect("build-finished", add_index)
    return {"parallel_read_safe": True}
