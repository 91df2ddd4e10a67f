"""The processes that read pages: they are kept, ended when a page takes too long, replaced when they are gone."""

import concurrent.futures
import os
import signal
import time

import pytest

from transforms.text.formats import web_pool
from transforms.text.parsed import RefusedError

PAGE = b"<html><body><article><h1>Harbour opens</h1><p>%s</p></article></body></html>" % (b"The harbour opened again on Tuesday. " * 20)
SLOW = b"<html><body>" + b"<div><p>The harbour opened again, <a href='x'>they said</a>.</p></div>" * 40_000


def headline() -> str | None:
    return web_pool.read("page", PAGE, None, None)[0].headline


def process() -> int:
    return web_pool._pool._idle[-1]._process.pid


def test_a_process_is_kept_from_page_to_page() -> None:
    assert headline() == "Harbour opens"
    first = process()
    assert headline() == "Harbour opens"
    assert process() == first


def test_a_page_that_takes_too_long_is_ended_and_the_next_is_read() -> None:
    headline()
    before, started = process(), time.monotonic()
    with pytest.raises(RefusedError) as refused:
        web_pool.read("page", SLOW, None, None, seconds=0.2)
    assert refused.value.reason == "too_slow"
    assert time.monotonic() - started < 10
    assert headline() == "Harbour opens"
    assert process() != before


def test_a_process_that_is_gone_is_replaced() -> None:
    headline()
    before = process()
    os.kill(before, signal.SIGKILL)
    assert headline() == "Harbour opens"
    assert process() != before


def test_a_page_that_ends_every_process_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(worker: web_pool._Worker, _request: bytes) -> None:
        os.kill(worker._process.pid, signal.SIGKILL)

    monkeypatch.setattr(web_pool._Worker, "ask", killed)
    with pytest.raises(RefusedError) as refused:
        headline()
    assert refused.value.reason == "unreadable"


def test_what_breaks_within_the_process_is_refused_and_the_process_is_kept() -> None:
    headline()
    before = process()
    with pytest.raises(RefusedError) as refused:
        web_pool.read("page", "no bytes", None, None)
    assert refused.value.reason == "unreadable"
    assert process() == before


def test_threads_have_a_process_each_within_the_limit() -> None:
    with concurrent.futures.ThreadPoolExecutor(8) as threads:
        assert set(threads.map(lambda _: headline(), range(24))) == {"Harbour opens"}
    assert 1 <= len(web_pool._pool._idle) <= web_pool._MOST


def test_a_forked_process_starts_its_own() -> None:
    headline()
    child = os.fork()
    if child == 0:
        os._exit(0 if not web_pool._pool._idle and headline() == "Harbour opens" else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert headline() == "Harbour opens"


def test_an_interrupted_thread_leaves_no_answer_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_worker: web_pool._Worker, _request: bytes) -> None:
        raise KeyboardInterrupt

    headline()
    before = process()
    with monkeypatch.context() as patched:
        patched.setattr(web_pool._Worker, "ask", interrupted)
        with pytest.raises(KeyboardInterrupt):
            headline()
    assert headline() == "Harbour opens"
    assert process() != before
