"""What is one story, what is not, and what holds another."""

import numpy as np
import pytest

from transforms.text import verdicts
from transforms.text.pairs import F64, FEATURES, features, gathered
from transforms.text.sketch import sketch

LEDE = "The harbour of Northport opened on Tuesday after a winter of repairs, the port office said."
MORE = (
    "Fishermen had waited since October, and two ferries left before noon with 340 passengers.\n\n"
    "Mayor Ines Falk told a crowd of 1,200 that the new pier cost 18 million crowns and that the old one would be kept for yachts.\n\n"
    "The island of Selm gets its mail by sea again from Friday."
)
STORY = {"headline": "Northport harbour opens after repairs", "body": f"{LEDE}\n\n{MORE}"}


def compared(one: dict[str, str], other: dict[str, str], hours: float = 1, same_provider: bool = False, marked: bool = False) -> F64:
    return features(
        gathered(
            [sketch(each["headline"], each["body"]) for each in (one, other)],
            [0, int(hours * 3600)],
            [0, 0],
            [0, 0 if same_provider else 1],
            [False, marked],
        ),
        np.array([0]),
        np.array([1]),
    )


def same(row: F64, linked: bool = False) -> bool:
    return bool(verdicts.same_story(row, verdicts.similarity(row), np.array([linked]))[0])


def test_a_paper_that_cuts_and_retitles_republishes() -> None:
    paper = {"headline": "Harbour open again in Northport", "body": f"{LEDE}\n\n{MORE.partition('pier')[0]}pier cost 18m crowns."}
    assert same(compared(STORY, paper, hours=9))


def test_a_later_take_of_the_agency_is_a_version() -> None:
    take = {"headline": STORY["headline"], "body": f"{LEDE}\n\nThe first ferry was delayed by an hour, its captain said.\n\n{MORE}"}
    assert same(compared(STORY, take, same_provider=True))
    assert same(compared(STORY, take, same_provider=True, marked=True))


def test_another_story_of_the_same_place_is_another() -> None:
    closed = "The school of Northport closes for a week because of flu, the mayor's office said on Tuesday."
    other = {
        "headline": "Northport school closes for a week",
        "body": f"{closed} Mayor Ines Falk told parents that there would be lessons by radio.",
    }
    assert not same(compared(STORY, other))


def test_a_link_is_believed_where_the_texts_overlap() -> None:
    rewritten = {
        "headline": "Ferries run again",
        "body": f"Passengers cheered on the quay. {LEDE} A band played, snow fell on the flags, and children were given oranges by the "
        "crew, who had painted both hulls red.",
    }
    assert not same(compared(STORY, rewritten, same_provider=True))
    assert same(compared(STORY, rewritten, same_provider=True), linked=True)
    other = {"headline": "Selm votes", "body": "Councillors of the island voted on roads and schools, a resident said on Monday."}
    assert not same(compared(STORY, other, same_provider=True), linked=True)


FIXING = (
    "Gold {time}\n\nSpot {one} dollars an ounce, silver {two}, platinum {three}, palladium {four}, copper {five} a tonne in quiet trade."
)


@pytest.mark.parametrize("marked", [False, True])
def test_two_fillings_of_a_template_differ_unless_one_corrects_the_other(marked: bool) -> None:
    one = {"headline": "METALS PRICES", "body": FIXING.format(time=9, one=2314.5, two=29.1, three=981, four=1015, five=9640)}
    other = {"headline": "METALS PRICES", "body": FIXING.format(time=10, one=2317.25, two=29.3, three=983, four=1011, five=9655)}
    assert verdicts.templates_differ(compared(one, other, same_provider=True, marked=marked)).tolist() == [not marked]
    assert not verdicts.templates_differ(compared(one, other, same_provider=False))[0]
    assert not same(compared(one, other, same_provider=True))


def test_a_headline_of_another_hour_is_another_filling() -> None:
    one, other = ({**STORY, "headline": f"MIDDAY PRICES {hour}"} for hour in ("12:30", "12:40"))
    assert verdicts.templates_differ(compared(one, other, same_provider=True))[0]


DISTRICTS = ("northern", "southern", "eastern", "western", "central", "coastal", "upper", "lower")


def test_a_roundup_holds_a_story_and_is_not_it() -> None:
    rest = "\n\n".join(
        f"Councillors of the {name} district voted on {name} roads and {name} schools after long debate, {name} residents said."
        for name in DISTRICTS
    )
    row = compared(STORY, {"headline": "News in brief from the islands", "body": f"{rest}\n\n{STORY['body']}"})
    assert verdicts.contains(row)[0]
    assert not same(row)
    assert not verdicts.contains(compared(STORY, STORY))[0]


def test_the_table_has_a_weight_for_every_feature_but_those_of_rules() -> None:
    found = verdicts.model()
    without = {name for name, weight in zip(FEATURES, found.weights.tolist(), strict=True) if weight == 0}
    assert without == {"numbers_density", "numbers_jaccard", "size_ratio"}
    assert 0.5 < found.threshold < 1
