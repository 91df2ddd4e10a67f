"""How much a story is about each of its entities."""

import functools
import re
from collections import Counter
from collections.abc import Sequence

from transforms.text.canonical import People
from transforms.text.mentions import Mention
from transforms.text.places import headline_places

HEADLINE_SHARE, LEAD_SHARE, MENTION_SHARE = 0.4, 0.2, 0.4
"""Salience of an entity: named in the headline, named in the first paragraph, its share of all mentions; the three add up to 1."""
MAX_HEADLINE = 500
"""Characters of a headline that are read."""
_WORDS = re.compile(r"\w+")


def salience(headline: str, body: str, mentions: Sequence[Mention], names: Sequence[str], people: People) -> dict[str, float]:
    """Canonical name -> salience, 0 to 1: HEADLINE_SHARE where the headline names it, by the canonical name, by a form of it that stands in
    the body or, of a person, by the surname (of two who share it, whom it means at the beginning of the story), of a place of the
    gazetteer by any of its names; LEAD_SHARE where the first paragraph does; and MENTION_SHARE of its share of all mentions."""
    counts = Counter(names)
    lead_end = body.find("\n\n")
    lead_end = len(body) if lead_end < 0 else lead_end
    in_lead = {name for name, mention in zip(names, mentions, strict=True) if mention.start < lead_end}
    in_headline = _in_headline(headline[:MAX_HEADLINE], body, mentions, names, people) if headline else frozenset()
    total = len(mentions) or 1
    return {
        name: round(HEADLINE_SHARE * (name in in_headline) + LEAD_SHARE * (name in in_lead) + MENTION_SHARE * count / total, 4)
        for name, count in counts.items()
    }


def _in_headline(headline: str, body: str, mentions: Sequence[Mention], names: Sequence[str], people: People) -> set[str]:
    """The canonical names of those that a headline names; one all in capitals is read without regard to case."""
    shouted = headline.isupper()
    heading = _spaced(headline)

    def stands(name: str) -> bool:
        spaced = _spaced(name.upper() if shouted else name)
        return len(spaced) > 2 and spaced in heading

    found = {place.canonical for place in headline_places(headline)}
    forms: dict[str, set[str]] = {}
    persons = {mention.person.name: mention.person for mention in mentions if mention.person is not None}
    for name, mention in zip(names, mentions, strict=True):
        forms.setdefault(name, {name}).add(body[mention.start : mention.end])
    out: set[str] = set()
    for name, texts in forms.items():
        person = persons.get(name)
        if person is None:
            if name in found or any(map(stands, texts)):
                out.add(name)
            continue
        full = [text for text in texts if " " in text]
        short = {text for text in texts if " " not in text} | {person.words[-1], *(person.words[:1] if person.surname_first else ())}
        if any(map(stands, full)) or any(stands(text) and people.find([text], 0) in (person, None) for text in short):
            out.add(name)
    return out


@functools.lru_cache(maxsize=8192)  # names come again within a story, and from one to the next
def _spaced(text: str) -> str:
    """The words of a text with one blank around each."""
    return f" {' '.join(_WORDS.findall(text))} "
