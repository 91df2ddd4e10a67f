"""The page is one file that loads nothing, says nothing that it must not, and takes no word of a story for its own."""

import base64
import hashlib
import itertools
import json
import pathlib
import re
from typing import Any

import pytest

from pipelines.cli import main
from pipelines.errors import UsageError
from pipelines.report import assets, write_report
from pipelines.report import page as pages
from tests.pipelines.report.pages import BODY, HOSTILE, UNSAID, Page

ROOT = pathlib.Path(__file__).resolve().parents[3]
VENDOR = ROOT / "pipelines" / "report" / "vendor"
OURS = {"data", "world", "packed"}


def test_hostile_words_are_words(odd: Page) -> None:
    scripts = odd.tree.xpath("//script")
    assert len([script for script in scripts if script.get("id") not in OURS]) == len(pages._LIBRARIES) + 1
    assert odd.tree.xpath("//img | //iframe | //object | //embed | //link | //base | //*[@style]") == []
    assert len(odd.tree.xpath("//style")) == 1
    assert not any(name.startswith("on") for element in odd.tree.iter() for name in element.attrib)
    headline = odd.headed("Headline")["headline"]
    assert "javascript:hacked=1" in headline
    assert headline in odd.tree.xpath("string(//main)")
    assert headline not in odd.html.replace("&#34;", '"')  # its marks are escaped there


def test_every_link_leads_into_the_page(odd: Page, seeds_page: Page) -> None:
    for page in (odd, seeds_page):
        links = page.tree.xpath("//@href | //@src | //@action | //@formaction")
        assert len(links) > 20
        assert [link for link in links if not link.startswith("#")] == []
        named = set(page.tree.xpath("//@id"))
        assert {link for link in links if "/" not in link and "?" not in link} <= {f"#{name}" for name in named}
        stories = {link.partition("/")[2] for link in links if link.startswith("#story/")}
        assert stories <= set(page.stories)


def test_nothing_is_told_of_what_latest_does_not_show(odd: Page) -> None:
    assert [words for words in UNSAID if words in odd.told()] == []
    assert "Harbour is open" in odd.told()
    assert "under embargo" in odd.html


def test_older_versions_and_copies_can_be_read_and_say_what_they_are(odd: Page) -> None:
    shown = odd.headed("Harbour is open")
    older = odd.headed("Northport port")
    assert {story["fate"] for story in odd.stories.values()} == {"shown", "older", "exact"}
    assert (shown["fate"], shown["version"], shown["signal"]) == ("shown", 3, "correction")
    assert (older["newest"], older["relation"]) == (shown["id"], "version")


def test_a_story_is_told_with_its_marks(odd: Page) -> None:
    story = odd.headed("Harbour is open")
    body = BODY.partition(" - ")[2]
    told = ["".join(piece if isinstance(piece, str) else piece[0] for piece in pieces) for _, pieces in story["text"]]
    assert told == [*body.split("\n\n"), "The pier cost 19 million crowns."]
    quote = next(quote for quote in story["quotes"] if quote["type"] == "direct")
    marked = [piece for _, pieces in story["text"] for piece in pieces if isinstance(piece, list)]
    assert "".join(piece[0] for piece in marked if piece[2:] == [[1]]) == quote["text"] + ","
    assert quote["text"] == "Nothing 😀 stopped us from going out"
    assert story["speakers"][quote["speaker"]]["name"] == "Ines Falk"


def test_languages_say_their_direction_and_odd_ones_are_left_out(odd: Page) -> None:
    assert (odd.headed("الميناء")["language"], odd.headed("الميناء")["rtl"]) == ("ar", True)
    assert "language" not in odd.headed("Headline")


def test_the_policy_allows_the_scripts_and_the_style_of_the_page_and_no_more(odd: Page) -> None:
    (policy,) = odd.tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert (rules["default-src"], rules["base-uri"], rules["form-action"]) == ("'none'", "'none'", "'none'")

    def hashes(elements: list[Any]) -> list[str]:
        return [f"'sha256-{base64.b64encode(hashlib.sha256(each.text.encode()).digest()).decode()}'" for each in elements]

    assert rules["script-src"].split() == hashes(odd.tree.xpath("//script[not(@type)]"))
    assert rules["style-src"].split() == hashes(odd.tree.xpath("//style"))


def test_json_cannot_end_its_script() -> None:
    text = str(pages._json({"headline": HOSTILE}))
    assert not set("<>&") & set(text)
    assert json.loads(text) == {"headline": HOSTILE}


def test_a_script_that_would_end_too_soon_is_refused() -> None:
    for text in ("a('</SCRIPT>')", "<!-- b"):
        with pytest.raises(ValueError, match="ends or changes a script"):
            pages._script(text)


def test_the_files_of_others_are_those_that_were_released() -> None:
    table = (VENDOR / "README.md").read_text(encoding="utf-8")
    sums = dict(re.findall(r"^\| `([^`]+)` .* `([0-9a-f]{64})` \|$", table, flags=re.MULTILINE))
    assert sums == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.iterdir()
        if path.name not in ("README.md", "LICENCES.txt")
    }
    assert {"d3.min.js", "plot.umd.min.js"} <= set(sums)
    for name in ("d3 ", "@observablehq/plot ", "topojson-client ", "world-atlas "):
        assert name in assets.vendored("LICENCES.txt")


def test_every_chart_has_a_table_with_its_numbers(seeds_page: Page) -> None:
    charts = seeds_page.tree.xpath("//figure/@data-chart")
    assert sorted(charts) == ["agencies", "countries", "days", "fates", "map", "outcomes", "rejected"]
    for name, rows in {"days": "days", "agencies": "agencies", "countries": "countries", "fates": "fates"}.items():
        cells = seeds_page.tree.xpath(f"//*[@id='{name}']//tbody/tr/td[contains(@class, 'num')]/text()")
        assert len(cells) == len(seeds_page.data["charts"][rows])
    assert all(label.strip() for label in seeds_page.tree.xpath("//figure/@data-label"))


def test_the_page_says_how_much_of_the_lake_it_holds(odd_lake: pathlib.Path, tmp_path: pathlib.Path) -> None:
    written = write_report(odd_lake, tmp_path / "p.html", stories=2)
    page = Page(tmp_path / "p.html")
    assert (written.shown, written.told) == (7, 2)
    assert written.lines() == [f"{tmp_path / 'p.html'}: 7 stories, 2 of them to read, {written.size / 1e6:.1f} MB"]
    assert "2 of the 7 stories of the lake" in page.html
    assert "Harbour is open" in page.html  # the longest chain, though it is older


def test_a_lake_without_stories_has_a_page(tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bad.jsonl").write_text('{"headline": \n', encoding="utf-8")
    lake = str(tmp_path / "lake")
    assert main(["ingest", str(tmp_path / "bad.jsonl"), "--lake", lake, "--quiet"]) == 3
    assert main(["report", "--lake", lake, "--out", str(tmp_path / "p.html")]) == 0
    assert f"{tmp_path / 'p.html'}: 0 stories, " in capsys.readouterr().out
    page = Page(tmp_path / "p.html")
    assert "There is no story in this lake yet" in page.html
    assert [row["label"] for row in page.data["charts"]["rejected"]] == ["bad_json"]


def test_where_there_is_no_lake_or_no_place_for_the_page_it_says_so(odd_lake: pathlib.Path, tmp_path: pathlib.Path) -> None:
    with pytest.raises(UsageError, match="there is no lake here"):
        write_report(tmp_path / "none", tmp_path / "p.html")
    with pytest.raises(UsageError, match="there is no folder"):
        write_report(odd_lake, tmp_path / "none" / "p.html")
    with pytest.raises(UsageError, match="this is no file"):
        write_report(odd_lake, tmp_path)
    with pytest.raises(UsageError, match="--stories is not negative"):
        write_report(odd_lake, tmp_path / "p.html", stories=-1)
    before = sorted(odd_lake.rglob("*"))
    for place in (odd_lake / "page.html", odd_lake / "stories" / "_delta_log" / "00000000000000000000.json"):
        with pytest.raises(UsageError, match="the lake lies there"):
            write_report(odd_lake, place)
    assert sorted(odd_lake.rglob("*")) == before
    assert list(tmp_path.iterdir()) == []


def test_a_page_that_cannot_be_written_whole_leaves_the_old_one(
    odd_lake: pathlib.Path, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "p.html").write_text("old", encoding="utf-8")

    def full(path: pathlib.Path, data: bytes) -> int:
        with path.open("wb") as half:
            half.write(data[:9])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pathlib.Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space left"):
        write_report(odd_lake, tmp_path / "p.html")
    assert [(path.name, path.read_text(encoding="utf-8")) for path in tmp_path.iterdir()] == [("p.html", "old")]


def test_two_pages_of_a_lake_differ_in_their_moment_only(odd_lake: pathlib.Path, tmp_path: pathlib.Path, odd: Page) -> None:
    write_report(odd_lake, tmp_path / "again.html")

    def without_moment(html: str) -> str:
        return re.sub(r"</code> \S+ on \d+ \w+ \d{4}, \d\d:\d\d UTC", "", html)

    assert without_moment((tmp_path / "again.html").read_text(encoding="utf-8")) == without_moment(odd.html)


def test_headings_go_down_one_step_at_a_time_and_every_control_has_a_name(seeds_page: Page) -> None:
    for view in seeds_page.tree.xpath("//div[contains(@class, 'view')]"):
        levels = [int(element.tag[1]) for element in view.iter("h1", "h2", "h3", "h4")]
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels)), levels
    for control in seeds_page.tree.xpath("//input | //select"):
        labelled = control.get("id") and seeds_page.tree.xpath(f"//label[@for='{control.get('id')}']")
        assert labelled or control.getparent().tag == "label"
    for landmark in ("header", "nav", "main", "footer", "form[@role='search']", "*[@aria-live]", "a[@class='skip']"):
        assert len(seeds_page.tree.xpath(f"//{landmark}")) == 1, landmark
