"""Files of a lake and of its runs, on the local disk or as objects of a store (`s3://`, `gs://`).

Objects go by Arrow's file systems: Beam's makes a client for each object, which takes 130 ms of a core where Arrow takes one to three.
What the environment says (AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID ..., a profile, a role) is used as any tool of the store
would; what Beam's own flags say (`--s3_endpoint_url` ...) becomes part of the environment, so that all libraries and child processes
hear of it. Beam is imported where a pipeline uses it: a lake is read without it."""

import functools
import os
import sys
import urllib.parse
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import fs

if TYPE_CHECKING:
    from apache_beam.options.pipeline_options import PipelineOptions

STORES = ("s3", "gs")
"""Schemes of URLs of object stores."""

CONNECT_SECONDS, REQUEST_SECONDS, ATTEMPTS = 5, 30, 8
"""Of one request to a store, which is tried again with growing pauses: a store that is gone for half a minute is waited for, one that
stays away is told after a minute or two."""

_FLAGS = {
    "s3_endpoint_url": "AWS_ENDPOINT_URL",
    "s3_access_key_id": "AWS_ACCESS_KEY_ID",
    "s3_secret_access_key": "AWS_SECRET_ACCESS_KEY",
    "s3_session_token": "AWS_SESSION_TOKEN",
    "s3_region_name": "AWS_REGION",
}


def is_object(path: str) -> bool:
    """Whether a path is the URL of an object."""
    return path.partition("://")[0] in STORES and "://" in path


def use_flags(options: "PipelineOptions") -> None:
    """Makes what Beam's flags say of S3 part of this process's environment."""
    from apache_beam.options.pipeline_options import S3Options

    told = options.view_as(S3Options)
    os.environ |= {name: str(value) for flag, name in _FLAGS.items() if (value := getattr(told, flag))}


def endpoint() -> str | None:
    """The URL of an S3 service other than Amazon's, where the environment names one."""
    return os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")


def region() -> str:
    """The region; a service of one's own does not mind which."""
    return os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1"


@functools.lru_cache(maxsize=len(STORES))
def files_of(scheme: str) -> fs.FileSystem:
    """The files of a store; in the paths that it takes, the bucket comes first. One for the process: it keeps its connections."""
    if "apache_beam.io.filesystems" in sys.modules:  # on a worker of an engine, it has the flags
        from apache_beam.io.filesystems import FileSystems
        from apache_beam.options.pipeline_options import PipelineOptions

        told = FileSystems._pipeline_options
        if isinstance(told, PipelineOptions):
            use_flags(told)
    if scheme == "gs":
        return fs.GcsFileSystem()
    url = urllib.parse.urlsplit(endpoint() or "https:")
    return fs.S3FileSystem(
        region=region(),
        scheme=url.scheme,
        endpoint_override=url.netloc or None,
        connect_timeout=CONNECT_SECONDS,
        request_timeout=REQUEST_SECONDS,
        retry_strategy=fs.AwsStandardS3RetryStrategy(max_attempts=ATTEMPTS),
        background_writes=False,
        allow_delayed_open=True,  # an object of one part, as nearly all are, takes one request instead of three
    )


def located(path: str) -> tuple[fs.FileSystem, str]:
    """The files that a path or a URL is of, and its name among them."""
    scheme, separator, name = path.partition("://")
    return (files_of(scheme), name) if separator else (_disk(), path)


@functools.cache
def _disk() -> fs.FileSystem:
    return fs.LocalFileSystem()


def write(path: str, data: bytes | memoryview | pa.Buffer) -> None:
    """Writes a file whole. Raises OSError."""
    if is_object(path):
        files, name = located(path)
        with files.open_output_stream(name, compression=None) as stream:
            stream.write(data)
        return
    from apache_beam.io.filesystem import CompressionTypes
    from apache_beam.io.filesystems import FileSystems

    with FileSystems.create(path, mime_type="application/octet-stream", compression_type=CompressionTypes.UNCOMPRESSED) as handle:
        handle.write(memoryview(data))


def delete(path: str) -> None:
    """Deletes a file. Raises OSError."""
    files, name = located(path)
    files.delete_file(name)


def read(path: str, start: int = 0, size: int | None = None) -> bytes:
    """The bytes of a file, or `size` of them from `start` on. Raises OSError."""
    if is_object(path):
        files, name = located(path)
        with files.open_input_file(name) as file:
            file.seek(start)
            return bytes(file.read(size))
    from apache_beam.io.filesystem import CompressionTypes
    from apache_beam.io.filesystems import FileSystems

    with FileSystems.open(path, compression_type=CompressionTypes.UNCOMPRESSED) as handle:
        handle.seek(start)
        return bytes(handle.read() if size is None else handle.read(size))


def parquet(path: str) -> pq.ParquetFile:
    """A part, to be closed. Of one in a store what is read is asked for in few requests. Raises OSError."""
    if is_object(path):
        files, name = located(path)
        return pq.ParquetFile(files.open_input_file(name), pre_buffer=True)
    return pq.ParquetFile(path)
