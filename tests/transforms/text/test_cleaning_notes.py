"""What cleaning takes from the lines about the text: embargoes, notices, contacts, datelines of other scripts."""

import datetime as dt
from typing import Any

import pytest

from schemas import Origin
from transforms.text.cleaning import clean
from transforms.text.formats import parse
from transforms.text.parsed import Parsed

NOW = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)
ORIGIN = Origin(source_uri="/wire/story.txt", received_at=NOW)
LEDE = "The government of the island said on Tuesday that it would raise the price of bread by a tenth."
BODY = "Bakers had asked for more, and a spokesman for their guild said that flour, fuel and rent had become dearer."
UTC = dt.UTC


def page(*paragraphs: str) -> dict[str, Any]:
    (item,) = parse("\n\n".join(paragraphs).encode(), "story.txt")
    return clean(item, ORIGIN, NOW)


def fields(headline: str, body: str) -> dict[str, Any]:
    return clean(Parsed(format="x", headline=headline, body=body), ORIGIN, NOW)


def body(row: dict[str, Any]) -> list[str]:
    return row["body"].split("\n\n")


@pytest.mark.parametrize(
    ("line", "moment"),
    [
        ("EMBARGOED UNTIL 0001 GMT June 2, 2030", dt.datetime(2030, 6, 2, 0, 1, tzinfo=UTC)),
        ("+++ Sperrfrist: 02.06.2030, 12:00 Uhr +++", dt.datetime(2030, 6, 2, 12, tzinfo=UTC)),
        ("Ne pas publier avant le 2 juin 2030 à 6h00 CET", dt.datetime(2030, 6, 2, 5, tzinfo=UTC)),
        ("NOT FOR PUBLICATION BEFORE 2 June 2030", dt.datetime(2030, 6, 3, 12, tzinfo=UTC)),
    ],
)
def test_an_embargo_with_its_moment_embargoes_and_does_not_withhold(line: str, moment: dt.datetime) -> None:
    row = page("Bread to cost more", line, LEDE, BODY)
    assert (row["embargoed"], row["pubstatus"], row["ednote"], row["body"]) == (moment, "usable", line, f"{LEDE}\n\n{BODY}")


def test_an_embargo_without_a_zone_is_in_the_agencys() -> None:
    row = page("Brot wird teurer", "Sperrfrist: 2. Juni 2030, 12 Uhr", f"Berlin (dpa) - {LEDE}", BODY)
    assert row["embargoed"] == dt.datetime(2030, 6, 2, 10, tzinfo=UTC)


def test_the_files_embargo_wins_over_the_texts() -> None:
    at = dt.datetime(2031, 1, 1, tzinfo=UTC)
    item = Parsed(format="x", headline="Bread", body=f"EMBARGOED UNTIL 0001 GMT June 2, 2030\n\n{LEDE}", embargoed=at)
    assert clean(item, ORIGIN, NOW)["embargoed"] == at


def test_the_day_of_the_event_is_the_last_but_receipt() -> None:
    item = Parsed(format="x", headline="Northtown Fields", body=LEDE, event_day=dt.date(2015, 10, 11))
    row = clean(item, ORIGIN, NOW)
    assert (row["published_at"], row["date_basis"]) == (dt.datetime(2015, 10, 11, tzinfo=UTC), "metadata")
    item.event_day = dt.date(2026, 2, 2)  # after receipt: the story came before its event
    assert clean(item, ORIGIN, NOW)["date_basis"] == "receipt"


def test_a_notice_above_the_dateline_of_a_release_is_a_note() -> None:
    notes = ["NE PAS DISTRIBUER AUX ÉTATS-UNIS.", "Les montants sont en dollars."]
    row = fields(headline="La société vend", body="\n\n".join([*notes, f"LAVAL, 26 mai 2020 (GLOBE NEWSWIRE) -- {LEDE}", BODY]))
    assert (row["dateline_city"], row["ednote"], row["body"]) == ("Laval", "\n".join(notes), f"{LEDE}\n\n{BODY}")


def test_a_second_story_below_the_first_is_no_notice() -> None:
    row = fields(headline="Two stories", body=f"{LEDE}\n\nLONDON (Reuters) - {BODY}")
    assert row["dateline_text"] is None
    assert row["body"].startswith(LEDE)


@pytest.mark.parametrize(
    ("paragraph", "field"),
    [
        ("Ansprechpartner: Jo Muster, 030 2852 31302", "ednote"),
        ("E-Mail: desk@example.org", "ednote"),
        ("FOR IMMEDIATE RELEASE", "ednote"),
        ("By The Associated Press", "byline"),
    ],
)
def test_lines_of_the_desk_on_top_leave_the_body(paragraph: str, field: str) -> None:
    row = page(paragraph, "Bread to cost more", LEDE, BODY)
    assert (row["headline"], row["body"]) == ("Bread to cost more", f"{LEDE}\n\n{BODY}")
    assert row[field] == paragraph.removeprefix("By ")


def test_an_agency_that_signs_between_paragraphs_is_a_byline() -> None:
    row = fields(headline="Table", body=f"{LEDE}\n\nBy The Associated Press\n\n{BODY}")
    assert (row["byline"], row["body"]) == ("The Associated Press", f"{LEDE}\n\n{BODY}")


@pytest.mark.parametrize(
    "sentences",
    [
        ["政府宣布提高面包价格。", "面包师说面粉和燃料变贵了。", "部长说我们不是富人。"],
        ["أعلنت الحكومة رفع سعر الخبز.", "وقال الخبازون إن الوقود أصبح أغلى.", "وقال الوزير إننا لسنا أغنياء."],
        ["הממשלה העלתה את מחיר הלחם.", "האופים אמרו כי הדלק התייקר.", "השר אמר שאיננו עשירים."],
    ],
)
def test_a_sentence_is_no_headline_in_any_script(sentences: list[str]) -> None:
    row = page(*sentences)
    assert (row["headline"], body(row)) == (None, sentences)


def test_a_chinese_dateline_leaves_the_body() -> None:
    row = page("面包将涨价", "新华社香港6月1日电（记者王明）政府宣布提高面包价格。", "面包师说面粉和燃料变贵了。")
    assert (row["provider"], row["dateline_city"], row["dateline_country"]) == ("Xinhua", "香港", "HK")
    assert body(row) == ["政府宣布提高面包价格。", "面包师说面粉和燃料变贵了。"]
