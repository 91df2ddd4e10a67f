"""Files that may hold what was purged, and that nothing needs: removed at once, whatever their age."""

import shutil
from pathlib import Path

from pipelines.lake.tables import STAGING, Tables


def wipe(tables: Tables) -> None:
    """Removes every staging folder, every part that no log names, and every log file that a checkpoint replaces. For the holder of the
    lock, with every run finished. Raises OSError."""
    staging = tables.lake / STAGING
    for folder in staging.iterdir() if staging.is_dir() else ():
        shutil.rmtree(folder)
    for name in tables.names():
        for path in list(tables.unlogged(name)):
            path.unlink()
        handle = tables.handle(name)
        handle.create_checkpoint()
        for path in (tables.lake / name / "_delta_log").iterdir():
            if path.name[:20].isdigit() and _version(path) < handle.version():
                path.unlink()


def _version(path: Path) -> int:
    """The version that a log file (`00000000000000000007.json`, `....checkpoint.parquet`) belongs to."""
    return int(path.name[:20])
