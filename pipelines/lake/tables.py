"""The lake's Delta tables: where they lie, how they are made and opened, what their logs know."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
from deltalake import DeltaTable, Schema
from deltalake.exceptions import DeltaError, TableNotFoundError

from pipelines.errors import UsageError, WirelakeError
from pipelines.lake import durable
from pipelines.lake.datasets import Fragments
from pipelines.lake.place import Folder, Place, delta_options, lake_at
from schemas import SCHEMA_VERSION, TABLES, Contract, Run
from transforms.part_index import LakeParts

APPLICATION = "wirelake"
"""The application id of our transactions in every table's log; their version is the run's number."""

RUNS = "runs"
ALL_TABLES: dict[str, type[Contract]] = {**TABLES, RUNS: Run}

_SCHEMA_KEY = "wirelake.schema"
_STATISTICS = {RUNS: "number"}
"""Columns whose least and greatest values the log may hold: never text, which would outlive a purge there."""

_CHECKPOINT_COMMITS = 50

_LOG_SETTINGS = {
    "delta.checkpointInterval": str(_CHECKPOINT_COMMITS),
    "delta.logRetentionDuration": "interval 1 minutes",
    "delta.deletedFileRetentionDuration": "interval 1 minutes",
}
"""How short a log stays. A commit takes the longer the more files a log has (5 ms for 500 of them, 18 ms for 2,000), and so does opening a
table: a feed makes thousands an hour. A minute is for readers that are about to open what they have listed."""

_BRIEF = 120


def planned_by(claim: dict[str, object]) -> dict[str, Any]:
    """The plan of a row of `runs`; none where it was dropped because the run is finished."""
    return dict(json.loads(str(claim["plan"]))) if claim["plan"] else {}


class Tables:
    """All tables of a lake as handles that are opened once and moved forward by `refresh`."""

    def __init__(self, lake: str | Folder) -> None:
        """Opens what there is. Raises WirelakeError for a lake of a newer schema."""
        self.lake = lake_at(lake)
        self._options = delta_options(self.lake)
        self._handles: dict[str, DeltaTable] = {}
        self._fragments: dict[str, Fragments] = {}
        self.broken: dict[str, str] = {}
        """What is wrong with a table whose log cannot be read, a sentence each."""
        self._open(ALL_TABLES)
        self._refuse_newer()

    def refuse_broken(self) -> None:
        """Raises WirelakeError where a table cannot be read: for all but the doctor."""
        for sentence in self.broken.values():
            raise WirelakeError(f"{sentence}; restore the folder from a copy, `wirelake doctor` tells what else is wrong")

    def _open(self, names: Iterable[str]) -> None:
        opened: dict[str, DeltaTable] = {}

        def open_one(name: str) -> None:
            folder = self.lake / name
            try:
                opened[name] = DeltaTable(str(folder), storage_options=self._options)
            except TableNotFoundError:  # its log was begun and nothing committed: it is made again by the next writer
                return
            except DeltaError as error:
                if isinstance(folder, Place):  # the store, more likely than the log
                    raise
                self.broken[name] = f"{folder}: the log of the table cannot be read ({str(error).splitlines()[0][:_BRIEF]})"

        durable.side_by_side(open_one, [name for name in names if isinstance(self.lake, Place) or self._log(name).is_dir()])
        known = self._handles | opened
        self._handles = {name: known[name] for name in ALL_TABLES if name in known}

    def _log(self, name: str) -> Folder:
        return self.lake / name / "_delta_log"

    def _refuse_newer(self) -> None:
        for name, handle in self._handles.items():
            found = int(handle.metadata().configuration.get(_SCHEMA_KEY, SCHEMA_VERSION))
            if found > SCHEMA_VERSION:
                raise WirelakeError(
                    f"{self.lake / name} has schema {found} and this wirelake knows {SCHEMA_VERSION} at most; install a newer wirelake"
                )

    def create(self) -> None:
        """Makes the tables that are missing. For the holder of the lock. Raises WirelakeError where one is broken."""
        self.refuse_broken()
        for name, model in ALL_TABLES.items():
            if name in self._handles:
                continue
            try:
                self._handles[name] = self._created(name, model)
            except DeltaError:
                self._open([name])
                if name not in self._handles:  # nobody else made it meanwhile
                    raise

    def _created(self, name: str, model: type[Contract]) -> DeltaTable:
        return DeltaTable.create(
            str(self.lake / name),
            schema=Schema.from_arrow(model.arrow_schema()),
            partition_by=list(model.partition_by),
            mode="ignore",
            raise_if_key_not_exists=False,
            configuration={
                _SCHEMA_KEY: str(SCHEMA_VERSION),
                "delta.dataSkippingStatsColumns": _STATISTICS.get(name, ""),
                **_LOG_SETTINGS,
            },
            storage_options=self._options,
        )

    def widen(self) -> None:
        """Gives tables of an older wirelake the settings of today and the columns that they lack; their parts have null there.

        For the holder of the lock, with every run finished: readers take the version before a run's as that before the last."""
        for name, handle in self._handles.items():
            known = {field.name for field in handle.schema().fields}
            new = [field for field in Schema.from_arrow(ALL_TABLES[name].arrow_schema()).fields if field.name not in known]
            if new:
                handle.alter.add_columns(new)
                handle.update_incremental()
            if not handle.metadata().configuration.items() >= _LOG_SETTINGS.items():
                handle.alter.set_table_properties(_LOG_SETTINGS, raise_if_not_exists=False)
                handle.update_incremental()

    def names(self) -> list[str]:
        """The tables that exist."""
        return list(self._handles)

    def handle(self, name: str) -> DeltaTable:
        """The handle of a table that exists (KeyError where it does not)."""
        return self._handles[name]

    def version(self, name: str) -> int | None:
        """The version that a table's handle stands at; None where there is no such table."""
        return self._handles[name].version() if name in self._handles else None

    def dataset(self, name: str) -> ds.Dataset:
        """The rows of a table that exists, as of its handle."""
        actions = self._partitions(name)
        told: list[ds.Expression | None] = [None] * actions.num_rows
        if name in _STATISTICS:
            column = _STATISTICS[name]
            ranges = zip(actions[f"min.{column}"].to_pylist(), actions[f"max.{column}"].to_pylist(), strict=True)
            told = [None if least is None else (pc.field(column) >= least) & (pc.field(column) <= most) for least, most in ranges]
        if name not in self._fragments:
            self._fragments[name] = Fragments(self.lake / name, ALL_TABLES[name].arrow_schema())
        return self._fragments[name].dataset(dict(zip(actions["path"].to_pylist(), told, strict=True)))

    def refresh(self) -> None:
        """Moves every handle to the newest version, and finds tables made since."""
        durable.side_by_side(
            lambda name: self._handles[name].update_incremental(), [name for name in self.names() if self._is_behind(name)]
        )
        self._open([name for name in ALL_TABLES if name not in self._handles])

    def _is_behind(self, name: str) -> bool:
        """Whether a table's log goes on after the handle's version: to ask deltalake takes 2 ms, also where nothing has changed. The next
        version may be gone already: then a checkpoint stands for it."""
        log, version = self._log(name), self._handles[name].version()
        if isinstance(log, Place):
            return True
        if (log / f"{version + 1:020d}.json").exists():
            return True
        try:
            return int(json.loads((log / "_last_checkpoint").read_bytes())["version"]) > version
        except FileNotFoundError:
            return not log.is_dir()
        except (ValueError, KeyError):  # deltalake knows better
            return True

    def shorten_logs(self, names: Iterable[str]) -> None:
        """Makes a checkpoint of each table that has come to its next fifty of versions, and deletes the log files that it replaces. For the
        holder of the lock, with every run finished: readers of the views need the version before an unfinished one (see `step_back`)."""
        for name in names:
            handle = self._handles[name]
            # Most tables hear of every run: each has its turn at another one, since all in one run would hold up a feed.
            if (handle.version() + 4 * list(ALL_TABLES).index(name)) % _CHECKPOINT_COMMITS == 0:
                handle.create_checkpoint()
                handle.cleanup_metadata()

    def has_run(self, number: int) -> bool:
        """Whether a run is the newest of the lake: then nobody else wrote since its own handles committed it."""
        self._handles[RUNS].update_incremental()
        return self.done(RUNS) == number

    def versions(self) -> dict[str, int]:
        """The version each handle stands at."""
        return {name: handle.version() for name, handle in self._handles.items()}

    def done(self, name: str) -> int:
        """The number of the last run that this table's log has (0 before the first)."""
        return self._handles[name].transaction_version(APPLICATION) or 0 if name in self._handles else 0

    def last_claim(self) -> dict[str, object] | None:
        """The newest row of `runs`, its plan included; None before the first."""
        number = self.done(RUNS)
        if not number:
            return None
        rows = self.dataset(RUNS).to_table(filter=pc.field("number") == number).to_pylist()
        if not rows:
            raise WirelakeError(f"{self.lake / RUNS} has no row for run {number}, which its log names; run `wirelake doctor`")
        return rows[0]

    def unfinished(self) -> dict[str, object] | None:
        """The newest claim, where a table of its plan has not committed it yet."""
        claim = self.last_claim()
        return claim if claim and self.is_unfinished(claim) else None

    def is_unfinished(self, claim: dict[str, object]) -> bool:
        """Whether a table of a claim's plan has not committed it."""
        return any(self.done(name) < int(str(claim["number"])) for name in planned_by(claim).get("tables", ()))

    def step_back(self, claim: dict[str, object]) -> None:
        """Takes every handle to where it stood before a claimed run: all tables of one moment, while the run is in its commit. Its
        commit is the newest of each table that has it, and the parts that it replaces lie there until it has finished."""
        for name, handle in self._handles.items():
            if self.done(name) >= int(str(claim["number"])):
                handle.load_as_version(handle.version() - 1)

    def paths(self, name: str) -> list[Folder]:
        """Every live part of a table, absolute."""
        if name not in self._handles:
            return []
        return [self.lake / name / path for path in self._partitions(name)["path"].to_pylist()]

    def unlogged(self, name: str) -> Iterator[Folder]:
        """Every part in a table's folder that its log does not name, absolute."""
        live = set(self.paths(name))
        for path in (self.lake / name).rglob("*.parquet"):
            if path not in live and "_delta_log" not in path.parts:
                yield path

    def part_sizes(self, name: str) -> dict[str, int]:
        """Bytes of every live part, by its path relative to the table."""
        actions = self._partitions(name)
        return dict(zip(actions["path"].to_pylist(), actions["size_bytes"].to_pylist(), strict=True))

    def _partitions(self, name: str) -> pa.Table:
        return pa.table(self._handles[name].get_add_actions(flatten=True))

    def lookup(self) -> LakeParts:
        """What workers may look up, as of these handles."""
        return LakeParts(
            ids=self.by_partition("ids", "bucket"),
            sketches=self.by_partition("sketches", "date"),
            notices=tuple(sorted(str(path) for path in self.paths("notices"))),
            runs=tuple(sorted(str(path) for path in self.paths(RUNS))),
        )

    def by_partition(self, name: str, key: str) -> dict[str, tuple[str, ...]]:
        """Paths of a table's live parts by one of the values that partition it."""
        found: dict[str, list[str]] = {}
        if name in self._handles:
            actions, folder = self._partitions(name), str(self.lake / name)
            for value, path in zip(actions[f"partition.{key}"].to_pylist(), actions["path"].to_pylist(), strict=True):
                found.setdefault(str(value), []).append(f"{folder}/{path}")
        return {value: tuple(sorted(paths)) for value, paths in found.items()}


NAME_IT = "name the folder that `wirelake ingest` wrote to (--lake)"
"""What to do where a path is no lake, in the words of a command and of a program."""


def existing_lake(lake: str | Folder) -> Tables:
    """The tables of a lake that is there. Raises UsageError where there is none, WirelakeError for one that cannot be read."""
    tables = Tables(lake)
    tables.refuse_broken()
    if RUNS not in tables.names():
        raise UsageError(f"{tables.lake}: there is no lake here; {NAME_IT}")
    return tables
