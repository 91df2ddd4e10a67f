import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.text import formats
from transforms.text.formats import calendar_csv
from transforms.text.formats.document import Document
from transforms.text.parsed import Parsed, RefusedError

HEAD = '"Subject","Start Date","Start Time","End Date","End Time","All day event","Description","Location"\r\n'


def calendar(*rows: str, head: str = HEAD) -> list[Parsed]:
    return formats.parse((head + "\r\n".join(rows) + "\r\n").encode())


def test_an_event_a_row() -> None:
    first, second = calendar(
        '"Harbor open, all day","3/9/2018",,,,"true","Come and see","Northtown"',
        '"Bread fair","13/9/2018","10:00","13/9/2018","12:00","false",,',
    )
    assert (first.format, first.item_kind, first.headline, first.body) == ("calendar", "event", "Harbor open, all day", "Come and see")
    assert (first.located, first.guid) == ("Northtown", None)
    assert first.extra == {"start": "2018-09-03", "all day event": "true"}
    assert second.extra == {"start": "2018-09-13 10:00", "end": "2018-09-13 12:00", "all day event": "false"}
    assert first.payload
    assert b"Harbor open" in first.payload


@pytest.mark.parametrize(
    ("subject", "guid"),
    [
        ("1234.0.55.001 Sample of Things, Australia, 2016-17", "urn:www.abs.gov.au:1234.0.55.001-2016-17"),
        ("1234.0 Sample of Things, Australia, June 2018", "urn:www.abs.gov.au:1234.0-June-2018"),
        ("1234.0 Sample, Australia, July 2018 (Additional Information)", "urn:www.abs.gov.au:1234.0-July-2018"),
        ("1234.0 Sample of Things", None),
        ("Sample of Things, 2018", None),
    ],
)
def test_a_catalogue_number_and_period_are_an_identity(subject: str, guid: str | None) -> None:
    (item,) = calendar(f'"{subject}","3/9/2018",,,,,,')
    assert item.guid == guid


def test_a_uid_is_the_guid() -> None:
    (item,) = calendar("Bread fair,2018-09-03,a@b", head="Subject,Start Date,UID\n")
    assert (item.guid, item.extra) == ("a@b", {"start": "2018-09-03"})


@pytest.mark.parametrize(
    ("dates", "start"),
    [
        (["3/9/2018", "13/9/2018"], "2018-09-03"),
        (["3/9/2018", "3/19/2018"], "2018-03-09"),
        (["3/9/2018", "4/9/2018", "5/9/2018"], "2018-03-09"),  # in order either way
        (["3/9/2018", "4/8/2018"], "2018-03-09"),
        (["4/8/2018", "3/9/2018"], "2018-08-04"),
        (["03.09.18", "13.09.18"], "2018-09-03"),
        (["31/31/2018"], None),
        (["soon"], None),
    ],
)
def test_the_file_tells_whether_the_day_comes_first(dates: list[str], start: str | None) -> None:
    assert calendar(*(f"A fair,{date}" for date in dates), head="Subject,Start Date\n")[0].extra.get("start") == start


@pytest.mark.parametrize(
    ("data", "is_one"),
    [
        (HEAD.encode(), True),
        (b"\xef\xbb\xbf" + HEAD.encode(), True),
        (b"Subject;Start Date;Location\n", True),
        (b"Subject\tStart Date\r\n", True),
        (b"Subject: Start Date,\n", False),
        (b"Name,Subject,Price\n", False),
        (b"", False),
    ],
)
def test_sniffs_the_names_of_columns(data: bytes, is_one: bool) -> None:
    assert calendar_csv.sniff(Document(data)) is is_one


@pytest.mark.parametrize(
    ("data", "reason"),
    [(HEAD.encode(), "empty"), (b"", "bad_csv"), (HEAD.encode() + b'"' + b"x" * 200_000 + b'"\n', "bad_csv"), (b"%PDF-1.4", "not_text")],
)
def test_refuses_what_holds_no_event(data: bytes, reason: str) -> None:
    with pytest.raises(RefusedError) as refused:
        calendar_csv.parse(Document(data))
    assert refused.value.reason == reason


def test_refuses_more_events_than_any_calendar_has() -> None:
    with pytest.raises(RefusedError, match="too_large"):
        calendar(*["A fair,3/9/2018"] * (calendar_csv.MAX_EVENTS + 1), head="Subject,Start Date\n")


@given(st.one_of(st.binary(max_size=300), st.text(max_size=200).map(str.encode)))
def test_any_rows_are_events_or_refused(data: bytes) -> None:
    try:
        found = calendar_csv.parse(Document(HEAD.encode() + data))
    except RefusedError as error:
        assert error.reason  # noqa: PT017
    else:
        assert found
        assert all(item.item_kind == "event" for item in found)
