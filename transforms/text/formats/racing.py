"""Racing copy of AAP and its like: fields, markets, form comments, which come with a slug and a day and without a headline.

Their desk heads them by a rule, place, kind of race, product, day: 'Darwin Greyhound Fields Sunday'. The kind is in the slug
('Grey', 'Trot'; else it is the gallops, which a betting market leaves out), the product in the slug or in the sign-off ('AAP FIELDS'),
the day in the take key, as a word or as the date of the races."""

import datetime as dt
import re

from transforms.text.agencies import agency_named
from transforms.text.datelines import split_dateline
from transforms.text.parsed import Parsed, When

_PRODUCT = (
    "fields|betting|market|comments?|selections|form|results|weights|acceptances|nominations|scratchings|tips|(?:TAB )?(?:dividends|divs)"
)
"""What slugs and sign-offs end in."""

_KINDS = (
    (re.compile(r"\b(?:Grey|Greys|Greyhounds?|Dogs)\b", re.IGNORECASE), "Greyhound", ("15082000", "dog racing")),
    (re.compile(r"\b(?:Trots?|Trotting|Harness|Pacing)\b", re.IGNORECASE), "Trot", ("15030003", "trotting")),
    (re.compile(r"\b(?:Gallops?|Races)\b", re.IGNORECASE), "Gallop", ("15030001", "flat racing")),
)
"""Kinds of racing: their words in slugs, their word in headlines, IPTC's subject."""

_PRODUCT_IN_SLUG = re.compile(rf"\b(?:{_PRODUCT})$", re.IGNORECASE)
_TITLED = re.compile(rf"([A-Z][\w'’. -]{{1,40}}? (?:{_PRODUCT}))(?: ([\w,;:/ -]{{2,60}}))?", re.IGNORECASE)
_SIGNED = re.compile(rf"([A-Z]{{2,8}}) ({_PRODUCT})", re.IGNORECASE)
_RACED = re.compile(r"\b(?:Races?|Grey|Greys|Greyhounds?|Trots?|Gallops?|Harness)\b", re.IGNORECASE)
"""What shows that a slug in 'results' or 'form' is about racing at all."""

_LOOKED_AT = 4000
_DATE = re.compile(r"(\d\d?)/(\d\d?)/(\d{4}|\d\d)")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_LAST_LINES = 6


def read(parsed: Parsed, take_key: str | None) -> None:
    """Sets headline, slug, take key, subject and agency of racing copy; any other is left as it is."""
    lines = parsed.body[:_LOOKED_AT].split("\n")
    signed = _sign_off(parsed.body[-_LOOKED_AT:].split("\n"))
    title = _TITLED.fullmatch(lines[0].strip()) if parsed.slugline is None else None
    if title:
        parsed.slugline, take_key = title.group(1), take_key or title.group(2)
        parsed.body = parsed.body.partition("\n")[2]
    slug = parsed.slugline or ""
    named = _PRODUCT_IN_SLUG.search(slug)
    race_day = _day(take_key)
    if not slug or not (named or signed) or not (race_day or _RACED.search(f"{slug}\n{parsed.body[:_LOOKED_AT]}")):
        return
    product = _titled(named.group() if named else signed[1] if signed else "")
    kind = next((row for row in _KINDS if row[0].search(slug)), None)
    day = _DAYS[race_day.weekday()] if race_day else take_key
    place = slug[: named.start()] if named else slug
    place = " ".join((kind[0].sub("", place) if kind else place).split())
    of_gallops = "" if product == "Market" else "Gallop"
    parsed.headline = " ".join(filter(None, (place, kind[1] if kind else of_gallops, product, day)))
    parsed.slugline = re.sub(r"\bBetting$", "Market", slug)
    known = {subject["code"] for subject in parsed.subjects}
    category = [] if "category" in parsed.extra else [("anpa:r", "racing")]
    parsed.subjects += [{"code": code, "name": name} for code, name in (*category, (kind or _KINDS[-1])[2]) if code not in known]
    parsed.genre = parsed.genre or "Racing Data"
    parsed.extra |= {"take_key": day} if day else {}
    parsed.event_day = race_day
    parsed.extra |= {"race_day": race_day.isoformat()} if race_day else {}
    if signed:
        parsed.provider = parsed.provider or agency_named(signed[0])
        parsed.extra["signoff"] = " ".join(signed)
        parsed.body = re.sub(rf"^[ \t]*{' '.join(signed)}[ \t]*$", "", parsed.body, flags=re.MULTILINE)
    _date_by(parsed, lines, race_day)
    parsed.body = parsed.body.strip("\n")


def _titled(product: str) -> str:
    """The product as headlines have it: 'Fields', 'TAB Divs'; what the desk calls betting is a market there."""
    words = (word if word == "TAB" else word.capitalize() for word in product.split())
    return " ".join("Market" if word == "Betting" else word for word in words)


def _date_by(parsed: Parsed, lines: list[str], race_day: dt.date | None) -> None:
    """The day of the dateline ('MELBOURNE, Feb 09 AAP -') in the year that brings it to the day of the races or shortly before."""
    dateline = next((found for line in lines[:_LAST_LINES] if line.strip() and (found := split_dateline(line.strip()))), None)
    if race_day is None or dateline is None or not (dateline.month and dateline.day):
        return
    for year in (race_day.year, race_day.year - 1):
        try:
            at = dt.datetime(year, dateline.month, dateline.day, tzinfo=dt.UTC)
        except ValueError:
            continue
        if dt.timedelta(0) <= race_day - at.date() <= _AHEAD:
            parsed.published = When(at, "day")
            return


_AHEAD = dt.timedelta(days=200)
"""Markets open some months before the great races."""


def _sign_off(lines: list[str]) -> tuple[str, str] | None:
    """The agency and product of a last line that is nothing else ('AAP FIELDS')."""
    last = [line.strip() for line in lines if line.strip()][-_LAST_LINES:]
    match = next((found for line in reversed(last) if line.isupper() and (found := _SIGNED.fullmatch(line))), None)
    return (match.group(1), match.group(2)) if match else None


def _day(text: str | None) -> dt.date | None:
    """The day of the races, day before month as in Australia, Britain and Ireland, where such copy comes from."""
    match = _DATE.fullmatch(text.strip()) if text else None
    if match is None:
        return None
    day, month, year = match.groups()
    try:
        return dt.date(int(year) if len(year) > 2 else 2000 + int(year), int(month), int(day))
    except ValueError:
        return None
