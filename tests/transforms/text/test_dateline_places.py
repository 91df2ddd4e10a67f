import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.text.dateline_places import dateline_country


@pytest.mark.parametrize(
    ("city", "region", "code"),
    [
        ("SEOUL", None, "KR"),
        ("LA CROSSE", "Wis.", "US"),
        ("CALGARY", "Alberta", "CA"),
        ("Clear Lake", "Iowa", "US"),
        ("LONDON", "Ontario", "CA"),
        ("LONDON", None, "GB"),
        ("SAITAMA", "Japan", "JP"),
        ("Nueva Delhi", None, "IN"),
        ("ROMA", None, "IT"),
        ("København", None, "DK"),
        ("Tel Aviv/Beirut", None, "IL"),
        ("KUWAIT", None, "KW"),
        ("WINDHOEK", None, "NA"),
        ("OSLO", None, "NO"),
        ("TBILISI", "Georgia", "GE"),
        ("ATLANTA", "Georgia", "US"),
        ("ST HELIER", "Jersey", "JE"),
        ("BENI", "Congo", "CD"),
        ("BRAZZAVILLE", "Congo", "CG"),
        ("NOWHERE", "Congo", "CD"),
        ("PYONGYANG", "Korea", "KP"),
        ("SEOUL", "Korea", "KR"),
        ("UNITED NATIONS", None, "US"),
        ("LENINGRAD", None, "RU"),
        ("WASHINGON", None, "US"),
        ("PHILADEPHIA", None, "US"),
        ("XYZZYVILLE", None, None),
        ("SPRINGFIELD", "News", None),  # an unknown region: which Springfield is guesswork
        ("VANCOUVER", "BC, Canada", "CA"),
        ("PERTH", "WA", "AU"),
        ("SPOKANE", "WA", "US"),
        ("بكين", None, "CN"),
        ("WILMINGTON", "Dela.", "US"),
        ("SPRINGFIELD", "N.", None),
        ("PONCE", "P.R.", "PR"),
        ("", None, None),
        ("", "", None),
    ],
)
def test_country_of_a_dateline(city, region, code):
    assert dateline_country(city, region) == code


@pytest.mark.parametrize(
    ("city", "text", "code"),
    [
        ("BIRMINGHAM", "The bank said it is the first in Alabama.", "US"),
        ("BIRMINGHAM", "The bank, the first in Alabama, lends to Britain.", "GB"),
        ("BIRMINGHAM", "The bank lends to U.S. firms.", "GB"),
        ("LONDON", "It drilled two wells in Ontario.", "GB"),  # too large to be meant without its state
        ("NEW BRUNSWICK", "The U.S. Food and Drug Administration asked the firm.", "US"),
        ("NEW BRUNSWICK", "The U.S. firm sells in Canada.", "CA"),
        ("NEW BRUNSWICK", "The firm sells more.", "CA"),
    ],
)
def test_the_text_says_which_namesake_a_dateline_without_its_state_means(city, text, code):
    assert dateline_country(city, None, text) == code


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40), st.none() | st.text(max_size=20))
def test_any_dateline_gives_a_code_or_none(city, region):
    code = dateline_country(city, region)
    assert code is None or (len(code) == 2 and code.isupper())
