"""One input as the formats look at it: its first characters, the name of its XML root, its JSON; each found out once, when asked for."""

import codecs
import functools
import json
import re
from typing import Any

from transforms.text.decode import decode
from transforms.text.parsed import RefusedError

_LOOKED_AT = 1 << 14
"""Bytes in which a root element is looked for: longest prologs seen (licence comments, DTD subsets) have some 3,000."""

_PROLOG = re.compile(r"\s*(?:<\?.*?\?>|<!--.*?-->)?", re.DOTALL)
DOCTYPE = re.compile(r"<!DOCTYPE\b", re.IGNORECASE)
_DOCTYPE_TOKEN = re.compile(r"""<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)|"[^"]*(?:"|\Z)|'[^']*(?:'|\Z)|[\[\]>]""", re.DOTALL)
_ROOT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)(?=[\s/>])")
_JSON = re.compile(r"\s*(?:\[\s*)?\{")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_WIDE_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
MAX_JSON_DEPTH = 100
"""Objects and lists within each other: real files have some 10. What walks through a value may recurse this far."""


class Document:
    """The bytes of an input and its name. What is asked for is kept, so that asking every format costs what asking one does."""

    def __init__(self, data: bytes, name: str = "") -> None:
        self.data = data
        self.name = name

    @functools.cached_property
    def head(self) -> str:
        """The first characters without a byte order mark, bytes above ASCII as Latin-1: enough to know a format by."""
        return _as_latin(self.data[:_LOOKED_AT])

    @functools.cached_property
    def start(self) -> str:
        """The head without white space before it."""
        return self.head.lstrip()

    @functools.cached_property
    def root(self) -> str:
        """The local name of the XML root element (of HTML as well); empty where there is none."""
        if not self.start.startswith("<"):
            return ""
        match = _ROOT.match(self.head, end_of_prolog(self.head))
        if match is None and len(self.data) > _LOOKED_AT and self.start.startswith(("<?", "<!")):
            whole = _as_latin(self.data)  # a prolog longer than any that was seen
            match = _ROOT.match(whole, end_of_prolog(whole))
        return match.group(1) if match else ""

    @functools.cached_property
    def text(self) -> str:
        """The whole input as text. Raises RefusedError as `decode` does."""
        return decode(self.data)

    @property
    def is_json(self) -> bool:
        """Whether it begins as a JSON object, or as an array of them."""
        return _JSON.match(self.head) is not None

    @functools.cached_property
    def json(self) -> Any:
        """The JSON value; None where the input is none (see `load_json`)."""
        try:
            return load_json(self.data) if self.is_json else None
        except RefusedError:
            return None

    @property
    def objects(self) -> list[dict[str, Any]]:
        """The objects of a JSON input: itself, or those of its array."""
        values = self.json if isinstance(self.json, list) else [self.json]
        return [value for value in values if isinstance(value, dict)]


def _as_latin(data: bytes) -> str:
    for mark, encoding in _WIDE_MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    if data[1:4:2] == b"\0\0" or data[:3:2] == b"\0\0":  # UTF-16 without a mark
        return data.decode("utf-16-le" if data[1] == 0 else "utf-16-be", "replace")
    return data.removeprefix(codecs.BOM_UTF8).decode("latin-1")


def end_of_prolog(text: str) -> int:
    """Where the root element of an XML text begins: after declaration, comments, processing instructions and document type."""
    return _end_of_remarks(text, _end_of_doctype(text, _end_of_remarks(text, 0)))


def _end_of_remarks(text: str, position: int) -> int:
    while (match := _PROLOG.match(text, position)) and match.end() > position:
        position = match.end()
    return position


def _end_of_doctype(text: str, start: int) -> int:
    """Where a document type ends that begins at `start`; `start` itself where none does, or it does not end."""
    if DOCTYPE.match(text, start) is None:
        return start
    inside = False
    for token in _DOCTYPE_TOKEN.finditer(text, start):
        if token.group() in "[]":
            inside = token.group() == "["
        elif token.group() == ">" and not inside:
            return token.end()
    return start


def load_json(data: bytes) -> Any:
    """A JSON value. Raises RefusedError (`bad_json`, also for what is nested too deep, and those of `decode`).

    Real feeds put raw line breaks and control characters into their strings, NaN where they have no number, and half of a surrogate
    pair; all are read (the last as U+FFFD: no text can hold it)."""
    text = decode(data)
    try:
        found = json.loads(text, strict=False, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise RefusedError("bad_json", f"the input is no JSON: {str(error)[:200]}") from error
    if text.count("[") + text.count("{") > MAX_JSON_DEPTH and _is_deep(found):
        raise RefusedError("bad_json", f"the JSON has more than {MAX_JSON_DEPTH} objects and lists within each other")
    return _well_formed(found) if _SURROGATE.search(text) else found


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(MAX_JSON_DEPTH + 1):
        inner = (each.values() if isinstance(each, dict) else each for each in level)
        level = [each for values in inner for each in values if isinstance(each, dict | list)]
        if not level:
            return False
    return True


def _no_number(_constant: str) -> None:
    """NaN and Infinity, which are no JSON: some writers have them for nothing."""


def _well_formed(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_well_formed(item) for item in value]
    if isinstance(value, dict):
        return {_well_formed(key): _well_formed(item) for key, item in value.items()}
    return value
