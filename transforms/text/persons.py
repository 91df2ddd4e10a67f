"""The persons of a story: which of its names are one person's, and whom a surname alone means."""

import bisect
import itertools
import re
from collections import Counter
from collections.abc import Sequence

from transforms.text.canonical import People, Person
from transforms.text.gazetteer import people_names
from transforms.text.lexicons import english_words, grammar, org_words
from transforms.text.mentions import Mention
from transforms.text.name_forms import SUFFIXES, fold, loose, parts_of, without_article
from transforms.text.name_rules import strip_title
from transforms.text.organisations import core_of, has_suffix, is_acronym
from transforms.text.places import Place

_OTHER = ("ORG", "MISC", "LOC")
_MOST_WORDS = 3
"""Words of the longest name that is made a person's because its last word is one elsewhere."""
_KIN_BEFORE, _KIN_AFTER = 250, 40
"""Characters of the sentence before a name, and after it, in which a word of kinship tells that it is a relative's."""
_WORDS = re.compile(r"[a-z]+(?:-[a-z]+)*")
_SENTENCE = re.compile(r"[.!?][\"”’']?\s|\n")


def find_people(body: str, mentions: list[Mention], places: Sequence[Place]) -> People:
    """Gives every person's mention the person it means: of a full name, else of the story's person of that surname, else of that name
    alone. What was taken for something else and has a person's name in this story becomes a person's; surnames that were missed are added
    to `mentions`. Returns those named in full.

    places: those of the body, of which one in front of a name is no part of it (`London Mary Roe`)."""
    people = People()
    ends = {place.span_start: place.span_end for place in places}
    _correct_full(body, mentions)
    short: list[Mention] = []
    for mention in mentions:
        if mention.type == "PER":
            strip_title(body, mention)
            _cut(body, mention, ends)
            words = mention.words(body)
            if len(parts_of(words).core) > 1:
                mention.person = people.add(words, mention.start)
                mention.person.gender = mention.person.gender or mention.gender
                if len(mention.person.at) == 1:
                    mention.person.is_kin = is_kin(body, mention.start, mention.end)
            else:
                short.append(mention)
    missed = _missed(body, mentions, people)
    if missed:
        short += missed
        mentions += missed
        mentions.sort(key=lambda mention: mention.start)
    firms = _firms(body, mentions)
    for mention in mentions:
        if mention.type in _OTHER and mention.place is None:
            words = mention.words(body)
            if words[-1] not in firms and not is_acronym(words[-1]) and people.bears(words):
                mention.type = "PER"
                strip_title(body, mention)
                short.append(mention)
    _resolve_short(body, short, people, firms)
    _resolve_pairs(body, mentions, people)
    return people


def _missed(body: str, mentions: Sequence[Mention], people: People) -> list[Mention]:
    """Surnames alone that no mention holds, of persons whose name does not end with that very word, where the tagger looks for it: family
    names that stand first (`Xi`), and surnames without their article (`Assad` of `al-Assad`)."""
    names: set[str] = set()
    for person in people.persons[:_MOST_PERSONS]:
        last = person.words[-1]
        if person.surname_first:
            names.add(person.words[0])
        elif without_article(last) != last:
            names.add(without_article(last))
    names = {name for name in names if name[:1].isupper() and fold(name) not in english_words()}
    if not names:
        return []
    tier = mentions[0].tier
    starts = [mention.start for mention in mentions]
    out = []
    for match in re.finditer(r"(?<![\w-])(?:" + "|".join(map(re.escape, sorted(names))) + r")(?![\w-])", body):
        at = bisect.bisect_right(starts, match.start()) - 1
        if (at < 0 or mentions[at].end <= match.start()) and (at + 1 == len(starts) or match.end() <= starts[at + 1]):
            mention = Mention(*match.span(), "PER", tier)
            strip_title(body, mention)
            out.append(mention)
    return out


_MOST_PERSONS = 200
"""Persons of a story whose surnames are looked for; a story with more is a table."""


def _resolve_short(body: str, short: Sequence[Mention], people: People, firms: dict[str, bool]) -> None:
    """Gives surnames and given names alone their person. A firm's that is called after a person (`Morgan` of `J.P. Morgan and Co`) and
    nobody's else becomes the firm's."""
    own: dict[tuple[str, str], Person] = {}
    for mention in sorted(short, key=lambda each: each.start):
        words = mention.words(body)
        person = people.find(words, mention.start, mention.gender)
        if person is None and len(words) == 1 and not mention.title and firms.get(words[0]):
            mention.type = "ORG"
            continue
        if person is None:
            if len(words) > 1:
                person = people.add(words, mention.start)
            else:
                person = own.setdefault((fold(words[0]), mention.gender), Person(words, mention.start))
        elif person.particles and body.endswith(person.particles, 0, mention.start):
            mention.start -= len(person.particles)
        mention.person = person


def _firms(body: str, mentions: Sequence[Mention]) -> dict[str, bool]:
    """First words of organisations' names, and surnames in firms' names -> whether the name is a firm's with its suffix."""
    firms: dict[str, bool] = {}
    for mention in mentions:
        if mention.type == "ORG" and " " in (name := body[mention.start : mention.end]):
            words = name.split()
            is_firm = has_suffix(name)
            for word in (words[0], *(words[len(core_of(name)) - 1 : len(core_of(name))] if is_firm and "." in words[0] else ())):
                firms[word] = firms.get(word, False) or is_firm
    return firms


def _correct_full(body: str, mentions: Sequence[Mention]) -> None:
    """Makes a full name a person's where its last word alone is one's more often than an organisation's, in whatever spelling
    (`Volodymyr Zelenskyy` beside `Zelensky`)."""
    votes: Counter[str] = Counter()
    for mention in mentions:
        name = body[mention.start : mention.end]
        if " " not in name and mention.place is None:
            votes[loose(fold(name))] += (mention.type == "PER") - (mention.type == "ORG")
    for mention in mentions:
        if mention.type in _OTHER and mention.place is None and mention.end - mention.start < _LONGEST:
            words = mention.words(body)
            if 1 < len(words) <= _MOST_WORDS and votes[loose(fold(words[-1]))] > 0 and not any(map(_is_of_organisations, words)):
                mention.type = "PER"


_LONGEST = 60
"""Characters of the longest name that is made a person's."""


def _is_of_organisations(word: str) -> bool:
    return word.isupper() or word[0].islower() or any(word in org_words(place) for place in ("first", "last", "suffix"))


def _cut(body: str, mention: Mention, places: dict[int, int]) -> None:
    """Ends a person's name before a comma, if no suffix follows, and before a word in lower case that joins no name (`Roe forgave Poe`);
    begins it after a place where a given name follows."""
    words = mention.words(body)
    if len(words) < _LEAST_CUT:
        return
    place_end = places.get(mention.start)
    first, second = ("g" in people_names().get(word.lower(), "") for word in words[:2])
    if place_end == mention.start + len(words[0]) and second and not first:
        mention.start = body.index(words[1], place_end)
        return
    for index, word in enumerate(words[1:], start=1):
        comma = words[index - 1].endswith(",") and fold(word) not in SUFFIXES
        if comma or (word.islower() and word.isalpha() and not parts_of(("A", word, "Z")).particles):
            for last in words[index:][::-1]:
                mention.end = body.rindex(last, mention.start, mention.end)
            mention.end = mention.start + len(body[mention.start : mention.end].rstrip().removesuffix(","))
            return


_LEAST_CUT = 3
"""Words of the shortest name that is cut."""


def _resolve_pairs(body: str, mentions: Sequence[Mention], people: People) -> None:
    """Gives the first of two who share the surname behind the second (`Ana and Boris Roe`) a full name, where the story has none."""
    for one, other in itertools.pairwise(mentions):
        if one.person is None or other.person is None or len(one.person.core) > 1 or len(other.person.core) < 2:
            continue
        given = body[one.start : one.end]
        if other.start - one.end == len(" and ") and body.startswith(" and ", one.end) and "g" in people_names().get(given.lower(), ""):
            words = other.words(body)
            if len(words) > 1 and not people.bears((given,)):
                one.person = people.add([given, *words[1:]], one.start)


def is_kin(body: str, start: int, stop: int) -> bool:
    """Whether the person of the name `body[start:stop]` is brought in as a relative: a word of kinship in the sentence before the name or
    right after it."""
    low = max(0, start - _KIN_BEFORE)
    before = body[low:start]
    for end in _SENTENCE.finditer(before):
        word = before[max(0, end.start() - 3) : end.start()]
        if end[0] == "\n" or (word.isalpha() and word.islower()):
            low = start - len(before) + end.end()
    after = _SENTENCE.split(body[stop : stop + _KIN_AFTER], maxsplit=1)[0]
    kin = grammar("kin")
    return any(word in kin for text in (body[low:start], after) for word in _WORDS.findall(text))
