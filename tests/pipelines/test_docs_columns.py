"""docs/columns.md has every table and every column, in words that stand beside the columns in `schemas`.

`WIRELAKE_WRITE_DOCS=1 pytest tests/pipelines/test_docs_columns.py` writes the tables of the page anew; what stands around them is kept."""

import ast
import os
import pathlib
import re
import typing

import pyarrow as pa
import pytest

from pipelines.lake.tables import ALL_TABLES
from schemas import Contract

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "columns.md"
HEAD = "| column | type | null | meaning |\n|---|---|---|---|\n"

Docs = dict[str, dict[str, str]]


def text_of(node: ast.stmt | None) -> str | None:
    """The text of a statement that is nothing but a text."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
        return " ".join(node.value.value.split())
    return None


def written() -> tuple[Docs, dict[str, str]]:
    """What stands below every field of a class in `schemas`, by class and field, and below every name of a type in its base module."""
    fields: Docs = {}
    names: dict[str, str] = {}
    for path in sorted((ROOT / "schemas").glob("*.py")):
        body = ast.parse(path.read_text(encoding="utf-8")).body
        for node, below in zip(body, [*body[1:], None], strict=True):
            text = text_of(below)
            if isinstance(node, ast.Assign) and text and path.name == "base.py":
                names[ast.unparse(node.targets[0])] = text
            if isinstance(node, ast.ClassDef):
                fields[node.name] = {}
                for field, under in zip(node.body, [*node.body[1:], None], strict=True):
                    if isinstance(field, ast.AnnAssign):
                        fields[node.name][ast.unparse(field.target)] = text_of(under) or f"={ast.unparse(field.annotation)}"
    return fields, names


FIELDS, NAMES = written()
ABOUT_A_ROW = ("RunId", "StoryDate", "StoryCountry", "ReceivedOn")
"""Types whose words are the meaning of a column."""


def meaning(table: str, column: str) -> str:
    """The words of a column. One without any means what it means in the first table that says so, of those parted alike if one does."""
    own = FIELDS[ALL_TABLES[table].__name__][column]
    if not own.startswith("="):
        return own
    if own[1:] in ABOUT_A_ROW:
        return NAMES[own[1:]]
    alike = sorted(in_order(), key=lambda name: ALL_TABLES[name].partition_by != ALL_TABLES[table].partition_by)
    told = (name for name in alike if not FIELDS[ALL_TABLES[name].__name__].get(column, "=").startswith("="))
    return f"As in `{next(told)}`."


def in_order() -> list[str]:
    """The tables as the page has them."""
    return [name for name in re.findall(r"^## (\w+)$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE) if name in ALL_TABLES]


def type_of(model: type[Contract], field: pa.Field) -> str:
    """The values of a column that has only some, else its type in Arrow, in short."""
    kinds = [model.model_fields[field.name].annotation, *typing.get_args(model.model_fields[field.name].annotation)]
    for kind in kinds:
        if typing.get_origin(kind) is typing.Literal:
            return ", ".join(f"`{value}`" for value in typing.get_args(kind))
    if pa.types.is_list(field.type):
        inner = field.type.value_type
        return f"list of ({', '.join(f'`{each.name}`' for each in inner)})" if pa.types.is_struct(inner) else f"list of {inner}"
    return {"timestamp[us, tz=UTC]": "timestamp", "date32[day]": "date"}.get(str(field.type), str(field.type))


def rows_of(table: str) -> str:
    model = ALL_TABLES[table]
    lines = (
        f"| `{field.name}` | {type_of(model, field)} | {'yes ' if field.nullable else ''}| {meaning(table, field.name)} |\n"
        for field in model.arrow_schema()
    )
    return HEAD + "".join(lines)


def page() -> str:
    """The page with its tables as they are to be, each at the end of its section."""
    intro, *sections = PAGE.read_text(encoding="utf-8").split("\n## ")
    for index, section in enumerate(sections):
        table, _, text = section.partition("\n")
        if table in ALL_TABLES:
            prose = re.sub(r"^\|.*\n?", "", text, flags=re.MULTILINE).strip("\n")
            sections[index] = f"{table}\n\n{prose}\n\n{rows_of(table)}"
    return "\n## ".join([intro, *sections])


def test_every_table_has_its_place_on_the_page() -> None:
    assert sorted(in_order()) == sorted(ALL_TABLES)


def test_the_tables_of_the_page_are_those_of_the_schemas() -> None:
    if os.environ.get("WIRELAKE_WRITE_DOCS"):
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page()


@pytest.mark.parametrize("table", sorted(ALL_TABLES))
def test_a_row_of_the_page_is_a_column_with_a_meaning(table: str) -> None:
    section = PAGE.read_text(encoding="utf-8").partition(f"\n## {table}\n")[2].partition("\n## ")[0]
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in section.splitlines() if line.startswith("| `")]
    assert [row[0].strip("`") for row in rows] == ALL_TABLES[table].arrow_schema().names
    assert [row for row in rows if len(row) != HEAD.splitlines()[0].count("|") - 1 or not row[1] or not row[3]] == []
