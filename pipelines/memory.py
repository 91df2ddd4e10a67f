"""What a process that makes run after run gives back to the system, so that it holds no more after a thousand than after three.

What glibc frees it keeps for later, and returns of it only what lies at the end of a heap; pyarrow's pool does alike."""

import contextlib
import ctypes
import functools
import gc
import os

import pyarrow as pa

_M_MMAP_THRESHOLD = -3
"""`mallopt`'s parameter, of glibc's malloc.h."""

_LARGE = 2**20
"""Bytes from which on memory is mapped for itself and goes back when it is freed. Left alone, glibc raises this to the largest piece that
was ever freed, 32 MiB at most (mallopt(3)), and columns of a run lie scattered over the heap among what stays."""


def keep_large_apart() -> None:
    """Has large pieces of memory go back as soon as they are freed. Without glibc nothing happens."""
    if libc := _glibc():
        libc.mallopt(_M_MMAP_THRESHOLD, _LARGE)


def give_back(*, for_good: bool = False) -> None:
    """Frees what is left of a run in cycles, and gives back what is free. `for_good`: what there still is are tables, mostly, and no later
    collection need look at them again."""
    gc.collect()
    if for_good:
        gc.freeze()
    pa.default_memory_pool().release_unused()
    if libc := _glibc():
        libc.malloc_trim(0)


@functools.cache
def _glibc() -> ctypes.CDLL | None:
    with contextlib.suppress(AttributeError, ValueError, OSError):  # another system, or another C library
        return ctypes.CDLL(None) if os.confstr("CS_GNU_LIBC_VERSION") else None
    return None
