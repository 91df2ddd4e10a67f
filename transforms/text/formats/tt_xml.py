"""TT's own XML, as the content of NewsML-G2: a story and, as further texts, its fact boxes, each with headline, lede, text and pictures.

Names of elements are Swedish: RUBRIK headline, VINJETT vignette, DAT place and source, INGRESS lede, BRODTEXT text, MELLIS crosshead,
CITAT quotation, BILD picture with BILDFIL its address, BILDTEXT caption, BILDSKAPARE credit."""

from transforms.text.formats import fields
from transforms.text.formats.xml import Element, body_text, child, children, local, text_of, value
from transforms.text.parsed import Parsed

_PARTS = ("rubrik", "ingress", "brodtext")


def is_tt(body: Element) -> bool:
    """Whether a body is in TT's own XML."""
    return any(child(each, name) is not None for each in children(body, "text") for name in _PARTS)


def read_tt(parsed: Parsed, body: Element) -> None:
    """Takes out of a body what has fields of its own, and makes the headlines of fact boxes crossheads of the text."""
    texts = list(children(body, "text"))
    story = texts[0]
    parsed.headline = fields.first(parsed.headline, value(story, "rubrik"))
    bylines = [text for each in texts for line in children(each, "byline") if (text := text_of(line))]
    parsed.byline = fields.first(parsed.byline, "; ".join(dict.fromkeys(bylines)))
    parsed.located = fields.first(parsed.located, value(story, "dat", "ort"))
    known = {"source": value(story, "dat", "source"), "vignette": value(story, "vinjett")}
    parsed.extra |= {name: text for name, text in known.items() if text}
    for each in texts[1:]:
        for title in children(each, "rubrik"):
            title.tag = "mellis"
    for picture in [each for each in body.iter() if local(each) == "bild"]:
        caption = child(picture, "bildtext")
        text = " ".join(body_text(caption).split()) if caption is not None else ""
        if text:
            parsed.captions.append({"text": text, "credit": value(picture, "bildskapare")})
