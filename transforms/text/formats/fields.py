"""Values of wire files to the values of a story: moments, versions, statuses, urgencies, embargoes."""

import datetime as dt
import re
import zoneinfo
from collections.abc import Iterable
from typing import Literal

from transforms.text.furniture_words import strongest
from transforms.text.gazetteer import countries_by_name
from transforms.text.lexicons import alpha2_codes, alpha3_codes
from transforms.text.parsed import Parsed, When
from transforms.text.structure import CROSSHEAD_MARK

PubStatus = Literal["usable", "withheld", "canceled"]

_ISO = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)"
    r"(?:[T ]\s*(\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d{1,9}))?)?\s*(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?",
    re.IGNORECASE,
)

_STATUSES: dict[str, PubStatus] = {
    "usable": "usable",
    "open": "usable",  # Belga
    "publishable": "usable",
    "withheld": "withheld",
    "embargoed": "withheld",  # AP, NewsML 1.2: until its embargo passes
    "held": "withheld",
    "hold": "withheld",
    "canceled": "canceled",
    "cancelled": "canceled",
    "killed": "canceled",
    "kill": "canceled",
}
"""IPTC's publishing statuses and the words that agencies use for them."""

LARGEST_VERSION = (1 << 63) - 1


def moment(text: str | None, zone: dt.tzinfo = dt.UTC) -> When | None:
    """A date in ISO 8601, extended or basic (20190723T202119+0900), as UTC with its precision; None where it is none.

    Without a zone of its own it is taken to be in `zone`; a day alone is 00:00 UTC of that day."""
    match = _ISO.fullmatch(text.strip()) if text else None
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, offset = match.groups()
    try:
        if hour is None:
            return When(dt.datetime(int(year), int(month), int(day), tzinfo=dt.UTC), "day")
        micro = int((fraction or "0")[:6].ljust(6, "0"))
        local = dt.datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0), micro, tzinfo=_zone(offset, zone))
        return When(local.astimezone(dt.UTC), "minute" if second is None else "second")
    except (ValueError, OverflowError):
        return None


def _zone(text: str | None, zone: dt.tzinfo) -> dt.tzinfo:
    if text is None:
        return zone
    if text[0] not in "+-":
        return dt.UTC
    digits = text[1:].replace(":", "")
    offset = dt.timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return dt.timezone(offset if text[0] == "+" else -offset)


def instant(text: str | None, zone: dt.tzinfo = dt.UTC) -> dt.datetime | None:
    """A date as `moment` reads it, the moment alone."""
    when = moment(text, zone)
    return when.at if when else None


def time_zone(name: str) -> dt.tzinfo:
    """The time zone of an IANA name ('Europe/Helsinki'); UTC for the empty name."""
    return zoneinfo.ZoneInfo(name) if name else dt.UTC


def version(value: object) -> int | None:
    """A version or revision as a number: of what stands there, the digits ('3', 3.0, 'DS02299380', '1U'); None where there are none."""
    if isinstance(value, float):
        value = int(value) if value.is_integer() else None
    digits = re.sub(r"\D", "", str(value)) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    number = int(digits) if 0 < len(digits) < 20 else None
    return number if number is not None and number <= LARGEST_VERSION else None


def urgency(text: object) -> int | None:
    """IPTC's urgency, 1 (flash) to 9; None for anything else, 0 and '' included."""
    match = re.fullmatch(r"\s*0?([1-9])(?:\.0+)?\s*", str(text)) if text is not None else None
    return int(match.group(1)) if match else None


def pubstatus(word: str | None) -> PubStatus | None:
    """The publishing status that a word or code names ('stat:usable', 'Usable', 'http://.../pubstatusg2/usable'); None where it is none."""
    name = re.split(r"[:/#]", word.strip())[-1].lower() if word else ""
    return _STATUSES.get(name)


def set_status(parsed: Parsed, word: str | None) -> None:
    """Sets the publishing status that a word or code names. One that none of the standards has is kept in `extra`."""
    status = pubstatus(word)
    if status:
        parsed.pubstatus = status
    elif word and word.strip():
        parsed.extra["pubstatus"] = word.strip()


def set_embargo(parsed: Parsed, text: str | None, zone: dt.tzinfo = dt.UTC) -> bool:
    """Sets an embargo that is there; null means it is not. One that says no moment holds the story until told otherwise (NewsML-G2);
    what it says instead is kept in `extra`.

    Returns whether the text was understood (no text at all is)."""
    if text is None:
        return True
    when = moment(text, zone)
    if when is not None:
        parsed.embargoed = when.at
        return True
    if parsed.pubstatus == "usable":
        parsed.pubstatus = "withheld"
    if text.strip():
        parsed.extra["embargoed"] = text
    return not text.strip()


def set_json_embargo(parsed: Parsed, value: object, zone: dt.tzinfo = dt.UTC) -> None:
    """Sets an embargo as `set_embargo` does. A value that is no text is one that cannot be read, but for null and false: they are none."""
    if value is None or value is False:
        return
    set_embargo(parsed, value if isinstance(value, str) else "", zone)
    if not isinstance(value, str):
        parsed.extra["embargoed"] = value


def first(*texts: str | None) -> str | None:
    """The first text with a letter or digit in it."""
    return next((text for text in texts if text and any(map(str.isalnum, text))), None)


def country(text: str | None) -> str | None:
    """ISO 3166-1 alpha-2 of a code of two or three letters (any case) or a country's name; None where it is none."""
    word = text.strip() if text else ""
    if len(word) == 3 and word.upper() in alpha3_codes():
        return alpha3_codes()[word.upper()]
    if len(word) == 2 and word.upper() in alpha2_codes():
        return word.upper()
    found = countries_by_name().get(word) or countries_by_name().get(word.title())
    return found[0] if found else None


_SIGNALS = {
    "correction": "correction",
    "corrected": "correction",
    "correctionshort": "correction",
    "rectification": "correction",
    "berichtigung": "correction",
    "update": "update",
    "updated": "update",
    "writethru": "update",
    "replace": "update",
    "lead": "update",
    "repeat": "repeat",
    "repetition": "repeat",
    "resend": "repeat",
    "kill": "kill",
    "killed": "kill",
    "withdraw": "kill",
    "withdrawal": "kill",
    "withdrawn": "kill",
    "cancel": "kill",
    "hold": "hold",
    "withhold": "hold",
    "urgent": "urgent",
    "flash": "urgent",
    "bulletin": "urgent",
    "alert": "alert",
    "advisory": "advisory",
    "embargo": None,
}
"""Signals, roles and instructions of the standards and of agencies, without their scheme, to the signal of a story."""


def signal(*codes: str | None) -> str | None:
    """The strongest signal among codes ('sig:correction', 'dpaednoterole:repetition', 'Update'); None where none is one."""
    return strongest([_SIGNALS.get(re.split(r"[:/#]", code.strip().lower())[-1]) for code in codes if code])


_NOTE_ROLES = frozenset(("correctionnote",))
"""Roles of notes on what is new in a version, of which only the text says what it is."""

_NOTE_WORDS = (
    ("correction", r"berichtig|korrektur|korrigiert|\bcorrect(?:ion|ed|s)\b|korjattu|rectificati|rättelse|rettelse"),
    ("update", r"aktualisier|\bupdate[sd]?\b|^neu\b"),
    ("repeat", r"wiederhol|\brepeat"),
)
_CORRECTED = re.compile(
    r"(?:Korjattu|Korjaus|Berichtigung|Berichtigt|Korrektur|Korrigiert|Correction|Corrected|Corrects|Rectificatif|Rättelse|Rättad|Rettelse|Retting)\b",
    re.IGNORECASE,
)
"""How a note begins that tells of a correction, whatever its role. A note that tells of an update may speak of one that is to come."""

_CORRECTED_TITLE = re.compile(
    r"(?:CORRECTION|RECTIFICATIF|CORRECCIÓN|KORREKTUR|BERICHTIGUNG)"
    r"(?:\s+(?:ET|AND|Y|UND|&)\s+[^\W\d_]+(?:\s+[^\W\d_]+){0,3})?\s*[-–—:]\s"
)


def signal_of_notes(notes: Iterable[tuple[str | None, str | None]]) -> str | None:
    """The signal that notes give, from their roles and texts. The role alone does not tell: dpa has one for corrections, updates and
    repeats; of notes with such a role the words in their texts decide, and where there are none the role."""
    worded: list[str | None] = []
    by_roles: list[str | None] = []
    for role, text in notes:
        name = re.split(r"[:/#]", (role or "").strip().lower())[-1]
        if name in _SIGNALS or name in _NOTE_ROLES:
            by_roles.append(_SIGNALS.get(name))
            worded += [code for code, words in _NOTE_WORDS if text and re.search(words, text.strip(), re.IGNORECASE)][:1]
        elif text and _CORRECTED.match(text.strip()):
            worded.append("correction")
    return strongest(worded) or strongest(by_roles)


def set_signal(parsed: Parsed, codes: Iterable[str | None], notes: Iterable[tuple[str | None, str | None]] = ()) -> None:
    """Sets the signal: what the codes of the file say outranks what its notes say; a headline that is marked as a correction is one.
    The codes are kept in `extra`."""
    given = [code for code in codes if code and code.strip()]
    if given:
        parsed.extra["signals"] = given
    parsed.signal = signal(parsed.signal, *given) or signal_of_notes(notes)


def finish(parsed: Parsed) -> None:
    """What every reader does last: an item is a correction whose headline says so ('CORRECTION ET MISE À JOUR - ...'), whatever else it
    is signalled as; only texts, which are cleaned, keep the marks of their crossheads."""
    if parsed.item_kind != "text":
        parsed.body = parsed.body.replace(f"{CROSSHEAD_MARK} ", "")
    if parsed.headline and _CORRECTED_TITLE.match(parsed.headline.lstrip()):
        parsed.signal = strongest([parsed.signal, "correction"])


def iptc_subject(code: str) -> str:
    """A subject code with its scheme: IPTC's codes of eight digits stand bare in older formats. Those of the media topics begin with 2
    ('20001065' -> 'medtop:20001065'), others are subject codes ('04000000' -> 'subj:04000000')."""
    bare = code.strip()
    if re.fullmatch(r"\d{8}", bare):
        return f"medtop:{bare}" if bare[0] == "2" else f"subj:{bare}"
    return bare
