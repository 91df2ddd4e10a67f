import pytest

from transforms.text.names import find_entities
from transforms.text.places import find_places
from transforms.text.quotes import find_quotes


def quotes(body):
    return find_quotes(body, find_entities("", body, find_places(body)))


def short(body):
    return [(row["text"], row["cue"], row["speaker"], row["speaker_canonical"]) for row in quotes(body)]


def test_attribution_after_the_quotation():
    assert short('"We will not go to the meeting," Maria Tarn said on Monday.') == [
        ("We will not go to the meeting,", "said", "Maria Tarn", "Maria Tarn")
    ]


def test_attribution_with_the_verb_first_and_an_apposition():
    body = '"We will not go," said Maria Tarn, a professor at Tarnby University in Oslo.'
    row = quotes(body)[0]
    assert (row["speaker"], row["affiliation"]) == ("Maria Tarn", "a professor at Tarnby University in Oslo")


def test_an_apposition_between_speaker_and_verb():
    body = '"They need it," Ko Yu-min, polar studies emeritus professor at Tarnby University, told AFP.'
    row = quotes(body)[0]
    assert (row["speaker"], row["cue"], row["affiliation"]) == (
        "Ko Yu-min",
        "told",
        "polar studies emeritus professor at Tarnby University",
    )


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ('Maria Tarn said: "We will go home now."', "forward"),
        ('Maria Tarn told reporters in Oslo on Monday, "We will go home now."', "forward"),
        ('Maria Tarn said "we will go home now" on Monday.', "forward"),
        ('Maria Tarn sent a blunt message: "We will go home now."', "colon"),
        ('In a statement Maria Tarn said:\n\n"We will go home now."', "above"),
        ('Maria Tarn said the trip was over. "We will go home now."', "beside"),
    ],
)
def test_attribution_before_the_quotation(body, rule):
    row = quotes(body)[-1]
    cue = "said" if "said" in body else "told" if "told" in body else ":"
    assert (row["rule"], row["cue"], row["speaker_canonical"]) == (rule, cue, "Maria Tarn")
    assert (row["type"], row["text"].strip(".")) == ("direct", row["text"][0] + "e will go home now")


def test_a_source_without_a_verb():
    assert short('According to the Tarnby Herald, "nobody was there at all."') == [
        ("nobody was there at all.", "According to", "the Tarnby Herald", "Tarnby Herald")
    ]
    assert short('Roe: "We will go home now."')[0][1:3] == (":", "Roe")


def test_a_participle_takes_the_subject_of_its_sentence():
    body = 'Maria Tarn hailed a "new era" in trade, saying "we express full support for all of them" over the plan.'
    assert short(body) == [("we express full support for all of them", "saying", "Maria Tarn", "Maria Tarn")]


def test_speech_that_a_cue_splits_is_one_row():
    body = '"We will go," Maria Tarn said. "Nobody will stay here."'
    row = quotes(body)[0]
    assert [body[f["span_start"] : f["span_end"]] for f in row["frags"]] == ["We will go,", "Nobody will stay here."]
    assert len(quotes(body)) == 1


def test_speech_over_several_paragraphs_is_one_row():
    body = '"We will go," Maria Tarn said. "It is time.\n\n"Nobody will stay here."\n\nThe end came.'
    row = quotes(body)[0]
    assert len(row["frags"]) == 3
    assert row["text"].endswith("stay here.")


def test_a_paragraph_of_speech_follows_its_speaker():
    rows = quotes('"We will go," Maria Tarn said.\n\n"Nobody will stay here."')
    assert [(r["rule"], r["speaker_canonical"]) for r in rows] == [("after", "Maria Tarn"), ("follow", "Maria Tarn")]
    assert rows[0]["confidence"] > rows[1]["confidence"]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ('They signed a "strategic partnership" deal, Maria Tarn said.', 'They signed a "strategic partnership" deal'),
        ('Maria Tarn described the claims as "absurd".', 'the claims as "absurd"'),
        (
            'Maria Tarn thanked them, saying Oslo appreciated the "consistent and unwavering" support.',
            'Oslo appreciated the "consistent and unwavering" support',
        ),
        (
            'In return, Boris Roe "gets secure access to the shells he needs now," Maria Tarn added.',
            'In return, Boris Roe "gets secure access to the shells he needs now,"',
        ),
        ('"Strategic patience" is over, Maria Tarn said.', '"Strategic patience" is over'),
    ],
)
def test_words_in_marks_within_what_was_said_make_it_mixed(body, text):
    (row,) = quotes(body)
    assert (row["type"], row["text"], row["speaker_canonical"]) == ("mixed", text, "Maria Tarn")


@pytest.mark.parametrize(
    ("body", "fragment"),
    [
        ('He was cautious about "completely burning bridges with other countries."', "completely burning bridges with other countries."),
        ("The film 'A Long Day' was shown.", "A Long Day"),
        ('Maria "Mitzi" Tarn won.', "Mitzi"),
        ('The "moderate" rebels fled.', "moderate"),
        ('They watched "The Tarnby Evening Show," which was new.', "The Tarnby Evening Show,"),
    ],
)
def test_scare_quotes_titles_and_nicknames_are_fragments_and_given_on_request(body, fragment):
    assert quotes(body) == []
    (row,) = find_quotes(body, [], fragments=True)
    assert (row["type"], row["text"], row["speaker"], row["cue"]) == ("fragment", fragment, None, None)


def test_a_pronoun_is_who_spoke_last():
    first = "It is part of a drive, senior fellow Ko Sung-ae told AFP."
    row = quotes(f'{first}\n\n"This is shown by Tarn\'s visit," he said, with Boris Tarn set to fly home.')[1]
    assert (row["speaker"], row["speaker_type"], row["speaker_canonical"], row["affiliation"]) == ("he", "pronoun", "Ko Sung-ae", None)


def test_a_pronoun_is_never_of_the_other_gender():
    body = 'James Roe met Mary Poe. James Roe said it rained.\n\n"We are glad it did," she said.'
    assert quotes(body)[-1]["speaker_canonical"] == "Mary Poe"


def test_a_speaker_has_the_nickname_in_the_name():
    body = '"I lost it all," said Kenji "Bull" Mori. Earvin "Magic" Johnson said he was sorry.'
    assert [row["speaker_canonical"] for row in quotes(body)] == ['Kenji "Bull" Mori', 'Earvin "Magic" Johnson']


def test_the_person_someone_speaks_for_is_not_the_speaker():
    row = quotes('"We will go home now," said a spokesman for Maria Tarn.')[0]
    assert (row["speaker_type"], row["speaker_canonical"]) == ("description", None)


def test_an_organisation_speaks():
    row = quotes('"We will go home now," Tarnby Motors Corp said.')[0]
    assert (row["speaker_type"], row["speaker_canonical"]) == ("ORG", "Tarnby Motors Corp")


@pytest.mark.parametrize("marks", ['""', "“”", "«»", "„“", "‘’"])
def test_all_kinds_of_marks(marks):
    body = f"{marks[0]}We will go home now,{marks[1]} Maria Tarn said."
    assert short(body) == [("We will go home now,", "said", "Maria Tarn", "Maria Tarn")]


def test_rows_have_the_columns_of_the_contract():
    assert list(quotes('"We will go home," she said.')[0]) == [
        "span_start", "span_end", "text", "type", "frags", "cue", "cue_start", "cue_end", "speaker", "speaker_start", "speaker_end",
        "speaker_canonical", "speaker_type", "affiliation", "confidence", "rule",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "speaker", "affiliation"),
    [
        ('"It is the first one," said its inventor, Orla Tarn. It was sold.', "Orla Tarn", "its inventor"),
        ('"We had three pupils," said the school\'s founder, Ana Roe, on Monday.', "Ana Roe", "the school's founder"),
        ('"It was late," said the head of the Tarnby Institute, Maria Roe.', "Maria Roe", "the head of the Tarnby Institute"),
        ('"It was late," its founder, Maria Roe, said on Monday.', "Maria Roe", "its founder"),
    ],
)
def test_a_name_in_apposition_to_a_description_is_the_speaker(body, speaker, affiliation):
    row = quotes(body)[0]
    assert (row["speaker"], row["speaker_type"], row["speaker_canonical"], row["affiliation"]) == (speaker, "PER", speaker, affiliation)


@pytest.mark.parametrize("rest", ["who gave a name.", "a shopkeeper who fled.", "according to Ana Roe."])
def test_a_description_without_a_name_stays_one(rest):
    row = quotes(f'"We saw the smoke," said a witness, {rest}')[0]
    assert (row["speaker"], row["speaker_type"], row["speaker_canonical"]) == ("a witness", "description", None)


@pytest.mark.parametrize(
    ("body", "cue"),
    [
        ('"We planted trees," Maria Tarn, who began the project in May, told AFP.', "told"),
        ('"We planted trees," Maria Tarn, a teacher who says little, later told AFP.', "told"),
        ('"We planted trees," Maria Tarn, whose father claimed the land, explained.', "explained"),
        ('Maria Tarn, who began the project in May, told AFP: "We planted many trees."', "told"),
        ('Maria Tarn, the head of the bank, said: "We planted many trees."', "said"),
        ('"We planted trees," Maria Tarn, 45, of Oslo said.', "said"),
    ],
)
def test_a_clause_between_commas_has_neither_cue_nor_speaker(body, cue):
    row = quotes(body)[0]
    assert (row["cue"], row["speaker"]) == (cue, "Maria Tarn")


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        ('"The vote is a farce," said Jane Doe. "They lie every day." James Tarn said that was false.', "Jane Doe"),
        ('"The mine is to blame," the Tarnby Herald quoted Maria Roe as saying.', "Maria Roe"),
        ("The Tarnby Herald quoted Maria Roe as saying the mine was to blame.", "Maria Roe"),
        ("Maria Roe was quoted by the Tarnby Herald as saying the mine was to blame.", "Maria Roe"),
        ("Two people briefed on the matter told AFP the plan was dead.", "Two people briefed on the matter"),
        ("Doctors treating the victims told AFP that many were burned.", "Doctors treating the victims"),
        ("A man accused of murder said he was sorry.", "A man accused of murder"),
    ],
)
def test_who_speaks_is_not_who_stands_nearest(body, speaker):
    assert quotes(body)[0]["speaker"] == speaker


def test_a_second_attribution_begins_a_second_quotation():
    body = '"It is raining," said Maria Tarn. "We saw it," said James Roe.'
    assert [row["speaker"] for row in quotes(body)] == ["Maria Tarn", "James Roe"]


GERMAN = "Am Montag war es in der Stadt ruhig, aber niemand blieb lange auf der Straße. "
FRENCH = "Lundi, la ville est restée calme mais personne ne voulait sortir dans la rue. "
SPANISH = "El lunes la ciudad estuvo tranquila pero nadie quiso salir a la calle. "
ITALIAN = "Lunedì la città era tranquilla ma nessuno voleva uscire per la strada. "
DANISH = "Mandag var der ro i byen, men ingen ville gå ud på gaden om aftenen. "


@pytest.mark.parametrize(
    ("body", "text", "cue", "speaker", "canonical"),
    [
        (GERMAN + "„Wir gehen nach Hause“, sagte Maria Roe.", "Wir gehen nach Hause", "sagte", "Maria Roe", "Maria Roe"),
        (
            GERMAN + "„Das ist ein Schlag für den Hafen“, sagte Maria Roe.",
            "Das ist ein Schlag für den Hafen",
            "sagte",
            "Maria Roe",
            "Maria Roe",
        ),
        (GERMAN + "Maria Roe sagte: „Wir gehen nach Hause.“", "Wir gehen nach Hause.", "sagte", "Maria Roe", "Maria Roe"),
        (FRENCH + "« Nous partons », a déclaré Maria Roe à Oslo.", "Nous partons", "a déclaré", "Maria Roe", "Maria Roe"),
        (FRENCH + 'Maria Roe est là. "On verra", dit-elle.', "On verra", "dit-elle", "elle", "Maria Roe"),
        (SPANISH + '"Vamos a casa", dijo Maria Roe.', "Vamos a casa", "dijo", "Maria Roe", "Maria Roe"),
        (SPANISH + "«Vamos», afirmó la portavoz del club, Maria Roe.", "Vamos", "afirmó", "Maria Roe", "Maria Roe"),
        (ITALIAN + "«Siamo pronti», ha detto il ministro Mario Roe.", "Siamo pronti", "ha detto", "il ministro Mario Roe", "Mario Roe"),
        (DANISH + "»Vi er klar,« siger Maria Roe.", "Vi er klar,", "siger", "Maria Roe", "Maria Roe"),
    ],
)
def test_other_languages(body, text, cue, speaker, canonical):
    assert short(body) == [(text, cue, speaker, canonical)]


def test_a_description_in_another_language_ends_before_the_time():
    row = quotes(GERMAN + "„Wir gehen nach Hause“, sagte ein Sprecher am Montag.")[0]
    assert (row["speaker"], row["speaker_type"]) == ("ein Sprecher", "description")


def test_foreign_verbs_and_pronouns_do_not_count_in_english():
    body = "The town was calm on Monday and nobody wanted to go out to the street with the dogs. "
    assert quotes(body + 'They rolled "many very old white" dice again.') == []
    assert quotes(body + 'Lei Han ran. "It is raining," said Han.')[0]["speaker_type"] != "pronoun"


def test_quoted_words_in_what_leads_into_a_quotation_are_part_of_it():
    """No words are given twice, scare quotes neither."""
    body = 'Officials in Tarnby feared the "rivers" would rise; "we are watching all of them," one said.'
    assert [row["text"] for row in find_quotes(body, [], fragments=True)] == [body[: body.index(" one said")]]
    body = '"The wind we all know so well" was to be a "cautionary tale," said Maria Tarn.'
    assert [row["text"] for row in quotes(body)] == [body[1 : body.index(" said")]]


def test_another_verb_of_speech_ends_the_phrase_before_a_verb_in_other_languages_too():
    body = 'Das ist der Bericht, den die Behörde mit der Stadt schrieb. Der Sprecher sagte Maria Tarn sagte: "Das ist nicht alles."'
    assert short(body) == [("Das ist nicht alles.", "sagte", "Maria Tarn", "Maria Tarn")]


def test_a_blank_at_the_end_of_a_paragraph_does_not_end_a_quotation_left_open():
    body = 'Maria Tarn said: "We will go home now. \n\n"And we shall come back."'
    assert [[body[frag["span_start"] : frag["span_end"]] for frag in row["frags"]] for row in quotes(body)] == [
        ["We will go home now.", "And we shall come back."]
    ]
