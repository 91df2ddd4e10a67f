"""The bench of duplicates runs, and counts rightly."""

import json
import pathlib

import pytest

from tests.bench import duplicates

BODY = "The harbour of Northport opened on Tuesday after a winter of repairs, the port office said. Two ferries left with 340 passengers."
OTHER = "Rain fell over the southern valleys all night and the river rose by a metre, the weather service of Selm reported at dawn."


def test_it_runs_on_a_file_of_stories(tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        ("Harbour opens", BODY, "a", "original"),
        ("Harbour open", f"{BODY} More ferries follow.", "a", "version"),
        ("Rain", OTHER, "b", "single"),
    ]
    file = tmp_path / "stories.jsonl"
    file.write_text(
        "".join(
            json.dumps({"headline": h, "body": b, "date": "2024-06-19T10:00:00Z", "cluster": c, "relation": r}) + "\n"
            for h, b, c, r in rows
        )
    )
    assert duplicates.main(["--stories", str(file)]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("3 stories of ")
    assert "wirelake" in printed
    assert "pairwise F1 1.000   lone stories joined  0.0 %" in printed


def test_a_missing_file_is_a_wrong_use(tmp_path: pathlib.Path) -> None:
    assert duplicates.main(["--stories", str(tmp_path / "none")]) == 2


@pytest.mark.parametrize(
    ("pairs", "f1", "joined"), [([], "0.000", "0.0"), ([(0, 1)], "1.000", "0.0"), ([(0, 1), (1, 2)], "0.500", "100.0")]
)
def test_quality_is_of_clusters(pairs: list[tuple[int, int]], f1: str, joined: str) -> None:
    stories = [duplicates.Story("", {}, cluster, alone) for cluster, alone in (("a", False), ("a", False), ("b", True))]
    said = duplicates.quality(stories, pairs)
    assert f"F1 {f1}" in said
    assert f"{joined} %" in said
