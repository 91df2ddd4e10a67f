"""What is installed: the source archive is built, installed into an environment of its own, and works there."""

import ast
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[1]
TOP = ("pipelines", "schemas", "transforms")
LEFT_OUT = {"__pycache__"}


def setup_call() -> dict[str, ast.expr]:
    """The keywords of `setup(...)` in setup.py, unevaluated."""
    tree = ast.parse((ROOT / "setup.py").read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "setup"]
    return {keyword.arg: keyword.value for keyword in calls[0].keywords if keyword.arg}


def package_files() -> set[str]:
    """Every file that lies in a package's folder, by its path from the root."""
    paths = (path for top in TOP for path in (ROOT / top).rglob("*") if path.is_file())
    return {path.relative_to(ROOT).as_posix() for path in paths if not LEFT_OUT & set(path.parts) and path.suffix != ".pyc"}


def run(*command: str | os.PathLike[str], cwd: pathlib.Path) -> str:
    # An inherited path would make the source folder importable where only the installed package may be.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, f"{command}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """The source archive, built from a copy: a build writes into its folder."""
    folder = tmp_path_factory.mktemp("sdist")
    source = folder / "source"
    source.mkdir()
    for path in ROOT.iterdir():
        if path.is_file() and not path.name.startswith("."):
            shutil.copy2(path, source)
    for name in (*TOP, "docs", "seeds", "tests"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns(*LEFT_OUT))
    run(sys.executable, "-m", "build", "--sdist", "--no-isolation", "--outdir", folder, source, cwd=folder)
    (built,) = folder.glob("*.tar.gz")
    return built


@pytest.fixture(scope="module")
def wheel(archive: pathlib.Path) -> pathlib.Path:
    run(
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "-w",
        archive.parent,
        archive,
        cwd=archive.parent,
    )
    (built,) = archive.parent.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: pathlib.Path) -> pathlib.Path:
    """The Python of a new environment that has the wheel; the libraries it needs come from ours, by a path behind its own."""
    environment = wheel.parent / "environment"
    venv.create(environment, with_pip=False)
    python = environment / "bin" / "python"
    (site,) = environment.glob("lib/python*/site-packages")
    run(sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", wheel, cwd=wheel.parent)
    ours = [path for path in sys.path if path.endswith("site-packages")]
    assert ours
    (site / "libraries.pth").write_text("".join(f"{path}\n" for path in ours), encoding="utf-8")
    return python


def test_setup_lists_every_package_and_no_other() -> None:
    there = {path.parent.relative_to(ROOT).as_posix().replace("/", ".") for top in TOP for path in (ROOT / top).rglob("__init__.py")}
    assert set(ast.literal_eval(setup_call()["packages"])) == there


def test_every_folder_of_code_is_a_package() -> None:
    folders = {path.rpartition("/")[0] for path in package_files() if path.endswith(".py")}
    assert {folder for folder in folders if not (ROOT / folder / "__init__.py").exists()} == set()


def test_every_dependency_says_what_for() -> None:
    lines = (ROOT / "setup.py").read_text(encoding="utf-8").splitlines()
    start, stop = lines.index("    install_requires=["), lines.index("    extras_require={")
    named = [line for line in lines[start + 1 : stop] if line.strip().startswith('"')]
    assert len(named) >= 10
    assert [line for line in named if "  # " not in line] == []


def test_the_archive_holds_what_is_needed_to_test_it(archive: pathlib.Path) -> None:
    with tarfile.open(archive) as opened:
        inside = {name.partition("/")[2] for name in opened.getnames()}
    wanted = {"README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile", "pyproject.toml", "setup.py"}
    wanted |= {"docs/conf.py", "seeds/000_19efda94ec1e927b.txt"}
    wanted |= {path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("*.md")} | package_files()
    assert wanted - inside == set()
    assert "tests/test_packaging.py" in inside
    assert [name for name in inside if "__pycache__" in name or name.startswith((".venv", "lake/"))] == []


def test_the_wheel_holds_every_file_of_the_packages_and_nothing_else(wheel: pathlib.Path) -> None:
    with zipfile.ZipFile(wheel) as opened:
        inside = {name for name in opened.namelist() if ".dist-info/" not in name}
    assert inside == package_files()


def test_every_installed_module_can_be_imported(installed: pathlib.Path) -> None:
    names = sorted(
        path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for path in package_files()
        # What builds the tables needs libraries that are not installed with the package.
        if path.endswith(".py") and not path.rpartition("/")[2].startswith(("build_", "__main__"))
    )
    code = "import importlib, sys\nfor name in sys.argv[1:]: print(importlib.import_module(name).__file__)"
    files = run(installed, "-W", "ignore", "-c", code, *names, cwd=installed.parent).splitlines()
    assert len(files) == len(names)
    assert [file for file in files if not file.startswith(str(installed.parents[1]))] == []


def test_the_installed_command_parses_the_user_story(installed: pathlib.Path, tmp_path: pathlib.Path) -> None:
    command = installed.with_name("wirelake")
    assert run(command, "--version", cwd=tmp_path).startswith("wirelake 0.")
    said = run(command, "parse", ROOT / "seeds" / "000_19efda94ec1e927b.txt", cwd=tmp_path)
    assert '"dateline_country": "KR"' in said
    assert '"error": null' in said
