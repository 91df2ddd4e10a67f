"""A folder with a file of every format, some of them packed: `parse` and `ingest` take the mix, whatever the names say."""

import json
import pathlib

import pytest

from pipelines.cli import main
from tests.pipelines.asking import asked
from transforms.text import formats

FOLDER = pathlib.Path(__file__).with_name("wires")
FILES = {
    "a.txt": "newsml-g2", "b.xml": "newsml-1.2", "c.xml": "nitf", "d.json": "ninjs", "e.json": "dpa-digitalwires", "f.json": "ap-media-api",
    "g.json": "house-json", "h.xml": "rbnews", "i.xml": "release", "j.tst": "anpa", "k.txt": "iptc7901", "l.txt": "zczc", "m.eml": "mail",
    "n.dat": "feed", "o.htm": "html", "p.warc.gz": "html", "q.tgz": "nitf", "r.jsonl": "jsonl", "s.story": "text", "t.xml": "newsml-g2",
}  # fmt: skip
"""The format of each file's stories. `a.txt` is a message with a story and a picture; `t.xml` is cut."""


def test_every_format_of_stories_is_among_the_files() -> None:
    others = {"pieces", "http", "asianet", "ticker", "calendar"}  # our own, a wrapping, and what is not a story like this one
    assert set(FILES.values()) == {each.name for each in formats.formats()} - others


def test_ingest_takes_the_mix(tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ingest", str(FOLDER), "--lake", str(tmp_path / "lake"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    lake = tmp_path / "lake"
    outcomes = dict(asked(lake, "select outcome, count(*) from deliveries group by all"))
    assert outcomes == {"story": len(FILES) - 1, "not_text": 1, "rejected": 1}
    assert told["pieces"] == sum(outcomes.values())
    stories = (
        "select parse_filename(source_uri), format, contains(body, 'harbour of the island') from deliveries join stories using (story_id)"
    )
    found = {name: (known, told) for name, known, told in asked(lake, stories)}
    # AP's answers only link to the text
    assert found == {name: (wanted, name != "f.json") for name, wanted in FILES.items() if name != "t.xml"}
    refused = asked(
        lake, "select reason, parse_filename(source_uri), contains(payload::varchar, 'Harbour opens a') from rejected order by 1"
    )
    # A picture of a message is kept apart from its stories
    assert refused == [("bad_xml", "t.xml", False), ("not_text", "a.txt", False)]


def test_parse_takes_the_mix(capsys: pytest.CaptureFixture[str]) -> None:
    main(["parse", *(str(FOLDER / name) for name in FILES)])
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [pathlib.Path(row["file"]).name for row in rows] == list(FILES)
    assert [item["item_kind"] for item in rows[0]["items"]] == ["text", "picture"]
    assert [bool(row["error"]) for row in rows] == [name == "t.xml" for name in FILES]
