"""Unbounded mode: one long-lived pipeline over a source that goes on, on a portable runner.

    ReadFeed -> Read -> Parse -> Clean -> SketchStories -> Locate -> TagEntities -> ExtractQuotes
            \\-> Gather -> Commit

The readers and the work on each story go side by side, split by split; one step makes all commits, each of them a round of `watch` over
what has waited: ledger, duplicates, versions and kills are decided there, against the lake, and so as in every other mode. Only it
acknowledges, after its commit. The runner's memory holds nothing that would be missed: a stream that is killed goes on where its source
was acknowledged, and what comes again the ledger drops.

The runner's workers are threads of this process (Beam's LOOPBACK): what annotators found is remembered here (see
`transforms.annotate_batches`), and the round needs no second look."""

import concurrent.futures
import dataclasses
import datetime as dt
import logging
import os
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import apache_beam as beam
from apache_beam.io.restriction_trackers import OffsetRange, OffsetRestrictionTracker
from apache_beam.io.watermark_estimators import WalltimeWatermarkEstimator
from apache_beam.options.pipeline_options import PortableOptions, PrismRunnerOptions
from apache_beam.runners.portability.job_server import StopOnExitJobServer
from apache_beam.runners.portability.prism_runner import PrismJobServer
from apache_beam.transforms.core import RestrictionProvider
from apache_beam.transforms.window import TimestampedValue
from apache_beam.utils.timestamp import Duration, Timestamp

from pipelines.engines import carry_out, runner_of
from pipelines.errors import UsageError, WirelakeError, first_line, plainly
from pipelines.lake.place import lake_at
from pipelines.options import DEFAULT_RUNNER, Settings, pipeline_options
from pipelines.rounds import Done, Rounds
from pipelines.runs import CHUNK_BYTES, Report
from pipelines.sources.feeds import Feed, Read, Whole
from pipelines.sources.inputs import AwayError, Input, ReadInputs
from pipelines.watch import Away, Stop, open_source, take
from transforms.batch_rows import at_the_end
from transforms.clean import Clean, Cleaned
from transforms.deduplicate import Held, of_batches
from transforms.extract_quotes import ExtractQuotes
from transforms.fn import Fn
from transforms.locate import Locate
from transforms.parse import Parse
from transforms.recent import STORIES
from transforms.sketch_stories import SketchStories
from transforms.tag_entities import TagEntities

logger = logging.getLogger("wirelake.stream")

RUNNER = "PrismRunner"
"""The runner where none is named: Beam's own portable one, which runs unbounded splittable DoFns on one machine."""

MOST_WAITING = STORIES
"""Inputs that were read and are not acknowledged, at most: the runner keeps them in memory, and what annotators found of them is still
remembered when they are committed."""

_READ_SECONDS = 0.5
"""In which a reader goes on before it lets the runner have what it read."""

_WAIT_SECONDS = 0.1
_PAUSE = Duration(0.1)
_END = 2**62
"""The position that no input has: a reader that claims it has ended."""

_BRIEF = 200


class Running:
    """What the threads of a stream share: its feed, what each reader holds, and the thread that commits."""

    def __init__(self, feed: Feed, settings: Settings, stop: Stop, told: Callable[[Done], None] | None = None) -> None:
        self.feed, self.stop, self.report = feed, stop, Report()
        self.error: BaseException | None = None
        """Why it cannot go on."""
        lake = lake_at(settings.lake)
        self._lake, self._told = lake, told
        self._rounds = Rounds(lake, dataclasses.replace(settings, runner=DEFAULT_RUNNER), "stream", merges=True)
        self._away = Away(feed.uri, stop)
        self._committer = concurrent.futures.ThreadPoolExecutor(1, "wirelake-commit")
        self._lock = threading.Lock()
        self._held: dict[str, tuple[int, list[Read]]] = {}
        """Of each split: the position of the first input that was read and not claimed, and these inputs."""
        self._waiting = 0
        self._is_away = False

    def begin(self) -> None:
        """Makes the lake, and finishes what a dead run left, before anything comes. Raises WirelakeError."""
        with plainly(self._lake), self._rounds.turn():
            pass

    def next(self, split: str, position: int) -> Read | None:
        """What comes next in a split at a position, to be claimed; null where nothing has come. Raises WirelakeError where nothing will."""
        at, held = self._held.get(split, (-1, []))
        if held and at != position:
            self.feed.give_back(split, [each for _, each in held])
            held = []
        if not held and self._waiting < MOST_WAITING:
            held = self._read(split, position)
        self._held[split] = position, held
        return held[0] if held else None

    def _read(self, split: str, position: int) -> list[Read]:
        try:
            found = self.feed.read(split, position, _WAIT_SECONDS)
        except AwayError as error:
            if not self._is_away:
                logger.warning("%s; waiting for it", error)
            self._is_away = True
            return []
        except WirelakeError as error:
            self._end_by(error)
            raise
        if self._is_away and found:
            logger.warning("%s answers again", self.feed.uri)
            self._is_away = False
        return found

    def _end_by(self, error: BaseException) -> None:
        self.error = error
        self.stop.ask()

    def claimed(self, split: str) -> None:
        """Takes the input that `next` gave: it goes to the commit."""
        _, held = self._held[split]
        self._held[split] = held[0][0], held[1:]
        with self._lock:
            self._waiting += 1

    def commit(self, inputs: Sequence[Input]) -> None:
        """One run over inputs, and its acknowledgement. Raises what `runs.ingest` does; then nothing more is committed, since what
        follows could be acknowledged beyond a gap."""
        self._committer.submit(self._commit, inputs).result()

    def _commit(self, inputs: Sequence[Input]) -> None:
        if self.error:
            raise self.error
        try:
            with plainly(self._lake):
                done = take(self._rounds, inputs, self.report, self._told)
            self._away.reached(lambda: self.feed.acknowledge(done))
        except BaseException as error:
            self._end_by(error)
            raise
        with self._lock:
            self._waiting -= len(inputs)

    def close(self) -> None:
        """Ends the threads, and lets go of what was not acknowledged."""
        self._committer.shutdown()
        self._rounds.close()
        self.feed.close()
        self.report.recovered = self._rounds.recovered


_running: dict[str, Running] = {}
"""The streams of this process, by the key that their steps carry."""


def open_feed(name: str, stop: Stop, *, settle: float) -> Feed | None:
    """The feed of that name, as `watch.open_source` takes it. Null where it is to stop before the other side answers. Raises UsageError."""
    if name.startswith("kafka://"):
        from pipelines.sources.kafka_partitions import open_partitions

        return Away(name, stop).reached(lambda: open_partitions(name))
    source = open_source(name, stop, settle=settle, move_to=None)
    return Whole(source, MOST_WAITING, CHUNK_BYTES) if source else None


def stream(feed: Feed, settings: Settings, stop: Stop, told: Callable[[Done], None] | None = None) -> Report:
    """Takes what comes from `feed` into the lake until `stop` is asked, then what was read by then; what it did in all.

    Raises UsageError for a runner that cannot be, and as `watch.watch` does; what was not committed then stays with the source."""
    begun = time.monotonic()
    running = Running(feed, settings, stop, told)
    key = secrets.token_hex(8)
    _running[key] = running
    try:
        running.begin()
        splits = Away(feed.uri, stop).reached(feed.splits)
        if splits is not None:
            _carried_out(key, splits, settings, running)
    finally:
        del _running[key]
        running.close()
    running.report.seconds = time.monotonic() - begun
    return running.report


def _carried_out(key: str, splits: list[tuple[str, int]], settings: Settings, running: Running) -> None:
    # What Prism says of its own work is of no use here; of a flag that is given twice the last counts: the user's.
    options = pipeline_options(dataclasses.replace(settings, beam_args=("--prism_log_level=error", *settings.beam_args)))
    portable = options.view_as(PortableOptions)
    if portable.environment_type not in (None, "LOOPBACK"):
        raise UsageError("the steps of a stream share this process: leave --environment_type out, or make it LOOPBACK")
    portable.environment_type = "LOOPBACK"
    location = options.view_as(PrismRunnerOptions).prism_location
    if location and "://" not in location and not os.path.isfile(location):
        raise UsageError(f"{location}: there is no such file; give --prism_location the program of Prism")
    runner = runner_of(settings.runner)
    if settings.runner == RUNNER:
        runner.default_job_server = lambda options: StopOnExitJobServer(_Prism(options))
    pipeline = beam.Pipeline(runner, options)
    build(pipeline, key, splits, settings)
    try:
        carry_out(pipeline, ended=lambda: None)
    except Exception as error:
        if running.error:
            raise running.error from error
        if isinstance(error, ValueError | OSError) and not location:
            program = f"github.com/apache/beam/sdks/v2/go/cmd/prism@v{beam.__version__}"
            raise WirelakeError(
                f"Prism cannot be had ({first_line(error)[:_BRIEF]}); `go install {program}` builds it, --prism_location says where it is"
            ) from error
        raise


class _Prism(PrismJobServer):
    """Prism, a process of its own, which ends some time after its job does: this process may be killed."""

    def prism_arguments(self, job_port: int) -> list[Any]:
        return [*super().prism_arguments(job_port), "--idle_shutdown_timeout=30s"]


def build(pipeline: beam.Pipeline, key: str, splits: list[tuple[str, int]], settings: Settings) -> None:
    """Wires the stream of the running `key` over some splits with their first positions."""
    inputs = pipeline | "Splits" >> beam.Create(splits) | "Spread" >> beam.Reshuffle() | "ReadFeed" >> beam.ParDo(_ReadFeed(key))
    annotate(inputs, settings)
    commit(inputs, key)


def annotate(inputs: beam.PCollection[Input], settings: Settings) -> None:
    """The work on each story, by the composites of every run; what comes of it is remembered."""
    choices, now = settings.choices, dt.datetime.now(dt.UTC)
    items = inputs | "Read" >> ReadInputs("", now)
    pieces = items["items"] | "Parse" >> Parse("")
    cleaned = pieces["pieces"] | "Clean" >> Clean("", now)
    batches = of_batches(cleaned["cleaned"] | "Hold" >> beam.Map(_held))
    quotes = ExtractQuotes(choices.names or "", choices.quotes, choices.fragments)
    for step in (SketchStories(), Locate(), TagEntities(choices.names), quotes):
        batches = (batches | step)["batches"]


def _held(cleaned: Cleaned) -> list[Held]:
    return [Held(cleaned.story, [])]


def commit(inputs: beam.PCollection[Input], key: str) -> beam.PCollection[int]:
    """Inputs to commits, a bundle each, by one step that makes one after another: what comes while one is made waits for the next. A bundle
    that is tried again finds in the ledger what it committed. Gives how many inputs each had."""
    return inputs | "Gather" >> beam.Reshuffle() | "Commit" >> beam.ParDo(_Commit(key))


class _Positions(RestrictionProvider):
    """From the first position of a split, without end."""

    def initial_restriction(self, element: tuple[str, int]) -> OffsetRange:
        return OffsetRange(element[1], _END)

    def create_tracker(self, restriction: OffsetRange) -> OffsetRestrictionTracker:
        return _Endless(restriction)

    def restriction_size(self, _element: tuple[str, int], _restriction: OffsetRange) -> float:
        return 1.0

    def truncate(self, _element: tuple[str, int], _restriction: OffsetRange) -> None:
        """A drain needs nothing more of it."""
        return


class _Endless(OffsetRestrictionTracker):
    def is_bounded(self) -> bool:
        return False

    def try_split(self, fraction_of_remainder: float) -> tuple[OffsetRange, OffsetRange] | None:
        """A reader goes on later where it stands. Half of what is left of a part without end, which a runner asks for to share work out,
        begins where nothing will ever be."""
        return super().try_split(0) if fraction_of_remainder == 0 else None


_FROM_FIRST = beam.DoFn.RestrictionParam(_Positions())
_WALL = beam.DoFn.WatermarkEstimatorParam(WalltimeWatermarkEstimator.default_provider())
"""The watermark is the clock: a split where nothing comes does not hold it, and nothing here waits for it. A story that is days late
goes to its own date."""


@beam.DoFn.unbounded_per_element()
class _ReadFeed(beam.DoFn):
    def __init__(self, key: str) -> None:
        self._key = key

    def process(self, element: tuple[str, int], tracker: Any = _FROM_FIRST, _watermark: Any = _WALL) -> Iterator[Any]:
        running, split = _running[self._key], element[0]
        position = tracker.current_restriction().start
        end = time.monotonic() + _READ_SECONDS
        while time.monotonic() < end:
            if running.stop:
                tracker.try_claim(_END - 1)
                return
            if not (found := running.next(split, position)):
                break
            after, each = found
            if not tracker.try_claim(after - 1):
                return
            running.claimed(split)
            position = after
            yield TimestampedValue(each, Timestamp.from_utc_datetime(each.received_at or dt.datetime.now(dt.UTC)))
        tracker.defer_remainder(_PAUSE)


class _Commit(Fn):
    """By bundles: what comes while a commit is made waits for the next. State and timers of a key would keep in the runner what is held
    here anyway."""

    def __init__(self, key: str) -> None:
        self._key = key

    def start_bundle(self) -> None:
        self._inputs: list[Input] = []

    def process(self, element: Input) -> None:
        self._inputs.append(element)

    def finish_bundle(self) -> Iterator[Any]:
        if self._inputs:
            _running[self._key].commit(self._inputs)
            yield at_the_end(len(self._inputs))
