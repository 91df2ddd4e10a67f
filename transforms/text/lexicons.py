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
def english_words() -> frozenset[str]:
    """The English words that are known, in lower case, small words and others: a tenth of the words of other languages are among them, and
    nine tenths of its own."""
    return word_list("english_words.txt") | word_list("function_words.txt")


@functools.cache
def titles() -> dict[str, tuple[str, str]]:
    """Title -> (kind: honorific or role, gender: m, f or empty)."""
    return {row[0]: (row[1], row[2] if len(row) > 2 else "") for row in read_rows("titles.tsv")}


@functools.cache
def org_words(place: str) -> frozenset[str]:
    """Words of organisations that stand `last`, `first` or as company `suffix`."""
    return frozenset(row[0] for row in read_rows("org_words.tsv") if row[1] == place)


@functools.cache
def cue_forms() -> dict[str, str]:
    """Form of an English verb of speech -> the verb."""
    return {form: row[0] for row in read_rows("speech_cues.tsv") if row[2] == "en" for form in row[1].split()}


@functools.cache
def foreign_cues() -> dict[str, str]:
    """Form of a verb of speech of another language -> the verb; participles stand with an auxiliary of `foreign_auxiliary`."""
    return {form: row[0] for row in read_rows("speech_cues.tsv") if row[2] != "en" for form in row[1].split()}


@functools.cache
def pronouns(english: bool) -> dict[str, str]:
    """Pronoun -> gender (m, f or empty), of English or of all languages: in English copy `Han` and `Lei` are names."""
    return {row[0]: row[2] for row in read_rows("pronouns.tsv") if row[1] == "en" or not english}


@functools.cache
def facility_words() -> dict[str, bool]:
    """Last word of a building's, street's or water's name -> whether it is one in lower case too."""
    return {row[0]: len(row) > 1 and row[1] == "lower" for row in read_rows("facility_words.tsv")}


@functools.cache
def wide_words() -> frozenset[str]:
    """Last words of the names of seas, deserts and borders, which may lie in several countries."""
    return frozenset(row[0] for row in read_rows("facility_words.tsv") if row[2] == "wide")


def is_world_region(name: str) -> bool:
    """Whether a name is a continent's, a sea's or that of another part of the world, or a direction of it: Horn of Africa, Inner Asia."""
    known = known_names()
    first, _, rest = name.partition(" ")
    return known.get(name) == "LOC" or (first in grammar("direction") and known.get(rest) == "LOC")


@functools.cache
def known_names() -> dict[str, str]:
    """Name of a people, a wide region or an event -> entity type (NORP, LOC, MISC)."""
    return {row[0]: row[1] for row in read_rows("known_names.tsv")}


@functools.cache
def alpha3_codes() -> dict[str, str]:
    """ISO 3166-1: alpha-3 -> alpha-2."""
    return {row[0]: row[1] for row in read_rows("iso_alpha3.tsv")}


@functools.cache
def alpha2_codes() -> frozenset[str]:
    """The codes of two letters."""
    return frozenset(alpha3_codes().values())


@functools.cache
def grammar(name: str) -> frozenset[str]:
    """A set of small words of `grammar_words.tsv`. KeyError for a name it lacks."""
    return {row[0]: frozenset(row[1].split(" ")) for row in read_rows("grammar_words.tsv")}[name]
