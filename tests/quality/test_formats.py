"""Floors of reading wire files: fields that come out as the file has them."""

import ast
import contextlib
import datetime as dt
import pathlib

import pytest

from pipelines import offline
from tests.quality import gold

GOLD = "formats/dev.jsonl"
BY_FORMAT = "by format "
COUNTED = {"valid files": r"^files with items (\d+/\d+)", "invalid files": r"invalid files refused (\d+/\d+)"}


@pytest.mark.parametrize("floor", gold.floors("formats"), ids=str)
def test_wire_files_hold_their_floors(floor, measured, say):
    gold.hold(floor, measured(floor.corpus), say)


def measure(corpus, folder):
    printed = gold.scored(GOLD, parsed(gold.path(f"formats/{corpus}")), folder)
    line = next(line for line in printed.splitlines() if line.startswith(BY_FORMAT))
    shares = {f"{name} fields": share(counts) for name, counts in ast.literal_eval(line.removeprefix(BY_FORMAT)).items()}
    taken = {name: share(counts) for name, counts in gold.words(printed, COUNTED).items()}
    return shares | taken | gold.numbers(printed, {"all fields": r"; fields \d+/\d+ = ([\d.]+) %"})


def parsed(files: pathlib.Path):
    """What `wirelake parse dev/*/*` makes of the files; the scorer knows them by the names given there."""
    with contextlib.chdir(files.parent):
        names = sorted(str(each) for each in pathlib.Path(files.name).glob("*/*"))
        return [offline.parse_file(name, dt.datetime.now(dt.UTC)) for name in names]


def share(counts):
    right, asked = map(int, counts.split("/"))
    return 100 * right / asked
