import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from pipelines.offline import annotate_lines, parse_file
from transforms.text import formats

NOW = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)


def parsed(folder: Path, given: Any) -> dict[str, Any]:
    path = folder / "items.json"
    path.write_text(json.dumps(given))
    return parse_file(str(path), NOW)


def ninjs(**properties: Any) -> dict[str, Any]:
    return {"uri": "urn:a", "type": "text", "versioncreated": "2024-06-19T10:00:00Z", "body_text": "The harbour opened."} | properties


def test_every_item_of_whatever_kind_is_shown(tmp_path: Path) -> None:
    row = parsed(
        tmp_path,
        [ninjs(dateline="BERGEN, June 19 (INS) -"), ninjs(uri="urn:p", type="picture", urgency=2), ninjs(type="poem"), ninjs(type="ode")],
    )
    story, picture = row["items"]
    assert (story["item_kind"], story["guid"], story["dateline"], story["body"]) == (
        "text", "urn:a", "BERGEN, June 19 (INS) -", "The harbour opened.",
    )  # fmt: skip
    assert (picture["item_kind"], picture["guid"], picture["urgency"]) == ("picture", "urn:p", 2)
    assert picture["published_at"] == dt.datetime(2024, 6, 19, 10, tzinfo=dt.UTC)
    assert "'poem'" in row["error"]
    assert row["error"].endswith("(and 1 more)")


def test_a_text_without_a_word_is_shown_with_an_error(tmp_path: Path) -> None:
    row = parsed(tmp_path, [ninjs(body_text="")])
    assert (row["items"][0]["guid"], row["error"]) == ("urn:a", "empty: the item has neither a headline nor a text")


def test_a_defect_is_an_error_of_its_file_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_data: bytes, _name: str) -> None:
        raise KeyError("x")

    monkeypatch.setattr(formats, "parse", broken)
    row = parsed(tmp_path, [ninjs()])
    assert (row["items"], row["error"]) == ([], "defect: KeyError: 'x'")


def annotated(*rows: dict[str, Any]) -> list[dict[str, Any]]:
    return list(annotate_lines(json.dumps(row).encode() for row in rows))


def test_a_dateline_counts_alike_apart_and_at_the_start_of_the_text() -> None:
    lede = "North Korean leader Roe Un oversaw a missile test in Lebanon."
    for dateline, countries in (("SEOUL (INS) -", ["KP", "KR"]), ("LEBANON, Pa. (INS) -", ["US", "KP"])):
        apart, within = annotated({"dateline": dateline, "body": lede}, {"body": f"{dateline} {lede}"})
        assert apart["countries"] == within["countries"] == countries
        assert [row["country"] for row in within["entities"] if row["text"] == "Lebanon"] == ["US" if "US" in countries else "LB"]


def test_a_dateline_at_the_start_of_the_text_speaks_of_nothing() -> None:
    lede, dateline = 'President Roe Unter said on Monday the war would go on. "We stay," he said.', "WASHINGTON (INS) - "
    apart, within = annotated({"dateline": dateline, "body": lede}, {"body": dateline + lede})
    assert apart["quotes"][0]["speaker"] == [0, len("President Roe Unter")]
    for one, other in zip(apart["quotes"], within["quotes"], strict=True):
        assert (one["text"], one["speaker_canonical"], one["rule"]) == (other["text"], other["speaker_canonical"], other["rule"])
        assert other["start"] - one["start"] == len(dateline)
    assert within["entities"][0]["text"] == "WASHINGTON"
