import time

from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.text.quote_regions import paragraph_spans, quote_regions

MARKS = "\"'“”„‟«»‘’‚‛‹›`"


def quoted(text):
    return [text[r.inner_start : r.inner_end] for r in quote_regions(text) if r.depth == 0]


def test_straight_marks():
    assert quoted('He said "one thing" and "another".') == ["one thing", "another"]


def test_curly_marks():
    assert quoted("He said “one thing” and “another”.") == ["one thing", "another"]


def test_german_low_marks():
    assert quoted("Er sagte: „Wir kommen morgen“, und ging. „Gut.“") == ["Wir kommen morgen", "Gut."]


def test_guillemets_in_both_directions():
    assert quoted("Il a dit : «on verra» hier.") == ["on verra"]
    assert quoted("Er sagte »wir sehen uns« gestern.") == ["wir sehen uns"]


def test_guillemets_with_spaces_inside():
    assert quoted("Elle répond : « Oui, demain. » Puis rien.") == [" Oui, demain. "]


def test_typewriter_marks():
    assert quoted("``We will go,'' he said. ''Or not.''") == ["We will go,", "Or not."]


def test_a_curly_mark_closed_by_a_straight_one():
    assert quoted('“We will go," he said.') == ["We will go,"]


def test_nested_marks_have_a_depth():
    text = "\"He told me 'never again' and left,\" she said."
    assert [(text[r.inner_start : r.inner_end], r.depth) for r in quote_regions(text)] == [
        ("He told me 'never again' and left,", 0),
        ("never again", 1),
    ]


def test_single_marks_alone():
    assert quoted("The 'strategic partnership' deal") == ["strategic partnership"]
    assert quoted("The ‘strategic partnership’ deal") == ["strategic partnership"]


def test_a_plural_possessive_inside_single_marks_does_not_close_them():
    assert quoted("‘The ministers’ summit failed,’ he said.") == ["The ministers’ summit failed,"]


def test_apostrophes_are_no_quotations():
    assert quoted("It's the leaders' view, rock 'n' roll in the '90s, don't ask O’Neil’s and the boys’ mothers") == []


def test_inches_are_no_quotations():
    assert quoted('a 12" pipe and a 6\' fence, then "real words" follow') == ["real words"]


def test_a_paragraph_left_open_continues_in_the_next():
    text = '"One.\n\n"Two," he said.\n\nThree.'
    first, second = quote_regions(text)
    assert (first.closed, first.continued) == (False, True)
    assert (second.closed, text[second.inner_start : second.inner_end]) == (True, "Two,")


def test_a_paragraph_left_open_ends_there_when_the_next_does_not_open():
    first, second = quote_regions('"One.\n\nThen he said "two" and left.')
    assert (first.closed, first.continued, second.closed) == (False, False, True)


def test_without_a_blank_line_every_line_is_a_paragraph():
    assert paragraph_spans("one\ntwo") == [(0, 3), (4, 7)]
    assert paragraph_spans("one\ntwo\n\nthree") == [(0, 7), (9, 14)]


def test_lines_of_one_width_without_a_blank_one_go_on_to_the_end_of_a_sentence():
    lines = [
        "The mill of the town of Tarnby will be closed by",
        "the end of the year, its owner said.",
        "Nobody was told of it before the news came out",
    ]
    text = "\n".join([*lines, "and the union learnt of it by wire."])
    first = len(lines[0]) + 1 + len(lines[1])
    assert paragraph_spans(text) == [(0, first), (first + 1, len(text))]


def test_a_long_line_is_a_paragraph_of_its_own():
    long = "word " * 30
    assert paragraph_spans(f"{long}\ntwo\n\nthree") == [(0, 150), (151, 154), (156, 161)]


@given(st.text(alphabet=st.sampled_from(list(MARKS + " ab1.,\n")) | st.characters(), max_size=80))
@settings(max_examples=300)
def test_regions_are_in_order_and_nest_cleanly(text):
    regions = quote_regions(text)
    open_ends = []
    for region in regions:
        assert 0 <= region.start < region.inner_start <= region.inner_end <= region.end <= len(text)
        assert text[region.start] in MARKS
        while open_ends and open_ends[-1] <= region.start:
            open_ends.pop()
        assert region.depth == len(open_ends)
        assert not open_ends or region.end <= open_ends[-1]
        open_ends.append(region.end)
        if region.closed:
            assert text[region.end - 1] in MARKS
    assert [r.start for r in regions] == sorted(r.start for r in regions)


@given(st.lists(st.text(alphabet=st.sampled_from("abcdefg .,"), min_size=1, max_size=20).filter(str.strip), min_size=1, max_size=6))
def test_well_set_marks_are_all_found(parts):
    for left, right in (("“", "”"), ("«", "»"), ("„", "“")):
        text = "".join(f"x {left}{part.strip()}{right} y " for part in parts)
        assert quoted(text) == [part.strip() for part in parts]


def test_hostile_marks_take_linear_time():
    for unit in ('"', "'", "“", "„", "‘", '" ', "a' '", '"a" ', "``", "«»"):
        text = unit * (100_000 // len(unit))
        start = time.process_time()
        quote_regions(text)
        assert time.process_time() - start < 3, repr(unit)
