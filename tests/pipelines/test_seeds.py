"""The seeds answer as `seeds_expected.json` says; docs/seeds.md tells what each of them is."""

import collections
import datetime as dt
import json
import pathlib
from typing import Any

import polars
import pytest

from schemas import TABLES
from transforms.text.annotate import annotate

HERE = pathlib.Path(__file__).resolve().parent
EXPECTED: dict[str, list[dict[str, Any]]] = json.loads((HERE / "seeds_expected.json").read_text(encoding="utf-8"))
SEEDS = HERE.parents[1] / "seeds"
USER_STORY = "000_19efda94ec1e927b.txt"
EITHER = "story or again"
"""Of two equal stories in one run, which is the story and which came again is nobody's business."""

Row = dict[str, Any]
PIECES = [(name, wanted) for name, pieces in EXPECTED.items() for wanted in pieces]


def _each(having: str = "", among: str = "") -> pytest.MarkDecorator:
    """Runs a test for each expected piece, or for those that have a field (`among`: in the field of that name)."""
    chosen = [(name, wanted) for name, wanted in PIECES if not having or having in (wanted.get(among, {}) if among else wanted)]
    ids = [f"{name}-{wanted.get('source_id') or wanted.get('member') or wanted.get('line', 0)}" for name, wanted in chosen]
    return pytest.mark.parametrize(("name", "wanted"), chosen, ids=ids)


@pytest.fixture(scope="module")
def deliveries(seeds_lake: Any) -> dict[str, list[Row]]:
    """The ledger by seed, each seed's rows in the order in which the pieces lie in it."""
    by_seed: dict[str, list[Row]] = collections.defaultdict(list)
    for row in seeds_lake.rows("deliveries"):
        by_seed[row["source_uri"].rpartition("/")[2]].append(row)
    return {name: sorted(rows, key=_position) for name, rows in by_seed.items()}


@pytest.fixture(scope="module")
def stories(seeds_lake: Any) -> dict[str, Row]:
    return {row["story_id"]: row for row in seeds_lake.rows("stories")}


def _position(row: Row) -> tuple[Any, ...]:
    """Where a piece lies in its file: `@1048` of a line as a number, members of an archive by name."""
    parts = [(0, int(part[1:]), "") if part[:1] == "@" and part[1:].isdigit() else (1, 0, part) for part in row["place"].split("!")]
    return (*parts, (0, row["piece"], ""))


def _delivery(rows: list[Row], wanted: Row) -> Row:
    """The row of the ledger that a piece of `seeds_expected.json` means."""
    if "source_id" in wanted:
        rows = [row for row in rows if row["source_id"] == wanted["source_id"]]
    elif "member" in wanted:
        rows = [row for row in rows if row["place"].split("!")[0] == wanted["member"]]
    elif "line" in wanted:
        rows = rows[wanted["line"] : wanted["line"] + 1]
    assert len(rows) == 1, rows
    return rows[0]


def test_every_seed_is_expected() -> None:
    assert {path.name for path in SEEDS.iterdir()} == {USER_STORY, *EXPECTED}


def test_ledger_has_every_piece_and_no_other(deliveries: dict[str, list[Row]]) -> None:
    found = {name: len(rows) for name, rows in deliveries.items()}
    assert found == {USER_STORY: 1, **{name: len(pieces) for name, pieces in EXPECTED.items()}}


@_each()
def test_outcome_and_reason(deliveries: dict[str, list[Row]], name: str, wanted: Row) -> None:
    row = _delivery(deliveries[name], wanted)
    assert row["outcome"] in (wanted["outcome"].split(" or ") if wanted["outcome"] == EITHER else [wanted["outcome"]])
    assert row["reason"] == wanted.get("reason")
    assert (row["story_id"] is not None) == ("story" in wanted)


@_each(having="reason")
def test_refused_pieces_are_kept_with_a_sentence(seeds_lake: Any, deliveries: dict[str, list[Row]], name: str, wanted: Row) -> None:
    delivery = _delivery(deliveries[name], wanted)
    rows = [row for row in seeds_lake.rows("rejected") if row["delivery_id"] == delivery["delivery_id"]]
    assert len(rows) == 1
    assert rows[0]["reason"] == wanted["reason"]
    assert len(rows[0]["detail"].split()) >= 3


@_each(having="story")
def test_columns_of_the_story(deliveries: dict[str, list[Row]], stories: dict[str, Row], name: str, wanted: Row) -> None:
    delivery = _delivery(deliveries[name], wanted)
    story = stories[delivery["story_id"]]
    columns = {field: value for field, value in wanted["story"].items() if field in story}
    found = {field: _plain(story[field]) for field in columns}
    if columns.get("date") == "received":
        columns["date"] = delivery["received_at"].date().isoformat()
    if "extra" in columns:
        found["extra"] = json.loads(story["extra"])
    assert found == columns


@_each(having="story")
def test_text_of_the_story(deliveries: dict[str, list[Row]], stories: dict[str, Row], name: str, wanted: Row) -> None:
    story, wanted = stories[_delivery(deliveries[name], wanted)["story_id"]], wanted["story"]
    body, kept = story["body"], {role: [p["text"] for p in story["paragraphs"] if p["role"] == role] for role in ("crosshead", "signoff")}
    assert body.startswith(wanted.get("body_starts", ""))
    assert body.endswith(wanted.get("body_ends", ""))
    assert [text for text in wanted.get("body_has", ()) if text not in body] == []
    assert len(body.split("\n\n")) == wanted.get("body_paragraphs", len(body.split("\n\n")))
    assert kept["crosshead"] == wanted.get("crossheads", kept["crosshead"])
    assert kept["signoff"] == wanted.get("signoffs", kept["signoff"])
    assert [text for text in wanted.get("ednote_has", ()) if text not in (story["ednote"] or "")] == []
    assert wanted.get("headline_or_body_has", "") in f"{story['headline']}\n{body}"


@_each(having="people", among="story")
def test_people_of_the_story(seeds_lake: Any, deliveries: dict[str, list[Row]], name: str, wanted: Row) -> None:
    story_id = _delivery(deliveries[name], wanted)["story_id"]
    people = {row["canonical"] for row in seeds_lake.rows("entities") if row["story_id"] == story_id and row["type"] == "PER"}
    assert people == set(wanted["story"]["people"])


def test_equal_stories_are_one_story(deliveries: dict[str, list[Row]]) -> None:
    groups: dict[str, list[Row]] = collections.defaultdict(list)
    for name, pieces in EXPECTED.items():
        for wanted in pieces:
            if "same_as" in wanted:
                groups[wanted["same_as"]].append(_delivery(deliveries[name], wanted))
    assert len(groups) == 2
    for rows in groups.values():
        assert len({row["story_id"] for row in rows}) == 1
        assert sorted(row["outcome"] for row in rows) == ["again", "story"]


def test_every_story_has_one_delivery_that_brought_it(deliveries: dict[str, list[Row]], stories: dict[str, Row]) -> None:
    brought = [row["story_id"] for rows in deliveries.values() for row in rows if row["outcome"] == "story"]
    assert collections.Counter(brought) == collections.Counter(stories.keys())


def test_only_the_corrected_version_is_latest(query: Any) -> None:
    rows = query(
        "select version, is_latest, superseded_by is not null as replaced from stories where guid like '%LUS4102' order by version"
    )
    assert rows == [{"version": 1, "is_latest": False, "replaced": True}, {"version": 2, "is_latest": True, "replaced": False}]
    assert query("select version from latest where guid like '%LUS4102'") == [{"version": 2}]


def test_withheld_stories_are_stored_and_not_shown(query: Any) -> None:
    held = sum(wanted.get("story", {}).get("pubstatus") == "withheld" for _, wanted in PIECES)
    assert held > 1
    assert query("select count(*) as n from stories where pubstatus = 'withheld'") == [{"n": held}]
    assert query("select count(*) as n from latest where pubstatus = 'withheld'") == [{"n": 0}]


def test_namibia_and_norway_are_text_to_every_reader(query: Any) -> None:
    rows = query("select country, headline from latest where country in ('NA', 'NO') order by 1")
    assert [row["country"] for row in rows] == ["NA", "NO"]


def test_table_of_dates_countries_and_headlines(seeds_lake: Any, wirelake: Any) -> None:
    printed = wirelake("query", "select date, country, headline from latest order by 1", "--lake", str(seeds_lake.path))
    assert "2024-06-19" in printed
    assert "Kim tells Putin North Korea" in printed
    assert printed.index("2019-12-03") < printed.index("2023-06-19") < printed.index("2024-06-19")


@pytest.mark.parametrize("table", ["entities", "quotes"])
def test_spans_are_the_text_they_mark(seeds_lake: Any, stories: dict[str, Row], table: str) -> None:
    rows = seeds_lake.rows(table)
    assert rows
    for row in rows:
        assert stories[row["story_id"]]["body"][row["span_start"] : row["span_end"]] == row["text"]


def test_speakers_and_cues_are_the_text_they_mark(seeds_lake: Any, stories: dict[str, Row]) -> None:
    marked = 0
    for row in seeds_lake.rows("quotes"):
        for part in ("speaker", "cue"):
            if row[part] is not None:
                assert stories[row["story_id"]]["body"][row[f"{part}_start"] : row[f"{part}_end"]] == row[part]
                marked += 1
    assert marked


@pytest.mark.parametrize("table", [*TABLES, "runs"])
def test_another_delta_reader_sees_equal_rows(seeds_lake: Any, table: str) -> None:
    ours = seeds_lake.rows(table)
    theirs = polars.read_delta(str(seeds_lake.path / table)).to_dicts()
    assert sorted(map(_text, theirs)) == sorted(map(_text, ours))


def _plain(value: Any) -> Any:
    """A value as JSON would have it."""
    return value.isoformat() if isinstance(value, dt.date) else value


def _text(row: Row) -> str:
    """A row as one string, the same for every reader: keys in order, moments in UTC."""
    return json.dumps(row, sort_keys=True, default=_comparable)


def _comparable(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    return repr(value)


def test_one_entity_has_one_key_in_all_stories(seeds_lake: Any) -> None:
    stories: dict[str, set[str]] = collections.defaultdict(set)
    forms: dict[str, set[str]] = collections.defaultdict(set)
    for row in seeds_lake.rows("entities"):
        if row["entity_key"]:
            stories[row["entity_key"]].add(row["story_id"])
            forms[row["entity_key"]].add(row["canonical"])
    for key in ("org:united nations", "org:agence france presse"):
        assert len(stories[key]) > 1, key
    assert {"UN", "United Nations"} <= forms["org:united nations"]


def test_a_person_has_the_same_key_in_another_story(seeds_lake: Any) -> None:
    other = annotate([{"body": "President Vladimir Putin wrote to Kim Jong-un on Monday. Kim thanked Putin."}])[0].entities
    rows = list(seeds_lake.rows("entities"))
    for name in ("Kim", "Putin"):
        there = {row["entity_key"] for row in rows if row["text"] == name}
        assert len(there) == 1
        assert {row["entity_key"] for row in other if row["text"] == name} == there != {None}


def test_every_story_says_what_found_its_names(seeds_lake: Any) -> None:
    rows = list(seeds_lake.rows("stories"))
    found = {row["language"]: row["entities_tier"] for row in rows if row["word_count"] > 50}
    assert found["en"] == "model"
    assert {tier for language, tier in found.items() if language in ("de", "fr", "es", "no", "is")} <= {"gazetteer"}
    assert all(row["entities_tier"] for row in rows)
