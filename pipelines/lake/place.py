"""Where a lake lies: a folder of this machine, or the same in an object store (`s3://bucket/lake`), by the methods of `pathlib.Path`
that the lake needs.

A store has no folders, no lock, no rename and nothing to force to disk: parts are written in place, and the logs alone decide."""

import contextlib
import dataclasses
import importlib.util
import shutil
import time
import urllib.parse
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from types import SimpleNamespace

from pyarrow import fs

from pipelines.errors import UsageError
from transforms import store

_STRAY_SECONDS = 24 * 3600

_SECONDS = {"connect_timeout": f"{store.CONNECT_SECONDS}s", "timeout": f"{store.REQUEST_SECONDS}s"}
_DELTA_RETRIES = {"max_retries": "1000", "retry_timeout": "60s"}
"""The time alone is the bound, about as long as Arrow's: twelve tries have taken 4 s."""


@dataclasses.dataclass(frozen=True)
class Place:
    """A folder or a file in an object store, by its URL without a slash at its end."""

    url: str
    _found: fs.FileInfo | None = dataclasses.field(default=None, compare=False, repr=False)
    """What a listing said of it."""

    def __str__(self) -> str:
        return self.url

    def __truediv__(self, below: str) -> "Place":
        return Place(f"{self.url}/{below}")

    @property
    def name(self) -> str:
        """The last word of it."""
        return self.url.rpartition("/")[2]

    @property
    def parts(self) -> tuple[str, ...]:
        """Its words."""
        return tuple(self.url.split("/"))

    def exists(self) -> bool:
        """Whether it is there. Raises OSError."""
        return self._info().type != fs.FileType.NotFound

    def is_dir(self) -> bool:
        """Whether files lie below it. Raises OSError."""
        return self._info().type == fs.FileType.Directory

    def stat(self) -> SimpleNamespace:
        """Its `st_size` and `st_mtime`. Raises FileNotFoundError."""
        info = self._info()
        if info.type == fs.FileType.NotFound:
            raise FileNotFoundError(self.url)
        return SimpleNamespace(st_size=info.size, st_mtime=(info.mtime_ns or 0) / 1e9)

    def _info(self) -> fs.FileInfo:
        files, name = store.located(self.url)
        return self._found or files.get_file_info(name)

    def iterdir(self) -> Iterator["Place"]:
        """What lies in it."""
        return self._listed(recursive=False)

    def rglob(self, pattern: str) -> Iterator["Place"]:
        """Files below it, however deep."""
        return (each for each in self._listed(recursive=True) if PurePosixPath(each.name).match(pattern) and not each.is_dir())

    def _listed(self, *, recursive: bool) -> Iterator["Place"]:
        files, name = store.located(self.url)
        scheme = self.url.partition("://")[0]
        for info in files.get_file_info(fs.FileSelector(name, allow_not_found=True, recursive=recursive)):
            yield Place(f"{scheme}://{info.path.rstrip('/')}", info)

    def read_bytes(self) -> bytes:
        """Raises OSError."""
        return store.read(self.url)

    def write_bytes(self, data: bytes) -> None:
        """Writes it whole: a reader sees the old or the new. Raises OSError."""
        store.write(self.url, data)

    def touch(self) -> None:
        """Makes it, empty. Raises OSError."""
        self.write_bytes(b"")

    def unlink(self, missing_ok: bool = False) -> None:
        """Deletes it. Raises OSError."""
        files, name = store.located(self.url)
        try:
            files.delete_file(name)
        except FileNotFoundError:
            if not missing_ok:
                raise

    def mkdir(self, *, parents: bool = True, exist_ok: bool = True) -> None:
        """Nothing: a store has no folders."""


Folder = Path | Place
"""A lake's folder or one in it, or a file."""


def lake_at(lake: str | Folder) -> Folder:
    """The place of a lake: an absolute path, or the URL of one in a store.

    Raises UsageError for none (an unset variable), for a URL of something else, where what a store needs is not installed, and for a
    path with a percent sign: deltalake 1.6 reads what follows as an escape, and misses the folder."""
    if isinstance(lake, Place):
        return lake
    if not str(lake):
        raise UsageError("the path of the lake is empty; give --lake the folder of a lake")
    scheme, separator, rest = str(lake).partition("://")
    if separator and scheme not in store.STORES:
        raise UsageError(
            f"{lake}: a lake lies in a folder of this machine or in an object store; give --lake a path, or s3://BUCKET/FOLDER"
        )
    if "%" in str(lake):
        raise UsageError(f"{lake}: the path of a lake cannot hold a percent sign; choose or link another folder")
    if not separator:
        return Path(lake).absolute()
    words = [word for word in rest.split("/") if word]
    if len(words) < 2:
        raise UsageError(f"{lake}: a lake needs a folder in the bucket; give --lake {scheme}://BUCKET/FOLDER")
    if importlib.util.find_spec("boto3") is None:
        raise UsageError(f"{lake}: a lake in an object store needs an extra; install wirelake[s3]")
    return Place(f"{scheme}://{'/'.join(words)}")


def delta_options(folder: Folder) -> dict[str, str] | None:
    """What deltalake is told of the store that a folder lies in; none of a local one."""
    if isinstance(folder, Path):
        return None
    store.located(folder.url)  # what flags say is in the environment then
    if folder.url.startswith("gs://"):
        return {**_SECONDS, **_DELTA_RETRIES}
    endpoint = store.endpoint()
    own = (
        {"AWS_ENDPOINT_URL": endpoint, "AWS_ALLOW_HTTP": str(urllib.parse.urlsplit(endpoint).scheme == "http").lower()} if endpoint else {}
    )
    # A commit that finds its number taken is refused by the store itself: the fence between writers.
    return {"aws_conditional_put": "etag", "AWS_REGION": store.region(), **own, **_SECONDS, **_DELTA_RETRIES}


def tree(folder: Folder) -> fs.FileSystem:
    """The files below a folder, by their paths relative to it."""
    files, name = store.located(str(folder))
    return fs.SubTreeFileSystem(name, files)


def last_written(path: Folder) -> float:
    """When a file or a folder was written to, in seconds; of a folder in a store, what lies in it. Raises FileNotFoundError."""
    if isinstance(path, Path) or not path.is_dir():
        return float(path.stat().st_mtime)
    return max((float(each.stat().st_mtime) for each in path.rglob("*")), default=0.0)


def is_outlived(path: Folder) -> bool:
    """Whether nobody goes on with what no log names, or with a folder: it was not written to for a day. Raises FileNotFoundError."""
    return time.time() - last_written(path) > _STRAY_SECONDS


def remove_tree(folder: Folder) -> None:
    """Deletes a folder with all that is in it, as far as that can be done."""
    if isinstance(folder, Path):
        shutil.rmtree(folder, ignore_errors=True)
        return
    files, name = store.located(folder.url)
    with contextlib.suppress(OSError):
        files.delete_dir(name)
