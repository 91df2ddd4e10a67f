import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.text.formats.wire import ends
from transforms.text import formats
from transforms.text.formats import asianet
from transforms.text.formats.document import Document
from transforms.text.parsed import Parsed, RefusedError

RELEASE = """MEDIA: EDS

PR12345

Example Corp Opens Bakery in Northtown

NORTHTOWN, Sept. 1, 2016 /PRNewswire-AsiaNet/ --

Example Corp said on Thursday that it has opened a bakery.

SOURCE: Example Corp
"""


def release(text: str) -> Parsed:
    (item,) = formats.parse(text.encode())
    return item


def test_every_field() -> None:
    item = release(RELEASE)
    assert (item.format, item.layout, item.provider, item.guid) == ("asianet", "body", "AsiaNet", "asianet:12345")
    assert (item.headline, item.dateline) == ("Example Corp Opens Bakery in Northtown", "NORTHTOWN, Sept. 1, 2016")
    assert (item.creditline, item.ednote, item.genre) == ("Example Corp", "MEDIA: EDS", "press release")
    assert item.extra == {"wire": "PRNewswire-AsiaNet"}
    assert item.body.strip() == "Example Corp said on Thursday that it has opened a bakery."


@pytest.mark.parametrize(
    ("line", "guid"),
    [
        ("AsiaNet 12345", "asianet:12345"),
        ("Asianet No. 12345 (0123)", "asianet:12345"),
        ("MEDIA RELEASE PR12345", "asianet:12345"),
        ("PR 12345", "asianet:12345"),
    ],
)
def test_forms_of_the_number(line: str, guid: str) -> None:
    assert release(RELEASE.replace("PR12345", line)).guid == guid


def test_a_deck_and_the_text_on_the_line_of_the_dateline() -> None:
    item = release(
        "AsiaNet 1234\n\nBakery opens\nin Northtown\n\nFirst of its kind\n\nTOKYO, May 1 /KYODO JBN/ - Text is here.\n\nSource: Example"
    )
    assert (item.headline, item.deck, item.dateline) == ("Bakery opens in Northtown", "First of its kind", "TOKYO, May 1")
    assert item.body.strip() == "Text is here."


def test_a_release_of_another_hand_and_without_a_dateline_is_read_as_a_page() -> None:
    item = release("Media release distributed by Medianet.\n\nBakery opens\n\nThe bakery opened on Monday.\n")
    assert (item.provider, item.layout, item.headline) == ("Medianet", "page", None)
    assert item.ednote == "Media release distributed by Medianet."
    assert item.body.startswith("Bakery opens")


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        (RELEASE, True),
        ("\ufeff" + RELEASE.replace("\n", "\r\n"), True),
        ("PR12345\n\nA headline\n\nText.", False),
        ("Public relations\n\nText about AsiaNet and its media releases.", False),
        ("SEOUL - Kim met Putin.", False),
        ("", False),
    ],
)
def test_sniffs_the_hand_that_gives_it_on(text: str, is_one: bool) -> None:
    assert asianet.sniff(Document(text.encode())) is is_one


@pytest.mark.parametrize("data", [b"", b"MEDIA: EDS\n\nPR12345\n\n", b"SOURCE: Example\n"])
def test_a_release_without_words_is_refused(data: bytes) -> None:
    with pytest.raises(RefusedError) as refused:
        asianet.parse(Document(data))
    assert refused.value.reason == "empty"


def test_a_huge_release_takes_time_in_proportion() -> None:
    assert release(RELEASE + "\n" * 300_000 + "A line of text.\n" * 100_000 + " " * 300_000).guid == "asianet:12345"


@given(
    st.one_of(
        st.binary(max_size=300),
        st.lists(st.sampled_from([RELEASE, "PR12345\n", "SOURCE: A\n", "X, May 1 /JBN/", "\n", "a "])).map("".join).map(str.encode),
    )
)
def test_any_bytes_are_an_item_or_refused(data: bytes) -> None:
    asianet.sniff(Document(data))
    ends(asianet.parse, data)
