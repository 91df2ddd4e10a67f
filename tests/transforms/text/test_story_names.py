"""Hard cases of names within a story: which mentions are one person or organisation, and what their keys are."""

import pytest

from transforms.text.annotate import annotate

CASES = {
    "family name first, two of them": (
        "Leader Ko Jong-min met Xi Tarnping. Ko told Xi so.\n\nAnalyst Ko Sung-ae was there, said Ko Jong Min.",
        {"Ko Jong-min": "Ko Jong Min", "Xi": "Xi Tarnping", "Ko": "Ko Jong Min", "Ko Sung-ae": "Ko Sung-ae"},
    ),
    "turned round": ("Prime Minister Orban Viktor spoke. Viktor Orbán left.", {"Viktor Orbán": "Orban Viktor"}),
    "initials": ("J. Tarnby wrote it. John Tarnby said so. Tarnby left.", {"J. Tarnby": "John Tarnby", "Tarnby": "John Tarnby"}),
    "accents": ("António Guterres spoke. Antonio Guterres left.", {"Antonio Guterres": "António Guterres"}),
    "apostrophes": ("Minister John O’Neill spoke. Critics of O'Neill left.", {"O'Neill": "John O’Neill"}),
    "particles": (
        "Ursula von der Leyen met Bashar al-Assad of Syria on Monday. Mrs von der Leyen left. Nobody knew what Assad said.",
        {"von der Leyen": "Ursula von der Leyen", "Assad": "Bashar al-Assad"},
    ),
    "a name in the middle": ("Luiz Inacio Lula da Silva spoke. Lula left.", {"Lula": "Luiz Inacio Lula da Silva"}),
    "a suffix": ("Martin Luther King III came. King left.", {"King": "Martin Luther King III"}),
    "a title that is a given name": ("Radio host Don Tarnby died. Tarnby was 79.", {"Tarnby": "Don Tarnby"}),
    "two with one surname": ("David and Louise Tarnby left.", {"David": "David Tarnby", "Louise Tarnby": "Louise Tarnby"}),
    "a firm called after a person": (
        "Shares of J.P. Morgan and Co Inc rose. Morgan said so on Monday.",
        {"Morgan": "J.P. Morgan and Co Inc"},
    ),
    "brackets": (
        "The International Atomic Energy Agency (IAEA) said so. The IAEA left.",
        {"IAEA": "International Atomic Energy Agency"},
    ),
    "brackets, the acronym first": (
        "The IAEA (International Atomic Energy Agency) said so.",
        {"IAEA": "International Atomic Energy Agency"},
    ),
    "brackets, in another language": (
        "The World Food Programme (PAM) came. Then the PAM left.",
        {"PAM": "World Food Programme"},
    ),
    "known by its acronym": ("The United Nations met. The U.N. said so.", {"U.N.": "United Nations"}),
}


def canonical(body, headline=""):
    return {row["text"]: row["canonical"] for row in annotate([{"headline": headline, "body": body}])[0].entities}


def keys(body):
    return {row["text"]: row["entity_key"] for row in annotate([{"body": body}])[0].entities}


@pytest.mark.parametrize("case", CASES)
def test_hard_cases(case):
    body, expected = CASES[case]
    found = canonical(body)
    assert {text: found.get(text) for text in expected} == expected


def test_family_names_that_the_tagger_missed():
    body = "President Xi Tarnping spoke in Oslo. It was Xi who left, and after Xi the others; the Xi they knew."
    assert [row["canonical"] for row in annotate([{"body": body}])[0].entities if row["text"] == "Xi"] == ["Xi Tarnping"] * 3


def spouses():
    story = "Bill Clinton met Hillary Clinton in Oslo. {} said so on Monday."
    return [canonical(story.format(f"{title} Clinton"))["Clinton"] for title in ("Mr", "Mrs")]


def test_a_title_tells_spouses_apart():
    assert spouses() == ["Bill Clinton", "Hillary Clinton"]


def test_a_title_of_the_other_gender_is_nobody_known():
    assert canonical("Mr Anders Tarnby spoke. Mrs Tarnby left.")["Tarnby"] == "Tarnby"


def test_a_relative_does_not_take_the_surname():
    body = "Jane Tarnby spoke on Monday.\n\nShe is the daughter of Anton Tarnby, a baker. Tarnby was born in Oslo."
    assert canonical(body)["Tarnby"] == "Jane Tarnby"


def test_a_persons_name_in_an_organisation_or_place_is_left_alone():
    found = canonical("Bill Clinton spoke at the Clinton Foundation. They met in Kim Il Sung square.")
    assert found["Clinton Foundation"] == "Clinton Foundation"
    assert found["Kim Il Sung square"] == "Kim Il Sung square"
    assert not any(name in found for name in ("Kim Il Sung", "Kim"))


@pytest.mark.parametrize("day", ["Tuesday", "Thursday", "August", "October"])
def test_days_and_months_are_no_names_before_a_state_either(day):
    found = canonical(f"In a report released {day}, Washington recalled its ambassador. He was in Iraq in {day}. {day}, Ohio voted.")
    assert day not in found


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Kim Jong Un", "per:kim jong un"),
        ("Kim Jong-un", "per:kim jong un"),
        ("Bashar al-Assad", "per:bashar assad"),
        ("António Guterres", "per:antonio guterres"),
        ("Guterres", None),
        ("J. Tarnby", None),
        ("United Nations", "org:united nations"),
        ("U.N.", "org:united nations"),
        ("Ford Motor Co", "org:ford motor"),
        ("Supreme Court", None),
        ("Dongguk University", "org:dongguk university"),
        ("North Korea", "country:KP"),
        ("DPRK", "country:KP"),
        ("North Koreans", "people:KP"),
        ("Pyongyang", "geonames:1871859"),
        ("California", "region:US:california"),
    ],
)
def test_keys(name, key):
    assert keys(f"The speaker of {name} said so on Monday, and the people of {name} agreed.").get(name) == key


def test_a_surname_has_its_persons_key():
    assert keys("Leader Kim Jong Un spoke. Kim left.")["Kim"] == "per:kim jong un"


@pytest.mark.parametrize("headline", ["Tarnby meets minister", "TARNBY MEETS MINISTER", "Minister: Karl Tarnby is wrong"])
def test_a_surname_in_the_headline_counts(headline):
    rows = annotate([{"headline": headline, "body": "Karl Tarnby spoke.\n\nAnna Roe left."}])[0].entities
    assert {row["canonical"]: row["salience"] for row in rows} == {"Karl Tarnby": 0.8, "Anna Roe": 0.2}


def test_a_place_in_the_headline_counts_by_any_of_its_names():
    rows = annotate([{"headline": "U.S. says no", "body": "The United States said no."}])[0].entities
    assert [row["salience"] for row in rows] == [1.0]


def test_a_role_says_what_is_no_longer():
    rows = annotate([{"body": "It was former President Karl Tarnby who spoke."}])[0].entities
    assert [row["role"] for row in rows] == ["former President"]


@pytest.mark.parametrize("body", ["", "Kim (Kim) (", "De De De", "A. B. C.", '"X" "Y" Jr. III', "\ud800 Roe \udc00 (R) Roe", "Al " * 500])
def test_any_text_is_read(body):
    for row in annotate([{"headline": body, "body": body}])[0].entities:
        assert body[row["span_start"] : row["span_end"]] == row["text"]
