"""A helper: `python -m transforms.helper`, asked through its standard input by the process that started it (see `transforms.helpers`).

It ends when its standard input does."""

import gc
import logging
import os
import pickle
import signal

from transforms.text import annotate, cleaning
from transforms.text.frames import READY, receive, send

_IN, _OUT, _COMPLAINTS = 0, 1, 2


def main() -> None:
    """Does what it is asked until standard input ends. The answer to (function, argument) is the function's result, pickled; nothing where
    it raised: whoever asked does it then itself, and meets the error."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that asks: it ends this one
    logging.disable(logging.CRITICAL)
    requests, replies = os.fdopen(_IN, "rb"), os.fdopen(os.dup(_OUT), "wb")
    os.dup2(_COMPLAINTS, _OUT)  # whatever a library prints must not be taken for an answer
    cleaning.load()
    annotate.load()
    gc.collect()
    gc.freeze()  # the tables stay: no collection need look at them again
    send(replies, READY)
    while (request := receive(requests)) is not None:
        work, argument = pickle.loads(request)  # noqa: S301 - of the process that started this one
        try:
            answer = pickle.dumps(work(argument), pickle.HIGHEST_PROTOCOL)
        except Exception:  # noqa: BLE001 - as said above
            answer = b""
        try:
            send(replies, answer)
        except BrokenPipeError:
            os._exit(1)  # who asked is gone: nobody is to be told


if __name__ == "__main__":
    main()
