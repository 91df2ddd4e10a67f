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
    left = memoryview(LENGTH.pack(len(message)) + message)
    while left:
        left = left[stream.write(left) :]  # an unbuffered stream may take less than all
    stream.flush()


def receive(stream: IO[bytes]) -> bytes | None:
    """Reads a message; None where the other side is gone."""
    head = _exactly(stream, LENGTH.size)
    return None if head is None else _exactly(stream, *LENGTH.unpack(head))


def _exactly(stream: IO[bytes], size: int) -> bytes | None:
    found = bytearray()
    while len(found) < size:
        part = stream.read(size - len(found))
        if not part:
            return None
        found += part
    return bytes(found)
