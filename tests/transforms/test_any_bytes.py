"""Any bytes at all come back as stories or rejected rows, and every span tells the truth."""

import datetime as dt
import io
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import TABLES, Origin, RawItem, Story, encode
from transforms.annotate_batches import _Annotate
from transforms.clean import _CleanPiece
from transforms.deduplicate import Held
from transforms.extract_quotes import extract_quotes
from transforms.ledger import Failure, delivery, failure_rows
from transforms.locate import _file, locate_stories
from transforms.parse import _ParseItem
from transforms.rows import id_rows, story_rows
from transforms.tag_entities import _file as _file_names
from transforms.tag_entities import _Tag
from transforms.text.containers import unpack

RUN = "0" * 32
NOW = dt.datetime(2024, 6, 19, 12, tzinfo=dt.UTC)
WORDS = st.sampled_from(
    ["SEOUL - ", "(AFP) - ", '"', "“", "”", "''", "said", " told AFP", "Kim Jong Un", "Mr ", "U.S.", "Norway", "\n", "\n\n", " ", ".", ", ",
     "By ", "Picture: AFP", "(Reporting by X)", "###", "BRIEF-", "*", "-30-",
     "\x00", "\ud800", "é", "👩‍👩", "e\u0301", "&amp;", "19 June 2024", "NEEDS WEAPONS"]
)  # fmt: skip
COPY = st.lists(WORDS | st.text(max_size=6), max_size=40).map("".join)


def outputs(dofn, element):
    """Main and other outputs of a bundle of one element."""
    main, others = [], {}
    dofn.start_bundle()
    for out in [*dofn.process(element), *(dofn.finish_bundle() or ())]:
        tag = getattr(out, "tag", None)
        if tag is None:
            main.append(out)
        else:
            others.setdefault(tag, []).append(out.value)
    return main, others


def taken(data):
    """Stories (Held) and failures that an input's bytes come to, and how many pieces were found."""
    origin = Origin(source_uri="test", received_at=NOW)
    held, failures, pieces = [], [], 0
    for item in unpack(io.BytesIO(data)):
        if item.refused:
            failures.append(Failure("read", item.refused, delivery(origin, RUN), item.data))
            pieces += 1
            continue
        raw = RawItem(origin=origin.model_copy(update={"place": item.place}), data=item.data)
        found, other = outputs(_ParseItem(RUN, keep_raw=True), raw)
        assert [row["data"] for row in other["raw"]] == [item.data]
        failures += other.get("failed", [])
        (entry,) = other["counts"]
        assert json.loads(entry.value[1])["count"][0] == "pieces"
        pieces += json.loads(entry.value[1])["count"][1]
        for piece in found:
            cleaned, other = outputs(_CleanPiece(RUN, NOW), piece)
            failures += other.get("failed", [])
            held += [Held(each.story, [each.delivery]) for each in cleaned]
    for annotate in (
        _Annotate(locate_stories, "located", "", _file),
        _Annotate(_Tag(None), "named", "", _file_names),
        _Annotate(extract_quotes, "quotes"),
    ):
        (held,), other = outputs(annotate, held)
        failures += other.get("failed", [])
    return held, failures, pieces


def check(data):
    held, failures, pieces = taken(data)
    assert len(held) + len(failures) == pieces
    assert all(failure.refused.reason != "defect" for failure in failures), failures
    rows = {}
    for failure in failures:
        row, rejected = failure_rows(failure)
        rows.setdefault("deliveries", []).append(row)
        rows.setdefault("rejected", []).append(rejected)
    for each in held:
        Story.model_validate(each.story)
        body = each.story["body"]
        for found in [*each.entities, *each.quotes]:
            assert body[found["span_start"] : found["span_end"]] == found["text"]
        for paragraph in each.story["paragraphs"]:
            assert (paragraph["text"] is None) == (paragraph["role"] in ("lede", "body"))
            assert 0 <= paragraph["span_start"] <= paragraph["span_end"] <= len(body)
        for table, row in [*id_rows([each]), *story_rows([each])]:
            rows.setdefault(table, []).append(row)
    for table, found in rows.items():
        for row in found:
            TABLES[table].model_validate(row)
        encode(found, TABLES[table].arrow_schema())
    return held


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes(data):
    check(data)


@settings(max_examples=300, deadline=None)
@given(COPY)
def test_any_copy(text):
    check(text.encode("utf-8", "surrogatepass"))


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(st.sampled_from(["headline", "body", "dateline", "byline", "provider", "guid", "deck"]), COPY, min_size=1),
    st.booleans(),
)
def test_any_json_texts(fields, ascii_only):
    check(json.dumps(fields, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass"))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
)
FIELDS = ["headline", "body", "version", "published_at", "urgency", "embargoed", "keywords", "subjects", "captions", "id"]


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(FIELDS), JSON, min_size=1))
def test_any_json_values(fields):
    check(json.dumps({"headline": "Ferries wait", **fields}).encode())


def test_a_plain_story_gets_through_whole():
    lede = b"OSLO, March 4 (AFP) - Ferries stayed in port on Monday because of ice, Kari Berg of the Coast Guard said.\n"
    (held,) = check(b"Ferries stay in port\n\n" + lede)
    assert held.story["headline"] == "Ferries stay in port"
    assert held.story["country"] == "NO"
    assert held.story["provider"] == "AFP"
