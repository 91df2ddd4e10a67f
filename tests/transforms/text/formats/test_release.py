from typing import Any

import pytest
from hypothesis import given, settings

from tests.transforms.text.formats.wire import BODY, LEDE, SECOND, check, damaged, items, refusal, row, utc
from transforms.text.formats.release import FORMAT
from transforms.text.parsed import Parsed, When


def release(
    inner: str = "", *, number: str = "77", title: str = "Havnen åpner", host: str = "kommunikasjon.ntb.no", date: str = "19.06.2024 10:00"
) -> str:
    return f"""<release id="{number}" lang="no"><title>{title}</title><longurl>https://{host}/pm/77</longurl>
      <publicationdate>{date}</publicationdate><body><![CDATA[<p>{LEDE}</p><p>{SECOND}</p>]]></body>{inner}</release>"""


def read(*args: Any, **kwargs: Any) -> Parsed:
    (item,) = items(release(*args, **kwargs), "release")
    return item


def test_captions_and_asides_within_the_body() -> None:
    beside = "<figure><figcaption>En ferge.</figcaption></figure><aside>Les også</aside>"
    (item,) = items(release().replace("<![CDATA[", f"<![CDATA[{beside}"), "release")
    assert (item.body, item.captions, item.extra["asides"]) == (BODY, [{"text": "En ferge.", "credit": None}], ["Les også"])


def test_every_field() -> None:
    item = read(
        """<embargo>01.01.2099 08:00</embargo><leadtext>&lt;b&gt;Fergene går.&lt;/b&gt;</leadtext><type><label>Nyhet</label></type>
        <publisher><name>Havnen</name></publisher><contactsastext>Anna Roe\n +47 5550</contactsastext><keywords>ferge, is</keywords>
        <images><image><caption>En ferge.</caption></image></images><boilerplate>Om havnen</boilerplate>"""
    )
    assert item == Parsed(
        format="release", provider="NTB", guid="kommunikasjon.ntb.no:77", embargoed=utc(2099, 1, 1, 7), headline="Havnen åpner",
        deck="Fergene går.", slugline="PRM-NTB-77", creditline="Havnen", published=When(utc(2024, 6, 19, 8), "minute"),
        versioncreated=utc(2024, 6, 19, 8), language="no", genre="Nyhet", keywords=["ferge", "is"], ednote="Anna Roe\n+47 5550", body=BODY,
        captions=[{"text": "En ferge.", "credit": None}], extra={"url": "https://kommunikasjon.ntb.no/pm/77", "boilerplate": "Om havnen"},
    )  # fmt: skip
    assert "5550" not in row(item)["body"]


@pytest.mark.parametrize(
    ("embargo", "status", "kept"),
    [("<embargo/>", "usable", None), ("", "usable", None), ("<embargo>snart</embargo>", "withheld", "snart"),
     ("<embargo>99.99.2024</embargo>", "withheld", "99.99.2024")],
)  # fmt: skip
def test_embargoes(embargo: str, status: str, kept: str | None) -> None:
    item = read(embargo)
    assert (item.pubstatus, item.embargoed, item.extra.get("embargoed")) == (status, None, kept)


@pytest.mark.parametrize(
    ("host", "date", "provider", "wanted"),
    [
        ("www.sttinfo.fi", "19.06.2024 10:00", "STT", When(utc(2024, 6, 19, 7), "minute")),
        ("via.ritzau.dk", "1.1.2024 9:05", "Ritzau", When(utc(2024, 1, 1, 8, 5), "minute")),
        ("via.tt.se", "19.06.2024", "TT", When(utc(2024, 6, 19), "day")),
        ("press.example.org", "2024-06-19T10:00:00Z", "press.example.org", When(utc(2024, 6, 19, 10))),
        ("via.tt.se", "soon", "TT", None),
    ],
)
def test_services_and_their_zones(host: str, date: str, provider: str, wanted: When | None) -> None:
    item = read(host=host, date=date)
    assert (item.provider, item.published) == (provider, wanted)


@pytest.mark.parametrize("text", [release(number=""), release(title=""), "<release/>"])
def test_a_release_without_id_or_title_is_refused(text: str) -> None:
    assert refusal(text) == "missing_part"


@settings(max_examples=60, deadline=None)
@given(damaged(release("<embargo>01.01.2099 08:00</embargo><keywords>a, b</keywords><contactsastext>c</contactsastext>").encode()))
def test_damaged_documents(data: bytes) -> None:
    check(data, FORMAT)
