"""What every DoFn of ours is made of."""

import functools
from collections.abc import Callable, Hashable, Iterable
from typing import Any, cast

import apache_beam as beam
from apache_beam.transforms.core import get_function_args_defaults

_METHODS = ("setup", "start_bundle", "process", "finish_bundle", "teardown")

Arguments = tuple[list[str], list[Any]]
"""Names of a method's parameters, and the defaults of those that have one."""


class Fn(beam.DoFn):
    """A DoFn that keeps no state in the engine and sets no timers.

    Beam looks for such in the parameters of every method that `dir` names, eight times for each DoFn of a run, and finds the parameters
    anew each time: a quarter of what a round of few stories takes. Only these methods could have any, and they are those of the class."""

    def __dir__(self) -> Iterable[str]:
        return _METHODS


@functools.cache
def _arguments(kind: Any, method: str) -> Arguments:
    # A bound method has no `self`; what it is bound to does not matter.
    return get_function_args_defaults(getattr(object.__new__(kind), method))


def _inspector(method: str) -> Callable[[Fn], Arguments]:
    def inspect(self: Fn) -> Arguments:
        names, defaults = _arguments(cast(Hashable, type(self)), method)
        return [*names], [*defaults]

    return inspect


for _method in _METHODS:
    # Beam's own hook for a DoFn that knows better (`apache_beam.transforms.core.get_function_arguments`).
    setattr(Fn, f"_inspect_{_method}", _inspector(_method))
