"""docs/schedule.md does what it says: every example of it is checked, and run as far as it can run here.

The Airflow operator is a stand-in that builds the command line as the provider's hook does. `WIRELAKE_AIRFLOW=/path/to/python`, a Python
that has Airflow with the providers for Beam and Google, holds it against the real one."""

import configparser
import contextlib
import datetime as dt
import json
import os
import pathlib
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
import types

import click
import duckdb
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from pipelines import errors, metrics
from pipelines.cli import main, wirelake
from pipelines.lake import durable
from pipelines.options import settings_from
from tests.pipelines.lines import story, write_lines

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "schedule.md").read_text(encoding="utf-8")
PLACE = "/srv/news"
TODAY = dt.datetime.now(dt.UTC)
DAY = "2024-06-19"


def blocks(language):
    """The fenced blocks of a language, in their order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)


def table(heading):
    """The rows of the table whose first line has this heading, as lists of cells."""
    text = PAGE.partition(f"| {heading} |")[2].partition("\n\n")[0]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in text.splitlines()[2:]]


@pytest.fixture(scope="module")
def first_lake(tmp_path_factory):
    """A lake that has one story, to copy."""
    folder = tmp_path_factory.mktemp("schedule")
    write_lines(folder / "a.jsonl", [story(1)])
    assert main(["ingest", str(folder / "a.jsonl"), "--lake", str(folder / "lake"), "--quiet"]) == 0
    return folder / "lake"


@pytest.fixture
def place(tmp_path, first_lake):
    """What the page calls /srv/news: a lake, new stories, an archive of some days, and wirelake installed."""
    yesterday = TODAY - dt.timedelta(days=1)
    rows = [story(number, published_at=moment) for number, moment in enumerate(("2024-06-18T10:00:00Z", f"{DAY}T10:00:00Z"), 2)]
    rows.append(story(4, published_at=yesterday.isoformat()))
    for name in ("incoming", "archive"):
        (tmp_path / name).mkdir()
        write_lines(tmp_path / name / "wires.jsonl", rows)
    shutil.copytree(first_lake, tmp_path / "lake")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    python = f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} {{}}"$@"\n'
    for name, arguments in (("python", ""), ("wirelake", "-m pipelines ")):
        (tmp_path / ".venv" / "bin" / name).write_text(python.format(arguments))
        (tmp_path / ".venv" / "bin" / name).chmod(0o755)
    return tmp_path


def published(place):
    """Dates of the stories in the lake, by a plain glob."""
    with duckdb.connect() as connection:
        files = place / "lake" / "stories" / "date=*" / "*" / "*.parquet"
        rows = connection.execute("select date from read_parquet($files, hive_partitioning = true)", {"files": str(files)}).fetchall()
    return sorted(str(date) for (date,) in rows)


def run(command, place, **environment):
    """Runs a command in an environment that has only what is given; its exit code and all it printed."""
    done = subprocess.run(
        command,
        cwd=place,
        env={"HOME": str(place), "LANG": "C.UTF-8", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout


def check(arguments):
    """Reads a command line of wirelake as the command does, and runs nothing. Fails where a flag is nobody's."""
    name, *rest = arguments
    assert name in wirelake.commands, f"there is no command {name}"
    # Within the group's context, as it is run: click keeps the spellings of --help that a command is first read with.
    group = click.Context(wirelake, info_name="wirelake", **wirelake.context_settings)
    with wirelake.commands[name].make_context(name, list(rest), parent=group) as context:
        given = context.params
    sources = given.get("sources", given.get("source"))
    if isinstance(sources, tuple):
        settings_from(sources, lake=given["lake"], runner=given["runner"])


def test_every_block_of_the_page_is_tested_here_or_with_all_documents() -> None:
    assert set(re.findall(r"^```([a-z]+)$", PAGE, flags=re.MULTILINE)) == {"text", "crontab", "ini", "python", "yaml", "sh"}


# The tables


@pytest.mark.parametrize("usage", [row[0].strip("`") for row in table("command")])
def test_every_command_of_the_page_is_one(usage):
    words = {"SOURCES": "incoming", "SOURCE": "incoming", "D": DAY}
    check([words.get(word, word) for word in shlex.split(usage)[1:]])


def test_every_exit_code_is_explained():
    classes = [errors.WirelakeError, *errors.WirelakeError.__subclasses__()]
    told = {code.strip() for row in table("exit code") for code in row[0].split(",")}
    assert told == {"0", *(str(each.exit_code) for each in classes)}


def test_what_was_rejected_too_often_is_in_the_lake_and_is_no_news_the_second_time(place):
    write_lines(place / "incoming" / "bad.jsonl", [story(9), *['{"cut'] * 20])
    ingest = ["ingest", str(place / "incoming"), "--lake", str(place / "lake"), "--quiet"]
    assert [main(ingest), main(ingest)] == [3, 0]
    assert len(published(place)) == 5


def test_a_job_that_finds_another_at_work_leaves_with_4_and_writes_nothing(place, monkeypatch, capsys):
    monkeypatch.chdir(place)
    before = published(place)
    with durable.locked(place / "lake", 0):
        assert main(["ingest", "incoming", "--lock-wait", "0.1"]) == 4
    assert published(place) == before
    assert main(["ingest", "incoming", "--quiet"]) == 0
    assert len(published(place)) > len(before)


LINES = [line for block in blocks("text") for line in block.splitlines()]


@pytest.mark.parametrize("line", LINES)
def test_every_command_line_runs(line, place, monkeypatch, capsys):
    monkeypatch.chdir(place)
    program, *arguments = shlex.split(line)
    assert program == "wirelake"
    check(arguments)
    assert main(arguments) == 0, capsys.readouterr().err


# cron

RANGES = {"minute": (0, 59), "hour": (0, 23), "day": (1, 31), "month": (1, 12), "weekday": (0, 7)}


def crontab():
    """Settings, and (fields, command) of each job, of the one table on the page. Fails on what cron would not take."""
    (text,) = blocks("crontab")
    settings, jobs = {}, []
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if setting := re.fullmatch(r"([A-Z]+)=(\S+)", line):
            settings[setting[1]] = setting[2]
            continue
        *fields, command = line.split(None, 5)
        assert len(fields) == 5, line
        assert not re.search(r"(?<!\\)%", command), f"cron ends the command at a percent sign: {line}"
        jobs.append((fields, command.replace("\\%", "%")))
    return settings, jobs


def in_range(field, name):
    """Whether a field of a crontab is `*`, numbers, ranges, steps or a list of them, within its bounds."""
    least, most = RANGES[name]
    found = [re.fullmatch(r"(?:\*|(\d+)(?:-(\d+))?)(?:/(\d+))?", part) for part in field.split(",")]
    return all(each and all(least <= int(number) <= most for number in each.groups()[:2] if number) for each in found)


def test_the_crontab_is_one_that_cron_takes():
    settings, jobs = crontab()
    assert set(settings) == {"MAILTO", "PATH"}
    assert len(jobs) >= 3
    for fields, _ in jobs:
        assert [name for name, field in zip(RANGES, fields, strict=True) if not in_range(field, name)] == []


@pytest.mark.parametrize("field", ["60", "*/", "1-", "a", "1-61", "1,,2", ""])
def test_a_field_that_cron_would_not_take_is_seen(field):
    assert not in_range(field, "minute")


@pytest.mark.parametrize("command", [command for _, command in crontab()[1]])
def test_every_job_of_the_crontab_runs_and_prints_nothing(command, place):
    settings = {name: value.replace(PLACE, str(place)) for name, value in crontab()[0].items()}
    environment = {"SHELL": "/bin/sh", "LOGNAME": "news", **settings}
    assert run(["/bin/sh", "-c", command.replace(PLACE, str(place))], "/", HOME=str(place), **environment) == (0, "")
    if "ingest" in command and "--date" not in command:
        assert DAY in published(place)
    if "--date" in command:
        yesterday = (TODAY - dt.timedelta(days=1)).date().isoformat()
        assert published(place) == ["2024-03-04", yesterday], "only yesterday's story is taken, or a day has ended during this test"


# systemd

KEYS = {
    "Unit": {"Description", "RequiresMountsFor", "StartLimitIntervalSec"},
    "Service": {
        *("Type", "User", "Nice", "WorkingDirectory", "ExecStart", "SuccessExitStatus", "Restart", "RestartSec"),
        *("RestartPreventExitStatus", "KillSignal", "TimeoutStopSec"),
    },
    "Timer": {"OnCalendar", "Persistent"},
    "Install": {"WantedBy"},
}
"""The directives that the page uses: systemd passes over one that it does not know, so a slip would go unseen."""


def units():
    """Every unit of the page, by its name."""
    found = {}
    for text in blocks("ini"):
        name = re.match(r"# /etc/systemd/system/(\S+)\n", text)[1]
        found[name] = configparser.RawConfigParser(strict=True)
        found[name].optionxform = str
        found[name].read_string(text)
    return found


UNITS = units()
SERVICES = sorted(name for name in UNITS if name.endswith(".service"))


@pytest.mark.parametrize("name", UNITS)
def test_every_unit_has_only_what_systemd_knows(name):
    unit = UNITS[name]
    kind = {"service": "Service", "timer": "Timer"}[name.rpartition(".")[2]]
    assert set(unit.sections()) - {"Install"} == {"Unit", kind}
    for section in unit.sections():
        assert set(unit[section]) - KEYS[section] == set()
    if kind == "Timer":
        assert name.replace(".timer", ".service") in UNITS
    else:
        assert unit["Service"]["User"] == "news"
        assert ("Install" in unit) == (name.replace(".service", ".timer") not in UNITS), "a service is started by its timer or by itself"


def test_the_page_says_how_to_switch_every_unit_on():
    on = {name for line in re.findall(r"systemctl enable --now ([^`]+)`", PAGE) for name in line.split()}
    assert {name if "." in name else f"{name}.service" for name in on} == {name for name in UNITS if "Install" in UNITS[name]}


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed: its own check of the units")
def test_systemd_accepts_every_unit(place):
    for text in blocks("ini"):
        (place / re.match(r"# \S*/(\S+)\n", text)[1]).write_text(text.replace(PLACE, str(place)))
    assert run(["systemd-analyze", "verify", *(f"./{name}" for name in UNITS)], place, PATH=os.environ["PATH"]) == (0, "")


def started(name, place):
    """The command of a service, with the files of this place."""
    return shlex.split(UNITS[name]["Service"]["ExecStart"].replace(PLACE, str(place)))


@pytest.mark.parametrize("name", [name for name in SERVICES if UNITS[name]["Service"]["Type"] == "oneshot"])
def test_every_job_of_systemd_runs(name, place):
    check(started(name, place)[1:])
    assert run(started(name, place), place) == (0, "")
    if "ingest" in name:
        assert DAY in published(place)


@pytest.mark.parametrize("name", [name for name in SERVICES if UNITS[name]["Service"]["Type"] != "oneshot"])
def test_a_service_takes_what_comes_and_ends_well_when_it_is_stopped(name, place):
    service = UNITS[name]["Service"]
    check(started(name, place)[1:])
    with served(started(name, place), place) as process:
        wait_for(lambda: (place / "done" / "wires.jsonl").exists(), process)
        write_lines(place / "incoming" / ".late.part", [story(5, published_at="2024-06-20T10:00:00Z")])
        (place / "incoming" / ".late.part").rename(place / "incoming" / "late.jsonl")
        wait_for(lambda: (place / "done" / "late.jsonl").exists(), process)
        process.send_signal(getattr(signal, service["KillSignal"]))
        said = process.communicate(timeout=float(service["TimeoutStopSec"]))[0]
    assert (process.returncode, said) == (0, "")
    assert {"2024-06-18", DAY, "2024-06-20"} <= set(published(place))
    assert list((place / "incoming").iterdir()) == []


@contextlib.contextmanager
def served(command, place):
    """A service, killed at the end whatever happens."""
    bound = [sys.executable, str(ROOT / "tests" / "engines" / "launch.py"), str(os.getpid()), *command]
    environment = {"HOME": str(place), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
    with subprocess.Popen(bound, cwd=place, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_for(true, process, seconds=60):
    end = time.monotonic() + seconds
    while not true():
        assert process.poll() is None, process.stdout.read()
        assert time.monotonic() < end, "it takes too long"
        time.sleep(0.05)


# Airflow


class Dag:
    """A stand-in for Airflow's DAG that collects its operators."""

    current = None

    def __init__(self, dag_id, *, schedule, start_date, catchup=True, max_active_runs=16):
        assert start_date.tzinfo
        self.operators = []

    def __enter__(self):
        Dag.current = self
        return self

    def __exit__(self, *_):
        Dag.current = None


class Operator:
    """What all operators have."""

    def __init__(self, *, task_id, retries=0):
        self.task_id = task_id
        Dag.current.operators.append(self)

    def __rshift__(self, other):
        return other


class BeamRunPythonPipelineOperator(Operator):
    """A stand-in for the operator of apache-airflow-providers-apache-beam 6.3: what it makes of its arguments."""

    def __init__(
        self,
        *,
        py_file,
        runner="DirectRunner",
        default_pipeline_options=None,
        pipeline_options=None,
        py_interpreter="python3",
        py_options=None,
        **named,
    ):
        super().__init__(**named)
        self.command = [py_interpreter, *(py_options or []), rendered(py_file), f"--runner={rendered(runner)}"]
        options = {**(default_pipeline_options or {}), **(pipeline_options or {}), "labels": ["airflow-version=v3"]}
        for name, value in options.items():
            assert name == name.lower(), "the operator turns capitals into underscores"
            if value is True:
                self.command.append(f"--{name}")
            elif value is not False and value is not None:
                self.command += [f"--{name}={rendered(each)}" for each in (value if isinstance(value, list) else [value])]


class BashOperator(Operator):
    """A stand-in for the operator of the standard provider."""

    def __init__(self, *, bash_command, **named):
        super().__init__(**named)
        self.command = ["bash", "-c", rendered(bash_command)]


def rendered(value):
    """A field as Airflow's templates make it, for a run of the day DAY."""
    return re.sub(r"\{\{ data_interval_start \| ds \}\}", DAY, value) if isinstance(value, str) else value


@pytest.fixture
def tasks(monkeypatch, place):
    """Commands of the tasks of a file of DAGs, by the id of the task."""
    there = {
        "airflow.sdk": {"DAG": Dag, "CronDataIntervalTimetable": lambda cron, timezone: (cron, timezone)},
        "airflow.providers.apache.beam.operators.beam": {"BeamRunPythonPipelineOperator": BeamRunPythonPipelineOperator},
        "airflow.providers.standard.operators.bash": {"BashOperator": BashOperator},
    }
    for name, members in there.items():
        parts = name.split(".")
        for end in range(1, len(parts) + 1):
            monkeypatch.setitem(sys.modules, ".".join(parts[:end]), types.ModuleType(".".join(parts[:end])))
        vars(sys.modules[name]).update(members)

    def loaded(text):
        names = {"__name__": "dags"}
        operators = []
        monkeypatch.setattr(Dag, "__exit__", lambda self, *_: operators.extend(self.operators))
        exec(compile(text.replace(PLACE, str(place)), "dags.py", "exec"), names)
        return {each.task_id: each.command for each in operators}

    return loaded


LOCAL, CLUSTER = blocks("python")


@pytest.mark.parametrize("task", ["ingest", "ingest_again", "compact"])
def test_every_task_of_airflow_runs(task, tasks, place):
    commands = tasks(LOCAL)
    assert set(commands) == {"ingest", "ingest_again", "compact"}
    command = commands[task]
    assert "{{" not in " ".join(command)
    code, said = run(command, place, PATH=os.environ["PATH"])
    assert code == 0, said
    if "ingest" in task:
        assert published(place)[:3] == (["2024-03-04", "2024-06-18", DAY] if task == "ingest" else ["2024-03-04", DAY])


def test_the_task_on_a_cluster_has_only_flags_that_are_known(tasks):
    (command,) = tasks(CLUSTER).values()
    assert command[1:4] == ["-m", "pipelines", "ingest"]
    assert "--runner=FlinkRunner" in command
    check(command[3:])


def test_the_pages_reasons_for_its_names_hold(tasks, place):
    command = tasks(LOCAL)["ingest"]
    assert "--lock-wait=240" in command
    assert "--quiet" in command
    check(command[3:])
    for wrong in ("--lock_wait=240", "--label=x=y --no_such_flag=1"):
        with pytest.raises(errors.UsageError, match="neither wirelake nor Beam knows"):
            check(["ingest", str(place), *wrong.split()])


RECORD = """
import json, sys, types
import pendulum
from airflow.providers.apache.beam.hooks import beam
from airflow.providers.apache.beam.operators.beam import BeamRunPythonPipelineOperator
commands = {}
beam.run_beam_command = lambda cmd, **_: commands.setdefault(task, cmd)
beam.subprocess = types.SimpleNamespace(check_output=lambda *_: b"2.77.0")
dags = {}
exec(compile(open(sys.argv[1]).read(), "dags.py", "exec"), dags)
for dag in {id(dag): dag for dag in __import__("gc").get_objects() if type(dag).__name__ == "DAG"}.values():
    for each in dag.tasks:
        task = each.task_id
        each.render_template_fields({"data_interval_start": pendulum.datetime(2024, 6, 19)})
        if isinstance(each, BeamRunPythonPipelineOperator):
            each.execute({})
        else:
            commands[task] = ["bash", "-c", each.bash_command]
open(sys.argv[2], "w").write(json.dumps(commands))
"""


@pytest.mark.skipif(
    "WIRELAKE_AIRFLOW" not in os.environ, reason="WIRELAKE_AIRFLOW names no Python with Airflow, which is 2 GB: the real operator"
)
@pytest.mark.parametrize("text", [LOCAL, CLUSTER], ids=["local", "cluster"])
def test_the_real_operator_makes_the_same_commands(text, tasks, place):
    (place / "dags.py").write_text(text.replace(PLACE, str(place)))
    (place / "record.py").write_text(RECORD)
    command = [os.environ["WIRELAKE_AIRFLOW"], "record.py", "dags.py", "commands.json"]
    code, said = run(command, place, AIRFLOW_HOME=str(place / "airflow"), PATH=os.environ["PATH"])
    assert code == 0, said
    real = json.loads((place / "commands.json").read_text())
    assert {task: [word.replace("v3-3-2", "v3") for word in words] for task, words in real.items()} == tasks(text)


# Monitoring

LAST = metrics.Measured(run="0" * 32, number=1, kind="watch", started_at=TODAY, seconds=1.0, rejected_reasons={"bad_json": 1})
WRITTEN = metrics.prom_text(LAST, metrics.Totals(last_at={"ingest": TODAY}).plus(LAST))


def test_every_metric_is_explained_and_no_other():
    assert [row[0].strip("`") for row in table("metric")] == re.findall(r"^# TYPE (\S+)", WRITTEN, flags=re.MULTILINE)


def test_the_alerts_ask_for_what_is_written():
    written = {
        (sample.name, *label)
        for family in text_string_to_metric_families(WRITTEN)
        for sample in family.samples
        for label in [(), *sample.labels.items()]
    }
    (text,) = blocks("yaml")
    (group,) = yaml.safe_load(text)["groups"]
    assert len(group["rules"]) >= 3
    for rule in group["rules"]:
        assert set(rule) == {"alert", "expr", "annotations"}
        assert rule["expr"].count("(") == rule["expr"].count(")")
        asked = re.findall(r"(wirelake_\w+)(?:\{(\w+)=~?\"([\w|]+)\"\})?", rule["expr"])
        assert {(name, label, value) if label else (name,) for name, label, values in asked for value in values.split("|")} <= written


def test_the_folder_of_the_metrics_is_the_one_that_is_named():
    for name in (metrics.JSON_FILE, metrics.PROM_FILE):
        assert f"`{metrics.FOLDER}/{name}`" in PAGE
    assert f"--collector.textfile.directory={PLACE}/lake/{metrics.FOLDER}`" in PAGE
