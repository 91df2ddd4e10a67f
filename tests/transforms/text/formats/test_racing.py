import datetime as dt

import pytest

from transforms.text.formats import racing
from transforms.text.parsed import Parsed, When


def read(slugline: str | None, take_key: str | None, body: str) -> Parsed:
    parsed = Parsed(format="zczc", slugline=slugline, body=body)
    racing.read(parsed, take_key)
    return parsed


@pytest.mark.parametrize(
    ("slug", "take_key", "body", "slugline", "headline", "subject"),
    [
        ("Northtown Grey", "11/10/2015", "Race A\nAAP FIELDS", "Northtown Grey", "Northtown Greyhound Fields Sunday", "15082000"),
        ("Northtown Trot", "11/10/2015", "Race A\nAAP FIELDS", "Northtown Trot", "Northtown Trot Fields Sunday", "15030003"),
        ("Northtown Betting", "11/2/2017", "Race A", "Northtown Market", "Northtown Market Saturday", "15030001"),
        ("Northtown Comment", "Saturday", "Race A", "Northtown Comment", "Northtown Gallop Comment Saturday", "15030001"),
        ("Northtown", "Monday", "Race A\nAAP RESULTS\n", "Northtown", "Northtown Gallop Results Monday", "15030001"),
        ("Northtown Trot TAB Divs", "Monday", "Race A", "Northtown Trot TAB Divs", "Northtown Trot TAB Divs Monday", "15030003"),
        ("Northtown Form", None, "Race A", "Northtown Form", "Northtown Gallop Form", "15030001"),
        (None, None, "Port Sample Comment Saturday races 1-6\nRace A", "Port Sample Comment",
         "Port Sample Gallop Comment Saturday races 1-6", "15030001"),
    ],
)  # fmt: skip
def test_slug_sign_off_and_day_make_the_headline(
    slug: str | None, take_key: str | None, body: str, slugline: str, headline: str, subject: str
) -> None:
    item = read(slug, take_key, body)
    assert (item.slugline, item.headline, item.genre) == (slugline, headline, "Racing Data")
    assert [each["code"] for each in item.subjects] == ["anpa:r", subject]
    assert item.body.strip() == "Race A"


def test_the_date_of_the_races_dates_the_dateline() -> None:
    item = read("Northtown Betting", "11/2/2017", "   MELBOURNE, Feb 09 AAP - Latest betting.\nAAP BETTING")
    assert item.published == When(dt.datetime(2017, 2, 9, tzinfo=dt.UTC), "day")
    assert item.extra == {"take_key": "Saturday", "race_day": "2017-02-11", "signoff": "AAP BETTING"}
    assert read("Northtown Betting", "2/1/2017", "MELBOURNE, Dec 30 AAP - Latest betting.").published == When(
        dt.datetime(2016, 12, 30, tzinfo=dt.UTC), "day"
    )


@pytest.mark.parametrize(
    ("slug", "body"),
    [
        ("Bread-Prices", "Bread costs more."),
        (None, "Bread\nmore"),
        (None, ""),
        ("Tax form", "Fill it in."),
        ("Rowing Results", "A\nAAP RESULTS"),
    ],
)
def test_other_copy_is_left_as_it_is(slug: str | None, body: str) -> None:
    assert read(slug, "1ST LEAD", body) == Parsed(format="zczc", slugline=slug, body=body)


@pytest.mark.parametrize("take_key", ["99/99/2017", "1/2", "", None])
def test_a_take_key_that_is_no_date_is_a_word(take_key: str | None) -> None:
    assert read("Northtown Fields", take_key, "Race A").headline == " ".join(filter(None, ["Northtown Gallop Fields", take_key]))


def test_only_the_sign_off_is_taken_out() -> None:
    assert read("Northtown Grey", "Sunday", "Best form\nRace A\n AAP FIELDS \n").body == "Best form\nRace A"
