"""Stories of the lake that a new one may touch: of whole dates those that the window reaches, whichever of the two is known by the day."""

import datetime as dt
import pathlib

import pyarrow as pa
import pytest

from schemas import TABLES
from tests.transforms.test_neighbours import BODY, Row, told
from transforms import part_index
from transforms.candidates import New
from transforms.neighbours import sketch_table
from transforms.part_index import LakeParts
from transforms.relate import decide
from transforms.write_parts import write_part

LONGER = f"{BODY} The island of Selm gets its mail by sea again from Friday, its postmaster said."


def story(number: int, when: str, body: str = BODY) -> tuple[Row, Row]:
    """A story of another provider each, known by the second or, where no hour is given, by the day."""
    precision = "second" if "T" in when else "day"
    at = dt.datetime.fromisoformat(when).replace(tzinfo=dt.UTC)
    changes = {"published_at": at, "published_precision": precision, "date": at.date(), "provider": f"P{number}"}
    return told(number, body, **changes)


def lake_of(folder: pathlib.Path, *stories: tuple[Row, Row]) -> LakeParts:
    """A lake of some stories, a part each."""
    schema = TABLES["ids"].arrow_schema()
    sketches: dict[str, tuple[str, ...]] = {}
    ids = []
    for number, (row, sketch) in enumerate(stories):
        at = str(folder / "ids" / f"bucket=0/{number}.parquet")
        pathlib.Path(at).parent.mkdir(parents=True, exist_ok=True)
        write_part(at, pa.Table.from_pylist([row], schema=schema).drop_columns(["bucket"]))
        ids.append(at)
        date = row["date"].isoformat()
        at = str(folder / "sketches" / f"date={date}/{number}.parquet")
        pathlib.Path(at).parent.mkdir(parents=True, exist_ok=True)
        write_part(at, sketch_table([sketch]).append_column("content_hash", pa.array([row["content_hash"]])))
        sketches[date] = (*sketches.get(date, ()), at)
    return LakeParts(ids={"0": tuple(ids)}, sketches=sketches)


def joined(folder: pathlib.Path, new: tuple[Row, Row], *old: tuple[Row, Row]) -> list[int]:
    """The old stories that come into one cluster with a new one."""
    rows = list(decide(New([new[0]], sketch_table([new[1]])), "1" * 32, lake_of(folder, *old)))
    (cluster,) = (row["cluster_id"] for table, row in rows if table == "ids" and row["story_id"] == new[0]["story_id"])
    changed = {row["story_id"] for table, row in rows if table == "ids" and row["cluster_id"] == cluster}
    return [number for number, (row, _) in enumerate(old) if row["story_id"] in changed or row["story_id"] == cluster]


@pytest.mark.parametrize(
    ("new", "old", "is_near"),
    [
        ("2024-06-19T10:00", "2024-06-16T10:00", True), ("2024-06-19T10:00", "2024-06-16T09:59", False),
        ("2024-06-19T10:00", "2024-06-22T10:00", True), ("2024-06-19T10:00", "2024-06-22T10:01", False),
        ("2024-06-19T00:00", "2024-06-15", True), ("2024-06-19T00:01", "2024-06-15", False),
        ("2024-06-19T10:00", "2024-06-23", True), ("2024-06-19T10:00", "2024-06-24", False),
        ("2024-06-19", "2024-06-15T00:00", True), ("2024-06-19", "2024-06-23T00:00", True), ("2024-06-19", "2024-06-23T00:01", False),
        ("2024-06-19", "2024-06-14", True), ("2024-06-19", "2024-06-24", True), ("2024-06-19", "2024-06-25", False),
    ],
)  # fmt: skip
@pytest.mark.parametrize("body", [BODY, LONGER])
def test_the_window_reaches_whole_dates_as_far_as_both_are_known(tmp_path, body, new, old, is_near) -> None:
    assert joined(tmp_path, story(1, new), story(2, old, body)) == ([0] if is_near else [])


def test_stories_of_several_lots_are_found(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(part_index, "LOT_ROWS", 2)
    words = [" ".join(f"word{number}x{place}" for place in range(90)) for number in range(5)]
    strangers = [story(10 + number, "2024-06-18T10:00", f"{BODY.split('.')[0]}. {told}.") for number, told in enumerate(words)]
    old = [*strangers, story(2, "2024-06-18T09:00", LONGER), story(3, "2024-06-20T09:00", f"{LONGER} Bells rang.")]
    assert joined(tmp_path, story(1, "2024-06-19T10:00"), *old) == [5, 6]
