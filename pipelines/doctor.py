"""Is the lake sound? What an operator wants to know before asking anybody."""

import dataclasses
import importlib.metadata
import platform
from pathlib import Path
from typing import Any

from pipelines.errors import UsageError, WirelakeError, plainly
from pipelines.lake import open_lake
from pipelines.lake.commit import ASIDE, JOB
from pipelines.lake.place import Folder, is_outlived, lake_at
from pipelines.lake.tables import ALL_TABLES, NAME_IT, RUNS, Tables, planned_by
from schemas import SCHEMA_VERSION
from transforms.write_parts import STAGING

_LIBRARIES = ("wirelake", "apache-beam", "pyarrow", "deltalake", "duckdb", "pydantic")
_SHOWN = 3


@dataclasses.dataclass(frozen=True)
class Health:
    """Versions at work, live parts and rows by table, and what is wrong, a sentence each; `warnings` are what somebody should look at
    though the lake is sound."""

    versions: dict[str, str]
    tables: dict[str, dict[str, int]]
    problems: list[str]
    warnings: list[str] = dataclasses.field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """All fields, for a program."""
        return dataclasses.asdict(self)

    def lines(self) -> list[str]:
        """For people: the versions, a line a table, the problems, the warnings."""
        lines = [", ".join(f"{name} {version}" for name, version in self.versions.items())]
        lines += [
            f"{name:<12} {each['rows']:>12} rows in {each['parts']:>6} parts, {each['bytes']:>14} bytes"
            for name, each in self.tables.items()
        ]
        return lines + (self.problems or ["no problem found"]) + [f"warning: {warning}" for warning in self.warnings]


def examine(path: str | Folder) -> Health:
    """Looks at every part that the logs name and every file that they do not. Changes nothing.

    Raises UsageError where there is no lake, WirelakeError for one of a newer schema."""
    lake = lake_at(path)
    with plainly(lake):
        return _examined(lake)


def _examined(lake: Folder) -> Health:
    tables = Tables(lake)
    if RUNS not in tables.names() and not tables.broken:
        raise UsageError(f"{lake}: there is no lake here; {NAME_IT}")
    problems, facts = list(tables.broken.values()), {}
    unfinished = _unfinished(tables, problems)
    planned = _planned(unfinished)
    if unfinished:
        problems.append(
            f"run {unfinished['number']} is claimed and not finished: a writer is at work, or died; the next ingest finishes it"
        )
    for name in ALL_TABLES:
        if name in tables.broken:
            continue
        if name not in tables.names():
            lost = " (its rows, if it had any, are lost)" if tables.done(RUNS) else ""
            problems.append(f"{name}: the table is missing{lost}; the next ingest makes an empty one")
            continue
        sizes = tables.part_sizes(name)
        wrong = _wrong_parts(lake / name, sizes, planned)
        problems += wrong
        facts[name] = {"rows": _rows(tables, name, problems, told=bool(wrong)), "parts": len(sizes), "bytes": sum(sizes.values())}
    problems += _left_staging(lake, str(unfinished["run"]) if unfinished else None)
    versions = {"python": platform.python_version(), **_library_versions(), "schema": str(SCHEMA_VERSION)}
    return Health(versions, facts, problems, [] if problems else _unmatched(lake))


_UNMATCHED = """
select story_id from notices n where kind <> 'purge' and not exists (select 1 from stories s where s.killed_by = n.story_id)
order by issued_at desc, story_id
"""


def _unmatched(lake: Folder) -> list[str]:
    """A kill, cancel or hold that acts on nothing: what it is about came under another name, or has not come."""
    opened = open_lake(lake)
    try:
        found = opened.ask(lambda connection: [row[0] for row in connection.execute(_UNMATCHED).fetchall()])
    finally:
        opened.close()
    what = "kills, cancels or holds name no story of this lake; ask `wirelake explain` of the newest"
    return [f"{len(found)} {what}: {', '.join(found[:_SHOWN])}"] if found else []


def _unfinished(tables: Tables, problems: list[str]) -> dict[str, object] | None:
    try:
        return tables.unfinished()
    except (OSError, ValueError, WirelakeError) as error:  # Arrow's errors are of these kinds
        problems.append(f"{RUNS}: the newest claim cannot be read: {str(error).splitlines()[0]}")
        return None


def _rows(tables: Tables, name: str, problems: list[str], *, told: bool) -> int:
    """Rows of a table as its parts have them; 0 where they cannot be counted, which is a problem unless it was told before."""
    try:
        return int(tables.dataset(name).count_rows())
    except (OSError, ValueError) as error:
        if not told:
            problems.append(f"{name}: a part cannot be read: {str(error).splitlines()[0]}")
        return 0


def _planned(claim: dict[str, object] | None) -> set[str]:
    if claim is None:
        return set()
    return {part["path"] for parts in planned_by(claim)["tables"].values() for part in parts}


def _wrong_parts(table: Folder, sizes: dict[str, int], planned: set[str]) -> list[str]:
    found = {str(path).removeprefix(f"{table}/"): path for path in table.rglob("*.parquet") if "_delta_log" not in path.parts}
    there = {name: path.stat().st_size for name, path in found.items()}
    missing = sorted(set(sizes) - set(there))
    cut = sorted(path for path in set(sizes) & set(there) if sizes[path] != there[path])
    stray = sorted(path for path in set(there) - set(sizes) if f"{table.name}/{path}" not in planned and _is_left(found[path]))
    told = {
        "parts that the log names are missing": missing,
        "parts have another size than the log says": cut,
        "parts lie here that the log does not name (plain globs see them; readers of the views do not)": stray,
    }
    return [f"{table.name}: {len(paths)} {what}: {', '.join(paths[:_SHOWN])}" for what, paths in told.items() if paths]


def _is_left(path: Folder) -> bool:
    """Whether nobody goes on with what no log names: in an object store a writer may be at work there, and a young one is no sign of
    anything."""
    return isinstance(path, Path) or is_outlived(path)


def _left_staging(lake: Folder, unfinished: str | None) -> list[str]:
    staging = lake / STAGING
    folders = (
        [path for path in staging.iterdir() if path.name != unfinished and not path.name.startswith(ASIDE)] if staging.is_dir() else []
    )
    left = [path for path in folders if not (path / JOB).exists() and _is_left(path)]
    return (
        [f"staging of {len(left)} runs that were never claimed: a writer is at work, or died; the next ingest sets it aside"]
        if left
        else []
    )


def _library_versions() -> dict[str, str]:
    found = {}
    for name in _LIBRARIES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:  # run from a checkout that is not installed
            found[name] = "not installed"
    return found
