"""Press releases as AsiaNet, and AAP's Medianet with it, hand them to newsrooms.

    MEDIA: EDS                             advice to editors
    PR12345                                the release's number
    Company Does Something                 headline
    SYDNEY, May 1 /PRNewswire-AsiaNet/ --  dateline with the wire that the release comes from
    ...
    SOURCE: Company

The lines above the headline and the source are taken out; the rest is read as a page. The number is the release's for good, so it is the
guid (`asianet:12345`)."""

import re

from transforms.text.formats import Format
from transforms.text.formats.document import Document
from transforms.text.parsed import Parsed, RefusedError

_NUMBER = re.compile(
    r"(?:MEDIA RELEASE\s*[-:]?\s*)?(?:AsiaNet|PR|JBN|ANA)\s*(?:No\.?|#)?\s*[-:]?\s*(\d{4,6})(?:\s*\(\d{4}\))?", re.IGNORECASE
)
_ADVICE = re.compile(r"(?:MEDIA\s?:\s?EDS?|ATTN?\s?:.*|Media release distributed by .*|MEDIA RELEASE)\W*", re.IGNORECASE)
_WIRE = re.compile(r"/(?:[\w .=-]{0,30}[-= ])?(?:AsiaNet|JBN|Medianet)[\w .=-]{0,12}/", re.IGNORECASE)
_DISTRIBUTED = re.compile(r"^\W*Media release distributed by (?:AAP )?(?:Medianet|AsiaNet)\b", re.IGNORECASE | re.MULTILINE)
_DATELINE = re.compile(r"(?P<where>[A-Z][^/\n]{2,90}?)[ \t,]*(?P<wire>/[^/\n]{2,60}/)[ \t]*[-–—]{0,2}[ \t]*(?P<rest>.*)")
_SOURCE = re.compile(r"^[ \t]*SOURCE[ \t]?:?[ \t]+(\S.{1,150})$", re.IGNORECASE | re.MULTILINE)
_TOP = 8
_LOOKED_AT = 4000


def sniff(document: Document) -> bool:
    """Whether the top says that AsiaNet or Medianet hands it on: its line, its wire in the dateline, or advice and number together."""
    text = document.start[:_LOOKED_AT].replace("\r\n", "\n").replace("\r", "\n")
    if _DISTRIBUTED.search(text[:300]) or _WIRE.search(text):
        return True
    top = [line.strip() for line in text.split("\n") if line.strip()][:_TOP]
    return any(_NUMBER.fullmatch(line) for line in top[:3]) and (
        "asianet" in text.casefold() or any(_ADVICE.fullmatch(line) for line in top)
    )


def parse(document: Document) -> list[Parsed]:
    """The release. Raises RefusedError (`empty`, and those of `decode`)."""
    parsed = Parsed(format=FORMAT.name, layout="page", genre="press release")
    kept: list[str] = []
    lines = document.text.split("\n")
    start = 0
    for index, line in enumerate(lines):
        bare = line.strip()
        number = _NUMBER.fullmatch(bare)
        if number and parsed.guid is None:
            parsed.guid = f"asianet:{number.group(1)}"
        elif _ADVICE.fullmatch(bare):
            kept.append(bare)
        elif bare:
            break
        start = index + 1
    body = "\n".join(lines[start:])
    sources = list(_SOURCE.finditer(body))
    if sources:
        parsed.creditline = sources[-1].group(1).strip()
        body = body[: sources[-1].start()] + body[sources[-1].end() :]
    parsed.body = body
    wire = _split_at_dateline(parsed)
    parsed.provider = "AsiaNet" if parsed.guid or (wire and "medianet" not in wire.lower()) else "Medianet"
    parsed.ednote = "\n".join(kept) or None
    if not any(map(str.isalnum, body)):
        raise RefusedError("empty", "the release holds no word")
    return [parsed]


def _split_at_dateline(parsed: Parsed) -> str | None:
    """Sets headline, deck and dateline where the dateline names a wire of AsiaNet's, which is given back: 'TOKYO, May 1 /KYODO JBN/ --'."""
    lines = parsed.body.split("\n")
    for index, line in enumerate(lines[:_REACH]):
        match = _DATELINE.fullmatch(line.strip())
        if match is None or not _WIRE.search(match["wire"]):
            continue
        top = [" ".join(block.split()) for block in re.split(r"\n[ \t]*\n", "\n".join(lines[:index])) if block.strip()]
        if not top:
            return match["wire"]
        parsed.layout = "body"
        parsed.headline, parsed.deck = top[0], "\n".join(top[1:]) or None
        parsed.dateline = match["where"]
        parsed.extra["wire"] = match["wire"].strip("/")
        parsed.body = "\n".join([match["rest"], *lines[index + 1 :]]).strip("\n")
        return match["wire"]
    return None


_REACH = 30
"""Lines in which a release's dateline stands."""

FORMAT = Format(name="asianet", sniff=sniff, parse=parse, order=80)
