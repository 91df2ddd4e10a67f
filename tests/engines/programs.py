"""The programs that engines are made of, each installed once: `python -m tests.engines.programs` installs all that this machine can.

Nothing here needs more than Python's own library, so that it can go on while the environment of the tests is made."""

import pathlib
import subprocess
import sys
import zipfile
from collections.abc import Callable

from tests.engines.install import BEAM_VERSION, MissingError, beam_version, cached, need, run

HERE = pathlib.Path(__file__).resolve().parent

_JOB_SERVER = "org.apache.beam.runners.flink.FlinkJobServerDriver"


def pubsub() -> pathlib.Path:
    """Google's fake of Pub/Sub. Like all of these it raises MissingError, and CalledProcessError where it cannot be made."""
    return cached("pubsub", [HERE / "pubsubfake" / name for name in ("main.go", "go.mod", "go.sum")], _build_pubsub) / "pubsubfake"


def _build_pubsub(to: pathlib.Path) -> None:
    need("Google's fake of Pub/Sub", "Go 1.24 or later", "go")
    run(["go", "build", "-buildvcs=false", "-o", str(to / "pubsubfake"), "."], HERE / "pubsubfake")


def prism() -> pathlib.Path:
    """Beam's Prism, of the version that `setup.py` asks of Beam."""
    program = f"apache/beam/sdks/v2/go/cmd/prism@{beam_version()}"
    return cached("prism", [BEAM_VERSION], lambda to: _go("Beam's Prism", program, to)) / "prism"


def boot() -> pathlib.Path:
    """Beam's start-up program of workers."""
    program = f"apache/beam/sdks/v2/python/container@{beam_version()}"
    return cached("boot", [BEAM_VERSION], lambda to: _go("Beam's start-up program of workers", program, to)) / "container"


def minio() -> pathlib.Path:
    """MinIO, which speaks S3."""
    recipe = HERE / "minio" / "version.txt"
    version = recipe.read_text(encoding="utf-8").strip()
    return cached("minio", [recipe], lambda to: _go("an object store", f"minio/minio@{version}", to)) / "minio"


def _go(what: str, program: str, to: pathlib.Path) -> None:
    need(what, "Go 1.24 or later", "go")
    run(["env", f"GOBIN={to}", "go", "install", f"github.com/{program}"], to)


def kafka() -> pathlib.Path:
    """The folder of a Kafka broker's archives."""
    return cached("kafka", [HERE / "kafka" / "pom.xml"], lambda to: _maven("a Kafka broker", "kafka", to))


def job_server() -> pathlib.Path:
    """Beam's job server for Flink, as one archive that can be run."""
    return cached("jobserver", [HERE / "flink" / "pom.xml"], _fetch_job_server) / "job-server.jar"


def _fetch_job_server(to: pathlib.Path) -> None:
    _maven("Beam's job server for Flink", "flink", to)
    _name_all(to)


def _maven(what: str, recipe: str, to: pathlib.Path) -> None:
    need(what, "Java 17 or later and Maven", "mvn", "java")
    run(["mvn", "-q", "-B", "-f", str(HERE / recipe / "pom.xml"), "dependency:copy-dependencies", f"-DoutputDirectory={to}"], to)


def _name_all(folder: pathlib.Path) -> None:
    """Makes one archive that can be run and names all others beside it, as the one archive of Beam's site holds them."""
    path = " ".join(sorted(jar.name for jar in folder.glob("*.jar")))
    # A line of a manifest has 72 bytes at most; the next one goes on after a blank.
    line = f"Class-Path: {path}"
    folded = "\r\n ".join([line[:70], *(line[at : at + 69] for at in range(70, len(line), 69))])
    with zipfile.ZipFile(folder / "job-server.jar", "w") as jar:
        jar.writestr("META-INF/MANIFEST.MF", f"Manifest-Version: 1.0\r\nMain-Class: {_JOB_SERVER}\r\n{folded}\r\n")


def flink() -> pathlib.Path:
    """The folder of Flink's libraries."""
    return cached("flink", [HERE / "flink" / "requirements.txt"], _fetch_flink) / "pyflink" / "lib"


def _fetch_flink(to: pathlib.Path) -> None:
    need("a Flink cluster", "Java 17 or later", "java")
    recipe = HERE / "flink" / "requirements.txt"
    run([sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(to), "-r", str(recipe)], to)


ALL: tuple[Callable[[], pathlib.Path], ...] = (pubsub, prism, boot, minio, kafka, job_server, flink)


def main() -> int:
    """Installs all; 1 where one cannot be."""
    failed = 0
    for each in ALL:
        try:
            each()
        except (MissingError, OSError, subprocess.SubprocessError) as error:
            failed = 1
            print(f"{each.__name__}: {error}", file=sys.stderr)
    return failed


if __name__ == "__main__":
    sys.exit(main())
