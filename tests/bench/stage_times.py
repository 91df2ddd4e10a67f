"""Times the work of each stage on a sample, in one process, without Beam: `stage_times.py STORIES.jsonl WORK_DIR`, JSON lines.

What a stage needs is loaded before its clock starts (tables load at their first use, so one batch is done before). The peak is the
process' own resident memory during the stage, what earlier stages left included; the results of the sample are held throughout."""

import datetime as dt
import json
import pathlib
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

ROOT = pathlib.Path(__file__).resolve().parents[2]
WARM_UP = 64
BATCH = 64
"""Stories that the annotators get at once, as in the pipeline."""

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
RUN = "0" * 32

Stage = Callable[[Sequence[Any]], list[Any]]


def main(stories: str, work: str) -> None:
    """Runs all stages one after the other, each on the results of the one before."""
    sys.path.insert(0, str(ROOT))
    print(json.dumps({"stage": "start", "stories": 0, "seconds": 0, "peak_mb": peak_mb()}), flush=True)
    data: list[Any] = pathlib.Path(stories).read_bytes().splitlines(keepends=True)
    for name, stage in (("parse", parse), ("clean", clean), ("annotate", annotate), ("write", writer(work))):
        stage(data[:WARM_UP])
        reset_peak()
        started = time.perf_counter()
        data = stage(data)
        seconds = time.perf_counter() - started
        print(json.dumps({"stage": name, "stories": len(data), "seconds": seconds, "peak_mb": peak_mb()}), flush=True)


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
    """Pieces to validated rows of `stories`, with their ids."""
    from transforms.clean import story_row

    return [story_row(piece, RUN, NOW) for piece in pieces]


def annotate(stories: Sequence[Any]) -> list[Any]:
    """Stories, each with what was found in it."""
    from transforms.text.annotate import annotate as annotate_batch

    found: list[Any] = []
    for start in range(0, len(stories), BATCH):
        found += annotate_batch(stories[start : start + BATCH])
    return list(zip(stories, found, strict=True))


def writer(work: str) -> Stage:
    """The stage that writes stories, entities and quotations as sorted parts, one a partition, through the codec of the shuffles."""

    def write(annotated: Sequence[Any]) -> list[Any]:
        from schemas import TABLES, decode, encode
        from transforms.write_parts import in_order, partition_path, write_part

        by_path: dict[tuple[str, str], list[Any]] = {}
        for table, row in _rows(annotated):
            by_path.setdefault((table, partition_path(table, row)), []).append(row)
        schemas = {table: TABLES[table].arrow_schema() for table in ("stories", "entities", "quotes")}
        for (table, path), rows in by_path.items():
            folder = pathlib.Path(work) / path
            folder.mkdir(parents=True, exist_ok=True)
            write_part(str(folder / f"{len(annotated)}.parquet"), in_order(table, decode([encode(rows, schemas[table])])))
        return list(annotated)

    return write


def _rows(annotated: Sequence[Any]) -> Iterator[tuple[str, Any]]:
    """(table, row) of all that was found."""
    for story, found in annotated:
        here = {"story_id": story["story_id"], "run": RUN, "date": story["date"], "country": found.country}
        yield "stories", {**story, "country": found.country, "countries": found.countries, "entities_tier": found.entities_tier}
        for entity in found.entities:
            yield "entities", entity | here
        for quote in found.quotes:
            # The id of a quotation is a hash, whichever: only its length counts here.
            yield "quotes", quote | here | {"quote_id": RUN}


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
