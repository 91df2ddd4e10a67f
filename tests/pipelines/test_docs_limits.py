"""The figures of docs/limits.md are those of the code.

`WIRELAKE_WRITE_DOCS=1 pytest tests/pipelines/test_docs_limits.py` writes them anew; the page says what each is of."""

import datetime as dt
import os
import pathlib
import re

from pipelines import ledger, runs, stream, watch
from pipelines.lake import merge, place, turns
from pipelines.sources import files
from transforms.ledger import KEPT_PAYLOAD_BYTES
from transforms.text import cleaning, containers, countries, dash_speech, dates, notices, pair_search, relations
from transforms.text.formats import attachments, calendar_csv, document, feed, mail, page, teletype, web_pool, xml
from transforms.text.lexicons import read_rows

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "limits.md"


def size(count: int) -> str:
    for unit, name in ((2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB")):
        if count >= unit and count % unit == 0:
            return f"{count // unit} {name}"
    raise AssertionError(f"{count} bytes are no round number of KiB")


def languages(table: str, column: int) -> str:
    return ", ".join(f"`{code}`" for code in sorted({row[column] for row in read_rows(table)}))


def hours(span: dt.timedelta) -> str:
    return f"{span.total_seconds() / 3600:g} hours"


FIGURES: dict[str, tuple[str, ...]] = {
    "one item, unpacked": (size(containers.MAX_ITEM_BYTES),),
    "all that one input unpacks to": (size(containers.MAX_UNPACKED_BYTES),),
    "unpacked to packed": (f"{containers.MAX_RATIO} times, from {size(containers.RATIO_FROM_BYTES)} on",),
    "files in an archive": (f"{containers.MAX_MEMBERS:,}",),
    "archives within each other": (f"{containers.MAX_DEPTH}",),
    "tags of an XML document": (f"{xml.MAX_TAGS:,}",),
    "elements of XML within each other": (f"{xml._MAX_DEPTH}",),
    "objects and lists of JSON within each other": (f"{document.MAX_JSON_DEPTH}",),
    "a web page": (size(page.MAX_PAGE_BYTES),),
    "a feed": (size(feed.MAX_FEED_BYTES),),
    "processor time for a page or a feed": (f"{web_pool.SECONDS:g} s",),
    "a message of ANPA, IPTC 7901, ZCZC": (size(teletype.MAX_MESSAGE_BYTES),),
    "messages of these in a file": (f"{teletype.MAX_MESSAGES:,}",),
    "mails in a mailbox": (f"{mail.MAX_MESSAGES:,}",),
    "parts of a mail": (f"{mail.MAX_PARTS}",),
    "multiparts of a mail within each other": (f"{mail.MAX_DEPTH}",),
    "mails within each other": (f"{mail.MAX_NESTED}",),
    "items in an attachment": (f"{attachments.MAX_ITEMS:,}",),
    "events of a calendar": (f"{calendar_csv.MAX_EVENTS:,}",),
    "a story's text": (f"{cleaning.MAX_STORY_CHARACTERS:,} characters",),
    "unpacked input of one run of `ingest`": (size(runs.CHUNK_BYTES), size(runs.ENGINE_BYTES)),
    "inputs of one run of `ingest`": (f"{runs.CHUNK_INPUTS:,}", f"{runs.ENGINE_INPUTS:,}"),
    "inputs of a round of `watch`": (f"{watch.ROUND_INPUTS:,}", f"{watch.ENGINE_ROUND_INPUTS:,}"),
    "unpacked input of a round of `watch`": (size(runs.CHUNK_BYTES), size(watch.ENGINE_ROUND_BYTES)),
    "a slice of a large input": (size(files.SLICE_BYTES),),
    "a part from which on it is not merged any more": (size(merge.LARGEST),),
    "times that a row is rewritten by `watch` as it merges": (f"at most {merge.LEVELS}",),
    "inputs that `stream` has read and not committed": (f"at most {stream.MOST_WAITING}",),
    "how long the id of a message is known": (f"{ledger.MESSAGE_DAYS} days",),
    "age at which leftovers of dead runs are deleted": (hours(dt.timedelta(seconds=place._STRAY_SECONDS)),),
    "tries of a writer whom others overtake, in an object store": (f"{turns._TRIES}",),
    "time between two stories that may be one": (f"at most {hours(relations.WINDOW)}",),
    "what each of them adds that is dated by the day alone": (hours(relations.DAY),),
    "time within which a kill finds a story by its slug or headline": (f"{hours(notices.REACH)}, before and after it",),
    "stories that share a key from which on it says nothing": (f"more than {pair_search.MOST_SHARED}",),
    "countries of a story": (f"at most {countries.MOST}",),
    "dates in words, datelines": (languages("months.tsv", 0),),
    "direct speech and its speaker": (languages("speech_cues.tsv", 2),),
    "direct speech that a dash opens": (", ".join(f"`{code}`" for code in sorted(dash_speech.LANGUAGES)),),
    "reported and partly quoted speech": ("`en`",),
    "names by the package's tagger": ("`en`",),
}
"""What stands behind the first column of each row of the page; what is behind that, a reason, is the page's own."""

PAYLOAD = "kept as `payload`: "


def as_it_is_to_be(text: str) -> str:
    def row(found: re.Match[str]) -> str:
        cells = [cell.strip() for cell in found[0].strip("|").split("|")]
        figures = FIGURES.get(cells[0], tuple(cells[1:2]))
        return "| " + " | ".join([cells[0], *figures, *cells[1 + len(figures) :]]) + " |"

    text = re.sub(r"^\| [^|]+ \|(?: .*)?\|$", row, text, flags=re.MULTILINE)
    return re.sub(rf"(?<={PAYLOAD})[^.]*\.", f"{size(KEPT_PAYLOAD_BYTES)}.", text)


def test_the_figures_of_the_page_are_those_of_the_code() -> None:
    if os.environ.get("WIRELAKE_WRITE_DOCS"):
        PAGE.write_text(as_it_is_to_be(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    text = PAGE.read_text(encoding="utf-8")
    assert text == as_it_is_to_be(text)
    assert PAYLOAD in text


def test_every_limit_is_on_the_page_and_no_other() -> None:
    rows = re.findall(r"^\| ([^|]+) \| ([^|]*)", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert [name for name, _ in rows if name != "what"] == list(FIGURES)
    assert [name for name, value in rows if not value.strip()] == []


def test_every_reason_of_the_page_is_one_that_the_code_gives() -> None:
    named = set(re.findall(r"^\|.* `(\w+)` \|$", PAGE.read_text(encoding="utf-8").partition("## Runs")[0], flags=re.MULTILINE))
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "transforms").rglob("*.py"))
    assert {reason for reason in named - {"reason"} if f'"{reason}"' not in sources} == set()
    assert len(named) > 5


def test_the_dates_that_are_believed_are_those_of_the_page() -> None:
    assert (dates.EARLIEST.isoformat(), dates.AHEAD.days) == ("1900-01-01", 2)
