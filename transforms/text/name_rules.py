"""Rules that settle what a tagger found: titles before names, buildings named after people, places of the gazetteer.

Each stays because it helps on several corpora (see transforms/models/tagger.card.md) or keeps a promise of the tables."""

import bisect
import functools
import re
from collections.abc import Mapping, Sequence

from transforms.text.calendar_words import is_month, is_weekday
from transforms.text.gazetteer import DIVIDED, countries_by_name, people_names
from transforms.text.lexicons import facility_words, grammar, is_world_region, titles, wide_words, word_list
from transforms.text.mentions import PLACE_TYPES, Mention
from transforms.text.name_bearers import Bearer, opens_sentence
from transforms.text.organisations import is_acronym
from transforms.text.places import Place
from transforms.text.roles import has_age, role_ahead
from transforms.text.tagger import Span
from transforms.text.tokens import upper_class

_PLACED = [[word] for word in ("in", "to", "from", "near", "at", "outside", "across")]
_NEXT_WORD = re.compile(r"[ \u00a0]([a-z]+)\b")
MAX_SURNAMES = 200
"""Surnames of one text that are looked for alone; a text with more full names is a table."""
_TITLE_WORDS = 3
_TITLE_WINDOW = 80
"""Characters before a name in which its titles are looked for."""


def strip_title(body: str, mention: Mention) -> None:
    """Takes titles off the front of a person's name (`Sir`, `President`), and notes those that stand before it."""
    words = mention.words(body)
    at = 0
    while len(words) - at > 1:
        size = next((size for size in (3, 2, 1) if size < len(words) - at and " ".join(words[at : at + size]) in titles()), 0)
        if not size or (len(words) - at == 2 and _is_given_too(words[at])):
            break
        at += size
    if at:
        name = body.find(words[at], mention.start + len(" ".join(words[:at])), mention.end)
        mention.start = name if name > 0 else mention.start
    mention.title = title_before(body, mention.start)
    if mention.title is None:
        return
    for form in (mention.title, *mention.title.split(" ")):
        mention.gender = mention.gender or titles().get(form, ("", ""))[1]


def _is_given_too(title: str) -> bool:
    """Whether an honorific is a given name as well: `Don`."""
    return titles()[title][0] == "honorific" and "g" in people_names().get(title.lower(), "")


def title_before(body: str, start: int) -> str | None:
    """The titles that stand directly before a name: `Deputy Prime Minister`; None where none does."""
    if body[start - 1 : start] not in (" ", "\u00a0"):
        return None
    words = body[max(0, start - _TITLE_WINDOW) : start - 1].replace("\u00a0", " ").rpartition("\n")[2].split(" ")
    first = len(words)
    while first:
        size = next((size for size in range(_TITLE_WORDS, 0, -1) if size <= first and " ".join(words[first - size : first]) in titles()), 0)
        if not size:
            break
        first -= size
    if 0 < first < len(words) and words[first - 1].lower() in _PASSING:
        first -= 1
    return " ".join(words[first:]) or None


_PASSING = ("acting", "ex", "former", "incoming", "interim", "outgoing", "then")
"""Words before a title that say it is no longer, not yet or only for a time held."""


def make_facility(body: str, mention: Mention) -> None:
    """A name of two words or more before a building's word is the building's (`Kim Il Sung square`, `Roe Street`)."""
    words = mention.words(body)
    if len(words) > 1 and mention.type == "PER" and words[-1] in facility_words():
        if len(words) > 2 or "g" not in people_names().get(words[0].lower(), ""):
            mention.type = "LOC"
    elif len(words) > 1 and mention.type in ("PER", "LOC", "MISC"):
        match = _NEXT_WORD.match(body, mention.end)
        if match is not None and facility_words().get(match[1].capitalize()):
            mention.type, mention.end = "LOC", match.end()


def name_pattern() -> str:
    """Pattern of a word with a capital."""
    return rf"[{upper_class()}][\w'’-]*"


@functools.cache
def _facility() -> re.Pattern[str]:
    words, name = facility_words(), name_pattern()
    lower = "|".join(sorted(word.lower() for word in words if words[word]))
    capital = "|".join(sorted(words))
    return re.compile(
        rf"\b(?:in|at|on|near|to|from)(?: the)? ({name}(?: {name}){{1,3}} (?:{lower})|{name}(?: {name}){{0,2}} (?:{capital}))\b"
    )


def facilities(body: str) -> list[Span]:
    """Names before a building's word, behind a preposition: `in Kim Il Sung square`, `at Roe Airport`."""
    return [Span(*match.span(1), "LOC") for match in _facility().finditer(body)]


def joined(spans: Sequence[Span], more: Sequence[Span]) -> list[Span]:
    """Spans with those of `more` that overlap none."""
    starts = [span.start for span in spans]
    out = list(spans)
    for span in more:
        at = bisect.bisect_left(starts, span.end)
        if at == 0 or spans[at - 1].end <= span.start:
            out.append(span)
    return sorted(out) if len(out) > len(spans) else out


def is_wide(body: str, mention: Mention) -> bool:
    """Whether a place may lie in several countries or in none: a sea, a continent, a border, two states of one name (`the two Koreas`)."""
    text = body[mention.start : mention.end]
    return is_world_region(text) or text.rpartition(" ")[2] in wide_words() or (text[-1:] == "s" and _is_state(text[:-1]))


def make_person(body: str, mention: Mention) -> None:
    """Who is described as a person is one, if nothing else is known of the name: `the union's leader, Tarn`, `Tarn, 45,`."""
    if mention.type not in ("PER", "NORP") and mention.place is None:
        described = role_ahead(body, mention.start, mention.end) or has_age(body, mention.end)
        if described and not is_acronym(body[mention.start : mention.end]):
            mention.type = "PER"


def make_places(body: str, mentions: Sequence[Mention]) -> None:
    """A name behind a kind of place is a place's (`the port of Arkhangelsk`, `the banks of the Dvina`), wherever the story has it. So is
    one that the story has behind such a kind once (`Titicaca` beside `Lake Titicaca`), and it is the same place."""
    whole = {name: kind for mention in mentions if mention.type == "LOC" for kind, name in [_kind_and_name(mention.words(body))] if kind}
    loose = [mention for mention in mentions if mention.type in ("ORG", "MISC", "PER") and mention.place is None]
    behind = {mention.start: body[mention.start : mention.end] for mention in loose if _behind_kind(body, mention)}
    named = frozenset(behind.values())
    for mention in loose:
        text = body[mention.start : mention.end]
        if mention.start in behind or (mention.type != "PER" and (text in whole or text in named)):
            mention.type = "LOC"
            if text in whole:
                mention.canonical = f"{whole[text]} {text}"


def _kind_and_name(words: Sequence[str]) -> tuple[str, str]:
    return (words[0], " ".join(words[1:])) if len(words) > 1 and words[0] in _KINDS_BEFORE else ("", "")


_KINDS_BEFORE = ("Lake", "Loch", "Mount", "River")


def _behind_kind(body: str, mention: Mention) -> bool:
    """Whether a name stands behind a kind of place and `of`; a body of water has an article between."""
    before = body[max(0, mention.start - _TITLE_WINDOW) : mention.start].split(" ")
    article = before[-2:-1] == ["the"]
    kind, of = before[-4 if article else -3 :][:2] if len(before) > 3 else ("", "")
    return of == "of" and kind in grammar("water_of" if article else "place_of") and not is_acronym(mention.words(body)[0])


def make_things(body: str, mentions: Sequence[Mention]) -> None:
    """A vessel whose kind stands before it once in the story (`the ferry Harbour Queen`, `a ferry, the Harbour Queen`, `the boat was named
    Harbour Queen`), and a storm (`Cyclone Ophira`), are neither a person nor an organisation nor a place."""
    loose = [mention for mention in mentions if mention.type != "MISC" and mention.place is None]
    aboard = _vessel().search(body) is not None
    vessels = {body[mention.start : mention.end] for mention in loose if aboard and _is_vessel(body, mention)}
    for mention in loose:
        if body[mention.start : mention.end] in vessels or _is_storm(mention.words(body)):
            mention.type = "MISC"


def _is_vessel(body: str, mention: Mention) -> bool:
    name = mention.words(body)[0]
    ahead = _vessel(_NAMED).search(body, max(0, mention.start - _TITLE_WINDOW), mention.start)
    if ahead is None or name in titles() or is_acronym(name):
        return False
    # In `The ferry, the Coast Guard said, ...` the guard is no ferry.
    return ahead["apposed"] is None or body[mention.end : mention.end + 1] in tuple(",.;)")


@functools.cache
def _vessel(behind: str = "") -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{'|'.join(sorted(grammar('vessel')))})\b{behind}")


_NAMED = (
    r"(?P<apposed>, the)?"
    r"(?:(?:(?: of [^.!?,;\n\"“”]{1,40})?(?: (?:be|been|being|is|was|has|had|will|to|now|later|since|first|originally))+)?"
    r" (?:named|called|christened|renamed)(?: the)?)?[ \u00a0]\Z"
)
"""What stands between a kind of vessel and the name of one."""


def _is_storm(words: Sequence[str]) -> bool:
    """Whether a name is a storm's and not that of something called after it (`Hurricane Roe Fund`)."""
    return len(words) > 1 and " ".join(words[:-1]) in _STORMS


_STORMS = frozenset(
    ("Cyclone", "Hurricane", "Typhoon", "Super Typhoon", "Tropical Cyclone", "Tropical Depression", "Tropical Storm", "Winter Storm")
)


def _is_state(name: str) -> bool:
    return name in DIVIDED or name in countries_by_name()


def make_states(body: str, mention: Mention) -> None:
    """The plural of a country's name is a place after a number word or where no family is called so: `the two Koreas`, `the Germanys`."""
    text = body[mention.start : mention.end]
    if text[-1:] != "s" or mention.type == "LOC" or not _is_state(text[:-1]):
        return
    before = body[max(0, mention.start - 12) : mention.start].lower().split(" ")[-2:-1]
    if text[:-1] in DIVIDED or before in (["two"], ["both"]) or (before == ["the"] and text[:-1].lower() not in people_names()):
        mention.type = "LOC"


def _is_modifier(body: str, end: int) -> bool:
    """Whether what ends there is the first half of an adjective: `U.S.-led`. `Seoul-based` speaks of the place."""
    return body[end : end + 1] == "-" and body[end + 1 : end + 2].islower() and not body.startswith("-based", end)


def with_places(body: str, mentions: Sequence[Mention], places: Sequence[Place]) -> list[Mention]:
    """Mentions and places in one list, in order, none overlapping.

    A place of the same span gives its country to the mention (and its type where it is sure); one that a mention holds stays inside it;
    one that holds mentions takes their place."""
    out: list[Mention] = []
    at = 0
    for mention in mentions:
        while at < len(places) and places[at].span_end <= mention.start:
            _add(body, out, places[at])
            at += 1
        out.append(mention)
        while at < len(places) and places[at].span_start < mention.end:
            _settle(body, out, places[at])
            at += 1
    for place in places[at:]:
        _add(body, out, place)
    return _without_overlap(out)


def _add(body: str, out: list[Mention], place: Place) -> None:
    """Adds a place that the tagger has not found, if it stands for itself."""
    if not _is_modifier(body, place.span_end):
        out.append(Mention.of_place(place))


def _settle(body: str, out: list[Mention], place: Place) -> None:
    mention = out[-1]
    if (mention.start, mention.end) == (place.span_start, place.span_end):
        if _is_sure(body, mention, place):
            mention.type = PLACE_TYPES[place.kind]
        if mention.type == PLACE_TYPES[place.kind] or place.kind == "metonym":
            mention.take(place)
    elif place.span_start <= mention.start and mention.end <= place.span_end and mention.type != "PER":
        rest = body[place.span_start : mention.start] + body[mention.end : place.span_end]
        if mention.type == "LOC" and rest == rest.lower():
            mention.take(place)  # the province of `Kandahar province`
        else:
            out[-1] = Mention.of_place(place)


def _is_sure(body: str, mention: Mention, place: Place) -> bool:
    """Whether a name is the place whatever the tagger took it for: a country or people, a town after a preposition of place, a town in
    capitals that opens a paragraph (`CAIRO: A ferry ...`), a town that no person is called by."""
    if place.kind in ("country", "demonym"):
        return True
    if place.kind != "city":
        return False
    if place.text.isupper() and body[mention.start - 1 : mention.start] in ("", "\n") and body[mention.end : mention.end + 1] == ":":
        return True
    before = body[max(0, mention.start - 8) : mention.start].split(" ")[-2:-1]
    return before in _PLACED or (mention.type == "PER" and place.text.lower() not in people_names())


def _without_overlap(mentions: Sequence[Mention]) -> list[Mention]:
    out: list[Mention] = []
    for mention in mentions:
        if not out or out[-1].end <= mention.start:
            out.append(mention)
        elif mention.end - mention.start > out[-1].end - out[-1].start:
            out[-1] = mention
    return out


_SUFFIX = re.compile(r",? (?:[JS]r\b\.?|I{2,3}\b|IV\b)")


def with_suffixes(body: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Mentions in which a person's suffix is part of the name, whether the tagger took it for a name of its own or left it out: `Jr.`,
    `III`."""
    out: list[Mention] = []
    for index, mention in enumerate(mentions):
        if out and mention.start < out[-1].end:
            continue
        out.append(mention)
        if mention.type == "PER" and (match := _SUFFIX.match(body, mention.end)) is not None:
            following = mentions[index + 1] if index + 1 < len(mentions) else None
            if following is None or following.start >= match.end() or following.end <= match.end():
                mention.end = match.end()
    return out


def as_borne(body: str, mentions: Sequence[Mention], bearers: Mapping[str, Bearer]) -> list[Mention]:
    """Mentions without places of the tagger's that are common words in this text (a turkey); those that are a part of a person's name which
    the tagger found become people. bearers: as of `read_places`."""
    out: list[Mention] = []
    full = {word for mention in mentions if mention.type == "PER" for word in mention.words(body)} if bearers else set()
    for mention in mentions:
        bearer = bearers.get(body[mention.start : mention.end]) if mention.type == "LOC" and mention.place is None else None
        if bearer == "person" and body[mention.start : mention.end] in full:
            mention.type = "PER"
        if bearer != "word":
            out.append(mention)
    return out


def without_words(body: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Mentions without those that are no name: a day of the week, a month or a time zone alone (a person may be called like a month:
    `May`), and an organisation that is a noun in the plural where a sentence begins (`Farmers said`) and a name nowhere else (`Stars`,
    where somebody plays for Stars)."""
    named = [mention for mention in mentions if not _is_day(body[mention.start : mention.end], mention.type)]
    plurals = [mention for mention in named if mention.type == "ORG" and _is_plural(body[mention.start : mention.end])]
    if not plurals:
        return named
    within = {body[mention.start : mention.end] for mention in plurals if not opens_sentence(body, mention.start)}
    nouns = {mention.start for mention in plurals if body[mention.start : mention.end] not in within}
    return [mention for mention in named if mention.start not in nouns]


def _is_plural(name: str) -> bool:
    words = word_list("english_words.txt")
    return name[-1] == "s" and name.lower() in words and name[:-1].lower() in words


def _is_day(name: str, type_: str) -> bool:
    if len(name) > _LONGEST_DAY or " " in name:
        return False
    return name in _ZONES or is_weekday(name) or (type_ != "PER" and is_month(name))


_ZONES = ("GMT", "UTC")
"""Time zones that are nothing else in copy; others are companies and parties too (`EST`, `CET`)."""


_LONGEST_DAY = 10
"""Characters of `Wednesdays`."""
