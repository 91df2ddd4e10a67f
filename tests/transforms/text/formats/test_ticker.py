import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.text.formats.wire import ends
from transforms.text import formats
from transforms.text.formats import ticker
from transforms.text.formats.document import Document
from transforms.text.parsed import RefusedError

LINE = "HARBOR OF NORTHTOWN CLOSED ** BREAD TO COST MORE ** McEXAMPLE WINS REGATTA ** "


def test_a_paragraph_a_headline() -> None:
    (item,) = formats.parse(LINE.encode())
    assert (item.format, item.layout, item.genre, item.headline) == ("ticker", "body", "ticker", None)
    assert item.body.split("\n\n") == ["HARBOR OF NORTHTOWN CLOSED", "BREAD TO COST MORE", "McEXAMPLE WINS REGATTA"]
    assert item.extra == {"headlines": 3}


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        (LINE, True),
        ("\ufeff\n" + LINE.replace("**", "***"), True),
        ("ONE ** TWO", False),
        ("This is ** bold ** text and no ticker", False),
        ("A HEADLINE\n\nText with ** stars ** in it ** again.", False),
        ("** ** **", False),
        ("", False),
    ],
)
def test_sniffs_capitals_between_stars(text: str, is_one: bool) -> None:
    assert ticker.sniff(Document(text.encode())) is is_one


@pytest.mark.parametrize("data", [b"", b"** ** **", b" \n"])
def test_a_ticker_without_words_is_refused(data: bytes) -> None:
    with pytest.raises(RefusedError) as refused:
        ticker.parse(Document(data))
    assert refused.value.reason == "empty"


def test_a_huge_ticker_takes_time_in_proportion() -> None:
    (item,) = ticker.parse(Document((LINE * 20_000 + " " * 500_000).encode()))
    assert item.extra == {"headlines": 60_000}


@given(
    st.one_of(st.binary(max_size=300), st.lists(st.sampled_from(["**", " ", "A", "é", "\x00", "\n"])).map(lambda p: "".join(p).encode()))
)
def test_any_bytes_are_an_item_or_refused(data: bytes) -> None:
    ticker.sniff(Document(data))
    ends(ticker.parse, data)
