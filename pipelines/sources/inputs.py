"""What a source gives: inputs, how they are acknowledged, and reading them on workers."""

import dataclasses
import datetime as dt
import hashlib
import io
import os
import urllib.parse
from collections.abc import Iterator, Sequence
from typing import IO, Any, Protocol

import apache_beam as beam
from apache_beam.io.filesystem import CompressionTypes
from apache_beam.io.filesystems import FileSystems

from pipelines.errors import WirelakeError
from schemas import Origin, RawItem
from transforms import store
from transforms.fn import Fn
from transforms.ledger import Failure, delivery
from transforms.outputs import Outputs
from transforms.tally import COUNTS, Tally
from transforms.text import containers
from transforms.text.parsed import RefusedError

FILE_URL = "file://"
UNREADABLE = "unreadable"
"""What the mark of an input begins with that could not be read when it was listed."""

_DIGEST_BLOCK = 2**20


@dataclasses.dataclass(frozen=True)
class Input:
    """One slice of one input (most inputs are one slice): `start` and `stop` as in `containers.unpack`.

    `weight` is about how many unpacked bytes it holds, of web pages those that are left of them. `known_sha256` is what the ledger has for
    this very slice."""

    uri: str
    start: int = 0
    stop: int | None = None
    size: int | None = None
    mark: str | None = None
    weight: int = 0
    known_sha256: tuple[str, ...] = ()
    first_received: tuple[tuple[str, dt.datetime], ...] = ()
    """When the lake got bytes of these hashes from here: an input that is read again keeps its moment."""
    message_id: str | None = None
    """A message of a broker: its id, unique under `uri` for good. `size` and `weight` are its bytes, `mark` is null."""
    ordering_key: str | None = None
    attributes: str | None = None
    """JSON object of texts: a message's attributes or headers."""
    received_at: dt.datetime | None = None
    """When a message was pulled; null takes the moment of the run."""
    data: bytes | None = dataclasses.field(default=None, repr=False)
    """A message's bytes, until a bounded run has put them where its workers read them."""
    spool: tuple[str, int] | None = None
    """Where they are then: a file, and the position in it where `size` bytes begin."""


class Source(Protocol):
    """A feed that goes on: it hands out inputs, and forgets them when they are acknowledged.

    What was pulled and not acknowledged when the process ends is handed out again to the next one."""

    uri: str

    def pull(self, most: int, most_bytes: int, wait: float) -> list[Input]:
        """What has arrived and was not handed out before: at most `most` inputs of about `most_bytes` in all (one input may be larger).

        Waits up to `wait` seconds for the first, then takes what is there. Raises AwayError while the other side does not answer."""
        ...

    def acknowledge(self, inputs: Sequence[Input]) -> None:
        """Tells that pulled inputs are in the lake. Raises AwayError; then they may be handed out again."""
        ...

    def close(self) -> None:
        """Lets go of what was pulled and not acknowledged, at once where the other side has a way to say so. Raises nothing."""
        ...


class AwayError(WirelakeError):
    """The other side of a source does not answer for now; one sentence says which and why."""


def local_path(uri: str) -> str:
    """The path of a local input's URI."""
    if uri.startswith(FILE_URL):
        return os.fsdecode(urllib.parse.unquote_to_bytes(uri.removeprefix(FILE_URL)))
    return uri


def open_input(uri: str) -> IO[bytes]:
    """A seekable stream of an input's stored bytes. Raises OSError."""
    if "://" in uri and not uri.startswith(FILE_URL):
        try:
            return FileSystems.open(uri, compression_type=CompressionTypes.UNCOMPRESSED)
        except OSError:
            raise
        except Exception as error:  # each store's client has errors of its own
            raise OSError(f"{type(error).__name__}: {error}") from error
    return open(local_path(uri), "rb")


def _opened(element: Input) -> IO[bytes]:
    if element.data is not None:
        return io.BytesIO(element.data)
    if not element.spool:
        return open_input(element.uri)
    path, position = element.spool
    return io.BytesIO(store.read(path, position, element.size))


def spooled(inputs: Sequence[Input], path: str) -> list[Input]:
    """The inputs, with the bytes of messages moved into the file `path`, where workers read them. Raises OSError."""
    if not any(each.data is not None for each in inputs):
        return list(inputs)
    moved, spool = [], []
    position = 0
    for each in inputs:
        if each.data is None:
            moved.append(each)
            continue
        spool.append(each.data)
        moved.append(dataclasses.replace(each, data=None, size=len(each.data), spool=(path, position)))
        position += len(each.data)
    store.write(path, b"".join(spool))
    return moved


@dataclasses.dataclass(eq=False)
class ReadInputs(beam.PTransform):
    """Inputs to raw items, on workers. Main output RawItem; `failed` Failure, for what cannot be read; `counts` entries of the manifest:
    `pieces` that failed, and `already`, inputs that changed by date only: their bytes are those that the ledger has.

    `received_at` is the moment of this run: the source sets it once, everything after keeps it."""

    run: str
    received_at: dt.datetime

    def expand(self, inputs: beam.PCollection[Input]) -> Outputs:
        """Wires the reader."""
        return inputs | "ReadInput" >> beam.ParDo(_ReadInput(self.run, self.received_at)).with_outputs("failed", COUNTS, main="items")


class _ReadInput(Fn):
    def __init__(self, run: str, received_at: dt.datetime) -> None:
        self._run, self._received_at = run, received_at
        self._tally = Tally()

    def start_bundle(self) -> None:
        self._tally = Tally()

    def finish_bundle(self) -> Iterator[beam.pvalue.TaggedOutput]:
        yield from self._tally.entries()

    def process(self, element: Input) -> Iterator[Any]:
        origin = Origin(
            source_uri=element.uri,
            input_start=element.start,
            input_stop=element.stop,
            input_size=element.size,
            input_mark=element.mark,
            message_id=element.message_id,
            ordering_key=element.ordering_key,
            attributes=element.attributes,
            received_at=element.received_at or self._received_at,
        )
        try:
            with _opened(element) as stream:
                digest = _digest(stream, element)
                if digest in element.known_sha256:
                    self._tally.add("already")
                    return
                received_at = dict(element.first_received).get(digest, origin.received_at)
                origin = origin.model_copy(update={"input_sha256": digest, "received_at": received_at})
                for item in containers.unpack(stream, element.start, element.stop):
                    here = origin.model_copy(update={"place": containers.printable(item.place)})
                    if item.refused:
                        self._tally.add("pieces")
                        yield beam.pvalue.TaggedOutput("failed", Failure("read", item.refused, delivery(here, self._run), item.data))
                    else:
                        yield RawItem.model_construct(origin=here, data=item.data)
        except OSError as error:
            if element.spool:
                raise  # the message is whole, what failed is our own disk: the run fails and the message stays with its broker
            if not (element.mark or "").startswith(UNREADABLE):
                # It could be read when it was listed, and may be again: without a mark the ledger lets the next run try.
                origin = origin.model_copy(update={"input_mark": None})
            self._tally.add("pieces")
            refused = RefusedError("unreadable", f"{element.uri} cannot be read: {error.strerror or error}")
            yield beam.pvalue.TaggedOutput("failed", Failure("read", refused, delivery(origin, self._run), b""))


def _digest(stream: IO[bytes], element: Input) -> str:
    """sha256 of the stored bytes; for a slice of a large input, of the whole input's size and mark with the slice's place: such an
    input is not read once more to tell that a touched copy is the same."""
    if element.stop is not None:
        return hashlib.sha256(repr((element.size, element.mark, element.start, element.stop)).encode()).hexdigest()
    digest = hashlib.sha256()
    while block := stream.read(_DIGEST_BLOCK):
        digest.update(block)
    stream.seek(0, io.SEEK_SET)
    return digest.hexdigest()
