import base64
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.text.formats.wire import BODY, LEDE, SECOND, check, damaged, items, refusal, row, utc
from transforms.text.formats.newsml_g2 import FORMAT
from transforms.text.parsed import Parsed, When

HTML = f"<p>{LEDE}</p><p>{SECOND}</p>"
XHTML = f"<inlineXML><html xmlns='http://www.w3.org/1999/xhtml'><head><title>T</title></head><body><p>{LEDE}</p><p>{SECOND}</p></body></html></inlineXML>"


def g2(
    meta: str = "", content: str = "", body: str = XHTML, *, name: str = "newsItem", rights: str = "", provider: str = 'literal="INS"',
    kind: str = "ninat:text", created: str = "2024-06-19T10:00:00+02:00", attributes: str = 'guid="urn:newsml:ins:1" version="3"',
    rest: str = "",
) -> str:  # fmt: skip
    return f"""<{name} xmlns="http://iptc.org/std/nar/2006-10-01/" {attributes}>{rights}
      <itemMeta><itemClass qcode="{kind}"/><provider {provider}/><versionCreated>{created}</versionCreated>{meta}</itemMeta>
      <contentMeta>{content}</contentMeta><contentSet>{body}</contentSet>{rest}</{name}>"""


def message(*inner: str) -> str:
    return f'<?xml version="1.0"?><newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><header/><itemSet>{"".join(inner)}</itemSet></newsMessage>'


def read(*args: Any, **kwargs: Any) -> Parsed:
    (item,) = items(g2(*args, **kwargs), "newsml-g2")
    return item


def test_every_field() -> None:
    item = read(
        """<firstCreated>2024-06-18T08:00:00Z</firstCreated><embargoed>2024-06-20T00:00:00Z</embargoed><pubStatus qcode="stat:usable"/>
        <signal qcode="sig:update"/><edNote>Desk: +47 5550 1234</edNote><service qcode="svc:w"><name>World</name></service>
        <title>t</title>""",
        """<urgency>2</urgency><located qcode="c:1"><name>Bergen</name><broader qcode="iso3166-1a3:NOR"/></located>
        <creditline>INS/AFP</creditline><by>Anna Roe</by><slugline>harbour-opens</slugline><dateline>BERGEN, June 19 (INS) -</dateline>
        <language tag="en-GB"/><genre qcode="genre:Current"><name>Current</name></genre><keyword>ferry</keyword><keyword>ice</keyword>
        <subject qcode="medtop:20000349"><name>water transport</name></subject><subject qcode="x:1"/>
        <headline>Harbour opens</headline><headline role="x:short">Short</headline>
        <description role="drol:summary">Ferries leave.</description>""",
        rights="""<rightsInfo><copyrightHolder literal="INS"/><copyrightNotice>(c) INS 2024</copyrightNotice>
        <usageTerms>Not for print.</usageTerms>
        </rightsInfo><rightsInfo><usageTerms>Not in Norway.</usageTerms></rightsInfo>""",
    )  # fmt: skip
    assert item == Parsed(
        format="newsml-g2", guid="urn:newsml:ins:1", version=3, provider="INS", signal="update", urgency=2, embargoed=utc(2024, 6, 20),
        headline="Harbour opens", deck="Ferries leave.", slugline="harbour-opens", byline="Anna Roe", creditline="INS/AFP",
        dateline="BERGEN, June 19 (INS) -", located="Bergen", located_country="NO", published=When(utc(2024, 6, 19, 8)),
        versioncreated=utc(2024, 6, 19, 8), firstcreated=utc(2024, 6, 18, 8), language="en-GB", genre="Current", keywords=["ferry", "ice"],
        subjects=[{"code": "medtop:20000349", "name": "water transport"}, {"code": "x:1", "name": None}], body=BODY,
        usageterms="Not for print.\nNot in Norway.", copyright="(c) INS 2024", ednote="Desk: +47 5550 1234",
        extra={"signals": ["sig:update"], "services": ["World"], "title": "t"},
    )  # fmt: skip
    cleaned = row(item)
    assert (cleaned["dateline_city"], cleaned["dateline_country"], cleaned["body"]) == ("Bergen", "NO", BODY)


@pytest.mark.parametrize(
    ("meta", "headline", "wanted"),
    [
        ('<edNote role="dpaednoterole:correctionshort">Aktualisierte Fassung mit Reaktion</edNote>', "h", "update"),
        ('<edNote role="dpaednoterole:correctionshort">Berichtigung: Tag</edNote>', "h", "correction"),
        ('<edNote role="dpaednoterole:correction">Reaktion ergänzt</edNote><edNote role="r:correctionshort">Aktualisierung</edNote>', "h",
         "update"),
        ('<signal qcode="sig:repeat"/><edNote role="dpaednoterole:correctionshort">Berichtigung</edNote>', "h", "repeat"),
        ('<signal qcode="house:x"/><edNote role="sttnote:public">Korjattu aiempaa uutista: päivä</edNote>', "h", "correction"),
        ('<edNote role="a:editorialnote">Aktualisierte Version bis 1900</edNote>', "h", None),
        ('<signal qcode="sig:update"/>', "CORRECTION ET MISE À JOUR - Le port ouvre", "correction"),
        ("", "CORRECTION - Harbour opens", "correction"),
        ("", "Correction of the harbour's depth begins", None),
    ],
)  # fmt: skip
def test_which_signal_counts(meta: str, headline: str, wanted: str | None) -> None:
    assert read(meta, f"<headline>{headline}</headline>").signal == wanted


def test_of_several_languages_that_of_the_content() -> None:
    def both(name: str, attributes: str = "") -> str:
        return f'<{name} {attributes} xml:lang="en">{name} en</{name}><{name} {attributes} xml:lang="de-AT">{name} de</{name}>'

    names = ("headline", "slugline", "by", "creditline")
    content = "".join(map(both, names)) + both("description", 'role="drol:summary"')
    item = read(content=f'<language tag="de"/>{content}')
    assert (item.headline, item.slugline, item.byline, item.creditline, item.deck) == (
        "headline de", "slugline de", "by de", "creditline de", "description de",
    )  # fmt: skip
    assert read(content=f'<language tag="fr"/>{content}').headline == "headline en"


DPA = """<inlineXML><html xmlns='http://www.w3.org/1999/xhtml'><body><header><h1>Hafen offen</h1><h3>Norwegen</h3></header>
  <section class='main'><p class='teaser'>{teaser}</p><p><span class='dateline'>Bergen (dpa) - </span>{lede}</p><p>{second}</p>
  <dnl-image ref='urn:p:1' caption='Eine Fähre.' creditline='Bo Roe/dpa'/><div class='INFOBOX'><h2>Der Hafen</h2><p>Zwei Becken.</p></div>
  </section></body></html></inlineXML>"""


@pytest.mark.parametrize("deck", ["", '<description role="drol:teaser">Fähren fahren.</description>'])
def test_dpas_teaser_kicker_box_and_pictures_are_no_running_text(deck: str) -> None:
    links = """<link residref="urn:p:1"><itemClass qcode="ninat:picture"/><title>Hafen</title></link>
      <link residref="urn:p:2"><itemClass qcode="ninat:picture"/><title>Kai</title></link>"""
    item = read(links, deck, DPA.format(teaser="Fähren fahren.", lede=LEDE, second=SECOND), provider='literal="dpa"')
    assert (item.body, item.deck, item.headline, item.dateline) == (BODY, "Fähren fahren.", "Hafen offen", "Bergen (dpa) -")
    assert (item.extra["kicker"], item.extra["infobox"]) == ("Norwegen", "Der Hafen\n\nZwei Becken.")
    assert item.captions == [{"text": "Eine Fähre.", "credit": "Bo Roe/dpa"}, {"text": "Kai", "credit": None}]


def test_a_teaser_that_the_description_does_not_repeat_is_kept() -> None:
    item = read(content='<description role="drol:summary">Kurz.</description>',
                body=DPA.format(teaser="Fähren fahren.", lede=LEDE, second=SECOND), provider='literal="dpa"')  # fmt: skip
    assert (item.deck, item.extra["teaser"]) == ("Kurz.", "Fähren fahren.")


@pytest.mark.parametrize("provider", ["TT", "INS"])
def test_tts_own_xml(provider: str) -> None:
    body = f"""<inlineXML><BODY xmlns=""><TEXT><VINJETT>Hamn</VINJETT><RUBRIK>Hamnen öppnar</RUBRIK><DAT><ORT>Visby</ORT><SOURCE>TT</SOURCE>
      </DAT><INGRESS><P>{LEDE}</P></INGRESS><BRODTEXT><CITAT>Vi väntade länge.</CITAT><MELLIS>Båtarna</MELLIS><P>{SECOND}</P></BRODTEXT>
      <BYLINE>Anna Roe/TT</BYLINE><BILD><BILDFIL>http://tt.example/1</BILDFIL><BILDTEXT><P>En färja.</P></BILDTEXT>
      <BILDSKAPARE>Bo Roe/TT</BILDSKAPARE></BILD></TEXT>
      <TEXT><RUBRIK>Fakta: Hamnen</RUBRIK><BRODTEXT><P>Den har två bassänger.</P></BRODTEXT></TEXT></BODY></inlineXML>"""
    item = read(body=body, provider=f'literal="{provider}"')
    assert (item.headline, item.byline, item.located) == ("Hamnen öppnar", "Anna Roe/TT", "Visby")
    assert (item.extra["source"], item.extra["vignette"]) == ("TT", "Hamn")
    assert item.captions == [{"text": "En färja.", "credit": "Bo Roe/TT"}]
    found = row(item)
    assert found["body"] == f"{LEDE}\n\n– Vi väntade länge.\n\n{SECOND}\n\nDen har två bassänger."
    assert [each["text"] for each in found["paragraphs"] if each["role"] == "crosshead"] == ["Båtarna", "Fakta: Hamnen"]


@pytest.mark.parametrize("note", ["<ednote>Desk +47 5550</ednote>", "<p class='x ednote'>Desk +47 5550</p>"])
def test_notes_within_other_vocabularies_are_notes(note: str) -> None:
    item = read(body=f"<inlineXML><story><p>{LEDE}</p>{note}<p>{SECOND}</p></story></inlineXML>")
    assert (item.body, item.ednote) == (BODY, "Desk +47 5550")


def test_rows_of_a_table_are_a_paragraph_each_with_their_empty_cells() -> None:
    table = "<table><tr><th/><th>Boats</th><th>Crew</th></tr><tr><td>Island</td><td/><td>12</td></tr></table>"
    found = row(read(content="<headline>h</headline>", body=f"<inlineXML><div><p>{LEDE}</p>{table}<p>{SECOND}</p></div></inlineXML>"))
    assert found["body"].split("\n\n") == [LEDE, "| Boats | Crew", "Island | | 12", SECOND]


@pytest.mark.parametrize("status", ["withheld", "canceled", "usable"])
@pytest.mark.parametrize("form", ['qcode="stat:{}"', 'uri="http://cv.iptc.org/newscodes/pubstatusg2/{}"'])
def test_statuses(status: str, form: str) -> None:
    assert read(f"<pubStatus {form.format(status)}/>").pubstatus == status


@pytest.mark.parametrize(
    ("embargo", "status", "at", "kept"),
    [
        ("", "usable", None, None),
        ("<embargoed/>", "withheld", None, None),
        ("<embargoed> </embargoed>", "withheld", None, None),
        ("<embargoed>tonight</embargoed>", "withheld", None, "tonight"),
        ("<embargoed>2099-01-01T00:00:00+01:00</embargoed>", "usable", utc(2098, 12, 31, 23), None),
    ],
)
def test_embargoes(embargo: str, status: str, at: Any, kept: str | None) -> None:
    item = read(embargo)
    assert (item.pubstatus, item.embargoed, item.extra.get("embargoed")) == (status, at, kept)
    assert (row(item)["pubstatus"], row(item)["embargoed"]) == (status, at)


def test_moments_without_a_zone_are_the_agencys() -> None:
    item = read("<firstCreated>2024-01-01T12:00:00</firstCreated>", provider='qcode="nprov:STT"', created="2024-06-19T10:00:00")
    assert (item.provider, item.versioncreated, item.firstcreated) == ("STT", utc(2024, 6, 19, 7), utc(2024, 1, 1, 10))


def test_an_empty_version_date_leaves_the_content_to_date_the_item() -> None:
    item = read(content="<contentModified>2024-06-19T12:00:00Z</contentModified>", created="")
    assert item.versioncreated == utc(2024, 6, 19, 12)


@pytest.mark.parametrize(
    ("place", "country"),
    [
        ('<located qcode="iso3166-1a2:NO"><name>Norway</name></located>', "NO"),
        ('<located literal="Bergen"><broader qcode="iso3166-1a2:NO"/></located>', "NO"),
        ('<located><name>Bergen</name><sameAs qcode="iso3166-2:NO-46"/></located>', "NO"),
        ('<located><name>Bergen</name><broader><name>Vestland</name></broader><broader><name>Norway</name></broader></located>', "NO"),
        ('<located qcode="c:1"><name>Bergen</name></located>', None),
    ],
)  # fmt: skip
def test_the_country_of_the_place(place: str, country: str | None) -> None:
    assert read(content=place).located_country == country


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        (f"<inlineData>{BODY}</inlineData>", BODY),
        (f"<inlineData rendition='rnd:headline'>No</inlineData><inlineData rendition='rnd:text'>{BODY}</inlineData>", BODY),
        ("<inlineData encoding='base64'>AAAA</inlineData>", ""),
        ("<inlineData encoding='base64' contenttype='image/png'>AAAA</inlineData>", ""),
        ("<inlineData encoding='base64' contenttype='text/plain'>?!</inlineData>", ""),
        (f"<inlineData encoding='base64' contenttype='text/plain'>{base64.b64encode(BODY.encode()).decode()}</inlineData>", BODY),
        (f"<inlineData encoding='encd:base64' contenttype='text/html'>{base64.b64encode(HTML.encode()).decode()}</inlineData>", BODY),
        (f"<inlineXML><nitf><body><body.content><p>{LEDE}</p></body.content></body></nitf></inlineXML>", LEDE),
        (f"<inlineXML><div><p>{LEDE}</p><p/></div></inlineXML>", LEDE),
        ("", ""),
    ],
)
def test_the_content_in_each_of_its_forms(body: str, wanted: str) -> None:
    assert read(body=body).body == wanted


def test_inline_nitf_fills_what_the_item_has_not() -> None:
    item = read(
        content="<headline>Harbour opens</headline>",
        body=f"""<inlineXML><nitf><body><body.head><hedline><hl1>Other</hl1><hl2>Ferries leave</hl2></hedline><byline>By Anna Roe</byline>
        <dateline><location>Bergen</location></dateline><note><p>Desk 5550</p></note></body.head><body.content><p>{LEDE}</p>
        <media><media-caption>A ferry.</media-caption><media-producer>Bo Roe</media-producer></media></body.content></body></nitf>
        </inlineXML>""",
    )
    assert (item.headline, item.deck, item.byline, item.dateline) == ("Harbour opens", "Ferries leave", "By Anna Roe", "Bergen")
    assert (item.ednote, item.body, item.captions) == ("Desk 5550", LEDE, [{"text": "A ferry.", "credit": "Bo Roe"}])


def test_dpas_header_notepad_and_dateline_are_not_in_the_body() -> None:
    item = read(
        '<edNote role="dpaednoterole:correctionshort">Corrects: day</edNote>',
        provider='literal="dpa"',
        body=f"""<inlineXML><html xmlns="http://www.w3.org/1999/xhtml"><body><div class="header"><h1>Hafen offen</h1></div>
        <section class="main">
        <p><span class="dateline">Bergen (dpa) - </span>{LEDE}</p></section><section class="notepad"><p>Kontakt +49 30 5550</p></section>
        </body></html></inlineXML>""",
    )
    assert (item.headline, item.dateline, item.body) == ("Hafen offen", "Bergen (dpa) -", LEDE)
    assert (item.signal, item.pubstatus, item.ednote) == ("correction", "usable", "Corrects: day")


def test_tts_own_vocabulary() -> None:
    item = read(
        provider='literal="TT"',
        body=f"""<inlineXML><text xmlns="http://tt.se"><rubrik>Hamnen öppen</rubrik><dat>Bergen</dat><ingress>{LEDE}</ingress>
        <brodtext><p>{SECOND}</p><citat>- Vi är glada, sade hon.</citat></brodtext><byline>A Roe</byline></text></inlineXML>""",
    )
    assert (item.headline, item.body) == ("Hamnen öppen", f"{BODY}\n\n– Vi är glada, sade hon.")


def test_captions_of_pictures_that_go_with_a_text() -> None:
    item = read('<link rel="irel:seeAlso" href="p1"><itemClass qcode="ninat:picture"/><title>A ferry.</title></link><link href="t1"/>')
    assert item.captions == [{"text": "A ferry.", "credit": None}]
    assert item.extra["links"] == ["p1", "t1"]


@pytest.mark.parametrize(
    ("name", "kind", "wanted"),
    [("newsItem", "ninat:picture", "picture"), ("newsItem", "http://cv.iptc.org/newscodes/ninature/video", "video"),
     ("newsItem", "ninat:graphic", "graphic"), ("newsItem", "ninat:audio", "audio"), ("newsItem", "ninat:composite", "composite"),
     ("packageItem", "ninat:composite", "package"), ("conceptItem", "cinat:concept", "scheme"), ("knowledgeItem", "cinat:scheme", "scheme"),
     ("planningItem", "plinat:newscoverage", "planning"), ("newsItem", "house:article", "text")],
)  # fmt: skip
def test_kinds(name: str, kind: str, wanted: str) -> None:
    assert read(name=name, kind=kind).item_kind == wanted


def test_a_concept_with_a_time_is_an_event() -> None:
    concept = "<concept><name>Harbour feast</name>{}</concept>"
    event = read(name="conceptItem", rest=concept.format("<eventDetails/>"))
    person = read(name="conceptItem", rest=concept.format(""))
    assert [(each.item_kind, each.headline) for each in (event, person)] == [("event", "Harbour feast"), ("scheme", "Harbour feast")]


def test_a_message_of_many_items() -> None:
    bad = g2(attributes='guid="urn:bad"', created="yesterday")
    picture = g2('<pubStatus qcode="stat:usable"/>', kind="ninat:picture", attributes='guid="urn:picture"')
    found = items(message(g2(), picture, bad, g2(attributes='guid="urn:newsml:ins:2"')), "newsml-g2")
    assert [(each.guid, each.item_kind, bool(each.refused)) for each in found] == [
        ("urn:newsml:ins:1", "text", False), ("urn:picture", "picture", False), ("urn:bad", "text", True), ("urn:newsml:ins:2", "text",
        False),
    ]  # fmt: skip
    assert [each.payload and each.payload.count(b"<itemMeta>") for each in found] == [None, 1, 1, None]
    assert b"urn:picture" in (found[1].payload or b"")
    assert found[2].refused == ("bad_field", "versionCreated is no date and time: 'yesterday'")
    assert found[3].body == BODY


def test_a_single_item_keeps_the_whole_input() -> None:
    assert read(kind="ninat:picture").payload is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (g2(attributes=""), "missing_part"),
        (g2(attributes='guid=" "'), "missing_part"),
        ("<newsItem guid='g'/>", "missing_part"),
        (g2().replace('<itemClass qcode="ninat:text"/>', ""), "missing_part"),
        (g2().replace('<provider literal="INS"/>', ""), "missing_part"),
        (g2().replace("<versionCreated>2024-06-19T10:00:00+02:00</versionCreated>", ""), "missing_part"),
        (g2(created="19.06.2024"), "bad_field"),
        (message(), "empty"),
        (message("<other/>"), "empty"),
    ],
)
def test_what_the_standard_requires(text: str, reason: str) -> None:
    assert refusal(text) == reason


@pytest.mark.parametrize(
    ("groups", "reason"),
    [
        ('<groupSet root="a"><group id="a"/></groupSet>', None),
        ('<groupSet root="a"><group id="a"><groupRef idref="b"/></group><group id="b"/></groupSet>', None),
        ('<groupSet root="x"><group id="a"/></groupSet>', "bad_reference"),
        ('<groupSet root="a"><group id="a"><groupRef idref="b"/></group></groupSet>', "bad_reference"),
        ('<groupSet root="a"><group id="a"/><group id="a"/></groupSet>', "bad_reference"),
    ],
)
def test_a_packages_groups(groups: str, reason: str | None) -> None:
    text = g2(name="packageItem", rest=groups)
    assert (refusal(text) if reason else items(text, "newsml-g2")[0].item_kind) == (reason or "package")


SAMPLE = message(
    g2("<embargoed/><edNote>n</edNote>", '<urgency>2</urgency><located><name>Oslo</name></located><headline>H</headline>'),
    g2(kind="ninat:picture"),
    g2(provider='literal="dpa"',
    body=f'<inlineXML><nitf><body><body.head><hedline><hl1>A</hl1></hedline></body.head><body.content><p>{LEDE}</p></body.content></body></nitf></inlineXML>'),
).encode()  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(st.one_of(damaged(SAMPLE), damaged(g2().encode())))
def test_damaged_documents(data: bytes) -> None:
    check(data, FORMAT)
