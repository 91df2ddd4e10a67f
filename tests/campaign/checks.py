"""What must hold of a lake: at every moment through the views, at the end of all through every reader."""

import dataclasses
from collections import Counter
from pathlib import Path
from typing import Any

import deltalake
import duckdb
import polars

from pipelines.doctor import examine
from pipelines.lake import open_lake
from pipelines.lake.tables import ALL_TABLES
from tests.campaign.stories import Expected

_DIFFERENCE = "select abs(({}) - ({}))"
_TWICE = "select count(*) - count(distinct {}) from {}"

VIEWS = {
    "a story twice": _TWICE.format("story_id", "stories"),
    "a version of a story twice": _TWICE.format("(provider, guid, version)", "stories"),
    "a delivery twice": _TWICE.format("delivery_id", "deliveries"),
    "a piece of an input delivered twice": _TWICE.format("(source_uri, message_id, place, piece)", "deliveries"),
    "a story brought by two deliveries": _TWICE.format("story_id", "(from deliveries where outcome = 'story')"),
    "a delivery of no story": (
        "select count(*) from (from deliveries where outcome in ('story', 'again')) anti join stories using (story_id)"
    ),
    "a story that no delivery brought": (
        "select count(*) from stories anti join (from deliveries where outcome = 'story') using (story_id)"
    ),
    "a failed delivery without its rejection": (
        "select count(*) from (from deliveries where outcome in ('rejected', 'not_text')) anti join rejected using (delivery_id)"
    ),
    "rejections of no delivery": _DIFFERENCE.format(
        "select count(*) from rejected", "select count(*) from deliveries where outcome in ('rejected', 'not_text')"
    ),
    "an entity of no story": "select count(*) from entities anti join stories using (story_id, date, country)",
    "a quote of no story": "select count(*) from quotes anti join stories using (story_id, date, country)",
    "an update of no story": "select count(*) from updates anti join stories using (story_id, date, country)",
    "stories and sketches differ": (
        "select (select count(*) from stories anti join sketches using (story_id)) + abs((select count(*) from sketches)"
        " - (select count(*) from stories))"
    ),
    "stories and ids differ": (
        "select (select count(*) from stories anti join ids using (story_id))"
        " + (select count(*) from ids anti join stories using (story_id))"
    ),
    "kept bytes are missing": (
        "select count(*) from (from deliveries where raw_sha256 is not null) d anti join raw r on r.sha256 = d.raw_sha256"
    ),
    "numbers of runs have gaps": (
        "select count(*) from (select number, row_number() over (order by number) as expected from runs) where number <> expected"
    ),
    "a run twice": _TWICE.format("run", "runs"),
    "runs tell of other stories": _DIFFERENCE.format("select coalesce(sum(stories), 0) from runs", "select count(*) from stories"),
    "runs tell of other pieces": _DIFFERENCE.format("select coalesce(sum(pieces), 0) from runs", "select count(*) from deliveries"),
    "a row of an unknown run": (
        "select count(*) from (select run from stories union all select run from deliveries) anti join runs using (run)"
    ),
    "two stories of a cluster are latest": _TWICE.format("cluster_id", "latest"),
    "a cluster without its latest": "select count(*) from stories anti join latest using (cluster_id)",
    "an older version is latest": "select count(*) from latest l join stories s using (provider, guid) where s.version > l.version",
    "a cluster has not one head": (
        "select count(*) from (select cluster_id from stories group by cluster_id having count(*) filter (is_head) <> 1)"
    ),
}
"""By what is wrong where the answer is not 0."""

GLOBS = {"stories": ("stories/date=*/*/*.parquet", "story_id"), "deliveries": ("deliveries/received_on=*/*.parquet", "delivery_id")}
"""Plain globs of two tables, and what names a row."""


def wrong_in_views(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """What does not hold of the views, which are of one moment: a sentence each."""
    found = {what: count(connection, sql) for what, sql in VIEWS.items()}
    return [f"views: {what} ({number})" for what, number in found.items() if number]


def count(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    """The one number that a question has as its answer."""
    ((number,),) = connection.execute(sql).fetchall()
    return int(number)


def names_of(connection: duckdb.DuckDBPyConnection, table: str) -> set[str]:
    """What names each row of a table of `GLOBS`, as a view has it."""
    return {row[0] for row in connection.execute(f"select {GLOBS[table][1]} from {table}").fetchall()}


def in_glob(lake: Path, table: str) -> dict[str, tuple[str, ...]]:
    """What names each row of a table of `GLOBS`, and the files in which a plain glob finds it. Raises duckdb.Error for a file that is
    gone, or half."""
    pattern, name = GLOBS[table]
    if not any(lake.glob(pattern)):
        return {}
    with duckdb.connect() as connection:
        sql = f"select {name}, filename from read_parquet('{lake}/{pattern}', hive_partitioning=true, filename=true)"
        found: dict[str, tuple[str, ...]] = {}
        for key, file in connection.execute(sql).fetchall():
            found[key] = (*found.get(key, ()), file)
    return found


@dataclasses.dataclass
class Verdict:
    """What is wrong at the end, and how much was lost or doubled."""

    lost: int = 0
    doubled: int = 0
    problems: list[str] = dataclasses.field(default_factory=list)

    def compare(self, what: str, found: Counter[Any], expected: Counter[Any]) -> None:
        """Counts what is there too seldom and too often."""
        missing, more = expected - found, found - expected
        self.lost += missing.total()
        self.doubled += more.total()
        for word, difference in (("missing", missing), ("too often or unexpected", more)):
            if difference:
                self.problems.append(f"{what}: {difference.total()} {word}, as {sorted(map(str, difference))[:3]}")


def at_the_end(lake: Path, expected: Expected) -> Verdict:
    """Everything that was published, once in every reader; and a sound lake."""
    verdict = Verdict()
    opened = open_lake(lake)
    try:
        _compare_views(opened.connection, expected, verdict)
        for name in ALL_TABLES:
            _compare_readers(lake, name, opened.connection, verdict)
    finally:
        opened.close()
    verdict.problems += [f"doctor: {problem}" for problem in examine(lake).problems]
    return verdict


def _compare_views(views: duckdb.DuckDBPyConnection, expected: Expected, verdict: Verdict) -> None:
    verdict.problems += wrong_in_views(views)
    inputs = Counter(views.execute("select source_uri, message_id from deliveries").fetchall())
    verdict.compare("deliveries", inputs, Counter(expected.pieces))
    stories = Counter(views.execute("select provider, guid, version from stories").fetchall())
    verdict.compare("stories", stories, Counter(dict.fromkeys(expected.stories, 1)))
    latest = Counter(views.execute("select provider, guid, version from latest").fetchall())
    if latest != Counter(dict.fromkeys(expected.latest, 1)):
        different = sorted(map(str, set(latest) ^ expected.latest))
        verdict.problems.append(f"latest: {len(different)} rows differ from what is expected, as {different[:4]}")
    rejected = count(views, "select count(*) from rejected")
    if rejected != expected.rejected:
        verdict.problems.append(f"rejected: {rejected} rows, expected {expected.rejected}")


def _compare_readers(lake: Path, name: str, views: duckdb.DuckDBPyConnection, verdict: Verdict) -> None:
    """A table as our view, two Delta readers and a plain glob have it."""
    keys = "".join(f"{key}=*/" for key in ALL_TABLES[name].partition_by)
    counts = {
        "the view": count(views, f"select count(*) from {name}"),
        "deltalake": deltalake.DeltaTable(str(lake / name)).to_pyarrow_dataset().count_rows(),
        "polars": polars.scan_delta(str(lake / name)).select(polars.len()).collect().item(),
        "a plain glob": 0,
    }
    if any(lake.glob(f"{name}/{keys}*.parquet")):
        counts["a plain glob"] = count(views, f"select count(*) from read_parquet('{lake / name}/{keys}*.parquet', union_by_name=true)")
    if len(set(counts.values())) != 1:
        verdict.problems.append(f"{name}: readers count other rows: {counts}")
    if name in GLOBS:
        verdict.compare(f"plain glob of {name}", Counter(_repeated(in_glob(lake, name))), Counter(names_of(views, name)))


def _repeated(found: dict[str, tuple[str, ...]]) -> Counter[str]:
    return Counter({key: len(files) for key, files in found.items()})
