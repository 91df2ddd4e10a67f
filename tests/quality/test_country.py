"""Floors of countries: those of stories, of their datelines, and of the places named in them."""

import pytest

from tests.quality import gold
from transforms.text.places import find_places

REUTERS = "country/reuters_train.jsonl.gz"
LGL = "country/lgl_toponyms.jsonl.gz"

LATE = 3_000
"""Stories at the end of the corpus with which no weight was chosen."""

STORIES = {
    "primary": r"^primary, one-country stories ([\d.]+)",
    "primary, not US": r"^primary, .*; not US ([\d.]+)",
    "set F1": r"^set of countries .* F1 ([\d.]+)",
    "beyond the dateline F1": r"^countries beyond the dateline .* F1 ([\d.]+)",
    "hard": r"^hard stories, primary right +([\d.]+)",
}
TOPONYMS = {
    "right country": r"^toponyms with the right country ([\d.]+)",
    "found": r"found at all ([\d.]+)",
}


@pytest.mark.parametrize("floor", gold.floors("country"), ids=str)
def test_countries_hold_their_floors(floor, measured, say):
    gold.hold(floor, measured(floor.corpus), say)


def measure(corpus, folder):
    if corpus == "reuters":
        return gold.numbers(gold.scored(REUTERS, gold.annotated(REUTERS), folder), STORIES)
    if corpus == "reuters late":
        return gold.numbers(gold.scored(REUTERS, gold.annotated(REUTERS, LATE), folder, last=LATE), STORIES)
    predictions = {"lgl": gold.annotated, "lgl places": with_places_alone}[corpus]
    return gold.numbers(gold.scored(LGL, predictions(LGL), folder), TOPONYMS)


def with_places_alone(name):
    """What the gazetteer finds before the names of a story are settled."""
    for row in gold.rows(name):
        places = find_places(row["text"])
        found = [{"start": place.span_start, "end": place.span_end, "country": place.country} for place in places]
        yield {"id": row["id"], "entities": found}
