"""Quotations of texts that are broken in every way: `python tests/bench/quotes_fuzz.py [--strings 1000000] [--seed N] [--processes 2]`.

Every text of `mutated_texts.py` goes through `find_quotes`, every tenth with the names that `find_entities` finds in it. None may raise or
take more than 50 ms of processor time (more where the machine is slower than usual just now, `pace.py`), and every span has to tell the
truth. Prints the first texts that fail, how many were read a second, and the slowest.

Ends with 1 where any text fails."""

import argparse
import collections
import itertools
import multiprocessing
import pathlib
import sys
import time
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

ROOT = pathlib.Path(__file__).resolve().parents[2]
CPU_SECONDS = 0.05
"""Of one text, at most: the best of `TRIES`, since a shared machine may take the time of any one."""
TRIES = 3
NAMES_OF = 10
"""Every so many texts come with their names."""
CHUNK = 2_000
SHOWN, SHOWN_CHARACTERS = 20, 300
"""Failing texts that are printed, and how much of each."""

Row = dict[str, Any]


class Failure(NamedTuple):
    """A text that failed: its number, what was wrong, and the text."""

    number: int
    fault: str
    text: str

    def line(self) -> str:
        """For people; any characters at all can be printed."""
        text = self.text if len(self.text) <= SHOWN_CHARACTERS else f"{self.text[:SHOWN_CHARACTERS]}... ({len(self.text):,} characters)"
        return f"{self.number}: {self.fault}\n    {text!a}"


class Read(NamedTuple):
    """What came of a chunk of texts: how many, their failures, the quotations found, and the slowest (seconds, number)."""

    texts: int
    failures: list[Failure]
    quotes: collections.Counter[str]
    slowest: tuple[float, int]


def main(arguments: list[str] | None = None) -> int:
    """Runs the campaign; the exit code."""
    parser = argparse.ArgumentParser(description="Quotations of mutated texts.")
    parser.add_argument("--strings", type=int, default=1_000_000, help="how many texts")
    parser.add_argument("--seed", type=int, default=1, help="other numbers give other texts")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args(arguments)
    started = time.perf_counter()
    failed, slowest, quotes = 0, (0.0, 0), collections.Counter[str]()
    for chunk in _chunks(options.strings, options.seed, options.processes):
        for failure in chunk.failures[: max(0, SHOWN - failed)]:
            print(failure.line(), flush=True)
        failed += len(chunk.failures)
        quotes += chunk.quotes
        slowest = max(slowest, chunk.slowest)
    took = time.perf_counter() - started
    print(f"{options.strings:,} strings of seed {options.seed}, {options.strings / took:,.0f} a second")
    print(f"{quotes.total():,} quotations: " + ", ".join(f"{count:,} {kind}" for kind, count in quotes.most_common()))
    print(f"slowest: string {slowest[1]}, {slowest[0] * 1e3:.1f} ms of processor time (at most {CPU_SECONDS * 1e3:.0f} ms are allowed)")
    print(f"{failed:,} failed")
    return 1 if failed else 0


def _chunks(strings: int, seed: int, processes: int) -> Iterator[Read]:
    sys.path.insert(0, str(ROOT))
    work = [(seed, low, min(strings, low + CHUNK)) for low in range(0, strings, CHUNK)]
    if processes == 1:
        yield from itertools.starmap(read, work)
        return
    with multiprocessing.Pool(processes) as pool:
        yield from pool.imap_unordered(_read, work)


def _read(work: tuple[int, int, int]) -> Read:
    return read(*work)


def read(seed: int, low: int, high: int) -> Read:
    """Reads the texts of a seed from number `low` to before `high`."""
    from tests.bench.mutated_texts import Texts

    texts = Texts(seed)
    failures: list[Failure] = []
    quotes: collections.Counter[str] = collections.Counter()
    slowest = (0.0, low)
    _found(texts.text(low), [], False)
    for number in range(low, high):
        text = texts.text(number)
        try:
            names = _names(text) if number % NAMES_OF == 0 else []
            rows, took = _found(text, names, number % 2 == 0)
            fault = f"{took * 1e3:.0f} ms" if took > CPU_SECONDS else next(faults(text, names, rows), None)
        except Exception as error:  # noqa: BLE001
            # Whatever it is: the text is shown with it, and the rest are read.
            rows, took, fault = [], 0.0, f"{type(error).__name__}: {error}"
        if fault is not None:
            failures.append(Failure(number, fault, text))
        quotes.update(row["type"] for row in rows)
        slowest = max(slowest, (took, number))
    return Read(high - low, failures, quotes, slowest)


def _names(text: str) -> list[Row]:
    from transforms.text.names import find_entities
    from transforms.text.places import find_places

    return find_entities("", text, find_places(text))


def _found(text: str, names: Sequence[Row], fragments: bool) -> tuple[list[Row], float]:
    """The quotations of a text, and the processor time that they took."""
    from tests.bench.pace import slowness
    from transforms.text.quotes import find_quotes

    best = float("inf")
    for _ in range(TRIES):
        started = time.process_time()
        rows = find_quotes(text, names, fragments)
        took = time.process_time() - started
        best = min(best, took if took <= CPU_SECONDS else took / slowness())
        if best <= CPU_SECONDS:
            break
    return rows, best


def faults(text: str, names: Sequence[Row], rows: Sequence[Row]) -> Iterator[str]:
    """What is wrong with the quotations of a text."""
    known = {name["canonical"] for name in names}
    for row in rows:
        yield from (f"{fault} in {row}" for fault in _faults(text, known, row))
    starts = [row["span_start"] for row in rows]
    if starts != sorted(starts):
        yield f"out of order: {starts}"
    stretches = sorted(_span(frag) for row in rows for frag in row["frags"])
    if any(after[0] < before[1] for before, after in itertools.pairwise(stretches)):
        yield f"stretches overlap: {stretches}"


def _faults(text: str, known: set[str], row: Row) -> Iterator[str]:
    start, end = _span(row)
    stretches = [_span(frag) for frag in row["frags"]]
    if not 0 <= start < end <= len(text) or row["text"] != text[start:end]:
        yield "text is not that of its span"
    if not stretches or (start, end) != (stretches[0][0], stretches[-1][1]):
        yield "stretches do not fill the span"
    if any(low >= high for low, high in stretches) or any(after[0] < before[1] for before, after in itertools.pairwise(stretches)):
        yield "stretches out of order"
    for name in ("cue", "speaker"):
        low, high = row[f"{name}_start"], row[f"{name}_end"]
        if row[name] is None:
            if low is not None or high is not None:
                yield f"a span of no {name}"
        elif not 0 <= low < high <= len(text) or row[name] != text[low:high]:
            yield f"{name} is not that of its span"
    if row["type"] not in ("direct", "indirect", "mixed", "fragment") or not row["rule"] or not 0 <= row["confidence"] <= 1:
        yield "type, rule or confidence"
    if row["speaker_canonical"] is not None and row["speaker_canonical"] not in known:
        yield "a speaker who is no name of the text"
    if (row["speaker"] is None) != (row["speaker_type"] is None):
        yield "a speaker without a type, or the reverse"


def _span(row: Row) -> tuple[int, int]:
    return row["span_start"], row["span_end"]


if __name__ == "__main__":
    sys.exit(main())
