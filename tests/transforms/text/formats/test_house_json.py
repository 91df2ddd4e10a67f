import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.text.formats.wire import BODY, LEDE, SECOND, check, damaged, damaged_json, items, refusal, row, utc
from transforms.text.formats.document import Document
from transforms.text.formats.house_json import FORMAT
from transforms.text.parsed import When

STORY = {
    "id": "77", "uri": "urn:cp:77", "type": "text", "version": "2", "versioncreated": "2024-06-19T10:00:00-04:00",
    "headline": "Harbour opens",
    "provider": "The Canadian Press", "embargoed": "", "body_html": f"<p>{LEDE}</p><p>{SECOND}</p>",
    "associations": {"1": {"type": "picture", "uri": "urn:p", "description_text": "A ferry."}},
}  # fmt: skip
LISTED = {"total": 2, "item": [STORY, {"id": 78, "headline": "Ferries wait"}, 7]}
MATCH = {
    "type": "nifs:match", "uid": "nifs:1", "name": "Fjord - Fjell", "timestamp": "2024-06-19T18:00:00+02:00", "attendance": 120,
    "comment": "Regn.",
    "result": {"homeScore90": 3, "awayScore90": 1, "homeScore45": 1, "awayScore45": 0},
}  # fmt: skip
EVENT = {"itemId": 5, "startDate": "2024-06-19", "summary": "Harbour feast", "description": "Music.", "room": "A"}


def test_a_services_list_of_items() -> None:
    story, picture, other = items(LISTED, "house-json")
    assert (story.guid, story.version, story.provider, story.pubstatus, story.body) == ("urn:cp:77", 2, "CP", "withheld", BODY)
    assert (story.versioncreated, story.captions) == (utc(2024, 6, 19, 14), [{"text": "A ferry.", "credit": None}])
    assert (picture.item_kind, picture.guid, json.loads(picture.payload or b"")["uri"]) == ("picture", "urn:p", "urn:p")
    assert (other.guid, other.headline) == ("78", "Ferries wait")
    assert row(story)["body"] == BODY


def test_a_list_under_items_alone() -> None:
    story, _, other = items({"_items": [STORY, {"_id": "78", "headline": "Ferries wait"}], "_links": {}}, "house-json")
    assert (story.guid, story.body, other.guid, other.headline) == ("urn:cp:77", BODY, "78", "Ferries wait")


def test_a_match_is_the_line_that_papers_print() -> None:
    (item,) = items(MATCH, "house-json")
    assert (item.guid, item.headline, item.published) == ("nifs:1", "Fjord - Fjell 3-1 (1-0)", When(utc(2024, 6, 19, 16)))
    assert item.body == "Fjord - Fjell 3-1 (1-0)\n\nRegn.\n\nTilskuere: 120"


def test_one_bad_match_does_not_cost_the_others() -> None:
    found = items([MATCH, {"type": "nifs:match", "name": "A - B"}], "house-json")
    assert [each.refused and each.refused[0] for each in found] == [None, "missing_part"]
    assert b"A - B" in (found[1].payload or b"")
    assert refusal({"type": "nifs:match"}) == "missing_part"


def test_an_entry_of_a_diary_is_an_event() -> None:
    (item,) = items([EVENT], "house-json")
    assert (item.item_kind, item.guid, item.headline, item.body) == ("event", "5", "Harbour feast", "Music.")
    assert (item.published, item.extra["room"]) == (When(utc(2024, 6, 19), "day"), "A")
    assert json.loads(item.payload or b"") == EVENT


@pytest.mark.parametrize(
    "given", [{"total": 1, "items": 5}, {"total": 1, "item": {"id": 1}}, {"type": ["nifs:match"]}, {"startDate": 1}, [], {}]
)
def test_other_json_is_of_no_house(given: Any) -> None:
    assert not FORMAT.sniff(Document(json.dumps(given).encode()))


@settings(max_examples=80, deadline=None)
@given(st.one_of(*map(damaged_json, (LISTED, MATCH, [MATCH, EVENT], EVENT)), damaged(json.dumps(LISTED).encode())))
def test_damaged_documents(data: bytes) -> None:
    check(data, FORMAT)
