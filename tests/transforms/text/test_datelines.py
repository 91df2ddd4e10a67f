"""Datelines: every form of the agencies and papers, what only looks like one, fields of metadata."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.text.datelines import LONGEST, parse_dateline, split_dateline

# paragraph without its last words, city, region, (month, day, year), agency; the dateline is all that stands before ' | '.
FORMS = [
    ("SEOUL - |North Korea", "Seoul", None, (None, None, None), None),
    ("STOCKHOLM, Aug 29, 2014 (AFP) - |The", "Stockholm", None, (8, 29, 2014), "AFP"),
    ("Strasbourg, 10 juil 2024 (AFP) |Le", "Strasbourg", None, (7, 10, 2024), "AFP"),
    ("SEOUL, Nov 26 AFP - |The", "Seoul", None, (11, 26, None), "AFP"),
    ("Washington (AFP) - |The", "Washington", None, (None, None, None), "AFP"),
    ("LA CROSSE, Wis. (AP) — |A man", "La Crosse", "Wis.", (None, None, None), "AP"),
    ("KNOXVILLE, Tenn. (AP) _ |A man", "Knoxville", "Tenn.", (None, None, None), "AP"),
    ("CLEAR LAKE, Iowa, Dec 23 (Reuters) - |A man", "Clear Lake", "Iowa", (12, 23, None), "Reuters"),
    ("NEW YORK (Reuters) - |Shares", "New York", None, (None, None, None), "Reuters"),
    ("Jan 3 (OPTA) - |Results", None, None, (1, 3, None), "Opta"),
    ("Berlin (dpa) - |Der", "Berlin", None, (None, None, None), "dpa"),
    ("Moskau (dpa) – |Der", "Moskau", None, (None, None, None), "dpa"),
    ("Peine (dpa/lni) - |Der", "Peine", None, (None, None, None), "dpa"),
    ("Tel Aviv/Beirut (dpa) - |Die", "Tel Aviv", None, (None, None, None), "dpa"),
    ("Paris (ats afp) |Le", "Paris", None, (None, None, None), "ATS"),
    ("SAITAMA, Japan, Dec. 9 Kyodo - |The", "Saitama", "Japan", (12, 9, None), "Kyodo"),
    ("MOSCOW, January 21. /TASS/. |The", "Moscow", None, (1, 21, None), "TASS"),
    ("Nueva Delhi, 21 ene (EFE).- |El", "Nueva Delhi", None, (1, 21, None), "EFE"),
    ("(ANSA) - ROMA, 1 LUG - |Il", "Roma", None, (7, 1, None), "ANSA"),
    ("København /ritzau/: |Den", "København", None, (None, None, None), "Ritzau"),
    ("MELBOURNE, March 3 AAP - |The", "Melbourne", None, (3, 3, None), "AAP"),
    ("OTTAWA - |A man", "Ottawa", None, (None, None, None), None),
    ("ATHENS, April 4 ANA -|The", "Athens", None, (4, 4, None), "ANA"),
    ("CALGARY, Alberta, Dec. 03, 2019 (GLOBE NEWSWIRE) -- |The", "Calgary", "Alberta", (12, 3, 2019), "GlobeNewswire"),
    ("SAN FRANCISCO, Nov. 5, 2015 /PRNewswire/ -- |Acme", "San Francisco", None, (11, 5, 2015), "PR Newswire"),
    ("ST. LOUIS — |The", "St. Louis", None, (None, None, None), None),
    ("PUTRAJAYA, Nov 22 — |The", "Putrajaya", None, (11, 22, None), None),
    ("SIOUX FALLS, S.D. – |The", "Sioux Falls", "S.D.", (None, None, None), None),
    ("BERLIN -- |The", "Berlin", None, (None, None, None), None),
    ("BEIJING, June 19 (Xinhua) -- |The", "Beijing", None, (6, 19, None), "Xinhua"),
    ("MIAMI, May 3 (UPI) -- |The", "Miami", None, (5, 3, None), "UPI"),
    ("SEOUL, June 19 (Yonhap) -- |The", "Seoul", None, (6, 19, None), "Yonhap"),
    ("New Delhi, Jun 19 (PTI) |The", "New Delhi", None, (6, 19, None), "PTI"),
    # Beyond the agencies' own: papers, broadcasters, other languages and scripts.
    ("SALVADOR, Feb 26 - |Showers", "Salvador", None, (2, 26, None), None),
    ("NEW DELHI: |The prime minister", "New Delhi", None, (None, None, None), None),
    ("WASHINGTON—|The president", "Washington", None, (None, None, None), None),
    ("WASHINGTON, D.C. — |The", "Washington", "D.C.", (None, None, None), None),
    ("MIAMI (CBSMiami) – |A", "Miami", None, (None, None, None), "CBSMiami"),
    ("TORONTO (Agencies) — |The", "Toronto", None, (None, None, None), None),
    ("(CNN) -- |The president", None, None, (None, None, None), "CNN"),
    ("(AP)—|The president", None, None, (None, None, None), "AP"),
    ("Berlin - |Der Bundestag", "Berlin", None, (None, None, None), None),
    ("Brasília, 3 de abril de 2024 (Lusa) - |O", "Brasília", None, (4, 3, 2024), "Lusa"),
    ("RIO DE JANEIRO, 3 abr (EFE).- |El", "Rio de Janeiro", None, (4, 3, None), "EFE"),
    ("PORT-AU-PRINCE, Haiti (AP) — |The", "Port-au-Prince", "Haiti", (None, None, None), "AP"),
    ("ARNHEM, the Netherlands, April 1 - |The", "Arnhem", "the Netherlands", (4, 1, None), None),
    ("FALLS CHURCH, Va., March 17 - |The", "Falls Church", "Va.", (3, 17, None), None),
    ("N'DJAMENA (Reuters) - |The", "N'Djamena", None, (None, None, None), "Reuters"),
    ("COEUR D'ALENE, Idaho (AP) — |The", "Coeur d'Alene", "Idaho", (None, None, None), "AP"),
    ("ST. JOHN'S, Newfoundland, March 9 - |The", "St. John's", "Newfoundland", (3, 9, None), None),
    ("McLEAN, Va. (AP) — |The", "McLean", "Va.", (None, None, None), "AP"),
    ("KHAN YOUNIS, Gaza Strip (AP) — |The", "Khan Younis", "Gaza Strip", (None, None, None), "AP"),
    ("STILFONTEIN - |Rescue workers", "Stilfontein", None, (None, None, None), None),
    ("MIDWAY ATOLL - |A battle", "Midway Atoll", None, (None, None, None), None),
    ("WINDSOR\xa0(Reuters)\xa0— |The", "Windsor", None, (None, None, None), "Reuters"),
    ("اكرا (أ ف ب) - |في", "اكرا", None, (None, None, None), "AFP"),
]


@pytest.mark.parametrize(("paragraph", "city", "region", "date", "agency"), FORMS, ids=[form[0] for form in FORMS])
def test_every_form_of_a_dateline(
    paragraph: str, city: str | None, region: str | None, date: tuple[int | None, int | None, int | None], agency: str | None
) -> None:
    head, lede = paragraph.split("|")
    found = split_dateline(head + lede)
    assert found is not None
    assert (found.city, found.region, (found.month, found.day, found.year), found.agency) == (city, region, date, agency)
    assert found.text == head.strip()
    assert (head + lede)[found.end :] == lede


def test_places_stand_as_they_were_written() -> None:
    found = split_dateline("BEIRUT/JERUSALEM, Oct 1 (Reuters) - The")
    assert found is not None
    assert found.places == ("BEIRUT", "JERUSALEM")
    assert found.city == "Beirut"


NO_DATELINES = [
    "",
    "NEEDS WEAPONS",
    "NEEDS WEAPONS - Pyongyang has",
    "NOW OPEN - A shop",
    "WASHINGTON POST - The paper",
    "FAREWELL—The shop",
    "Q: - What happened?",
    "A - B",
    "WASHINGTON says - no",
    "Washington - the capital - is quiet.",
    "Berlin – die Hauptstadt – ist still.",
    "Seoul, in turn, thanked its host - itself under sanctions -",
    "Jane Doe (R) - the leader",
    "John Smith (Chelsea) - 12 goals",
    "John Smith, Chelsea (AFP) said on Monday",
    "Agence France-Presse (AFP) said on Monday",
    "The Associated Press (AP) is an agency",
    "Palestinian Authority (PA) - which",
    "Separately, the French News Agency (AFP) says",
    "The United Nations (UN) - which",
    '"We are" - he said',
    '"WASHINGTON - The best place," he said',
    "“SEOUL - a city”, she said",
    "BREAKING - The president",
    "BREAKING: The president",
    "NOTE: The figures",
    "CLINTON: I just believe that this",
    "UPDATE 1 - Oil rises",
    "NATO — The alliance",
    "U.S. - China relations",
    "March 3 - President signs law",
    "On Monday, March 3 - the day of",
    "In Paris, March 3 - the day of",
    "Running March 3- The show",
    "Mr Smith, May 3 - He",
    "Jane Doe - The president",
    "Paris Smith - the heiress",
    "Obama: I will",
    "AP: Chair routed money",
    "Reuters - the news agency - said",
    "London-based bank said",
    "Yes - The",
    "- The",
    "12 - The",
]


@pytest.mark.parametrize("paragraph", NO_DATELINES)
def test_what_only_looks_like_a_dateline_is_none(paragraph: str) -> None:
    assert split_dateline(paragraph) is None


@pytest.mark.parametrize(
    ("field", "city", "region", "date", "agency"),
    [
        ("SEOUL", "Seoul", None, (None, None, None), None),
        ("SEOUL -", "Seoul", None, (None, None, None), None),
        ("SALVADOR, Feb 26 -", "Salvador", None, (2, 26, None), None),
        ("WASHINGTON, March 3 (AP)", "Washington", None, (3, 3, None), "AP"),
        ("NEW YORK, MArch 3 -", "New York", None, (3, 3, None), None),
        ("ROSEMONT, Ill., Macrh 31 -", "Rosemont", "Ill.", (3, 31, None), None),
        ("Mexico city, march 18 -", "Mexico City", None, (3, 18, None), None),
        ("omaha, april 7 -", "Omaha", None, (4, 7, None), None),
        ("JOHANNESBURG March 13 -", "Johannesburg", None, (3, 13, None), None),
        ("FARMINGTON Conn., March 9 -", "Farmington", "Conn.", (3, 9, None), None),
        ("KANSAS CITY, Mo. - March 13 -", "Kansas City", "Mo.", (3, 13, None), None),
        ("ROME, March 13, Reuter -", "Rome", None, (3, 13, None), "Reuters"),
        ("****LONDON, March 5 -", "London", None, (3, 5, None), None),
        ("SYDNEY, April -", "Sydney", None, (4, None, None), None),
        ("Frankfurt/Main (dpa) -", "Frankfurt", None, (None, None, None), "dpa"),
        ("Ottawa Ontario Canada", "Ottawa", "Ontario, Canada", (None, None, None), None),
        ("GREENWICH, Conn.", "Greenwich", "Conn.", (None, None, None), None),
        ("ملقة (إسبانيا) (أ ف ب)", "ملقة", "إسبانيا", (None, None, None), "AFP"),
        ("نيقوسيا, 26-11-2023 (أ ف ب) -", "نيقوسيا", None, (11, 26, 2023), "AFP"),
        ("MARCH 04, 2013", None, None, (3, 4, 2013), None),
        ("January 21", None, None, (1, 21, None), None),
        ("2018-01-03 20:13:08 GMT+00:00", None, None, (1, 3, 2018), None),
        ("20200616", None, None, (6, 16, 2020), None),
    ],
)
def test_a_field_of_metadata(
    field: str, city: str | None, region: str | None, date: tuple[int | None, int | None, int | None], agency: str | None
) -> None:
    found = parse_dateline(field)
    assert found is not None
    assert (found.city, found.region, (found.month, found.day, found.year), found.agency) == (city, region, date, agency)


@pytest.mark.parametrize("field", ["", " ", "--", "7  -", "7.8015 -", "x" * 300])
def test_a_field_without_any_dateline_is_none(field: str) -> None:
    assert parse_dateline(field) is None


PIECES = st.lists(
    st.sampled_from(
        [
            "SEOUL",
            "New York",
            "Iowa",
            "Dec",
            " 23",
            "2024",
            "(AFP)",
            "/TASS/",
            "(",
            ")",
            "/",
            ",",
            ".",
            " - ",
            "—",
            "--",
            ":",
            " ",
            "a",
            "Ü",
            "AFP",
        ]
    ),
    max_size=14,
).map("".join)


@given(st.one_of(st.text(), PIECES))
def test_any_text_is_taken_and_its_dateline_lies_in_it(paragraph: str) -> None:
    found = split_dateline(paragraph)
    if found is not None:
        assert 0 < found.end <= len(paragraph)
        assert found.text
        assert found.text in paragraph[: found.end]
        assert found.text == found.text.strip()
        assert found.day is None or 1 <= found.day <= 31
    field = parse_dateline(paragraph)
    assert field is None or field.end == len(paragraph)


@pytest.mark.parametrize("piece", ["A", "A ", "A, ", "A-", "A.", "/A", "(A) ", "- ", "1 ", "SEOUL ", "SEOUL, ", " ", "*"])
def test_hostile_input_takes_no_time(piece: str) -> None:
    paragraph = piece * 100_000
    started = time.process_time()
    split_dateline(paragraph)
    for length in range(150, 200):
        parse_dateline(paragraph[:length])
        parse_dateline(paragraph[:length] + "x")
    assert time.process_time() - started < 1.0


def test_a_dateline_ends_within_the_first_characters() -> None:
    assert split_dateline("SEOUL" + " " * LONGEST + "- The") is None


@pytest.mark.parametrize("words", ["THROUGH JULY 5", "AS OF JUNE 2", "GAMES UNTIL MAY 3"])
def test_function_words_before_a_date_are_no_place(words: str) -> None:
    assert parse_dateline(words) is None


def test_a_fields_region_in_brackets_in_any_script() -> None:
    found = parse_dateline("نانت (فرنسا), 26-11-2023 (أ ف ب) -")
    assert found is not None
    assert (found.city, found.region, found.agency, found.year) == ("نانت", "فرنسا", "AFP", 2023)


@pytest.mark.parametrize(
    ("text", "agency", "city", "day"),
    [
        ("新华社巴黎6月19日电（记者王明）", "Xinhua", "巴黎", 19),
        ("北京12月1日电（新华社）——", "Xinhua", "北京", 1),
        ("东京2024年3月5日电 ", None, "东京", 5),
    ],
)
def test_chinese_datelines(text: str, agency: str | None, city: str, day: int) -> None:
    found = split_dateline(text + "政府宣布提高面包价格。")
    assert found is not None
    assert (found.text, found.agency, found.city, found.day) == (text.strip(), agency, city, day)


@pytest.mark.parametrize("text", ["北京13月1日电", "6月1日电", "他在北京6月1日说"])
def test_chinese_words_that_are_no_dateline(text: str) -> None:
    assert split_dateline(text + "政府宣布提高面包价格。") is None
