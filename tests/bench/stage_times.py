"""Times the work of each stage on a sample: `stage_times.py STORIES.jsonl WORK_DIR`, JSON lines. Processor time, in one process, no Beam.

What a stage needs is loaded before its clock starts (tables load at their first use, so one batch is done before). The peak is the
process' own resident memory during the stage, what earlier stages left included; the results of the sample are held throughout."""

import datetime as dt
import itertools
import json
import pathlib
import resource
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

ROOT = pathlib.Path(__file__).resolve().parents[2]
WARM_UP = 64
BUFFER = 512
"""Rows that a shuffle carries in one buffer, as in the pipeline."""

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
RUN = "0" * 32

Stage = Callable[[Sequence[Any]], list[Any]]


def main(stories: str, work: str) -> None:
    """Runs all stages one after the other, each on the results of the one before."""
    sys.path.insert(0, str(ROOT))
    print(json.dumps({"stage": "start", "stories": 0, "seconds": 0, "peak_mb": peak_mb()}), flush=True)
    data: list[Any] = pathlib.Path(stories).read_bytes().splitlines(keepends=True)
    from transforms.extract_quotes import ExtractQuotes
    from transforms.locate import Locate
    from transforms.sketch_stories import SketchStories
    from transforms.tag_entities import TagEntities

    stages: dict[str, Stage] = {"parse": parse, "clean": clean, "deduplicate": deduplicate, "sketch": step(SketchStories())}
    stages |= {"locate": step(Locate()), "names": step(TagEntities()), "quotations": step(ExtractQuotes())}
    stages |= {"relate": relate, "write": writer(work)}
    for name, stage in stages.items():
        stage(data[:WARM_UP] if name in ("parse", "clean", "deduplicate") else data[:1])
        reset_peak()
        started = time.process_time()
        data = stage(data)
        seconds = time.process_time() - started
        held = sum(len(each) for each in data) if isinstance(data[0], list) else len(data)
        print(json.dumps({"stage": name, "stories": held, "seconds": seconds, "peak_mb": peak_mb()}), flush=True)


def parse(lines: Sequence[bytes]) -> list[Any]:
    """Lines to pieces, as `transforms.parse` does it."""
    from schemas import Origin
    from transforms.ledger import delivery
    from transforms.parse import Piece
    from transforms.text import formats

    pieces = []
    for number, line in enumerate(lines):
        origin = Origin(source_uri="bench.jsonl", place=f"@{number}", received_at=NOW)
        for index, parsed in enumerate(formats.parse(line, origin.place)):
            pieces.append(Piece(origin, delivery(origin, RUN, index), parsed))
    return pieces


def clean(pieces: Sequence[Any]) -> list[Any]:
    """Pieces to validated rows of `stories`, with their ids, and their deliveries."""
    from transforms.clean import Cleaned, story_row

    stories = [story_row(piece, RUN, NOW) for piece in pieces]
    told = ({**piece.delivery, "versioncreated": story["versioncreated"]} for piece, story in zip(pieces, stories, strict=True))
    return list(map(Cleaned, stories, told))


def deduplicate(cleaned: Sequence[Any]) -> list[Any]:
    """Stories and deliveries through the codec of the shuffle to one of each, in the batches that annotators get."""
    from schemas import decode, encode
    from transforms.deduplicate import SCHEMA, STORIES_A_BATCH, keep_first

    rows = [{"story": each.story, "delivery": each.delivery} for each in cleaned]
    lots = [encode(rows[start : start + BUFFER], SCHEMA) for start in range(0, len(rows), BUFFER)]
    held, _ = keep_first(decode(lots).to_pylist(), set())
    return [held[start : start + STORIES_A_BATCH] for start in range(0, len(held), STORIES_A_BATCH)]


def step(composite: Any) -> Stage:
    """The stage that takes batches through one of the annotators."""

    def work(batches: Sequence[Any]) -> list[Any]:
        step = composite.step
        for batch in batches:
            step.work(batch)
            for held in batch if step.then else ():
                step.then(held)
        return list(batches)

    return work


def relate(batches: Sequence[Any]) -> list[Any]:
    """The stage that decides what is one story, for all of them at once, beside an empty lake."""
    from transforms.candidates import New
    from transforms.neighbours import sketch_table
    from transforms.part_index import LakeParts
    from transforms.relate import decide
    from transforms.rows import id_rows

    rows: dict[str, list[Any]] = {"ids": [], "sketches": [], "notices": []}
    for batch in batches:
        for table, row in id_rows(batch):
            rows[table].append(row)
    list(decide(New(rows["ids"], sketch_table(rows["sketches"]), rows["notices"]), RUN, LakeParts()))
    return list(batches)


def writer(work: str) -> Stage:
    """The stage that writes all rows of stories as sorted parts, one a partition, through the codec of the shuffles."""

    def write(batches: Sequence[Any]) -> list[Any]:
        from schemas import TABLES, decode, encode
        from transforms.rows import id_rows, story_rows
        from transforms.write_parts import in_order, partition_path, write_part

        by_path: dict[tuple[str, str], list[Any]] = {}
        for batch in batches:
            ids = (each for each in id_rows(batch) if each[0] == "ids")
            for table, row in itertools.chain(story_rows(batch), ids):
                by_path.setdefault((table, partition_path(table, row)), []).append(row)
        for (table, path), rows in by_path.items():
            folder = pathlib.Path(work) / path
            folder.mkdir(parents=True, exist_ok=True)
            part = in_order(table, decode([encode(rows, TABLES[table].arrow_schema())]))
            write_part(str(folder / f"{len(batches)}.parquet"), part)
        return list(batches)

    return write


def reset_peak() -> None:
    """Starts the peak anew where the system can (Linux: proc(5), clear_refs 5); elsewhere peaks only ever rise."""
    try:
        pathlib.Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return


def peak_mb() -> float:
    """The greatest resident memory of this process so far, or since `reset_peak`, in MiB."""
    try:
        status = pathlib.Path("/proc/self/status").read_text()
        return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM:"))
    except (OSError, StopIteration):
        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20


if __name__ == "__main__":
    main(*sys.argv[1:3])
