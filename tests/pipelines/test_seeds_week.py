"""What the seeds of March 2025 tell together: takes and copies of one story, kills, embargoes, people who are quoted for days."""

import functools
from collections.abc import Callable
from typing import Any

import pytest

from tests.pipelines.asking import asked
from transforms.text import formats

Ask = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def ask(seeds_lake: Any) -> Ask:
    """Rows of an answer of the lake of the seeds."""
    return functools.partial(asked, seeds_lake.path)


def test_of_six_takes_and_two_copies_of_one_story_the_last_take_is_shown(ask: Ask) -> None:
    cable = "(select min(cluster_id) from stories where guid = 'urn:newsml:meridian.example:20250304:tanzania-cable')"
    assert ask(f"select format, version, signal, is_latest from stories where cluster_id = {cable} order by published_at") == [
        ("newsml-g2", 1, "alert", False),
        ("newsml-g2", 2, "urgent", False),
        ("newsml-g2", 3, "update", False),
        ("newsml-g2", 4, "update", False),
        ("feed", None, None, False),
        ("newsml-g2", 5, "correction", False),
        ("newsml-g2", 6, "update", True),
        ("html", None, None, False),
    ]
    assert ask(f"select version from latest where cluster_id = {cable}") == [(6,)]


def test_what_is_killed_by_guid_or_in_words_is_not_shown_nor_is_a_copy_of_it(ask: Ask) -> None:
    assert ask("select headline, format from stories where killed_by is not null order by 1") == [
        ("Cyclone tears roof off Tonga's main hospital", "zczc"),
        ("Madagascar says second cable was cut on purpose", "newsml-g2"),
        ("Second cable was cut on purpose, says Madagascar", "feed"),
    ]
    assert ask("select headline from latest where headline ilike '%second cable%' or headline ilike '%roof off%'") == []


def test_an_embargo_that_passed_lets_a_story_be_seen_and_one_to_come_does_not(ask: Ask) -> None:
    shown = "story_id in (select story_id from latest)"
    assert ask(f"select format, embargoed < now(), {shown} from stories where embargoed is not null order by 1") == [
        ("newsml-1.2", True, True),
        ("nitf", False, False),
    ]


def test_a_story_that_the_wire_says_comes_from_another_stands_in_for_it(ask: Ask) -> None:
    assert ask("select split_part(guid, ':', 5) from latest where guid like '%:titicaca-vote%'") == [("titicaca-vote-final",)]


def test_a_digest_holds_the_story_that_came_with_it(ask: Ask) -> None:
    held = (
        "select held.headline from stories as digest join stories as held on held.story_id = digest.related_to where digest.format = 'mail'"
    )
    assert ask(held) == [("Nile ferry ends its run with its first passenger",)]


@pytest.mark.parametrize(
    ("person", "days", "called"),
    [
        ("Benedita Quintanilhe", 5, {"Benedita Quintanilhe", "Quintanilhe", "She", "Ms. Benedita Quintanilhe"}),
        ("Zuhura Mtendawema", 3, {"Zuhura Mtendawema"}),
        ("Aurelio Bantagay", 4, {"Aurelio Bantagay", "Capt. Aurelio Bantagay", "he"}),
        ("Losaline Fakatoumafi", 2, {"Losaline Fakatoumafi", "Fakatoumafi", "Ms Fakatoumafi", "she"}),
        ("Renske Oudeholt", 3, {"Renske Oudeholt", "Oudeholt"}),
    ],
)
def test_people_are_quoted_for_days_under_one_name_and_key(ask: Ask, person: str, days: int, called: set[str]) -> None:
    ((speakers, dates),) = ask(f"select list(distinct speaker), count(distinct date) from quotes where speaker_canonical = '{person}'")
    assert set(speakers) == called
    assert dates == days
    keys = ask(f"select distinct entity_key from entities where type = 'PER' and canonical = '{person}'")
    assert keys == [(f"per:{person.casefold()}",)]


def test_every_format_and_every_continent_is_among_the_seeds(ask: Ask) -> None:
    found = {name for (name,) in ask("select distinct format from stories")}
    wrapping, events = {"http"}, {"calendar"}  # what lies in an answer has its own format; events are no stories
    assert found | wrapping | events == {each.name for each in formats.formats()} - {"pieces"}
    countries = {country for (country,) in ask("select distinct country from stories where date >= '2025-03-01'")}
    assert countries >= {"AQ", "BO", "CA", "EG", "FI", "FJ", "GL", "IN", "KE", "MG", "MX", "PH", "PT", "SN", "TO", "TZ", "ZA"}
