"""Floors of reading web pages: the body as it comes out at the end, against trafilatura alone in the same run; fields that are found."""

import collections
import contextlib
import datetime as dt
import gzip
import json
import pathlib
import re

import pytest
import trafilatura

from pipelines import offline
from tests.quality import gold

PAGES = "html/dev.jsonl"
SHINGLE = 4
WORD = re.compile(r"\w+")


@pytest.mark.parametrize("floor", gold.floors("html"), ids=str)
def test_pages_hold_their_floors(floor, measured, say):
    gold.hold(floor, measured(floor.corpus), say)


def test_the_body_is_at_least_as_good_as_trafilatura_s(measured):
    scores = measured("dev")
    assert scores["body F1"] >= scores["trafilatura"]


def measure(corpus, folder):
    with contextlib.chdir(gold.path(f"html/{corpus}").parent):
        rows = [json.loads(line) for line in gold.path(f"html/{corpus}.jsonl").read_text(encoding="utf-8").splitlines()]
        items = [item_of(offline.parse_file(row["file"], dt.datetime.now(dt.UTC))) for row in rows]
        pages = [gzip.decompress(pathlib.Path(row["file"]).read_bytes()).decode("utf-8", "replace") for row in rows]
    alone = [trafilatura.extract(page, favor_precision=True) for page in pages]
    return {
        "body F1": mean(f1(row["articleBody"], item.get("body")) for row, item in zip(rows, items, strict=True)),
        "trafilatura": mean(f1(row["articleBody"], text) for row, text in zip(rows, alone, strict=True)),
        "headlines": mean(stands_in(item.get("headline"), page) for item, page in zip(items, pages, strict=True)),
        "dates": mean(item.get("date_basis") == "metadata" for item in items),
        "writers": mean(bool(item.get("byline") or item.get("creditline") or item.get("provider")) for item in items),
    }


def item_of(row):
    return row["items"][0] if row["items"] else {}


def mean(values):
    found = list(values)
    return 100 * sum(found) / len(found)


def shingles(text):
    words = WORD.findall(text or "")
    return collections.Counter(tuple(words[start : start + SHINGLE]) for start in range(max(1, len(words) - SHINGLE + 1)))


def f1(true, found):
    wanted, given = shingles(true), shingles(found)
    return 2 * (wanted & given).total() / (wanted.total() + given.total())


def stands_in(headline, page):
    words = WORD.findall(headline or "")
    return bool(words) and re.search(r"\W+(?:\w+;\W*)?".join(words), page) is not None
