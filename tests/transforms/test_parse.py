"""What of an input each failed item keeps."""

import datetime as dt
import json
from typing import Any

from schemas import Origin, RawItem
from transforms.parse import _ParseItem

ORIGIN = Origin(source_uri="/wire/items.json", received_at=dt.datetime(2024, 6, 19, tzinfo=dt.UTC))


def parsed(given: Any) -> tuple[list[Any], list[Any]]:
    """The pieces and the failures of an input."""
    work = _ParseItem("0" * 32, keep_raw=False)
    work.start_bundle()
    found = list(work.process(RawItem(origin=ORIGIN, data=json.dumps(given).encode())))
    failures = [each.value for each in found if getattr(each, "tag", None) == "failed"]
    return [each for each in found if not hasattr(each, "tag")], failures


def ninjs(**properties: Any) -> dict[str, Any]:
    return {"uri": "urn:a", "type": "text", "versioncreated": "2024-06-19T10:00:00Z", "body_text": "The harbour opened."} | properties


def test_of_several_items_each_failed_one_keeps_its_own_part() -> None:
    pieces, failures = parsed([ninjs(), ninjs(uri="urn:p", type="picture"), ninjs(uri="urn:b", type="poem"), ninjs(uri="urn:c")])
    assert [piece.parsed.guid for piece in pieces] == ["urn:a", "urn:c"]
    assert [(failure.refused.reason, json.loads(failure.payload)["uri"]) for failure in failures] == [
        ("not_text", "urn:p"), ("unknown_type", "urn:b"),
    ]  # fmt: skip
    assert [row["piece"] for row in (pieces[0].delivery, *(failure.delivery for failure in failures), pieces[1].delivery)] == [0, 1, 2, 3]


def test_a_single_failed_item_keeps_the_whole_input() -> None:
    given = ninjs(type="poem")
    pieces, (failure,) = parsed(given)
    assert (pieces, failure.refused.reason, json.loads(failure.payload)) == ([], "unknown_type", given)
