"""Where a lake lies, and what is said of a place that cannot be one."""

import os
from pathlib import Path

import pytest
from apache_beam.options.pipeline_options import PipelineOptions

from pipelines.errors import UsageError, WirelakeError, plainly
from pipelines.lake.place import Place, delta_options, lake_at
from transforms import store
from transforms.write_parts import staged_at


def test_a_path_is_a_folder_and_a_url_a_place_in_a_store(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert lake_at("lake") == Path.cwd() / "lake"
    assert lake_at("s3://bucket//a/lake/") == Place("s3://bucket/a/lake")
    assert delta_options(tmp_path) is None


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ("", "is empty"),
        ("http://host/lake", "a folder of this machine or in an object store"),
        ("s3://bucket", "needs a folder in the bucket"),
        ("s3:///lake", "needs a folder in the bucket"),
        ("/tmp/100%25", "percent sign"),
        ("s3://bucket/100%25", "percent sign"),
    ],
)
def test_what_cannot_be_a_lake_is_told(wrong, why):
    with pytest.raises(UsageError, match=why):
        lake_at(wrong)


def test_the_extra_is_named_where_it_is_missing(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(UsageError, match=r"install wirelake\[s3\]"):
        lake_at("s3://bucket/lake")


def test_a_part_waits_in_staging_on_a_disk_and_in_its_place_in_a_store():
    path = "stories/date=2024-06-19/country=KP/run-1.parquet"
    assert staged_at("/lake/_staging/run", path) == "/lake/_staging/run/run-1.parquet"
    assert staged_at("s3://bucket/a/_staging/b/_staging/run", path) == f"s3://bucket/a/_staging/b/{path}"


def test_flags_of_beam_become_part_of_the_environment_and_what_they_leave_out_stays(monkeypatch):
    monkeypatch.setattr(os, "environ", {"AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "mine"})
    store.use_flags(PipelineOptions(["--s3_endpoint_url", "http://host:9000", "--s3_access_key_id", "other"]))
    assert os.environ == {"AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "other", "AWS_ENDPOINT_URL": "http://host:9000"}
    assert (store.endpoint(), store.region()) == ("http://host:9000", "eu-central-1")


def test_what_a_client_of_a_store_draws_is_told_in_a_line():
    drawn = "Kernel error -> Generic S3 error\n \x1b[31m\u21b3\x1b[0m Error performing GET http://host/x\n   \x1b[31m\u21b3\x1b[0m refused"
    with pytest.raises(WirelakeError) as told, plainly("s3://bucket/lake"):
        raise OSError(drawn)
    assert "(Kernel error -> Generic S3 error Error performing GET http://host/x refused)" in str(told.value)
    with pytest.raises(OSError, match="Kernel error"), plainly("/lake"):
        raise OSError(drawn)
