"""News agencies: their names in datelines, credits and sign-offs, and whose copy a story is."""

import dataclasses
import functools
import re
from collections.abc import Iterable

from transforms.text.lexicons import read_rows

_REMEMBERED = 4096
"""Answers kept: the same few credits and brackets come again and again."""


@dataclasses.dataclass(frozen=True)
class Agency:
    """A row of data/agencies.tsv, whose header says what each field means."""

    name: str
    told: tuple[str, ...]
    forms: tuple[str, ...]
    line_forms: tuple[str, ...]


def _split(field: str) -> tuple[str, ...]:
    return tuple(form for form in field.split("|") if form)


@functools.cache
def agencies() -> tuple[Agency, ...]:
    """All rows of data/agencies.tsv in their order."""
    padded = ([*row, "", "", ""][:4] for row in read_rows("agencies.tsv"))
    return tuple(Agency(name, _split(told), _split(forms), _split(line)) for name, told, forms, line in padded)


@functools.cache
def _by_form() -> dict[str, str]:
    """Every form as it stands to the agency's name. The first row that claims a form has it."""
    table: dict[str, str] = {}
    for agency in agencies():
        for form in (agency.name, *agency.forms, *agency.line_forms):
            table.setdefault(form, agency.name)
    return table


@functools.cache
def _by_folded_form() -> dict[str, str]:
    """The same in lower case; names of two letters are words in other cases ('Pa.', 'tt') and stay out."""
    table: dict[str, str] = {}
    for form, name in _by_form().items():
        if len(form) > _PAIR:
            table.setdefault(form.casefold(), name)
    return table


_PAIR = 2


@functools.cache
def _in_text() -> re.Pattern[str]:
    """The forms that name an agency wherever they stand, longest first, as whole words."""
    forms = sorted({form for agency in agencies() for form in agency.forms}, key=lambda form: (-len(form), form))
    return re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, forms)) + r")(?!\w)")


@functools.cache
def _told() -> tuple[tuple[re.Pattern[str], dict[str, str]], ...]:
    """One pattern for each first word of the phrases, which the search can leap to, and whose phrase each is."""
    groups: dict[str, dict[str, str]] = {}
    for agency in agencies():
        for phrase in agency.told:
            first, space, _ = phrase.partition(" ")
            groups.setdefault(first + space, {})[phrase] = agency.name
    patterns = []
    for first, phrases in groups.items():
        rest = sorted((phrase[len(first) :] for phrase in phrases), key=lambda form: (-len(form), form))
        patterns.append((re.compile(re.escape(first) + "(?:" + "|".join(map(re.escape, rest)) + r")(?!\w)"), phrases))
    return tuple(patterns)


# What may stand around and between agencies on a line of their own: '© AFP 2024', '==Kyodo', 'dpa/lni', '(Reuters)', 'ats afp'.
_MARKS = " \t\xa0()[]{}/\\.,;:=*+&©|<>_–—-"
_BETWEEN = re.compile(r"[\s,;&+|()\[\].:–—©=]+|-{2,}")
_FILLER = re.compile(r"(?i)(?:by|von|par|with|mit|avec|und|and|copyright|all|rights|reserved|source|quelle|services|\(c\)|\d{4})\Z")
_PICTURE = re.compile(
    r"(?i)\b(?:pictures?|photos?|photographs?|photography|image|images|video|graphic|foto|fotos|bild|bilder|imagen|imagem)\b"
)


def agency_named(text: str) -> str | None:
    """The agency that `text` is the name of and nothing else (any case, marks around it aside): ' (afp) ' -> 'AFP'. Else None."""
    name = text.strip(_MARKS)
    return _by_form().get(text.strip()) or _by_form().get(name) or _by_folded_form().get(name.casefold())


def agency_spelled(text: str) -> str | None:
    """The agency that has `text`, letter for letter, among its forms: 'AFP', 'Kyodo', 'dpa'; 'Ana' is none. Else None."""
    return _by_form().get(text)


@functools.lru_cache(_REMEMBERED)
def agency_in(text: str) -> str | None:
    """The agency a credit, sign-off or dateline bracket names, by its canonical name; the first of several, else None.

    Forms that are also common words or initials ('AP', 'PA', 'ana') count only where nothing but agencies, their desks and marks
    stands: 'ats afp', 'dpa/lni', '© AP 2024'; the other forms count anywhere in the text, as whole words."""
    if len(text) > _LONGEST_LINE:
        return None
    if whole := agency_named(text):
        return whole
    if found := _in_text().search(text):
        return _by_form()[found.group()]
    # A desk may follow its agency without a space ('dpa/lni'); apart by spaces, every word must be an agency ('ats afp', not 'AA Milne').
    words = [word for word in _BETWEEN.split(text) if word and not _FILLER.match(word)]
    names = [agency_named(re.split(r"[/-]", word, maxsplit=1)[0]) for word in words]
    return names[0] if names and all(names) else None


_LONGEST_LINE = 400
"""Credits and sign-offs are lines; running text is not searched for an agency's name (the body is full of other agencies')."""

# Reuters ends its copy '(Reporting by A in B; Editing by C)', in one or several brackets; AFP with the initials of three or more
# desks in lower case: 'hh/ph/ts/hd'. Both conventions are theirs alone in wire copy (two initials are other papers', too).
_REPORTING = re.compile(r"\((?:Additional )?(?:Reporting|Writing|Editing|Compiled) by [^()]*", re.IGNORECASE)
_EDITING = re.compile(r"\bEditing by\b", re.IGNORECASE)
_INITIALS = re.compile(r"[a-z]{2,4}(?:[/-][a-z]{1,4}){2,6}\Z")


def _signed_by(signoffs: Iterable[str]) -> str | None:
    lines = [line.strip() for line in signoffs]
    for line in lines:
        named = _all_in(line)
        if len(named) == 1:
            return next(iter(named))
    text = " ".join(lines)
    if _REPORTING.search(text) and _EDITING.search(text):
        return "Reuters"
    if any(_INITIALS.match(line) for line in lines):
        return "AFP"
    return None


def _all_in(line: str) -> set[str]:
    """The agencies of one line. A list of several says whose material went in, not whose story it is."""
    if _PICTURE.search(line):
        return set()
    found = {_by_form()[match.group()] for match in _in_text().finditer(line[:_LONGEST_LINE])}
    first = agency_in(line)
    return found | ({first} if first else set())


def _told_in(body: str) -> str | None:
    """The agency that most persons of the body spoke to; None where none or two alike."""
    counts: dict[str, int] = {}
    for pattern, phrases in _told():
        for match in pattern.finditer(body):
            if not body[match.start() - 1 : match.start()].isalnum():
                name = phrases[match.group()]
                counts[name] = counts.get(name, 0) + 1
    if not counts:
        return None
    best = max(counts.values())
    names = [name for name, count in counts.items() if count == best]
    return names[0] if len(names) == 1 else None


def provider_of(
    parsed_provider: str | None, dateline_agency: str | None, creditline: str | None, signoffs: list[str], body: str
) -> str | None:
    """Whose copy a story is: metadata; else the agency of dateline, credit or sign-off line; else the one 'told' in the body.

    `creditline` is the text's own credit; one that speaks of a picture does not count, and captions' credits are not asked for.
    `signoffs` are the lines taken from the end. Returns None where nothing says it."""
    if parsed_provider and parsed_provider.strip():
        return parsed_provider.strip()
    if dateline_agency:
        return agency_in(dateline_agency) or dateline_agency
    if creditline and not _PICTURE.search(creditline):
        named = agency_in(creditline)
        if named:
            return named
    return _signed_by(signoffs) or _told_in(body)
