"""Kills, cancels, holds, embargoes and late versions: what `latest` shows of them, over three formats, in whatever order they come."""

import itertools
import json

import pytest

from pipelines import runs
from pipelines.explain import explain
from tests.pipelines.asking import asked, settings
from transforms.text.relations import STATE

BODY = (
    "The harbour of Northport opened on Tuesday after a winter of repairs, the port office said.\n\n"
    "Fishermen had waited since October, and two ferries left before noon with 340 passengers.\n\n"
    "Mayor Ines Falk told a crowd of 1,200 that the new pier cost 18 million crowns."
)
OTHER = (
    "Rain fell over the southern valleys all night and the river rose by a metre, the weather service of Selm reported at dawn.\n\n"
    "Three villages were cut off and a bridge was closed for lorries until Friday."
)
SHOWN = "select headline, version from latest order by all"


def fields(**changes):
    row = {
        "guid": "urn:x:1",
        "version": 1,
        "headline": "Northport harbour opens",
        "slug": "NORTHPORT-HARBOUR",
        "body": BODY,
        "status": "usable",
    }
    row |= {"provider": "TST", "at": "2024-06-19T10:00:00Z", "embargoed": None, "signal": None}
    assert not set(changes) - set(row)
    return row | changes


def as_jsonl(row):
    known = {"guid", "version", "headline", "body", "provider", "signal", "embargoed"}
    return json.dumps(
        {key: value for key, value in row.items() if key in known and value is not None}
        | {"slugline": row["slug"], "pubstatus": row["status"], "versioncreated": row["at"], "published_at": row["at"]}
    ), "jsonl"


def as_g2(row):
    embargo = f"<embargoed>{row['embargoed']}</embargoed>" if row["embargoed"] is not None else ""
    signal = f'<signal qcode="sig:{row["signal"]}"/>' if row["signal"] else ""
    body = "".join(f"<p>{text}</p>" for text in row["body"].split("\n\n"))
    return (
        f'<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="{row["guid"]}" version="{row["version"]}" standard="NewsML-G2" '
        f'standardversion="2.29"><itemMeta><itemClass qcode="ninat:text"/><provider literal="{row["provider"]}"/>'
        f'<versionCreated>{row["at"]}</versionCreated>{embargo}<pubStatus qcode="stat:{row["status"]}"/>{signal}</itemMeta><contentMeta>'
        f"<slugline>{row['slug']}</slugline><headline>{row['headline']}</headline></contentMeta><contentSet>"
        f'<inlineXML contenttype="application/xhtml+xml"><html><body>{body}</body></html></inlineXML></contentSet></newsItem>'
    ), "xml"


def as_ninjs(row):
    found = {"uri": row["guid"], "type": "text", "version": str(row["version"]), "headline": row["headline"], "slugline": row["slug"]}
    found |= {"provider": row["provider"], "pubstatus": row["status"], "versioncreated": row["at"]}
    found |= {"body_html": "".join(f"<p>{text}</p>" for text in row["body"].split("\n\n"))}
    found |= {"embargoed": row["embargoed"]} if row["embargoed"] is not None else {}
    return json.dumps(found | ({"signal": row["signal"]} if row["signal"] else {})), "json"


@pytest.fixture(params=[as_jsonl, as_g2, as_ninjs], ids=["jsonl", "newsml-g2", "ninjs"])
def wire(request, tmp_path):
    """Ingests stories one run after the other; each is `fields(...)`."""
    numbers = itertools.count()

    def taken(*rows):
        for row in rows:
            text, suffix = request.param(row)
            file = tmp_path / f"{next(numbers)}.{suffix}"
            file.write_text(text + "\n")
            runs.ingest(settings(tmp_path / "lake", file))
        return tmp_path / "lake"

    return taken


def orders(*rows):
    return itertools.permutations(rows)


def test_a_canceled_version_takes_all_of_its_chain_whenever_it_comes(wire):
    one = fields()
    canceled = fields(version=2, status="canceled", body="This story is withdrawn.", at="2024-06-19T11:00:00Z")
    assert asked(wire(canceled, one), SHOWN) == []


def test_a_version_after_a_cancel_stays_away(wire):
    lake = wire(
        fields(),
        fields(version=2, status="canceled", body="Withdrawn.", at="2024-06-19T11:00:00Z"),
        fields(version=3, body=f"{BODY} More.", at="2024-06-19T12:00:00Z"),
    )
    assert asked(lake, SHOWN) == []
    assert asked(lake, "select kind, chain is not null from notices") == [("cancel", True)]


def test_a_withheld_third_version_does_not_bring_the_second_back(wire):
    second = fields(version=2, body=f"{BODY}\n\nThe island of Selm gets its mail by sea again.", at="2024-06-19T11:00:00Z")
    third = fields(version=3, status="withheld", body=f"{BODY} Checked.", at="2024-06-19T12:00:00Z")
    assert asked(wire(fields(), third, second), SHOWN) == []


def test_an_embargo_that_passed_shows_and_one_ahead_or_empty_does_not(wire):
    old = fields(guid="urn:x:past", embargoed="2024-06-19T12:00:00Z")
    ahead = fields(guid="urn:x:ahead", embargoed="2999-01-01T00:00:00Z", body=OTHER, headline="Rain in the valleys", slug="RAIN")
    empty = fields(
        guid="urn:x:empty",
        embargoed="",
        body="Nurses of Northport vote on a strike on Friday, their union said at a rally.",
        headline="Nurses vote",
        slug="NURSES",
    )
    assert asked(wire(old, ahead, empty), SHOWN) == [("Northport harbour opens", 1)]


def test_a_late_old_version_never_wins(wire):
    newest = fields(version=3, headline="Northport harbour opens to ferries", at="2024-06-19T12:00:00Z")
    assert asked(wire(newest, fields(version=2, at="2024-06-19T11:00:00Z"), fields()), SHOWN) == [("Northport harbour opens to ferries", 3)]


def test_copies_of_a_killed_story_are_not_shown(wire):
    copy = fields(guid="urn:paper:9", provider="The Paper", headline="Harbour open again in Northport", slug="", at="2024-06-19T15:00:00Z")
    kill = fields(
        version=2,
        signal="kill",
        headline="KILL: Northport harbour opens",
        body="A kill is mandatory: the port has not opened.",
        at="2024-06-19T16:00:00Z",
    )
    lake = wire(fields(), copy, kill)
    assert asked(lake, SHOWN) == []
    ((story, killer),) = asked(lake, "select s.story_id, n.story_id from stories s, notices n where s.provider = 'The Paper'")
    assert f"it was killed by {killer}" in explain(lake, story)["why"]


def kill(**changes):
    """A kill of its own identity, which names what it withdraws in words."""
    row = {"guid": "urn:x:kill", "signal": "kill", "headline": "STORY WITHDRAWN-Northport harbour opens", "at": "2024-06-19T13:00:00Z"}
    return fields(**(row | {"body": "The story of this slug is withdrawn. There will be no substitute story for it today."} | changes))


@pytest.mark.parametrize("first", [True, False], ids=["before", "after"])
def test_a_kill_in_words_acts_on_what_comes_before_and_after(wire, first):
    rain = fields(guid="urn:x:rain", body=OTHER, headline="Rain in the valleys", slug="RAIN")
    lake = wire(*([kill(), fields(), rain] if first else [fields(), rain, kill()]))
    assert asked(lake, SHOWN) == [("Rain in the valleys", 1)]
    assert asked(lake, "select count(*) from stories s join notices n on s.killed_by = n.story_id") == [(1,)]


def test_a_slug_that_fits_several_kills_the_one_of_the_headline(wire):
    rain = fields(guid="urn:x:rain", body=OTHER, headline="Rain delays ferries")
    lake = wire(fields(), rain, kill())
    assert asked(lake, SHOWN) == [("Rain delays ferries", 1)]


def test_a_slug_that_fits_several_and_no_headline_kills_all(wire):
    rain = fields(guid="urn:x:rain", body=OTHER, headline="Rain delays ferries")
    lake = wire(fields(), rain, kill(headline="STORY WITHDRAWN-Harbour report"))
    assert asked(lake, SHOWN) == []


@pytest.mark.parametrize(
    "changes",
    [{"at": "2024-06-22T10:00:01Z"}, {"provider": "OTH"}, {"slug": "OTHER", "headline": "STORY WITHDRAWN-Else"}],
    ids=["late", "other", "nothing"],
)
def test_a_kill_that_names_nothing_is_kept_and_kills_nothing(wire, changes):
    lake = wire(fields(), kill(**changes))
    assert asked(lake, SHOWN) == [("Northport harbour opens", 1)]
    assert asked(lake, "select kind from notices") == [("kill",)]


def test_order_changes_nothing(tmp_path):
    rows = [
        fields(),
        kill(),
        fields(guid="urn:paper:9", provider="The Paper", headline="Harbour open again", slug="", at="2024-06-19T15:00:00Z"),
    ]
    found = set()
    for number, order in enumerate(orders(*rows)):
        lake = tmp_path / str(number)
        for place, row in enumerate(order):
            file = tmp_path / f"{number}-{place}.jsonl"
            file.write_text(as_jsonl(row)[0] + "\n")
            runs.ingest(settings(lake, file))
        found.add(
            tuple(
                asked(
                    lake,
                    f"select headline, {', '.join(STATE)} from stories order by all",
                )
            )
        )
    assert len(found) == 1
