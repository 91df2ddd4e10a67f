"""Times one ingest, start-up left out: `ingest_time.py STORIES.jsonl LAKE WARM_UP.jsonl`, one JSON object.

Start-up is what a process does once, however much it takes in: imports, tables, compiled kernels (a small ingest into a lake of its own
brings all of them), and the same in the helpers of a large run. The lake that is timed is new; making it counts."""

import json
import pathlib
import resource
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SECONDS = 120.0
"""Helpers that are not ready by then are broken."""


def main(stories: str, lake: str, warm_up: str) -> None:
    """Starts, takes the warm-up in, then the stories; says how long each took and what was held."""
    begun = time.perf_counter()
    sys.path.insert(0, str(ROOT))
    from pipelines import options, runs
    from transforms import helpers

    runs.ingest(options.settings_from([warm_up], lake=f"{lake}-warm-up"))
    helpers.start()
    number = helpers.ready(SECONDS)
    settings = options.settings_from([stories], lake=lake)
    started, cpu = time.perf_counter(), time.process_time() + helpers.cpu_seconds()
    report = runs.ingest(settings)
    seconds = time.perf_counter() - started
    cpu = time.process_time() + helpers.cpu_seconds() - cpu
    helpers.end()
    told = {"stories": report.stories, "rejected": report.rejected, "seconds": seconds, "cpu_seconds": cpu, "start": started - begun}
    print(json.dumps(told | {"processes": 1 + number, "peak_mb": peak_mb(number)}))


def peak_mb(helpers: int) -> float:
    """The greatest memory of this process and, for each of its helpers, of the one that held most."""
    unit = 1 if sys.platform == "darwin" else 1024
    own, other = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return (own + helpers * other) * unit / 2**20


if __name__ == "__main__":
    main(*sys.argv[1:4])
