"""The parameters of our DoFns' methods, which Beam asks us for instead of looking itself."""

import apache_beam as beam
from apache_beam.testing.util import assert_that, equal_to
from apache_beam.transforms.core import get_function_args_defaults, get_function_arguments

from transforms.fn import Fn


class _Windowed(Fn):
    def process(self, element, window=beam.DoFn.WindowParam, *, more=None):
        yield element, window, more


class _Plain(Fn):
    def process(self, element):
        yield element


def test_they_are_those_that_beam_would_find():
    for kind in (_Windowed, _Plain):
        for method in ("setup", "start_bundle", "process", "finish_bundle", "teardown"):
            fn = kind()
            assert get_function_arguments(fn, method) == get_function_args_defaults(getattr(fn, method)), (kind, method)
    assert get_function_arguments(_Windowed(), "process") == (["element", "window"], [beam.DoFn.WindowParam])


def test_who_changes_what_it_was_told_changes_it_for_nobody_else():
    get_function_arguments(_Plain(), "process")[0].clear()
    assert get_function_arguments(_Plain(), "process")[0] == ["element"]


def test_a_parameter_of_beam_reaches_the_method():
    with beam.Pipeline("FnApiRunner") as pipeline:
        found = pipeline | beam.Create(["a"]) | beam.ParDo(_Windowed()) | beam.Map(lambda told: (told[0], str(told[1])))
        assert_that(found, equal_to([("a", "GlobalWindow")]))
