"""Lines to paragraphs: blank lines, indents, one paragraph a line, and copy that was wrapped at a fixed width."""

import itertools
import re
from collections.abc import Callable, Iterator

_WIDEST = 120
"""Wire copy is wrapped at 60 to 80 characters, teletype at 69, mail at 72 to 78; no line printer had more than 132."""

_FEW_LONG = 0.1
"""Share of longer lines that wrapped copy may still have (a URL, a long headline)."""

_MID_SENTENCE = 0.2
"""Least share of lines that go on in lower case: about a half of wrapped English lines do, a third of German ones, and no list does."""

_SHORT = 0.5
"""A line shorter than this share of the width ends its paragraph, whatever comes next."""

_NEARLY_FULL = 0.7
"""A line at least this long goes on, in copy where blank lines or indents mark the paragraphs."""

_STOPS = ".!?:…。！？\"'”’»)]"
_JOINERS = frozenset({"and", "or", "to", "und", "oder", "bis", "et", "ou", "y", "o", "e", "og", "och", "en", "of"})
"""Words before which a hyphen at the end of a line stays with its space: 'two- and three-year bonds'."""

_FIRST_WORD = re.compile(r"\S+")


def paragraphs_of(text: str, stands_alone: Callable[[str], bool]) -> list[str]:
    r"""The paragraphs of a text with `\n` line breaks, white space folded, wrapped lines joined.

    `stands_alone` says of a line on top whether it is furniture that no line is joined to (a byline, a slug)."""
    blocks = list(_blocks(text))
    pairs = [pair for block in blocks if len(block) > 1 for pair in itertools.pairwise(block)]
    if not pairs or not _is_wrapped(pairs):
        return [paragraph for block in blocks for paragraph in _bracketed([" ".join(line.split()) for line in block])]
    lengths = sorted(len(line.strip()) for line, _ in pairs)
    width = lengths[int(0.9 * (len(lengths) - 1))]
    indented = sum(_is_indented(line) for block in blocks for line in block[1:])
    by_indent = 2 <= indented <= 0.6 * len(pairs)
    found: list[str] = []
    for number, block in enumerate(blocks):
        found.extend(
            _unwrap(block, width, by_indent, on_top=number < _TOP_BLOCKS, strict=number == 0 and not by_indent, stands_alone=stands_alone)
        )
    return found


_TOP_BLOCKS = 4
"""Slug, headline, byline and dateline stand in the first few blocks."""

_TOP_LINES = 12
"""Lines of a block in which furniture is looked for."""


def _blocks(text: str) -> Iterator[list[str]]:
    block: list[str] = []
    for line in text.split("\n"):
        if line and not line.isspace():
            block.append(line)
        elif block:
            yield block
            block = []
    if block:
        yield block


def _is_indented(line: str) -> bool:
    return line[0] in "\t\u3000" or line.startswith("  ")


def _is_wrapped(pairs: list[tuple[str, str]]) -> bool:
    """Whether lines end where the width ended and not where a paragraph did."""
    if sum(len(line) > _WIDEST for line, _ in pairs) > _FEW_LONG * len(pairs):
        return False
    if sum(following.lstrip()[0].islower() for _, following in pairs) >= _MID_SENTENCE * len(pairs):
        return True
    if any(char.islower() or char.isupper() for char in "".join(line[:20] for line, _ in pairs[:20])):
        return False
    stops = sum(line.rstrip()[-1] in _STOPS for line, _ in pairs)  # a script without capitals: Arabic, Chinese, Hindi
    lengths = [len(line) for line, _ in pairs]
    return stops <= 0.3 * len(pairs) and min(lengths) >= _NEARLY_FULL * max(lengths)


def _unwrap(
    block: list[str], width: int, by_indent: bool, *, on_top: bool, strict: bool, stands_alone: Callable[[str], bool]
) -> Iterator[str]:
    """The paragraphs of one block of wrapped copy."""
    current = [block[0]]
    open_brackets = _balance(block[0])
    for number, line in enumerate(block[1:]):
        before = current[-1].strip()
        alone = on_top and number < _TOP_LINES and (stands_alone(before) or stands_alone(line.strip()))
        if (
            not alone
            and not (by_indent and _is_indented(line))
            and ((open_brackets > 0 and len(current) < _TOP_LINES) or _goes_on(before, line.strip(), width, strict, number < _TOP_LINES))
        ):
            current.append(line)
            open_brackets += _balance(line)
        else:
            yield _join(current)
            current = [line]
            open_brackets = _balance(line)
    yield _join(current)


_BRACKET_LINES = 4
_BRACKET = 400
"""Most lines and characters of a bracket that goes over several lines: a sign-off has a line a desk."""


def _bracketed(lines: list[str]) -> Iterator[str]:
    """Lines that are a paragraph each, except where a bracket opens on one and closes at the end of one of the next."""
    index = 0
    while index < len(lines):
        end = _bracket_end(lines, index) if _balance(lines[index]) > 0 else index + 1
        yield " ".join(lines[index:end])
        index = end


def _bracket_end(lines: list[str], start: int) -> int:
    """The line after the one at whose end the bracket closes that is open on the line `start`; the next one where none does."""
    open_brackets = _balance(lines[start])
    length = len(lines[start]) - lines[start].rfind("(")
    for end in range(start + 1, min(start + _BRACKET_LINES, len(lines))):
        open_brackets += _balance(lines[end])
        length += len(lines[end])
        if length > _BRACKET or open_brackets < 0:
            break
        if open_brackets == 0:
            return end + 1 if lines[end].rstrip(".").endswith(")") else start + 1
    return start + 1


def _balance(line: str) -> int:
    return line.count("(") - line.count(")")


def _goes_on(line: str, following: str, width: int, strict: bool, on_top: bool) -> bool:
    """Whether a paragraph of wrapped copy continues on the next line.

    In the strict form, for blocks where nothing else marks a paragraph's end, it does where the next line's first word would
    not have fitted any more; below the headlines also where a long line stops within its sentence."""
    if following[0].islower() and line[-1] not in _STOPS:
        return True
    if len(line) < _SHORT * width:
        return False
    first = _FIRST_WORD.match(following)
    if strict and not on_top and line[-1] not in _STOPS and len(line) >= _NEARLY_FULL * width:
        return True
    if strict:
        return len(line) + 1 + (len(first.group()) if first else 0) > width
    return len(line) >= _NEARLY_FULL * width or line[-1] not in _STOPS


def _join(lines: list[str]) -> str:
    """One paragraph of wrapped lines; a word that was broken at its own hyphen is whole again."""
    text = " ".join(lines[0].split())
    pieces = [text]
    for line in lines[1:]:
        words = line.split()
        last = pieces[-1]
        glued = len(last) > 1 and last[-1] == "-" and last[-2].isalpha() and words[0][0].islower() and words[0] not in _JOINERS
        pieces.append(("" if glued else " ") + " ".join(words))
    return "".join(pieces)
