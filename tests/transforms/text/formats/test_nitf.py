from typing import Any

import pytest
from hypothesis import given, settings

from tests.transforms.text.formats.wire import BODY, LEDE, SECOND, check, damaged, items, refusal, row, utc
from transforms.text.formats.nitf import FORMAT
from transforms.text.parsed import Parsed, When

ISSUE = '<date.issue norm="20240619T100000+0200"/>'
CONTENT = f"<p>{LEDE}</p><p>{SECOND}</p>"


def nitf(
    docdata: str = ISSUE, top: str = "", content: str = CONTENT, *, head: str = "", status: str = "", root: str = "", end: str = ""
) -> str:
    return f"""<?xml version="1.0"?><nitf {root}><head>{head}<docdata {status}>{docdata}</docdata></head><body><body.head>{top}</body.head>
      <body.content>{content}</body.content><body.end>{end}</body.end></body></nitf>"""


def read(*args: Any, **kwargs: Any) -> Parsed:
    (item,) = items(nitf(*args, **kwargs), "nitf")
    return item


def test_every_field() -> None:
    item = read(
        f"""<doc-id regsrc="INS" id-string="INS77"/><du-key key="harbour" version="3"/><urgency ed-urg="2"/>{ISSUE}
        <date.release norm="20990101T000000Z"/><evloc city="Bergen" iso-cc="NO"/><ed-msg info="Desk +47 5550"/><doc.copyright year="2024"
        holder="INS"/><doc.rights type="paid" limitations="Not for print."/><key-list><keyword key="ferry"/></key-list>""",
        """<hedline><hl1>Harbour opens</hl1><hl2>Ferries leave</hl2></hedline><byline>By Anna Roe<byttl>Harbour writer</byttl></byline>
        <distributor>INS</distributor><dateline><location>Bergen</location><story.date norm="20240619">June 19</story.date></dateline>""",
        CONTENT + "<media><media-producer>Bo Roe</media-producer><media-caption><p>A ferry.</p></media-caption></media>",
        head="""<meta name="anpa-takekey" content="1st Ld"/><tobject><tobject.property tobject.property.type="Current"/><tobject.subject
        tobject.subject.refnum="04000000" tobject.subject.type="Economy"/></tobject><revision-history norm="20240619T110000+0200"/>""",
        status='management-status="usable"',
        root='baselang="en-GB"',
        end="<tagline>ar/br</tagline>",
    )  # fmt: skip
    assert item == Parsed(
        format="nitf", provider="INS", guid="INS77", version=3, urgency=2, embargoed=utc(2099, 1, 1), headline="Harbour opens",
        deck="Ferries leave", slugline="harbour", byline="By Anna Roe, Harbour writer", creditline="INS", dateline="Bergen, June 19",
        located="Bergen", located_country="NO", published=When(utc(2024, 6, 19, 8)), versioncreated=utc(2024, 6, 19, 9),
        firstcreated=utc(2024, 6, 19, 8), language="en-GB", genre="Current", subjects=[{"code": "subj:04000000", "name": "Economy"}],
        keywords=["ferry"], usageterms="paid\nNot for print.", copyright="2024 INS", ednote="Desk +47 5550", body=BODY,
        captions=[{"text": "A ferry.", "credit": "Bo Roe"}], extra={"take_key": "1st Ld", "tagline": "ar/br"},
    )  # fmt: skip
    cleaned = row(item)
    assert (cleaned["dateline_city"], cleaned["dateline_country"], cleaned["body"]) == ("Bergen", "NO", BODY)


@pytest.mark.parametrize("version", ['version="-//IPTC//DTD NITF 3.4//EN"', 'xmlns="http://iptc.org/std/NITF/2006-10-18/"', ""])
@pytest.mark.parametrize(
    "prolog", ["", '<!DOCTYPE nitf SYSTEM "nitf-3-5.dtd">', '<!DOCTYPE nitf PUBLIC "-//IPTC//DTD NITF 3.2//EN" "x" []>']
)
def test_every_version_with_and_without_namespace(version: str, prolog: str) -> None:
    (item,) = items(nitf(root=version).replace('<?xml version="1.0"?>', prolog), "nitf")
    assert (item.body, item.versioncreated) == (BODY, utc(2024, 6, 19, 8))


@pytest.mark.parametrize("status", ["usable", "withheld", "canceled"])
def test_statuses(status: str) -> None:
    assert read(status=f'management-status="{status}"').pubstatus == status


@pytest.mark.parametrize(
    ("release", "status", "wanted", "at", "kept"),
    [
        ("", "", "usable", None, None),
        ("20240619T100000+0200", "", "usable", None, None),
        ("20240101T000000Z", "", "usable", None, None),  # before the issue
        ("20990101T000000Z", "", "usable", utc(2099, 1, 1), None),
        ("YYYYMMDD000000-HHMM", "", "usable", None, None),  # a pattern that nobody filled in
        ("after the vote", "", "withheld", None, "after the vote"),
        ("20990101T000000Z", "embargoed", "usable", utc(2099, 1, 1), None),
        ("", "embargoed", "withheld", None, None),
        ("20990101T000000Z", "canceled", "canceled", utc(2099, 1, 1), None),
    ],
)
def test_a_release_after_the_issue_is_an_embargo(release: str, status: str, wanted: str, at: Any, kept: str | None) -> None:
    item = read(f'{ISSUE}<date.release norm="{release}"/>', status=f'management-status="{status}"' if status else "")
    assert (item.pubstatus, item.embargoed, item.extra.get("embargoed")) == (wanted, at, kept)


def test_a_release_without_an_issue_is_an_embargo() -> None:
    assert read('<date.release norm="20990101T000000Z"/>').embargoed == utc(2099, 1, 1)


def test_notes_within_the_content_are_notes() -> None:
    note = "<note noteclass='editorsnote'><body.content><p>Desk: Anna Roe, +47 5550 1234</p></body.content></note>"
    item = read(f'{ISSUE}<ed-msg info="Pictures to follow"/>', "<note>At once</note>", f"<p>{LEDE}</p>{note}<p>{SECOND}</p>")
    assert (item.body, item.ednote) == (BODY, "Pictures to follow\nAt once\nDesk: Anna Roe, +47 5550 1234")


def test_a_second_headline_within_the_content_is_a_crosshead() -> None:
    found = row(read(content=f"<p>{LEDE}</p><hl2>The boats</hl2><p>{SECOND}</p>"))
    assert (found["body"], [each["role"] for each in found["paragraphs"]]) == (BODY, ["lede", "crosshead", "body"])


def test_a_correction_names_what_it_corrects() -> None:
    item = read(f'{ISSUE}<correction info="Day of the opening" id-string="INS76"/>')
    assert (item.signal, item.ednote, item.extra) == ("correction", "Day of the opening", {"corrects": "INS76"})


def test_moments_without_a_zone_are_the_agencys() -> None:
    item = read('<doc-id regsrc="AAP" id-string="1"/><date.issue norm="20240619T100000"/>')
    assert (item.provider, item.published) == ("AAP", When(utc(2024, 6, 19)))


@pytest.mark.parametrize(
    ("dateline", "wanted", "country"),
    [
        ("<dateline>BERGEN, June 19 (INS) -</dateline>", "BERGEN, June 19 (INS) -", None),
        ("<dateline><location><city>Bergen</city><country>Norway</country></location></dateline>", "Bergen, Norway", "NO"),
        ("<dateline><location>Bergen</location><story.date norm='20240619'>20240619T100000</story.date></dateline>", "Bergen", None),
        ("<dateline/>", None, None),
    ],
)
def test_datelines(dateline: str, wanted: str | None, country: str | None) -> None:
    item = read(top=dateline)
    assert (item.dateline, item.located_country) == (wanted, country)


def test_notes_to_editors_are_not_in_the_body() -> None:
    item = read(top="<note noteclass='editorsnote'><body.content><p>Desk +47 5550</p></body.content></note>")
    assert (item.ednote, item.body) == ("Desk +47 5550", BODY)


def test_enriched_text_is_one_line() -> None:
    item = read(
        content="<p>The <org>port office</org> of <location><city>Bergen</city></location> said<br/>no, <person>Anna Roe</person>.</p>"
    )
    assert item.body == "The port office of Bergen said\nno, Anna Roe."


def test_a_body_without_a_head() -> None:
    (item,) = items(f"<nitf><body><p>{LEDE}</p></body></nitf>", "nitf")
    assert (item.body, item.guid, item.pubstatus) == (LEDE, None, "usable")


@pytest.mark.parametrize("text", ["<nitf/>", "<nitf><x/></nitf>"])
def test_neither_head_nor_body_is_refused(text: str) -> None:
    assert refusal(text) == "missing_part"


SAMPLE = nitf(
    f'<doc-id id-string="1"/>{ISSUE}<date.release norm="20990101"/><evloc iso-cc="NO"/><key-list><keyword key="k"/></key-list>',
    "<hedline><hl1>H</hl1></hedline><byline>By <person>A</person> B</byline><dateline><location>Oslo</location></dateline>",
    f"{CONTENT}<media><media-caption>c</media-caption></media><table><tr><td>a</td></tr></table>",
    head='<tobject><tobject.subject tobject.subject.refnum="04000000"/></tobject>',
).encode()  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(damaged(SAMPLE))
def test_damaged_documents(data: bytes) -> None:
    check(data, FORMAT)
