import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.text.formats.wire import ends
from transforms.text import formats
from transforms.text.formats import iptc7901
from transforms.text.formats.document import Document
from transforms.text.parsed import Parsed, RefusedError, When

HEADER = b"\x01eca0124 3 i 93  dpa 1888\r\n\r\nNorthland/bread/\r\n"
TEXT = (
    b"\x02EXTRA\r\nBread to cost more in Northland next month,\r\nministry says =\r\nBy Ann Example, dpa  =\r\n\r\n"
    b"Northtown (dpa) - Bread is to cost more next month, the ministry said\r\non Wednesday after weeks of talks.\r\n\r\n"
    b"Bakers had asked for it.\r\n\r\n"
    b"# Notebook\r\n\r\n## Internet links\r\n- [Ministry](http://example.org/1)\r\n\r\n* * * *\r\n"
    b"The following information is not intended for publication\r\n\r\n"
    b"## Editorial contacts\r\n- Editing by: Bo Sample, +49 30 1234567\r\n\r\n"
    b"dpa abc def\r\n"
)
TRAILER = b"\r\n\x03212101 GMT Nov 18\r\n\x7f\r\n\x7f\x04"
SENT = dt.datetime(2018, 11, 21, 21, 1, tzinfo=dt.UTC)


def message(header: bytes = HEADER, text: bytes = TEXT, trailer: bytes = TRAILER) -> Parsed:
    (item,) = formats.parse(header + text + trailer)
    return item


def top(*lines: str) -> Parsed:
    return message(text=b"\x02" + "\r\n".join([*lines, "", "Northtown (dpa) - Text is here."]).encode())


def test_every_field() -> None:
    item = message()
    assert (item.format, item.layout, item.item_kind, item.provider) == ("iptc7901", "body", "text", "dpa")
    assert (item.guid, item.slugline, item.urgency, item.signal) == ("eca0124-20181121", "Northland/bread/", 3, "urgent")
    assert item.keywords == ["Northland", "bread"]
    assert item.subjects == [{"code": "iptc7901:i", "name": "international"}]
    assert item.headline == "Bread to cost more in Northland next month, ministry says"
    assert item.byline == "Ann Example, dpa"
    assert (item.published, item.versioncreated, item.firstcreated) == (When(SENT, "minute"), SENT, SENT)
    assert item.body.startswith("Northtown (dpa) - Bread is to cost more")
    assert item.body.endswith("Bakers had asked for it.\n\n\ndpa abc def")
    assert item.extra == {
        "service": "eca", "number": "0124", "category": "i", "words": "93", "source_number": "dpa 1888", "take_key": "EXTRA",
        "trailer": "212101 GMT Nov 18",
    }  # fmt: skip


def test_what_is_not_for_publication_is_an_ednote() -> None:
    item = message()
    assert item.ednote
    assert "+49 30 1234567" in item.ednote
    assert "+49" not in item.body
    assert "example.org" not in item.body


@pytest.mark.parametrize(
    ("lines", "headline", "take_key", "signal"),
    [
        (["2ND LEAD", "3RD NET", "Bread to cost more ="], "Bread to cost more", "2ND LEAD 3RD NET", "update"),
        (["(Achtung)", "Bread ="], "Bread", "(Achtung)", None),
        (["(Achtung: neu: Zitat)", "Bread ="], "Bread", "(Achtung: neu: Zitat)", None),
        (["Berichtigung", "Bread ="], "Bread", "Berichtigung", "correction"),
        (["KILL KILL KILL", "Please do not use eca0123 ="], "Please do not use eca0123", "KILL KILL KILL", "kill"),
        (["HOLD HOLD HOLD", "Bread ="], "Bread", "HOLD HOLD HOLD", "hold"),
        (["FEATURE", "Bread and how to bake it ="], "Bread and how to bake it", "FEATURE", None),
        (["", "Bread to cost more"], "Bread to cost more", None, None),
    ],
)
def test_take_keys_stand_above_the_headline(lines: list[str], headline: str, take_key: str | None, signal: str | None) -> None:
    item = top(*lines)
    assert (item.headline, item.extra.get("take_key"), item.signal) == (headline, take_key, signal)
    assert item.body.strip() == "Northtown (dpa) - Text is here."


def test_an_embargo_above_the_headline_is_left_for_cleaning_to_hold() -> None:
    item = top("Sperrfrist: 19. Juni, 12 Uhr", "Bread to cost more =")
    assert item.headline == "Bread to cost more"
    assert item.body.split("\n", 1)[0] == "Sperrfrist: 19. Juni, 12 Uhr"


def test_a_text_without_a_headline() -> None:
    item = message(text=b"\x02Bread is to cost more next month, the ministry said on\r\nWednesday.\r\n\r\nMore follows.\r\n")
    assert item.headline is None
    assert item.body.startswith("Bread is to cost more")


def test_another_agency_marks_paragraphs_by_indents_and_names_itself_in_the_trailer() -> None:
    item = message(
        b"\r\n\x01afp0456 2 i 0120 AFP-AB12\r\nNorthland-bread,2ndlead\r\n",
        b"\x02\r\nBread to cost more\r\nBy Ann Example\r\n"
        b"   NORTHTOWN, June 19, 2024 (AFP) - Bread is to cost\r\nmore.\r\n   Bakers had asked.\r\n",
        b"\x03AFP 191205 JUN 24\r\n\x04",
    )
    assert (item.provider, item.guid, item.urgency) == ("AFP", "afp0456-20240619", 2)
    assert (item.slugline, item.extra["version"], item.signal, item.firstcreated) == ("Northland-bread", "2ndlead", "update", None)
    assert (item.headline, item.byline) == ("Bread to cost more", "Ann Example")
    assert item.body.split("\n\n")[1].strip() == "Bakers had asked."


@pytest.mark.parametrize(
    ("trailer", "hour"),
    [
        ("191205 GMT Jun 24", 12),
        ("191205 MESZ Jun 24", 10),
        ("191205 CEST Juni 2024", 10),
        ("191205 JUN 24", 12),
        ("191205 XYZ Jun 24", 12),
    ],
)
def test_times_of_trailers(trailer: str, hour: int) -> None:
    assert message(trailer=b"\x03" + trailer.encode()).versioncreated == dt.datetime(2024, 6, 19, hour, 5, tzinfo=dt.UTC)


@pytest.mark.parametrize("trailer", [b"", b"\x03", b"\x03991205 GMT Jun 24", b"\x03191205 GMT Foo 24", b"\x03\x04"])
def test_without_a_time_there_is_no_identity(trailer: bytes) -> None:
    item = message(trailer=trailer)
    assert (item.guid, item.versioncreated) == (None, None)
    assert item.headline


@pytest.mark.parametrize(
    "header", [b"\x01eca0124\r\n", b"\x01eca0124 i\r\n", b"\x01xyz12 9 sp\r\nSlug/\r\n", b"\x01eca0124 3 i " + b" " * 2000 + b"\r\n"]
)
def test_a_short_header_gives_what_it_has(header: bytes) -> None:
    item = message(header)
    assert item.headline
    assert item.guid


def test_without_control_characters_header_and_trailer_tell_it() -> None:
    text = (HEADER[1:].replace(b"Northland/", b"/Northland/") + TEXT[1:] + b"\r\n\r\n212101 GMT Nov 18\r\n").decode()
    (item,) = formats.parse(text.replace("\r\n", "\n").encode())
    assert (item.format, item.guid, item.slugline, item.urgency) == ("iptc7901", "eca0124-20181121", "/Northland/bread/", 3)
    assert item.headline == "Bread to cost more in Northland next month, ministry says"
    assert item.byline == "Ann Example, dpa"
    assert "GMT" not in item.body


def test_without_a_trailer_it_is_a_page() -> None:
    (item,) = formats.parse((HEADER[1:] + TEXT[1:]).replace(b"\r\n", b"\n"))
    assert item.format == "text"


def test_many_messages_are_many_items_and_a_bad_one_hides_none() -> None:
    whole = HEADER + TEXT + TRAILER
    found = formats.parse(whole + HEADER + b"\x02\x03\x04" + whole.replace(b"0124", b"0125"))
    assert [(item.guid, item.refused and item.refused[0]) for item in found] == [
        ("eca0124-20181121", None),
        (None, "empty"),
        ("eca0125-20181121", None),
    ]
    assert all(item.payload and item.payload.startswith(b"\x01eca012") for item in found)


@pytest.mark.parametrize(
    ("data", "is_one"),
    [
        (HEADER + TEXT, True),
        (b"\x7f\r\n" + HEADER + TEXT, True),
        (b"\xef\xbb\xbf" + HEADER + TEXT, True),
        (HEADER, False),
        (b"\x01a0123\x1f\r\n", False),
        (b"eca0124 3 i 93  dpa 1888\n", False),
        (b"", False),
    ],
)
def test_sniffs_the_start_of_a_message(data: bytes, is_one: bool) -> None:
    assert iptc7901.sniff(Document(data)) is is_one


def test_a_wrong_or_old_encoding_is_read() -> None:
    item = message(text=b"\x02Caf\xe9 in K\xf6ln schlie\xdft =\r\n\r\nK\xf6ln (dpa) - Text.\r\n")
    assert item.headline == "Café in Köln schließt"


@pytest.mark.parametrize("data", [b"\x01", HEADER, HEADER + b"\x02\x03\x04", b""])
def test_a_message_without_words_is_refused(data: bytes) -> None:
    with pytest.raises(RefusedError) as refused:
        iptc7901.parse(Document(data))
    assert refused.value.reason == "empty"


def test_a_message_beyond_any_story_is_refused() -> None:
    with pytest.raises(RefusedError, match="too_large"):
        iptc7901.parse(Document(HEADER + b"\x02" + b"A line of text.\r\n" * 600_000))


def test_a_huge_message_takes_time_in_proportion() -> None:
    assert message(text=b"\x02Headline =\r\n\r\n" + b"A line of text.\r\n" * 100_000).body.count("\n") == 99_999
    assert message(HEADER, b"\x02" + b" " * 500_000 + b"x\r\n" * 9, b"\x03" + b"1" * 500_000 + b" " * 500_000).body


@given(
    st.lists(
        st.sampled_from([HEADER, TEXT, TRAILER, b"\x01", b"\x02", b"\x03", b"=\r\n", b"\r\n\r\n", b"# Notebook\n", b"\xff\x00", b"word "])
    )
)
def test_any_mixture_is_items_or_refused(pieces: list[bytes]) -> None:
    ends(iptc7901.parse, b"".join(pieces))


@given(st.binary(max_size=400))
def test_any_bytes_are_items_or_refused(data: bytes) -> None:
    ends(iptc7901.parse, HEADER + data)
