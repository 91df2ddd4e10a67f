"""Real brokers on loopback: Google's fake of Pub/Sub, one Kafka broker, an object store.

A server ends with its context, and on Linux with the thread that started it, also where that is killed: start servers from a process's
main thread."""

import contextlib
import os
import pathlib
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence

from tests.engines import install, programs

HERE = pathlib.Path(__file__).resolve().parent

LOOPBACK = "127.0.0.1"
MINIO_USER = "wirelake-tests"
MINIO_REGION = "us-east-1"
_START_SECONDS = 60
_PORTS = range(20_000, 32_000)
"""Below the range that Linux takes for outgoing connections: a client that calls a stopped server again and again never gets itself."""


class Server:
    """One server process on a port that stays the same when it is killed and started again. Its log lies in its folder."""

    def __init__(self, folder: pathlib.Path, command: Sequence[str], port: int) -> None:
        self.port = port
        self.address = f"{LOOPBACK}:{port}"
        self.log = folder / "server.log"
        self._folder, self._command = folder, command
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it, and returns when the port answers. Raises RuntimeError with the end of the log where it does not."""
        launch = [sys.executable, "-IS", str(HERE / "launch.py"), str(os.getpid())]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*launch, *self._command], cwd=self._folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        until = time.monotonic() + _START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > until:
                self.kill()
                raise RuntimeError(f"{self._command[0]} does not answer on {self.address}:\n{self.log.read_text()[-3000:]}")
            time.sleep(0.05)

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection((LOOPBACK, self.port), timeout=1):
            return True
        return False

    @property
    def state(self) -> str:
        """Whether it runs, for a person."""
        ended = self._process.poll() if self._process else "never started"
        return "it runs" if ended is None else f"it ended: {ended}"

    def kill(self) -> None:
        """Ends it by SIGKILL; nothing happens where it does not run."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def pause(self) -> None:
        """Leaves it connected and mute, as a network that is cut does, until `resume`."""
        assert self._process, "it does not run"
        self._process.send_signal(signal.SIGSTOP)
        os.waitpid(self._process.pid, os.WUNTRACED)  # until the last of its threads has stopped

    def resume(self) -> None:
        """Ends `pause`."""
        assert self._process, "it does not run"
        self._process.send_signal(signal.SIGCONT)

    def __enter__(self) -> "Server":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()


def pubsub(folder: pathlib.Path) -> Server:
    """The fake of Pub/Sub, not started. Killed, it forgets all, and numbers messages from 0 again. It drops what is 10 minutes old.

    Raises MissingError, and CalledProcessError where it cannot be built."""
    program, port = programs.pubsub(), free_port()
    return Server(folder, [str(program), f"{LOOPBACK}:{port}"], port)


def kafka(folder: pathlib.Path) -> Server:
    """A broker, not started, with its data in the folder: killed and started again, it has all that it had.

    Raises MissingError, and CalledProcessError where it cannot be installed or its data not be formatted."""
    java = ["java", "-Xmx320m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", f"{programs.kafka()}/*"]
    port, controller = free_port(), free_port()
    settings = {
        "process.roles": "broker,controller",
        "node.id": 1,
        "controller.quorum.voters": f"1@{LOOPBACK}:{controller}",
        "controller.listener.names": "CONTROLLER",
        "listeners": f"PLAINTEXT://{LOOPBACK}:{port},CONTROLLER://{LOOPBACK}:{controller}",
        "log.dirs": folder / "data",
        # A broker that was killed may come again when its controller has missed it for so long.
        "broker.heartbeat.interval.ms": 500,
        "broker.session.timeout.ms": 1500,
        # Tests may let a consumer's death be noticed sooner than Kafka's own least of 6 s.
        "group.min.session.timeout.ms": 500,
        # One broker has no others to copy to, and one group of consumers needs no fifty partitions and no pause before it begins.
        "offsets.topic.num.partitions": 1,
        "offsets.topic.replication.factor": 1,
        "transaction.state.log.replication.factor": 1,
        "transaction.state.log.min.isr": 1,
        "group.initial.rebalance.delay.ms": 0,
    }
    (folder / "server.properties").write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
    install.run([*java, "kafka.tools.StorageTool", "format", "-t", "d2lyZWxha2UtdGVzdHMtMQ", "-c", "server.properties"], folder)
    return Server(folder, [*java, "kafka.Kafka", "server.properties"], port)


def minio(folder: pathlib.Path) -> Server:
    """An object store that speaks S3, not started, with its data in the folder. Its user and password are `MINIO_USER`.

    Raises MissingError, and CalledProcessError where it cannot be built."""
    program = programs.minio()
    (folder / "data").mkdir()
    port, console = free_port(), free_port()
    told = ["env", f"MINIO_ROOT_USER={MINIO_USER}", f"MINIO_ROOT_PASSWORD={MINIO_USER}", "MINIO_UPDATE=off", "MINIO_BROWSER=off"]
    where = ["--address", f"{LOOPBACK}:{port}", "--console-address", f"{LOOPBACK}:{console}"]
    return Server(folder, [*told, str(program), "server", str(folder / "data"), *where], port)


def free_port() -> int:
    """A port of loopback on which nothing listens."""
    while True:
        port = random.choice(_PORTS)
        with contextlib.suppress(OSError), socket.socket() as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind((LOOPBACK, port))
            return port
