import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.text.formats.wire import BODY, LEDE, SECOND, check, damaged, damaged_json, items, refusal, row, utc
from transforms.text.formats.document import Document
from transforms.text.formats.ninjs import FORMAT
from transforms.text.parsed import Parsed, When

HTML = f"<p>{LEDE}</p><p>{SECOND}</p>"


def ninjs(**properties: Any) -> dict[str, Any]:
    """A ninjs 1 object; None takes a property out."""
    given = {"uri": "urn:ins:1", "type": "text", "versioncreated": "2024-06-19T10:00:00+02:00", "body_html": HTML} | properties
    return {name: value for name, value in given.items() if value is not None}


def of(version: str, **properties: Any) -> dict[str, Any]:
    return ninjs(standard={"name": "ninjs", "version": version}, **properties)


def read(given: Any) -> Parsed:
    return items(given, "ninjs")[0]


def test_every_field_of_ninjs_1() -> None:
    item = read(
        ninjs(
            version="3", pubstatus="usable", urgency=2, embargoed="2099-01-01T00:00:00Z", headline="Harbour opens", slugline="harbour",
            byline="Anna Roe", provider="INS", description_text="Ferries leave.", located="Bergen", firstcreated="2024-06-18",
            language="en",
            copyrightholder="INS", usageterms="Not for print.", ednote="Desk +47 5550", genre=[{"name": "Current"}], keywords=["ferry"],
            subject=[{"code": "04000000", "name": "economy"}, {"code": "20000349", "scheme": "http://cv.iptc.org/newscodes/mediatopic/"},
                     {"uri": "http://cv.iptc.org/newscodes/mediatopic/20000349"}],
            signal="sig:correction", profile="story",
            associations={"main": {"type": "picture", "uri": "p", "description_text": "A ferry.", "byline": "Bo Roe"}},
        )
    )  # fmt: skip
    assert item == Parsed(
        format="ninjs", guid="urn:ins:1", version=3, provider="INS", signal="correction", urgency=2, embargoed=utc(2099, 1, 1),
        headline="Harbour opens", deck="Ferries leave.", slugline="harbour", byline="Anna Roe", located="Bergen",
        published=When(utc(2024, 6, 19, 8)), versioncreated=utc(2024, 6, 19, 8), firstcreated=utc(2024, 6, 18), language="en",
        subjects=[{"code": "subj:04000000", "name": "economy"}, {"code": "medtop:20000349", "name": None}, {"code": "medtop:20000349",
        "name": None}],
        genre="Current", keywords=["ferry"], usageterms="Not for print.", copyright="INS", ednote="Desk +47 5550", body=BODY,
        captions=[{"text": "A ferry.", "credit": "Bo Roe"}], extra={"profile": "story", "signals": ["sig:correction"]},
    )  # fmt: skip
    assert (row(item)["dateline_country"], row(item)["body"]) == ("NO", BODY)


def test_ninjs_2_and_3_have_lists_with_roles() -> None:
    item = read(
        {
            "standard": {"name": "ninjs", "version": "3.0"}, "uri": "urn:ins:1", "type": "text", "versionCreated": "2024-06-19T08:00:00Z",
            "pubStatus": "withheld", "by": "Anna Roe", "rightsInfo": {"linkedRights": "u"}, "copyrightNotice": "(c) INS",
            "headlines": [{"role": "short", "value": "Short"}, {"role": "main", "value": "Harbour opens"}],
            "descriptions": [{"role": "summary", "value": "<p>Ferries leave.</p>", "contentType": "text/html"}],
            "bodies": [{"contentType": "text/plain", "value": "plain"}, {"contentType": "text/html", "value": HTML}],
            "subjects": [{"uri": "medtop:20000349", "name": "water transport"}], "genres": [{"name": "Current"}],
            "infoSources": [{"name": "Island News"}], "usageTerms": ["Not for print.", "Not in Norway."],
            "located": {"name": "Bergen"}, "dateLine": "BERGEN, June 19",
        }
    )  # fmt: skip
    assert (item.pubstatus, item.byline, item.headline, item.deck, item.body) == (
        "withheld", "Anna Roe", "Harbour opens", "Ferries leave.", BODY,
    )  # fmt: skip
    assert (item.provider, item.located, item.dateline, item.copyright) == ("Island News", "Bergen", "BERGEN, June 19", "(c) INS")
    assert (item.genre, item.usageterms, item.versioncreated) == ("Current", "Not for print.\nNot in Norway.", utc(2024, 6, 19, 8))


def test_superdesks_objects() -> None:
    item = read({"guid": "tag:x:1", "type": "text", "version": "2", "versioncreated": "2024-06-19T08:00:00+0000", "body_html": HTML,
                 "dateline": {"text": "BERGEN, June 19 INS -"}, "service": [{"code": "w"}], "priority": 6})  # fmt: skip
    assert (item.guid, item.dateline, item.extra["priority"]) == ("tag:x:1", "BERGEN, June 19 INS -", 6)


def test_status_is_usable_by_default() -> None:
    assert read(ninjs()).pubstatus == "usable"
    assert read(ninjs(pubstatus="canceled")).pubstatus == "canceled"


@pytest.mark.parametrize(
    ("embargo", "status", "at", "kept"),
    [(None, "usable", None, None), ("", "withheld", None, None), ("tonight", "withheld", None, "tonight"), (1, "withheld", None, 1),
     ("2099-01-01T00:00:00+01:00", "usable", utc(2098, 12, 31, 23), None)],
)  # fmt: skip
def test_embargoes(embargo: Any, status: str, at: Any, kept: Any) -> None:
    item = read(ninjs(embargoed=embargo))
    assert (item.pubstatus, item.embargoed, item.extra.get("embargoed")) == (status, at, kept)


def test_moments_without_a_zone_are_the_agencys() -> None:
    assert read(ninjs(provider="NTB", versioncreated="2024-06-19T10:00:00")).versioncreated == utc(2024, 6, 19, 8)


@pytest.mark.parametrize(
    ("properties", "wanted"),
    [
        ({"body_html": HTML, "body_text": "plain"}, BODY),
        ({"body_html": None, "body_xhtml": f"<div>{HTML}</div>"}, BODY),
        ({"body_html": None, "body_text": BODY}, BODY),
        ({"body_html": "<p>a&nbsp;b &amp; c"}, "a\xa0b & c"),
        ({"body_html": " "}, ""),
        ({"body_html": 3}, ""),
    ],
)
def test_bodies(properties: dict[str, Any], wanted: str) -> None:
    assert read(ninjs(**properties)).body == wanted


def test_a_picture_has_a_caption_and_no_story() -> None:
    item = read(ninjs(type="picture", body_html=None, description_text="A ferry.", byline="Bo Roe"))
    assert (item.item_kind, item.captions) == ("picture", [{"text": "A ferry.", "credit": "Bo Roe"}])
    assert json.loads(item.payload or b"")["uri"] == "urn:ins:1"


def test_an_array_of_objects_where_one_is_bad() -> None:
    found = items([ninjs(), ninjs(uri="urn:ins:bad", type="poem"), ninjs(uri="urn:ins:2", type="picture"), ninjs(uri="urn:ins:3")], "ninjs")
    assert [(each.guid, each.item_kind, each.refused and each.refused[0]) for each in found] == [
        ("urn:ins:1", "text", None), ("urn:ins:bad", "text", "unknown_type"), ("urn:ins:2", "picture", None), ("urn:ins:3", "text", None),
    ]  # fmt: skip
    assert [json.loads(each.payload)["uri"] if each.payload else None for each in found] == [None, "urn:ins:bad", "urn:ins:2", None]


def test_stories_within_a_package_are_items() -> None:
    package = ninjs(type="composite", body_html=None, associations={"a": ninjs(uri="urn:a"), "b": ninjs(uri="urn:b", type="picture")})
    assert [(each.guid, each.item_kind) for each in items(package, "ninjs")] == [
        ("urn:ins:1", "composite"), ("urn:a", "text"), ("urn:b", "picture"),
    ]  # fmt: skip


def test_of_many_and_deep_associations_none_is_lost() -> None:
    wide = ninjs(type="composite", associations=[ninjs(uri=f"urn:{number}", name="n") for number in range(1000)])
    deep = ninjs()
    for _ in range(30):
        deep = ninjs(type="package", associations={"a": deep})
    assert (len(items(wide, "ninjs")), len(items(deep, "ninjs"))) == (1001, 31)


def test_of_what_a_text_holds_only_texts_are_items() -> None:
    text = ninjs(associations={"a": ninjs(uri="urn:a"), "b": ninjs(uri="urn:b", type="picture"), "c": {"uri": "urn:c", "type": "text"}})
    assert [each.guid for each in items(text, "ninjs")] == ["urn:ins:1", "urn:a"]


DATES = {"startDate": "2024-06-19", "expectedStartDate": "2024-06-20"}


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (ninjs(uri=None, _id=None, guid=""), "missing_part"),
        (ninjs(uri=7), "missing_part"),
        (ninjs(uri=" "), "missing_part"),
        (of("2.1", uri="no uri"), "bad_field"),
        (ninjs(type="poem"), "unknown_type"),
        (ninjs(type=["text"]), "unknown_type"),
        (of("1.1", type="component"), "unknown_type"),
        (of("2.1", type="event"), "unknown_type"),
        (ninjs(pubstatus="gone"), "bad_field"),
        (ninjs(pubstatus=["usable"]), "bad_field"),
        (ninjs(representationtype="half"), "bad_field"),
        (ninjs(version={}), "bad_field"),
        (ninjs(headline=["a"]), "bad_field"),
        (ninjs(versioncreated="yesterday"), "bad_field"),
        (of("1.3", urgency=11), "bad_field"),
        (of("2.0", headlines=[{"role": "main"}]), "missing_part"),
        (of("3.0", bodies=["text"]), "missing_part"),
        (of("2.0", associations=[{"name": "main", "type": "picture"}]), "missing_part"),
        (of("2.0", associations=[{"uri": "urn:p", "type": "picture"}]), "missing_part"),
        (of("2.0", renditions=[{"width": 3}]), "missing_part"),
        (of("1.4", rightsinfo={"linkedrights": "u", "encodedrights": "r"}), "bad_field"),
        (of("2.2", type="event", eventDetails={"dates": DATES}), "bad_field"),
        (of("2.2", type="event", eventDetails={"dates": {"endDate": "2024-06-19"}}), "missing_part"),
        (of("2.2", type="planning", plannedCoverage=[{"urgency": 11}]), "bad_field"),
        (of("2.0", type="composite", associations=[{"name": "a"} | ninjs(type="poem")]), "unknown_type"),
    ],
)
def test_what_no_version_or_not_the_declared_one_accepts_is_refused(given: dict[str, Any], reason: str) -> None:
    assert refusal(given) == reason


@pytest.mark.parametrize(
    "given",
    [
        ninjs(x_house={"a": [1]}, unknown=None),
        ninjs(type="component"),
        ninjs(type="event", eventdetails={"dates": {"startDate": "2024-06-19"}}),
        ninjs(type=None),
        ninjs(urgency=11),
        ninjs(uri="no uri"),
        of("1.2", type="component"),
        of("2.2", type="planning", uri="urn:x:1", plannedCoverage=[{"urgency": 3}, 3], rightsinfo={"linkedrights": "u"}),
        of("9" * 5000),
        of("x"),
        ninjs(standard="ninjs", plannedcoverage=7, associations=7, renditions={"a": {}}, headlines="x", eventdetails=[], rightsinfo=[]),
    ],
)
def test_what_is_not_refused(given: dict[str, Any]) -> None:
    assert not read(given).refused


@pytest.mark.parametrize("given", [{"a": 1}, {"uri": "u"}, {"guid": "u", "altids": {}}, {"type": "text"}, [1, 2]])
def test_other_json_is_not_ninjs(given: Any) -> None:
    assert not FORMAT.sniff(Document(json.dumps(given).encode()))


EXTRA: dict[str, Any] = {
    "altids": {"house": "7"}, "altIds": [{"value": "7"}], "text": "aside", "body": "aside", "entries": [], "published_at": "2024-06-19",
    "received_at": "2024-06-19T08:00:00Z",
}  # fmt: skip


@pytest.mark.parametrize("name", EXTRA)
@pytest.mark.parametrize("kept", ["uri", "guid"])
def test_further_properties_make_no_other_format_of_an_object_with_a_body(name: str, kept: str) -> None:
    item = read({"pubstatus": "canceled", "headline": "h", kept: "urn:a:7", "body_html": HTML, name: EXTRA[name]})
    assert (item.guid, item.pubstatus, item.body) == ("urn:a:7", "canceled", BODY)


@pytest.mark.parametrize("name", EXTRA)
def test_further_properties_make_no_other_format_of_a_cancel(name: str) -> None:
    item = read({"uri": "urn:a:7", "pubstatus": "canceled", "versioncreated": "2024-06-19T08:00:00Z", name: EXTRA[name]})
    assert (item.guid, item.pubstatus) == ("urn:a:7", "canceled")


def test_an_object_whose_body_has_no_name_of_ninjs_keeps_it() -> None:
    assert read({"uri": "urn:a:7", "representationtype": "complete", "headline": "h", "text": BODY}).body == BODY


@pytest.mark.parametrize(
    "given",
    [
        {"guid": "a", "headline": "h", "body": BODY, "pubstatus": "usable", "versioncreated": "2024-06-19", "usageterms": "u"},
        {"guid": "a", "headline": "h", "text": BODY, "published_at": "2024-06-19"},
        {"guid": "a", "headline": "h", "body": BODY, "standard": "house", "renditions": [], "profile": "p"},
        {"guid": "a", "uri": "https://a.example/7", "headline": "h", "body": BODY},
        {"guid": "a", "headline": "h", "published_at": "2024-06-19", "pubstatus": "canceled"},
    ],
)
def test_lines_of_our_own_json_stay_what_they_are(given: dict[str, Any]) -> None:
    assert items(given, "jsonl")[0].headline == "h"


def test_what_stands_beside_the_text_of_an_html_body_is_not_in_it() -> None:
    body = f"""<p>{LEDE}</p><figure><img src="a.jpg"><figcaption>A ferry. <span class="photo-credit">Bo Roe</span></figcaption></figure>
      <blockquote class="x twitter-tweet"><p>look at this boat</p></blockquote><aside><p>Read more on boats</p></aside>
      <p hidden>not shown</p><div style="color:red; display: none">nor this</div><p>{SECOND}</p>
      <figure><figcaption>The quay.</figcaption></figure>"""
    associated = {"main": {"type": "picture", "uri": "p", "description_text": "The quay.", "byline": "Ada Roe"}}
    item = read(ninjs(body_html=body, associations=associated))
    assert (item.body, item.extra["asides"]) == (BODY, ["Read more on boats"])
    assert item.captions == [{"text": "A ferry.", "credit": "Bo Roe"}, {"text": "The quay.", "credit": "Ada Roe"}]


@pytest.mark.parametrize(("provider", "dash"), [("TT", "– "), ("NTB", "")])
def test_quotations_whose_dash_is_left_to_the_layout(provider: str, dash: str) -> None:
    body = f"<p>{LEDE}</p><blockquote>Vi väntade länge.</blockquote><blockquote><p>- Nu går vi.</p></blockquote>"
    wanted = ["– Vi väntade länge.", "– Nu går vi."] if dash else ["Vi väntade länge.", "- Nu går vi."]
    assert read(ninjs(provider=provider, body_html=body)).body.split("\n\n") == [LEDE, *wanted]


def test_crossheads_of_an_html_body_have_their_role() -> None:
    item = read(ninjs(headline="h", body_html=f"<h2>Winter</h2><p>{LEDE}</p><h3>The boats</h3><p>Two left.</p><p>One stayed</p>"))
    found = row(item)
    assert found["body"] == f"{LEDE}\n\nTwo left.\n\nOne stayed"
    assert [(each["role"], each["text"]) for each in found["paragraphs"] if each["text"]] == [
        ("crosshead", "Winter"), ("crosshead", "The boats"),
    ]  # fmt: skip


def test_a_picture_has_no_marked_crossheads() -> None:
    assert read(ninjs(type="picture", body_html="<h2>Boats</h2><p>A ferry.</p>")).body == "Boats\n\nA ferry."


@pytest.mark.parametrize(
    ("signals", "note", "wanted"),
    [
        (["sig:update"], "Corrects the day.", "update"),
        ([{"code": "sig:repeat"}], None, "repeat"),
        ([], "Rättelse: fel dag i ingressen.", "correction"),
        ([], "The desk corrected nothing.", None),
    ],
)
def test_signals_outrank_notes(signals: list[Any], note: str | None, wanted: str | None) -> None:
    assert read(ninjs(signals=signals, ednote=note)).signal == wanted


ONE = ninjs(
    version="1", urgency=1, pubstatus="usable", embargoed="", headline="h", located="Oslo", dateline="OSLO -", genre=[{"name": "g"}],
    subject=[{"code": "1", "name": "s", "scheme": "x"}], keywords=["k"], usageterms="u", ednote="e", signal="sig:update", provider="EFE",
    associations={"a": ninjs(type="picture", description_text="c"), "b": ninjs()},
)  # fmt: skip
THREE = {
    "standard": {"name": "ninjs", "version": "3.0"}, "uri": "urn:a:1", "type": "composite", "versionCreated": "2024-06-19T08:00:00Z",
    "headlines": [{"role": "main", "value": "h"}], "bodies": [{"contentType": "text/html", "value": HTML, "role": "main"}],
    "descriptions": [{"role": "caption", "value": "d"}], "subjects": [{"uri": "medtop:1", "name": "s"}], "genres": [{"name": "g"}],
    "infoSources": [{"name": "i"}], "signals": ["sig:update"], "ednotes": [{"value": "n"}], "keywords": ["k"],
    "plannedCoverage": [{"urgency": 2}], "eventDetails": {"dates": {"startDate": "2024-06-19"}}, "rightsInfo": {"linkedRights": "u"},
    "associations": [{"name": "a"} | ninjs(type="video", headline="h")], "renditions": [{"name": "r"}],
}  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.one_of(damaged_json(ONE), damaged_json(THREE), damaged_json([ONE, THREE]), damaged(json.dumps(ONE).encode())))
def test_damaged_documents(data: bytes) -> None:
    check(data, FORMAT)
