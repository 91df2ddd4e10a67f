"""One name for every organisation of a story: acronyms, firms' short forms and suffixes, what stands in brackets."""

import functools
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence

from transforms.text.lexicons import org_words, read_rows
from transforms.text.mentions import Mention
from transforms.text.name_forms import fold

MAX_FORMS = 200
"""Forms of organisations' names in one story that are put together; a story with more is a table."""
_GAPS = re.compile(r"[\s-]+")
_COMPANY = frozenset(("Company", "Companies"))
"""Words that go as firms' suffixes do; in the names of theatres and armies they stay last all the same."""
_LEAST_ACRONYM, _MOST_ACRONYM = 2, 10

Core = tuple[str, ...]


def is_acronym(name: str) -> bool:
    """Whether a name is written as an acronym is: `AFP`, `U.N.`."""
    return name.isupper() and " " not in name


@functools.lru_cache(65536)
def core_of(name: str) -> Core:
    """The folded words of an organisation's name, without the article before it and the firm's suffix after it; never empty."""
    words = [word for word in _GAPS.split(name) if fold(word)]
    if len(words) > 1 and words[0] in ("the", "The", "THE"):
        del words[0]
    while len(words) > 1 and (_is_suffix(words[-1]) or words[-1] == "and"):
        del words[-1]
    return tuple(fold(word) for word in words) or (fold(name),)


def _is_suffix(word: str) -> bool:
    return word in org_words("suffix") or word in _COMPANY


def has_suffix(name: str) -> bool:
    """Whether a name ends with a firm's suffix: `Corp`, `GmbH`."""
    return " " in name and _is_suffix(name.rpartition(" ")[2])


@functools.cache
def _known() -> dict[Core, tuple[str, bool]]:
    """Core of a form -> the organisation's full name, and whether the form is an acronym."""
    out: dict[Core, tuple[str, bool]] = {}
    for row in read_rows("organisations.tsv"):
        for form in (row[0], *filter(None, row[1].split("|"))):
            out[core_of(form)] = (row[0], is_acronym(form))
    return out


def known_organisation(name: str) -> str | None:
    """The full name of an organisation that everybody knows by one of its names; None for others.

    `U.S.` and `U.N.` in a name are read without their full stops. An acronym has to be written as one: nobody is called `Who`."""
    found = _known().get(core_of(name))
    if found is None or (found[1] and not is_acronym(name)):
        return None
    return found[0]


def initials(name: str) -> set[str]:
    """The acronyms that a name of several words may have: the first letters of its capitalised words and of all its words, with and
    without the firm's suffix."""
    words = [w for w in _GAPS.split(name) if w]
    out: set[str] = set()
    while len(words) > 1:
        out |= {"".join(w[0] for w in words if w[0].isupper()), "".join(w[0] for w in words).upper()}
        if not _is_suffix(words[-1]):
            break
        del words[-1]
    return out


def name_organisations(body: str, mentions: Sequence[Mention], acronyms: Iterable[tuple[str, str]] = ()) -> None:
    """Gives every organisation that is no place the fullest form of its name in the story as its canonical name.

    One are: forms of one well-known organisation; names that differ by article and suffix; an acronym and the name in whose brackets it
    stands or which stands in its own, whatever its letters; an acronym and the name that it abbreviates; the beginning of a name that
    stands before it or has a firm's suffix, if it is no firm with a suffix itself and no word that many have (`Bank`); and the end of a
    name (`Security Council`), if no two names of the story end so.

    acronyms: `bracketed(body, mentions)`."""
    found = [mention for mention in mentions if mention.type == "ORG" and mention.canonical is None]
    seats = [m.canonical for m in mentions if m.type == "ORG" and m.canonical is not None]
    forms = list(dict.fromkeys([*(body[m.start : m.end] for m in found), *seats]))
    if len(forms) > 1:
        names = _grouped(forms[:MAX_FORMS], acronyms)
        for mention in found:
            text = body[mention.start : mention.end]
            mention.canonical = names.get(text, text)


def bracketed(body: str, mentions: Sequence[Mention]) -> list[tuple[str, str]]:
    """Names and their acronyms, one of which stands in brackets after the other. What the tagger took an acronym there for is corrected
    throughout the story."""
    pairs: list[tuple[str, str]] = []
    for one, other in itertools.pairwise(mentions):
        if other.start - one.end != 2 or body[one.end] != " " or body[one.end + 1] != "(" or body[other.end : other.end + 1] != ")":
            continue
        full, short = body[one.start : one.end], body[other.start : other.end]
        mention = other
        if is_acronym(full) and " " in short:
            full, short, mention = short, full, one
        named = other if mention is one else one
        size = len(short.replace(".", ""))
        if named.type == "ORG" and mention.place is None and " " in full and is_acronym(short) and _LEAST_ACRONYM <= size <= _MOST_ACRONYM:
            pairs.append((full, short))
    short_forms = {short for _, short in pairs}
    for mention in mentions if short_forms else ():
        if mention.type in ("PER", "MISC", "LOC") and mention.place is None and body[mention.start : mention.end] in short_forms:
            mention.type = "ORG"
    return pairs


def _grouped(forms: Sequence[str], pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Form -> the fullest form of the same organisation."""
    groups = _Groups(forms)
    same: dict[object, str] = {}
    for form in forms:
        groups.join(form, same.setdefault(known_organisation(form) or core_of(form), form))
    for full, short in itertools.chain(pairs, _shortened(forms)):
        groups.join(short, full)
    return groups.names()


def _shortened(forms: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Full forms and those that are their acronyms, beginnings or ends."""
    acronyms: dict[str, str] = {}
    beginnings: dict[Core, str] = {}
    ends: dict[Core, dict[Core, str]] = {}
    for form in forms:
        core = core_of(form)
        for letters in initials(form):
            acronyms.setdefault(letters, form)
        if has_suffix(form) and "." in form.split()[0]:
            beginnings.setdefault(core[-1:], form)  # Morgan of J.P. Morgan and Co
        for size in range(1, len(core)):
            beginnings.setdefault(core[:size], form)
            ends.setdefault(core[-size:], {})[core] = form
    whole = {core_of(form) for form in forms if has_suffix(form)}
    order = {form: index for index, form in enumerate(forms)}
    for form in forms:
        core = core_of(form)
        if core in whole or known_organisation(form) is not None:
            continue
        if len(core) == 1 and form.replace(".", "") in acronyms:
            yield acronyms[form.replace(".", "")], form
        elif core in beginnings and not (len(core) == 1 and _is_common(form)):
            if has_suffix(beginnings[core]) or order[beginnings[core]] < order[form]:
                yield beginnings[core], form
        elif len(core) > 1 and len(ends.get(core, ())) == 1:
            yield next(iter(ends[core].values())), form


def _is_common(word: str) -> bool:
    """Whether one word is what many organisations are called: `Bank`, `Ministry`."""
    return word in org_words("first") or word in org_words("last")


class _Groups:
    """Forms that mean one organisation, joined two by two."""

    def __init__(self, forms: Sequence[str]) -> None:
        self._to = {form: form for form in forms}

    def first(self, form: str) -> str:
        """The form that stands for the group of a form."""
        while self._to.get(form, form) != form:
            form = self._to[form]
        return form

    def join(self, form: str, other: str) -> None:
        """Makes two forms mean the same."""
        if form in self._to and other in self._to:
            self._to[self.first(form)] = self.first(other)

    def names(self) -> dict[str, str]:
        """Form -> the fullest form of its group: most words, suffix and article not counted; the first of several."""
        best: dict[str, str] = {}
        for form in self._to:
            first = self.first(form)
            best[first] = max(best.get(first, form), form, key=lambda name: (len(core_of(name)), len(name.split())))
        return {form: best[self.first(form)] for form in self._to}
