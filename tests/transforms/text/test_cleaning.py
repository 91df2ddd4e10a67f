import datetime as dt
import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import Origin, Story
from transforms.text.cleaning import clean
from transforms.text.formats import parse
from transforms.text.parsed import Parsed, RefusedError, When

NOW = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)
ORIGIN = Origin(source_uri="/wire/story.txt", received_at=NOW)
SET_LATER = {"story_id", "content_hash", "cluster_id", "is_head", "is_latest", "relation", "related_to", "similarity", "superseded_by",
             "killed_by", "run", "countries", "country", "entities_tier"}  # fmt: skip

LEDE = "The government of the island said on Tuesday that it would raise the price of bread by a tenth."
BODY = "Bakers had asked for more, and a spokesman for their guild said that flour, fuel and rent had become dearer."
LAST = '"We are not rich people," he told reporters outside the ministry in the old town on Tuesday.'
WORD = re.compile(r"\w+")


def page(*paragraphs: str, gap: str = "\n\n") -> dict[str, Any]:
    (item,) = parse(gap.join(paragraphs).encode(), "story.txt")
    return clean(item, ORIGIN, NOW)


def fields(**values: Any) -> dict[str, Any]:
    (item,) = parse(json.dumps(values).encode(), "wire.jsonl")
    return clean(item, ORIGIN, NOW)


def roles(row: dict[str, Any], role: str) -> list[str]:
    return [paragraph["text"] for paragraph in row["paragraphs"] if paragraph["role"] == role]


def body(row: dict[str, Any]) -> list[str]:
    return row["body"].split("\n\n") if row["body"] else []


def test_the_row_has_every_column_that_is_not_set_later_and_is_valid() -> None:
    row = page("Bread to cost more", LEDE, BODY)
    assert set(row) == set(Story.model_fields) - SET_LATER
    Story(**row, story_id="0" * 32, content_hash="0" * 32, cluster_id="0" * 32, run="0" * 32)


def test_the_users_story() -> None:
    folder = Path(__file__).parents[3] / "seeds"
    path = next(folder.glob("000_*.txt"), None)
    if path is None:
        pytest.skip("the seed is not here yet")
    (item,) = parse(path.read_bytes(), path.name)
    row = clean(item, Origin(source_uri=f"/anywhere/{path.name}", received_at=NOW), NOW)
    assert row["headline"] == "Kim tells Putin North Korea 'fully supports' Russia on Ukraine"
    assert row["deck"].startswith("The two internationally isolated leaders, who greeted each other with a hug")
    (caption,) = row["captions"]
    assert caption["text"].startswith("In this pool photograph distributed by the Russian state agency Sputnik")
    assert caption["text"].endswith("on 19 June 2024.")
    assert caption["credit"] == "AFP"
    assert (row["dateline_text"], row["dateline_city"], row["dateline_country"]) == ("SEOUL -", "Seoul", "KR")
    assert (row["provider"], row["language"], row["format"]) == ("AFP", "en", "text")
    assert (row["date"], row["date_basis"], row["published_precision"]) == (dt.date(2024, 6, 19), "text", "day")
    assert roles(row, "crosshead") == ["NEEDS WEAPONS"]
    assert len(body(row)) == 23
    assert row["body"].startswith("North Korea fully supports Russia's war in Ukraine")
    assert row["body"].endswith("after his trip to the North.")


def test_wire_copy_with_everything_on_top_and_at_the_end() -> None:
    row = page(
        "eca0124 3 i 93 dpa 1888", "/economy/bread/", "2ND LEAD", "UPDATE 2-Bread to cost more, ministry says",
        "* Price to rise by a tenth", "* Bakers want more", "(Adds quotes, background)", "By Ann Example, dpa =",
        f"Berlin (dpa) - {LEDE}", BODY, "FIRST RISE IN YEARS", LAST, "(Reporting by Ann Example; Editing by Bo Sample)", "hh/ph/ts",
        "© 2024 dpa", "-30-",
    )  # fmt: skip
    assert row["headline"] == "Bread to cost more, ministry says"
    assert row["signal"] == "update"
    assert row["deck"] == "* Price to rise by a tenth\n* Bakers want more"
    assert row["slugline"] == "/economy/bread/"
    assert row["byline"] == "Ann Example, dpa"
    assert row["ednote"] == "2ND LEAD\n(Adds quotes, background)"
    assert row["copyright"] == "© 2024 dpa"
    assert (row["dateline_text"], row["dateline_city"], row["provider"]) == ("Berlin (dpa) -", "Berlin", "dpa")
    assert body(row) == [LEDE, BODY, LAST]
    assert [p["role"] for p in row["paragraphs"]] == ["lede", "body", "crosshead", "body", "signoff", "signoff", "signoff"]
    assert json.loads(row["extra"]) == {"headline_prefix": "UPDATE 2-", "service_line": "eca0124 3 i 93 dpa 1888"}


def test_paragraphs_say_where_they_stand() -> None:
    row = page("Bread to cost more", f"SEOUL - {LEDE}", BODY, "FIRST RISE IN YEARS", LAST, "ends")
    spans = [(p["role"], row["body"][p["span_start"] : p["span_end"]] or p["text"]) for p in row["paragraphs"]]
    assert spans == [("lede", LEDE), ("body", BODY), ("crosshead", "FIRST RISE IN YEARS"), ("body", LAST), ("signoff", "ends")]
    assert row["word_count"] == len(row["body"].split())


@pytest.mark.parametrize("gap", ["\n", "\n\n", "\r\n", "\n \n\n"])
def test_a_page_with_headline_deck_and_caption(gap: str) -> None:
    deck = "The ministry blames flour, fuel and rent, and the bakers want more."
    row = page("Bread to cost more", deck, "A baker at work. Picture: AFP", f"SEOUL - {LEDE}", BODY, gap=gap)
    assert (row["headline"], row["deck"]) == ("Bread to cost more", deck)
    assert row["captions"] == [{"text": "A baker at work.", "credit": "AFP"}]
    assert body(row) == [LEDE, BODY]


def test_a_page_without_a_dateline() -> None:
    row = page("Bread to cost more", "By Ann Example", LEDE, BODY, LAST)
    assert (row["headline"], row["byline"], row["deck"], row["dateline_text"]) == ("Bread to cost more", "Ann Example", None, None)
    assert body(row) == [LEDE, BODY, LAST]


def test_a_deck_is_known_by_the_byline_below_it() -> None:
    row = page("Bread to cost more", "The ministry blames flour and rent.", "By Ann Example", LEDE, BODY)
    assert row["deck"] == "The ministry blames flour and rent."
    assert body(row) == [LEDE, BODY]


def test_a_text_that_starts_with_a_sentence_has_no_headline() -> None:
    row = page(LEDE, BODY, LAST)
    assert row["headline"] is None
    assert body(row) == [LEDE, BODY, LAST]


def test_an_alert_of_one_line_is_a_body() -> None:
    row = page("North fires missile, says military")
    assert (row["headline"], row["body"]) == (None, "North fires missile, says military")


def test_a_date_on_a_line_of_its_own_dates_the_page() -> None:
    row = page("Bread to cost more", "Wednesday, June 19, 2024", LEDE, BODY)
    assert (row["date"], row["date_basis"]) == (dt.date(2024, 6, 19), "dateline")
    assert body(row) == [LEDE, BODY]
    assert json.loads(row["extra"]) == {"date_line": "Wednesday, June 19, 2024"}


def test_fields_given_apart_and_furniture_in_the_body() -> None:
    row = fields(
        headline="CORRECTED-Bread to cost more", provider="Reuters", dateline="SEOUL, June 19", published="2024-06-19T08:00:00Z",
        body=f"(Corrects figure in paragraph 2)\n\nBy Ann Example\n\n{LEDE}\n\n{BODY}\n\n(Reporting by Ann Example)",
    )  # fmt: skip
    assert (row["headline"], row["signal"], row["byline"]) == ("Bread to cost more", "correction", "Ann Example")
    assert row["ednote"] == "(Corrects figure in paragraph 2)"
    assert (row["dateline_text"], row["dateline_city"], row["date_basis"]) == ("SEOUL, June 19", "Seoul", "metadata")
    assert body(row) == [LEDE, BODY]
    assert roles(row, "signoff") == ["(Reporting by Ann Example)"]


def test_a_headline_repeated_in_the_body_is_said_once() -> None:
    row = fields(headline="Bread to cost more", body=f"Bread to cost more\n\n{LEDE}\n\n{BODY}")
    assert body(row) == [LEDE, BODY]


def test_simple_markup_and_entities() -> None:
    row = fields(headline="Bread &amp; butter", body=f"<p>{LEDE}</p><p>Sears &lt;S&gt; rose&nbsp;5&#37;.</p><p>{LAST}</p>")
    assert row["headline"] == "Bread & butter"
    assert body(row) == [LEDE, "Sears <S> rose 5%.", LAST]


def test_what_is_not_for_publication_is_a_note() -> None:
    row = page(
        "Bread to cost more", f"Berlin (dpa) - {LEDE}", BODY, "# dpa NOTEBOOK", "## Contact", "- Desk, +49 30 12345", "dpa ra yyzz s5"
    )
    assert body(row) == [LEDE, BODY]
    assert row["ednote"] == "# dpa NOTEBOOK\n## Contact\n- Desk, +49 30 12345"
    assert roles(row, "signoff") == ["dpa ra yyzz s5"]


@pytest.mark.parametrize("line", ["EMBARGOED UNTIL 0900 GMT JUNE 20", "Sperrfrist 20. Juni, 10 Uhr", "HOLD FOR RELEASE"])
def test_an_embargo_in_words_withholds(line: str) -> None:
    row = page(line, "Bread to cost more", f"SEOUL - {LEDE}", BODY)
    assert (row["pubstatus"], row["ednote"], row["headline"]) == ("withheld", line, "Bread to cost more")


UNTIL = "EMBARGOED UNTIL 0001 GMT June 2, 2030"


@pytest.mark.parametrize(
    "note",
    [UNTIL, f"Eds: {UNTIL}", f"EDS: With photos. {UNTIL}", "Note to editors: this story is embargoed until 0001 GMT June 2, 2030."],
)
def test_an_embargo_holds_wherever_a_note_says_it(note: str) -> None:
    moment = dt.datetime(2030, 6, 2, 0, 1, tzinfo=dt.UTC)
    story = f"SEOUL, June 1 (AP) - {LEDE}"
    rows = [
        page(note, "Bread to cost more", story, BODY),
        page("Bread to cost more", story, BODY, note),
        fields(headline="Bread to cost more", body=f"{note}\n\n{story}\n\n{BODY}"),
        fields(headline="Bread to cost more", body=f"{story}\n\n{BODY}", ednote=note),
    ]
    assert [(row["embargoed"], row["ednote"], row["headline"]) for row in rows] == [(moment, note, "Bread to cost more")] * 4


def test_an_embargo_of_a_note_that_names_no_moment_withholds() -> None:
    assert fields(headline="Bread to cost more", body=LEDE, ednote="Eds: Embargoed until the minister speaks")["pubstatus"] == "withheld"


@pytest.mark.parametrize(
    ("line", "is_note"),
    [
        ("NOT FOR RELEASE, PUBLICATION OR DISTRIBUTION IN THE UNITED STATES", True),
        ("Embargo lifted", True),
        ("Embargo on arms sales is extended", False),
        ("Embargo strains bakers", False),
        ("Embargo against 20 bakers", False),
    ],
)
def test_what_only_sounds_like_an_embargo_holds_nothing(line: str, is_note: bool) -> None:
    row = page(line, "Bread to cost more", f"SEOUL - {LEDE}", BODY)
    assert (row["pubstatus"], row["embargoed"]) == ("usable", None)
    assert (row["ednote"], row["headline"]) == ((line, "Bread to cost more") if is_note else (None, line))


def test_a_kill_is_one_wherever_a_note_says_it() -> None:
    for note in ("KILL", "MANDATORY KILL. It was wrong.", "With photos. This story has been withdrawn."):
        assert fields(headline="Bread to cost more", body=LEDE, ednote=note, signal="update")["signal"] == "kill", note
    for line in ("MANDATORY KILL", "KILL NOTICE", "*** KILL ***"):
        assert page(line, "Bread to cost more", f"SEOUL - {LEDE}", BODY)["signal"] == "kill", line
    for headline in ("MANDATORY KILL - Bread to cost more", "*** KILL *** Bread to cost more", "RETRACTED: Bread to cost more"):
        row = fields(headline=headline, body=LEDE)
        assert (row["signal"], row["headline"]) == ("kill", headline)
    assert fields(headline="Bread", body="Kill the story on bread of 0900 GMT. A kill is mandatory.")["signal"] == "kill"


def test_a_story_about_a_kill_is_none() -> None:
    text = f"SEOUL - {LEDE} {BODY} Kill this plan, said a baker. Floods kill 40, a paper wrote, and withdrew it. The story was withdrawn."
    for note in (None, "Kills earlier version. Adds bakers."):
        assert fields(headline="Bread to cost more", body=text, ednote=note)["signal"] is None


def test_a_second_dateline_stays_where_it_is_said() -> None:
    row = fields(headline="H", dateline="SEOUL, June 19 -", body=f"SEOUL - {LEDE}\n\n{BODY}")
    assert body(row) == [LEDE, BODY]
    assert (row["dateline_text"], json.loads(row["extra"])) == ("SEOUL, June 19 -", {"dateline_in_text": "SEOUL -"})


def test_typography_is_kept() -> None:
    text = "“It’s over” – he said … ‘maybe’ — at the café’s ﬁrst table, 5′ from ½ of them."
    assert fields(headline="H", body=text)["body"] == text


def test_short_lines_of_lists_and_interviews_are_no_crossheads() -> None:
    row = fields(
        headline="Net", body="Shr 12 cts vs 31 cts\n\nNet 1.2 mln vs 3.1 mln\n\nNine mths\n\nShr 35 cts vs 70 cts\n\nNOTE: Full name."
    )
    assert roles(row, "crosshead") == []
    assert roles(page("Talk with a baker", LEDE, BODY, "Why now?", LAST, BODY), "crosshead") == []


def test_a_date_that_is_not_believed_falls_to_the_next_rung() -> None:
    row = fields(headline="H", body=LEDE, published="2090-01-01")
    assert (row["date_basis"], row["published_at"]) == ("receipt", NOW)


def test_an_item_without_a_word_is_refused() -> None:
    with pytest.raises(RefusedError) as refused:
        clean(Parsed(format="text", body=" \n--- "), ORIGIN, NOW)
    assert refused.value.reason == "empty"


# ---------------------------------------------------------------------------------------------------------------- nothing is lost

ANNOUNCING = {"By", "BY", "Von", "Par", "Photo", "Picture", "Image", "by", "Foto"}
"""Words that only say which field follows: the field says it now."""

PIECES = st.sampled_from([
    LEDE, BODY, LAST, f"SEOUL - {LEDE}", f"Berlin (dpa) - {BODY}", "UPDATE 2-Bread to cost more", "Bread to cost more", "By Ann Example",
    "(Adds quotes)", "1ST LEAD", "NEEDS WEAPONS", "A baker. Picture: AFP", "(Photo: EFE)", "hh/ph/ts", "-30-", "ends", "© 2024 Example",
    "# dpa NOTEBOOK", "/a/b/", "* bullet one", "AFP", "SEOUL", "URGENT", "June 19, 2024", "Listen to this article (3 min)",
    "He left. REUTER",
    "He left. (Reporting by Ann Example)", "(SEE SEPARATE STORY)", "Eds: note", "EMBARGOED", "READ MORE: other", "<p>tag</p>",
    "A & B &amp; C",
    "PARIS, March 3 (AP) --", "___", "MORE", "12", "(", "x)",
])  # fmt: skip
TEXTS = st.one_of(
    st.lists(PIECES, min_size=1, max_size=14).map("\n\n".join),
    st.lists(PIECES, min_size=1, max_size=14).map("\n".join),
    st.lists(st.one_of(PIECES, st.text(alphabet="aA bÉ .,:;()-/*=#\"'é中", max_size=60)), min_size=1, max_size=10).map("\n".join),
)


def words_of(row: dict[str, Any]) -> set[str]:
    texts = [
        row[name] or "" for name in ("headline", "deck", "slugline", "byline", "creditline", "dateline_text", "body", "ednote", "copyright")
    ]
    texts += [f"{caption['text']} {caption['credit'] or ''}" for caption in row["captions"]]
    texts += [paragraph["text"] or "" for paragraph in row["paragraphs"]]
    texts += map(str, json.loads(row["extra"] or "{}").values())
    return set(WORD.findall(" ".join(texts)))


@settings(max_examples=400, deadline=None)
@given(TEXTS, st.sampled_from(["page", "body"]), st.sampled_from([None, "Bread to cost more", "UPDATE 1-X"]))
def test_every_word_is_in_some_field(text: str, layout: Any, headline: str | None) -> None:
    try:
        row = clean(Parsed(format="text", layout=layout, headline=headline, body=text), ORIGIN, NOW)
    except RefusedError:
        assert not any(map(str.isalnum, f"{headline or ''}")) or not any(map(str.isalnum, text))
        return
    said = f"{headline or ''} {text}".replace("&amp;", "&").replace("<p>", " ").replace("</p>", " ")
    assert set(WORD.findall(said)) - words_of(row) <= ANNOUNCING
    assert_consistent(row)


def assert_consistent(row: dict[str, Any]) -> None:
    inside = [row["body"][p["span_start"] : p["span_end"]] for p in row["paragraphs"] if p["text"] is None]
    assert "\n\n".join(inside) == row["body"]
    assert all(" ".join(part.split()) == part for part in inside)
    assert row["published_at"].tzinfo is not None
    Story(**row, story_id="0" * 32, content_hash="0" * 32, cluster_id="0" * 32, run="0" * 32)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(max_size=300), st.text(alphabet="<=(>)&;#*/.-\n aA1©\x00é", max_size=80).map(str.encode)))
def test_any_bytes_come_out_as_a_story_or_refused(data: bytes) -> None:
    try:
        for item in parse(data, "x"):
            assert_consistent(clean(item, ORIGIN, NOW))
    except RefusedError as error:
        assert error.reason  # noqa: PT017


@pytest.mark.parametrize(
    "text",
    [
        "a" * 500_000, "a b " * 120_000, "(" * 300_000, "By A " * 100_000, "SEOUL - " * 60_000, "a\n" * 100_000, "Ab c.\n\n" * 50_000,
        "<p" * 200_000, "<p>a" * 60_000 + "</p>", "&amp" * 100_000, "a/" * 200_000, "(Adds " * 80_000, ". " * 200_000, "A-B-" * 100_000,
        "\n" * 500_000 + "x", "Picture: " * 60_000, "é" * 300_000, "Ã©" * 150_000, "<!--" * 100_000 + "</p>", "19 June 2024 " * 40_000,
        "(" + "a" * 1000 + "\n" * 2, "ends\n\n" * 60_000,
    ],
    ids=lambda text: text[:12].strip(),
)  # fmt: skip
def test_hostile_texts_cost_no_more_than_their_length(text: str) -> None:
    started = time.process_time()
    for layout in ("page", "body"):
        clean(Parsed(format="text", layout=layout, headline="H x", body=text), ORIGIN, NOW)  # type: ignore[arg-type]
    assert time.process_time() - started < 10


def test_a_date_that_is_refused_is_kept_in_extra():
    far = dt.datetime(2050, 1, 1, tzinfo=dt.UTC)
    old = dt.datetime(1850, 1, 1, tzinfo=dt.UTC)
    parsed = Parsed(format="jsonl", headline="Ferries wait", body="Ferries waited.", published=When(old, "day"), versioncreated=far)
    row = clean(parsed, Origin(source_uri="x", received_at=NOW), NOW)
    assert row["date_basis"] == "receipt"
    assert row["versioncreated"] is None
    assert json.loads(row["extra"]) == {"published_at": old.isoformat(), "versioncreated": far.isoformat()}


def test_a_text_longer_than_any_story_is_refused():
    parsed = Parsed(format="text", layout="page", body="Ferries waited in port. " * 50_000)
    with pytest.raises(RefusedError, match="too_long"):
        clean(parsed, Origin(source_uri="x", received_at=NOW), NOW)


@pytest.mark.parametrize(
    ("dateline", "located", "located_country", "wanted"),
    [
        (None, "Bergen", "NO", "NO"),
        ("BERGEN (INS) -", "Bergen", "NO", "NO"),
        ("PERTH (INS) -", "Perth", "GB", "GB"),  # the file says which Perth
        ("PARIS (INS) -", "Bergen", "NO", "FR"),  # filed elsewhere
        ("BERGEN, Norway (INS) -", None, None, "NO"),
        (None, "Bergen", None, "NO"),
        (None, "København", None, "DK"),
        (None, "Vancouver, BC, Canada", None, "CA"),
        (None, "Desk", None, None),
        (None, "هونغ كونغ", "CN", "HK"),  # the file says the state, the name the territory
        ("HONG KONG (INS) -", "Hong Kong", "CN", "HK"),
        ("SPRINGFIELD, News (INS) -", "Hamilton, Bermuda", None, "BM"),  # nobody knows the region, so which Springfield
        ("SPRINGFIELD, News (INS) -", None, None, None),
    ],
)
def test_the_country_that_a_file_says_is_that_of_the_same_place(
    dateline: str | None, located: str | None, located_country: str | None, wanted: str | None
) -> None:
    item = Parsed(format="x", body=LEDE, dateline=dateline, located=located, located_country=located_country)
    assert clean(item, ORIGIN, NOW)["dateline_country"] == wanted
