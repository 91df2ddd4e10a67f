import codecs
import json
import time
from typing import Any

import pytest

from tests.transforms.text.formats.wire import items, refusal
from transforms.text.formats import parse
from transforms.text.formats.document import Document, load_json
from transforms.text.parsed import RefusedError

NINJS: dict[str, Any] = {"uri": "urn:x:1", "versioncreated": "2024-06-19T10:00:00Z", "headline": "Café öppnar", "body_text": "A – B."}


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("<nitf>", "nitf"),
        ('<?xml version="1.0"?>\n<!-- a > b --><x:newsItem a="1">', "newsItem"),
        ('<!DOCTYPE nitf SYSTEM "nitf.dtd"><nitf/>', "nitf"),
        ("<!doctype NewsML [<!ENTITY % a SYSTEM 'a>b'> %a; <!-- don't [ ] > --> <?p ]> ?>]>\n<?a?><NewsML/>", "NewsML"),
        ("<!DOCTYPE a PUBLIC '-//x [1]>' \"y\"><a></a>", "a"),
        (f"<!--{'long ' * 10_000}--><nitf/>", "nitf"),
        ("<!DOCTYPE never", ""),
        ("<!-- never", ""),
        ("a < b", ""),
        ("", ""),
    ],
)
def test_the_root_is_found_behind_any_prolog(text: str, root: str) -> None:
    assert Document(text.encode()).root == root


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_the_root_and_json_are_known_in_every_unicode_encoding(encoding: str) -> None:
    assert Document("<nitf><body/></nitf>".encode(encoding)).root == "nitf"
    (item,) = items(json.dumps(NINJS, ensure_ascii=False).encode(encoding), "ninjs")
    assert (item.headline, item.body) == ("Café öppnar", "A – B.")


def test_big_endian_utf_16_by_its_mark() -> None:
    assert Document(codecs.BOM_UTF16_BE + "<nitf/>".encode("utf-16-be")).root == "nitf"


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
def test_json_in_an_encoding_that_json_does_not_have(encoding: str) -> None:
    data = json.dumps({**NINJS, "body_text": "Der Präsident grüßt die Bürger."}, ensure_ascii=False).encode(encoding)
    (item,) = items(data, "ninjs")
    assert (item.headline, item.body) == ("Café öppnar", "Der Präsident grüßt die Bürger.")


def test_raw_control_characters_and_line_breaks_in_strings_are_read() -> None:
    (item,) = items(json.dumps(NINJS).replace("A \\u2013 B.", "A\tB\x01C\nD").encode(), "ninjs")
    assert item.body.split() == ["A", "B", "C", "D"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_half_a_surrogate_pair_is_a_replacement_character(encoding: str) -> None:
    (item,) = items('{"uri": "a\\ud800b", "pubstatus": "usable", "\\udc00": [["\\ud83d\\ude00 \\ude00"]]}'.encode(encoding), "ninjs")
    assert item.guid == "a\ufffdb"


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_no_number_is_nothing(number: str) -> None:
    assert load_json(f'{{"a": {number}}}'.encode()) == {"a": None}


@pytest.mark.parametrize("stop", [1, 10, 40, 60])
def test_truncated_json_is_refused(stop: int) -> None:
    assert refusal(json.dumps(NINJS)[: stop + 20].encode()) == "bad_json"


@pytest.mark.parametrize("data", [b"", b" \n", codecs.BOM_UTF8, codecs.BOM_UTF16_LE])
def test_nothing_is_refused(data: bytes) -> None:
    assert refusal(data) == "empty"


@pytest.mark.parametrize("depth", [101, 600, 990, 100_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_deep_json_is_refused(depth: int, opening: str, closing: str) -> None:
    deep = opening * depth + '"\\ud800"' + closing * depth
    assert refusal(f'{{"uri": "u", "type": "picture", "pubstatus": "usable", "extra": {deep}}}') == "bad_json"


def test_brackets_in_texts_are_not_depth() -> None:
    (item,) = items({**NINJS, "body_text": "[{" * 500}, "ninjs")
    assert len(item.body) == 1000


def test_numbers_of_thousands_of_digits() -> None:
    assert items(json.dumps(NINJS)[:-1] + ', "version": ' + "1" * 4000 + "}", "ninjs")[0].version is None
    assert refusal(json.dumps(NINJS)[:-1] + ', "version": ' + "1" * 5000 + "}") == "bad_json"


@pytest.mark.parametrize(
    "data",
    [
        b'{"uri": "u", "pubstatus": "usable", "body_html": "' + b"<p>word</p>" * 4_500_000 + b'"}',
        b'{"uri": "u", "pubstatus": "usable", "body_html": "' + b"<p>" + b"word " * 10_000_000 + b'"}',
        b'{"uri": "u", "pubstatus": "usable", "x": ' + b"[" * 50_000_000,
        b"[" + b'{"uri": "", "pubstatus": "usable", "body_text": "word"},' * 20_000 + b"{}]" + b" " * 49_000_000,
    ],
    ids=["paragraphs", "one text", "brackets", "items"],
)
def test_50_megabytes_of_json_end_soon(data: bytes) -> None:
    start = time.monotonic()
    try:
        assert parse(data)
    except RefusedError as refused:
        assert refused.reason in ("bad_json", "too_large")  # noqa: PT017
    assert time.monotonic() - start < 30
