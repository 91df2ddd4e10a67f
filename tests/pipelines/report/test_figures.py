"""What the page counts, on the lake of the seeds and on one of kills, embargoes and copies."""

import contextlib
import datetime as dt
import json
import pathlib
from collections.abc import Iterator
from typing import Any

import pytest

from pipelines.cli import main
from pipelines.lake import Lake, open_lake
from pipelines.report import figures as counting
from pipelines.report.figures import Figures, count
from pipelines.report.standing import FATES, READABLE, take_stock
from pipelines.report.stories import choose
from pipelines.report.world import country

TOLD = {
    "AP": "The ferry left Oslo with 40 goats on board, mayor Ines Falk told The Associated Press on Tuesday. Nobody had counted them.",
    "Paper": "Snow closed the school of Bergen for a third day, a teacher, Marit Lund, told The Associated Press. Skis were lent to all.",
}
SHOWN = "select country, provider, date, count(*) as stories from latest group by all"


@pytest.fixture
def seeds(seeds_lake: Any) -> Iterator[Lake]:
    with contextlib.closing(open_lake(seeds_lake.path)) as opened:
        take_stock(opened.connection)
        yield opened


@pytest.fixture
def odd_views(odd_lake: pathlib.Path) -> Iterator[Lake]:
    with contextlib.closing(open_lake(odd_lake)) as opened:
        take_stock(opened.connection)
        yield opened


def test_days_agencies_and_countries_count_what_latest_shows(seeds: Lake) -> None:
    found = count(seeds.connection)
    rows = seeds.connection.sql(SHOWN).fetchall()

    def totals(column: int) -> dict[Any, int]:
        return {value: sum(row[3] for row in rows if row[column] == value) for value in {row[column] for row in rows}}

    assert found.shown == sum(row[3] for row in rows)
    assert {row["code"]: row["stories"] for row in found.countries} == totals(0)
    assert {row["agency"]: row["stories"] for row in found.agencies} == totals(1)
    assert {row["day"]: row["stories"] for row in found.days} == totals(2)
    assert (found.unit, found.first) == ("day", dt.date(2019, 12, 3))


def test_names_are_counted_by_story(seeds: Lake) -> None:
    named = {row["name"]: row for row in count(seeds.connection).named}
    assert (named["Vladimir Putin"]["stories"], named["Vladimir Putin"]["mentions"]) == (1, 11)
    assert named["United Nations"]["stories"] == 2
    assert "UN" not in named
    assert not named.keys() & {"AFP", "Associated Press"}


def test_an_agency_is_no_name_of_its_own_stories(tmp_path: pathlib.Path) -> None:
    lines = [{"provider": provider, "headline": provider, "body": body} for provider, body in TOLD.items()]
    (tmp_path / "in.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    assert main(["ingest", str(tmp_path / "in.jsonl"), "--lake", str(tmp_path / "lake"), "--quiet"]) == 0
    with open_lake(tmp_path / "lake") as lake:
        take_stock(lake.connection)
        named = {row["name"]: row["stories"] for row in count(lake.connection).named}
    assert named["Associated Press"] == 1


def test_an_agency_is_not_quoted_in_its_own_stories(tmp_path: pathlib.Path) -> None:
    lines = [
        {
            "provider": "AFP",
            "headline": "Office",
            "body": 'Agence France-Presse (AFP) moved. "We stay in the old town for years," AFP said.',
        },
        {"provider": "Reuters", "headline": "Prize", "body": 'Agence France-Presse (AFP) won. "Our people took all the risks," AFP said.'},
    ]
    (tmp_path / "in.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    assert main(["ingest", str(tmp_path / "in.jsonl"), "--lake", str(tmp_path / "lake"), "--quiet"]) == 0
    with open_lake(tmp_path / "lake") as lake:
        assert len(set(lake.connection.sql("select story_id, speaker_canonical from quotes").fetchall())) == 2
        take_stock(lake.connection)
        assert [(row["type"], row["quotations"], row["words"]) for row in count(lake.connection).quoted] == [
            ("ORG", 1, "Our people took all the risks")
        ]


def test_who_is_quoted_most_comes_first_with_words_of_theirs(seeds: Lake) -> None:
    people = [row for row in count(seeds.connection).quoted if row["type"] == "PER"]
    assert (people[0]["name"], people[0]["quotations"]) == ("Benedita Quintanilhe", 8)
    words = {row["name"]: row["words"] for row in people}
    assert words["Koh Yu-hwan"].startswith("Russia requires North Korea's weapon support")
    assert [row["quotations"] for row in people] == sorted((row["quotations"] for row in people), reverse=True)


def test_the_longest_chain_and_the_rejections_and_the_run_are_told(seeds: Lake) -> None:
    found = count(seeds.connection)
    chains = [(chain["versions"], chain["first"].date()) for chain in found.chains]
    assert chains[0] == (6, dt.date(2025, 3, 4))
    assert (2, dt.date(2024, 2, 21)) in chains[1:]
    assert {row["reason"]: row["pieces"] for row in found.rejected} == {
        "bad_json": 2,
        "bad_xml": 2,
        "bad_field": 1,
        "bomb": 1,
        "broken_gzip": 1,
        "http_status": 1,
    }
    assert found.outcomes == {"story": 74, "again": 2, "rejected": 8, "not_text": 5}
    (run,) = found.runs
    assert (run["kind"], run["pieces"], run["stories"]) == ("ingest", 89, 74)
    assert run["seconds"] > 0


def test_every_version_has_one_fate(odd_views: Lake) -> None:
    found = count(odd_views.connection)
    assert found.fates == {
        "shown": 7,
        "older": 2,
        "exact": 1,
        "killed": 2,
        "canceled": 1,
        "withheld": 1,
        "embargoed": 2,
        "behind": 1,
    }
    assert set(found.fates) <= set(FATES)
    assert set(READABLE) <= set(FATES)
    assert sum(found.fates.values()) == odd_views.connection.sql("select count(*) from stories").fetchall()[0][0]


def test_names_in_what_may_not_be_shown_are_not_counted(odd_views: Lake) -> None:
    connection = odd_views.connection
    mentioned = connection.sql("select distinct canonical from entities where type = 'PER' and entity_key is not null").fetchall()
    assert {row[0] for row in mentioned} == {"Ines Falk", "Olga Breit"}
    assert [row["name"] for row in count(connection).named] == ["Ines Falk"]


def test_a_lake_of_many_days_is_counted_by_week_then_by_month(seeds: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    def by(limit: int) -> Figures:
        monkeypatch.setattr(counting, "MOST_BARS", limit)
        return count(seeds.connection)

    units = {limit: by(limit) for limit in (len(by(400).days) - 1, 2)}
    assert [found.unit for found in units.values()] == ["week", "month"]
    assert all(sum(row["stories"] for row in found.days) == found.shown for found in units.values())
    assert all(row["day"].day == 1 for row in units[2].days)


def test_agencies_beyond_the_limit_are_one_row(seeds: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "MOST_AGENCIES", 2)
    found = count(seeds.connection)
    assert [row.get("others") for row in found.agencies] == [None, None, found.agencies[-1]["others"]]
    assert sum(row["stories"] for row in found.agencies) == found.shown


def test_the_page_holds_no_more_stories_than_it_was_told_and_the_first_ones_always(seeds: Lake) -> None:
    (oldest,) = seeds.connection.sql("select story_id from latest order by published_at limit 1").fetchall()[0]
    told = choose(seeds.connection, [oldest], 5)
    assert told.shown == 5
    assert oldest in {story["id"] for story in told.stories}
    times = [story["published"] for story in told.stories]
    assert times == sorted(times, reverse=True)


def test_stories_come_with_their_versions_and_copies(odd_views: Lake) -> None:
    told = choose(odd_views.connection, [], 100)
    stories = {story["id"]: story for story in told.stories}
    (harbour,) = (cluster for cluster in told.clusters.values() if len(cluster["ids"]) > 1)
    assert [(stories[each].get("version"), stories[each]["fate"]) for each in harbour["ids"]] == [
        (1, "older"),
        (2, "older"),
        (3, "shown"),
        (None, "exact"),
    ]
    assert harbour["more"] == 0


@pytest.mark.parametrize(
    ("code", "name", "shape"),
    [
        ("KP", "North Korea", "408"),
        ("XK", "Kosovo", "Kosovo"),
        ("MV", "Maldives", None),
        ("ZZ", "no country known", None),
        ("QQ", "QQ", None),
    ],
)
def test_countries_have_a_name_and_a_shape_or_none(code: str, name: str, shape: str | None) -> None:
    assert country(code)[:3] == (code, name, shape)


def test_a_country_too_small_for_the_map_has_a_point() -> None:
    assert country("MV").point == pytest.approx((73.5, 4.2), abs=0.1)
    assert country("NO").point is None
