"""The contracts as columns: pinned by golden files, since readers of an old lake meet them."""

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pytest
from pydantic import ValidationError

from schemas import TABLES, CountryScore, Entity, Paragraph, RawItem, Run, Story, decode, encode
from schemas.base import Contract

GOLDEN = Path(__file__).parent / "golden"
NOW = dt.datetime(2024, 6, 19, 12, 30, 1, 250_000, tzinfo=dt.UTC)
ALL = {**TABLES, "runs": Run, "raw_item": RawItem}


def described(schema: pa.Schema) -> str:
    return "".join(f"{field.name}: {field.type}{'' if field.nullable else ' not null'}\n" for field in schema)


@pytest.mark.parametrize("name", sorted(ALL))
def test_columns_are_those_of_the_golden_file(name):
    expected = (GOLDEN / f"{name}.txt").read_text()
    assert described(ALL[name].arrow_schema()) == expected


def test_every_golden_file_belongs_to_a_contract():
    assert {path.stem for path in GOLDEN.iterdir()} == set(ALL)


@pytest.mark.parametrize("name", sorted(TABLES))
def test_partition_columns_come_last_and_stay_out_of_files(name):
    model = TABLES[name]
    keys = sorted(model.partition_by)
    assert keys, "a table without partitions would be one flat folder"
    assert model.arrow_schema().names[-len(keys) :] == keys
    assert not set(keys) & set(model.file_schema().names)


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_row_carries_its_run(name):
    assert "run" in TABLES[name].file_schema().names


def a_story(**changes):
    row = {
        "story_id": "0" * 32, "published_at": NOW, "published_precision": "second", "date_basis": "metadata", "received_at": NOW,
        "body": "One.\n\nTwo.", "word_count": 2, "content_hash": "1" * 32, "format": "text", "cluster_id": "0" * 32, "run": "2" * 32,
        "date": NOW.date(), "paragraphs": [Paragraph(role="lede", span_start=0, span_end=4)],
        "countries": [CountryScore(code="NO", score=0.5)],
    }  # fmt: skip
    return Story.model_validate({**row, **changes})


def test_a_story_survives_the_codec_in_batches():
    rows = [a_story(headline=headline).model_dump() for headline in ("Älv", None, "x" * 10_000)]
    schema = Story.arrow_schema()
    buffers = [encode(rows[:1], schema), encode(rows[1:], schema)]
    assert [Story.model_validate(row) for row in decode(buffers).to_pylist()] == [Story.model_validate(row) for row in rows]


def test_decoding_nothing_is_refused():
    with pytest.raises(ValueError, match="at least one buffer"):
        decode([])


@pytest.mark.parametrize(
    "change",
    [
        {"country": "no"}, {"country": "NOR"}, {"story_id": "abc"}, {"published_at": dt.datetime(2024, 1, 1)}, {"urgency": 12},
        {"unheard_of": 1}, {"relation": "cousin"},
    ],
)  # fmt: skip
def test_what_breaks_the_contract_is_refused(change):
    with pytest.raises(ValidationError):
        a_story(**change)


@pytest.mark.parametrize("code", ["NO", "NA", "ZZ"])
def test_country_codes_that_other_tools_mistake_for_values_stay_text(code):
    assert a_story(country=code).country == code


def test_no_contract_but_the_partition_has_a_column_named_country_in_entities():
    assert "country" not in Entity.file_schema().names
    assert "place_country" in Entity.file_schema().names


def test_an_annotation_without_a_column_is_refused():
    class Odd(Contract):
        thing: complex

    with pytest.raises(TypeError, match="no Arrow type"):
        Odd.arrow_schema()
