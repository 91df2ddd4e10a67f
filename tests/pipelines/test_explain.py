"""`explain` says of every story what `latest` does with it, and why."""

import datetime as dt
import json
import pathlib
from typing import Any

import pytest

from pipelines import explain as explaining
from pipelines.cli import main
from pipelines.errors import UsageError, WirelakeError
from pipelines.lake import open_lake

BODY = "OSLO, Aug 29 (AFP) - Norway's ferries stood still on Tuesday after crews walked out over night shifts.\n\nTalks go on, {}."
COMMON = {"provider": "AFP", "published_at": "2023-08-29T10:00:00Z"}
LATER = {**COMMON, "published_at": "2023-08-29T11:00:00Z"}
STORIES: list[dict[str, Any]] = [
    {**COMMON, "id": "first", "guid": "ferries", "version": 1, "headline": "Ferries stop", "body": BODY.format("they say")},
    {**LATER, "id": "second", "guid": "ferries", "version": 2, "headline": "Ferries still stopped", "body": BODY.format("both say")},
    {
        "id": "copy",
        "provider": "Paper",
        "headline": "Ferries stop",
        "body": BODY.format("they say"),
        "published_at": "2023-08-29T18:00:00Z",
    },
    {**COMMON, "id": "open", "guid": "dam", "version": 1, "headline": "Dam opens", "body": "Zambia opens a dam, its minister says."},
    {**LATER, "id": "held", "guid": "dam", "version": 2, "headline": "Dam opens", "pubstatus": "withheld", "body": "Zambia opens a dam."},
    {
        **COMMON,
        "id": "copy of what is held",
        "provider": "Paper",
        "headline": "Dam opens",
        "body": "Zambia opens a dam, its minister says.",
        "published_at": "2023-08-29T20:00:00Z",
    },
    {**COMMON, "id": "later", "headline": "Budget", "embargoed": "2999-01-01T06:00:00Z", "body": "Iceland's budget has been printed."},
    {**COMMON, "id": "wrong", "guid": "mayor", "headline": "Mayor resigns", "body": "Turku's mayor has left office, the city says."},
    {**LATER, "id": "kill", "guid": "mayor", "version": 2, "headline": "Mayor resigns", "signal": "kill", "body": "KILL. It is not so."},
    {**COMMON, "id": "stray", "guid": "x", "headline": "Never came", "signal": "kill", "body": "Kill the story on Malta's tram."},
    {**COMMON, "id": "plain", "headline": "Peru weaves", "body": "Peru's weavers open a school in Cusco."},
]


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("explained")
    for number, story in enumerate(STORIES):
        (folder / f"{number}.json").write_text(json.dumps(story), encoding="utf-8")
    (folder / "again.json").write_text(json.dumps(STORIES[-1]), encoding="utf-8")
    assert main(["ingest", str(folder / "*.json"), "--lake", str(folder / "lake"), "--quiet"]) == 0
    return str(folder / "lake")


@pytest.fixture(scope="module")
def ids(lake: str) -> dict[str, str]:
    """story_id by the id that the row came with."""
    opened = open_lake(lake)
    try:
        return dict(opened.connection.sql("select source_id, story_id from deliveries").fetchall())
    finally:
        opened.close()


@pytest.fixture(scope="module")
def shown(lake: str) -> set[str]:
    opened = open_lake(lake)
    try:
        return {row[0] for row in opened.connection.sql("select story_id from latest").fetchall()}
    finally:
        opened.close()


@pytest.mark.parametrize("name", [story["id"] for story in STORIES])
def test_explain_agrees_with_latest(lake: str, ids: dict[str, str], shown: set[str], name: str) -> None:
    found = explaining.explain(lake, ids[name])
    assert found["shown"] == (ids[name] in shown)
    assert bool(found["why"]) != found["shown"]
    assert found["shown_instead"] in {None, *shown}


def why(lake: str, story_id: str) -> str:
    return " | ".join(explaining.explain(lake, story_id)["why"])


def test_an_older_version_names_the_newer(lake: str, ids: dict[str, str]) -> None:
    assert why(lake, ids["first"]) == f"a newer version took its place: {ids['second']}"
    assert explaining.explain(lake, ids["first"])["shown_instead"] == ids["second"]


def test_a_copy_names_the_first_of_its_cluster(lake: str, ids: dict[str, str]) -> None:
    assert f"it is a copy: the first of its cluster is {ids['first']}" in why(lake, ids["copy"])
    assert explaining.explain(lake, ids["copy"])["shown_instead"] == ids["second"]


def test_a_withheld_version_hides_its_older_one_and_the_copies(lake: str, ids: dict[str, str]) -> None:
    assert why(lake, ids["held"]) == "its status is withheld"
    for name in ("open", "copy of what is held"):
        assert (
            f"nothing of its cluster is shown, for the newest version of the first, {ids['held']}, is not: its status is withheld"
            in why(lake, ids[name])
        )
        assert explaining.explain(lake, ids[name])["shown_instead"] is None


def test_a_kill_is_no_news_and_names_what_it_withdraws(lake: str, ids: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    found = explaining.explain(lake, ids["kill"])
    assert found["why"] == ["it is a notice, a kill, not news"]
    assert found["notice"] == {"kind": "kill", "withdraws": [ids["wrong"]]}
    assert f"  a kill, withdraws: {ids['wrong']}" in explaining.lines(found)
    assert f"it was killed by {ids['kill']}" in explaining.explain(lake, ids["wrong"])["why"]
    stray = explaining.explain(lake, ids["stray"])
    assert "  a kill, withdraws nothing that this lake holds so far" in explaining.lines(stray)
    assert explaining.explain(lake, ids["plain"])["notice"] is None
    assert main(["doctor", "--lake", lake, "--json"]) == 0
    (warning,) = json.loads(capsys.readouterr().out)["warnings"]
    assert ids["stray"] in warning
    assert ids["kill"] not in warning


def test_an_embargo_says_until_when(lake: str, ids: dict[str, str]) -> None:
    assert why(lake, ids["later"]) == "it is under embargo until 2999-01-01 06:00 UTC"


def test_every_delivery_is_told(lake: str, ids: dict[str, str]) -> None:
    found = explaining.explain(lake, ids["plain"])
    assert sorted(row["outcome"] for row in found["deliveries"]) == ["again", "story"]
    assert {pathlib.Path(row["source_uri"]).name for row in found["deliveries"]} == {f"{len(STORIES) - 1}.json", "again.json"}
    assert found["entities"] >= 1


def test_the_beginning_of_an_id_is_enough(lake: str, ids: dict[str, str]) -> None:
    whole = explaining.explain(lake, ids["plain"])
    assert explaining.explain(lake, ids["plain"][:6].upper()) == whole


@pytest.mark.parametrize("bad", ["", "12345", "xyzxyz", "'; drop table stories", "0" * 33])
def test_what_is_no_id_is_refused(lake: str, bad: str) -> None:
    with pytest.raises(UsageError, match="is no story id"):
        explaining.explain(lake, bad)


def test_an_id_of_no_story_is_an_error(lake: str) -> None:
    with pytest.raises(WirelakeError, match="no story of this lake"):
        explaining.explain(lake, "f" * 32)


def test_an_id_that_fits_several_stories_is_an_error() -> None:
    with pytest.raises(WirelakeError, match=r"^more than one story has an id that begins with abcdef: a, b, c, \.\.\.$"):
        explaining._only([{"story_id": name} for name in "abcd"], [], "abcdef")


def test_a_killed_story_names_what_killed_it() -> None:
    row: dict[str, Any] = {"killed_by": "k", "pubstatus": "usable", "signal": None, "embargoed": None}
    assert explaining._hidden(row, dt.datetime.now(dt.UTC)) == "it was killed by k"


def test_the_command_prints_it_for_people_and_for_programs(lake: str, ids: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", ids["first"][:8], "--lake", lake]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == f"story {ids['first']}"
    assert "not shown by `latest`:" in said
    assert main(["explain", ids["first"][:8], "--lake", lake, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["story"]["story_id"], found["shown"]) == (ids["first"], False)
