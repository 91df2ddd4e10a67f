import datetime as dt

import pytest

from transforms.text.date_lines import date_of_line

DAY = dt.date(2024, 6, 19)


@pytest.mark.parametrize(
    "line",
    ["June 19, 2024",
     "Wednesday, June 19, 2024", "19 June 2024 10:15 GMT", "Published: 19 Jun 2024, 10.15am", "2024-06-19", "Mittwoch, 19. Juni 2024",
     "Updated on June 19, 2024 at 3:04 p.m. EST", "mercredi 19 juin 2024"],
)  # fmt: skip
def test_lines_that_are_a_date(line: str) -> None:
    found = date_of_line(line)
    assert found is not None
    assert found.date == DAY


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Wednesday",
        "SEOUL, June 19, 2024 (AFP) -",
        "The deal of June 19, 2024",
        "June 19, 2024 was a Wednesday",
        "12345",
        "Bread prices on June 19, 2024",
    ],
)
def test_lines_that_say_more(line: str) -> None:
    assert date_of_line(line) is None
