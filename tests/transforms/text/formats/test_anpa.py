import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.text.formats.wire import ends
from transforms.text import formats
from transforms.text.formats import anpa
from transforms.text.formats.document import Document
from transforms.text.parsed import Parsed, RefusedError, When

HEADER = b"\x16\x16\x01a0123\x1f_-----\r\nu i\x13\x11 BC-XX--HarborStorm     08-29 0120\r\n"
TEXT = (
    b"\x02^BC-XX--Harbor Storm, 2nd Ld-Writethru,0120<\r\n"
    b"^Storm closes the harbor of Northtown<\r\n"
    b"^Ferries stay in port and roads are under water, the mayor says<\r\n"
    b"^AP Photo XRE109, VLM126<\r\n"
    b"^Eds: Adds quotes.<\r\n"
    b"^By ANN EXAMPLE=\r\n"
    b"^Associated Press Writer=\r\n"
    b"\tNORTHTOWN, Texas (AP) _ A storm closed the harbor, and ``we all\r\n"
    b"stay home,'' the mayor said.\r\n"
    b"\tSome 3{ inches fell _ more than ever.\r\n"
)
TRAILER = b"\r\n\t^\x03AP-WF-08-29-16 1626GMT<\r\n\r\n\x0c\r\n\x04"
SENT = dt.datetime(2016, 8, 29, 16, 26, tzinfo=dt.UTC)


def message(header: bytes = HEADER, text: bytes = TEXT, trailer: bytes = TRAILER) -> Parsed:
    (item,) = formats.parse(header + text + trailer)
    return item


@pytest.mark.parametrize("mark", [b"^", b""])
def test_lines_before_the_text_are_not_lost(mark: bytes) -> None:
    top, _, text = TEXT.removeprefix(b"\x02").partition(b"\t")
    early = top.replace(b"^", mark)
    for moved in (message(HEADER + early, b"\x02\t" + text), message(HEADER + early + b"\t" + text, b"")):
        assert (moved.headline, moved.byline, moved.ednote) == ("Storm closes the harbor of Northtown", "ANN EXAMPLE", "Eds: Adds quotes.")
        assert moved.body == message().body


def test_every_field() -> None:
    item = message()
    assert (item.format, item.layout, item.item_kind, item.provider) == ("anpa", "body", "text", "AP")
    assert (item.guid, item.slugline, item.urgency, item.signal) == ("a0123-20160829", "XX--HarborStorm", 3, "update")
    assert item.subjects == [{"code": "anpa:i", "name": "international"}]
    assert item.headline == "Storm closes the harbor of Northtown"
    assert item.deck == "Ferries stay in port and roads are under water, the mayor says"
    assert (item.byline, item.ednote) == ("ANN EXAMPLE", "Eds: Adds quotes.")
    assert (item.published, item.versioncreated, item.firstcreated) == (When(SENT, "minute"), SENT, None)
    assert item.body.split("\n\n") == [
        "NORTHTOWN, Texas (AP) — A storm closed the harbor, and “we all stay home,” the mayor said.",
        "Some 3 1/2 inches fell — more than ever.",
    ]
    assert item.extra == {
        "service": "a", "number": "0123", "selector": "_-----", "priority": "u", "category": "i", "words": "0120", "header_date": "08-29",
        "cycle": "BC", "version": "2nd Ld-Writethru", "keyword_line": "BC-XX--Harbor Storm, 2nd Ld-Writethru,0120", "wire": "AP-WF",
        "byline_title": "Associated Press Writer", "pictures": "AP Photo XRE109, VLM126",
    }  # fmt: skip


@pytest.mark.parametrize(("letter", "urgency"), [("f", 1), ("b", 2), ("u", 3), ("r", 5), ("d", 7), ("s", 8), ("z", None)])
def test_the_priority_letter_is_an_urgency(letter: str, urgency: int | None) -> None:
    assert message(HEADER.replace(b"\nu i", b"\n" + letter.encode() + b" i")).urgency == urgency


@pytest.mark.parametrize(
    ("keyword", "slug", "cycle"),
    [
        (b"BC-Bread-Prices", "Bread-Prices", "BC"),
        (b"AM-Bread", "Bread", "AM"),
        (b"PM-Bread", "Bread", "PM"),
        (b"AP-Top-News", "Top-News", "AP"),
        (b"Bread-Prices", "Bread-Prices", None),
        (b"BC-Bread, 1st Ld", "Bread", "BC"),
    ],
)
def test_the_slug_stands_without_its_cycle(keyword: bytes, slug: str, cycle: str | None) -> None:
    item = message(HEADER.replace(b"BC-XX--HarborStorm", keyword))
    assert (item.slugline, item.extra.get("cycle")) == (slug, cycle)


@pytest.mark.parametrize(
    ("version", "note", "signal"),
    [
        (b", 1st Ld", b"", "update"),
        (b", 3rd Ld-Writethru", b"^Eds: CORRECTS spelling of the name.<\r\n", "correction"),
        (b", Kill", b"", "kill"),
        (b", Withhold", b"", "hold"),
        (b", Corrective", b"", "correction"),
        (b"", b"^Eds: With photos.<\r\n", None),
        (b"", b"^KILL KILL KILL=\r\n", "kill"),
    ],
)
def test_the_version_is_a_signal(version: bytes, note: bytes, signal: str | None) -> None:
    item = message(text=b"\x02^BC-XX--Harbor Storm" + version + b",0120<\r\n^Headline<\r\n" + note + b"\tText.\r\n")
    assert item.signal == signal
    assert (item.firstcreated is None) == (signal is not None)


def test_a_bulletin_is_urgent() -> None:
    item = message(HEADER.replace(b"\nu i", b"\nb i"), b"\x02^BC-XX--Harbor Storm,0120<\r\n\tText.\r\n")
    assert (item.signal, item.urgency) == ("urgent", 2)


def test_a_table_keeps_its_rows() -> None:
    rows = b"\x08\x1e\x1f\x1e W\x1e \x1e L\r\n\x08Port\x10 City\x1f\x1e 73\x1e \x1e 16{\r\n"
    item = message(HEADER.replace(b"\x13\x11", b"\x14\x12"), b"\x02^BC-XX--Harbor Storm,0120<\r\n^Table=\r\n^NORTH=\r\n" + rows)
    assert (item.headline, item.deck, item.extra["layout"]) == ("Table", "NORTH", "table")
    assert [line.split() for line in item.body.split("\n\n")] == [["W", "L"], ["Port", "City", "73", "16", "1/2"]]


def test_a_wrapped_line_on_top_and_a_code_before_the_keyword() -> None:
    text = (
        b"\x02*9006< ^BC-XX--Harbor Storm,0120<\r\n^Storm closes the harbor of\r\nNorthtown<\r\n^First line of the text\r\n^Second line\r\n"
    )
    item = message(text=text)
    assert (item.headline, item.extra["routing"]) == ("Storm closes the harbor of Northtown", "*9006")
    assert item.body.split("\n\n") == ["First line of the text", "Second line"]


def test_an_embargo_is_left_for_cleaning_to_hold() -> None:
    item = message(text=b"\x02^BC-XX--Harbor Storm,0120<\r\n^HOLD FOR RELEASE until 6 p.m.<\r\n^Headline<\r\n\tText.\r\n")
    assert item.headline == "Headline"
    assert item.body.split("\n\n") == ["HOLD FOR RELEASE until 6 p.m.", "Text."]


@pytest.mark.parametrize("trailer", [b"", b"\x03", b"\x03AP-WF-13-45-16 1626GMT<\x04", b"\x03\x04"])
def test_without_a_time_there_is_no_identity(trailer: bytes) -> None:
    item = message(trailer=trailer)
    assert (item.guid, item.published, item.versioncreated) == (None, None, None)
    assert item.headline


def test_many_messages_are_many_items_and_a_bad_one_hides_none() -> None:
    found = formats.parse(HEADER + TEXT + TRAILER + b"\r\n" + HEADER + b"\x02\x03\x04" + HEADER.replace(b"0123", b"0124") + TEXT + TRAILER)
    assert [(item.guid, item.refused and item.refused[0]) for item in found] == [
        ("a0123-20160829", None),
        (None, "empty"),
        ("a0124-20160829", None),
    ]
    assert all(item.payload and item.payload.startswith(b"\x16\x16\x01a012") for item in found)


@pytest.mark.parametrize(
    ("data", "is_one"),
    [
        (HEADER, True),
        (b"\xef\xbb\xbf" + HEADER, True),
        (b"\r\n\x00\x7f" + HEADER, True),
        (HEADER.lstrip(b"\x16"), True),
        (b"\x01eca0124 3 i 93  dpa 1888\r\n\x02", False),
        (b"a0123 BC-Bread", False),
        (b"", False),
    ],
)
def test_sniffs_the_start_of_a_message(data: bytes, is_one: bool) -> None:
    assert anpa.sniff(Document(data)) is is_one


@pytest.mark.parametrize("data", [b"\x16\x16\x01", HEADER, HEADER + b"\x02\x03\x04", b"\x16\x16\x01a0123\x1f\r\n\x02\r\n<=^\x03\x04"])
def test_a_message_without_words_is_refused(data: bytes) -> None:
    with pytest.raises(RefusedError) as refused:
        anpa.parse(Document(data))
    assert refused.value.reason == "empty"


def test_bytes_beyond_ascii_are_read_in_the_encoding_they_fit() -> None:
    text = b"\x02^BC-XX--Harbor Storm,0120<\r\n^Caf\xe9 closes<\r\n\tText.\r\n"
    assert message(text=text).headline == "Café closes"
    assert message(text=text.replace(b"\xe9", "é".encode())).headline == "Café closes"


def test_a_message_beyond_any_story_is_refused() -> None:
    with pytest.raises(RefusedError, match="too_large"):
        anpa.parse(Document(HEADER + b"\x02" + b"A line of text.\r\n" * 600_000))


def test_a_huge_message_takes_time_in_proportion() -> None:
    line = b"\tA line of text that goes on and on _ with ``marks'' in it.\r\n"
    item = message(text=b"\x02^BC-XX--Harbor Storm,0120<\r\n^Headline<\r\n" + line * 50_000)
    assert item.body.count("\n\n") == 49_999
    assert message(HEADER + b" " * 500_000, b"\x02^" + b" " * 500_000 + b"x<\r\n\tText.\r\n", b"\x03" + b"1" * 500_000).body


@given(
    st.lists(st.sampled_from([HEADER, TEXT, TRAILER, b"\x02", b"\x03", b"^", b"<\r\n", b"\t", b"\x1f", b"\x08\x1e", b"\xff\x00", b"word "]))
)
def test_any_mixture_is_items_or_refused(pieces: list[bytes]) -> None:
    ends(anpa.parse, b"".join(pieces))


@given(st.binary(max_size=400))
def test_any_bytes_are_items_or_refused(data: bytes) -> None:
    ends(anpa.parse, HEADER + data)
