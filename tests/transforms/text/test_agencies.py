"""Agencies: the forms that name them, and whose copy a story is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.text.agencies import agencies, agency_in, agency_named, provider_of


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("AFP", "AFP"),
        ("dpa", "dpa"),
        ("Reuters", "Reuters"),
        ("(AP)", "AP"),
        ("/ritzau/", "Ritzau"),
        ("==Kyodo", "Kyodo"),
        ("REUTER", "Reuters"),
        ("dpa/lni", "dpa"),
        ("ats afp", "ATS"),
        ("awp/ats", "AWP"),
        ("dpa ra yyzz s5", "dpa"),
        ("© Agence France-Presse", "AFP"),
        ("© 2023 AFP", "AFP"),
        ("© AP 2024", "AP"),
        ("(c) ITAR-TASS 2019", "TASS"),
        ("Reuters/A. Photographer", "Reuters"),
        ("GLOBE NEWSWIRE", "GlobeNewswire"),
        ("PRNewswire", "PR Newswire"),
        ("Opta Sports Data", "Opta"),
        ("أ ف ب", "AFP"),
    ],
)
def test_a_credit_names_its_agency(text: str, name: str) -> None:
    assert agency_in(text) == name


@pytest.mark.parametrize("text", ["", "AA Milne", "Santa Ana", "Pa.", "ends", "paid", "Staff", "a map of APs", "AFPs", "###", "-30-"])
def test_what_only_looks_like_an_agency_is_none(text: str) -> None:
    assert agency_in(text) is None


def test_running_text_is_not_searched() -> None:
    assert agency_in("He told Reuters. " * 100) is None


def test_every_form_names_an_agency_and_no_form_has_two() -> None:
    seen: dict[str, str] = {}
    for agency in agencies():
        for form in (*agency.forms, *agency.line_forms):
            assert seen.setdefault(form, agency.name) == agency.name, form
            assert agency_named(form) is not None, form


def test_metadata_comes_first() -> None:
    assert provider_of(" The Evening Post ", "AFP", "Reuters", ["dpa"], "he told AP.") == "The Evening Post"


def test_dateline_then_credit_then_signoff_then_body() -> None:
    assert provider_of(None, "AFP", "Reuters", ["dpa"], "he told The Associated Press.") == "AFP"
    assert provider_of("", None, "Reuters", ["dpa"], "he told The Associated Press.") == "Reuters"
    assert provider_of(None, None, None, ["dpa ra yyzz s5"], "he told The Associated Press.") == "dpa"
    assert provider_of(None, None, None, [], "he told The Associated Press.") == "AP"
    assert provider_of(None, None, None, [], "he said.") is None


def test_an_outlet_that_no_table_knows_is_kept_from_the_dateline() -> None:
    assert provider_of(None, "CBSMiami", None, [], "") == "CBSMiami"


def test_a_picture_credit_alone_never_decides() -> None:
    assert provider_of(None, None, "Picture: AFP", [], "") is None
    assert provider_of(None, None, "AP Photo", ["Photo by Reuters"], "") is None


def test_reuters_and_afp_are_told_by_their_own_signoffs() -> None:
    assert provider_of(None, None, None, ["(Reporting by A. Writer in Paris; Editing by B. Editor)"], "") == "Reuters"
    assert provider_of(None, None, None, ["(Reporting by A. Writer)", "(Editing by B. Editor)"], "") == "Reuters"
    assert provider_of(None, None, None, ["hh/ph/ts/hd"], "") == "AFP"
    assert provider_of(None, None, None, ["ab/cd"], "") is None


def test_a_list_of_sources_is_no_provider() -> None:
    assert provider_of(None, None, None, ["kb/wd (AFP, Reuters, dpa)"], "") is None


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ('"Yes," she told AFP.', "AFP"),
        ("she told AFPTV", None),
        ("she told Reuters and AFP", "Reuters"),
        ("she told Reuters. He told AFP.", None),
        ("she told Reuters. He told AFP. They told AFP.", "AFP"),
        ("sagte er der Deutschen Presse-Agentur.", "dpa"),
        ("a-t-elle déclaré à l’AFP.", "AFP"),
        ("ha detto all'ANSA.", "ANSA"),
        ("he told Interfax", None),
    ],
)
def test_the_agency_that_people_spoke_to(body: str, name: str | None) -> None:
    assert provider_of(None, None, None, [], body) == name


@given(st.text(), st.text(), st.lists(st.text(), max_size=3))
def test_any_text_is_taken(credit: str, body: str, signoffs: list[str]) -> None:
    provider_of(None, None, credit, signoffs, body)
    found = agency_in(credit)
    assert found is None or found in {agency.name for agency in agencies()}
