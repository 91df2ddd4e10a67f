import codecs
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.transforms.text.formats.wire import items, refusal
from transforms.text.formats.xml import MAX_TAGS, body_text, html_story, html_text, parse_xml, text_of

SENTENCE = "Der Präsident grüßt die Bürger in Köln."


def nitf(text: str, prolog: str = "") -> str:
    return f"{prolog}<nitf><body><body.content>{text}</body.content></body></nitf>"


def body(data: str | bytes) -> str:
    (item,) = items(data, "nitf")
    return item.body


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_with_and_without_a_mark(encoding: str) -> None:
    assert body(nitf(f"<p>{SENTENCE}</p>", '<?xml version="1.0"?>').encode(encoding)) == SENTENCE


@pytest.mark.parametrize("declared", ["utf-8", "UTF-16", "iso-8859-1", "windows-1252", "us-ascii", "no-such-encoding", "hex"])
@pytest.mark.parametrize("written", ["utf-8", "cp1252"])
def test_a_wrong_declared_encoding_is_not_believed(declared: str, written: str) -> None:
    assert body(nitf(f"<p>{SENTENCE}</p>", f'<?xml version="1.0" encoding="{declared}"?>').encode(written)) == SENTENCE


def test_a_declared_encoding_that_fits_is_believed() -> None:
    russian = "Премьер-министр заявил во вторник, что переговоры продолжатся."
    assert body(nitf(f"<p>{russian}</p>", '<?xml version="1.0" encoding="windows-1251"?>').encode("cp1251")) == russian


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("a&nbsp;b &eacute;&mdash;&hellip;", "a\xa0b é—…"),  # HTML's names, without a DTD
        ("a &lt;b&gt; &amp;nbsp; &nbsp;c", "a <b> &nbsp; \xa0c"),
        ("a&#0;b&#x1F;c&#xD800;d&#x110000;e &#233;", "abcde é"),  # numbers that XML forbids
        ("a\x00b\x01c\x0bd", "a b c\nd"),
        ("a <![CDATA[<b> & ]]> c", "a <b> & c"),
        ("a <!-- not --> b <?p not?> c <em>d</em>e", "a b c de"),
        ("one<!-- - --> <b>two</b><?x?> three", "one two three"),
    ],
)
def test_characters_within_text(given: str, wanted: str) -> None:
    assert body(nitf(f"<p>{given}</p>")).replace("\n", " ").split(" ") == wanted.replace("\n", " ").split(" ")


@pytest.mark.parametrize(
    "given",
    ["<nitf>", "<nitf><body>", "<nitf><body></head></nitf>", "<nitf a=1/>", "<nitf>&unknown;</nitf>", "<nitf/><nitf/>", "<nitf/>text",
     "<nitf", "<!DOCTYPE nitf [<!ENTITY a 'b'> <nitf/>"],
)  # fmt: skip
def test_what_is_not_well_formed_is_refused(given: str) -> None:
    assert refusal(given) in ("bad_xml", "unknown_format", "missing_part")


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.99])
def test_a_truncated_file_is_refused(share: float) -> None:
    text = nitf(f"<p>{SENTENCE}</p>" * 20)
    assert refusal(text[: int(len(text) * share)]) == "bad_xml"


@pytest.mark.parametrize("data", [codecs.BOM_UTF8 + b"<?xml version='1.0'?>", b"<?xml version='1.0'?><!-- -->"])
def test_a_prolog_alone_is_refused(data: bytes) -> None:
    assert refusal(data) == "unknown_format"


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """The address of a server, and what it was asked for."""
    found: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<!ENTITY stolen 'SECRET'>")

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", found
    server.shutdown()
    server.server_close()
    thread.join()


BOMB = "<!ENTITY a 'SECRET'>" + "".join(f"<!ENTITY {chr(i + 1)} '{f'&{chr(i)};' * 10}'>" for i in range(ord("a"), ord("j")))


@pytest.mark.parametrize(
    ("subset", "reference"),
    [
        (BOMB, "&j;"),
        ("<!ENTITY x SYSTEM 'file://{file}'>", "&x;"),
        ("<!ENTITY x SYSTEM '{server}/x'>", "&x;"),
        ("<!ENTITY % x SYSTEM '{server}/x'> %x;", "&stolen;"),
        ("<!ENTITY % x SYSTEM 'file://{file}'> %x;", "&stolen;"),
        ("<!-- don't --><!ENTITY x 'SECRET'>", "&x;"),
        ("<!ATTLIST p a CDATA 'SECRET'>", ""),
    ],
)  # fmt: skip
def test_no_entity_is_expanded_nothing_is_fetched_no_file_is_read(
    subset: str, reference: str, asked: tuple[str, list[str]], tmp_path: Path
) -> None:
    server, paths = asked
    file = tmp_path / "stolen.txt"
    file.write_text("SECRET")
    prolog = f'<!DOCTYPE nitf SYSTEM "{server}/nitf.dtd" [{subset}]>'.replace("{file}", str(file)).replace("{server}", server)
    assert body(nitf("<p>safe</p>", prolog)) == "safe"
    if reference:
        assert refusal(nitf(f"<p>{reference}</p>", prolog)) == "bad_xml"
        assert refusal(nitf(f'<p class="{reference}">a</p>', prolog)) == "bad_xml"
    assert paths == []


def test_a_document_type_that_another_scanner_would_read_otherwise_is_refused() -> None:
    assert refusal(nitf("<p>&a;</p>", '<!DOCTYPE nitf [<!ENTITY a "SECRET> ]>')) in ("bad_xml", "unknown_format")


@pytest.mark.parametrize("depth", [300, 10_000])
def test_deep_nesting_is_refused(depth: int) -> None:
    assert refusal(nitf("<div>" * depth + "a" + "</div>" * depth)) == "bad_xml"


@pytest.mark.parametrize("name", ["div", "b", "td"])
def test_as_deep_as_the_parser_goes_nothing_is_lost(name: str) -> None:
    assert body(nitf(f"<{name}>" * 250 + "words" + f"</{name}>" * 250 + " after")).split() == ["words", "after"]


@pytest.mark.parametrize("depth", [300, 10_000])
def test_deep_html_comes_back(depth: int) -> None:
    assert isinstance(html_text("<div>" * depth + "words" + "</div>" * depth), str)


@pytest.mark.parametrize("size", [100_000, 20_000_000])
def test_a_huge_attribute_is_read_or_refused(size: int) -> None:
    data = nitf(f'<p class="{"a" * size}">words</p>')
    assert refusal(data) == "bad_xml" if size > 10**7 else body(data) == "words"


@pytest.mark.parametrize(
    ("filler", "reason"),
    [(b"<p>a</p>", "too_large"), (b"word ", "bad_xml"), (b"<?a?>", "too_large"), (b"<", "too_large")],
    ids=["paragraphs", "one text", "instructions", "openings"],
)  # fmt: skip
def test_50_megabytes_of_xml_end_soon(filler: bytes, reason: str) -> None:
    head, _, tail = nitf("|").encode().partition(b"|")
    start = time.monotonic()
    assert refusal(head + filler * (50_000_000 // len(filler)) + tail) == reason
    assert time.monotonic() - start < 30


def test_a_large_document_within_the_cap_is_read() -> None:
    paragraph = f"<p>{'word ' * 400}</p>"
    assert len(body(nitf(paragraph * 2500))) > 4_900_000
    assert paragraph.count("<") * 2500 < MAX_TAGS


def test_a_prolog_of_megabytes_ends_soon() -> None:
    start = time.monotonic()
    assert body(nitf("<p>a</p>", "<!DOCTYPE nitf [" + "<!ENTITY a 'b'>" * 300_000 + "]>")) == "a"
    assert refusal("<!DOCTYPE nitf [" + "<!-- " * 1_000_000) in ("bad_xml", "unknown_format", "empty")
    assert time.monotonic() - start < 20


@pytest.mark.parametrize(
    ("markup", "wanted"),
    [
        ("<p>one <b>t</b>wo\n three</p><p>four</p>", ["one two three", "four"]),
        ("<p>one<br/>two</p>tail", ["one\ntwo", "tail"]),
        ("<p>a<block><p>b</p>c</block></p>d", ["a", "b", "c", "d"]),
        ("<table><tr><td><p>a</p><p>b</p></td><td>c</td></tr><tr><td>d</td></tr></table>", ["a b | c", "d"]),
        ("<table><tr><td/><td>b</td><td> </td><td>d</td></tr><tr><td/><td/></tr></table>", ["| b | | d"]),
        ("<table><tr><th colspan='2'>a</th><th>b</th></tr></table>", ["a | | b"]),
        ("<pre>one\n\ntwo</pre>", ["one", "two"]),
        ("<pre>a  b\n c</pre>", ["a b\nc"]),
        ("<p>one</p><media><media-caption>caption</media-caption></media><script>x</script><p>two</p>", ["one", "two"]),
        ("one\n\ntwo <i>three</i>\n \nfour<p/>", ["one", "two three", "four"]),
    ],
)
def test_the_running_text_of_markup(markup: str, wanted: list[str]) -> None:
    assert body_text(parse_xml(f"<x>{markup}</x>".encode())).split("\n\n") == wanted


def test_plain_text_keeps_its_lines() -> None:
    assert body_text(parse_xml(b"<x>\none\n  two\n</x>")) == "one\n  two"
    assert html_text("one\n  two &amp; three") == "one\n  two & three"


@pytest.mark.parametrize("text", ["<p>a", "a</p>", "<", "<>", "<!-- -->", "<p", "a < b", "<![CDATA[a]]>", "<\x00>", "<\ud800>"])
def test_any_html_is_text(text: str) -> None:
    assert isinstance(html_text(text), str)


def test_text_of_nothing() -> None:
    assert text_of(None) is None
    assert text_of(parse_xml(b"<x> \n </x>")) is None


@pytest.mark.parametrize(
    ("markup", "marked"),
    [
        ("<h2>The boats</h2>", True),
        ("<h4>The <em>boats</em><br/>and the quay</h4>", True),
        ("<hl2>The boats</hl2>", True),
        ("<MELLIS>Båtarna</MELLIS>", True),
        ("<h1>The boats</h1>", False),
        ("<h4><p>A lede in large letters.</p></h4>", False),
        (f"<h4>{'A lede in large letters goes on. ' * 4}</h4>", False),
        ("<p><b>The boats</b></p>", False),
    ],
)
def test_headings_within_a_text_are_marked(markup: str, marked: bool) -> None:
    text = body_text(parse_xml(f"<x><p>a</p>{markup}<p>b</p></x>".encode()), marks=True)
    assert ("\ufdd0 " in text) == marked
    assert "\ufdd0" not in body_text(parse_xml(f"<x><p>a</p>{markup}<p>b</p></x>".encode()))


def test_lines_of_a_list_that_were_wrapped_are_joined() -> None:
    lines = ["Island v Mainland", "Island: Roe, Moe, Hansen, Olsen, Berg, Dahl, Lie, Lund,", "Strand, Vik.",
             "Mainland: Nilsen, Larsen, Solberg, Haugen, Aas, Moen, Eide,", "Bakke, Lien."]  # fmt: skip
    found = body_text(parse_xml(f"<x><pre>{chr(10).join(lines)}</pre><p>b</p></x>".encode())).split("\n\n")[0]
    assert found.split("\n") == [lines[0], f"{lines[1]} {lines[2]}", f"{lines[3]} {lines[4]}"]


def test_a_story_without_a_tag_is_all_text() -> None:
    found = html_story("one &amp; two")
    assert (found.text, found.captions, found.asides) == ("one & two", [], [])
