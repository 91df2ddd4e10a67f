import time
from typing import Any

import pytest
from hypothesis import given, settings

from tests.transforms.text.formats.wire import BODY, LEDE, SECOND, check, damaged, items, refusal, row, utc
from transforms.text.formats.newsml_12 import FORMAT
from transforms.text.parsed import Parsed, When

PUBLIC = "urn:newsml:ins.example:20240619:77:3U"
TEXT = f"<ContentItem><DataContent><p>{LEDE}</p><p>{SECOND}</p></DataContent></ContentItem>"


def identification(public: str = PUBLIC, update: str = "U", provider: str = "ins.example", label: str = "") -> str:
    return f"""<Identification><NewsIdentifier><ProviderId>{provider}</ProviderId><DateId>20240619</DateId><NewsItemId>77</NewsItemId>
      <RevisionId PreviousRevision="2" Update="{update}">3</RevisionId><PublicIdentifier>{public}</PublicIdentifier></NewsIdentifier>{label}
      </Identification>"""


def component(inner: str = TEXT, role: str = "") -> str:
    named = f'<Role FormalName="{role}"/>' if role else ""
    return f"<NewsComponent>{named}{inner}</NewsComponent>"


def item_xml(components: str = component(), management: str = "", identity: str = identification()) -> str:
    return f"""<NewsItem>{identity}<NewsManagement><ThisRevisionCreated>20240619T100000+0200</ThisRevisionCreated>
      <Status FormalName="Usable"/>{management}</NewsManagement>{components}</NewsItem>"""


def newsml(*news_items: str, envelope: str = "", prolog: str = '<?xml version="1.0"?>') -> str:
    return f"{prolog}<NewsML><Catalog/><NewsEnvelope>{envelope}</NewsEnvelope>{''.join(news_items)}</NewsML>"


def read(*args: Any, envelope: str = "", **kwargs: Any) -> Parsed:
    (item,) = items(newsml(item_xml(*args, **kwargs), envelope=envelope), "newsml-1.2")
    return item


def content(text: str, kind: str = "Text") -> str:
    return f'<ContentItem><MediaType FormalName="{kind}"/><DataContent>{text}</DataContent></ContentItem>'


def advisory(text: str) -> str:
    return f"""<NewsLines><NewsLine><NewsLineType FormalName="AdvisoryLine"/><NewsLineText>{text}</NewsLineText></NewsLine></NewsLines>"""


def test_advisory_lines_of_text_and_picture() -> None:
    picture = component(advisory("RESTRICTED TO EDITORIAL USE - NO ARCHIVES") + content("", "Photo"), "Photo")
    item = read(component(advisory("TO GO WITH STORY BY ANNA ROE") + TEXT + picture))
    assert (item.ednote, item.usageterms) == ("TO GO WITH STORY BY ANNA ROE", "RESTRICTED TO EDITORIAL USE - NO ARCHIVES")


def test_an_item_without_an_identifier_may_have_a_guid() -> None:
    described = "<DescriptiveMetada><guid>AB12</guid></DescriptiveMetada>"
    assert read(component(described + TEXT), identity="<Identification/>").guid == "AB12"
    assert read(component(described + TEXT)).guid == "urn:newsml:ins.example:20240619:77"


def test_notes_within_inline_nitf_are_notes() -> None:
    nitf = f"<nitf><body><body.content><p>{LEDE}</p><note>Desk +47 5550</note></body.content></body></nitf>"
    item = read(component(content(nitf)))
    assert (item.body, item.ednote) == (LEDE, "Desk +47 5550")


def test_every_field() -> None:
    item = read(
        component(
            f"""<NewsLines><HeadLine>Harbour opens</HeadLine><SubHeadLine>Ferries leave</SubHeadLine><ByLine>Anna Roe</ByLine>
            <DateLine>BERGEN, June 19</DateLine><CreditLine>INS</CreditLine><CopyrightLine>(c) INS</CopyrightLine>
            <SlugLine>harbour</SlugLine>
            <KeywordLine>ferry</KeywordLine></NewsLines><RightsMetadata><UsageRights>Not for print.</UsageRights></RightsMetadata>
            <DescriptiveMetadata><Language FormalName="en"/><Genre FormalName="Current"/><SubjectCode><Subject FormalName="04000000"/>
            <SubjectMatter FormalName="04011000"/></SubjectCode><SubjectCode><Subject FormalName="04000000"/></SubjectCode><OfInterestTo
            FormalName="NO"/><Location><Property FormalName="Country" Value="NOR"/><Property FormalName="City" Value="Bergen"/></Location>
            </DescriptiveMetadata>{TEXT}"""
        ),
        '<NewsItemType FormalName="News"/><FirstCreated>20240618T080000Z</FirstCreated><Urgency FormalName="2"/>',
        identification(label="<NameLabel>label</NameLabel>"),
    )  # fmt: skip
    assert item == Parsed(
        format="newsml-1.2", guid="urn:newsml:ins.example:20240619:77", version=3, provider="ins.example", signal="update", urgency=2,
        headline="Harbour opens", deck="Ferries leave", slugline="harbour", byline="Anna Roe", creditline="INS", dateline="BERGEN, June 19",
        located="Bergen", located_country="NO", published=When(utc(2024, 6, 19, 8)), versioncreated=utc(2024, 6, 19, 8),
        firstcreated=utc(2024, 6, 18, 8), language="en", genre="Current", keywords=["ferry"], usageterms="Not for print.",
        copyright="(c) INS",
        subjects=[{"code": "subj:04000000", "name": None}, {"code": "subj:04011000", "name": None}], body=BODY,
        extra={"newsitemtype": "News", "ofinterestto": ["NO"]},
    )  # fmt: skip
    assert row(item)["dateline_country"] == "NO"


@pytest.mark.parametrize(
    ("public", "update", "wanted"),
    [
        (PUBLIC, "U", "urn:newsml:ins.example:20240619:77"),
        ("urn:newsml:ins.example:20240619:77:3", "N", "urn:newsml:ins.example:20240619:77"),
        ("urn:newsml:ins.example:20240619:77:3N", "N", "urn:newsml:ins.example:20240619:77"),
        ("", "N", "urn:newsml:ins.example:20240619:77"),
        ("urn:newsml:belga.be", "N", "urn:newsml:belga.be:20240619:77"),  # Belga's stem
    ],
)
def test_the_guid_is_the_same_over_versions(public: str, update: str, wanted: str) -> None:
    item = read(identity=identification(public, update))
    assert (item.guid, item.version, item.signal) == (wanted, 3, "update" if update == "U" else None)


@pytest.mark.parametrize(
    ("status", "change", "wanted", "at", "kept"),
    [
        ("Usable", "", "usable", None, None),
        ("Canceled", "", "canceled", None, None),
        ("Withheld", "", "withheld", None, None),
        ("Embargoed", "", "withheld", None, None),
        ("Embargoed", "20990101T000000Z", "usable", utc(2099, 1, 1), None),
        ("Embargoed", "tonight", "withheld", None, "tonight"),
        ("Withheld", "20990101T000000Z", "usable", utc(2099, 1, 1), None),
        ("Usable", "20990101T000000Z", "usable", None, None),
    ],
)
def test_an_embargo_is_a_status_that_will_change(status: str, change: str, wanted: str, at: Any, kept: str | None) -> None:
    management = (
        f'<StatusWillChange><FutureStatus FormalName="Usable"/><DateAndTime>{change}</DateAndTime></StatusWillChange>' if change else ""
    )
    (item,) = items(
        newsml(item_xml(management=management).replace('Status FormalName="Usable"/>', f'Status FormalName="{status}"/>', 1)), "newsml-1.2"
    )
    assert (item.pubstatus, item.embargoed, item.extra.get("embargoed")) == (wanted, at, kept)


def test_the_envelope_serves_where_the_item_says_nothing() -> None:
    item_text = item_xml().replace("<ThisRevisionCreated>20240619T100000+0200</ThisRevisionCreated>", "")
    envelope = '<DateAndTime>20240619T120000Z</DateAndTime><NewsProduct FormalName="World"/><Priority FormalName="1"/>'
    (item,) = items(newsml(item_text, envelope=envelope), "newsml-1.2")
    assert (item.versioncreated, item.urgency, item.extra["services"]) == (utc(2024, 6, 19, 12), 1, ["World"])


def test_kyodos_document_type_and_its_zone() -> None:
    prolog = """<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE NewsML PUBLIC "urn:newsml:iptc.org:20021018:NewsMLv1.2:1" "NewsML.dtd" [
      <!-- Kyodo's own --><!ENTITY % nitf SYSTEM "nitf.dtd"> %nitf; <!ENTITY x "y]>">]>"""
    text = item_xml(identity=identification(provider="kyodonews.jp")).replace("20240619T100000+0200", "20240619T100000")
    (item,) = items(newsml(text, prolog=prolog), "newsml-1.2")
    assert (item.provider, item.versioncreated, item.body) == ("Kyodo", utc(2024, 6, 19, 1), BODY)


def test_nested_components_by_their_roles() -> None:
    picture = component(
        "<NewsLines><ByLine>Bo Roe</ByLine><CreditLine>INS</CreditLine></NewsLines>"
        + component(content("", "Photo"), "HighDef") + component(content("A ferry leaves."), "Caption")
    )  # fmt: skip
    item = read(
        component(
            component(content("Harbour opens"), "Title") + component(content("Ferries leave"), "Abstract") + component(content(LEDE),
            "Main")
            + component(content(SECOND)) + component(content("Desk +47 5550"), "Contact") + component(content("#harbour"),
            "TweetText") + picture
        )
    )  # fmt: skip
    assert (item.item_kind, item.headline, item.deck, item.body, item.ednote) == (
        "text",
        "Harbour opens",
        "Ferries leave",
        BODY,
        "Desk +47 5550",
    )
    assert item.captions == [{"text": "A ferry leaves.", "credit": "INS/Bo Roe"}]
    assert (item.byline, item.extra["byline_of"]) == ("Bo Roe", "picture")


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (f"<nitf><body><body.head><byline>Anna Roe</byline></body.head><body.content><p>{LEDE}</p></body.content></body></nitf>", LEDE),
        (f"<html><head><title>T</title></head><body><p>{LEDE}</p></body></html>", LEDE),
        (f"&lt;p&gt;{LEDE}&lt;/p&gt;&lt;p&gt;{SECOND}&lt;/p&gt;", BODY),
        (BODY, BODY),
        (f"<![CDATA[{BODY}]]>", BODY),
    ],
)
def test_the_content_in_each_of_its_forms(data: str, wanted: str) -> None:
    assert read(component(content(data))).body == wanted


def test_encoded_content_is_no_text() -> None:
    encoded = '<ContentItem><Encoding Notation="Base64"><DataContent>AAAA</DataContent></Encoding></ContentItem>'
    assert read(component(encoded)).body == ""


@pytest.mark.parametrize(("kind", "wanted"), [("Photo", "picture"), ("Graphic", "graphic"), ("Video", "video"), ("Audio", "audio")])
def test_media_alone(kind: str, wanted: str) -> None:
    item = read(component(component(content("", kind), "Main") + component(content("A ferry leaves."), "Caption")))
    assert (item.item_kind, item.captions[0]["text"]) == (wanted, "A ferry leaves.")


def test_many_items_in_a_file() -> None:
    picture = item_xml(component(content("x", "Photo")))
    found = items(newsml(item_xml(), "<NewsItem/>tail", picture, item_xml()), "newsml-1.2")
    assert [(each.item_kind, each.refused and each.refused[0]) for each in found] == [
        ("text", None), ("text", "missing_part"), ("picture", None), ("text", None),
    ]  # fmt: skip
    assert [each.payload is not None for each in found] == [False, True, True, False]
    assert found[1].payload == b"<NewsItem/>"


@pytest.mark.parametrize(("text", "reason"), [(newsml(), "empty"), (newsml("<NewsItem/>"), "missing_part")])
def test_what_is_refused(text: str, reason: str) -> None:
    assert refusal(text) == reason


@pytest.mark.parametrize("role", ["Caption", "Main", "Contact", "Photo"])
def test_thousands_of_components_end_soon(role: str) -> None:
    start = time.process_time()
    assert read(component(component(content("words"), role) * 10_000)).guid
    assert time.process_time() - start < 10


SAMPLE = newsml(
    item_xml(component("<NewsLines><HeadLine>H</HeadLine></NewsLines>" + component(content(LEDE), "Main") + component(content("c"),
    "Caption"))),
    item_xml(component(content("", "Photo"))),
    item_xml(component(content(f"<nitf><body><body.content><p>{LEDE}</p></body.content></body></nitf>")), '<Urgency FormalName="1"/>'),
).encode()  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(damaged(SAMPLE))
def test_damaged_documents(data: bytes) -> None:
    check(data, FORMAT)
