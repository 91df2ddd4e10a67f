"""What stands in a written page, read without a browser; and the lake that has all that a page must not fall for."""

import base64
import gzip
import json
import pathlib
from typing import Any

import lxml.html

HOSTILE = (
    "</script><script>hacked=1</script><!--<img src=x onerror=hacked=1>\"'&amp;<style>*{display:none}</style> "
    "\u202egnp.exe javascript:hacked=1 "
)
BODY = (
    "OSLO, June 19 (TST) - The harbour of Northport opened on Tuesday after a winter of repairs, the port office said.\n\n"
    'Fishermen had waited since October. "Nothing 😀 stopped us from going out," Mayor Ines Falk told a crowd of 1,200.\n\n'
    "Two ferries left before noon with 340 passengers for the islands of Norway."
)
KILLED = (
    "Minister Olga Breit was seen in Selm with three bags of salt and would not say whose they were, a clerk of the court told reporters."
)
HELD = "A treaty on glaciers will be signed at noon in Reykjavik, with nine states at the table and a tenth that may come, the hosts said."
ARABIC = 'القاهرة - قال رئيس الوزراء يوم الثلاثاء إن الميناء سيفتح أبوابه غدا. "نحن مستعدون"، قال الوزير أحمد حسن للصحفيين في القاهرة.'


def _story(number: int, **fields: Any) -> dict[str, Any]:
    return {"id": str(number), "provider": "TST", "published_at": f"2024-06-19T10:{number:02}:00Z", **fields}


STORIES: list[dict[str, Any]] = [
    _story(0, guid="urn:x:1", version=1, headline="Northport harbour opens", body=BODY),
    _story(1, guid="urn:x:1", version=2, headline="Northport port open", body=f"{BODY}\n\nThe pier cost 18 million crowns."),
    _story(2, guid="urn:x:1", version=3, signal="correction", headline="Harbour is open",
           body=f"{BODY}\n\nThe pier cost 19 million crowns."),
    _story(3, guid="urn:y:1", provider="Paper", headline="Northport harbour opens", body=BODY),
    _story(4, guid="urn:x:2", version=1, headline="Killed minister", body=KILLED),
    _story(5, guid="urn:x:2", version=2, headline="Killed minister", pubstatus="canceled", body="Killed, the desk says."),
    _story(6, guid="urn:y:2", provider="Paper", headline="Killed minister", body=KILLED),
    _story(7, guid="urn:x:3", headline="Embargoed treaty", embargoed="2999-01-01T00:00:00Z", body=HELD),
    _story(8, guid="urn:y:3", provider="Paper", headline="Embargoed treaty", body=HELD),
    _story(9, guid="urn:x:4", headline="Withheld list", pubstatus="withheld", body="Withheld words about a list of clockmakers in Bern."),
    _story(10, headline=f"Headline {HOSTILE}", byline=HOSTILE, slugline=HOSTILE, language=HOSTILE, keywords=[HOSTILE],
           copyright=HOSTILE, url="javascript:hacked=1",
           body=f"{HOSTILE} Mayor Ines Falk of Oslo opened a library for one book, which nobody may read, she said."),
    _story(11, provider=HOSTILE, headline="A provider of an odd name",
           body="Peru's weavers open a school in Cusco where cloth is taken apart."),
    _story(12, guid="urn:x:5", version=1, headline="Early budget", embargoed="2999-01-01T00:00:00Z",
           body="Early words on a budget of Malta."),
    _story(13, guid="urn:x:5", version=2, headline="Budget is out", body="Malta's budget has been printed, and the printer sleeps."),
    _story(14, headline="الميناء يفتح أبوابه", language="ar", body=ARABIC),
    _story(15, headline="Flash without a text"),
    {"body": "A note that nobody signed, from no place and of no day, says that the clocks stand still."},
]  # fmt: skip
REJECTED = f'{{"headline": "{HOSTILE.replace(chr(34), "")}", "body": "B.", "version": "{HOSTILE.replace(chr(34), "")}"}}'
UNSAID = (KILLED, HELD, "Killed minister", "Embargoed treaty", "Withheld list", "clockmakers", "Early budget", "Early words", "Olga Breit")
"""Words that must not be in a page."""


def write_lines(folder: pathlib.Path) -> list[pathlib.Path]:
    """The stories and a line that is refused, in two files."""
    lines = [*(json.dumps(story) for story in STORIES), REJECTED]
    paths = [folder / "first.jsonl", folder / "second.jsonl"]
    for path, some in zip(paths, (lines[:2], lines[2:]), strict=True):
        path.write_text("".join(f"{line}\n" for line in some), encoding="utf-8")
    return paths


class Page:
    """A page as text and as the tree that a parser of HTML makes of it."""

    def __init__(self, path: pathlib.Path) -> None:
        self.html = path.read_text(encoding="utf-8")
        self.tree = lxml.html.document_fromstring(self.html.encode(), parser=lxml.html.HTMLParser(encoding="utf-8"))
        self.data: dict[str, Any] = json.loads(self.script("data"))
        packed = json.loads(gzip.decompress(base64.b64decode(self.script("packed"))))
        self.stories: dict[str, dict[str, Any]] = {story["id"]: story for story in packed["stories"]}
        self.clusters: dict[str, dict[str, Any]] = packed["clusters"]

    def script(self, name: str) -> str:
        """The text of the script element of an id."""
        return str(self.tree.get_element_by_id(name).text_content())

    def headed(self, headline: str) -> dict[str, Any]:
        """The one story whose headline begins so."""
        (found,) = (story for story in self.stories.values() if story.get("headline", "").startswith(headline))
        return found

    def told(self) -> str:
        """Everything that the page says of the lake."""
        return self.html + json.dumps(list(self.stories.values()), ensure_ascii=False) + json.dumps(self.data, ensure_ascii=False)
