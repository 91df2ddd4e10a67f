"""People of a text that no tagger has read: known given names with what follows them, full names beside a verb of speech, and their
surnames alone."""

import functools
import itertools
import re
from collections.abc import Iterator, Sequence

from transforms.text.agencies import agency_spelled
from transforms.text.dash_speech import OPENING
from transforms.text.gazetteer import people_names
from transforms.text.lexicons import foreign_cues, grammar, org_words, word_list
from transforms.text.name_rules import MAX_SURNAMES, joined, name_pattern
from transforms.text.places import Place
from transforms.text.tagger import Span

_LEAST_CUE = 3
"""Letters of a verb of speech beside which a name is looked for: shorter forms are other words in the next language (`sa`)."""
_MOST_WORDS = 4
"""Words of a name that is known by its place alone; a longer one is a firm's or a title's."""
_MOST_CUES = 50
"""Verbs of speech of one paragraph beside which a name is looked for; one with more is no story's."""
_BEFORE, _AFTER = 80, 120
"""Characters on either side of a verb of speech in which its subject's name is looked for."""
_MARKS = ',.;:!?"“”„«»()'
_MARK = re.compile(rf"[{_MARKS}\n]")
_WORD = re.compile(rf"[^\s{_MARKS}]+")
_LOWER_WORD = re.compile(r"\b[^\W\d_A-Z][\w-]*")
_QUOTING = re.compile(rf"^(?:{OPENING}.*|.*[\"“”„«»].*)$", re.MULTILINE)


def listed_people(body: str, places: Sequence[Place]) -> list[Span]:
    """Spans of persons in a body of another language than English, in order, none overlapping. places: `find_places(body)`."""
    taken = {place.span_start for place in places}
    known = [span for match in _run().finditer(body) if (span := _listed(body, match)) is not None and span.start not in taken]
    found = joined(known, [span for span in _speaking(body) if span.start not in taken])
    surnames = {name for span in found for name in _surnames(body[span.start : span.end])}
    if not surnames:
        return []
    alone = re.compile(r"(?<!\w)(?:" + "|".join(re.escape(name) for name in sorted(surnames)[:MAX_SURNAMES]) + r")(?!\w)")
    return joined(found, [Span(*match.span(), "PER") for match in alone.finditer(body)])


def _listed(body: str, run: re.Match[str]) -> Span | None:
    """The name with which words with a capital begin, or that follows a role (`Bundeskanzler Friedrich Merz`): a known given name and up to
    two more words."""
    words, _ = _without_roles(body, _name_words(body, run))
    if not words or "g" not in people_names().get(body[slice(*words[0])].lower(), ""):
        return None
    name = _full_name().match(body, words[0][0], words[-1][1])
    return Span(*name.span(), "PER") if name else None


def _without_roles(body: str, words: list[tuple[int, int]]) -> tuple[list[tuple[int, int]], str]:
    """Words without those before a name, and the last of those."""
    gone = ""
    while words and _says_no_name(body[slice(*words[0])]):
        words, gone = words[1:], body[slice(*words[0])]
    return words, gone


def _surnames(name: str) -> list[str]:
    """The words by which a person is named again: the last, and of three the one before, a Spaniard's first surname."""
    words = name.split()
    return words[-2:] if len(words) == 3 and words[1][0].isupper() else words[-1:]


def _speaking(body: str) -> Iterator[Span]:
    """Full names that stand next after a verb of speech, up to a mark, or right before it, in paragraphs that quote."""
    cues = _cues()
    for paragraph in _QUOTING.finditer(body):
        at, end = paragraph.span()
        spoken = (word for word in _LOWER_WORD.finditer(body, at, end) if word[0] in cues)
        for word in itertools.islice(spoken, _MOST_CUES):
            before = _person_in(body, *_before(body, at, word.start()), is_last=True)
            after = _person_in(body, word.end(), _next_mark(body, word.end(), end))
            for name in (before, after):
                if name is not None and name.start >= at:
                    at = name.end
                    yield name


def _before(body: str, start: int, end: int) -> tuple[int, int]:
    """The stretch before a verb, back to a mark, without its auxiliaries."""
    low = max(start, end - _BEFORE)
    low += max(body[low:end].rfind(mark) for mark in (*_MARKS, "\n")) + 1
    words = body[low:end].rstrip()
    while (last := words.rpartition(" ")[2]) and last in grammar("foreign_auxiliary"):
        words = words[: -len(last)].rstrip()
    return low, low + len(words)


def _next_mark(body: str, start: int, end: int) -> int:
    end = min(end, start + _AFTER)
    mark = _MARK.search(body, start, end)
    return mark.start() if mark else end


def _person_in(body: str, low: int, high: int, is_last: bool = False) -> Span | None:
    """The first name in a stretch that can only be a person's: of two words or more, none of them a firm's, without the agency that is
    told and the role before it (in German with a capital). `is_last`: it must end the stretch."""
    for match in _run().finditer(body, low, high):
        words = _name_words(body, match)
        words, role = _without_roles(body, words)
        had_article = role.lower() in _articles() if role else _article_before(body, low, match.start())
        text = [body[slice(*word)] for word in words]
        is_name = 2 <= len(text) <= _MOST_WORDS and not had_article and not any(word in _firm_words() for word in text)
        if is_name and (not is_last or match.end() == high):
            return Span(words[0][0], words[-1][1], "PER")
    return None


def _name_words(body: str, name: re.Match[str]) -> list[tuple[int, int]]:
    """The words of what may be a name, without whom it is told, where a language says that by a case alone: `sanoo Matti Virtanen |
    STT:lle`, `sagte Lars Klingbeil | der Deutschen Presse-Agentur`; an article in a name stands behind a particle (`von der Leyen`)."""
    words = [(word.start(), word.end()) for word in _WORD.finditer(body, *name.span())]
    text = [body[slice(*word)] for word in words]
    for at in range(1, len(words)):
        if text[at] in grammar("foreign_dative") and text[at - 1].lower() not in word_list("particles.txt"):
            words = words[:at]
            break
    while words and agency_spelled(body[slice(*words[-1])]):
        words.pop()
    return words


def _says_no_name(word: str) -> bool:
    """Whether a first word with a capital is an agency, an article or a role."""
    low = word.lower()
    if agency_spelled(word) or word.isupper() or low in grammar("foreign_article"):
        return True
    return low.endswith(_role_ends()) and "g" not in people_names().get(low, "")


def _article_before(body: str, start: int, at: int) -> bool:
    """Whether an article stands right before a name, as before no person's: `die Deutsche Bank`, `la Banque Centrale`."""
    before = body[max(start, at - 8) : at].replace("’", "'").lower().split()
    return bool(before) and before[-1] in _articles()


@functools.cache
def _articles() -> frozenset[str]:
    return grammar("foreign_article") | grammar("foreign_dative")


@functools.cache
def _role_ends() -> tuple[str, ...]:
    return tuple(grammar("foreign_role_end"))


@functools.cache
def _firm_words() -> frozenset[str]:
    return org_words("last") | org_words("first") | org_words("suffix")


@functools.cache
def _full_name() -> re.Pattern[str]:
    return re.compile(rf"{name_pattern()}(?: (?:{_particles()}))*(?: {name_pattern()}){{1,2}}\b")


@functools.cache
def _run() -> re.Pattern[str]:
    """Words with a capital, particles between."""
    name = rf"(?<![\w’']){name_pattern()}|(?<=['’]){name_pattern()}"
    return re.compile(rf"(?:{name})(?:(?: (?:{_particles()}))* {name_pattern()})+")


def _particles() -> str:
    return "|".join(sorted(word_list("particles.txt"), key=len, reverse=True))


@functools.cache
def _cues() -> frozenset[str]:
    return frozenset(form for form in foreign_cues() if len(form) >= _LEAST_CUE)
