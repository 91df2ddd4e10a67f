"""What a run was asked to do: wirelake's own settings, and every other flag as Beam understands it."""

import argparse
import dataclasses
import datetime as dt
import difflib
import importlib.util
import os
import pathlib
from collections.abc import Sequence
from typing import Any, NoReturn

from apache_beam.options.pipeline_options import PipelineOptions, StandardOptions, TypeOptions

from pipelines.errors import UsageError
from pipelines.sampler import sample_briefly
from transforms.text.annotate import OWN, Choices

DEFAULT_RUNNER = "DirectRunner"

IN_PROCESS_RUNNER = "FnApiRunner"
"""What `DirectRunner` stands for here. Beam's own DirectRunner first tries to download another runner (Prism), and picks one or the
other by what it finds: the same command would run on different engines."""

OWN_TAGGER, OWN_PATTERNS = "model", "rules"
"""The values of `--entities` and `--quotes` that mean the package's own ways."""

OWN_FLAGS = tuple(
    f"--{name}"
    for name in (
        "lake runner dry-run keep-raw no-keep-raw date move-to settle round-inputs round-seconds quiet json lock-wait max-rejected "
        "entities quotes fragments"
    ).split()
)
"""Flags of the commands that pass others on to Beam, only to suggest the right spelling of an unknown one."""

LONGEST_JOB_SECONDS = 30 * 24 * 3600
"""How long a job may take. Beam ends the stream by which it hears of a job after `--job_server_timeout`, 300 s by default, and takes it for
lost; so that flag, where the user has not given it, is this."""

_NO_MAIN_SESSION = "--no_save_main_session"
"""Everything that workers run is importable, so the state of `__main__` never travels (cloudpickle would take it along)."""


class WireOptions(PipelineOptions):
    """wirelake's own pipeline options: what a worker or the page of a running job needs to know about the run."""

    @classmethod
    def _add_argparse_args(cls, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--wirelake_lake", default=None, help="The lake that the job writes to; set by wirelake itself.")


class _Options(PipelineOptions):
    """Options that keep their views. Beam asks for one at every turn, two hundred times a run, and each time would parse all flags anew;
    all views of an object share its values."""

    def view_as(self, cls: type[Any]) -> Any:
        views = self.__dict__.setdefault("_views", {})
        if cls not in views:
            views[cls] = super().view_as(cls)
        return views[cls]

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "_views"}


@dataclasses.dataclass(frozen=True)
class Settings:
    """One `ingest`: where the lake is, what is read, and how. Made by `settings_from`, which has checked all of it."""

    lake: str
    sources: tuple[str, ...]
    runner: str = DEFAULT_RUNNER
    beam_args: tuple[str, ...] = (_NO_MAIN_SESSION,)
    lock_wait: float = 60.0
    max_rejected: float = 0.5
    dry_run: bool = False
    keep_raw: bool | None = None
    """Whether the table `raw` gets the bytes of what is read; null: those of messages."""
    choices: Choices = OWN
    """How stories are annotated."""

    @property
    def in_process(self) -> bool:
        """Whether runs take place here, and not on an engine whose jobs take seconds to start."""
        return self.runner in (DEFAULT_RUNNER, IN_PROCESS_RUNNER)


def settings_from(
    arguments: Sequence[str],
    *,
    lake: str,
    runner: str = DEFAULT_RUNNER,
    more_sources: Sequence[str] = (),
    lock_wait: float = 60.0,
    max_rejected: float = 0.5,
    dry_run: bool = False,
    keep_raw: bool | None = None,
    entities: str = OWN_TAGGER,
    quotes: str = OWN_PATTERNS,
    fragments: bool = False,
) -> Settings:
    """Settings of one run. `arguments` are sources and Beam's flags in any order; `more_sources` are sources whatever they look like.

    Raises UsageError for a flag that no part of Beam knows (Beam itself would only log it and run without), a bad value of a flag,
    an unknown runner, no source, or a number out of range."""
    beam_args, sources = split_arguments(arguments)
    sources += more_sources
    if not sources:
        raise UsageError("no source was given: name a file, a folder, a pattern or a feed; --help says what this command takes")
    if not 0 <= max_rejected <= 1:
        raise UsageError(f"--max-rejected is a share between 0 and 1, not {max_rejected:g}")
    seconds("--lock-wait", lock_wait)
    if _NO_MAIN_SESSION not in beam_args:
        beam_args.append(_NO_MAIN_SESSION)
    return Settings(
        lake=lake,
        sources=tuple(sources),
        runner=_known_runner(runner),
        beam_args=tuple(beam_args),
        lock_wait=lock_wait,
        max_rejected=max_rejected,
        dry_run=dry_run,
        keep_raw=keep_raw,
        choices=choices_from(entities, quotes, fragments),
    )


def choices_from(entities: str = OWN_TAGGER, quotes: str = OWN_PATTERNS, fragments: bool = False) -> Choices:
    """How stories are annotated, by the values of `--entities`, `--quotes` and `--fragments`.

    Raises UsageError for another value than the package's own and spacy:MODEL, and where spaCy or the pipeline is not there, or where the
    pipeline lacks the parser that quotations need."""
    names = None if entities == OWN_TAGGER else _spacy_model("--entities", entities, OWN_TAGGER)
    if quotes == OWN_PATTERNS:
        return Choices(names, None, fragments)
    parsing = _spacy_model("--quotes", quotes, OWN_PATTERNS)
    language, components = _spacy_config(parsing)
    if language != "en" or "parser" not in components:
        raise UsageError(f"--quotes {quotes} is of no use: quotations need an English pipeline with a parser")
    return Choices(names, parsing, fragments)


def _spacy_model(option: str, value: str, own: str) -> str:
    """The name of an installed spaCy pipeline or the absolute path of another."""
    kind, _, model = value.partition(":")
    if kind != "spacy" or not model:
        raise UsageError(f"{option} is {own}, or spacy:MODEL with the name or path of a spaCy pipeline, not {value!r}")
    if importlib.util.find_spec("spacy") is None:
        raise UsageError(f"{option} {value} needs spaCy, which is not installed: pip install 'wirelake[spacy]'")
    is_package = model.isidentifier() and importlib.util.find_spec(model) is not None
    if not is_package and not os.path.isfile(os.path.join(model, "config.cfg")):
        raise UsageError(f"{model} is no spaCy pipeline: give the name of an installed one, or a folder with a config.cfg")
    return model if is_package else os.path.abspath(model)


def _spacy_config(model: str) -> tuple[str, list[str]]:
    """The language of a spaCy pipeline and the names of its components."""
    import spacy

    folder = spacy.util.get_package_path(model) if spacy.util.is_package(model) else pathlib.Path(model)
    found = folder / "config.cfg"
    if not found.is_file():
        # An installed pipeline keeps its data in a folder of its name and version.
        found = next(folder.glob("*/config.cfg"), found)
    nlp = spacy.util.load_config(found)["nlp"]
    return nlp["lang"], nlp["pipeline"]


def seconds(flag: str, value: float) -> float:
    """The value of a flag that is a time. Raises UsageError for one below zero or without end."""
    if not 0 <= value < float("inf"):
        raise UsageError(f"{flag} is a number of seconds, not {value:g}")
    return value


def days(first: dt.date, last: dt.date) -> list[dt.date]:
    """All dates from one to another. Raises UsageError where there is none."""
    if last < first:
        raise UsageError(f"--to {last} lies before --from {first}")
    return [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]


def split_arguments(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """Beam's flags with their values, and what is left: the sources. Raises UsageError for a flag that is nobody's."""
    for argument in arguments:
        flag = argument.partition("=")[0]
        # Beam has a --dry_run of its own, for its tests: who writes that wants ours.
        if flag.replace("_", "-") in OWN_FLAGS:
            raise UsageError(_unknown(flag, ()))
    parser = _BeamFlags(allow_abbrev=False, add_help=False, argument_default=argparse.SUPPRESS)
    for options in _option_classes():
        options._add_argparse_args(parser)
    marked = [_Argument(argument) for argument in arguments]
    rest = parser.parse_known_args(marked)[1]
    for argument in rest:
        if argument.startswith("-") and argument != "-":
            raise UsageError(_unknown(argument.partition("=")[0], parser.spellings()))
    left = {id(argument) for argument in rest}
    return [str(argument) for argument in marked if id(argument) not in left], [str(argument) for argument in rest]


def pipeline_options(settings: Settings) -> PipelineOptions:
    """The options Beam gets for a run of these settings, with `DirectRunner` resolved to the runner that stays in the process."""
    runner = IN_PROCESS_RUNNER if settings.runner == DEFAULT_RUNNER else settings.runner
    if runner == IN_PROCESS_RUNNER:
        sample_briefly()
    # Of a flag that is given twice the last counts: the user's.
    first = () if settings.in_process else (f"--job_server_timeout={LONGEST_JOB_SECONDS}",)
    options = _Options([*first, *settings.beam_args], runner=runner)
    options.view_as(WireOptions).wirelake_lake = settings.lake
    # Half of the time that a round of few stories takes: the tests build the same graph with the check.
    options.view_as(TypeOptions).pipeline_type_check = False
    return options


class _Argument(str):
    """A word of the command line that is itself and no other equal one: a source may be spelt like the value of a flag."""


class _BeamFlags(argparse.ArgumentParser):
    """All flags of Beam in one parser, which raises where argparse would print and exit."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(message)

    def add_value_provider_argument(self, *names: str, **details: Any) -> None:
        """Beam's extension of argparse for options of templates; a positional one has no place among sources."""
        if names[0].startswith("-"):
            self.add_argument(*names, **details)

    def spellings(self) -> list[str]:
        return [spelling for action in self._actions for spelling in action.option_strings]


def _option_classes() -> list[type[PipelineOptions]]:
    """Every class of options that is loaded, each once, except our own (set by us, not by the user)."""
    found: dict[str, type[PipelineOptions]] = {}
    waiting = list(PipelineOptions.__subclasses__())
    while waiting:
        options = waiting.pop(0)
        if options is not WireOptions and "_add_argparse_args" in vars(options):
            found.setdefault(f"{options.__module__}.{options.__qualname__}", options)
        waiting.extend(options.__subclasses__())
    return list(found.values())


def _known_runner(name: str) -> str:
    """The runner's full spelling; a dotted name is a class of the user's own. UsageError for any other that Beam lacks."""
    known = {path.rpartition(".")[2].lower(): path.rpartition(".")[2] for path in StandardOptions.ALL_KNOWN_RUNNERS}
    for spelling in (name.lower(), name.lower() + "runner"):
        if spelling in known:
            return known[spelling]
    if "." in name:
        return name
    close = difflib.get_close_matches(name.lower(), known, n=1)
    raise UsageError(f"there is no runner {name!r}" + (f": did you mean {known[close[0]]}?" if close else ""))


def _unknown(flag: str, spellings: Sequence[str]) -> str:
    close = difflib.get_close_matches(flag, [*OWN_FLAGS, *spellings], n=1)
    return f"neither wirelake nor Beam knows the flag {flag}" + (f": did you mean {close[0]}?" if close else "")
