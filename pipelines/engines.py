"""Runs on an engine, by a runner that lasts: one for all runs of a process, so that what it starts is started once."""

import contextlib
import functools
import threading
from collections.abc import Callable

import apache_beam as beam
import grpc
from apache_beam.options.pipeline_options import PipelineOptions, PortableOptions
from apache_beam.runners.portability.job_server import JobServer
from apache_beam.runners.portability.portable_runner import JobServiceHandle, PortableRunner
from apache_beam.runners.runner import PipelineResult, PipelineRunner, PipelineState, create_runner

from pipelines.errors import WirelakeError, first_line

_BEAMS_READER = "wait_until_finish_read"
"""The thread in which Beam hears what a job service says; where that goes away it fails, and so does the wait for the job."""

_BRIEF = 300

_EMBEDDED = "embed"
"""Beam's word for a job service within the process, instead of an address."""

_REACHED_SECONDS = 60
"""In which a job service has to answer before a job is given to it."""


@functools.lru_cache(maxsize=1)
def runner_of(name: str) -> PipelineRunner:
    """The runner of that name: the same for every run. One that brings a job service of its own (FlinkRunner starts Java for it, which
    takes seconds) starts it for the first run, and all others use it; Beam ends it with the process. Raises ValueError for a name that Beam
    has not; a run raises FutureTimeoutError where the job service that the user named does not answer."""
    runner = create_runner(name)
    if isinstance(runner, PortableRunner):
        starts = runner.default_job_server
        kept: list[JobServer] = []

        def job_server(options: PipelineOptions) -> JobServer:
            if not kept:
                kept.append(starts(options))
            return kept[0]

        creates = runner.create_job_service

        def create_job_service(options: PipelineOptions) -> JobServiceHandle:
            told = options.view_as(PortableOptions)
            if told.job_endpoint and told.job_endpoint != _EMBEDDED:
                with grpc.insecure_channel(told.job_endpoint) as channel:
                    grpc.channel_ready_future(channel).result(timeout=min(_REACHED_SECONDS, told.job_server_timeout))
            return creates(options)

        runner.default_job_server, runner.create_job_service = job_server, create_job_service
    return runner


def carry_out(pipeline: beam.Pipeline, ended: Callable[[], None]) -> None:
    """Runs a pipeline to its end. `ended` is called, however it came to its end, where nothing of its job goes on. An interrupt cancels it,
    after which it may go on: Beam's job server for Flink (2.62) says that it is cancelled and leaves it to Flink.

    Raises WirelakeError where the job fails, and where the job service cannot be reached or goes away: then the job may go on."""
    _leave_out_beams_reader()
    result = None
    try:
        result = pipeline.run()
        result.wait_until_finish()
    except KeyboardInterrupt:
        if result:
            with contextlib.suppress(Exception):
                result.cancel()
        raise
    except grpc.FutureTimeoutError as error:
        raise WirelakeError("the job service does not answer: check its address, and that it runs; nothing was written") from error
    except grpc.RpcError as error:
        raise WirelakeError(
            f"the job service went away ({_told(error)}); nothing was written to the lake, nor will a job that still runs; run again"
        ) from error
    except RuntimeError as error:
        raise WirelakeError(
            f"the job failed, and nothing was written to the lake: {first_line(error)[:_BRIEF]}; the engine's log says more"
        ) from error
    finally:
        if result is None or _has_ended(result):
            ended()


def _has_ended(result: PipelineResult) -> bool:
    """Whether nothing of a job goes on. One that was cancelled may, and one whose job service does not answer any more."""
    try:
        return bool(PipelineState.is_terminal(result.state)) and result.state != PipelineState.CANCELLED
    except Exception:  # noqa: BLE001 - each service's client has errors of its own
        return False


def _told(error: grpc.RpcError) -> str:
    details = getattr(error, "details", None)
    return first_line(details() if callable(details) else error)[:_BRIEF]


@functools.cache
def _leave_out_beams_reader() -> None:
    """Keeps that thread from printing what is raised here anyway: from now on, since it may fail some moments after the wait."""
    before = threading.excepthook

    def told(arguments: threading.ExceptHookArgs) -> None:
        if not (arguments.thread and arguments.thread.name == _BEAMS_READER):
            before(arguments)

    threading.excepthook = told
