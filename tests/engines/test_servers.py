"""What starts the brokers: an install that is whole or not there, and servers that never outlive a test."""

import fcntl
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time

import psutil
import pytest

from tests.engines import fixtures, install, programs, servers

ROOT = pathlib.Path(__file__).resolve().parents[2]


@pytest.fixture
def recipe(tmp_path, monkeypatch):
    monkeypatch.setattr(install, "CACHE", tmp_path / "cache")
    path = tmp_path / "recipe"
    path.write_text("one")
    return path


def web(folder):
    """A server that is always there."""
    port = servers.free_port()
    return servers.Server(folder, [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", str(port)], port)


def ended(pid, seconds=10):
    """Whether a process is gone, or waits only to be counted."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.02)
    return False


def test_what_cannot_be_installed_is_told_and_the_rest_is_installed(monkeypatch, capsys):
    made = []

    def minio():
        made.append("minio")

    def kafka():
        install.need("A broker", "Maven", "no-such-program")

    monkeypatch.setattr(programs, "ALL", (kafka, minio))
    assert programs.main() == 1
    assert made == ["minio"]
    assert capsys.readouterr().err.startswith("kafka: A broker for tests needs Maven")
    monkeypatch.setattr(programs, "ALL", (minio,))
    assert programs.main() == 0


def test_an_engine_is_made_once_and_again_when_its_recipe_changes(recipe):
    made = []

    def make(folder):
        made.append(folder)
        (folder / "engine").write_text(recipe.read_text())

    folder = install.cached("e", [recipe], make)
    assert install.cached("e", [recipe], make) == folder
    recipe.write_text("two")
    assert (install.cached("e", [recipe], make) / "engine").read_text() == "two"
    assert (folder / "engine").read_text() == "one"
    assert len(made) == 2


def test_an_install_that_was_interrupted_is_done_again(recipe):
    def interrupted(folder):
        (folder / "half").write_text("")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        install.cached("e", [recipe], interrupted)
    folder = install.cached("e", [recipe], lambda folder: (folder / "whole").touch())
    assert [path.name for path in folder.iterdir()] == ["whole"]


def test_an_install_waits_for_the_one_of_another_process(recipe):
    install.CACHE.mkdir()
    with (install.CACHE / "e.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        waiting = threading.Thread(target=install.cached, args=("e", [recipe], lambda folder: None))
        waiting.start()
        waiting.join(0.3)
        assert waiting.is_alive()
        assert [path.name for path in install.CACHE.iterdir()] == ["e.lock"]
    waiting.join(10)
    assert not waiting.is_alive()


@pytest.mark.parametrize(("make", "named"), [(servers.pubsub, "Go 1.24"), (servers.kafka, "Java 17 or later and Maven")])
def test_without_the_tools_tests_skip_with_a_sentence_and_fail_in_ci(make, named, recipe, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match=f"needs {named}.*: install it"):
        fixtures._made(make, tmp_path)
    monkeypatch.setenv("CI", "true")
    with pytest.raises(install.MissingError, match=named):
        fixtures._made(make, tmp_path)


def test_a_server_is_there_within_its_context_and_may_be_killed_and_started_on_its_port(tmp_path):
    with web(tmp_path) as server:
        assert server._answers()
        server.kill()
        assert not server._answers()
        server.start()
        assert server._answers()
    assert not server._answers()


def test_a_server_that_ends_at_once_is_an_error_with_its_log(tmp_path):
    server = servers.Server(tmp_path, [sys.executable, "-c", "raise SystemExit('out of paper')"], servers.free_port())
    with pytest.raises(RuntimeError, match="out of paper"):
        server.start()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a process with the one that started it")
def test_a_server_dies_with_the_process_that_started_it(tmp_path):
    code = (
        "import pathlib, sys, time; from tests.engines.test_servers import web\n"
        "server = web(pathlib.Path(sys.argv[1])); server.start(); print(server._process.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE) as starter:
        pid = int(starter.stdout.readline())
        assert psutil.Process(pid).is_running()
        os.kill(starter.pid, signal.SIGKILL)
    assert ended(pid)
