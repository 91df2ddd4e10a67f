"""The command line itself: what it prints where, its exit codes, and what it refuses."""

import gzip
import json
import os
import pathlib
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

from pipelines import errors, offline, runs
from pipelines.cli import main, shared

ROOT = pathlib.Path(__file__).resolve().parents[2]
USER_STORY = ROOT / "seeds" / "000_19efda94ec1e927b.txt"

Said = tuple[int, str, str]
Run = Callable[..., Said]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command line in this process: exit code, stdout, stderr."""

    def said(*arguments: str | os.PathLike[str]) -> Said:
        code = main([os.fspath(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return said


def started(*arguments: str, **how: Any) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "pipelines", *arguments], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **how
    )


def json_lines(printed: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in printed.splitlines()]


# What every command has in common


def test_help_is_there_at_once() -> None:
    took = []
    for _ in range(3):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-m", "pipelines", "--help"], cwd=ROOT, check=True, capture_output=True)
        took.append(time.perf_counter() - begun)
    assert min(took) < 0.3


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["qury"], "wirelake: No such command 'qury'. Did you mean 'query'?\n"),
        (["query"], "wirelake: Missing argument 'SQL'.\n"),
        (["query", "select 1", "--jsn-lines"], "wirelake: No such option '--jsn-lines'. Did you mean '--json-lines'?\n"),
        (
            ["ingest", "seeds", "--paralelism", "2"],
            "wirelake: neither wirelake nor Beam knows the flag --paralelism: did you mean --parallelism?\n",
        ),
        (["ingest", "seeds", "--lock-wait", "soon"], "wirelake: Invalid value for '--lock-wait': 'soon' is not a valid float.\n"),
        *(
            (command, "wirelake: no source was given: name a file, a folder, a pattern or a feed; --help says what this command takes\n")
            for command in (["ingest", "--streaming"], ["watch"], ["stream", "--lake", "lake"])
        ),
        (["query", "select 1", "--csv", "--json-lines"], "wirelake: --csv and --json-lines exclude each other: choose one\n"),
        (["explain", "xyz"], "wirelake: 'xyz' is no story id: give at least 6 of its 32 hexadecimal digits\n"),
    ],
)
def test_a_wrong_command_line_is_one_sentence_and_code_2(run: Run, arguments: list[str], sentence: str) -> None:
    assert run(*arguments) == (2, "", sentence)


@pytest.mark.parametrize("command", [["query", "select 1"], ["shell"], ["views"], ["rejected"], ["explain", "123456"], ["doctor"]])
def test_a_missing_lake_is_one_sentence_and_code_2(run: Run, tmp_path: pathlib.Path, command: list[str]) -> None:
    code, out, err = run(*command, "--lake", tmp_path / "none")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"wirelake: {tmp_path}/none: there is no lake here")


def test_no_command_prints_help_and_code_2(run: Run) -> None:
    code, out, err = run()
    assert (code, out) == (2, "")
    assert "Commands:" in err


def failing(error: BaseException) -> Callable[..., None]:
    def fail(*_: object, **__: object) -> None:
        raise error

    return fail


@pytest.mark.parametrize(
    ("error", "code", "sentence"),
    [
        (errors.WirelakeError("the lake is of a newer schema"), 1, "wirelake: the lake is of a newer schema\n"),
        (errors.LockedError("another writer holds the lake"), 4, "wirelake: another writer holds the lake\n"),
        (OSError(28, "No space left on device", "x/y"), 1, "wirelake: x/y: No space left on device\n"),
        (KeyboardInterrupt(), 130, "wirelake: interrupted\n"),
        (KeyError("a"), 1, "wirelake: unexpected KeyError: 'a'; with WIRELAKE_DEBUG=1 it shows where\n"),
    ],
)
def test_every_error_is_one_sentence(run: Run, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, sentence: str) -> None:
    monkeypatch.delenv("WIRELAKE_DEBUG", raising=False)
    monkeypatch.setattr(runs, "ingest", failing(error))
    assert run("ingest", "seeds") == (code, "", sentence)


def test_debugging_shows_where_an_error_came_from(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIRELAKE_DEBUG", "1")
    monkeypatch.setattr(runs, "ingest", failing(KeyError("a")))
    code, _, err = run("ingest", "seeds")
    assert code == 1
    assert err.startswith("Traceback")
    assert err.endswith("wirelake: unexpected KeyError: 'a'\n")


def test_a_reader_that_goes_away_is_no_error(tmp_path: pathlib.Path) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"id": 1, "text": "Oslo"}\n' * 5_000, encoding="utf-8")
    with started("annotate", str(rows)) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


# ingest


def report(**numbers: Any) -> runs.Report:
    return runs.Report(**{"pieces": 4, "stories": 2, "rejected": 2, "inputs": 4, "rejected_reasons": {"bad_json": 2}, **numbers})


@pytest.fixture
def ingested(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Settings with which `ingest` was called, which then does nothing."""
    settings: list[Any] = []

    def ingest(chosen: Any, progress: Any) -> runs.Report:
        settings.extend([chosen, progress])
        return report()

    monkeypatch.setattr(runs, "ingest", ingest)
    return settings


def test_ingest_takes_sources_of_any_spelling_and_flags_in_any_order(run: Run, ingested: list[Any]) -> None:
    code, _, _ = run("ingest", "a b", "--parallelism", "2", "c", "--lake", "l", "--dry-run", "--", "-d", "--lake")
    settings, progress = ingested
    assert code == 0
    assert settings.sources == ("a b", "c", "-d", "--lake")
    assert settings.beam_args[:2] == ("--parallelism", "2")
    assert (settings.lake, settings.dry_run, settings.runner) == ("l", True, "DirectRunner")
    assert progress is None, "no bar where stderr is no terminal"


@pytest.mark.usefixtures("ingested")
def test_ingest_prints_a_summary_json_or_nothing(run: Run) -> None:
    _, summary, _ = run("ingest", "a")
    assert 2 <= summary.count("\n") <= 10
    assert "2 new stories" in summary
    _, printed, _ = run("ingest", "a", "--json")
    assert json.loads(printed)["rejected_reasons"] == {"bad_json": 2}
    assert run("ingest", "a", "--quiet") == (0, "", "")


def test_a_summary_with_many_reasons_adds_up() -> None:
    many = {f"reason_{number}": 10 - number for number in range(8)}
    told = report(rejected=sum(many.values()), rejected_reasons=many).lines()[-1]
    assert told.strip() == "reason_0 10, reason_1 9, reason_2 8, reason_3 7, reason_4 6, reason_5 5, others 7"


def test_what_was_purged_is_not_held_against_a_run() -> None:
    assert report(rejected=3, rejected_reasons={"bad_json": 1, "purged": 2}).rejected_share == 0.25


@pytest.mark.parametrize(("allowed", "code"), [("0.5", 0), ("0.49", 3), ("0", 3), ("1", 0)])
@pytest.mark.usefixtures("ingested")
def test_too_many_rejected_pieces_are_code_3_after_the_summary(run: Run, allowed: str, code: int) -> None:
    got, out, err = run("ingest", "a", "--max-rejected", allowed)
    assert got == code
    assert "2 new stories" in out
    assert err == (
        "" if code == 0 else f"wirelake: 2 of 4 pieces were rejected, more than --max-rejected {allowed}; `wirelake rejected` lists them\n"
    )


def test_ingest_of_a_missing_path_is_code_2_and_makes_no_lake(run: Run, tmp_path: pathlib.Path) -> None:
    code, out, err = run("ingest", tmp_path / "none", "--lake", tmp_path / "lake")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "no such file" in err
    assert not (tmp_path / "lake").exists()


def test_the_progress_bar_follows_what_a_run_says(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with shared.progress_bar(shown=True) as progress:
        assert progress is not None
        progress(50, 200, "3 stories")
        progress(200, 200, "9 stories")
    assert "9 stories: 100%" in capsys.readouterr().err


# parse


def test_parse_prints_one_row_a_file_as_it_was_named(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> None:
    monkeypatch.chdir(tmp_path)
    pathlib.Path("a b.txt").write_bytes(USER_STORY.read_bytes())
    pathlib.Path("two.jsonl").write_text(
        '{"headline": "One", "body": "First."}\n{broken\n{"title": "Two", "text": "Second."}\n', encoding="utf-8"
    )
    code, out, err = run("parse", "a b.txt", "./two.jsonl")
    story, lines = json_lines(out)
    assert code == 0
    assert story["file"] == "a b.txt"
    assert story["error"] is None
    (item,) = story["items"]
    assert item["item_kind"] == "text"
    assert item["dateline"] == "SEOUL -"
    assert item["headline"].startswith("Kim tells Putin")
    assert item["published_at"] == "2024-06-19T00:00:00Z"
    assert item["body"].startswith("North Korea fully supports")
    assert lines["file"] == "./two.jsonl"
    assert [item["headline"] for item in lines["items"]] == ["One", "Two"]
    assert [item["place"] for item in lines["items"]] == ["@0", "@46"]
    assert "bad_json" in lines["error"]
    assert err == "wirelake: 1 of 2 files could not be read whole: see their `error`\n"


def test_parse_reads_into_archives_and_survives_what_is_broken(run: Run, tmp_path: pathlib.Path) -> None:
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(USER_STORY.read_bytes()))
    (tmp_path / "b.gz").write_bytes(gzip.compress(USER_STORY.read_bytes())[:100])
    (tmp_path / "c.txt").write_bytes(b"")
    code, out, _ = run("parse", *sorted(tmp_path.iterdir()))
    whole, broken, empty = json_lines(out)
    assert code == 0
    assert (len(whole["items"]), whole["error"]) == (1, None)
    assert broken["items"] == empty["items"] == []
    assert "gzip" in broken["error"]
    assert empty["error"]


def test_parse_of_a_missing_file_is_code_2(run: Run) -> None:
    assert run("parse", "none.txt") == (2, "", "wirelake: Invalid value for 'FILE...': File 'none.txt' does not exist.\n")


# annotate

TEXT = 'SEOUL - North Korea backs Russia, its leader said.\n\n"We stand together," Kim Jong Un told Vladimir Putin.'
KEYS = ["id", "entities", "quotes", "country", "countries", "dateline_country"]


def annotated(tmp_path: pathlib.Path, run: Run, rows: list[Any], name: str = "rows.jsonl") -> list[dict[str, Any]]:
    data = "".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows).encode()
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    code, out, _ = run("annotate", tmp_path / name)
    assert code == 0
    return json_lines(out)


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.jsonl.gz"])
def test_annotate_prints_a_row_for_each_row_in_order(run: Run, tmp_path: pathlib.Path, name: str) -> None:
    rows = annotated(tmp_path, run, [{"id": number, "text": TEXT} for number in range(offline.BATCH * 2 + 1)], name)
    assert [row["id"] for row in rows] == list(range(offline.BATCH * 2 + 1))
    assert [list(row) for row in rows] == [KEYS] * len(rows)
    assert rows[0]["countries"] == rows[-1]["countries"]


def test_annotate_counts_offsets_in_the_text_as_given(run: Run, tmp_path: pathlib.Path) -> None:
    text = f"  {TEXT}\r\n"
    (row,) = annotated(tmp_path, run, [{"id": "a", "text": text, "body": "ignored", "headline": "ignored"}])
    assert [text[entity["start"] : entity["end"]] for entity in row["entities"]] == [entity["text"] for entity in row["entities"]]
    (kim,) = (entity for entity in row["entities"] if entity["text"] == "Kim Jong Un")
    assert (kim["type"], kim["canonical"]) == ("PER", "Kim Jong Un")
    reported, quote = row["quotes"]
    assert text[reported["start"] : reported["end"]] == "North Korea backs Russia"
    assert text[quote["start"] : quote["end"]].strip('",') == "We stand together"
    assert text[slice(*quote["cue"])] == "told"
    assert text[slice(*quote["speaker"])] == "Kim Jong Un"
    assert (quote["type"], quote["speaker_canonical"], quote["speaker_type"], quote["rule"]) == ("direct", "Kim Jong Un", "PER", "after")
    assert quote["text"] == text[quote["start"] : quote["end"]]
    assert quote["confidence"] > 0.9
    assert row["dateline_country"] == "KR"
    assert row["country"] == row["countries"][0]


def test_annotate_reads_headline_body_and_dateline(run: Run, tmp_path: pathlib.Path) -> None:
    body = "The minister left for Windhoek.\n\nNamibia's parliament meets today."
    with_headline, with_title, bare = annotated(
        tmp_path,
        run,
        [
            {"id": "a", "headline": "Namibia waits", "body": body, "dateline": "WALVIS BAY, Namibia, March 14 (Reuters) -"},
            {"id": "a", "title": "Namibia waits", "body": body, "dateline": "WALVIS BAY, Namibia, March 14 (Reuters) -"},
            {"headline": "Namibia waits"},
        ],
    )
    assert with_headline == with_title
    assert with_headline["dateline_country"] == "NA"
    assert with_headline["countries"] == ["NA"]
    assert all(body[entity["start"] : entity["end"]] == entity["text"] for entity in with_headline["entities"])
    assert (bare["id"], bare["country"], bare["entities"]) == (None, "NA", [])


def test_annotate_says_in_its_place_what_is_wrong_with_a_row(run: Run, tmp_path: pathlib.Path) -> None:
    rows = annotated(
        tmp_path, run, [{"id": 1, "text": "Oslo."}, "{broken", "[1]", {"id": 4}, {"id": 5, "text": 7}, "", {"id": 7, "text": ""}]
    )
    assert [row["id"] for row in rows] == [1, None, None, 4, 5, 7]
    assert ["error" in row for row in rows] == [False, True, True, True, True, False]
    assert rows[1]["error"].startswith("line 2: not JSON")
    assert rows[2]["error"] == "line 3: an object was expected, not list"
    assert rows[4]["error"] == "line 5: text is not a text"


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_annotate_reads_standard_input_as_it_comes(pack: Callable[[bytes], bytes]) -> None:
    with started("annotate", "-", stdin=subprocess.PIPE) as process:
        out, err = process.communicate(pack(b'{"id": 1, "headline": "Norway waits"}\n'), timeout=60)
    assert (process.returncode, err) == (0, b"")
    assert json.loads(out)["country"] == "NO"


def test_annotate_fails_where_no_row_can_be_read(run: Run, tmp_path: pathlib.Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"\x00\x01\n\xff\xfe\n")
    code, out, err = run("annotate", tmp_path / "a.bin")
    assert code == 1
    assert ["error" in row for row in json_lines(out)] == [True, True]
    assert err == f"wirelake: {tmp_path}/a.bin: none of its rows could be read, which are to be JSON lines: see their `error`\n"


def test_annotate_of_broken_gzip_is_one_sentence(run: Run, tmp_path: pathlib.Path) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(b'{"id": 1, "text": "Oslo"}\n' * 9)[:-9])
    code, _, err = run("annotate", tmp_path / "a.gz")
    assert code == 1
    assert err.startswith(f"wirelake: {tmp_path}/a.gz: the gzip data is broken")


def test_annotate_of_a_missing_file_is_code_2(run: Run) -> None:
    assert run("annotate", "none.jsonl") == (2, "", "wirelake: none.jsonl: no such file\n")
