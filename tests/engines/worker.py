"""Beam's program that starts Python workers ('boot' in Beam's images), as a process that never outlives the TaskManager that started it.

Takes the path of that program, the folder that holds the `python` of the workers, a folder for what it stages, then its own arguments. A
TaskManager that is killed leaves its children behind; this one looks whether its parent is still there, and ends all below it."""

import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

import psutil

_LOOK_SECONDS = 0.2
_LAUNCH = pathlib.Path(__file__).with_name("launch.py")


def main(boot: str, python: str, home: str, arguments: list[str]) -> int:
    """Runs it to its end; the exit code."""
    starter = os.getppid()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="worker-", dir=home) as folder:
        # Beam's own environment for each worker lies in one place for all of a machine, where two TaskManagers would share it.
        environment = {**os.environ, "PATH": f"{python}:{os.environ['PATH']}", "RUN_PYTHON_SDK_IN_DEFAULT_ENVIRONMENT": "1"}
        environment |= {"TMPDIR": folder}
        command = [sys.executable, "-IS", str(_LAUNCH), str(os.getpid()), boot, f"--semi_persist_dir={folder}", *arguments]
        with subprocess.Popen(command, env=environment) as process:
            try:
                while process.poll() is None and os.getppid() == starter:
                    time.sleep(_LOOK_SECONDS)
            finally:
                for each in psutil.Process().children(recursive=True):
                    each.kill()
        return process.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]))
