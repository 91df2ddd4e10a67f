"""The user's story, byte for byte: every field of what was read from it by hand, and how the lake keeps it.

How texts compare: a quotation is found where the words of the two overlap by half or more (intersection over union) with its text or one
of its other readings; the edges of speakers, cues and affiliations may differ by marks and punctuation. Quotations of type `mixed` and
`indirect` may be there and are not required; a row that is none of those read by hand is one too many."""

import collections
import functools
import json
import pathlib
import re
import shutil
from typing import Any

import duckdb
import pytest

HERE = pathlib.Path(__file__).resolve().parent
SEEDS = HERE.parents[1] / "seeds"
STORY = SEEDS / "000_19efda94ec1e927b.txt"
PARTITION = "stories/date=2024-06-19/country=KP"
EXPECTED: dict[str, Any] = json.loads((HERE / "user_story_expected.json").read_text(encoding="utf-8"))
SAME_TEXT = 0.5
"""Of the words of two quotations that are one: the share that both have."""

Row = dict[str, Any]


def words(text: str) -> list[str]:
    """The words of a text, without marks, punctuation and case."""
    return re.findall(r"\w+(?:['’-]\w+)*", text.lower())


def overlap(one: str, other: str) -> float:
    """Intersection over union of the words of two texts, each word as often as it stands there."""
    left, right = collections.Counter(words(one)), collections.Counter(words(other))
    return (left & right).total() / max(1, (left | right).total())


def is_quote(row: Row, wanted: Row) -> bool:
    """True where a row is the quotation that was read by hand."""
    return any(overlap(row["text"], text) >= SAME_TEXT for text in (wanted["text"], *wanted.get("also", ())))


def ask(sql: str) -> list[tuple[Any, ...]]:
    """The rows of a query by DuckDB alone."""
    with duckdb.connect() as connection:
        return connection.execute(sql).fetchall()


@pytest.fixture(scope="module")
def story(seeds_lake: Any) -> Row:
    found = [row for row in seeds_lake.rows("stories") if row["headline"] == EXPECTED["headline"]]
    assert len(found) == 1
    return found[0]


@pytest.fixture(scope="module")
def entities(seeds_lake: Any, story: Row) -> list[Row]:
    return [row for row in seeds_lake.rows("entities") if row["story_id"] == story["story_id"]]


@pytest.fixture(scope="module")
def quotes(seeds_lake: Any, story: Row) -> list[Row]:
    rows = [row for row in seeds_lake.rows("quotes") if row["story_id"] == story["story_id"]]
    return sorted(rows, key=lambda row: row["span_start"])


def test_fields_of_the_story(story: Row) -> None:
    for field in ("headline", "provider", "language", "format", "dateline_text", "dateline_city", "dateline_country", "country"):
        assert story[field] == EXPECTED[field], field


def test_date_comes_from_the_caption_that_the_weekday_confirms(story: Row) -> None:
    assert story["date"].isoformat() == EXPECTED["date"]
    assert story["published_at"].date().isoformat() == EXPECTED["date"]
    assert story["date_basis"] == "text"
    assert story["published_precision"] == "day"


def test_deck_and_caption_with_its_credit(story: Row) -> None:
    assert story["deck"].startswith(EXPECTED["deck_starts"])
    assert len(story["captions"]) == 1
    caption = story["captions"][0]
    assert caption["text"].startswith(EXPECTED["caption_starts"])
    assert caption["credit"] == EXPECTED["caption_credit"]
    assert "Picture" not in story["body"]


def test_body_is_the_story_without_headline_dateline_and_crossheads(story: Row) -> None:
    body = story["body"]
    assert body.startswith(EXPECTED["body_starts"])
    assert body.endswith(EXPECTED["body_ends"])
    assert len(body.split("\n\n")) == EXPECTED["body_paragraphs_without_crossheads"]
    assert not set(body.split("\n\n")) & set(EXPECTED["crossheads"])
    roles = collections.Counter(paragraph["role"] for paragraph in story["paragraphs"])
    assert roles["lede"] == 1
    assert roles["lede"] + roles["body"] == EXPECTED["body_paragraphs_without_crossheads"]


def test_crossheads_are_kept_with_their_role(story: Row) -> None:
    kept = [paragraph["text"] for paragraph in story["paragraphs"] if paragraph["role"] == "crosshead"]
    assert kept == EXPECTED["crossheads"]


def test_paragraphs_lie_where_they_say(story: Row) -> None:
    inside = [p for p in story["paragraphs"] if p["role"] in ("lede", "body")]
    assert [story["body"][p["span_start"] : p["span_end"]] for p in inside] == story["body"].split("\n\n")


def test_typography_is_kept(story: Row) -> None:
    assert "‘strategic partnership’" in story["deck"]
    assert '"strategic partnership"' in story["body"]


def test_countries(story: Row) -> None:
    codes = [country["code"] for country in story["countries"]]
    assert codes[0] == EXPECTED["country"]
    assert set(EXPECTED["countries_must_have"]) <= set(codes)
    assert set(codes) <= {*EXPECTED["countries_must_have"], *EXPECTED["countries_may_have"]}


def test_people_are_those_and_no_others(entities: list[Row]) -> None:
    assert {row["canonical"] for row in entities if row["type"] == "PER"} == set(EXPECTED["people"])


def test_short_names_lead_to_the_right_person(story: Row, entities: list[Row]) -> None:
    body = story["body"]
    people = {(row["span_start"], row["span_end"]): row["canonical"] for row in entities if row["type"] == "PER"}
    alone = [match.span() for match in re.finditer(r"\bKim\b(?! (?:Jong Un|Il Sung|Sung-bae))", body)]
    assert alone
    for span in alone:
        assert people.get(span) == "Kim Jong Un", body[span[0] - 30 : span[1] + 30]
    putins = [match.span() for match in re.finditer(r"(?<!Vladimir )\bPutin\b", body)]
    assert putins
    for span in putins:
        assert people.get(span) == "Vladimir Putin", body[span[0] - 30 : span[1] + 30]


@pytest.mark.parametrize("name", EXPECTED["organisations"])
def test_organisations(entities: list[Row], name: str) -> None:
    assert any(row["type"] == "ORG" and name in (row["text"], row["canonical"]) for row in entities)


@pytest.mark.parametrize(("name", "country"), EXPECTED["places"].items())
def test_places_and_the_country_they_lie_in(entities: list[Row], name: str, country: str) -> None:
    assert {row["place_country"] for row in entities if row["type"] == "LOC" and row["text"] == name} == {country}


@pytest.mark.parametrize("wanted", EXPECTED["quotes"], ids=lambda q: q["text"][:30])
def test_quotations(quotes: list[Row], wanted: Row) -> None:
    found = [row for row in quotes if is_quote(row, wanted)]
    assert len(found) == 1, [row["text"] for row in quotes]
    row = found[0]
    assert row["type"] in (wanted["type"], wanted.get("type_also", wanted["type"]))
    for field in ("cue", "speaker", "affiliation"):
        assert words(row[field] or "") == words(wanted[field] or ""), field
    assert row["speaker_canonical"] == wanted["speaker_canonical"]


def test_no_quotation_is_invented(quotes: list[Row]) -> None:
    known = [*EXPECTED["quotes"], *EXPECTED["quotes_may_have"]]
    assert [row["text"] for row in quotes if not any(is_quote(row, wanted) for wanted in known)] == []
    assert not {" ".join(words(row["text"])) for row in quotes} & {" ".join(words(text)) for text in EXPECTED["not_quotes"]}


def test_row_lies_in_the_partition_of_its_date_and_country(seeds_lake: Any, story: Row) -> None:
    glob = seeds_lake.path / PARTITION / "*.parquet"
    found = ask(f"select story_id, headline from read_parquet('{glob}', hive_partitioning=false)")
    assert found == [(story["story_id"], EXPECTED["headline"])]


def test_plain_glob_with_hive_partitions_answers_in_sql(seeds_lake: Any) -> None:
    rows = ask(
        f"""select headline, country, date::varchar, count(*) over ()
            from read_parquet('{seeds_lake.path}/stories/date=*/*/*.parquet', hive_partitioning=true)
            where date = date '2024-06-19' and country = 'KP'"""
    )
    assert rows == [(EXPECTED["headline"], "KP", EXPECTED["date"], 1)]


def test_quotations_join_their_story_over_plain_globs(seeds_lake: Any) -> None:
    lake = seeds_lake.path
    speakers = ask(
        f"""select distinct speaker_canonical
            from read_parquet('{lake}/quotes/date=*/*/*.parquet', hive_partitioning=true) quotes
            join read_parquet('{lake}/stories/date=*/*/*.parquet', hive_partitioning=true) using (story_id, date, country)
            where country = 'KP' and quotes.type in ('direct', 'mixed') and speaker_canonical is not null"""
    )
    wanted = {quote["speaker_canonical"] for quote in EXPECTED["quotes"] if quote["type"] == "direct"}
    assert wanted <= {speaker for (speaker,) in speakers} <= set(EXPECTED["people"])


def test_same_inputs_again_write_nothing_and_say_so(make_lake: functools.partial[Any]) -> None:
    lake = make_lake()
    lake.ingest(STORY)
    before = sorted(path for path in lake.path.rglob("*.parquet") if path.is_file())
    said = lake.ingest(STORY)
    assert "already" in said
    assert sorted(path for path in lake.path.rglob("*.parquet") if path.is_file()) == before
    assert len(lake.rows("stories")) == 1


def test_same_file_under_another_name_is_one_story_with_two_deliveries(make_lake: functools.partial[Any], tmp_path: pathlib.Path) -> None:
    lake = make_lake()
    copy = tmp_path / "kim-and-putin.txt"
    shutil.copyfile(STORY, copy)
    lake.ingest(STORY)
    lake.ingest(copy)
    stories, deliveries = lake.rows("stories"), lake.rows("deliveries")
    assert len(stories) == 1
    assert sorted(row["outcome"] for row in deliveries) == ["again", "story"]
    assert {row["story_id"] for row in deliveries} == {stories[0]["story_id"]}
    assert len({row["source_uri"] for row in deliveries}) == 2
