import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.text.formats.wire import BODY, LEDE, SECOND, check, damaged, damaged_json, items, refusal, row, utc
from transforms.text.formats.dpa import FORMAT
from transforms.text.parsed import Parsed, When


def entry(**properties: Any) -> dict[str, Any]:
    return {
        "format": "digitalwires@0.9", "urn": "urn:newsml:dpa.com:20090101:240619-99-1", "version": 3, "type": "composite",
        "version_created": "2024-06-19T10:00:00+02:00", "article_html": f"<section class=\"main\"><p>{LEDE}</p><p>{SECOND}</p></section>",
    } | properties  # fmt: skip


def read(**properties: Any) -> Parsed:
    (item,) = items(entry(**properties), "dpa-digitalwires")
    return item


CATEGORIES = [
    {"type": "dpatype:keyword", "name": "Fähre"}, {"type": "dpatype:genre", "name": "Bericht"}, {"type": "dpatype:geosubject",
    "name": "Bergen"},
    {"type": "dpatype:mediatopic", "name": "Schifffahrt", "qcode": "medtop:20000349"}, {"type": "dpatype:slugline", "name": "Hafen"},
]  # fmt: skip


def test_every_field() -> None:
    item = read(
        pubstatus="usable", embargoed="2099-01-01T00:00:00+01:00", urgency=2, language="de", headline="Hafen offen",
        subhead="Fähren fahren",
        byline="Von Anna Roe", dateline="Bergen (dpa)", creditline="dpa", copyrightnotice="(c) dpa", usageterms="Nur online.",
        content_created="2024-06-18T08:00:00", kicker="Norwegen", categories=CATEGORIES,
        ednotes=[{"role": "dpaednoterole:editorialnote", "ednote": "Kontakt +49 30 5550"}, {"role": "dpaednoterole:correctionshort",
        "ednote": "Tag"}],
        associations=[{"type": "image", "caption": "Eine Fähre", "creditline": "Bo Roe/dpa"}],
    )  # fmt: skip
    assert item == Parsed(
        format="dpa-digitalwires", guid="urn:newsml:dpa.com:20090101:240619-99-1", version=3, provider="dpa", signal="correction",
        urgency=2,
        embargoed=utc(2098, 12, 31, 23), headline="Hafen offen", deck="Fähren fahren", slugline="Hafen", byline="Von Anna Roe",
        creditline="dpa", dateline="Bergen (dpa)", published=When(utc(2024, 6, 19, 8)), versioncreated=utc(2024, 6, 19, 8),
        firstcreated=utc(2024, 6, 18, 6), language="de", subjects=[{"code": "medtop:20000349", "name": "Schifffahrt"}], genre="Bericht",
        keywords=["Fähre"], usageterms="Nur online.", copyright="(c) dpa", ednote="Kontakt +49 30 5550\nTag", body=BODY,
        captions=[{"text": "Eine Fähre", "credit": "Bo Roe/dpa"}], extra={"kicker": "Norwegen", "geosubjects": ["Bergen"]},
    )  # fmt: skip
    cleaned = row(item)
    assert (cleaned["dateline_city"], cleaned["dateline_country"], cleaned["pubstatus"]) == ("Bergen", "NO", "usable")
    assert "5550" not in cleaned["body"]


@pytest.mark.parametrize("part", ['<section class="notepad">{}</section>', '<div class="x linkbox">{}</div>', "<header>{}</header>"])
def test_notes_and_links_within_the_article_are_not_in_the_body(part: str) -> None:
    assert read(article_html=f"<p>{LEDE}</p>{part.format('<p>Tel 5550</p>')}<p>{SECOND}</p>").body == BODY


@pytest.mark.parametrize(
    ("embargo", "status", "kept"),
    [("", "withheld", None), ("bald", "withheld", "bald"), (True, "withheld", True), (None, "usable", None), (False, "usable", None)],
)
def test_embargoes_without_a_moment(embargo: Any, status: str, kept: Any) -> None:
    item = read(embargoed=embargo)
    assert (item.pubstatus, item.embargoed, item.extra.get("embargoed")) == (status, None, kept)


@pytest.mark.parametrize(
    ("signal", "note", "wanted"),
    [
        (None, "Berichtigung: Tag im ersten Absatz", "correction"),
        (None, "Aktualisierung: Neues vom Hafen", "update"),
        (None, "Wiederholung aus technischen Gründen", "repeat"),
        (None, "Tag im ersten Absatz", "correction"),
        ("sig:update", "Berichtigung: Tag im ersten Absatz", "update"),
        ("sig:correction", "Aktualisierung: Neues vom Hafen", "correction"),
    ],
)
def test_of_a_note_on_what_is_new_its_words_decide_and_the_signal_outranks_it(signal: str | None, note: str, wanted: str) -> None:
    item = read(signal=signal, ednotes=[{"role": "dpaednoterole:correctionshort", "ednote": note}])
    assert (item.signal, item.extra.get("signals")) == (wanted, [signal] if signal else None)


def test_captions_and_asides_within_the_article() -> None:
    beside = "<figure><figcaption>Eine Fähre.</figcaption></figure><aside>Mehr lesen</aside>"
    item = read(article_html=f"<p>{LEDE}</p>{beside}<p>{SECOND}</p>", associations=[{"type": "image", "caption": "Der Kai"}])
    assert (item.body, item.extra["asides"]) == (BODY, ["Mehr lesen"])
    assert [each["text"] for each in item.captions] == ["Der Kai", "Eine Fähre."]


def test_the_info_box_is_kept_apart() -> None:
    item = read(infobox_html='<section class="infobox"><h2>Der Hafen</h2><p>Er hat zwei Becken.</p></section>')
    assert (item.body, item.extra["infobox"]) == (BODY, "Der Hafen\n\nEr hat zwei Becken.")


@pytest.mark.parametrize("status", ["usable", "withheld", "canceled"])
def test_statuses(status: str) -> None:
    assert read(pubstatus=status).pubstatus == status


@pytest.mark.parametrize(
    ("kind", "wanted"), [("image", "picture"), ("graphic", "graphic"), ("video", "video"), ("article", "text"), ("x", "text")]
)
def test_kinds(kind: str, wanted: str) -> None:
    assert read(type=kind).item_kind == wanted


def test_many_entries_where_one_is_bad() -> None:
    found = items(
        {"entries": [entry(urn="urn:a"), entry(urn=None), 7, entry(urn="urn:p", type="image", caption="Eine Fähre")]}, "dpa-digitalwires"
    )
    assert [(each.guid, each.item_kind, each.refused and each.refused[0]) for each in found] == [
        ("urn:a", "text", None), (None, "text", "missing_part"), ("urn:p", "picture", None),
    ]  # fmt: skip
    assert [each.payload is not None for each in found] == [False, True, True]
    assert found[2].body == BODY


@pytest.mark.parametrize("urn", [None, "", 7])
def test_an_entry_without_a_urn_is_refused(urn: Any) -> None:
    assert refusal(entry(urn=urn)) == "missing_part"


SAMPLE = entry(embargoed="", urgency=1, categories=CATEGORIES, ednotes=[{"role": "a:b", "ednote": "n"}], associations=[{"caption": "c"}])


@settings(max_examples=80, deadline=None)
@given(st.one_of(damaged_json(SAMPLE), damaged_json({"entries": [SAMPLE, entry(type="image")]}), damaged(json.dumps(SAMPLE).encode())))
def test_damaged_documents(data: bytes) -> None:
    check(data, FORMAT)
