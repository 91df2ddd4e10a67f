"""The process that reads pages and feeds: `python -m transforms.text.formats.web_worker`, asked through its standard input.

trafilatura is not thread-safe, and there are pages on which it does not end. So what comes from the web is read one document at a time in
a process apart, which sets itself an alarm for each: the system ends it in the middle of whatever it does, also within C code, and
whoever asked sees that it is gone and starts another. It ends as well when its standard input does."""

import logging
import os
import pickle
import signal
from collections.abc import Callable

from transforms.text.formats.feed_reading import read_feed
from transforms.text.formats.page_reading import read_page
from transforms.text.frames import READY, receive, send
from transforms.text.parsed import Parsed, RefusedError

_IN, _OUT, _COMPLAINTS = 0, 1, 2

_RAMP = b"<html><body><article><h1>A page</h1><p>%s</p></article></body></html>" % (b"The port opened on Tuesday after repairs. " * 30)


def main() -> None:
    """Reads pages until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that asks: it finishes its run
    logging.disable(logging.CRITICAL)
    requests, replies = os.fdopen(_IN, "rb"), os.fdopen(os.dup(_OUT), "wb")
    os.dup2(_COMPLAINTS, _OUT)  # whatever a library prints must not be taken for an answer
    read_page(_RAMP, None, None)
    send(replies, READY)
    while (request := receive(requests)) is not None:
        kind, arguments, seconds = pickle.loads(request)  # noqa: S301 - of the process that started this one
        signal.setitimer(signal.ITIMER_PROF, seconds)
        answer = _answer(kind, arguments)
        signal.setitimer(signal.ITIMER_PROF, 0)
        send(replies, pickle.dumps(answer))


_READERS: dict[str, Callable[..., list[Parsed]]] = {"page": read_page, "feed": read_feed}


def _answer(kind: str, arguments: tuple[object, ...]) -> list[Parsed] | RefusedError:
    try:
        return _READERS[kind](*arguments)
    except RefusedError as refused:
        return refused
    except Exception as error:  # noqa: BLE001 - pages are made by anybody: what breaks on one must not end the others
        return RefusedError("unreadable", f"the {kind} cannot be read: {type(error).__name__}: {str(error)[:200]}")


if __name__ == "__main__":
    main()
