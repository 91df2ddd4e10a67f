import pytest

from transforms.text.located import located_country, more_exact


@pytest.mark.parametrize(
    ("located", "country"),
    [
        ("Wien", "AT"), ("Haag", "NL"), ("Praha", "CZ"), ("Genève", "CH"), ("Peking", "CN"), ("Venezia", "IT"), ("القدس", "IL"),
        ("New York, NY", "US"), ("Roma (Italia)", "IT"), ("München/Den Haag", "DE"), ("NSW", "AU"), ("Sydney NSW", "AU"), ("Bermuda", "BM"),
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
