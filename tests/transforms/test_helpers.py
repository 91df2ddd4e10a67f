"""Helpers take a share of the work and change nothing: whatever becomes of them, every job comes back once."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from transforms import helpers
from transforms.helpers import Share

SECONDS = 60.0


def squared(number: int) -> int:
    return number * number


def refused(number: int) -> int:
    raise ValueError(number)


def slow(number: int) -> int:
    time.sleep(0.5)
    return number


@pytest.fixture
def one(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """One helper, whatever the machine; the id of its process."""
    monkeypatch.setattr(helpers, "_cores", lambda: 2)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    helpers.start()
    assert helpers.ready(SECONDS) == 1
    yield helpers._helpers[0]._process.pid
    helpers.end()


def shared(work, jobs):
    """What comes back of some jobs, by job: the result, None for what is left to do here."""
    share, back = Share(work), []
    for job in jobs:
        back += share.give(job)
    back += share.rest()
    assert sorted(job for job, _ in back) == sorted(jobs)
    return dict(back)


@pytest.mark.usefixtures("one")
def test_a_helper_takes_what_it_has_room_for_and_the_rest_comes_back() -> None:
    found = shared(squared, range(200))
    assert any(result is not None for result in found.values())
    assert all(result in (None, job * job) for job, result in found.items())
    assert list(shared(slow, range(4)).values()).count(None) == 4 - helpers._AHEAD


def test_without_helpers_all_comes_back_at_once() -> None:
    assert shared(squared, range(3)) == {0: None, 1: None, 2: None}


@pytest.mark.usefixtures("one")
def test_what_a_helper_fails_at_is_left_to_whoever_asked_and_it_goes_on() -> None:
    assert set(shared(refused, range(20)).values()) == {None}
    assert shared(squared, [7]) == {7: 49}


def test_what_a_helper_is_gone_over_comes_back_and_it_is_replaced(one: int) -> None:
    share = Share(slow)
    assert list(share.give(1)) == []
    os.kill(one, signal.SIGKILL)
    assert list(share.rest()) == [(1, None)]
    assert shared(squared, range(3)) == {0: None, 1: None, 2: None}
    helpers.start()
    assert helpers.ready(SECONDS) == 1
    assert shared(squared, [3]) == {3: 9}


def test_a_forked_process_has_none_and_leaves_its_parents(one: int) -> None:
    child = os.fork()
    if child == 0:
        os._exit(0 if not helpers._helpers and shared(squared, [2]) == {2: None} else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert shared(squared, [3]) == {3: 9}


def test_it_ends_with_the_process_that_asked() -> None:
    program = "import os, signal; from transforms import helpers; helpers._cores = lambda: 2; helpers.start(); helpers.ready(60);"
    program += "print(helpers._helpers[0]._process.pid, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=SECONDS, check=False)
    helper, deadline = int(done.stdout), time.monotonic() + SECONDS
    while time.monotonic() < deadline and _runs(helper):
        time.sleep(0.05)
    assert not _runs(helper)
    assert done.stderr == ""


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A zombie that nobody waits for has ended too.
    return subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout[:1] not in ("Z", "")


def test_one_core_has_no_helpers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(helpers, "_cores", lambda: 1)
    helpers.start()
    assert helpers.ready(SECONDS) == 0
