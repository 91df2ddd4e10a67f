import pytest

from transforms.text.structure import CROSSHEAD_MARK, structure_of

LEDE = "The government of the island said on Tuesday that it would raise the price of bread by a tenth."
BODY = "Bakers had asked for more, and a spokesman for their guild said that flour, fuel and rent had become dearer."
LAST = '"We are not rich people," he told reporters outside the ministry in the old town on Tuesday.'


def bodies(paragraphs: list[str], *, is_page: bool = True) -> list[str]:
    return [text for role, text in structure_of(paragraphs, is_page=is_page).pieces if role == "body"]


def test_a_dateline_far_down_opens_no_story() -> None:
    paragraphs = [LEDE, BODY, LAST, f"SEOUL - {BODY}"]
    assert bodies(paragraphs) == paragraphs


def test_bullets_are_deck_above_a_dateline_and_text_without_one() -> None:
    found = structure_of(["News in brief", "* One is done", "* Two are gone", f"SEOUL - {LEDE}", BODY], is_page=True)
    assert found.deck == ["* One is done", "* Two are gone"]
    assert bodies(["News in brief", "* One is done.", "* Two are gone."]) == ["* One is done.", "* Two are gone."]


def test_a_dateline_in_a_paragraph_of_its_own() -> None:
    found = structure_of(["Bread to cost more", "SEOUL, June 19, 2024 (AFP) -", LEDE, BODY], is_page=True)
    assert found.dateline is not None
    assert found.dateline.city == "Seoul"
    assert [text for _, text in found.pieces] == [LEDE, BODY]


def test_an_advisory_line_above_the_dateline_is_no_text() -> None:
    found = structure_of(["All times local", f"SEOUL - {LEDE}", BODY], is_page=False, headline="Bread")
    assert found.deck == ["All times local"]
    assert [text for _, text in found.pieces] == [LEDE, BODY]


def test_a_trash_note_before_the_dateline_in_one_paragraph() -> None:
    found = structure_of([f"(Adds quotes) SEOUL - {LEDE}", BODY], is_page=False, headline="Bread")
    assert (found.ednotes, found.signals) == (["(Adds quotes)"], ["update"])
    assert [text for _, text in found.pieces] == [LEDE, BODY]


def test_a_credit_alone_belongs_to_the_caption_before() -> None:
    found = structure_of(["Bread", "FILE PHOTO: A baker at work", "(Photo: AFP)", f"SEOUL - {LEDE}", BODY], is_page=True)
    assert found.captions == [("FILE PHOTO: A baker at work", "AFP")]


def test_captions_between_paragraphs_are_taken_out() -> None:
    found = structure_of(["Bread", f"SEOUL - {LEDE}", "A baker at work. Photo: Ann Example/AFP", BODY], is_page=True)
    assert [text for _, text in found.pieces] == [LEDE, BODY]
    assert found.captions == [("A baker at work.", "Ann Example/AFP")]


def test_crossheads_stand_between_prose_only() -> None:
    found = structure_of(["Bread", LEDE, "Dearer flour", BODY, "NO RISE IN YEARS", LAST, "Last words"], is_page=True)
    assert [text for role, text in found.pieces if role == "crosshead"] == ["Dearer flour", "NO RISE IN YEARS"]
    assert bodies(["Bread", LEDE, "Dearer flour", "Fuel and rent", BODY]) == [LEDE, "Dearer flour", "Fuel and rent", BODY]


def test_a_dateline_without_a_dash_in_a_paragraph_of_its_own() -> None:
    found = structure_of(["Bread to cost more", "LONDON, March 3", LEDE, BODY], is_page=True)
    assert found.dateline is not None
    assert (found.dateline.city, found.dateline.month, found.dateline.day) == ("London", 3, 3)
    assert [text for _, text in found.pieces] == [LEDE, BODY]


def test_furniture_alone_leaves_its_first_paragraph_as_text() -> None:
    found = structure_of(["A first line.", "MORE", "-30-"], is_page=True)
    assert found.pieces == [("body", "A first line."), ("signoff", "MORE"), ("signoff", "-30-")]


@pytest.mark.parametrize(
    "line", ["- Dissolution du gouvernement -", "– Dearer flour –", "'He heard us'", "“No way back”", "'We don't know'"]
)
def test_a_short_line_in_dashes_or_quote_marks_is_a_crosshead(line: str) -> None:
    found = structure_of(["Bread", LEDE, line, BODY, LAST], is_page=True)
    assert [text for role, text in found.pieces if role == "crosshead"] == [line]


@pytest.mark.parametrize("line", ["'He heard us.'", '"Is it true?"', "- Flour:", '"Yes" and "no"'])
def test_a_short_sentence_in_quote_marks_is_text(line: str) -> None:
    assert bodies(["Bread", LEDE, line, BODY, LAST]) == [LEDE, line, BODY, LAST]


def test_contact_lines_are_notes_and_hide_no_signoff() -> None:
    signoff, contact = "(Reporting by Ann Example; Editing by Bo Sample)", "((ann.x@agency.example; +56 2 2370 4250))"
    found = structure_of(["Bread", LEDE, BODY, signoff, contact], is_page=True)
    assert found.pieces[-1] == ("signoff", signoff)
    assert found.ednotes == [contact]
    assert len(found.pieces) == 3


def test_initials_and_words_for_media_hide_no_crosshead_and_no_signoff() -> None:
    found = structure_of(["Bread", LEDE, "Dearer flour", BODY + " fgg/jm", "(foto) (vídeo)"], is_page=True)
    assert found.pieces == [
        ("body", LEDE),
        ("crosshead", "Dearer flour"),
        ("body", BODY),
        ("signoff", "fgg/jm"),
        ("signoff", "(foto) (vídeo)"),
    ]


@pytest.mark.parametrize(
    ("line", "headline", "body", "signal"),
    [
        ("URGENT - Quake hits island", "URGENT - Quake hits island", "Quake hits island", "urgent"),
        ("URGENT: Quake hits island", "URGENT: Quake hits island", "Quake hits island", "urgent"),
        ("BRIEF-Maker opens plant", "BRIEF- Maker opens plant", "Maker opens plant", "brief"),
        ("ALERT - SEOUL, June 19 (AFP) - Quake hits island", "ALERT - Quake hits island", "Quake hits island", "alert"),
        ("STORY WITHDRAWN - Bank raises rates", "STORY WITHDRAWN - Bank raises rates", "STORY WITHDRAWN - Bank raises rates", "kill"),
    ],
)
def test_an_alert_of_one_line_keeps_its_mark_and_signal(line: str, headline: str, body: str, signal: str) -> None:
    found = structure_of([line], is_page=True)
    assert (found.headline, found.pieces, found.signals) == (headline, [("body", body)], [signal])


def test_one_line_without_a_mark_has_no_headline() -> None:
    found = structure_of(["Quake hits island"], is_page=True)
    assert (found.headline, found.pieces) == (None, [("body", "Quake hits island")])


def test_a_signoff_over_two_paragraphs_is_one() -> None:
    found = structure_of(["Bread", LEDE, BODY, "(Reporting by Ann Example", "Editing by Bo Sample)"], is_page=True)
    assert found.pieces[2:] == [("signoff", "(Reporting by Ann Example Editing by Bo Sample)")]
    assert bodies(["Bread", LEDE, BODY, "(He had no comment", "and left.)"]) == [LEDE, BODY, "(He had no comment", "and left.)"]


def test_a_place_over_a_rule_is_no_dateline() -> None:
    for paragraph in ("SEOUL ___", f"SEOUL ___ {LEDE}"):
        found = structure_of(["Bread", paragraph], is_page=True)
        assert (found.dateline, found.pieces) == (None, [("body", paragraph)])


def test_a_marked_crosshead_is_one_wherever_it_stands() -> None:
    mark = f"{CROSSHEAD_MARK} "
    found = structure_of([f"{mark}Bread", LEDE, "One", f"{mark}What now?", "Two", f"{mark}Last"], is_page=False, headline="h")
    assert found.pieces == [
        ("crosshead", "Bread"), ("body", LEDE), ("body", "One"), ("crosshead", "What now?"), ("body", "Two"), ("crosshead", "Last"),
    ]  # fmt: skip


def test_a_mark_alone_takes_no_text_and_no_repeated_headline_into_the_body() -> None:
    mark = f"{CROSSHEAD_MARK} "
    assert structure_of([f"{mark}Bread"], is_page=False, headline="h").pieces == [("body", "Bread")]
    assert structure_of([f"{mark}Bread", LEDE], is_page=False, headline="Bread").pieces == [("body", LEDE)]
    assert structure_of([f"{mark}", f"One{CROSSHEAD_MARK}"], is_page=False).pieces == [("body", "One")]
