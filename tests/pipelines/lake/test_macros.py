"""The macros, over copies, versions, a kill, and names in several spellings."""

import json
import pathlib
from collections.abc import Iterator
from typing import Any

import pytest

from pipelines.cli import main
from pipelines.lake import Lake, open_lake

FERRIES = (
    "OSLO, Aug 29 (AFP) - Norway's ferries stood still on Tuesday after crews walked out over night shifts that they call too long.\n\n"
    '"We will not sail at night," Anne-Marie Lund, a harbour pilot, told AFP. Lund said {} crews had joined.\n\n'
    "The employers in Bergen called the walkout out of all proportion, and asked a mediator to step in before the weekend."
)
BRIDGE = (
    "BERGEN, Sept 3 (Reuters) - A bridge near Bergen is closed because its cables rust, the road office said on Sunday.\n\n"
    '"Nobody should cross it," said Anne Marie Lund, a pilot who lives beside it. Engineer James Lund said the repair would take a year.'
)
MAYOR = (
    "TURKU, Aug 30 (AFP) - Turku's mayor has left office, the city says, after a row about a tram that never came.\n\n"
    '"We waited for a tram," Mayor Aino Salmi said. "Nobody sent us one."'
)

AFP = {"provider": "AFP"}
STORIES: list[dict[str, Any]] = [
    {**AFP, "id": "first", "guid": "ferries", "version": 1, "headline": "Ferries stop", "body": FERRIES.format(200), "at": "08-29T10:00"},
    {**AFP, "id": "second", "guid": "ferries", "version": 2, "headline": "Ferries still", "body": FERRIES.format(300), "at": "08-29T12:00"},
    {"provider": "Paper", "id": "copy", "headline": "Ferries stop", "body": FERRIES.format(200), "at": "08-29T18:00"},
    {"provider": "Reuters", "id": "bridge", "headline": "Norway bridge rusts", "body": BRIDGE, "at": "09-03T09:00"},
    {**AFP, "id": "mayor", "guid": "mayor", "version": 1, "headline": "Mayor resigns", "body": MAYOR, "at": "08-30T10:00"},
    {
        **AFP,
        "id": "kill",
        "guid": "mayor",
        "version": 2,
        "headline": "Mayor resigns",
        "signal": "kill",
        "body": "KILL.",
        "at": "08-30T11:00",
    },
]


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    folder = tmp_path_factory.mktemp("macros")
    rows = [{**row, "published_at": f"2023-{row['at']}:00Z", "versioncreated": f"2023-{row['at']}:00Z"} for row in STORIES]
    (folder / "stories.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert main(["ingest", str(folder / "stories.jsonl"), "--lake", str(folder / "lake"), "--quiet"]) == 0
    with open_lake(folder / "lake") as opened:
        yield opened


@pytest.fixture(scope="module")
def ids(lake: Lake) -> dict[str, str]:
    """story_id by the id that the row came with."""
    return dict(lake.sql("select source_id, story_id from deliveries").relation.fetchall())


def rows(lake: Lake, query: str) -> list[tuple[Any, ...]]:
    return list(lake.sql(query).relation.fetchall())


@pytest.mark.parametrize("name", ["Anne-Marie Lund", "anne marie LUND", "Ånne Marie Lund."])
def test_quotes_are_found_by_any_spelling_of_the_name_in_what_may_be_shown(lake: Lake, name: str) -> None:
    said = lake.sql("select headline, text, speaker_canonical from quotes_by($name)", {"name": name}).relation.fetchall()
    assert said == [
        ("Ferries still", "We will not sail at night,", "Anne-Marie Lund"),
        ("Ferries still", "300 crews had joined", "Anne-Marie Lund"),
        ("Norway bridge rusts", "Nobody should cross it,", "Anne Marie Lund"),
    ]


def test_a_surname_means_everybody_who_has_it(lake: Lake) -> None:
    said = rows(lake, "select text, speaker_canonical from quotes_by('lund')")
    assert ("the repair would take a year", "James Lund") in said
    assert {name for _, name in said} == {"Anne-Marie Lund", "Anne Marie Lund", "James Lund"}
    assert len(said) == 4


def test_who_is_not_named_by_a_word_alone_is_not_meant_by_it(lake: Lake) -> None:
    assert rows(lake, "select text from quotes_by('James Lund')") == [("the repair would take a year",)]
    assert rows(lake, "select text from quotes_by('James')") == rows(lake, "select text from quotes_by('')") == []


def test_a_speaker_without_a_name_is_found_by_what_the_story_calls_it(lake: Lake) -> None:
    assert rows(lake, "select text from quotes_by('The Road Office')") == [("A bridge near Bergen is closed because its cables rust",)]


def test_mentions_are_those_of_the_same_key_too(lake: Lake) -> None:
    assert rows(lake, "select headline, text, role from mentions_of('anne marie lund')") == [
        ("Ferries still", "Anne-Marie Lund", "a harbour pilot"),
        ("Ferries still", "Lund", None),
        ("Norway bridge rusts", "Anne Marie Lund", "a pilot who lives beside it"),
    ]


def test_co_mentions_count_stories_and_leave_out_the_name_and_the_agency(lake: Lake) -> None:
    assert rows(lake, "select canonical, stories from co_mentions('Anne-Marie Lund')") == [("Bergen", 2), ("James Lund", 1), ("Norway", 1)]


@pytest.mark.parametrize(
    ("provider", "canonical", "key", "own"),
    [
        ("AFP", "AFP", None, True),
        ("afp", "AFP", None, True),
        ("AP", "Associated Press", "org:associated press", True),
        ("AFP", "Associated Press", "org:associated press", False),
        (None, "AFP", "org:agence france presse", False),
        ("Paper", "United Nations", None, False),
    ],
)
def test_an_agency_is_known_in_its_own_story(lake: Lake, provider: str | None, canonical: str, key: str | None, own: bool) -> None:
    assert lake.sql("select is_own_name($1, $2, $3) as own", [provider, canonical, key]).rows() == [{"own": own}]


def test_a_timeline_has_versions_and_copies_by_the_id_of_any(lake: Lake, ids: dict[str, str]) -> None:
    expected = [("AFP", "first", False), ("AFP", "version", True), ("Paper", "exact", False)]
    for name in ("first", "second", "copy"):
        assert rows(lake, f"select provider, event, shown from timeline('{ids[name]}')") == expected
    assert rows(lake, f"select provider, event, shown from timeline('{ids['copy'][:6].upper()}')") == expected
    assert rows(lake, f"from timeline('{ids['copy'][:5]}')") == []


def test_a_timeline_ends_with_the_kill(lake: Lake, ids: dict[str, str]) -> None:
    assert rows(lake, f"select event, shown from timeline('{ids['mayor']}')") == [("first", False), ("kill", False)]


def test_changes_are_the_paragraphs_that_differ(lake: Lake, ids: dict[str, str]) -> None:
    changed = '"We will not sail at night," Anne-Marie Lund, a harbour pilot, told AFP. Lund said {} crews had joined.'
    assert rows(lake, f"select part, change, text from changes('{ids['second']}')") == [
        ("headline", "removed", "Ferries stop"),
        ("headline", "added", "Ferries still"),
        ("body", "removed", changed.format(200)),
        ("body", "added", changed.format(300)),
    ]
    assert rows(lake, f"from changes('{ids['first']}')") == []


def test_related_are_the_cluster_and_who_shares_names_within_some_days(lake: Lake, ids: dict[str, str]) -> None:
    asked = "select relation, headline, names from related('{}', days := {})"
    assert rows(lake, asked.format(ids["first"], 30)) == [
        ("version", "Ferries still", ["Norway", "Anne-Marie Lund", "Bergen"]),
        ("names", "Norway bridge rusts", ["Bergen", "Anne Marie Lund"]),
    ]
    assert rows(lake, asked.format(ids["first"], 3)) == rows(lake, asked.format(ids["first"], 30))[:1]


def test_the_questions_of_the_cookbook_find_what_was_killed(lake: Lake) -> None:
    page = (pathlib.Path(__file__).resolve().parents[3] / "docs" / "cookbook.md").read_text("utf-8")
    query = page.partition("### What was killed or withheld?")[2].partition("```sql\n")[2].partition("```")[0]
    assert [row[1:4] for row in rows(lake, query)] == [("killed", "Mayor resigns", "Mayor resigns")]


def test_words_said_leave_the_attribution_between_two_parts_out(lake: Lake) -> None:
    split = rows(lake, "select text, words_said(text, frags) from quotes where len(frags) > 1")
    assert split == [('We waited for a tram," Mayor Aino Salmi said. "Nobody sent us one.', "We waited for a tram … Nobody sent us one.")]
    whole = rows(lake, "select text, words from quotes_by('James Lund')")
    assert whole == [("the repair would take a year", "the repair would take a year")]
