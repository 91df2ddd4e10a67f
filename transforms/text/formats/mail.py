"""Mail (RFC 5322, MIME), one message or a mailbox (mbox): the message is a story, its attachments are items of their own.

| part | becomes |
|---|---|
| Message-ID, Subject, Date | guid, headline, published and versioncreated |
| From, To, Reply-To, List-Id | `extra`; the agency that the sender's name or address names is provider and credit |
| Keywords, Content-Language | keywords, language |
| text/plain, else text/html | body; format=flowed lines are joined; what follows the signature's mark `-- ` is `extra.signature` |
| attached texts of any format here, packed or not | what their format gives |
| pictures, sound, film | items of that kind, with `extra.name`; their bytes are the payload |
| message/rfc822 | read in the same way, to a depth of 5 |
| other documents | refused as `not_text` |

A message without a word of its own whose attachments are stories is no story besides them."""

import dataclasses
import datetime as dt
import email
import email.message
import email.policy
import email.utils
import functools
import re
from collections.abc import Iterator

from transforms.text import formats
from transforms.text.agencies import agency_named
from transforms.text.formats import Format
from transforms.text.formats.attachments import MAIL, Attachment, items_of
from transforms.text.formats.document import Document
from transforms.text.formats.mail_text import body_of, header, split_signature
from transforms.text.parsed import Parsed, RefusedError, When

MAX_PARTS = 500
MAX_BOUNDARIES = 50_000
"""Lines that begin as a boundary does: a million of them would keep the standard library's parser busy for minutes."""

MAX_DEPTH = 20
"""Multiparts within multiparts; mail that was forwarded for years has some ten."""

MAX_NESTED = 5
"""Messages within messages."""

MAX_MESSAGES = 20_000
_LOOKED_AT = 64
_LEAST = 3

_NAME = re.compile(r"([!-9;-~]{2,60}):(?:[ \t]|$)")
_KNOWN = frozenset(
    """from to cc bcc subject date reply-to sender message-id in-reply-to references received delivered-to return-path mime-version
    content-type content-transfer-encoding dkim-signature authentication-results arc-seal arc-message-signature received-spf x-received
    x-mailer list-id list-unsubscribe precedence x-original-to envelope-to x-priority thread-topic thread-index user-agent""".split()
)
_TRANSPORT = _KNOWN - frozenset("from to cc bcc subject date reply-to sender references precedence".split())
"""Fields that only a mail system writes: a press release may begin with From, To, Date and Subject as words on paper."""

_MBOX = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From [^\r\n]{3,200}\d{4}[^\r\n]{0,20}\r?\n(?=>?[!-9;-~]{2,60}:)")
_ANGLES = re.compile(r"<([^<>\s]+)>")
_LABELS = re.compile(r"[@.]")


def sniff(document: Document) -> bool:
    """Whether it begins (after blank lines or the line of a mailbox) with several fields of a mail's head, one of them a mail system's."""
    lines = document.start.replace("\r\n", "\n").replace("\r", "\n").split("\n", _LOOKED_AT)[:_LOOKED_AT]
    if lines[0].startswith("From ") and ":" not in lines[0].split(" ")[0]:
        del lines[0]
    found: set[str] = set()
    for line in lines:
        if line[:1] in (" ", "\t") and found:
            continue
        match = _NAME.match(line)
        if match is None:
            break
        found.add(match.group(1).lower())
    known = found & _KNOWN
    return len(known) >= _LEAST and bool(known & _TRANSPORT)


def parse(document: Document) -> list[Parsed]:
    """The items of one message or a mailbox. Raises RefusedError (`empty`, `too_large`)."""
    data = document.data.lstrip(b"\xef\xbb\xbf\x00 \t\r\n")
    starts = [match.start() for match in _MBOX.finditer(data)]
    if len(starts) > MAX_MESSAGES:
        raise RefusedError("too_large", f"the mailbox holds {len(starts)} messages, more than {MAX_MESSAGES}")
    if len(starts) < 2:
        return items_of_message(data, 0)
    found: list[Parsed] = []
    for start, stop in zip(starts, [*starts[1:], len(data)], strict=True):
        piece = data[start:stop]
        try:
            items = items_of_message(piece, 0)
        except RefusedError as error:
            items = [Parsed(format=MAIL, refused=(error.reason, error.detail))]
        for item in items:
            item.payload = piece if item.payload is None else item.payload
        found += items
    return found


def items_of_message(data: bytes, nested: int) -> list[Parsed]:
    """The items of one message, which lies in `nested` others. Raises RefusedError (`empty`, `too_deep`, `too_large`)."""
    if nested > MAX_NESTED:
        raise RefusedError("too_deep", f"messages nested more than {MAX_NESTED} deep")
    if data.count(b"\n--") > MAX_BOUNDARIES and b"multipart/" in data:
        raise RefusedError("too_large", f"the message has more than {MAX_BOUNDARIES} lines that may part it")
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    return _items(message, nested)


def _items(message: email.message.Message, nested: int) -> list[Parsed]:
    parts = _Parts()
    parts.walk(message, 0)
    found: list[Parsed] = []
    texts: list[str] = []
    for part in parts.texts:
        try:
            texts.append(body_of(part))
        except RefusedError as error:
            found.append(Parsed(format=MAIL, refused=(error.reason, error.detail), payload=_payload(part)))
    story = _story(message, "\n\n".join(filter(None, texts)))
    names: list[str] = []
    for part in parts.attached:
        name = header(part, filename=True)
        names.append(name or part.get_content_type())
        if part.get_content_type() == "message/rfc822":
            for each in _inner(part):
                found += _nested(each, nested + 1)
            continue
        read = functools.partial(_parse_attached, nested)
        found += items_of(Attachment(name, part.get_content_type(), _payload(part)), read)
    if names:
        story.extra["attachments"] = names
        story.payload = f"{story.headline or ''}\n\n{story.body}".encode()  # the attachments' bytes are theirs
    for item in found:
        item.extra.setdefault("attached_to", story.guid or story.headline)
        item.received_at = item.received_at or story.versioncreated
    has_words = any(map(str.isalnum, story.body))
    has_story = any(item.item_kind == "text" and not item.refused for item in found)
    if has_words or (story.headline and not has_story):
        return [story, *found]
    if not found:
        raise RefusedError("empty", "the message has neither a subject nor a text nor an attachment")
    return found


def _nested(message: email.message.Message, nested: int) -> list[Parsed]:
    payload = _bytes(message)
    try:
        if nested > MAX_NESTED:
            raise RefusedError("too_deep", f"messages nested more than {MAX_NESTED} deep")
        found = _items(message, nested)
    except RefusedError as error:
        found = [Parsed(format=MAIL, refused=(error.reason, error.detail))]
    for item in found:
        item.payload = payload if item.payload is None else item.payload
    return found


def _parse_attached(nested: int, data: bytes, name: str) -> list[Parsed]:
    """What an attached file holds; a message in it counts as nested, too."""
    document = Document(data, name)
    if sniff(document):
        return items_of_message(data.lstrip(), nested + 1)
    return formats.sniff(document).parse(document)


def _bytes(message: email.message.Message) -> bytes:
    try:
        return message.as_bytes()
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return _payload(message)


def _inner(part: email.message.Message) -> list[email.message.Message]:
    """The parts of a part."""
    found = part.get_payload() if part.is_multipart() else None  # of a text it would be decoded, by a character set of any name
    return [each for each in found if isinstance(each, email.message.Message)] if isinstance(found, list) else []


def _payload(part: email.message.Message) -> bytes:
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


@dataclasses.dataclass
class _Parts:
    """The leaves of a message: texts that are its body, and what is attached. Raises RefusedError (`too_deep`, `too_large`)."""

    texts: list[email.message.Message] = dataclasses.field(default_factory=list)
    attached: list[email.message.Message] = dataclasses.field(default_factory=list)

    def walk(self, part: email.message.Message, depth: int) -> None:
        """Sorts a part and what is in it."""
        if depth > MAX_DEPTH:
            raise RefusedError("too_deep", f"parts nested more than {MAX_DEPTH} deep")
        if len(self.texts) + len(self.attached) > MAX_PARTS:
            raise RefusedError("too_large", f"the message has more than {MAX_PARTS} parts")
        kind = part.get_content_type()
        inner = _inner(part)
        if kind == "multipart/alternative" and inner:
            self._alternative(inner, depth)
        elif inner and kind != "message/rfc822":
            for each in inner:
                self.walk(each, depth + 1)
        elif kind in ("text/plain", "text/html") and not _is_attached(part):
            self.texts.append(part)
        elif kind not in _SILENT:
            self.attached.append(part)

    def _alternative(self, inner: list[email.message.Message], depth: int) -> None:
        """One text of several forms: the plain one where it has a word, else the last that has one; all else is attached."""
        branches = []
        for each in inner:
            branch = _Parts()
            branch.walk(each, depth + 1)
            branches.append(branch)
            self.attached += branch.attached
        worded = [branch.texts for branch in branches if any(map(_has_words, branch.texts))]
        plain = [texts for texts in worded if texts[0].get_content_type() == "text/plain"]
        self.texts += (plain or worded[-1:] or [[]])[0]


def _has_words(part: email.message.Message) -> bool:
    try:
        return any(map(str.isalnum, body_of(part)))
    except RefusedError:
        return False


_SILENT = frozenset(
    """application/pgp-signature application/pkcs7-signature application/x-pkcs7-signature application/ms-tnef text/x-vcard text/vcard
    message/delivery-status message/disposition-notification text/rfc822-headers""".split()
)
"""Parts that say something about the message and are nothing of their own."""


def _is_attached(part: email.message.Message) -> bool:
    return part.get_content_disposition() == "attachment" or header(part, filename=True) is not None


def _story(message: email.message.Message, text: str) -> Parsed:
    parsed = Parsed(format=MAIL)
    parsed.headline = header(message, "Subject")
    identity = header(message, "Message-ID")
    angled = _ANGLES.search(identity or "")
    parsed.guid = angled.group(1) if angled else identity
    parsed.language = (header(message, "Content-Language") or "").partition(",")[0].strip() or None
    parsed.keywords = [word for word in re.split(r"\s*[,;]\s*", header(message, "Keywords") or "") if word]
    sender = header(message, "From")
    parsed.provider = _agency(sender or "")
    parsed.creditline = parsed.provider
    for name in ("From", "To", "Reply-To", "List-Id", "In-Reply-To"):
        value = header(message, name)
        if value:
            parsed.extra[name.lower().replace("-", "_")] = value
    at = _date(header(message, "Date")) or next(_received(message), None)
    if at is not None:
        parsed.published = When(at, "second")
        parsed.versioncreated = at
    parsed.body, signature = split_signature(text)
    if signature:
        parsed.extra["signature"] = signature
    return parsed


def _agency(sender: str) -> str | None:
    """The agency that a sender is, by name ('AFP News') or by domain (desk@afp.com)."""
    name, address = email.utils.parseaddr(sender)
    labels = _LABELS.split(address.partition("@")[2])[:-1]
    found = agency_named(name) if name else None
    return found or next((agency for label in reversed(labels) if len(label) > 2 and (agency := agency_named(label))), None)


def _date(text: str | None) -> dt.datetime | None:
    """A date as mail writes it, in UTC; None where it is none. `-0000` says that the zone is unknown: UTC."""
    try:
        at = email.utils.parsedate_to_datetime(text) if text else None
        return None if at is None else at.replace(tzinfo=dt.UTC) if at.tzinfo is None else at.astimezone(dt.UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _received(message: email.message.Message) -> Iterator[dt.datetime]:
    """When servers took the message, the last first."""
    for value in message.get_all("Received") or []:
        at = _date(str(value).rpartition(";")[2].strip())
        if at is not None:
            yield at


FORMAT = Format(name=MAIL, sniff=sniff, parse=parse, order=40)
