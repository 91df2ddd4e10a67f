"""What agencies do in their own way within a standard: how files name them, their time zone, and small changes to what a reader found.

A profile is asked for by any of the names under which a file speaks of its provider. A new agency is a row of `PROFILES`."""

import dataclasses
import datetime as dt
import functools
import re
from collections.abc import Callable

from transforms.text.agencies import agency_named
from transforms.text.formats.fields import time_zone
from transforms.text.parsed import Parsed

_HOST = re.compile(r"^https?://(?:www\.)?([^/]+).*", re.IGNORECASE | re.DOTALL)


def _as_read(_parsed: Parsed) -> None:
    """No change."""


@dataclasses.dataclass(frozen=True)
class Profile:
    """One agency. `ids` are the provider ids, domains and codes of its files, in lower case; `zone` that of its dates without one;
    `left_out` the classes and lower-case names of elements in its marked-up text that are no running text; `spoken` the names of
    elements that are quotations with the dash left to the layout; `amend` changes an item after it was read."""

    name: str
    ids: tuple[str, ...] = ()
    zone: str = ""
    left_out: frozenset[str] = frozenset()
    spoken: frozenset[str] = frozenset()
    amend: Callable[[Parsed], None] = _as_read

    @property
    def time_zone(self) -> dt.tzinfo:
        """The zone of dates that have none."""
        return time_zone(self.zone)


def _efe(parsed: Parsed) -> None:
    """EFE's byline is its desk's initials ('gr/bp'), its dateline element repeats the date as a number, its second headline the slug."""
    if parsed.deck and parsed.deck == parsed.slugline:
        parsed.deck = None
    if parsed.byline and re.fullmatch(r"[a-z]{2,4}(?:/[a-z]{2,4})*", parsed.byline):
        parsed.extra["signoff"], parsed.byline = parsed.byline, None
    if parsed.dateline and re.fullmatch(r"[\dT+-]+Z?", parsed.dateline):
        parsed.dateline = None


def _stt(parsed: Parsed) -> None:
    """STT's credit line carries the dash that follows it in print ('STT–'). The date within the guid of its planning items is the day
    that is planned for, and moves with it: an item stays the same without."""
    if parsed.creditline:
        parsed.creditline = parsed.creditline.rstrip(" –-") or None
    if parsed.item_kind == "planning" and parsed.guid:
        parsed.guid = re.sub(r"^(urn:newsml:stt\.fi:)\d{8}:", r"\1", parsed.guid)


def _reuters(parsed: Parsed) -> None:
    """Reuters' files say 'No-Data-Available' where they have nothing."""
    for field in ("located", "byline", "dateline", "slugline", "headline"):
        if getattr(parsed, field) == "No-Data-Available":
            setattr(parsed, field, None)


def _ap(parsed: Parsed) -> None:
    """AP's addresses of items end with what was asked for and when; the item is what stands before."""
    if parsed.guid and "api.ap.org/" in parsed.guid:
        parsed.guid = parsed.guid.partition("?")[0]


def _belga(parsed: Parsed) -> None:
    """Belga sets the date of a NewsML identifier anew with every revision; the number behind it stays."""
    if parsed.guid:
        parsed.guid = re.sub(r"^(urn:newsml:(?:www\.)?belga\.be):\d{8}T\d{6}[^:]*:", r"\1:", parsed.guid)


def _tass(parsed: Parsed) -> None:
    """TASS gives the priority of a story as its slug line ('URGENT'), and its address as provider."""
    if parsed.slugline and parsed.slugline.upper() in ("URGENT", "FLASH", "BULLETIN"):
        parsed.signal = parsed.signal or "urgent"


_DPA_LEFT_OUT = frozenset(("notepad", "np-public", "np-nonpublic", "linkbox", "closingline", "header", "teaser", "INFOBOX", "infobox"))

PROFILES = (
    Profile("AFP", ("afp.com", "afp", "agence france presse", "agence france-presse")),
    Profile("AP", ("ap", "ap.org", "associated press", "the associated press"), amend=_ap),
    Profile("Reuters", ("reuters.com", "reuters", "thomson reuters", "thomsonreuters.com"), amend=_reuters),
    Profile("dpa", ("dpa", "dpa.com", "deutsche presse-agentur gmbh"), "Europe/Berlin", _DPA_LEFT_OUT),
    Profile("APA", ("apa", "apa.at", "apa - austria presse agentur"), "Europe/Vienna"),
    Profile("ATS", ("ats", "sda", "keystone-sda", "keystone-ats", "sda.ch"), "Europe/Zurich"),
    Profile("ANSA", ("ansa", "ansa.it", "agenzia ansa"), "Europe/Rome"),
    Profile("EFE", ("efe", "efe.com", "agencia efe"), "Europe/Madrid", amend=_efe),
    Profile("Kyodo", ("kyodonews.jp", "kyodonews", "kyodo", "kyodo news"), "Asia/Tokyo"),
    Profile("TASS", ("itar-tass.com", "www.itar-tass.com", "tass.com", "tass", "itar-tass"), "Europe/Moscow", amend=_tass),
    Profile("Belga", ("belga", "belga.be", "www.belga.be", "belga exporter"), "Europe/Brussels", amend=_belga),
    Profile("Ritzau", ("ritzau", "ritzau.dk", "/ritzau/"), "Europe/Copenhagen"),
    Profile("STT", ("stt", "stt.fi", "stt-lehtikuva", "stt-lehtikuva.fi"), "Europe/Helsinki", amend=_stt),
    Profile("NTB", ("ntb", "ntb.no", "ntbinfo.no"), "Europe/Oslo"),
    Profile(
        "TT",
        ("tt", "tt.se", "tt nyhetsbyrån"),
        "Europe/Stockholm",
        left_out=frozenset(("rubrik", "dat", "vinjett", "byline", "bild")),
        spoken=frozenset(("citat", "blockquote")),
    ),
    Profile("AAP", ("aap", "aap.com.au", "australian associated press", "aap newsfeed"), "Australia/Sydney"),
    Profile("PA", ("pa", "press association", "pa media", "pressassociation.com"), "Europe/London"),
    Profile("CP", ("cp", "the canadian press", "canadian press", "la presse canadienne", "thecanadianpress.com"), "America/Toronto"),
    Profile("GlobeNewswire", ("globenewswire.com", "globenewswire", "marketwired.com", "marketwire.com")),
    Profile("Business Wire", ("businesswire.com", "business wire", "businesswire")),
    Profile("PR Newswire", ("prnewswire.com", "pr newswire", "prnewswire")),
)

UNKNOWN = Profile("")
"""The profile of a provider that has none of its own."""


@functools.cache
def _by_id() -> dict[str, Profile]:
    return {name: profile for profile in PROFILES for name in (*profile.ids, profile.name.lower())}


def profile_of(*names: str | None) -> Profile:
    """The profile of the first name that is known: a provider's id, domain, code without its scheme, URL or name; else `UNKNOWN`."""
    for name in names:
        if name and name.strip():
            key = name.strip().lower()
            host = _HOST.sub(r"\1", key)
            found = _by_id().get(key) or _by_id().get(host) or _by_id().get(key.rpartition(":")[2])
            if found:
                return found
    return UNKNOWN


def provider_named(*names: str | None) -> tuple[str | None, Profile]:
    """Who a file's provider is, and its profile: its name as the lake has it where it is known, else the first of the names there."""
    profile = profile_of(*names)
    if profile.name:
        return profile.name, profile
    given = [_HOST.sub(r"\1", name.strip()) for name in names if name and name.strip()]
    known = next((agency for name in given if (agency := agency_named(name))), None)
    return known or next(iter(given), None), profile
