"""A Flink cluster on loopback, with what Beam needs beside it: its job server, and its program that starts Python workers.

One JobManager and two TaskManagers, all processes of their own. Beam's job server of the very version of `setup.py` is to
be had as one archive from Beam's own site alone; the same program of an older version, which serves this version's pipelines, comes from
the registry of its parts."""

import contextlib
import json
import pathlib
import shlex
import sys
import time
import urllib.request
import venv

import psutil

from tests.engines import programs
from tests.engines.servers import LOOPBACK, Server, free_port

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
TASK_MANAGERS = 2
_SLOTS = 3
"""Of a TaskManager: a job takes one, and beside it there may be one whose driver died and one whose job server did."""

_HARNESS = "apache_beam.runners.worker.sdk_worker_main"
_REGISTER_SECONDS = 180

_OPENED = "lang net io nio lang.reflect text time util util.concurrent util.concurrent.atomic util.concurrent.locks".split()
_SHORT_LIVED = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
"""Of a Java that has no time to become fast."""

_JAVA = [
    *(f"--add-opens=java.base/java.{package}=ALL-UNNAMED" for package in _OPENED),
    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
    "--add-exports=java.base/sun.net.util=ALL-UNNAMED",
    *_SHORT_LIVED,
]
"""What Flink's own start scripts, which the package of its libraries lacks, open to it on Java 17; and little for short jobs."""

_MEMORY = {
    "task.heap.size": "256m",
    "task.off-heap.size": "0m",
    "network.min": "128m",
    "network.max": "128m",
    "managed.size": "128m",
    "framework.heap.size": "128m",
    "framework.off-heap.size": "128m",
    "jvm-metaspace.size": "256m",
    "jvm-overhead.min": "192m",
    "jvm-overhead.max": "192m",
}
"""Of a TaskManager: those scripts would work it out."""


class Cluster:
    """The cluster and its job server; each of its servers may be killed and started again. It is there within its context."""

    def __init__(self, folder: pathlib.Path) -> None:
        """Not started. Raises MissingError, and CalledProcessError where something cannot be installed."""
        self.folder = folder
        self._libraries, self.job_server_jar, self._boot = programs.flink(), programs.job_server(), programs.boot()
        rest, rpc, takers = free_port(), free_port(), [free_port() for _ in range(TASK_MANAGERS)]
        self._configure(rest, rpc)
        self.manager = self._flink("jobmanager", rest, "-Xmx512m", _JOB_MANAGER, ["--host", LOOPBACK])
        self.task_managers = [self._task_manager(number, port) for number, port in enumerate(takers)]
        self.master = self.manager.address
        self.job_server = self._job_service()

    def start(self) -> None:
        """Starts all, and returns when every TaskManager has told the JobManager of itself. Raises RuntimeError."""
        for server in self._servers:
            server.start()
        self.await_task_managers()

    def await_task_managers(self) -> None:
        """Returns when all of them are known. Raises RuntimeError where that takes long."""
        until = time.monotonic() + _REGISTER_SECONDS
        while self.overview()["taskmanagers"] < TASK_MANAGERS:
            if time.monotonic() > until:
                known = [each["path"] for each in self.ask("taskmanagers")["taskmanagers"]]
                logs = "\n".join(f"{each.address}, {each.state}:\n{each.log.read_text()[-3000:]}" for each in self.task_managers)
                raise RuntimeError(f"the JobManager knows of {known} alone:\n{logs}")
            time.sleep(0.2)

    def overview(self) -> dict[str, int]:
        """What the JobManager says of the cluster: `taskmanagers`, `slots-available`, `jobs-running`, `jobs-finished` ..."""
        return self.ask("overview")

    def ask(self, path: str) -> dict:
        """An answer of the JobManager's REST interface."""
        with urllib.request.urlopen(f"http://{self.master}/{path}", timeout=10) as answer:
            return json.load(answer)

    def workers(self) -> list[psutil.Process]:
        """The Python workers that run now."""
        found = []
        for each in psutil.Process().children(recursive=True):
            with contextlib.suppress(psutil.Error):
                if _HARNESS in each.cmdline() and str(self.folder) in each.environ().get("TMPDIR", ""):
                    found.append(each)
        return found

    def worker_options(self, *, bare: bool = False, parallelism: int = TASK_MANAGERS) -> list[str]:
        """Beam's flags for workers that TaskManagers start as processes; `bare` are those whose Python has Beam and no wirelake."""
        config = json.dumps({"command": str(self._worker(bare=bare))})
        return ["--environment_type", "PROCESS", "--environment_config", config, "--parallelism", str(parallelism)]

    def options(self, *, bare: bool = False, parallelism: int = TASK_MANAGERS) -> list[str]:
        """The flags with which any Beam pipeline runs on this cluster, by the job server that is up already."""
        artifacts = f"{LOOPBACK}:{self._artifact_port}"
        to = ["--runner", "PortableRunner", "--job_endpoint", self.job_server.address, "--artifact_endpoint", artifacts]
        return [*to, *self.worker_options(bare=bare, parallelism=parallelism)]

    def _configure(self, rest: int, rpc: int) -> None:
        (self.folder / "conf").mkdir()
        (self.folder / "tmp").mkdir()
        settings = {
            "jobmanager.rpc.address": LOOPBACK,
            "jobmanager.rpc.port": rpc,
            "jobmanager.bind-host": LOOPBACK,
            "rest.address": LOOPBACK,
            "rest.bind-address": LOOPBACK,
            "rest.port": rest,
            "taskmanager.host": LOOPBACK,
            "taskmanager.bind-host": LOOPBACK,
            # More than one job takes, spread evenly: two jobs that hold half of what each needs would wait for each other for ever.
            "taskmanager.numberOfTaskSlots": _SLOTS,
            "taskmanager.load-balance.mode": "SLOTS",
            "io.tmp.dirs": self.folder / "tmp",
            # A job whose TaskManager died is tried again, as clusters are set up to do.
            "restart-strategy.type": "fixed-delay",
            "restart-strategy.fixed-delay.attempts": 10,
            "restart-strategy.fixed-delay.delay": "2 s",
            "heartbeat.interval": 2000,
            "heartbeat.timeout": 8000,
        }
        (self.folder / "conf" / "config.yaml").write_text("".join(f"{name}: {value}\n" for name, value in settings.items()))

    def _flink(self, name: str, port: int, memory: str, entry: str, arguments: list[str]) -> Server:
        """A server of Flink; its log has a folder of its own."""
        (self.folder / name).mkdir()
        java = ["java", memory, *_JAVA, f"-Djava.io.tmpdir={self.folder / 'tmp'}", "-cp", f"{self._libraries}/*"]
        return Server(self.folder / name, [*java, entry, "-c", str(self.folder / "conf"), *arguments], port)

    def _task_manager(self, number: int, port: int) -> Server:
        name = f"taskmanager{number}"
        settings = {f"memory.{key}": value for key, value in _MEMORY.items()} | {
            "cpu.cores": "1.0",
            "rpc.port": str(port),
        }
        told = [word for key, value in settings.items() for word in ("-D", f"taskmanager.{key}={value}")]
        return self._flink(name, port, "-Xmx384m", _TASK_MANAGER, told)

    def _job_service(self) -> Server:
        folder = self.folder / "jobserver"
        folder.mkdir()
        port, self._artifact_port, expansion = free_port(), free_port(), free_port()
        where = {"flink-master": self.master, "job-host": LOOPBACK, "job-port": port, "artifact-port": self._artifact_port}
        where |= {"expansion-port": expansion, "artifacts-dir": folder / "artifacts"}
        java = ["java", "-Xmx512m", *_SHORT_LIVED, f"-Djava.io.tmpdir={self.folder / 'tmp'}", "-jar", str(self.job_server_jar)]
        return Server(folder, [*java, *(f"--{name}={value}" for name, value in where.items())], port)

    def _worker(self, *, bare: bool) -> pathlib.Path:
        """A script that starts a worker, as Flink wants it: one command."""
        script = self.folder / ("bare-worker" if bare else "worker")
        if not script.exists():
            if bare:
                _make_bare(self.folder / "bare")
            python = self.bare_python if bare else pathlib.Path(sys.executable)
            command = [sys.executable, HERE / "worker.py", self._boot, python.parent, self.folder / "tmp"]
            found = "" if bare else f"export PYTHONPATH={shlex.quote(str(ROOT))}\n"
            script.write_text(f'#!/bin/sh\n{found}exec {shlex.join(map(str, command))} "$@"\n')
            script.chmod(0o755)
        return script

    @property
    def bare_python(self) -> pathlib.Path:
        """The Python of bare workers, there when their options were asked for."""
        return self.folder / "bare" / "bin" / "python"

    @property
    def _servers(self) -> list[Server]:
        return [self.manager, *self.task_managers, self.job_server]

    def __enter__(self) -> "Cluster":
        with contextlib.ExitStack() as stack:
            stack.callback(self._kill)
            self.start()
            stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._kill()

    def _kill(self) -> None:
        for server in self._servers:
            server.kill()


_JOB_MANAGER = "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint"
_TASK_MANAGER = "org.apache.flink.runtime.taskexecutor.TaskManagerRunner"


def _make_bare(folder: pathlib.Path) -> None:
    """An environment of Python that has all that this one has installed, but not this project."""
    venv.create(folder, with_pip=False)
    (into,) = folder.glob("lib/python*/site-packages")
    (own,) = {pathlib.Path(path) for path in sys.path if pathlib.Path(path).name == "site-packages"}
    for entry in own.iterdir():
        if "wirelake" not in entry.name and not (into / entry.name).exists():
            (into / entry.name).symlink_to(entry)
