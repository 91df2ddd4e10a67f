"""What is said of jobs that fail, and whether anything of them may go on."""

import threading

import grpc
import pytest
from apache_beam.options.pipeline_options import PipelineOptions, PortableOptions
from apache_beam.runners.runner import PipelineState

from pipelines import engines, options
from pipelines.errors import WirelakeError


class Gone(grpc.RpcError):
    def details(self):
        return "Socket closed\nand more"


class Job:
    """A pipeline, and its result, of a runner that the test thinks of."""

    def __init__(self, error=None, state=PipelineState.DONE):
        self.error, self.cancelled = error, False
        self.answers = state

    def run(self):
        return self

    def wait_until_finish(self):
        if self.error:
            raise self.error

    def cancel(self):
        self.cancelled = True

    @property
    def state(self):
        if isinstance(self.answers, Exception):
            raise self.answers
        return self.answers


def carried_out(job):
    """Whether nothing of it goes on, after what it raised."""
    ended = []
    try:
        engines.carry_out(job, lambda: ended.append(True))
    except WirelakeError as error:
        return bool(ended), str(error)
    return bool(ended), ""


def test_a_job_that_ends_well_says_nothing():
    assert carried_out(Job()) == (True, "")


def test_a_job_that_fails_has_ended_and_says_why_in_a_line():
    ended, said = carried_out(Job(RuntimeError("failed in state FAILED: no memory\n  at java"), PipelineState.FAILED))
    assert ended
    assert said == "the job failed, and nothing was written to the lake: failed in state FAILED: no memory; the engine's log says more"


def test_a_job_whose_service_went_away_may_go_on():
    ended, said = carried_out(Job(Gone(), Gone()))
    assert not ended
    assert "the job service went away (Socket closed)" in said
    assert "run again" in said


def test_a_service_that_was_never_there_has_no_job():
    job = Job()
    job.run = lambda: (_ for _ in ()).throw(grpc.FutureTimeoutError())
    ended, said = carried_out(job)
    assert ended
    assert "does not answer" in said


def test_an_interrupt_cancels_the_job_which_may_go_on_though_its_service_says_otherwise():
    job, ended = Job(KeyboardInterrupt(), PipelineState.CANCELLED), []
    with pytest.raises(KeyboardInterrupt):
        engines.carry_out(job, lambda: ended.append(True))
    assert job.cancelled
    assert not ended


def test_the_failure_of_beams_own_thread_is_told_once_however_late_it_comes(monkeypatch):
    def fail():
        raise Gone

    told = []
    monkeypatch.setattr(threading, "excepthook", lambda arguments: told.append(arguments.thread.name))
    engines._leave_out_beams_reader.cache_clear()
    try:
        carried_out(Job(Gone()))
        for name in (engines._BEAMS_READER, "another"):
            thread = threading.Thread(target=fail, name=name)
            thread.start()
            thread.join()
    finally:
        engines._leave_out_beams_reader.cache_clear()
    assert told == ["another"]


def test_a_runner_with_a_job_service_of_its_own_starts_it_once(monkeypatch):
    engines.runner_of.cache_clear()
    runner = engines.runner_of("FlinkRunner")
    assert engines.runner_of("FlinkRunner") is runner
    started = []
    engines.runner_of.cache_clear()
    monkeypatch.setattr(type(runner), "default_job_server", lambda _self, options: started.append(options) or f"server {len(started)}")
    fresh = engines.runner_of("FlinkRunner")
    assert [fresh.default_job_server("a"), fresh.default_job_server("b")] == ["server 1", "server 1"]
    assert started == ["a"]
    engines.runner_of.cache_clear()


@pytest.mark.parametrize(
    ("flags", "seconds"),
    [([], options.LONGEST_JOB_SECONDS), (["--job_server_timeout", "7"], 7), (["--job-server-timeout=8"], 8)],
)
def test_a_job_may_take_longer_than_beams_five_minutes(flags, seconds):
    chosen = options.settings_from(["x", *flags], lake="lake", runner="FlinkRunner")
    assert options.pipeline_options(chosen).view_as(PortableOptions).job_server_timeout == seconds


def test_a_job_service_is_asked_whether_it_is_there_before_it_gets_a_job(monkeypatch):
    monkeypatch.setattr(engines, "_REACHED_SECONDS", 0.2)
    runner = engines.runner_of("PortableRunner")
    with pytest.raises(grpc.FutureTimeoutError):
        runner.create_job_service(PipelineOptions(["--job_endpoint", "127.0.0.1:1"]))
    engines.runner_of.cache_clear()
