"""The word lists under `data/` as Python sets and dicts; each is read once, at its first use."""

import functools
from pathlib import Path

_DATA = Path(__file__).parent / "data"


def read_rows(name: str) -> list[list[str]]:
    """The rows of a table of `data/` as lists of fields; lines that start with `#` and empty lines are no rows."""
    lines = (_DATA / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line.strip() and not line.startswith("#")]


@functools.cache
def word_list(name: str) -> frozenset[str]:
    """The lines of a list of `data/` (the first field of each)."""
    return frozenset(row[0] for row in read_rows(name))


@functools.cache
def titles() -> dict[str, tuple[str, str]]:
    """Title -> (kind: honorific or role, gender: m, f or empty)."""
    return {row[0]: (row[1], row[2] if len(row) > 2 else "") for row in read_rows("titles.tsv")}


@functools.cache
def given_names() -> dict[str, str]:
    """Given name -> gender: m, f or empty."""
    return {row[0]: row[1] if len(row) > 1 else "" for row in read_rows("given_names.tsv")}


@functools.cache
def org_words(place: str) -> frozenset[str]:
    """Words of organisations that stand `last`, `first` or as company `suffix`."""
    return frozenset(row[0] for row in read_rows("org_words.tsv") if row[1] == place)


@functools.cache
def cue_forms() -> dict[str, str]:
    """Form of a verb of speech -> the verb."""
    return {form: row[0] for row in read_rows("speech_cues.tsv") for form in row[1].split()}


@functools.cache
def facility_words() -> dict[str, bool]:
    """Last word of a building's, street's or water's name -> whether it is one in lower case too."""
    return {row[0]: len(row) > 1 and row[1] == "lower" for row in read_rows("facility_words.tsv")}


@functools.cache
def known_names() -> dict[str, str]:
    """Name of a people, a wide region or an event -> entity type (NORP, LOC, MISC)."""
    return {row[0]: row[1] for row in read_rows("known_names.tsv")}


@functools.cache
def grammar(name: str) -> frozenset[str]:
    """A set of small words of `grammar_words.tsv`. KeyError for a name it lacks."""
    return {row[0]: frozenset(row[1].split(" ")) for row in read_rows("grammar_words.tsv")}[name]


@functools.cache
def name_openers() -> dict[str, str]:
    """First word of a longer name -> entity type that it gives."""
    return {row[0]: row[1] for row in read_rows("name_openers.tsv")}
