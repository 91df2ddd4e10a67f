"""Who or what else bears the name of a place: a person, or a common word."""

import re
from collections.abc import Iterable
from typing import Literal

from transforms.text.gazetteer import Entry, entries, people_names, words_beside
from transforms.text.lexicons import english_words, org_words, titles
from transforms.text.place_matches import Match

Bearer = Literal["person", "word"]
"""What bears the name of a place beside it."""

WORD_END = ".,;:!?'\")"


def word_before(text: str, start: int) -> str:
    """The word that stands directly before, parted by one blank; '' where there is none."""
    if start < 2 or text[start - 1] != " ":
        return ""
    return text[text.rfind(" ", 0, start - 1) + 1 : start - 1]


def word_after(text: str, end: int) -> str:
    """The word that stands directly after, parted by one blank; '' where there is none."""
    if text[end : end + 1] != " ":
        return ""
    stop = text.find(" ", end + 1)
    return text[end + 1 : stop if stop > 0 else len(text)].rstrip(WORD_END)


def is_person(entry: Entry, before: str, after: str) -> bool:
    """Whether a name between two words is part of a person's: 'Michael Jordan', 'Sen. Houston', 'J. London', 'Paris Smith', not 'Jordan
    King Abdullah'."""
    if (entry.surname or not entry.famous) and before[:1].isupper():
        initial = len(before) == 2 and before[1] == "."
        if initial or before in titles() or "g" in people_names().get(before.lower(), ""):
            return True
    if entry.given and after[:1].isupper() and not (entry.senses[0].kind == "country" and after in titles()):
        return after.lower() not in words_beside()["place"] and "s" in people_names().get(after.lower(), "")
    return False


def may_be_surname(word: str) -> bool:
    """Whether a word behind a given name may be a surname that no list has: capitalised, and no word of the language or of organisations,
    no title, country or large town."""
    known = entries().get(word)
    return (
        word[:1].isupper()
        and word[1:].islower()
        and word.isalpha()
        and (known is None or (known.senses[0].kind == "city" and not known.large))
        and word not in titles()
        and not any(word in org_words(place) for place in ("first", "last", "suffix"))
        and word.lower() not in words_beside()["place"]
        and word.lower() not in english_words()
    )


_CAPITALISED = re.compile(r"[A-Z][\w-]*")


def names_alone(text: str) -> frozenset[str]:
    """The capitalised words that stand somewhere without another before them in their sentence, as a surname does after the full name."""
    found = ((match[0], word_before(text, match.start())) for match in _CAPITALISED.finditer(text))
    return frozenset(word for word, before in found if not before[:1].isupper() or before[-1] in WORD_END)


def given_alone(text: str, matches: Iterable[Match]) -> dict[str, int]:
    """The given names among the places of a text that stand somewhere without a capitalised word behind them -> where each first does."""
    out: dict[str, int] = {}
    for match in matches:
        if match.entry.given and not word_after(text, match.end)[:1].isupper():
            out.setdefault(match.entry.name, match.start)
    return out


_BEFORE_WORD = " (\"'“‘-—–"


def is_word_in(text: str, name: str) -> bool:
    """Whether a text has a name of one word in lower case too, in the singular or the plural: a turkey, china."""
    word = name.lower()
    if not (name[1:].islower() and name.isalpha()):
        return False
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        end += text.startswith("s", end)
        if (not at or text[at - 1] in _BEFORE_WORD) and not text[end : end + 1].isalnum() and text[end : end + 1] != "@":
            return True
        at = text.find(word, at + 1)
    return False


def opens_sentence(text: str, at: int) -> bool:
    """Whether a sentence or a quotation begins there, so that a capital says nothing of the word."""
    before = text[max(0, at - 4) : at].rstrip(" ")
    return not before or before[-1] in _OPENING


_OPENING = ".!?:;\n\"“”’'»«)—–-"
"""Marks after which a capital says nothing of a word."""
