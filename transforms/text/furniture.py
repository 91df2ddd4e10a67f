"""What a line or paragraph is besides running text: the furniture of wire copy and of pages that republish it.

Each function looks at one paragraph, white space folded, and knows nothing of its neighbours; `structure` decides by place.
The words are in data/furniture.tsv."""

import functools
import re
from typing import NamedTuple

from transforms.text.agencies import agency_in, agency_named
from transforms.text.embargoes import NO_EMBARGO, is_embargo
from transforms.text.furniture_words import forms, pattern, strongest

_LINE = 120
"""Longest furniture that is one line: a byline, a slug, a take line."""

_NOTE = 800
"""Longest note from desk to desk, or line of rights."""

_CAPTION_TAIL = 200
"""A credit is looked for in the last characters of a caption."""


class Mark(NamedTuple):
    """What a line on top is: the field it belongs to, its text there, and the signal it gives."""

    kind: str
    text: str
    signal: str | None = None


# ---------------------------------------------------------------------------------------------------------------------- on top


def bare(line: str) -> str:
    """A line on top without the marks that end it on the wire (`=` in dpa and AP copy, `<` in ANPA)."""
    return line.rstrip(" =<") or line


def mark_of(paragraph: str) -> Mark | None:
    """What a paragraph above the running text is; None for a headline, a deck or the text itself."""
    if len(paragraph) > _NOTE:
        return None
    line = bare(paragraph)
    if len(line) <= _LINE:
        found = _slug(line) or _take(line) or _byline(line)
        if found:
            return found
        if len(line) <= _AGENCY_LINE and agency_named(line.removeprefix("(c)")):
            return Mark("creditline", line)
    if line.startswith(("* ", "• ")):
        return Mark("deck", line)
    return _note(line)


_AGENCY_LINE = 60
"""Longest agency's name with its marks."""

_SLUGS = re.compile(
    r"/?(?:[\w.&'’-]+/){1,10}(?:[\w.&'’ -]{0,30}/)?"  # Yemen/conflict/
    r"|/(?:[\w.&'’ -]+/){1,10}[\w.&'’-]*"  # /politics/Britain/EU
    r"|[A-Z][A-Z0-9]+(?:[-/][A-Z][A-Z0-9&'.]+){1,6}[-/]?(?: \([A-Z0-9 ,/-]{1,40}\))?"  # KOREA-RUSSIA/KIM (UPDATE 2, PIX)
    r"|BC-[\w-]{3,60}(?: \d\d-\d\d)?(?: \d{4})?"  # BC-BBO--WildCardGlance 08-18
    r"|[^\W\d_][^\W_]*(?:-[^\W_]+){2,8}"  # NKorea-Russia-diplomacy
)
_SERVICE = re.compile(r"[a-z]{2,4}\d{3,5} \d \w{1,3} \d{1,5} +[a-z]{2,8} \d{3,4}|ZCZC\b.{0,40}", re.IGNORECASE)
"""The header of a teletype story: service letters and number, priority, category, words, agency and time."""


def _slug(line: str) -> Mark | None:
    if _SERVICE.fullmatch(line):
        return Mark("service", line)
    return Mark("slugline", line) if _SLUGS.fullmatch(line) and not line.isdigit() else None


def _take(line: str) -> Mark | None:
    """'2ND LEAD', 'REFILE', '1stLd-Writethru', 'KILL KILL KILL', '(URGENT)': capitals or numbered, so that 'Update' alone is no take."""
    match = pattern("take").fullmatch(line)
    if match is None or not (line[0] in "(/*+=" or line[0].isdigit() or line.isupper() or len(line.split()) == 1):
        return None
    words = pattern("take_word").findall(line)
    table = forms("take")
    signals = [table.get(word.upper()) for word in words]
    return Mark("ednote", line, strongest([*signals, "update" if not words or line[0].isdigit() else None]))


def _byline(line: str) -> Mark | None:
    match = pattern("byline").match(line)
    if match and len(line.split()) <= _BYLINE_WORDS and not ends_sentence(line):
        rest = line[match.end() :]
        if match.group().casefold().endswith("by ") or _NAMES.fullmatch(rest):
            return Mark("byline", rest)
    name, slash, agency = line.rpartition("/")
    if not slash:
        name, slash, agency = line.rpartition(", ")
    words = name.split()
    if slash and 2 <= len(words) <= _NAME_WORDS and agency_named(agency) and all(word[0].isupper() for word in words):
        return Mark("byline", line)
    return None


_NAMES = re.compile(
    r"[^\W\d_a-zß-öø-ÿ][\w.'’-]*(?: (?:[^\W\d_a-zß-öø-ÿ][\w.'’-]*|von|van|de|da|di|und|et|y|e|and)){1,6}(?:[,/(] ?[\w./ -]{2,20}\)?)?"
)
"""Names and perhaps an agency: what must follow a byline's word that is also a word of names ('Di', 'Par', 'Von')."""

_BYLINE_WORDS = 18
_NAME_WORDS = 5

_ABBREVIATED = re.compile(r"\b(?:[A-Z]|Jr|Sr|St|Inc|Corp|Co|Ltd|Dr|Mr|Mrs|Ms|No|vs|U\.S|U\.N)\.$")


def ends_sentence(line: str) -> bool:
    """Whether a line closes as a sentence does; a full stop after an initial or an abbreviation is none."""
    return line[-1:] in ".!?…。！？؟।" and _ABBREVIATED.search(line[-12:]) is None


def _note(line: str) -> Mark | None:
    if line[0] == "(" and (found := pattern("trash").match(line)) and found.end() == len(line):
        return Mark("ednote", line, trash_signal(found))
    if is_embargo(line):
        return Mark("embargo", line)
    if line.startswith(("///", "+++")) or line.endswith("///"):
        return Mark("ednote", line, "update" if pattern("trash").search("(" + line.strip("/+ ")) else None)
    if (
        pattern("note").match(line)
        or NO_EMBARGO.match(line)
        or (len(line) <= _CAPTION_TAIL and _CONTACT.match(line) and _NUMBERED.search(line))
    ):
        return Mark("ednote", line)
    return Mark("copyright", line) if is_rights(line) else None


_CONTACT = re.compile(
    r"(?:Ihre? |Your |Votre )?(?:Ansprechpartner(?:in|innen)?|Kontakt|Rückfragen|Tel(?:efon|efax)?|Fax|Mobil|E-?Mail|Phone|Mobile"
    r"|(?:(?:Press|Media|News) )?Contacts?|Contacto|Contatti|Contactez|Courriel)\b[^:.]{0,40}[:.]",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.\w|[+(]?\d[\d ()./-]{5,20}\d")
"""How a line begins that says how to reach the desk; only one that also has a number or an address is one."""


def is_agency_byline(paragraph: str) -> bool:
    """'By The Associated Press': an agency that signs a table or a list between its paragraphs."""
    return paragraph[:3] in ("By ", "BY ") and len(paragraph) <= _AGENCY_LINE and agency_named(paragraph[3:]) is not None


def trash_signal(match: re.Match[str]) -> str | None:
    """The signal of a bracketed note by its first word."""
    word = match.group(1).casefold()
    return next((signal for form, signal in forms("trash").items() if form.casefold() == word), None)


def trash_before(paragraph: str) -> re.Match[str] | None:
    """A bracketed trash note with which a paragraph of running text begins."""
    if paragraph[:1] != "(":
        return None
    match = pattern("trash").match(paragraph[:_NOTE])
    return match if match and match.group().endswith(")") and match.end() < len(paragraph) else None


# ------------------------------------------------------------------------------------------------------------------ everywhere


_DATED_RIGHTS = re.compile(r"(?:©|\(c\)|copyright\b)[\s©]*(?:\(c\)\s*)?(?:\d{4}\b|by\b|the\b|[A-Z@])", re.IGNORECASE)
_DECLARED = re.compile(r"(?:©|\([cC]\)\s|C(?:opyright|OPYRIGHT)\s*(?:©|\([cC]\)|\d{4}|by\b|[A-Z]{2,}|The\b|[A-Z]\w+ (?:[A-Z(]|\d{4})))")


def is_rights(paragraph: str) -> bool:
    """A line of rights: '© 2024 Name', 'Copyright (c) ...', or a short paragraph that reserves all rights."""
    if len(paragraph) > _NOTE:
        return False
    if paragraph[0] in "©(cC" and _DECLARED.match(paragraph) and not (paragraph[0] == "(" and not _DATED_RIGHTS.match(paragraph)):
        return True
    folded = paragraph.casefold()
    return any(form in folded for form in _rights())


@functools.cache
def _rights() -> tuple[str, ...]:
    return tuple(form.casefold() for form in forms("rights"))


@functools.cache
def _credit_words() -> tuple[str, ...]:
    """A word of each form of a credit: where none of them stands, the pattern need not be tried."""
    words = {max(form.split(), key=len) for form in forms("credit")}
    return tuple(sorted(word for word in words if not any(other in word for other in words - {word})))


class Credited(NamedTuple):
    """A caption's words and the credit at its end."""

    text: str
    credit: str | None


_AGENCIES = "REUTERS|AFP|AP|EPA|EPA-EFE|EFE|ANSA|dpa|AAP|PA|TASS|Sputnik|Xinhua|KCNA|Yonhap|Kyodo|Getty Images"
"""Whose pictures newspapers carry, as they are written in credits."""

_SLASHED = re.compile(
    rf"[\s(\[|–—-]\(?((?:{_AGENCIES})\s?/\s?[^()\[\].]{{2,60}}"
    r"|AP Photo/[^()\[\].]{2,50}"
    rf"|[^()\[\].,]{{2,40}}\s?/\s?(?:{_AGENCIES})(?: via [A-Z]\w+(?: [A-Z]\w+)?)?"
    r"|©\s?[^()\[\].]{2,60}|Getty Images)\)?\.?$"
)


def credited(paragraph: str, *, anywhere: bool) -> Credited | None:
    """A caption by its credit ('... Picture: AFP', '(Photo by NAME / AGENCY)', '... REUTERS/Name').

    In the running text (`anywhere`) only one whose credit is announced by a word ('Photo:', 'Picture:') or that begins as a file
    picture does; on top also what just begins like one ('FILE PHOTO')."""
    tail = max(0, len(paragraph) - _CAPTION_TAIL)
    end = paragraph[tail:]
    if any(word in end for word in _credit_words()) and (found := pattern("credit").search(paragraph, tail)):
        return Credited(paragraph[: found.start()].rstrip(" ([|/–—-"), found.group(1).strip())
    opens = pattern("caption").match(paragraph) is not None
    if (opens or not anywhere) and len(paragraph) <= _NOTE and (found := _SLASHED.search(paragraph, tail)):
        return Credited(paragraph[: found.start()].rstrip(" ([|–—-"), found.group(1).strip())
    if opens and len(paragraph) <= _NOTE:
        return Credited(paragraph, None)
    if not anywhere and len(paragraph) <= _NOTE and _PICTURED.match(paragraph):
        return Credited(paragraph, None)
    return None


_PICTURED = re.compile(
    r"(?:In this|This|An?) (?:[\w-]+ ){0,4}?(?:photo|photograph|picture|image|frame grab|screen ?grab|video grab|handout)\b"
    r"(?:,| (?:taken|provided|released|distributed|made|shows|from|by|on|of))"
)
"""How agencies begin a caption: 'In this pool photograph distributed by ...', 'This handout image shows ...'."""


# ------------------------------------------------------------------------------------------------------------------- at the end

_INITIALS = re.compile(r"\(?[^\W\d_]{1,6}(?:[-/][^\W\d_]{1,6}){1,8}\)?")
_PART = r"[^\W\d_]{1,4}(?:[ -][^\W\d_]{1,4}){0,2}"
_SPACED_INITIALS = re.compile(rf"\(?{_PART}(?: ?/ ?{_PART}){{1,8}}\)?")
_SPACED_TAIL = re.compile(rf"(?<=[.!?؟。”’»\")]) ?({_PART}(?:/{_PART}){{1,8}})$")
_MARKS_ON_LETTERS = re.compile(r"[\u0300-\u036f\u0591-\u05c7\u064b-\u0652\u0670]")
"""Initials of desks; where the script has no capitals also with a space or a hyphen within them, as names of several words have them."""
_SHORT_INITIALS = re.compile(r"[a-z]{2,3}")
_DESKED = re.compile(r"([^\W\d_]{2,8})(?:/[a-z]{2,4})?(?: [A-Z]{2,4}){0,2}(?: [a-z0-9/]{1,6}){1,8}")
_DESKED_TAIL = re.compile(r"(?<=[.!?\"”’»)]) (([A-Z]{2,4}) [A-Z]{2,4} [a-z]{2,3}(?:/[a-z]{2,3}){0,3})$")
_REPORTER_REACHED = re.compile(r"[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){1,3} can be reached (?:at|on) (?:https?://|www\.|@|[\w.+-]{1,64}@)")
_STAMP = re.compile(r"\W?[A-Z]{2,4}-[A-Z]{2}-\d\d-\d\d-\d\d \d{4}GMT\W*|\W?\d{4,6} ?(?:GMT|UTC|CE?S?T|MEZ)(?: \w{3,4}\.? \d{2,4})?\W*")
_TRIM = " .=-–—*#<>/()[]|:_+"


def is_signoff(paragraph: str) -> bool:
    """Whether a last paragraph says only that the story ends and who made it."""
    if len(paragraph) > _NOTE:
        return False
    if _closing_bracket(paragraph) or is_rule(paragraph):
        return True
    if len(paragraph) > _LINE:
        return _contributed(paragraph) or _REPORTER_REACHED.match(paragraph) is not None
    if _REPORTER_REACHED.match(paragraph):
        return True
    core = paragraph.strip(_TRIM)
    if core.casefold() in _signoffs() or (len(core) <= _AGENCY_LINE and agency_named(core) is not None):
        return True
    if _STAMP.fullmatch(paragraph) or (_INITIALS.fullmatch(paragraph) and not _is_word_pair(paragraph)):
        return True
    bare_letters = _MARKS_ON_LETTERS.sub("", paragraph)
    if _SPACED_INITIALS.fullmatch(bare_letters) and not _has_case(bare_letters):
        return True
    if _SHORT_INITIALS.fullmatch(paragraph) or (paragraph[0] == "(" and pattern("media").fullmatch(paragraph)):
        return True
    match = _DESKED.fullmatch(paragraph)
    return bool(match and agency_in(match.group(1))) or _contributed(paragraph)


def closes_signoff(before: str, paragraph: str) -> bool:
    """Whether a sign-off's bracket opens on the line `before` and closes with this one."""
    return before[0] == "(" and before.count("(") > before.count(")") and len(before) <= _NOTE and is_signoff(f"{before} {paragraph}")


_WHOLE_BRACKET = re.compile(r"\({1,3}[^()]*(?:\([^()]*\)[^()]*){0,8}\){1,3}\W?")
_REACHED = re.compile(
    r"[\w.+-]{1,64}@[\w-]{1,63}\.\w|\+\d[\d ()./-]{5,20}\d|\b(?:tel|phone|fax|mobile|ph)\b[.:]{0,2} ?[+(]?\d", re.IGNORECASE
)


def is_contact(paragraph: str) -> bool:
    """A paragraph wholly in brackets with an e-mail address or telephone number: how editors reach the desk."""
    return paragraph[0] == "(" and len(paragraph) <= _NOTE and bool(_WHOLE_BRACKET.fullmatch(paragraph) and _REACHED.search(paragraph))


def _has_case(text: str) -> bool:
    """Whether a text is in a script with capitals."""
    return text.lower() != text.upper()


def _is_word_pair(paragraph: str) -> bool:
    """'Either/or', 'New-York': initials are small letters throughout, or capitals throughout, or of a script without case."""
    letters = "".join(char for char in paragraph if char.isalpha())
    return not (letters.islower() or letters.isupper() or letters.lower() == letters.upper())


@functools.cache
def _signoffs() -> frozenset[str]:
    return frozenset(form.casefold() for form in forms("signoff"))


def _closing_bracket(paragraph: str) -> bool:
    """'(Reporting by X; Editing by Y)' in one or several brackets, or as a short line of names without any."""
    if paragraph[0] == "(":
        return paragraph.rstrip(".")[-1] == ")" and pattern("desk").match(paragraph) is not None
    return len(paragraph) <= _CAPTION_TAIL and pattern("desk_line").match(paragraph) is not None


def _contributed(paragraph: str) -> bool:
    folded = paragraph[-_CAPTION_TAIL:].casefold()
    return any(form in folded for form in _credited_forms())


@functools.cache
def _credited_forms() -> tuple[str, ...]:
    return tuple(form.casefold() for form in forms("credited"))


_RULE = re.compile(r"[\W_]*")


def is_rule(paragraph: str) -> bool:
    """A line of marks without a letter or digit: '___', '* * *', '###'."""
    return _RULE.fullmatch(paragraph) is not None


def split_tail(paragraph: str) -> tuple[str, str] | None:
    """The last paragraph and the sign-off that stands in it after its last full stop ('... he said. REUTER', '... (Reporting by ...)')."""
    start = max(0, len(paragraph) - _NOTE)
    for name in ("desk_tail", "tail"):
        if found := pattern(name).search(paragraph, start):
            return paragraph[: found.start()].rstrip(), found.group(1)
    if (found := _SPACED_TAIL.search(paragraph, start)) and not _has_case(found.group(1)):
        return paragraph[: found.start()].rstrip(), found.group(1)
    if (found := _DESKED_TAIL.search(paragraph, start)) and agency_named(found.group(2)):
        return paragraph[: found.start()].rstrip(), found.group(1)
    head, gap, last = paragraph.rpartition(" ")
    if not gap or head[-1:] not in '.!?"”’»)':
        return None
    is_initials = "/" in last and last.islower() and _INITIALS.fullmatch(last)
    if is_initials or (len(last) <= _AGENCY_WORD and agency_named(last) and not last.endswith(".")):
        return head, last
    return None


_AGENCY_WORD = 16
"""Longest one-word agency sign-off with its marks: '==Kyodo', '/ritzau/', 'REUTER'."""


_DESK_CAPITALS = re.compile(r"\([^\W\d_a-z](?:[^\W_a-z]|[ ,.:;/&'’-]){8,200}\)")


_DESK_GAPS = 3
"""Spaces of the shortest note in capitals."""


def is_desk_note(paragraph: str) -> bool:
    """A longer bracket in capitals between paragraphs: '(SEE THE SEPARATE STORY)'. It speaks to desks; '(LAUGHTER)' is a transcript's."""
    return len(paragraph) <= _CAPTION_TAIL and paragraph.count(" ") >= _DESK_GAPS and _DESK_CAPITALS.fullmatch(paragraph) is not None


def opens_notebook(paragraph: str) -> bool:
    """The heading after which nothing is for publication ('# dpa NOTEBOOK')."""
    return paragraph[0] in "#TNDtnd-*" and pattern("notebook").match(paragraph) is not None and not is_embargo(paragraph)


def is_page_line(paragraph: str) -> bool:
    """A line of the site around the story: a newsletter's advertisement, 'Read more', a player."""
    return len(paragraph) <= _NOTE and pattern("page").match(paragraph) is not None


def is_site_line(paragraph: str) -> bool:
    """A line of the site in the middle of the text: only one that is nothing else, or that says by a colon or capitals what it is."""
    if len(paragraph) > _CAPTION_TAIL:
        return False
    match = pattern("page").match(paragraph)
    return match is not None and (
        match.end() == len(paragraph) or match.group().isupper() or paragraph[match.end() - 1 : match.end() + 1].find(":") >= 0
    )


_CAPITALS = r"[^\W\d_a-z](?:[^\W\d_a-z]|[&.' -]){1,40}"
_STANDING = re.compile(rf"{_CAPITALS} \| {_CAPITALS}(?: \| .{{1,40}})?")


def is_section_line(paragraph: str) -> bool:
    """A site's name and section in capitals: 'THE NAME | WORLD'."""
    return len(paragraph) <= _LINE and _STANDING.fullmatch(paragraph) is not None


def stands_alone(line: str) -> bool:
    """Whether no other line is joined to this one in wrapped copy: slug, take line, byline."""
    return len(line) <= _LINE and (line.endswith(("=", "<")) or (_slug(line) or _take(line) or _byline(line)) is not None)
