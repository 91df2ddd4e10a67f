"""Inputs from an object store, and what a store promises that a lake on one would stand on."""

import uuid

import boto3
import pyarrow as pa
import pytest
from deltalake import CommitProperties, DeltaTable, Transaction, write_deltalake
from deltalake.exceptions import CommitFailedError

from tests.engines import lakes
from tests.engines.fixtures import s3_environment, s3_flags
from tests.engines.servers import MINIO_REGION, MINIO_USER


@pytest.fixture
def bucket(s3_server):
    """A bucket of the test's own: its client and its name."""
    keys = {"aws_access_key_id": MINIO_USER, "aws_secret_access_key": MINIO_USER, "region_name": MINIO_REGION}
    client = boto3.client("s3", endpoint_url=f"http://{s3_server.address}", **keys)
    name = f"b-{uuid.uuid4().hex}"
    client.create_bucket(Bucket=name)
    return client, name


def test_stories_of_a_bucket_make_the_lake_of_the_same_files(s3_server, bucket, tmp_path):
    client, name = bucket
    for path in sorted(lakes.SEEDS.rglob("*")):
        if path.is_file():
            client.upload_file(str(path), name, f"wires/{path.relative_to(lakes.SEEDS)}")
    lakes.taken(tmp_path / "here", lakes.SEEDS)
    lakes.taken(tmp_path / "there", f"s3://{name}/wires/", *s3_flags(s3_server))
    here, there = (lakes.views(tmp_path / lake) for lake in ("here", "there"))
    for view in ("stories", "latest", "entities", "quotes", "sketches"):
        assert there[view] == here[view]
    assert len(there["deliveries"]) == len(here["deliveries"])
    again = lakes.ingest(tmp_path / "there", f"s3://{name}/wires/", *s3_flags(s3_server))
    assert again.returncode == 0
    assert lakes.views(tmp_path / "there") == there


def test_a_large_object_is_read_in_slices(s3_server, bucket, tmp_path):
    client, name = bucket
    lines = list(lakes.lines(600))
    (tmp_path / "a.jsonl").write_bytes(b"".join(lines))
    client.upload_file(str(tmp_path / "a.jsonl"), name, "a.jsonl")
    lakes.taken(tmp_path / "lake", f"s3://{name}/a.jsonl", *s3_flags(s3_server))
    assert len(lakes.views(tmp_path / "lake")["deliveries"]) == len(lines)


def test_a_bucket_without_such_objects_is_told_in_a_line(s3_server, bucket, tmp_path):
    done = lakes.ingest(tmp_path / "lake", f"s3://{bucket[1]}/none/*.jsonl", *s3_flags(s3_server))
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert "matches no file" in done.stderr
    assert MINIO_USER not in done.stderr


def test_of_two_writers_on_one_snapshot_one_is_refused(s3_server, bucket):
    """By the store's conditional put; what a fence for writers without a lock stands on."""
    options = {**s3_environment(s3_server), "AWS_ALLOW_HTTP": "true", "aws_conditional_put": "etag"}
    url, rows = f"s3://{bucket[1]}/table", pa.table({"n": [1]})
    write_deltalake(url, rows, storage_options=options)
    one, other = (DeltaTable(url, storage_options=options) for _ in range(2))
    claim = CommitProperties(app_transactions=[Transaction("wirelake", 1)])
    write_deltalake(one, rows, mode="append", commit_properties=claim)
    with pytest.raises(CommitFailedError):
        write_deltalake(other, rows, mode="append", commit_properties=claim)
    assert DeltaTable(url, storage_options=options).to_pyarrow_table().num_rows == 2
