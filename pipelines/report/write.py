"""From a lake to the file of its page."""

import dataclasses
import datetime as dt
from pathlib import Path

import duckdb

from pipelines.errors import UsageError
from pipelines.lake import open_lake
from pipelines.lake.durable import write_whole
from pipelines.lake.guard import file_beside
from pipelines.lake.place import lake_at
from pipelines.report.figures import Figures, count
from pipelines.report.page import render
from pipelines.report.standing import take_stock
from pipelines.report.stories import Told, choose
from pipelines.version import version


@dataclasses.dataclass(frozen=True)
class Written:
    """The file, its size in bytes, how many stories the lake shows and how many of them can be read in the page."""

    path: Path
    size: int
    shown: int
    told: int

    def lines(self) -> list[str]:
        """The same for people."""
        told = f", {self.told:,} of them to read" if self.told < self.shown else ""
        return [f"{self.path}: {self.shown:,} {'story' if self.shown == 1 else 'stories'}{told}, {self.size / 1e6:.1f} MB"]


def write_report(lake: str | Path, out: str | Path, stories: int = 5_000) -> Written:
    """Writes the page about the lake at `lake` (a folder or an `s3://` URL) to the file `out`, whole or not at all. It shows at most
    `stories` stories in full, the newest first.

    Raises UsageError where there is no lake, or where `out` cannot be a file or lies in it; WirelakeError for a lake that cannot be read;
    OSError."""
    if stories < 0:
        raise UsageError("--stories is not negative")
    place = lake_at(lake)
    path = file_beside(place, str(out))
    with open_lake(place) as opened:
        figures, told = opened.ask(lambda connection: ask(connection, stories))
    # The path in full would tell readers of the page about the machine that it was written on.
    page = render(figures, told, lake=place.name, version=version(), now=dt.datetime.now(dt.UTC)).encode()
    write_whole(path, page)
    return Written(Path(out), len(page), figures.shown, told.shown)


def ask(connection: duckdb.DuckDBPyConnection, stories: int) -> tuple[Figures, Told]:
    """The figures of a lake by its views, and at most `stories` of its stories in full."""
    take_stock(connection)
    figures = count(connection)
    first = [row["newest"] for row in (*figures.chains, *figures.copied)]
    return figures, choose(connection, first, stories)
