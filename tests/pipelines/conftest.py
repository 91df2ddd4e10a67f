"""The lake of the seeds: ingested once in a session, through the command line, and read with plain tools."""

import dataclasses
import functools
import json
import os
import pathlib
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import deltalake
import pyarrow as pa
import pytest

from tests.pipelines import generated

ROOT = pathlib.Path(__file__).resolve().parents[2]
SEEDS = ROOT / "seeds"

Row = dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Lake:
    """A lake on disk, its tables as rows, and what the commands that wrote it printed."""

    path: pathlib.Path
    printed: list[str]

    def arrow(self, table: str) -> pa.Table:
        """A table as the Delta log has it, partition columns included."""
        return pa.table(deltalake.DeltaTable(str(self.path / table)).to_pyarrow_dataset().to_table())

    def rows(self, table: str) -> list[Row]:
        """The rows of a table, in no particular order."""
        rows: list[Row] = self.arrow(table).to_pylist()
        return rows

    def ingest(self, *sources: pathlib.Path | str) -> str:
        """Runs `wirelake ingest` on the sources in a process of its own; what it printed."""
        said = run_wirelake("ingest", *map(str, sources), "--lake", str(self.path))
        self.printed.append(said)
        return said


def run_wirelake(*arguments: str) -> str:
    """Standard output, then standard error, of one wirelake command, which has to succeed. The project's root is the working folder."""
    command = [sys.executable, "-m", "pipelines", *arguments]
    # Colours and the width of somebody's terminal have no place in what a test compares.
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "200"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, f"{' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


@pytest.fixture(scope="session")
def seeds_lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """The whole of `seeds/` in one lake. Tests only read it."""
    lake = Lake(tmp_path_factory.mktemp("seeds") / "lake", [])
    lake.ingest("seeds")
    return lake


@pytest.fixture(scope="session")
def query(seeds_lake: Lake) -> Callable[[str], list[Row]]:
    """Asks the lake of the seeds by `wirelake query`; rows as JSON has them."""

    def ask(sql: str) -> list[Row]:
        printed = run_wirelake("query", sql, "--lake", str(seeds_lake.path), "--json-lines")
        return [json.loads(line) for line in printed.splitlines() if line]

    return ask


@pytest.fixture(scope="session")
def wirelake() -> Callable[..., str]:
    """`run_wirelake` for tests, which cannot import from here."""
    return run_wirelake


@pytest.fixture
def make_lake(tmp_path: pathlib.Path) -> functools.partial[Lake]:
    """A lake of a test's own, empty so far."""
    return functools.partial(Lake, tmp_path / "lake", [])


@pytest.fixture(scope="session")
def generated_lines() -> list[bytes]:
    """The generated sample, by the time of publication."""
    return generated.sample()


@pytest.fixture(scope="session")
def generated_states(generated_lines: list[bytes], tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Any, ...]]:
    """What one run over the whole sample says of its stories."""
    return generated.states(tmp_path_factory.mktemp("whole"), [generated_lines])
