"""Which stories kill, and what they are taken to mean."""

import datetime as dt
from typing import Any

import pytest

from transforms.text.notices import killed, kind_of, title_keys

T = dt.datetime(2024, 6, 19, 10, tzinfo=dt.UTC)


def row(number: int, **changes: Any) -> dict[str, Any]:
    named = {"provider": "TST", "slugline": "PORT-OPENING", "headline": "Port opens"} | {
        key: changes.pop(key) for key in ("provider", "slugline", "headline") if key in changes
    }
    known = {
        "story_id": f"{number:032x}",
        "chain": f"{100 + number:032x}",
        "signal": None,
        "published_at": T,
        "published_precision": "second",
    }
    return {**known, "title_keys": title_keys(named)} | changes


def notice(**changes: Any) -> dict[str, Any]:
    made = row(99, **({"headline": "KILL KILL KILL: Port opens"} | changes))
    return {"notice_id": "n" * 32, "kind": "kill", "issued_at": T, **made}


def hit(notices: list[dict[str, Any]], *stories: dict[str, Any]) -> set[int]:
    return {int(story_id, 16) for story_id in killed(notices, stories)}


@pytest.mark.parametrize(
    ("pubstatus", "signal", "kind"),
    [
        ("usable", None, None),
        ("usable", "kill", "kill"),
        ("usable", "hold", "hold"),
        ("canceled", None, "cancel"),
        ("withheld", None, None),
    ],
)
def test_what_is_a_notice(pubstatus: str, signal: str | None, kind: str | None) -> None:
    assert kind_of({"pubstatus": pubstatus, "signal": signal}) == kind


@pytest.mark.parametrize("headline", ["STORY WITHDRAWN - Port opens", "Kill: PORT OPENS", "HOLD HOLD HOLD Port opens", "port  opens!"])
def test_a_headline_is_named_with_the_words_of_a_kill_before_it(headline: str) -> None:
    assert hit([notice(headline=headline, slugline=None)], row(1)) == {1}


def test_a_slug_is_enough_and_a_headline_decides_between_several() -> None:
    assert hit([notice(headline="Advisory")], row(1), row(2, headline="Ferries leave")) == {1, 2}
    assert hit([notice()], row(1), row(2, headline="Ferries leave")) == {1}


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"published_at": T + dt.timedelta(hours=48)}, {1}),
        ({"published_at": T - dt.timedelta(hours=48)}, {1}),
        ({"published_at": T + dt.timedelta(hours=48, seconds=1)}, set()),
        ({"published_at": T + dt.timedelta(hours=60), "published_precision": "day"}, {1}),
        ({"provider": "OTH"}, set()),
        ({"provider": None}, set()),
        ({"signal": "kill"}, set()),
    ],
)
def test_words_act_within_two_days_on_the_agency_s_own_news(changes: dict[str, Any], found: set[int]) -> None:
    assert hit([notice()], row(1, **changes)) == found


def test_a_chain_is_meant_alone_where_it_has_other_versions() -> None:
    chain = "c" * 32
    far = {"published_at": T - dt.timedelta(days=400)}
    assert hit([notice(chain=chain)], row(1, chain=chain, **far), row(2)) == {1}
    assert hit([notice(chain=chain)], row(2)) == {2}
    assert hit([notice(chain=chain, kind="cancel")], row(2)) == set()


def test_the_earliest_of_several_notices_is_told() -> None:
    late = notice() | {"notice_id": "a" * 32, "issued_at": T + dt.timedelta(hours=1)}
    assert killed([late, notice()], [row(1)])[f"{1:032x}"]["notice_id"] == "n" * 32
    assert killed([notice() | {"kind": "purge"}], [row(1)]) == {}


def test_a_story_without_a_name_is_named_by_nothing() -> None:
    assert title_keys({"provider": "TST", "slugline": " - ", "headline": None}) is None
    assert hit([notice(slugline=None, headline="KILL")], row(1, slugline=None, headline=None)) == set()
