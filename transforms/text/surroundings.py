"""What stands around a capitalised name, and what that says of it: a person, a place, an organisation that acts."""

import re
from collections.abc import Sequence

from transforms.text.gazetteer import people_names
from transforms.text.lexicons import cue_forms, grammar, word_list
from transforms.text.mentions import Mention
from transforms.text.roles import has_age, role_after, role_ahead, role_before
from transforms.text.tokens import Word

_NEXT_WORD = re.compile(r"[ \u00a0]([a-z]+)\b")
_CUE_AFTER = re.compile(r"[ \u00a0](?:also |later |then |now |has |had |once |\w{2,12}ly )?([a-z]+)\b")
_RELATIVES = (", who ", ", whose ", ", whom ")
"""After a name of several words; of one word it may also be a team that is `who`."""
_CAMEL = re.compile(r"[a-z][A-Z]|&")


def place_wins(body: str, mention: Mention) -> bool:
    """Whether a word that is a person's name and a place's stands for the place here: a preposition of place goes before it."""
    before = body[max(0, mention.start - 8) : mention.start].rsplit(" ", 2)
    return mention.place is not None and len(before) > 1 and before[-2] in ("in", "to", "from", "near", "at", "outside", "across")


def is_spot(body: str, words: Sequence[Word]) -> bool:
    """Whether an unknown name stands as a place does: `in X`, `the town of X`, `X province`."""
    start = words[0].start
    before = body[max(0, start - 24) : start].replace("\u00a0", " ").split(" ")
    if len(before) > 1 and not before[-1]:
        if before[-2] in grammar("place_preposition"):
            return not body.startswith(("'s", "’s"), words[-1].end)
        if before[-2] == "of" and len(before) > 2 and before[-3] in grammar("settlement"):
            return True
    match = _NEXT_WORD.match(body, words[-1].end)
    return match is not None and match[1] in grammar("settlement")


def person_around(body: str, words: Sequence[Word]) -> bool:
    """Whether what stands next to a name says that it is a person's: a role, an age, a verb of people."""
    start, end = words[0].start, words[-1].end
    if role_before(body, start) is not None or has_age(body, end) or role_after(body, end) is not None:
        return True
    if role_ahead(body, start, end) is not None or body.startswith(_RELATIVES, end):
        return True
    match = _CUE_AFTER.match(body, end)
    return match is not None and match[1] in grammar("people_verb")


def single_types(body: str, singles: Sequence[Mention]) -> dict[str, str]:
    """Type of each single word that is a name, by what stands around it anywhere in the story.

    A word that keeps its capital inside sentences is a name: of a person or a place where one of its mentions says so, of an
    organisation where it comes back or acts; once and in passing it may be anything (MISC)."""
    english = word_list("english_words.txt")
    kinds: dict[str, str] = {}
    inside: dict[str, int] = {}
    for mention in singles:
        word = mention.words[0].text
        kind = kinds.get(word)
        if not mention.opens:
            inside[word] = inside.get(word, 0) + 1
        if kind != "PER":
            if _is_person(body, mention):
                kinds[word] = "PER"
            elif kind is None and is_spot(body, mention.words):
                kinds[word] = "LOC"
    acting = {m.words[0].text for m in singles if _acts(body, m)}
    for word, times in inside.items():
        if word not in kinds:
            kinds[word] = "ORG" if times > 1 or word in acting else "MISC"
    for word in acting:
        if word not in kinds and word.lower() not in english and f" {word.lower()} " not in body:
            kinds[word] = "ORG"
    return kinds


def _acts(body: str, mention: Mention) -> bool:
    """Whether a verb of speech follows, or the word has capitals inside as brands do."""
    if _CAMEL.search(mention.words[0].text):
        return True
    match = _CUE_AFTER.match(body, mention.end)
    return match is not None and match[1] in cue_forms()


def _is_person(body: str, mention: Mention) -> bool:
    word = mention.words[0].text
    if role_before(body, mention.start) is not None or has_age(body, mention.end):
        return True
    if role_ahead(body, mention.start, mention.end) is not None:
        return True
    if body.startswith(", ", mention.end) and role_after(body, mention.end) is not None:
        return True
    known = people_names().get(word.lower(), "")
    if not known:
        return False
    match = _CUE_AFTER.match(body, mention.end)
    if match is not None and (match[1] in grammar("people_verb") or match[1] in cue_forms()):
        return True
    return "g" in known and not mention.opens
