"""Whom a pronoun means that names a speaker: `he said`, `they said`, `Roe, who said`."""

import bisect
import itertools
import re

from transforms.text.speaker_cast import FOUND, SPEAKS, STRANGER, SUBJECT, TOPIC, Cast, Event

BACK = 3000
"""Characters before a pronoun in which the person it means is looked for."""
WEAK_SENTENCES = 2
"""Sentences before one that names a person as object or possessor alone, in which a subject is the likelier one."""
BACK_TO_BODY = 700
"""Characters, about three wire paragraphs, in which `it` and `they` mean an organisation."""
UNKNOWN = -2
"""Stands below all: what no person is known for."""
_MOST_EVENTS = 20
"""Persons and pronouns before a pronoun that are looked at: one of 6,000 news stories had a search that came to more."""
_LONGEST_CHAIN = 30
"""Pronouns that each stand for the one before."""
_BEFORE_WHO = re.compile(r"\s+\Z|[^\n;:\"“”]{0,160},\s+\Z")
_BODIES = ("ORG", "LOC", "NORP")


class Pronouns:
    """Resolves the pronouns of one body; those already resolved help with later ones."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self._known: dict[int, str | None] = {}

    def person(self, at: int, gender: str, addressee: str | None = None, *, inside: bool = True, depth: int = 0) -> str | None:
        """The person that 'he' or 'she' at a place means: of those of no other gender whom the nearest sentence names, the one who speaks
        in it, else its subject; an object or possessor only where the sentences before have no subject either.

        gender: empty for a description that says none. addressee: whom the person speaks to, who is another. inside: false
        where what the sentence says before this place is said by that person, so that it names others (`Roe will lose, he said.`)."""
        if at not in self._known:
            self._known[at] = self._search(at, gender, addressee, inside, depth)
        return self._known[at]

    def _search(self, at: int, gender: str, addressee: str | None, inside: bool, depth: int) -> str | None:
        cast = self.cast
        found: str | None = None
        sure = False
        best, sentence, weak = -1, cast.sentence(at), 0
        for event in itertools.islice(cast.before(at if inside else cast.sentence_starts[sentence - 1]), _MOST_EVENTS):
            if event.at < at - BACK:
                break
            if event.sentence != sentence:
                weak += best >= 0
                if best >= TOPIC or weak > WEAK_SENTENCES:
                    break
                sentence = event.sentence
            if event.gender and gender and event.gender != gender:
                continue
            name, standing = self._candidate(event, depth)
            if standing < best or (standing == best < TOPIC and weak) or (name is None and standing == best):
                continue
            known = cast.gender(name) if name is not None and gender else gender
            unsure = bool(gender) and not known and (standing < TOPIC or (sure and standing == best))
            if name == addressee is not None or known not in ("", gender) or unsure:
                continue
            found, best, sure = name, standing, bool(known)
        return found

    def _candidate(self, event: Event, depth: int) -> tuple[str | None, int]:
        """Whom an event means, and how it stands: a stranger is nobody with a name and speaks; a pronoun that means nobody counts not."""
        if event.entity >= 0:
            return event.canonical, self.cast.standing(event.entity)
        if event.entity == STRANGER:
            return None, SPEAKS
        if event.entity == FOUND:
            return event.canonical, SPEAKS
        name = self.person(event.at, event.gender, depth=depth + 1) if depth < _LONGEST_CHAIN else None
        return name, SUBJECT if name is not None else UNKNOWN

    def body(self, at: int, plural: bool) -> str | None:
        """The organisation that 'it' or 'they' at a place means: the last one that is a subject or speaks, no other speaker after it; None
        where that is a place's government, a people or several persons."""
        cast = self.cast
        last = cast.last if cast.last is not None and cast.last[0] < at else (0, "", None)
        for index in range(bisect.bisect_left(cast.starts, at) - 1, -1, -1):
            entity = cast.entities[index]
            if entity["span_start"] < max(at - BACK_TO_BODY, last[0]):
                break
            if cast.sentences.quoted(entity["span_start"]):
                continue
            standing = cast.standing(index)
            if entity["type"] in _BODIES and standing >= (SPEAKS if plural else SUBJECT):
                return str(entity["canonical"]) if entity["type"] == "ORG" else None
        return last[2] if last[2] not in cast.by_name and last[0] >= at - BACK_TO_BODY else None

    def relative(self, at: int, word: str) -> str | None:
        """The person whose name stands before 'who', or the organisation before 'which', right before it or with an apposition between;
        None for a description."""
        cast = self.cast
        wanted = "PER" if word == "who" else "ORG"
        for index in range(bisect.bisect_left(cast.starts, at) - 1, -1, -1):
            entity = cast.entities[index]
            if cast.sentence(entity["span_start"]) != cast.sentence(at):
                break
            if entity["type"] != wanted or cast.sentences.quoted(entity["span_start"]):
                continue
            between = _BEFORE_WHO.match(cast.body, entity["span_end"], at)
            if between is None or between[0].startswith(("'s", "’s")) or any(word in cast.cues for word in between[0].split()):
                return None
            return str(entity["canonical"])
        return None
