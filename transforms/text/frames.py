"""Messages on a pipe between two of our processes: each with its length before it."""

import struct
from typing import IO

LENGTH = struct.Struct(">I")
READY = b"ready"
"""What a process says first, when it has all that it needs."""

PIPE = 2**20
"""Bytes that a pipe holds: a page, or a batch of stories, mostly in one go."""


def send(stream: IO[bytes], message: bytes) -> None:
    """Writes a message with its length before it."""
    stream.write(LENGTH.pack(len(message)))
    stream.write(message)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes | None:
    """Reads a message; None where the other side is gone."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    message = stream.read(length)
    return message if len(message) == length else None
