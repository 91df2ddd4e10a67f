import textwrap

from hypothesis import given
from hypothesis import strategies as st

from transforms.text.furniture import stands_alone
from transforms.text.layout import paragraphs_of

STORY = [
    "The government of the island said on Tuesday that it would raise the price of bread by a tenth, the first rise in eleven years.",
    "Bakers had asked for more. A spokesman for their guild said that flour, fuel and rent had all become dearer since the spring, "
    "and that many small shops would close before Christmas unless they got help from the state.",
    '"We are not rich people," he told reporters outside the ministry in the old town.',
    "The opposition called the decision a mistake and promised to bring a motion of its own before the end of the month, "
    "although it has no majority in either house.",
]


def paragraphs(text: str) -> list[str]:
    return paragraphs_of(text, stands_alone)


def wrapped(width: int, indent: str = "") -> list[str]:
    return [textwrap.fill(part, width, initial_indent=indent, break_long_words=False, break_on_hyphens=False) for part in STORY]


def test_one_paragraph_a_line() -> None:
    assert paragraphs("\n".join(STORY)) == STORY


def test_paragraphs_apart_by_blank_lines() -> None:
    assert paragraphs("\n\n \n".join(STORY)) == STORY


def test_wrapped_lines_with_blank_lines_between_paragraphs() -> None:
    for width in (50, 64, 69, 78):
        assert paragraphs("\n\n".join(wrapped(width))) == STORY


def test_wrapped_lines_with_indented_paragraphs() -> None:
    for indent in ("  ", "    ", "\t"):
        assert paragraphs("\n".join(wrapped(69, indent))) == STORY


def test_wrapped_lines_with_neither() -> None:
    assert paragraphs("\n".join(wrapped(69))) == STORY


def test_a_headline_on_top_of_wrapped_copy_is_not_joined() -> None:
    head = ["Bread to cost more from Monday, ministry says", "By Ann Example, dpa ="]
    assert paragraphs("\n".join(head) + "\n\n" + "\n\n".join(wrapped(69))) == head + STORY


def test_rows_of_a_table_stay_apart() -> None:
    table = ["Amsterdam;42;50", "Athens;60;69", "Atlanta;30;62", "Auckland;59;69"]
    assert paragraphs("\n".join(table)) == table


def test_a_word_broken_at_its_hyphen_is_whole_again() -> None:
    text = "The minister met the deputy and co-\nlitigants of the case, and two-\nand three-year bonds were sold to\nthe banks of the town"
    assert paragraphs(text) == [
        "The minister met the deputy and co-litigants of the case, and two- and three-year bonds were sold to the banks of the town"
    ]


def test_a_note_in_brackets_over_several_lines_is_one() -> None:
    text = "(Adds quotes from the minister,\nBackground, and details of\nthe vote)\n\n" + "\n\n".join(wrapped(64))
    assert paragraphs(text) == ["(Adds quotes from the minister, Background, and details of the vote)", *STORY]


def test_white_space_is_folded() -> None:
    assert paragraphs("\tOne\xa0 two\u3000three \n\n\xa0\n") == ["One two three"]


@given(st.text(alphabet=st.sampled_from("aB. (\n\t-é,"), max_size=300))
def test_no_letter_is_lost_or_added(text: str) -> None:
    assert "".join("".join(paragraphs(text)).split()) == "".join(text.split())


def test_a_bracket_over_two_lines_is_one_paragraph() -> None:
    signoff = ["(Reporting by Ann Example in Paris", "Editing by Bo Sample)"]
    assert paragraphs("\n".join([*STORY, *signoff])) == [*STORY, " ".join(signoff)]
    assert paragraphs("\n\n".join([*STORY, "\n".join(signoff)])) == [*STORY, " ".join(signoff)]
    three = ["(Reporting by Ann Example;", "Writing by Bo Sample (in Rome);", "Editing by Cy Example)."]
    assert paragraphs("\n\n".join([*STORY, "\n".join(three)])) == [*STORY, " ".join(three)]


def test_a_bracket_that_is_never_closed_joins_nothing() -> None:
    lines = [STORY[0] + " (sic", STORY[1], "a) one", "b) two", "He said :( and left.", STORY[2], STORY[3], "(He left."]
    assert paragraphs("\n".join(lines)) == lines
