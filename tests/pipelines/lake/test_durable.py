"""Work beside each other for what waits for the disk."""

import os
import signal
import threading
import time

import pytest

from pipelines.lake import durable


def test_all_calls_have_ended_when_the_first_failure_is_told():
    ended, gate = [], threading.Event()

    def work(number):
        if number == 0:
            gate.set()
            raise OSError(28, "first")
        assert gate.wait(10)
        ended.append(number)
        if number == 2:
            raise OSError(28, "third")

    with pytest.raises(OSError, match="first"):
        durable.side_by_side(work, range(4))
    assert sorted(ended) == [1, 2, 3]


def test_a_forked_child_has_threads_of_its_own():
    durable.side_by_side(lambda _number: None, range(3))
    child = os.fork()
    if not child:
        durable.side_by_side(lambda _number: None, range(3))
        os._exit(7)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7


def test_an_interrupt_is_told_when_all_calls_have_ended():
    """Else the lock would be free while a commit goes on."""
    ended = []

    def work(number):
        if number == 0:
            os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.3)
        ended.append(number)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # what a shell starts in the background ignores it
    try:
        with pytest.raises(KeyboardInterrupt):
            durable.side_by_side(work, range(3))
    finally:
        signal.signal(signal.SIGINT, before)
    assert sorted(ended) == [0, 1, 2]


def test_what_cannot_be_written_is_told_by_the_name_that_was_asked_for(tmp_path):
    target = tmp_path / "none" / "a.html"
    with pytest.raises(FileNotFoundError) as told:
        durable.write_whole(target, b"x")
    assert told.value.filename == str(target)
