import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.text.gazetteer import towns, towns_by_name
from transforms.text.local_places import home_regions
from transforms.text.places import find_places

OHIO = "The Licking County sheriff spoke in Newark. Ohio will pay."


def countries(text, home=None):
    return {place.text: place.country for place in find_places(text, home)}


def test_the_names_of_a_text_say_which_state_it_is_about():
    assert list(home_regions({"Licking County", "Newark"})) == [("US", "OH")]
    assert list(home_regions({"Licking County", "Newark"}, home="GB")) == []
    assert home_regions({"Oslo", "Norway"}) == {}


def test_a_text_that_names_many_states_is_local_to_none():
    assert home_regions({"Ohio", "Texas", "Maine"}) == {}


@pytest.mark.parametrize("name", ["Dublin", "London", "Athens"])
def test_a_world_citys_name_is_the_towns_of_a_text_about_its_state(name):
    assert countries(f"{OHIO} A man from {name} was hurt.")[name] == "US"
    assert countries(f"A man from {name} was hurt.")[name] != "US"


def test_what_speaks_for_the_larger_place_outweighs_the_state():
    assert countries(f"{OHIO} The French mayor of Paris was there.")["Paris"] == "FR"
    assert countries(f"{OHIO} She was in Paris.", home="FR")["Paris"] == "FR"


def test_a_countrys_name_is_a_towns_only_where_no_other_country_is_named():
    text = f"{OHIO} The Lebanon school board met in Lebanon."
    assert countries(text)["Lebanon"] == "US"
    assert countries(f"{text} Syria said nothing.")["Lebanon"] == "LB"


def test_small_towns_are_found_in_texts_about_their_state_alone():
    assert countries(f"{OHIO} A fire in Buckeye Lake hurt two.")["Buckeye Lake"] == "US"
    assert "Buckeye Lake" not in countries("A fire in Buckeye Lake hurt two.")


def test_a_longer_name_replaces_the_place_within_it():
    assert countries(f"{OHIO} A fire in New Paris hurt two.")["New Paris"] == "US"
    assert countries(f"{OHIO} A fire in St. Paris hurt two.")["St. Paris"] == "US"


def test_a_persons_name_stays_one():
    found = countries(f"{OHIO} Anna Heath and Mr. Hebron met. Heath said no.")
    assert set(found) == {"Licking County", "Newark", "Ohio"}


def test_counties_of_a_list():
    text = "Minnesota gives more to Becker, Otter Tail and Wilkin counties."
    assert {"Becker", "Otter Tail", "Wilkin"} <= set(countries(text))
    assert "Otter Tail" not in countries("Becker, Otter Tail and Wilkin counties")


@pytest.mark.parametrize("text", ["Ill. man found", "Sen. Roe, D-Pa., spoke", "Rep. Roe (R-Kan.) spoke"])
def test_a_states_abbreviation_without_a_town(text):
    assert [place.country for place in find_places(text)] == ["US"]


@pytest.mark.parametrize("text", ["It was very ill. Man found", "from 200 B.C. to today", "Type O. blood", "He is a Pa. Roe"])
def test_what_only_looks_like_an_abbreviation(text):
    assert find_places(text) == []


def test_spans_are_those_of_the_text_in_order_and_apart():
    text = f"{OHIO}\nIn Mt. Vernon’s school, St.\xa0Paris and New\nParis. Clay, Knox and Licking counties, Heath Heath."
    end = 0
    for place in find_places(text):
        assert text[place.span_start : place.span_end] == place.text
        assert place.span_start >= end
        end = place.span_end


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(["Heath", "St.", "New Paris", "Clay, Knox and Licking counties", "Å", "\ud800", "’s", "D-Pa.", ". ", "\n", "İzmir"])
    )
)
def test_any_text_about_a_state_keeps_its_offsets(pieces):
    text = OHIO + " ".join(pieces)
    end = 0
    for place in find_places(text):
        assert text[place.span_start : place.span_end] == place.text
        assert place.span_start >= end
        end = place.span_end


def test_towns_have_ids_and_coordinates():
    sense = next(town for town in towns("Buckeye Lake") if town.country == "US")
    assert (sense.admin1, sense.geonames_id) == ("OH", 4507378)
    assert all(-90 <= town.lat <= 90 and -180 <= town.lon <= 180 for name in towns_by_name() for town in towns(name))


@pytest.mark.parametrize("piece", ["Heath ", "St. Paris ", "Clay, ", "Clay, Knox and ", "Ohio ", "A.", "New ", "counties "])
def test_hostile_repetition_takes_linear_time(piece):
    find_places(OHIO)
    start = time.process_time()
    find_places(f"{OHIO} Knox counties. {piece * 20_000}")
    assert time.process_time() - start < 4
