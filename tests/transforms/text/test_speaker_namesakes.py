"""A surname alone where a story names two who bear it."""

import pytest

from tests.transforms.text.test_speakers import meant

TWO = "Boris Roe and Anna Roe opened a library in Oslo on Monday. "


@pytest.mark.parametrize(
    "story",
    [
        TWO + "[Roe] {said} it was late.",
        "Bill Roe and Grace Roe opened a library in Oslo on Monday. [Roe] {said} it was late.",
        "Borak Roe and Anna Roe opened a library in Oslo on Monday. [Roe] {said} it was late.",
        TWO + "It took a year. It rained for most of it. [Roe] {said} it was late.",
        "Governor Boris Roe kept the rate. Deputy Governor Anna Roe voted for a cut. [Roe] {said} it was late.",
        "Roe and Roe disagree.\n\n" + TWO + "[Roe] {said} it was late.",
    ],
)
def test_it_means_nobody_where_it_may_mean_either(story):
    assert meant(story) is None


@pytest.mark.parametrize(
    ("story", "person"),
    [
        ("Boris Roe opened a library in Oslo on Monday. [Roe] {said} it was late.", "Boris Roe"),
        (TWO + "[Anna Roe] {said} it was late.", "Anna Roe"),
        (TWO + "[Mrs. Roe] {said} it was late.", "Anna Roe"),
        ("Boris Roe left on Monday. Roe was tired. Anna Roe stayed in Oslo for the rest of the week. [Boris Roe] {said} no.", "Boris Roe"),
        ("Boris Roe left on Monday. His wife, Anna Roe, stayed in Oslo. [Roe] {said} it was late.", "Boris Roe"),
        ("Boris Roe left on Monday. Interestingly Roe was late. [Roe] {said} it was late.", "Boris Roe"),
        ("Boris Roe left on Monday. [Roe] {said} it was late. Anna Roe stayed in Oslo.", "Boris Roe"),
    ],
)
def test_it_means_one_where_that_is_certain(story, person):
    assert meant(story) == person
