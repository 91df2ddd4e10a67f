"""The bench: `python tests/bench/run.py [--sizes 1000,10000,100000]`.

Ingests generated stories, each size in a fresh process into a lake of its own, and prints stories/s and peak memory; then the same for
each stage on a sample; then, where its needs are at hand, those of the script that a competent user would write instead (spaCy, datasketch,
pyarrow), on the same stories in the same run, with the ratio. Start-up (imports, tables, models, compiled kernels) is left out of the rates
on both sides and printed beside them. The script lies outside the project, in `../shared/eval/perf`; it needs a Python that has spaCy,
datasketch, pycountry and pyarrow (`--peer-python`) and the folder of an English md model (`--spacy-model`).

The promise: on two cores 5,000 stories (`--sizes 5000`) are taken in at least `PROMISED` times as fast as by the script.

Ends with 1 where peak memory at the largest size is more than 1.3 times that at the size before it that is at least 10,000."""

import argparse
import dataclasses
import json
import os
import pathlib
import platform
import re
import subprocess
import sys
import tempfile
import time

import generated_stories
from pace import Pace

ROOT = pathlib.Path(__file__).resolve().parents[2]
STAGES = pathlib.Path(__file__).with_name("stage_times.py")
INGEST = pathlib.Path(__file__).with_name("ingest_time.py")
PEER = ROOT.parent / "shared" / "eval" / "perf" / "straight_script.py"
PEER_NEEDS = ("spacy", "datasketch", "pycountry", "pyarrow")

PROMISED = 12

WARM_UP = 64
"""Stories that a process takes in before its clock starts, of another seed than those that are timed."""

MAX_GROWTH = 1.3
"""Of peak memory from ten thousand stories to a hundred thousand: large inputs are taken in chunks."""

FLAT_FROM = 10_000
"""Below so many stories a run is one chunk, and its memory says nothing about growth."""

REPEATS = 3
"""Processes in which a run of fewer is timed, of which the one in the middle counts: it takes seconds, and machines have other work."""

FAILED_LINES = 15


@dataclasses.dataclass(frozen=True)
class Measured:
    """Work, timed without the start-up of its process: how long it took, by the clock and of all cores, and what was held at most."""

    seconds: float
    cpu_seconds: float
    peak_mb: float
    start: float = 0.0
    printed: str = ""
    pace: float = 1.0
    """How many times slower than usual the machine was meanwhile (`pace.py`)."""

    def without(self, start: float) -> "Measured":
        """The same process without its start-up, which keeps one core busy."""
        return dataclasses.replace(self, seconds=self.seconds - start, cpu_seconds=self.cpu_seconds - start, start=start)


class FailedError(RuntimeError):
    """A measured command that ended with another code than 0."""


def main(arguments: list[str] | None = None) -> int:
    """Runs the bench; the exit code."""
    options = _options(arguments)
    with tempfile.TemporaryDirectory(prefix="wirelake-bench-", dir=options.work) as folder:
        work = pathlib.Path(folder)
        print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}")
        runs = {size: ingested(work, size) for size in sorted(options.sizes)}
        _print_stages(work, options.sample, runs)
        _print_peer(work, runs, options)
        return _verdict(runs)


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Speed and memory of wirelake on generated stories.")
    parser.add_argument("--sizes", type=sizes, default=[1_000, 10_000, 100_000], help="numbers of stories, with commas between them")
    parser.add_argument("--sample", type=int, default=2_000, help="stories for the times by stage")
    parser.add_argument("--work", default=None, help="where stories and lakes are put meanwhile")
    parser.add_argument("--peer-python", default=sys.executable, help="the Python that has the needs of the script compared with")
    parser.add_argument("--peer-size", type=int, default=None, help="one of the sizes, for the comparison (default: the smallest)")
    parser.add_argument(
        "--spacy-model", default=os.environ.get("WIRELAKE_BENCH_SPACY_MODEL"), help="its model's folder; or WIRELAKE_BENCH_SPACY_MODEL"
    )
    options = parser.parse_args(arguments)
    if options.peer_size is None:
        options.peer_size = min(options.sizes)
    if options.peer_size not in options.sizes:
        parser.error("--peer-size is one of --sizes: the two are compared on the same stories")
    return options


def sizes(text: str) -> list[int]:
    """Numbers with commas between. Raises ArgumentTypeError."""
    found = [int(part.replace("_", "")) for part in text.split(",")]
    if not found or min(found) < 1:
        raise argparse.ArgumentTypeError("sizes are positive numbers")
    return found


def _measured(command: list[str]) -> Measured:
    """Runs a command in the project's root. Peak memory is the process' own, by wait4.

    (The system counts what this process held when it started the child as well: it is kept small, nothing large is imported here.)"""
    started = time.perf_counter()
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as complaints:
        child = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=complaints)
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - started
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        complaints.seek(0)
        printed, complained = out.read(), complaints.read()
    if child.returncode:
        last_lines = "\n".join((printed + complained).splitlines()[-FAILED_LINES:])
        raise FailedError(f"{' '.join(command)} ended with {child.returncode}:\n{last_lines}")
    # Linux counts kibibytes, macOS bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    return Measured(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit / 2**20, printed=printed)


def stories(work: pathlib.Path, size: int) -> pathlib.Path:
    """A file of so many generated stories, made where it is missing."""
    path = work / f"stories-{size}.jsonl"
    if not path.exists():
        words = generated_stories.write(path, size)
        print(f"\n{size:,} stories, {words / size:.0f} words each, {path.stat().st_size / 1e6:.1f} MB")
    return path


def ingested(work: pathlib.Path, size: int, repeats: int | None = None) -> Measured:
    """The ingest of that file, in the middle of so many processes; small ones are timed several times. Raises FailedError."""
    warm_up = work / "warm-up.jsonl"
    generated_stories.write(warm_up, WARM_UP, seed=0)
    source = stories(work, size)
    done = []
    for number in range(repeats or (REPEATS if size < FLAT_FROM else 1)):
        lake = work / f"lake-{size}-{number}"
        with Pace() as pace:
            told = json.loads(_measured([sys.executable, str(INGEST), str(source), str(lake), str(warm_up)]).printed)
        if told["stories"] != size:
            raise FailedError(f"{told['stories']} stories came into the lake, not {size}")
        done.append(Measured(told["seconds"], told["cpu_seconds"], told["peak_mb"], told["start"], pace=pace.of_last(told["seconds"])))
        print(f"  wirelake ingest  {_figures(size, done[-1])}, {told['processes']} processes, pace {done[-1].pace:.2f}", flush=True)
    return sorted(done, key=lambda each: each.seconds)[len(done) // 2]


def _figures(size: int, done: Measured) -> str:
    return (
        f"{size / done.seconds:8.1f} stories/s  {done.seconds:7.1f} s  (cpu {done.cpu_seconds:7.1f} s)  peak {done.peak_mb:6.0f} MiB"
        f"  after {done.start:.1f} s of start-up"
    )


def _print_stages(work: pathlib.Path, sample: int, runs: dict[int, Measured]) -> None:
    source = stories(work, sample)
    print(f"\nby stage, processor time, {sample:,} stories held:")
    done = _measured([sys.executable, str(STAGES), str(source), str(work / "stages")])
    total = 0.0
    for line in done.printed.splitlines():
        stage = json.loads(line)
        if stage["stage"] == "start":
            continue
        each = stage["seconds"] / sample
        total += each
        print(f"  {stage['stage']:<15}  {1000 * each:6.3f} ms a story  peak {stage['peak_mb']:7.0f} MiB")
    size, run = min(runs.items())
    whole = run.cpu_seconds / size
    print(f"  {'all of these':<15}  {1000 * total:6.3f} ms a story")
    print(f"  {'runner, commit':<15}  {1000 * (whole - total):6.3f} ms a story: the rest of the cpu time of {size:,} stories", flush=True)


def _print_peer(work: pathlib.Path, runs: dict[int, Measured], options: argparse.Namespace) -> None:
    missing = _missing_for_peer(options)
    if missing:
        print(f"\nnot compared with the straight script: {missing}")
        return
    size = options.peer_size
    peer = _measured([options.peer_python, str(PEER), str(stories(work, size)), str(work / "peer"), options.spacy_model])
    done = _peer_time(peer)
    print(f"\nthe straight script on the same {size:,} stories:")
    print(f"  whole            {_figures(size, done)}")
    for line in peer.printed.splitlines():
        print(f"    {line}")
    ours = runs[size]
    ratio, by_cpu = done.seconds / ours.seconds, done.cpu_seconds / ours.cpu_seconds
    print(
        f"  wirelake is {ratio:.1f} times as fast (promised on two cores: {PROMISED}; by cpu time {by_cpu:.1f})"
        f" and holds {ours.peak_mb / done.peak_mb:.2f} times as much memory"
    )


def _peer_time(peer: Measured) -> Measured:
    """What the script took by its own clock, without what it says that importing and loading took."""
    load = re.search(r"import\+load ([\d.]+)s", peer.printed)
    whole = re.search(r"total [\d.]+ stories/s in ([\d.]+)s", peer.printed)
    if not load or not whole:
        raise FailedError(f"the straight script does not tell its times:\n{peer.printed}")
    start = float(load[1])
    return dataclasses.replace(peer.without(start), seconds=float(whole[1]) - start)


def _missing_for_peer(options: argparse.Namespace) -> str | None:
    """What the comparison lacks, in words; None where everything is there."""
    if not PEER.exists():
        return "the script is not at ../shared/eval/perf"
    if not options.spacy_model:
        return "give the folder of an English md model as --spacy-model or WIRELAKE_BENCH_SPACY_MODEL"
    if not pathlib.Path(options.spacy_model, "config.cfg").exists():
        return f"{options.spacy_model} holds no spaCy model"
    found = subprocess.run([options.peer_python, "-c", f"import {', '.join(PEER_NEEDS)}"], capture_output=True, text=True, check=False)
    if found.returncode:
        return f"{options.peer_python} lacks its needs ({found.stderr.strip().splitlines()[-1]}); --peer-python names another"
    return None


def _verdict(runs: dict[int, Measured]) -> int:
    sizes = [size for size in sorted(runs) if size >= FLAT_FROM]
    if len(sizes) < 2:
        print(f"\nmemory: not judged; needs two sizes of {FLAT_FROM:,} stories or more")
        return 0
    small, large = sizes[0], sizes[-1]
    growth = runs[large].peak_mb / runs[small].peak_mb
    flat = growth <= MAX_GROWTH
    word = "flat" if flat else "NOT flat"
    print(f"\nmemory: {word}: peak at {large:,} stories is {growth:.2f} times that at {small:,} (at most {MAX_GROWTH})")
    return 0 if flat else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except FailedError as error:
        sys.exit(f"bench: {error}")
