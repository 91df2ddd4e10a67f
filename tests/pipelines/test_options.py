import pytest
from apache_beam.runners.worker.statesampler import StateSampler
from apache_beam.utils.counters import CounterFactory

from pipelines.errors import UsageError
from pipelines.options import IN_PROCESS_RUNNER, Settings, WireOptions, pipeline_options, settings_from, split_arguments


def test_sources_and_flags_of_beam_come_apart_in_any_order() -> None:
    beam_args, sources = split_arguments(["a", "--parallelism", "4", "b c", "--experiments=x", "--streaming", "d"])
    assert beam_args == ["--parallelism", "4", "--experiments=x", "--streaming"]
    assert sources == ["a", "b c", "d"]


@pytest.mark.parametrize("arguments", [["seeds", "--job_name", "seeds"], ["--job_name", "seeds", "seeds"]])
def test_a_source_spelt_like_the_value_of_a_flag_is_a_source(arguments: list[str]) -> None:
    assert split_arguments(arguments) == (["--job_name", "seeds"], ["seeds"])


@pytest.mark.parametrize(
    ("flag", "suggestion"),
    [
        ("--paralelism", "--parallelism"),
        ("--flink_mastr=host:1", "--flink_master"),
        ("--lok-wait", "--lock-wait"),
        # Beam has a flag --dry_run for its own tests: to let it pass would write to the lake.
        ("--dry_run", "--dry-run"),
        ("--max_rejected=0.1", "--max-rejected"),
    ],
)
def test_an_unknown_flag_is_refused_by_its_name_with_a_suggestion(flag: str, suggestion: str) -> None:
    with pytest.raises(UsageError, match=rf"the flag {flag.partition('=')[0]}: did you mean {suggestion}\?$"):
        split_arguments(["a", flag])


def test_an_unknown_flag_like_no_other_is_refused_without_a_suggestion() -> None:
    with pytest.raises(UsageError, match=r"the flag --qqqqqqqq$"):
        split_arguments(["a", "--qqqqqqqq", "b"])


def test_flags_are_not_abbreviated() -> None:
    with pytest.raises(UsageError, match="--parallel:"):
        split_arguments(["a", "--parallel", "4"])


@pytest.mark.parametrize("arguments", [["a", "--direct_num_workers", "many"], ["a", "--job_name"]])
def test_a_flag_with_a_bad_value_is_refused(arguments: list[str]) -> None:
    with pytest.raises(UsageError, match=r"^argument --\w+: "):
        split_arguments(arguments)


def test_settings_hold_what_was_asked_for() -> None:
    settings = settings_from(
        ["a", "--parallelism=2"], lake="l", runner="flink", more_sources=["-b"], lock_wait=1, max_rejected=1, dry_run=True
    )
    assert settings == Settings(
        lake="l",
        sources=("a", "-b"),
        runner="FlinkRunner",
        beam_args=("--parallelism=2", "--no_save_main_session"),
        lock_wait=1,
        max_rejected=1,
        dry_run=True,
    )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"max_rejected": 1.5}, "--max-rejected is a share"),
        ({"max_rejected": float("nan")}, "--max-rejected is a share"),
        ({"lock_wait": -1}, "--lock-wait is a number of seconds"),
        ({"lock_wait": float("inf")}, "--lock-wait is a number of seconds"),
        ({"runner": "DirectRuner"}, r"no runner 'DirectRuner': did you mean DirectRunner\?"),
        ({"runner": "x"}, "no runner 'x'"),
    ],
)
def test_settings_out_of_range_are_refused(changes: dict[str, object], sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        settings_from(["a"], lake="l", **changes)  # type: ignore[arg-type]


def test_settings_need_a_source() -> None:
    with pytest.raises(UsageError, match="no source"):
        settings_from(["--streaming"], lake="l")


def test_a_runner_of_the_users_own_is_a_dotted_name() -> None:
    assert settings_from(["a"], lake="l", runner="my.place.Runner").runner == "my.place.Runner"


def test_the_default_runner_is_the_one_in_the_process() -> None:
    options = pipeline_options(settings_from(["a", "--direct_num_workers=2"], lake="l")).get_all_options(drop_default=True)
    assert options["runner"] == IN_PROCESS_RUNNER
    assert options["direct_num_workers"] == 2
    assert options["save_main_session"] is False


def test_samplers_of_the_runner_in_the_process_sleep_briefly() -> None:
    pipeline_options(settings_from(["a.txt"], lake="lake"))
    assert StateSampler("step", CounterFactory()).sampling_period_ms < 10


def test_the_main_session_is_never_saved() -> None:
    options = pipeline_options(settings_from(["a", "--save_main_session"], lake="l")).get_all_options()
    assert options["save_main_session"] is False


def test_workers_know_the_lake() -> None:
    assert pipeline_options(settings_from(["a"], lake="l")).view_as(WireOptions).wirelake_lake == "l"
