import base64
import datetime as dt
import gzip
import io
import zipfile

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.transforms.text.formats.wire import ends
from transforms.text import formats
from transforms.text.formats import mail
from transforms.text.formats.document import Document
from transforms.text.parsed import Parsed, RefusedError, When

HEAD = (
    "Received: from a.example by b.example; Wed, 19 Jun 2024 10:15:01 +0200\r\n"
    "Message-ID: <one@example.org>\r\n"
    "From: Ann Example <ann@example.org>\r\n"
    "To: desk@example.net\r\n"
    "Subject: Bread to cost more\r\n"
    "Date: Wed, 19 Jun 2024 10:15:00 +0200\r\n"
    "MIME-Version: 1.0\r\n"
)
SENT = dt.datetime(2024, 6, 19, 8, 15, tzinfo=dt.UTC)


def read(text: str | bytes) -> list[Parsed]:
    return formats.parse(text.encode() if isinstance(text, str) else text)


def one(text: str | bytes) -> Parsed:
    (item,) = read(text)
    return item


def multipart(*parts: str, kind: str = "mixed", head: str = HEAD) -> str:
    body = "".join(f"--xx\r\n{part}\r\n" for part in parts)
    return f'{head}Content-Type: multipart/{kind}; boundary="xx"\r\n\r\n{body}--xx--\r\n'


def plain(text: str, more: str = "") -> str:
    return f"Content-Type: text/plain; charset=utf-8{more}\r\n\r\n{text}"


def attached(data: bytes, name: str, kind: str = "application/octet-stream") -> str:
    coded = base64.encodebytes(data).decode()
    return f'Content-Type: {kind}; name="{name}"\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n{coded}'


def test_every_field() -> None:
    item = one(
        HEAD
        + "Keywords: bread, bakers\r\nContent-Language: en\r\nReply-To: desk@example.org\r\n"
        + plain("The text.\r\n-- \r\nAnn\r\n+49 30 1")
    )
    assert (item.format, item.layout, item.item_kind, item.provider) == ("mail", "body", "text", None)
    assert (item.guid, item.headline, item.body) == ("one@example.org", "Bread to cost more", "The text.")
    assert (item.published, item.versioncreated, item.firstcreated) == (When(SENT, "second"), SENT, None)
    assert (item.keywords, item.language) == (["bread", "bakers"], "en")
    assert item.extra == {
        "from": "Ann Example <ann@example.org>", "to": "desk@example.net", "reply_to": "desk@example.org", "signature": "Ann\n+49 30 1",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("sender", "provider"),
    [
        ("AFP <x@example.org>", "AFP"),
        ("Desk <desk@afp.com>", "AFP"),
        ("desk@news.dpa.com", "dpa"),
        ("Ann <ann@example.org>", None),
        ("=?utf-8?q?Reuters?= <x@y>", "Reuters"),
        ("", None),
    ],
)
def test_an_agency_is_known_by_name_or_address(sender: str, provider: str | None) -> None:
    item = one(HEAD.replace("Ann Example <ann@example.org>", sender) + "\r\nText.")
    assert (item.provider, item.creditline) == (provider, provider)


@pytest.mark.parametrize(
    ("subject", "headline"),
    [
        ("=?utf-8?q?Caf=C3=A9?= opens", "Café opens"),
        ("=?iso-8859-1?B?Q2Fm6Q==?=", "Café"),
        ("=?x-unknown?q?Caf=C3=A9?=", "Café"),
        ("=?utf-8?q?Caf=E9?=", "Café"),
        ("=?utf-8?b?broken", "=?utf-8?b?broken"),
        ("Café opens", "Café opens"),
        ("Long headline\r\n goes on", "Long headline goes on"),
        ("", None),
    ],
)
def test_subjects_in_any_encoding(subject: str, headline: str | None) -> None:
    assert one(HEAD.replace("Bread to cost more", subject) + "\r\nText.").headline == headline


@pytest.mark.parametrize(
    ("date", "at"),
    [
        ("Wed, 19 Jun 2024 10:15:00 -0000", dt.datetime(2024, 6, 19, 10, 15, tzinfo=dt.UTC)),
        ("19 Jun 2024 10:15 EST", dt.datetime(2024, 6, 19, 15, 15, tzinfo=dt.UTC)),
        ("yesterday", dt.datetime(2024, 6, 19, 8, 15, 1, tzinfo=dt.UTC)),
        ("Wed, 99 Jun 2024 10:15:00 +0000", dt.datetime(2024, 6, 19, 8, 15, 1, tzinfo=dt.UTC)),
    ],
)
def test_a_date_that_is_none_is_that_of_the_last_server(date: str, at: dt.datetime) -> None:
    assert one(HEAD.replace("Wed, 19 Jun 2024 10:15:00 +0200", date) + "\r\nText.").versioncreated == at


def test_the_plain_form_of_an_alternative_is_the_body() -> None:
    html = "Content-Type: text/html; charset=utf-8\r\n\r\n<p>The <b>text</b> in HTML.</p><p>More.</p>"
    assert one(multipart(plain("The text."), html, kind="alternative")).body == "The text."
    assert one(multipart(plain(" \r\n"), html, kind="alternative")).body == "The text in HTML.\n\nMore."
    assert one(HEAD + html).body == "The text in HTML.\n\nMore."


def test_several_texts_in_a_row_are_one_body() -> None:
    assert one(multipart(plain("One."), plain("Two."))).body == "One.\n\nTwo."


@pytest.mark.parametrize(
    ("header", "text", "body"),
    [
        (
            "; format=flowed",
            "A line that \r\ngoes on \r\nhere.\r\nAnother.\r\n From here.",
            "A line that goes on here.\nAnother.\nFrom here.",
        ),
        ("; format=flowed; delsp=yes", "Un \r\nbroken.", "Unbroken."),
        ("\r\nContent-Transfer-Encoding: quoted-printable", "Caf=C3=A9 =\r\nopens=2E", "Café opens."),
        ("\r\nContent-Transfer-Encoding: base64", "Q2Fmw6k=", "Café"),
        ("\r\nContent-Transfer-Encoding: base64", "Q2Fm\r\n!w6k", "Café"),
    ],
)
def test_encodings_of_bodies(header: str, text: str, body: str) -> None:
    item = one(HEAD + plain(text, header))
    assert item.body.startswith(body)


@pytest.mark.parametrize("charset", ["utf-8", "us-ascii", "x-unknown", "no charset!", "utf-7-imap", "hex"])
def test_a_wrong_charset_is_not_believed(charset: str) -> None:
    data = f"{HEAD}Content-Type: text/plain; charset={charset}\r\n\r\n".encode() + b"Caf\xe9 opens on Monday."
    assert one(data).body == "Café opens on Monday."


def test_attached_wire_copy_is_read_in_its_format() -> None:
    wire = b"ZCZC AAP\r\n#Bread\r\n$Bread up\r\nBread costs more.\r\nNNNN"
    found = read(multipart(plain("See attached."), attached(wire, "wire one.txt")))
    assert [(item.format, item.headline) for item in found] == [("mail", "Bread to cost more"), ("zczc", "Bread up")]
    assert found[0].extra["attachments"] == ["wire one.txt"]
    assert found[1].extra == {"header": "AAP", "attached_to": "one@example.org", "name": "wire one.txt"}
    assert (found[1].received_at, found[1].payload) == (SENT, wire)


def test_a_message_that_says_nothing_is_no_story_beside_the_one_attached() -> None:
    (item,) = read(multipart(plain(""), attached(b"ZCZC\r\n#Bread\r\n$Bread up\r\nText.\r\nNNNN", "a.txt")))
    assert item.format == "zczc"


def test_packed_attachments_are_unpacked() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("one.txt", "One story of words.")
        archive.writestr("two.jsonl", '{"headline": "Two"}\n{"headline": "Three"}\n')
    found = read(
        multipart(
            plain("See."),
            attached(buffer.getvalue(), "a.zip", "application/zip"),
            attached(gzip.compress(b"Four."), "b.gz"),
            attached(b"PK\x03\x04broken", "c.zip"),
        )
    )
    assert [item.headline or item.body for item in found[1:4]] == ["One story of words.", "Two", "Three"]
    assert found[4].body == "Four."
    assert found[5].refused


def test_pictures_sound_and_film_are_items_of_their_kind() -> None:
    found = read(
        multipart(
            plain("See."),
            attached(b"\xff\xd8\xff", "a.jpg", "image/jpeg"),
            attached(b"\x00", "b.mp4"),
            attached(b"\x00", "c", "audio/mpeg"),
            attached(b"%PDF-1.4", "d.pdf", "application/pdf"),
            attached(b"\x89PNG\r\n", "e"),
            attached(b"", "f.txt", "text/plain"),
        )
    )
    assert [(item.item_kind, item.refused and item.refused[0]) for item in found] == [
        ("text", None), ("picture", None), ("video", None), ("audio", None), ("text", "not_text"), ("text", "not_text"), ("text", "empty"),
    ]  # fmt: skip
    assert (found[1].payload, found[1].extra["name"]) == (b"\xff\xd8\xff", "a.jpg")


def test_a_message_in_a_message_is_another_story() -> None:
    inner = HEAD.replace("one@", "two@").replace("Bread", "Butter") + "\r\nInner text."
    found = read(multipart(plain("Outer text."), f"Content-Type: message/rfc822\r\n\r\n{inner}", attached(inner.encode(), "x.eml")))
    assert [(item.guid, item.body) for item in found] == [
        ("one@example.org", "Outer text."),
        ("two@example.org", "Inner text."),
        ("two@example.org", "Inner text."),
    ]
    assert found[1].payload
    assert found[1].extra["attached_to"] == "one@example.org"


def test_messages_are_nested_so_deep_and_no_deeper() -> None:
    message = HEAD + "\r\nThe innermost."
    for _ in range(mail.MAX_NESTED + 3):
        message = f"{HEAD}Content-Type: message/rfc822\r\n\r\n{message}"
    assert [item.refused and item.refused[0] for item in read(message)][-1] == "too_deep"
    data = (HEAD + "\r\nThe innermost.").encode()
    for _ in range(mail.MAX_NESTED + 3):
        data = multipart(plain("x"), attached(data, "x.eml")).encode()
    assert [item.refused and item.refused[0] for item in read(data)][-1] == "too_deep"


def test_parts_are_so_deep_and_so_many_and_no_more() -> None:
    deep = plain("Text.")
    for number in range(mail.MAX_DEPTH + 2):
        deep = f'Content-Type: multipart/mixed; boundary="b{number}"\r\n\r\n--b{number}\r\n{deep}\r\n--b{number}--\r\n'
    for text in (HEAD + deep, multipart(*[plain("x")] * (mail.MAX_PARTS + 2))):
        with pytest.raises(RefusedError, match=r"too_deep|too_large"):
            read(text)


def test_a_mailbox_is_many_messages_and_a_bad_one_hides_none() -> None:
    message = f"From ann@example.org Wed Jun 19 10:15:00 2024\n{HEAD}\nText.\n\n".replace("\r\n", "\n")
    empty = "From x Wed Jun 19 10:15:00 2024\nX-A: b\nMIME-Version: 1.0\n\n\n"
    found = read(message + empty + message.replace("one@", "two@"))
    assert [(item.guid, item.refused and item.refused[0]) for item in found] == [
        ("one@example.org", None),
        (None, "empty"),
        ("two@example.org", None),
    ]
    assert all(item.payload and item.payload.startswith(b"From ") for item in found)


def test_the_bytes_of_attachments_are_theirs_alone() -> None:
    found = read(multipart(plain("See."), attached(b"\xff\xd8\xff", "a.jpg", "image/jpeg")))
    assert [item.payload for item in found] == [b"Bread to cost more\n\nSee.", b"\xff\xd8\xff"]


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        (HEAD, True),
        (" " * 200 + "\r\n" + HEAD, True),
        ("\ufeff" + HEAD, True),
        (HEAD.replace("\r\n", "\r"), True),
        ("From: A\nTo: B\nSubject: C\nMIME-Version: 1.0\n\nText", True),
        ("From: Example Corp\nTo: All media\nDate: Today\nSubject: Bread\n\nBread costs more.", False),
        ("From: here to there, a journey\n\nText", False),
        ("Received: yes\nWritten: no\n", False),
        ("http://example.org\nhttps://example.org\n", False),
        ("", False),
    ],
)
def test_sniffs_several_fields_of_a_mail_system(text: str, is_one: bool) -> None:
    assert mail.sniff(Document(text.encode())) is is_one


@pytest.mark.parametrize(
    "text",
    [
        "",
        HEAD.replace("Bread to cost more", ""),
        HEAD.replace("Bread to cost more", "") + "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x",
    ],
)
def test_a_message_without_words_is_refused(text: str) -> None:
    with pytest.raises(RefusedError) as refused:
        mail.parse(Document(text.encode()))
    assert refused.value.reason == "empty"


def test_truncated_multiparts_give_what_they_have() -> None:
    whole = multipart(plain("The text."), attached(b"ZCZC\r\n#Bread\r\n$Bread up\r\nText.\r\nNNNN", "a.txt"))
    for end in range(len(HEAD), len(whole), 7):
        assert read(whole[:end])[0].headline in ("Bread to cost more", "Bread up")


def test_a_huge_body_takes_time_in_proportion() -> None:
    line = "A line of text that goes on \r\n"
    assert len(one(HEAD + plain(line * 30_000, "; format=flowed")).body) > 800_000
    (refused,) = [item for item in read(HEAD + plain("x" * (17 * 2**20))) if item.refused]
    assert refused.refused
    assert refused.refused[0] == "too_large"


PIECES = (
    HEAD, multipart(plain("a"), attached(b"b", "c.xml")), "\r\n", "--xx\r\n", "Content-Type: ", "multipart/mixed; boundary=xx\r\n",
    "message/rfc822\r\n\r\n", "charset==?q?", "=?utf-8?b?=?=", "\x00", "é", ": ", ";\"'",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES)).map("".join))
@example("Content-Type: charset==?q?\x00" + HEAD + "é")
def test_any_mixture_is_items_or_refused(text: str) -> None:
    ends(mail.parse, text.encode())


@given(st.binary(max_size=400))
def test_any_bytes_are_items_or_refused(data: bytes) -> None:
    ends(mail.parse, HEAD.encode() + data)
