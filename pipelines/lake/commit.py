"""The commit of a run: claim a number, put its parts in place, tell each table's log; and finishing what a dead run left.

Until the claim (one Delta commit to `runs`, which holds the whole plan) a run can only vanish; from then on it only goes forward,
by its own process or by whoever writes next. Every step looks first whether it was done: any of them may be repeated."""

import contextlib
import dataclasses
import datetime as dt
import hashlib
import json
import operator
import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
from deltalake import CommitProperties, PostCommitHookProperties, Transaction
from deltalake.exceptions import CommitFailedError
from deltalake.transaction import AddAction, RemoveAction

from pipelines.errors import OvertakenError, WirelakeError
from pipelines.lake import durable
from pipelines.lake.place import Folder, Place, is_outlived, remove_tree
from pipelines.lake.tables import ALL_TABLES, APPLICATION, RUNS, Tables, planned_by
from schemas import TABLES, Run
from transforms.write_parts import STAGING, partition_values, staged_name, write_part

TOLD_LAST = (("stories",), ("ids", "deliveries"))
"""The tables whose logs hear of a run when those of all others have, group by group; those of a group hear of it side by side."""

ASIDE = "_aside-"
"""What the name of a staging folder begins with that nothing will use any more."""

JOB = "job"
"""The file in a staging folder that says an engine's job writes there. It may outlive its driver, and would fail and be tried again for
long, in the way of the next one, if what it reads were gone: the folder stays where it is until it is deleted."""

_TRIES = 5

Part = dict[str, Any]
"""A descriptor as `transforms.write_parts` makes it: table, path (relative to the lake), partition, size, rows."""


@dataclasses.dataclass(frozen=True)
class Plan:
    """A run that is staged and balanced: its parts, and what is said of it in `runs`."""

    run: str
    kind: str
    started_at: dt.datetime
    parts: tuple[Part, ...]
    inputs: tuple[tuple[str, int, int | None], ...]
    """What it read: URI, start and stop of each slice."""
    counts: dict[str, int]
    """pieces, stories, again, rejected, not_text, already, other_date, late."""
    retired: tuple[str, ...] = ()
    """Paths (relative to the lake) of parts that `parts` replace: deleted when every table has committed."""


def staging_folder(lake: Folder, run: str) -> Folder:
    """Where a run's parts lie until they are committed."""
    return lake / STAGING / run


def commit(tables: Tables, plan: Plan) -> int:
    """Makes a staged run part of the lake; its number. For the holder of the lock, on refreshed tables.

    Raises OvertakenError where another writer claimed the number first, WirelakeError where a staged part is missing: before the claim
    nothing has changed, after it the next writer goes on from there."""
    staging = staging_folder(tables.lake, plan.run)
    planned = {"inputs": plan.inputs, "tables": _by_table(plan), "retired": plan.retired}
    try:
        durable.sync([staging / staged_name(part["path"]) for part in plan.parts])
        durable.reached("staged")
        number, row = _claim_row(tables, plan, planned)
    except OSError:  # a full disk, most likely: what cannot be used must not fill it
        remove_tree(staging)
        raise
    durable.reached("before claim")
    rewritten = _rewritten_runs(tables, plan, staging)
    durable.reached("runs rewritten")
    try:
        _append(tables, RUNS, number, plan.run, [row, *rewritten])
    except CommitFailedError as error:
        _discard(tables, plan, row)
        raise OvertakenError(f"{tables.lake}: another writer committed first; run again") from error
    durable.reached("claimed")
    _finish(tables, number, plan.run, planned)
    return number


def recover(tables: Tables) -> int | None:
    """Finishes a claimed run that nobody finished (its number is returned), sets aside staging that no claim names, and gives tables of an
    older wirelake the columns of today."""
    claim = tables.last_claim()
    number = None
    if claim and tables.is_unfinished(claim):
        number = int(str(claim["number"]))
        _finish(tables, number, str(claim["run"]), planned_by(claim))
    elif claim:  # it may have died before it deleted what it replaced
        _retire(tables, planned_by(claim).get("retired", ()))
    _set_aside(tables)
    tables.widen()
    return number


def _by_table(plan: Plan) -> dict[str, list[Part]]:
    """New parts by table, in the order of a commit; a table that only loses parts is there with none."""
    of_retired = {path.split("/", 1)[0] for path in plan.retired}
    names = [name for name in TABLES if name in of_retired or any(part["table"] == name for part in plan.parts)]
    return {name: sorted((part for part in plan.parts if part["table"] == name), key=operator.itemgetter("path")) for name in names}


def _claim_row(tables: Tables, plan: Plan, planned: dict[str, Any]) -> tuple[int, AddAction]:
    """Writes the part of `runs` that claims the next number; the number, and the action that makes the claim."""
    number = tables.done(RUNS) + 1
    row = {
        "number": number,
        "run": plan.run,
        "kind": plan.kind,
        "started_at": plan.started_at,
        "claimed_at": dt.datetime.now(dt.UTC),
        "plan": json.dumps(planned),
        **plan.counts,
    }
    rows = pa.Table.from_pylist([Run.model_validate(row).model_dump()], schema=Run.file_schema())
    name = f"{plan.run}-{hashlib.blake2b(repr(row).encode(), digest_size=8).hexdigest()}.parquet"
    path = tables.lake / RUNS / name
    size = write_part(str(path), rows)
    durable.sync([path])
    return number, _add(f"{RUNS}/{name}", size, {}, _number_statistics(1, number, number))


def _rewritten_runs(tables: Tables, plan: Plan, staging: Folder) -> list[AddAction | RemoveAction]:
    """Older claims put together, which go with the new one: they cannot wait for it as other tables do."""
    actions: list[AddAction | RemoveAction] = []
    for part in (part for part in plan.parts if part["table"] == RUNS):
        _put(staging, tables.lake, part["path"])
        durable.sync_names([tables.lake / part["path"]])
        least, greatest = part["numbers"]
        actions.append(_add(part["path"], part["size"], {}, _number_statistics(part["rows"], least, greatest)))
    return actions + [_remove(path) for path in plan.retired if path.startswith(f"{RUNS}/")]


def _number_statistics(rows: int, least: int, greatest: int) -> dict[str, Any]:
    return {"numRecords": rows, "minValues": {"number": least}, "maxValues": {"number": greatest}, "nullCount": {"number": 0}}


def _finish(tables: Tables, number: int, run: str, planned: dict[str, Any]) -> None:
    staging = staging_folder(tables.lake, run)
    retired = planned.get("retired", ())
    left = {name: parts for name, parts in planned.get("tables", {}).items() if tables.done(name) < number}
    for name, parts in left.items():
        for part in parts:
            _put(staging, tables.lake, part["path"])
            durable.reached(f"put {name}")
    # What they hold was synced before the claim.
    durable.sync_names(tables.lake / part["path"] for parts in left.values() for part in parts)

    def tell(name: str) -> None:
        new = [_add(part["path"], part["size"], part["partition"], {"numRecords": part["rows"]}) for part in left[name]]
        old = [_remove(path) for path in retired if path.startswith(f"{name}/")]
        durable.reached(f"before {name}")
        _tell(tables, name, number, run, [*new, *old])
        durable.reached(f"after {name}")

    first = tuple(name for name in left if not any(name in group for group in TOLD_LAST))
    for group in (first, *TOLD_LAST):
        durable.side_by_side(tell, [name for name in group if name in left])
    durable.reached("finished")
    _retire(tables, retired)
    remove_tree(staging)
    tables.shorten_logs([RUNS, *planned.get("tables", ())])


def _tell(tables: Tables, name: str, number: int, run: str, actions: list[AddAction | RemoveAction]) -> None:
    """Commits a claimed run to a table. In an object store another writer may finish the same run, or make or widen the table meanwhile:
    the commit is refused then, and tried again as long as the table has not heard of the run. Raises CommitFailedError."""
    for tried in range(_TRIES):
        try:
            _append(tables, name, number, run, actions)
        except CommitFailedError:
            tables.handle(name).update_incremental()
            if tables.done(name) >= number:
                return
            if tried == _TRIES - 1:
                raise
        else:
            return


def _discard(tables: Tables, plan: Plan, row: AddAction) -> None:
    """Deletes what a refused run has written, as far as that can be done: it will never be used."""
    if isinstance(tables.lake, Place):
        with contextlib.suppress(OSError):
            _retire(tables, [*(part["path"] for part in plan.parts), f"{RUNS}/{row.path}"])
    remove_tree(staging_folder(tables.lake, plan.run))


def _retire(tables: Tables, paths: Iterable[str]) -> None:
    """Deletes parts that no log names any more."""
    for path in paths:
        (tables.lake / path).unlink(missing_ok=True)
        durable.reached("retired")


def _put(staging: Folder, lake: Folder, path: str) -> None:
    """Moves a part to its place, unless that was done. Its name was never used before and will never be again."""
    if not (isinstance(staging, Path) and isinstance(lake, Path)):  # in an object store it was written there
        return
    staged, final = staging / staged_name(path), lake / path
    if final.exists():
        return
    if not staged.exists():
        staged = staging / path  # where wirelake 0.1 put it
    final.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.rename(staged, final)
    except FileNotFoundError:
        raise WirelakeError(
            f"{staged} is gone, a part of a claimed run that is not in the lake yet; restore the folder {staging} and run again"
        ) from None


def _add(path: str, size: int, partition: dict[str, str], statistics: dict[str, Any]) -> AddAction:
    return AddAction(
        path=path.split("/", 1)[1],
        size=size,
        partition_values=partition,
        modification_time=int(time.time() * 1000),
        data_change=True,
        stats=json.dumps(statistics),
    )


def _remove(path: str) -> RemoveAction:
    return RemoveAction(
        path=path.split("/", 1)[1],
        data_change=True,
        deletion_timestamp=int(time.time() * 1000),
        partition_values=partition_values(path.rpartition("/")[0]),
    )


def _append(tables: Tables, name: str, number: int, run: str, actions: list[AddAction | RemoveAction]) -> None:
    handle = tables.handle(name)
    handle.create_write_transaction(
        actions=actions,
        mode="append",
        schema=handle.schema(),
        partition_by=list(ALL_TABLES[name].partition_by),
        commit_properties=CommitProperties(custom_metadata={"run": run}, app_transactions=[Transaction(APPLICATION, number)]),
        # Of its own accord it would delete the version before this one, which readers need until the run is finished.
        post_commithook_properties=PostCommitHookProperties(create_checkpoint=False, cleanup_expired_logs=False),
    )
    handle.update_incremental()
    log = tables.lake / name / "_delta_log"
    durable.sync([log / f"{handle.version():020d}.json"])


def _set_aside(tables: Tables) -> None:
    """Staging that no claim waits for: out of the way at once where no job goes on with it, deleted after a day. With it goes the row that
    its run had written for `runs` and not committed, which a plain glob would show."""
    staging = tables.lake / STAGING
    if not staging.is_dir():
        return
    for folder in staging.iterdir():
        # In an object store another writer may be at work there.
        if isinstance(folder, Path) and not folder.name.startswith(ASIDE):
            live = set(tables.paths(RUNS))
            for row in (folder.parents[1] / RUNS).glob(f"{folder.name}-*.parquet"):
                if row not in live:
                    row.unlink()
            if not (folder / JOB).exists():
                folder = folder.rename(folder.with_name(f"{ASIDE}{folder.name}"))
                os.utime(folder)
        if is_outlived(folder):
            remove_tree(folder)
