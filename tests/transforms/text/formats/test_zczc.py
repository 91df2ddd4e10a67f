import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.text.formats.wire import ends
from transforms.text import formats
from transforms.text.formats import zczc
from transforms.text.formats.document import Document
from transforms.text.parsed import Parsed, RefusedError, When

FIELDS = (
    "ZCZC AAP\r\n%A\r\n#AM Northtown headlines\r\n$Northtown round-up Nov 06, 1200\r\n:1200\r\n*07000000\r\n~AM Service\r\n@NSW\r\n"
    "Here is the news of this morning...\r\n\r\n* The harbor is closed.\r\n\r\n* Bread costs more.\r\n\r\nNNNN"
)
OTHER_MARKS = (
    "ZCZC\r\n$s\r\n:Rowing\r\n=1st Lead\r\n^Example wins the regatta\r\n*X\r\n&A\r\n+15000000\r\n"
    "Example won on Sunday.\r\n\r\n#hashtag\r\nNNNN\r\n"
)
TAGGED = (
    "zczc\r\nAN#12345678\r\nKN#Example Bites\r\nPD#06 June 2016 14:00:00\r\nCO#EXA.AX\r\nSO#ASX\r\nSF#*\r\nBY#Ann Example\r\n"
    "KY#NEWS EXA.AX\r\n"
    "TI#Example Corp goes on\r\nAB#Example’s works\r\ngo on.\r\nTX#\r\nExample’s works go on.\r\nAB#is no tag here\r\n"
)


def message(text: str) -> Parsed:
    (item,) = formats.parse(text.encode("windows-1252"))
    return item


def test_every_field_line() -> None:
    item = message(FIELDS)
    assert (item.format, item.layout, item.provider, item.guid) == ("zczc", "body", "AAP", None)
    assert (item.slugline, item.headline) == ("AM Northtown headlines", "Northtown round-up Nov 06, 1200")
    assert (item.genre, item.located, item.signal) == ("AM Service", "NSW", None)
    assert item.subjects == [{"code": "anpa:a", "name": None}, {"code": "07000000", "name": None}]
    assert item.extra == {"header": "AAP", "category": "A", "take_key": "1200"}
    assert item.body.startswith("Here is the news of this morning...")
    assert item.body.endswith("* Bread costs more.")


def test_another_desk_has_other_marks() -> None:
    item = message(OTHER_MARKS)
    assert (item.slugline, item.headline, item.signal) == ("Rowing", "Example wins the regatta", "update")
    assert item.subjects == [{"code": "anpa:s", "name": None}, {"code": "15000000", "name": None}]
    assert item.extra == {"category": "s", "take_key": "1st Lead", "layout": "X", "service_level": "A"}
    assert item.body == "Example won on Sunday.\n\n#hashtag"


def test_every_tag() -> None:
    item = message(TAGGED)
    at = dt.datetime(2016, 6, 6, 14, tzinfo=dt.UTC)
    assert (item.guid, item.provider, item.headline) == ("12345678", "Example Bites", "Example Corp goes on")
    assert (item.deck, item.byline) == ("Example’s works go on.", "Ann Example")
    assert item.keywords == ["NEWS", "EXA.AX"]
    assert (item.published, item.versioncreated) == (When(at, "second"), at)
    assert item.body == "Example’s works go on.\nAB#is no tag here"
    assert item.extra == {"SO": "ASX"}


@pytest.mark.parametrize(
    ("tag", "when"),
    [
        ("06 June 2016", When(dt.datetime(2016, 6, 6, tzinfo=dt.UTC), "day")),
        ("06 June 2016 14:05", When(dt.datetime(2016, 6, 6, 14, 5, tzinfo=dt.UTC), "minute")),
        ("06 June 2016 99:05", When(dt.datetime(2016, 6, 6, tzinfo=dt.UTC), "day")),
        ("some day", None),
    ],
)
def test_the_date_of_tagged_copy(tag: str, when: When | None) -> None:
    item = message(TAGGED.replace("06 June 2016 14:00:00", tag))
    assert item.published == when
    assert item.extra.get("PD") == (None if when else tag)


@pytest.mark.parametrize("ends", ["\r", "\n", "\r\n"])
def test_any_line_end_will_do(ends: str) -> None:
    item = message("\r" + FIELDS.replace("\r\n", ends))
    assert item.headline == "Northtown round-up Nov 06, 1200"
    assert item.body.count("\n\n") >= 2


def test_racing_copy_is_headed_by_its_desk_rule() -> None:
    item = message("\rZCZC\r#Northtown Grey\r:11/10/2015\r\rLOCAL TIMES\r   1 - 742   Example Queen 22.02\r   AAP FIELDS\r")
    assert (item.slugline, item.headline, item.provider) == ("Northtown Grey", "Northtown Greyhound Fields Sunday", "AAP")
    assert "AAP FIELDS" not in item.body


def test_without_any_field_it_is_a_page() -> None:
    item = message("ZCZC XYZ123\nNorthtown harbor closed\n\nNORTHTOWN, Aug 29 - The harbor is closed.\n\nNNNN\nrest of the line")
    assert (item.layout, item.headline, item.extra) == ("page", None, {"header": "XYZ123"})
    assert item.body.strip().endswith("The harbor is closed.")


def test_a_message_of_iptc_7901_within_is_read_as_one() -> None:
    item = message("ZCZC\neca0124 3 i 93  dpa 1888\n\nBread/\n\nBread to cost more =\n\nBerlin (dpa) - Text.\n\n212101 GMT Nov 18\nNNNN\n")
    assert (item.format, item.headline, item.guid) == ("iptc7901", "Bread to cost more", "eca0124-20181121")


def test_many_messages_are_many_items_and_a_bad_one_hides_none() -> None:
    found = formats.parse(f"{FIELDS}\r\nZCZC\r\nNNNN\r\n{OTHER_MARKS}".encode())
    assert [(item.slugline, item.refused and item.refused[0]) for item in found] == [
        ("AM Northtown headlines", None),
        (None, "empty"),
        ("Rowing", None),
    ]
    assert all(item.payload and item.payload.startswith(b"ZCZC") for item in found)


@pytest.mark.parametrize(
    ("data", "is_one"),
    [
        (b"ZCZC\r\n", True),
        (b"\rZCZC\r#Slug", True),
        (b"zczc\nAN#1", True),
        (b"\xef\xbb\xbfZCZC AAP\n", True),
        (b"\x01\x02  \nZCZC AAP\n", True),
        (b"ABC 123\r\nZCZC\r\n", True),
        (b"Why wires begin with ZCZC and end with NNNN", False),
        (b"ZCZCX is a word", False),
        (b"x" * 60 + b" ZCZC", False),
        (b"", False),
    ],
)
def test_sniffs_the_mark_at_the_start(data: bytes, is_one: bool) -> None:
    assert zczc.sniff(Document(data)) is is_one


def test_utf16_is_read() -> None:
    (item,) = formats.parse(FIELDS.encode("utf-16"))
    assert item.headline == "Northtown round-up Nov 06, 1200"


@pytest.mark.parametrize("data", [b"ZCZC", b"ZCZC\r\nNNNN", b"ZCZC\r\n%A\r\n#\r\nNNNN", b""])
def test_a_message_without_words_is_refused(data: bytes) -> None:
    with pytest.raises(RefusedError) as refused:
        zczc.parse(Document(data))
    assert refused.value.reason == "empty"


def test_a_message_beyond_any_story_is_refused() -> None:
    with pytest.raises(RefusedError, match="too_large"):
        zczc.parse(Document(b"ZCZC\n" + b"A line of text.\r\n" * 600_000))


def test_a_huge_message_takes_time_in_proportion() -> None:
    assert message(f"ZCZC\n#Slug\n$Headline\n{'A line of text.' * 4}\n" * 1).body
    assert message("ZCZC\n#Slug\n$Headline\n" + "A line of text.\n" * 100_000).body.count("\n") == 99_999
    assert message("ZCZC\n" + " " * 500_000 + "\n\n" * 100_000 + "x" * 500_000).body


@given(
    st.lists(st.sampled_from([FIELDS, OTHER_MARKS, TAGGED, "ZCZC\r", "NNNN\n", "#Slug\r", ":1/2/2017\r", "AAP FIELDS\r", "\x00", "word "]))
)
def test_any_mixture_is_items_or_refused(pieces: list[str]) -> None:
    ends(zczc.parse, "".join(pieces).encode())


@given(st.binary(max_size=400))
def test_any_bytes_are_items_or_refused(data: bytes) -> None:
    ends(zczc.parse, b"ZCZC\n" + data)
