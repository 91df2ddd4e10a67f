import pytest

from transforms.text.located import located_country, more_exact, outlet_country


@pytest.mark.parametrize(
    ("located", "country"),
    [
        ("Wien", "AT"), ("Haag", "NL"), ("Praha", "CZ"), ("Genève", "CH"), ("Peking", "CN"), ("Venezia", "IT"), ("القدس", "IL"),
        ("New York, NY", "US"), ("Roma (Italia)", "IT"), ("München/Den Haag", "DE"), ("NSW", "AU"), ("Sydney NSW", "AU"), ("Bermuda", "BM"),
        ("Goma, Congo", "CD"), ("Brazzaville, Congo", "CG"),
        ("Springfield, News", None), ("Room 12", None), ("Desk", None), ("", None), (None, None), ("x" * 200, None),
    ],
)  # fmt: skip
def test_the_country_of_a_place_as_files_write_it(located: str | None, country: str | None) -> None:
    assert located_country(located) == country


@pytest.mark.parametrize(
    ("given", "named", "country"), [("CN", "HK", "HK"), ("DK", "FO", "FO"), ("CN", None, "CN"), ("FR", "HK", "FR"), ("GB", "AU", "GB")]
)
def test_a_territory_is_more_exact_than_its_state(given: str, named: str | None, country: str) -> None:
    assert more_exact(given, named) == country


@pytest.mark.parametrize(
    ("language", "url", "country"),
    [
        ("en", "https://www.courier.co.uk/a/b", "GB"), ("en-US", "https://courier.co.uk", "GB"), ("en-GB", None, "GB"),
        ("de-AT", "https://x.com/a", "AT"),
        ("en-US", "https://x.com/a", None), ("en", "https://x.io/a", None), ("en-GB", "https://x.tv", "GB"), ("zh-Hant-TW", None, "TW"),
        ("pt-br", None, "BR"),
        ("zh-Hans", None, None), ("en", "http://[x/", None), ("en", "courier.uk", None), ("fr", None, None),
        (None, None, None), ("", "", None), ("xx-ZZ", None, None),
    ],
)  # fmt: skip
def test_the_country_that_a_story_is_written_for(language: str | None, url: str | None, country: str | None) -> None:
    assert outlet_country(language, url) == country
