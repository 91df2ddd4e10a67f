"""Press releases that a news agency distributes for others, as XML of one `release` (the release services of NTB, Ritzau, STT, TT).

The patterns of its dates are said in the files themselves: dd.MM.yyyy HH:mm, local time."""

import datetime as dt
import re

from transforms.text.formats import Format, fields
from transforms.text.formats.document import Document
from transforms.text.formats.profiles import profile_of, provider_named
from transforms.text.formats.xml import Element, children, html_story, html_text, parse_xml, text_of, value
from transforms.text.parsed import Parsed, RefusedError, When

_LOCAL = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:\s+(\d{1,2}):(\d\d))?")
_HOST = re.compile(r"https?://(?:www\.)?([^/]+)/")
_SERVICES = {"ntbinfo.no": "NTB", "kommunikasjon.ntb.no": "NTB", "via.ritzau.dk": "Ritzau", "sttinfo.fi": "STT", "via.tt.se": "TT"}
"""The addresses of release services, and the agency whose each is."""


def parse_release(document: Document) -> list[Parsed]:
    """The release of a document. Raises RefusedError (`bad_xml`, `missing_part` without an id or a title)."""
    root = parse_xml(document.data)
    number, title = (root.get("id") or "").strip(), value(root, "title")
    if not number or not title:
        raise RefusedError("missing_part", "the release has no id or no title")
    match = _HOST.match(value(root, "longurl") or "")
    host = match.group(1).lower() if match else ""
    service = _SERVICES.get(host)
    parsed = Parsed(format="release", guid=f"{host or 'release'}:{number}", headline=title)
    parsed.provider = provider_named(service, host)[0]
    zone = profile_of(service).time_zone
    parsed.published = _moment(value(root, "publicationdate"), zone)
    parsed.versioncreated = parsed.published.at if parsed.published else None
    embargo = value(root, "embargo")
    held = _moment(embargo, zone)
    if held:
        parsed.embargoed = held.at
    elif embargo:  # an embargo that cannot be read withholds; an empty element is how these files say that there is none
        parsed.pubstatus, parsed.extra["embargoed"] = "withheld", embargo
    if service == "NTB":
        parsed.slugline = f"PRM-NTB-{number}"
    parsed.language = root.get("lang") or None
    parsed.deck = _html(value(root, "leadtext"))
    story = html_story(value(root, "body") or "")
    parsed.body, parsed.captions = story.text.strip(), story.captions
    if story.asides:
        parsed.extra["asides"] = story.asides
    parsed.genre = value(root, "type", "label")
    parsed.creditline = value(root, "publisher", "name")
    parsed.ednote = "\n".join(line.strip() for line in (_raw(root, "contactsastext") or "").splitlines() if line.strip()) or None
    words = value(root, "keywords")
    parsed.keywords = [word.strip() for word in re.split(r"[,;]", words) if word.strip()] if words else []
    for images in children(root, "images"):
        for image in children(images, "image"):
            if caption := value(image, "caption"):
                parsed.captions.append({"text": caption, "credit": None})
    for name in ("longurl", "boilerplate"):
        if text := value(root, name):
            parsed.extra["url" if name == "longurl" else name] = text
    return [parsed]


def _raw(root: Element, name: str) -> str | None:
    element = next(children(root, name), None)
    return element.text if element is not None and text_of(element) else None


def _html(text: str | None) -> str | None:
    return html_text(text).strip() or None if text else None


def _moment(text: str | None, zone: dt.tzinfo) -> When | None:
    match = _LOCAL.fullmatch(text.strip()) if text else None
    if match is None:
        return fields.moment(text, zone)
    day, month, year, hour, minute = match.groups()
    return fields.moment(f"{year}-{int(month):02}-{int(day):02}" + (f"T{int(hour):02}:{minute}" if hour else ""), zone)


FORMAT = Format(name="release", sniff=lambda document: document.root == "release", parse=parse_release, order=10)
