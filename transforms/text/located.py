"""The country of a story's place where no dateline names it: of `located`, as files write it, of places within other states, and of those
who write for one country."""

import urllib.parse

from transforms.text.dateline_header import read_header
from transforms.text.dateline_places import dateline_country, region_country
from transforms.text.lexicons import alpha2_codes

WITHIN = {
    "HK": "CN", "MO": "CN", "PR": "US", "GU": "US", "VI": "US", "AS": "US", "MP": "US", "GL": "DK", "FO": "DK", "AX": "FI", "GI": "GB",
    "BM": "GB", "KY": "GB", "FK": "GB", "VG": "GB", "TC": "GB", "JE": "GB", "GG": "GB", "IM": "GB", "RE": "FR", "GP": "FR", "MQ": "FR",
    "GF": "FR", "NC": "FR", "PF": "FR", "YT": "FR", "AW": "NL", "CW": "NL", "SX": "NL", "SJ": "NO",
}  # fmt: skip
"""Territories that have a code of their own, and the state whose code files give for them as well."""

_LONGEST = 100
"""Characters of a place; longer fields are sentences."""

_SHORTEST_ALONE = 3
"""A region's abbreviation that is a whole field; of two letters it may be a country's code or a word."""


def located_country(located: str | None) -> str | None:
    """The country of a place as a file's field has it: 'København', 'New York, NY', 'Vancouver, BC, Canada', 'NSW'.

    What stands behind the first comma or in brackets must be known: of a town in a region that nobody knows nothing is guessed."""
    if not located or len(located) > _LONGEST or any(map(str.isdigit, located)):
        return None
    header = read_header(located, lenient=True)
    if header is None or not header.places:
        return None
    city, region = header.places[0], header.region
    found = dateline_country(city, region)
    if found is None and not region and len(city) >= _SHORTEST_ALONE:
        return region_country(city, "")
    return found


def more_exact(given: str, named: str | None) -> str:
    """The country that a file gives of a place, or the territory within it that the place's name says: Hong Kong's files say China."""
    return named if named is not None and WITHIN.get(named) == given else given


def outlet_country(language: str | None, url: str | None) -> str | None:
    """The country that a story is written for: of its address (`.co.uk`), else of its language (`en-GB`, BCP 47); None where neither says
    one. `en-US` says nothing: it is what software for web sites writes where nobody has chosen."""
    host = _host(url) if url else ""
    top = host.rpartition(".")[2].upper() if "." in host else ""
    _, _, subtags = (language or "").partition("-")
    region = subtags.rpartition("-")[2].upper() if language != "en-US" else ""
    return next((code for code in (_DOMAINS.get(top, top), region) if code in alpha2_codes()), None)


def _host(url: str) -> str:
    try:
        return urllib.parse.urlsplit(url).hostname or ""
    except ValueError:
        return ""


_DOMAINS = {"UK": "GB"} | dict.fromkeys("AI CC CO FM GG IO LA LY ME NU SH TK TO TV WS".split(), "")
"""Top-level domains of countries that are no ISO code, and those that are sold to all the world."""
