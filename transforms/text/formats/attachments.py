"""Files that came with a message: stories of any format, packed or not, pictures, sound, film."""

import io
import re
from collections.abc import Callable
from typing import NamedTuple

from transforms.text import containers
from transforms.text.parsed import ItemKind, Parsed, RefusedError

MAIL = "mail"
MAX_ITEMS = 10_000
"""Items of one attachment."""

_KINDS: dict[str, ItemKind] = {"image": "picture", "video": "video", "audio": "audio"}
_SUFFIXES: dict[str, ItemKind] = {
    **dict.fromkeys("jpg jpeg png gif tif tiff bmp webp heic svg".split(), "picture"),
    **dict.fromkeys("mp4 mov avi mpg mpeg mkv webm wmv".split(), "video"),
    **dict.fromkeys("mp3 wav ogg m4a aac flac".split(), "audio"),
}
_OFFICE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|odt|ods|odp|rtf|ics|vcf|eps|ai|psd|exe|p7s|asc)$", re.IGNORECASE)
_WORDED = re.compile(
    r"text/(?!calendar|directory|rtf|css|javascript)|message/"
    r"|application/(?:[\w.+-]*(?:xml|json)|octet-stream|force-download|(?:x-)?(?:gzip|zip)[\w-]*|x-ndjson|rss|warc)",
    re.IGNORECASE,
)
"""Types of what may hold a story, packed or not."""


class Attachment(NamedTuple):
    """A file with a message: its name, the type that the message gives it, its bytes."""

    name: str | None
    kind: str
    data: bytes


def items_of(attachment: Attachment, parse: Callable[[bytes, str], list[Parsed]]) -> list[Parsed]:
    """The items of an attachment, its texts as `parse` reads them (it may raise RefusedError); one that is no text is an item or a
    refusal, so that nothing is lost. Raises nothing."""
    name, kind, data = attachment
    suffix = (name or "").rpartition(".")[2].lower()
    item_kind = _KINDS.get(kind.partition("/")[0]) or _SUFFIXES.get(suffix)
    if item_kind:
        return [Parsed(format=MAIL, item_kind=item_kind, extra=_about(attachment), payload=data)]
    if not _WORDED.match(kind) or _OFFICE.search(name or ""):
        return [_refused(attachment, data, "not_text", f"the attachment is of the type {kind}")]
    found: list[Parsed] = []
    for unpacked in containers.unpack(io.BytesIO(data)):
        place = f"{name or ''}!{unpacked.place}" if unpacked.place else name or ""
        try:
            if unpacked.refused:
                raise unpacked.refused
            items = parse(unpacked.data, place)
        except RefusedError as error:
            items = [_refused(attachment, unpacked.data, error.reason, error.detail)]
        for item in items:
            item.extra.setdefault("name", place or None)
            item.payload = unpacked.data if item.payload is None else item.payload
        found += items
        if len(found) > MAX_ITEMS:
            found.append(_refused(attachment, b"", "too_large", f"the attachment holds more than {MAX_ITEMS} items"))
            break
    return found or [_refused(attachment, data, "empty", "the attachment is empty")]


def _about(attachment: Attachment) -> dict[str, str]:
    about = {"name": attachment.name, "content_type": attachment.kind}
    return {key: value for key, value in about.items() if value}


def _refused(attachment: Attachment, data: bytes, reason: str, detail: str) -> Parsed:
    return Parsed(format=MAIL, extra=_about(attachment), refused=(reason, detail), payload=data)
