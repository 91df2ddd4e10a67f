"""Names of months and days in the languages that wire copy comes in."""

import functools

from transforms.text.lexicons import read_rows


@functools.cache
def _months() -> dict[str, int]:
    return {form.casefold(): int(month) for _, month, forms in read_rows("months.tsv") for form in forms.split()}


@functools.cache
def _weekdays() -> dict[str, int]:
    return {form.casefold(): int(day) for _, day, forms in read_rows("weekdays.tsv") for form in forms.split()}


def month_of(word: str) -> int | None:
    """1..12 for a month's name or abbreviation in any of our languages, any case, a full stop after it allowed; else None."""
    return _months().get(word.rstrip(".").casefold())


def weekday_of(word: str) -> int | None:
    """0 (Monday) .. 6 for the name of a day in any of our languages, any case; else None."""
    return _weekdays().get(word.casefold())


@functools.cache
def _english() -> tuple[frozenset[str], frozenset[str]]:
    days, months = (
        frozenset(form for row in read_rows(table) if row[0] == "en" for form in row[2].split()) for table in ("weekdays.tsv", "months.tsv")
    )
    return days, months


def is_calendar_word(word: str) -> bool:
    """Whether a word is the English name of a day or a month."""
    return is_weekday(word) or is_month(word)


def is_weekday(word: str) -> bool:
    """Whether a word is the English name of a day, with its capital, one or many: `Tuesday`, `Fridays`."""
    return word in _english()[0]


def is_month(word: str) -> bool:
    """Whether a word is the English name of a month or its abbreviation, with its capital, a full stop after it allowed: `August`,
    `Sept.`."""
    return word.removesuffix(".") in _english()[1]
