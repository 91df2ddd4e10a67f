"""HTML pages: what each field is taken from, what is no running text, and that any bytes end as an item or refused."""

import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.text.formats import page, parse, sniff
from transforms.text.formats.document import Document
from transforms.text.formats.page_reading import read_page
from transforms.text.parsed import Parsed, RefusedError, When

SENTENCES = (
    "The harbour of Port Lumen opened again on Tuesday after eleven weeks of repairs to its northern wall.",
    "Engineers had worked in three shifts since the storm of August, the port office said in a statement.",
    "Ferries to the islands will run every two hours until the end of the month, and every hour from then on.",
    "The mayor, Ida Brandt, said the town had lost nine million crowns while the quays were closed to ships.",
    "A second wall is to be built next year further out, where the water is some fourteen metres deep.",
)
PARAGRAPHS = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
BODY = "\n\n".join(SENTENCES)


def html(body: str = f"<article><h1>Port Lumen opens again</h1>{PARAGRAPHS}</article>", head: str = "", lang: str = "en") -> bytes:
    return f'<!DOCTYPE html>\n<html lang="{lang}"><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'.encode()


def linked(**fields: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@context": "https://schema.org", "@type": "NewsArticle"} | fields)}</script>'


def item(data: bytes, charset: str | None = None, url: str | None = None) -> Parsed:
    """In this process: what goes on in the other one is tested with `web_pool`."""
    (found,) = read_page(data, charset, url)
    return found


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)  # type: ignore[arg-type,misc]


# ------------------------------------------------------------------------------------------------------------------- sniffing


@pytest.mark.parametrize(
    "start",
    [
        "<!DOCTYPE html><html>", "<html lang='en'>", "\ufeff\n <HTML>",
        "<!-- by hand --><!doctype HTML PUBLIC '-//W3C//DTD HTML 4.01//EN'><html>",
        "<?xml version='1.0' encoding='utf-8'?>\n<!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0 Strict//EN' 'http://x'>\n<html xmlns='http://x'>",
        "<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'>",
    ],
)  # fmt: skip
def test_pages_are_known_by_their_start(start: str) -> None:
    assert sniff(Document(start.encode(), "a.txt")).name == "html"
    assert sniff(Document(start.lstrip("\ufeff").encode("utf-16"), "a.txt")).name == "html"


@pytest.mark.parametrize(
    "start", ["<rss><channel/></rss>", "<nitf><head/></nitf>", "Some <html> in a text", "<htmlx>", "", "<div>no page</div>"]
)
def test_what_is_no_page_is_not_taken_for_one(start: str) -> None:
    assert not page.is_page(Document(start.encode(), "a.html"))


# --------------------------------------------------------------------------------------------------------------------- fields


def test_linked_data_gives_the_fields() -> None:
    script = linked(
        headline="Port Lumen opens again", alternativeHeadline="Harbour", datePublished="2024-03-05T10:00:00+01:00",
        dateModified="2024-03-05T12:30:00+01:00", dateCreated="2024-03-05T08:00:00+01:00",
        author=[{"@type": "Person", "name": "By Nora Lind"}, {"@type": "Person", "name": "Ole Dahl"}], articleSection="Islands",
        keywords=["harbour", "repairs"], inLanguage="en-GB", publisher={"@type": "Organization", "name": "The Lumen Post"},
        description="Eleven weeks after the storm, ships are back.", url="https://example.org/islands/port", dateline="PORT LUMEN, March 5",
        contentLocation={"name": "Port Lumen"}, license="https://example.org/terms", genre="News",
    )  # fmt: skip
    assert item(html(head=script)) == Parsed(
        format="html", guid="https://example.org/islands/port", body=BODY, headline="Port Lumen opens again",
        deck="Eleven weeks after the storm, ships are back.",
        byline="Nora Lind, Ole Dahl", published=When(utc(2024, 3, 5, 9)), versioncreated=utc(2024, 3, 5, 11, 30),
        firstcreated=utc(2024, 3, 5, 7), language="en-GB", keywords=["harbour", "repairs"], dateline="PORT LUMEN, March 5",
        located="Port Lumen", usageterms="https://example.org/terms", genre="News",
        extra={"url": "https://example.org/islands/port", "publisher": "The Lumen Post", "section": "Islands"},
    )  # fmt: skip


def test_meta_elements_give_what_no_linked_data_has() -> None:
    metas = {
        "og:title": "Port Lumen opens again | The Lumen Post", "og:site_name": "The Lumen Post", "og:url": "https://example.org/port",
        "article:published_time": "2024-03-05T10:00:00Z", "article:modified_time": "2024-03-06T10:00:00Z", "article:section": "Islands",
        "og:description": "Ships are back.", "news_keywords": "harbour, repairs; ferries", "author": "Nora Lind",
        "copyright": "© 2024 The Post",
    }  # fmt: skip
    head = "".join(f'<meta property="{name}" content="{value}">' for name, value in metas.items())
    found = item(html(head=head))
    assert (found.headline, found.deck, found.byline) == ("Port Lumen opens again", "Ships are back.", "Nora Lind")
    assert (found.published, found.versioncreated) == (When(utc(2024, 3, 5, 10)), utc(2024, 3, 6, 10))
    assert found.keywords == ["harbour", "repairs", "ferries"]
    assert found.copyright == "© 2024 The Post"
    assert found.extra == {"url": "https://example.org/port", "publisher": "The Lumen Post", "section": "Islands"}


def test_headings_and_marked_elements_give_what_nothing_else_has() -> None:
    body = (
        '<div class="header__date">1 April 2024</div><article><h1>Port Lumen opens again</h1>'
        '<div class="byline">By Nora Lind March 5, 2024</div>'
        f'<span class="publish-date">Published 10:02 AM GMT Mar 5, 2024</span>{PARAGRAPHS}</article>'
    )
    found = item(html(body, head="<title>Port Lumen opens again - Lumen Post</title>"))
    assert (found.headline, found.byline) == ("Port Lumen opens again", "Nora Lind")
    assert found.published == When(utc(2024, 3, 5, 10, 2), "minute")
    assert found.body == BODY


def test_the_heading_wins_over_titles_made_for_others() -> None:
    head = '<title>Lumen harbour: open again | Post</title><meta property="og:title" content="Harbour of Port Lumen opens again at last">'
    assert item(html(head=head)).headline == "Port Lumen opens again"


def test_a_heading_that_is_the_site_is_no_headline() -> None:
    body = f"<h1>The Lumen Post</h1><article><h2>Port Lumen opens again</h2>{PARAGRAPHS}</article>"
    head = '<meta property="og:site_name" content="The Lumen Post"><title>Port Lumen opens again – The Lumen Post</title>'
    assert item(html(body, head=head)).headline == "Port Lumen opens again"


def test_an_agency_that_is_the_author_is_the_credit() -> None:
    found = item(html(head=linked(headline="Port Lumen opens again", author={"@type": "Organization", "name": "AFP"})))
    assert (found.byline, found.creditline, found.provider) == (None, "AFP", None)


def test_an_agency_that_publishes_is_the_credit_and_the_site_is_the_publisher() -> None:
    head = '<meta property="og:site_name" content="The Lumen Post">' + linked(publisher={"name": "Associated Press"}, author="Nora Lind")
    found = item(html(head=head))
    assert (found.byline, found.creditline, found.extra["publisher"]) == ("Nora Lind", "Associated Press", "The Lumen Post")


def test_names_in_readers_comments_are_no_authors() -> None:
    body = f'<article><h1>Port Lumen opens again</h1>{PARAGRAPHS}</article><div class="comments"><span class="author">A Reader</span></div>'
    assert item(html(body)).byline is None


def test_a_language_that_came_with_the_template_is_not_believed() -> None:
    german = "<p>" + "Der Hafen ist am Dienstag nach elf Wochen wieder geöffnet worden, teilte die Verwaltung der Stadt mit. " * 4 + "</p>"
    (found,) = parse(html(f"<article><h1>Der Hafen ist offen</h1>{german}</article>", lang="en-US"))
    assert found.language == "de"


def test_what_the_server_said_is_kept_beside_what_the_page_says() -> None:
    head = '<link rel="canonical" href="https://example.org/port">'
    assert item(html(head=head), url="https://example.org/port?ref=1").extra == {
        "url": "https://example.org/port",
        "fetched_url": "https://example.org/port?ref=1",
    }
    assert item(html(), url="https://example.org/port").extra == {"url": "https://example.org/port"}
    assert item(html(head='<link rel="canonical" href="https://example.org/">')).extra == {}


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00Z", "1970-01-01", "soon", "", "99999-01-01"])
def test_a_date_before_the_web_is_none(text: str) -> None:
    assert item(html(head=linked(datePublished=text))).published is None


# --------------------------------------------------------------------------------------------------------------- running text


def page_with(extra: str) -> str:
    """The page's text with something put in before its last paragraph."""
    before = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES[:-1])
    return item(html(f"<main><article><h1>Port Lumen opens again</h1>{before}{extra}<p>{SENTENCES[-1]}</p></article></main>")).body


@pytest.mark.parametrize(
    "extra",
    [
        '<p>Related: <a href="/x">Storm breaks the northern wall of the port</a></p>',
        "<p><b>DON'T MISS</b></p><p><a href='/x'>Storm breaks the northern wall</a> [LOOK]<br><a href='/y'>Nine lost boats found</a></p>",
        '<figure><img src="a.jpg" alt="The new wall of the harbour"><figcaption>The new wall of the harbour at noon.</figcaption></figure>',
        '<div><img src="a.jpg" alt="The new wall at noon"><span>The new wall at noon</span></div>',
        '<div class="Newsletter"><h3>Morning letter</h3><h4>All of the islands in one letter, every day at six.</h4></div>',
        "<script>var text = 'not the story';</script><style>p { color: red }</style>",
        '<div style="display:none"><p>What nobody sees on this page, whatever it may say to machines.</p></div>',
        "<p>Advertisement</p>",
    ],
)
def test_what_the_page_adds_is_no_text(extra: str) -> None:
    assert page_with(extra) == BODY


def test_words_of_a_sentence_stay_whatever_their_element_is_called() -> None:
    sentence = (
        'The office said that <span class="link"><a class="share" href="/x">the wall will hold</a></span> for a hundred years and more.'
    )
    assert "The office said that the wall will hold for a hundred years and more." in page_with(f"<p>{sentence}</p>")


def test_a_card_over_a_word_is_no_part_of_the_sentence() -> None:
    card = '<span class="rollover-card"><img src="x.jpg"><a href="/1">Ida Brandt in pictures</a> <a href="/2">Her first year</a></span>'
    found = page_with(
        f'<p>The speech of <span class="rollover"><a href="/b">Ida Brandt</a>{card}</span> was heard by two thousand people.</p>'
    )
    assert "The speech of Ida Brandt was heard by two thousand people." in found


def test_an_article_cut_into_boxes_is_read_whole() -> None:
    box = '<div class="grid"><div class="article__body"><p>{}</p></div></div>'
    parts = [" ".join(f"{sentence} ({number})" for sentence in SENTENCES) for number in range(3)]
    body = "<h1>Port Lumen opens again</h1>" + '<div class="ad">Advertisement</div>'.join(box.format(part) for part in parts)
    assert item(html(f"<main>{body}</main>")).body.split("\n\n") == parts


def test_stories_below_each_other_are_not_joined() -> None:
    post = '<div class="post"><h2>{}</h2><div class="entry-content">{}</div></div>'
    others = "".join(f"<p>{sentence.replace('harbour', 'theatre').replace('Ferries', 'Plays')}</p>" for sentence in SENTENCES)
    body = f"<h1>Port Lumen opens again</h1>{post.format('Harbour', PARAGRAPHS)}{post.format('Stage', others)}"
    assert item(html(f"<main>{body}</main>")).body.count("The mayor, Ida Brandt") == 1


def test_a_list_of_links_at_the_end_is_left_out_and_a_list_in_the_text_is_not() -> None:
    items = "".join(f"<li>Ferry {number} leaves at {number} o'clock from the old quay of the town</li>" for number in range(1, 5))
    links = "".join(f'<li>How we saw it: <a href="/{number}">the year {number} in the town</a></li>' for number in range(2020, 2024))
    text = f"{PARAGRAPHS}<ul>{items}</ul><p>{SENTENCES[0]}</p><h3>More reading</h3><ul>{links}</ul>"
    found = item(html(f"<article><h1>Port Lumen opens again</h1>{text}</article>")).body
    assert "Ferry 3 leaves" in found
    assert found.endswith(SENTENCES[0])


def test_the_description_is_a_deck_or_the_lede_and_never_both() -> None:
    described = f'<meta name="description" content="{SENTENCES[0]}">'
    found = item(html(head=described))
    assert (found.deck, found.body) == (None, BODY)
    body = f"<article><h1>Port Lumen opens again</h1><h2>Ships are back after eleven long weeks</h2>{PARAGRAPHS}</article>"
    found = item(html(body, head='<meta name="description" content="Ships are back after eleven long weeks">'))
    assert (found.deck, found.body) == ("Ships are back after eleven long weeks", BODY)


def test_captions_of_the_article_are_kept() -> None:
    figure = "<figure><img src='a.jpg'><figcaption>The new wall of the harbour at noon.</figcaption></figure>"
    linked_figure = "<a href='/x'><figure><figcaption>Another story of this site altogether</figcaption></figure></a>"
    found = item(html(f"<article><h1>Port Lumen opens again</h1>{figure}{PARAGRAPHS}{linked_figure}</article>"))
    assert found.captions == [{"text": "The new wall of the harbour at noon.", "credit": None}]


def test_the_text_in_the_linked_data_serves_where_the_page_has_next_to_none() -> None:
    found = item(html("<h1>Port Lumen opens again</h1><p>Loading the story.</p>", head=linked(articleBody=BODY)))
    assert found.body == BODY


# ----------------------------------------------------------------------------------------------------------- broken and hostile


@pytest.mark.parametrize(
    "script",
    [
        '{"@type": "NewsArticle", "headline": "Port Lumen opens again", "author": {"name": "Nora Lind"},}',
        '<!-- {"@type": "NewsArticle", "author": {"name": "Nora Lind"}} -->',
        '//<![CDATA[\n{"@type": "NewsArticle", "author": {"name": "Nora Lind"}}\n//]]>',
        "{&quot;@type&quot;: &quot;NewsArticle&quot;, &quot;author&quot;: &quot;Nora Lind&quot;}",
        '[{"@type": "WebSite"}, {"@type": ["Article", "NewsArticle"], "author": [{"name": ["Nora Lind"]}]}]',
        '{"@graph": [{"@type": "Person", "@id": "#n", "name": "Nora Lind"}, {"@type": "NewsArticle", "author": {"@id": "#n"}}]}',
        '{"@type": "WebPage", "mainEntity": {"@type": "BlogPosting", "author": "Nora Lind"}}',
        '{"@type": "NewsArticle", "headline": "The "best" port", "author": {"@type": "Person", "name": "Nora Lind"}',
        '{"@type": "NewsArticle", "description": "two\nlines\tand a tab", "author": {"name": "Nora Lind"}}',
    ],
)
def test_linked_data_in_every_state_is_read(script: str) -> None:
    assert item(html(head=f'<script type="application/ld+json">{script}</script>')).byline == "Nora Lind"


def test_of_several_articles_the_page_s_own_counts() -> None:
    other = linked(headline="Storm breaks the wall", author="A Stranger", datePublished="2023-08-01")
    found = item(html(head=other + linked(headline="Port Lumen opens again", author="Nora Lind")))
    assert (found.byline, found.published) == ("Nora Lind", None)


@pytest.mark.parametrize(
    "value", [None, 7, [], {}, [[]], {"name": {}}, {"name": [[]]}, "", "https://example.org/people/1", [None, {"@id": "#x"}]]
)
def test_linked_data_of_wrong_types_is_passed_over(value: Any) -> None:
    names = "headline author publisher datePublished keywords description articleBody mainEntityOfPage inLanguage url".split()
    found = item(html(head=linked(**dict.fromkeys(names, value))))
    assert (found.byline, found.body) == (None, BODY)


@pytest.mark.parametrize(
    ("encoding", "declared", "charset"),
    [
        ("utf-8", "iso-8859-1", None), ("latin-1", "utf-8", None), ("cp1252", "", "windows-1252"), ("utf-16", "utf-8", None),
        ("utf-8-sig", "", "ascii"), ("koi8-r", "koi8-r", None), ("koi8-r", "", "koi8-r"),
    ],
)  # fmt: skip
def test_a_wrong_declaration_does_not_spoil_the_text(encoding: str, declared: str, charset: str | None) -> None:
    russian, german = (
        "Гавань снова открыта после ремонта, сообщила администрация.",
        "Der Café-Besitzer Jörg Äpfel fährt müde über die Brücke.",
    )
    sentence = russian if "koi" in encoding else german
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">' if declared else ""
    text = (
        f"<html><head>{meta}<title>x</title></head><body><article><h1>Offen</h1><p>{' '.join([sentence] * 6)}</p></article></body></html>"
    )
    assert item(text.encode(encoding), charset).body.startswith(sentence)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<html>", "empty"), (b"<html></html>", "empty"), (b"<html><body><h1>Only a heading</h1></body></html>", "empty"),
        (html("<p></p>" * 1000), "empty"), (b"<!doctype html>", "empty"), (b"<html>" + b" " * page.MAX_PAGE_BYTES, "too_large"),
        (b"<html>" + bytes(range(1, 32)) * 100 + b"\xff\xfe\x00", "binary"),
    ],
)  # fmt: skip
def test_what_holds_no_text_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(RefusedError) as refused:
        page.parse_page(data)
    assert refused.value.reason == reason


def test_a_page_cut_anywhere_is_an_item_or_refused() -> None:
    data = html(head=linked(headline="Port Lumen opens again", author="Nora Lind"))
    for end in range(0, len(data), 37):
        try:
            (found,) = read_page(data[:end], None, None)
        except RefusedError as error:
            assert error.reason == "empty"  # noqa: PT017
        else:
            assert BODY.startswith(found.body[:60])


@pytest.mark.parametrize(
    "data",
    [
        html("<div>" * 50_000 + PARAGRAPHS), html("<b><i>" * 30_000 + "x"), html("<p>" + "<a href=x>" * 30_000), html("<" * 200_000),
        html("<p>" + "&#x0;&#xD800;&#99999999;" * 1000 + PARAGRAPHS),
        html(head=f'<script type="application/ld+json">{"[" * 100_000}</script>'),
        b'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a "aaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><html><body><p>&b;</p></body></html>',
        html(head="<meta name=author content='" + "By " * 50_000 + "'>"), html(head=f"<title>{' | '.join('x' * 40_000)}</title>"),
    ],
    ids=["deep", "inline", "links", "brackets", "characters", "json", "entities", "bylines", "title"],
)  # fmt: skip
def test_hostile_pages_end_as_items_or_refused(data: bytes) -> None:
    try:
        found = page.parse_page(data)
    except RefusedError as error:
        assert error.reason in ("empty", "unreadable", "too_slow")  # noqa: PT017
    else:
        assert len(found) == 1


PIECES = st.sampled_from(
    [
        "<p>", "</p>", "<div class='share'>", "</div>", "<article>", "</article>", "<h1>", "</h1>", "<a href='x'>", "</a>", "<br>",
        "<li>", "<ul>",
        "<table>", "<tr><td>", "<span class='byline'>By ", "<time datetime='2024-13-45'>", '<script type="application/ld+json">',
        "</script>",
        '{"@type": "NewsArticle", "author": ', '"headline": "', "}", "<meta property='og:title' content='", "'>", "&amp;", "&", "<",
        "\0", "\x1b$B", "é",
        SENTENCES[0], SENTENCES[1], "<figcaption>", "<img alt='one two three four five'>", "<!--", "-->", "<![CDATA[", "\ud800",
    ]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=30), st.binary(max_size=20))
def test_any_page_is_an_item_or_refused(pieces: list[str], tail: bytes) -> None:
    data = b"<html><body>" + "".join(pieces).encode("utf-8", "surrogatepass") + tail
    try:
        found = page.parse_page(data)
    except RefusedError as error:
        assert error.reason in ("empty", "binary", "not_text")  # noqa: PT017
    else:
        assert all(isinstance(each, Parsed) and each.format == "html" for each in found)
