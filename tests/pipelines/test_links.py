"""A wire that names the story that another one comes from is believed where the texts overlap, whichever comes first."""

import itertools
import json

import pytest

from pipelines import runs
from tests.pipelines.asking import asked, settings

FIRST = (
    "The harbour of Northport opened on Tuesday after a winter of repairs, the port office said.",
    "Fishermen had waited since October, and two ferries left before noon with 340 passengers.",
)
LATER = (
    "Passengers cheered on the quay of Northport, a band played and snow fell on the flags.",
    FIRST[0],
    "Children were given oranges by the crew, who had painted both hulls red.",
)
OTHER = (
    "Councillors of the northern district voted on roads and schools, a resident said.",
    "Rain fell over the southern valleys all night and the river rose by a metre.",
)


def as_ninjs(guid, headline, paragraphs, at, source):
    found = {"uri": guid, "type": "text", "version": "1", "pubstatus": "usable", "headline": headline, "provider": "TST"}
    found |= {"versioncreated": at, "body_html": "".join(f"<p>{text}</p>" for text in paragraphs)}
    return json.dumps(found | ({"evolvedfrom": source} if source else {})), "json"


def as_g2(guid, headline, paragraphs, at, source):
    link = f'<link rel="irel:evolvedFrom" residref="{source}"/>' if source else ""
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    return (
        f'<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="{guid}" version="1" standard="NewsML-G2" standardversion="2.29">'
        f'<itemMeta><itemClass qcode="ninat:text"/><provider literal="TST"/><versionCreated>{at}</versionCreated>'
        f'<pubStatus qcode="stat:usable"/>{link}</itemMeta><contentMeta><headline>{headline}</headline></contentMeta><contentSet>'
        f'<inlineXML contenttype="application/xhtml+xml"><html><body>{body}</body></html></inlineXML></contentSet></newsItem>'
    ), "xml"


@pytest.mark.parametrize("written", [as_ninjs, as_g2])
def test_a_story_goes_on_with_the_one_it_comes_from(written, tmp_path):
    first = written("urn:x:1", "Northport harbour opens", FIRST, "2024-06-19T10:00:00Z", None)
    later = written("urn:x:2", "Ferries run again", LATER, "2024-06-19T14:00:00Z", "urn:x:1")
    other = written("urn:x:3", "Districts vote", OTHER, "2024-06-19T15:00:00Z", "urn:x:1")
    unlinked = written("urn:x:4", "Ferries run again", LATER, "2024-06-19T14:00:00Z", None)
    for number, stories in enumerate([*itertools.permutations((first, later, other)), (first, unlinked)]):
        lake = tmp_path / f"lake{number}"
        for place, (text, suffix) in enumerate(stories):
            file = tmp_path / f"{number}-{place}.{suffix}"
            file.write_text(text, encoding="utf-8")
            runs.ingest(settings(lake, file))
        shown = asked(lake, "select headline from latest order by headline")
        if unlinked in stories:
            assert shown == [("Ferries run again",), ("Northport harbour opens",)]
            continue
        assert shown == [("Districts vote",), ("Ferries run again",)]
        assert asked(lake, "select relation from stories where headline = 'Ferries run again'") == [("version",)]
