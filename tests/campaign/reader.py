"""A reader beside the writers that are killed: looks at the views and at plain globs again and again."""

import dataclasses
import json
import time
from pathlib import Path

import duckdb

from pipelines.errors import UsageError
from pipelines.lake import open_lake
from pipelines.lake.views import Lake
from tests.campaign import checks

PAUSE = 0.25
"""Seconds between two looks: what is tested shares the machine."""

LONGEST_REPLACING = 60.0
"""Seconds in which a run that replaces parts is finished, by whoever comes after it where it was killed: so long may a plain glob see old
and new parts together."""

_TOLD = 30


@dataclasses.dataclass
class Seen:
    """What a reader saw."""

    looks: int = 0
    stories: int = 0
    asked_again: int = 0
    """Looks at views in which a part was gone, and gone again when `Lake.ask` asked once more."""
    globs: int = 0
    globs_again: int = 0
    """Plain globs that found a part gone, of the version that they had listed."""
    replaced: int = 0
    """Looks at a plain glob in which rows lay there twice."""
    longest_replacing: float = 0.0
    """Seconds until none of the rows seen twice together were so any more."""
    problems: list[str] = dataclasses.field(default_factory=list)


def read_until(stop: str, report: str, lake: str) -> None:
    """Looks until the file `stop` is there; writes what it saw, as JSON, to the file `report`."""
    reader = Reader(Path(lake))
    while not Path(stop).exists():
        reader.look()
        Path(report).write_text(json.dumps(dataclasses.asdict(reader.seen)))
        time.sleep(PAUSE)
    reader.close()


class Reader:
    """Opened where there is a lake; see `Seen`."""

    def __init__(self, path: Path) -> None:
        self.seen = Seen()
        self._path = path
        self._lake: Lake | None = None
        self._known: dict[str, set[str]] = {table: set() for table in checks.GLOBS}
        self._numbers = 0
        self._doubled: dict[str, dict[tuple[str, tuple[str, ...]], float]] = {table: {} for table in checks.GLOBS}

    def look(self) -> None:
        """Looks at everything once."""
        try:
            if self._lake is None:
                self._lake = open_lake(self._path)
            else:
                self._lake.refresh()
        except UsageError:
            if self._lake:
                raise
            return  # nobody has made it yet
        except OSError as error:
            self.seen.problems.append(f"look {self.seen.looks}: the views cannot be made: {error}")
            return
        self._look_at_views(self._lake)
        for table in checks.GLOBS:
            self._look_at_glob(table)
        self.seen.problems = self.seen.problems[:_TOLD]

    def close(self) -> None:
        if self._lake:
            self._lake.close()

    def _look_at_views(self, lake: Lake) -> None:
        def question(connection: duckdb.DuckDBPyConnection) -> tuple[list[str], dict[str, set[str]], int]:
            names = {table: checks.names_of(connection, table) for table in checks.GLOBS}
            return checks.wrong_in_views(connection), names, checks.count(connection, "select count(*) from runs")

        try:
            problems, names, numbers = lake.ask(question)
        except (duckdb.Error, FileNotFoundError) as error:
            if not _tells_of_a_gone_file(error):
                raise
            self.seen.asked_again += 1
            return
        self.seen.looks += 1
        self.seen.stories = len(names["stories"])
        problems += [
            f"views: {len(known - names[table])} rows of {table} were there and are not"
            for table, known in self._known.items()
            if known - names[table]
        ]
        if numbers < self._numbers:
            problems.append(f"views: {self._numbers} runs became {numbers}")
        self.seen.problems += [f"look {self.seen.looks}: {problem}" for problem in problems]
        self._known, self._numbers = names, numbers

    def _look_at_glob(self, table: str) -> None:
        now = time.monotonic()
        try:
            found = checks.in_glob(self._path, table)
        except duckdb.Error as error:
            if _tells_of_a_gone_file(error):
                self.seen.globs_again += 1
            else:
                self.seen.problems.append(f"look {self.seen.looks}: plain glob of {table}: {error}")
            return
        self.seen.globs += 1
        missing = self._known[table] - found.keys()
        if missing:
            self.seen.problems.append(f"look {self.seen.looks}: plain glob of {table}: {len(missing)} committed rows are missing")
        before = self._doubled[table]
        doubled = {(key, tuple(sorted(files))): 0.0 for key, files in found.items() if len(files) > 1}
        self._doubled[table] = {each: before.get(each, now) for each in doubled}
        self.seen.replaced += bool(doubled)
        oldest = max((now - since for since in self._doubled[table].values()), default=0.0)
        self.seen.longest_replacing = max(self.seen.longest_replacing, oldest)
        if oldest > LONGEST_REPLACING:
            self.seen.problems.append(f"look {self.seen.looks}: plain glob of {table}: rows lie there twice for {oldest:.0f} s")


def _tells_of_a_gone_file(error: Exception) -> bool:
    return isinstance(error, FileNotFoundError) or "No such file" in str(error) or "FileNotFound" in str(error)
