"""The texts of mail: fields of the head, bodies in their encodings, flowed lines, signatures."""

import email.header
import email.message
import re

from transforms.text.decode import decode, repair
from transforms.text.formats.xml import html_text
from transforms.text.parsed import RefusedError

MAX_BODY = 16 * 2**20
"""Bytes of a text; pages of HTML with pictures in them have some megabytes."""

_SIGNATURE = re.compile(r"^--[ \t]*$", re.MULTILINE)
_SIGNATURE_LINES = 30
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")
_ENCODED = re.compile(r"=\?[\w*-]+\?[bBqQ]\?")


def header(message: email.message.Message, name: str = "", *, filename: bool = False) -> str | None:
    """A field of the head (or, with `filename`, the name of the part's file) as one line of text; None where it is empty or absent.

    Encoded words are read in whatever charset they name; where it is unknown or wrong, in the one the bytes fit."""
    try:
        raw = message.get_filename() if filename else _raw(message, name)
    except (ValueError, LookupError, TypeError, AttributeError):
        return None
    if raw is None:
        return None
    line = " ".join(_CONTROLS.sub(" ", _decoded(str(raw)[:_LONGEST_RAW])).split())
    return line[:_LONGEST] or None


_LONGEST = 2000
_LONGEST_RAW = 20_000
"""Characters of a field, decoded and as it stands; an address list may have hundreds of names."""


def _raw(message: email.message.Message, name: str) -> str | None:
    """A field as it stands: the message's own access makes marks of bytes that are not ASCII."""
    wanted = name.lower()
    return next((str(value) for key, value in message.raw_items() if key.lower() == wanted), None)


def _decoded(raw: str) -> str:
    text = raw
    if _ENCODED.search(raw):
        try:
            pairs = email.header.decode_header(raw)
        except (ValueError, LookupError, TypeError, AttributeError, email.errors.MessageError):
            pairs = []
        if pairs:
            text = "".join(value if isinstance(value, str) else _in_charset(value, charset) for value, charset in pairs)
    return repair(_unescaped(text))


def _unescaped(text: str) -> str:
    """Raw bytes of a head (which should have been encoded) as text."""
    if any("\udc80" <= char <= "\udcff" for char in text):
        return _in_charset(text.encode("ascii", "surrogateescape") if _is_escaped_ascii(text) else text.encode("utf-8", "replace"), None)
    return text


def _is_escaped_ascii(text: str) -> bool:
    return all(char < "\x80" or "\udc80" <= char <= "\udcff" for char in text)


def _in_charset(value: bytes, charset: str | None) -> str:
    try:
        return decode(value, charset)
    except RefusedError:
        return value.decode("latin-1")


def body_of(part: email.message.Message) -> str:
    """The words of a text part: decoded, flowed lines joined, HTML as plain text. Raises RefusedError (`too_large`, those of `decode`)."""
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes) or not data:
        return ""
    if len(data) > MAX_BODY:
        raise RefusedError("too_large", f"the text of the message has {len(data)} bytes, more than {MAX_BODY}")
    text = decode(data, _charset(part))
    if part.get_content_type() == "text/html":
        return html_text(text)
    if str(part.get_param("format") or "").lower() == "flowed":
        return flowed(text, joined=str(part.get_param("delsp") or "").lower() == "yes")
    return text.strip("\n")


def _charset(part: email.message.Message) -> str | None:
    try:
        return part.get_content_charset()
    except (ValueError, LookupError, TypeError, AttributeError):
        return None


def flowed(text: str, *, joined: bool = False) -> str:
    """Text of format=flowed (RFC 3676) with its soft line breaks taken out: a line that ends in a blank goes on in the next.

    `joined`: the blank is no part of the text (DelSp). Blanks that were put before a line are taken off; the signature's mark stays."""
    found: list[list[str]] = []
    goes_on = False
    for raw in text.split("\n"):
        line = raw[1:] if raw.startswith(" ") else raw
        is_mark = line.rstrip() == "--"
        if not goes_on or is_mark:
            found.append([])
        goes_on = line.endswith(" ") and not is_mark
        found[-1].append(line[:-1] if goes_on and joined else line)
    return "\n".join("".join(pieces) for pieces in found).strip("\n")


def split_signature(text: str) -> tuple[str, str]:
    """A body and the signature after its mark, a line `-- `; the last such line, with not more than thirty after it."""
    marks = list(_SIGNATURE.finditer(text))
    if not marks or text.count("\n", marks[-1].end()) > _SIGNATURE_LINES:
        return text.strip("\n"), ""
    return text[: marks[-1].start()].strip("\n"), text[marks[-1].end() :].strip()
