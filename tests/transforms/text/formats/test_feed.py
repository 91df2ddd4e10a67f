"""Feeds: what each field is taken from, one item an entry, and that any bytes end as items or refused."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.text.formats import feed, parse, sniff
from transforms.text.formats.document import Document
from transforms.text.formats.feed_reading import read_feed
from transforms.text.parsed import Parsed, RefusedError, When

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:media="http://search.yahoo.com/mrss/"><channel><title>The Lumen Post</title><language>en-gb</language>
<copyright>(c) The Lumen Post</copyright>{}</channel></rss>"""

FULL = """<item><title>Port Lumen &amp; its harbour</title><link>https://example.org/port</link><guid isPermaLink="false">port-1</guid>
<description>&lt;p&gt;Ships are back.&lt;/p&gt;</description>
<content:encoded><![CDATA[<p>The harbour opened again on Tuesday.</p><p>Ferries run&nbsp;hourly.<br>From the old quay.</p>
<script>x()</script>]]></content:encoded>
<pubDate>Tue, 05 Mar 2024 10:00:00 EST</pubDate><author>nora@example.org (Nora Lind)</author><dc:creator>AFP</dc:creator>
<category>Islands</category><category domain="x">Ports</category>
<media:content url="https://example.org/wall.jpg" medium="image">
<media:description>The wall at noon</media:description>
<media:credit>Ole Dahl</media:credit></media:content><enclosure url="https://example.org/ferry.mp3" type="audio/mpeg" length="3"/></item>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>Hafenblatt</title><rights>(c) Hafenblatt</rights>
<author><name>Redaktion</name></author>
<entry xml:lang="fr"><id>urn:port:1</id><title type="html">Le port &lt;b&gt;rouvre&lt;/b&gt;</title>
<summary>Les bateaux sont de retour.</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">
<p>Le port a rouvert mardi.</p><p>Onze semaines de travaux.</p></div></content>
<published>2024-03-05T10:00:00+01:00</published><updated>2024-03-05T12:00:00+01:00</updated>
<link rel="alternate" href="https://example.org/le-port"/><category term="ports" label="Les ports"/></entry></feed>"""

RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://example.org/"><title>The Lumen Post</title></channel><item rdf:about="https://example.org/1"><title>One</title>
<link>https://example.org/1</link><description>The first.</description><dc:date>2024-03-05</dc:date></item></rdf:RDF>"""


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)  # type: ignore[arg-type,misc]


def entry(inner: str) -> Parsed:
    (found,) = read_feed(RSS.format(f"<item>{inner}</item>").encode())
    return found


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (RSS, "feed"), (ATOM, "feed"), (RDF, "feed"), ("<rss/>", "feed"), ("\n<!-- x --><rss version='0.91'><channel/></rss>", "feed"),
        ("<RDF xmlns='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><Thing/></RDF>", "text"), ("<feed><animal/></feed>", "text"),
        ("<html><body><rss></rss></body></html>", "html"),
    ],
)  # fmt: skip
def test_feeds_are_known_by_their_root(data: str, wanted: str) -> None:
    assert sniff(Document(data.encode(), "a.html")).name == wanted


def test_rss_with_all_it_may_have() -> None:
    (found,) = parse(RSS.format(FULL).encode())
    assert found == Parsed(
        format="feed", guid="port-1", headline="Port Lumen & its harbour", deck="Ships are back.",
        body="The harbour opened again on Tuesday.\n\nFerries run\xa0hourly.\nFrom the old quay.", byline="Nora Lind", creditline="AFP",
        published=When(utc(2024, 3, 5, 15)), language="en-gb", keywords=["Islands", "Ports"], copyright="(c) The Lumen Post",
        captions=[{"text": "The wall at noon", "credit": "Ole Dahl"}],
        extra={
            "url": "https://example.org/port", "publisher": "The Lumen Post",
            "enclosures": ["https://example.org/ferry.mp3", "https://example.org/wall.jpg"],
        },
    )  # fmt: skip


def test_atom_with_all_it_may_have() -> None:
    (found,) = parse(ATOM.encode())
    assert found == Parsed(
        format="feed", guid="urn:port:1", headline="Le port <b>rouvre</b>", deck="Les bateaux sont de retour.",
        body="Le port a rouvert mardi.\n\nOnze semaines de travaux.", byline="Redaktion", published=When(utc(2024, 3, 5, 9)),
        versioncreated=utc(2024, 3, 5, 11), language="fr", keywords=["Les ports"], copyright="(c) Hafenblatt",
        extra={"url": "https://example.org/le-port", "publisher": "Hafenblatt"},
    )  # fmt: skip


def test_rss_1_0() -> None:
    (found,) = parse(RDF.encode())
    assert (found.guid, found.headline, found.body) == ("https://example.org/1", "One", "The first.")
    assert found.published == When(utc(2024, 3, 5), "day")


def test_an_entry_is_an_item_and_one_without_words_is_refused() -> None:
    found = parse(
        RSS.format("<item><title>One</title></item><item><link>https://example.org/2</link></item><item><title>3</title></item>").encode()
    )
    assert [each.headline for each in found] == ["One", None, "3"]
    assert [each.refused and each.refused[0] for each in found] == [None, "empty", None]


def test_a_teaser_is_the_text_where_there_is_no_other() -> None:
    found = entry("<title>One</title><description>Ships are back. [...]</description>")
    assert (found.body, found.deck) == ("Ships are back. [...]", None)


def test_a_summary_that_begins_the_text_is_no_deck() -> None:
    text = "The harbour opened again on Tuesday after eleven weeks of repairs to its wall."
    found = entry(f"<title>One</title><description>{text[:60]}</description><content:encoded>&lt;p&gt;{text}&lt;/p&gt;</content:encoded>")
    assert (found.body, found.deck) == (text, None)


def test_the_link_serves_as_guid_where_there_is_none() -> None:
    assert entry("<title>One</title><link>https://example.org/1</link>").guid == "https://example.org/1"


@pytest.mark.parametrize("text", ["", "soon", "Tue, 99 Foo 2024 10:00:00 GMT", "0000-00-00T00:00:00Z"])
def test_a_date_that_is_none_is_passed_over(text: str) -> None:
    assert entry(f"<title>One</title><pubDate>{text}</pubDate>").published is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16", "cp1252"])
@pytest.mark.parametrize("declared", ["utf-8", "iso-8859-1", "us-ascii", "no-such-code"])
def test_a_wrong_declaration_does_not_spoil_the_text(encoding: str, declared: str) -> None:
    text = RSS.replace("utf-8", declared).format("<item><title>Müller fährt über die Brücke nach Zürich</title></item>")
    (found,) = read_feed(text.encode(encoding))
    assert found.headline == "Müller fährt über die Brücke nach Zürich"


def test_what_is_not_well_formed_is_read_all_the_same() -> None:
    found = read_feed(
        RSS.format(
            "<item><title>One & two&nbsp;three</title><description>x < y</description></item><item><title>Next</title></item>"
        ).encode()
    )
    assert [each.headline for each in found] == ["One & two three", "Next"]


def test_entities_of_a_document_type_are_not_expanded() -> None:
    bomb = '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/hostname">]>'
    (found,) = read_feed(f"<?xml version='1.0'?>{bomb}<rss><channel><item><title>One &b; &f;</title></item></channel></rss>".encode())
    assert found.headline is not None
    assert found.headline.startswith("One")
    assert len(found.headline) < 20


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<rss>", "empty"), (RSS.format("").encode(), "empty"), (b"<rss>" + b" " * feed.MAX_FEED_BYTES, "too_large"),
        (b"<rss>" + bytes(range(1, 32)) * 200, "binary"), (b"<rss>http://127.0.0.1:9/feed", "empty"), (b"<rss/>/etc/hostname", "empty"),
    ],
)  # fmt: skip
def test_what_holds_no_entry_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(RefusedError) as refused:
        feed.parse_feed(Document(data))
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    "inner", ["<item>" * 20_000, "<item><title>" + "<b>" * 30_000, "<![CDATA[" * 20_000, "<" * 50_000, "&a" * 50_000, "<!--" * 20_000]
)
def test_hostile_feeds_end_as_items_or_refused(inner: str) -> None:
    try:
        assert feed.parse_feed(Document(b"<rss><channel>" + inner.encode()))
    except RefusedError as error:
        assert error.reason in ("empty", "too_slow", "unreadable")  # noqa: PT017


def test_a_feed_cut_anywhere_is_items_or_refused() -> None:
    data = RSS.format(FULL * 2).encode()
    for end in range(5, len(data), 61):
        try:
            assert read_feed(data[:end])
        except RefusedError as error:
            assert error.reason == "empty"  # noqa: PT017


PIECES = st.sampled_from(
    [
        "<item>", "</item>", "<title>", "</title>", "<entry>", "<content type='xhtml'>", "<description>", "</description>",
        "<![CDATA[", "]]>", "<p>",
        "&lt;p&gt;", "&nbsp;", "&", "<", "\0", "é", "<guid>", "<pubDate>", "2024-13-01", "<author><name>", "<media:content url='",
        "'/>", "<link href='//",
        "The harbour opened again.", "<dc:date>", "<!--", "<?x ?>", "<!DOCTYPE x [", "]>",
    ]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    st.lists(PIECES, max_size=30), st.binary(max_size=20), st.sampled_from(["<rss><channel>", "<feed xmlns='http://www.w3.org/2005/Atom'>"])
)
def test_any_feed_is_items_or_refused(pieces: list[str], tail: bytes, start: str) -> None:
    try:
        found = feed.parse_feed(Document(start.encode() + "".join(pieces).encode() + tail))
    except RefusedError as error:
        assert error.reason in ("empty", "binary", "not_text")  # noqa: PT017
    else:
        assert found
        assert all(each.refused or each.body or each.headline for each in found)
