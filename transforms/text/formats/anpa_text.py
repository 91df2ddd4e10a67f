"""The text of ANPA 1312: its lines, tables, quotation marks, dashes and fractions."""

import dataclasses
import re

from transforms.text.formats.teletype import plain_text

_BREAK = re.compile(rb"\r\n?|\n\r?")
_ROW = b"\x08"
_CELL = re.compile(rb"[\x1e\x1f]+(?:[ \t]*[\x1e\x1f]+)*")
_JOINED = re.compile(rb"\x10 ?")
_INNER = re.compile(r"(?<=<)\s*(?=\^)")

_FRACTIONS = {"{": "1/2", "}": "3/4"}
"""Codes of AP's tables for the fractions that ASCII lacks; only after a digit."""

_FRACTION = re.compile(r"(?<=\d)[{}](?!\w)")
_DASH = re.compile(r"(?<=\S) _(?= )")
_RULE = re.compile(r"_{2,}")


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """A line of the text: its words; whether it can stand above the running text; whether it opens a paragraph; whether it is a row."""

    text: str
    is_top: bool
    opens: bool
    is_row: bool


def lines_of(data: bytes) -> list[Line]:
    """The lines of a text between STX and ETX. Raises RefusedError as `decode` does."""
    parts: list[tuple[str, bool]] = []
    for raw in _BREAK.split(data):
        is_row = raw.lstrip(b"^\t ").startswith(_ROW)
        if is_row:
            cells = [_JOINED.sub(b" ", cell).strip(b" ^\x08\t") for cell in _CELL.split(raw)]
            raw = b"\t".join(cell for cell in cells if cell)
        text = plain_text(raw)
        for part in _INNER.split(text):
            if parts and not is_row and _goes_on(parts[-1], part):
                parts[-1] = (f"{parts[-1][0].rstrip()} {part.strip()}", False)
            else:
                parts.append((part, is_row))
    return [_line(part, is_row) for part, is_row in parts]


def _goes_on(before: tuple[str, bool], line: str) -> bool:
    """Whether a line that opened with `^` was wrapped, and closes on this one."""
    opened, is_row = before
    if is_row or not opened.startswith("^") or opened.rstrip().endswith(("<", "=")) or len(opened) > _WRAPPED:
        return False
    return line[:1] not in ("^", "*", "\t", " ", "") and line.rstrip().endswith(("<", "="))


_WRAPPED = 600
"""Characters of the longest line that closes with a mark: a summary."""


def _line(text: str, is_row: bool) -> Line:
    bare = text.strip()
    is_framed = bare.startswith(("^", "*"))
    words = typography(bare.lstrip("^").rstrip("<= \t").strip())
    is_top = is_framed and (bare.endswith(("<", "=")) or not words) and not is_row
    return Line(words, is_top, opens=is_framed or is_row or text.startswith(("\t", "   ")), is_row=is_row)


def typography(text: str) -> str:
    """Quotation marks, dashes and fractions as they are printed: ``so'' in “so”, a lone `_` a dash, `16{` sixteen and a half."""
    text = text.replace("``", "“").replace("''", "”")
    text = _FRACTION.sub(lambda match: f" {_FRACTIONS[match.group()]}", text)
    return text if _RULE.search(text) else _DASH.sub(" —", text)


def paragraphs(lines: list[Line]) -> str:
    """Running text: a paragraph from each line that opens one, with the wrapped lines after it; rows of a table are lines."""
    found: list[list[str]] = []
    is_open = False
    for line in lines:
        if not line.text:
            is_open = False
        elif line.opens or not is_open:
            found.append([line.text])
            is_open = not line.is_row
        else:
            found[-1].append(line.text)
    return "\n\n".join(" ".join(words) for words in found)
