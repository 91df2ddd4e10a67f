"""Counts what each shuffle of an ingest carries: `shuffled_bytes.py STORIES.jsonl LAKE COUNT`, a line each.

Every shuffle of stories is one of batched rows (`BatchRows`): their bytes are counted where they are batched, in one run in the process."""

import collections
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STAGES = {
    "_bucket": "Deduplicate, by chain",
    "_folder": "WriteParts, by date and country",
    "_Lot": "Relate, by lot",
    "_group": "IndexRun, by date",
}
"""By what makes the key of a shuffle."""


def main(stories: str, lake: str, count: str) -> None:
    """Ingests in one process and says how many bytes each shuffle carried."""
    sys.path.insert(0, str(ROOT))
    from pipelines import options, runs
    from transforms import batch_rows, helpers

    counted: collections.Counter[str] = collections.Counter()
    batched = batch_rows._Batch._buffers

    def counting(self, key, kind, rows):
        for each in batched(self, key, kind, rows):
            if isinstance(each, tuple):
                counted[getattr(self._key, "__name__", type(self._key).__name__)] += len(each[1][1])
            yield each

    batch_rows._Batch._buffers = counting
    helpers.start = lambda: None  # what they batch is not seen from here
    report = runs.ingest(options.settings_from([stories], lake=lake))
    assert report.stories == int(count), report
    for key, size in sorted(counted.items(), key=lambda each: -each[1]):
        print(f"  {STAGES[key]:<32} {size / report.stories:8.0f}")
    print(f"  {'all':<32} {counted.total() / report.stories:8.0f}   of {Path(stories).stat().st_size / report.stories:.0f} of the input")


if __name__ == "__main__":
    main(*sys.argv[1:4])
