"""Files that may hold what was purged, and that nothing needs: removed at once, whatever their age."""

from pathlib import Path

from pipelines.lake.place import Folder, last_written, remove_tree
from pipelines.lake.tables import RUNS, Tables
from transforms.write_parts import STAGING


def wipe(tables: Tables) -> None:
    """Removes every staging folder, every part that no log names, and every log file that a checkpoint replaces. For the holder of the
    lock, with every run finished. In an object store a writer may be at work: what was written since the last claim that these tables
    have is its own. What is older is nobody's: who planned on an earlier state is refused. Raises OSError."""
    since = _claimed_at(tables)
    staging = tables.lake / STAGING
    folders: list[Folder] = [*staging.iterdir()] if staging.is_dir() else []
    for folder in folders:
        if isinstance(folder, Path) or last_written(folder) < since:
            remove_tree(folder)
    for name in tables.names():
        for path in list(tables.unlogged(name)):
            if isinstance(path, Path) or path.stat().st_mtime < since:
                path.unlink(missing_ok=True)
        handle = tables.handle(name)
        handle.create_checkpoint()
        log: list[Folder] = [*(tables.lake / name / "_delta_log").iterdir()]
        for path in log:
            if path.name[:20].isdigit() and _version(path) < handle.version():
                path.unlink(missing_ok=True)


def _claimed_at(tables: Tables) -> float:
    """When the last claim that these tables have was made, by the clock of the store that all files of a lake lie in."""
    log = tables.lake / RUNS / "_delta_log"
    return float((log / f"{tables.handle(RUNS).version():020d}.json").stat().st_mtime)


def _version(path: Folder) -> int:
    """The version that a log file (`00000000000000000007.json`, `....checkpoint.parquet`) belongs to."""
    return int(path.name[:20])
