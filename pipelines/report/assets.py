"""The files that a page is made of: our own in `page/`, those of others in `vendor/`."""

import functools
from importlib import resources

_FOLDER = resources.files("pipelines.report")


@functools.cache
def own(name: str) -> str:
    """The text of a file of `page/`."""
    return _FOLDER.joinpath("page", name).read_text(encoding="utf-8")


@functools.cache
def vendored(name: str) -> str:
    """The text of a file of `vendor/`, as it was released."""
    return _FOLDER.joinpath("vendor", name).read_text(encoding="utf-8")
