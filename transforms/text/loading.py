"""How tables are loaded."""

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def uncollected() -> Iterator[None]:
    """Keeps the garbage collector off meanwhile, also as a decorator: what tables are made of stays, and to look at all of it again
    whenever there is a quarter more takes a third of the time of loading it."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
