import re

import pytest

from transforms.text.names import find_entities
from transforms.text.places import find_places
from transforms.text.tagger import Span


def entities(body, headline="", home=None):
    return find_entities(headline, body, find_places(body), home)


def names(body, kind):
    return [(row["text"], row["canonical"]) for row in entities(body) if row["type"] == kind]


def people(body):
    return {row["canonical"] for row in entities(body) if row["type"] == "PER"}


def role(body, name):
    return next(row["role"] for row in entities(body) if row["text"] == name)


def test_titles_make_persons():
    assert people("On Monday Prime Minister Maria Tarn met President Okello in Oslo.") == {"Maria Tarn", "Okello"}


def test_a_surname_gets_the_full_name():
    body = "Finance Minister Maria Tarn resigned.\n\nTarn said nothing. Critics of Tarn's plan cheered."
    assert names(body, "PER") == [("Maria Tarn", "Maria Tarn"), ("Tarn", "Maria Tarn"), ("Tarn", "Maria Tarn")]


def test_two_persons_of_one_family_name_stay_apart():
    body = "Leader Ko Jong Min spoke. Ko smiled.\n\nAnalyst Ko Sung-ae told reporters so."
    assert people(body) == {"Ko Jong Min", "Ko Sung-ae"}


def test_a_name_inside_a_place_is_left_alone():
    rows = entities("They met in Ko Il Min square in Oslo.")
    assert [(r["text"], r["type"], r["place_country"]) for r in rows] == [("Ko Il Min square", "LOC", "NO"), ("Oslo", "LOC", "NO")]


def test_a_square_without_a_country_of_its_own_gets_the_storys():
    row = next(r for r in entities("A parade in Ko Il Min Square ended.", home="KP") if r["type"] == "LOC")
    assert (row["text"], row["place_country"]) == ("Ko Il Min Square", "KP")


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("a professor at the University of Tarnby said", "University of Tarnby"),
        ("she works at Tarnby University now", "Tarnby University"),
        ("shares of Tarnby Motors Corp fell", "Tarnby Motors Corp"),
        ("the Ministry of Foreign Affairs said", "Ministry of Foreign Affairs"),
        ("an Oslo-based Institute for Polar Strategy fellow", "Institute for Polar Strategy"),
        ("as the Securities and Exchange Commission found", "Securities and Exchange Commission"),
        ("it told AFP so", "AFP"),
        ("using its Security Council veto", "Security Council"),
    ],
)
def test_organisations(body, name):
    assert name in [text for text, _ in names(body, "ORG")]


def test_small_words_belong_to_a_name():
    body = "President Anna van der Roe spoke.\n\nCritics of van der Roe left, and so did Karim bin Salme, an activist."
    assert names(body, "PER") == [
        ("Anna van der Roe", "Anna van der Roe"),
        ("van der Roe", "Anna van der Roe"),
        ("Karim bin Salme", "Karim bin Salme"),
    ]


def test_a_title_inside_a_run():
    assert people("It was Tarnby Police Constable Mary Roe who came.") == {"Mary Roe"}


def test_a_firms_first_word_stands_for_it():
    body = "Avnor Motors Corp rose. Avnor said so on Monday, and Avnor's rivals fell."
    assert {canonical for _, canonical in names(body, "ORG")} == {"Avnor Motors Corp"}


def test_what_follows_a_firm_is_read_by_itself():
    rows = {r["text"]: r["type"] for r in entities("It was Avnor Motors Corp Chairman Mary Roe.")}
    assert rows == {"Avnor Motors Corp": "ORG", "Mary Roe": "PER"}


def test_an_unknown_name_after_a_preposition_of_place():
    rows = {r["text"]: r["type"] for r in entities("It happened in Tarnbyville, near the town of Roeburg, in Poe province.")}
    assert rows == {"Tarnbyville": "LOC", "Roeburg": "LOC", "Poe": "LOC"}


def test_an_acronym_takes_the_full_name():
    body = "The Polar Research Institute (PRI) opened. The PRI is in Oslo."
    assert {canonical for _, canonical in names(body, "ORG")} == {"Polar Research Institute"}


def test_roles_from_title_words_and_apposition():
    assert role("President Maria Tarn spoke.", "Maria Tarn") == "President"
    assert role("Police said leader Maria Tarn spoke.", "Maria Tarn") == "leader"
    assert (
        role("Maria Tarn, a professor at Tarnby University in Oslo, said so.", "Maria Tarn") == "a professor at Tarnby University in Oslo"
    )
    body = "It was, Oslo-based Institute for Polar Strategy's senior research fellow Maria Tarn told AFP."
    assert role(body, "Maria Tarn") == "Institute for Polar Strategy's senior research fellow"
    assert role("Mr. Tarn left.", "Tarn") is None


def test_words_that_open_sentences_days_and_headings_are_no_names():
    assert entities("However, on Monday in March experts left. Nothing happened. Meanwhile, The end came.") == []


@pytest.mark.parametrize("name", ["Maria Tarn", "Harbour Queen", "Blue Marlin"])
def test_a_vessel_is_no_person_wherever_the_story_names_it(name):
    rows = entities(f"The ferry {name} hit a pier in Oslo. Nobody aboard the {name} was hurt.")
    assert [row["type"] for row in rows if row["text"] == name] == ["MISC", "MISC"]


@pytest.mark.parametrize(
    "body",
    [
        "A repair ship, the Blue Marlin, left Oslo. The Blue Marlin is new.",
        "The pilot boat has been named Blue Marlin. Nobody had heard of a Blue Marlin.",
        "The tug was renamed the Blue Marlin, and the Blue Marlin it is.",
    ],
)
@pytest.mark.parametrize("type_", ["PER", "LOC", "ORG"])
def test_a_vessel_is_named_behind_its_kind(body, type_):
    spans = [Span(*match.span(), type_) for match in re.finditer("Blue Marlin", body)]
    found = find_entities("", body, find_places(body), spans=spans)
    assert [row["type"] for row in found if row["text"] == "Blue Marlin"] == ["MISC", "MISC"]


@pytest.mark.parametrize(
    "body",
    [
        "A ship, so said Blue Marlin.",
        "The crew named Blue Marlin.",
        "On the ship. It was named Blue Marlin.",
        "The ship carried a man named Blue Marlin.",
        "The ship of a man named Blue Marlin sank.",
        "The ship, the Blue Marlin said, was late.",
    ],
)
def test_who_is_not_named_behind_a_vessel_is_none(body):
    at = body.index("Blue")
    assert find_entities("", body, find_places(body), spans=[Span(at, at + 11, "PER")])[0]["type"] == "PER"


@pytest.mark.parametrize(
    ("body", "name", "canonical"),
    [
        ("The port of Zarnholm said so. Zarnholm was cut off.", "Zarnholm", "Zarnholm"),
        ("Ice lay on the banks of the Western Zarna. The Western Zarna froze.", "Western Zarna", "Western Zarna"),
        ("Lake Zarna fell. Zarna has fallen by a metre.", "Zarna", "Lake Zarna"),
    ],
)
def test_a_name_behind_a_kind_of_place_is_a_place_wherever_the_story_has_it(body, name, canonical):
    spans = [Span(0, len("Lake Zarna"), "LOC")] if body.startswith("Lake") else []
    spans += [Span(*match.span(), "ORG") for match in re.finditer(name, body) if match.start() > 9]
    found = find_entities("", body, find_places(body), spans=spans)
    assert [(row["type"], row["canonical"]) for row in found if row["text"] == name] == [("LOC", canonical)] * (1 + ("Lake" not in body))


def test_kinds_of_places_make_no_place_of_what_is_none():
    for body in (
        "The head of Zarnholm said so.",
        "The port of ZHC said so.",
        "The bank of Zarnholm said so.",
        "The banks of the ZHC said so",
    ):
        at = body.index("Z")
        found = find_entities("", body, find_places(body), spans=[Span(at, body.index(" said"), "ORG")])
        assert found[0]["type"] == "ORG", body


@pytest.mark.parametrize("name", ["Cyclone Ophira", "Hurricane Tarn", "Typhoon Maba", "Tropical Storm Nadia"])
def test_a_storm_is_no_organisation(name):
    assert [row["type"] for row in entities(f"{name} struck Oslo on Monday. Nobody had seen {name} come.") if row["text"] == name] == [
        "MISC",
        "MISC",
    ]


def test_titles_and_firms_behind_a_vessel_and_time_zones_are_as_they_were():
    assert people("On the ship Captain Maria Tarn spoke.") == {"Maria Tarn"}
    assert people(" Maria Tarn spoke to reporters in Oslo on Monday.") == {"Maria Tarn"}
    assert people("The hard-liner Maria Tarn spoke to reporters in Oslo on Monday.") == {"Maria Tarn"}
    assert [row["text"] for row in entities("The ferry left Oslo at 0412 GMT, or 0412 UTC.")] == ["Oslo"]


def test_a_town_in_capitals_that_opens_a_paragraph_is_a_place() -> None:
    body = "Snow fell.\n\nCAIRO: A ferry made its last trip."
    (found,) = find_entities("", body, find_places(body), spans=[Span(12, 17, "ORG")])
    assert (found["text"], found["type"], found["canonical"]) == ("CAIRO", "LOC", "Cairo")
    body = "Snow fell.\n\nCAIRO said a ferry made its last trip."
    assert find_entities("", body, find_places(body), spans=[Span(12, 17, "ORG")])[0]["type"] == "ORG"


def test_nouns_in_the_plural_that_open_a_sentence_are_no_organisations() -> None:
    body = "Farmers sold goats. Pilots bought them."
    assert find_entities("", body, find_places(body), spans=[Span(0, 7, "ORG"), Span(20, 26, "ORG")]) == []
    body = "Pilots won at home. The win was the first for Pilots."
    found = find_entities("", body, find_places(body), spans=[Span(0, 6, "ORG"), Span(46, 52, "ORG")])
    assert [row["text"] for row in found] == ["Pilots", "Pilots"]
    body = "Parliament met. It rained."
    assert len(find_entities("", body, find_places(body), spans=[Span(0, 10, "ORG")])) == 1


def test_a_person_named_like_a_place_stays_a_person_and_the_place_a_place():
    rows = entities("Actor Maria London said she liked London. London left, and flew to London.")
    assert [r["type"] for r in rows if r["text"] == "London"][-1] == "LOC"
    assert "Maria London" in people("Actor Maria London said so.")


def test_peoples_and_wide_regions():
    rows = {r["text"]: r["type"] for r in entities("German and European ministers of the Middle East met Kurdish leaders.")}
    assert rows == {"German": "NORP", "European": "NORP", "Middle East": "LOC", "Kurdish": "NORP"}


def test_salience_counts_headline_lead_and_share():
    body = "Maria Tarn met Boris Adler in Oslo.\n\nCarla Roe was there."
    rows = {r["canonical"]: r["salience"] for r in entities(body, "Tarn meets; Maria Tarn wins")}
    assert rows["Maria Tarn"] > rows["Boris Adler"] > rows["Carla Roe"] > 0
    assert max(rows.values()) <= 1


def test_rows_have_the_columns_of_the_contract():
    row = entities("Maria Tarn met him in Oslo.")[0]
    assert list(row) == [
        "span_start", "span_end", "text", "type", "canonical", "entity_key", "place_country", "geonames_id", "role", "salience", "tier",
    ]  # fmt: skip


@pytest.mark.parametrize("region", ["Africa", "Northeast Asia", "Horn of Africa", "Middle East", "Europe", "Inner Asia", "Tarnby Sea"])
def test_continents_and_world_regions_have_no_country_and_are_one_mention(region):
    body = f"They flew from Oslo to the {region} on Monday."
    rows = [r for r in find_entities("", body, find_places(body), "NO") if r["text"] != "Oslo"]
    assert [(r["text"], r["type"], r["place_country"]) for r in rows] == [(region, "LOC", None)]


def test_a_facility_without_a_table_has_the_country_around_it():
    body = "They flew to Oslo. At Tarnby Airport it rained."
    assert {r["text"]: r["place_country"] for r in find_entities("", body, find_places(body))}["Tarnby Airport"] == "NO"


def test_an_unknown_home_is_no_country():
    assert [r["place_country"] for r in find_entities("", "It rained at Tarnby Airport.", [], "ZZ")] == [None]


@pytest.mark.parametrize("body", ["The two Koreas agreed.", "He said both Germanys agreed.", "It is about the Sudans."])
def test_states_of_one_name_are_a_place_without_a_country(body):
    assert [(r["text"][-1], r["type"], r["place_country"]) for r in find_entities("", body, find_places(body), "US")] == [
        ("s", "LOC", None)
    ]


def test_a_family_named_like_a_country_is_none():
    body = "He met the Jordans in town. The Jordans were glad."
    assert all(r["type"] != "LOC" for r in find_entities("", body, find_places(body)))


def test_a_name_of_one_word_after_its_description_is_a_person():
    body = '"We saw it," said the union\'s leader, Tarnu, in town.'
    row = find_entities("", body, find_places(body))[0]
    assert (row["text"], row["type"], row["role"]) == ("Tarnu", "PER", "the union's leader")


def test_what_the_text_has_for_a_person_or_a_word_is_no_place_of_the_taggers():
    body = "Chad Roebeck wept. Chad left. Turkey was eaten. Peru was calm."
    spans = [Span(0, 12, "PER"), Span(19, 23, "LOC"), Span(30, 36, "LOC"), Span(48, 52, "LOC")]
    found = find_entities("", body, [], spans=spans, bearers={"Chad": "person", "Turkey": "word"})
    assert [(row["type"], row["canonical"]) for row in found] == [("PER", "Chad Roebeck"), ("PER", "Chad Roebeck"), ("LOC", "Peru")]
    assert find_entities("", body, [], spans=spans[1:2], bearers={"Chad": "person"})[0]["type"] == "LOC"


def test_a_village_lies_where_its_paragraph_says_or_the_story_plays_and_a_square_in_the_town_named_before():
    body = "They met in Pretoria.\n\nThe band left Rubaville and Roebeck Square."
    rows = find_entities("", body, find_places(body), "ZM", spans=[Span(37, 46, "LOC"), Span(51, 65, "LOC")])
    assert {row["text"]: row["place_country"] for row in rows if row["text"] != "Pretoria"} == {"Rubaville": "ZM", "Roebeck Square": "ZA"}
    body = body.replace("\n\n", " ")
    assert find_entities("", body, find_places(body), "ZM", spans=[Span(36, 45, "LOC")])[1]["place_country"] == "ZA"
