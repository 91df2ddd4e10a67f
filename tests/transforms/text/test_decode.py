import codecs
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.text.decode import decode, repair
from transforms.text.parsed import RefusedError

SENTENCE = "The café’s owner said “no” – twice – to Zoë’s offer of €5."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"])
def test_reads_unicode_with_and_without_a_mark(encoding: str) -> None:
    assert decode(SENTENCE.encode(encoding)) == SENTENCE


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
def test_a_mark_alone_is_an_empty_text(mark: bytes) -> None:
    assert decode(mark) == ""


@pytest.mark.parametrize("declared", ["iso-8859-1", "windows-1252", "ascii", "utf-16", "no-such-encoding", "hex", "", None])
def test_a_false_declaration_is_not_believed_where_the_bytes_are_utf8(declared: str | None) -> None:
    assert decode(SENTENCE.encode(), declared) == SENTENCE


def test_latin_1_means_windows_1252() -> None:
    assert decode(SENTENCE.encode("cp1252"), "iso-8859-1") == SENTENCE


def test_guesses_western_text_without_a_declaration() -> None:
    assert decode(SENTENCE.encode("cp1252")) == SENTENCE
    assert decode("Der Präsident grüßt die Bürger in Köln.".encode("latin-1")) == "Der Präsident grüßt die Bürger in Köln."


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Премьер-министр заявил во вторник, что переговоры продолжатся ещё неделю.", "cp1251"),
        ("Ο πρωθυπουργός δήλωσε την Τρίτη ότι οι συνομιλίες θα συνεχιστούν.", "iso8859-7"),
        ("Minister powiedział we wtorek, że rozmowy będą trwały jeszcze tydzień.", "iso8859-2"),
        ("首相は火曜日、協議はもう一週間続くと述べた。", "shift_jis"),
        ("首相は火曜日、協議はもう一週間続くと述べた。", "iso2022_jp"),
        ("总理周二表示，会谈将再持续一周，因为双方都希望达成协议。", "gb18030"),
        ("총리는 화요일 회담이 일주일 더 계속될 것이라고 말했다.", "euc_kr"),
    ],
)
def test_believes_a_declaration_that_fits(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), encoding) == text


def test_guesses_cyrillic_and_chinese() -> None:
    russian = "Премьер-министр заявил во вторник, что переговоры продолжатся ещё неделю, поскольку обе стороны хотят соглашения. " * 5
    chinese = "总理周二表示，会谈将再持续一周，因为双方都希望达成协议。外交部长也将出席会议，并与记者见面。" * 5
    assert decode(russian.encode("cp1251")) == russian
    assert decode(chinese.encode("gb18030")) == chinese


def test_repairs_mojibake_and_keeps_typography() -> None:
    assert decode("It’s “over” … café".encode().decode("sloppy-windows-1252").encode()) == "It’s “over” … café"
    assert repair("The ﬁrst – ‘second’ — “third” … ½ ™") == "The ﬁrst – ‘second’ — “third” … ½ ™"


def test_one_foreign_byte_does_not_spoil_a_utf8_text() -> None:
    data = "Zoë said “yes” in Köln and Zürich".encode() + b" \x96 caf\xe9"
    assert decode(data) == "Zoë said “yes” in Köln and Zürich – café"


def test_line_breaks_are_one_and_controls_are_white_space() -> None:
    assert decode(b"one\r\ntwo\rthree\x0cfour") == "one\ntwo\nthree\nfour"
    assert decode(b"a\x00b\x1fc\x7fd") == "a b c d"
    assert decode(b"\x1b[2J\x1b[1;31mOslo\x1b[0m waits [1]") == "Oslo waits [1]"
    assert repair("soft\xadhyphen zero\u200bwidth \ufeffmark\u2028line") == "softhyphen zerowidth mark\nline"


def test_lone_surrogates_do_not_survive() -> None:
    assert "\ud800" not in repair("x \ud800 y")
    assert repair("\ud83d\ude00") == "😀"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not_text"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "not_text"),
        (b"%PDF-1.7\n", "not_text"),
        (bytes(range(256)) * 20, "binary"),
    ],
)
def test_refuses_what_is_no_text(data: bytes, reason: str) -> None:
    with pytest.raises(RefusedError) as refused:
        decode(data)
    assert refused.value.reason == reason


@given(st.binary(max_size=400), st.sampled_from([None, "utf-8", "latin-1", "utf-16", "shift_jis", "idna", "punycode", "rot13", "x"]))
def test_any_bytes_are_text_or_refused(data: bytes, declared: str | None) -> None:
    try:
        text = decode(data, declared)
    except RefusedError as error:
        assert error.reason in ("not_text", "binary")  # noqa: PT017
    else:
        text.encode()
        assert "\r" not in text
        assert "\x00" not in text


@given(st.text(max_size=200))
def test_repaired_text_can_be_written_and_printed(text: str) -> None:
    found = repair(text)
    found.encode()
    assert not any(unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t" for char in found)


def test_a_mark_before_bytes_of_another_encoding_is_not_believed():
    text = "Hamburger Hafen: Störche brüten auf Kränen, sagte die Hafenbehörde am Dienstag."
    assert decode(b"\xef\xbb\xbf" + text.encode("cp1252")) == text
