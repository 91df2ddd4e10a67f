"""The names of the gazetteer as they stand in a text, before anything is asked about what they mean."""

from typing import Any, NamedTuple

from transforms.text.gazetteer import Entry, accented_automaton, accented_letters, automaton

BLANKS = str.maketrans("\n\r\t\xa0\u202f’", "     '")
"""What names are looked for without: line ends within them, odd blanks, curly apostrophes. The length of a text stays."""


class Match(NamedTuple):
    """A name: `text[start:end]`."""

    start: int
    end: int
    entry: Entry
    plain: bool


def find_matches(text: str) -> list[Match]:
    """Names at word boundaries, longest first from the left."""
    out = _found(text, automaton())
    if text.isascii() or not accented_letters().search(text):
        return out
    return _merged(out, _found(text, accented_automaton()))


def _merged(matches: list[Match], first: list[Match]) -> list[Match]:
    """Two lists in the order of the text made one; where they overlap, `first` stands."""
    out: list[Match] = []
    at = 0
    for match in matches:
        while at < len(first) and first[at].end <= match.start:
            out.append(first[at])
            at += 1
        if at == len(first) or match.end <= first[at].start:
            out.append(match)
    return out + first[at:]


def _found(text: str, names: Any) -> list[Match]:
    """What one automaton finds at word boundaries, short forms of states only where they stand as such."""
    out, size = [], len(text)
    for last, (length, entry, plain) in names.iter_long(text):
        start, end = last + 1 - length, last + 1
        if entry is None or (start and text[start - 1].isalnum()) or (end < size and text[end].isalnum()):
            continue
        if entry.abbreviation and not _is_abbreviation(text, start, end):
            continue
        if start and text[start - 1] == "<" and end - start <= _TICKER and text[start:end].isupper():
            continue
        out.append(Match(start, end, entry, plain))
    return out


def _is_abbreviation(text: str, start: int, end: int) -> bool:
    """Whether a short form of a state stands as one: after a town and a comma, after a politician's party (`D-Pa.`), or with a full stop
    and before a word in lower case, with which no sentence begins (`Ill. man found`)."""
    if text[start - 2 : start] in (", ", "D-", "R-"):
        return True
    if text[end - 1] != "." or end - start <= _LETTER or text[start - 2 : start - 1].isdigit():
        return False
    return text[end : end + 1] == " " and text[end + 1 : end + 2].islower()


_TICKER = 5
"""Most letters of a share's ticker, which wires put between angle brackets: `UNION CARBIDE <UK>`."""
_LETTER = 2
"""Length of a letter with a full stop, which is an initial."""
