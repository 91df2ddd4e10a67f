"""Containers: every item found once whatever the slices, and no bomb unpacked."""

import collections
import gzip
import io
import itertools
import json
import random
import tarfile
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.text import containers, warc
from transforms.text.containers import kind_in_gzip, kind_of, member_sizes, unpack, unpacked_size_of_lines


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
        (b"WARC/1.0\r\n", "warc"), (b"\r\nWARC/1.1\n", "warc"), (b"WARC is a format", "whole"),
        (b"a".ljust(257, b"\0") + b"ustar  ", "tar"),
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
    assert kind_in_gzip(io.BytesIO(gzip.compress(LINES))) == "lines"
    assert kind_in_gzip(io.BytesIO(gzip.compress(b"plain text"))) == "whole"
    assert kind_in_gzip(io.BytesIO(gzip.compress(LINES)[:12])) == "whole"
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


# ------------------------------------------------------------------------------------------------------------------------ tar


def tarred(members, mode="w", **fields):
    """An archive of names and bytes; a name's value may be a `TarInfo` type instead, for a link or device."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode, format=fields.pop("format", tarfile.PAX_FORMAT)) as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            if isinstance(data, tuple):
                info.type, info.linkname = data
                archive.addfile(info)
            else:
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


TARRED = {
    "a.txt": b"one",
    "deep/b.jsonl": b'{"a": 1}\n{"a": 2}\n',
    "folder": (tarfile.DIRTYPE, ""),
    "c.txt.gz": gzip.compress(b"three"),
    "é" * 90: b"4",
}
FOUND = [
    ("a.txt", b"one", None), ("deep/b.jsonl!@0", b'{"a": 1}\n', None), ("deep/b.jsonl!@9", b'{"a": 2}\n', None),
    ("c.txt.gz", b"three", None),
    ("é" * 90, b"4", None),
]  # fmt: skip


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_members_of_a_tar_are_items(form, pack):
    assert items(pack(tarred(TARRED, format=form))) == FOUND


def test_a_tar_in_an_archive_is_unpacked_and_named_by_its_way():
    assert items(zipped({"day.tar.gz": gzip.compress(tarred({"a.txt": b"one"}))})) == [("day.tar.gz!a.txt", b"one", None)]


@pytest.mark.parametrize("name", ["/etc/passwd", "../../outside.txt", "a/../../b", "C:\\x", "a\nb"])
def test_a_name_in_a_tar_is_only_a_name(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert items(tarred({name: b"one"})) == [(name, b"one", None)]
    assert list(tmp_path.iterdir()) == []


def test_links_and_devices_of_a_tar_are_refused():
    found = items(
        tarred({"l": (tarfile.SYMTYPE, "/etc/passwd"), "h": (tarfile.LNKTYPE, "a.txt"), "d": (tarfile.CHRTYPE, ""), "a.txt": b"one"})
    )
    assert found == [("l", b"", "not_text"), ("h", b"", "not_text"), ("d", b"", "not_text"), ("a.txt", b"one", None)]


def test_tar_bombs_are_refused(monkeypatch):
    assert items(gzip.compress(tarred({"a.txt": b"before", "bomb": b"\0" * 50_000_000})))[-1][2] == "bomb"
    sparse = bytearray(tarred({"a": b"one"}))
    sparse[124:136] = b"77777777777\0"  # a size of 8 GiB, of which nothing is there
    assert items(checked(sparse))[-1][2] == "broken_tar"
    header = bytearray(tarred({"a" * 200: b"one"}, format=tarfile.GNU_FORMAT))
    header[124:136] = b"77777777777\0"  # a name of 8 GiB
    assert items(checked(header))[-1][2] == "bomb"
    monkeypatch.setattr(containers, "MAX_ITEM_BYTES", 100)
    assert [reason for *_, reason in items(tarred({"a": b"x" * 101, "b": b"y"}))] == ["too_large", None]
    monkeypatch.setattr(containers, "MAX_MEMBERS", 2)
    assert [reason for *_, reason in items(tarred({"a": b"1", "b": b"2", "c": b"3"}))] == [None, None, "bomb"]


def checked(archive):
    """A tar archive whose first header has been changed, with its sum right again."""
    archive[148:156] = b" " * 8
    archive[148:156] = b"%06o\0 " % sum(archive[:512])
    return bytes(archive)


def test_a_broken_tar_gives_what_could_be_read():
    whole = tarred({"a.txt": b"one" * 200, "b.bin": random.Random(1).randbytes(200_000)})
    for data in (whole[:2600], gzip.compress(whole[:2600]), gzip.compress(whole)[:100_000]):
        found = items(data)
        assert found[0] == ("a.txt", b"one" * 200, None)
        assert found[-1][2] in ("broken_tar", "broken_gzip")
    assert items(tarred({"folder": (tarfile.DIRTYPE, "")}))[0][2] == "empty"


# ----------------------------------------------------------------------------------------------------------------------- WARC


def record(number, payload=b"<html><p>one</p></html>", kind="response", more=""):
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + payload
    return (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{number}>\r\nWARC-Target-URI: https://example.org/{number}\r\n"
        f"Content-Type: application/http; msgtype=response\r\n{more}Content-Length: {len(block)}\r\n\r\n"
    ).encode() + block + b"\r\n\r\n"  # fmt: skip


RECORDS = [record("info", kind="warcinfo"), record("asked", kind="request"), *map(record, range(5)), record("said", kind="metadata")]
PACKED = [gzip.compress(each) for each in RECORDS]
NAMES = [f"urn:uuid:{number}" for number in range(5)]


def names(data):
    return [(place, reason) for place, _, reason in items(data)]


@pytest.mark.parametrize(
    "data", [b"".join(RECORDS), b"".join(PACKED), gzip.compress(b"".join(RECORDS))], ids=["plain", "by record", "whole"]
)
def test_answers_of_a_warc_are_items_with_their_heads(data):
    found = items(data)
    assert [place for place, *_ in found] == NAMES
    assert found[3][1] == record(3).removesuffix(b"\r\n\r\n")
    assert {reason for *_, reason in found} == {None}
    assert [place for place, *_ in items(zipped({"a.warc": data}))] == [f"a.warc!{name}" for name in NAMES]


def test_records_that_are_no_answers_are_passed_over():
    assert names(record("r", kind="resource") + record("c", kind="conversion") + record("v", kind="revisit")) == [
        ("urn:uuid:r", None),
        ("urn:uuid:c", None),
    ]
    assert names(record("d").replace(b"https://example.org/d", b"dns:example.org")) == [("", "empty")]
    assert names(RECORDS[0]) == [("", "empty")]


def test_records_of_one_name_are_told_apart():
    assert names(record(1) + record(1)) == [("urn:uuid:1", None), (f"urn:uuid:1@{len(record(1))}", None)]


@pytest.mark.parametrize("records", [RECORDS, PACKED], ids=["plain", "gzip"])
def test_reading_goes_on_after_a_broken_record(records):
    damaged = bytearray(records[4])
    damaged[: len(damaged) // 2] = (
        b"\x00" * (len(damaged) // 2) if records is RECORDS else records[4][:20] + b"\xff" * (len(damaged) // 2 - 20)
    )
    found = names(b"".join([*records[:4], bytes(damaged), *records[5:]]))
    assert [place for place, reason in found if reason is None] == [NAMES[0], NAMES[1], NAMES[3], NAMES[4]]
    assert [reason for _, reason in found if reason] == ["broken_warc"]


@pytest.mark.parametrize("records", [RECORDS, PACKED], ids=["plain", "gzip"])
def test_a_warc_that_is_cut_keeps_its_whole_records(records):
    whole = b"".join(records[:7])
    for end in range(len(b"".join(records[:4])), len(whole) - 4, 9):
        found = names(whole[:end])
        assert found[:2] == [(NAMES[0], None), (NAMES[1], None)]
        assert len(found) <= 5
        assert all(reason in (None, "broken_warc", "empty") for _, reason in found)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(1, len(b"".join(PACKED)) + 50), max_size=6))
def test_parts_of_a_warc_hold_each_record_once(cuts):
    """Wherever it is cut, also where the marks of gzip stand in what is packed."""
    tricky = gzip.compress(record("tricky", b"\x1f\x8b\x08" * 30), compresslevel=0)
    for data in (b"".join([*PACKED[:3], tricky, *PACKED[3:]]), gzip.compress(b"".join(RECORDS)) + b"".join(PACKED)):
        ends = [0, *sorted({min(cut, len(data)) for cut in cuts}), len(data)]
        parts = [items(data, start, stop) for start, stop in itertools.pairwise(ends) if start < stop]
        bodies = [found[1] for part in parts for found in part if found[2] is None]
        assert collections.Counter(bodies) == collections.Counter(found[1] for found in items(data))
        assert len({found[0] for part in parts for found in part if found[2] is None}) == len(bodies)


def test_what_is_packed_by_record_is_told_from_what_is_packed_whole():
    assert warc.is_packed_by_record(io.BytesIO(b"".join(PACKED)))
    assert not warc.is_packed_by_record(io.BytesIO(gzip.compress(b"".join(RECORDS))))
    assert not warc.is_packed_by_record(io.BytesIO(PACKED[0]))


def test_limits_hold_for_records(monkeypatch):
    monkeypatch.setattr(containers, "MAX_ITEM_BYTES", 1000)
    big = record("big", b"x" * 5000)
    assert names(big + record(1)) == [("urn:uuid:big", "too_large"), ("urn:uuid:1", None)]
    assert names(gzip.compress(big) + gzip.compress(record(1))) == [("urn:uuid:big", "too_large"), ("urn:uuid:1", None)]
    monkeypatch.setattr(containers, "MAX_UNPACKED_BYTES", 700)
    assert [reason for _, reason in names(b"".join(RECORDS))] == [None, None, "bomb"]


def test_an_error_of_the_stream_is_no_broken_warc():
    class Failing(io.BytesIO):
        def read(self, size=-1):
            if self.tell() >= 65536:
                raise OSError("the disk is gone")
            return super().read(size)

    with pytest.raises(OSError, match="the disk is gone"):
        list(unpack(Failing(b"".join(record(number, b"x" * 900) for number in range(200)))))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_tar_or_warc_ends_as_items(data):
    start = data.draw(st.sampled_from([tarred(TARRED), b"".join(RECORDS), b"".join(PACKED), gzip.compress(tarred(TARRED))]))
    whole = bytearray(start)
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    assert all(item.place is not None for item in unpack(io.BytesIO(bytes(whole[: data.draw(st.integers(1, len(whole)))]))))
