"""Containers: every item found once whatever the slices, and no bomb unpacked."""

import gzip
import io
import json
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.text import containers
from transforms.text.containers import kind_of, member_sizes, unpack, unpacked_size_of_lines


def zipped(members, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def items(data, start=0, stop=None):
    return [(item.place, item.data, item.refused and item.refused.reason) for item in unpack(io.BytesIO(data), start, stop)]


LINES = b"".join(json.dumps({"id": number, "headline": "h" * (number % 37)}).encode() + b"\n" for number in range(60))


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\x1f\x8b\x08", "gzip"), (b"PK\x03\x04", "zip"), (b"PK\x05\x06", "zip"), (b"", "whole"), (b"SEOUL - Rain", "whole"),
        (b'{"a": 1}\n{"a": 2}\n', "lines"), (b'{"a": 1}', "lines"), (b'{\n  "a": 1\n}\n', "whole"), (b'[{"a": 1}]', "whole"),
        (b'\xef\xbb\xbf{"a": 1}\n', "lines"), (b'{broken\n{"a": 2}\n{"a": 3}\n', "lines"), (b"{broken", "whole"),
    ],
)  # fmt: skip
def test_a_kind_is_told_from_the_content(head, kind):
    assert kind_of(head) == kind


def test_lines_are_named_by_their_offset_and_blank_ones_are_no_items():
    assert items(b'{"a": 1}\n\n  \n{"a": 2}') == [("@0", b'{"a": 1}\n', None), ("@13", b'{"a": 2}', None)]


def test_a_line_that_is_no_object_is_refused_among_good_ones():
    found = items(b'{"a": 1}\n{broken\nplain words\n{"a": 2}\n')
    assert [(place, reason) for place, _, reason in found] == [("@0", None), ("@9", "bad_json"), ("@17", "bad_json"), ("@29", None)]
    assert found[1][1] == b"{broken\n"


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("step", [1, 7, 40, 333, 10_000])
def test_slices_of_a_line_file_give_each_line_once(packed, step):
    data = gzip.compress(LINES) if packed else LINES
    whole = items(data)
    assert len(whole) == 60
    assert [item for start in range(0, len(LINES), step) for item in items(data, start, start + step)] == whole


def test_slices_of_a_zip_give_each_member_once():
    data = zipped({f"{number}.txt": f"story {number}" for number in range(9)})
    assert [item for start in range(0, 9, 4) for item in items(data, start, start + 4)] == items(data)
    assert member_sizes(io.BytesIO(data)) == [7] * 9


def test_what_lies_inside_is_unpacked_and_named_by_its_way():
    inner = zipped({"deep/b.jsonl": b'{"a": 1}\n{"a": 2}\n', "c.txt.gz": gzip.compress(b"hello")})
    found = items(zipped({"inner.zip": inner, "a.txt": b"plain", "folder/": b""}))
    assert found == [
        ("inner.zip!deep/b.jsonl!@0", b'{"a": 1}\n', None),
        ("inner.zip!deep/b.jsonl!@9", b'{"a": 2}\n', None),
        ("inner.zip!c.txt.gz", b"hello", None),
        ("a.txt", b"plain", None),
    ]


def test_a_bomb_is_refused_and_its_neighbours_are_read():
    found = items(zipped({"a.txt": b"before", "bomb.txt": b"\0" * 50_000_000, "z.txt": b"after"}))
    assert [(place, reason) for place, _, reason in found] == [("a.txt", None), ("bomb.txt", "bomb"), ("z.txt", None)]
    assert items(gzip.compress(b"\0" * 50_000_000))[0][2] == "bomb"


def test_archives_nested_without_end_are_refused():
    data = b"x"
    for _ in range(containers.MAX_DEPTH + 2):
        data = zipped({"a": data})
    assert [reason for *_, reason in items(data)] == ["bomb"]


def test_an_item_too_large_is_refused_and_the_next_line_is_read(monkeypatch):
    monkeypatch.setattr(containers, "MAX_ITEM_BYTES", 100)
    long = b'{"a": "' + b"x" * 500 + b'"}\n'
    found = items(b'{"a": 1}\n' + long + b'{"a": 2}\n')
    assert [(place, reason) for place, _, reason in found] == [("@0", None), ("@9", "too_large"), (f"@{9 + len(long)}", None)]
    assert found[1][1].startswith(b'{"a": "xxx')
    assert [reason for *_, reason in items(b"x" * 101)] == ["too_large"]
    assert [reason for *_, reason in items(zipped({"a.txt": b"yz" * 60}))] == ["too_large"]


def test_what_all_members_unpack_to_is_bounded(monkeypatch):
    monkeypatch.setattr(containers, "MAX_UNPACKED_BYTES", 1000)
    reasons = [reason for *_, reason in items(zipped({f"{number}": b"x" * 400 for number in range(5)}))]
    assert reasons == [None, None, "bomb", "bomb", "bomb"]


def test_broken_archives_are_refused_with_what_could_be_read():
    whole = gzip.compress(LINES * 50)
    cut = items(whole[: len(whole) // 2])
    assert len(cut) > 10
    assert cut[-1][2] == "broken_gzip"
    assert items(gzip.compress(b"hello")[:-6])[0][2] == "broken_gzip"
    data = zipped({"a.txt": b"hello world" * 20})
    assert items(data[:-30])[0][2] == "broken_zip"
    damaged = bytearray(data)
    damaged[40] ^= 0xFF
    assert items(bytes(damaged))[0][2] == "broken_zip"
    assert items(zipped({}))[0][2] == "empty"


def test_a_cut_line_file_keeps_one_byte_more_so_that_its_last_slice_meets_the_breach():
    assert unpacked_size_of_lines(io.BytesIO(gzip.compress(LINES))) == len(LINES)
    assert unpacked_size_of_lines(io.BytesIO(gzip.compress(b"plain text"))) == 0
    whole = gzip.compress(LINES * 50)
    cut = whole[: len(whole) // 2]
    size = unpacked_size_of_lines(io.BytesIO(cut))
    assert items(cut, 0, size)[-1][2] == "broken_gzip"


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", b"\x1f\x8b\x08\x00", b'{"a": 1}\n', LINES[:200]]))
def test_any_bytes_end_as_items(tail, head):
    found = items(head + tail)
    for place, data, reason in found:
        assert isinstance(place, str)
        assert isinstance(data, bytes)
        assert reason is None or reason
    if (head + tail).strip(b"\r\n\t \xef\xbb\xbf"):
        assert found


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_damaged_zip_ends_as_items(data):
    whole = bytearray(zipped({"a.txt": b"hello world" * 9, "b.jsonl": LINES[:300]}))
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    assert all(item.place is not None for item in unpack(io.BytesIO(bytes(whole))))
