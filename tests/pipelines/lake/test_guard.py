"""No statement writes into the folder of a lake, and all others run."""

import pathlib

import pytest

from pipelines.errors import UsageError
from pipelines.lake.guard import refuse_writes_into
from pipelines.lake.place import Place

REFUSED = [
    "copy (select 1) to '{lake}/stories/x.parquet'",
    "COPY stories TO '{lake}' (format parquet, partition_by (date), overwrite)",
    "copy stories to '{above}' (format parquet, partition_by (date), overwrite)",
    "copy (select ')' as a, 'to' as b) to '{lake}/x.csv'",
    "select 1; copy t to 'file://{lake}/x.csv'",
    "copy t to 'lake/../lake/x.csv'",
    "copy t to 'link/x.csv'",
    'copy t to "{lake}/it\'s.csv"',
    "/* to */ copy t /* to 'y.csv' */ to '{lake}/x.csv'",
    "explain analyze copy t to '{lake}/x.csv'",
    "prepare p as copy t to '{lake}/x.csv'",
    "copy t to 'é' || '{lake}'",
    "copy t to $1",
    "copy t to $$x$$",
    "attach '{lake}/x.db' as x",
    "export database '{lake}'",
]
ALLOWED = [
    "copy (select * from read_parquet('{lake}/stories/*/*/*.parquet')) to '{other}/x.csv' (header)",
    "copy t to 'x.csv'; select 'to', '{lake}'",
    "copy t from '{lake}/x.csv'",
    "copy from database x to y",
    "attach '{other}/x.db' as x; select '{lake}'",
    "attach ':memory:' as x",
    "export database '{other}' (format parquet)",
    "select 'copy t to', '{lake}' as copy",
    "-- copy t to '{lake}/x.csv'",
    "create table t as from read_csv('{lake}/x.csv')",
    "",
]


@pytest.fixture
def places(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, pathlib.Path]:
    (tmp_path / "above" / "lake").mkdir(parents=True)
    (tmp_path / "above" / "link").symlink_to(tmp_path / "above" / "lake")
    (tmp_path / "other").mkdir()
    monkeypatch.chdir(tmp_path / "above")
    return {"lake": tmp_path / "above" / "lake", "above": tmp_path / "above", "other": tmp_path / "other"}


@pytest.mark.parametrize("query", REFUSED)
def test_what_is_aimed_at_the_lake_is_refused(places: dict[str, pathlib.Path], query: str) -> None:
    with pytest.raises(UsageError, match=r"the lake lies there|must not lie in the lake"):
        refuse_writes_into(places["lake"], query.format(**places))


@pytest.mark.parametrize("query", ALLOWED)
def test_all_else_is_left_to_duckdb(places: dict[str, pathlib.Path], query: str) -> None:
    refuse_writes_into(places["lake"], query.format(**places))


@pytest.mark.parametrize(("target", "is_refused"), [("s3://b/lake/x.csv", True), ("s3a://b/lake", True), ("s3://b/lake2/x.csv", False)])
def test_a_lake_in_a_store_is_kept_as_well(target: str, is_refused: bool) -> None:
    if not is_refused:
        refuse_writes_into(Place("s3://b/lake"), f"copy t to '{target}'")
        return
    with pytest.raises(UsageError):
        refuse_writes_into(Place("s3://b/lake"), f"copy t to '{target}'")
