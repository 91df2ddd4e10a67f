"""Becomes the command in its arguments, on Linux as a process that dies with the one that started it, however that ends.

The first argument is the starter's process id: where it is gone before the promise is made, nothing starts."""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1  # linux/prctl.h

if __name__ == "__main__":
    starter, *command = sys.argv[1:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() == int(starter):
        os.execvp(command[0], command)
