"""Ctrl-C while DuckDB is at work: its threads do not hear of signals, and Python's own handler waits until the query is done."""

import contextlib
import os
import signal
import threading
from collections.abc import Iterator

import duckdb

_SIGNS = ("Query interrupted", "INTERRUPT Error", "KeyboardInterrupt")
"""In what DuckDB and Arrow raise for a query that was ended."""


@contextlib.contextmanager
def interruptible(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Ends the query that a connection is at when the process is interrupted, and raises KeyboardInterrupt then. In another thread than
    the main one, which alone hears of signals, it does not end it."""
    with _passed_on(connection) if threading.current_thread() is threading.main_thread() else contextlib.nullcontext():
        try:
            yield
        except Exception as error:
            if any(sign in str(error) for sign in _SIGNS):
                raise KeyboardInterrupt from error
            raise


@contextlib.contextmanager
def _passed_on(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    # What a signal writes here at once is read by a thread that does not wait for the query.
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    before = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)

    def listen() -> None:
        while signals := os.read(reading, 64):
            if before >= 0:  # an event loop's
                with contextlib.suppress(OSError):
                    os.write(before, signals)
            if signal.SIGINT in signals:
                connection.interrupt()

    listener = threading.Thread(target=listen, name="wirelake-interrupts", daemon=True)
    listener.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        os.close(writing)
        listener.join()
        os.close(reading)
