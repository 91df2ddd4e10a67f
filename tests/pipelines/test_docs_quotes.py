"""What docs/quotes.md says is so: its examples give the quotations marked in them, every rule is there, figures are those of the table."""

import pathlib
import re

import pytest

from tests.transforms.text.clauses.rules import rules_of_the_code
from transforms.text.confidence import _table
from transforms.text.quotes import find_quotes

PAGE = (pathlib.Path(__file__).resolve().parents[2] / "docs" / "quotes.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def rows(title: str) -> list[list[str]]:
    """The fields of the rows of a section's tables, their heads left out."""
    found = [line.strip("|").split(" | ") for line in re.findall(r"^\| `[^|]*\|.*\|$", section(title), flags=re.MULTILINE)]
    return [[field.strip().strip("`") for field in fields] for fields in found if fields[0].strip() not in ("`type`", "`rule`")]


KINDS = [(name, example) for name, _, example in rows("Kinds")] + re.findall(r"^\* `(\w+)`: (.*)$", section("Kinds"), flags=re.MULTILINE)
RULES = [(name, example) for name, _, example in rows("Rules")]
NONE = re.findall(r"(?<!\*)\*([^* ][^*]*)\*(?!\*)", section("What is not attempted"))


def found(example: str) -> list[dict[str, str | list[str]]]:
    body = example.replace("[", "").replace("]", "").replace("**", "").replace("<br>", "\n\n")
    return [
        {
            "type": row["type"],
            "rule": row["rule"],
            "words": [body[frag["span_start"] : frag["span_end"]] for frag in row["frags"]],
            "speaker": [row["speaker"]] if row["speaker"] else [],
        }
        for row in find_quotes(body, [], fragments=True)
    ]


def marked(example: str) -> dict[str, list[str]]:
    """Its words and its speaker."""
    return {"words": re.findall(r"\[([^]]+)\]", example), "speaker": re.findall(r"\*\*([^*]+)\*\*", example)}


@pytest.mark.parametrize(("kind", "example"), KINDS)
def test_an_example_of_a_kind_gives_the_quotation_that_is_marked(kind: str, example: str) -> None:
    (row,) = found(example)
    assert {**row, **marked(example), "type": kind} == row


@pytest.mark.parametrize(("rule", "example"), RULES)
def test_an_example_of_a_rule_gives_the_quotation_that_is_marked(rule: str, example: str) -> None:
    (row,) = [row for row in found(example) if row["rule"] == rule]
    assert {**row, **marked(example)} == row


@pytest.mark.parametrize("example", NONE)
def test_what_is_not_attempted_gives_no_quotation(example: str) -> None:
    assert [row for row in found(example) if row["type"] != "fragment"] == []


def test_the_page_has_every_rule_and_kind_and_no_other() -> None:
    assert {rule for rule, _ in RULES} | {"fragment", "parse"} == rules_of_the_code()
    assert "`parse`" in section("A parser's help")
    assert {kind for kind, _ in KINDS} == {"direct", "mixed", "indirect", "fragment"}
    assert len(NONE) > 5


def test_the_confidences_of_the_page_are_those_of_the_table() -> None:
    kinds = ("direct", "mixed", "indirect")
    lines = re.findall(r"^\| (`\w+`|any other) \|(.*)\|$", section("Confidence"), flags=re.MULTILINE)
    told = {
        (kind, "*" if name == "any other" else name.strip("`")): float(share)
        for name, shares in lines
        for kind, share in zip(kinds, shares.split("|"), strict=True)
        if share.strip()
    }
    counted = {(kind, rule): share for (kind, rule, sort, parse), share in _table().items() if (sort, parse) == ("*", "none")}
    assert told.keys() == counted.keys()
    assert all(abs(told[key] - share) < 0.006 for key, share in counted.items())
