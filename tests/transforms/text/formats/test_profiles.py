import pytest

from transforms.text.agencies import agency_named
from transforms.text.formats.profiles import PROFILES, UNKNOWN, profile_of, provider_named
from transforms.text.parsed import Parsed


def test_no_name_is_that_of_two_agencies() -> None:
    names = [name for profile in PROFILES for name in {*profile.ids, profile.name.lower()}]
    assert len(set(names)) == len(names)
    assert all(name == name.lower() for name in names)


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
def test_every_profile_has_a_zone_and_a_name_that_the_lake_knows(profile: object) -> None:
    found = next(each for each in PROFILES if each is profile)
    assert found.time_zone is not None
    assert agency_named(found.name) in (found.name, None)


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        (["AFP"], "AFP"),
        (["nprov:AFP"], "AFP"),
        ([None, "", "http://www.itar-tass.com/en"], "TASS"),
        (["Somebody", "dpa.com"], "dpa"),
        (["Keystone-SDA"], "ATS"),
        (["The Canadian Press"], "CP"),
        (["Island News Service"], "Island News Service"),
        ([None, " "], None),
    ],
)
def test_a_provider_has_one_name_however_a_file_names_it(names: list[str | None], wanted: str | None) -> None:
    name, profile = provider_named(*names)
    assert name == wanted
    assert (profile is UNKNOWN) == (wanted in (None, "Island News Service"))


@pytest.mark.parametrize(
    ("agency", "given", "wanted"),
    [
        ("EFE", {"byline": "gr/bp", "dateline": "20240619T1000", "deck": "S", "slugline": "S"},
         {"byline": None, "dateline": None, "deck": None, "extra": {"signoff": "gr/bp"}}),
        ("EFE", {"byline": "Ana Ruiz", "dateline": "Madrid, 19 jun"}, {"byline": "Ana Ruiz", "dateline": "Madrid, 19 jun"}),
        ("STT", {"creditline": "STT–"}, {"creditline": "STT"}),
        ("STT", {"item_kind": "planning", "guid": "urn:newsml:stt.fi:20240619:12"}, {"guid": "urn:newsml:stt.fi:12"}),
        ("STT", {"guid": "urn:newsml:stt.fi:20240619:12"}, {"guid": "urn:newsml:stt.fi:20240619:12"}),
        ("Reuters", {"located": "No-Data-Available", "headline": "A"}, {"located": None, "headline": "A"}),
        ("AP", {"guid": "https://api.ap.org/media/v/content/ab?qt=1&et=2"}, {"guid": "https://api.ap.org/media/v/content/ab"}),
        ("Belga", {"guid": "urn:newsml:www.belga.be:20240619T101010+0200:77"}, {"guid": "urn:newsml:www.belga.be:77"}),
        ("TASS", {"slugline": "URGENT"}, {"signal": "urgent"}),
        ("TASS", {"slugline": "Urgent", "signal": "correction"}, {"signal": "correction"}),
    ],
)  # fmt: skip
def test_what_a_profile_changes(agency: str, given: dict[str, object], wanted: dict[str, object]) -> None:
    parsed = Parsed(format="x", **given)  # type: ignore[arg-type]
    profile_of(agency).amend(parsed)
    assert {name: getattr(parsed, name) for name in wanted} == wanted
