"""docs/operations.md: what it says to type in a shell does what it says."""

import pathlib
import re
import shlex
import subprocess

import pytest

from pipelines.cli import main
from tests.pipelines.asking import asked
from tests.pipelines.lines import story, write_lines

PAGE = (pathlib.Path(__file__).resolve().parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```bash\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)


def run(block: str) -> None:
    """Its lines in the working folder; those of wirelake in this process, which has all that they need."""
    for line in block.splitlines():
        if line.startswith("wirelake "):
            assert main(shlex.split(line)[1:]) == 0, line
        else:
            subprocess.run(["bash", "-eu", "-c", line], timeout=60, check=True)


def test_a_copy_is_whole_and_a_restored_one_takes_what_came_since(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "incoming").mkdir()
    write_lines(tmp_path / "incoming" / "a.jsonl", [story(1)])
    ingest = ["ingest", "incoming", "--lake", "lake", "--quiet"]
    assert main(ingest) == 0
    backup, restore = BLOCKS
    run(backup)
    assert "no problem found" in capsys.readouterr().out
    write_lines(tmp_path / "incoming" / "b.jsonl", [story(2), story(3)])
    assert main(ingest) == 0
    before = asked("lake", "select story_id, headline from latest order by all")
    assert len(before) == 3
    (tmp_path / "lake" / "stories" / "_delta_log" / f"{0:020d}.json").write_text("broken")
    assert main(["doctor", "--lake", "lake"]) == 1
    capsys.readouterr()
    run(restore)
    assert "2 new stories" in capsys.readouterr().out
    assert asked("lake", "select story_id, headline from latest order by all") == before
