"""A run of which helpers do a share writes what a run without them writes."""

import json
from pathlib import Path

import pyarrow.dataset as ds
import pytest

from pipelines import rounds, runs
from pipelines.lake.tables import Tables
from pipelines.options import settings_from
from transforms import helpers

ROWS, STORIES = 300, 250
FROM_RUN = {"run", "received_at"}


@pytest.fixture
def stories(tmp_path: Path) -> Path:
    """A file of stories, some of which come twice, and one line that is no story."""
    path = tmp_path / "stories.jsonl"
    body = 'OSLO, March 4 (AFP) - Ferry {} stayed in port.\n\n"The ice is {} feet thick," Kari Berg of the Coast Guard said in Norway.'
    rows = [{"id": str(number), "date": "2024-03-04", "body": body.format(number % STORIES, number % STORIES)} for number in range(ROWS)]
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows) + "{no story\n")
    return path


def taken_in(stories: Path, lake: Path) -> dict[str, list[str]]:
    """All rows of the lake that a file of stories makes, by table, without what tells one run from another."""
    report = runs.ingest(settings_from([str(stories)], lake=str(lake)))
    assert (report.stories, report.again, report.rejected) == (STORIES, ROWS - STORIES, 1)
    tables, found = Tables(lake), {}
    for name in ("stories", "entities", "quotes", "sketches", "ids", "deliveries", "rejected"):
        rows = ds.dataset([str(path) for path in tables.paths(name)]).to_table().to_pylist()
        found[name] = sorted(repr({key: value for key, value in row.items() if key not in FROM_RUN}) for row in rows)
    return found


def test_helpers_change_nothing(stories: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = taken_in(stories, tmp_path / "alone")
    monkeypatch.setattr(helpers, "_cores", lambda: 2)
    monkeypatch.setattr(rounds, "_HELPED_BYTES", 0)
    given: list[bool] = []
    offered = helpers._offered
    monkeypatch.setattr(helpers, "_offered", lambda work, job: (given.append(bool(answer := offered(work, job))), answer)[1])
    try:
        helpers.start()
        helpers.ready(60)
        assert taken_in(stories, tmp_path / "helped") == alone
    finally:
        helpers.end()
    assert any(given)
    assert all(alone.values())


def test_a_small_run_starts_none(stories: Path, tmp_path: Path) -> None:
    taken_in(stories, tmp_path / "lake")
    assert not helpers.there_are()
