from typing import Any

import pytest
from hypothesis import given, settings

from tests.transforms.text.formats.wire import BODY, LEDE, SECOND, check, damaged, items, refusal, row, utc
from transforms.text.formats.rbnews import FORMAT
from transforms.text.parsed import Parsed, When

CONTENT = f"&lt;p&gt;{LEDE}&lt;/p&gt;&lt;p&gt;{SECOND}&lt;/p&gt;"


def rbnews(**elements: str) -> str:
    given = {"NewsID": "77", "Version": "1", "PublishDate": "2024-06-19T10:00:00", "Headline": "Havn åben", "Content": CONTENT} | elements
    inner = "".join(f"<{name}>{text}</{name}>" for name, text in given.items())
    return f'<RBNews xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{inner}<Town xsi:nil="true">nil</Town></RBNews>'


def read(**elements: str) -> Parsed:
    (item,) = items(rbnews(**elements), "rbnews")
    return item


def test_captions_and_asides_within_the_content() -> None:
    beside = "<figure><figcaption>En færge.</figcaption></figure><aside>Læs også</aside>".replace("<", "&lt;")
    item = read(Content=beside + CONTENT)
    assert (item.body, item.captions, item.extra["asides"]) == (BODY, [{"text": "En færge.", "credit": None}], ["Læs også"])


def test_every_field() -> None:
    item = read(
        Strapline="havn", SubTitle="&lt;p&gt;Færger sejler&lt;/p&gt;", Byline="Anna Roe", Origin="/ritzau/", Priority="2", Format="Citat",
        TilRedaktionen="Vagt +45 5550", IptcList="<int>4000000</int>", SubjectKeyword="<string>færge</string>", Section="Udland",
    )  # fmt: skip
    assert item == Parsed(
        format="rbnews", provider="Ritzau", guid="77", version=1, urgency=2, headline="Havn åben", deck="Færger sejler", slugline="havn",
        byline="Anna Roe", creditline="/ritzau/", published=When(utc(2024, 6, 19, 8)), versioncreated=utc(2024, 6, 19, 8),
        firstcreated=utc(2024, 6, 19, 8), language="da", subjects=[{"code": "subj:04000000", "name": None}], genre="Citat",
        keywords=["færge"],
        ednote="Vagt +45 5550", body=BODY, extra={"section": "Udland"},
    )  # fmt: skip
    assert row(item)["body"] == BODY


@pytest.mark.parametrize(
    ("name", "status", "signal"),
    [
        ("Annuleret", "canceled", "kill"),
        ("Korrektion", "usable", "correction"),
        ("NyVersion", "usable", "update"),
        ("InfoFlash", "usable", "urgent"),
    ],
)
def test_flags(name: str, status: str, signal: str) -> None:
    assert [(item.pubstatus, item.signal) for item in (read(**{name: "true"}), read(**{name: "false"}))] == [
        (status, signal),
        ("usable", None),
    ]


@pytest.mark.parametrize("elements", [{"NewsID": ""}, {"NewsID": " "}])
def test_a_story_without_an_id_is_refused(elements: dict[str, Any]) -> None:
    assert refusal(rbnews(**elements)) == "missing_part"


@settings(max_examples=60, deadline=None)
@given(damaged(rbnews(Priority="2", IptcList="<int>4000000</int>", Annuleret="true").encode()))
def test_damaged_documents(data: bytes) -> None:
    check(data, FORMAT)
