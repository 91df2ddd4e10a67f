"""A text is cut at every edge of a name or a quotation, and nothing of it is lost."""

from hypothesis import given
from hypothesis import strategies as st

from pipelines.report.marks import Mark, Piece, paragraphs


def words(pieces: list[Piece]) -> str:
    return "".join(piece if isinstance(piece, str) else str(piece[0]) for piece in pieces)


def test_names_and_quotations_may_lie_in_one_another_and_overlap() -> None:
    text = "Kim of North Korea left"
    found = paragraphs(text, [Mark(0, 3, 0), Mark(7, 18, 1), Mark(7, 12, 2)], [Mark(4, 14, 0), Mark(9, 18, 1)])
    assert found == [
        (
            0,
            [
                ["Kim", 0],
                " ",
                ["of ", -1, [0]],
                ["No", 2, [0]],
                ["rth", 2, [0, 1]],
                [" K", 1, [0, 1]],
                ["orea", 1, [1]],
                " left",
            ],
        )
    ]


def test_offsets_count_characters_beyond_the_basic_plane_as_one() -> None:
    assert paragraphs("😀😀 Kim", [Mark(3, 6, 0)], []) == [(0, ["😀😀 ", ["Kim", 0]])]


def test_a_quotation_goes_on_over_paragraphs() -> None:
    assert paragraphs("ab\n\ncd", [], [Mark(1, 5, 0)]) == [(0, ["a", ["b", -1, [0]]]), (4, [["c", -1, [0]], "d"])]


def test_what_lies_outside_the_text_marks_nothing() -> None:
    assert paragraphs("ab", [Mark(2, 9, 0), Mark(5, 9, 1), Mark(1, 1, 2)], [Mark(1, 9, 0)]) == [(0, ["a", ["b", -1, [0]]])]


def test_a_text_of_nothing_has_no_paragraph() -> None:
    assert paragraphs("", [Mark(0, 1, 0)], []) == []


marks = st.lists(st.builds(Mark, st.integers(0, 40), st.integers(0, 40), st.integers(0, 5)), max_size=8)


@given(st.text("a \n😀", max_size=30), marks, marks)
def test_no_character_is_lost_and_every_mark_is_where_it_was(text: str, names: list[Mark], quotes: list[Mark]) -> None:
    found = paragraphs(text, names, quotes)
    assert [words(pieces) for _, pieces in found] == [part for part in _parts(text) if part]
    for start, pieces in found:
        at = start
        for piece in pieces:
            plain = piece if isinstance(piece, str) else str(piece[0])
            assert text[at : at + len(plain)] == plain
            over = {mark.number for mark in quotes if mark.start <= at < mark.end}
            assert set(piece[2] if isinstance(piece, list) and len(piece) > 2 else ()) == over  # type: ignore[call-overload]
            named = {mark.number for mark in names if mark.start <= at < mark.end}
            assert (piece[1] in named) if isinstance(piece, list) and piece[1] != -1 else not named
            at += len(plain)


def _parts(text: str) -> list[str]:
    return text.split("\n\n")
