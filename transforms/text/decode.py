"""Bytes to text: which encoding it is, mojibake repaired, control characters gone; typography stays as it is."""

import codecs
import re
import unicodedata

import charset_normalizer
import ftfy
import ftfy.bad_codecs
from ftfy.badness import is_bad

from transforms.text.parsed import RefusedError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_SIGNATURES = (
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"\x89PNG\r\n", "a PNG picture"),
    (b"GIF87a", "a GIF picture"),
    (b"GIF89a", "a GIF picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"RIFF", "a RIFF container (picture, sound or film)"),
    (b"\x00\x00\x00\x18ftyp", "an MPEG-4 film"),
    (b"\x00\x00\x00\x20ftyp", "an MPEG-4 film"),
    (b"ID3\x03", "an MP3 recording"),
    (b"ID3\x04", "an MP3 recording"),
    (b"OggS", "an Ogg recording"),
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a zip archive"),
    (b"\x1f\x8b\x08", "a gzip stream"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"\x7fELF", "a program"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3\x00", "a database"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
)
"""First bytes of the files that reach a news folder by mistake (file(1)'s magic numbers)."""

_SAMPLE = 1 << 16
"""Bytes looked at to tell text from junk and to guess an encoding: the first 64 KiB tell as much as the whole."""

_JUNK_SHARE = 0.05
"""Wire formats frame a story with a few control bytes (ANPA files: under 2 %); random bytes have 10 % of them."""

_WIDE_NULS = 0.2
"""In UTF-16 without a mark every second byte of Latin text is NUL; Chinese text still has NULs in its spaces and digits."""

_ESCAPED = re.compile(rb"\x1b\$[@B]|\x1b\([BJ]")
"""Shift sequences of ISO-2022-JP, which is ASCII on the wire and so passes for UTF-8."""

_SEVEN_BIT = frozenset({"iso2022_jp", "iso2022_kr", "iso2022_jp_1", "iso2022_jp_2", "iso2022_jp_3", "hz", "utf_7"})
_WESTERN = frozenset({"iso8859-1", "latin-1", "latin_1", "ascii", "us-ascii", "cp1252"})
"""Labels that mean Windows-1252 in practice (WHATWG Encoding Standard)."""

_NOT_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")

_BREAKS = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_ODD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b\u2028\u2029\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]")
"""Any character that `_drop_controls` changes; most texts have none."""

_DROP: dict[int, str | None] = {
    **dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)], " "),  # a control character within text stands for one that was lost on the way
    0x09: "\t",
    0x0A: "\n",
    **dict.fromkeys([0xAD, 0x200B, 0xFEFF, 0xFFF9, 0xFFFA, 0xFFFB, 0xFFFE, 0xFFFF]),  # invisible, also within words
}


_FTFY = ftfy.TextFixerConfig(
    unescape_html=False,
    fix_latin_ligatures=False,
    fix_character_width=False,
    uncurl_quotes=False,
    fix_line_breaks=False,
    remove_control_chars=False,
    normalization=None,
    explain=False,
)
"""Encoding errors only: quotes, ligatures and widths are the newsroom's choice, entities are cleaning's business."""


def decode(data: bytes, declared: str | None = None) -> str:
    r"""The text of `data`, with `\n` for every line break.

    Tried in this order: a byte order mark; UTF-8, which hardly any other text happens to be; the declared encoding, which is not
    believed where the bytes do not fit it; damaged UTF-8; a guess. Raises RefusedError (`not_text` for a file of a known binary
    kind, `binary` for other junk) and nothing else."""
    return repair(characters(data, declared))


def characters(data: bytes, declared: str | None = None) -> str:
    """The text of `data` as `decode` finds it and before any repair, for parsers whose fields are repaired one by one. Raises likewise."""
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            raise RefusedError("not_text", f"the input is {kind}")
    return _decode(data, declared)


def repair(text: str) -> str:
    """Text from any source without mojibake, lone surrogates and control characters, in NFC; typography as it was."""
    is_printable = text.replace("\n", "").isprintable()  # by far the most texts are, and a regular expression over them costs more
    if not text.isascii():
        if (_MAY_BE_BAD.search(text) and is_bad(text)) or (not is_printable and _ODD.search(text)):
            text = ftfy.fix_text(text, _FTFY)
        if not unicodedata.is_normalized("NFC", text):
            text = unicodedata.normalize("NFC", text)
    return text if is_printable and text.isascii() else _drop_controls(text)


_MAY_BE_BAD = re.compile("[^\x00-\x7f]{2}|[ÂÃ]")
"""Mojibake is made of several characters in a row, none of them ASCII, but for a space that was a no-break space. Most curly quotes
and accented letters stand alone, and ftfy's own test costs a third of a millisecond a story."""


_TERMINAL = re.compile("\x1b\\[[0-?]*[ -/]*[@-~]")
"""What a terminal takes for a command (ECMA-48); without its first character the rest would stand as words."""


def _drop_controls(text: str) -> str:
    if _ODD.search(text) is None:
        return text
    return _BREAKS.sub("\n", _TERMINAL.sub("", text)).encode("utf-16", "surrogatepass").decode("utf-16", "replace").translate(_DROP)


def _decode(data: bytes, declared: str | None) -> str:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            rest = data[len(mark) :]
            text = _strict(rest, encoding)
            if text is not None or encoding != "utf-8":
                return rest.decode(encoding, "replace") if text is None else text
            data = rest  # an editor's mark before bytes that came from elsewhere: it says as little as a wrong declaration
            break
    sample = data[:_SAMPLE]
    wide = _wide(sample)
    if wide:
        return data.decode(wide, "replace")
    _refuse_junk(sample)
    codec = _codec(declared) or ("iso2022_jp" if _ESCAPED.search(sample) else None)
    if codec in _SEVEN_BIT:
        text = _strict(data, codec)
        if text is not None:
            return text
    text = _strict(data, "utf-8")
    if text is not None:
        return text
    if codec and codec not in _WESTERN and codec != "utf-8":
        text = _strict(data, codec)
        if text is not None and not _ODD.search(text.replace("\r", "")):
            return text
    return _damaged_utf8(data) or _guess(data, sample)


def _wide(sample: bytes) -> str | None:
    """UTF-16 without a mark, by where its NULs lie."""
    if len(sample) < 4 or sample.count(0) < _WIDE_NULS * len(sample) or sample[:4].count(0) == 4:
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if odd > 9 * even:
        return "utf-16-le"
    return "utf-16-be" if even > 9 * odd else None


def _refuse_junk(sample: bytes) -> None:
    odd = len(_NOT_TEXT.findall(sample))
    if odd > max(8, _JUNK_SHARE * len(sample)):
        raise RefusedError("binary", f"{odd} of the first {len(sample)} bytes are control characters: this is no text")


def _codec(declared: str | None) -> str | None:
    """The codec a label names; None for one that Python does not know or that is no text encoding (`hex`, `zip`)."""
    if not declared:
        return None
    try:
        info = codecs.lookup(declared.strip())
    except (LookupError, ValueError):
        return None
    return info.name if getattr(info, "_is_text_encoding", False) else None


def _strict(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeError, ValueError):
        return None


def _damaged_utf8(data: bytes) -> str | None:
    """UTF-8 with a few foreign bytes: those are read as Windows-1252. None where less than two thirds of the rest is UTF-8."""
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = sum(1 for char in text if char > "\x7f") - bad
    if good < 2 * bad:
        return None
    return data.decode("utf-8", "surrogateescape").translate(_FOREIGN)


_FOREIGN = {0xDC00 + byte: bytes([byte]).decode("sloppy-windows-1252") for byte in range(0x80, 0x100)}
"""What `surrogateescape` makes of a byte that is not UTF-8, to that byte in Windows-1252."""


def _guess(data: bytes, sample: bytes) -> str:
    """Windows-1252 where that reads like words, else what charset-normalizer thinks (it is weak on short Western text)."""
    western = sample.decode("sloppy-windows-1252")
    if not _IMPLAUSIBLE.search(western) and not is_bad(western):
        return data.decode("sloppy-windows-1252")
    best = charset_normalizer.from_bytes(sample, steps=5, chunk_size=512).best()
    encoding = best.encoding if best is not None else "sloppy-windows-1252"
    return data.decode(encoding, "replace")


_IMPLAUSIBLE = re.compile(
    r"[^\W\d_][\xa1-\xa6\xa8-\xac\xae-\xb6\xb8-\xba\xbc-\xbf\xd7\xf7\x80-\x90\x95\x98\x9d][^\W\d_]"  # a sign within a word
    r"|[a-zß-öø-ÿ][A-ZÀ-ÖØ-ÞŠŽŸŒ\u0160\u017d](?=[a-zß-öø-ÿ\s,.])(?<=[À-ÞŠŽŸŒ])"  # a capital with an accent after a small letter
    r"|[À-ÖØ-öø-ÿ]{4}"  # four accented letters in a row: Cyrillic, Greek, Chinese read as Western
)
