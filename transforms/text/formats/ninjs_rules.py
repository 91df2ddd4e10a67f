"""What a version of ninjs requires of an object, as far as a story hangs on it: identity, known type, well-formed moments and parts.

From the JSON schemas of ninjs 1.0 to 3.0 (IPTC, CC BY 4.0): a `component` came with 1.2, events and planning with 2.2, identities are URIs
from 2.1 on. An object that declares no version is refused only where no version accepts it. Further properties refuse nothing: agencies
add theirs."""

import re
from typing import Any

from transforms.text.formats import fields
from transforms.text.parsed import RefusedError

KINDS = frozenset(("text", "audio", "video", "picture", "graphic", "composite", "component", "event", "planning", "package"))
"""All types of all versions, and Superdesk's `package`."""

_HOUSE_KINDS = frozenset(("preformatted", "story", "article"))
_REPRESENTATIONS = frozenset(("complete", "incomplete", "partial", "full", "associated"))
_MOMENTS = ("versioncreated", "firstcreated", "contentcreated", "expires", "contentmodified")
_TEXTS = ("headline", "byline", "by", "slugline", "language", "mimetype", "copyrightholder", "copyrightnotice", "profile", "title")
_SINCE = {"component": (1, 2), "event": (2, 2), "planning": (2, 2)}
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")

Object = dict[str, Any]
Version = tuple[int, int]


def check(given: Object) -> None:
    """Raises RefusedError where an object lacks what its version requires, or has it wrong."""
    found = {name.lower(): value for name, value in given.items() if value is not None}
    declared = _declared(found)
    _check_identity(found, declared)
    _check_type(found, declared)
    for name in _TEXTS:
        if not isinstance(found.get(name, ""), str):
            raise RefusedError("bad_field", f"`{name}` must be a text")
    for name in _MOMENTS:
        if found.get(name) and fields.moment(str(found[name])) is None:
            raise RefusedError("bad_field", f"`{name}` is no date and time: {str(found[name])[:40]!r}")
    _check_words(found, declared)
    _check_lists(found)
    _check_rights(found.get("rightsinfo"))
    _check_event(found.get("eventdetails"))
    planned = found.get("plannedcoverage")
    for coverage in planned if isinstance(planned, list) else ():
        if isinstance(coverage, dict):
            _check_urgency(coverage.get("urgency"))


def _declared(found: Object) -> Version | None:
    """The version that an object says it is of; None where it says none."""
    standard = found.get("$standard") or found.get("standard")
    text = standard.get("version") if isinstance(standard, dict) else None
    match = re.match(r"(\d{1,3})(?:\.(\d{1,3}))?", str(text)) if text else None
    return (int(match[1]), int(match[2] or 0)) if match else None


def _check_identity(found: Object, declared: Version | None) -> None:
    identity = next((found[name] for name in ("uri", "guid", "_id") if found.get(name)), None)
    if not isinstance(identity, str) or not identity.strip():
        raise RefusedError("missing_part", "the object has no `uri`, which ninjs requires")
    if declared and declared >= (2, 1) and not _URI.fullmatch(identity.strip()):
        raise RefusedError("bad_field", f"`uri` is no URI: {identity[:40]!r}")


def _check_type(found: Object, declared: Version | None) -> None:
    kind = found.get("type", "text")
    if not isinstance(kind, str) or kind not in KINDS | _HOUSE_KINDS:
        raise RefusedError("unknown_type", f"`type` is {str(kind)[:40]!r}, which no version of ninjs knows")
    if declared and declared < _SINCE.get(kind, declared):
        raise RefusedError("unknown_type", f"`type` is {kind!r}, which ninjs knows from {'.'.join(map(str, _SINCE[kind]))} on")


def _check_words(found: Object, declared: Version | None) -> None:
    status = found.get("pubstatus")
    if status and (not isinstance(status, str) or fields.pubstatus(status) is None):
        raise RefusedError("bad_field", f"`pubstatus` must be usable, withheld or canceled, not {str(status)[:40]!r}")
    representation = found.get("representationtype")
    if representation and str(representation).lower() not in _REPRESENTATIONS:
        raise RefusedError("bad_field", f"`representationtype` is unknown: {str(representation)[:40]!r}")
    if isinstance(found.get("version", ""), dict | list | bool):
        raise RefusedError("bad_field", "`version` must be a text or a number")
    if declared:
        _check_urgency(found.get("urgency"))


def _check_urgency(value: Any) -> None:
    if value is not None and fields.urgency(value) is None:
        raise RefusedError("bad_field", f"`urgency` must be 1 to 9, not {str(value)[:20]}")


def _check_lists(found: Object) -> None:
    """The lists of ninjs 2 and 3: each of their objects says what it is."""
    for name in ("headlines", "bodies", "descriptions"):
        for each in found.get(name) or () if isinstance(found.get(name), list) else ():
            if not isinstance(each, dict) or not isinstance(each.get("value"), str):
                raise RefusedError("missing_part", f"a part of `{name}` has no `value`")
    if isinstance(found.get("associations"), list):
        for each in found["associations"]:
            if not isinstance(each, dict) or not each.get("name") or not (each.get("uri") or each.get("guid")):
                raise RefusedError("missing_part", "an association lacks its `name` or the `uri` of what is associated")
    if isinstance(found.get("renditions"), list):
        for each in found["renditions"]:
            if not isinstance(each, dict) or not (each.get("name") or each.get("href")):
                raise RefusedError("missing_part", "a rendition has neither a `name` nor a `href`")


def _check_rights(rights: Any) -> None:
    """Rights are linked or encoded in place, not both (1.4 on)."""
    if not isinstance(rights, dict):
        return
    names = {name.lower() for name in rights}
    if {"linkedrights", "encodedrights"} <= names:
        raise RefusedError("bad_field", "`rightsinfo` has both linked and encoded rights, of which only one may be there")


def _check_event(details: Any) -> None:
    """An event's start and end are known or expected, not both."""
    dates = details.get("dates") if isinstance(details, dict) else None
    if not isinstance(dates, dict):
        return
    for known, expected in (("startDate", "expectedStartDate"), ("endDate", "expectedEndDate"), ("duration", "expectedDuration")):
        if known in dates and expected in dates:
            raise RefusedError("bad_field", f"the event has both `{known}` and `{expected}`, of which only one may be there")
    if "startDate" not in dates and "expectedStartDate" not in dates:
        raise RefusedError("missing_part", "the event has no start")
