"""SQL over the lake: one snapshot of all tables as DuckDB views and macros, and the same as text over plain globs.

What is built into SQL here is our own: names of tables, ids of runs, and a path with its quotes doubled."""

# ruff: noqa: S608

import contextlib
import dataclasses
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import TypeVar

import duckdb
from deltalake.exceptions import DeltaError

from pipelines.errors import UsageError, WirelakeError, plainly
from pipelines.lake.answer import Answer
from pipelines.lake.guard import refuse_writes_into
from pipelines.lake.interrupts import interruptible
from pipelines.lake.macros import MACROS
from pipelines.lake.place import Folder, Place, lake_at
from pipelines.lake.tables import ALL_TABLES, NAME_IT, RUNS, Tables
from pipelines.lake.words import without_end
from transforms.text.relations import STATE

_TRIES = 50
_ASKED_AGAIN = 5
_PLAIN = ("entities", "quotes", "sketches", "updates", "rejected", "raw", "notices", "ids", "deliveries")
_RUN_COLUMNS = "number, run, kind, started_at, claimed_at, pieces, stories, again, rejected, not_text, already, other_date, late"

_LATEST = """
create or replace view latest as
select * from stories
where is_latest and killed_by is null and pubstatus = 'usable' and (embargoed is null or embargoed <= now())
    and (signal is null or signal not in ('kill', 'hold'))
"""

_STORY_FULL = """
create or replace view story_full as
select s.*,
    coalesce((select list(e order by e.span_start) from entities e where e.story_id = s.story_id
        and e.date = s.date and e.country = s.country), []) as entities,
    coalesce((select list(q order by q.span_start) from quotes q where q.story_id = s.story_id
        and q.date = s.date and q.country = s.country), []) as quotes
from stories s
"""

_Result = TypeVar("_Result")


@dataclasses.dataclass
class Lake:
    """A lake to be asked: its views, all of one moment (`stories` with every version, `latest`, `entities`, `quotes`, `deliveries`,
    `rejected`, `runs`, `ids`, `notices`, `updates`, `sketches`, `raw`, `story_full` with entities and quotes nested), and its macros.

    A context manager, which closes it. One thread at a time may ask it."""

    path: Folder
    """Where it lies: an absolute path, or its place in an object store."""
    connection: duckdb.DuckDBPyConnection
    """DuckDB's own, in memory, to do more with it than to ask; times are in UTC."""
    _tables: Tables | None = dataclasses.field(default=None, repr=False)
    _shown: "_Shown | None" = dataclasses.field(default=None, repr=False)

    def refresh(self) -> None:
        """Moves the views to the newest state of the lake. Raises WirelakeError."""
        with plainly(self.path):
            self._refresh()

    def _refresh(self) -> None:
        tables, shown = self._tables, self._shown
        self._tables = self._shown = None  # where it fails half-way, all is opened and made anew
        new = _snapshot(self.path, tables)
        # Opened anew, the lake may be another one, of the same versions.
        self._shown = _show(self.connection, new, shown if new is tables else None)
        self._tables = new

    def sql(self, query: str, params: Mapping[str, object] | Sequence[object] | None = None) -> Answer:
        """The rows of a statement, of the moment to which the views were moved last. Others may go before it, such as `create table`.

        `params` are values for `$name` (a mapping), `?` or `$1` (a sequence) in it: the way to ask with words from elsewhere.

        Raises duckdb.Error for SQL that DuckDB refuses, UsageError for a statement that would write into the lake's folder, where there is
        none, and where another than the last asks for rows, which nobody would see."""
        query = without_end(query)
        if not query:
            raise UsageError("there is no statement; ask something like: select date, headline from latest")
        refuse_writes_into(self.path, query)
        *before, _ = duckdb.extract_statements(query)
        if any(statement.type == duckdb.StatementType.SELECT for statement in before):
            raise UsageError(
                "several statements ask for rows, and one can be answered; ask them one by one, or pipe them to `wirelake shell`"
            )
        return Answer(self.ask(lambda connection: connection.sql(query, params=params)), self.connection, self.ask)

    def ask(self, question: Callable[[duckdb.DuckDBPyConnection], _Result]) -> _Result:
        """The answer of `question`; asked again where a part vanished meanwhile: a run replaced it, or another tool cleaned the table."""
        for _ in range(_ASKED_AGAIN):
            try:
                with interruptible(self.connection):
                    return question(self.connection)
            except (FileNotFoundError, duckdb.Error) as error:
                if not _tells_of_a_missing_file(error):
                    raise
            with contextlib.suppress(FileNotFoundError):  # replaced again, while it was opened
                self.refresh()
        with interruptible(self.connection):
            return question(self.connection)

    def close(self) -> None:
        """Closes the connection."""
        self.connection.close()

    def __enter__(self) -> "Lake":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None) -> None:
        self.close()


def open_lake(path: str | Folder) -> Lake:
    """The lake at `path` (a folder of this machine, or `s3://BUCKET/FOLDER` with the extra `s3`), ready to be asked.

    Raises UsageError where there is none, WirelakeError for one that cannot be read."""
    lake = Lake(lake_at(path), duckdb.connect())
    lake.connection.execute("set TimeZone = 'UTC'")
    lake.refresh()
    return lake


def _tells_of_a_missing_file(error: Exception) -> bool:
    known = isinstance(error, FileNotFoundError | duckdb.IOException)
    return known or "No such file" in str(error) or "FileNotFound" in str(error)


def _snapshot(path: Folder, tables: Tables | None = None) -> Tables:
    """All tables at one moment: where a run was in the middle of its commit, at the moment before it. `tables` that were opened before are
    moved forward."""
    if not path.is_dir():
        raise UsageError(f"{path}: there is no lake here; {NAME_IT}")
    if tables is None:
        tables = Tables(path)
        tables.refuse_broken()
    else:
        tables.refresh()
    if RUNS not in tables.names():
        raise UsageError(f"{path}: this folder holds no lake; {NAME_IT}")
    for _ in range(_TRIES):
        try:
            before, claim = tables.versions(), tables.unfinished()
            tables.refresh()
            if tables.versions() != before:
                continue
            if claim:
                tables.step_back(claim)
        except (DeltaError, FileNotFoundError):  # a run has finished since: it replaced the claim's part, or shortened the logs
            tables = Tables(path)
        else:
            return tables
    raise WirelakeError(f"{path}: the lake changed {_TRIES} times while it was being opened; try again when fewer writers are at work")


@dataclasses.dataclass(frozen=True)
class _Shown:
    """What a connection has: the version of each table (none for one that is not there), and which form of the views over them."""

    versions: dict[str, int | None]
    has_updates: bool


def _show(connection: duckdb.DuckDBPyConnection, tables: Tables, shown: _Shown | None) -> _Shown:
    """Gives a connection the tables as they are and the views over them; what it has of them already stays."""
    versions = {name: tables.version(name) for name in ALL_TABLES}
    new = _Shown(versions, versions["updates"] is not None and bool(tables.part_sizes("updates")))
    for name, model in ALL_TABLES.items():
        if shown is None or shown.versions[name] != new.versions[name]:
            rows = model.arrow_schema().empty_table() if new.versions[name] is None else tables.dataset(name)
            connection.register(f"_{name}", rows)
    if shown is None or shown.has_updates != new.has_updates:
        relations = {name: f"(select * from _{name})" for name in ALL_TABLES}
        for statement in _statements(relations, has_updates=new.has_updates):
            connection.execute(statement)
    return new


def _statements(relations: dict[str, str], *, has_updates: bool) -> list[str]:
    """The views, over `relations` (one SQL expression a table), and the macros over them."""
    statements = [f"create or replace view {name} as\nselect * from {relations[name]}" for name in _PLAIN]
    statements.append(f"create or replace view runs as\nselect {_RUN_COLUMNS} from {relations[RUNS]}")
    if has_updates:
        statements += _updated_stories(relations["stories"])
    else:
        statements.append(f"create or replace view stories as\nselect * from {relations['stories']}")
    return [*statements, _LATEST, _STORY_FULL, *(macro.statement for macro in MACROS)]


def _updated_stories(stories: str) -> list[str]:
    """`stories` with what later runs learnt about them: of several updates, that of the run with the greatest number."""
    state = ", ".join(f"'{name}': u.{name}" for name in STATE)
    replaced = ", ".join(f"case when n.state is null then s.{name} else n.state.{name} end as {name}" for name in STATE)
    return [
        "create or replace view newest_updates as\n"
        f"select u.story_id, u.date, u.country, max_by({{{state}}}, r.number) as state\n"
        "from updates u join runs r using (run) group by u.story_id, u.date, u.country",
        f"create or replace view stories as\nselect s.* replace ({replaced})\nfrom {stories} s left join newest_updates n\n"
        "    on n.date = s.date and n.country = s.country and n.story_id = s.story_id",
    ]


def printed_views(path: str | Folder) -> str:
    """The views and macros as SQL over plain globs, for any DuckDB (1.1 or later) that can read the folder. A table without parts is a
    typed empty relation. Raises UsageError where there is no lake, and for one in an object store, where plain globs promise nothing.

    What plain globs cannot promise (see the guarantees) holds here too: made anew after a table got its first parts."""
    folder = lake_at(path)
    if isinstance(folder, Place):
        raise UsageError(
            f"{folder}: plain globs promise nothing in an object store; use `wirelake query`, `open_lake` or a reader of Delta"
        )
    tables = _snapshot(folder)
    relations = {name: _glob_relation(folder, name) if tables.paths(name) else _empty_relation(name) for name in ALL_TABLES}
    statements = _statements(relations, has_updates=bool(tables.paths("updates")))
    empty = sorted(name for name in ALL_TABLES if not tables.paths(name))
    again = (
        f"-- Print these views again when one of these tables, empty as yet, has its first rows: {', '.join(empty)}.\n\n" if empty else ""
    )
    return again + "".join(f"{statement.strip()};\n\n" for statement in statements)


def _glob_relation(folder: Folder, name: str) -> str:
    keys = sorted(ALL_TABLES[name].partition_by)
    pattern = "/".join([str(folder / name), *(f"{key}=*" for key in ALL_TABLES[name].partition_by), "*.parquet"]).replace("'", "''")
    if not keys:
        return f"(select * from read_parquet('{pattern}', union_by_name=true))"
    types = ", ".join(f"'{key}': {'DATE' if key in ('date', 'received_on') else 'VARCHAR'}" for key in keys)
    return f"(select * from read_parquet('{pattern}', hive_partitioning=true, union_by_name=true, hive_types={{{types}}}))"


def _empty_relation(name: str) -> str:
    with duckdb.connect() as connection:
        connection.register("nothing", ALL_TABLES[name].arrow_schema().empty_table())
        columns = connection.execute("describe nothing").fetchall()
    nulls = ", ".join(f'cast(null as {kind}) as "{column}"' for column, kind, *_ in columns)
    return f"(select {nulls} where false)"
