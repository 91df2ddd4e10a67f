"""What SQL may not do by mistake: write into the folder of a lake.

A connection to a lake is a DuckDB of its own in memory, whose views nothing can be written through. A user's statement may make tables
there, and write files where it says so (COPY, EXPORT, ATTACH); one that is aimed at the lake's own files would break their promises,
and is refused before it runs. This is no fence against malice: who may run SQL may delete the lake as well."""

import os
import re
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

from pipelines.errors import UsageError
from pipelines.lake.place import Folder
from pipelines.lake.words import Word, words_of

_WRITING = ("copy", "export", "attach")
"""The first word of each statement that writes files."""

_SCHEMES = {"s3a": "s3", "s3n": "s3", "gcs": "gs"}

_END = ("", "")
_QUOTES = ("'", '"')


def refuse_writes_into(lake: Folder, query: str) -> None:
    """Raises UsageError where a statement of `query` would write a file into the folder of a lake, or over it, or does not say in plain
    quotes where it writes."""
    words = [(word.strip(), sort) for word, sort in words_of(query) if sort != "comment"]
    for at, (word, sort) in enumerate(words):
        if sort == "keyword" and word.lower() in _WRITING:
            for target in _targets(words, at):
                refuse_file_in(lake, target)


def refuse_file_in(lake: Folder, target: str) -> None:
    """Raises UsageError where a file or folder that is to be written lies in a lake, or the lake in it."""
    if _touches(lake, target):
        raise UsageError(f"{target}: the lake lies there, and only its own commands write to it; name a file elsewhere")


def file_beside(lake: Folder, name: str) -> Path:
    """The file of that name, links followed, which may be written or replaced. Raises UsageError where it cannot be a file, and where
    it lies in a lake."""
    refuse_file_in(lake, name)
    path = Path(os.path.realpath(name))
    if path.exists() and not path.is_file():
        raise UsageError(f"{name}: this is no file; name one that is new or may be replaced")
    if not path.parent.is_dir():
        raise UsageError(f"{name}: there is no folder {path.parent}; make it first")
    return path


def _targets(words: list[Word], at: int) -> Iterator[str]:
    """The file or folder that the statement whose first word is at `at` writes; none where it reads."""
    is_copy, depth = words[at][0].lower() == "copy", 0
    for here in range(at + 1, len(words)):
        word, sort = words[here]
        depth += (word == "(") - (word == ")")
        if word == ";" or depth < 0 or (is_copy and here == at + 1 and word.lower() == "from"):  # the last: one database into another
            return
        if not is_copy and sort == "string_const":
            yield _unquoted(word)
            return
        if is_copy and not depth and sort == "keyword" and word.lower() == "to":
            yield _named(*[*words[here + 1 : here + 3], _END, _END][:2])
            return


def _named(name: Word, following: Word) -> str:
    if name[0][:1] not in _QUOTES or (following[1] == "operator" and following[0] not in "(;"):
        raise UsageError(f"COPY names its file in plain quotes here, not by {name[0] or 'nothing'}: it must not lie in the lake")
    return _unquoted(name[0])


def _unquoted(word: str) -> str:
    return word[1:-1].replace(word[0] * 2, word[0])


def _touches(lake: Folder, target: str) -> bool:
    if isinstance(lake, Path):
        path = re.sub(r"^file:(//(localhost)?)?", "", target) if target.startswith("file:") else target
        ours, theirs = Path(os.path.realpath(lake)), Path(os.path.realpath(os.path.expanduser(path)))
        return ours == theirs or ours in theirs.parents or theirs in ours.parents
    ours_at, theirs_at = (f"{_plain_url(each)}/" for each in (str(lake), target))
    return ours_at.startswith(theirs_at) or theirs_at.startswith(ours_at)


def _plain_url(url: str) -> str:
    parts = urllib.parse.urlsplit(url)
    return f"{_SCHEMES.get(parts.scheme, parts.scheme)}://{parts.netloc}{parts.path}".rstrip("/")
