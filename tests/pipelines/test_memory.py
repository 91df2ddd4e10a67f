"""What a process gives back, seen by its own resident memory."""

import os
import subprocess
import sys

import pytest

from pipelines import memory
from tests.engines.lakes import ROOT

_HELD = """
import os
import numpy as np
from pipelines import memory

def held():
    return int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20

"""

_SMALL = """
pieces = [bytes(2000) for _ in range(50_000)]
full, kept = held(), pieces[::100]
del pieces
left = held()
memory.give_back()
print(full, left, held())
"""

_LARGE = """
{before}
scattered, among = [np.ones(20 * 2**20, np.uint8)], []
del scattered[0]
for _ in range(40):
    scattered.append(np.ones(2 * 2**20, np.uint8))
    among.append(bytes(2000))
full = held()
scattered.clear()
print(full, held())
"""


def told(code):
    done = subprocess.run([sys.executable, "-c", _HELD + code], cwd=ROOT, capture_output=True, text=True, check=True)
    return list(map(float, done.stdout.split()))


glibc = pytest.mark.skipif(memory._glibc() is None or not os.path.exists("/proc/self/statm"), reason="glibc on Linux alone is told of this")


@glibc
def test_what_is_free_between_pieces_that_stay_is_given_back():
    full, left, after = told(_SMALL)
    assert full - left < 10
    assert left - after > 60


@glibc
def test_large_pieces_go_back_when_they_are_freed():
    full, after = told(_LARGE.format(before=""))
    assert full - after < 20
    full, after = told(_LARGE.format(before="memory.keep_large_apart()"))
    assert full - after > 70


def test_another_c_library_is_left_alone(monkeypatch):
    monkeypatch.setattr(memory, "_glibc", lambda: None)
    memory.keep_large_apart()
    memory.give_back()
