import pytest

from transforms.text import furniture


@pytest.mark.parametrize(
    ("line", "kind", "text", "signal"),
    [
        ("By ANN EXAMPLE=", "byline", "ANN EXAMPLE", None),
        ("By Ann Example, dpa  =", "byline", "Ann Example, dpa", None),
        ("By The Associated Press=", "byline", "The Associated Press", None),
        ("BY ANN EXAMPLE", "byline", "ANN EXAMPLE", None),
        ("Von Anna Muster, dpa", "byline", "Anna Muster, dpa", None),
        ("Par Anne Exemple", "byline", "Anne Exemple", None),
        ("Anna Example/TT", "byline", "Anna Example/TT", None),
        ("(Adds quotes, background)", "ednote", "(Adds quotes, background)", "update"),
        ("(Updates throughout with vote (60-40))", "ednote", "(Updates throughout with vote (60-40))", "update"),
        ("(Recasts lead)", "ednote", "(Recasts lead)", "update"),
        ("(In Jan. 3 story, corrects name in paragraph 2)", "ednote", "(In Jan. 3 story, corrects name in paragraph 2)", "correction"),
        ("(Corrects figure in paragraph 2)", "ednote", "(Corrects figure in paragraph 2)", "correction"),
        ("(Repeats story first sent on Monday)", "ednote", "(Repeats story first sent on Monday)", "repeat"),
        ("1ST LEAD", "ednote", "1ST LEAD", "update"),
        ("2ND LEAD 3RD NET", "ednote", "2ND LEAD 3RD NET", "update"),
        ("REFILE", "ednote", "REFILE", "correction"),
        ("1stLd-Writethru", "ednote", "1stLd-Writethru", "update"),
        ("Eds: With photos.", "ednote", "Eds: With photos.", None),
        ("EDITOR'S NOTE _ First of two parts.", "ednote", "EDITOR'S NOTE _ First of two parts.", None),
        ("ATTN: Night desks", "ednote", "ATTN: Night desks", None),
        ("ATTENTION - ADDS reaction ///", "ednote", "ATTENTION - ADDS reaction ///", None),
        ("///", "ednote", "///", None),
        ("Wiederholung", "ednote", "Wiederholung", "repeat"),
        ("Berichtigung", "ednote", "Berichtigung", "correction"),
        ("Sperrfrist 20. Juni, 10 Uhr", "embargo", "Sperrfrist 20. Juni, 10 Uhr", None),
        ("EMBARGOED UNTIL 0900 GMT", "embargo", "EMBARGOED UNTIL 0900 GMT", None),
        ("HOLD FOR RELEASE AT NOON", "embargo", "HOLD FOR RELEASE AT NOON", None),
        ("KILL KILL KILL", "ednote", "KILL KILL KILL", "kill"),
        ("HOLD HOLD HOLD", "ednote", "HOLD HOLD HOLD", "hold"),
        ("STORY WITHDRAWN", "ednote", "STORY WITHDRAWN", "kill"),
        ("URGENT", "ednote", "URGENT", "urgent"),
        ("/politics/Britain/EU/", "slugline", "/politics/Britain/EU/", None),
        ("Yemen/conflict/", "slugline", "Yemen/conflict/", None),
        ("KOREA-RUSSIA/KIM (UPDATE 2, PIX)", "slugline", "KOREA-RUSSIA/KIM (UPDATE 2, PIX)", None),
        ("BC-Example--Bread", "slugline", "BC-Example--Bread", None),
        ("eca0124 3 i 93 dpa 1888", "service", "eca0124 3 i 93 dpa 1888", None),
        ("* Bread to cost a tenth more", "deck", "* Bread to cost a tenth more", None),
        ("AFP", "creditline", "AFP", None),
        ("© 2024 Example News", "copyright", "© 2024 Example News", None),
        ("Copyright 2024 The Example. All rights reserved.", "copyright", "Copyright 2024 The Example. All rights reserved.", None),
    ],
)
def test_marks_on_top(line: str, kind: str, text: str, signal: str | None) -> None:
    found = furniture.mark_of(line)
    assert found is not None
    assert (found.kind, found.text) == (kind, text)
    if line != "ATTENTION - ADDS reaction ///":
        assert found.signal == signal


@pytest.mark.parametrize(
    "line",
    [
        "Kim tells Putin North Korea 'fully supports' Russia",
        "By Friday the talks had ended without a result.",
        "By the end of the day",
        "Di Giorgio Corp <DIG> sets dividend",
        "(The minister did not reply.)",
        "Lead poisoning found in town's water",
        "Update expected on quake",
        "Urgent talks held",
        "Copyright lawyers say the case is lost.",
        "Hold the line, says minister",
        "COVID-19",
        "Editors leave paper after row",
        "12-34",
    ],
)
def test_headlines_and_sentences_are_no_furniture(line: str) -> None:
    assert furniture.mark_of(line) is None


@pytest.mark.parametrize(
    ("paragraph", "text", "credit"),
    [
        ("Two leaders shake hands on 19 June 2024. Picture: AFP", "Two leaders shake hands on 19 June 2024.", "AFP"),
        ("A street (Photo: AFP)", "A street", "AFP"),
        ("(Photo by ANN Example / AFP)", "", "ANN Example / AFP"),
        ("Photo by Ann EXAMPLE/AFP", "", "Ann EXAMPLE/AFP"),
        ("Image: Example Committee.", "", "Example Committee"),
        ("File photo: a general view. Picture: Paper/Agency", "File photo: a general view.", "Paper/Agency"),
        ("FILE PHOTO: The bank's logo, May 3, 2020. REUTERS/Ann Example/File Photo", "FILE PHOTO: The bank's logo, May 3, 2020.",
         "REUTERS/Ann Example/File Photo"),
        ("The square at night. Foto: Anna Muster/dpa", "The square at night.", "Anna Muster/dpa"),
        ("File photo of the minister", "File photo of the minister", None),
    ],
)  # fmt: skip
def test_captions_and_their_credits(paragraph: str, text: str, credit: str | None) -> None:
    assert furniture.credited(paragraph, anywhere=True) == (text, credit)


@pytest.mark.parametrize(
    "paragraph",
    [
        "The photo: a masterpiece of its time, the jury said.",
        "She looked at the picture by the door.",
        "The image, taken by a neighbour, was shown to AFP.",
        "Police said the video: by then seen a million times: was false.",
    ],
)
def test_sentences_about_pictures_are_no_captions(paragraph: str) -> None:
    assert furniture.credited(paragraph, anywhere=True) is None


@pytest.mark.parametrize(
    "line",
    [
        "(Reporting by Ann Example; Editing by Bo Sample)", "(Reporting by Ann Example) (Editing by Bo Sample)",
        "(Additional reporting by Ann Example in Paris; Writing by Bo Sample.)", "Reporting by Ann Example; Editing by Bo Sample",
        "hh/ph/ts/hd", "bur-hh/ph", "гг/пп/тт", "==Kyodo", "EFE", "/ritzau/", "ends", "Ends.", "dpa ra yyzz s5", "REUTER", "-30-",
        "###", "# # #",
        "MORE", "(MORE)", "(END)", "Enditem", "AP-WF-08-29-16 1626GMT<", "212101 GMT Nov 18", "NNNN", "___",
        "Ann Example in Paris contributed to this report.", "fgg/jm", "ho-rbu/txw/kjm", "(foto) (vídeo)", "(foto)(video)", "(Photos)",
    ],
)  # fmt: skip
def test_signoffs(line: str) -> None:
    assert furniture.is_signoff(line)


@pytest.mark.parametrize(
    "line",
    [
        "The talks ended.", "As reported by Example News, there are 150 seats to win.",
        "Reported by X, the figures show a rise, the bank said.",
        "He had more.", "More than that", "Either/Or", "Three people were hurt", "Reuters reported the deal on Monday.", "$5/kg",
    ],
)  # fmt: skip
def test_last_sentences_are_no_signoffs(line: str) -> None:
    assert not furniture.is_signoff(line)


@pytest.mark.parametrize(
    "paragraph",
    [
        "((ann.x@agency.example; +56 2 2370 4250))", "(a@b.example; Tel: +1 202 555 0100)", "(ann@b.example)", "(Tel: (212) 555-0100)",
        "((ann.x@agency.example; +1 (212) 555 0100; messaging: ann.x@b.example.net))",
    ],
)  # fmt: skip
def test_contact_lines(paragraph: str) -> None:
    assert furniture.is_contact(paragraph)


@pytest.mark.parametrize(
    "paragraph",
    [
        "(He did not reply.)", "(The bank earned 1,200,300 crowns in 2023.)", "Call +1 202 555 0100.", "Write to a@b.example (now)",
        "(Bakers) can write to a@b.example (or call)", "($1 = 7.25 yuan)",
    ],
)  # fmt: skip
def test_other_brackets_are_no_contact_lines(paragraph: str) -> None:
    assert not furniture.is_contact(paragraph)


@pytest.mark.parametrize(
    ("paragraph", "head", "tail"),
    [
        ("He left. REUTER", "He left.", "REUTER"),
        ('"No," he said. -30-', '"No," he said.', "-30-"),
        ("He left. (Reporting by Ann Example; Editing by Bo Sample)", "He left.", "(Reporting by Ann Example; Editing by Bo Sample)"),
        ("Se fue. EFE", "Se fue.", "EFE"),
        ("He left. ==Kyodo", "He left.", "==Kyodo"),
        ("Han gik. /ritzau/", "Han gik.", "/ritzau/"),
        ("Se fue. fgg/jm", "Se fue.", "fgg/jm"),
        ("He left. ho-rbu/txw/kjm", "He left.", "ho-rbu/txw/kjm"),
        ("He left. AAP RTV bd", "He left.", "AAP RTV bd"),
        ("غادر الوزير. بس/جح/ح ن", "غادر الوزير.", "بس/جح/ح ن"),
    ],
)
def test_signoffs_in_the_last_paragraph(paragraph: str, head: str, tail: str) -> None:
    assert furniture.split_tail(paragraph) == (head, tail)


@pytest.mark.parametrize(
    "paragraph",
    ["He told AFP", "He told AFP.", "Yes and/or no", "Drive 50 km/h", "It rains more.", "She asked for more", "(He did not reply.)"],
)
def test_a_last_word_is_no_signoff(paragraph: str) -> None:
    assert furniture.split_tail(paragraph) is None


@pytest.mark.parametrize(
    "line",
    ["The following information is not intended for publication", "The following information is not for publication", "# dpa NOTEBOOK"],
)
def test_notebooks(line: str) -> None:
    assert furniture.opens_notebook(line)


@pytest.mark.parametrize(
    "line", ["بس/جح/ح ن", "كسب-دل/غ ن/كم", "ח ל/דכ", "еп/кд", "AAP RTV bd", "Ann Example can be reached at http://example.org/ann"]
)
def test_signoffs_of_other_scripts_and_of_broadcast_desks(line: str) -> None:
    assert furniture.is_signoff(line)


@pytest.mark.parametrize("line", ["قال الوزير إنه سيغادر", "He can be reached at home", "he or/and she"])
def test_words_with_a_slash_or_without_are_no_initials(line: str) -> None:
    assert not furniture.is_signoff(line)


@pytest.mark.parametrize("line", ["Contact the ministry: it answers", "Telephone lines: a history", "E-mail use grows: study of 2019"])
def test_a_line_without_a_number_or_address_is_no_contact(line: str) -> None:
    assert furniture.mark_of(line) is None


def test_an_embargo_is_no_heading_of_a_notebook() -> None:
    assert not furniture.opens_notebook("Not for publication before 0900 GMT 2 June 2030")
