"""Stories as they come in one by one: an unbounded pipeline on TestStream, and what it says of each story in the end."""

import datetime as dt
import random
from unittest import mock

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.testing.test_stream import TestStream
from apache_beam.transforms.window import TimestampedValue

from schemas import Origin
from transforms import relate_stream
from transforms.clean import story_row
from transforms.deduplicate import Held
from transforms.ledger import delivery
from transforms.parse import Piece
from transforms.relate_stream import TURN, RelateStream
from transforms.rows import id_rows
from transforms.sketch_stories import sketch_stories
from transforms.text import formats
from transforms.text.relations import STATE

RUN = "0" * 32
NOW = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
LATENESS = dt.timedelta(hours=6)
A_BUNDLE = 16


def held_of(lines):
    """The stories of JSON lines, with their sketches."""
    found = [_held(line, place) for place, line in enumerate(lines)]
    sketch_stories(found)
    return found


def _held(line, place):
    origin = Origin(source_uri="lines.jsonl", place=f"@{place}", received_at=NOW)
    (parsed,) = formats.parse(line, "lines.jsonl")
    row = delivery(origin, RUN)
    return Held(story_row(Piece(origin, row, parsed), RUN, NOW), [row])


def published(held):
    return held.story["published_at"].timestamp()


def arrivals(stories, seed, again=0.15):
    """(clock, story) in the order of arrival: within `LATENESS` of their times, and some of them again up to eight days later."""
    chance, late = random.Random(seed), int(LATENESS.total_seconds())
    came = [(published(held) + chance.randint(0, late), held) for held in stories]
    more = [(clock + chance.choice((60, 3600, 86400, 8 * 86400)), held) for clock, held in came if chance.random() < again]
    return sorted([*came, *more], key=lambda each: each[0])


def stream_of(came, size=A_BUNDLE):
    """A TestStream of (clock, story) whose watermark follows the clock, so that most stories come behind it."""
    stream, watermark = TestStream(), 0
    for start in range(0, len(came), size):
        bundle = came[start : start + size]
        stream = stream.add_elements([TimestampedValue([held], published(held)) for _, held in bundle])
        if bundle[0][0] > watermark:
            watermark = bundle[0][0]
            stream = stream.advance_watermark_to(watermark)
    return stream.advance_watermark_to_infinity()


_told = []
"""What came out of the pipeline that runs: its last step may only name what it writes to."""


def _tell(element):
    _told.append(element)


def told(stream, shards=8, lateness=LATENESS):
    """(table, row) of all that comes out, and how many sketches shards dropped."""
    _told.clear()
    dropped = []
    pipeline = beam.Pipeline("BundleBasedDirectRunner", PipelineOptions(["--streaming"]))
    _ = pipeline | stream | RelateStream(RUN, id_rows, lateness, shards) | "Tell" >> beam.Map(_tell)
    # This runner takes no counters from timers.
    with mock.patch.object(relate_stream, "count", lambda _namespace, _name, by: dropped.append(by)):
        pipeline.run().wait_until_finish()
    return list(_told), sum(dropped)


def final(rows):
    """(story_id, *STATE) of all stories as their newest rows have it."""
    newest = {}
    for table, row in sorted(rows, key=lambda each: each[1][TURN]):
        if table != "ids":
            newest[row["story_id"]] = row
    return [(story_id, *(newest[story_id][key] for key in STATE)) for story_id in sorted(newest)]
