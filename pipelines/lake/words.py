"""The words of a text of SQL, as DuckDB's own tokenizer tells them apart."""

import itertools

import duckdb

Word = tuple[str, str]
"""A word as it stands, with the white space behind it, and its sort: `keyword`, `identifier`, `string_const`, `numeric_const`, `operator`,
`comment`, or "" for white space at the beginning."""


def without_end(text: str) -> str:
    """Text of SQL without the semicolons and comments behind its last word: DuckDB refuses a comment behind a semicolon."""
    words = words_of(text)
    while words and (words[-1][1] in ("comment", "") or words[-1][0].strip() in ("", ";")):
        words.pop()
    return "".join(word for word, _ in words)


def words_of(text: str) -> list[Word]:
    """All words, which make up the text again. What UTF-8 has no bytes for is a question mark."""
    data = text.encode(errors="replace")  # the tokenizer counts bytes
    marks = [(start, sort.name) for start, sort in duckdb.tokenize(data.decode())]
    ends = [*(start for start, _ in marks), len(data)]
    before = [(data[: ends[0]].decode(), "")] if ends[0] else []
    return before + [(data[start:end].decode(), sort) for (start, sort), end in zip(marks, itertools.islice(ends, 1, None), strict=True)]
