import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.text.formats.wire import BODY, LEDE, SECOND, check, damaged, damaged_json, items, refusal, row, utc
from transforms.text.formats.ap import FORMAT
from transforms.text.parsed import Parsed, When

NITF = f"<body.content><block><p>{LEDE}</p><p>{SECOND}</p></block></body.content>"


def item_of(**properties: Any) -> dict[str, Any]:
    return {
        "altids": {"itemid": "ab12", "referenceid": "BC-Harbour"}, "version": 3, "type": "text", "versioncreated": "2024-06-19T08:00:00Z",
    } | properties  # fmt: skip


def read(**properties: Any) -> Parsed:
    (item,) = items({"data": {"item": item_of(**properties)}}, "ap-media-api")
    return item


def test_captions_and_strangers_posts_within_an_html_body() -> None:
    post = "<blockquote class='instagram-media'><p>look</p></blockquote>"
    item = read(body_html=f"<p>{LEDE}</p><figure><figcaption>A ferry.</figcaption></figure>{post}<p>{SECOND}</p>", signals=["newscontent"])
    assert (item.body, item.captions, item.extra["signals"]) == (BODY, [{"text": "A ferry.", "credit": None}], ["newscontent"])


def test_every_field() -> None:
    item = read(
        pubstatus="usable", urgency=2, firstcreated="2024-06-18T08:00:00Z", headline="Harbour opens", headline_extended="Ferries leave",
        title="BC-Harbour", slugline="BC-Harbour, 1st Ld-Writethru", ednote="UPDATES: With quotes. Desk 555-0100", creditline="AP",
        bylines=[{"by": "ANNA ROE", "title": "Associated Press"}], language="en", copyrightnotice="(c) AP", usageterms=["Not for print."],
        datelinelocation={"city": "Bergen", "countrycode": "NOR"}, subject=[{"code": "f25a", "name": "Shipping"}],
        person=[{"name": "A. Roe"}],
        keywords="ferry", embargoed="2099-01-01T00:00:00Z", body_nitf=NITF,
        associations={"1": {"type": "picture", "caption": "A ferry."}},
    )  # fmt: skip
    assert item == Parsed(
        format="ap-media-api", guid="ab12", version=3, provider="AP", signal="update", urgency=2, embargoed=utc(2099, 1, 1),
        headline="Harbour opens", deck="Ferries leave", slugline="BC-Harbour", byline="ANNA ROE, Associated Press", creditline="AP",
        located="Bergen", located_country="NO", published=When(utc(2024, 6, 19, 8)), versioncreated=utc(2024, 6, 19, 8),
        firstcreated=utc(2024, 6, 18, 8), language="en", subjects=[{"code": "f25a", "name": "Shipping"}], keywords=["ferry"],
        usageterms="Not for print.", copyright="(c) AP", ednote="UPDATES: With quotes. Desk 555-0100", body=BODY,
        captions=[{"text": "A ferry.", "credit": None}], extra={"take_key": "1st Ld-Writethru", "people": ["A. Roe"]},
    )  # fmt: skip
    assert (row(item)["dateline_country"], row(item)["body"]) == ("NO", BODY)


@pytest.mark.parametrize(
    ("status", "embargo", "wanted", "at", "kept"),
    [
        ("usable", None, "usable", None, None),
        ("withheld", None, "withheld", None, None),
        ("canceled", None, "canceled", None, None),
        ("embargoed", "2099-01-01T00:00:00Z", "usable", utc(2099, 1, 1), None),
        ("embargoed", None, "withheld", None, None),
        ("embargoed", False, "withheld", None, None),
        ("usable", "", "withheld", None, None),
        ("usable", "tonight", "withheld", None, "tonight"),
        ("usable", 20990101, "withheld", None, 20990101),
    ],
)
def test_statuses_and_embargoes(status: str, embargo: Any, wanted: str, at: Any, kept: Any) -> None:
    item = read(pubstatus=status, embargoed=embargo)
    assert (item.pubstatus, item.embargoed, item.extra.get("embargoed")) == (wanted, at, kept)


def test_a_correction_is_told_in_the_note() -> None:
    assert read(ednote="CORRECTS: Day of the opening").signal == "correction"


@pytest.mark.parametrize(
    "body",
    [
        {"body_nitf": NITF},
        {"body_html": f"<p>{LEDE}</p><p>{SECOND}</p>"},
        {"body_text": BODY},
        {"body_nitf": f"<nitf><body>{NITF}</body></nitf>"},
    ],
)
def test_the_text_where_the_answer_has_it(body: dict[str, str]) -> None:
    assert read(**body).body == BODY


def test_an_answer_that_links_to_its_text_has_a_headline_alone() -> None:
    assert row(read(headline="Harbour opens"))["body"] == ""


def test_a_feed_of_many_items_where_some_are_bad() -> None:
    feed = {"data": {"items": [
        {"item": item_of()}, {"item": item_of(altids={})}, {"item": item_of(body_nitf="<p>", altids={"itemid": "bad"})}, 7,
        {"item": item_of(type="picture", caption="A ferry.")},
    ]}}  # fmt: skip
    found = items(feed, "ap-media-api")
    assert [(each.guid, each.item_kind, each.refused and each.refused[0]) for each in found] == [
        ("ab12", "text", None), (None, "text", "missing_part"), ("bad", "text", "bad_xml"), ("ab12", "picture", None),
    ]  # fmt: skip
    assert [each.payload is not None for each in found] == [False, True, True, True]
    assert found[3].body == "A ferry."


@pytest.mark.parametrize(("given", "reason"), [(item_of(altids={"itemid": ""}), "missing_part"), (item_of(body_nitf="<p>"), "bad_xml")])
def test_a_single_bad_item_is_refused(given: dict[str, Any], reason: str) -> None:
    assert refusal({"data": {"item": given}}) == reason


SAMPLE = {"data": {"items": [{"item": item_of(
    pubstatus="embargoed", embargoed="", urgency=1, headline="h", slugline="a, Ld", bylines=[{"by": "A", "title": "B"}], signals=["x"],
    datelinelocation={"city": "Oslo", "countrycode": "NOR"}, subject=[{"code": "c", "name": "n"}], person=[{"name": "p"}], keywords=["k"],
    usageterms=["u"], body_nitf=NITF, associations={"1": {"caption": "c"}},
)}, {"item": item_of(type="picture", caption="c")}]}}  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(
    st.one_of(damaged_json(SAMPLE), damaged_json({"data": {"item": item_of(body_html="<p>a</p>")}}), damaged(json.dumps(SAMPLE).encode()))
)
def test_damaged_documents(data: bytes) -> None:
    check(data, FORMAT)
